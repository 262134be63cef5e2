"""Boxes of which only the best of those that overlap are kept: non-maximum suppression."""

import heapq

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.op import Host, op

_LOWEST = np.finfo(np.float32).min

# ----------------------------------------------------------------------------------------------------------------- checks


def _check_boxes(boxes, scores):
    if boxes.ndim != 2:
        raise invalid("boxes must be 2-D%s", shapes.to_brackets(boxes.shape))
    if boxes.shape[1] != 4:
        raise invalid("boxes must have 4 columns")
    _check_scores(scores, len(boxes))


def _check_scores(scores, count):
    if scores.ndim != 1:
        raise invalid("scores must be 1-D%s", shapes.to_brackets(scores.shape))
    if len(scores) != count:
        raise invalid("scores has incompatible shape")


def _check_scalar(value, name):
    if np.ndim(value):
        raise invalid("%s must be 0-D, got shape %s", name, shapes.to_brackets(np.shape(value)))


def _check_threshold(threshold):
    if not 0 <= threshold <= 1:
        raise invalid("iou_threshold must be in [0, 1]")


# ------------------------------------------------------------------------------------------------------------- the search


class Overlaps:
    """How much boxes overlap: the area that two have in common, relative to the area of both."""

    def __init__(self, boxes):
        self.low = np.minimum(boxes[:, :2], boxes[:, 2:])
        self.high = np.maximum(boxes[:, :2], boxes[:, 2:])
        self.area = np.prod(self.high - self.low, axis=1, dtype=boxes.dtype)

    def __call__(self, i, others):
        """Those of box `i` with others, a list of numbers of boxes."""
        zero = self.area.dtype.type(0)
        extent = np.minimum(self.high[i], self.high[others]) - np.maximum(self.low[i], self.low[others])
        common = np.prod(np.maximum(extent, zero), axis=1, dtype=extent.dtype)
        usable = (self.area[i] > 0) & (self.area[others] > 0)
        whole = np.where(usable, self.area[i] + self.area[others] - common, self.area.dtype.type(1))
        return np.where(usable, common / whole, zero)


def select(scores, count, overlaps, threshold, least, sigma=0.0):
    """The boxes to keep, best first, and their scores.

    Args:
      scores: the boxes' scores.
      count: how many to keep at most.
      overlaps: a function from a box and a list of boxes to how much they overlap.
      threshold: the overlap from which on the worse box is left out.
      least: boxes whose score is not above it are left out.
      sigma: if above zero, boxes that overlap with better ones lose score instead.
    """
    kind = scores.dtype.type
    scale = kind(-0.5) / kind(sigma) if sigma > 0 else kind(0)
    heap = [(-float(s), i, 0) for i, s in enumerate(scores) if s > least]
    heapq.heapify(heap)
    kept, kept_scores = [], []
    while heap and len(kept) < count:
        negative, i, begin = heapq.heappop(heap)
        score = original = kind(-negative)
        is_left_out = False
        later = kept[begin:]
        for overlap in overlaps(i, later)[::-1] if later else ():
            weight = kind(np.exp(np.float32(scale * overlap * overlap))) if overlap <= threshold else kind(0)
            score = kind(score * weight)
            if overlap >= threshold:
                is_left_out = True
                break
            if score <= least:
                break
        if is_left_out:
            continue
        begin = len(kept)
        if score == original:
            kept.append(i)
            kept_scores.append(score)
            continue
        if score > least:
            heapq.heappush(heap, (-float(score), i, begin))
    return kept, kept_scores


def _indices(kept):
    return np.array(kept, np.int32)


def _padded(values, size, dtype):
    out = np.zeros(size, dtype)
    out[: len(values)] = values
    return out


# -------------------------------------------------------------------------------------------------------------------- ops


def _rule(boxes, scores, size, *scalars):
    """The shape rule of those that give indices only."""
    if isinstance(size, tuple):
        raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(size))
    boxes = shapes.with_rank(boxes, 2)
    (count,) = shapes.with_rank(scores, 1)
    shapes.merge_dims(boxes[0], count)
    if boxes[1] not in (4, None):
        raise ValueError("Dimension must be 4 but is %d" % boxes[1])
    for s in scalars:
        shapes.with_rank(s, 0)


@op("NonMaxSuppression", host=True)
def _first(xp, boxes, scores, max_output_size: Host, *, iou_threshold=0.5):
    _check_scalar(max_output_size, "max_output_size")
    _check_threshold(iou_threshold)
    _check_boxes(boxes, scores)
    return _indices(select(scores, max_output_size, Overlaps(boxes), iou_threshold, _LOWEST)[0])


@_first.shape
def _(boxes, scores, max_output_size):
    _rule(boxes, scores, max_output_size)
    return (None,)


@op("NonMaxSuppressionV2", host=True)
def _second(xp, boxes, scores, max_output_size: Host, iou_threshold):
    _check_scalar(max_output_size, "max_output_size")
    _check_scalar(iou_threshold, "iou_threshold")
    _check_threshold(iou_threshold)
    _check_boxes(boxes, scores)
    return _indices(select(scores, max_output_size, Overlaps(boxes), iou_threshold, np.finfo(scores.dtype).min)[0])


@_second.shape
def _(boxes, scores, max_output_size, iou_threshold):
    _rule(boxes, scores, max_output_size, iou_threshold)
    return (None,)


def _checked(boxes, scores, max_output_size, iou_threshold, score_threshold):
    _check_scalar(max_output_size, "max_output_size")
    _check_scalar(iou_threshold, "iou_threshold")
    _check_threshold(iou_threshold)
    _check_scalar(score_threshold, "score_threshold")
    _check_boxes(boxes, scores)


@op("NonMaxSuppressionV3", host=True)
def third(xp, boxes, scores, max_output_size: Host, iou_threshold, score_threshold):
    _checked(boxes, scores, max_output_size, iou_threshold, score_threshold)
    return _indices(select(scores, max_output_size, Overlaps(boxes), iou_threshold, score_threshold)[0])


@third.shape
def _(boxes, scores, max_output_size, iou_threshold, score_threshold):
    _rule(boxes, scores, max_output_size, iou_threshold, score_threshold)
    return (None,)


@op("NonMaxSuppressionV4", host=True)
def fourth(xp, boxes, scores, max_output_size: Host, iou_threshold, score_threshold, *, pad_to_max_output_size=False):
    _checked(boxes, scores, max_output_size, iou_threshold, score_threshold)
    kept, _ = select(scores, max_output_size, Overlaps(boxes), iou_threshold, score_threshold)
    found = _padded(kept, max_output_size, np.int32) if pad_to_max_output_size else _indices(kept)
    return found, np.int32(len(kept))


@fourth.shape
def _(boxes, scores, max_output_size, iou_threshold, score_threshold, *, pad_to_max_output_size):
    _rule(boxes, scores, max_output_size, iou_threshold, score_threshold)
    return [(max_output_size if pad_to_max_output_size else None,), ()]


@op("NonMaxSuppressionV5", host=True)
def fifth(xp, boxes, scores, max_output_size: Host, iou_threshold, score_threshold, soft_nms_sigma, *,
          pad_to_max_output_size=False):  # fmt: skip
    _checked(boxes, scores, max_output_size, iou_threshold, score_threshold)
    _check_scalar(soft_nms_sigma, "soft_nms_sigma")
    if soft_nms_sigma < 0:
        raise invalid("soft_nms_sigma_val must be >= 0")
    kept, kept_scores = select(scores, max_output_size, Overlaps(boxes), iou_threshold, score_threshold, soft_nms_sigma)
    number = np.int32(len(kept))
    if pad_to_max_output_size:
        return _padded(kept, max_output_size, np.int32), _padded(kept_scores, max_output_size, scores.dtype), number
    return _indices(kept), np.array(kept_scores, scores.dtype), number


@fifth.shape
def _(boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma, *, pad_to_max_output_size):
    _rule(boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma)
    size = (max_output_size if pad_to_max_output_size else None,)
    return [size, size, ()]


@op("NonMaxSuppressionWithOverlaps", host=True)
def with_overlaps(xp, overlaps, scores, max_output_size: Host, overlap_threshold, score_threshold):
    _check_scalar(max_output_size, "max_output_size")
    _check_scalar(overlap_threshold, "overlap_threshold")
    _check_scalar(score_threshold, "score_threshold")
    if overlaps.ndim != 2:
        raise invalid("overlaps must be 2-D%s", shapes.to_brackets(overlaps.shape))
    if overlaps.shape[0] != overlaps.shape[1]:
        raise invalid("overlaps must be square%s", shapes.to_brackets(overlaps.shape))
    _check_scores(scores, len(overlaps))
    kept, _ = select(scores, max_output_size, lambda i, others: overlaps[i, others], overlap_threshold, score_threshold)
    return _indices(kept)


@with_overlaps.shape
def _(overlaps, scores, max_output_size, overlap_threshold, score_threshold):
    overlaps = shapes.with_rank(overlaps, 2)
    (count,) = shapes.with_rank(scores, 1)
    shapes.merge_dims(overlaps[0], count)
    shapes.merge_dims(overlaps[1], count)
    return (None,)


for _op in (_first, _second, with_overlaps):
    _op.not_differentiable()


# --------------------------------------------------------------------------------------------------------------- combined


def _best_of_class(boxes, scores, count, threshold, least):
    """The boxes of one class to keep, best first: those that overlap too much with a better one are left out."""
    overlaps, kept = Overlaps(boxes), []
    for i in sorted(np.flatnonzero(scores > least).tolist(), key=lambda i: -scores[i]):
        if len(kept) >= count:
            break
        if not kept or not (overlaps(i, kept) > threshold).any():
            kept.append(i)
    return kept


def _check_combined(boxes, scores):
    if scores.ndim != 3:
        raise invalid("scores must be 3-D%s", shapes.to_brackets(scores.shape))
    if boxes.ndim != 4:
        raise invalid("boxes must be 4-D%s", shapes.to_brackets(boxes.shape))
    if boxes.shape[2] not in (1, scores.shape[2]):
        raise invalid("third dimension of boxes must be either 1 or num classes")
    if boxes.shape[3] != 4:
        raise invalid("boxes must have 4 columns")
    if scores.shape[1] != boxes.shape[1]:
        raise invalid("scores has incompatible shape")


@op("CombinedNonMaxSuppression", host=True)
def combined(xp, boxes, scores, max_output_size_per_class: Host, max_total_size: Host, iou_threshold, score_threshold, *,
             pad_per_class=False, clip_boxes=True):  # fmt: skip
    if max_output_size_per_class <= 0:
        raise invalid("max_size_per_class must be positive")
    if max_total_size <= 0:
        raise invalid("max_total_size must be > 0")
    _check_threshold(iou_threshold)
    _check_combined(boxes, scores)
    classes = scores.shape[2]
    size = min(max_total_size, max_output_size_per_class * classes) if pad_per_class else max_total_size
    batch = len(boxes)
    out_boxes, out_scores = np.zeros((batch, size, 4), np.float32), np.zeros((batch, size), np.float32)
    out_classes, numbers = np.zeros((batch, size), np.float32), np.zeros(batch, np.int32)
    for b in range(batch):
        found = []
        for c in range(classes):
            of_class = boxes[b, :, c if boxes.shape[2] > 1 else 0]
            count = min(max_output_size_per_class, len(of_class))
            kept = _best_of_class(of_class, scores[b, :, c], count, iou_threshold, score_threshold)
            found += [(scores[b, i, c], c, of_class[i]) for i in kept]
        found = sorted(found, key=lambda f: -f[0])[:size]
        numbers[b] = len(found)
        for i, (score, c, box) in enumerate(found):
            out_scores[b, i], out_classes[b, i] = score, c
            out_boxes[b, i] = np.clip(box, 0, 1) if clip_boxes else box
    return out_boxes, out_scores, out_classes, numbers


@combined.shape
def _(boxes, scores, max_output_size_per_class, max_total_size, iou_threshold, score_threshold, *, pad_per_class):
    boxes, scores = shapes.with_rank(boxes, 4), shapes.with_rank(scores, 3)
    batch, size, per_class = boxes[0], max_total_size, max_output_size_per_class
    if pad_per_class and size is not None:
        size = min(size, per_class * scores[2]) if None not in (per_class, scores[2]) else None
    return [(batch, size, 4), (batch, size), (batch, size), (batch,)]


# ---------------------------------------------------------------------------------------------------------------- samples


def _example(dtype=np.float32):
    boxes = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [0, 10.1, 1, 11.1], [0, 100, 1, 101]])
    return boxes.astype(dtype), np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], dtype)


@_first.samples
def _(make):
    yield *_example(), 3
    yield *_example(), 30, dict(iou_threshold=0.85)


@_second.samples
def _(make):
    yield *_example(), 30, np.float32(0.5)


@third.samples
def _(make):
    yield *_example(), 30, np.float32(0.5), np.float32(0.4)
    yield *_example(), 2, np.float32(0.85), np.float32(0.0)


@fourth.samples
def _(make):
    yield *_example(), 5, np.float32(0.5), np.float32(0.4)
    yield *_example(), 5, np.float32(0.5), np.float32(0.4), dict(pad_to_max_output_size=True)


@fifth.samples
def _(make):
    yield *_example(), 5, np.float32(0.5), np.float32(0.0), np.float32(0.5)
    yield *_example(), 6, np.float32(1.0), np.float32(0.1), np.float32(0.5), dict(pad_to_max_output_size=True)


@with_overlaps.samples
def _(make):
    boxes, scores = _example()
    overlaps = Overlaps(boxes)
    matrix = np.stack([overlaps(i, list(range(len(boxes)))) for i in range(len(boxes))]).astype(np.float32)
    yield matrix, scores, 4, np.float32(0.5), np.float32(0.35)


@combined.samples
def _(make):
    boxes, scores = _example()
    boxes = np.stack([boxes, boxes[::-1]])[:, :, None] / np.float32(8)
    scores = np.stack([np.stack([scores, scores[::-1]], 1), np.stack([scores[::-1], scores / 2], 1)])
    yield boxes, scores, 3, 4, np.float32(0.5), np.float32(0.1)
    yield boxes, scores, 2, 10, np.float32(0.5), np.float32(0.1), dict(pad_per_class=True, clip_boxes=False)
