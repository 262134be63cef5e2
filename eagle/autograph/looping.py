"""What `while` and `for` mean where the condition, or what is gone through, is a graph tensor: a `While` node."""

from ..core import nest, shape as shapes
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import resolve
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.tensor import GraphTensor, Tensor
from ..ops.tensor_arrays import TensorArray
from ..ops.while_loop import while_loop
from .branching import copied, zeros_of
from .values import Undefined, as_value, same

_STAYS = "TensorFlow control flow requires it stays the same"


class _State:
    """The variables that a loop changes, as loop variables.

    Args:
      get_state, set_state: functions that get and set them, or None if there are none.
      names: their names.

    Attributes:
      tensors: the loop variables: tensors and TensorArrays.
    """

    def __init__(self, get_state, set_state, names):
        self._get, self._set, self._names = get_state, set_state, names
        self.before = [as_value(v) for v in get_state()] if get_state is not None else []

    def values(self):
        return [as_value(v) for v in self._get()] if self._get is not None else []

    def restore(self):
        if self._set is not None:
            self._set(tuple(self.before))

    def check_defined(self, run):
        """Raises ValueError if a variable has no value before the loop.

        Args:
          run: runs a turn; what a `return` inside gives is zero at first, and the type of zero it must be is found out by a trial.
        """
        missing = [n for n, v in zip(self._names, self.before) if isinstance(v, Undefined)]
        if not missing:
            return
        if all(n.startswith("retval__") for n in missing):
            found = self._tried(run)
            self.before = [
                _zeros_like(found[i]) if isinstance(v, Undefined) else v for i, v in enumerate(self.before)
            ]  # fmt: skip
            return
        missing = [n for n in missing if not n.startswith("retval__")]
        raise ValueError("TensorFlow requires that the following symbols must be defined before the loop: %s" % (tuple(missing),))

    def _tried(self, run):
        """The values of the variables after a turn whose operations are thrown away."""
        with FuncGraph("trial", get_default_graph()).as_default():
            self._set(tuple([copied(v) for v in self.before]))
            run()
            found = self.values()
        self.restore()
        return found

    def flatten(self):
        """Splits the values into loop variables and what stays as it is in every turn."""
        self._leaves = [nest.flatten(v, expand_composites=True) for v in self.before]
        self.tensors = [
            x if isinstance(x, TensorArray) else _named(x, name) for name, x in self._varying([(n, x) for n, x in self._named()])
        ]

    def _named(self):
        for name, leaves in zip(self._names, self._leaves):
            for x in leaves:
                yield name, x

    def _varying(self, pairs):
        return [(n, x) for n, x in pairs if _varies(x)]

    def enter(self, tensors):
        """Sets the variables to the values that they have at the beginning of a turn (or at the end of the loop)."""
        if self._set is None:
            return []
        rest = iter(tensors)
        made = []
        for before, leaves in zip(self.before, self._leaves):
            filled = [next(rest) if _varies(x) else x for x in leaves]
            made.append(nest.pack_sequence_as(before, filled, expand_composites=True))
        self._set(tuple(made))
        return made

    def leave(self):
        """The loop variables at the end of a turn.

        Raises:
          TypeError, ValueError: a variable has another structure, type or shape than before the loop.
        """
        found = []
        for name, before, leaves, after in zip(self._names, self.before, self._leaves, self.values()):
            if isinstance(after, Undefined):
                raise ValueError('"%s" is not defined after one iteration, though it is before the loop.' % name)
            try:
                nest.assert_same_structure(before, after, expand_composites=True)
            except (TypeError, ValueError) as e:
                raise TypeError('"%s" does not have the same nested structure after one iteration.\n\n%s' % (name, e)) from None
            for x, y in zip(leaves, nest.flatten(after, expand_composites=True)):
                if _varies(x):
                    found.append(y if isinstance(x, TensorArray) else _checked(name, x, y))
                elif not same(x, y):
                    raise TypeError('"%s" is %r before the loop, but %r after one iteration. %s.' % (name, x, y, _STAYS))
        return found

    def finish(self, tensors):
        """Sets the variables to their values after the loop."""
        self.enter(tensors)


def _named(x, name):
    try:
        return convert(x)
    except (TypeError, ValueError) as e:
        raise TypeError('"%s" is %r before the loop, which is no tensor: %s' % (name, x, e)) from None


def _varies(x):
    """Whether a leaf of a variable's value is a loop variable."""
    return isinstance(x, Tensor | TensorArray | bool | int | float | complex) or hasattr(x, "dtype") and hasattr(x, "shape")


def _zeros_like(value):
    if isinstance(value, Undefined):
        raise ValueError("return statements are not supported within a TensorFlow loop.")
    return nest.map_structure(lambda x: zeros_of(convert(x)) if _varies(x) else x, value, expand_composites=True)


def _checked(name, before, after):
    """The value of a loop variable after a turn as a tensor, checked against the one before the loop."""
    before = before if isinstance(before, Tensor) else convert(before)
    if not isinstance(after, Tensor):
        try:
            after = convert(after)
        except (TypeError, ValueError) as e:
            raise TypeError('"%s" is %r after one iteration, which is no tensor: %s' % (name, after, e)) from None
    a, b = before.dtype.base_dtype, after.dtype.base_dtype
    if a != b:
        raise TypeError(
            '"%s" has dtype %s before the loop, but dtype %s after one iteration. %s.' % (name, a.name, b.name, _STAYS)
        )  # fmt: skip
    have, kept = after._shape, before._shape
    if kept is not None and (have is None or len(have) != len(kept) or any(k not in (None, h) for h, k in zip(have, kept))):
        if not name.startswith("retval__"):
            raise ValueError(
                '"%s" has shape %s before the loop, but shape %s after one iteration. %s or be more specific.'
                % (name, shapes.to_text(kept), shapes.to_text(have), _STAYS)
            )
    return after


_DEFAULTS = {"parallel_iterations": 10, "back_prop": True, "swap_memory": False, "maximum_iterations": None}


def _run(state, test, turn, extra, exits, options):
    """Adds the loop.

    Args:
      state: the `_State`.
      test: a function of the extra loop variables: whether there is another turn.
      turn: a function of the extra loop variables that runs a turn; returns their new values and whether to leave the loop.
      extra: the initial values of loop variables besides the state.
      exits: whether a turn may leave the loop.
      options: arguments of `tf.while_loop`.

    Returns:
      Whether the loop was left: False, or a tensor.
    """
    state.check_defined(lambda: turn(*extra))
    state.flatten()
    count, flags = len(extra), [constant(False)] if exits else []

    def condition(*loop_vars):
        state.enter(loop_vars[count + len(flags) :])
        going_on = test(*loop_vars[:count])
        if flags:
            going_on = registry["LogicalAnd"](registry["LogicalNot"](loop_vars[count]), going_on)
        return going_on

    def body(*loop_vars):
        state.enter(loop_vars[count + len(flags) :])
        following, left = turn(*loop_vars[:count])
        return [*following, *([convert(False if left is None else left)] if flags else []), *state.leave()]

    given = {**_DEFAULTS, **(options or {})}
    loop_vars = [*extra, *flags, *state.tensors]
    if not loop_vars:
        loop_vars, plain, plain_turn = [constant(0)], condition, body
        condition, body = (lambda _: plain()), (lambda i: (plain_turn(), [i])[1])
    invariants = _invariants(state, count + len(flags), loop_vars)
    result = while_loop(condition, body, loop_vars, shape_invariants=invariants, return_same_structure=True, **given)
    state.finish(result[count + len(flags) :] if state.tensors else [])
    return result[count] if flags else False


def _invariants(state, offset, loop_vars):
    """Unknown shapes for what a `return` inside the loop gives, of which only the type is known before; else None."""
    free = {i for i, (name, _) in enumerate(state._varying(list(state._named()))) if name.startswith("retval__")}
    if not free:
        return None
    found = []
    for i, v in enumerate(loop_vars):
        is_free = i - offset in free and isinstance(v, Tensor)
        found.append(shapes.TensorShape(None) if is_free else getattr(v, "shape", shapes.TensorShape([])))
    return found


def staged_loop(test, turn, extra, get_state, set_state, names, exits, options):
    """Adds a `While` for a loop with variables of its own; whether it was left with `break` (False, or a tensor).

    Args:
      test, turn, extra: as of `_run`.
      get_state, set_state, names, exits, options: as of `for_stmt`.
    """
    return _run(_State(get_state, set_state, names), test, turn, extra, exits, options)


def staged_while(test, body, get_state, set_state, names, exits, options):
    """Adds a `While` for a `while` statement; whether the loop was left with `break` (False, or a tensor)."""
    return _run(_State(get_state, set_state, names), lambda: convert(as_value(test())), lambda: ([], body()), [], exits, options)


def staged_for(things, body, get_state, set_state, names, exits, options):
    """Adds a `While` for a `for` statement over a tensor or a TensorArray; whether the loop was left with `break`."""
    state = _State(get_state, set_state, names)
    if isinstance(things, TensorArray):
        count, take, first = things.size(), things.read, convert(0)
    elif things.op.type == "Range" and not things.op._control_inputs:
        return _staged_range(things, body, state, exits, options)
    else:
        _check_iterable(things)
        size = things._shape[0] if things._shape is not None else None
        count = convert(size) if size is not None else resolve("shape")(things)[0]
        take, first = lambda i: things[i], convert(0)

    def turn(index):
        return [index + 1], body(take(index))

    return _run(state, lambda index: index < count, turn, [first], exits, options)


def _check_iterable(tensor):
    if tensor._shape is not None and not tensor._shape:
        raise ValueError("len requires a non-scalar tensor, got one of shape %s" % shapes.to_text(tensor._shape))


def _staged_range(tensor, body, state, exits, options):
    """A loop over `tf.range(...)` counts, without the tensor of the numbers."""
    start, limit, delta = [t if isinstance(t, GraphTensor) else convert(t) for t in tensor.op._inputs]

    def test(number):
        going_up = number < limit
        if _sign(delta) is not None:
            return going_up if _sign(delta) > 0 else number > limit
        upwards = registry["LogicalAnd"](delta > 0, going_up)
        return registry["LogicalOr"](upwards, registry["LogicalAnd"](delta < 0, number > limit))

    def turn(number):
        return [number + delta], body(number)

    return _run(state, test, turn, [start], exits, options)


def _sign(delta):
    """1, -1, or None if it is not known."""
    value = resolve("contrib.util.constant_value")(delta)
    return None if value is None or not value else 1 if value > 0 else -1
