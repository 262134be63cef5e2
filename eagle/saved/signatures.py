"""`TensorInfo`s and `SignatureDef`s: which tensors of a saved model are its inputs and outputs."""

from .. import protos
from ..core import dtypes, errors
from ..core.context import here
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.shape import TensorShape
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import Tensor
from ..variables.base import prepend_name_scope
from . import saved_model_names as names

_STRING, _FLOAT = dtypes.string.as_datatype_enum, dtypes.float32.as_datatype_enum


# -------------------------------------------------------------------------------------------------------------- tensor infos


@export("saved_model.build_tensor_info", "saved_model.utils.build_tensor_info", "python.saved_model.utils_impl.build_tensor_info",
        "python.saved_model.utils.build_tensor_info")  # fmt: skip
def build_tensor_info(tensor):
    """A tensor of a graph (or `SparseTensor`) as a `TensorInfo`; raises RuntimeError in eager execution."""
    if here.eager:
        raise RuntimeError("build_tensor_info is not supported in Eager mode.")
    made = protos.TensorInfo(
        dtype=dtypes.as_dtype(tensor.dtype).as_datatype_enum, tensor_shape=TensorShape(tensor.get_shape()).as_proto()
    )
    if isinstance(tensor, SparseTensor):
        made.coo_sparse.values_tensor_name = tensor.values.name
        made.coo_sparse.indices_tensor_name = tensor.indices.name
        made.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    else:
        made.name = tensor.name
    return made


@export("python.saved_model.utils_impl.build_tensor_info_from_op", "python.saved_model.utils.build_tensor_info_from_op")
def build_tensor_info_from_op(op):
    """An operation as a `TensorInfo` without a type."""
    return protos.TensorInfo(tensor_shape=TensorShape(None).as_proto(), name=op.name)


@export("saved_model.get_tensor_from_tensor_info", "saved_model.utils.get_tensor_from_tensor_info",
        "python.saved_model.utils_impl.get_tensor_from_tensor_info",
        "python.saved_model.utils.get_tensor_from_tensor_info")  # fmt: skip
def get_tensor_from_tensor_info(tensor_info, graph=None, import_scope=None):
    """The tensor (or `SparseTensor`) that a `TensorInfo` names.

    Args:
      tensor_info: the `TensorInfo`.
      graph: the graph; the default graph if None.
      import_scope: a scope to put before the names.

    Raises:
      KeyError: the graph has no such tensor.
      ValueError: `tensor_info` names none.
    """
    graph = graph or get_default_graph()

    def tensor(name):
        return graph.get_tensor_by_name(prepend_name_scope(name, import_scope))

    encoding = tensor_info.WhichOneof("encoding")
    if encoding == "name":
        return tensor(tensor_info.name)
    if encoding == "coo_sparse":
        sparse = tensor_info.coo_sparse
        return SparseTensor(*map(tensor, (sparse.indices_tensor_name, sparse.values_tensor_name, sparse.dense_shape_tensor_name)))
    raise ValueError("Invalid TensorInfo.encoding: %s" % encoding)


@export("python.saved_model.utils_impl.get_element_from_tensor_info", "python.saved_model.utils.get_element_from_tensor_info")
def get_element_from_tensor_info(tensor_info, graph=None, import_scope=None):
    """The operation or tensor that a `TensorInfo` names; the arguments are those of `get_tensor_from_tensor_info`."""
    return (graph or get_default_graph()).as_graph_element(prepend_name_scope(tensor_info.name, import_scope))


# ---------------------------------------------------------------------------------------------------------------- signatures


def _export(name):
    """Makes a function public where programs look for those of signatures."""
    inner = ["python.saved_model.%s.%s" % (m, name) for m in ("signature_def_utils", "signature_def_utils_impl")]
    return export("saved_model." + name, "saved_model.signature_def_utils." + name, *inner)


def _export_inner(name):
    return export(*["python.saved_model.%s.%s" % (m, name) for m in ("signature_def_utils", "signature_def_utils_impl")])


@_export("build_signature_def")
def build_signature_def(inputs=None, outputs=None, method_name=None):
    """A `SignatureDef`.

    Args:
      inputs, outputs: dictionaries from names to `TensorInfo`s.
      method_name: what the signature is for, such as `tf.saved_model.PREDICT_METHOD_NAME`.
    """
    made = protos.SignatureDef(method_name=method_name or "")
    for given, target in ((inputs, made.inputs), (outputs, made.outputs)):
        for key in given or ():
            target[key].CopyFrom(given[key])
    return made


def _info(tensor, dtype, message):
    """The `TensorInfo` of a tensor of a type; otherwise ValueError."""
    found = build_tensor_info(tensor)
    if found.dtype != dtype:
        raise ValueError(message)
    return found


def _examples_info(examples, what):
    if examples is None:
        raise ValueError("%s examples cannot be None." % what)
    message = "%s examples must be a string Tensor." % what
    if not isinstance(examples, Tensor):
        raise ValueError(message)
    return _info(examples, _STRING, message)


@_export("regression_signature_def")
def regression_signature_def(examples, predictions):
    """The `SignatureDef` of a regression.

    Args:
      examples: a string tensor, which takes serialized `tf.Example`s.
      predictions: a float32 tensor.

    Raises:
      ValueError: an argument is None or of another type.
    """
    inputs = {names.REGRESS_INPUTS: _examples_info(examples, "Regression")}
    if predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    outputs = {names.REGRESS_OUTPUTS: _info(predictions, _FLOAT, "Regression output must be a float Tensor.")}
    return build_signature_def(inputs, outputs, names.REGRESS_METHOD_NAME)


@_export("classification_signature_def")
def classification_signature_def(examples, classes, scores):
    """The `SignatureDef` of a classification.

    Args:
      examples: a string tensor, which takes serialized `tf.Example`s.
      classes: a string tensor, or None.
      scores: a float32 tensor, or None.

    Raises:
      ValueError: an argument is of another type, or there are no outputs.
    """
    inputs = {names.CLASSIFY_INPUTS: _examples_info(examples, "Classification")}
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    outputs = {}
    if classes is not None:
        message = "Classification classes must be a string Tensor."
        outputs[names.CLASSIFY_OUTPUT_CLASSES] = _info(classes, _STRING, message)
    if scores is not None:
        outputs[names.CLASSIFY_OUTPUT_SCORES] = _info(scores, _FLOAT, "Classification scores must be a float Tensor.")
    return build_signature_def(inputs, outputs, names.CLASSIFY_METHOD_NAME)


def _infos(tensors):
    return {key: build_tensor_info(t) for key, t in tensors.items()}


@_export("predict_signature_def")
def predict_signature_def(inputs, outputs):
    """The `SignatureDef` of a prediction.

    Args:
      inputs, outputs: dictionaries from names to tensors.

    Raises:
      ValueError: one is None or empty.
    """
    for given, what in ((inputs, "inputs"), (outputs, "outputs")):
        if not given:
            raise ValueError("Prediction %s cannot be None or empty." % what)
    return build_signature_def(_infos(inputs), _infos(outputs), names.PREDICT_METHOD_NAME)


def _supervised(method_name, inputs, *outputs):
    if not inputs:
        raise ValueError("%s inputs cannot be None or empty." % method_name)
    found = {}
    for given in outputs:
        found.update(_infos(given or {}))
    return build_signature_def(_infos(inputs), found, method_name)


@_export_inner("supervised_train_signature_def")
def supervised_train_signature_def(inputs, loss, predictions=None, metrics=None):
    """The `SignatureDef` of training: dictionaries from names to tensors; raises ValueError without inputs."""
    return _supervised(names.SUPERVISED_TRAIN_METHOD_NAME, inputs, loss, predictions, metrics)


@_export_inner("supervised_eval_signature_def")
def supervised_eval_signature_def(inputs, loss, predictions=None, metrics=None):
    """The `SignatureDef` of an evaluation: dictionaries from names to tensors; raises ValueError without inputs."""
    return _supervised(names.SUPERVISED_EVAL_METHOD_NAME, inputs, loss, predictions, metrics)


@_export("is_valid_signature")
def is_valid_signature(signature_def):
    """Whether a `SignatureDef` is that of a classification, a regression or a prediction, as TensorFlow Serving wants them."""
    if signature_def is None:
        return False
    method, inputs, outputs = signature_def.method_name, signature_def.inputs, signature_def.outputs
    if method == names.PREDICT_METHOD_NAME:
        return bool(inputs and outputs)
    if method == names.REGRESS_METHOD_NAME:
        return _has(inputs, {names.REGRESS_INPUTS: _STRING}) and _has(outputs, {names.REGRESS_OUTPUTS: _FLOAT})
    if method == names.CLASSIFY_METHOD_NAME:
        allowed = {names.CLASSIFY_OUTPUT_CLASSES: _STRING, names.CLASSIFY_OUTPUT_SCORES: _FLOAT}
        known = bool(outputs) and all(k in allowed for k in outputs)
        return _has(inputs, {names.CLASSIFY_INPUTS: _STRING}) and known and _has(outputs, {k: allowed[k] for k in outputs})
    return False


def _has(infos, types):
    """Whether `TensorInfo`s have just these names and types."""
    return {k: infos[k].dtype for k in infos} == types


@_export_inner("op_signature_def")
def op_signature_def(op, key):
    """A `SignatureDef` whose only output, with the name `key`, is an operation."""
    return build_signature_def(outputs={key: build_tensor_info_from_op(op)})


@_export_inner("load_op_from_signature_def")
def load_op_from_signature_def(signature_def, key, import_scope=None):
    """The operation of a `SignatureDef` that `op_signature_def` made; raises NotFoundError if the graph has none."""
    try:
        return get_element_from_tensor_info(signature_def.outputs[key], import_scope=import_scope)
    except KeyError:
        raise errors.NotFoundError(
            None, None,
            f"The {key} could not be found in the graph. Please make sure the SavedModel was created by the internal "
            "_SavedModelBuilder. If you are using the public API, please make sure the SignatureDef in the SavedModel does not "
            f'contain the key "{key}".',
        ) from None  # fmt: skip
