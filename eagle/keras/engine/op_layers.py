"""Layers for what happens to tensors of models outside of layers: operations, losses, metrics."""

import numpy as np
from google.protobuf import json_format

from ...core import nest
from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.static_values import constant_value
from ...core.tensor import EagerTensor, Tensor
from ...saved.node_defs import attr_values, input_types
from .base_layer import Layer
from .calling import uses_history

_PREFIX = "tf_op_layer_"


@export("python.keras.engine.base_layer.TensorFlowOpLayer")
class TensorFlowOpLayer(Layer):
    """An operation as a layer.

    Args:
      node_def: the operation's node, a `NodeDef`, its bytes, or a dictionary.
      name: the operation's name; the layer's begins with "tf_op_layer_".
      constants: a dictionary from numbers of inputs to their values, where they don't come from layers.
      trainable, dtype: as of `Layer`.
      operation: the operation itself, if it is there.
    """

    def __init__(self, node_def, name, constants=None, trainable=True, dtype=None, operation=None):
        super().__init__(name=_PREFIX + name, trainable=trainable, dtype=dtype, autocast=False)
        self.node_def = _as_node_def(node_def)
        self.constants = {int(i): c for i, c in (constants or {}).items()}
        if operation is None:
            self._spec = registry[self.node_def.op]
            self._attrs = attr_values(self.node_def, self._spec.definition)
        else:
            self._spec, self._attrs = operation.spec, dict(operation.attrs)
        self.built = True

    def call(self, inputs):
        inputs = list(nest.flatten(inputs))
        for index in sorted(self.constants):
            constant = self.constants[index]
            if not isinstance(constant, Tensor):
                constant = convert(np.asarray(constant), dtype=self._input_types()[index])
            inputs.insert(index, constant)
        return call_again(self._spec, self._attrs, inputs)

    def _input_types(self):
        """The types of the flat inputs."""
        return input_types(self._spec.definition, self._attrs)

    def get_config(self):
        config = super().get_config()
        config.update(name=config["name"][len(_PREFIX) :])
        config.update(node_def=json_format.MessageToDict(self.node_def), constants=self.constants)
        return config


def _as_node_def(node_def):
    """A `NodeDef` of itself, its bytes, or a dictionary."""
    if isinstance(node_def, dict):
        return json_format.ParseDict(node_def, tf.NodeDef())
    if isinstance(node_def, bytes | str):
        return tf.NodeDef.FromString(node_def.encode("utf-8") if isinstance(node_def, str) else node_def)
    return node_def


def call_again(spec, attrs, inputs):
    """Calls an op with flat inputs and the attributes of another call."""
    args, position = [], 0
    node = _Counted(attrs)
    for argument, count in zip(spec.definition.inputs, spec.counts(node)):
        group = inputs[position : position + count]
        args.append(group if argument.is_list else group[0])
        position += count
    taken = {n: v for n, v in attrs.items() if n in spec.definition.attrs and n not in spec.definition.inferred}
    return spec(*args, **taken)


class _Counted:
    """What `Op.counts` asks of a node."""

    def __init__(self, attrs):
        self.attrs = attrs


@export("python.keras.engine.base_layer_utils.create_keras_history")
def create_keras_history(tensors):
    """Makes layers of the operations between tensors and the layers that they come from.

    Args:
      tensors: a structure of tensors.

    Returns:
      The list of the layers.
    """
    created, done = [], set()
    for tensor in nest.flatten(tensors):
        _create(tensor, done, created)
    return created


def _create(tensor, done, created):
    if getattr(tensor, "_keras_history", None) is not None or tensor.op in done:
        return
    op = tensor.op
    inputs, constants = [], {}
    for i, x in enumerate(op._inputs):
        if uses_history(x):
            inputs.append(x)
        else:
            constants[i] = _value_of(x)
    for x in inputs:
        _create(x, done, created)
    layer = TensorFlowOpLayer(op.node_def.SerializeToString(), op.name, constants, operation=op)
    created.append(layer)
    layer._add_inbound_node(inputs[0] if len(inputs) == 1 else inputs, op.outputs[0] if len(op.outputs) == 1 else op.outputs)
    done.add(op)


def _value_of(tensor):
    """The value of a tensor that comes from no layer; in a graph that runs the tensor itself if its value is not known."""
    value = constant_value(tensor)
    if value is not None:
        return np.asarray(value)
    outer = {inner: outer for outer, inner in getattr(tensor.graph, "captures", {}).items()}
    found = outer.get(tensor, tensor)
    return found.numpy() if isinstance(found, EagerTensor) else found


@export("python.keras.engine.base_layer.AddLoss")
class AddLoss(Layer):
    """Adds its input to the losses.

    Args:
      unconditional: whether it depends on no input of the model.
    """

    def __init__(self, unconditional, **kwargs):
        kwargs["autocast"] = False
        super().__init__(**kwargs)
        self.unconditional = unconditional

    def call(self, inputs):
        self.add_loss(inputs, inputs=(not self.unconditional))
        return inputs

    def get_config(self):
        return {**super().get_config(), "unconditional": self.unconditional}


@export("python.keras.engine.base_layer.AddMetric")
class AddMetric(Layer):
    """Adds its input to the metrics.

    Args:
      aggregation, metric_name: as of `Layer.add_metric`.
    """

    def __init__(self, aggregation=None, metric_name=None, **kwargs):
        super().__init__(**kwargs)
        self.aggregation = aggregation
        self.metric_name = metric_name

    def call(self, inputs):
        self.add_metric(inputs, self.aggregation, self.metric_name)
        return inputs

    def get_config(self):
        return {**super().get_config(), "aggregation": self.aggregation, "metric_name": self.metric_name}
