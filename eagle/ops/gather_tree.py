"""Beams of a search read back from its steps."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op


@op("GatherTree", host=True)
def _gather_tree(xp, step_ids, parent_ids, max_sequence_lengths, end_token):
    _check(step_ids, parent_ids, max_sequence_lengths, end_token)
    steps, batch_size, width = step_ids.shape
    beams = np.full_like(step_ids, end_token)
    for batch in range(batch_size):
        last = min(steps, int(max_sequence_lengths[batch])) - 1
        if last < 0:
            continue
        beams[last, batch] = step_ids[last, batch]
        parents = parent_ids[last, batch]
        for level in range(last - 1, -1, -1):
            wrong = (parents < 0) | (parents >= width)
            if wrong.any():
                beam = int(np.argmax(wrong))
                raise invalid("Saw invalid parent id %d at (batch, time, beam) == (%d, %d, %d)", parents[beam], batch, level, beam)
            beams[level, batch] = step_ids[level, batch, parents]
            parents = parent_ids[level, batch, parents]
        ended = np.cumsum(beams[: last + 1, batch] == end_token, axis=0) > 0
        beams[: last + 1, batch][ended] = end_token
    return beams


def _check(step_ids, parent_ids, max_sequence_lengths, end_token):
    have = shapes.to_brackets(step_ids.shape)
    if step_ids.ndim != 3:
        raise invalid("step_ids must be a 3-tensor, saw shape: %s", have)
    if max_sequence_lengths.ndim != 1:
        raise invalid("max_sequence_lengths must be a vector, saw shape: %s", shapes.to_brackets(max_sequence_lengths.shape))
    if end_token.ndim:
        raise invalid("end_token must be a scalar, saw shape: %s", shapes.to_brackets(end_token.shape))
    if step_ids.shape != parent_ids.shape:
        raise invalid("step_ids.shape must match parent_ids.shape.  but shapes are: %s and %s",
                      have, shapes.to_brackets(parent_ids.shape))  # fmt: skip
    if step_ids.shape[1] != max_sequence_lengths.shape[0]:
        raise invalid("batch size dimensions step_ids.shape[1] and max_sequence_lengths.shape[0] must match.  but shapes are: %s "
                      "and %s", have, shapes.to_brackets(max_sequence_lengths.shape))  # fmt: skip


@_gather_tree.shape
def _(step_ids, parent_ids, max_sequence_lengths, end_token):
    step_ids, parent_ids = shapes.with_rank(step_ids, 3), shapes.with_rank(parent_ids, 3)
    lengths = shapes.with_rank(max_sequence_lengths, 1)
    shapes.with_rank(end_token, 0)
    steps, batch_size, width = shapes.merge(step_ids, parent_ids)
    return steps, shapes.merge_dims(batch_size, lengths[0]), width


_gather_tree.not_differentiable()


@_gather_tree.samples
def _(make):
    steps = np.array([[[1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]], [[0, 0, 0]]], np.int32)
    parents = np.array([[[0, 0, 0]], [[0, 1, 1]], [[2, 1, 2]], [[0, 0, 0]]], np.int32)
    yield steps, parents, np.array([3], np.int32), np.int32(10)
    yield (
        np.array([[[1], [2]], [[10], [3]], [[4], [5]]], np.int32),
        np.zeros((3, 2, 1), np.int32),
        np.array([3, 0], np.int32),
        np.int32(10),
    )


@export("contrib.seq2seq.gather_tree")
def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token, name=None):
    """The beams of a search, of the ids of each step and the beams that these continue.

    Args:
      step_ids: an int32 tensor of the shape `[max_time, batch_size, beam_width]`.
      parent_ids: the numbers of the beams of the step before, of the same shape.
      max_sequence_lengths: an int32 vector of the lengths of the longest beams.
      end_token: an int32 scalar: the id that ends a beam; also what stands behind the end.
      name: the name of the node.

    Returns:
      The ids of the beams, of the shape of `step_ids`.

    Raises:
      InvalidArgumentError: a parent is none of the beams, or shapes don't fit.
    """
    return _gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token, name=name)
