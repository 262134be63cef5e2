"""Lists of tensors in compiled programs: what loops collect, and TensorArrays.

A list is one array with a dimension in front for the number of elements.  Both kinds are what JAX calls pytrees, so they go into
loops and branches and come out of them like arrays.
"""

import functools

import numpy as np

from ..core.errors import invalid
from ..core.tracing import NotCompilable, is_traced, known, require


@functools.cache
def jax():
    """The JAX module, with the classes of this file registered."""
    import jax

    for kind in (TracedTurns, SingleTurn, TracedElements, SomeElements):
        jax.tree_util.register_pytree_node(kind, kind.flatten, kind.unflatten)
    return jax


def take(buffer, index):
    """An element of an array along the first dimension."""
    if not is_traced((buffer, index)):
        return buffer[int(index)]
    return jax().lax.dynamic_index_in_dim(buffer, index, keepdims=False)


def put(buffer, index, value):
    """An array like `buffer` with another element."""
    return jax().lax.dynamic_update_index_in_dim(buffer, value, index, 0)


def _chosen(condition, value, like):
    """A value, or zeros if the condition is not met."""
    import jax.numpy as jnp

    return jnp.where(condition, value, jnp.zeros_like(like))


class _Tree:
    """A pytree whose children are the attributes named in `children`, its static part those in `static`."""

    holds_traced = True
    children = static = ()

    def flatten(self):
        return [getattr(self, n) for n in self.children], tuple([getattr(self, n) for n in self.static])

    @classmethod
    def unflatten(cls, static, children):
        made = object.__new__(cls)
        for n, v in zip(cls.children + cls.static, (*children, *static)):
            setattr(made, n, v)
        return made


class TracedTurns(_Tree):
    """The values that something inside a loop had in each turn; also, in gradients, their gradients.

    Attributes:
      values: an array with the turns in front, or a tree of such arrays; a value that is the same in every turn as it is.
      count: how many turns there were, an int32, known or traced.
      same: whether every turn had the same value.
    """

    children, static = ("values", "count"), ("same",)
    shape, ndim, size = (), 0, 1

    def __init__(self, values, count, same=False):
        self.values, self.count, self.same = values, count, same

    def at(self, turn):
        return self.values if self.same else jax().tree_util.tree_map(lambda buffer: take(buffer, turn), self.values)

    def at_like(self, turn, like):
        return self.at(turn)

    def zeros_like(self):
        import jax.numpy as jnp

        if self.same and is_traced(self.count):
            raise NotCompilable("the gradient of a value that is the same in each of an unknown number of turns")
        ahead = (int(self.count),) if self.same else ()
        return TracedTurns(jax().tree_util.tree_map(lambda v: jnp.zeros(ahead + v.shape, v.dtype), self.values), self.count)

    def __add__(self, other):
        if isinstance(other, SingleTurn):
            add = lambda buffer, v: buffer.at[other.turn].add(v)
            return TracedTurns(jax().tree_util.tree_map(add, self.values, other.value), self.count)
        return TracedTurns(jax().tree_util.tree_map(lambda a, b: a + b, self.values, other.values), self.count)

    __radd__ = __add__


class SingleTurn(_Tree):
    """A list of gradients in which one turn alone has one."""

    children = ("value", "turn")
    shape, ndim, size = (), 0, 1

    def __init__(self, value, turn):
        self.value, self.turn = value, turn

    def at_like(self, turn, like):
        return jax().tree_util.tree_map(lambda v: _chosen(turn == self.turn, v, v), self.value)

    def __add__(self, other):
        if isinstance(other, TracedTurns):
            return other + self
        raise NotCompilable("a list of gradients whose length is not known")


class TracedElements(_Tree):
    """The value of a TensorArray's flow: its elements, or gradients of elements.

    Attributes:
      values: an array with the elements in front; None before anything was written, if the elements' shape is not known.
      written, cleared: the numbers of the elements that are written, and of those read for the last time; None if not known.
    """

    children, static = ("values",), ("written", "cleared")
    shape, ndim, size = (), 0, 1

    def __init__(self, values=None, written=None, cleared=None):
        self.values, self.written, self.cleared = values, written, cleared

    def zeros_like(self):
        import jax.numpy as jnp

        return TracedElements(None if self.values is None else jnp.zeros_like(self.values))

    def at_like(self, index, like):
        import jax.numpy as jnp

        return jnp.zeros_like(like) if self.values is None else take(self.values, index)

    def rows_like(self, indices, like):
        import jax.numpy as jnp

        if self.values is None:
            return jnp.zeros_like(like)
        return self.values if _all_in_order(indices, self.values.shape[0]) else self.values[indices]

    def __add__(self, other):
        if isinstance(other, SomeElements):
            return other + self
        if not isinstance(other, TracedElements) or other.values is None:
            return self
        return other if self.values is None else TracedElements(self.values + other.values)

    __radd__ = __add__


class SomeElements(_Tree):
    """A flow's gradient in which some elements alone have one.

    Attributes:
      values: the gradients.
      indices: of which elements.
    """

    children = ("values", "indices")
    shape, ndim, size = (), 0, 1

    def __init__(self, values, indices):
        self.values, self.indices = values, indices

    def zeros_like(self):
        import jax.numpy as jnp

        return SomeElements(jnp.zeros_like(self.values), self.indices)

    def at_like(self, index, like):
        import jax.numpy as jnp

        chosen = (jnp.asarray(self.indices) == index).reshape((-1,) + (1,) * like.ndim)
        return jnp.where(chosen, self.values, 0).sum(0).astype(like.dtype)

    def rows_like(self, indices, like):
        import jax.numpy as jnp

        chosen = jnp.asarray(indices)[:, None] == jnp.asarray(self.indices)
        return jnp.tensordot(chosen.astype(like.dtype), self.values, 1)

    def __add__(self, other):
        import jax.numpy as jnp

        if isinstance(other, TracedElements):
            return self if other.values is None else TracedElements(other.values.at[jnp.asarray(self.indices)].add(self.values))
        if isinstance(other, SomeElements):
            return SomeElements(jnp.concatenate([self.values, other.values]), jnp.concatenate([self.indices, other.indices]))
        return self

    __radd__ = __add__


def _all_in_order(indices, count):
    """Whether indices are known and those of all elements, one after the other."""
    return not is_traced(indices) and np.array_equal(indices, np.arange(count))


class TracedArray:
    """The value of a TensorArray's handle in a compiled program: what is known of the array; its elements are in the flow."""

    holds_traced = True
    shape, ndim, size = (), 0, 1

    def __init__(self, name, element_type, element_shape, count, dynamic, clears):
        self.name, self.element_type, self.element_shape = name, element_type, element_shape
        self.count, self.dynamic, self.clears = count, dynamic, clears

    def empty(self):
        import jax.numpy as jnp

        shape, nothing = self.element_shape, frozenset()
        if shape is None or None in shape:
            return TracedElements(None, nothing, nothing)
        return TracedElements(jnp.zeros((self.count, *shape), self.element_type.np), nothing, nothing)

    def write(self, flow, index, value):
        import jax.numpy as jnp

        value = jnp.asarray(value)
        values = flow.values
        if values is None:
            values = jnp.zeros((self.count, *value.shape), value.dtype)
        if self.dynamic and int(known(index)) >= values.shape[0]:
            values = jnp.concatenate([values, jnp.zeros((int(index) + 1 - values.shape[0], *value.shape), value.dtype)])
        if value.shape != values.shape[1:]:
            raise NotCompilable("a TensorArray whose elements have different shapes")
        self._require_inside(index, values)
        written = _with(flow.written, index)
        if written is not None and written == flow.written:
            raise NotCompilable("an element that is written twice")
        return TracedElements(put(values, index, value), written, flow.cleared)

    def read(self, flow, index):
        values = self._written(flow)
        self._require_inside(index, values)
        if self.clears and not is_traced(index) and flow.cleared is not None:
            if int(index) in flow.cleared:
                raise NotCompilable("an element that is read twice")
            flow.cleared |= {int(index)}
        return take(values, index)

    def rows(self, flow, indices):
        values = self._written(flow)
        if _all_in_order(indices, values.shape[0]):
            return values
        self._require_inside(indices, values)
        return values[indices]

    def fill(self, flow, indices, value):
        """The flow when the elements at `indices` have been written."""
        import jax.numpy as jnp

        count = int(known(indices).max(initial=-1)) + 1 if self.dynamic else self.count
        written = flow.written if is_traced(indices) else _with(flow.written, *indices)
        if _all_in_order(indices, count) and len(indices) == value.shape[0]:
            return TracedElements(value, written, flow.cleared)
        values = flow.values
        if values is None or values.shape[0] < count:
            values = jnp.zeros((count, *value.shape[1:]), value.dtype)
        self._require_inside(indices, values)
        return TracedElements(values.at[jnp.asarray(indices)].set(value), written, flow.cleared)

    def size_of(self, flow):
        return self.count if flow.values is None else flow.values.shape[0]

    def _written(self, flow):
        if flow.values is None:
            raise NotCompilable("a TensorArray that is read before anything is written")
        return flow.values

    def _require_inside(self, index, values):
        count = values.shape[0]
        require((index >= 0) & (index < count), lambda: invalid("Tried to read from index %s but array size is: %d", index, count))


def _with(numbers, *more):
    """A set of numbers with more of them; None if they are not known."""
    return None if numbers is None or is_traced(more) else numbers.union(map(int, more))
