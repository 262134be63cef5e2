"""Other proportions of classes by chance: `rejection_resample`.

Of a class with the share p of the data that is to have the share t, elements are taken with a probability proportional to t / p.
So that fewer are thrown away, a part m of the elements comes from the data as it is, where m is the least t / p; the others are
accepted with the probability (t / p - m) / (M - m), where M is the greatest t / p.
"""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public
from ..core.static_values import constant_value
from .dataset import DatasetV2
from .transformations import sample_from_datasets, scan, unbatch

_BATCH = 32  # how many classes are counted at a time
_SMOOTHING = 10  # how many elements of each class are taken for seen before the first


@export("data.experimental.rejection_resample", "contrib.data.rejection_resample")
def rejection_resample(class_func, target_dist, initial_dist=None, seed=None):
    """Elements chosen so that classes have given shares; pairs of class and element.

    Args:
      class_func: a function of the components of an element that gives its class, an int32 scalar.
      target_dist: a vector of floats, the share of each class.
      initial_dist: the shares that the classes have in the data; by default they are estimated as elements come.
      seed: the seed.
    """

    def apply(dataset):
        target = convert(target_dist, None, "target_dist")
        classes = dataset.map(class_func)
        if initial_dist is not None:
            initial = convert(initial_dist, None, "initial_dist")
            accepted, share = _acceptance(initial, target)
            initials = DatasetV2.from_tensors(initial).repeat()
            acceptances = DatasetV2.from_tensors(accepted).repeat()
            shares = DatasetV2.from_tensors(share).repeat()
        else:
            initial = None
            initials = _estimates(target, classes)
            both = initials.map(lambda initial: _acceptance(initial, target))
            acceptances = both.map(lambda accepted, _: accepted)
            shares = both.map(lambda _, share: share)
        chosen = _chosen(dataset, acceptances, initials, classes, seed).prefetch(3)
        known = _known_share(initial, target)
        if known == 1:
            return DatasetV2.zip((classes, dataset))
        if known == 0:
            return chosen
        weights = shares.map(lambda share: [(share, 1.0 - share)])
        return sample_from_datasets([DatasetV2.zip((classes, dataset)), chosen], weights=weights, seed=seed)

    return apply


def _ratio(initial, target):
    return target / (initial + np.finfo(initial.dtype.as_numpy_dtype).tiny)


def _acceptance(initial, target):
    """The probability with which elements of each class are accepted, and the share of elements that need not be."""
    ratio = _ratio(initial, target)
    most, least = public.reduce_max(ratio), public.reduce_min(ratio)
    return (ratio - least) / (most - least), least


def _known_share(initial, target):
    """The share of elements that need not be accepted, if it is known."""
    initial = None if initial is None else constant_value(initial)
    target = constant_value(target)
    return None if initial is None or target is None else np.min(target / initial)


def _estimates(target, classes):
    """A dataset of the shares that classes have had so far."""
    count = target.shape[0] or public.shape(target)[0]
    seen = public.fill([count], np.int64(_SMOOTHING))

    def update(seen, batch):
        number = seen.get_shape()[0]
        seen = public.add(seen, public.reduce_sum(public.one_hot(batch, number, dtype=dtypes.int64), 0))
        shares = public.cast(public.truediv(seen, public.reduce_sum(seen)), dtypes.float32)
        return seen, public.tile(public.expand_dims(shares, 0), [_BATCH, 1])

    return classes.batch(_BATCH).apply(scan(seen, update)).apply(unbatch())


def _chosen(dataset, acceptances, initials, classes, seed):
    """The pairs of class and element that are accepted."""

    def told(accepted, initial):
        rejected = public.reduce_sum((1 - accepted) * initial)
        return public.cond(
            public.less(rejected, 0.5),
            lambda: accepted,
            lambda: public.Print(
                accepted, [rejected, initial, accepted], message="Proportion of examples rejected by sampler is high: ",
                summarize=100, first_n=10,
            ),
        )  # fmt: skip

    acceptances = DatasetV2.zip((acceptances, initials)).map(told)
    triples = DatasetV2.zip((classes, acceptances, dataset)).map(lambda c, accepted, x: (c, public.gather(accepted, c), x))
    accepted = triples.filter(lambda c, p, x: public.random_uniform([], seed=seed) < p)
    return accepted.map(lambda c, _, x: (c, x))
