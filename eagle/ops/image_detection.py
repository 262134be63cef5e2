"""Boxes in images: `tf.image.non_max_suppression`, `draw_bounding_boxes`, `sample_distorted_bounding_box`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from . import image_boxes as boxes_ops, image_suppression as suppression

_NONE = float("-inf")


def _thresholds(iou_threshold, score_threshold):
    return convert(iou_threshold, name="iou_threshold"), convert(score_threshold, name="score_threshold")


@export("image.non_max_suppression")
def non_max_suppression(boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=_NONE, name=None):
    """The best boxes, without those that lie upon better ones.

    Args:
      boxes: a floating tensor `[boxes, 4]`: `y1, x1, y2, x2`, two opposite corners.
      scores: a floating vector.
      max_output_size: how many boxes to choose at most, an int32 scalar.
      iou_threshold: the largest part, of the area that two boxes cover, that they may have in common.
      score_threshold: the score that a box must exceed.
      name: the name scope.

    Returns:
      An int32 vector: which boxes are chosen, best first.
    """
    with name_scope(name, "non_max_suppression"):
        return suppression.third(boxes, scores, max_output_size, *_thresholds(iou_threshold, score_threshold))


@export("image.non_max_suppression_with_scores")
def non_max_suppression_with_scores(boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=_NONE,
                                    soft_nms_sigma=0.0, name=None):  # fmt: skip
    """The best boxes, where those that lie upon better ones lose some of their score, and the scores they are left with.

    Args:
      boxes: a floating tensor `[boxes, 4]`: `y1, x1, y2, x2`, two opposite corners.
      scores: a floating vector.
      max_output_size: how many boxes to choose at most, an int32 scalar.
      iou_threshold: the largest part, of the area that two boxes cover, that they may have in common.
      score_threshold: the score that a box must exceed.
      soft_nms_sigma: how gently boxes lose score; 0 for boxes to go or stay.
      name: the name scope.

    Returns:
      An int32 vector: which boxes are chosen, best first; and their scores.
    """
    with name_scope(name, "non_max_suppression_with_scores"):
        thresholds = _thresholds(iou_threshold, score_threshold)
        sigma = convert(soft_nms_sigma, name="soft_nms_sigma")
        indices, scores, _ = suppression.fifth(boxes, scores, max_output_size, *thresholds, sigma)
        return indices, scores


@export("image.non_max_suppression_padded")
def non_max_suppression_padded(boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=_NONE,
                               pad_to_max_output_size=False, name=None):  # fmt: skip
    """The best boxes, without those that lie upon better ones, perhaps filled up with zeros.

    Args:
      boxes: a floating tensor `[boxes, 4]`: `y1, x1, y2, x2`, two opposite corners.
      scores: a floating vector.
      max_output_size: how many boxes to choose at most, an int32 scalar.
      iou_threshold: the largest part, of the area that two boxes cover, that they may have in common.
      score_threshold: the score that a box must exceed.
      pad_to_max_output_size: whether the result always has `max_output_size` elements.
      name: the name scope.

    Returns:
      An int32 vector: which boxes are chosen, best first; and how many.
    """
    with name_scope(name, "non_max_suppression_padded"):
        thresholds = _thresholds(iou_threshold, score_threshold)
        return suppression.fourth(boxes, scores, max_output_size, *thresholds, pad_to_max_output_size=pad_to_max_output_size)


@export("image.non_max_suppression_overlaps")
def non_max_suppression_overlaps(overlaps, scores, max_output_size, overlap_threshold=0.5, score_threshold=_NONE, name=None):
    """The best of things, without those that overlap better ones.

    Args:
      overlaps: a float32 matrix `[things, things]`.
      scores: a float32 vector.
      max_output_size: how many things to choose at most, an int32 scalar.
      overlap_threshold: the largest overlap allowed.
      score_threshold: the score that a thing must exceed.
      name: the name scope.

    Returns:
      An int32 vector: which things are chosen, best first.
    """
    with name_scope(name, "non_max_suppression_overlaps"):
        threshold = convert(overlap_threshold, name="overlap_threshold")
        return suppression.with_overlaps(overlaps, scores, max_output_size, threshold, score_threshold)


@export("image.combined_non_max_suppression")
def combined_non_max_suppression(boxes, scores, max_output_size_per_class, max_total_size, iou_threshold=0.5,
                                 score_threshold=_NONE, pad_per_class=False, clip_boxes=True, name=None):  # fmt: skip
    """The best boxes of each class and image, without those that lie upon better ones of their class.

    Args:
      boxes: a float32 tensor `[batch, boxes, classes or 1, 4]`.
      scores: a float32 tensor `[batch, boxes, classes]`.
      max_output_size_per_class: how many boxes of a class to choose at most.
      max_total_size: how many boxes of an image to choose at most.
      iou_threshold: the largest part, of the area that two boxes cover, that they may have in common.
      score_threshold: the score that a box must exceed.
      pad_per_class: whether results are no longer than the classes together can be.
      clip_boxes: whether corners are moved into [0, 1].
      name: the name scope.

    Returns:
      The boxes `[batch, n, 4]`, their scores and classes `[batch, n]`, best first and filled up with zeros, and how many there are
      of each image.
    """
    with name_scope(name, "combined_non_max_suppression"):
        iou_threshold = convert(iou_threshold, dtypes.float32, name="iou_threshold")
        score_threshold = convert(score_threshold, dtypes.float32, name="score_threshold")
        return suppression.combined(boxes, scores, max_output_size_per_class, max_total_size, iou_threshold, score_threshold,
                                    pad_per_class=pad_per_class, clip_boxes=clip_boxes)  # fmt: skip


@export("image.draw_bounding_boxes")
def draw_bounding_boxes(images, boxes, name=None, colors=None):
    """Images with boxes drawn into them.

    Args:
      images: a float32 or float16 tensor `[batch, height, width, channels]` with 1, 3 or 4 channels.
      boxes: float32 `[batch, boxes, 4]`: `y_min, x_min, y_max, x_max`, where 0 and 1 are the edges.
      name: the name of the node.
      colors: float32 `[colors, channels]`, taken in turn; by default ten that differ.

    Returns:
      A tensor like `images`.
    """
    if colors is None:
        return boxes_ops.draw(images, boxes, name=name)
    return boxes_ops.draw_colored(images, boxes, colors, name=name)


@export("image.sample_distorted_bounding_box")
def sample_distorted_bounding_box(image_size, bounding_boxes, seed=None, seed2=None, min_object_covered=0.1,
                                  aspect_ratio_range=None, area_range=None, max_attempts=None,
                                  use_image_if_no_bounding_boxes=None, name=None):  # fmt: skip
    """A random box that covers enough of some of the boxes given.

    Args:
      image_size: an integer vector: the height, width and number of channels of the image.
      bounding_boxes: float32 `[batch, boxes, 4]`: `y_min, x_min, y_max, x_max`, where 0 and 1 are the edges.
      seed: a Python int for the random numbers.
      seed2: another one.
      min_object_covered: how much of some box must be covered.
      aspect_ratio_range: two floats between which the width over the height is; by default 0.75 and 1.33.
      area_range: two floats between which the part of the image that is covered is; by default 0.05 and 1.
      max_attempts: how often to try before the whole image is taken; by default 100.
      use_image_if_no_bounding_boxes: whether, where no boxes are given, the whole image is one.
      name: the name scope.

    Returns:
      The beginning and the size to pass to `tf.slice`, and the box as a float32 tensor `[1, 1, 4]`.
    """
    options = dict(seed=seed, seed2=seed2, aspect_ratio_range=aspect_ratio_range, area_range=area_range,
                   max_attempts=max_attempts, use_image_if_no_bounding_boxes=use_image_if_no_bounding_boxes)  # fmt: skip
    with name_scope(name, "sample_distorted_bounding_box"):
        given = {k: v for k, v in options.items() if v is not None}
        return boxes_ops.sample_box(image_size, bounding_boxes, min_object_covered, name=name, **given)
