"""Numbers from distributions that are sampled by rejection: gamma and Poisson.

Each number has a stretch of the stream for itself, from which it takes uniform and normal numbers until one is accepted.  Here all
numbers that still wait for theirs do each step together.  What is computed is float64 whatever the type of the result.
"""

import numpy as np

from . import philox
from .random_numbers import normal_float64, uniform_float64


class Draws:
    """The stretches of a stream that belong to some consecutive numbers of a result.

    A block of words makes two numbers of a kind at a time, of which the second is taken first.
    """

    def __init__(self, stream, first, count):
        self._stream = stream
        self._next = np.arange(first, first + count, dtype=np.uint64) * np.uint64(philox.RESERVED)
        self._kept = {make: np.zeros(count) for make in (uniform_float64, normal_float64)}
        self._has = {make: np.zeros(count, bool) for make in self._kept}

    def uniform(self, which):
        """A uniform number for each of some numbers, which are given by an index array."""
        return self._take(uniform_float64, which)

    def normal(self, which):
        """A normal number for each of some numbers."""
        return self._take(normal_float64, which)

    def _take(self, make, which):
        kept, has = self._kept[make], self._has[make]
        taken = kept[which]
        empty = ~has[which]
        has[which] = empty
        fresh = which if empty.all() else which[empty]
        if len(fresh):
            first, second = make(np, philox.words_at(np, self._stream, self._next[fresh]))
            self._next[fresh] += np.uint64(1)
            kept[fresh] = first
            taken[empty] = second
        return taken


def _sampled(stream, parameter, count, sample):
    """Samples of distributions.

    Args:
      stream: a `philox.Stream`.
      parameter: the parameters of the distributions, a float64 vector.
      count: how many numbers for each.
      sample: a function of `Draws`, a vector of parameters and one for the numbers, which it fills.

    Returns:
      A float64 array of shape (len(parameter), count).
    """
    result = np.empty((len(parameter), count))
    flat = result.reshape(-1)

    def work(first, limit):
        part = parameter[np.arange(first, limit) // count]
        sample(Draws(stream, first, limit - first), part, flat[first:limit])

    philox.in_chunks(len(flat), work)
    return result


def gamma(stream, alpha, count):
    """Numbers from gamma distributions with parameters `alpha`, `count` for each; see `_sampled`."""
    return _sampled(stream, alpha, count, _gamma)


def _gamma(draws, alpha, result):
    """Marsaglia and Tsang's method."""
    exponential = np.flatnonzero(alpha == 1.0)
    if len(exponential):
        result[exponential] = -np.log(1.0 - draws.uniform(exponential))
    small = alpha < 1
    d = alpha + np.where(small, 2.0 / 3, -1.0 / 3)
    c = 1.0 / 3 / np.sqrt(d)
    finished = alpha == 1.0
    waiting = np.flatnonzero(~finished)
    while len(waiting):
        x = draws.normal(waiting)
        v = 1 + c[waiting] * x
        positive = ~(v <= 0)
        candidates = waiting
        if not positive.all():
            candidates, x, v = waiting[positive], x[positive], v[positive]
        v = v * v * v
        u = draws.uniform(candidates)
        accepted = u < 1 - 0.0331 * (x * x) * (x * x)
        rest = np.flatnonzero(~accepted)
        dr, xr, vr = d[candidates[rest]], x[rest], v[rest]
        accepted[rest] = np.log(u[rest]) < 0.5 * xr * xr + dr * (1 - vr + np.log(vr))
        done = candidates[accepted]
        result[done] = d[done] * v[accepted]
        boosted = done[small[done]]
        if len(boosted):
            result[boosted] *= np.power(draws.uniform(boosted), 1 / alpha[boosted])
        finished[done] = True
        waiting = waiting[~finished[waiting]]


def poisson(stream, rate, count, largest):
    """Numbers not beyond `largest` from Poisson distributions with rates `rate`, `count` for each; see `_sampled`."""

    def sample(draws, rate, result):
        _poisson_by_products(draws, rate, np.flatnonzero(rate < 10), largest, result)
        _poisson_by_rejection(draws, rate, np.flatnonzero(~(rate < 10)), largest, result)

    return _sampled(stream, rate, count, sample)


def _poisson_by_products(draws, rate, waiting, largest, result):
    """Knuth's method for low rates: how many uniform numbers can be multiplied before the product falls below exp(-rate)."""
    limit = np.exp(-rate)
    product = np.ones(len(rate))
    x = 0.0
    while len(waiting):
        product[waiting] *= draws.uniform(waiting)
        done = product[waiting] <= limit[waiting] if x <= largest else np.zeros(len(waiting), bool)
        result[waiting[done]] = x
        waiting = waiting[~done]
        x += 1


def _poisson_by_rejection(draws, rate, waiting, largest, result):
    """Hormann's transformed rejection for high rates."""
    from scipy.special import gammaln

    while len(waiting):
        r = rate[waiting]
        b = 0.931 + 2.53 * np.sqrt(r)
        a = -0.059 + 0.02483 * b
        u = draws.uniform(waiting) - 0.5
        v = draws.uniform(waiting)
        distance = 0.5 - np.abs(u)
        k = np.floor((2 * a / distance + b) * u + r + 0.43)
        inside = (distance >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
        possible = ~((k < 0) | ((distance < 0.013) & (v > distance)))
        density = -r + k * np.log(r) - gammaln(k + 1)
        below = np.log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (distance * distance) + b)) <= density
        done = (k <= largest) & (inside | (possible & below))
        result[waiting[done]] = k[done]
        waiting = waiting[~done]
