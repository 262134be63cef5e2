"""The reverse sweep: from the gradients of outputs to those of inputs, along records (see tape.py).

The tape brings records of what ran, `tf.gradients` makes such records of a graph's operations; the sweep is the same.
"""

import math
from sys import getrefcount

import numpy as np

from . import shape as shapes
from .context import process
from .convert import convert
from .dispatch import registry
from .graph import get_default_graph
from .indexed_slices import IndexedSlices, concatenate
from .tensor import EagerTensor, from_value

_ndarray = np.ndarray


def _count_held_once():
    """What `getrefcount` says of an array that a dictionary and a local variable hold."""
    holder = {0: np.zeros(1)}
    array = holder.get(0)
    return getrefcount(array)


_HELD_ONCE = _count_held_once()


def sweep(records, gradients, keep=(), around=None):
    """Carries gradients from outputs back to inputs.

    Args:
      records: the records, in program order; taken from the end of the list one by one, so that what they keep alive is freed.
      gradients: key of a tensor -> its gradient, or a list of gradients to be added up; changed in place.
      keep: the keys whose gradients are wanted at the end; others are freed when they have been used.
      around: None, or a function from a record's origin to a context manager in which its gradient function is called.
    """
    previous = gradient = None
    while records:
        output, target, rule, kept, attrs, shape, origin = records.pop()
        if output is not previous:  # another operation's record
            if previous is not None:
                _forget(previous, gradients, keep)
            previous = output
            gradient = total(gradients, output) if type(output) is not tuple else _of_several(output, gradients, origin)
        if gradient is None:
            continue
        if around is None or rule is None:
            result = _apply(rule, output, gradient, kept, attrs, shape)
        else:
            with around(origin):
                result = _apply(rule, output, gradient, kept, attrs, shape)
        if result is not None:
            _hand_on(gradients, target, result)


def sweep_values(records, gradients, keep):
    """`sweep` for records of real numbers that nothing records in its turn: the same steps on plain NumPy values.

    Values need no dispatch, and many rules have a form for them; a rule that has none gets tensors.  This is the inner loop of
    eager training.
    """
    previous = gradient = None
    plain = False
    while records:
        output, target, rule, kept, attrs, shape, origin = records.pop()
        if output is not previous:
            previous = output
            if type(output) is tuple:
                gradient = _values_of_several(output, gradients, origin)
                plain = gradient is not None and not any([g is None or type(g) is IndexedSlices for g in gradient])
                _forget(output, gradients, keep)
            else:
                gradient = gradients.get(output) if output in keep else gradients.pop(output, None)
                if type(gradient) is Deferred:
                    gradient = _settled(gradients, output, gradient)
                plain = type(gradient) is not IndexedSlices
        if gradient is None:
            continue
        if rule is None and (shape is None or plain):
            result = gradient if shape is None else sum_value_to_shape(gradient, shape)
        elif plain and rule.numpy is not None:
            if type(output) is tuple:
                result = _call_on_values(rule, rule.per_output(gradient), kept, attrs)
            elif attrs is not None:
                result = _call_on_values(rule, (gradient,), kept, attrs)
            elif len(kept) == 1 and type(kept[0]) is EagerTensor:
                result = rule.numpy(gradient, kept[0]._v)
            else:
                result = rule.numpy(gradient, *[k._v if type(k) is EagerTensor else _kept_value(k) for k in kept])
            if shape is not None:
                result = sum_value_to_shape(result, shape)
        else:
            result = _apply(rule, output, _as_tensors(gradient), kept, attrs, shape)
            if result is None:
                continue
            result = _as_values(result)
        if type(target) is tuple:
            for t, r in zip(target, _flat(result)):
                if t is not None and r is not None:
                    _add_value(gradients, t, r)
        elif target not in gradients:
            gradients[target] = result
        else:
            _add_value(gradients, target, result)


class Deferred:
    """A gradient that is put off, since several of them for one target cost less together.

    Args:
      compute: a function from a list of parts to the sum of the gradients that they stand for.
      part: of what this gradient is computed, a tuple of arrays.
    """

    __slots__ = ("compute", "_parts", "_size", "_sum")
    MOST = 1 << 22  # elements that wait

    def __init__(self, compute, part):
        self.compute = compute
        self._parts = [part]
        self._size = sum([a.size for a in part])
        self._sum = None

    def join(self, other):
        """Takes in another one with the same function."""
        self._parts += other._parts
        self._size += other._size
        if self._size > self.MOST:
            self._sum = self.value()
            self._parts, self._size = [], 0

    def value(self):
        """The sum."""
        if not self._parts:
            return self._sum
        value = self.compute(self._parts)
        return value if self._sum is None else self._sum + value


def _settled(gradients, key, gradient):
    """The value of a gradient that was put off; it takes the gradient's place if that is kept."""
    value = gradient.value()
    if key in gradients:
        gradients[key] = value
    return value


def _call_on_values(rule, grads, kept, attrs):
    kept = [k._v if type(k) is EagerTensor else _kept_value(k) for k in kept]
    return rule.numpy(*grads, *kept, **(attrs or {}))


def _kept_value(kept):
    """What a record kept (a tensor, a list, a shape, a host value) as a rule's form for values gets it."""
    return kept._v if type(kept) is EagerTensor else [_kept_value(k) for k in kept] if type(kept) is list else kept


def _add_value(gradients, key, value):
    before = gradients.get(key)
    if before is None:
        gradients[key] = value
    elif type(before) is _ndarray is type(value) and before.base is None and getrefcount(before) == _HELD_ONCE:
        np.add(before, value, before)  # nobody else has the array
    elif type(before) not in _NO_VALUES and type(value) not in _NO_VALUES:
        gradients[key] = before + value
    elif type(before) is Deferred is type(value) and before.compute is value.compute:
        before.join(value)
    else:
        gradients[key] = _as_values(aggregate([_as_tensors(_as_values(before)), _as_tensors(_as_values(value))]))


_NO_VALUES = {Deferred, IndexedSlices}


def _values_of_several(outputs, gradients, origin):
    """The gradients of a record's several outputs as values, zeros where only some have one; None if none has."""
    found = [_as_values(gradients.get(key)) for key in outputs]
    if all([g is None for g in found]):
        return None
    for i, g in enumerate(found):
        if g is None and origin is not None and origin[i][0].kind in "fcV":
            found[i] = np.zeros(origin[i][1], origin[i][0])
    return found


def _as_tensors(gradient):
    """Values as eager tensors, in a list or alone; what is no value as it is."""
    if isinstance(gradient, (np.ndarray, np.generic)):
        return from_value(gradient)
    return [_as_tensors(g) for g in gradient] if type(gradient) is list else gradient


def _as_values(result):
    if type(result) is EagerTensor:
        return result._v
    if type(result) is Deferred:
        return result.value()
    return [_as_values(r) for r in result] if type(result) in (list, tuple) else result


def _apply(rule, output, gradient, kept, attrs, shape):
    if rule is None:  # the gradient passes through
        return gradient if shape is None else sum_to_shape(gradient, shape)
    if not rule.takes_slices:
        gradient = [densify(g) for g in gradient] if type(output) is tuple else densify(gradient)
    if type(output) is tuple:
        kept = (*rule.per_output(gradient), *kept)
    else:
        kept = (gradient, *kept)
    result = rule.function(*kept) if attrs is None else rule.function(*kept, **attrs)
    return result if shape is None or result is None else sum_to_shape(result, shape)


def _hand_on(gradients, target, result):
    """Gives an input, or the several inputs of a joint rule, their gradients."""
    if type(target) is not tuple:
        _add(gradients, target, result)
        return
    for t, r in zip(target, _flat(result)):
        if t is not None and r is not None:
            _add(gradients, t, r)


def _flat(result):
    """The gradients of a joint rule, lists of tensors flattened."""
    if type(result) not in (tuple, list):
        return (result,)
    if not any(type(r) in (tuple, list) for r in result):
        return result
    return [r for part in result for r in (part if type(part) in (tuple, list) else (part,))]


def _add(gradients, key, value):
    before = gradients.get(key)
    if before is None:
        gradients[key] = value
    elif type(before) is list:
        before.append(value)
    else:
        gradients[key] = [before, value]


def total(gradients, key):
    """The gradient with this key, or None; several are added up first."""
    g = gradients.get(key)
    if type(g) is list:
        g = gradients[key] = aggregate(g)
    return g


def _of_several(outputs, gradients, origin):
    """The gradients of a record's several outputs, zeros where only some have one; None if none has."""
    found = [total(gradients, key) for key in outputs]
    if all(g is None for g in found):
        return None
    return [_zeros(origin, i) if g is None else g for i, g in enumerate(found)]


def _zeros(origin, index):
    """The zero gradient of one of several outputs; None where there is none or the record wants none."""
    if origin is None:
        return None
    if type(origin) is tuple:  # from a tape: the outputs' types and shapes
        dtype, shape = origin[index]
        return from_value(np.zeros(shape, dtype)) if dtype.kind in "fcV" else None
    output = origin.outputs[index]
    dtype = output.dtype.base_dtype
    return registry["ZerosLike"](output) if dtype.is_floating or dtype.is_complex else None


def _forget(output, gradients, keep):
    for key in output if type(output) is tuple else (output,):
        if key not in keep:
            gradients.pop(key, None)


def aggregate(gradients):
    """The sum of several gradients, dense or `IndexedSlices`."""
    if not any(isinstance(g, IndexedSlices) for g in gradients):
        return _sum(gradients)
    if all(isinstance(g, IndexedSlices) for g in gradients):
        return concatenate(gradients)
    return _sum([densify(g) for g in gradients])


def _sum(gradients):
    if isinstance(gradients[0], EagerTensor):
        return registry["AddN"](gradients)
    gradients = gradients[::-1]  # as TensorFlow lists them: the oldest operation's first
    with get_default_graph().colocate_with(gradients[0].op):
        return registry["AddN"](gradients)


def densify(g):
    """A gradient as a tensor."""
    return convert(g) if isinstance(g, IndexedSlices) else g


def sum_to_shape(g, shape):
    """Sums a gradient over the dimensions along which its operand, of this shape, was broadcast."""
    have = g._shape
    if type(shape) is not tuple or not shapes.is_known(have):
        return _sum_to_dynamic_shape(g, shape)
    if have == shape:
        return g
    ahead = len(have) - len(shape)
    stretched = [i + ahead for i, d in enumerate(shape) if d == 1 and have[i + ahead] != 1]
    sum_ = registry["Sum"]
    if not stretched:
        return sum_(g, tuple(range(ahead)))
    summed = sum_(g, tuple(range(ahead)) + tuple(stretched), keep_dims=True)
    return registry["Reshape"](summed, shape) if ahead else summed


def sum_value_to_shape(v, shape):
    """`sum_to_shape` of a value."""
    ahead = v.ndim - len(shape)
    if v.shape[ahead:] == shape:
        if not shape:
            return _add_up(v, None, v.dtype)
        ones = _ONES.get(v.dtype)
        if ones is not None and ahead and v.flags.c_contiguous:
            rows = v.reshape(math.prod(v.shape[:ahead]), math.prod(shape))
            ones = ones[: len(rows)] if len(rows) <= len(ones) else np.ones(len(rows), v.dtype)
            return ones.dot(rows).reshape(shape)  # a product is the fastest sum of rows
    axes = tuple(range(ahead)) + tuple([i + ahead for i, d in enumerate(shape) if d == 1 and v.shape[i + ahead] != 1])
    return _add_up(v, axes, v.dtype).reshape(shape) if axes else v


_add_up = np.add.reduce
_ONES = {np.dtype(t): np.ones(1024, t) for t in (np.float32, np.float64)}


def _sum_to_dynamic_shape(g, shape):
    axes = registry["BroadcastGradientArgs"](shape, registry["Shape"](g))[0]
    return registry["Reshape"](registry["Sum"](g, axes), shape)


def stretched_axes(shape, others):
    """The axes along which an operand is stretched when it is broadcast with others; None if that is not known.

    Args:
      shape: the operand's static shape.
      others: the static shapes of the other operands.

    Returns:
      A tuple: -1, -2, ... for each dimension that the operand lacks, and numbers of axes of the result for those where the
      operand has size 1 and the result more.
    """
    if shape is None or any(o is None for o in others):
        return None
    rank = max([len(shape), *map(len, others)])
    missing = rank - len(shape)
    axes = [-1 - i for i in range(missing)]
    for i, d in enumerate(shape):
        met = [o[i + missing - (rank - len(o))] for o in others if i + missing >= rank - len(o)]
        if d == 1 and any(m != 1 for m in met):
            if any(m is None for m in met) and not any(m is not None and m != 1 for m in met):
                return None  # the result may have size 1 too
            axes.append(i + missing)
        elif d is None and any(m != 1 for m in met):
            return None
    return tuple(axes)


# ---------------------------------------------------------------------------------------------------------- from a tape


def gradient_of_tape(tape, targets, sources, target_gradients, persistent=False):
    """The gradients of eager tensors.

    Args:
      tape: the `Tape`; emptied unless `persistent`.
      targets: the tensors whose gradients are asked for, summed.
      sources: the tensors (or handles of variables) with respect to which.
      target_gradients: for each target the gradient to begin with, or None for ones.
      persistent: whether the tape will be asked again.

    Returns:
      A list with a gradient, or None, for each source.
    """
    gradients = {}
    for t, g in zip(targets, target_gradients):
        if t._id in tape.watched:
            _add(gradients, t._id, ones_like(t) if g is None else g)
    wanted = [s._id for s in sources]
    keep = set(wanted)
    records = tape.records
    if persistent or not tape.watched_alone <= keep:
        records = _leading_to(records, keep)
    if not persistent:
        tape.records = []
    if process.busy or tape.has_complex:
        sweep(records, gradients, keep)
        return [total(gradients, i) for i in wanted]
    for key, g in gradients.items():
        gradients[key] = g._v if type(g) is EagerTensor else _as_values(aggregate(g) if type(g) is list else g)
    sweep_values(records, gradients, keep)
    return [_as_tensors(_as_values(gradients.get(i))) for i in wanted]


_SCALAR_ONES = {np.dtype(t): t(1) for t in (np.float16, np.float32, np.float64)}


def ones_like(t):
    v = t._v
    if type(v) is np.ndarray:
        return from_value(np.ones(v.shape, v.dtype))
    return from_value(_SCALAR_ONES.get(v.dtype) or v.dtype.type(1))


def _leading_to(records, sources):
    """A list of those records through which gradients reach the sources."""
    reached = set(sources)
    found = []
    for record in records:
        output, target = record[0], record[1]
        if target in reached if type(target) is not tuple else not reached.isdisjoint(target):
            found.append(record)
            if type(output) is tuple:
                reached.update(output)
            else:
                reached.add(output)
    return found
