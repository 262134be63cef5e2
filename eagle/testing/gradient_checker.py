"""`tf.test.compute_gradient`: Jacobians by gradients and by differences, to compare."""

import math

import numpy as np

from ..core import dtypes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.gradient_tape import GradientTape
from ..core.graph_gradients import gradients
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import get_default_session

_TYPES = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)


def _check_type(dtype, what):
    if dtype.base_dtype not in _TYPES:
        raise AssertionError("Don't support type %s for %s" % (dtype.name, what))


def _real_type(dtype):
    return dtype.base_dtype.real_dtype.np


def _count(shape, dtype):
    """How many real numbers there are in an array of this shape and type."""
    return math.prod(int(d) for d in shape) * (2 if dtype.is_complex else 1)


def _jacobian_by_gradients(gradient_of, x_data, x_dtype, y_shape, y_dtype):
    """The Jacobian (elements of x by elements of y) from the gradient function, one element of y after the other.

    Args:
      gradient_of: a function from the gradient of y to that of x, arrays both.
      x_data: the value of x.
      x_dtype, y_dtype: the types.
      y_shape: the shape of y.
    """
    columns = _count(y_shape, y_dtype)
    jacobian = np.zeros((_count(x_data.shape, x_dtype), columns), _real_type(x_dtype))
    dy = np.zeros([int(d) for d in y_shape], y_dtype.base_dtype.np)
    flat = dy.reshape(-1).view(_real_type(y_dtype))
    for column in range(columns):
        flat[column] = 1
        jacobian[:, column] = np.ascontiguousarray(gradient_of(dy)).reshape(-1).view(jacobian.dtype)
        flat[column] = 0
    if not columns:
        g = gradient_of(dy)
        if g.shape != x_data.shape:
            raise ValueError("Empty gradient has wrong shape: expected %s, got %s" % (x_data.shape, g.shape))
        if np.any(g):
            raise ValueError("Empty tensor with nonzero gradients")
    return jacobian


def _jacobian_by_differences(function, x_data, x_dtype, y_shape, y_dtype, delta):
    """The Jacobian from central differences; `function` goes from the value of x to that of y."""
    y_real = np.float32 if y_dtype.base_dtype is dtypes.bfloat16 else _real_type(y_dtype)
    jacobian = np.zeros((_count(x_data.shape, x_dtype), _count(y_shape, y_dtype)), _real_type(x_dtype))
    scale = np.asarray(2 * delta, y_real)[()]
    for row in range(len(jacobian)):
        ends = []
        for step in (delta, -delta):
            moved = np.array(x_data, order="C")
            moved.reshape(-1).view(_real_type(x_dtype))[row] += step
            ends.append(np.asarray(function(moved)))
        difference = np.ascontiguousarray((ends[0] - ends[1]) / scale)
        jacobian[row, :] = difference.reshape(-1).view(y_real)
    return jacobian


def _in_single(tensor):
    """A tensor whose differences are exact enough: bfloat16 in float32."""
    return registry["Cast"](tensor, DstT=dtypes.float32) if tensor.dtype.base_dtype is dtypes.bfloat16 else tensor


def _dense(g):
    """A fetched or eager gradient as an array."""
    if hasattr(g, "dense_shape"):
        dense = np.zeros([int(d) for d in g.dense_shape], g.values.dtype)
        np.add.at(dense, np.asarray(g.indices), np.asarray(g.values))
        return dense
    return np.asarray(g.numpy() if hasattr(g, "numpy") else g)


# ------------------------------------------------------------------------------------------------------------ of a graph


def _with_gradients(x, y, y_shape):
    """The gradient of x and the tensor that stands for that of y."""
    with x.graph.as_default():
        dy = constant(1.0, shape=y_shape, dtype=y.dtype.base_dtype)
        passed = registry["Identity"](dy)
    dx = gradients(y, x, passed)[0]
    if dx is None:
        raise AssertionError("dx = None")
    return dx, dy


def _start_values(x, shape, given):
    if given is not None:
        if list(shape) != list(given.shape):
            raise AssertionError("x_shape = %s, init_data shape = %s" % (shape, list(given.shape)))
        return np.asarray(given)
    data = np.random.random_sample(shape).astype(x.dtype.base_dtype.np)
    if x.dtype.is_complex:
        data.imag = np.random.random_sample(shape)
    return data


def _both(x, x_shape, y, y_shape, given, delta, feeds):
    _check_type(x.dtype, "x")
    _check_type(y.dtype, "y")
    dx, dy = _with_gradients(x, y, y_shape)
    session, data = get_default_session(), _start_values(x, x_shape, given)
    fetches = [dx.indices, dx.values, registry["Shape"](x)] if isinstance(dx, IndexedSlices) else dx

    def gradient_of(value):
        found = session.run(fetches, {**feeds, x: data, dy: value})
        if not isinstance(dx, IndexedSlices):
            return found
        dense = np.zeros(found[2], found[1].dtype)
        np.add.at(dense, found[0], found[1])
        return dense

    theoretical = _jacobian_by_gradients(gradient_of, data, x.dtype, y_shape, y.dtype)
    precise = _in_single(y)
    numeric = _jacobian_by_differences(
        lambda value: session.run(precise, {**feeds, x: value}),
        data.astype(x.dtype.base_dtype.np),
        x.dtype,
        y_shape,
        y.dtype,
        delta,
    )
    return theoretical, numeric


@export("test.compute_gradient")
def compute_gradient(x, x_shape, y, y_shape, x_init_value=None, delta=1e-3, init_targets=None, extra_feed_dict=None):
    """Two Jacobians of tensors of a graph: by its gradients, and by central differences.

    Args:
      x: a tensor of floats, or a list of them.
      x_shape: its shape, or a list of shapes.
      y: a tensor that depends on x.
      y_shape: its shape.
      x_init_value: the value of x, or a list of values; by default random numbers in [0, 1).
      delta: the step of the differences.
      init_targets: a list of operations to run first.
      extra_feed_dict: what else to feed.

    Returns:
      A pair of matrices with a row for each element of x and a column for each of y; a list of such pairs if x is a list.
    """
    for target in init_targets or ():
        target.run()
    feeds = extra_feed_dict or {}
    if not isinstance(x, list):
        return _both(x, x_shape, y, y_shape, x_init_value, delta, feeds)
    given = [None] * len(x) if x_init_value is None else x_init_value
    return [_both(x_, shape, y, y_shape, value, delta, feeds) for x_, shape, value in zip(x, x_shape, given)]


@export("test.compute_gradient_error")
def compute_gradient_error(x, x_shape, y, y_shape, x_init_value=None, delta=1e-3, init_targets=None, extra_feed_dict=None):
    """The greatest difference between the two Jacobians that `compute_gradient` gives for the same arguments."""
    pairs = compute_gradient(x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict)
    return _greatest_difference(pairs if isinstance(pairs, list) else [pairs])


def _greatest_difference(pairs):
    error = 0
    for a, b in pairs:
        if a.size or b.size:
            error = np.maximum(error, np.fabs(a - b).max())
    return error


# -------------------------------------------------------------------------------------------------------- of a function


@export("compat.v2.test.compute_gradient")
def compute_gradient_v2(f, x, delta=1e-3):
    """Two Jacobians of a function of tensors: by its gradients, and by central differences.

    Args:
      f: a function of the tensors in `x` that gives a tensor.
      x: a list of tensors of floats, or of what can be converted to such.
      delta: the step of the differences.

    Returns:
      Two lists of matrices, one for each argument.

    Raises:
      ValueError: `x` is no list.
    """
    if not isinstance(x, list):
        raise ValueError("`x` must be a list of Tensors (arguments to `f`), not a %s" % type(x))
    xs = [convert(v) for v in x]
    made = _Eager(f, xs) if here.eager else _InGraph(f, xs)
    theoretical, numeric = [], []
    for i, data in enumerate(made.values):
        _check_type(xs[i].dtype, "argument %d" % i)
        _check_type(made.y_dtype, "y")
        theoretical.append(
            _jacobian_by_gradients(lambda dy: made.gradient(i, dy), data, xs[i].dtype, made.y_shape, made.y_dtype)
        )  # fmt: skip
        numeric.append(
            _jacobian_by_differences(lambda v: made.with_argument(i, v), data, xs[i].dtype, made.y_shape, made.y_dtype, delta)
        )  # fmt: skip
    return tuple(theoretical), tuple(numeric)


class _Eager:
    """A function of eager tensors, its values and gradients as arrays."""

    def __init__(self, f, xs):
        self.f, self.xs, self.values = f, xs, [np.asarray(x.numpy()) for x in xs]
        y = f(*xs)
        self.y_shape, self.y_dtype = y.shape.as_list(), y.dtype

    def gradient(self, i, dy):
        with GradientTape() as tape:
            tape.watch(self.xs[i])
            y = self.f(*self.xs)
        return _dense(tape.gradient(y, self.xs[i], output_gradients=convert(dy)))

    def with_argument(self, i, value):
        xs = list(self.xs)
        xs[i] = convert(value, self.xs[i].dtype)
        return np.asarray(_in_single(self.f(*xs)).numpy())


class _InGraph:
    """A function as operations of a graph, its values and gradients as arrays."""

    def __init__(self, f, xs):
        self.session = get_default_session()
        self.values = self.session.run(xs)
        self.placeholders = [registry["Placeholder"](dtype=x.dtype.base_dtype, shape=None) for x in xs]
        self.y = f(*self.placeholders)
        self.precise = _in_single(self.y)
        self.y_dtype, self.y_shape = self.y.dtype, np.shape(self._run(self.y))
        self._gradients = {}

    def _run(self, fetches, extra=()):
        return self.session.run(fetches, {**dict(zip(self.placeholders, self.values)), **dict(extra)})

    def gradient(self, i, dy):
        if i not in self._gradients:
            passed = registry["Placeholder"](dtype=self.y_dtype.base_dtype, shape=None)
            self._gradients[i] = passed, gradients(self.y, self.placeholders[i], passed)[0]
        passed, dx = self._gradients[i]
        return _dense(self._run(dx, {passed: dy}))

    def with_argument(self, i, value):
        return self._run(self.precise, {self.placeholders[i]: value})
