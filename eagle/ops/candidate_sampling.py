"""Candidate samplers: classes drawn at random to train large softmax layers with, and how often each class was to be expected."""

import functools
import math

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import State, op
from .philox import Generator, Words
from .random import seeds

# ---------------------------------------------------------------------------------------------------------------- drawing


class _Sampler:
    """Draws classes below `range_max`; `sample(words)` gives one, `probability(classes)` how likely they are."""

    def __init__(self, range_max):
        self.range_max = range_max

    def learn(self, classes):
        """Takes notice of the true classes of a batch."""


class _Uniform(_Sampler):
    def sample(self, words):
        return words.below(self.range_max, 64)

    def probability(self, classes):
        return np.full(classes.shape, 1.0 / self.range_max, np.float32)


class _LogUniform(_Sampler):
    """Class k has the probability `log((k + 2) / (k + 1)) / log(range_max + 1)`, as words sorted by frequency nearly have."""

    def sample(self, words):
        return (int(math.exp(words.float64() * math.log1p(self.range_max))) - 1) % self.range_max

    def probability(self, classes):
        with np.errstate(all="ignore"):
            return (np.log((classes + 2.0) / (classes + 1.0)) / math.log1p(self.range_max)).astype(np.float32)


class _LearnedUnigram(_Sampler):
    """Each class has once more than it was seen as a true class as its weight.

    The weights are the leaves of a binary tree of sums.
    """

    def __init__(self, range_max):
        super().__init__(range_max)
        self._leaves = 1 << max(range_max - 1, 0).bit_length()
        level = [1] * range_max + [0] * (self._leaves - range_max)
        tree = level
        while len(level) > 1:
            level = [a + b for a, b in zip(level[::2], level[1::2])]
            tree = level + tree
        self._tree = [0, *tree]  # node i has the children 2 i and 2 i + 1

    def sample(self, words):
        tree, node = self._tree, 1
        place = words.below(tree[1])
        while node < self._leaves:
            node *= 2
            if place >= tree[node]:
                place -= tree[node]
                node += 1
        return node - self._leaves

    def probability(self, classes):
        leaves = np.array(self._tree[self._leaves :], np.float32)
        return leaves[classes] / np.float32(self._tree[1])

    def learn(self, classes):
        for c in classes.tolist():
            node = self._leaves + c
            while node:
                self._tree[node] += 1
                node //= 2


class _FixedUnigram(_Sampler):
    """Classes have given weights; drawn by Walker's alias method."""

    def __init__(self, range_max, weights):
        super().__init__(range_max)
        if len(weights) != range_max:
            raise invalid("There are weights for %d classes, but range_max is %d", len(weights), range_max)
        self._weights = np.array(weights, np.float32)
        self._total = np.float32(0)
        for w in self._weights:
            self._total += w
        self._keep, self._alias = _alias_table(self._weights.tolist())

    def sample(self, words):
        u = words.float32()
        i = words.below(self.range_max)
        return i if u < self._keep[i] else self._alias[i]

    def probability(self, classes):
        known = (classes >= 0) & (classes < self.range_max)
        return np.where(known, self._weights[np.where(known, classes, 0)] / self._total, np.float32(0))


def _alias_table(weights):
    """For each class how likely it keeps a draw, in float32, and to which class it passes it on otherwise."""
    count, total = len(weights), sum(weights)
    share = [w * count / total for w in weights]
    alias = list(range(count))
    low = [i for i, p in enumerate(share) if p < 1.0]
    high = [i for i, p in enumerate(share) if p >= 1.0]
    while low and high:
        i, j = low.pop(), high.pop()
        alias[i] = j
        share[j] -= 1.0 - share[i]
        (low if share[j] < 1.0 else high).append(j)
    for i in (*low, *high):  # what rounding errors leave
        share[i], alias[i] = 1.0, i
    return np.array(share, np.float32).tolist(), alias


def _fixed_unigram(range_max, vocab_file, distortion, num_reserved_ids, num_shards, shard, unigrams):
    """The sampler of the op FixedUnigramCandidateSampler."""
    if not vocab_file and not unigrams:
        raise invalid("Must provide either vocab_file or unigrams.")
    if vocab_file and unigrams:
        raise invalid("Must only provide one of vocab_file and unigrams.")
    if vocab_file:
        unigrams = _read_weights(vocab_file)
    powers = (np.array(unigrams, np.float32) ** np.float32(distortion)).tolist()
    weights = [0.0 for i in range(num_reserved_ids) if i % num_shards == shard]
    first = len(weights)
    weights += [w for i, w in enumerate(powers, first) if i % num_shards == shard]
    return _FixedUnigram(range_max, weights)


def _read_weights(vocab_file):
    """The weights in the last columns of a file of comma-separated values."""
    weights = []
    with open(vocab_file, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\\n")
            try:
                weights.append(float(line.split(",")[-1]))
            except ValueError:
                raise invalid("Wrong vocabulary format at line: %s", line) from None
    return weights


# -------------------------------------------------------------------------------------------------------------- the ops


class _Kept:
    """What a kernel keeps from run to run."""

    def __init__(self, seed, seed2, make_sampler):
        self.generator = Generator(seed, seed2)
        self.sampler = make_sampler()


def _draw(kept, true_classes, num_true, num_sampled, unique):
    """The outputs of a sampling op."""
    sampler = kept.sampler
    if true_classes.ndim != 2:
        raise invalid("true_classes must be a matrix")
    if true_classes.shape[1] != num_true:
        raise invalid("true_classes must have num_true columns, expected: %d was: %d", true_classes.shape[1], num_true)
    if unique and num_sampled > sampler.range_max:
        raise invalid("Sampler's range is too small.")
    words, drawn, tries = Words(kept.generator.reserve(512 * num_sampled)), [], num_sampled
    if unique:
        seen, tries = set(), 0
        while len(drawn) < num_sampled:
            tries += 1
            c = sampler.sample(words)
            if c not in seen:
                seen.add(c)
                drawn.append(c)
    else:
        drawn = [sampler.sample(words) for _ in range(num_sampled)]
    drawn = np.array(drawn, np.int64)

    def expected(classes):
        """How often a class was to be expected, supposing that there always are so many tries."""
        p = sampler.probability(classes)
        if tries == num_sampled:
            return p * np.float32(num_sampled)
        with np.errstate(all="ignore"):
            return -np.expm1(np.float32(tries) * np.log1p(-p))

    result = drawn, expected(true_classes), expected(drawn)
    sampler.learn(true_classes.reshape(-1))
    return result


def _declare(name, make_sampler):
    """Declares a sampling op with the attribute `range_max`."""

    @op(name)
    def declared(xp, true_classes, *, state: State, num_true, num_sampled, unique, range_max, seed=0, seed2=0):
        key = name, num_true, num_sampled, unique, range_max, seed, seed2
        kept = state.slot(key, lambda: _Kept(seed, seed2, lambda: make_sampler(range_max)))
        return _draw(kept, true_classes, num_true, num_sampled, unique)

    _complete(declared)

    @declared.samples
    def _(make):
        true = np.array([[1, 2], [0, 4]])
        yield true, dict(num_true=2, num_sampled=4, unique=True, range_max=6, seed=3, seed2=5)
        yield true, dict(num_true=2, num_sampled=40, unique=False, range_max=8, seed=3, seed2=6)
        yield true[:, :1], dict(num_true=1, num_sampled=30, unique=True, range_max=5000, seed=4)

    return declared


def _complete(declared):
    """The shape rule of sampling ops, and that they have no gradient."""

    @declared.shape
    def _(true_classes, *, num_true, num_sampled):
        batch = shapes.with_rank(true_classes, 2)[0]
        return [(num_sampled,), (batch, num_true), (num_sampled,)]

    declared.not_differentiable()


_uniform = _declare("UniformCandidateSampler", _Uniform)
_log_uniform = _declare("LogUniformCandidateSampler", _LogUniform)
_learned_unigram = _declare("LearnedUnigramCandidateSampler", _LearnedUnigram)
_declare("ThreadUnsafeUnigramCandidateSampler", _LearnedUnigram)


@op("FixedUnigramCandidateSampler")
def _fixed(xp, true_classes, *, state: State, num_true, num_sampled, unique, range_max, vocab_file="", distortion=1.0,
           num_reserved_ids=0, num_shards=1, shard=0, unigrams=(), seed=0, seed2=0):  # fmt: skip
    weights = range_max, vocab_file, distortion, num_reserved_ids, num_shards, shard, tuple(unigrams)
    key = "FixedUnigramCandidateSampler", num_true, num_sampled, unique, *weights, seed, seed2
    kept = state.slot(key, lambda: _Kept(seed, seed2, functools.partial(_fixed_unigram, *weights)))
    return _draw(kept, true_classes, num_true, num_sampled, unique)


_complete(_fixed)


@_fixed.samples
def _(make):
    true, weights = np.array([[1, 2], [0, 4]]), (0.1, 2.0, 0.5, 1.0, 3.0)
    yield true, dict(num_true=2, num_sampled=4, unique=True, range_max=5, unigrams=weights, seed=3, seed2=5)
    yield true, dict(num_true=2, num_sampled=40, unique=False, range_max=7, unigrams=weights, num_reserved_ids=2,
                     distortion=0.75, seed=3)  # fmt: skip
    yield true, dict(num_true=2, num_sampled=9, unique=False, range_max=2, unigrams=weights, num_shards=2, shard=1, seed=3)


@op("AllCandidateSampler", ignores=("unique", "seed", "seed2"))
def _all(xp, true_classes, *, num_true, num_sampled):
    if true_classes.ndim != 2:
        raise invalid("true_classes must be a matrix")
    if true_classes.shape[1] != num_true:
        raise invalid("true_classes must have num_true columns, expected: %d was: %d", true_classes.shape[1], num_true)
    one = np.float32
    return np.arange(num_sampled), np.ones(true_classes.shape, one), np.ones(num_sampled, one)


_complete(_all)


@_all.samples
def _(make):
    yield np.array([[1, 2], [0, 4]]), dict(num_true=2, num_sampled=4, unique=True)


@op("ComputeAccidentalHits", host=True, ignores=("seed", "seed2"))
def _compute_accidental_hits(xp, true_classes, sampled_candidates, *, num_true):
    if true_classes.ndim != 2 or true_classes.shape[1] != num_true:
        raise invalid("true_candidates must be a batch_size * num_true matrix")
    if sampled_candidates.ndim != 1:
        raise invalid("sampled_candidates must be a vector, which is typically an output from CandidateSampler")
    place = {c: i for i, c in enumerate(sampled_candidates.tolist())}
    hits = [(row, place[c]) for row, classes in enumerate(true_classes.tolist()) for c in classes if c in place]
    rows, ids = np.array(hits, np.int64).reshape(-1, 2).T
    return rows.astype(np.int32), ids, np.full(len(hits), np.finfo(np.float32).min, np.float32)


@_compute_accidental_hits.shape
def _(true_classes, sampled_candidates, *, num_true):
    columns = shapes.with_rank(true_classes, 2)[1]
    if columns not in (None, num_true):
        raise ValueError("Dimension must be %d but is %d" % (num_true, columns))
    return [(None,), (None,), (None,)]


_compute_accidental_hits.not_differentiable()


@_compute_accidental_hits.samples
def _(make):
    yield np.array([[1, 2], [0, 4]]), np.array([4, 5, 1, 4]), dict(num_true=2)
    yield np.array([[1, 2], [0, 4]]), np.array([7]), dict(num_true=2)


# ----------------------------------------------------------------------------------------------------- public functions

_ARGUMENTS = """

    Args:
      true_classes: an int64 tensor of shape (batch, num_true).
      num_true: how many true classes each example has.
      num_sampled: how many classes are drawn.
      unique: whether no class is drawn twice.
      range_max: the number of classes.
      seed: an int from which, with the graph's seed, the choice follows; see `tf.set_random_seed`.
      name: the name of the node.

    Returns:
      The drawn classes, int64 of shape (num_sampled,); how often each true class was to be expected among them, float32 of the
      shape of `true_classes`; the same for the drawn classes.

    Raises:
      InvalidArgumentError: `true_classes` has another shape, or `unique` is set and there are too few classes.
    """


def _public(name, op, doc):
    """The public function of a sampling op with the attribute `range_max`, under `tf.nn` and `tf.random`."""

    def function(true_classes, num_true, num_sampled, unique, range_max, seed=None, name=None):
        return op(true_classes, num_true=num_true, num_sampled=num_sampled, unique=unique, range_max=range_max, **seeds(seed),
                  name=name)  # fmt: skip

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc + _ARGUMENTS
    return export("nn." + name, "random." + name)(function)


uniform_candidate_sampler = _public("uniform_candidate_sampler", _uniform, "Draws classes, all equally likely.")
log_uniform_candidate_sampler = _public(
    "log_uniform_candidate_sampler",
    _log_uniform,
    "Draws classes of which the first ones are likelier, as words sorted by frequency: P(k) ~ log((k + 2) / (k + 1)).",
)
learned_unigram_candidate_sampler = _public(
    "learned_unigram_candidate_sampler",
    _learned_unigram,
    "Draws classes that are the likelier the more often they were true classes before.",
)


@export("nn.fixed_unigram_candidate_sampler", "random.fixed_unigram_candidate_sampler")
def fixed_unigram_candidate_sampler(true_classes, num_true, num_sampled, unique, range_max, vocab_file="", distortion=1.0,
                                    num_reserved_ids=0, num_shards=1, shard=0, unigrams=(), seed=None, name=None):  # fmt: skip
    """Draws classes with given weights.

    Args:
      true_classes: an int64 tensor of shape (batch, num_true).
      num_true: how many true classes each example has.
      num_sampled: how many classes are drawn.
      unique: whether no class is drawn twice.
      range_max: the number of classes.
      vocab_file: a file of comma-separated values with a line for each class, whose last column is the weight.
      distortion: the power to which weights are raised first.
      num_reserved_ids: how many classes before those with weights are never drawn.
      num_shards, shard: to draw only from each `num_shards`-th class, from `shard` on.
      unigrams: the weights, if there is no file.
      seed: an int from which, with the graph's seed, the choice follows; see `tf.set_random_seed`.
      name: the name of the node.

    Returns:
      As the other samplers: the drawn classes, and how often the true and the drawn ones were to be expected.

    Raises:
      InvalidArgumentError: `true_classes` has another shape, there are too few classes, or not exactly one kind of weights.
    """
    return _fixed(true_classes, num_true=num_true, num_sampled=num_sampled, unique=unique, range_max=range_max,
                  vocab_file=vocab_file, distortion=distortion, num_reserved_ids=num_reserved_ids, num_shards=num_shards,
                  shard=shard, unigrams=unigrams, **seeds(seed), name=name)  # fmt: skip


@export("nn.all_candidate_sampler", "random.all_candidate_sampler")
def all_candidate_sampler(true_classes, num_true, num_sampled, unique, seed=None, name=None):
    """Gives all classes, as if they had been drawn: for tests.

    Args:
      true_classes: an int64 tensor of shape (batch, num_true).
      num_true: how many true classes each example has.
      num_sampled: the number of classes.
      unique, seed: without effect, as nothing is drawn; they become attributes of the node.
      name: the name of the node.

    Returns:
      As the other samplers: the classes, and ones for the true and for all classes.
    """
    return _all(true_classes, num_true=num_true, num_sampled=num_sampled, unique=unique, **seeds(seed), name=name)


@export("nn.compute_accidental_hits")
def compute_accidental_hits(true_classes, sampled_candidates, num_true, seed=None, name=None):
    """Where drawn classes are true ones by accident.

    Args:
      true_classes: an int64 tensor of shape (batch, num_true).
      sampled_candidates: the drawn classes, an int64 vector.
      num_true: how many true classes each example has.
      seed: without effect, as nothing is drawn; it becomes an attribute of the node.
      name: the name of the node.

    Returns:
      Three vectors with an element for each hit: the example (int32), the place among the drawn classes (int64), and the lowest
      float32, which added to a logit takes the class out.

    Raises:
      InvalidArgumentError: an argument has another shape.
    """
    return _compute_accidental_hits(true_classes, sampled_candidates, num_true=num_true, **seeds(seed), name=name)
