"""Decorators that run tests in graph mode, eagerly, inside functions, or not at all."""

import functools
import unittest

from ..core import context
from ..core.context import here
from ..core.export import export
from ..core.graph import Graph, reset_default_graph
from ..core.scopes import device
from ..functions.once import function
from ..platform.devices import is_gpu_available
from .leaks import assert_no_garbage_created, assert_no_new_tensors

_UTIL = "python.framework.test_util."
_PREFIX = unittest.TestLoader.testMethodPrefix


def _util(thing):
    return export(_UTIL + thing.__name__)(thing)


def _decorator(decorate):
    """A decorator for `decorate`, which may be used with or without parentheses."""

    def wrapper(func=None, **options):
        return decorate(func, **options) if func is not None else lambda f: decorate(f, **options)

    wrapper.__name__, wrapper.__doc__ = decorate.__name__, decorate.__doc__
    return wrapper


def _test_methods(cls):
    return {name: f for name, f in vars(cls).items() if callable(f) and name.startswith(_PREFIX)}


@export(_UTIL + "run_in_graph_and_eager_modes", "contrib.eager.run_test_in_graph_and_eager_modes")
def run_in_graph_and_eager_modes(func=None, config=None, use_gpu=True, reset_test=True, assert_no_eager_garbage=False):
    """A decorator for a test method: it runs in graph mode, in a session, and then eagerly.

    Args:
      func: the method; without it a decorator is returned.
      config: a `ConfigProto` for the session.
      use_gpu: whether operations may run on a GPU.
      reset_test: whether `tearDown` and `setUp` are called in between.
      assert_no_eager_garbage: whether tensors that are alive after the eager run, or garbage, fail the test.

    Raises:
      ValueError: a class is decorated.
    """

    def decorate(f):
        if isinstance(f, type):
            raise ValueError(
                "`run_in_graph_and_eager_modes` only supports test methods. Did you mean to use `run_all_in_graph_and_eager_modes`?"
            )

        @functools.wraps(f)
        def in_both_modes(self, *args, **kwargs):
            try:
                with context.graph_mode(), self.test_session(use_gpu=use_gpu, config=config):
                    f(self, *args, **kwargs)
            except unittest.SkipTest:
                pass

            def run_eagerly(self):
                with device(None if use_gpu else "/device:CPU:0"):
                    f(self, *args, **kwargs)

            if assert_no_eager_garbage:
                if not here.graphs:
                    reset_default_graph()
                run_eagerly = assert_no_new_tensors(assert_no_garbage_created(run_eagerly))
            if reset_test:
                self.tearDown()
                self._tempdir = None
            with Graph().as_default(), context.eager_mode():
                if reset_test:
                    self.setUp()
                run_eagerly(self)

        return in_both_modes

    return decorate(func) if func is not None else decorate


@export(_UTIL + "run_all_in_graph_and_eager_modes", "contrib.eager.run_all_tests_in_graph_and_eager_modes")
def run_all_in_graph_and_eager_modes(cls):
    """A decorator for a test case whose methods all run in graph mode and eagerly, but for those named `testSkipEager...`."""
    for name in dir(cls):
        if name.startswith(_PREFIX) and not name.startswith(("testSkipEager", "test_skip_eager")) and name != "test_session":
            method = getattr(cls, name, None)
            if callable(method):
                setattr(cls, name, run_in_graph_and_eager_modes(method))
    return cls


@_util
@_decorator
def deprecated_graph_mode_only(func):
    """A decorator for a test method, or a test case: runs in graph mode only, with a graph as the default."""
    return func  # as in TensorFlow 1.15, whose default mode is that of graphs


@_util
def run_deprecated_v1(func):
    """The older name of `deprecated_graph_mode_only`."""
    return deprecated_graph_mode_only(func)


@_util
def run_all_in_deprecated_graph_mode_only(cls):
    """A decorator for a test case whose methods run in graph mode only."""
    return deprecated_graph_mode_only(cls)


@_util
def run_v1_only(reason, func=None):
    """A decorator for a test that makes sense in version 1 of TensorFlow only, which Eagle is.

    Args:
      reason: why.
      func: the method or class; without it a decorator is returned.

    Raises:
      ValueError: `reason` is no text.
    """
    if not isinstance(reason, str):
        raise ValueError("'reason' should be string, got %s" % type(reason))
    return func if func is not None else lambda f: f


def _skipped_if(missing, reason, what):
    """A decorator that skips a test method if something is missing."""

    def decorate(func):
        if isinstance(func, type):
            raise ValueError("`%s` only supports test methods." % what)

        @functools.wraps(func)
        def checked(self, *args, **kwargs):
            if missing():
                self.skipTest(reason)
            return func(self, *args, **kwargs)

        return checked

    decorate.__name__ = what
    return decorate


_without_v2 = _skipped_if(lambda: True, "Test is only compatible with v2", "run_v2_only")
_without_gpu = _skipped_if(lambda: not is_gpu_available(), "Test requires GPU", "run_gpu_only")
_without_cuda = _skipped_if(lambda: not is_gpu_available(cuda_only=True), "Test requires CUDA GPU", "run_cuda_only")


@_util
@_decorator
def run_v2_only(func):
    """A decorator for a test that makes sense in version 2 of TensorFlow only: it is skipped."""
    return _without_v2(func)


@_util
@_decorator
def run_gpu_only(func):
    """A decorator for a test that is skipped unless there is a GPU."""
    return _without_gpu(func)


@_util
@_decorator
def run_cuda_only(func):
    """A decorator for a test that is skipped unless there is a GPU of NVIDIA's."""
    return _without_cuda(func)


@_util
def skip_if(condition):
    """A decorator for a test that does nothing if a condition (a bool, or a function that gives one) is true."""

    def decorate(func):
        @functools.wraps(func)
        def checked(*args, **kwargs):
            if not (condition() if callable(condition) else condition):
                return func(*args, **kwargs)

        return checked

    return decorate


@_util
def also_run_as_tf_function(f):
    """A decorator for a test that runs eagerly and then inside a `tf.function`, in which it may make no variables."""

    @functools.wraps(f)
    def in_both(*args, **kwargs):
        def test():
            f(*args, **kwargs)

        with context.eager_mode():
            test()
            function(test, autograph=False)()

    return in_both


@_util
@_decorator
def build_as_function_and_v1_graph(func):
    """A decorator for a test that only builds: as a graph, and inside a `tf.function`.

    Raises:
      ValueError: a class is decorated.
    """
    from absl.testing import parameterized

    if isinstance(func, type):
        raise ValueError("`run_in_graph_mode_and_function` only supports test methods.")

    @parameterized.named_parameters(("_v1_graph", "v1_graph"), ("_function", "function"))
    @functools.wraps(func)
    def built(self, run_mode, *args, **kwargs):
        with Graph().as_default():
            if run_mode == "v1_graph":
                func(self, *args, **kwargs)
            else:
                with context.eager_mode():
                    function(lambda: func(self, *args, **kwargs), autograph=False)()

    return built


@_util
def for_all_test_methods(decorator, *args, **kwargs):
    """A decorator for a test case that decorates all its test methods.

    Args:
      decorator: what makes the decorator.
      *args, **kwargs: its arguments.
    """

    def decorate(cls):
        for name, method in _test_methods(cls).items():
            setattr(cls, name, decorator(*args, **kwargs)(method))
        return cls

    return decorate


# Which of TensorFlow's several ways of doing a thing is taken means nothing here, where there is one.
_SAME = lambda thing: thing
for _name in ("enable_c_shapes", "with_c_shapes", "enable_control_flow_v2", "with_control_flow_v2", "use_deterministic_cudnn",
              "enable_output_all_intermediates"):  # fmt: skip
    export(_UTIL + _name)(lambda thing: thing)
for _name in ("disable_control_flow_v2", "disable_xla", "disable_all_xla", "enable_all_xla", "no_xla_auto_jit",
              "xla_allow_fallback", "enable_tf_xla_constant_folding"):  # fmt: skip
    export(_UTIL + _name)(lambda reason: _SAME)


@_util
def generate_combinations_with_testcase_name(**kwargs):
    """All combinations of some options, each with a `testcase_name`, for absl's `parameterized.named_parameters`.

    Args:
      **kwargs: for each option the list of its values, or its value.

    Returns:
      A list of dictionaries.
    """
    found = [{}]
    for key in sorted(kwargs):
        values = kwargs[key] if isinstance(kwargs[key], list) else [kwargs[key]]
        found = [{**combination, key: value} for combination in found for value in values]
    for combination in found:
        parts = ["_%s_%s" % (_letters(k), _letters(v)) for k, v in combination.items()]
        combination["testcase_name"] = "_test" + "".join(parts)
    return found


def _letters(x):
    return "".join(filter(str.isalnum, str(x)))
