"""The tape: what eager execution notes down so that gradients can be computed afterwards.

A tape is a list of records in program order.  A record is a tuple

    (output, input, rule, kept, attrs, shape, origin)

and says: once the gradient with respect to `output` is known, `rule.function(gradient, *kept, **attrs)` is the gradient with
respect to `input` (without a rule it is the same), to be summed down to `shape` if the operation broadcast its operands (None if
not).  Where an operation computes several gradients together, `input` is the tuple of its inputs (None for those that need
none) and the function gives a tuple; where it has several outputs (or a list of them), `output` is their tuple, `origin` the
tuple of their types and shapes, and the function gets all their gradients.  Tensors stand in records as their ids, so a tape
keeps alive only what the gradient functions named.  The records of one operation follow each other and hold the same object as
`output`: by that the sweep tells where the next operation begins.
"""

import numpy as np

from .context import CALLBACK, here, process
from .tensor import EagerTensor, from_value, next_id

_ndarray = np.ndarray

# What the rules of simple ops keep: nothing, the first operand, the second, the output, both operands.
KEEPS = {"": (), "x": "x", "y": "y", "o": "o", "xy": "xy"}
_X, _Y, _O = KEEPS["x"], KEEPS["y"], KEEPS["o"]

NOT_DIFFERENTIABLE = "not differentiable"


class _Function:
    """A gradient function in the place of a rule."""

    __slots__ = ("function",)
    numpy = None
    lists = False
    takes_slices = True

    def __init__(self, function):
        self.function = function

    def per_output(self, gradients):
        return gradients


class Tape:
    """Records operations that depend on watched tensors.

    Attributes:
      watched: the ids of the tensors whose gradients may be asked for, and of those computed from them.
      watched_alone: of these the ones that were to be watched, not those computed from them.
      records: the records.
      variables: the variables read so far: handle id -> variable.
      watches_variables: whether trainable variables are watched when they are read.
      has_complex: whether an operation on complex numbers was recorded.
      is_persistent: whether more than one gradient may be computed, and so also a gradient of a gradient.
    """

    __slots__ = ("watched", "watched_alone", "records", "variables", "watches_variables", "has_complex", "is_persistent",
                 "_watched_in_graphs")  # fmt: skip

    def __init__(self, watches_variables=True, is_persistent=False):
        self.watched = set()
        self.watched_alone = set()
        self.records = []
        self.variables = {}
        self.watches_variables = watches_variables
        self.has_complex = False
        self.is_persistent = is_persistent
        self._watched_in_graphs = []

    def watch(self, tensor):
        """Watches a tensor, if it is of a type that has gradients."""
        if type(tensor) is not EagerTensor:
            self._watched_in_graphs.append(tensor)
        elif tensor._v.dtype.kind in "fcV":
            self.watched.add(tensor._unique_id)
            self.watched_alone.add(tensor._id)

    def watch_variable(self, variable):
        handle = variable._handle
        if type(handle) is not EagerTensor:
            handle_id = handle
        else:
            handle_id = handle._unique_id
            self.watched.add(handle_id)
            self.watched_alone.add(handle_id)
        self.variables[handle_id] = variable

    def graph_tensors(self):
        """The tensors and variables of graphs that are watched, as tensors."""
        variables = [v._gradient_source for key, v in self.variables.items() if type(key) is not int]
        return self._watched_in_graphs + variables

    def note(self, op, args, outputs, attrs):
        """Records an operation if one of its inputs is watched.

        Args:
          op: the `Op`.
          args: its inputs as they came: tensors, lists of tensors, host values.
          outputs: its output tensors.
          attrs: its attributes.
        """
        watched, sources = self.watched, []
        for kind, a in zip(op.kinds, args):
            if kind == "t":
                sources.append(a._id if a._id in watched else None)
            elif kind == "l":
                sources += [t._id if t._id in watched else None for t in a]
            else:
                sources.append(None)
        if not any(sources):
            return
        for t in outputs:
            if t._v.dtype.kind == "c":
                self.has_complex = True
        joint = op.joint_rule
        if joint is None and not op.rules:
            joint = op.missing_rule
        if joint is None:
            self._note_edges(op, args, outputs, attrs)
        elif joint is not NOT_DIFFERENTIABLE:
            self._note_joint(joint, tuple(sources), args, outputs, attrs)

    def note_simple(self, op, x, y, output):
        """`note` for an op of one or two tensors (y is None for one) without attributes; the commonest, hence the fastest."""
        rules = op.simple_rules
        if rules is None:
            self.note(op, (x,) if y is None else (x, y), (output,), {})
            return
        first, second, broadcasts = rules
        watched, i = self.watched, x._id
        key = 0
        if i in watched:
            key = output._id = output._id or next_id()
            watched.add(key)
            rule, keeps = first
            kept = keeps and ((y,) if keeps is _Y else (x,) if keeps is _X else (output,) if keeps is _O else (x, y))
            v = output._v
            if broadcasts and type(v) is _ndarray and x._v.shape != v.shape:
                self.records.append((key, i, rule, kept, None, x._v.shape, None))
            else:
                self.records.append((key, i, rule, kept, None, None, None))
        if y is None:
            return
        i = y._id
        if i in watched:
            if not key:
                key = output._id = output._id or next_id()
                watched.add(key)
            rule, keeps = second
            kept = keeps and ((x,) if keeps is _X else (y,) if keeps is _Y else (output,) if keeps is _O else (x, y))
            v = output._v
            if broadcasts and type(v) is _ndarray and y._v.shape != v.shape:
                self.records.append((key, i, rule, kept, None, y._v.shape, None))
            else:
                self.records.append((key, i, rule, kept, None, None, None))

    def note_beside_number(self, op, which, x, number, output):
        """`note` for an op of a tensor and a number; `which` is 0 if the tensor is the first operand."""
        if x._id not in self.watched:
            return
        if op.simple_rules is None:
            other = number_tensor(x._v.dtype, number)
            self.note(op, (other, x) if which else (x, other), (output,), {})
            return
        key = output._id = output._id or next_id()
        self.watched.add(key)
        rule, keeps = op.simple_rules[which]
        if keeps:
            other = number_tensor(x._v.dtype, number)
            first, second = (x, other) if which == 0 else (other, x)
            keeps = (second,) if keeps is _Y else (first,) if keeps is _X else (output,) if keeps is _O else (first, second)
        self.records.append((key, x._id, rule, keeps, None, None, None))  # beside a number nothing is broadcast

    def note_read(self, handle_id, tensor):
        """Records that `tensor` is the value of the variable with this handle; once for each value."""
        watched, i = self.watched, tensor._id
        if i in watched:
            if i not in self.watched_alone or any(r[0] == i and r[1] == handle_id for r in self.records):
                return
        key = tensor._id = i or next_id()
        watched.add(key)
        self.records.append((key, handle_id, None, (), None, None, None))

    def _note_edges(self, op, args, outputs, attrs):
        key = None
        for i, rule in op.rules.items():
            source = args[i]._id
            if source not in self.watched:
                continue
            kept = rule.keep(args, outputs)
            if key is None:
                key, origin = self._mark(outputs, rule.lists)
            shape = None
            if op.broadcasts and args[i]._v.shape != outputs[0]._v.shape:
                shape = args[i]._v.shape
            picked = rule.pick(attrs, op) if rule.attr_names else None
            self.records.append((key, source, None if rule.passes else rule, kept, picked, shape, origin))

    def _note_joint(self, rule, sources, args, outputs, attrs):
        picked = rule.pick(attrs, rule.op)
        if rule.asks_needs:
            picked = dict(picked or (), needs=tuple(_needs(rule.op.kinds, args, self.watched)))
        kept = rule.keep(args, outputs)
        key, origin = self._mark(outputs, rule.lists)
        self.records.append((key, sources, rule, kept, picked, None, origin))

    def note_function(self, inputs, outputs, function, zeros=True):
        """Records that `outputs` were computed from the tensors `inputs`, and that `function` carries gradients back.

        Args:
          inputs, outputs: lists of eager tensors.
          function: from the gradients of the outputs to a tuple of those of the inputs.
          zeros: whether it gets zeros for the outputs that have no gradient, or else None.
        """
        targets = tuple([t._id if t._id in self.watched else None for t in inputs])
        if any(targets):
            key, origin = self._mark(outputs, True)
            self.has_complex |= any(dtype.kind == "c" for dtype, _ in origin)
            self.records.append((key, targets, _Function(function), (), None, None, origin if zeros else None))

    def _mark(self, outputs, several):
        """Makes the outputs known to this tape; their key and origin in a record.

        Args:
          outputs: the output tensors.
          several: whether they are taken as several even if there is only one.
        """
        add = self.watched.add
        for t in outputs:
            if not t._id:
                t._id = next_id()
            add(t._id)
        if len(outputs) == 1 and not several:
            return outputs[0]._id, None
        return tuple([t._id for t in outputs]), tuple([(t._v.dtype, t._v.shape) for t in outputs])


def _needs(kinds, args, watched):
    for kind, a in zip(kinds, args):
        if kind == "l":
            yield any([t._id in watched for t in a])
        else:
            yield kind == "t" and a._id in watched


def record(op, args, outputs, attrs, name=None):
    """What follows an op: tapes and callbacks take note.

    Args:
      op: the `Op`.
      args: its inputs as they came: tensors, lists of tensors, host values.
      outputs: its output tensors.
      attrs: its attributes.
      name: the name that the caller gave it, or None.
    """
    for tape in here.tapes:
        tape.note(op, args, outputs, attrs)
    if process.busy >= CALLBACK:
        call_back(op, args, outputs, attrs, name)


def call_back(op, args, outputs, attrs, name=None):
    """What follows an op where there are callbacks; the arguments are those of `record`."""
    for callback in here.callbacks:
        callback(op, args, outputs, attrs, name)


_number_tensors = {}  # (dtype, number) -> tensor


def number_tensor(dtype, number):
    """The tensor for a number in an expression such as `x * 2.0`, for a rule to keep."""
    found = _number_tensors.get((dtype, number))
    if found is None:
        found = from_value(dtype.type(number))
        if number:  # 0.0 and -0.0 are equal as keys
            if len(_number_tensors) > 1000:
                _number_tensors.clear()
            _number_tensors[dtype, number] = found
    return found


def push(tape):
    """Starts recording on a tape."""
    here.tapes += (tape,)
    process.busy += 1


def pop(tape):
    """Ends recording on a tape."""
    tapes = here.tapes
    here.tapes = tapes[:-1] if tapes and tapes[-1] is tape else tuple([t for t in tapes if t is not tape])
    process.busy -= 1


def variable_accessed(variable):
    """Lets the tapes that watch variables watch this one."""
    for tape in here.tapes:
        if tape.watches_variables:
            tape.watch_variable(variable)


def variable_read(variable, tensor):
    """Lets the tapes note that an eager variable was read and that `tensor` is its value."""
    handle_id = variable._handle._id
    watches = variable._trainable
    for tape in here.tapes:
        if watches and tape.watches_variables and handle_id not in tape.variables:
            tape.watch_variable(variable)
            handle_id = variable._handle._id
        if handle_id in tape.watched:
            tape.note_read(handle_id, tensor)
