"""What clustering needs: the nearest centers of points, and points to begin with as centers."""

import math

import numpy as np

from ..core.errors import invalid
from ..core.op import Host, op
from .philox import Stream, Words

_f = np.float32


def _words(seed):
    """The words of the stream that a seed begins."""
    return Words(Stream((seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF), (0, 0, 0, 0)))


def _check_matrix(x, name):
    if x.ndim != 2:
        raise invalid("Input %s should be a matrix.", name)


def _half_squares(xp, x):
    return _f(0.5) * xp.sum(x * x, axis=1)


@op("NearestNeighbors", golden_tolerance=1e-5)
def nearest_neighbors(xp, points, centers, k: Host):
    _check_matrix(points, "points")
    _check_matrix(centers, "centers")
    if type(k) is tuple:
        raise invalid("Input k should be a scalar.")
    if not points.shape[0]:
        raise invalid("Expected points.rows() > 0.")
    if points.shape[1] != centers.shape[1]:
        raise invalid("Expected point_dimensions == center_dimensions: %d vs %d.", points.shape[1], centers.shape[1])
    apart = _half_squares(xp, centers) - points @ centers.T
    if k == 1 and centers.shape[0]:
        nearest = xp.argmin(apart, axis=1)[:, None]
    else:
        nearest = xp.argsort(apart, axis=1, stable=True)[:, :k]
    found = _half_squares(xp, points)[:, None] + xp.take_along_axis(apart, nearest, axis=1)
    return nearest.astype(np.int64), _f(2) * found


@nearest_neighbors.shape
def _(points, centers, k):
    return None, None  # TensorFlow tells no shapes


nearest_neighbors.not_differentiable()


@nearest_neighbors.samples
def _(make):
    for k in (1, 2, 9, 0):
        yield make(5, 3), make(4, 3) * _f(0.7), k


class _PlusPlus:
    """Chooses points far from each other, each at random in proportion to its squared distance from those before.

    Args:
      points: a matrix.
      words: the random words.
    """

    def __init__(self, points, words):
        self._points, self._words = points, words
        self._squares = _half_squares(np, points)
        self._distances = np.full(len(points), np.inf, _f)
        self._sums, self.chosen = None, []

    def _draw(self):
        if not self.chosen:
            return self._words.below(len(self._points), 64)
        while True:
            at = _f(self._words.float32()) * self._sums[-1]
            found = int(np.searchsorted(self._sums, at, side="right"))
            if found not in self.chosen:
                return min(found, len(self._points) - 1)

    def _with(self, index):
        """The distances to the nearest chosen point, if this one were chosen too."""
        to_it = self._squares - self._points @ self._points[index] + self._squares[index]
        return np.minimum(self._distances, to_it)

    def choose(self, retries):
        """Chooses one more point: the best of `1 + retries` draws."""
        if self.chosen:
            self._sums = np.cumsum(self._distances, dtype=_f)
        best, best_sum, distances = 0, np.inf, self._distances
        for _ in range(1 + retries):
            index = self._draw()
            found = self._with(index)
            total = found.sum()
            if not retries or total < best_sum:
                best, best_sum, distances = index, total, found
        self._distances = distances
        self.chosen.append(best)


@op("KmeansPlusPlusInitialization", host=True)
def kmeans_plus_plus_initialization(xp, points, num_to_sample: Host, seed: Host, num_retries_per_sample: Host):
    _check_matrix(points, "points")
    for name, value in (("num_to_sample", num_to_sample), ("seed", seed), ("num_retries_per_sample", num_retries_per_sample)):
        if type(value) is tuple:
            raise invalid("Input %s should be a scalar.", name)
    if not len(points):
        raise invalid("Expected points.rows() > 0.")
    if num_to_sample <= 0:
        raise invalid("Expected num_to_sample > 0.")
    if num_to_sample > len(points):
        raise invalid("Expected num_to_sample <= points.rows(). %d vs %d.", num_to_sample, len(points))
    retries = num_retries_per_sample if num_retries_per_sample >= 0 else 2 + int(math.log(num_to_sample))
    chooser = _PlusPlus(points, _words(seed))
    for _ in range(num_to_sample):
        chooser.choose(retries)
    return points[chooser.chosen]


@kmeans_plus_plus_initialization.shape
def _(points, num_to_sample, seed, num_retries_per_sample):
    return None


kmeans_plus_plus_initialization.not_differentiable()


@kmeans_plus_plus_initialization.samples
def _(make):
    points = make(9, 3) * np.arange(1, 10, dtype=_f)[:, None]
    yield points, 4, 7, 2
    yield points, 9, 2**40 + 3, 0
    yield points, 3, 11, -1


@op("KMC2ChainInitialization", host=True)
def kmc2_chain_initialization(xp, distances, seed: Host):
    if distances.ndim != 1:
        raise invalid("Input distances should be a vector.")
    if type(seed) is tuple:
        raise invalid("Input seed should be a scalar.")
    if not len(distances):
        raise invalid("Expected distances_tensor.size() > 0.")
    words, chosen = _words(seed), 0
    for i in range(1, len(distances)):
        if distances[i] > _f(words.float32()) * distances[chosen]:
            chosen = i
    return np.int64(chosen)


@kmc2_chain_initialization.shape
def _(distances, seed):
    return ()


kmc2_chain_initialization.not_differentiable()


@kmc2_chain_initialization.samples
def _(make):
    yield make.positive(9), 5
    yield make.positive(1), 0
