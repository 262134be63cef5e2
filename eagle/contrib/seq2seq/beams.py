"""Rearranging tensors for a beam search: between a batch of beams and beams of a batch, and along the beams."""

from ...core import nest
from ...core.context import here
from ...core.convert import convert
from ...core.dtypes import int32
from ...core.export import export
from ...core.scopes import control_dependencies, name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...core.tensor import Tensor
from ...ops.cast import cast
from ...ops.comparison import equal, logical_and, logical_or
from ...ops.filling import range_
from ...ops.gather_tree import gather_tree
from ...ops.gathering import gather, gather_nd
from ...ops.joining import concat, stack
from ...ops.printing import Assert
from ...ops.rearranging import tile
from ...ops.reduce import reduce_max
from ...ops.sequences import sequence_mask
from ...ops.shaping import expand_dims, reshape, shape as shape_of
from ...ops.tensor_arrays import TensorArray
from ...ops.transposing import transpose
from ...ops.where import where
from ...platform import tf_logging
from .memory import size_of


@export("contrib.seq2seq.tile_batch")
def tile_batch(t, multiplier, name=None):
    """A structure of tensors with each row of the batch several times, one behind the other: one for each beam.

    Args:
      t: a structure of tensors of the shape `[batch_size, ...]`.
      multiplier: how many times.
      name: the name scope.

    Raises:
      ValueError: a tensor has an unknown rank, or is a scalar.
    """
    with name_scope(name, "tile_batch", [*nest.flatten(t), multiplier]):
        return nest.map_structure(lambda x: _tiled(x, multiplier), t)


def _tiled(t, multiplier):
    t = convert(t, name="t")
    shape = shape_of(t)
    if not t.shape.ndims:
        raise ValueError("t must have statically known rank")
    tiled = tile(expand_dims(t, 1), [1, multiplier] + [1] * (t.shape.ndims - 1))
    tiled = reshape(tiled, concat(([shape[0] * multiplier], shape[1:]), 0))
    if not here.eager:
        batch = t._shape[0]
        tiled.set_shape(TensorShape([None if batch is None else batch * multiplier]).concatenate(t.shape[1:]))
    return tiled


@export("contrib.seq2seq.python.ops.beam_search_decoder.gather_tree_from_array")
def gather_tree_from_array(t, parent_ids, sequence_length):
    """The steps of a tensor of the shape `[time, batch_size, beam_width, ...]` along the beams of a search.

    Args:
      t: the tensor, or one of the shape `[time, batch_size * beam_width, ...]`.
      parent_ids: the numbers of the beams of the step before, of the shape `[time, batch_size, beam_width]`.
      sequence_length: the lengths of the beams, of the shape `[batch_size, beam_width]`.
    """
    steps, batch_size, width = (size_of(parent_ids, i) for i in range(3))
    beams = tile(expand_dims(expand_dims(range_(width), 0), 0), [steps, batch_size, 1])
    longest = cast(reduce_max(sequence_length, axis=1), int32)
    order = gather_tree(step_ids=beams, parent_ids=parent_ids, max_sequence_lengths=longest, end_token=width + 1)
    inside = transpose(sequence_mask(sequence_length, maxlen=steps), perm=[2, 0, 1])
    order = where(inside, x=order, y=beams)
    times = tile(reshape(range_(steps), [-1, 1, 1]), [1, batch_size, width])
    rows = transpose(tile(reshape(range_(batch_size), [-1, 1, 1]), [1, steps, width]), perm=[1, 0, 2])
    indices = stack([times, rows, order], -1)
    final_shape = shape_of(t)
    return reshape(gather_nd(reshape(t, [steps, batch_size, width, -1]), indices), final_shape)


def check_rank(t):
    """Raises ValueError if the rank of a tensor is unknown."""
    if t.shape.ndims is None:
        raise ValueError("Expected tensor (%s) to have known rank, but ndims == None." % t)


def _static(shape):
    return TensorShape(constant_value(shape)) if isinstance(shape, Tensor) else TensorShape(shape)


class Beams:
    """The beams of a batch.

    Args:
      batch_size: the size of the batch, an int32 scalar.
      width: the number of beams for each row.
    """

    def __init__(self, batch_size, width):
        self.batch_size, self.width = batch_size, width

    def merge(self, t, shape=None):
        """`[batch_size, width, *shape]` as `[batch_size * width, *shape]`."""
        shape, dynamic = _static(shape), shape_of(t)
        known = constant_value(self.batch_size)
        merged = reshape(t, concat(([self.batch_size * self.width], dynamic[2:]), 0))
        merged.set_shape(TensorShape([None if known is None else int(known) * self.width]).concatenate(shape))
        return merged

    def split(self, t, shape=None):
        """`[batch_size * width, *shape]` as `[batch_size, width, *shape]`; raises ValueError if that is no such tensor."""
        shape, dynamic = _static(shape), shape_of(t)
        parts = reshape(t, concat(([self.batch_size, self.width], dynamic[1:]), 0))
        expected = TensorShape([constant_value(self.batch_size), self.width]).concatenate(shape)
        if not parts.shape.is_compatible_with(expected):
            raise ValueError(
                "Unexpected behavior when reshaping between beam width and batch size.  The reshaped tensor has shape: %s.  We "
                "expected it to have shape (batch_size, beam_width, depth) == %s.  Perhaps you forgot to create a zero_state with "
                "batch_size=encoder_batch_size * beam_width?" % (parts.shape, expected)
            )
        parts.set_shape(expected)
        return parts

    def maybe_merge(self, t, shape):
        """`merge`, for tensors that have both dimensions."""
        if isinstance(t, TensorArray):
            return t
        check_rank(t)
        return self.merge(t, shape) if t.shape.ndims >= 2 else t

    def maybe_split(self, t, shape):
        """`split`, for tensors that have a dimension."""
        if isinstance(t, TensorArray):
            return t
        check_rank(t)
        return self.split(t, shape) if t.shape.ndims >= 1 else t

    def along(self, t, parent_ids, lengths):
        """A `TensorArray` as a tensor with its steps along the beams; anything else, or one that can't, as it is."""
        if not isinstance(t, TensorArray):
            return t
        if not t.element_shape.ndims:
            tf_logging.warn(
                "The TensorArray %s in the cell state is not amenable to sorting based on the beam search result. For a "
                "TensorArray to be sorted, its elements shape must be defined and have at least a rank of 1, but saw shape: %s",
                t.handle.name, t.element_shape)  # fmt: skip
            return t
        if not self._may_be_sorted(t.element_shape):
            return t
        t = t.stack()
        with control_dependencies([self._check(t)]):
            return gather_tree_from_array(t, parent_ids, lengths)

    def _may_be_sorted(self, shape):
        known, sizes = constant_value(self.batch_size), shape.as_list()
        if known is None or sizes[0] is None:
            return True
        apart = len(sizes) >= 2 and sizes[1] is not None  # then TensorFlow wants both sizes, and their product as the first
        if sizes[0] == known * self.width and (not apart or sizes[:2] == [known, self.width]):
            return True
        tf_logging.warn(
            "TensorArray reordering expects elements to be reshapable to %s which is incompatible with the current shape %s. "
            "Consider setting reorder_tensor_arrays to False to disable TensorArray reordering during the beam search.",
            TensorShape([known, self.width, None]), shape)  # fmt: skip
        return False

    def _check(self, t):
        message = (
            "TensorArray reordering expects elements to be reshapable to [batch_size, beam_size, -1] which is incompatible with "
            "the dynamic shape of %s elements. Consider setting reorder_tensor_arrays to False to disable TensorArray reordering "
            "during the beam search." % (t if here.eager else t.name)
        )
        shape = shape_of(t)
        fits = equal(shape[1], self.batch_size * self.width)
        if t.shape.ndims != 2:
            fits = logical_or(fits, logical_and(equal(shape[1], self.batch_size), equal(shape[2], self.width)))
        return Assert(fits, [message])

    def choose(self, indices, t, range_size, gather_shape, name=None):
        """The elements of a tensor of beams at some indices.

        Args:
          indices: the indices, for each row of the batch, of the shape `[batch_size, width]`.
          t: the tensor.
          range_size: the number of elements for each row.
          gather_shape: the shape as which the elements of all rows lie one behind the other.
          name: the name scope.
        """
        with name_scope(name, "tensor_gather_helper"):
            offsets = expand_dims(range_(self.batch_size) * range_size, 1)
            indices = reshape(indices + offsets, [-1])
            output = gather(reshape(t, gather_shape), indices)
            output = reshape(output, shape_of(t)[: 1 + len(gather_shape)], name="output")
            output.set_shape(TensorShape([constant_value(self.batch_size)]).concatenate(t.shape[1 : 1 + len(gather_shape)]))
            return output

    def maybe_choose(self, indices, t):
        """The beams of a tensor that come next, if it has beams."""
        if isinstance(t, TensorArray):
            return t
        check_rank(t)
        gather_shape = [self.batch_size * self.width, -1]
        return self.choose(indices, t, self.width, gather_shape) if t.shape.ndims >= len(gather_shape) else t
