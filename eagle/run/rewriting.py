"""Traced programs rewritten before XLA compiles them, where XLA leaves work undone that pays on a processor.

JAX gives a traced program as a jaxpr, a list of equations.  Here it is replayed equation by equation, twice: first with functions
inside written out and the work of loops taken out of them (hoisting.py), then with the forms of products and sums that XLA's CPU
compiler is fast with.  What is computed stays the same up to rounding.
"""

import functools
import logging
import math

from .equations import Links, bind, is_literal, multiply, plain_product, take_turns
from .hoisting import CountedLoop
from .xla import jax

_log = logging.getLogger("tensorflow")

_LARGE = 1 << 16  # elements of an array that is worth a pass over memory of its own
_SEVERAL = 4  # products that are worth copying their factors to one place
_MUCH = 1 << 20  # multiplications of a product whose operand is worth laying out anew

# Elementwise functions that take many instructions, and others.
_COSTLY = {"exp", "exp2", "expm1", "log", "log1p", "tanh", "logistic", "erf", "erf_inv", "sin", "cos", "pow", "cbrt", "lgamma"}
_ELEMENTWISE = _COSTLY | {
    "add", "sub", "mul", "div", "neg", "abs", "sign", "max", "min", "sqrt", "rsqrt", "square", "integer_pow", "select_n", "reshape",
    "broadcast_in_dim", "convert_element_type", "squeeze", "expand_dims", "transpose",
}  # fmt: skip


def rewritten(closed):
    """A function that computes what a `ClosedJaxpr` does, from flat arguments to a flat list, in a form that XLA makes fast."""
    import jax.extend.core as core
    from jax.interpreters import partial_eval

    first, second = _Replay(_FIRST), _Replay(_SECOND)

    def function(*arguments):
        alive, _ = partial_eval.dce_jaxpr(closed.jaxpr, [True] * len(closed.jaxpr.outvars), instantiate=True)
        once = jax().make_jaxpr(lambda *given: first.run(alive, closed.consts, given))(*arguments)
        return second.run(once.jaxpr, once.consts, arguments)

    try:
        made = jax().make_jaxpr(function)(*closed.in_avals)
    except Exception as e:
        give_up(e)
        return core.jaxpr_as_fun(closed)
    return core.jaxpr_as_fun(made)


def give_up(error):
    """Tells that a program is compiled as it was traced."""
    _log.debug("A program is compiled as it was traced: %s: %s", type(error).__name__, error, exc_info=error)


class _Replay:
    """Replays programs with other forms for some equations.

    Args:
      rules: name of a primitive -> a function of this object, an equation, its values and the `_Scope` that returns the results.
    """

    def __init__(self, rules):
        self._rules = rules

    def run(self, jaxpr, consts, arguments):
        scope = _Scope(jaxpr, consts, arguments)
        for eqn in jaxpr.eqns:
            rule = self._rules.get(eqn.primitive.name)
            given = [scope.read(v) for v in eqn.invars]
            results = bind(eqn, given) if rule is None else rule(self, eqn, given, scope)
            scope.values.update(zip(eqn.outvars, results))
        return [scope.read(v) for v in jaxpr.outvars]

    def function(self, closed):
        """A `ClosedJaxpr` as a function of its arguments."""
        return lambda *arguments: self.run(closed.jaxpr, closed.consts, arguments)


class _Scope(Links):
    """A program while it is replayed.

    Attributes:
      values: what is computed so far.
    """

    def __init__(self, jaxpr, consts, arguments):
        super().__init__(jaxpr.eqns, jaxpr.outvars)
        self.values = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *arguments]))

    def read(self, atom):
        return atom.val if is_literal(atom) else self.values[atom]


# ---------------------------------------------------------------------------------------------------- functions inside


def _inline(replay, eqn, values, scope):
    return replay.function(eqn.params["jaxpr"])(*values)


def _cond(replay, eqn, values, scope):
    number, *rest = values
    return jax().lax.switch(number, [replay.function(b) for b in eqn.params["branches"]], *rest)


def _while(replay, eqn, values, scope):
    of_test, of_body = eqn.params["cond_nconsts"], eqn.params["body_nconsts"]
    test, body = replay.function(eqn.params["cond_jaxpr"]), replay.function(eqn.params["body_jaxpr"])
    fixed, fixed_in_body, start = values[:of_test], values[of_test : of_test + of_body], values[of_test + of_body :]
    return jax().lax.while_loop(lambda s: test(*fixed, *s)[0], lambda s: body(*fixed_in_body, *s), start)


def _scan(replay, eqn, values, scope):
    given = eqn.params
    fixed, carried = given["num_consts"], given["num_carry"]
    body, start = replay.function(given["jaxpr"]), values[fixed : fixed + carried]

    def turn(carry, elements):
        results = body(*values[:fixed], *carry, *elements)
        return results[:carried], results[carried:]

    carry, lists = take_turns(turn, start, values[fixed + carried :], given)
    return [*carry, *lists]


def _hoisting_scan(replay, eqn, values, scope):
    inner = jax().make_jaxpr(replay.function(eqn.params["jaxpr"]))(*eqn.params["jaxpr"].in_avals)
    return CountedLoop(eqn.params, inner, values).run()


_FUNCTIONS = {"jit": _inline, "pjit": _inline, "cond": _cond, "while": _while}


# --------------------------------------------------------------------------------------------------- products and sums


def _product(replay, eqn, values, scope):
    """A product of matrices; a left one that is the transpose of another is laid out in memory first.

    The fast products take their left matrix by rows; others read it by columns, and a step of a small network takes a fifth longer.
    """
    left = scope.maker(eqn.invars[0])
    size = math.prod(eqn.invars[0].aval.shape) * (eqn.invars[1].aval.shape or (1,))[-1]
    if left is not None and left.primitive.name == "transpose" and eqn.invars[0].aval.ndim == 2 and size >= _MUCH:
        values = [jax().lax.optimization_barrier(values[0]), values[1]]
    return bind(eqn, values)


def _columns(replay, eqn, values, scope):
    """A slice of a product of matrices of which nothing else is read: the other columns are not computed."""
    product = scope.maker(eqn.invars[0])
    dims = product and plain_product(product)
    if dims is None or scope.only_user(eqn.invars[0]) is not eqn or eqn.params["strides"] or product.invars[1].aval.ndim != 2:
        return bind(eqn, values)
    (*before, begin), (*ends, end) = eqn.params["start_indices"], eqn.params["limit_indices"]
    if any(before) or tuple(ends) != product.outvars[0].aval.shape[:-1]:
        return bind(eqn, values)
    left, right = map(scope.read, product.invars)
    return [multiply(left, jax().lax.slice_in_dim(right, begin, end, axis=1 - dims[1]), *dims)]


def _addition(replay, eqn, values, scope):
    """A sum; several products of matrices in it become one, of their factors side by side.

    Gradients of a matrix that an unrolled loop uses are such sums.
    """
    user = scope.only_user(eqn.outvars[0])
    if user is not None and _is_addition(user):
        return bind(eqn, values)
    groups, others = {}, []
    for atom in _terms(eqn, scope):
        product = scope.maker(atom)
        dims = product and scope.only_user(atom) is not None and plain_product(product)
        if dims and atom.aval.ndim == 2:
            groups.setdefault((dims, *[v.aval.shape for v in product.invars]), []).append(product)
        else:
            others.append(scope.read(atom))
    if not any(len(g) >= _SEVERAL for g in groups.values()):
        return bind(eqn, values)
    for (dims, *_), products in groups.items():
        if len(products) >= _SEVERAL:
            others.append(multiply(*(_beside([p.invars[i] for p in products], dims[i], scope) for i in (0, 1)), *dims))
        else:
            others += [scope.read(p.outvars[0]) for p in products]
    return [functools.reduce(lambda a, b: a + b, others)]


def _is_addition(eqn):
    return eqn.primitive.name in ("add", "add_any") and all(v.aval.shape == eqn.outvars[0].aval.shape for v in eqn.invars)


def _terms(eqn, scope):
    """What a sum of sums adds up."""
    found, rest = [], list(eqn.invars)
    while rest:
        atom = rest.pop()
        maker = scope.maker(atom)
        if maker is not None and _is_addition(maker) and scope.only_user(atom) is not None:
            rest += maker.invars
        else:
            found.append(atom)
    return found[::-1]


def _beside(atoms, axis, scope):
    """Matrices side by side; transposed ones are joined as they were before."""
    makers = [scope.maker(a) for a in atoms]
    if all(m is not None and m.primitive.name == "transpose" for m in makers):
        return jax().lax.concatenate([scope.read(m.invars[0]) for m in makers], 1 - axis).T
    return jax().lax.concatenate([scope.read(a) for a in atoms], axis)


def _reduction(replay, eqn, values, scope):
    """A sum or maximum; what it is of is computed first, if that takes many instructions.

    XLA would make one loop of both, in which exponentials and their like take twice as long as in a loop of their own.
    """
    var = eqn.invars[0]
    if var.aval.size >= _LARGE and var.aval.dtype == "float32" and _is_costly(var, scope):
        values = [jax().lax.reduce_precision(values[0], 8, 23)]  # to the precision that it has
    return bind(eqn, values)


def _is_costly(var, scope, depth=12):
    """Whether an array comes from costly functions of its elements."""
    eqn = scope.maker(var)
    if eqn is None or not depth or eqn.primitive.name not in _ELEMENTWISE:
        return False
    return eqn.primitive.name in _COSTLY or any(_is_costly(v, scope, depth - 1) for v in eqn.invars)


_FIRST = {**_FUNCTIONS, "scan": _hoisting_scan, "slice": _columns, "add": _addition, "add_any": _addition}
_SECOND = {**_FUNCTIONS, "scan": _scan, "dot_general": _product, "reduce_sum": _reduction, "reduce_max": _reduction}
