"""The public softmaxes and losses: cross entropies of classes and of independent events, `log_poisson_loss`."""

import math

from ..core import dtypes, errors, known, shape as shapes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import control_dependencies, name_scope
from ..core.tensor import EagerTensor, GraphTensor, Tensor
from .activation import relu
from .cast import cast
from .comparison import logical_and
from .doors import unary
from .filling import ones_like, range_, zeros_like
from .joining import concat
from .passing import stop_gradient
from .shaping import rank, reshape, shape as shape_of
from .slicing import slice_
from .softmax import log_softmax_op, softmax_cross_entropy_op, softmax_op, sparse_softmax_cross_entropy_op
from .transposing import transpose
from .where import where

_softmax, _log_softmax = unary(softmax_op, "logits"), unary(log_softmax_op, "logits")

# --------------------------------------------------------------------------------------------------------------- softmax


@export("nn.softmax", "math.softmax")
def softmax(logits, axis=None, name=None, dim=None):
    """`exp(logits)`, divided by its sum along an axis.

    Args:
      logits: a tensor of floats of rank 1 or more.
      axis: the axis, by default the last one.
      name: the name of the node.
      dim: an old spelling of `axis`.

    Raises:
      InvalidArgumentError: the axis is out of range.
    """
    axis = one_of("axis", axis, "dim", dim)
    return _softmax(logits, name) if axis is None else _along(_softmax, logits, axis, name)


@export("nn.log_softmax", "math.log_softmax")
def log_softmax(logits, axis=None, name=None, dim=None):
    """The logarithm of `softmax(logits)`, exact where that is tiny; arguments as of `softmax`."""
    axis = one_of("axis", axis, "dim", dim)
    return _log_softmax(logits, name) if axis is None else _along(_log_softmax, logits, axis, name)


def _along(function, logits, axis, name):
    """A softmax along any axis: the axis trades places with the last one."""
    logits = convert(logits)
    ndims = logits.shape.ndims
    if not isinstance(axis, Tensor) and (axis == -1 or ndims is not None and axis == ndims - 1):
        return function(logits, name=name)
    if ndims is None:
        raise TypeError("The rank of the logits must be known for a softmax along axis %s" % (axis,))
    value = known.host(axis) if isinstance(axis, Tensor) else axis
    if value is not None and not -ndims <= value < ndims:
        raise errors.InvalidArgumentError(None, None, "Dimension (%d) must be in the range [%d, %d) where %d is the number of "
                                          "dimensions in the input." % (value, -ndims, ndims, ndims))  # fmt: skip
    if here.eager:
        order = list(range(ndims))
        order[value], order[-1] = order[-1], order[value]
        return transpose(function(transpose(logits, order)), order, name=name or "transpose")
    of_all = rank(logits)
    if not isinstance(axis, Tensor):
        if axis < 0:
            axis += of_all
    else:
        axis = where(axis < 0, axis + of_all, axis)
    of_input = rank(logits)
    axis = axis % ndims
    swapped = _swapped(logits, axis, registry["Sub"](of_input, 1))
    output = _swapped(function(swapped), axis, registry["Sub"](of_input, 1), name)
    output.set_shape(logits.shape)
    return output


def _swapped(tensor, axis, last, name="transpose"):
    """A tensor of a graph with two dimensions swapped; `last` is the second."""
    order = concat([range_(axis), [last], range_(axis + 1, last), [axis]], 0)
    return transpose(tensor, order, name=name or "transpose")


# ------------------------------------------------------------------------------------------------ cross entropy of classes


def _check_named(function, sentinel, labels, logits):
    """What functions demand whose two main arguments are easily mixed up."""
    if sentinel is not None:
        raise ValueError("Only call `%s` with named arguments (labels=..., logits=..., ...)" % function)
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


@export("nn.softmax_cross_entropy_with_logits_v2")
def softmax_cross_entropy_with_logits_v2(labels, logits, axis=None, name=None, dim=None):
    """The cross entropy between distributions of classes and the softmax of `logits`.

    Gradients flow to both; use `tf.stop_gradient` to keep them off the labels.

    Args:
      labels: a tensor of the shape of `logits`; along `axis` its elements should sum to 1.
      logits: a tensor of floats.
      axis: the axis of the classes, by default the last one.
      name: the name of the node.
      dim: an old spelling of `axis`.

    Returns:
      A tensor of the type and shape of `logits` without `axis`.

    Raises:
      ValueError, InvalidArgumentError: the shapes don't fit.
    """
    axis = one_of("axis", axis, "dim", dim)
    axis = -1 if axis is None else axis
    if here.eager and not isinstance(logits, GraphTensor) and not isinstance(labels, GraphTensor):
        return _cross_entropy_of_values(labels, logits, axis, name)
    with name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        logits = convert(logits, name="logits")
        labels = convert(labels, name="labels")
        precise = _in_single(logits)
        labels = cast(labels, precise.dtype)
        of_input, static = rank(precise), logits._shape
        if axis != -1:
            precise, labels = _with_last(precise, axis, of_input), _with_last(labels, axis, of_input)
        input_shape = shape_of(precise)
        cost = softmax_cross_entropy_op(_flattened(precise), _flattened(labels), name=scope)[0]
        cost = reshape(cost, slice_(input_shape, [0], [registry["Sub"](of_input, 1)]))
        if static is not None:
            rest = list(static)
            del rest[axis]
            cost.set_shape(rest)
        return cast(cost, logits.dtype)


def _in_single(logits):
    """Logits of two bytes in single precision, others as they are."""
    return cast(logits, dtypes.float32) if logits.dtype in (dtypes.float16, dtypes.bfloat16) else logits


def _cross_entropy_of_values(labels, logits, axis, name):
    """`softmax_cross_entropy_with_logits_v2` eagerly."""
    logits, labels = convert(logits, name="logits"), convert(labels, name="labels")
    precise = _in_single(logits)
    labels = cast(labels, precise.dtype)
    shape = precise._v.shape
    if len(shape) == 2 and axis in (-1, 1) and labels._v.ndim == 2:
        return cast(softmax_cross_entropy_op(precise, labels, name=name)[0], logits.dtype)
    if axis != -1:
        order = [i for i in range(len(shape)) if i != axis % len(shape)] + [axis % len(shape)]
        precise, labels, shape = transpose(precise, order), transpose(labels, order), tuple([shape[i] for i in order])
    flat = [reshape(t, (-1, t._v.shape[-1])) for t in (precise, labels)]
    return cast(reshape(softmax_cross_entropy_op(*flat, name=name)[0], shape[:-1]), logits.dtype)


def _with_last(tensor, axis, of_input):
    """A tensor of a graph with an axis moved to the end."""
    return transpose(tensor, concat([range_(axis), range_(axis + 1, of_input), [axis]], 0))


def _flattened(tensor):
    """A tensor of a graph as a matrix: all dimensions but the last made one."""
    of_tensor = rank(tensor)
    last = slice_(shape_of(tensor), [registry["Sub"](of_tensor, 1)], [1])
    output = reshape(tensor, concat([[-1], last], 0))
    if tensor._shape is not None:
        rows = shapes.element_count(tensor._shape[:-1])
        if rows is not None:
            output.set_shape((rows, tensor._shape[-1]))
    return output


@export("nn.softmax_cross_entropy_with_logits")
def softmax_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, dim=-1, name=None, axis=None):
    """Deprecated: `softmax_cross_entropy_with_logits_v2` with no gradient for the labels.

    Args:
      _sentinel: must be None: the others have to be given by name.
      labels, logits: the distributions and the logits.
      dim: the axis of the classes.
      name: the name of the node.
      axis: another name for `dim`.
    """
    if axis is not None:
        if dim != -1:
            raise ValueError("Cannot specify both 'dim' and 'axis'")
        dim = axis
    _check_named("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as scope:
        labels = stop_gradient(labels, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, axis=dim, name=scope)


@export("nn.sparse_softmax_cross_entropy_with_logits")
def sparse_softmax_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, name=None):
    """The cross entropy between classes given by number and the softmax of `logits`.

    Args:
      _sentinel: must be None: the others have to be given by name.
      labels: an int tensor of the shape of `logits` without the last dimension: numbers of classes.
      logits: a tensor of floats of rank 1 or more.
      name: the name of the node.

    Returns:
      A tensor of the type of `logits` and the shape of `labels`.

    Raises:
      ValueError: the shapes don't fit.
      InvalidArgumentError: they don't, or a label is no number of a class.
    """
    _check_named("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    if type(labels) is EagerTensor and type(logits) is EagerTensor and here.eager:
        v = logits._v
        if v.ndim == 2 and v.shape[:1] == labels._v.shape and v.dtype.itemsize > 2:  # half precision is cast first
            return sparse_softmax_cross_entropy_op(logits, labels, name=name)[0]
    with name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert(labels), convert(logits)
        precise = cast(logits, dtypes.float32) if logits.dtype is dtypes.float16 else logits
        labels_shape = None if here.eager else shape_of(labels)
        is_known = _check_ranks(labels._shape, logits._shape)
        if logits._shape is not None and len(logits._shape) == 2:
            return cast(sparse_softmax_cross_entropy_op(precise, labels, name=name)[0], logits.dtype)
        if here.eager:
            flat = reshape(precise, (-1, logits._v.shape[-1])), reshape(labels, (-1,))
            cost = reshape(sparse_softmax_cross_entropy_op(*flat, name=name)[0], labels._v.shape)
            return cast(cost, logits.dtype)
        checks = []
        if not is_known:
            checks.append(resolve("assert_equal")(shape_of(labels), shape_of(logits)[:-1]))
        with control_dependencies(checks):
            classes = shape_of(logits)[rank(logits) - 1]
            precise = reshape(precise, [-1, classes])
            flat = reshape(labels, [-1])
            cost = reshape(sparse_softmax_cross_entropy_op(precise, flat, name=name)[0], labels_shape)
            cost.set_shape(labels.shape)
            return cast(cost, logits.dtype)


def _check_ranks(labels, logits):
    """Whether all dimensions are known of which the static shapes of labels and logits must agree.

    Raises:
      ValueError: they don't agree.
    """
    is_known = shapes.is_known(labels) and logits is not None and shapes.is_known(logits[:-1])
    if logits == ():
        raise ValueError("Logits cannot be scalars - received shape ().")
    if logits is not None and labels is not None and len(labels) != len(logits) - 1:
        raise ValueError("Rank mismatch: Rank of labels (received %s) should equal rank of logits minus 1 (received %s)."
                         % (len(labels), len(logits)))  # fmt: skip
    if is_known and labels != logits[:-1]:
        raise ValueError("Shape mismatch: The shape of labels (received %s) should equal the shape of logits except for the last "
                         "dimension (received %s)." % (shapes.to_text(labels), shapes.to_text(logits)))  # fmt: skip
    return is_known


# ------------------------------------------------------------------------------------------------------ independent events


def _of_one_shape(a, b, text):
    """Checks that the static shapes of two tensors agree; `text` has places for both."""
    if not shapes.compatible(a._shape, b._shape):
        raise ValueError(text % (shapes.to_text(a._shape), shapes.to_text(b._shape)))


@export("nn.sigmoid_cross_entropy_with_logits")
def sigmoid_cross_entropy_with_logits(_sentinel=None, labels=None, logits=None, name=None):
    """The cross entropy between probabilities and `sigmoid(logits)`, elementwise.

    With x the logits and z the labels it is `max(x, 0) - x * z + log(1 + exp(-abs(x)))`.

    Args:
      _sentinel: must be None: the others have to be given by name.
      labels: a tensor of the type and shape of `logits`.
      logits: a tensor of floats.
      name: the name of the node.

    Raises:
      ValueError: the shapes don't fit.
    """
    _check_named("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert(logits, name="logits")
        labels = convert(labels, name="labels")
        _of_one_shape(logits, labels, "logits and labels must have the same shape (%s vs %s)")
        zeros = zeros_like(logits, logits.dtype)
        is_positive = logits >= zeros
        positive = where(is_positive, logits, zeros)
        minus_abs = where(is_positive, -logits, logits)
        return registry["Add"](
            positive - logits * labels, registry["Log1p"](registry["Exp"](minus_abs)), name=scope
        )  # fmt: skip


@export("nn.weighted_cross_entropy_with_logits")
def weighted_cross_entropy_with_logits(labels=None, logits=None, pos_weight=None, name=None, targets=None):
    """The cross entropy between probabilities and `sigmoid(logits)`, in which events that happen count `pos_weight` times.

    Args:
      labels: a tensor of the type and shape of `logits`.
      logits: a tensor of floats.
      pos_weight: a number or tensor that broadcasts: the weight of the labels.
      name: the name of the node.
      targets: an old spelling of `labels`.

    Raises:
      ValueError: the shapes don't fit.
    """
    labels = one_of("labels", labels, "targets", targets)
    with name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits = convert(logits, name="logits")
        labels = convert(labels, name="labels")
        _of_one_shape(logits, labels, "logits and labels must have the same shape (%s vs %s)")
        weight = 1 + (pos_weight - 1) * labels
        unweighted = (1 - labels) * logits
        softened = registry["Log1p"](registry["Exp"](-registry["Abs"](logits))) + relu(-logits)
        return registry["Add"](unweighted, weight * softened, name=scope)


@export("nn.log_poisson_loss")
def log_poisson_loss(targets, log_input, compute_full_loss=False, name=None):
    """Minus the logarithm of the probability of counts if they come from Poisson distributions.

    Args:
      targets: a tensor of floats: the counts.
      log_input: a tensor of their type and shape: the logarithms of the means.
      compute_full_loss: whether the term is added that does not depend on `log_input`, by Stirling's approximation.
      name: the name of the scope of the nodes.

    Raises:
      ValueError: the shapes don't fit.
    """
    with name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input = convert(log_input, name="log_input")
        targets = convert(targets, name="targets")
        _of_one_shape(log_input, targets, "log_input and targets must have the same shape (%s vs %s)")
        result = registry["Exp"](log_input) - log_input * targets
        if compute_full_loss:
            half = constant(0.5, dtype=targets.dtype)
            two_pi = constant(2 * math.pi, dtype=targets.dtype)
            stirling = targets * registry["Log"](targets) - targets + half * registry["Log"](two_pi * targets)
            zeros = zeros_like(targets, dtype=targets.dtype)
            ones = ones_like(targets, dtype=targets.dtype)
            is_small = logical_and(targets >= zeros, targets <= ones)
            result += where(is_small, zeros, stirling)
        return result
