"""`tf.saved_model.load` of TensorFlow 2: the objects of a SavedModel, with their variables and functions."""

import inspect
import os

from .. import protos
from ..core import nest
from ..core.context import here
from ..core.convert import convert_to_tensor
from ..core.errors import NotYetError
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.shape import TensorShape
from ..core.static_values import make_ndarray
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..functions.once import Function
from ..functions.signature import FunctionSpec
from ..functions.tracing import Tracer
from ..ops.filling import zeros
from ..variables.base import VariableAggregation, VariableSynchronization
from ..variables.resource import ResourceVariable
from ..variables.structures_dicts import DictWrapper
from ..variables.structures_lists import ListWrapper
from ..variables.tracking import AutoTrackable, TrackableAsset
from . import saved_model_names as names
from .checkpoint import TrackableSaver
from .importing import import_graph_def
from .object_graph import ObjectGraphView
from .object_saving import SignatureMap
from .saved_model_builder import variables_path
from .saved_model_loader import parse_saved_model
from .structured_values import decode


@export("saved_model.load_v2", "compat.v2.saved_model.load")
def load_v2(export_dir, tags=None):
    """The object that was saved as a SavedModel with `tf.saved_model.save`.

    Its attributes are there as they were saved: variables with their values, functions with the traces that they had, other objects
    as plain ones, and in `signatures` the signatures, by name.

    Args:
      export_dir: the folder.
      tags: a tag or a list of tags of the model; they may be left out, as it has only one graph.

    Raises:
      ValueError: the tags are others.
      OSError: there is no such model.
      NotYetError: it was not saved in this way.
    """
    if tags is not None:
        tags = [tags] if isinstance(tags, str) else list(tags)
    model = parse_saved_model(export_dir)
    if len(model.meta_graphs) != 1 or not model.meta_graphs[0].HasField("object_graph_def"):
        raise NotYetError("tf.saved_model.load_v2 of a SavedModel without objects: use tf.saved_model.load, with a session")
    meta = model.meta_graphs[0]
    if tags is not None and set(tags) != set(meta.meta_info_def.tags):
        raise ValueError(
            "The SavedModel at %s has one MetaGraph with tags %s, but got an incompatible argument tags=%s to tf.saved_model.load. "
            "You may omit it, pass 'None', or pass matching tags." % (export_dir, list(meta.meta_info_def.tags), tags)
        )
    root = _Loader(meta, export_dir).objects[0]
    root.tensorflow_version = meta.meta_info_def.tensorflow_version
    root.tensorflow_git_version = meta.meta_info_def.tensorflow_git_version
    return root


class _Restored(AutoTrackable):
    """An object of a class that is not known any more."""


class _Loader:
    """What is made of the objects of a model.

    Attributes:
      objects: the objects, by number.
    """

    def __init__(self, meta, export_dir):
        self._proto, self._meta, self._export_dir = meta.object_graph_def, meta, export_dir
        self._nodes = {n.name: n for n in meta.graph_def.node}
        self._signatures = {f.signature.name: f.signature for f in meta.graph_def.library.function}
        self.objects = [self._make(n) for n in self._proto.nodes]
        self._bound = {
            name: [self._handle(i) for i in saved.bound_inputs] for name, saved in self._proto.concrete_functions.items()
        }
        self._concrete = {}
        for i, node in enumerate(self._proto.nodes):
            if node.WhichOneof("kind") in ("function", "bare_concrete_function"):
                self.objects[i] = self._function(node)
        for node, thing in zip(self._proto.nodes, self.objects):
            for child in sorted(node.children, key=lambda c: c.local_name if not c.local_name.isdigit() else c.local_name.zfill(9)):
                self._attach(thing, child.local_name, self.objects[child.node_id])
        self._restore()

    # ---------------------------------------------------------------------------------------------------------- objects

    def _make(self, node):
        kind = node.WhichOneof("kind")
        if kind == "variable":
            return self._variable(node.variable)
        if kind == "constant":
            proto = self._nodes[node.constant.operation].attr["value"].tensor
            return convert_to_tensor(make_ndarray(proto))
        if kind == "asset":
            name = self._meta.asset_file_def[node.asset.asset_file_def_index].filename
            return TrackableAsset(os.path.join(self._export_dir, names.ASSETS_DIRECTORY, name))
        if kind == "resource":
            raise NotYetError("tf.saved_model.load_v2 of a model with tables")
        if kind in ("function", "bare_concrete_function"):
            return None
        identifier = node.user_object.identifier
        if identifier == "signature_map":
            return SignatureMap()
        if identifier == "trackable_list_wrapper":
            return ListWrapper([])
        if identifier == "trackable_dict_wrapper":
            return DictWrapper({})
        has_call = any(c.local_name == "__call__" for c in node.children)
        return type("_UserObject", (_Restored,), {"__call__": _call_attribute} if has_call else {})()

    def _variable(self, saved):
        shape = TensorShape(saved.shape)
        return ResourceVariable(
            lambda: zeros([d or 0 for d in shape.as_list()], saved.dtype), trainable=saved.trainable, dtype=saved.dtype,
            name=saved.name or None, synchronization=VariableSynchronization(saved.synchronization),
            aggregation=VariableAggregation(saved.aggregation), shape=shape,
        )  # fmt: skip

    def _handle(self, number):
        """What a function that captured an object is passed for it."""
        thing = self.objects[number]
        if isinstance(thing, ResourceVariable):
            return thing.handle
        return thing.asset_path if isinstance(thing, TrackableAsset) else thing

    @staticmethod
    def _attach(thing, name, child):
        if isinstance(thing, SignatureMap):
            thing._add_signature(name, child)
        elif isinstance(thing, list):
            thing.append(child)
        elif isinstance(thing, dict):
            thing[name] = child
        else:
            setattr(thing, name, child)

    def _restore(self):
        path = variables_path(self._export_dir)
        saver = TrackableSaver(ObjectGraphView(self.objects[0]))
        status = saver.restore(path)
        status.assert_existing_objects_matched()
        if not here.eager:
            status.initialize_or_restore()

    # -------------------------------------------------------------------------------------------------------- functions

    def _function(self, node):
        if node.WhichOneof("kind") == "bare_concrete_function":
            bare = node.bare_concrete_function
            concrete = self._traced(bare.concrete_function_name)
            concrete._arg_keywords = list(bare.argument_keywords)
            concrete._num_positional_args = bare.allowed_positional_arguments
            return concrete
        concretes = [self._traced(name) for name in node.function.concrete_functions]
        return RestoredFunction(concretes, node.function.function_spec)

    def _traced(self, name):
        found = self._concrete.get(name)
        if found is None:
            found = self._concrete[name] = self._trace(name)
        return found

    def _trace(self, name):
        """A function of the library as a `ConcreteFunction`."""
        saved = self._proto.concrete_functions[name]
        args, kwargs = decode(saved.canonicalized_input_signature)
        outputs, bound, signature = decode(saved.output_signature), self._bound[name], self._signatures[name]
        variables = [self.objects[i] for i in saved.bound_inputs if isinstance(self.objects[i], ResourceVariable)]
        graph_def = protos.GraphDef(versions=self._meta.graph_def.versions)
        graph_def.library.CopyFrom(self._meta.graph_def.library)
        call = graph_def.node.add(name="call", op="StatefulPartitionedCall" if signature.is_stateful else "PartitionedCall")
        for i, a in enumerate(signature.input_arg):
            argument = graph_def.node.add(name="argument_%d" % i, op="Placeholder")
            argument.attr["dtype"].type = a.type
            call.input.append(argument.name)
        call.attr["Tin"].list.type.extend([a.type for a in signature.input_arg])
        call.attr["Tout"].list.type.extend([a.type for a in signature.output_arg])
        call.attr["f"].func.name = name

        def restored(*args, **kwargs):
            graph = get_default_graph()
            for v in variables:
                graph.watch_variable(v)
            given = [t for t in nest.flatten((args, kwargs), expand_composites=True) if isinstance(t, Tensor)]
            passed = {"argument_%d" % i: graph.admit(t) for i, t in enumerate([*given, *bound])}
            wanted = ["call:%d" % i for i in range(len(signature.output_arg))]
            results = import_graph_def(graph_def, passed, wanted or ["call"], name="")
            return _filled(outputs, iter(results))

        restored.__name__ = name.removeprefix("__inference_").rpartition("_")[0] or name
        return Tracer(restored, restored.__name__, FunctionSpec(restored)).trace(args, kwargs)


def _call_attribute(self, *args, **kwargs):
    return self.__dict__["__call__"](*args, **kwargs)


def _filled(outputs, tensors):
    """What a function returned: its specs with tensors in their place."""

    def fill(leaf):
        if isinstance(leaf, TensorSpec):
            t = next(tensors)
            t.set_shape(leaf.shape)
            return t
        if hasattr(leaf, "_nest_parts"):
            return leaf._nest_rebuild([fill(part) for part in leaf._nest_parts()])
        return leaf

    return nest.map_structure(fill, outputs)


class RestoredFunction(Function):
    """A `tf.function` of a saved model: it has the traces that were saved, and can't be traced anew.

    Args:
      concrete_functions: the traces.
      saved_spec: the `FunctionSpec` message.
    """

    def __init__(self, concrete_functions, saved_spec):
        self._traces = concrete_functions
        parameters = decode(saved_spec.fullargspec)

        def restored_function_body(*args, **kwargs):
            return self._call(args, kwargs)

        restored_function_body.__signature__ = _signature(parameters)
        super().__init__(restored_function_body, "restored_function_body", autograph=False)
        signature = decode(saved_spec.input_signature)
        self._function_spec = FunctionSpec(restored_function_body, signature, saved_spec.is_method)

    def __call__(self, *args, **kwargs):
        return self._call(args, kwargs)

    def get_concrete_function(self, *args, **kwargs):
        """The trace for arguments of certain types and shapes, given by example or by `TensorSpec`.

        Raises:
          ValueError: there is none.
        """
        if self.input_signature is not None and not args and not kwargs:
            args = self.input_signature
        concrete, _ = self._find(args, kwargs)
        concrete.name_arguments()
        return concrete

    def _list_all_concrete_functions_for_serialization(self):
        for concrete in self._traces:
            concrete.name_arguments()
        return list(self._traces)

    def _call(self, args, kwargs):
        concrete, leaves = self._find(args, kwargs)
        return concrete.call_flat([t for t in leaves if isinstance(t, Tensor)])

    def _find(self, args, kwargs):
        """The trace that fits some arguments, and the leaves of these, as tensors where the trace has such."""
        bound = self._function_spec.bind(args, kwargs)
        if self.input_signature is not None:  # arguments behind those that it covers are as they were
            bound = bound[0][: len(self.input_signature)], {}
        for converts in (False, True):
            for concrete in self._traces:
                leaves = _fitting(concrete, bound, converts)
                if leaves is not None:
                    return concrete, leaves
        raise ValueError(_no_match(bound, self._traces))


def _fitting(concrete, bound, converts):
    """The leaves of arguments for a trace; None if they don't fit it."""
    wanted = concrete.structured_input_signature
    try:
        nest.assert_same_structure(wanted, bound, expand_composites=True)
    except (TypeError, ValueError):
        return None
    found = []
    for spec, x in zip(nest.flatten(wanted, expand_composites=True), nest.flatten(bound, expand_composites=True)):
        if isinstance(spec, TensorSpec):
            if converts and not isinstance(x, Tensor | TensorSpec):
                try:
                    x = convert_to_tensor(x, spec.dtype)
                except (TypeError, ValueError):
                    return None
            if not isinstance(x, Tensor | TensorSpec) or not spec.is_compatible_with(x):
                return None
        elif spec is not x and spec != x:
            return None
        found.append(x)
    return found


def _no_match(bound, traces):
    def told(args, kwargs):
        listed = ["    * %s" % (a,) for a in args]
        return "  Positional arguments (%d total):\n%s\n  Keyword arguments: %s" % (len(args), "\n".join(listed), kwargs)

    options = ["Option %d:\n%s" % (i + 1, told(*c.structured_input_signature)) for i, c in enumerate(traces)]
    text = "Could not find matching function to call loaded from the SavedModel. Got:\n%s\n\nExpected these arguments to match one "
    text += "of the following %d option(s):\n\n%s"
    return text % (told(*bound), len(traces), "\n\n".join(options))


def _signature(spec):
    """A Python signature from the parts of `inspect.getfullargspec`."""
    kinds, defaults = inspect.Parameter, list(spec.defaults or ())
    made = []
    for i, name in enumerate(spec.args):
        at = i - (len(spec.args) - len(defaults))
        made.append(kinds(name, kinds.POSITIONAL_OR_KEYWORD, default=defaults[at] if at >= 0 else kinds.empty))
    if spec.varargs:
        made.append(kinds(spec.varargs, kinds.VAR_POSITIONAL))
    for name in spec.kwonlyargs:
        made.append(kinds(name, kinds.KEYWORD_ONLY, default=(spec.kwonlydefaults or {}).get(name, kinds.empty)))
    if spec.varkw:
        made.append(kinds(spec.varkw, kinds.VAR_KEYWORD))
    return inspect.Signature(made)
