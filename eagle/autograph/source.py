"""The syntax tree of a function that is there as an object."""

import ast
import functools
import inspect
import linecache


class NoSource(Exception):
    """The source of a function can't be had, or does not tell which part of it the function is."""


def tree_of(code):
    """The `ast.FunctionDef` or `ast.Lambda` of a function's code object, with line numbers as in its file.

    Raises:
      NoSource: there is none, or there are several it could be.
    """
    lines = linecache.getlines(code.co_filename)
    if not 0 < code.co_firstlineno <= len(lines):
        raise NoSource("no source at %s:%d" % (code.co_filename, code.co_firstlineno))
    if code.co_name == "<lambda>":
        return _lambda(code, lines)
    tree = _block(lines[code.co_firstlineno - 1 :], code.co_firstlineno)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            return node
    raise NoSource("no function %s at %s:%d" % (code.co_name, code.co_filename, code.co_firstlineno))


def _block(lines, first):
    """The tree of the statement with which some lines begin; they may be indented."""
    block = inspect.getblock(lines)
    indented = block[0][:1] in " \t"
    try:
        tree = ast.parse("if 1:\n" + "".join(block) if indented else "".join(block))
    except SyntaxError as e:
        raise NoSource(str(e)) from None
    return ast.increment_lineno(tree, first - (2 if indented else 1))


def _lambda(code, lines):
    tree = _file("".join(lines))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and n.lineno == code.co_firstlineno]
    if len(found) > 1:
        start, end = _extent(code)
        found = [
            n for n in found if (n.body.lineno, n.body.col_offset) <= start and end <= (n.body.end_lineno, n.body.end_col_offset)
        ]
        found = found[-1:]  # the innermost: `ast.walk` goes from outside in
    if not found:
        raise NoSource("no lambda at %s:%d" % (code.co_filename, code.co_firstlineno))
    return found[0]


@functools.lru_cache(maxsize=8)
def _file(text):
    try:
        return ast.parse(text)
    except SyntaxError as e:
        raise NoSource(str(e)) from None


def _extent(code):
    """Where the instructions of a code object begin and end in its file: two (line, column) pairs, in bytes as in trees."""
    places = [p for p in code.co_positions() if None not in p and p[3] > 0]
    return min((p[0], p[2]) for p in places), max((p[1], p[3]) for p in places)
