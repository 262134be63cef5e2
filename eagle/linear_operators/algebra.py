"""The rules by which linear operators are combined: which function makes the adjoint of this class, the product of those two."""

import itertools

from ..core.scopes import name_scope

_SCOPES = {"adjoint": "Adjoint", "cholesky": "Cholesky", "inverse": "Inverse", "matmul": "Matmul", "solve": "Solve"}
_MISSING = {
    "adjoint": "No adjoint registered for %s", "cholesky": "No cholesky decomposition registered for %s",
    "inverse": "No inverse registered for %s", "matmul": "No matmul registered for %s.matmul(%s)",
    "solve": "No solve registered for %s.solve(%s)",
}  # fmt: skip
_rules = {operation: {} for operation in _SCOPES}


def rule(operation, *kinds):
    """A decorator for the function that does an operation for operators of these classes.

    Args:
      operation: "adjoint", "cholesky" or "inverse" for one class, "matmul" or "solve" for two.
      *kinds: the classes; a function serves their subclasses too, as far as these have none of their own.
    """

    def register(function):
        if kinds in _rules[operation]:
            raise ValueError("%s%s has already been registered." % (operation, tuple(k.__name__ for k in kinds)))
        _rules[operation][kinds] = function
        return function

    return register


def apply(operation, *operators):
    """What the rule for the classes of the operators makes of them; the one that is nearest in their class hierarchies.

    Raises:
      ValueError: there is none.
    """
    function = _nearest(_rules[operation], [type(o) for o in operators])
    if function is None:
        raise ValueError(_MISSING[operation] % tuple(type(o) for o in operators))
    with name_scope(None, _SCOPES[operation]):
        return function(*operators)


def _nearest(rules, kinds):
    found = [(sum(i for i, _ in steps), function)
             for steps in itertools.product(*(enumerate(k.__mro__) for k in kinds))
             if (function := rules.get(tuple(k for _, k in steps))) is not None]  # fmt: skip
    return min(found, key=lambda f: f[0])[1] if found else None
