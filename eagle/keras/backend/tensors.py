"""TensorFlow's functions as Keras calls them, and small ones of its own."""

import inspect

import numpy as np

from ...core import dtypes as types
from ...core.context import here
from ...core.convert import constant as make_constant
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.scopes import init_scope, name_scope
from ...core.sparse_tensor import SparseTensor
from ...variables.base import Variable
from .functions import checked_format
from .settings import floatx, get_graph, sessions, track_variable
from .values import get_value

export("keras.backend.backend")(lambda: "tensorflow")


def _like(name, target, order, doc, **fixed):
    """A function of the backend that calls one of TensorFlow.

    Args:
      name: its name.
      target: the dotted name of TensorFlow's function.
      order: its parameters as text, "x axis=None"; they are passed by these names or by those behind a colon: "x:input".
      doc: its documentation.
      **fixed: more arguments.
    """
    parameters, renamed = [], {}
    for word in order.split():
        word, _, default = word.partition("=")
        own, _, their = word.partition(":")
        renamed[own] = their or own
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        given = (
            {"None": None, "False": False, "0": 0, "-1": -1, "1": 1}.get(default, default) if default else inspect.Parameter.empty
        )
        parameters.append(inspect.Parameter(own, kind, default=given))
    signature = inspect.Signature(parameters)

    def function(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        found = tf
        for part in target.split("."):
            found = getattr(found, part)
        return found(**{renamed[n]: v for n, v in bound.arguments.items()}, **fixed)

    function.__name__ = function.__qualname__ = name
    function.__signature__ = signature
    function.__doc__ = doc
    return export("keras.backend." + name)(function)


_UNARY = {
    "abs": "abs", "square": "square", "exp": "exp", "log": "log", "round": "round", "sign": "sign", "sin": "sin", "cos": "cos",
    "softplus": "nn.softplus:features", "softsign": "nn.softsign:features", "sigmoid": "nn.sigmoid", "tanh": "nn.tanh",
}  # fmt: skip
for _name, _target in _UNARY.items():
    _target, _, _argument = _target.partition(":")
    _like(_name, _target, "x:%s" % (_argument or "x"), "`tf.%s` element by element." % _target)
for _name in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "maximum", "minimum"):
    _like(_name, _name, "x y", "`tf.%s` element by element." % _name)
for _name, _target in (("sum", "reduce_sum"), ("prod", "reduce_prod"), ("max", "reduce_max"), ("min", "reduce_min")):
    _like(_name, _target, "x:input_tensor axis=None keepdims=False", "`tf.%s` along an axis, or all." % _target)
_like("cumsum", "cumsum", "x axis=0", "Sums of the elements up to each along an axis.")
_like("cumprod", "cumprod", "x axis=0", "Products of the elements up to each along an axis.")
_like("expand_dims", "expand_dims", "x:input axis=-1", "A tensor with one more dimension.")
_like("squeeze", "squeeze", "x:input axis", "A tensor without a dimension of 1.")
_like("stack", "stack", "x:values axis=0", "Tensors side by side along a new axis.")
_like("tile", "tile", "x:input n:multiples", "A tensor several times in each direction.")
_like("transpose", "transpose", "x:a", "A tensor with its dimensions in reverse.")
_like("permute_dimensions", "transpose", "x:a pattern:perm", "A tensor with its dimensions in another order.")
_like("reshape", "reshape", "x:tensor shape", "A tensor with another shape.")
_like("gather", "gather", "reference:params indices", "Slices of a tensor by their numbers.")
_like("shape", "shape", "x:input", "The shape of a tensor as a tensor.")
_like("pow", "pow", "x a:y", "Powers element by element.")
_like("l2_normalize", "nn.l2_normalize", "x axis=None", "Vectors along an axis made of length 1.")
_like("in_top_k", "nn.in_top_k", "predictions targets k", "Whether each target is among the greatest predictions.")
_like("cast", "cast", "x dtype", "A tensor of another type.")
_like("update", "assign", "x:ref new_x:value", "Gives a variable a value.")
_like("update_add", "assign_add", "x:ref increment:value", "Adds to a variable.")
_like("update_sub", "assign_sub", "x:ref decrement:value", "Subtracts from a variable.")
_like("map_fn", "map_fn", "fn elems name=None dtype=None", "A function of each element.")
_like("foldl", "foldl", "fn elems initializer=None name=None", "Elements combined from the left.")
_like("foldr", "foldr", "fn elems initializer=None name=None", "Elements combined from the right.")


def _floats_of_bools(x):
    return tf.cast(x, floatx()) if x.dtype.base_dtype == types.bool_ else x


@export("keras.backend.mean")
def mean(x, axis=None, keepdims=False):
    """The mean along an axis, or of all; bools count as 0 and 1."""
    return tf.reduce_mean(_floats_of_bools(x), axis, keepdims)


@export("keras.backend.var")
def var(x, axis=None, keepdims=False):
    """The variance along an axis, or of all."""
    return tf.math.reduce_variance(_floats_of_bools(x), axis=axis, keepdims=keepdims)


@export("keras.backend.std")
def std(x, axis=None, keepdims=False):
    """The standard deviation along an axis, or of all."""
    return tf.math.reduce_std(_floats_of_bools(x), axis=axis, keepdims=keepdims)


@export("keras.backend.any")
def any(x, axis=None, keepdims=False):
    """Whether an element along an axis is not 0."""
    return tf.reduce_any(tf.cast(x, types.bool_), axis, keepdims)


@export("keras.backend.all")
def all(x, axis=None, keepdims=False):
    """Whether no element along an axis is 0."""
    return tf.reduce_all(tf.cast(x, types.bool_), axis, keepdims)


@export("keras.backend.argmax")
def argmax(x, axis=-1):
    """Where the greatest element is along an axis."""
    return tf.argmax(x, axis)


@export("keras.backend.argmin")
def argmin(x, axis=-1):
    """Where the least element is along an axis."""
    return tf.argmin(x, axis)


@export("keras.backend.sqrt")
def sqrt(x):
    """The square root, 0 for what is below."""
    zero, infinity = make_constant(0.0, x.dtype.base_dtype), make_constant(np.inf, x.dtype.base_dtype)
    return tf.sqrt(tf.clip_by_value(x, zero, infinity))


@export("keras.backend.clip")
def clip(x, min_value, max_value):
    """Values between two bounds; None for an upper one stands for infinity."""
    if isinstance(min_value, int | float) and isinstance(max_value, int | float) and max_value < min_value:
        max_value = min_value
    return tf.clip_by_value(x, min_value, np.inf if max_value is None else max_value)


@export("keras.backend.softmax")
def softmax(x, axis=-1):
    """The softmax along an axis."""
    return tf.nn.softmax(x, axis=axis)


# ---------------------------------------------------------------------------------------------------------------- making


@export("keras.backend.variable")
def variable(value, dtype=None, name=None, constraint=None):
    """A variable.

    Args:
      value: its initial value, an array, a tensor or a sparse matrix of SciPy.
      dtype: its type, by default that of floats.
      name: its name.
      constraint: a function of its value after each step of training.
    """
    dtype = dtype or floatx()
    if hasattr(value, "tocoo"):
        sparse = value.tocoo()
        indices = np.stack([sparse.row, sparse.col], 1)
        made = SparseTensor(indices=indices, values=sparse.data, dense_shape=sparse.shape)
        made._keras_shape = sparse.shape
        return made
    made = tf.Variable(value, dtype=types.as_dtype(dtype), name=name, constraint=constraint, use_resource=True)
    if isinstance(value, np.ndarray):
        made._keras_shape = value.shape
    elif hasattr(value, "shape"):
        made._keras_shape = int_shape(value)
    track_variable(made)
    return made


@export("keras.backend.placeholder")
def placeholder(shape=None, ndim=None, dtype=None, sparse=False, name=None, ragged=False):
    """A placeholder for a tensor.

    Args:
      shape: its shape, or None.
      ndim: its rank, if no shape is given.
      dtype: its type, by default that of floats.
      sparse, ragged: whether it is sparse or ragged.
      name: its name.
    """
    if ragged:
        raise NotYetError("Eagle has no ragged placeholders of Keras yet")
    if not shape and ndim:
        shape = (None,) * ndim
    graph = get_graph()
    with graph.as_default():
        make = tf.sparse.placeholder if sparse else tf.placeholder
        return make(dtype or floatx(), shape=shape, name=name)


def _variable_of(make):
    def function(shape, dtype=None, name=None):
        with init_scope():
            made = make(shape=shape, dtype=types.as_dtype(dtype or floatx()), name=name)
            return variable(made, dtype=dtype, name=name) if made.shape.is_fully_defined() else made

    return function


@export("keras.backend.zeros")
def zeros(shape, dtype=None, name=None):
    """A variable of zeros."""
    return _variable_of(tf.zeros)(shape, dtype, name)


@export("keras.backend.ones")
def ones(shape, dtype=None, name=None):
    """A variable of ones."""
    return _variable_of(tf.ones)(shape, dtype, name)


@export("keras.backend.eye")
def eye(size, dtype=None, name=None):
    """A variable that is an identity matrix."""
    return variable(tf.eye(size, dtype=types.as_dtype(dtype or floatx()), name=name), dtype, name)


@export("keras.backend.zeros_like")
def zeros_like(x, dtype=None, name=None):
    """Zeros with the shape of a tensor."""
    return tf.zeros_like(x, dtype=dtype, name=name)


@export("keras.backend.ones_like")
def ones_like(x, dtype=None, name=None):
    """Ones with the shape of a tensor."""
    return tf.ones_like(x, dtype=dtype, name=name)


@export("keras.backend.arange")
def arange(start, stop=None, step=1, dtype="int32"):
    """Numbers from `start` to `stop`; with one number from 0 to it."""
    if stop is None and start < 0:
        start = 0
    found = tf.range(start, limit=stop, delta=step, name="arange")
    return found if dtype == "int32" else tf.cast(found, dtype)


def seeded(seed):
    """A seed, or one drawn by NumPy's global generator."""
    return np.random.randint(10e6) if seed is None else seed


@export("keras.backend.random_normal")
def random_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal numbers."""
    return tf.random_normal(shape, mean=mean, stddev=stddev, dtype=dtype or floatx(), seed=seeded(seed))


@export("keras.backend.random_uniform")
def random_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Uniform numbers."""
    return tf.random_uniform(shape, minval=minval, maxval=maxval, dtype=dtype or floatx(), seed=seeded(seed))


@export("keras.backend.truncated_normal")
def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normal numbers near the mean."""
    return tf.truncated_normal(shape, mean, stddev, dtype=dtype or floatx(), seed=seeded(seed))


@export("keras.backend.random_binomial")
def random_binomial(shape, p=0.0, dtype=None, seed=None):
    """Ones with probability `p`, else zeros."""
    dtype = dtype or floatx()
    drawn = tf.random_uniform(shape, dtype=dtype, seed=seeded(seed))
    return tf.where(drawn <= p, tf.ones(shape, dtype=dtype), tf.zeros(shape, dtype=dtype))


@export("keras.backend.random_uniform_variable")
def random_uniform_variable(shape, low, high, dtype=None, name=None, seed=None):
    """A variable of uniform numbers."""
    dtype = types.as_dtype(dtype or floatx())
    value = tf.random_uniform_initializer(low, high, dtype=dtype, seed=seeded(seed))(shape)
    return variable(value, dtype=dtype, name=name)


@export("keras.backend.random_normal_variable")
def random_normal_variable(shape, mean, scale, dtype=None, name=None, seed=None):
    """A variable of normal numbers."""
    dtype = types.as_dtype(dtype or floatx())
    value = tf.random_normal_initializer(mean, scale, dtype=dtype, seed=seeded(seed))(shape)
    return variable(value, dtype=dtype, name=name)


# ----------------------------------------------------------------------------------------------------------------- knowing


@export("keras.backend.int_shape")
def int_shape(x):
    """The static shape as a tuple; None if the rank is not known."""
    shape = getattr(x, "shape", None)
    if shape is None:
        return None
    shape = shape if isinstance(shape, tuple) else shape.as_list() if shape.ndims is not None else None
    return None if shape is None else tuple(shape)


@export("keras.backend.ndim")
def ndim(x):
    """The rank; None if it is not known."""
    return x.shape.ndims


@export("keras.backend.dtype")
def dtype(x):
    """The name of the type."""
    return x.dtype.base_dtype.name


@export("keras.backend.count_params")
def count_params(x):
    """How many elements a variable has."""
    return int(np.prod(x.shape.as_list()))


@export("keras.backend.is_sparse")
def is_sparse(tensor):
    """Whether a tensor is sparse."""
    return isinstance(tensor, SparseTensor)


@export("keras.backend.is_keras_tensor")
def is_keras_tensor(x):
    """Whether a tensor comes from a layer; raises ValueError if it is no tensor."""
    if not isinstance(x, tf.Tensor | Variable | SparseTensor):
        raise ValueError("Unexpectedly found an instance of type `%s`. Expected a symbolic tensor instance." % type(x))
    return hasattr(x, "_keras_history")


@export("keras.backend.to_dense")
def to_dense(tensor):
    """A sparse tensor as a dense one; others as they are."""
    return tf.sparse.to_dense(tensor) if is_sparse(tensor) else tensor


@export("keras.backend.eval")
def eval(x):
    """The value of a tensor or variable as an array."""
    return get_value(to_dense(x))


@export("keras.backend.print_tensor")
def print_tensor(x, message=""):
    """A tensor whose value is printed when it is computed."""
    if here.eager:
        tf.print(message, x)
        return x
    with tf.control_dependencies([tf.print(message, x)]):
        return tf.identity(x)


@export("keras.backend.manual_variable_initialization")
def manual_variable_initialization(value):
    """Whether the program initializes variables of Keras by itself: then sessions of Keras don't."""
    sessions.initializes = not value


# ----------------------------------------------------------------------------------------------------------------- forming


@export("keras.backend.concatenate")
def concatenate(tensors, axis=-1):
    """Tensors one after the other along an axis."""
    if axis < 0:
        rank = ndim(tensors[0])
        axis = axis % rank if rank else 0
    if builtin_all(is_sparse(x) for x in tensors):
        return tf.sparse.concat(axis, tensors)
    return tf.concat([to_dense(x) for x in tensors], axis)


def builtin_all(things):
    """Python's `all`."""
    return not [x for x in things if not x]


@export("keras.backend.flatten")
def flatten(x):
    """A tensor as a vector."""
    return tf.reshape(x, [-1])


@export("keras.backend.batch_flatten")
def batch_flatten(x):
    """Each example as a vector."""
    return tf.reshape(x, tf.stack([-1, tf.reduce_prod(tf.shape(x)[1:])]))


@export("keras.backend.reverse")
def reverse(x, axes):
    """A tensor backwards along an axis, or along each of a list of them."""
    return tf.reverse(x, [axes] if isinstance(axes, int) else axes)


@export("keras.backend.repeat")
def repeat(x, n):
    """Sequences of the same vector, from a matrix."""
    assert ndim(x) == 2
    return tf.tile(tf.expand_dims(x, 1), tf.stack([1, n, 1]))


@export("keras.backend.repeat_elements")
def repeat_elements(x, rep, axis):
    """Each element along an axis several times."""
    size = x.shape.as_list()[axis]
    if size is None:
        axis = axis % ndim(x)
        moved = tf.tile(tf.expand_dims(x, axis + 1), [rep if i == axis + 1 else 1 for i in range(ndim(x) + 1)])
        sizes = tf.shape(x)
        factor = make_constant([rep if i == axis else 1 for i in range(ndim(x))], types.int32)
        shape = x.shape.as_list()
        found = tf.reshape(moved, sizes * factor)
        found.set_shape(shape)
        return found
    parts = tf.split(value=x, num_or_size_splits=size, axis=axis)
    return tf.concat([p for p in parts for _ in range(rep)], axis)


@export("keras.backend.one_hot")
def one_hot(indices, num_classes):
    """Numbers as vectors with a 1 in one place."""
    return tf.one_hot(indices, depth=num_classes, axis=-1)


def _padded(x, pads, data_format):
    rest = [[0, 0]]
    pads = [list(p) for p in pads]
    return tf.pad(x, [[0, 0]] + (rest + pads if data_format == "channels_first" else pads + rest))


@export("keras.backend.temporal_padding")
def temporal_padding(x, padding=(1, 1)):
    """Zeros at both ends of sequences."""
    assert len(padding) == 2
    return tf.pad(x, [[0, 0], list(padding), [0, 0]])


@export("keras.backend.spatial_2d_padding")
def spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None):
    """Zeros around images."""
    return _padded(x, padding, checked_format(data_format))


@export("keras.backend.spatial_3d_padding")
def spatial_3d_padding(x, padding=((1, 1), (1, 1), (1, 1)), data_format=None):
    """Zeros around volumes."""
    return _padded(x, padding, checked_format(data_format))


@export("keras.backend.resize_images")
def resize_images(x, height_factor, width_factor, data_format, interpolation="nearest"):
    """Images that are larger by whole factors.

    Args:
      x: a tensor of images.
      height_factor, width_factor: the factors.
      data_format: "channels_last" or "channels_first".
      interpolation: "nearest" or "bilinear".

    Raises:
      ValueError: an argument is another word.
    """
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError("Invalid `data_format` argument: %s" % (data_format,))
    methods = {"nearest": tf.image.resize_nearest_neighbor, "bilinear": tf.image.resize_bilinear}
    if interpolation not in methods:
        raise ValueError('interpolation should be one of "nearest" or "bilinear".')
    is_first = data_format == "channels_first"
    rows = 2 if is_first else 1
    sizes = x.shape.as_list()
    new = tf.shape(x)[rows : rows + 2] * make_constant(np.array([height_factor, width_factor], dtype="int32"))
    if is_first:
        x = tf.transpose(x, [0, 2, 3, 1])
    with name_scope("resize"):
        x = methods[interpolation](x, new, half_pixel_centers=True)
    if is_first:
        x = tf.transpose(x, [0, 3, 1, 2])
    factors = dict(zip((rows, rows + 1), (height_factor, width_factor)))
    if not here.eager:
        x.set_shape([None if i not in factors or n is None else n * factors[i] for i, n in enumerate(sizes)])
    return x


@export("keras.backend.resize_volumes")
def resize_volumes(x, depth_factor, height_factor, width_factor, data_format):
    """Volumes that are larger by whole factors; arguments as of `resize_images`."""
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError("Invalid data_format: " + str(data_format))
    first = 2 if data_format == "channels_first" else 1
    for i, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = repeat_elements(x, factor, axis=first + i)
    return x


# ---------------------------------------------------------------------------------------------------------------- products


@export("keras.backend.dot")
def dot(x, y):
    """The product of tensors over the last axis of the first and the last but one of the second."""
    if ndim(x) is not None and (ndim(x) > 2 or ndim(y) > 2):
        sizes = [n if n is not None else s for n, s in zip(int_shape(x), tf.unstack(tf.shape(x)))]
        other = int_shape(y)
        order = [ndim(y) - 2, *(i for i in range(ndim(y)) if i != ndim(y) - 2)]
        flat = tf.reshape(x, [-1, int_shape(x)[-1]])
        columns = tf.reshape(tf.transpose(y, perm=order), [other[-2], -1])
        return tf.reshape(tf.matmul(flat, columns), [*sizes[:-1], *other[:-2], *other[-1:]])
    return tf.sparse.sparse_dense_matmul(x, y) if is_sparse(x) else tf.matmul(x, y)


@export("keras.backend.batch_dot")
def batch_dot(x, y, axes=None):
    """For each example the products of two tensors, summed over an axis of each.

    Args:
      x, y: tensors of rank 2 or more.
      axes: the axes, one number or two; by default the last of `x` and the last but one of `y`.
    """
    ranks = ndim(x), ndim(y)
    axes = [ranks[0] - 1, ranks[1] - 2] if axes is None else [axes] * 2 if isinstance(axes, int) else axes
    extra = abs(ranks[0] - ranks[1])
    if ranks[0] > ranks[1]:
        y = tf.reshape(y, tf.concat([tf.shape(y), [1] * extra], axis=0))
    elif ranks[1] > ranks[0]:
        x = tf.reshape(x, tf.concat([tf.shape(x), [1] * extra], axis=0))
    if ndim(x) == 2 and ndim(y) == 2:
        if axes[0] == axes[1]:
            out = tf.reduce_sum(tf.multiply(x, y), axes[0])
        else:
            out = tf.reduce_sum(tf.multiply(tf.transpose(x, [1, 0]), y), axes[1])
    else:
        out = tf.matmul(x, y, adjoint_a=axes[0] != ndim(x) - 1, adjoint_b=axes[1] == ndim(y) - 1)
    if extra:
        start = ranks[0] + ranks[1] - 3 if ranks[0] > ranks[1] else ranks[0] - 1
        out = tf.squeeze(out, list(range(start, start + extra)))
    return tf.expand_dims(out, 1) if ndim(out) == 1 else out
