"""Signals in time, cut into frames and put together again: `tf.signal.frame`, `tf.signal.overlap_and_add`."""

import math

from ..core import dtypes, known
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from .binary import maximum
from .comparison import greater
from .division import floor_mod
from .filling import range_, zeros, zeros_like
from .gathering import gather
from .joining import concat
from .padding import pad
from .reduce import reduce_sum
from .shaping import rank as rank_of, reshape, shape as shape_of, size as size_of
from .slicing import strided_slice
from .splitting import split
from .transposing import transpose
from .while_loop import while_loop


def scalar(value, name, dtype=None):
    """A tensor that must have rank 0."""
    value = convert(value, dtype, name)
    value.shape.assert_has_rank(0)
    return value


def number(tensor):
    """The value of a scalar as an int, or None if it is not known."""
    value = known.value(tensor)
    return None if value is None else int(value)


def _greatest_common_divisor(a, b):
    with name_scope(None, "gcd", [a, b]):
        a, b = convert(a), convert(b)
        for name, t in (("a", a), ("b", b)):
            t.shape.assert_has_rank(0)
            if not t.dtype.is_integer:
                raise ValueError("%s must be an integer type. Got: %s" % (name, t.dtype))
        known_a, known_b = number(a), number(b)
        if known_a is not None and known_b is not None:
            return convert(math.gcd(known_a, known_b))
        return while_loop(
            lambda _, b: greater(b, zeros_like(b)), lambda a, b: [b, floor_mod(a, b)], [a, b], back_prop=False
        )[0]  # fmt: skip


def _frames_shape(signal, frame_length, frame_step, pad_end, axis):
    """What is known of the shape of the frames of a signal; None if that is nothing."""
    length, step, axis = (number(t) for t in (frame_length, frame_step, axis))
    if signal._shape is None:
        return None
    if axis is None:
        return [None] * (len(signal._shape) + 1)
    shape = list(signal._shape)
    samples, count = shape[axis], None
    if samples is not None and step is not None:
        if pad_end:
            count = max(0, -(-samples // step))
        elif length is not None:
            count = max(0, (samples - length + step) // step)
    return shape[:axis] + [count, length] + shape[axis:][1:]


@export("signal.frame", "contrib.signal.frame")
def frame(signal, frame_length, frame_step, pad_end=False, pad_value=0, axis=-1, name=None):
    """A signal cut into frames, which may overlap.

    Args:
      signal: a tensor of shape `[..., samples, ...]`.
      frame_length: the number of samples in a frame.
      frame_step: how many samples from one frame to the next.
      pad_end: whether samples at the end that fill no frame get one, filled up with `pad_value`.
      pad_value: a scalar.
      axis: the dimension of the samples.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `[..., frames, frame_length, ...]`.

    Raises:
      ValueError: an argument that should be a scalar is none.
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert(signal, None, "signal")
        frame_length = convert(frame_length, None, "frame_length")
        frame_step = convert(frame_step, None, "frame_step")
        axis = convert(axis, None, "axis")
        signal.shape.with_rank_at_least(1)
        for t in (frame_length, frame_step, axis):
            t.shape.assert_has_rank(0)
        result_shape = _frames_shape(signal, frame_length, frame_step, pad_end, axis)
        rank = rank_of(signal)
        axis = range_(rank)[axis]
        shape = shape_of(signal)
        outer, samples, inner = split(shape, [axis, 1, rank - 1 - axis])
        samples = reshape(samples, [])
        outer_rank, inner_rank = size_of(outer), size_of(inner)
        if pad_end:
            pad_value = scalar(pad_value, None, signal.dtype)
            count = -(-samples // frame_step)
            missing = maximum(0, frame_length + frame_step * (count - 1) - samples)
            paddings = concat([zeros([outer_rank, 2], missing.dtype), [[0, missing]], zeros([inner_rank, 2], missing.dtype)], 0)
            signal = pad(signal, paddings, constant_values=pad_value)
            shape = shape_of(signal)
            samples = shape[axis]
        else:
            count = maximum(0, 1 + (samples - frame_length) // frame_step)
        frames = _gathered_frames(signal, frame_length, frame_step, axis, shape, outer, samples, inner, count)
        if result_shape:
            frames.set_shape(result_shape)
        return frames


def _gathered_frames(signal, length, step, axis, shape, outer, samples, inner, count):
    """Frames made of shorter pieces, whose length divides that of frames and steps, so that whole pieces are gathered."""
    piece = _greatest_common_divisor(length, step)
    pieces_per_frame, pieces_per_step, pieces = length // piece, step // piece, samples // piece
    whole = concat([outer, [pieces * piece], inner], 0)
    in_pieces = concat([outer, [pieces, piece], inner], 0)
    cut = reshape(strided_slice(signal, zeros_like(shape), whole), in_pieces)
    first = reshape(range_(count) * pieces_per_step, [count, 1])
    following = reshape(range_(pieces_per_frame), [1, pieces_per_frame])
    selector = first + following
    return reshape(gather(cut, selector, axis=axis), concat([outer, [count, length], inner], 0))


@export("signal.overlap_and_add", "contrib.signal.overlap_and_add")
def overlap_and_add(signal, frame_step, name=None):
    """A signal made of frames that overlap, whose samples are added where they do.

    Args:
      signal: a tensor of shape `[..., frames, frame_length]`.
      frame_step: how many samples from one frame to the next, an int scalar.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `[..., (frames - 1) * frame_step + frame_length]`.

    Raises:
      ValueError: `frame_step` is no integer scalar, or `signal` has less than two dimensions.
    """
    with name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert(signal, None, "signal")
        signal.shape.with_rank_at_least(2)
        frame_step = scalar(frame_step, "frame_step")
        if not frame_step.dtype.is_integer:
            raise ValueError("frame_step must be an integer. Got %s" % frame_step.dtype)
        shape = shape_of(signal)
        outer = shape[:-2]
        outer_rank = size_of(outer)

        def reshaped(x, inner, name=None):
            return reshape(x, concat([outer, inner], 0), name=name)

        length, frames = shape[-1], shape[-2]
        total = length + frame_step * (frames - 1)
        step = number(frame_step)
        if step is not None and signal._shape is not None and step == signal._shape[-1]:
            return reshaped(signal, [total], "fast_path")
        # Frames are cut into segments of the step's length.  Padded and transposed so that the segments that belong to one place
        # of the signal come to stand in one column, they are summed.
        segments = -(-length // frame_step)
        paddings = [[0, segments], [0, segments * frame_step - length]]
        paddings = concat([zeros([outer_rank, 2], dtypes.int32), paddings], 0)
        signal = reshaped(pad(signal, paddings), [frames + segments, segments, frame_step])
        signal = transpose(signal, concat([range_(outer_rank), outer_rank + [1, 0, 2]], 0))
        signal = reshaped(signal, [(frames + segments) * segments, frame_step])
        signal = signal[..., : (frames + segments - 1) * segments, :]
        signal = reshaped(signal, [segments, (frames + segments - 1), frame_step])
        signal = reshaped(reduce_sum(signal, -3), [(frames + segments - 1) * frame_step])
        return signal[..., :total]
