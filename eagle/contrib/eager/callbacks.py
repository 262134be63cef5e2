"""Callbacks: functions called after every eager operation, and among them those that look for infinities and NaNs."""

import contextlib
import enum
import functools

import numpy as np

from ...core import nest
from ...core.attributes import default_value, public_value
from ...core.context import CALLBACK, here, process
from ...core.convert import convert
from ...core.export import export
from ...core.tensor import EagerTensor
from ...platform import tf_logging


@export("contrib.eager.ExecutionCallback")
class ExecutionCallback(enum.Enum):
    """What happens when an operation gives an infinity or a NaN.

    Attributes:
      IGNORE: nothing.
      PRINT: a warning is printed.
      RAISE: `InfOrNanError` is raised.
      WARN: a warning is logged.
    """

    IGNORE = "ignore"
    PRINT = "print"
    RAISE = "raise"
    WARN = "warn"


@export("python.eager.execution_callbacks.InfOrNanError")
class InfOrNanError(Exception):
    """An operation gave an infinity or a NaN.

    Attributes:
      op_type: the operation's type.
      op_name: its name, or None.
      output_index: which of its outputs it is.
      num_outputs: how many it has.
      value: the output's value.
    """

    def __init__(self, op_type, op_name, output_index, num_outputs, value):
        self.op_type, self.op_name, self.value = op_type, op_name, value
        self.output_index, self.num_outputs = output_index, num_outputs
        counts = (np.count_nonzero(np.isinf(value)), "inf(s)"), (np.count_nonzero(np.isnan(value)), "nan(s)")
        super().__init__(
            "Output %d of %d of TFE operation %s (name: %s) contains %s out of a total of %d element(s). Tensor value: %s"
            % (output_index + 1, num_outputs, op_type, op_name if op_name is None else "'%s'" % op_name,
               " and ".join("%d %s" % c for c in counts if c[0]), np.size(value), value)
        )  # fmt: skip


@export("contrib.eager.add_execution_callback")
def add_execution_callback(callback):
    """Has a function called after every eager operation of the calling thread, whole `tf.function`s included.

    Args:
      callback: a function of `(op_type, inputs, attrs, outputs, op_name)`: the operation's type, the list of its input tensors,
        its attributes as a tuple of names and values in turn, the list of its outputs, and the name that the program gave it (or
        None).  What it raises is raised by the operation.
    """
    here.callbacks += (_Callback(callback),)
    process.busy += CALLBACK


@export("contrib.eager.clear_execution_callbacks")
def clear_execution_callbacks():
    """Takes back all that `add_execution_callback` added."""
    ours = _added()
    here.callbacks = tuple([c for c in here.callbacks if c not in ours])
    process.busy -= len(ours) * CALLBACK


def _added():
    return [c for c in here.callbacks if isinstance(c, _Callback)]


class _Callback:
    """Calls a program's callback, as long as it is not running already: what it does itself is not told to it.

    Attributes:
      function: the program's callback.
    """

    def __init__(self, function):
        self.function = function
        self._is_running = False

    def __call__(self, op, args, outputs, attrs, name):
        if self._is_running:
            return
        self._is_running = True
        try:
            lists = [list(a) if kind == "l" else [_as_tensor(a)] for kind, a in zip(op.kinds, args)]
            inputs = [t for tensors in lists for t in tensors]
            self.function(op.name, inputs, _attrs(op.definition, lists, attrs), list(outputs), name)
        finally:
            self._is_running = False


def _as_tensor(a):
    return a if isinstance(a, EagerTensor) else convert(a)  # an axis, a shape, ... comes as plain Python


def _attrs(definition, lists, attrs):
    """The attributes of an operation as names and values in turn, those that its inputs decide and defaults included.

    Args:
      definition: the op's definition.
      lists: for each input the list of its tensors.
      attrs: the attributes that are not inferred.
    """
    found = dict(attrs)
    for argument, tensors in zip(definition.inputs, lists):
        if argument.number_attr:
            found.setdefault(argument.number_attr, len(tensors))
        if argument.type_attr and tensors:
            types = tuple([t.dtype.base_dtype for t in tensors])
            is_mixed = definition.attrs[argument.type_attr].kind == "list(type)"
            found.setdefault(argument.type_attr, types if is_mixed else types[0])
    for name, attr in definition.attrs.items():
        if attr.has_default:
            found.setdefault(name, default_value(attr))
    public = [(n, public_value(found[n], a.kind)) for n, a in definition.attrs.items() if n in found]
    return tuple([x for pair in public for x in pair])


_RAISE = ExecutionCallback.RAISE


@export("contrib.eager.inf_nan_callback")
def inf_nan_callback(op_type, inputs, attrs, outputs, op_name, check_inf=True, check_nan=True, action=_RAISE):
    """A callback that looks for infinities and NaNs in outputs.

    Args:
      op_type, inputs, attrs, outputs, op_name: as of a callback.
      check_inf, check_nan: what it looks for.
      action: an `ExecutionCallback`: what it does then.

    Raises:
      InfOrNanError: one was found, and `action` is RAISE.
      ValueError: `action` is invalid.
    """
    action = ExecutionCallback(action)
    for index, output in enumerate(nest.flatten(outputs)):
        if not output.dtype.is_floating and not output.dtype.is_complex:
            continue
        value = output.numpy()
        if not (check_inf and np.any(np.isinf(value)) or check_nan and np.any(np.isnan(value))):
            continue
        error = InfOrNanError(op_type, op_name, index, len(outputs), value)
        if action is ExecutionCallback.PRINT:
            print("Warning: %s" % error)
        elif action is ExecutionCallback.WARN:
            tf_logging.warn(str(error))
        elif action is ExecutionCallback.RAISE:
            raise error
        else:
            raise ValueError(
                "Invalid action for inf_nan_callback: %s. Valid actions are: {PRINT | WARN | RAISE}" % action
            )  # fmt: skip


@export("contrib.eager.inf_callback")
def inf_callback(op_type, inputs, attrs, outputs, op_name, action=_RAISE):
    """`inf_nan_callback` that looks for infinities only."""
    inf_nan_callback(op_type, inputs, attrs, outputs, op_name, check_inf=True, check_nan=False, action=action)


@export("contrib.eager.nan_callback")
def nan_callback(op_type, inputs, attrs, outputs, op_name, action=_RAISE):
    """`inf_nan_callback` that looks for NaNs only."""
    inf_nan_callback(op_type, inputs, attrs, outputs, op_name, check_inf=False, check_nan=True, action=action)


@export("contrib.eager.seterr")
def seterr(inf_or_nan=None):
    """Sets what happens when an eager operation gives an infinity or a NaN.

    Args:
      inf_or_nan: an `ExecutionCallback` or its value; None leaves it as it is.

    Returns:
      A dictionary with what was set before.

    Raises:
      ValueError: `inf_or_nan` is invalid.
    """
    wanted = None if inf_or_nan is None else ExecutionCallback(inf_or_nan)
    before, others = ExecutionCallback.IGNORE, []
    for callback in _added():
        function = callback.function
        if getattr(function, "func", function) is inf_nan_callback:
            before = getattr(function, "keywords", {}).get("action", _RAISE)
        else:
            others.append(function)
    if wanted is not None:
        clear_execution_callbacks()
        if wanted is not ExecutionCallback.IGNORE:
            others.append(functools.partial(inf_nan_callback, action=wanted))
        for function in others:
            add_execution_callback(function)
    return {"inf_or_nan": before}


@export("contrib.eager.errstate")
@contextlib.contextmanager
def errstate(inf_or_nan=None):
    """`seterr` for the time of a block; in graph mode nothing."""
    if not here.eager:
        yield
        return
    before = seterr(inf_or_nan=inf_or_nan)
    try:
        yield
    finally:
        seterr(**before)
