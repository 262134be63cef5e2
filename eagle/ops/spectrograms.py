"""Windows, short-time Fourier transforms, cosine transforms and mel spectrograms: what `tf.signal` makes of Fourier transforms."""

import math

import numpy as np

from ..core import dtypes, known
from ..core.convert import constant, convert
from ..core.export import export
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from .binary import maximum, minimum, pow_
from .cast import cast
from .comparison import equal
from .complex import complex_, real
from .cond import cond
from .division import floor_mod
from .fft import irfft, rfft
from .filling import ones, range_, zeros
from .joining import concat
from .padding import pad
from .rearranging import tile
from .reduce import reduce_sum
from .sequences import linspace
from .shaping import expand_dims, rank as rank_of, reshape, shape as shape_of
from .signal import frame, number, overlap_and_add, scalar
from .splitting import split
from .unary import ceil, cos, exp, log, rsqrt, sqrt, square

# ----------------------------------------------------------------------------------------------------------------- windows


def _raised_cosine(default_name, window_length, periodic, dtype, name, a, b):
    """The window `a - b cos(2 pi n / length)`."""
    if not dtype.is_floating:
        raise ValueError("dtype must be a floating point type. Found %s" % dtype)
    with name_scope(name, default_name, [window_length, periodic]):
        window_length = scalar(window_length, "window_length", dtypes.int32)
        length = number(window_length)
        if length == 1:
            return ones([1], dtype)
        periodic = cast(convert(periodic, dtypes.bool_, "periodic"), dtypes.int32)
        periodic.shape.assert_has_rank(0)
        even = 1 - floor_mod(window_length, 2)
        n = cast(window_length + periodic * even - 1, dtype)
        count = cast(range_(window_length), dtype)
        angle = constant(2 * np.pi, dtype) * count / n
        if length is not None:
            return cast(a - b * cos(angle), dtype)
        return cond(equal(window_length, 1), lambda: ones([1], dtype), lambda: cast(a - b * cos(angle), dtype))


@export("signal.hann_window", "contrib.signal.hann_window")
def hann_window(window_length, periodic=True, dtype=dtypes.float32, name=None):
    """A Hann window: a raised cosine that begins at 0.

    Args:
      window_length: the number of samples, an int scalar.
      periodic: whether a window of even length is that of a periodic signal; otherwise it is symmetric, for the design of filters.
      dtype: a floating point type.
      name: the name scope of the nodes.

    Raises:
      ValueError: `dtype` is no floating point type.
    """
    return _raised_cosine("hann_window", window_length, periodic, dtype, name, 0.5, 0.5)


@export("signal.hamming_window", "contrib.signal.hamming_window")
def hamming_window(window_length, periodic=True, dtype=dtypes.float32, name=None):
    """A Hamming window: a raised cosine that begins at 0.08.

    Args:
      window_length: the number of samples, an int scalar.
      periodic: whether a window of even length is that of a periodic signal; otherwise it is symmetric, for the design of filters.
      dtype: a floating point type.
      name: the name scope of the nodes.

    Raises:
      ValueError: `dtype` is no floating point type.
    """
    return _raised_cosine("hamming_window", window_length, periodic, dtype, name, 0.54, 0.46)


# ------------------------------------------------------------------------------------------ short-time Fourier transforms


def _enclosing_power_of_two(value):
    """The smallest power of 2 that is not less than an int tensor's value."""
    known_value = number(value)
    if known_value is not None:
        return constant(int(2 ** np.ceil(np.log(known_value) / np.log(2.0))), value.dtype)
    return cast(pow_(2.0, ceil(log(cast(value, dtypes.float32)) / log(2.0))), value.dtype)


@export("signal.stft", "contrib.signal.stft")
def stft(signals, frame_length, frame_step, fft_length=None, window_fn=hann_window, pad_end=False, name=None):
    """The Fourier transforms of a signal's frames.

    Args:
      signals: a float32 tensor of shape `[..., samples]`.
      frame_length: the number of samples in a frame.
      frame_step: how many samples from one frame to the next.
      fft_length: the length of the transforms; by default the next power of 2.
      window_fn: a function `(length, dtype)` that makes the window by which frames are multiplied, or None.
      pad_end: whether samples at the end that fill no frame get one, filled up with zeros.
      name: the name scope of the nodes.

    Returns:
      A complex64 tensor of shape `[..., frames, fft_length / 2 + 1]`.

    Raises:
      ValueError: an argument that should be a scalar is none.
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert(signals, None, "signals")
        signals.shape.with_rank_at_least(1)
        frame_length = scalar(frame_length, "frame_length")
        frame_step = scalar(frame_step, "frame_step")
        if fft_length is None:
            fft_length = _enclosing_power_of_two(frame_length)
        else:
            fft_length = convert(fft_length, None, "fft_length")
        frames = frame(signals, frame_length, frame_step, pad_end=pad_end)
        if window_fn is not None:
            window = window_fn(frame_length, dtype=frames.dtype)
            frames *= window
        return rfft(frames, [fft_length])


@export("signal.inverse_stft_window_fn", "contrib.signal.inverse_stft_window_fn")
def inverse_stft_window_fn(frame_step, forward_window_fn=hann_window, name=None):
    """Makes a function that makes the window with which `tf.signal.inverse_stft` undoes `tf.signal.stft`.

    Args:
      frame_step: how many samples from one frame to the next.
      forward_window_fn: the function that made the windows for the transforms.
      name: the name scope of the nodes.

    Returns:
      A function `(frame_length, dtype)`.
    """
    with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
        frame_step = scalar(frame_step, "frame_step")

    def inverse_window(frame_length, dtype):
        """The window by which frames are multiplied before they are added; see Griffin and Lim (1984)."""
        with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            frame_length = scalar(frame_length, "frame_length")
            forward = forward_window_fn(frame_length, dtype=dtype)
            energy = square(forward)
            overlaps = -(-frame_length // frame_step)
            energy = pad(energy, [(0, overlaps * frame_step - frame_length)])
            energy = reshape(energy, [overlaps, frame_step])
            energy = reduce_sum(energy, 0, keepdims=True)
            energy = tile(energy, [overlaps, 1])
            energy = reshape(energy, [overlaps * frame_step])
            return forward / energy[:frame_length]

    return inverse_window


@export("signal.inverse_stft", "contrib.signal.inverse_stft")
def inverse_stft(stfts, frame_length, frame_step, fft_length=None, window_fn=hann_window, name=None):
    """A signal from the Fourier transforms of its frames.

    Args:
      stfts: a complex64 tensor of shape `[..., frames, fft_length / 2 + 1]`.
      frame_length: the number of samples in a frame.
      frame_step: how many samples from one frame to the next.
      fft_length: the length of the transforms; by default the next power of 2.
      window_fn: a function `(length, dtype)` that makes the window by which frames are multiplied, or None; the one that undoes
        windows of `tf.signal.stft` comes from `tf.signal.inverse_stft_window_fn`.
      name: the name scope of the nodes.

    Returns:
      A float32 tensor of shape `[..., samples]`.

    Raises:
      ValueError: an argument that should be a scalar is none, or `stfts` has less than two dimensions.
    """
    with name_scope(name, "inverse_stft", [stfts]):
        stfts = convert(stfts, None, "stfts")
        stfts.shape.with_rank_at_least(2)
        frame_length = scalar(frame_length, "frame_length")
        frame_step = scalar(frame_step, "frame_step")
        if fft_length is None:
            fft_length = _enclosing_power_of_two(frame_length)
        else:
            fft_length = scalar(fft_length, "fft_length")
        frames = _fitted(irfft(stfts, [fft_length]), frame_length)
        if window_fn is not None:
            window = window_fn(frame_length, dtype=stfts.dtype.real_dtype)
            frames *= window
        return overlap_and_add(frames, frame_step)


def _fitted(frames, frame_length):
    """Frames cut or filled up with zeros to a length."""
    length = number(frame_length)
    have = None if frames._shape is None else frames._shape[-1]
    if length is None or have is None:
        frames = frames[..., :frame_length]
        rank, shape = rank_of(frames), shape_of(frames)
        missing = maximum(0, frame_length - shape[-1])
        frames = pad(frames, concat([zeros([rank - 1, 2], frame_length.dtype), [[0, missing]]], 0))
    elif have > length:
        frames = frames[..., :length]
    elif have < length:
        frames = pad(frames, [[0, 0]] * (len(frames._shape) - 1) + [[0, length - have]])
    if length is not None and frames._shape is not None:
        frames.set_shape([None] * (len(frames._shape) - 1) + [length])
    return frames


# ------------------------------------------------------------------------------------------------------- cosine transforms


def _check_dct(input, type, n, axis, norm):
    if axis != -1:
        raise NotImplementedError("axis must be -1. Got: %s" % axis)
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in (1, 2, 3):
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if type == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        last = input.shape[-1]
        last = getattr(last, "value", last)
        if last is not None and last < 2:
            raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError("Unknown normalization. Expected None or 'ortho', got: %s" % norm)


def _last_dimension(x):
    """The size of the last dimension, as an int if it is known."""
    static = x._shape[-1] if x._shape is not None else None
    return static or shape_of(x)[-1]


@export("signal.dct", "spectral.dct")
def dct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """The discrete cosine transforms along the last dimension.

    Args:
      input: a float32 tensor of shape `[..., samples]`.
      type: the type of the transform: 1, 2 or 3.
      n: its length; the input is cut or filled up with zeros to fit.
      axis: must be -1.
      norm: "ortho" for an orthogonal transform (of type 2 or 3), or None.
      name: the name scope of the nodes.

    Returns:
      A float32 tensor of shape `[..., n]`.

    Raises:
      NotImplementedError: `axis` is not -1.
      ValueError: another argument is none of those.
    """
    _check_dct(input, type, n, axis, norm)
    with name_scope(name, "dct", [input]):
        input = convert(input, dtypes.float32)
        have = _last_dimension(input)
        if n is not None:
            if n <= have:
                input = input[..., 0:n]
            else:
                paddings = [[0, 0]] * (len(input.shape) - 1) + [[0, n - have]]
                input = pad(input, convert(paddings, dtypes.int32))
        length = _last_dimension(input)
        float_length = cast(length, dtypes.float32)
        if type == 1:
            return real(rfft(concat([input, input[..., -2:0:-1]], axis=-1)))
        return (_dct2 if type == 2 else _dct3)(input, length, float_length, norm)


def _dct2(input, length, float_length, norm):
    scale = 2.0 * exp(complex_(0.0, -range_(float_length) * math.pi * 0.5 / float_length))
    result = real(rfft(input, fft_length=[2 * length])[..., :length] * scale)
    if norm == "ortho":
        first = 0.5 * rsqrt(float_length)
        others = first * sqrt(2.0)
        result *= pad(expand_dims(first, 0), [[0, length - 1]], constant_values=others)
    return result


def _dct3(input, length, float_length, norm):
    if norm == "ortho":
        first = sqrt(float_length)
        others = first * sqrt(0.5)
        input *= pad(expand_dims(first, 0), [[0, length - 1]], constant_values=others)
    else:
        input *= float_length
    scale = 2.0 * exp(complex_(0.0, range_(float_length) * math.pi * 0.5 / float_length))
    return real(irfft(scale * complex_(input, 0.0), fft_length=[2 * length]))[..., :length]


@export("signal.idct", "spectral.idct")
def idct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """The inverse discrete cosine transforms along the last dimension (up to a factor, unless `norm` is "ortho").

    Args:
      input: a float32 tensor of shape `[..., samples]`.
      type: the type of the transform that is undone: 1, 2 or 3.
      n: its length; the input is cut or filled up with zeros to fit.
      axis: must be -1.
      norm: "ortho" for an orthogonal transform (of type 2 or 3), or None.
      name: the name scope of the nodes.

    Returns:
      A float32 tensor of shape `[..., n]`.

    Raises:
      NotImplementedError: `axis` is not -1.
      ValueError: another argument is none of those.
    """
    _check_dct(input, type, n, axis, norm)
    return dct(input, type={1: 1, 2: 3, 3: 2}[type], n=n, axis=axis, norm=norm, name=name)


# -------------------------------------------------------------------------------------------------------- mel spectrograms

_BREAK_FREQUENCY, _HIGH_FREQUENCY_Q = 700.0, 1127.0  # of the mel scale, as the Hidden Markov Model Toolkit has it


def _hertz_to_mel(frequencies):
    with name_scope(None, "hertz_to_mel", [frequencies]):
        return _HIGH_FREQUENCY_Q * log(1.0 + (frequencies / _BREAK_FREQUENCY))


def _check_mel(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, dtype):
    if num_mel_bins <= 0:
        raise ValueError("num_mel_bins must be positive. Got: %s" % num_mel_bins)
    if sample_rate <= 0.0:
        raise ValueError("sample_rate must be positive. Got: %s" % sample_rate)
    if lower_edge_hertz < 0.0:
        raise ValueError("lower_edge_hertz must be non-negative. Got: %s" % lower_edge_hertz)
    if lower_edge_hertz >= upper_edge_hertz:
        raise ValueError("lower_edge_hertz %.1f >= upper_edge_hertz %.1f" % (lower_edge_hertz, upper_edge_hertz))
    if upper_edge_hertz > sample_rate / 2:
        raise ValueError("upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). "
                         "Got: %s for sample_rate: %s" % (upper_edge_hertz, sample_rate))  # fmt: skip
    if not dtype.is_floating:
        raise ValueError("dtype must be a floating point type. Got: %s" % dtype)


@export("signal.linear_to_mel_weight_matrix", "contrib.signal.linear_to_mel_weight_matrix")
def linear_to_mel_weight_matrix(num_mel_bins=20, num_spectrogram_bins=129, sample_rate=8000, lower_edge_hertz=125.0,
                                upper_edge_hertz=3800.0, dtype=dtypes.float32, name=None):  # fmt: skip
    """A matrix by which spectrograms are multiplied to get mel spectrograms.

    Args:
      num_mel_bins: how many bands the mel spectrum has.
      num_spectrogram_bins: how many frequencies the spectrogram has.
      sample_rate: the samples per second of the signal, a number or a tensor whose value is known.
      lower_edge_hertz: where the lowest band begins.
      upper_edge_hertz: where the highest band ends.
      dtype: a floating point type.
      name: the name of the last node.

    Returns:
      A tensor of shape `[num_spectrogram_bins, num_mel_bins]`.

    Raises:
      ValueError: numbers are negative, not in order, or beyond the Nyquist frequency, or `sample_rate` is not known.
    """
    with name_scope(name, "linear_to_mel_weight_matrix") as scope:
        if isinstance(sample_rate, Tensor):
            sample_rate = known.value(sample_rate)
            if sample_rate is None:
                raise ValueError("`sample_rate` was a non-constant Tensor. Must be a Python float or a constant Tensor.")
        _check_mel(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, dtype)
        sample_rate = convert(sample_rate, dtype, "sample_rate")
        lower_edge_hertz = convert(lower_edge_hertz, dtype, "lower_edge_hertz")
        upper_edge_hertz = convert(upper_edge_hertz, dtype, "upper_edge_hertz")
        zero = convert(0.0, dtype)
        nyquist = sample_rate / 2.0
        frequencies = linspace(zero, nyquist, num_spectrogram_bins)[1:]  # the frequency 0 belongs to no band
        bins = expand_dims(_hertz_to_mel(frequencies), 1)
        edges = linspace(_hertz_to_mel(lower_edge_hertz), _hertz_to_mel(upper_edge_hertz), num_mel_bins + 2)
        edges = frame(edges, frame_length=3, frame_step=1)
        lower, center, upper = (reshape(t, [1, num_mel_bins]) for t in split(edges, 3, axis=1))
        rising = (bins - lower) / (center - lower)
        falling = (upper - bins) / (upper - center)
        weights = maximum(zero, minimum(rising, falling))
        return pad(weights, [[1, 0], [0, 0]], name=scope)


@export("signal.mfccs_from_log_mel_spectrograms", "contrib.signal.mfccs_from_log_mel_spectrograms")
def mfccs_from_log_mel_spectrograms(log_mel_spectrograms, name=None):
    """Mel frequency cepstral coefficients.

    Args:
      log_mel_spectrograms: the logarithms of mel spectrograms, a float32 tensor of shape `[..., bands]`.
      name: the name scope of the nodes.

    Returns:
      A float32 tensor of the same shape.

    Raises:
      ValueError: there are no bands.
    """
    with name_scope(name, "mfccs_from_log_mel_spectrograms", [log_mel_spectrograms]):
        log_mel_spectrograms = convert(log_mel_spectrograms, dtypes.float32)
        shape = log_mel_spectrograms._shape
        bands = shape[-1] if shape else None
        if bands == 0:
            raise ValueError("num_mel_bins must be positive. Got: %s" % log_mel_spectrograms)
        if bands is None:
            bands = shape_of(log_mel_spectrograms)[-1]
        return dct(log_mel_spectrograms, type=2) * rsqrt(cast(bands, dtypes.float32) * 2.0)
