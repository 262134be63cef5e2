"""The seeds of datasets, which may be tensors."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public
from ..core.scopes import name_scope
from ..core.seeds import get_seed as op_seeds


@export("python.data.util.random_seed.get_seed")
def get_seed(seed):
    """The two seeds of a dataset op, as int64 tensors.

    Args:
      seed: the op's own seed, an int or a tensor, or None.
    """
    seed, seed2 = op_seeds(seed)
    seed = convert(0 if seed is None else seed, dtypes.int64, "seed")
    if seed2 is None:
        return seed, convert(0, dtypes.int64, "seed2")
    with name_scope("seed2") as scope:
        seed2 = convert(seed2, dtypes.int64)
        both = public.logical_and(public.equal(seed, 0), public.equal(seed2, 0))
        return seed, public.where(both, convert(2**31 - 1, dtypes.int64), seed2, name=scope)
