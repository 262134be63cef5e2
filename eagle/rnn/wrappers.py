"""Cells around cells: `DropoutWrapper`, `ResidualWrapper`, `DeviceWrapper`."""

import codecs
import hashlib
import marshal
import numbers
import sys
import types
import warnings

from ..core import nest
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import device as device_scope, name_scope
from ..core.shape import TensorShape
from ..core.static_values import constant_value
from ..keras.utils.serialization import deserialize_keras_object
from ..ops.division import div
from ..ops.dropout import dropout
from ..ops.joining import concat
from ..ops.random import random_uniform
from ..ops.tensor_arrays import TensorArray
from ..ops.unary import floor
from .cell import RNNCell, assert_like_rnncell
from .cells import LSTMStateTuple


class CellAround:
    """What wrappers of both kinds of cells share; it comes before the kind among the bases.

    A wrapper defines `_call_wrapped_cell(inputs, state, cell_call_fn)`.
    """

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def zero_state(self, batch_size, dtype):
        """The zero state of the cell inside."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self.cell.zero_state(batch_size, dtype)

    def _arguments(self):
        """The arguments that the wrapper was made with, for its configuration."""
        return {}

    def get_config(self):
        """The arguments to make the wrapper again, as a dictionary; the cell inside is one, too."""
        cell = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return {**super().get_config(), "cell": cell, **self._arguments()}

    @classmethod
    def _restore_functions(cls, config, custom_objects):
        """Turns what stands for functions in a configuration into these."""


class RNNCellWrapper(CellAround, RNNCell):
    """A cell around another one.

    Args:
      cell: the cell inside.
    """

    def __init__(self, cell, *args, **kwargs):
        super().__init__(*args, **kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell
        self._track_trackable(cell, name="cell")

    @property
    def wrapped_cell(self):
        """The cell inside."""
        return self.cell

    def __call__(self, inputs, state, scope=None):
        """Runs the cell inside; see `RNNCell`."""
        return self._call_wrapped_cell(inputs, state, cell_call_fn=self.cell.__call__, scope=scope)

    def _is_settled(self, inputs):
        is_own = type(self).__module__ == __name__
        return is_own and isinstance(self.cell, RNNCell) and self.cell._is_settled(inputs)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A wrapper made of a configuration in which the cell is a cell again.

        Raises:
          ValueError: the cell is none.
        """
        config = dict(config)
        cell = config.pop("cell")
        cls._restore_functions(config, custom_objects)
        try:
            assert_like_rnncell("cell", cell)
            return cls(cell, **config)
        except TypeError:
            raise ValueError("RNNCellWrapper cannot reconstruct the wrapped cell. Please overwrite the cell in the config with a "
                             "RNNCell instance.") from None  # fmt: skip


def _written(function):
    """A function as configurations hold it, what kind of form that is, and the module of the function.

    Raises:
      ValueError: it can't be called.
    """
    if isinstance(function, types.FunctionType):
        code = codecs.encode(marshal.dumps(function.__code__), "base64").decode("ascii")
        closure = None if function.__closure__ is None else tuple(c.cell_contents for c in function.__closure__)
        return (code, function.__defaults__, closure), "lambda", function.__module__
    if callable(function):
        return function.__name__, "function", function.__module__
    raise ValueError("Unrecognized function type for input: %s" % type(function))


def _read(form, kind, module, custom_objects):
    """The function for what `_written` gives; raises TypeError if the form is unknown."""
    names = dict(vars(sys.modules[module])) if module in sys.modules else {}
    if module is not None and module not in sys.modules:
        warnings.warn("%s is not loaded, but a layer uses it. It may cause errors." % module, UserWarning, stacklevel=3)
    names.update(custom_objects or {})
    if kind == "function":
        return deserialize_keras_object(form, module_objects=names, printable_module_name="function in wrapper")
    if kind != "lambda":
        raise TypeError("Unknown function type:", kind)
    code, defaults, closure = form
    code = marshal.loads(codecs.decode(code.encode("ascii"), "base64"))
    cells = None if closure is None else tuple(types.CellType(c) for c in closure)
    return types.FunctionType(code, names, argdefs=None if defaults is None else tuple(defaults), closure=cells)


def _keeps_memory(state):
    """By default the outputs in a state may be dropped, the memory of an LSTM not, nor a TensorArray."""
    if isinstance(state, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(state, TensorArray)


def _map_numbered(shallow, function, *structures):
    """`nest.map_structure_up_to` of a function whose first argument is the number of the call."""
    count = iter(range(10**9))
    return nest.map_structure_up_to(shallow, lambda *args: function(next(count), *args), *structures)


def _probability(value, name):
    """A probability as a float, or as a tensor if it is not known; raises ValueError if it is none."""
    tensor = convert(value)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if known < 0 or known > 1:
        raise ValueError("Parameter %s must be between 0 and 1: %d" % (name, known))
    return float(known)


class Dropping(CellAround):
    """What `DropoutWrapper` of both kinds of cells is."""

    def __init__(self, cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0, variational_recurrent=False,
                 input_size=None, dtype=None, seed=None, dropout_state_filter_visitor=None, **kwargs):  # fmt: skip
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._dropout_state_filter = dropout_state_filter_visitor or _keeps_memory
        with name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability(input_keep_prob, "input_keep_prob")
            self._state_keep_prob = _probability(state_keep_prob, "state_keep_prob")
            self._output_keep_prob = _probability(output_keep_prob, "output_keep_prob")
        self._variational_recurrent, self._input_size, self._seed = variational_recurrent, input_size, seed
        self._recurrent_input_noise = self._recurrent_state_noise = self._recurrent_output_noise = None
        if variational_recurrent:
            self._draw_noise(cell, dtype)

    def _draw_noise(self, cell, dtype):
        """Draws the numbers that decide what is dropped at every step."""
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")

        def noise(kind, sizes):
            def one(i, size):
                shape = concat(([1], TensorShape(size).as_list()), 0)  # all rows of a batch drop the same elements
                return random_uniform(shape, seed=self._gen_seed(kind, i), dtype=dtype)

            return _map_numbered(sizes, one, sizes)

        if not isinstance(self._input_keep_prob, numbers.Real) or self._input_keep_prob < 1.0:
            if self._input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, input_size must be provided"
                )
            self._recurrent_input_noise = noise("input", self._input_size)
        self._recurrent_state_noise = noise("state", cell.state_size)
        self._recurrent_output_noise = noise("output", cell.output_size)

    def _arguments(self):
        names = "input_keep_prob", "output_keep_prob", "state_keep_prob", "variational_recurrent", "input_size", "seed"
        found = {n: getattr(self, "_" + n) for n in names}
        if self._dropout_state_filter is not _keeps_memory:
            keys = "dropout_fn", "dropout_fn_type", "dropout_fn_module"
            found.update(zip(keys, _written(self._dropout_state_filter)))
        return found

    @classmethod
    def _restore_functions(cls, config, custom_objects):
        if "dropout_fn" in config:
            keys = "dropout_fn", "dropout_fn_type", "dropout_fn_module"
            config["dropout_state_filter_visitor"] = _read(*(config.pop(k) for k in keys), custom_objects)

    def _gen_seed(self, salt_prefix, index):
        if self._seed is None:
            return None
        salted = "%s%s_%d" % (self._seed, salt_prefix, index)
        return int(hashlib.md5(salted.encode()).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _dropped(self, values, kind, noise, keep_prob, which=None):
        """A structure of tensors after dropping; `which` says with bools in a shallower structure where not to."""
        which = values if which is None else which

        def drop(i, wanted, value, *noise):
            if isinstance(wanted, bool) and not wanted:
                return value
            if not noise:
                return dropout(value, rate=1.0 - keep_prob, seed=self._gen_seed(kind, i))
            mask = floor(keep_prob + noise[0])
            kept = div(value, keep_prob) * mask
            kept.set_shape(value.get_shape())
            return kept

        structures = [which, values, noise] if self._variational_recurrent else [which, values]
        return _map_numbered(which, drop, *structures)

    def _call_wrapped_cell(self, inputs, state, cell_call_fn, **kwargs):
        if _may_drop(self._input_keep_prob):
            inputs = self._dropped(inputs, "input", self._recurrent_input_noise, self._input_keep_prob)
        output, new_state = cell_call_fn(inputs, state, **kwargs)
        if _may_drop(self._state_keep_prob):
            which = nest.get_traverse_shallow_structure(self._dropout_state_filter, new_state)
            new_state = self._dropped(new_state, "state", self._recurrent_state_noise, self._state_keep_prob, which)
        if _may_drop(self._output_keep_prob):
            output = self._dropped(output, "output", self._recurrent_output_noise, self._output_keep_prob)
        return output, new_state


@export("nn.rnn_cell.DropoutWrapper", "contrib.rnn.DropoutWrapper")
class DropoutWrapper(Dropping, RNNCellWrapper):
    """A cell whose input, output and state are dropped with some probability.

    Args:
      cell: the cell inside.
      input_keep_prob, output_keep_prob, state_keep_prob: floats or float scalars: the probabilities to keep an element.
      variational_recurrent: whether the same elements are dropped at every step (arXiv:1512.05287).
      input_size: the shape, or structure of shapes, of the input without the batch; for `variational_recurrent`.
      dtype: the type of inputs, outputs and states; for `variational_recurrent`.
      seed: the seed of the random numbers.
      dropout_state_filter_visitor: a function that says of a part of the state whether (a bool), or which parts of it are dropped;
        by default all but the memory of an `LSTMStateTuple`.

    Raises:
      TypeError: `cell` is no cell, or the visitor no function.
      ValueError: a probability is none, or an argument for `variational_recurrent` is missing.
    """


def _may_drop(keep_prob):
    return not isinstance(keep_prob, float) or keep_prob < 1


def _add(inputs, outputs):
    nest.assert_same_structure(inputs, outputs)
    nest.map_structure(lambda i, o: i.get_shape().assert_is_compatible_with(o.get_shape()), inputs, outputs)
    return nest.map_structure(lambda i, o: i + o, inputs, outputs)


class AddingInput(CellAround):
    """What `ResidualWrapper` of both kinds of cells is."""

    def __init__(self, cell, residual_fn=None, **kwargs):
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    _KEYS = "residual_fn", "residual_fn_type", "residule_fn_module"  # as TensorFlow spells them

    def _arguments(self):
        return {} if self._residual_fn is None else dict(zip(self._KEYS, _written(self._residual_fn)))

    @classmethod
    def _restore_functions(cls, config, custom_objects):
        if "residual_fn" in config:
            config["residual_fn"] = _read(*(config.pop(k) for k in cls._KEYS), custom_objects)

    def _call_wrapped_cell(self, inputs, state, cell_call_fn, **kwargs):
        outputs, new_state = cell_call_fn(inputs, state, **kwargs)
        return (self._residual_fn or _add)(inputs, outputs), new_state


@export("nn.rnn_cell.ResidualWrapper", "contrib.rnn.ResidualWrapper")
class ResidualWrapper(AddingInput, RNNCellWrapper):
    """A cell whose input is added to its output.

    Args:
      cell: the cell inside.
      residual_fn: a function of the inputs and outputs of the cell that gives the outputs; by default their sum.

    Raises:
      TypeError, ValueError: when called: inputs and outputs differ in structure or shape.
    """


class OnDevice(CellAround):
    """What `DeviceWrapper` of both kinds of cells is."""

    def __init__(self, cell, device, **kwargs):
        super().__init__(cell, **kwargs)
        self._device = device

    def _arguments(self):
        return {"device": self._device}

    def zero_state(self, batch_size, dtype):
        """The zero state of the cell inside."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]), device_scope(self._device):
            return self.cell.zero_state(batch_size, dtype)

    def _call_wrapped_cell(self, inputs, state, cell_call_fn, **kwargs):
        with device_scope(self._device):
            return cell_call_fn(inputs, state, **kwargs)


@export("nn.rnn_cell.DeviceWrapper", "contrib.rnn.DeviceWrapper")
class DeviceWrapper(OnDevice, RNNCellWrapper):
    """A cell that runs on a device.

    Args:
      cell: the cell inside.
      device: a device, or a function, as for `tf.device`.
    """
