"""`RNN`: a layer that runs a cell along the time; cells on top of each other."""

import inspect

import numpy as np

from ...core import nest
from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ...core.trackable import no_automatic_dependency_tracking
from ..backend.recurrence import rnn
from ..backend.tensors import int_shape, is_keras_tensor, zeros
from ..backend.values import batch_set_value
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec


def has_argument(function, name):
    """Whether a function has an argument of a name."""
    return name in inspect.getfullargspec(function).args


def is_multiple(state_size):
    """Whether the size of a cell's states is a list."""
    return hasattr(state_size, "__len__") and not isinstance(state_size, TensorShape)


def dims_of(size):
    """A size, a number or shape, as a list."""
    return TensorShape(size).as_list() if not isinstance(size, int | np.integer) else [int(size)]


def zero_states(batch_size, state_size, dtype):
    """States of zeros; raises ValueError if batch size or type are None."""
    if batch_size is None or dtype is None:
        raise ValueError(
            f"batch_size and dtype cannot be None while constructing initial state: batch_size={batch_size}, dtype={dtype}"
        )

    def make(size):
        return tf.zeros([batch_size, *dims_of(size)], dtype=dtype)

    if isinstance(state_size, TensorShape):
        return make(state_size)
    return nest.map_structure(make, state_size) if nest.is_sequence(state_size) else make(state_size)


def zero_states_for_cell(cell, inputs, batch_size, dtype):
    """States of zeros for a cell and its inputs."""
    if inputs is not None:
        batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
    return zero_states(batch_size, cell.state_size, dtype)


def _sizes(state_size):
    return nest.flatten(list(state_size)) if is_multiple(state_size) else [state_size]


def as_list(x):
    """Something as a list, unless it is None."""
    return x if x is None or isinstance(x, list) else list(x) if isinstance(x, tuple) else [x]


def standardize_args(inputs, initial_state, constants, constant_count):
    """Inputs, states and constants apart, where they come as one list."""
    if isinstance(inputs, list):
        assert initial_state is None and constants is None
        if constant_count:
            constants, inputs = inputs[-constant_count:], inputs[:-constant_count]
        if len(inputs) > 1:
            initial_state, inputs = inputs[1:], inputs[:1]
        inputs = tuple(inputs) if len(inputs) > 1 else inputs[0]
    return inputs, as_list(initial_state), as_list(constants)


@export("keras.layers.StackedRNNCells")
class StackedRNNCells(Layer):
    """Cells on top of each other as one cell.

    Args:
      cells: a list of cells.
      **kwargs: `reverse_state_order`, and as of `Layer`.

    Raises:
      ValueError: one is no cell.
    """

    def __init__(self, cells, **kwargs):
        for cell in cells:
            if not hasattr(cell, "call"):
                raise ValueError("All cells must have a `call` method. received cells:", cells)
            if not hasattr(cell, "state_size"):
                raise ValueError("All cells must have a `state_size` attribute. received cells:", cells)
        self.cells = cells
        self.reverse_state_order = kwargs.pop("reverse_state_order", False)
        super().__init__(**kwargs)

    def _ordered(self):
        return self.cells[::-1] if self.reverse_state_order else self.cells

    @property
    def state_size(self):
        """The sizes of the states of the cells."""
        return tuple(c.state_size for c in self._ordered())

    @property
    def output_size(self):
        """The size of the output."""
        return _output_size(self.cells[-1])

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """States to begin with."""
        found = []
        for cell in self._ordered():
            function = getattr(cell, "get_initial_state", None)
            if function:
                found.append(function(inputs=inputs, batch_size=batch_size, dtype=dtype))
            else:
                found.append(zero_states_for_cell(cell, inputs, batch_size, dtype))
        return tuple(found)

    def call(self, inputs, states, constants=None, **kwargs):
        """The output of the last cell, and new states."""
        size = self.state_size[::-1] if self.reverse_state_order else self.state_size
        found = []
        for cell, state in zip(self.cells, nest.pack_sequence_as(size, nest.flatten(states))):
            state = state if nest.is_sequence(state) else [state]
            if len(state) == 1 and getattr(cell, "_is_tf_rnn_cell", None) is not None:
                state = state[0]
            extra = {"constants": constants} if has_argument(cell.call, "constants") else {}
            inputs, state = cell.call(inputs, state, **extra, **kwargs)
            found.append(state)
        return inputs, nest.pack_sequence_as(size, nest.flatten(found))

    def build(self, input_shape):
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
            input_shape = (tuple(input_shape)[0], *dims_of(_output_size(cell)))
        self.built = True

    def get_config(self):
        cells = [{"class_name": type(cell).__name__, "config": cell.get_config()} for cell in self.cells]
        return {**super().get_config(), "cells": cells}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        cells = [tf.keras.layers.deserialize(c, custom_objects=custom_objects) for c in config.pop("cells")]
        return cls(cells, **config)


def _output_size(cell):
    if getattr(cell, "output_size", None) is not None:
        return cell.output_size
    return cell.state_size[0] if is_multiple(cell.state_size) else cell.state_size


@export("keras.layers.AbstractRNNCell")
class AbstractRNNCell(Layer):
    """The base of cells of programs."""

    def call(self, inputs, states):
        """The output and new states; subclasses have it."""
        raise NotImplementedError("Abstract method")

    @property
    def state_size(self):
        """The size of the states; subclasses have it."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self):
        """The size of the output; subclasses have it."""
        raise NotImplementedError("Abstract method")

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """States of zeros."""
        return zero_states_for_cell(self, inputs, batch_size, dtype)


@export("keras.layers.RNN")
class RNN(Layer):
    """Runs a cell along the time.

    Args:
      cell: a cell or a list of cells.
      return_sequences: whether the output is that of all steps.
      return_state: whether the last states are outputs too.
      go_backwards: whether it begins at the end.
      stateful: whether a batch begins with the last states of the one before.
      unroll: whether there is no loop.
      time_major: whether time is the first dimension.
      **kwargs: `input_dim`, `input_length`, `zero_output_for_mask`, and as of `Layer`.

    Raises:
      ValueError: `cell` is no cell.
    """

    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 time_major=False, **kwargs):  # fmt: skip
        if isinstance(cell, list | tuple):
            cell = StackedRNNCells(cell)
        if not hasattr(cell, "call"):
            raise ValueError("`cell` should have a `call` method. The RNN was passed:", cell)
        if not hasattr(cell, "state_size"):
            raise ValueError("The RNN cell should have an attribute `state_size` (tuple of integers, one integer per RNN state).")
        self.zero_output_for_mask = kwargs.pop("zero_output_for_mask", False)
        if "input_shape" not in kwargs and ("input_dim" in kwargs or "input_length" in kwargs):
            kwargs["input_shape"] = (kwargs.pop("input_length", None), kwargs.pop("input_dim", None))
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences, self.return_state, self.go_backwards = return_sequences, return_state, go_backwards
        self.stateful, self.unroll, self.time_major = stateful, unroll, time_major
        self.supports_masking = True
        self.input_spec = self.state_spec = self._states = self.constants_spec = None
        self._num_constants = 0

    @property
    def states(self):
        """The variables of the states, None before they are made."""
        if self._states is None:
            return [None] * (len(self.cell.state_size) if is_multiple(self.cell.state_size) else 1)
        return self._states

    @states.setter
    @no_automatic_dependency_tracking
    def states(self, states):
        self._states = states

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        try:
            input_shape = TensorShape(input_shape)
        except (ValueError, TypeError):
            input_shape = TensorShape(nest.flatten(input_shape)[0])
        batch, steps = input_shape.as_list()[:2]
        if self.time_major:
            batch, steps = steps, batch
        size = _output_size(self.cell)

        def shape_of(size):
            front = ([steps, batch] if self.time_major else [batch, steps]) if self.return_sequences else [batch]
            return TensorShape(front + dims_of(size))

        if is_multiple(size):
            shapes = [shape_of(s) for s in nest.flatten(size)]
            shape = shapes[0] if len(shapes) == 1 else shapes
        else:
            shape = shape_of(size)
        if not self.return_state:
            return shape
        states = [TensorShape([batch, *dims_of(s)]) for s in _sizes(self.cell.state_size)]
        return as_list(shape if not isinstance(shape, TensorShape) else [shape]) + states

    def compute_mask(self, inputs, mask):
        mask = nest.flatten(mask)[0]
        found = mask if self.return_sequences else None
        return [found] + [None] * len(self.states) if self.return_state else found

    def build(self, input_shape):
        if isinstance(input_shape, list):
            input_shape = input_shape[0]

        def spec_of(shape):
            dims = shape.as_list() if isinstance(shape, TensorShape) else list(shape)
            batch, time = (1, 0) if self.time_major else (0, 1)
            if not self.stateful:
                dims[batch] = None
            dims[time] = None
            return InputSpec(shape=tuple(dims))

        def step_shape(shape):
            dims = tuple(shape.as_list()) if isinstance(shape, TensorShape) else tuple(shape)
            return dims[1:] if self.time_major else (dims[0], *dims[2:])

        try:
            shapes = TensorShape(input_shape)
        except (ValueError, TypeError):  # a structure of shapes
            shapes = nest.map_structure(TensorShape, input_shape)
        specs = [spec_of(s) for s in nest.flatten(shapes)]
        if self.input_spec is not None and isinstance(shapes, TensorShape):
            self.input_spec[0] = specs[0]
        else:
            self.input_spec = specs
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build(nest.map_structure(step_shape, shapes))
        sizes = list(self.cell.state_size) if is_multiple(self.cell.state_size) else [self.cell.state_size]
        if self.state_spec is not None:
            self._validate_state_spec(sizes, self.state_spec)
        else:
            self.state_spec = [
                InputSpec(shape=[None, *dims_of(s)]) if not is_multiple(s) else [InputSpec(shape=[None, *dims_of(t)]) for t in s]
                for s in sizes
            ]
        if self.stateful:
            self.reset_states()
        self.built = True

    @staticmethod
    def _validate_state_spec(sizes, specs):
        flat_sizes, flat_specs = nest.flatten(sizes), nest.flatten(specs)
        fit = len(flat_sizes) == len(flat_specs) and all(
            TensorShape(spec.shape[1:]).is_compatible_with(TensorShape(dims_of(size))) for size, spec in zip(flat_sizes, flat_specs)
        )
        if not fit:
            raise ValueError(
                f"An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`={specs}; "
                f"however `cell.state_size` is {sizes}"
            )

    def get_initial_state(self, inputs):
        """States to begin with, a list."""
        inputs = nest.flatten(inputs)[0]
        batch = tf.shape(inputs)[1 if self.time_major else 0]
        function = getattr(self.cell, "get_initial_state", None)
        if function:
            states = function(inputs=None, batch_size=batch, dtype=inputs.dtype)
        else:
            states = zero_states(batch, self.cell.state_size, inputs.dtype)
        return list(states) if nest.is_sequence(states) else [states]

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        inputs, initial_state, constants = standardize_args(inputs, initial_state, constants, self._num_constants)
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        more, specs = [], []
        if initial_state is not None:
            more += initial_state
            self.state_spec = nest.map_structure(lambda s: InputSpec(shape=int_shape(s)), initial_state)
            specs += self.state_spec
        if constants is not None:
            more += constants
            self.constants_spec = [InputSpec(shape=int_shape(c)) for c in constants]
            self._num_constants = len(constants)
            specs += self.constants_spec
        if _are_keras_tensors(more, "initial state or constants of an RNN layer"):
            self.input_spec = [None] * len(nest.flatten(inputs)) + specs
            output = super().__call__([inputs, *more], **kwargs)
            self.input_spec = self.input_spec[: -len(specs)]
            return output
        if initial_state is not None:
            kwargs["initial_state"] = initial_state
        if constants is not None:
            kwargs["constants"] = constants
        return super().__call__(inputs, **kwargs)

    def call(self, inputs, mask=None, training=None, initial_state=None, constants=None):
        """The output, and with `return_state` the last states."""
        inputs, initial_state, constants = self._process_inputs(inputs, initial_state, constants)
        if mask is not None:
            mask = nest.flatten(mask)[0]
        shape = int_shape(nest.flatten(inputs)[0])
        if self.unroll and shape[0 if self.time_major else 1] is None:
            raise ValueError(
                "Cannot unroll a RNN if the time dimension is undefined. \n- If using a Sequential model, specify the "
                "time dimension by "
                "passing an `input_shape` or `batch_input_shape` argument to your first layer. If your first layer is "
                "an Embedding, you "
                "can also use the `input_length` argument.\n- If using the functional API, specify the time dimension by passing a "
                "`shape` or `batch_shape` argument to your Input layer."
            )
        kwargs = {"training": training} if has_argument(self.cell.call, "training") else {}
        if constants and not has_argument(self.cell.call, "constants"):
            raise ValueError("RNN cell does not support constants")
        is_tf_cell = getattr(self.cell, "_is_tf_rnn_cell", None) is not None

        def step(inputs, states):
            extra = {}
            if constants:
                extra["constants"] = states[-self._num_constants :]
                states = states[: -self._num_constants]
            states = states[0] if len(states) == 1 and is_tf_cell else states
            output, new_states = self.cell.call(inputs, states, **extra, **kwargs)
            return output, new_states if nest.is_sequence(new_states) else [new_states]

        last, outputs, states = rnn(
            step, inputs, initial_state, constants=constants, go_backwards=self.go_backwards, mask=mask, unroll=self.unroll,
            time_major=self.time_major, zero_output_for_mask=self.zero_output_for_mask,
        )  # fmt: skip
        if self.stateful:
            self.add_update([tf.assign(old, new) for old, new in zip(nest.flatten(self.states), nest.flatten(states))])
        output = outputs if self.return_sequences else last
        if self.return_state:
            return as_list(output) + list(states)
        return output

    def _process_inputs(self, inputs, initial_state, constants):
        if isinstance(inputs, list):
            if not self._num_constants:
                initial_state = inputs[1:]
            else:
                initial_state, constants = inputs[1 : -self._num_constants], inputs[-self._num_constants :]
            if len(initial_state) == 0:
                initial_state = None
            inputs = inputs[0]
        if initial_state is None:
            initial_state = self.states if self.stateful else self.get_initial_state(inputs)
        if len(initial_state) != len(self.states):
            raise ValueError("Layer has " + str(len(self.states)) + " states but was passed " + str(len(initial_state))
                             + " initial states.")  # fmt: skip
        return inputs, initial_state, constants

    def reset_states(self, states=None):
        """Gives the states of a layer that keeps them values.

        Args:
          states: arrays, or None for zeros.

        Raises:
          AttributeError: the layer keeps no states.
          ValueError: the batch size is not known, or the arrays don't fit.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        shape = None if self.input_spec is None else self.input_spec[0].shape
        batch = None if shape is None else shape[1 if self.time_major else 0]
        if not batch:
            raise ValueError(
                "If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input tensors: "
                "\n- If using a "
                "Sequential model, specify the batch size by passing a `batch_input_shape` argument to your first "
                "layer.\n- If using "
                "the functional API, specify the batch size by passing a `batch_shape` argument to your Input layer."
            )
        sizes = _sizes(self.cell.state_size)
        if nest.flatten(self.states)[0] is None:
            self.states = nest.map_structure(
                lambda size: zeros([batch, *dims_of(size)]),
                list(self.cell.state_size) if is_multiple(self.cell.state_size) else [self.cell.state_size],
            )
            return
        flat = nest.flatten(self.states)
        if states is None:
            batch_set_value([(state, np.zeros([batch, *dims_of(size)])) for state, size in zip(flat, sizes)])
            return
        values = nest.flatten(states)
        if len(values) != len(flat):
            raise ValueError("Layer " + self.name + " expects " + str(len(flat)) + " states, but it received " + str(len(values))
                             + " state values. Input received: " + str(states))  # fmt: skip
        for i, (value, state) in enumerate(zip(values, flat)):
            if tuple(value.shape) != tuple(state.shape.as_list()):
                raise ValueError("State " + str(i) + " is incompatible with layer " + self.name + ": expected shape="
                                 + str((batch, state)) + ", found shape=" + str(value.shape))  # fmt: skip
        batch_set_value(list(zip(flat, values)))

    def get_config(self):
        config = {
            "return_sequences": self.return_sequences, "return_state": self.return_state, "go_backwards": self.go_backwards,
            "stateful": self.stateful, "unroll": self.unroll, "time_major": self.time_major,
        }  # fmt: skip
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if self.zero_output_for_mask:
            config["zero_output_for_mask"] = self.zero_output_for_mask
        config["cell"] = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        cell = tf.keras.layers.deserialize(config.pop("cell"), custom_objects=custom_objects)
        count = config.pop("num_constants", 0)
        layer = cls(cell, **config)
        layer._num_constants = count
        return layer


def _are_keras_tensors(tensors, what):
    """Whether tensors come from layers; raises ValueError if some do and some don't."""
    tensors = nest.flatten(tensors)
    found = is_keras_tensor(tensors[0])
    if any(is_keras_tensor(t) != found for t in tensors):
        raise ValueError(
            "The " + what + ' cannot be specified with a mix of Keras tensors and non-Keras tensors (a "Keras tensor" is a tensor '
            "that was returned by a Keras layer, or by `Input`)"
        )
    return found
