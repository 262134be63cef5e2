"""The rules by which linear operators are combined: which function makes the adjoint of this class, the product of those two."""

import itertools

from ..core.export import export
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
        if not callable(function):
            raise TypeError("%s_fn must be callable, received: %s" % (operation, function))
        if kinds in _rules[operation]:
            names = ", ".join(k.__name__ for k in kinds)
            to = "." if len(kinds) > 1 else " to: %s" % _rules[operation][kinds]
            raise ValueError("%s(%s) has already been registered%s" % (operation.capitalize(), names, to))
        _rules[operation][kinds] = function
        return function

    return register


_HERE = "python.ops.linalg.linear_operator_algebra."  # libraries that extend TensorFlow know the decorators by this module


@export(_HERE + "RegisterAdjoint")
def register_adjoint(lin_op_cls_a):
    """A decorator for the function that makes the adjoint of operators of a class."""
    return rule("adjoint", lin_op_cls_a)


@export(_HERE + "RegisterCholesky")
def register_cholesky(lin_op_cls_a):
    """A decorator for the function that makes the Cholesky factors of operators of a class."""
    return rule("cholesky", lin_op_cls_a)


@export(_HERE + "RegisterInverse")
def register_inverse(lin_op_cls_a):
    """A decorator for the function that makes the inverse of operators of a class."""
    return rule("inverse", lin_op_cls_a)


@export(_HERE + "RegisterMatmul")
def register_matmul(lin_op_cls_a, lin_op_cls_b):
    """A decorator for the function that makes the product of operators of two classes."""
    return rule("matmul", lin_op_cls_a, lin_op_cls_b)


@export(_HERE + "RegisterSolve")
def register_solve(lin_op_cls_a, lin_op_cls_b):
    """A decorator for the function that solves systems of operators of two classes, the matrix and the right-hand side."""
    return rule("solve", lin_op_cls_a, lin_op_cls_b)


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
