"""`tf.saved_model.save`: objects with their variables and functions as a SavedModel."""

import collections.abc
import os

from .. import protos
from ..core import nest
from ..core.context import here, process
from ..core.convert import constant
from ..core.dispatch import registry
from ..core.errors import NotYetError
from ..core.export import export
from ..core.graph import Graph, get_default_graph
from ..core.graph_writer import Library
from ..core.identity import IdentityDict
from ..core.op_definitions import lookup
from ..core.tensor import EagerTensor, Tensor
from ..core.tensor_spec import TensorSpec
from ..core.trackable import Trackable
from ..functions.once import Function, function
from ..ops.filling import zeros
from ..platform import gfile
from ..variables.base import Variable
from ..variables.resource import BaseResourceVariable, ResourceVariable
from ..variables.structures import is_function
from ..variables.tracking import CapturableResource, TrackableAsset
from . import saved_model_names as names, signatures as infos
from .checkpoint import TrackableSaver
from .graph_util import write_message
from .object_graph import ObjectGraphView
from .saved_model_builder import variables_path
from .saver import Saver
from .structured_values import encode

_INIT_OP = "__saved_model_init_op"


class SignatureMap(collections.abc.Mapping, Trackable):
    """The signatures of a saved object: name -> concrete function."""

    _object_identifier = "signature_map"

    def __init__(self, signatures=()):
        self._signatures = dict(signatures)

    def __getitem__(self, key):
        return self._signatures[key]

    def __iter__(self):
        return iter(self._signatures)

    def __len__(self):
        return len(self._signatures)

    def __repr__(self):
        return "_SignatureMap(%s)" % self._signatures

    def _add_signature(self, name, concrete):
        self._signatures[name] = concrete

    def _list_functions_for_serialization(self, serialization_cache):
        return dict(self._signatures)


@export("saved_model.save", "saved_model.experimental.save")
def save(obj, export_dir, signatures=None):
    """Writes an object, with all that it depends on, its functions and their signatures, as a SavedModel.

    Args:
      obj: an object that checkpoints save: a `tf.Module`, a `tf.train.Checkpoint`, ...
      export_dir: the folder; it is made.
      signatures: a `tf.function` with an input signature, or a concrete function, under the name "serving_default"; or a dictionary
        from names to such. By default an attribute that is the only one that can be a signature.

    Raises:
      ValueError: `obj` is no such object, or a signature is no such function, or returns something else than tensors.
      AssertionError: it is called in a function, or a function uses something that `obj` does not depend on.
    """
    if not here.eager and get_default_graph().building_function:
        raise AssertionError(
            "`tf.saved_model.save` is not supported inside a traced @tf.function. Move the call to the outer eagerly-executed "
            "context."
        )
    if not isinstance(obj, Trackable):
        raise ValueError("Expected a Trackable object for export, got %s." % (obj,))
    if signatures is None:
        signatures = _default_signature(obj)
    signatures = {k: _wrapped(k, f) for k, f in _by_name(signatures).items()}
    model = protos.SavedModel(saved_model_schema_version=names.SCHEMA_VERSION)
    gfile.makedirs(os.path.join(export_dir, names.ASSETS_DIRECTORY))
    view = _View(obj, SignatureMap(signatures))
    TrackableSaver(view).save(variables_path(export_dir))
    _Export(view).write(model.meta_graphs.add())
    write_message(os.path.join(export_dir, names.FILENAME_PB), model, False)


# ------------------------------------------------------------------------------------------------------------- signatures


def _signature_of(f):
    """A function as a concrete one that can be a signature, or None."""
    if isinstance(f, Function) and f.input_signature is not None:
        return f.get_concrete_function()
    if hasattr(f, "structured_outputs"):
        f.name_arguments()
        return f
    return None


def _is_valid(concrete):
    """Whether a concrete function takes and returns what a signature may."""
    outputs = concrete.structured_outputs
    parts = outputs.values() if isinstance(outputs, dict) else outputs if isinstance(outputs, list | tuple) else [outputs]
    return all(isinstance(t, Tensor) for t in parts) and all(isinstance(t, Tensor) for t in concrete.inputs)


def _default_signature(obj):
    """The one function of an object that can be a signature; an empty dictionary if there is none or several."""
    found = obj._list_functions_for_serialization({})
    if "_default_save_signature" in found:
        return found["_default_save_signature"]
    possible = [c for c in map(_signature_of, found.values()) if c is not None and _is_valid(c)]
    return possible[0] if len(possible) == 1 else {}


def _by_name(signatures):
    if not isinstance(signatures, collections.abc.Mapping):
        signatures = {names.DEFAULT_SERVING: signatures}
    return dict(sorted(signatures.items()))


def _wrapped(key, given):
    """A signature as a function of named tensors that returns a dictionary of tensors."""
    inner = _signature_of(given)
    if inner is None:
        raise ValueError(
            "Expected a TensorFlow function to generate a signature for, but got %s. Only `tf.functions` with an input signature "
            "or concrete functions can be used as a signature." % (given,)
        )

    def signature_wrapper(**kwargs):
        return _as_dictionary(inner(**kwargs), key)

    specs = {n: TensorSpec(t.shape, t.dtype, n) for n, t in zip(inner._arg_keywords, inner.inputs)}
    made = function(signature_wrapper, autograph=False).get_concrete_function(**specs)
    made._num_positional_args = 1 if len(specs) == 1 else 0
    return made


def _as_dictionary(outputs, key):
    if not isinstance(outputs, collections.abc.Mapping):
        parts = list(outputs) if isinstance(outputs, list | tuple) else [outputs]
        outputs = {"output_%d" % i: t for i, t in enumerate(parts)}
    for name, t in outputs.items():
        if not isinstance(name, str):
            raise ValueError(
                "Got a dictionary with a non-string key %r in the output of the signature function used to generate the SavedModel "
                "signature %r." % (name, key)
            )
        if not isinstance(t, Tensor):
            raise ValueError(
                "Got a non-Tensor value %r for key %r in the output of the function used to generate the SavedModel signature %r. "
                "Outputs for functions used as signatures must be a single Tensor, a sequence of Tensors, or a dictionary from "
                "string to Tensor." % (t, name, key)
            )
    return outputs


# ------------------------------------------------------------------------------------------------------------- the model


class _View(ObjectGraphView):
    """What is saved: the object, with its signatures as a part of it."""

    def __init__(self, root, signature_map):
        super().__init__(root)
        self.signatures = signature_map

    def list_dependencies(self, obj):
        found = list(super().list_dependencies(obj))
        if obj is self.root:
            found = [d for d in found if d[0] != "signatures"] + [("signatures", self.signatures)]
        return found


class _Export:
    """One model that is being written."""

    def __init__(self, view):
        self._view, self._signatures = view, view.signatures
        self._objects, self._ids, self._slots = self._view.objects_ids_and_slot_variables()
        self._objects = list(self._objects)
        self._children = [[(name, child) for name, child in self._view.list_dependencies(o)] for o in self._objects]
        self._concrete = {}  # id of a body -> concrete function
        self._graph = Graph()
        self._tensors = {}  # id of a captured tensor -> its node in the object graph, its tensor in the graph
        self._variables = IdentityDict()
        self._kept = []
        self._library = Library()
        self._find_functions()

    def _add_object(self, thing):
        if thing not in self._ids:
            self._ids[thing] = len(self._objects)
            self._objects.append(thing)
            self._children.append([])
        return self._ids[thing]

    def _find_functions(self):
        cache = {}
        for i in range(len(self._objects)):
            thing = self._objects[i]
            for name, f in sorted(thing._list_functions_for_serialization(cache).items()):
                self._add_object(f)
                self._children[i].append((name, f))
        for f in [o for o in self._objects if is_function(o)]:
            for concrete in self._traces(f):
                self._concrete[concrete.graph] = concrete

    @staticmethod
    def _traces(f):
        if hasattr(f, "_list_all_concrete_functions_for_serialization"):
            return f._list_all_concrete_functions_for_serialization()
        return [f]

    def write(self, meta):
        """Fills in a `MetaGraphDef`."""
        with self._graph.as_default():
            self._add_variables()
            self._add_constants()
            for key, concrete in self._signatures.items():
                meta.signature_def[key].CopyFrom(self._add_signature(key, concrete))
            init = registry["NoOp"](name="NoOp")
            meta.signature_def[_INIT_OP].outputs[_INIT_OP].CopyFrom(infos.build_tensor_info_from_op(init))
            meta.collection_def[names.MAIN_OP_KEY].node_list.value.append(init.name)
            if self._variables:
                saver = Saver(self._saveables(), allow_empty=True)
                meta.saver_def.CopyFrom(saver.as_saver_def())
        meta.meta_info_def.tags.append(names.SERVING)
        meta.graph_def.CopyFrom(self._graph.as_graph_def())
        written = {f.signature.name for f in meta.graph_def.library.function}
        ids = {c: self._library.name_of(c.graph) for c in self._concrete.values()}
        meta.graph_def.library.function.extend([f for n, f in self._library.definitions.items() if n not in written])
        self._write_objects(meta.object_graph_def, ids)

    def _saveables(self):
        return self._view.frozen_saveable_objects(object_map=self._variables, to_graph=self._graph)

    def _add_variables(self):
        for thing in list(self._objects):
            if isinstance(thing, BaseResourceVariable):
                copy = ResourceVariable(
                    lambda v=thing: zeros([d or 0 for d in v.shape.as_list()], v.dtype), trainable=thing.trainable,
                    collections=[], name=thing.name.split(":")[0],
                )  # fmt: skip
                self._variables[thing] = copy
                self._tensors[_key(thing.handle)] = self._ids[thing], copy.handle
            elif isinstance(thing, TrackableAsset | CapturableResource):
                raise NotYetError("tf.saved_model.save of %s" % type(thing).__name__)
            elif isinstance(thing, Variable):
                raise NotYetError("tf.saved_model.save of variables that are no resource variables")

    def _add_constants(self):
        for concrete in self._concrete.values():
            for t in concrete.captured_inputs:
                if _key(t) in self._tensors:
                    continue
                if not isinstance(t, EagerTensor) or not hasattr(t._v, "dtype") or t.dtype.name in ("resource", "variant"):
                    raise AssertionError(
                        "Tried to export a function which references untracked object %s.TensorFlow objects (e.g. tf.Variable) "
                        "captured by functions must be tracked by assigning them to an attribute of a tracked object or assigned "
                        "to an attribute of the main object directly." % (t,)
                    )
                made = constant(t.numpy(), t.dtype)
                self._kept.append(t)
                self._tensors[_key(t)] = self._add_object(_Constant(made.op.name)), made

    def _captures(self, concrete):
        return [self._tensors[_key(t)] for t in concrete.captured_inputs]

    def _add_signature(self, key, concrete):
        """Adds the call of a signature to the graph; its `SignatureDef`."""
        inputs = {}
        for name, t in zip(concrete._arg_keywords, concrete.inputs):
            inputs[name] = registry["Placeholder"](dtype=t.dtype, shape=t.shape, name="%s_%s" % (key, name))
        values = [*inputs.values(), *[t for _, t in self._captures(concrete)]]
        types = tuple(t.dtype.base_dtype for t in concrete.outputs)
        attrs = {"Tin": tuple(t.dtype.base_dtype for t in values), "Tout": types, "f": concrete.graph_function}
        kind = "StatefulPartitionedCall"
        node = process.build_node(self._graph, lookup(kind), self._graph.unique_name(kind), values, attrs, list(types))
        for out, inner in zip(node.outputs, concrete.outputs):
            out._shape = inner._shape
        outputs = dict(zip(sorted(concrete.structured_outputs), node.outputs))
        made = protos.SignatureDef(method_name=names.PREDICT_METHOD_NAME)
        for target, tensors in ((made.inputs, inputs), (made.outputs, outputs)):
            for name, t in tensors.items():
                target[name].CopyFrom(infos.build_tensor_info(t))
        return made

    # ------------------------------------------------------------------------------------------------------ as messages

    def _write_objects(self, made, function_names):
        for thing, children in zip(self._objects, self._children):
            node = made.nodes.add()
            for name, child in children:
                node.children.add(node_id=self._ids[child], local_name=name)
            node.slot_variables.extend(self._slots.get(thing, ()))
            self._write_object(node, thing, function_names)
        for concrete, name in function_names.items():
            saved = made.concrete_functions[name]
            saved.bound_inputs.extend([number for number, _ in self._captures(concrete)])
            saved.canonicalized_input_signature.CopyFrom(encode(concrete.structured_input_signature))
            saved.output_signature.CopyFrom(encode(_as_specs(concrete.structured_outputs)))

    def _write_object(self, node, thing, function_names):
        if isinstance(thing, _Constant):
            node.constant.operation = thing.operation
        elif isinstance(thing, BaseResourceVariable):
            _write_variable(node.variable, thing)
        elif isinstance(thing, Function):
            node.function.concrete_functions.extend(sorted([function_names[c] for c in self._traces(thing)]))
            _write_function_spec(node.function.function_spec, thing.function_spec)
        elif is_function(thing):
            thing.name_arguments()
            node.bare_concrete_function.concrete_function_name = function_names[thing]
            node.bare_concrete_function.argument_keywords.extend(thing._arg_keywords)
            node.bare_concrete_function.allowed_positional_arguments = thing._num_positional_args
        else:
            node.user_object.identifier = thing._object_identifier
            node.user_object.version.producer = node.user_object.version.min_consumer = 1
            node.user_object.metadata = thing._tracking_metadata


class _Constant:
    """A tensor that functions captured, in the list of objects."""

    def __init__(self, operation):
        self.operation = operation


def _key(tensor):
    return id(tensor._v) if isinstance(tensor, EagerTensor) else id(tensor)


def _write_variable(made, variable):
    made.dtype = variable.dtype.base_dtype.as_datatype_enum
    made.shape.CopyFrom(variable.shape.as_proto())
    made.trainable = variable.trainable
    made.synchronization = variable.synchronization.value
    made.aggregation = variable.aggregation.value
    made.name = variable.name.split(":")[0].rpartition("/")[2]


def _write_function_spec(made, spec):
    made.fullargspec.CopyFrom(encode(spec.fullargspec._replace(annotations={})))
    made.is_method = spec.is_method
    made.input_signature.CopyFrom(encode(spec.input_signature))


def _as_specs(outputs):
    """What a function returns with specs in the place of tensors, called by their place."""

    def spec(path, x):
        if hasattr(x, "_type_spec"):
            return x._type_spec
        return TensorSpec(x.shape, x.dtype.base_dtype, "/".join(map(str, path)) or None) if isinstance(x, Tensor) else x

    return nest.map_structure_with_tuple_paths(spec, outputs)
