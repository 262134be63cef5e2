"""The feature LISTS: statements that change lists, rewritten so that the list may be a graph tensor (see lists.py)."""

import ast

from . import names
from .expressions import AG, operator

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def rewrite(node):
    """A function's tree in which `l.append(x)`, `x = l.pop()`, `l[i] = x` assign to `l`, if that is a variable of its own.

    Args:
      node: the `ast.FunctionDef`, which is changed.
    """
    _Statements(node).visit_body()
    return ast.fix_missing_locations(node)


class _Statements(ast.NodeTransformer):
    def __init__(self, node):
        self._node = node
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        self._own = {a.arg for a in given if a is not None} | set(names.bound(node.body))

    def visit_body(self):
        self._node.body = [self.visit(s) for s in self._node.body]

    def visit_FunctionDef(self, node):
        rewrite(node)
        return node

    def visit_AsyncFunctionDef(self, node):
        return node

    visit_ClassDef = visit_AsyncFunctionDef

    def visit_List(self, node):
        self.generic_visit(node)
        if node.elts or not isinstance(node.ctx, ast.Load):
            return node
        return ast.copy_location(operator("new_list"), node)

    def visit_Expr(self, node):
        self.generic_visit(node)
        call = node.value
        if not isinstance(call, ast.Call):
            return node
        if _called(call) == "set_element_type" and call.args and self._is_own(call.args[0]):
            typed = operator("typed_list", *call.args)
            typed.keywords = call.keywords
            return self._assigned(node, call.args[0].id, typed)
        name, method = self._method(call)
        if method == "append" and len(call.args) == 1:
            return self._assigned(node, name, operator("list_append", _read(name), call.args[0]))
        if method == "pop" and not call.args:
            return self._popped(node, name, ast.Name(AG + "popped", ast.Store()))
        return node

    def visit_Assign(self, node):
        self.generic_visit(node)
        if len(node.targets) != 1:
            return node
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Subscript) and self._is_own(target.value) and not isinstance(target.slice, ast.Slice | ast.Tuple):
            name = target.value.id
            return self._assigned(node, name, operator("set_item", _read(name), target.slice, value))
        name, method = self._method(value)
        if method == "pop" and not value.args:
            return self._popped(node, name, target)
        return node

    def _is_own(self, node):
        return isinstance(node, ast.Name) and node.id in self._own

    def _method(self, call):
        """The variable and the method's name in a call `l.method(...)`; twice None for anything else."""
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and self._is_own(call.func.value):
            if not call.keywords:
                return call.func.value.id, call.func.attr
        return None, None

    def _assigned(self, node, name, value):
        return ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), node)

    def _popped(self, node, name, target):
        both = ast.Tuple([ast.Name(name, ast.Store()), target], ast.Store())
        return ast.copy_location(ast.Assign([both], operator("list_pop", _read(name))), node)


def _read(name):
    return ast.Name(name, ast.Load())


def _called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", None))
