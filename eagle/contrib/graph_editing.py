"""`tf.contrib.graph_editor`: finds, copies and reconnects operations of a graph."""

import re

from ..core import known
from ..core.collections import GraphKeys
from ..core.context import process
from ..core.convert import is_tensor
from ..core.export import export, resolve
from ..core.graph import Graph
from ..core.operation import Operation
from ..core.tensor import GraphTensor


def _export(*names):
    """Makes something public under names, and under the module of TensorFlow's in which it is."""
    return export(*[where + n for n in names for where in ("contrib.graph_editor.", "contrib.graph_editor.%s." % _HOMES[names[0]])])


_HOMES = {
    name: module
    for module, names in {
        "util": "make_list_of_op make_list_of_t get_tensors get_generating_ops get_consuming_ops ControlOutputs",
        "select": "filter_ops filter_ops_from_regex get_name_scope_ops filter_ts filter_ts_from_regex select_ops select_ts "
        "select_ops_and_ts get_forward_walk_ops get_backward_walk_ops get_walks_intersection_ops",
        "subgraph": "SubGraphView make_view make_view_from_scope",
        "reroute": "reroute_ts swap_ts add_control_inputs",
        "transform": "copy copy_with_input_replacements graph_replace",
    }.items()
    for name in names.split()
}


# ------------------------------------------------------------------------------------------- lists of operations and tensors


def _flat(things):
    if isinstance(things, list | tuple | set | frozenset) or hasattr(things, "__iter__") and not is_tensor(things):
        return [x for item in things for x in _flat(item)]
    return [things]


def _unique(things):
    return list(dict.fromkeys(things))


@_export("make_list_of_op")
def make_list_of_op(ops, check_graph=True, allow_graph=True, ignore_ts=False):
    """Operations as a list.

    Args:
      ops: an operation, an iterable of such, a `SubGraphView` or a `Graph`.
      check_graph: whether all must be of one graph.
      allow_graph: whether `ops` may be a graph.
      ignore_ts: whether tensors are left out.

    Raises:
      TypeError: something else is among them.
      ValueError: they are of several graphs.
    """
    return _list_of(Operation, GraphTensor if ignore_ts else (), ops, check_graph, allow_graph, Graph.get_operations)


@_export("make_list_of_t")
def make_list_of_t(ts, check_graph=True, allow_graph=True, ignore_ops=False):
    """Tensors as a list; the arguments and errors are those of `make_list_of_op`."""
    return _list_of(GraphTensor, Operation if ignore_ops else (), ts, check_graph, allow_graph, get_tensors)


def _list_of(kind, ignored, things, check_graph, allow_graph, all_of):
    if isinstance(things, Graph):
        if not allow_graph:
            raise TypeError("allow_graph is False: cannot convert a tf.Graph.")
        return list(all_of(things))
    found = []
    for x in _flat(things.ops if isinstance(things, SubGraphView) else things):
        if isinstance(x, kind):
            found.append(x)
        elif not ignored or not isinstance(x, ignored):
            raise TypeError("Expected a %s, got: %s" % (kind.__name__, type(x)))
    if check_graph and len({x.graph for x in found}) > 1:
        raise ValueError("Argument: got elements of several graphs")
    return found


@_export("get_tensors")
def get_tensors(graph):
    """All tensors of a graph."""
    if not isinstance(graph, Graph):
        raise TypeError("Expected a graph, got: %s" % type(graph))
    return [t for op in graph.get_operations() for t in op.outputs]


@_export("get_generating_ops")
def get_generating_ops(ts):
    """The operations that compute some tensors."""
    return [t.op for t in make_list_of_t(ts, allow_graph=False)]


@_export("get_consuming_ops")
def get_consuming_ops(ts):
    """The operations that take some tensors."""
    return _unique(op for t in make_list_of_t(ts, allow_graph=False) for op in t.consumers())


@_export("ControlOutputs")
class ControlOutputs:
    """For each operation of a graph those that wait for it."""

    def __init__(self, graph):
        self._graph, self._outputs, self._version = graph, {}, None
        self.update()

    def update(self):
        """Takes in what has changed; returns this."""
        if self._version != len(self._graph.get_operations()):
            self._version, self._outputs = len(self._graph.get_operations()), {}
            for op in self._graph.get_operations():
                for before in op.control_inputs:
                    self._outputs.setdefault(before, []).append(op)
        return self

    def get_all(self):
        """A dictionary from operations to lists of those that wait for them."""
        return self._outputs

    def get(self, op):
        """The operations that wait for one."""
        return self._outputs.get(op, [])

    @property
    def graph(self):
        return self._graph


# ------------------------------------------------------------------------------------------------------------------ selecting


def _compiled(regex):
    if not isinstance(regex, str | re.Pattern):
        raise ValueError("Expected a string or a regex, got: %s" % type(regex))
    return re.compile(regex)


@_export("filter_ops")
def filter_ops(ops, positive_filter):
    """Those of some operations for which a function says so; all if it is True."""
    found = make_list_of_op(ops)
    return found if positive_filter is True else [op for op in found if positive_filter(op)]


@_export("filter_ops_from_regex")
def filter_ops_from_regex(ops, regex):
    """Those of some operations in whose names a regular expression is found."""
    pattern = _compiled(regex)
    return filter_ops(ops, lambda op: pattern.search(op.name))


@_export("get_name_scope_ops")
def get_name_scope_ops(ops, scope):
    """Those of some operations that are in a scope."""
    return filter_ops_from_regex(ops, "^%s(/.*)?$" % scope.removesuffix("/"))


@_export("filter_ts")
def filter_ts(ops, positive_filter):
    """Those inputs and outputs of some operations for which a function says so; all if it is True."""
    found = make_list_of_op(ops)
    ts = _unique([t for op in found for t in op.inputs] + [t for op in found for t in op.outputs])
    return ts if positive_filter is True else [t for t in ts if positive_filter(t)]


@_export("filter_ts_from_regex")
def filter_ts_from_regex(ops, regex):
    """Those inputs and outputs of some operations in whose names a regular expression is found."""
    pattern = _compiled(regex)
    return filter_ts(ops, lambda t: pattern.search(t.name))


@_export("select_ops")
def select_ops(*args, graph=None, positive_filter=None, restrict_ops_regex=False, restrict_ts_regex=False):
    """Operations that are given, or in whose names a regular expression is found.

    Args:
      *args: operations, iterables of such, or regular expressions; those that begin with `(?#ts)` are for tensors.
      graph: the graph in which regular expressions search.
      positive_filter: a function that says which of them are wanted, or None.
      restrict_ops_regex: whether only regular expressions that begin with `(?#ops)` count.
      restrict_ts_regex: for `select_ts`.

    Raises:
      TypeError: an argument is something else.
      ValueError: there is a regular expression but no graph.
    """
    return _selected(args, graph, positive_filter, ("(?#ts)", "(?#ops)"), restrict_ops_regex, filter_ops_from_regex,
                     lambda x: make_list_of_op(x, ignore_ts=True))  # fmt: skip


@_export("select_ts")
def select_ts(*args, graph=None, positive_filter=None, restrict_ts_regex=False, restrict_ops_regex=False):
    """Tensors that are given, or in whose names a regular expression is found; as `select_ops`, with `(?#ts)` for `(?#ops)`."""
    return _selected(args, graph, positive_filter, ("(?#ops)", "(?#ts)"), restrict_ts_regex, filter_ts_from_regex,
                     lambda x: make_list_of_t(x, ignore_ops=True))  # fmt: skip


def _selected(args, graph, positive_filter, marks, restricted, from_regex, from_things):
    if graph is not None and not isinstance(graph, Graph):
        raise TypeError("Expected a tf.Graph, got: %s" % type(graph))
    found, (others, own) = [], marks
    for arg in args:
        if not isinstance(arg, str | re.Pattern):
            found += from_things(arg)
            continue
        if graph is None:
            raise ValueError("Use the keyword argument 'graph' to use regex.")
        pattern = _compiled(arg)
        if not pattern.pattern.startswith(others) and (not restricted or pattern.pattern.startswith(own)):
            found += from_regex(graph, pattern)
    return [x for x in _unique(found) if positive_filter is None or positive_filter(x)]


@_export("select_ops_and_ts")
def select_ops_and_ts(*args, **kwargs):
    """A pair: what `select_ops` gives, and what `select_ts` gives, for which regular expressions must begin with `(?#ts)`."""
    return select_ops(*args, restrict_ops_regex=False, **kwargs), select_ts(*args, restrict_ts_regex=True, **kwargs)


def _walk(seeds, inclusive, within_ops, within_ops_fn, following):
    """The operations that can be reached from some."""
    within = frozenset(make_list_of_op(within_ops, allow_graph=False)) if within_ops else None
    seeds = _unique(op for op in seeds if within is None or op in within)
    found, wave = dict.fromkeys(seeds), list(seeds)
    while wave:
        wave = [op for op in _unique(n for op in wave for n in following(op)) if op not in found]
        wave = [op for op in wave if (within is None or op in within) and (within_ops_fn is None or within_ops_fn(op))]
        found.update(dict.fromkeys(wave))
    return list(found) if inclusive else [op for op in found if op not in set(seeds)]


def _seeds(seed_ops, of_tensors):
    seeds = _flat(seed_ops)
    return of_tensors(seeds) if seeds and isinstance(seeds[0], GraphTensor) else make_list_of_op(seeds, allow_graph=False)


@_export("get_forward_walk_ops")
def get_forward_walk_ops(seed_ops, inclusive=True, within_ops=None, within_ops_fn=None, stop_at_ts=(), control_outputs=None):
    """The operations that depend on some.

    Args:
      seed_ops: operations, or tensors for the operations that take these.
      inclusive: whether `seed_ops` are among the result.
      within_ops: the operations among which to search; all if None.
      within_ops_fn: a function that says among which to search, or None.
      stop_at_ts: tensors that end the search.
      control_outputs: a `ControlOutputs` if what waits counts, too.

    Returns:
      A list of operations.
    """
    stops = frozenset(make_list_of_t(stop_at_ts))

    def following(op):
        found = [n for t in op.outputs if t not in stops for n in t.consumers()]
        return found + (control_outputs.get(op) if control_outputs is not None else [])

    return _walk(_seeds(seed_ops, get_consuming_ops), inclusive, within_ops, within_ops_fn, following)


@_export("get_backward_walk_ops")
def get_backward_walk_ops(seed_ops, inclusive=True, within_ops=None, within_ops_fn=None, stop_at_ts=(), control_inputs=False):
    """The operations on which some depend.

    Args:
      seed_ops: operations, or tensors for the operations that compute these.
      inclusive: whether `seed_ops` are among the result.
      within_ops, within_ops_fn, stop_at_ts: as of `get_forward_walk_ops`.
      control_inputs: whether what is waited for counts, too.

    Returns:
      A list of operations.
    """
    stops = frozenset(make_list_of_t(stop_at_ts))

    def following(op):
        return [t.op for t in op.inputs if t not in stops] + (list(op.control_inputs) if control_inputs else [])

    return _walk(_seeds(seed_ops, get_generating_ops), inclusive, within_ops, within_ops_fn, following)


@_export("get_walks_intersection_ops")
def get_walks_intersection_ops(
    forward_seed_ops, backward_seed_ops, forward_inclusive=True, backward_inclusive=True, within_ops=None, within_ops_fn=None,
    control_inputs=False, control_outputs=None, control_ios=None,
):  # fmt: skip
    """The operations that depend on some and on which others depend; `control_ios`, a `ControlOutputs`, makes all waiting count."""
    if control_ios is not None:
        control_inputs, control_outputs = True, control_ios
    after = get_forward_walk_ops(forward_seed_ops, forward_inclusive, within_ops, within_ops_fn, control_outputs=control_outputs)
    before = set(
        get_backward_walk_ops(backward_seed_ops, backward_inclusive, within_ops, within_ops_fn, control_inputs=control_inputs)
    )
    return [op for op in after if op in before]


# -------------------------------------------------------------------------------------------------------------- parts of graphs


@_export("SubGraphView")
class SubGraphView:
    """A part of a graph.

    Attributes:
      ops: its operations, a list.
      inputs: the tensors that come from outside.
      outputs: the tensors that are used outside, or nowhere.
      graph: the graph.
    """

    def __init__(self, inside_ops=(), passthrough_ts=()):
        self.ops = _unique(make_list_of_op(inside_ops))
        inside, passing = set(self.ops), _unique(make_list_of_t(passthrough_ts))
        self.inputs = _unique([t for op in self.ops for t in op.inputs if t.op not in inside] + passing)
        made = [t for op in self.ops for t in op.outputs]
        self.outputs = _unique([t for t in made if not t.consumers() or not inside.issuperset(t.consumers())] + passing)
        self.graph = self.ops[0].graph if self.ops else passing[0].graph if passing else None

    def is_passthrough(self, t):
        """Whether a tensor only passes."""
        return t in self.inputs and t in self.outputs

    def __bool__(self):
        return self.graph is not None


@_export("make_view", "sgv")
def make_view(*args, **kwargs):
    """A `SubGraphView` of operations (as `select_ops` takes them) and of tensors that only pass."""
    if len(args) == 1 and isinstance(args[0], SubGraphView):
        return args[0]
    if len(args) == 1 and isinstance(args[0], Graph):
        return SubGraphView(args[0].get_operations())
    ops, ts = select_ops_and_ts(*args, **kwargs)
    return SubGraphView(ops, ts)


@_export("make_view_from_scope", "sgv_scope")
def make_view_from_scope(scope, graph):
    """A `SubGraphView` of the operations in a scope."""
    return SubGraphView(get_name_scope_ops(graph, scope))


# ---------------------------------------------------------------------------------------------------------------- reconnecting


def _reroute(ts0, ts1, both, can_modify, cannot_modify):
    ts0, ts1 = make_list_of_t(ts0), make_list_of_t(ts1)
    if len(ts0) != len(ts1):
        raise ValueError("ts0 and ts1 have different sizes: %d != %d" % (len(ts0), len(ts1)))
    for a, b in zip(ts0, ts1):
        if a.dtype != b.dtype or not a.shape.is_compatible_with(b.shape):
            raise ValueError("Tensors %s and %s are not compatible" % (a.name, b.name))
    allowed = None if can_modify is None else frozenset(make_list_of_op(can_modify))
    forbidden = frozenset(make_list_of_op(cannot_modify)) if cannot_modify is not None else ()
    changes = []
    for a, b in zip(ts0, ts1):
        for new, old in ((a, b), (b, a))[: 2 if both else 1] if a is not b else ():
            for op in old.consumers():
                if (allowed is None or op in allowed) and op not in forbidden:
                    changes += [(op, i, new) for i, t in enumerate(op.inputs) if t is old]
    for op, i, new in changes:
        op._update_input(i, new)
    return len(changes)


@_export("reroute_ts")
def reroute_ts(ts0, ts1, can_modify=None, cannot_modify=None):
    """Lets what takes tensors `ts1` take those of `ts0` instead.

    Args:
      ts0, ts1: tensors, as many.
      can_modify: the operations that may be changed; all if None.
      cannot_modify: those that may not, or None.

    Returns:
      How many inputs have been changed.

    Raises:
      ValueError: they are not as many, or of other types or shapes.
    """
    return _reroute(ts0, ts1, False, can_modify, cannot_modify)


@_export("swap_ts")
def swap_ts(ts0, ts1, can_modify=None, cannot_modify=None):
    """Lets what takes tensors `ts0` take those of `ts1` instead, and the other way round; as `reroute_ts`."""
    return _reroute(ts0, ts1, True, can_modify, cannot_modify)


@_export("add_control_inputs")
def add_control_inputs(op, cops):
    """Lets an operation wait for others; raises ValueError if it does so already, TypeError if these are no operations."""
    if not isinstance(op, Operation):
        raise TypeError("Expected a tf.Operation, got: %s" % type(op))
    for other in make_list_of_op(cops, allow_graph=False):
        if other in op.control_inputs:
            raise ValueError("%s is already a control_input of %s" % (other.name, op.name))
        op._add_control_input(other)


# --------------------------------------------------------------------------------------------------------------------- copying


class TransformerInfo:
    """What became of what in a copy."""

    def __init__(self, made):
        self._made = made

    def transformed(self, original, missing_fn=None):
        """The copy of an operation or tensor, or a list of such for an iterable; what `missing_fn` gives, or None, without one."""
        return _mapped(original, self._made, missing_fn)

    def original(self, transformed, missing_fn=None):
        """What an operation or tensor is a copy of, or a list of such for an iterable."""
        return _mapped(transformed, {v: k for k, v in self._made.items()}, missing_fn)


def _mapped(thing, table, missing_fn):
    if isinstance(thing, list | tuple | set | frozenset):
        return [_mapped(x, table, missing_fn) for x in thing]
    if isinstance(thing, dict):
        return {k: _mapped(v, table, missing_fn) for k, v in thing.items()}
    return table[thing] if thing in table else missing_fn(thing) if missing_fn is not None else None


def _copied(view, graph, scope, src_scope, reuse, external):
    """Copies a part of a graph; `external(tensor)` gives what the copies take in the place of a tensor from outside."""
    view = make_view(view)
    graph = view.graph if graph is None else graph
    if not isinstance(graph, Graph):
        raise TypeError("Expected a tf.Graph, got: %s" % type(graph))
    src_scope, scope = (s.rstrip("/") + "/" if s else "" for s in (src_scope, scope))
    if scope and not reuse:
        scope = graph.unique_name(scope[:-1]) + "/"
    made, wanted = {}, set(view.ops)
    for op in [op for op in view.graph.get_operations() if op in wanted]:
        if not op.name.startswith(src_scope):
            raise ValueError("%s does not belong to source scope: %s." % (op.name, src_scope))
        inputs = [made[t] if t in made else external(t, graph) for t in op._inputs]
        with graph.as_default():
            name = graph.unique_name(scope + op.name[len(src_scope) :])
        copy = process.build_node(graph, op.definition, name, inputs, dict(op.attrs), [t._dtype for t in op.outputs], op.spec)
        copy._device, made[op] = op._device, copy
        for t, new in zip(op.outputs, copy.outputs):
            made[t], new._shape, new._handle_data = new, t._shape, known.handle_data(t)
        _collect(view.graph, graph, scope, {x: made[x] for x in (op, *op.outputs)})
    for op in view.ops:
        for before in op.control_inputs:
            if before in made or view.graph is graph:
                made[op]._add_control_input(made.get(before, before))
    return SubGraphView([made[op] for op in view.ops]), TransformerInfo(made)


_COLLECTIONS = {v for k, v in vars(GraphKeys).items() if k.isupper() and isinstance(v, str)}


def _collect(old, new, scope, made):
    """Puts copies into the collections in which the originals are; those of users have another name in another scope."""
    for key in old.get_all_collection_keys():
        for item in old.get_collection(key):
            if isinstance(item, Operation | GraphTensor) and item in made:
                new.add_to_collection(key if key in _COLLECTIONS else scope + key, made[item])


def _placeholder(t, graph):
    with graph.as_default():
        return resolve("placeholder")(t.dtype, t.shape, name="geph__%s_%d" % (t.op.name.rpartition("/")[2], t.value_index))


@_export("copy")
def copy(sgv, dst_graph=None, dst_scope="", src_scope="", reuse_dst_scope=False):
    """Copies a part of a graph; placeholders take the place of tensors from outside.

    Args:
      sgv: what `make_view` takes.
      dst_graph: the graph that the copy is put into, by default the same one.
      dst_scope: the scope that it is put into.
      src_scope: the scope that the names of the originals lose.
      reuse_dst_scope: whether that scope may be one that there is already.

    Returns:
      A pair: the `SubGraphView` of the copies, and what became of what, a `TransformerInfo`.
    """
    return _copied(sgv, dst_graph, dst_scope, src_scope, reuse_dst_scope, _placeholder)


@_export("copy_with_input_replacements")
def copy_with_input_replacements(sgv, replacement_ts, dst_graph=None, dst_scope="", src_scope="", reuse_dst_scope=False):
    """Copies a part of a graph; the copies take other tensors than the originals.

    Args:
      sgv, dst_graph, dst_scope, src_scope, reuse_dst_scope: as of `copy`.
      replacement_ts: a dictionary from tensors from outside to those to take instead; without one there, copies in the same graph
        take what the originals take.

    Returns:
      As `copy`.
    """
    view = make_view(sgv)

    def external(t, graph):
        if t in replacement_ts:
            return replacement_ts[t]
        return t if graph is view.graph else _placeholder(t, graph)

    return _copied(view, dst_graph, dst_scope, src_scope, reuse_dst_scope, external)


@_export("graph_replace")
def graph_replace(target_ts, replacement_ts, dst_scope="", src_scope="", reuse_dst_scope=False):
    """Tensors computed again, from other tensors.

    Args:
      target_ts: a tensor, or an iterable of tensors.
      replacement_ts: a dictionary from tensors on which they depend to those to take instead.
      dst_scope, src_scope, reuse_dst_scope: as of `copy`.

    Returns:
      The new tensors, in the structure of `target_ts`.

    Raises:
      ValueError: they don't depend on the tensors that are replaced.
    """
    targets = _flat(target_ts.values() if isinstance(target_ts, dict) else target_ts)
    ops = get_walks_intersection_ops(list(replacement_ts), targets, control_ios=ControlOutputs(targets[0].graph))
    if not ops:
        raise ValueError("Targets and replacements are not connected!")
    _, info = copy_with_input_replacements(ops, replacement_ts, None, dst_scope, src_scope, reuse_dst_scope)
    return info.transformed(target_ts, lambda t: t)
