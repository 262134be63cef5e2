"""`Network`: layers connected to a directed graph, or called by a method `call`; the base of models."""

import copy
import inspect

from ...core import errors, nest
from ...core.context import here
from ...core.export import export, public as tf
from ...core.func_graph import FuncGraph
from ...core.graph import get_default_graph
from ...core.shape import TensorShape
from ...core.tensor import GraphTensor
from ...core.trackable import no_automatic_dependency_tracking
from ...platform import tf_logging
from ...variables.structures import contents
from ..backend.settings import floatx, get_graph, is_learning_phase
from . import network_config
from .base_layer import Layer, default
from .network_map import NetworkMap, map_subgraph, node_key
from .node import Node
from .op_layers import AddLoss, AddMetric, create_keras_history


@export("python.keras.engine.network.Network")
class Network(Layer):
    """Layers that belong together.

    Args:
      inputs, outputs: structures of tensors, to make it of the layers between them; without these a subclass has a method `call`.
      name: its name.
      **kwargs: `trainable`; without `inputs` also `dtype`, `dynamic` and `autocast`.
    """

    _TF_MODULE_IGNORED_PROPERTIES = frozenset({"_layer_call_argspecs", *Layer._TF_MODULE_IGNORED_PROPERTIES})

    def __init__(self, *args, **kwargs):
        if len(args) == 2 or len(args) == 1 and "outputs" in kwargs or "inputs" in kwargs and "outputs" in kwargs:
            self._init_graph_network(*args, **kwargs)
        else:
            self._init_subclassed_network(**kwargs)
        assert_no_legacy_layers(self.layers)

    def _base_init(self, name=None, **kwargs):
        for key in kwargs:
            if key not in {"trainable", "dtype", "dynamic", "autocast"}:
                raise TypeError("Keyword argument not understood:", key)
        self._init_set_name(name)
        self._activity_regularizer = None
        self._trainable = kwargs.get("trainable", True)
        self._dynamic = kwargs.get("dynamic", False)
        self._is_compiled = False
        self._layers = []
        self._compute_output_and_mask_jointly = False
        self.supports_masking = False
        self.optimizer = getattr(self, "optimizer", None)
        for attribute in ("_trainable_weights", "_non_trainable_weights"):
            self._maybe_create_attribute(attribute, [])
        self._start_collecting()
        self._scope = self._reuse = None
        self._graph = None if here.eager else get_default_graph()
        self._dtype = kwargs.get("dtype")
        self._inbound_nodes, self._outbound_nodes = [], []

    @no_automatic_dependency_tracking
    def _init_graph_network(self, inputs, outputs, name=None, **kwargs):
        """Makes it of the layers between tensors."""
        for key in kwargs:
            if key != "trainable":
                raise TypeError(
                    "Functional models may only specify `name` and `trainable` keyword arguments during "
                    "initialization. "
                    "Got an unexpected argument:",
                    key,
                )
        self._nested_inputs = inputs[0] if isinstance(inputs, list) and len(nest.flatten(inputs)) == 1 else inputs
        self._nested_outputs = outputs[0] if isinstance(outputs, list) and len(nest.flatten(outputs)) == 1 else outputs
        self.inputs, self.outputs = nest.flatten(self._nested_inputs), nest.flatten(self._nested_outputs)
        if any(not hasattr(t, "_keras_history") for t in self.outputs):
            create_keras_history(self._nested_outputs)
        self._base_init(name=name, **kwargs)
        self._check_inputs()
        self.built = True
        self._compute_output_and_mask_jointly = True
        self._is_graph_network = True
        self._init_call_fn_args()
        self._expects_training_arg = self._expects_mask_arg = True
        self._autocast = False
        self._output_coordinates = [tuple(x._keras_history) for x in self.outputs]
        self._input_coordinates = [tuple(x._keras_history) for x in self.inputs]
        self._output_layers = [c[0] for c in self._output_coordinates]
        self._input_layers = [c[0] for c in self._input_coordinates]
        found = NetworkMap(self.inputs, self.outputs)
        self._network_nodes, self._nodes_by_depth, self._layers = found.keys, found.nodes_by_depth, found.layers
        self._layer_call_argspecs = {layer: inspect.getfullargspec(layer.call) for layer in self._layers}
        self._track_layers(self._layers)
        Node(self, [], [], [], self._nested_inputs, self._nested_outputs)
        self._set_output_names()
        self.input_names = [layer.name for layer in self._input_layers]
        placeholders = [layer for layer in self._input_layers if getattr(layer, "is_placeholder", False)]
        self._feed_input_names = [layer.name for layer in placeholders]
        self._feed_inputs = [layer.input for layer in placeholders]
        self._feed_input_shapes = [layer._batch_input_shape for layer in placeholders]

    def _check_inputs(self):
        kind = type(self).__name__
        if len({id(x) for x in self.inputs}) != len(self.inputs):
            raise ValueError("The list of inputs passed to the model is redundant. All inputs should only appear once. Found: %s"
                             % (self.inputs,))  # fmt: skip
        for x in self.inputs:
            if not hasattr(x, "_keras_history"):
                raise ValueError(
                    "Input tensors to a %s must come from `tf.keras.Input`. Received: %s (missing "
                    "previous layer metadata)." % (kind, x)
                )
            layer = x._keras_history.layer
            if len(layer._inbound_nodes) > 1 or layer._inbound_nodes and layer._inbound_nodes[0].inbound_layers:
                tf_logging.warning(
                    "%s inputs must come from `tf.keras.Input` (thus holding past layer metadata), they cannot be the output of a "
                    'previous non-Input layer. Here, a tensor specified as input to "%s" was not an Input tensor, it '
                    "was generated by "
                    "layer %s.",
                    kind,
                    self.name,
                    layer.name,
                )
        for x in self.outputs:
            if not hasattr(x, "_keras_history"):
                raise ValueError(
                    "Output tensors to a %s must be the output of a TensorFlow `Layer` (thus holding "
                    "past layer metadata). "
                    "Found: %s" % (kind, x)
                )

    def _set_output_names(self):
        names, counts = [], {}
        for layer in self._output_layers:
            proposal = layer.name
            while proposal in names:
                count = counts.get(layer.name, 1)
                proposal = "%s_%d" % (layer.name, count)
                counts[layer.name] = count + 1
            names.append(proposal)
        self.output_names = names

    @no_automatic_dependency_tracking
    def _init_subclassed_network(self, name=None, **kwargs):
        self._base_init(name=name, **kwargs)
        self._is_graph_network = False
        self._init_call_fn_args()
        self._autocast = kwargs.get("autocast", False)
        self.inputs, self.outputs = [], []
        self.built = False

    # ------------------------------------------------------------------------------------------------------------ layers

    @property
    def layers(self):
        """The list of its layers."""
        return self._sublayers()

    def get_layer(self, name=None, index=None):
        """The layer with a name or a number; raises ValueError if there is none."""
        if index is not None:
            if len(self.layers) <= index:
                raise ValueError(
                    "Was asked to retrieve layer at index %d but model only has %d layers." % (index, len(self.layers))
                )
            return self.layers[index]
        if not name:
            raise ValueError("Provide either a layer name or layer index.")
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError("No such layer: " + name)

    def _track_layers(self, layers):
        with_weights = 0
        for i, layer in enumerate(layers):
            if isinstance(layer, Layer) and _has_weights(layer):
                self._track_trackable(layer, name="layer_with_weights-%d" % with_weights, overwrite=True)
                with_weights += 1
            self._track_trackable(layer, name="layer-%d" % i, overwrite=True)

    def __setattr__(self, name, value):
        if not getattr(self, "_self_setattr_tracking", True):
            super().__setattr__(name, value)
            return
        if "_layers" not in self.__dict__ and any(isinstance(v, Layer) for v in contents(value)):
            raise RuntimeError(
                "It looks like you are subclassing `Model` and you forgot to call `super(YourClass, "
                "self).__init__()`. "
                "Always start with this line."
            )
        super().__setattr__(name, value)
        if getattr(value, "_is_keras_metric", False) and not any(m is value for m in self._metrics):
            self._metrics.append(value)

    @property
    def dynamic(self):
        """Whether one of its layers can only run eagerly."""
        return not self._is_graph_network and self._dynamic or any(layer.dynamic for layer in self.layers)

    @property
    def stateful(self):
        """Whether a layer keeps states from batch to batch."""
        return any(getattr(layer, "stateful", False) for layer in self.layers)

    def reset_states(self):
        """Forgets the states of the layers that keep some."""
        for layer in self.layers:
            if getattr(layer, "stateful", False) and hasattr(layer, "reset_states"):
                layer.reset_states()

    @property
    def state_updates(self):
        """The updates of the layers that keep states."""
        return [u for layer in self.layers if getattr(layer, "stateful", False) for u in getattr(layer, "updates", ())]

    # ---------------------------------------------------------------------------------------------------------- variables

    def _assert_weights_created(self):
        if not self.dynamic and not self._is_graph_network and "build" in type(self).__dict__ and not self.built:
            raise ValueError(
                "Weights for model %s have not yet been created. Weights are created when the Model is "
                "first called on "
                "inputs or `build()` is called with an `input_shape`." % self.name
            )

    @property
    def weights(self):
        """All variables: those of the layers in their order, then its own."""
        self._assert_weights_created()
        return [w for layer in self.layers for w in layer.weights] + self._trainable_weights + self._non_trainable_weights

    @property
    def trainable_weights(self):
        """The variables to train."""
        self._assert_weights_created()
        if not self.trainable:
            return []
        return [w for layer in self.layers for w in layer.trainable_weights] + self._trainable_weights

    @property
    def non_trainable_weights(self):
        """The other variables."""
        self._assert_weights_created()
        found = [w for layer in self.layers for w in layer.non_trainable_weights]
        if self.trainable:
            return found + self._non_trainable_weights
        return (
            [w for layer in self.layers for w in layer.trainable_weights]
            + found
            + self._trainable_weights
            + self._non_trainable_weights
        )

    # ------------------------------------------------------------------------------------------------------------ calling

    @property
    def input_spec(self):
        """What its input layers ask of inputs."""
        if not self._is_graph_network:
            return None
        specs = []
        for layer in self._input_layers:
            if layer.input_spec is None:
                specs.append(None)
            elif not isinstance(layer.input_spec, list):
                raise TypeError("Layer %s has an input_spec attribute that is not a list. We expect a list. Found input_spec = %s"
                                % (layer.name, layer.input_spec))  # fmt: skip
            else:
                specs += layer.input_spec
        return specs[0] if len(specs) == 1 else specs

    @default
    def build(self, input_shape):
        """Makes the variables of a model with a method `call`, from the shape of its input.

        Args:
          input_shape: the shape with the batch, a tuple or `TensorShape`, or a list of shapes.

        Raises:
          ValueError: that is no shape, or `call` wants more than an input.
        """
        if self._is_graph_network:
            self.built = True
            return
        if input_shape is None:
            raise ValueError("Input shape must be defined when calling build on a model subclass network.")
        if not isinstance(input_shape, tuple | list | TensorShape):
            raise ValueError(
                "Specified input shape is not one of the valid types. Please specify a batch input shape "
                "of type tuple or "
                "list of input shapes. User provided input type: %s" % type(input_shape)
            )
        if input_shape and not self.inputs:
            self._build_by_call(input_shape)
        if self._layers:
            self._track_layers(self._layers)
        self.built = True

    def _build_by_call(self, input_shape):
        spec = inspect.getfullargspec(self.call)
        if len(spec.args) < 2:
            raise ValueError("You can only call `build` on a model if its `call` method accepts an `inputs` argument.")
        needed = spec.args[2 : len(spec.args) - len(spec.defaults or ())]
        kwargs = {}
        for name in needed:
            if name != "training":
                raise ValueError(
                    "Currently, you cannot build your model if it has positional or keyword arguments that are not "
                    "inputs to the model, "
                    "but are required for its `call` method. Instead, in order to instantiate and build your model, "
                    "`call` your model "
                    "on real tensor data with all expected call arguments."
                )
            kwargs["training"] = False
        is_list = isinstance(input_shape, list) and any(not isinstance(d, int | None) for d in input_shape)
        graph = FuncGraph("build_graph", get_default_graph()) if here.eager else get_graph()
        with graph.as_default():
            x = [tf.placeholder(floatx(), s) for s in input_shape] if is_list else tf.placeholder(floatx(), input_shape)
            try:
                self.call(x, **kwargs)
            except (errors.InvalidArgumentError, TypeError):
                raise ValueError(
                    "You cannot build your model by calling `build` if your layers do not support float type inputs. "
                    "Instead, in order "
                    "to instantiate and build your model, `call` your model on real tensor data (of the correct dtype)."
                ) from None

    def call(self, inputs, training=None, mask=None):
        """Computes the outputs.

        Args:
          inputs: a structure of tensors.
          training: whether layers train, a bool or a tensor, or None.
          mask: a structure of masks, or None.

        Raises:
          NotImplementedError: the subclass lacks this method.
        """
        if not self._is_graph_network:
            raise NotImplementedError("When subclassing the `Model` class, you should implement a `call` method.")
        return self._run_internal_graph(inputs, training=training, mask=mask)

    def compute_mask(self, inputs, mask):
        """The masks of the outputs."""
        if not self._is_graph_network:
            return None
        return nest.map_structure(lambda t: t._keras_mask, self._run_internal_graph(inputs, mask=mask))

    def compute_output_shape(self, input_shape):
        """The shapes of the outputs, from those of the inputs."""
        if not self._is_graph_network:
            return super().compute_output_shape(input_shape)
        flat = [input_shape] if _is_shape(input_shape) else nest.flatten(_as_shapes(input_shape))
        if len(flat) != len(self._input_layers):
            raise ValueError(
                "Invalid input_shape argument %s: model has %d tensor inputs." % (input_shape, len(self._input_layers))
            )
        known = {id(x): TensorShape(s) for x, s in zip(self.inputs, flat)}
        for node in self._nodes():
            layer = node.outbound_layer
            if layer in self._input_layers:
                continue
            shapes = nest.map_structure(lambda t: known[id(t)], node.input_tensors)
            found = layer.compute_output_shape(nest.map_structure(_as_tuple, shapes))
            found = [TensorShape(found)] if _is_shape(found) else [TensorShape(s) for s in nest.flatten(_as_shapes(found))]
            known.update((id(t), s) for t, s in zip(nest.flatten(node.output_tensors), found))
        return nest.map_structure(lambda t: known[id(t)], self._nested_outputs)

    def _nodes(self):
        """Its calls in the order in which they are computed."""
        for depth in sorted(self._nodes_by_depth, reverse=True):
            yield from self._nodes_by_depth[depth]

    def _run_internal_graph(self, inputs, training=None, mask=None):
        """Computes the outputs from other inputs by calling all layers again."""
        inputs = nest.flatten(inputs)
        for x, m in zip(inputs, [None] * len(inputs) if mask is None else nest.flatten(mask)):
            x._keras_mask = m
        known = {id(x): y for x, y in zip(self.inputs, inputs)}

        def translated(t):
            return known.get(id(t), t) if isinstance(t, GraphTensor) else t

        for node in self._nodes():
            layer = node.outbound_layer
            if not node.inbound_layers or not all(id(t) in known for t in nest.flatten(node.input_tensors)):
                continue
            kwargs = dict(node.arguments) if node.arguments else {}
            if "training" in self._layer_call_argspecs[layer].args:
                kwargs.setdefault("training", training)
                if is_learning_phase(kwargs["training"]):
                    kwargs["training"] = training
            kwargs = nest.map_structure(translated, kwargs)
            outputs = layer(nest.map_structure(lambda t: known[id(t)], node.input_tensors), **kwargs)
            known.update((id(x), y) for x, y in zip(nest.flatten(node.output_tensors), nest.flatten(outputs)))
        for x in self.outputs:
            assert id(x) in known, "Could not compute output %s" % x
        return nest.pack_sequence_as(self._nested_outputs, [known[id(x)] for x in self.outputs])

    # ------------------------------------------------------------------------------------------ losses and metrics of tensors

    def _insert_layers(self, layers, relevant_nodes=None):
        """Adds layers that are connected to those that are there."""
        depths = {node: depth for depth, nodes in self._nodes_by_depth.items() for node in nodes}
        waiting = list(relevant_nodes or [n for layer in layers for n in layer._inbound_nodes])
        all_nodes = {*waiting, *depths}
        for _ in range(10000):
            if not waiting:
                break
            node = waiting.pop(0)
            before = [layer._inbound_nodes[i] for layer, i, _, _ in node.iterate_inbound(include_arguments=True)]
            before = [n for n in before if n in depths or n in all_nodes]
            if any(n not in depths for n in before):
                waiting.append(node)
                continue
            depth = min([0, *(depths[n] for n in before)]) - 1
            key = node_key(node.outbound_layer.name, node.outbound_layer._inbound_nodes.index(node))
            if key not in self._network_nodes:
                depths[node] = depth
                self._network_nodes.add(key)
                self._nodes_by_depth[depth].append(node)
        else:
            raise ValueError("Layers could not be added due to missing dependencies.")
        for layer in layers:
            if layer not in self._layers:
                self._layers.append(layer)
                self._layer_call_argspecs[layer] = inspect.getfullargspec(layer.call)

    def _graph_network_add(self, tensor, layer):
        nodes, layers = map_subgraph(self.inputs, [tensor])
        layer(tensor)
        self._insert_layers([*layers, layer], [*nodes, *layer._inbound_nodes])

    def _graph_network_add_loss(self, symbolic_loss):
        self._graph_network_add(symbolic_loss, AddLoss(unconditional=False))

    def _graph_network_add_metric(self, value, aggregation, name):
        self._graph_network_add(value, AddMetric(aggregation, name))

    # ------------------------------------------------------------------------------------------------------ configurations

    def get_config(self):
        """The configuration of a model of connected layers; raises NotImplementedError for another one."""
        if not self._is_graph_network:
            raise NotImplementedError
        return copy.deepcopy(network_config.config_of(self))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A model with a configuration.

        Args:
          config: what `get_config` gives.
          custom_objects: a dictionary from names to classes and functions that it names.
        """
        inputs, outputs, layers = network_config.rebuild(config, custom_objects)
        model = cls(inputs=inputs, outputs=outputs, name=config.get("name"))
        others = [layer for layer in layers if layer not in model.layers]
        if others:
            nodes = [n for layer in layers for n in layer.inbound_nodes[1 if network_config.skips_first_node(layer) else 0 :]]
            model._insert_layers(others, nodes)
        return model

    def to_json(self, **kwargs):
        """The configuration as a string; `kwargs` go to `json.dumps`."""
        return network_config.to_json(self, **kwargs)

    def to_yaml(self, **kwargs):
        """The configuration as YAML; raises ImportError without that library."""
        return network_config.to_yaml(self, **kwargs)

    def summary(self, line_length=None, positions=None, print_fn=None):
        """Prints the layers, the shapes of their outputs and how many parameters they have.

        Args:
          line_length, positions: of the table.
          print_fn: what prints a line.

        Raises:
          ValueError: the variables are not there yet.
        """
        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling `build()` or calling `fit()` "
                "with some data, or "
                "specify an `input_shape` argument in the first layer(s) for automatic build."
            )
        tf.python.keras.utils.layer_utils.print_summary(self, line_length=line_length, positions=positions, print_fn=print_fn)

    def save(self, filepath, overwrite=True, include_optimizer=True, save_format=None, signatures=None):
        """Saves the model; see `tf.keras.models.save_model`."""
        tf.keras.models.save_model(self, filepath, overwrite, include_optimizer, save_format, signatures)

    def save_weights(self, filepath, overwrite=True, save_format=None):
        """Saves the values of the variables.

        Args:
          filepath: the file.
          overwrite: whether to overwrite a file that is there without asking.
          save_format: "h5" or "tf"; by default as the end of the name says.

        Raises:
          ImportError: the library for HDF5 is missing.
          ValueError: the format is not known, or contradicts the name.
        """
        self._assert_weights_created()
        tf.python.keras.saving.save_weights(self, filepath, overwrite, save_format)

    def load_weights(self, filepath, by_name=False):
        """Loads the values of the variables.

        Args:
          filepath: the file.
          by_name: whether layers are found by names rather than by their order.

        Returns:
          For TensorFlow's format the status of the restoration.
        """
        return tf.python.keras.saving.load_weights(self, filepath, by_name)

    @property
    def _object_identifier(self):
        return "_tf_keras_network"


def _has_weights(layer):
    try:
        return bool(layer.weights)
    except ValueError:
        return False


def _is_shape(x):
    return isinstance(x, TensorShape) or isinstance(x, tuple | list) and all(d is None or isinstance(d, int) for d in x)


def _as_shapes(shapes):
    """A structure of shapes as `TensorShape`s."""
    if _is_shape(shapes):
        return TensorShape(shapes)
    if isinstance(shapes, dict):
        return {k: _as_shapes(s) for k, s in shapes.items()}
    return [_as_shapes(s) for s in shapes]


def _as_tuple(shape):
    return tuple(shape.as_list())


def assert_no_legacy_layers(layers):
    """Raises TypeError if there are layers of `tf.layers` among some."""
    legacy = [layer for layer in layers if getattr(layer, "_is_legacy_layer", False)]
    if legacy:
        raise TypeError(
            "The following are legacy tf.layers.Layers:\n  %s\nTo use keras as a framework (for instance using the "
            "Network, Model, or "
            "Sequential classes), please use the tf.keras.layers implementation instead. (Or, if writing custom "
            "layers, subclass from "
            "tf.keras.layers rather than tf.layers)" % "\n  ".join(map(str, legacy))
        )
