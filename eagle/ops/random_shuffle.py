"""Random order and random parts: `tf.random_shuffle`, `tf.random_crop`."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.errors import FailedPreconditionError, invalid
from ..core.export import export
from ..core.op import Host, State, op
from ..core.scopes import name_scope
from . import philox
from .flow import with_dependencies
from .printing import Assert
from .random import generator, random_uniform, seeds
from .reduce import reduce_all
from .shaping import shape as shape_of
from .slicing import slice_

_MANY = 2000  # from here on LAPACK's row exchanges are faster than a loop


@op("RandomShuffle")
def _random_shuffle(xp, value, *, state: State, seed=0, seed2=0):
    if value.size <= 1 or len(value) <= 1:
        return value
    swaps = len(value) - 1
    stream = generator(state, "RandomShuffle", seed, seed2, value.dtype).reserve((swaps + 3) // 4)
    return value[permutation(stream, len(value))]


def permutation(stream, size):
    """A permutation: each place in turn is exchanged with one from there on, which a word of the stream chooses."""
    words = np.stack(philox.words(np, stream, (size + 2) // 4), axis=1).reshape(-1)[: size - 1]
    places = np.arange(size - 1)
    partners = places + (words % np.arange(size, 1, -1, dtype=np.uint64)).astype(np.int64)
    if size < _MANY:
        order = list(range(size))
        for i, j in enumerate(partners.tolist()):
            order[i], order[j] = order[j], order[i]
        return np.array(order)
    from scipy.linalg.lapack import dlaswp

    order = np.arange(size, dtype=np.float64)[:, None]
    return dlaswp(order, np.append(partners, size - 1), overwrite_a=True)[:, 0].astype(np.int64)


@_random_shuffle.shape
def _(value):
    return value


@_random_shuffle.samples
def _(make):
    yield make(2), dict(seed=3, seed2=5)
    yield make(7, 2), dict(seed=3, seed2=6)
    yield make(3000), dict(seed=3)
    yield make(1, 2), dict(seed=3)
    yield make(), dict(seed=3)
    yield make(5, 0), dict(seed=3)


@export("random_shuffle", "random.shuffle")
def random_shuffle(value, seed=None, name=None):
    """The slices of a tensor along its first dimension, in random order.

    Args:
      value: a tensor.
      seed: an int from which, with the graph's seed, the order follows; see `tf.set_random_seed`.
      name: the name of the node.
    """
    return _random_shuffle(value, **seeds(seed), name=name)


@op("RandomCrop", sample_types=[dtypes.float32, dtypes.uint8, dtypes.int64])
def _random_crop(xp, image, size: Host, *, state: State, seed=0, seed2=0):
    if image.ndim != 3:
        raise invalid("input must be 3-dimensional%s", shapes.to_brackets(image.shape))
    if len(size) != 2:
        raise invalid("shape_t must have two elements[%d]", len(size))
    for name, have, wanted in (("width", image.shape[1], size[1]), ("height", image.shape[0], size[0])):
        if have < wanted:
            text = "%s must be >= target_%s: %s = %d, target_%s = %d" % (name, name, name, have, name, wanted)
            raise FailedPreconditionError(None, None, text)
    stream = generator(state, "RandomCrop", seed, seed2, image.dtype).reserve(1)
    words, offset = [int(w[0]) for w in philox.words(np, stream, 1)], [0, 0]
    for axis in (1, 0):
        if image.shape[axis] > size[axis]:
            offset[axis] = words.pop(0) % (image.shape[axis] - size[axis] + 1)
    return image[offset[0] : offset[0] + size[0], offset[1] : offset[1] + size[1]]


@_random_crop.shape
def _(image, size):
    channels = shapes.with_rank(image, 3)[2]
    return (None, None, channels) if size is None else (*size, channels)


_random_crop.not_differentiable()


@_random_crop.samples
def _(make):
    yield make(5, 6, 2), np.array([2, 3]), dict(seed=3, seed2=5)
    yield make(5, 6, 2), np.array([5, 3]), dict(seed=3, seed2=6)
    yield make(5, 6, 2), np.array([4, 6]), dict(seed=3, seed2=6)


@export("random_crop", "image.random_crop")
def random_crop(value, size, seed=None, name=None):
    """A part of a tensor, from a random place.

    Args:
      value: a tensor.
      size: the shape of the part, an int vector with an element for each dimension of `value`.
      seed: an int from which, with the graph's seed, the place follows; see `tf.set_random_seed`.
      name: the name of the last node.

    Raises:
      InvalidArgumentError: `value` is smaller than `size`.
    """
    with name_scope(name, "random_crop", [value, size]) as scope:
        value = convert(value, None, "value")
        size = convert(size, dtypes.int32, "size")
        shape = shape_of(value)
        check = Assert(reduce_all(shape >= size), ["Need value.shape >= size, got ", shape, size], summarize=1000)
        shape = with_dependencies([check], shape)
        limit = shape - size + 1
        offset = random_uniform(shape_of(shape), maxval=dtypes.int32.max, dtype=dtypes.int32, seed=seed) % limit
        return slice_(value, offset, size, name=scope)
