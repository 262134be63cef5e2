"""Random order: `tf.random_shuffle`."""

import numpy as np

from ..core.export import export
from ..core.op import State, op
from . import philox
from .random import generator, seeds

_MANY = 2000  # from here on LAPACK's row exchanges are faster than a loop


@op("RandomShuffle")
def _random_shuffle(xp, value, *, state: State, seed=0, seed2=0):
    if value.size <= 1 or len(value) <= 1:
        return value
    swaps = len(value) - 1
    stream = generator(state, "RandomShuffle", seed, seed2, value.dtype).reserve((swaps + 3) // 4)
    return value[_permutation(stream, len(value))]


def _permutation(stream, size):
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
