"""Layers around layers: `TimeDistributed`, `Bidirectional`."""

import inspect

from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ..backend.recurrence import rnn
from ..backend.tensors import concatenate, int_shape
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from .recurrent import _are_keras_tensors, has_argument, standardize_args


@export("keras.layers.Wrapper")
class Wrapper(Layer):
    """The base of layers around a layer.

    Args:
      layer: the inner layer.
      **kwargs: as of `Layer`.
    """

    def __init__(self, layer, **kwargs):
        assert isinstance(layer, Layer)
        self.layer = layer
        self._input_map = {}
        super().__init__(**kwargs)

    def build(self, input_shape=None):
        if not self.layer.built:
            self.layer.build(input_shape)
        self.built = True

    @property
    def activity_regularizer(self):
        return getattr(self.layer, "activity_regularizer", None)

    def get_config(self):
        config = {"layer": {"class_name": type(self.layer).__name__, "config": self.layer.get_config()}}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        layer = tf.keras.layers.deserialize(config.pop("layer"), custom_objects=custom_objects)
        return cls(layer, **config)


@export("keras.layers.TimeDistributed")
class TimeDistributed(Wrapper):
    """Calls a layer with each step of the time.

    Args:
      layer: the layer.
      **kwargs: as of `Layer`.

    Raises:
      ValueError: `layer` is no layer.
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(f"Please initialize `TimeDistributed` layer with a `Layer` instance. You passed: {layer}")
        super().__init__(layer, **kwargs)
        self.supports_masking = True
        is_own = type(layer).__module__.startswith(__name__.partition(".")[0] + ".")
        self._always_use_reshape = is_own and not getattr(layer, "stateful", False)

    @staticmethod
    def _shape(front, x, start, known=None):
        known = int_shape(x)[start:] if known is None else known
        if all(known):
            return (*front, *known)
        shape = tf.shape(x)
        return (*front, *(s or shape[start + i] for i, s in enumerate(known)))

    def build(self, input_shape):
        dims = TensorShape(input_shape).as_list()
        if len(dims) < 3:
            raise ValueError(
                "`TimeDistributed` Layer should be passed an `input_shape ` with at least 3 dimensions, received: " + str(dims)
            )
        self.input_spec = InputSpec(shape=[None, None, *dims[2:]])
        super().build((dims[0], *dims[2:]))
        self.built = True

    def compute_output_shape(self, input_shape):
        dims = TensorShape(input_shape).as_list()
        found = TensorShape(self.layer.compute_output_shape(TensorShape([dims[0], *dims[2:]]))).as_list()
        return TensorShape([found[0], dims[1], *found[1:]])

    def call(self, inputs, training=None, mask=None):
        """The outputs of all steps."""
        kwargs = {"training": training} if has_argument(self.layer.call, "training") else {}
        shape = int_shape(inputs)
        if shape[0] and not self._always_use_reshape:
            _, outputs, _ = rnn(
                lambda x, _: (self.layer(x, **kwargs), []), inputs, initial_states=[], input_length=shape[1], unroll=False
            )
            return outputs
        steps = shape[1] or tf.shape(inputs)[1]
        key = id(inputs)
        inputs = tf.reshape(inputs, self._shape((-1,), inputs, 2))
        self._input_map[key] = inputs
        if has_argument(self.layer.call, "mask") and mask is not None:
            kwargs["mask"] = tf.reshape(mask, self._shape((-1,), mask, 2))
        y = self.layer(inputs, **kwargs)
        known = self.compute_output_shape(shape).as_list()
        return tf.reshape(y, self._shape((-1, steps), y, 1, known[2:]))

    def compute_mask(self, inputs, mask=None):
        shape = int_shape(inputs)
        if shape[0]:
            return mask
        inner = tf.reshape(mask, self._shape((-1,), mask, 2)) if mask is not None else None
        found = self.layer.compute_mask(self._input_map.get(id(inputs), inputs), inner)
        if found is None:
            if mask is None:
                return None
            found = mask
            for _ in range(2, len(int_shape(mask))):
                found = tf.reduce_any(found, axis=-1)
            return found
        steps = shape[1] or tf.shape(inputs)[1]
        return tf.reshape(found, self._shape((-1, steps), found, 1, int_shape(found)[1:]))


@export("keras.layers.Bidirectional")
class Bidirectional(Wrapper):
    """Runs a recurrent layer forwards and backwards.

    Args:
      layer: the recurrent layer.
      merge_mode: how outputs are put together: "sum", "mul", "ave", "concat", or None for a list.
      weights: the first values of the variables.
      backward_layer: the layer that runs backwards, by default one like `layer`.
      **kwargs: as of `Layer`.

    Raises:
      ValueError: an argument is not as it must be.
    """

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(f"Please initialize `Bidirectional` layer with a `Layer` instance. You passed: {layer}")
        if backward_layer is not None and not isinstance(backward_layer, Layer):
            raise ValueError(f"`backward_layer` need to be a `Layer` instance. You passed: {backward_layer}")
        if merge_mode not in ["sum", "mul", "ave", "concat", None]:
            raise ValueError('Invalid merge mode. Merge mode should be one of {"sum", "mul", "ave", "concat", None}')
        self.forward_layer = _made_again(layer)
        if backward_layer is None:
            self.backward_layer = _made_again(layer, go_backwards=True)
        else:
            self.backward_layer = backward_layer
            self._backward_layer_config = backward_layer.get_config()
        self.forward_layer._name = "forward_" + self.forward_layer.name
        self.backward_layer._name = "backward_" + self.backward_layer.name
        self._verify_layer_config()
        for inner in (self.forward_layer, self.backward_layer):
            if getattr(inner, "zero_output_for_mask", None) is not None:
                inner.zero_output_for_mask = inner.return_sequences
        self.merge_mode = merge_mode
        if weights:
            half = len(weights) // 2
            self.forward_layer.initial_weights, self.backward_layer.initial_weights = weights[:half], weights[half:]
        self.stateful, self.return_sequences, self.return_state = layer.stateful, layer.return_sequences, layer.return_state
        self.supports_masking = True
        self._trainable = True
        self._num_constants = 0
        self._setattr_tracking = False
        super().__init__(layer, **kwargs)
        self._setattr_tracking = True
        self.input_spec = layer.input_spec

    def _verify_layer_config(self):
        if self.forward_layer.go_backwards == self.backward_layer.go_backwards:
            raise ValueError("Forward layer and backward layer should have different `go_backwards` value.")
        for name in ("stateful", "return_sequences", "return_state"):
            forward, backward = getattr(self.forward_layer, name), getattr(self.backward_layer, name)
            if forward != backward:
                raise ValueError(
                    f"Forward layer and backward layer are expected to have the same value for attribute {name}, got {forward} and "
                    f"{backward}"
                )

    def compute_output_shape(self, input_shape):
        shape = self.forward_layer.compute_output_shape(input_shape)
        states = []
        if self.return_state:
            shape, states = shape[0], list(shape[1:])
        shape = TensorShape(shape)
        if self.merge_mode == "concat":
            dims = shape.as_list()
            dims[-1] *= 2
            shape = TensorShape(dims)
        found = [shape, shape] if self.merge_mode is None else [shape]
        if self.return_state:
            return found + states + states
        return found if self.merge_mode is None else shape

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        inputs, initial_state, constants = standardize_args(inputs, initial_state, constants, self._num_constants)
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        more, specs = [], []
        if initial_state is not None:
            count = len(initial_state)
            if count % 2 > 0:
                raise ValueError(
                    "When passing `initial_state` to a Bidirectional RNN, the state should be a list containing the states "
                    "of the underlying RNNs. Found: " + str(initial_state)
                )
            kwargs["initial_state"] = initial_state
            more += initial_state
            found = [InputSpec(shape=int_shape(s)) for s in initial_state]
            self.forward_layer.state_spec, self.backward_layer.state_spec = found[: count // 2], found[count // 2 :]
            specs += found
        if constants is not None:
            kwargs["constants"] = constants
            more += constants
            found = [InputSpec(shape=int_shape(c)) for c in constants]
            self.forward_layer.constants_spec = self.backward_layer.constants_spec = found
            specs += found
            self._num_constants = self.forward_layer._num_constants = self.backward_layer._num_constants = len(constants)
        if _are_keras_tensors(more, "initial state of a Bidirectional layer"):
            kwargs["initial_state"] = kwargs["constants"] = None
            before = self.input_spec
            self.input_spec = [None, *specs]
            output = super().__call__([inputs, *more], **kwargs)
            self.input_spec = before
            return output
        return super().__call__(inputs, **kwargs)

    def call(self, inputs, training=None, mask=None, initial_state=None, constants=None):
        """The outputs put together, and with `return_state` the last states."""
        given = {"training": training, "mask": mask, "constants": constants}
        kwargs = {name: value for name, value in given.items() if has_argument(self.layer.call, name)}
        forward, backward = inputs, inputs
        states = [{}, {}]
        if has_argument(self.layer.call, "initial_state"):
            forward_state = backward_state = None
            if isinstance(inputs, list) and len(inputs) > 1:
                pivot = (len(inputs) - self._num_constants) // 2 + 1
                last = len(inputs) - self._num_constants
                constants_ = inputs[last:]
                forward = [inputs[0], *inputs[1:pivot], *constants_]
                backward = [inputs[0], *inputs[pivot:last], *constants_]
                if "constants" in kwargs:
                    kwargs["constants"] = None
            elif initial_state is not None:
                half = len(initial_state) // 2
                forward_state, backward_state = initial_state[:half], initial_state[half:]
            states = [{"initial_state": forward_state}, {"initial_state": backward_state}]
        y = self.forward_layer(forward, **states[0], **kwargs)
        y_back = self.backward_layer(backward, **states[1], **kwargs)
        last_states = []
        if self.return_state:
            last_states = list(y[1:]) + list(y_back[1:])
            y, y_back = y[0], y_back[0]
        if self.return_sequences:
            y_back = tf.reverse(y_back, [1])
        if self.merge_mode == "concat":
            output = concatenate([y, y_back])
        elif self.merge_mode in ("sum", "ave"):
            output = y + y_back
            output = output / 2 if self.merge_mode == "ave" else output
        else:
            output = y * y_back if self.merge_mode == "mul" else [y, y_back]
        if self.return_state:
            return (output if self.merge_mode is None else [output]) + last_states
        return output

    def reset_states(self):
        """Forgets the states of both layers."""
        self.forward_layer.reset_states()
        self.backward_layer.reset_states()

    def build(self, input_shape):
        for inner in (self.forward_layer, self.backward_layer):
            with name_scope(inner.name):
                inner.build(input_shape)
        self.built = True

    def compute_mask(self, inputs, mask):
        mask = mask[0] if isinstance(mask, list) else mask
        found = mask if self.return_sequences else None
        found = found if self.merge_mode else [found, found]
        if self.return_state:
            states = [None] * len(self.forward_layer.states)
            return (found if isinstance(found, list) else [found]) + states * 2
        return found

    def get_config(self):
        config = {"merge_mode": self.merge_mode}
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if hasattr(self, "_backward_layer_config"):
            config["backward_layer"] = {"class_name": type(self.backward_layer).__name__, "config": self._backward_layer_config}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        count = config.pop("num_constants", 0)
        backward = config.pop("backward_layer", None)
        if backward is not None:
            config["backward_layer"] = tf.keras.layers.deserialize(backward, custom_objects=custom_objects)
        layer = super().from_config(config, custom_objects=custom_objects)
        layer._num_constants = count
        return layer


def _made_again(layer, go_backwards=False):
    """A layer like another one."""
    config = layer.get_config()
    if go_backwards:
        config["go_backwards"] = not config["go_backwards"]
    if "custom_objects" not in inspect.getfullargspec(type(layer).from_config).args:
        return type(layer).from_config(config)
    cell = getattr(layer, "cell", None)
    cells = [cell, *getattr(cell, "cells", [])] if cell is not None else []
    return type(layer).from_config(config, custom_objects={type(c).__name__: type(c) for c in cells})
