"""Where values enter a graph: constants and placeholders."""

from ..core import dtypes, shape as shapes
from ..core.constant import eager_name
from ..core.context import here
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.sparse_tensor import SparseTensor


@op("Const")
def const(xp, *, value, dtype):
    return xp.asarray(value)


@const.shape
def _(*, value, dtype):
    return value.shape


const.not_differentiable()


@const.samples
def _(make):
    yield dict(value=make(2, 3), dtype=dtypes.float32)


@op("Placeholder", host=True)
def _placeholder(xp, *, dtype, shape):
    raise NotImplementedError("a placeholder has no value of its own")


@_placeholder.emits("numpy")
def _(program, node):
    """A placeholder that is not fed: an error when its turn comes."""
    dtype, shape = eager_name(node.attrs["dtype"]), node.attrs["shape"]
    message = "You must feed a value for placeholder tensor %r with dtype %s" % (node.name, dtype)
    if shape is not None and shape != ():
        message += " and shape %s" % shapes.to_brackets(shape)
    program.line(node, "%s(%r)" % (program.bind("unfed", _unfed), message))


def _unfed(message):
    raise invalid(message)


@_placeholder.shape
def _(*, dtype, shape):
    return shape


@export("placeholder")
def placeholder(dtype, shape=None, name=None):
    """A tensor whose value must be fed when the graph runs.

    Args:
      dtype: the type of its elements.
      shape: its static shape, which fed values must fit; by default unknown.
      name: the name of the node.

    Raises:
      RuntimeError: eager execution is on.
    """
    if here.eager:
        raise RuntimeError("tf.placeholder() is not compatible with eager execution.")
    return _placeholder(dtype=dtype, shape=shapes.as_tuple(shape), name=name)


@op("PlaceholderWithDefault")
def _placeholder_with_default(xp, input, *, shape):
    return input


@_placeholder_with_default.shape
def _(input, *, shape):
    return shape


@_placeholder_with_default.grad("input")
def _(g):
    return g


@_placeholder_with_default.samples
def _(make):
    yield make(2, 3), dict(shape=(None, 3))


@export("placeholder_with_default")
def placeholder_with_default(input, shape, name=None):
    """A tensor that passes on `input` unless a value is fed for it.

    Args:
      input: the default value.
      shape: the static shape, possibly less specific than that of `input`.
      name: the name of the node.
    """
    return _placeholder_with_default(input, shape=shapes.as_tuple(shape), name=name)


@export("sparse_placeholder", "sparse.placeholder")
def sparse_placeholder(dtype, shape=None, name=None):
    """A `SparseTensor` whose value must be fed when the graph runs.

    Args:
      dtype: the type of its elements.
      shape: the shape of the whole; by default, and where a dimension is None, it is fed along with the elements.
      name: what its parts are named after.

    Raises:
      RuntimeError: eager execution is on.
    """
    if here.eager:
        raise RuntimeError("tf.sparse_placeholder() is not compatible with eager execution.")
    shape_name, values_name, indices_name = (name and name + part for part in ("/shape", "/values", "/indices"))
    if shape is None:
        rank = None
        shape = placeholder(dtypes.int64, [None], shape_name)
    elif isinstance(shape, list | tuple) and None in shape:
        rank = len(shape)
        shape = placeholder(dtypes.int64, [rank], shape_name)
    else:
        shape = convert(shape, dtypes.int64, shape_name)
        rank = shape.shape.with_rank(1)[0].value
    values = placeholder(dtype, [None], values_name)
    return SparseTensor(placeholder(dtypes.int64, [None, rank], indices_name), values, shape)
