"""Small functions of TensorFlow's insides that programs call although they are not public."""

import itertools
import re

from ..core import attributes, dtypes, op_definitions, shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.export import export
from ..variables.base import prepend_name_scope

_OPS = "python.framework.ops."
_numbers = itertools.count()

export(_OPS + "prepend_name_scope")(prepend_name_scope)


@export(_OPS + "uid")
def uid():
    """A number that no other call gives."""
    return next(_numbers)


@export(_OPS + "strip_name_scope")
def strip_name_scope(name, export_scope):
    """A name outside of a name scope.

    Args:
      name: a name inside.
      export_scope: the scope, or None.
    """
    if not export_scope:
        return name
    name = name.decode() if isinstance(name, bytes) else name
    return re.sub(r"([\^]|loc:@|^)%s[\/]+(.*)" % export_scope.removesuffix("/"), r"\1\2", name, count=1)


@export(_OPS + "convert_to_tensor_v2")
def convert_to_tensor_v2(value, dtype=None, dtype_hint=None, name=None):
    """`tf.convert_to_tensor`, with the name that the preferred type has in TensorFlow 2."""
    return convert(value, dtype, name, preferred=dtype_hint)


@export(_OPS + "internal_convert_to_tensor")
def internal_convert_to_tensor(
    value, dtype=None, name=None, as_ref=False, preferred_dtype=None, ctx=None, accept_symbolic_tensors=True,
    accept_composite_tensors=False,
):  # fmt: skip
    """`tf.convert_to_tensor`, which may also leave a ref variable a reference.

    Args:
      value, dtype, name, preferred_dtype: as of `tf.convert_to_tensor`.
      as_ref: whether the reference of a ref variable is returned.
      ctx, accept_symbolic_tensors, accept_composite_tensors: what only matters inside of TensorFlow.
    """
    return convert(value, dtype, name, preferred=preferred_dtype, as_ref=as_ref)


@export(_OPS + "register_dense_tensor_like_type")
def register_dense_tensor_like_type(tensor_type):
    """Lets objects of a type pass for tensors; whatever has `name` and `dtype` does.

    Args:
      tensor_type: a type with the properties `name` and `dtype`.

    Raises:
      TypeError: it does not have them.
    """
    for wanted in ("name", "dtype"):
        if not isinstance(getattr(tensor_type, wanted, None), property):
            raise TypeError("Type %s does not define a `%s` property" % (tensor_type.__name__, wanted))
    tensor_type.is_tensor_like = True


@export(_OPS + "RegisterShape")
class RegisterShape:
    """A decorator that has had no effect since TensorFlow 1.0: shapes are computed by the ops themselves."""

    def __init__(self, op_type):
        self._op_type = op_type

    def __call__(self, f):
        return f


@export(_OPS + "set_shapes_for_outputs", _OPS + "set_shape_and_handle_data_for_outputs")
def set_shapes_for_outputs(op):
    """Has had no effect since TensorFlow 1.12: operations know the shapes of their outputs when they are made."""


@export("python.framework.common_shapes.unknown_shape")
def unknown_shape(op):
    """Unknown shapes for the outputs of an operation."""
    return [shapes.unknown_shape() for _ in op.outputs]


@export("python.framework.tensor_util.TensorShapeProtoToList")
def TensorShapeProtoToList(shape):
    """The sizes in a `TensorShapeProto`."""
    return [d.size for d in shape.dim]


@export("python.framework.op_def_registry.get_registered_ops")
def get_registered_ops():
    """A dictionary from the names of all ops to their `OpDef`s."""
    return {name: attributes.op_def(op_definitions.lookup(name)) for name in op_definitions.names()}


GRAPH_MODE = export("python.eager.context.GRAPH_MODE")(0)
EAGER_MODE = export("python.eager.context.EAGER_MODE")(1)
export("python.eager.context.default_execution_mode")(GRAPH_MODE)


@export("python.eager.context.in_graph_mode")
def in_graph_mode():
    """Whether operations build the default graph."""
    return not here.eager


for _name, _type in list(vars(dtypes).items()):
    if isinstance(_type, dtypes.DType) and not _type._is_ref_dtype:
        export("python.framework.dtypes.%s_ref" % _type.name)(_type._as_ref)
