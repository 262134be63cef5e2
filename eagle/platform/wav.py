"""Sound as WAV files."""

import struct

import numpy as np

from ..core.errors import invalid

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_BYTES = 2  # of a sample


def encode(frames, sample_rate):
    """The bytes of a WAV file with samples of 16 bits.

    Args:
      frames: an array of shape `(frames, channels)` of floats between -1 and 1.
      sample_rate: frames in a second, an integer.

    Raises:
      InvalidArgumentError: no such file can hold that.
    """
    count, channels = frames.shape
    if not 0 < sample_rate < 1 << 32:
        raise invalid("sample_rate must be in (0, 2^32), got: %d", sample_rate)
    if not 0 < channels < 1 << 16:
        raise invalid("num_channels must be in (0, 2^16), got: %d", channels)
    if not count:
        raise invalid("num_frames must be positive.")
    size = frames.size * _BYTES
    if _HEADER.size + size >= 1 << 32:
        raise invalid("Provided channels and frames cannot be encoded as a WAV.")
    scaled = frames.astype(np.float32) * np.float32(1 << 15)
    away_from_zero = np.trunc(scaled + np.copysign(np.float32(0.5), scaled))
    samples = np.nan_to_num(np.clip(away_from_zero, -(1 << 15), (1 << 15) - 1)).astype("<i2")
    per_frame = channels * _BYTES
    header = _HEADER.pack(b"RIFF", _HEADER.size + size - 8, b"WAVE", b"fmt ", 16, 1, channels, sample_rate, sample_rate * per_frame,
                          per_frame, 8 * _BYTES, b"data", size)  # fmt: skip
    return header + samples.tobytes()
