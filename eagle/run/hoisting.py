"""Work that is taken out of compiled loops whose turns are counted.

XLA leaves a loop's products where they are.  Two kinds need not be computed turn by turn, and in one piece they are many times as
fast:

- a product of something that the turn number alone decides, such as a sequence's element, with a matrix that stays the same: it is
  computed for all turns before the loop, also where the element is but a part of what is multiplied (`[x, h] @ w`);
- products and sums of which the loop only adds up the results, such as the gradient of a matrix: the loop lists the factors, and
  they are multiplied after it.
"""

import functools

import numpy as np

from ..core.tracing import is_traced
from .equations import Links, bind, is_literal, multiply, plain_product, take_turns
from .xla import jax

_ROOM = 1 << 28  # bytes that what is computed for all turns may take

# What is cheap enough to be computed outside of the loop for the sake of a product.
_CHEAP = {
    "add", "sub", "mul", "max", "min", "lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "select_n", "clamp", "neg",
    "dynamic_slice", "squeeze", "reshape", "slice", "transpose", "convert_element_type", "broadcast_in_dim", "expand_dims",
    "concatenate", "rev", "copy",
}  # fmt: skip

_SAME, _COUNTED, _CHANGING = range(3)  # what a value depends on: on nothing in the loop, on the turn's number, on other turns


class CountedLoop:
    """A loop of counted turns (JAX's `scan`).

    Args:
      given: the parameters of the `scan`.
      body: a `ClosedJaxpr`: the turn, without calls of other functions.
      values: the arguments of the `scan`.
    """

    def __init__(self, given, body, values):
        self._given, jaxpr = given, body.jaxpr
        fixed, carried = given["num_consts"], given["num_carry"]
        self._carried, self._elements = jaxpr.invars[fixed : fixed + carried], jaxpr.invars[fixed + carried :]
        self._start, self._sequences = values[fixed : fixed + carried], values[fixed + carried :]
        self._same = dict(zip([*jaxpr.constvars, *jaxpr.invars[:fixed]], [*body.consts, *values[:fixed]]))
        self._of_all_turns = dict(zip(self._elements, self._sequences))
        self._new, self._listed = jaxpr.outvars[:carried], jaxpr.outvars[carried:]
        self._eqns = _alive(jaxpr)
        self._links = Links(self._eqns, jaxpr.outvars)
        self._kinds = dict.fromkeys(self._carried, _CHANGING) | dict.fromkeys(self._elements, _COUNTED)
        for eqn in self._eqns:
            kind = _CHANGING if eqn.effects else max(map(self._kind, eqn.invars), default=_SAME)
            self._kinds.update(dict.fromkeys(eqn.outvars, kind))
        self._hoisted = {}  # variable, or a product and the number of its group -> its values in all turns

    def run(self):
        """The results of the loop, a list."""
        sums = [self._sum(i) for i in range(len(self._carried))]
        kept = [i for i, s in enumerate(sums) if s is None]
        skipped = {eqn for s in sums if s is not None for eqn in (s.addition, s.term)}
        products = {eqn: self._product(eqn) for eqn in self._eqns if eqn not in skipped}
        factors = [v for s in sums if s is not None for v in s.factors if self._kind(v) != _SAME and not self._is_ready(v)]
        factors = list(dict.fromkeys(factors))
        hoisted = list(self._hoisted)

        def turn(carry, elements):
            values = dict(zip([self._carried[i] for i in kept], carry)) | dict(zip(self._elements, elements[0]))
            values |= dict(zip(hoisted, elements[1]))
            for eqn in self._eqns:
                if eqn not in skipped and eqn.outvars[0] not in values:
                    compute = products[eqn] or functools.partial(self._bind, eqn)
                    values.update(zip(eqn.outvars, compute(values)))
            read = functools.partial(self._read, values)
            return [read(self._new[i]) for i in kept], [read(v) for v in (*self._listed, *factors)]

        sequences = self._sequences, [self._hoisted[key] for key in hoisted]
        carry, lists = take_turns(turn, [self._start[i] for i in kept], sequences, self._given)
        count = len(self._listed)
        in_all_turns = dict(zip(factors, lists[count:]))
        rest = iter(carry)
        final = [next(rest) if s is None else s.total(self._start[i], self._factor(in_all_turns)) for i, s in enumerate(sums)]
        return [*final, *lists[:count]]

    # ------------------------------------------------------------------------------------------------------- values

    def _kind(self, atom):
        return _SAME if is_literal(atom) else self._kinds.get(atom, _SAME)

    def _read(self, values, atom):
        if is_literal(atom):
            return atom.val
        return values[atom] if atom in values else self._same[atom]

    def _bind(self, eqn, values):
        return bind(eqn, [self._read(values, v) for v in eqn.invars])

    def _outside(self, atom):
        """A value that is the same in all turns, computed before the loop; None if it is not cheap."""
        if is_literal(atom):
            return atom.val
        if atom not in self._same:
            eqn = self._links.maker(atom)
            if eqn is None or eqn.primitive.name not in _CHEAP:
                return None
            given = [self._outside(v) for v in eqn.invars]
            if any(v is None for v in given):
                return None
            self._same.update(zip(eqn.outvars, _computed(lambda *v: bind(eqn, v), given)))
        return self._same[atom]

    def _is_ready(self, atom):
        """Whether a value can be computed for all turns before the loop; it is, then."""
        return self._kind(atom) == _COUNTED and self._in_all_turns(atom) is not None

    def _in_all_turns(self, var):
        """What a value that depends on the turn's number is in all turns, with the turns in front; None if it is not cheap."""
        if var not in self._of_all_turns:
            eqn = self._links.maker(var)
            if eqn.primitive.name not in _CHEAP:
                return None
            given = [self._in_all_turns(v) if self._kind(v) == _COUNTED else self._outside(v) for v in eqn.invars]
            if any(v is None for v in given):
                return None
            places = [0 if self._kind(v) == _COUNTED else None for v in eqn.invars]
            if eqn.primitive.name == "dynamic_slice" and places[0] is None and not is_traced(given[1:]):
                self._of_all_turns[var] = _slices(given, eqn.params["slice_sizes"], self._given["length"])
            else:
                compute = lambda *v: jax().vmap(lambda *one: bind(eqn, one), places)(*v)
                self._of_all_turns.update(zip(eqn.outvars, _computed(compute, given)))
        return self._of_all_turns[var]

    # --------------------------------------------------------------------------------------- products before the loop

    def _product(self, eqn):
        """A function of the turn's values that gives a product, partly computed before the loop; None if it stays as it is."""
        dims = plain_product(eqn)
        if dims is None or self._kind(eqn.invars[1]) != _SAME:
            return None
        left, right = eqn.invars[0], self._outside(eqn.invars[1])
        if right is None or self._room_for(eqn.outvars[0]) > _ROOM:
            return None
        if self._is_ready(left):
            self._hoisted[eqn.outvars[0]] = multiply(self._in_all_turns(left), right, dims[0] + 1, dims[1])
            return None
        joined = self._links.maker(left)
        if joined is None or joined.primitive.name != "concatenate" or joined.params["dimension"] != dims[0]:
            joined = None
        if joined is None or not any(map(self._is_ready, joined.invars)):
            return lambda values: [multiply(self._read(values, left), right, *dims)]
        return self._partly(eqn, joined, right, dims)

    def _room_for(self, var):
        return self._given["length"] * var.aval.size * var.aval.dtype.itemsize

    def _partly(self, eqn, joined, right, dims):
        """A product of joined values, of which some parts are multiplied before the loop and others in the turns."""
        keys, stay, end = [], [], 0
        for v in joined.invars:
            begin, end = end, end + v.aval.shape[dims[0]]
            rows = jax().lax.slice_in_dim(right, begin, end, axis=dims[1])
            if self._is_ready(v):
                keys.append((eqn, len(keys)))
                self._hoisted[keys[-1]] = multiply(self._in_all_turns(v), rows, dims[0] + 1, dims[1])
            else:
                stay.append((v, rows))
        joined_rows = jax().lax.concatenate([r for _, r in stay], dims[1]) if stay else None

        def compute(values):
            terms = [values[key] for key in keys]
            if stay:
                parts = jax().lax.concatenate([self._read(values, v) for v, _ in stay], dims[0])
                terms.append(multiply(parts, joined_rows, *dims))
            return [functools.reduce(lambda a, b: a + b, terms)]

        return compute

    # ---------------------------------------------------------------------------------------- products after the loop

    def _sum(self, i):
        """The `_Sum` that the loop only adds up in a variable; None if it does more with it."""
        once, addition = self._links.is_used_once, self._links.maker(self._new[i])
        if addition is None or addition.primitive.name not in ("add", "add_any"):
            return None
        before, after = self._carried[i], addition.outvars[0]
        others = [v for v in addition.invars if v is not before]
        if len(others) != 1 or not once(before) or not once(after):
            return None
        term = self._links.maker(others[0])
        if term is None or not once(others[0]) or others[0].aval.shape != before.aval.shape:
            return None
        if term.primitive.name != "reduce_sum" and plain_product(term) is None:
            return None
        known = [v for v in term.invars if self._kind(v) == _SAME]
        if len(known) == len(term.invars) or any(self._outside(v) is None for v in known):
            return None
        if sum(self._room_for(v) for v in term.invars if v not in known) > _ROOM:
            return None
        return _Sum(addition, term, [(v, self._kind(v) == _SAME) for v in term.invars])

    def _factor(self, listed):
        """A function from a factor of a sum's terms to its values in all turns, or to its value in each."""

        def value(var):
            if self._kind(var) == _SAME:
                return self._outside(var)
            return listed[var] if var in listed else self._in_all_turns(var)

        return value


class _Sum:
    """What a loop adds up in a variable: products, or sums of elements.

    Args:
      addition: the equation that adds.
      term: the one that gives what is added.
      factors: variables of the term, and whether each is the same in all turns.
    """

    def __init__(self, addition, term, factors):
        self.addition, self.term = addition, term
        self.factors = [v for v, _ in factors]
        self._is_same = [same for _, same in factors]

    def total(self, start, value):
        """The sum over all turns; `value` is a function from a factor to its values."""
        given = [value(v) for v in self.factors]
        if self.term.primitive.name == "reduce_sum":
            return start + given[0].sum((0, *[a + 1 for a in self.term.params["axes"]]))
        left, right = plain_product(self.term)
        if any(self._is_same):
            given = [v if same else v.sum(0) for v, same in zip(given, self._is_same)]
            return start + multiply(*given, left, right)
        return start + jax().lax.dot_general(*given, (((0, left + 1), (0, right + 1)), ((), ())))


def _computed(function, values):
    """What a function gives; known values give known ones."""
    if is_traced(list(values)):
        return function(*values)
    with jax().ensure_compile_time_eval():
        return function(*values)


def _alive(jaxpr):
    """The equations whose results are needed."""
    needed, found = {v for v in jaxpr.outvars if not is_literal(v)}, []
    for eqn in reversed(jaxpr.eqns):
        if eqn.effects or not needed.isdisjoint(eqn.outvars):
            needed.update(v for v in eqn.invars if not is_literal(v))
            found.append(eqn)
    return found[::-1]


def _slices(given, sizes, turns):
    """The slices that a loop takes of an array in its turns, where it is known where they begin."""
    array, *starts = given
    starts = [np.broadcast_to(np.asarray(s), (turns,)) for s in starts]
    starts = [np.clip(s, 0, n - size) for s, n, size in zip(starts, array.shape, sizes)]
    rows = starts[0]
    whole = tuple(sizes[1:]) == array.shape[1:] and sizes[0] == 1
    if whole and np.array_equal(rows, np.arange(rows[0], rows[0] + turns)):
        return jax().lax.slice_in_dim(array, int(rows[0]), int(rows[0]) + turns)[:, None]
    if whole and np.array_equal(rows, np.arange(rows[0], rows[0] - turns, -1)):
        return jax().lax.rev(jax().lax.slice_in_dim(array, int(rows[-1]), int(rows[0]) + 1), (0,))[:, None]
    take = lambda *s: jax().lax.dynamic_slice(array, s, sizes)
    return jax().vmap(take)(*starts)
