"""Programs as JAX traces them (jaxprs): lists of equations."""

from .xla import jax


def is_literal(atom):
    """Whether what an equation takes is a number written into it (JAX's `Literal`) rather than a variable."""
    return hasattr(atom, "val")


def bind(eqn, values):
    """The results of an equation for some values, a list."""
    bound = eqn.primitive.get_bind_params(eqn.params)
    functions, parameters = bound if isinstance(bound, tuple) else ((), bound)  # as versions of JAX differ
    results = eqn.primitive.bind(*functions, *values, **parameters)
    return list(results) if eqn.primitive.multiple_results else [results]


def take_turns(turn, start, sequences, given):
    """JAX's `scan` of a function, with the options in the parameters of another `scan`."""
    return jax().lax.scan(turn, start, sequences, **{name: given[name] for name in ("length", "reverse", "unroll")})


def plain_product(eqn):
    """The dimensions along which an equation multiplies two arrays; None if it is no product or multiplies in batches."""
    if eqn.primitive.name != "dot_general":
        return None
    (left, right), batches = eqn.params["dimension_numbers"]
    if len(left) != 1 or any(batches) or eqn.params.get("precision") is not None:
        return None
    types = {v.aval.dtype for v in (*eqn.invars, *eqn.outvars)}
    return (left[0], right[0]) if len(types) == 1 else None


def multiply(a, b, left, right):
    return jax().lax.dot_general(a, b, (((left,), (right,)), ((), ())), preferred_element_type=a.dtype)


class Links:
    """Which equations give the variables of a program, and which use them.

    Args:
      eqns: the equations.
      results: what the program gives, variables and literals.
    """

    def __init__(self, eqns, results):
        self._made_by = {v: eqn for eqn in eqns for v in eqn.outvars}
        self._used_by = {}  # variable -> equations; None for the results
        for eqn, atoms in [*((eqn, eqn.invars) for eqn in eqns), (None, results)]:
            for v in atoms:
                if not is_literal(v):
                    self._used_by.setdefault(v, []).append(eqn)

    def maker(self, atom):
        """The equation that gives a value; None for arguments and constants."""
        return None if is_literal(atom) else self._made_by.get(atom)

    def is_used_once(self, var):
        """Whether a variable is read in one place: by an equation, or as a result."""
        return len(self._used_by.get(var, ())) == 1

    def only_user(self, var):
        """The equation that alone uses a variable; None if it is a result or there are several."""
        return self._used_by[var][0] if self.is_used_once(var) else None
