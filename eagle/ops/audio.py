"""Sound: WAV files (`tf.audio.decode_wav`, `encode_wav`), spectrograms and the cepstrum made of them."""

import math

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..platform import tf_logging, wav

_f = np.float32

# -------------------------------------------------------------------------------------------------------------------- WAV


class _File:
    """The bytes of a file, read one thing after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at > len(self.data):
            raise invalid("Initial offset is outside data range: %d", self.at)
        if self.at + count > len(self.data):
            raise invalid("Data too short when trying to read string")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "little")

    def expect(self, text):
        found = self.take(len(text))
        if found != text:
            raise invalid("Header mismatch: Expected %s but found %s", text.decode(), found.decode("latin-1"))


def _read_format(file):
    """The number of channels, the sample rate and the bytes of one sample of all channels."""
    file.expect(b"RIFF")
    file.number(4)
    file.expect(b"WAVE")
    file.expect(b"fmt ")
    size = file.number(4)
    if size not in (16, 18):
        raise invalid("Bad file size for WAV: Expected 16 or 18, but got%d", size)
    kind = file.number(2)
    if kind != 1:
        raise invalid("Bad audio format for WAV: Expected 1 (PCM), but got%d", kind)
    channels = file.number(2)
    if channels < 1:
        raise invalid("Bad number of channels for WAV: Expected at least 1, but got %d", channels)
    rate, by_second, by_sample, bits = (file.number(n) for n in (4, 4, 2, 2))
    if bits != 16:
        raise invalid("Can only read 16-bit WAV files, but received %d", bits)
    if by_sample != 2 * channels:
        raise invalid("Bad bytes per sample in WAV header: Expected %d but got %d", 2 * channels, by_sample)
    if by_second != by_sample * rate:
        raise invalid("Bad bytes per second in WAV header: Expected %d but got %d (sample_rate=%d, bytes_per_sample=%d)",
                      by_sample * rate, by_second, rate, by_sample)  # fmt: skip
    file.at += size - 16
    return channels, rate, by_sample


def _read(data):
    """The samples in a file as floats, `[samples, channels]`, and their rate."""
    file, samples = _File(data), None
    channels, rate, by_sample = _read_format(file)
    while file.at < len(data):
        name, size = file.take(4), file.number(4)
        if size > 2**31 - 1:
            raise invalid(
                "WAV data chunk '%s' is too large: %d bytes, but the limit is %d", name.decode("latin-1"), size, 2**31 - 1
            )
        if name != b"data":
            file.at += size
            continue
        if samples is not None:
            raise invalid("More than one data chunk found in WAV")
        samples = np.frombuffer(file.take(size // by_sample * by_sample), "<i2").reshape(-1, channels)
    if samples is None:
        raise invalid("No data chunk found in WAV")
    return samples * _f(2.0**-15), rate


@op("DecodeWav", host=True)
def _decode_wav(xp, contents, *, desired_channels=-1, desired_samples=-1):
    if contents.ndim:
        raise invalid("contents must be scalar, got shape %s", shapes.to_brackets(contents.shape))
    samples, rate = _read(np.asarray(contents).item())
    have, channels = samples.shape
    wanted = channels if desired_channels == -1 else desired_channels
    samples = samples[:, [min(c, channels - 1) for c in range(wanted)]]
    if desired_samples != -1:
        samples = np.pad(samples[:desired_samples], [(0, max(desired_samples - have, 0)), (0, 0)])
    return samples, np.int32(rate)


def _wanted(number, what):
    if number == -1:
        return None
    if number < 0:
        raise ValueError("%s must be non-negative, got %d" % (what, number))
    return number


@_decode_wav.shape
def _(contents, *, desired_channels, desired_samples):
    shapes.with_rank(contents, 0)
    channels = _wanted(desired_channels, "channels")
    return [(_wanted(desired_samples, "samples"), channels), ()]


def _scalar_rate(sample_rate):
    if sample_rate.ndim:
        raise invalid("Input sample_rate should be a scalar tensor, got %s instead.", shapes.to_brackets(sample_rate.shape))
    return int(sample_rate)


@op("EncodeWav", host=True)
def _encode_wav(xp, audio, sample_rate):
    if audio.ndim != 2:
        raise invalid("audio must be 2-dimensional%s", shapes.to_brackets(audio.shape))
    return np.array(wav.encode(audio, _scalar_rate(sample_rate)), object)


@_encode_wav.shape
def _(audio, sample_rate):
    shapes.with_rank(audio, 2)
    shapes.with_rank(sample_rate, 0)
    return ()


@_encode_wav.samples
def _(make):
    yield make(7, 2).astype(_f), np.int32(8000)
    yield np.linspace(-1.2, 1.2, 9, dtype=_f)[:, None], np.int32(44100)


@_decode_wav.samples
def _(make):
    file = np.array(wav.encode(np.linspace(-1, 1, 10, dtype=_f).reshape(5, 2), 8000), object)
    for attrs in ({}, dict(desired_channels=1), dict(desired_channels=3, desired_samples=7), dict(desired_samples=2)):
        yield file, attrs


@export("audio.decode_wav", "contrib.framework.python.ops.audio_ops.decode_wav")
def decode_wav(contents, desired_channels=-1, desired_samples=-1, name=None):
    """The sound in a WAV file with samples of 16 bits.

    Args:
      contents: a scalar string: the file.
      desired_channels: how many channels to have: of the file's, or copies of its last; -1 for all of the file's.
      desired_samples: how many samples to have, filled up with zeros; -1 for all of the file's.
      name: the name of the node.

    Returns:
      A named tuple: `audio`, float32 `[samples, channels]` between -1 and 1, and `sample_rate`, an int32 scalar.

    Raises:
      InvalidArgumentError: the file is no such sound.
    """
    return _decode_wav(contents, desired_channels=desired_channels, desired_samples=desired_samples, name=name)


@export("audio.encode_wav", "contrib.framework.python.ops.audio_ops.encode_wav")
def encode_wav(audio, sample_rate, name=None):
    """Sound as a WAV file with samples of 16 bits.

    Args:
      audio: float32 `[samples, channels]` between -1 and 1.
      sample_rate: how many samples there are to the second, an int32 scalar.
      name: the name of the node.

    Returns:
      A scalar string.
    """
    return _encode_wav(audio, sample_rate, name=name)


# ------------------------------------------------------------------------------------------------------------ spectrogram


def _power_of_two(n):
    """The least power of two that is not less."""
    return 1 << max(n - 1, 0).bit_length()


@op("AudioSpectrogram", host=True, golden_tolerance=1e-4)
def _spectrogram(xp, input, *, window_size, stride, magnitude_squared=False):
    if input.ndim != 2:
        raise invalid("input must be 2-dimensional%s", shapes.to_brackets(input.shape))
    if window_size < 2 or stride < 1:
        raise invalid("Spectrogram initialization failed for window size %d and stride %d", window_size, stride)
    size, count = _power_of_two(window_size), _windows(len(input), window_size, stride)
    if not count:
        return np.zeros((input.shape[1], 0, 1 + size // 2), _f)
    hann = 0.5 - 0.5 * np.cos(2 * math.pi * np.arange(window_size) / window_size)
    windows = np.lib.stride_tricks.sliding_window_view(input.T.astype(np.float64), window_size, axis=1)[:, ::stride]
    found = np.fft.rfft(windows * hann, size)
    squares = (found.real**2 + found.imag**2).astype(_f)
    return squares if magnitude_squared else np.sqrt(squares)


def _windows(samples, window_size, stride):
    return 1 + (samples - window_size) // stride if samples >= window_size else 0


@_spectrogram.shape
def _(input, *, window_size, stride):
    samples, channels = shapes.with_rank(input, 2)
    count = None if samples is None else _windows(samples, window_size, stride)
    return (channels, count, 1 + _power_of_two(window_size) // 2)


@_spectrogram.samples
def _(make):
    yield make(40, 1).astype(_f), dict(window_size=16, stride=8)
    yield make(40, 1).astype(_f), dict(window_size=10, stride=3, magnitude_squared=True)
    yield make(4, 1).astype(_f), dict(window_size=10, stride=3)


@export("contrib.framework.python.ops.audio_ops.audio_spectrogram")
def audio_spectrogram(input, window_size, stride, magnitude_squared=False, name=None):
    """How strong each frequency is in the windows of a sound.

    Args:
      input: float32 `[samples, channels]`.
      window_size: the number of samples of a window.
      stride: how many samples each window begins after the one before.
      magnitude_squared: whether to give the squares.
      name: the name of the node.

    Returns:
      A float32 tensor `[channels, windows, frequencies]`.
    """
    return _spectrogram(input, window_size=window_size, stride=stride, magnitude_squared=magnitude_squared, name=name)


# --------------------------------------------------------------------------------------------------------------- cepstrum


def _mel(frequency):
    return 1127.0 * np.log1p(frequency / 700.0)


def _mel_bands(length, rate, bands, lowest, highest):
    """The share of each frequency in each band, `[frequencies, bands]`: triangles that overlap by half."""
    low = _mel(lowest)
    spacing = (_mel(highest) - low) / (bands + 1)
    edges = low + spacing * np.arange(bands + 2)
    step = 0.5 * rate / (length - 1)
    begin, end = int(1.5 + lowest / step), int(highest / step)
    shares = np.zeros((length, bands))
    for i in range(begin, min(end + 1, length)):
        mel = _mel(i * step)
        band = min(int(np.searchsorted(edges[1:], mel)), bands) - 1
        weight = (edges[band + 2] - mel) / (edges[band + 2] - edges[band + 1])
        if band >= 0:
            shares[i, band] += weight
        if band + 1 < bands:
            shares[i, band + 1] += 1 - weight
    return shares, end


def _dct(count, length):
    places = np.arange(length) + 0.5
    return math.sqrt(2.0 / length) * np.cos(np.arange(count)[:, None] * (math.pi / length) * places)


@op("Mfcc", host=True, golden_tolerance=1e-4)
def _mfcc(xp, spectrogram, sample_rate, *, upper_frequency_limit=4000.0, lower_frequency_limit=20.0, filterbank_channel_count=40,
          dct_coefficient_count=13):  # fmt: skip
    if spectrogram.ndim != 3:
        raise invalid("spectrogram must be 3-dimensional%s", shapes.to_brackets(spectrogram.shape))
    rate, length = _scalar_rate(sample_rate), spectrogram.shape[2]
    low, high = float(_f(lower_frequency_limit)), float(_f(upper_frequency_limit))
    bands, count = filterbank_channel_count, dct_coefficient_count
    if bands < 1 or rate <= 0 or length < 2 or low < 0 or high <= low or not 1 <= count <= bands:
        raise invalid("Mfcc initialization failed for channel count %d and sample rate %d", length, rate)
    shares, end = _mel_bands(length, rate, bands, low, high)
    if end >= length:
        tf_logging.error("Input too short to compute filterbank")
        return np.zeros((*spectrogram.shape[:2], count), _f)
    energies = np.sqrt(spectrogram.astype(np.float64)) @ shares
    return (np.log(np.maximum(energies, 1e-12)) @ _dct(count, bands).T).astype(_f)


@_mfcc.shape
def _(spectrogram, sample_rate, *, dct_coefficient_count):
    spectrogram = shapes.with_rank(spectrogram, 3)
    shapes.with_rank(sample_rate, 0)
    return (*spectrogram[:2], dct_coefficient_count)


@_mfcc.samples
def _(make):
    yield make.between(0, 5, 2, 3, 129).astype(_f), np.int32(16000)
    yield (
        make.between(0, 5, 1, 2, 257).astype(_f),
        np.int32(22050),
        dict(upper_frequency_limit=3000.0, lower_frequency_limit=100.0, filterbank_channel_count=10, dct_coefficient_count=5),
    )


@export("contrib.framework.python.ops.audio_ops.mfcc")
def mfcc(spectrogram, sample_rate, upper_frequency_limit=4000, lower_frequency_limit=20, filterbank_channel_count=40,
         dct_coefficient_count=13, name=None):  # fmt: skip
    """The cepstrum of a sound by frequencies as the ear hears them.

    Args:
      spectrogram: float32 `[channels, windows, frequencies]`, of squares.
      sample_rate: how many samples there are to the second, an int32 scalar.
      upper_frequency_limit: the highest frequency to use.
      lower_frequency_limit: the lowest frequency to use.
      filterbank_channel_count: the number of bands of frequencies.
      dct_coefficient_count: how many numbers to make of each window.
      name: the name of the node.

    Returns:
      A float32 tensor `[channels, windows, dct_coefficient_count]`.
    """
    return _mfcc(spectrogram, sample_rate, upper_frequency_limit=upper_frequency_limit,
                 lower_frequency_limit=lower_frequency_limit, filterbank_channel_count=filterbank_channel_count,
                 dct_coefficient_count=dct_coefficient_count, name=name)  # fmt: skip
