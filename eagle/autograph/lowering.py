"""Statements of control flow, rewritten as calls of operators.py with their parts as functions.

The parts share the variables of the function in which they stand (`nonlocal`).  What a part returns says how it ended:

- the part of a function that ends in a `return` returns what it returns, and so does the call of the operator;
- the body of a loop returns whether the loop is to be left; `continue` and `break` are its returns;
- `return` inside a loop notes the value in variables, leaves the loop, and is done after it.

So that every path through an `if` that contains such an end has one, what follows the `if` moves into its branches.
"""

import ast
import copy
import functools
import itertools

from . import names
from .expressions import AG, NO_TYPES, Expressions, arguments, operator, thunk

_LOOPS = (ast.While, ast.For)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class _Frame:
    """Where a `return`, `break` or `continue` leads: the function itself, or a loop inside it.

    Attributes:
      live: the names that may be read after the frame's body has ended.
      flag, value: for a loop with a `return` inside the names of the variables that note it.
      leaves: for a part of a `with`, `try` or `match` in a loop: `ast.Break` and `ast.Continue` -> the variables that note them.
    """

    def __init__(self, is_loop, live, flag=None, value=None, leaves=None):
        self.is_loop, self.live, self.flag, self.value = is_loop, live, flag, value
        self.leaves = leaves or {}


class _Held:
    """Something besides variables that statements change: an attribute, or the elements of a list or dictionary.

    Attributes:
      text: how it is named in messages.
      get: the tree that gets its value.
      set: a function from the tree of a value to the one that sets it.
    """

    def __init__(self, text, get, set):
        self.text, self.get, self.set = text, get, set

    @classmethod
    def attribute(cls, text, node):
        read = thunk(ast.Attribute(node.value, node.attr, ast.Load()))
        name = ast.Constant(node.attr)
        return cls(text, operator("attribute", read, ast.Constant(text)), lambda v: operator("set_attribute", node.value, name, v))

    @classmethod
    def container(cls, text, node):
        read = thunk(node)
        return cls(text, operator("contents", read, ast.Constant(text)), lambda v: operator("set_contents", read, v))


def _name(name, store=False):
    return ast.Name(name, ast.Store() if store else ast.Load())


def _assign(name, value):
    return ast.Assign([_name(name, True)], value)


def _like(node, **changed):
    """A node like another one but for some parts."""
    made = copy.copy(node)
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def _contains(statements, kinds, loops_too):
    """Whether statements contain one of some kinds, outside of nested functions (and, unless `loops_too`, of nested loops)."""
    for s in statements:
        if isinstance(s, kinds):
            return True
        if isinstance(s, _SCOPES):
            continue
        if isinstance(s, _LOOPS) and not loops_too:
            if _contains(s.orelse, kinds, False):
                return True
        elif isinstance(s, ast.stmt | ast.ExceptHandler | ast.match_case) and _contains(
            [c for c in ast.iter_child_nodes(s) if isinstance(c, ast.stmt | ast.ExceptHandler | ast.match_case)], kinds, loops_too
        ):
            return True
    return False


def _ends(s):
    """Whether a statement contains a `return`, or a `break` or `continue` of a loop around it."""
    return _contains([s], ast.Return, True) or _contains([s], (ast.Break, ast.Continue), False)


_AROUND = (ast.With, ast.Try, ast.Match, *([ast.TryStar] if hasattr(ast, "TryStar") else []))


_LEAVES = {ast.Break: "do_break", ast.Continue: "do_continue"}


def _may_end(s):
    """Whether a branch or loop inside of a `with`, `try` or `match` ends what is around, while another way goes on."""
    inside = [n for n in ast.walk(s) if isinstance(n, ast.If | ast.While | ast.For) and _ends(n)]
    if not inside or not _falls_through([s]):
        return False
    return not (isinstance(s, ast.Try) and s.orelse and any(map(_ends, s.body)))


def _falls_through(statements):
    """Whether the end of a block may be reached."""
    if not statements:
        return True
    last = statements[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return False
    if isinstance(last, ast.If):
        return _falls_through(last.body) or _falls_through(last.orelse)
    if isinstance(last, ast.With):
        return _falls_through(last.body)
    return True


class Lowering:
    """Rewrites a function.

    Args:
      node: its `ast.FunctionDef`.
      features: the optional features: a set of the names of `tf.autograph.experimental.Feature`s.
      numbers: numbers for new names.
    """

    def __init__(self, node, features, numbers=None):
        self._node = node
        self._features = features
        self._numbers = numbers or itertools.count(1)
        given = [*node.args.posonlyargs, *node.args.args]
        first = given[0].arg if given else None
        self._expressions = Expressions(first, features)
        extra = [a for a in (node.args.vararg, node.args.kwarg) if a is not None]
        self._parameters = {a.arg for a in [*given, *node.args.kwonlyargs, *extra]}
        self._globals = names.declared(node.body, ast.Global)
        self._nonlocals = names.declared(node.body, ast.Nonlocal)
        self._always_live = names.captured(node.body) | self._globals | self._nonlocals
        self._handlers = names.handlers(node.body)
        self._liveness = names.Liveness(node.body)
        self._shared = {}  # the names that parts bind
        self._gone_on = {}  # statement that calls what follows an `if` -> the original statements that this stands for

    def function(self):
        """The function, rewritten."""
        node = self._node
        node.body = self._block(node.body, _Frame(False, set()))
        own = [n for n in self._shared if n not in self._parameters and n not in self._nonlocals]
        start = [_assign(n, operator("Undefined", ast.Constant(n))) for n in own]
        for s in start:
            ast.fix_missing_locations(ast.copy_location(s, node.body[0] if node.body else node))
        node.body[_docstring_length(node.body) : 0] = start
        return node

    def _new(self, what):
        return "%s%s_%d" % (AG, what, next(self._numbers))

    def _expression(self, node):
        return None if node is None else self._expressions.visit(node)

    # -------------------------------------------------------------------------------------------------------- blocks

    def _block(self, statements, frame, fall=(), is_tail=True):
        """Statements, rewritten.

        Args:
          statements: the statements of a block.
          frame: the innermost frame.
          fall: statements to add where the end of the block is reached, already rewritten.
          is_tail: whether nothing follows the block in its part; else an `if` that may end the frame is checked for having done so.
        """
        out = []
        statements = list(statements)
        while statements:
            s = statements.pop(0)
            if isinstance(s, ast.Return | ast.Break | ast.Continue):
                return out + self._located(self._exit(s, frame), s)
            if isinstance(s, ast.If) and _ends(s):
                if is_tail:
                    return out + self._located(self._last_if(s, statements, frame, fall), s)
                out += self._located(self._checked_if(s, frame), s)
            elif isinstance(s, _LOOPS):
                made, following = self._loop(s, frame)
                out += self._located(made, s)
                statements[:0] = [ast.fix_missing_locations(ast.copy_location(f, s)) for f in following]
            elif isinstance(s, _AROUND) and _may_end(s):
                made, following = self._around(s, frame)
                out += self._located(made, s)
                statements[:0] = [ast.fix_missing_locations(ast.copy_location(f, s)) for f in following]
            else:
                out += self._located(self._statement(s, frame), s)
                if isinstance(s, ast.Raise):
                    return out
        return out + list(fall)

    def _located(self, made, origin):
        """New statements with the line of the one that they stand for."""
        for s in made:
            if not hasattr(s, "lineno"):
                ast.copy_location(s, origin)
            ast.fix_missing_locations(s)
        return made

    def _exit(self, s, frame):
        if not isinstance(s, ast.Return):
            if type(s) in frame.leaves:
                return [_assign(frame.leaves[type(s)], ast.Constant(True)), ast.Return(ast.Constant(True))]
            return [ast.Return(ast.Constant(isinstance(s, ast.Break)))]
        value = self._expression(s.value)
        if not frame.is_loop:
            return [ast.copy_location(ast.Return(value), s)]
        return [_assign(frame.flag, ast.Constant(True)), _assign(frame.value, value or ast.Constant(None)),
                ast.Return(ast.Constant(True))]  # fmt: skip

    # ------------------------------------------------------------------------------------------------------------ if

    def _last_if(self, s, rest, frame, fall):
        """An `if` that may end the frame, with what follows it in its branches; the value of the call ends the frame."""
        made, after = [], [*rest, *[o for f in fall for o in self._gone_on.get(f, ())]]
        if rest and _falls_through(s.body) and _falls_through(s.orelse):
            # Several places go on after the `if`: what follows becomes a function.
            name = self._new("rest")
            made.append(self._part(name, self._block(rest, frame, fall)))
            leaf = [ast.copy_location(ast.Return(ast.Call(_name(name), [], [])), s)]
            self._gone_on[leaf[0]] = after
            body, orelse = self._block(s.body, frame, leaf), self._block(s.orelse, frame, leaf)
        else:
            body = self._block(s.body + rest if _falls_through(s.body) else s.body, frame, fall)
            orelse = self._block(s.orelse + rest if _falls_through(s.orelse) else s.orelse, frame, fall)
        defined, call = self._branches(s, body, orelse, [*s.body, *s.orelse, *after], frame.live, frame)
        return [*made, *defined, ast.Return(call)]

    def _checked_if(self, s, frame):
        """An `if` that may end the frame, where more than its branches follows; these say whether they ended it."""
        leaf = [ast.copy_location(ast.Return(operator("FELL")), s)]
        leaf[0].value = leaf[0].value.func
        body, orelse = self._block(s.body, frame, leaf), self._block(s.orelse, frame, leaf)
        live = self._liveness.after[s] | frame.live
        defined, call = self._branches(s, body, orelse, [*s.body, *s.orelse], live, frame)
        result = self._new("ended")
        fell = operator("FELL").func
        check = ast.If(ast.Compare(_name(result), [ast.IsNot()], [fell]), [ast.Return(_name(result))], [])
        return [*defined, _assign(result, call), check]

    def _plain_if(self, s, frame):
        body, orelse = self._block(s.body, frame), self._block(s.orelse, frame)
        defined, call = self._branches(s, body, orelse, [*s.body, *s.orelse], self._liveness.after[s], frame)
        return [*defined, ast.Expr(call)]

    def _branches(self, s, body, orelse, originals, live, frame):
        """The functions for the branches of an `if`, and the call that chooses one.

        Args:
          s: the `if`.
          body, orelse: the branches, rewritten.
          originals: the statements that they were.
          live: the names that may be read afterwards.
          frame: the innermost frame; a `return` inside its loop binds its variables.
        """
        then, otherwise = self._new("if"), self._new("else")
        state, told = self._state(originals, live, frame, restores=True)
        parts = [self._part(then, body), self._part(otherwise, orelse)]
        call = operator("if_stmt", self._expression(s.test), _name(then), _name(otherwise), *told)
        return [*parts, *state], call

    # --------------------------------------------------------------------------------------------------------- loops

    def _loop(self, s, frame):
        """A loop: its statements, and statements, not yet rewritten, that follow it."""
        returns = _contains(s.body, ast.Return, True)
        leaves = returns or _contains(s.body, (ast.Break, ast.Continue), False)
        number = next(self._numbers)
        flag, value = ("do_return__%d" % number, "retval__%d" % number) if returns else (None, None)
        live = self._liveness.head[s] | self._liveness.after[s]
        inner = _Frame(True, live | frame.live if returns else live, flag, value)
        options, statements = _take_options(s.body)
        fall = [ast.copy_location(ast.Return(ast.Constant(False)), s)] if leaves else []
        body = self._block(statements, inner, fall)
        bindings = list(s.body)
        parameters = []
        if isinstance(s, ast.For):
            parameters = [self._new("item")]
            taking = ast.copy_location(ast.Assign([s.target], _name(parameters[0])), s)
            body.insert(0, taking)
            bindings.insert(0, taking)
        name = self._new("body")
        made = [self._part(name, body, parameters)]
        state, told = self._state(bindings, live, inner)
        made += state
        exits = ast.Constant(bool(leaves))
        if isinstance(s, ast.While):
            test = self._new("test")
            made.append(self._part(test, [ast.copy_location(ast.Return(self._expression(s.test)), s)]))
            call = operator("while_stmt", _name(test), _name(name), *told, exits, options)
        else:
            call = operator("for_stmt", self._expression(s.iter), _name(name), *told, exits, options)
        if returns:
            made[:0] = [_assign(flag, ast.Constant(False)), _assign(value, operator("UndefinedReturnValue"))]
            self._shared.update({flag: None, value: None})
        return self._after_loop(s, made, call, flag, value)

    def _after_loop(self, s, made, call, flag, value):
        following = []
        if s.orelse:
            broke = "broke__%d" % next(self._numbers)
            made.append(_assign(broke, call))
            following.append(ast.If(ast.UnaryOp(ast.Not(), _name(broke)), s.orelse, []))
        else:
            made.append(ast.Expr(call))
        if flag is not None:
            following.append(ast.If(_name(flag), [ast.Return(_name(value))], []))
        for f in following:
            self._liveness.after[f] = self._liveness.after[s] | {n for n in (flag, value) if n}
        return made, following

    # -------------------------------------------------------------------------------------------------- with, try, match

    def _around(self, s, frame):
        """A `with`, `try` or `match` in which a branch may return, or leave a loop: statements, and others that follow.

        Blocks inside that may do so become parts that note it in variables, as the bodies of loops do.
        """
        number = next(self._numbers)
        flag, value = "do_return__%d" % number, "retval__%d" % number
        after = self._liveness.after[s]
        others = [*s.handlers, *s.orelse, *s.finalbody] if hasattr(s, "handlers") else []
        leaves = {kind: "%s__%d" % (name, number) for kind, name in _LEAVES.items() if _contains([s], kind, False)}
        inner = _Frame(True, after.union(frame.live, *map(names.reads, others)), flag, value, leaves)

        def block(statements):
            if not any(map(_ends, statements)):
                return self._inner(statements, frame)
            name = self._new("block")
            part = self._part(name, self._block(statements, inner, [ast.copy_location(ast.Return(ast.Constant(False)), s)]))
            return self._located([part, ast.Expr(ast.Call(_name(name), [], []))], s)

        made = self._statement(s, frame, block)
        made[:0] = [_assign(flag, ast.Constant(False)), _assign(value, operator("UndefinedReturnValue"))]
        made[:0] = [_assign(name, ast.Constant(False)) for name in leaves.values()]
        self._shared.update(dict.fromkeys([flag, value, *leaves.values()]))
        following = [ast.If(_name(flag), [ast.Return(_name(value))], [])] if _contains([s], ast.Return, True) else []
        following += [ast.If(_name(name), [kind()], []) for kind, name in leaves.items()]
        for f in following:
            self._liveness.after[f] = after | {flag, value, *leaves.values()}
        return made, following

    # ------------------------------------------------------------------------------------------------- parts and state

    def _part(self, name, body, parameters=()):
        """A function for a part, which shares the variables that it binds with the function around it."""
        found = [n for n in names.bound(body) if not n.startswith(AG)]
        declarations = []
        for kind, chosen in ((ast.Global, [n for n in found if n in self._globals]),
                             (ast.Nonlocal, [n for n in found if n not in self._globals])):  # fmt: skip
            if chosen:
                declarations.append(kind(chosen))
        self._shared.update(dict.fromkeys(n for n in found if n not in self._globals))
        body = [s for s in body if not isinstance(s, ast.Global | ast.Nonlocal)]
        return ast.FunctionDef(name, arguments(*parameters), declarations + (body or [ast.Pass()]), [], None, **NO_TYPES)

    def _state(self, originals, live, frame, restores=False):
        """The functions that get and set what statements change and what is used afterwards: variables, attributes, containers.

        Args:
          originals: the statements, not rewritten.
          live: the names that may be read afterwards.
          frame: the innermost frame; a `return` inside its loop binds its variables.
          restores: whether the variables that are not used afterwards follow (their names don't), as each branch begins with the
            values from before it.

        Returns:
          The definitions, and the arguments of an operator: the two functions and the names; None twice and () if there is nothing.
        """
        live = live | self._always_live
        bound = names.bound(originals)
        if frame.flag is not None and _contains(originals, ast.Return, True):
            bound += [frame.flag, frame.value]
            live = live | {frame.flag, frame.value}
        for kind, name in frame.leaves.items():
            if _contains(originals, kind, False):
                bound.append(name)
                live = live | {name}
        candidates = [n for n in bound if n not in self._handlers and not n.startswith(AG)]
        variables = [n for n in candidates if n in live]
        restored = [n for n in candidates if n not in live] if restores else []
        held = [_Held.attribute(t, a) for t, a in names.attributes_set(originals) if names.base_name(a) not in bound]
        held += [_Held.container(t, c) for t, c in names.containers_set(originals) if names.base_name(c) not in bound]
        if not variables and not restored and not held:
            return [], [ast.Constant(None), ast.Constant(None), ast.Constant(())]
        getter, setter, values = self._new("get"), self._new("set"), self._new("values")
        places = [self._new("held") for _ in held]
        got = [*map(_name, variables), *[h.get for h in held], *map(_name, restored)]
        targets = [_name(n, True) for n in [*variables, *places, *restored]]
        body = [ast.Assign([ast.Tuple(targets, ast.Store())], _name(values))]
        body += [ast.Expr(h.set(_name(place))) for h, place in zip(held, places)]
        definitions = [
            self._part(getter, [ast.Return(ast.Tuple(got, ast.Load()))]),
            self._part(setter, body, [values]),
        ]
        told = ast.Constant(tuple(variables + [h.text for h in held]))
        return definitions, [_name(getter), _name(setter), told]

    # ------------------------------------------------------------------------------------------------- other statements

    def _statement(self, s, frame, block=None):
        method = getattr(self, "_" + type(s).__name__.lower(), None)
        if method is not None:
            return method(s, frame) if block is None else method(s, frame, block)
        return [self._expressions.generic_visit(s)]

    def _if(self, s, frame):
        return self._plain_if(s, frame)

    def _functiondef(self, s, frame):
        s.args.defaults = [self._expression(d) for d in s.args.defaults]
        s.args.kw_defaults = [self._expression(d) for d in s.args.kw_defaults]
        if any(isinstance(n, ast.Yield | ast.YieldFrom) for n in _own_nodes(s)):
            return [s]
        return [Lowering(s, self._features, self._numbers).function()]

    def _asyncfunctiondef(self, s, frame):
        return [s]

    _classdef = _asyncfunctiondef

    # Statements that stay as they are get new bodies as copies: what the originals bind is still asked for afterwards.

    def _with(self, s, frame, block=None):
        block = block or functools.partial(self._inner, frame=frame)
        for item in s.items:
            item.context_expr = self._expression(item.context_expr)
        return [_like(s, body=block(s.body))]

    def _try(self, s, frame, block=None):
        block = block or functools.partial(self._inner, frame=frame)
        handlers = [_like(h, body=block(h.body)) for h in s.handlers]
        return [_like(s, handlers=handlers, body=block(s.body), orelse=block(s.orelse), finalbody=block(s.finalbody))]

    _trystar = _try

    def _match(self, s, frame, block=None):
        block = block or functools.partial(self._inner, frame=frame)
        subject = self._expression(s.subject)
        cases = [_like(c, guard=self._expression(c.guard), body=block(c.body)) for c in s.cases]
        return [_like(s, subject=subject, cases=cases)]

    def _inner(self, statements, frame):
        """A block inside a statement that stays as it is."""
        return (self._block(statements, frame, is_tail=False) or [ast.Pass()]) if statements else []

    def _assert(self, s, frame):
        message = thunk(self._expression(s.msg) if s.msg is not None else ast.Constant("Assertion error"))
        return [ast.Expr(operator("assert_stmt", self._expression(s.test), message))]

    def _delete(self, s, frame):
        """A variable that a part may share can't be deleted; it becomes undefined."""
        gone = [_assign(t.id, operator("Undefined", ast.Constant(t.id))) for t in s.targets if isinstance(t, ast.Name)]
        s.targets = [self._expression(t) for t in s.targets if not isinstance(t, ast.Name)]
        return gone + ([s] if s.targets else [])

    def _assign(self, s, frame):
        s.value = self._expression(s.value)
        s.targets = [self._expression(t) for t in s.targets]
        return [s]

    def _annassign(self, s, frame):
        """A variable that a part may share can't be annotated."""
        if not isinstance(s.target, ast.Name):
            return [self._expressions.generic_visit(s)]
        return [ast.Assign([s.target], self._expression(s.value))] if s.value is not None else [ast.Pass()]


def _docstring_length(body):
    first = body[0] if body else None
    return int(isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str))


def _own_nodes(function):
    """The nodes of a function, those of nested functions left out."""
    stack = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))


def is_generator(node):
    """Whether a function gives its values one after the other, or waits."""
    return any(isinstance(n, ast.Yield | ast.YieldFrom | ast.Await) for n in _own_nodes(node))


_OPTIONS = ("parallel_iterations", "back_prop", "swap_memory", "maximum_iterations")


def _take_options(body):
    """The tree of a loop's options, which a call of `set_loop_options` in its body gives, and the body without it."""
    for s in body:
        call = s.value if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) else None
        function = getattr(call, "func", None)
        if getattr(function, "attr", getattr(function, "id", None)) == "set_loop_options":
            keys = [ast.Constant(k) for k, _ in zip(_OPTIONS, call.args)] + [ast.Constant(k.arg) for k in call.keywords]
            given = ast.Dict(keys, [*call.args, *[k.value for k in call.keywords]])
            return given, [x for x in body if x is not s]
    return ast.Constant(None), list(body)
