"""What functions on images check: shapes when the graph is built where they are known, and when it runs where not."""

from ..core.export import resolve
from ..core.shape import as_shape
from ..core.tensor import Tensor
from .assertions import assert_equal, assert_greater_equal, assert_positive
from .flow import with_dependencies
from .printing import Assert
from .shaping import expand_dims, rank, shape as shape_of, squeeze
from .splitting import unstack

RANK = "'image' must have either 3 or 4 dimensions."


def is_tensor(x):
    """Whether something is a tensor or a variable, not a Python value."""
    return isinstance(x, Tensor | resolve("Variable"))


def require(condition, message):
    """Checks a condition, now if it is a Python value, else in the graph; a list of the assertions made."""
    if is_tensor(condition):
        return [Assert(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def sizes_of(image, its_rank):
    """The dimensions of an image: numbers where they are known, otherwise scalar tensors."""
    if image.shape.is_fully_defined():
        return image.shape.as_list()
    static = image.shape.with_rank(its_rank).as_list()
    return [s if s is not None else d for s, d in zip(static, unstack(shape_of(image), its_rank))]


def check_sizes(image):
    """Checks that an image has three dimensions or more, none of size 0; a list of the assertions made."""
    known = image.shape
    try:
        known = known.with_rank(3) if known.ndims is None else known.with_rank_at_least(3)
    except ValueError:
        raise ValueError("'image' must be at least three-dimensional.") from None
    if 0 in known.as_list():
        raise ValueError("all dims of 'image.shape' must be > 0: %s" % known)
    if known.is_fully_defined():
        return []
    return [
        assert_positive(shape_of(image), ["all dims of 'image.shape' must be > 0."]),
        assert_greater_equal(rank(image), 3, message="'image' must be at least three-dimensional."),
    ]


def checked(image):
    """An image that is there when its sizes have been checked."""
    return with_dependencies(check_sizes(image), image)


def checked_gray(image):
    """An image that is there when it has been checked that its last dimension is 1."""
    known = image.shape
    try:
        known = known.with_rank(2) if known.ndims is None else known.with_rank_at_least(2)
    except ValueError:
        raise ValueError("A grayscale image must be at least two-dimensional.") from None
    sentence = "Last dimension of a grayscale image should be size 1."
    if known.is_fully_defined():
        if known[-1] != 1:
            raise ValueError(sentence)
        return with_dependencies([], image)
    checks = [
        assert_equal(shape_of(image)[-1], 1, message=sentence),
        assert_greater_equal(rank(image), 3, message="A grayscale image must be at least two-dimensional."),
    ]
    return with_dependencies(checks, image)


def is_batch(image):
    """Whether an image is a batch, of rank 4; raises ValueError unless the rank is 3, 4 or unknown."""
    if image.shape.ndims not in (None, 3, 4):
        raise ValueError(RANK)
    return image.shape.ndims == 4


def as_batch(image):
    """An image as a batch of one, a batch as it is; and whether it was a batch."""
    was_batch = is_batch(image)
    if not was_batch:
        of_unknown = image.shape.ndims is None
        image = expand_dims(image, 0)
        if of_unknown:
            image.set_shape([None] * 4)
    return image, was_batch


def like_before(images, was_batch):
    """A batch as it is, or its only image where there was no batch before."""
    return images if was_batch else squeeze(images, axis=[0])


def set_sizes(images, sizes):
    """Sets what is known of the shape: sizes that are tensors are not."""
    images.set_shape(as_shape([None if is_tensor(s) else s for s in sizes]))
