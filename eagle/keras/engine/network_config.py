"""The configurations of models of connected layers, and models from configurations."""

import json

import numpy as np

from ...core import nest
from ...core.dtypes import DType
from ...core.export import public as tf
from ...core.shape import Dimension, TensorShape
from ...core.tensor import Tensor
from ...platform import tf_logging
from ..backend.values import get_value
from .network_map import node_key

KERAS_VERSION = "2.2.4-tf"


class _Leaf:
    """A list that counts as one element of a structure."""

    def __init__(self, values):
        self.values = values


def skips_first_node(layer):
    """Whether a layer is a model, whose first call is the one that it was made of."""
    return getattr(layer, "_is_graph_network", False)


def config_of(model):
    """The configuration of a model of connected layers."""
    renumbered = {}
    for layer in model.layers:
        kept = 1 if skips_first_node(layer) else 0
        for i in range(len(layer._inbound_nodes)):
            if node_key(layer.name, i) in model._network_nodes:
                renumbered[node_key(layer.name, i)] = kept
                kept += 1
    layers = []
    for layer in model.layers:
        calls = [
            _config_of_call(layer, node, renumbered) for i, node in enumerate(layer._inbound_nodes)
            if node_key(layer.name, i) in model._network_nodes and node.inbound_layers
        ]  # fmt: skip
        layers.append(
            {"name": layer.name, "class_name": type(layer).__name__, "config": layer.get_config(), "inbound_nodes": calls}
        )

    def ends(coordinates, structure):
        found = [_Leaf([c[0].name, renumbered[node_key(c[0].name, c[1])], c[2]]) for c in coordinates]
        return _unpacked(nest.pack_sequence_as(structure, found))

    return {
        "name": model.name, "layers": layers, "input_layers": ends(model._input_coordinates, model._nested_inputs),
        "output_layers": ends(model._output_coordinates, model._nested_outputs),
    }  # fmt: skip


def _config_of_call(layer, node, renumbered):
    kwargs = {}
    if node.arguments:
        kwargs = nest.map_structure(_plain, node.arguments)
        try:
            json.dumps(kwargs)
        except TypeError:
            tf_logging.warning(
                "Layer %s was passed non-serializable keyword arguments: %s. They will not be included in the "
                "serialized model (and "
                "thus will be missing at deserialization time).",
                layer.name,
                node.arguments,
            )
            kwargs = {}
    found = [
        _Leaf([inner.name, renumbered.get(node_key(inner.name, index), 0), tensor_index, kwargs])
        for inner, index, tensor_index, _ in node.iterate_inbound()
    ]
    return _unpacked(nest.pack_sequence_as(node.input_tensors, found))


def _unpacked(structure):
    """A structure with its leaves as lists; a list around one alone."""
    if isinstance(structure, _Leaf):
        return [structure.values]
    return nest.map_structure(lambda leaf: leaf.values, structure)


def _plain(x):
    """An argument as something that JSON knows."""
    if hasattr(x, "_keras_history"):
        history = x._keras_history
        return [history.layer.name, history.node_index, history.tensor_index]
    if isinstance(x, np.ndarray):
        return x.tolist()
    if isinstance(x, Tensor):
        return get_value(x).tolist()
    return x


# -------------------------------------------------------------------------------------------------------------------- back


def _leaves(data):
    """The nested lists of a configuration, the innermost as leaves."""
    if isinstance(data, dict):
        return {k: _leaves(v) for k, v in data.items()}
    if isinstance(data, list | tuple) and data and isinstance(data[0], str):
        return _Leaf(list(data))
    return [_leaves(d) for d in data]


def rebuild(config, custom_objects=None):
    """Makes the layers of a configuration and connects them.

    Returns:
      The inputs, the outputs, and the list of layers.
    """
    layers, waiting = {}, {}
    for data in config["layers"]:
        layer = tf.keras.layers.deserialize(data, custom_objects=custom_objects)
        layers[data["name"]] = layer
        waiting[data["name"]] = [_leaves(call) for call in data["inbound_nodes"]]
    while any(waiting.values()):
        before = sum(map(len, waiting.values()))
        for name, calls in waiting.items():
            while calls and _connected(layers, layers[name], calls[0]):
                calls.pop(0)
        if before == sum(map(len, waiting.values())):
            raise ValueError("Improperly formatted model config.")

    def ends(data):
        data = _leaves(data)
        found = nest.map_structure(lambda leaf: _tensor(layers, leaf.values), data)
        return found[0] if isinstance(found, list) and len(found) == 1 else found

    return ends(config["input_layers"]), ends(config["output_layers"]), list(layers.values())


def _tensor(layers, place):
    """An output of a layer; None if the call is not there yet."""
    layer = layers[place[0]]
    if len(layer._inbound_nodes) <= place[1]:
        return None
    return nest.flatten(layer._inbound_nodes[place[1]].output_tensors)[place[2]]


def _connected(layers, layer, call):
    """Calls a layer as a configuration says, if its inputs are there."""
    leaves = nest.flatten(call)
    kwargs = leaves[0].values[3] if leaves and len(leaves[0].values) == 4 else {}
    inputs = [_tensor(layers, leaf.values) for leaf in leaves]
    arguments = {k: _tensor(layers, v) if _is_place(layers, v) else v for k, v in kwargs.items()}
    if any(x is None for x in inputs) or any(a is None and kwargs[k] is not None for k, a in arguments.items()):
        return False
    inputs = nest.pack_sequence_as(call, inputs)
    layer(inputs[0] if isinstance(inputs, list) and len(inputs) == 1 else inputs, **arguments)
    return True


def _is_place(layers, value):
    return (
        isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and value[0] in layers
        and all(isinstance(v, int) for v in value[1:])
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------------------- text


def _updated(model):
    return {
        "class_name": type(model).__name__, "config": model.get_config(), "keras_version": KERAS_VERSION, "backend": "tensorflow",
    }  # fmt: skip


def json_type(x):
    """What JSON does not know as what it knows."""
    if hasattr(x, "get_config"):
        return {"class_name": type(x).__name__, "config": x.get_config()}
    if type(x).__module__ == np.__name__:
        return x.tolist() if isinstance(x, np.ndarray) else x.item()
    if callable(x):
        return x.__name__
    if isinstance(x, TensorShape):
        return x.as_list()
    if isinstance(x, Dimension):
        return x.value
    if isinstance(x, DType):
        return x.name
    if isinstance(x, dict):
        return dict(x)
    raise TypeError("Not JSON Serializable:", x)


def to_json(model, **kwargs):
    """The configuration of a model as a string."""
    return json.dumps(_updated(model), default=json_type, **kwargs)


def to_yaml(model, **kwargs):
    """The configuration of a model as YAML."""
    try:
        import yaml
    except ImportError:
        raise ImportError("Requires yaml module installed (`pip install pyyaml`).") from None
    return yaml.dump(json.loads(to_json(model)), **kwargs)
