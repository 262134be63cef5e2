"""`Sequential`: layers one after the other."""

import copy
import inspect

from ...core import nest
from ...core.export import export, public as tf
from ...core.trackable import no_automatic_dependency_tracking
from ...platform import tf_logging
from .base_layer import Layer, default
from .input_layer import Input, InputLayer
from .network import assert_no_legacy_layers
from .training import Model


@export("keras.models.Sequential", "keras.Sequential", "python.keras.engine.sequential.Sequential")
class Sequential(Model):
    """A model of layers one after the other.

    Args:
      layers: a list of layers.
      name: its name.
    """

    @no_automatic_dependency_tracking
    def __init__(self, layers=None, name=None):
        super().__init__(name=name)
        self.supports_masking = True
        self._build_input_shape = None
        self._compute_output_and_mask_jointly = True
        self._layer_call_argspecs = {}
        if layers:
            layers = layers if isinstance(layers, list | tuple) else [layers]
            assert_no_legacy_layers(layers)
            for layer in layers:
                self.add(layer)

    @property
    def layers(self):
        """The list of its layers, without the one for the input."""
        layers = super().layers
        return layers[1:] if layers and isinstance(layers[0], InputLayer) else layers

    @property
    def dynamic(self):
        return any(layer.dynamic for layer in self.layers)

    @no_automatic_dependency_tracking
    def add(self, layer):
        """Adds a layer at the end.

        Args:
          layer: the layer; the first one may be an `Input`.

        Raises:
          TypeError: it is no layer, or has several outputs.
          ValueError: the first one has several outputs.
        """
        if hasattr(layer, "_keras_history") and isinstance(layer._keras_history[0], InputLayer):
            layer = layer._keras_history[0]
        if not isinstance(layer, Layer):
            raise TypeError("The added layer must be an instance of class Layer. Found: " + str(layer))
        assert_no_legacy_layers([layer])
        self.built = False
        is_start = False
        message = (
            "All layers in a Sequential model should have a single output tensor. For multi-output layers, use the functional API."
        )
        if not self._layers:
            is_start = self._start_with(layer)
            if is_start:
                outputs = nest.flatten(layer._inbound_nodes[-1].output_tensors)
                if len(outputs) != 1:
                    raise ValueError(message)
                self.outputs = [outputs[0]]
                self.inputs = source_inputs(outputs[0])
        elif self.outputs:
            output = layer(self.outputs[0])
            if len(nest.flatten(output)) != 1:
                raise TypeError(message)
            self.outputs = [output]
        if self.outputs:
            self.built = True
        if is_start or self._is_graph_network:
            self._init_graph_network(self.inputs, self.outputs, name=self.name)
        else:
            self._layers.append(layer)
        if self._layers:
            self._track_layers(self._layers)
        self._layer_call_argspecs[layer] = inspect.getfullargspec(layer.call)

    def _start_with(self, layer):
        """Gives the first layer an input, if its shape is known; says whether it is."""
        if isinstance(layer, InputLayer):
            assert len(nest.flatten(layer._inbound_nodes[-1].output_tensors)) == 1
            return True
        shape, dtype = shape_and_type(layer)
        if not shape:
            return False
        layer(Input(batch_shape=shape, dtype=dtype, name=layer.name + "_input"))
        return True

    @no_automatic_dependency_tracking
    def pop(self):
        """Takes the last layer away; raises TypeError if there is none."""
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        layer = self._layers.pop()
        self._layer_call_argspecs.pop(layer)
        if not self.layers:
            self.inputs = self.outputs = None
            self.built = False
        elif self._is_graph_network:
            self.layers[-1]._outbound_nodes = []
            self.outputs = [self.layers[-1].output]
            self._init_graph_network(self.inputs, self.outputs, name=self.name)
            self.built = True

    @default
    def build(self, input_shape=None):
        """Makes the variables; `input_shape` is needed unless the first layer knows it."""
        if self._is_graph_network:
            self._init_graph_network(self.inputs, self.outputs, name=self.name)
        else:
            if input_shape is None:
                raise ValueError("You must provide an `input_shape` argument.")
            self._build_input_shape = input_shape = tuple(input_shape)
            super().build(input_shape)
        self.built = True

    def call(self, inputs, training=None, mask=None):
        """Computes the output."""
        if self._is_graph_network:
            if not self.built:
                self._init_graph_network(self.inputs, self.outputs, name=self.name)
            return super().call(inputs, training=training, mask=mask)
        outputs = inputs
        for layer in self.layers:
            arguments = self._layer_call_argspecs[layer].args
            kwargs = {n: v for n, v in (("mask", mask), ("training", training)) if n in arguments}
            inputs = outputs = layer(inputs, **kwargs)
            mask = getattr(outputs, "_keras_mask", None)
        return outputs

    def compute_output_shape(self, input_shape):
        shape = input_shape
        for layer in self.layers:
            shape = layer.compute_output_shape(shape)
        return shape

    def compute_mask(self, inputs, mask):
        return getattr(self.call(inputs, mask=mask), "_keras_mask", None)

    def predict_proba(self, x, batch_size=32, verbose=0):
        """The outputs, taken as probabilities."""
        found = self.predict(x, batch_size, verbose)
        if found.min() < 0.0 or found.max() > 1.0:
            tf_logging.warning("Network returning invalid probability values. The last layer might not normalize predictions into "
                               "probabilities (like softmax or sigmoid would).")  # fmt: skip
        return found

    def predict_classes(self, x, batch_size=32, verbose=0):
        """The most probable classes."""
        found = self.predict(x, batch_size=batch_size, verbose=verbose)
        return found.argmax(axis=-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")

    def get_config(self):
        """The configuration: the name and those of the layers."""
        layers = [{"class_name": type(layer).__name__, "config": layer.get_config()} for layer in self.layers]
        if self._is_graph_network and layers and "batch_input_shape" not in layers[0]["config"]:
            if isinstance(self._layers[0], InputLayer):
                layers[0]["config"]["batch_input_shape"] = self._layers[0]._batch_input_shape
        config = {"name": self.name, "layers": copy.deepcopy(layers)}
        if self._build_input_shape:
            config["build_input_shape"] = self._build_input_shape
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A model with a configuration."""
        is_new = "name" in config
        model = cls(name=config["name"] if is_new else None)
        for layer in config["layers"] if is_new else config:
            model.add(tf.keras.layers.deserialize(layer, custom_objects=custom_objects))
        if not model.inputs and is_new and config.get("build_input_shape"):
            model.build(config["build_input_shape"])
        return model

    @property
    def input_spec(self):
        return getattr(self.layers[0], "input_spec", None) if self.layers else None

    @property
    def _object_identifier(self):
        return "_tf_keras_sequential"


def shape_and_type(layer):
    """The shape with the batch and the type of the input that the first layer of a model knows, or None."""
    while hasattr(layer, "layers") and not layer._is_graph_network and layer.layers:
        layer = layer.layers[0]
    if getattr(layer, "_is_graph_network", False) and layer.inputs:
        return tuple(layer.inputs[0].shape.as_list()), layer.inputs[0].dtype.base_dtype.name
    return getattr(layer, "_batch_input_shape", None), layer.dtype


def source_inputs(tensor, layer=None, node_index=None):
    """The inputs that a tensor is computed from, a list."""
    layer, index, _ = tensor._keras_history if layer is None else (layer, node_index, 0)
    node = layer._inbound_nodes[index]
    if not node.inbound_layers:
        return nest.flatten(node.input_tensors)
    found = []
    for inner, inner_index, _, x in node.iterate_inbound():
        for source in source_inputs(x, inner, inner_index):
            if not any(source is s for s in found):
                found.append(source)
    return found


export("keras.utils.get_source_inputs")(source_inputs)
