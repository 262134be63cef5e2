"""Decorators that find what a test leaves behind: tensors, garbage, objects of any kind."""

import functools
import gc

from ..core.context import eager_mode, here
from ..core.export import export
from ..core.graph import Graph, get_default_graph
from ..core.shape import Dimension, TensorShape
from ..core.tensor import Tensor
from ..platform import tf_logging
from ..variables.base import Variable

_UTIL = "python.framework.test_util."


@export(_UTIL + "assert_no_new_pyobjects_executing_eagerly")
def assert_no_new_pyobjects_executing_eagerly(f):
    """A decorator for a test method: it runs eagerly, several times, and must leave no more Python objects than before.

    The first runs are not counted, so that caches can fill.
    """

    @functools.wraps(f)
    def counted(self, *args, **kwargs):
        with eager_mode():
            gc.disable()
            try:
                for _ in range(2):
                    f(self, *args, **kwargs)
                before, collections = _objects(), _collection_sizes()
                for _ in range(3):
                    f(self, *args, **kwargs)
                for name, size in _collection_sizes().items():
                    old = collections.get(name, 0)
                    if size > old:
                        raise AssertionError("Collection %s increased in size from %d to %d" % (name, old, size))
                del collections
                after = _objects()
                assert after <= before, "new_count(%d) is not less than or equal to previous_count(%d)" % (after, before)
            finally:
                gc.enable()

    return counted


def _objects():
    gc.collect()
    return len(gc.get_objects())


def _collection_sizes():
    graph = get_default_graph()
    return {name: len(graph.get_collection_ref(name)) for name in graph.collections}


def _is_tensor_like(thing):
    try:
        return isinstance(thing, Tensor | Variable | Dimension | TensorShape)
    except ReferenceError:  # it is gone already
        return False


@export(_UTIL + "assert_no_new_tensors")
def assert_no_new_tensors(f):
    """A decorator for a test method, which must leave no tensors, variables or shapes behind."""

    @functools.wraps(f)
    def counted(self, **kwargs):
        before = {id(x) for x in gc.get_objects() if _is_tensor_like(x)}
        is_eager = here.eager
        with Graph().as_default():
            if is_eager:
                with eager_mode():
                    result = f(self, **kwargs)
            else:
                result = f(self, **kwargs)
        gc.collect()
        left = [x for x in gc.get_objects() if _is_tensor_like(x) and id(x) not in before]
        if left:
            raise AssertionError("%d Tensors not deallocated after test: %s" % (len(left), left))
        return result

    return counted


@export(_UTIL + "assert_no_garbage_created")
def assert_no_garbage_created(f):
    """A decorator for a test method, which must make no cycles of references."""

    @functools.wraps(f)
    def counted(self, **kwargs):
        gc.disable()
        flags = gc.get_debug()
        gc.collect()
        gc.set_debug(gc.DEBUG_SAVEALL)
        before = len(gc.garbage)
        try:
            result = f(self, **kwargs)
            gc.collect()
            made = gc.garbage[before:]
        finally:
            gc.set_debug(flags)
            gc.enable()
            del gc.garbage[before:]
        if made:
            tf_logging.error("The decorated test created work for Python's garbage collector. New objects in cycles: %s",
                             ["<%s %d>" % (type(x).__name__, id(x)) for x in made])  # fmt: skip
        self.assertEqual(0, len(made))
        return result

    return counted
