"""Which names statements bind and read, and which are still read afterwards."""

import ast

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def bound(nodes):
    """The names that statements (or expressions) bind in the scope in which they stand, in order."""
    found = {}
    for node in nodes:
        _bound(node, found)
    return list(found)


def _bound(node, found):
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Store | ast.Del):
            found[node.id] = None
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found[node.name] = None
        for part in [*node.decorator_list, *getattr(node, "bases", ())]:
            _bound(part, found)
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, _COMPREHENSIONS):
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr):
                found[inner.target.id] = None
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            found[(alias.asname or alias.name).partition(".")[0]] = None
        return
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        found[node.name] = None
    if isinstance(node, ast.MatchMapping) and node.rest:
        found[node.rest] = None
    for child in ast.iter_child_nodes(node):
        _bound(child, found)


def handlers(nodes):
    """The names of exceptions caught; Python deletes them at the end of the handler."""
    return {n.name for node in nodes for n in ast.walk(node) if isinstance(n, ast.ExceptHandler) and n.name}


def declared(nodes, kind):
    """The names that `global` or `nonlocal` statements (`kind`) of a scope declare."""
    found = set()
    for node in nodes:
        if isinstance(node, kind):
            found.update(node.names)
        elif not isinstance(node, _SCOPES):
            found |= declared(ast.iter_child_nodes(node), kind)
    return found


def reads(node):
    """The names that are read anywhere inside, nested functions included."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} | {
        n.target.id for n in ast.walk(node) if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
    }


def captured(nodes):
    """The names that functions and classes inside read: whoever calls these may read them at any time."""
    return {name for node in nodes for n in ast.walk(node) if isinstance(n, _SCOPES) for name in reads(n)}


def attributes_set(nodes):
    """The attributes of names (`self.x`, `a.b.c`) that statements set, as (text, tree) pairs, in order."""
    found = {}
    for node in nodes:
        for n in _walk_scope(node):
            if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) and _base(n) is not None:
                found.setdefault(ast.unparse(n), n)
    return list(found.items())


def containers_set(nodes):
    """The containers (`d`, `self.d`) whose elements statements set or delete, as (text, tree) pairs, in order."""
    found = {}
    for node in nodes:
        for n in _walk_scope(node):
            if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store | ast.Del):
                container = n.value
                while isinstance(container, ast.Subscript):
                    container = container.value
                if _base(container) is not None:
                    found.setdefault(ast.unparse(container), container)
    return list(found.items())


def base_name(node):
    """The name with which a chain of attributes begins."""
    return _base(node)


def _base(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _walk_scope(node):
    """The nodes inside, but not in nested functions and classes."""
    yield node
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _walk_scope(child)


class Liveness:
    """Finds for each `if` and each loop which names are still read after it.

    Attributes:
      after: statement -> the names that may be read after it before they are bound anew.
      head: loop -> those that may be read when its next turn begins (or it ends).
    """

    def __init__(self, body):
        self.after, self.head = {}, {}
        self._loops = []  # (names live after the loop, names live at its head) of the loops around
        self._handled = [set()]  # names that handlers and `finally` clauses around may read
        self.block(body, set())

    def block(self, statements, live):
        """The names live before a block, from those live after it."""
        for s in reversed(statements):
            live = self.statement(s, live) | self._handled[-1]
        return live

    def statement(self, s, live):
        method = getattr(self, "_" + type(s).__name__.lower(), None)
        if method is not None:
            return method(s, live)
        return (live - set(_surely_bound(s))) | reads(s)

    def _return(self, s, live):
        return reads(s)

    def _raise(self, s, live):
        return reads(s)

    def _break(self, s, live):
        return self._loops[-1][0]

    def _continue(self, s, live):
        return self._loops[-1][1]

    def _if(self, s, live):
        self.after[s] = live
        return reads(s.test) | self.block(s.body, live) | self.block(s.orelse, live)

    def _while(self, s, live):
        return self._loop(s, live, reads(s.test), set())

    def _for(self, s, live):
        return self._loop(s, live, set(), set(bound([s.target]))) | reads(s.iter) | reads(s.target)

    def _loop(self, s, live, tested, targets):
        ended = self.block(s.orelse, live)
        head = tested | ended
        while True:
            self._loops.append((live, head))
            inside = self.block(s.body, head) - targets
            self._loops.pop()
            if inside <= head:
                break
            head = head | inside
        self.after[s], self.head[s] = live, head
        return head

    def _with(self, s, live):
        self.after[s] = live
        inner = self.block(s.body, live)
        items = set().union(*[reads(i.context_expr) for i in s.items])
        names = set(bound([i.optional_vars for i in s.items if i.optional_vars is not None]))
        return (inner - names) | items

    def _try(self, s, live):
        self.after[s] = live
        final = self.block(s.finalbody, live)
        caught = final.union(*[self.block(h.body, final) | (reads(h.type) if h.type else set()) for h in s.handlers])
        self._handled.append(self._handled[-1] | caught)
        normal = self.block(s.body, self.block(s.orelse, final))
        self._handled.pop()
        return normal | caught

    _trystar = _try

    def _match(self, s, live):
        self.after[s] = live
        cases = [self.block(c.body, live) | (reads(c.guard) if c.guard else set()) for c in s.cases]
        return live.union(*cases) | reads(s.subject) | set().union(*[reads(c.pattern) for c in s.cases])


def _surely_bound(s):
    """The names that a simple statement binds whatever happens."""
    if isinstance(s, ast.Assign):
        return bound(s.targets)
    if isinstance(s, ast.AnnAssign) and s.value is not None:
        return bound([s.target])
    if isinstance(s, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return bound([s])
    return []
