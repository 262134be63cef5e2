"""Summaries: what TensorBoard shows, as serialized `Summary` messages."""

import functools
import math
import sys

import numpy as np

from .. import protos
from ..core import dtypes, shape as shapes
from ..core.compat import as_bytes, as_text
from ..core.errors import invalid
from ..core.op import State, op
from ..core.tensor_proto import decode, encode
from ..platform import png, wav

_MOST_PIXELS = 1 << 29
_LARGEST_SIDE = 1 << 31
_RED = np.array([255, 0, 0, 255], np.uint8)
_NEARLY_ZERO = np.float32(1e-6)


# ------------------------------------------------------------------------------------------------------------ single values


def scalar_value(tag, value):
    """A `Summary.Value` with a number."""
    made = protos.Summary.Value(tag=_tag(tag))
    made.simple_value = float(value)
    return made


def _tag(tag):
    return as_text(tag)


@functools.cache
def _bucket_limits():
    """The upper ends of the buckets of histograms, which grow by a tenth."""
    limits, v = [], 1e-12
    while v < 1e20:
        limits.append(v)
        v *= 1.1
    limits.append(sys.float_info.max)
    return np.array([-v for v in reversed(limits)] + [0.0] + limits)


def histogram_value(tag, values, name):
    """A `Summary.Value` with a histogram; `name` is that of the operation, for messages.

    Raises:
      InvalidArgumentError: a value is not finite.
    """
    flat = np.asarray(values).astype(np.float64).ravel()
    if not np.isfinite(flat).all():
        first = flat[~np.isfinite(flat)][0]
        raise invalid("%s in summary histogram for: %s", "Nan" if math.isnan(first) else "Infinity", name)
    return protos.Summary.Value(tag=_tag(tag), histo=histogram_of(flat))


def histogram_of(flat):
    """The `HistogramProto` of an array of finite doubles; of a run of empty buckets only the last is there."""
    limits = _bucket_limits()
    counts = np.bincount(np.searchsorted(limits, flat, side="right"), minlength=len(limits))[: len(limits)]
    empty = counts == 0
    kept = ~(empty & np.append(empty[1:], False))
    made = protos.HistogramProto(min=limits[-1], max=-limits[-1])
    if flat.size:
        made = protos.HistogramProto(min=flat.min(), max=flat.max(), num=flat.size)
        made.sum, made.sum_squares = flat.cumsum()[-1], (flat * flat).cumsum()[-1]  # added up one by one, as TensorFlow does
    made.bucket_limit.extend(limits[kept].tolist())
    made.bucket.extend(counts[kept].astype(np.float64).tolist())
    return made


def image_values(tag, images, most, bad_color):
    """A `Summary.Value` for each of the first images of a batch.

    Args:
      tag: the tag, to which the image's number is added.
      images: an array of shape `(batch, height, width, channels)`.
      most: how many images to show.
      bad_color: the color of pixels that are not finite.

    Raises:
      InvalidArgumentError: these are no images.
    """
    if images.ndim != 4 or images.shape[3] not in (1, 3, 4):
        raise invalid("Tensor must be 4-D with last dim 1, 3, or 4, not %s", shapes.to_brackets(images.shape))
    batch, height, width, depth = images.shape
    if max(batch, height, width) >= _LARGEST_SIDE or height * width >= _MOST_PIXELS:
        raise invalid("Tensor too large for summary %s", shapes.to_brackets(images.shape))
    if not height * width:
        raise invalid("input tensor must have non-zero dims. Found: [%d, %d, %d, %d].", *images.shape)
    bad_color = decode(bad_color) if isinstance(bad_color, protos.TensorProto) else np.asarray(bad_color)
    if bad_color.dtype != np.uint8:
        raise invalid("bad_color must be uint8, got %s", dtypes.as_dtype(bad_color.dtype).name)
    if bad_color.ndim != 1:
        raise invalid("bad_color must be a vector, got shape %s", shapes.to_brackets(bad_color.shape))
    if images.dtype != np.uint8 and len(bad_color) < depth:
        raise invalid("expected depth <= bad_color.size, got depth = %d, bad_color.size = %d", depth, len(bad_color))
    for i, image in enumerate(images[:most]):
        made = protos.Summary.Value(tag="%s/image%s" % (_tag(tag), "/%d" % i if most > 1 else ""))
        pixels = image if image.dtype == np.uint8 else _as_pixels(image, bad_color[:depth])
        made.image.height, made.image.width, made.image.colorspace = height, width, depth
        made.image.encoded_image_string = png.encode(pixels)
        yield made


def _as_pixels(image, bad_color):
    """Floats as pixels: stretched to what pixels can show, with zero in the middle if there are negative ones."""
    kind = image.dtype.type
    finite = np.isfinite(image).all(axis=-1)
    seen = image[finite].astype(np.float32)
    low, high = (seen.min(), seen.max()) if seen.size else (np.float32(np.inf), np.float32(-np.inf))
    if low < 0:
        largest, target, offset = max(abs(low), abs(high)), np.float32(127), kind(128)
    else:
        largest, target, offset = high, np.float32(255), kind(0)
    scale = kind(0) if largest < _NEARLY_ZERO else kind(target / largest)
    out = np.empty(image.shape, np.uint8)
    with np.errstate(invalid="ignore", over="ignore"):
        out[finite] = (image[finite] * scale + offset).astype(np.uint8)
    out[~finite] = bad_color
    return out


def audio_values(tag, sounds, sample_rate, most):
    """A `Summary.Value` for each of the first sounds of a batch.

    Args:
      tag: the tag, to which the sound's number is added.
      sounds: an array of shape `(batch, frames)` or `(batch, frames, channels)`.
      sample_rate: frames in a second.
      most: how many sounds there are at most.

    Raises:
      InvalidArgumentError: these are no sounds.
    """
    if sounds.ndim not in (2, 3):
        raise invalid("Tensor must be 3-D or 2-D, got: %s", shapes.to_brackets(sounds.shape))
    sample_rate = float(sample_rate)
    if not sample_rate > 0:
        raise invalid("sample_rate must be > 0")
    for i, sound in enumerate(sounds[:most]):
        made = protos.Summary.Value(tag="%s/audio%s" % (_tag(tag), "/%d" % i if most > 1 else ""))
        frames = sound.reshape(len(sound), -1) if sound.size else sound.reshape(len(sound), sound.shape[1] if sound.ndim > 1 else 1)
        made.audio.sample_rate = sample_rate
        made.audio.length_frames, made.audio.num_channels = frames.shape
        made.audio.content_type = "audio/wav"
        made.audio.encoded_audio_string = wav.encode(frames, max(round(sample_rate), 1))
        yield made


def tensor_value(tensor, metadata=b"", **fields):
    """A `Summary.Value` with a tensor; the fields are its `tag` or `node_name`, `metadata` a serialized `SummaryMetadata`."""
    made = protos.Summary.Value(**fields)
    array = np.asarray(tensor)
    if array.dtype == object:
        made.tensor.CopyFrom(encode(array))
    else:
        made.tensor.dtype = dtypes.as_dtype(array.dtype).as_datatype_enum
        made.tensor.tensor_shape.SetInParent()
        for d in array.shape:
            made.tensor.tensor_shape.dim.add(size=d)
        made.tensor.tensor_content = array.tobytes()
    if metadata is not None:
        made.metadata.SetInParent()
        made.metadata.MergeFromString(metadata)
    return made


def _serialized(values):
    return np.array(protos.Summary(value=values).SerializeToString(), object)


def single(value, message):
    """The one element of an array of shape `()` or `(1,)`; otherwise InvalidArgumentError with this message."""
    array = np.asarray(value, object)
    if array.shape not in ((), (1,)):
        raise invalid(message)
    return array.item()


# ---------------------------------------------------------------------------------------------------------------------- ops


@op("ScalarSummary", host=True)
def _scalar_summary(xp, tags, values):
    tags, values = np.asarray(tags, object), np.asarray(values)
    if tags.shape != values.shape and not (tags.shape in ((), (1,)) and values.shape in ((), (1,))):
        only = " (tag '%s')" % as_text(tags.item()) if tags.size == 1 else ""
        raise invalid("tags and values not the same shape: %s != %s%s",
                      shapes.to_brackets(tags.shape), shapes.to_brackets(values.shape), only)  # fmt: skip
    return _serialized([scalar_value(t, v) for t, v in zip(tags.ravel(), values.ravel())])


@_scalar_summary.samples
def _(make):
    yield as_bytes("loss"), make()
    yield np.array([b"a", b"b"], object), make(2)


@op("HistogramSummary", host=True)
def _histogram_summary(xp, tag, values, *, state: State):
    tag = single(tag, "tags must be scalar")
    return _serialized([histogram_value(tag, values, state.node_name or "HistogramSummary")])


@_histogram_summary.samples
def _(make):
    yield as_bytes("weights"), make(5, 4)


@op("ImageSummary", host=True)
def _image_summary(xp, tag, tensor, *, max_images=3, bad_color=_RED):
    tag = single(tag, "Tags must be a scalar")
    return _serialized(image_values(tag, np.asarray(tensor), max_images, bad_color))


@_image_summary.samples
def _(make):
    yield as_bytes("images"), make(2, 4, 5, 1)
    yield as_bytes("image"), make(1, 3, 4, 3), dict(max_images=1)
    yield as_bytes("image"), abs(make(1, 3, 4, 4)), dict(max_images=1)


@op("AudioSummary", host=True)
def _audio_summary(xp, tag, tensor, *, sample_rate, max_outputs=3):
    return _serialized(audio_values(single(tag, "Tag must be a scalar"), tensor, sample_rate, max_outputs))


@op("AudioSummaryV2", host=True)
def _audio_summary_v2(xp, tag, tensor, sample_rate, *, max_outputs=3):
    return _serialized(audio_values(single(tag, "Tag must be a scalar"), tensor, np.asarray(sample_rate).item(), max_outputs))


@_audio_summary_v2.samples
def _(make):
    yield as_bytes("sound"), make.between(-1, 1, 2, 7), np.float32(100.0)
    yield as_bytes("sound"), make.between(-1, 1, 2, 7, 2), np.float32(22050.4), dict(max_outputs=1)


@op("TensorSummary", host=True, ignores=("description", "labels", "display_name"))
def _tensor_summary(xp, tensor, *, state: State):
    return _serialized([tensor_value(tensor, None, node_name=state.node_name or "TensorSummary")])


@op("TensorSummaryV2", host=True)
def _tensor_summary_v2(xp, tag, tensor, serialized_summary_metadata):
    tag = single(tag, "tag must be scalar")
    metadata = np.asarray(serialized_summary_metadata, object).item()
    return _serialized([tensor_value(tensor, metadata, tag=_tag(tag))])


@_tensor_summary_v2.samples
def _(make):
    yield as_bytes("t"), make(2, 3), b""


@op("MergeSummary", host=True)
def _merge_summary(xp, inputs):
    merged, tags = protos.Summary(), set()
    for text in (t for value in inputs for t in np.asarray(value, object).ravel()):
        try:
            part = protos.Summary.FromString(text)
        except Exception:  # protobuf's error is of another class in each of its versions
            raise invalid("Could not parse one of the summary inputs") from None
        for value in part.value:
            if value.tag and value.tag in tags:
                raise invalid("Duplicate tag %s found in summary inputs", value.tag)
            tags.add(value.tag)
            merged.value.append(value)
    return np.array(merged.SerializeToString(), object)


@_merge_summary.samples
def _(make):
    yield [protos.Summary(value=[scalar_value(t, v)]).SerializeToString() for t, v in (("a", 1.0), ("b", 2.0))]


for _declared in (_scalar_summary, _histogram_summary, _image_summary, _audio_summary, _audio_summary_v2, _tensor_summary,
                  _tensor_summary_v2, _merge_summary):  # fmt: skip
    _declared.shape(lambda *inputs: ())
    _declared.not_differentiable()
