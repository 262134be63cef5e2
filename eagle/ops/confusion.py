"""Confusion matrices."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, resolve
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from .binary import maximum
from .cast import cast
from .comparison import equal
from .cond import cond
from .filling import ones_like, zeros
from .flow import with_dependencies
from .joining import stack
from .reduce import reduce_max
from .shaping import rank, squeeze


@export("contrib.framework.remove_squeezable_dimensions")
def remove_squeezable_dimensions(labels, predictions, expected_rank_diff=0, name=None):
    """Labels and predictions of ranks that fit, the last dimension of one of them removed if it is the one too many.

    Args:
      labels, predictions: tensors.
      expected_rank_diff: by how much the rank of the predictions is to be larger.
      name: the name scope of the nodes.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions, labels = convert(predictions), convert(labels)
        if predictions._rank() is not None and labels._rank() is not None:
            difference = predictions._rank() - labels._rank()
            if difference == expected_rank_diff + 1:
                predictions = squeeze(predictions, [-1])
            elif difference == expected_rank_diff - 1:
                labels = squeeze(labels, [-1])
            return labels, predictions
        difference = rank(predictions) - rank(labels)
        if predictions._shape is None or predictions._shape[-1:] in ((None,), (1,)):
            predictions = _squeezed_if(difference, expected_rank_diff + 1, predictions)
        if labels._shape is None or labels._shape[-1:] in ((None,), (1,)):
            labels = _squeezed_if(difference, expected_rank_diff - 1, labels)
        return labels, predictions


def _squeezed_if(difference, wanted, tensor):
    return cond(equal(wanted, difference), lambda: squeeze(tensor, [-1]), lambda: tensor)


@export("confusion_matrix", "math.confusion_matrix")
def confusion_matrix(labels, predictions, num_classes=None, dtype=dtypes.int32, name=None, weights=None):
    """How often each class was taken for each other one.

    Args:
      labels: a vector of the numbers of the true classes.
      predictions: a vector of the numbers of the predicted classes.
      num_classes: the number of classes; by default the largest number plus 1.
      dtype: the type of the result.
      name: the name scope of the nodes.
      weights: a vector: what each pair counts; by default 1.

    Returns:
      A matrix of shape `[num_classes, num_classes]`, in which rows stand for labels and columns for predictions.

    Raises:
      InvalidArgumentError: a number is negative or too large.
      ValueError: `weights` has another shape than `predictions`.
    """
    with name_scope(name, "confusion_matrix", [predictions, labels, num_classes, weights]):
        labels, predictions = convert(labels, None, "labels"), convert(predictions, None, "predictions")
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions, labels = cast(predictions, dtypes.int64), cast(labels, dtypes.int64)
        labels = _not_negative(labels, "labels")
        predictions = _not_negative(predictions, "predictions")
        if num_classes is None:
            num_classes = maximum(reduce_max(predictions), reduce_max(labels)) + 1
        else:
            bound = cast(num_classes, dtypes.int64)
            labels = _below(labels, bound, "labels")
            predictions = _below(predictions, bound, "predictions")
        if weights is not None:
            weights = convert(weights, None, "weights")
            predictions.shape.assert_is_compatible_with(weights.shape)
            weights = cast(weights, dtype)
        shape = stack([num_classes, num_classes])
        indices = stack([labels, predictions], axis=1)
        values = ones_like(predictions, dtype) if weights is None else weights
        counted = SparseTensor(indices, values, cast(shape, dtypes.int64))
        return resolve("sparse_add")(zeros(cast(shape, dtypes.int32), dtype), counted)


def _not_negative(tensor, what):
    message = "`%s` contains negative values" % what
    return with_dependencies([resolve("assert_non_negative")(tensor, message=message)], tensor)


def _below(tensor, bound, what):
    return with_dependencies([resolve("assert_less")(tensor, bound, message="`%s` out of bound" % what)], tensor)
