"""Products that must be rounded in compiled programs before they are added.

XLA adds a product in one instruction without rounding it. That is more exact than two operations, but for `x * a - y * a` with
equal `x` and `y`, which is 0 if both products are rounded, it gives the rounding error of one of them: normalized values without
variance (`x * inv - mean * inv`, `inv` up to 1e6) would not be zero but noise.
"""

from ..core.tracing import is_traced

_SUMS = {"Add", "AddV2", "Sub", "Neg", "BiasAdd"}
_MOST_STEPS = 3  # between a product and the sum in which it may meet another one


def may_cancel(op):
    """Whether an operation is a product that is added to another one with the same factor."""
    if op.type != "Mul" or not op.outputs[0]._dtype.is_floating:
        return False
    factors = set(op._inputs)
    return any(
        other is not op and not factors.isdisjoint(other._inputs) for top in _sums_above(op) for other in _products_below(top)
    )


def _sums_above(op, steps=_MOST_STEPS):
    """The sums of which an operation is a part."""
    for consumer in op.outputs[0]._consumers or () if steps else ():
        if consumer.type in _SUMS:
            yield consumer
            yield from _sums_above(consumer, steps - 1)


def _products_below(op, steps=_MOST_STEPS):
    """The products that are parts of a sum."""
    if op.type == "Mul":
        yield op
    elif op.type in _SUMS and steps:
        for t in op._inputs:
            yield from _products_below(t.op, steps - 1)


def rounded(product):
    """A product of traced values as one that is rounded before it is added to anything."""
    import jax.numpy as jnp

    return jnp.where(product == product, product, jnp.nan) if is_traced(product) else product
