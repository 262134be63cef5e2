"""Expressions that Python can't compute on tensors whose values are not known yet, rewritten as calls of operators.py."""

import ast
import sys

AG = "ag__"  # the name under which converted code finds the operators
NO_TYPES = {"type_params": []} if sys.version_info >= (3, 12) else {}  # a field of definitions since Python 3.12

# Called as they are: they look at the frame that calls them, or must not be hidden from the compiler.
_UNTOUCHED = {"super", "locals", "globals", "vars", "dir", "eval", "exec", "isinstance", "type", "getattr", "hasattr"}


def operator(name, *args):
    """The tree of a call of one of the operators."""
    function = ast.Attribute(ast.Name(AG, ast.Load()), name, ast.Load())
    return ast.Call(function, list(args), [])


def thunk(expression):
    """The tree of a function without arguments that gives an expression's value."""
    return ast.Lambda(arguments(), expression)


def arguments(*parameters):
    """The tree of some parameters."""
    return ast.arguments(posonlyargs=[], args=[ast.arg(p) for p in parameters], vararg=None, kwonlyargs=[], kw_defaults=[],
                         kwarg=None, defaults=[])  # fmt: skip


def _can_wait(node):
    """Whether an expression may stand in a function of its own: it binds no names and gives no control away."""
    return not any(isinstance(n, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for n in ast.walk(node))


class Expressions(ast.NodeTransformer):
    """Rewrites expressions.

    Args:
      first_argument: the name of the first parameter of the function in which they stand, or None.
      features: the optional features: a set of the names of `tf.autograph.experimental.Feature`s.
    """

    def __init__(self, first_argument, features):
        self._first_argument = first_argument
        self._converts_equality = bool({"EQUALITY_OPERATORS", "ALL"} & features)
        self._untouched = _UNTOUCHED if {"BUILTIN_FUNCTIONS", "ALL"} & features else _UNTOUCHED | {"print"}

    def visit(self, node):
        made = super().visit(node)
        return made if made is node else ast.fix_missing_locations(ast.copy_location(made, node))

    def visit_BoolOp(self, node):
        if not _can_wait(node):
            return self.generic_visit(node)
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        *values, result = [self.visit(v) for v in node.values]
        for v in reversed(values):
            result = operator(name, v, thunk(result))
        return result

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return operator("not_", node.operand) if isinstance(node.op, ast.Not) else node

    def visit_IfExp(self, node):
        if not _can_wait(node):
            return self.generic_visit(node)
        self.generic_visit(node)
        return operator("if_exp", node.test, thunk(node.body), thunk(node.orelse))

    def visit_Compare(self, node):
        self.generic_visit(node)
        if len(node.ops) == 1:
            return self._comparison(node.left, node.ops[0], node.comparators[0], node)
        simple = all(isinstance(c, ast.Name | ast.Constant) for c in node.comparators[:-1])
        if not simple or not _can_wait(node):
            return node
        pairs = zip([node.left, *node.comparators], node.ops, node.comparators)
        *parts, result = [self._comparison(a, o, b) for a, o, b in pairs]
        for part in reversed(parts):
            result = operator("and_", part, thunk(result))
        return result

    def _comparison(self, left, op, right, node=None):
        if self._converts_equality and isinstance(op, ast.Eq | ast.NotEq):
            return operator("eq" if isinstance(op, ast.Eq) else "not_eq", left, right)
        return node or ast.Compare(left, [op], [right])

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == AG:
            node.args = [self.visit(a) for a in node.args]  # an operator
            return node
        if isinstance(function, ast.Name) and function.id in self._untouched:
            self.generic_visit(node)
            if function.id == "super" and not node.args and self._first_argument:
                node.args = [ast.Name("__class__", ast.Load()), ast.Name(self._first_argument, ast.Load())]
                ast.fix_missing_locations(node)
            return node
        self.generic_visit(node)
        node.func = ast.fix_missing_locations(ast.copy_location(operator("converted", node.func), function))
        return node

    def visit_Lambda(self, node):
        """A lambda's parameters hide no operator, so its body is rewritten as it stands."""
        return self.generic_visit(node)

    def visit_FunctionDef(self, node):
        raise AssertionError("a statement among expressions")
