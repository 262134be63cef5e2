"""Connectionist temporal classification: losses of label sequences whose alignment with the frames is not known.

Graves et al., Connectionist temporal classification.  ICML 2006.
"""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from .cast import cast
from .distinct import unique
from .filling import ones_like, range_
from .functional import map_fn
from .joining import concat
from .padding import pad
from .reduce import reduce_max, reduce_sum
from .scattering import scatter_nd
from .sequences import sequence_mask
from .shaping import expand_dims, reshape, shape as shape_of
from .transposing import transpose
from .where import boolean_mask, where

_to_brackets = shapes.to_brackets


def _log_softmax(x):
    """The logarithm of the softmax along the last axis, in double precision."""
    x = x.astype(np.float64)
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def _log_sum(*terms):
    """The logarithm of the sum of exponentials of arrays of one shape."""
    greatest = terms[0]
    for t in terms[1:]:
        greatest = np.maximum(greatest, t)
    base = np.where(np.isneginf(greatest), 0, greatest)
    with np.errstate(divide="ignore"):
        return base + np.log(sum(np.exp(t - base) for t in terms))


def _later(a, steps):
    """Columns moved to the right by `steps`, with minus infinity for those that come in."""
    moved = np.full_like(a, -np.inf)
    moved[:, steps:] = a[:, : a.shape[1] - steps]
    return moved


def _earlier(a, steps):
    """Columns moved to the left by `steps`, with minus infinity for those that come in."""
    return _later(a[:, ::-1], steps)[:, ::-1]


# -------------------------------------------------------------------------------------------------- the op for sparse labels


@op("CTCLoss", host=True, golden_tolerance=1e-6)
def _ctc_loss(xp, inputs, labels_indices, labels_values, sequence_length, *, preprocess_collapse_repeated=False,
              ctc_merge_repeated=True, ignore_longer_outputs_than_inputs=False):  # fmt: skip
    lengths = sequence_length
    _check_arguments(inputs, labels_indices, labels_values, lengths)
    times, batch, classes = inputs.shape
    rows = _rows_of_labels(labels_indices, labels_values, batch)
    if (lengths > times).any():
        raise invalid("sequence_length(%d) <= %d", np.argmax(lengths > times), times)
    if (lengths < 0).any():
        raise invalid("seq_len(%d) < 0", np.argmax(lengths < 0))
    targets = [
        _target(row, b, classes, preprocess_collapse_repeated, None if ignore_longer_outputs_than_inputs else int(lengths[b]))
        for b, row in enumerate(rows)
    ]
    is_used = np.array([n > 0 and not (ignore_longer_outputs_than_inputs and len(r) > n) for r, n in zip(rows, lengths)])
    loss, gradient = np.zeros(batch, inputs.dtype), np.zeros(inputs.shape, inputs.dtype)
    if is_used.any():
        used = np.flatnonzero(is_used)
        found = _forward_backward(inputs[:, used], [targets[b] for b in used], lengths[used], ctc_merge_repeated)
        loss[used], gradient[:, used] = found
    return loss, gradient


def _check_arguments(inputs, indices, values, lengths):
    for ok, text in (
        (inputs.ndim == 3, "inputs is not a 3-Tensor"),
        (lengths.ndim == 1, "sequence_length is not a vector"),
        (indices.ndim == 2, "labels_indices is not a matrix"),
        (values.ndim == 1, "labels_values is not a vector"),
    ):
        if not ok:
            raise invalid(text)
    if len(lengths) != inputs.shape[1]:
        raise invalid(
            "len(sequence_length) != batch_size.  len(sequence_length):  %d batch_size: %d", len(lengths), inputs.shape[1]
        )
    if len(indices) != len(values):
        raise invalid("labels_indices and labels_values must contain the same number of rows, but saw shapes: %s vs. %s",
                      _to_brackets(indices.shape), _to_brackets(values.shape))  # fmt: skip
    if not inputs.shape[1]:
        raise invalid("batch_size must not be 0")


def _rows_of_labels(indices, values, batch):
    """The labels of each example, from those of a sparse matrix."""
    rows, columns = indices[:, 0], indices[:, 1]
    for i, (r, c) in enumerate(indices.tolist()):
        if not 0 <= r < batch or c < 0:
            raise invalid("label SparseTensor is not valid: indices[%d] = [%d,%d] is out of bounds: need 0 <= index < [%d,%d]",
                          i, r, c, batch, max(int(columns.max()) + 1, 0))  # fmt: skip
    steps = np.diff(rows) * (int(columns.max(initial=0)) + 1) + np.diff(columns)
    wrong = np.flatnonzero(steps <= 0)
    if len(wrong):
        i = wrong[0] + 1
        why = "repeated" if not steps[wrong[0]] else "out of order. Many sparse ops require sorted indices."
        raise invalid("label SparseTensor is not valid: indices[%d] = %s is %s", i, _to_brackets(indices[i].tolist()), why)
    return [values[rows == b].tolist() for b in range(batch)]


def _target(labels, b, classes, collapses, time):
    """The labels of an example as they are to be recognized, after a check; `time` is how many frames there are, or None."""
    if not labels:
        raise invalid("Labels length is zero in batch %d", b)
    target, is_over = [], False
    for i, label in enumerate(labels):
        if i and collapses and label == labels[i - 1]:
            continue
        if label >= classes - 1:
            is_over = True
        elif is_over:
            raise invalid("Saw a non-null label (index >= num_classes - 1) following a null label, batch: %d num_classes: %d "
                          "labels: %s labels seen so far: %s",
                          b, classes, ",".join(map(str, labels)), ",".join(map(str, target)))  # fmt: skip
        else:
            target.append(label)
    if any(label < 0 for label in target):
        raise invalid("All labels must be nonnegative integers, batch: %d labels: %s", b, ",".join(map(str, target)))
    if time is not None and len(labels) > time:
        raise invalid("Not enough time for target transition sequence (required: %d, available: %d)%dYou can turn this error into "
                      "a warning by using the flag ignore_longer_outputs_than_inputs", len(labels), time, b)  # fmt: skip
    return target


def _forward_backward(inputs, targets, lengths, merges):
    """Losses and gradients of examples whose states are the labels with blanks before, between and after them."""
    blank = inputs.shape[2] - 1
    states = np.full((len(targets), 2 * max(map(len, targets)) + 1), blank)
    for row, target in zip(states, targets):
        row[1 : 2 * len(target) : 2] = target
    ends = np.array([2 * len(t) for t in targets])
    is_blank = states == blank
    # A path may leave out a blank, but not one between equal labels, which would be merged.
    skips = ~is_blank
    skips[:, :2] = False
    if merges:
        skips[:, 2:] &= states[:, 2:] != states[:, :-2]
    stays = is_blank | merges
    column = np.arange(states.shape[1])
    start = np.where(column < 2, 0.0, -np.inf) + np.zeros(states.shape)
    end = np.where((column == ends[:, None]) | (column == ends[:, None] - 1), 0.0, -np.inf)
    # States behind an example's last one are blanks that lead nowhere.
    log_probs = _log_softmax(inputs)
    observed = np.take_along_axis(log_probs, np.broadcast_to(states, (len(inputs), *states.shape)), 2)
    steps = [np.where(m, 0.0, -np.inf) for m in (stays, np.ones_like(stays), skips)]
    alpha = _forward(observed, start, steps)
    beta = _backward(observed, end, steps, lengths)
    joint = alpha + beta
    likelihood = _log_sum(*joint[0].T)
    with np.errstate(invalid="ignore"):
        posterior = np.exp(joint - likelihood[:, None])
    probabilities = np.exp(log_probs)
    expected = np.zeros_like(probabilities)
    batch = np.arange(len(states))[:, None]
    for t in range(len(inputs)):
        np.add.at(expected[t], (batch, states), posterior[t])
    expected[:, np.isneginf(likelihood)] = 0  # there is no path
    gradient = (probabilities - expected) * (np.arange(len(inputs))[:, None] < lengths)[:, :, None]
    return -likelihood, gradient


def _forward(observed, start, steps):
    """For each frame the logarithm of the probability of all beginnings of paths that are in a state then."""
    alpha = [start + observed[0]]
    stay, go, skip = steps
    for frame in observed[1:]:
        a = alpha[-1]
        alpha.append(_log_sum(a + stay, _later(a, 1) + go, _later(a, 2) + skip) + frame)
    return np.stack(alpha)


def _backward(observed, end, steps, lengths):
    """For each frame the logarithm of the probability of all ends of paths that are in a state then."""
    stay, go, skip = steps
    beta, found = end, []
    for t in range(len(observed) - 1, -1, -1):
        if t + 1 < len(observed):
            b = beta + observed[t + 1]
            moved = _log_sum(b + stay, _earlier(b + go, 1), _earlier(b + skip, 2))
            beta = np.where((t + 1 < lengths)[:, None], moved, end)
        found.append(beta)
    return np.stack(found[::-1])


@_ctc_loss.shape
def _(inputs, labels_indices, labels_values, sequence_length):
    inputs = shapes.with_rank(inputs, 3)
    indices, values = shapes.with_rank(labels_indices, 2), shapes.with_rank(labels_values, 1)
    shapes.merge_dims(indices[0], values[0])
    batch = shapes.merge_dims(inputs[1], shapes.with_rank(sequence_length, 1)[0])
    return [(batch,), (inputs[0], batch, inputs[2])]


@_ctc_loss.grad
def _(g, g_gradient, gradient):
    why = (
        "Currently there is no way to take the second  derivative of ctc_loss due to the fused implementation's interaction  "
        "with tf.gradients()"
    )
    return expand_dims(g, -1) * registry["PreventGradient"](gradient, message=why), None, None, None


@_ctc_loss.samples
def _(make):
    indices = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    lengths = np.array([5, 4], np.int32)
    for labels in ([0, 1, 2, 2], [1, 1, 0, 3]):
        yield make(5, 2, 4), indices, np.array(labels, np.int32), lengths
        yield make(5, 2, 4), indices, np.array(labels, np.int32), lengths, dict(ctc_merge_repeated=False)
        yield make(5, 2, 4), indices, np.array(labels, np.int32), lengths, dict(preprocess_collapse_repeated=True)
    yield (
        make(5, 2, 4),
        indices,
        np.array([0, 1, 2, 2], np.int32),
        np.array([0, 1], np.int32),
        dict(ignore_longer_outputs_than_inputs=True),
    )


@export("nn.ctc_loss")
def ctc_loss(labels, inputs=None, sequence_length=None, preprocess_collapse_repeated=False, ctc_merge_repeated=True,
             ignore_longer_outputs_than_inputs=False, time_major=True, logits=None):  # fmt: skip
    """The CTC loss of sparse labels; the last class is the blank.

    Args:
      labels: a sparse int32 matrix: row b holds the labels of example b.
      inputs: a tensor of floats of shape `[frames, batch, classes]`: logits.
      sequence_length: an int32 vector: how many frames each example has.
      preprocess_collapse_repeated: whether equal labels next to each other are made one first.
      ctc_merge_repeated: whether equal labels next to each other in a path count once.
      ignore_longer_outputs_than_inputs: whether examples with more labels than frames have loss 0; else they are errors.
      time_major: whether frames come before the batch.
      logits: another name for `inputs`.

    Returns:
      A vector with the loss of each example.

    Raises:
      TypeError: `labels` is no sparse tensor.
      InvalidArgumentError: a label or length is not possible.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = one_of("logits", logits, "inputs", inputs)
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    return _ctc_loss(inputs, labels.indices, labels.values, sequence_length,
                     preprocess_collapse_repeated=preprocess_collapse_repeated, ctc_merge_repeated=ctc_merge_repeated,
                     ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs)[0]  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ dense labels

# Of Eagle's own: TensorFlow makes this of a loop in the graph.
_DENSE = (
    "EagleCTCLossDense(logits: T, labels: Tlabels, label_length: Tlength, logit_length: Tframes) -> (loss: T, gradient: T) | "
    "T: type in [float32,float64]; Tlabels: type in [int32,int64]; Tlength: type in [int32,int64]; "
    "Tframes: type in [int32,int64] | gradient"
)
_ALMOST_NEVER = float(np.float32(np.log(1e-307)))  # the logarithm of the probability of what should not be


@op("EagleCTCLossDense", definition=_DENSE, host=True)
def _dense_loss(xp, logits, labels, label_length, logit_length):
    """The states are the labels and, behind them, the blanks after each; state 0 is before everything.

    Two things are as in TensorFlow 1.15, though one may wish otherwise: that no path fits costs about 707, not infinity, and frames
    behind an example's last one have the gradient of a frame in which nothing is expected.
    """
    frames, batch, classes = logits.shape
    count = labels.shape[1]
    log_probs = _log_softmax(logits)
    of_labels = np.take_along_axis(log_probs, np.broadcast_to(labels, (frames, *labels.shape)), 2)
    never = np.full((frames, batch, 1), -np.inf)
    observed = np.concatenate([never, of_labels], 2), np.repeat(log_probs[:, :, :1], count + 1, 2)
    skips = np.zeros((batch, count + 1))  # from the label before, unless it is the same
    skips[:, 2:] = np.where(labels[:, 1:] == labels[:, :-1], -np.inf, 0.0)
    skips[:, :1] = -np.inf
    if count:
        skips[:, 1] = 0.0  # from the start
    is_end = np.arange(count + 1) == label_length[:, None]
    end = (np.where(is_end, 0.0, _ALMOST_NEVER),) * 2
    backward = [end]
    for t in range(frames - 1, -1, -1):
        moved = _step_back(backward[-1], observed[0][t], observed[1][t], skips)
        inside = (t < logit_length)[:, None]
        backward.append(tuple(np.where(inside, m, e) for m, e in zip(moved, end)))
    likelihood = backward[-1][0][:, 0]
    start = np.full((batch, count + 1), _ALMOST_NEVER)
    start[:, 0] = 0.0
    forward = start, np.full((batch, count + 1), _ALMOST_NEVER)
    expected = np.zeros(logits.shape)
    rows = np.arange(batch)[:, None]
    for t in range(frames):
        forward = _step(forward, observed[0][t], observed[1][t], skips)
        joint = [f + b for f, b in zip(forward, backward[frames - 1 - t])]
        total = _log_sum(*joint[0].T, *joint[1].T)
        posterior = [np.exp(j - total[:, None]) * (t < logit_length)[:, None] for j in joint]
        np.add.at(expected[t], (rows, np.maximum(labels, 0)), posterior[0][:, 1:] * (labels > 0))
        expected[t, :, 0] += posterior[1].sum(1)
    return (-likelihood).astype(logits.dtype), (np.exp(log_probs) - expected).astype(logits.dtype)


def _step(states, of_labels, of_blanks, skips):
    """Paths one frame longer: label j follows itself, blank j-1 or label j-1; blank j follows itself or label j."""
    labels, blanks = states
    return (
        _log_sum(labels, _later(blanks, 1), _later(labels, 1) + skips) + of_labels,
        _log_sum(blanks, labels) + of_blanks,
    )


def _step_back(states, of_labels, of_blanks, skips):
    """`_step` from the end."""
    labels, blanks = states[0] + of_labels, states[1] + of_blanks
    return _log_sum(labels, blanks, _earlier(labels + skips, 1)), _log_sum(blanks, _earlier(labels, 1))


@_dense_loss.shape
def _(logits, labels, label_length, logit_length):
    logits, labels = shapes.with_rank(logits, 3), shapes.with_rank(labels, 2)
    batch = shapes.merge_dims(logits[1], labels[0])
    return [(batch,), (logits[0], batch, logits[2])]


@_dense_loss.grad
def _(g, g_gradient, gradient):
    why = "Eagle has no second derivative of ctc_loss_v2 for dense labels yet"
    return reshape(g, [1, -1, 1]) * registry["PreventGradient"](gradient, message=why), None, None, None


_dense_loss.samples(lambda make: iter([
    (make(5, 2, 4), np.array([[1, 2], [3, 3]], np.int32), np.array([2, 2]), np.array([5, 5])),
    (make(4, 2, 4), np.array([[1, 2, 1], [3, 2, 2]], np.int32), np.array([3, 2]), np.array([4, 4])),
]))  # fmt: skip


@export("nn.ctc_loss_v2", "compat.v2.nn.ctc_loss")
def ctc_loss_v2(labels, logits, label_length, logit_length, logits_time_major=True, unique=None, blank_index=None, name=None):
    """The CTC loss of dense or sparse labels.

    Args:
      labels: an int matrix `[batch, labels]`, or a sparse int32 one.
      logits: a tensor of floats of shape `[frames, batch, classes]`.
      label_length: an int vector: how many labels each example has; of no use for sparse labels.
      logit_length: an int vector: how many frames each example has.
      logits_time_major: whether frames come before the batch.
      unique: what `ctc_unique_labels` gives for dense labels: TensorFlow is faster with it; Eagle has no need of it.
      blank_index: the class of the blank: by default 0 for dense labels; must be given for sparse ones.
      name: the name of the scope of the nodes.

    Returns:
      A vector with the loss of each example.

    Raises:
      ValueError: the labels are sparse and `blank_index` is missing.
    """
    if isinstance(labels, SparseTensor):
        if blank_index is None:
            raise ValueError("blank_index must be given when using SparseTensor labels.")
        if blank_index < 0:
            blank_index += _size(logits, 2)
        if blank_index != _size(logits, 2) - 1:
            parts = logits[:, :, :blank_index], logits[:, :, blank_index + 1 :], logits[:, :, blank_index : blank_index + 1]
            logits = concat(list(parts), axis=2)
            values = where(labels.values < blank_index, labels.values, labels.values - 1)
            labels = SparseTensor(labels.indices, values, labels.dense_shape)
        return ctc_loss(labels=labels, inputs=logits, sequence_length=logit_length, time_major=logits_time_major)
    with name_scope(name, "ctc_loss_dense", [logits, labels, label_length, logit_length]):
        logits, labels = convert(logits, name="logits"), convert(labels, name="labels")
        label_length, logit_length = convert(label_length, name="label_length"), convert(logit_length, name="logit_length")
        if not logits_time_major:
            logits = transpose(logits, [1, 0, 2])
        blank_index = blank_index or 0
        if blank_index:
            if blank_index < 0:
                blank_index += _size(logits, 2)
            parts = logits[:, :, blank_index : blank_index + 1], logits[:, :, :blank_index], logits[:, :, blank_index + 1 :]
            logits = concat(list(parts), axis=2)
            labels = where(labels < blank_index, labels + 1, labels)
        return _dense_loss(logits, labels, label_length, logit_length)[0]


def _size(tensor, dim):
    """The size of a dimension: an int where it is known."""
    size = convert(tensor).shape.dims[dim].value
    return size or shape_of(tensor)[dim]


# ------------------------------------------------------------------------------------------------------------- of labels


@export("nn.ctc_unique_labels")
def ctc_unique_labels(labels, name=None):
    """The distinct labels of each row of a matrix.

    Args:
      labels: an int matrix.
      name: the name of the scope of the nodes.

    Returns:
      A pair of matrices of its shape: the distinct labels of each row in the order in which they occur, filled up with 0 (int64);
      and for each label its place among them (int32).
    """
    with name_scope(name, "ctc_unique_labels", [labels]):
        labels = convert(labels, name="labels")

        def of_row(row):
            found = unique(row)
            filled = pad(found.y, [[0, _size(found.idx, 0) - _size(found.y, 0)]])
            return [cast(filled, dtypes.int64), found.idx]

        return map_fn(of_row, labels, dtype=[dtypes.int64, dtypes.int32])


@export("nn.collapse_repeated")
def collapse_repeated(labels, seq_length, name=None):
    """Makes equal labels next to each other one.

    Args:
      labels: a matrix `[batch, labels]`.
      seq_length: an int vector: how many labels each row has.
      name: the name of the scope of the nodes.

    Returns:
      A pair: the labels, `[batch, greatest number of labels left]`, filled up with 0; and how many each row has now.
    """
    with name_scope(name, "collapse_repeated_labels", [labels, seq_length]):
        labels = convert(labels, name="labels")
        seq_length = convert(seq_length, name="seq_length")
        first = ones_like(labels[:, :1], dtypes.bool_)
        is_new = concat([first, registry["NotEqual"](labels[:, 1:], labels[:, :-1])], axis=1)
        inside = sequence_mask(seq_length, maxlen=_size(labels, 1))
        is_new = registry["LogicalAnd"](is_new, inside)
        lengths = reduce_sum(cast(is_new, dtypes.int32), axis=1)
        greatest = reduce_max(lengths)
        is_filled = sequence_mask(lengths, maxlen=greatest)
        flat, is_new, is_filled = (reshape(x, [-1]) for x in (labels, is_new, is_filled))
        places = range_(_size(is_filled, 0))
        collapsed = scatter_nd(
            expand_dims(boolean_mask(places, is_filled), axis=1), boolean_mask(flat, is_new), shape_of(is_filled)
        )  # fmt: skip
        return reshape(collapsed, [_size(labels, 0), greatest]), cast(lengths, seq_length.dtype)
