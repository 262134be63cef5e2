"""Softmax, its logarithm, and the cross entropy between it and labels."""

import numpy as np

from ..core import shape as shapes
from ..core.backprop import sum_to_shape
from ..core.context import here
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import op
from ..core.tensor import EagerTensor
from ..core.tracing import require
from .arithmetic import broadcast_shape
from .reduce import reduce_sum
from .shaping import reshape

_to_brackets = shapes.to_brackets


def _exponentials(xp, logits):
    """`logits` less their maxima along the last axis, exp of that, and its sums; in single precision at least."""
    if logits.dtype.itemsize < 4:
        logits = logits.astype(np.float32)
    shifted = np.subtract(logits, _maxima(logits), order="C") if xp is np else logits - logits.max(-1, keepdims=True)
    exponentials = xp.exp(shifted)
    return shifted, exponentials, exponentials.sum(-1, keepdims=True)


def _maxima(logits):
    """The maxima along the last axis, which stays: of many short rows by columns, for which NumPy has vector instructions."""
    if logits.ndim == 2 and logits.shape[1] <= 64 and logits.size:
        return np.maximum.reduce(np.ascontiguousarray(logits.T))[:, None]
    return logits.max(-1, keepdims=True)


def _check_logits(logits):
    if not logits.ndim:
        raise invalid("logits must have >= 1 dimension, got []")


def _at_least_vectors(logits):
    return shapes.with_rank_at_least(logits, 1)


def _softmax_samples(make):
    yield (make(2, 3),)
    yield (make(4),)
    yield (make(2, 2, 3),)
    yield (make(0, 3),)
    yield (make(2, 0),)


@op("Softmax")
def softmax_op(xp, logits):
    _check_logits(logits)
    if not logits.size:
        return logits
    _, exponentials, sums = _exponentials(xp, logits)
    return (exponentials / sums).astype(logits.dtype)


@softmax_op.grad("logits")
def _(g, softmax):
    return (g - reduce_sum(g * softmax, -1, keepdims=True)) * softmax


@op("LogSoftmax")
def log_softmax_op(xp, logits):
    _check_logits(logits)
    if not logits.size:
        return logits
    shifted, _, sums = _exponentials(xp, logits)
    return (shifted - xp.log(sums)).astype(logits.dtype)


@log_softmax_op.grad("logits")
def _(g, logsoftmax):
    return g - reduce_sum(g, -1, keepdims=True) * registry["Exp"](logsoftmax)


for _op in (softmax_op, log_softmax_op):
    _op.shape(_at_least_vectors)
    _op.samples(_softmax_samples)


# ------------------------------------------------------------------------------------------------------- cross entropy


@op("SoftmaxCrossEntropyWithLogits")
def softmax_cross_entropy_op(xp, features, labels):
    try:
        shape = np.broadcast_shapes(features.shape, labels.shape)
    except ValueError:
        text = "logits and labels must be broadcastable: logits_size=%s labels_size=%s"
        raise invalid(text, _to_brackets(features.shape), _to_brackets(labels.shape)) from None
    if len(shape) != 2:
        raise invalid("logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional")
    if 0 in shape:
        return xp.zeros(shape[:1], features.dtype), xp.zeros(shape, features.dtype)
    shifted, exponentials, sums = _exponentials(xp, features)
    loss = (labels * (xp.log(sums) - shifted)).sum(-1)
    backprop = xp.broadcast_to(exponentials / sums, shape) - labels
    return loss.astype(features.dtype), backprop.astype(features.dtype)


@softmax_cross_entropy_op.shape
def _(features, labels):
    shape = broadcast_shape(features, labels)
    if shape is None:
        return [(None,), (None, None)]
    if len(shape) != 2:
        raise ValueError("Shape must be broadcasted with rank 2, but is rank %d" % len(shape))
    return [shape[:1], shape]


@softmax_cross_entropy_op.grad
def _(g, g_backprop, features, labels, backprop, *, needs):
    g = reshape(g, (-1, 1))
    of_features = of_labels = None
    is_zero = _is_zero(g_backprop)
    if needs[0]:
        of_features = g * backprop
        if not is_zero:
            of_features += _through_softmax(g_backprop, features)
        of_features = _summed_to(of_features, features)
    if needs[1]:
        of_labels = g * -log_softmax_op(features)
        if not is_zero:
            of_labels -= g_backprop
        of_labels = _summed_to(of_labels, labels)
    return of_features, of_labels


def _through_softmax(g, features):
    """The gradient of `features` from that of their softmax; the sums of products are matrix products, as TensorFlow's are."""
    softmax = softmax_op(features)
    sums = registry["BatchMatMulV2"](registry["ExpandDims"](g, 1), registry["ExpandDims"](softmax, 2))
    return (g - registry["Squeeze"](sums, squeeze_dims=[1])) * softmax


def _is_zero(g):
    """Whether the gradient of the output `backprop` is there only because the sweep wants one."""
    if type(g) is EagerTensor:
        return not here.tapes and not g._v.any()
    return g.op.type == "ZerosLike"


def _summed_to(g, operand):
    """The gradient of an operand that the op may have broadcast."""
    shape = operand._shape
    if shapes.is_known(shape):
        return g if g._shape == shape else sum_to_shape(g, shape)
    return sum_to_shape(g, registry["Shape"](operand))


@softmax_cross_entropy_op.samples
def _(make):
    def distribution(*shape):  # what the gradient takes labels for
        labels = make.positive(*shape)
        return (labels / labels.sum(-1, keepdims=True)).astype(labels.dtype)

    yield make(2, 3), distribution(2, 3)
    yield make(1, 3), distribution(2, 3)
    yield make(2, 3), distribution(3)
    yield make(0, 3), make.positive(0, 3)
    yield make(2, 0), make.positive(2, 0)


@op("SparseSoftmaxCrossEntropyWithLogits")
def sparse_softmax_cross_entropy_op(xp, features, labels):
    if features.ndim != 2:
        raise invalid("logits must be 2-D, but got shape %s", _to_brackets(features.shape))
    if labels.ndim != 1:
        raise invalid("labels must be 1-D, but got shape %s", _to_brackets(labels.shape))
    if labels.shape[0] != features.shape[0]:
        text = "logits and labels must have the same first dimension, got logits shape %s and labels shape %s"
        raise invalid(text, _to_brackets(features.shape), _to_brackets(labels.shape))
    count = features.shape[1]
    if not count:
        raise invalid("Must have at least one class, but got logits shape %s", _to_brackets(features.shape))
    shifted, exponentials, sums = _exponentials(xp, features)
    if xp is np:
        _check_labels(labels, count)
        places = np.arange(0, features.size, count) + labels
        loss = np.log(sums[:, 0]) - shifted.reshape(-1)[places]
        backprop = np.divide(exponentials, sums, out=exponentials)
        backprop.reshape(-1)[places] -= 1
        return loss.astype(features.dtype, copy=False), backprop.astype(features.dtype, copy=False)
    require((labels >= 0) & (labels < count), lambda: invalid("a label is outside the valid range"))
    loss = xp.log(sums[:, 0]) - shifted[xp.arange(labels.shape[0]), labels]
    backprop = exponentials / sums - (labels[:, None] == xp.arange(count))
    return loss.astype(features.dtype), backprop.astype(features.dtype)


def _check_labels(labels, count):
    """Raises TensorFlow's error if a label is no number of a class."""
    if not labels.size or (labels.min() >= 0 and labels.max() < count):
        return
    wrong = next(v for v in labels.tolist() if not 0 <= v < count)
    text = "Received a label value of %d which is outside the valid range of [0, %d).  Label values: %s"
    raise invalid(text, wrong, count, " ".join(map(str, labels.tolist())))


@sparse_softmax_cross_entropy_op.shape
def _(features, labels):
    features = shapes.with_rank(features, 2)
    rows = shapes.merge_dims(features[0], shapes.with_rank(labels, 1)[0])
    return [(rows,), (rows, features[1])]


def _value_of_sparse(g, g_backprop, features, backprop):
    of_features = g[:, None] * backprop
    if g_backprop.any():
        softmax = softmax_op.numpy(features)
        of_features += (g_backprop - (g_backprop * softmax).sum(-1, keepdims=True)) * softmax
    return of_features, None


@sparse_softmax_cross_entropy_op.grad(None, _value_of_sparse)
def _(g, g_backprop, features, backprop):
    why = (
        "Currently there is no way to take the second derivative of sparse_softmax_cross_entropy_with_logits due to the fused "
        "implementation's interaction with tf.gradients()"
    )
    of_features = reshape(g, (-1, 1)) * registry["PreventGradient"](backprop, message=why)
    return of_features if _is_zero(g_backprop) else of_features + _through_softmax(g_backprop, features), None


@sparse_softmax_cross_entropy_op.samples
def _(make):
    yield make(2, 3), make.ints(0, 3, 2)
    yield make(4, 5), make.ints(0, 5, 4, dtype=np.int64)
    yield make(0, 3), make.ints(0, 3, 0)
