"""`tf.user_ops.my_fact`: TensorFlow's example of an op of one's own."""

from ..core.export import export
from ..core.op import op


@op("Fact", host=True)
def _fact(xp):
    return b"0! == 1"


@_fact.shape
def _():
    return ()


_fact.not_differentiable()


@_fact.samples
def _(make):
    yield ()


@export("user_ops.my_fact")
def my_fact():
    """A scalar string with a fact about factorials."""
    return _fact()
