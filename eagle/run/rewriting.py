"""Traced programs rewritten before XLA compiles them, where XLA leaves work undone that pays on a processor.

JAX gives a traced program as a jaxpr, a list of equations.  Here it is replayed equation by equation, twice: first with functions
inside written out and the work of loops taken out of them (hoisting.py), then with the forms of products and sums that XLA's CPU
compiler is fast with.  What is computed stays the same up to rounding.
"""

import logging
import math

from .hoisting import Turns, bind
from .xla import jax

_log = logging.getLogger("tensorflow")

_LARGE = 1 << 16  # elements of an array that is worth a pass over memory of its own
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

    alive, used = partial_eval.dce_jaxpr(closed.jaxpr, [True] * len(closed.jaxpr.outvars), instantiate=True)
    assert all(used)
    first = _Replay({**_FUNCTIONS, "scan": _hoisting_scan})
    second = _Replay({**_FUNCTIONS, "scan": _scan, "dot_general": _product, "reduce_sum": _reduction, "reduce_max": _reduction})

    def function(*arguments):
        once = jax().make_jaxpr(lambda *given: first.run(alive, closed.consts, given))(*arguments)
        return second.run(once.jaxpr, once.consts, arguments)

    try:
        made = jax().make_jaxpr(function)(*closed.in_avals)
    except Exception as e:
        _log.debug("A program is compiled as it was traced: %s: %s", type(e).__name__, e, exc_info=True)
        return core.jaxpr_as_fun(closed)
    return core.jaxpr_as_fun(made)


class _Replay:
    """Replays programs with other forms for some equations.

    Args:
      rules: name of a primitive -> a function of this object, an equation, its values and the equations by the variables that they
        give; it returns a list of results.
    """

    def __init__(self, rules):
        self._rules = rules

    def run(self, jaxpr, consts, arguments):
        values = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *arguments]))
        made_by = {v: eqn for eqn in jaxpr.eqns for v in eqn.outvars}

        def read(atom):
            return atom.val if hasattr(atom, "val") else values[atom]

        for eqn in jaxpr.eqns:
            rule = self._rules.get(eqn.primitive.name)
            given = [read(v) for v in eqn.invars]
            results = bind(eqn, given) if rule is None else rule(self, eqn, given, made_by)
            values.update(zip(eqn.outvars, results))
        return [read(v) for v in jaxpr.outvars]

    def function(self, closed):
        """A `ClosedJaxpr` as a function of its arguments."""
        return lambda *arguments: self.run(closed.jaxpr, closed.consts, arguments)


# ---------------------------------------------------------------------------------------------------- functions inside


def _inline(replay, eqn, values, made_by):
    return replay.function(eqn.params["jaxpr"])(*values)


def _cond(replay, eqn, values, made_by):
    number, *rest = values
    return jax().lax.switch(number, [replay.function(b) for b in eqn.params["branches"]], *rest)


def _while(replay, eqn, values, made_by):
    of_test, of_body = eqn.params["cond_nconsts"], eqn.params["body_nconsts"]
    test, body = replay.function(eqn.params["cond_jaxpr"]), replay.function(eqn.params["body_jaxpr"])
    fixed, fixed_in_body, start = values[:of_test], values[of_test : of_test + of_body], values[of_test + of_body :]
    return jax().lax.while_loop(lambda s: test(*fixed, *s)[0], lambda s: body(*fixed_in_body, *s), start)


def _scan(replay, eqn, values, made_by):
    given = eqn.params
    fixed, carried = given["num_consts"], given["num_carry"]
    body, start = replay.function(given["jaxpr"]), values[fixed : fixed + carried]

    def turn(carry, elements):
        results = body(*values[:fixed], *carry, *elements)
        return results[:carried], results[carried:]

    options = {name: given[name] for name in ("length", "reverse", "unroll")}
    carry, lists = jax().lax.scan(turn, start, values[fixed + carried :], **options)
    return [*carry, *lists]


def _hoisting_scan(replay, eqn, values, made_by):
    inner = jax().make_jaxpr(replay.function(eqn.params["jaxpr"]))(*eqn.params["jaxpr"].in_avals)
    return Turns(eqn.params, inner, values).run()


_FUNCTIONS = {"jit": _inline, "pjit": _inline, "cond": _cond, "while": _while}


# --------------------------------------------------------------------------------------------------- products and sums


def _product(replay, eqn, values, made_by):
    """A product of matrices; a left one that is the transpose of another is laid out in memory first.

    The fast products take their left matrix by rows; others read it by columns, and a step of a small network takes a fifth longer.
    """
    left = made_by.get(eqn.invars[0]) if not hasattr(eqn.invars[0], "val") else None
    size = math.prod(eqn.invars[0].aval.shape) * (eqn.invars[1].aval.shape or (1,))[-1]
    if left is not None and left.primitive.name == "transpose" and eqn.invars[0].aval.ndim == 2 and size >= _MUCH:
        values = [jax().lax.optimization_barrier(values[0]), values[1]]
    return bind(eqn, values)


def _reduction(replay, eqn, values, made_by):
    """A sum or maximum; what it is of is computed first, if that takes many instructions.

    XLA would make one loop of both, in which exponentials and their like take twice as long as in a loop of their own.
    """
    var = eqn.invars[0]
    if var.aval.size >= _LARGE and var.aval.dtype == "float32" and _is_costly(var, made_by):
        values = [jax().lax.reduce_precision(values[0], 8, 23)]  # to the precision that it has
    return bind(eqn, values)


def _is_costly(var, made_by, depth=12):
    """Whether an array comes from costly functions of its elements."""
    eqn = None if hasattr(var, "val") else made_by.get(var)
    if eqn is None or not depth or eqn.primitive.name not in _ELEMENTWISE:
        return False
    return eqn.primitive.name in _COSTLY or any(_is_costly(v, made_by, depth - 1) for v in eqn.invars)
