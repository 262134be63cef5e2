"""Lists of the values that something inside a loop had in each turn, and the ops on them that gradients of loops use.

In a GraphDef such a list is one of TensorFlow's tensor lists.
"""

import numpy as np

from ..core import dtypes
from ..core.dtypes import VARIANT, Handle
from ..core.op import op
from ..core.tracing import is_traced
from .traced_lists import SingleTurn


class Turns(Handle):
    """The values that something inside a loop had in each turn; also, in gradients, their gradients: turn -> value."""

    __slots__ = ("values",)
    dtype = VARIANT

    def __init__(self, values=None):
        self.values = {} if values is None else values

    def add(self, value):
        """Adds the value of the next turn."""
        self.values[len(self.values)] = value

    @property
    def count(self):
        return np.int32(len(self.values))

    def at(self, turn):
        return self.values[int(turn)]

    def at_like(self, turn, like):
        """The gradient of one turn; where it has none, zeros like `like`."""
        value = self.values.get(int(turn))
        return value if value is not None else like.zeros_like() if isinstance(like, Handle) else np.zeros_like(like)

    def __add__(self, other):
        """The sum of two lists of gradients."""
        summed = dict(self.values)
        for turn, value in other.values.items():
            summed[turn] = summed[turn] + value if turn in summed else value
        return Turns(summed)

    def zeros_like(self):
        """A list of gradients that are zero."""
        return Turns()


@op(
    "EagleTurn",
    definition="EagleTurn(turns: variant, turn: int32) -> (value: dtype) | dtype: type; shape: shape | gradient",
    foldable=False,
    compiles=True,
)
def turn_of(xp, turns, turn, *, dtype, shape):
    """The value of one turn."""
    return turns.at(turn)


@turn_of.shape
def _(turns, turn, *, shape):
    return shape


@turn_of.grad("turns")
def _(g, turn):
    return single_turn(g, turn)


@op(
    "EagleTurnLike",
    definition="EagleTurnLike(turns: variant, turn: int32, like: T) -> (value: T) | T: type | gradient",
    foldable=False,
    compiles=True,
)
def turn_like(xp, turns, turn, like):
    """The value of one turn in a list of gradients; where it has none, zeros like `like`."""
    return turns.at_like(turn, like)


@turn_like.shape
def _(turns, turn, like):
    return like


@turn_like.grad("turns")
def _(g, turn):
    return single_turn(g, turn)


@op(
    "EagleSingleTurn",
    definition="EagleSingleTurn(value: T, turn: int32) -> (turns: variant) | T: type | gradient",
    foldable=False,
    compiles=True,
)
def single_turn(xp, value, turn):
    """A list of gradients with the one of a single turn."""
    return SingleTurn(value, turn) if is_traced((value, turn)) else Turns({int(turn): value})


@single_turn.shape
def _(value, turn):
    return ()


@single_turn.grad("value")
def _(g, value, turn):
    return turn_like(g, turn, value)


@op(
    "EagleCountTurns",
    definition="EagleCountTurns(turns: variant) -> (count: int32) | |",
    foldable=False,
    compiles=True,
)
def count_turns(xp, turns):
    return turns.count


@count_turns.shape
def _(turns):
    return ()


count_turns.not_differentiable()


@turn_of.writes
def _(writer, node):
    _write_item(writer, node, node.outputs[0]._dtype, node.attrs["shape"])


def _write_item(writer, node, dtype, shape):
    spelled = np.array(-1 if shape is None else [-1 if d is None else d for d in shape], np.int32)
    shape = writer.add("Const", node, [], "shape", dtype=dtypes.int32, value=spelled)
    inputs = [*[writer.ref(t) for t in node._inputs[:2]], writer.output(shape)]
    made = writer.add("TensorListGetItem", node, inputs, element_dtype=dtype)
    writer.replace(node.outputs[0], writer.output(made))


@count_turns.writes
def _(writer, node):
    made = writer.add("TensorListLength", node, [writer.ref(node._inputs[0])])
    writer.replace(node.outputs[0], writer.output(made))
