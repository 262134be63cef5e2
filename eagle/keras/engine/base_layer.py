"""`tf.keras.layers.Layer`: variables, and a function of tensors that uses them."""

import copy
import inspect

import numpy as np

from ...core import nest
from ...core.context import graph_mode, here
from ...core.convert import convert
from ...core.dtypes import as_dtype
from ...core.errors import OperatorNotAllowedInGraphError
from ...core.export import exists, export, public as tf
from ...core.func_graph import FuncGraph
from ...core.graph import get_default_graph
from ...core.scopes import init_scope, name_scope
from ...core.shape import TensorShape, as_shape
from ...core.tensor import Tensor
from ...core.tensor_spec import TensorSpec
from ...core.trackable import Trackable, no_automatic_dependency_tracking
from ...variables.base import Variable, VariableAggregation, VariableSynchronization, VariableV1
from ...variables.module import Module
from ...variables.structures import TrackableDataStructure, contents, sticky_attribute_assignment
from .. import constraints, initializers, regularizers
from ..backend.settings import (
    floatx,
    get_graph,
    global_learning_phase_is_set,
    is_eager_outside_functions,
    is_keras_graph,
    learning_phase,
    track_variable,
    unique_object_name,
)
from ..backend.values import batch_get_value, batch_set_value
from ..mixed_precision.autocast import autocast
from ..mixed_precision.policy import policy_of, with_input_dtype
from ..utils.serialization import to_snake_case
from .calling import are_all_symbolic, call_context, have_history, is_in_eager_or_tf_function, needs_history
from .collecting import Collecting
from .connecting import Connecting
from .input_spec import InputSpec, assert_input_compatibility

_KNOWN_KWARGS = {"input_shape", "batch_input_shape", "batch_size", "weights", "activity_regularizer", "autocast"}
_OWN = __name__.partition(".")[0] + "."
_WITHOUT_TENSOR = (np.ndarray, float, int)


def make_variable(name, shape=None, dtype=None, initializer=None, trainable=None, caching_device=None, validate_shape=True,
                  constraint=None, use_resource=None, collections=None, synchronization=VariableSynchronization.AUTO,
                  aggregation=VariableAggregation.NONE, partitioner=None):  # fmt: skip
    """A variable as layers of Keras make them: never shared, named in the name scope.

    `partitioner` has no meaning: these variables are never divided.
    """
    if initializer is not None and not callable(initializer):
        value, value_type = initializer, None
    else:
        initializer = initializer() if inspect.isclass(initializer) else initializer
        value, value_type = lambda: initializer(shape, dtype=dtype), dtype.base_dtype
    shape = as_shape(shape)
    return VariableV1(
        initial_value=value, name=name, trainable=trainable, caching_device=caching_device, dtype=value_type,
        validate_shape=validate_shape, constraint=constraint, use_resource=True if use_resource is None else use_resource,
        collections=collections, synchronization=synchronization, aggregation=aggregation, shape=shape if shape else None,
    )  # fmt: skip


def checked_trainable(trainable, synchronization):
    """Whether a new variable is trainable; raises ValueError if it is to be but is synchronized only when it is read."""
    if synchronization == VariableSynchronization.ON_READ:
        if trainable:
            raise ValueError(
                "Synchronization value can be set to VariableSynchronization.ON_READ only for non-trainable variables. You have "
                "specified trainable=True and synchronization=VariableSynchronization.ON_READ."
            )
        return False
    return True if trainable is None else trainable


def default(method):
    """Marks a method that subclasses need not call."""
    method._is_default = True
    return method


@export("keras.layers.Layer", "python.keras.engine.base_layer.Layer")
class Layer(Collecting, Connecting, Module, Trackable):
    """The base of layers: `build` makes the variables at the first call, `call` computes.

    Args:
      trainable: whether its variables are trained.
      name: its name, by default that of the class in snake case, made unique.
      dtype: the type of its variables, by default that of the first input; or a `tf.keras.mixed_precision.experimental.Policy`.
      dynamic: whether it can only run eagerly.
      **kwargs: `input_shape`, `batch_input_shape`, `batch_size`: of the inputs, for models that begin with the layer;
        `weights`: the initial values of its variables; `activity_regularizer`: a function from the output to a loss;
        `autocast`: whether inputs of other types of floats are cast.

    Raises:
      TypeError: there is another keyword.
    """

    _TF_MODULE_IGNORED_PROPERTIES = frozenset(
        {"_obj_reference_counts_dict", "_dtype_policy", *Module._TF_MODULE_IGNORED_PROPERTIES}
    )
    _is_graph_network = False

    @no_automatic_dependency_tracking
    def __init__(self, trainable=True, name=None, dtype=None, dynamic=False, **kwargs):
        for key in kwargs:
            if key not in _KNOWN_KWARGS:
                raise TypeError("Keyword argument not understood:", key)
        self._trainable = trainable
        self.stateful = False
        self.built = False
        self._input_spec = None
        self.supports_masking = False
        self._init_set_name(name)
        self._activity_regularizer = kwargs.get("activity_regularizer")
        for attribute in ("_trainable_weights", "_non_trainable_weights", "_layers"):
            self._maybe_create_attribute(attribute, [])
        self._start_collecting()
        self._dtype = dtype
        self._autocast = kwargs.get("autocast", False)
        self._inbound_nodes, self._outbound_nodes = [], []
        self._dynamic = dynamic
        self._init_call_fn_args()
        if "batch_input_shape" in kwargs:
            self._batch_input_shape = tuple(kwargs["batch_input_shape"])
        elif "input_shape" in kwargs:
            self._batch_input_shape = (kwargs.get("batch_size"), *kwargs["input_shape"])
        self._initial_weights = kwargs.get("weights")

    def _init_set_name(self, name, zero_based=True):
        self._name = name or unique_object_name(to_snake_case(type(self).__name__), zero_based=zero_based)

    def _init_call_fn_args(self):
        spec = inspect.getfullargspec(self.call)
        args = spec.args[1:] if spec.args and spec.args[0] == "self" else spec.args
        self._call_fn_args = args
        self._call_accepts_kwargs = spec.varkw is not None
        self._expects_training_arg = "training" in args or self._call_accepts_kwargs
        self._expects_mask_arg = "mask" in args or self._call_accepts_kwargs

    # ----------------------------------------------------------------------------------------------------- to be overridden

    @default
    def build(self, input_shape):
        """Makes the variables.

        Args:
          input_shape: the shape of the first input, a `TensorShape`, or a structure of them.
        """
        self.built = True

    def call(self, inputs, **kwargs):
        """Computes the output."""
        return inputs

    @default
    def compute_mask(self, inputs, mask=None):
        """The mask of the output; raises TypeError if there is one of the input and the layer knows no masks."""
        if not self.supports_masking:
            if any(m is not None for m in nest.flatten(mask)):
                raise TypeError("Layer %s does not support masking, but was passed an input_mask: %s" % (self.name, mask))
            return None
        return mask

    def compute_output_shape(self, input_shape):
        """The shape of the output, from that of the input; by default found by calling the layer.

        Raises:
          NotImplementedError: it can't be found out.
        """
        if not here.eager:
            raise NotImplementedError
        self._maybe_build(input_shape)
        with graph_mode():
            graph = FuncGraph("graph", get_default_graph())
            with graph.as_default():
                inputs = _map_shapes(lambda s: tf.placeholder(shape=s, dtype=floatx()), input_shape)
                try:
                    outputs = self(inputs, training=False) if self._expects_training_arg else self(inputs)
                except TypeError:
                    raise NotImplementedError(
                        "We could not automatically infer the static shape of the layer's output. Please implement the "
                        "`compute_output_shape` method on your layer (%s)." % type(self).__name__
                    ) from None
        return nest.map_structure(lambda t: t.shape, outputs)

    def compute_output_signature(self, input_signature):
        """The `TensorSpec` of the output, from that of the input; raises TypeError if it is none."""

        def shape_of(spec):
            if not isinstance(spec, TensorSpec):
                raise TypeError("Only TensorSpec signature types are supported, but saw signature signature entry: %s." % (spec,))
            return spec.shape

        shapes = self.compute_output_shape(nest.map_structure(shape_of, input_signature))
        dtype = self._compute_dtype or nest.flatten(input_signature)[0].dtype
        return nest.map_structure(lambda s: TensorSpec(dtype=dtype, shape=s), shapes)

    @default
    def get_config(self):
        """The arguments to make it again; raises NotImplementedError if the layer takes others than those it knows."""
        config = {"name": self.name, "trainable": self.trainable}
        if hasattr(self, "_batch_input_shape"):
            config["batch_input_shape"] = self._batch_input_shape
        config["dtype"] = self.dtype
        arguments = inspect.getfullargspec(self.__init__).args
        if self.dynamic:
            config["dynamic"] = self.dynamic
        elif "dynamic" in arguments:
            arguments.remove("dynamic")
        extra = [a for a in arguments if a not in config]
        if len(extra) > 1 and hasattr(self.get_config, "_is_default"):
            raise NotImplementedError("Layers with arguments in `__init__` must override `get_config`.")
        return config

    @classmethod
    def from_config(cls, config):
        """A layer with the configuration of another."""
        return cls(**config)

    # ---------------------------------------------------------------------------------------------------------- properties

    @property
    def name(self):
        return self._name

    @property
    def _dtype(self):
        return self._dtype_policy.variable_dtype

    @_dtype.setter
    def _dtype(self, value):
        self._dtype_policy = policy_of(value)

    @property
    def dtype(self):
        """The name of the type of its variables, or None until it is known."""
        return self._dtype_policy.variable_dtype

    @property
    def _compute_dtype(self):
        return self._dtype_policy.compute_dtype

    @property
    def dynamic(self):
        """Whether it can only run eagerly."""
        return self._dynamic

    @property
    def trainable(self):
        """Whether its variables are trained; setting it sets it for its layers too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._trainable = value
        for layer in self._sublayers():
            layer.trainable = value

    @property
    def activity_regularizer(self):
        """The function from the output to a loss, or None."""
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer):
        self._activity_regularizer = regularizer

    @property
    def input_spec(self):
        """What it asks of its inputs: an `InputSpec`, a list of them, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value):
        for v in nest.flatten(value):
            if v is not None and not isinstance(v, InputSpec):
                raise TypeError("Layer input_spec must be an instance of InputSpec. Got: %s" % (v,))
        object.__setattr__(self, "_input_spec", value)

    # ----------------------------------------------------------------------------------------------------------- variables

    @property
    def trainable_weights(self):
        """The variables to train, its own and those of its layers; none while it is not trainable."""
        return self._trainable_weights + self._gather_children_attribute("trainable_weights") if self.trainable else []

    @property
    def non_trainable_weights(self):
        """The other variables."""
        if self.trainable:
            return self._non_trainable_weights + self._gather_children_attribute("non_trainable_weights")
        return self._trainable_weights + self._non_trainable_weights + self._gather_children_attribute("weights")

    @property
    def weights(self):
        """All variables, those to train first."""
        return self.trainable_weights + self.non_trainable_weights

    variables = property(lambda self: self.weights)
    trainable_variables = property(lambda self: self.trainable_weights)
    non_trainable_variables = property(lambda self: self.non_trainable_weights)

    @property
    def _unique_trainable_weights(self):
        return list({id(w): w for w in self.trainable_weights}.values())

    def add_weight(self, name=None, shape=None, dtype=None, initializer=None, regularizer=None, trainable=None, constraint=None,
                   partitioner=None, use_resource=None, synchronization=VariableSynchronization.AUTO,
                   aggregation=VariableAggregation.NONE, **kwargs):  # fmt: skip
        """Makes a variable of the layer.

        Args:
          name, shape: of the variable; a scalar by default.
          dtype: its type, by default the layer's.
          initializer, regularizer, constraint: what `tf.keras.initializers.get` and its like take.
          trainable: whether it is trained, by default True.
          partitioner: a function that divides it, for getters that can.
          use_resource, synchronization, aggregation: as of `tf.Variable`.
          **kwargs: `getter`: what makes the variable; `collections`: to add it to; `experimental_autocast`: whether it is read in
            the type in which the layer computes, by default True.

        Raises:
          TypeError: there is another keyword.
          ValueError: the type asks for an initializer; or it is trainable and synchronized on read.
        """
        for key in kwargs:
            if key not in ("getter", "collections", "experimental_autocast"):
                raise TypeError("Unknown keyword argument:", key)
        dtype = as_dtype(dtype or self.dtype or floatx())
        if self._dtype_policy.variable_dtype is None:
            self._dtype = dtype.base_dtype
        initializer, regularizer = initializers.get(initializer), regularizers.get(regularizer)
        trainable = checked_trainable(trainable, synchronization)
        if initializer is None:
            initializer = self._default_initializer(name, dtype)
        variable = self._add_variable_with_custom_getter(
            name=name, shape=() if shape is None else shape, getter=kwargs.get("getter", make_variable), overwrite=True,
            initializer=initializer, dtype=dtype, constraint=constraints.get(constraint), trainable=trainable,
            partitioner=partitioner, use_resource=use_resource, collections=kwargs.get("collections"),
            synchronization=synchronization, aggregation=aggregation,
        )  # fmt: skip
        if self._dtype_policy.should_cast_variables and dtype.is_floating and kwargs.get("experimental_autocast", True):
            autocast(variable)
        track_variable(variable)
        if regularizer is not None:
            self._handle_weight_regularization(variable.name.partition(":")[0], variable, regularizer)
        (self._trainable_weights if trainable else self._non_trainable_weights).append(variable)
        return variable

    def _default_initializer(self, name, dtype):
        if dtype.is_floating:
            return initializers.get("glorot_uniform")
        if dtype.is_integer or dtype.is_bool:
            return initializers.get("zeros")
        raise ValueError("An initializer for variable %s of type %s is required for layer %s" % (name, dtype.base_dtype, self.name))

    def add_variable(self, *args, **kwargs):
        """Deprecated: `add_weight`."""
        return self.add_weight(*args, **kwargs)

    def get_weights(self):
        """The values of its variables, a list of arrays."""
        return batch_get_value(self.weights)

    def set_weights(self, weights):
        """Gives its variables values.

        Args:
          weights: a list of arrays, as `get_weights` gives.

        Raises:
          ValueError: the number or a shape is not right.
        """
        variables = self.weights
        if len(variables) != len(weights):
            raise ValueError(
                'You called `set_weights(weights)` on layer "%s" with a  weight list of length %d, but the layer was expecting %d '
                "weights. Provided weights: %s..." % (self.name, len(weights), len(variables), str(weights)[:50])
            )
        for v, w in zip(variables, weights):
            if not v.shape.is_compatible_with(w.shape):
                raise ValueError("Layer weight shape %s not compatible with provided weight shape %s" % (v.shape, w.shape))
        if variables:
            batch_set_value(list(zip(variables, weights)))

    def count_params(self):
        """How many numbers are in its variables; raises ValueError if they have not been made."""
        if not self.built:
            if not self._is_graph_network:
                raise ValueError(
                    "You tried to call `count_params` on %s, but the layer isn't built. You can build it manually via: "
                    "`%s.build(batch_input_shape)`." % (self.name, self.name)
                )
            self._build_variables(self.inputs)
        return int(sum(np.prod(w.shape.as_list()) for w in self.weights))

    # ------------------------------------------------------------------------------------------------------------- calling

    def __call__(self, inputs, *args, **kwargs):
        """Calls the layer: makes its variables at the first call, takes care of masks and of the argument `training`.

        Args:
          inputs: a tensor or a structure of tensors.
          *args, **kwargs: what else `call` takes.

        Returns:
          What `call` gives.

        Raises:
          ValueError: the inputs are not as `input_spec` says, or `call` gives None.
        """
        flat = nest.flatten(inputs)
        build_graph = are_all_symbolic(flat)
        if not build_graph and any(isinstance(x, _WITHOUT_TENSOR) for x in flat):
            inputs = nest.map_structure(lambda x: convert(x) if isinstance(x, _WITHOUT_TENSOR) else x, inputs)
            flat = nest.flatten(inputs)
        masks = self._collect_input_masks(inputs, args, kwargs)
        from_framework = []
        if self._expects_mask_arg and masks is not None and not self._call_arg_was_passed("mask", args, kwargs):
            kwargs["mask"] = masks
            from_framework.append("mask")
        training = self._settle_training(build_graph, args, kwargs, from_framework)
        if build_graph and flat and needs_history(inputs):
            tf.python.keras.engine.base_layer_utils.create_keras_history(inputs)
        if not call_context.in_call and is_in_eager_or_tf_function():
            self._clear_losses()
        with call_context.enter(self, inputs, build_graph, training):
            if not build_graph:
                with name_scope(self._name_scope()):
                    return self._computed(inputs, args, kwargs, masks, self.call)
            assert_input_compatibility(self.input_spec, inputs, self.name)
            with get_graph().as_default(), name_scope(self._name_scope()):
                try:
                    outputs = self._computed(inputs, args, kwargs, masks, self._converted_call(), from_framework)
                except OperatorNotAllowedInGraphError as e:
                    raise TypeError(
                        "You are attempting to use Python control flow in a layer that was not declared to be dynamic. Pass "
                        '`dynamic=True` to the class constructor.\nEncountered error:\n"""\n' + str(e) + '\n"""'
                    ) from e
                if hasattr(self, "_set_inputs") and not self.inputs:
                    self._set_inputs(inputs, outputs)
            return outputs

    def _computed(self, inputs, args, kwargs, masks, call, from_framework=None):
        """The outputs of a call, in its name scope; with a list of arguments not from the caller it is connected to a model."""
        self._maybe_build(inputs)
        if from_framework is not None and self.dynamic:
            outputs = self._symbolic_call(inputs)
        else:
            outputs = call(self._maybe_cast_inputs(inputs), *args, **kwargs)
        if from_framework is not None:
            if outputs is None:
                raise ValueError(
                    "A layer's `call` method should return a Tensor or a list of Tensors, not None (layer: %s)." % self.name
                )
            if have_history(inputs):
                kwargs = {k: v for k, v in kwargs.items() if k not in from_framework}
                outputs = self._connect(inputs, outputs, args, kwargs)
        self._handle_activity_regularization(inputs, outputs)
        self._set_mask_metadata(inputs, outputs, masks)
        return outputs

    def _converted_call(self):
        """`call` as it is to be called now: by AutoGraph in functions that it converts, if it is of the program's own."""
        if not here.converted or type(self).__module__.startswith(_OWN) or not exists("contrib.autograph.converted_call"):
            return self.call
        return lambda *args, **kwargs: tf.contrib.autograph.converted_call(self.call, args, kwargs)

    def _settle_training(self, build_graph, args, kwargs, from_framework):
        """Puts the argument `training` in place; returns its value."""
        if self._call_arg_was_passed("training", args, kwargs):
            value = self._get_call_arg_value("training", args, kwargs)
            if not self._expects_training_arg:
                kwargs.pop("training")
            return value
        value = call_context.training
        if value is None and global_learning_phase_is_set():
            value = learning_phase()
        elif value is None and build_graph:
            graph = get_graph()
            if call_context.in_keras_graph or is_keras_graph(graph):
                with graph.as_default():
                    value = learning_phase()
        if self._expects_training_arg and value is not None:
            kwargs["training"] = value = tf.cast(value, tf.bool) if isinstance(value, Tensor) else bool(value)
            from_framework.append("training")
        return value

    def _name_scope(self):
        return self.name

    def apply(self, inputs, *args, **kwargs):
        """Deprecated: the same as calling the layer."""
        return self.__call__(inputs, *args, **kwargs)

    def _maybe_cast_inputs(self, inputs):
        dtype = self._compute_dtype
        if not self._autocast or not dtype or not as_dtype(dtype).is_floating:
            return inputs

        def cast(x):
            is_other = isinstance(x, Tensor) and x.dtype.is_floating and x.dtype.base_dtype.name != dtype
            return tf.cast(x, dtype) if is_other else x

        return nest.map_structure(cast, inputs)

    def _maybe_build(self, inputs):
        if not self.built:
            self._build_variables(inputs)
        if getattr(self, "_initial_weights", None) is not None:
            self.set_weights(self._initial_weights)
            self._initial_weights = None

    def _build_variables(self, inputs):
        """Calls `build` with the shapes of the inputs (which may be shapes themselves)."""
        assert_input_compatibility(self.input_spec, inputs, self.name)
        flat = nest.flatten(inputs)
        if flat and self._dtype_policy.compute_dtype is None:
            dtype = getattr(flat[0], "dtype", None)
            if dtype is not None:
                self._dtype_policy = with_input_dtype(self._dtype_policy, dtype.base_dtype)
        shapes = None
        if isinstance(inputs, TensorShape):
            shapes = inputs
        elif all(hasattr(x, "shape") for x in flat):
            shapes = nest.map_structure(lambda x: x.shape, inputs)
        if not hasattr(self.build, "_is_default"):
            if getattr(self, "_keras_style", True) and not here.eager and is_eager_outside_functions():
                with init_scope():
                    self.build(shapes)
            else:
                self.build(shapes)
        self.built = True

    def _symbolic_call(self, inputs):
        """Placeholders for the outputs of a layer that runs only eagerly."""

        def placeholder(shape):
            made = tf.placeholder(shape=shape, dtype=self.dtype)
            made._keras_mask = None
            return made

        return _map_shapes(placeholder, self.compute_output_shape(nest.map_structure(lambda x: x.shape, inputs)))

    # --------------------------------------------------------------------------------------------------------------- masks

    def _collect_input_masks(self, inputs, args, kwargs):
        if self._call_arg_was_passed("mask", args, kwargs):
            return self._get_call_arg_value("mask", args, kwargs)
        masks = nest.map_structure(lambda t: getattr(t, "_keras_mask", None), inputs)
        return None if all(m is None for m in nest.flatten(masks)) else masks

    def _set_mask_metadata(self, inputs, outputs, masks):
        """Gives the outputs their masks."""
        flat = nest.flatten(outputs)
        if all(getattr(x, "_keras_mask", None) is not None for x in flat) or getattr(
            self, "_compute_output_and_mask_jointly", False
        ):
            return
        found = None
        if self.supports_masking or not getattr(self.compute_mask, "_is_default", False):
            found = self.compute_mask(inputs, masks)
        if found is None and masks is None:
            return
        for output, mask in zip(flat, [None] * len(flat) if found is None else nest.flatten(found)):
            if isinstance(output, Tensor):
                output._keras_mask = mask
                if isinstance(mask, Tensor):
                    mask._keras_history_checked = True

    def _call_arg_was_passed(self, name, args, kwargs, inputs_in_args=False):
        if name in kwargs:
            return True
        names = self._call_fn_args if inputs_in_args else self._call_fn_args[1:]
        return name in names[: len(args)]

    def _get_call_arg_value(self, name, args, kwargs, inputs_in_args=False):
        if name in kwargs:
            return kwargs[name]
        names = self._call_fn_args if inputs_in_args else self._call_fn_args[1:]
        return dict(zip(names, args))[name]

    # ---------------------------------------------------------------------------------------------------------- attributes

    def _maybe_create_attribute(self, name, value):
        if not hasattr(self, name):
            object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        """Sets an attribute; layers, variables and other things that can be saved become parts of the layer."""
        if not self._setattr_tracking or self._is_graph_network or hasattr(type(self), name):
            try:
                object.__setattr__(self, name, value)
            except AttributeError:
                raise AttributeError(
                    'Can\'t set the attribute "%s", likely because it conflicts with an existing read-only @property '
                    "of the object. "
                    "Please choose a different name." % name
                ) from None
            return
        if name in self.__dict__:
            self.__delattr__(name)
        value = sticky_attribute_assignment(self, name, value)
        if isinstance(value, Layer | TrackableDataStructure):
            self._maybe_create_attribute("_layers", [])
            if not any(thing is value for thing in self._layers):
                self._layers.append(value)
            if hasattr(value, "_use_resource_variables"):
                value._use_resource_variables = True
        for thing in contents(value):
            if isinstance(thing, Variable):
                self._own(thing)
        object.__setattr__(self, name, value)

    def _own(self, variable):
        """Adds a variable that became an attribute to those of the layer."""
        kind = "_trainable_weights" if variable.trainable else "_non_trainable_weights"
        for attribute in ("_trainable_weights", "_non_trainable_weights"):
            self._maybe_create_attribute(attribute, [])
        weights = getattr(self, kind)
        if not any(variable is w for w in weights):
            weights.append(variable)
            track_variable(variable)

    def __delattr__(self, name):
        value = self.__dict__.get(name)
        object.__delattr__(self, name)
        if not isinstance(value, Trackable) or any(v is value for v in self.__dict__.values()):
            return
        for attribute in ("_layers", "_trainable_weights", "_non_trainable_weights"):
            kept = self.__dict__.get(attribute)
            if kept and any(x is value for x in kept):
                object.__setattr__(self, attribute, [x for x in kept if x is not value])

    def _get_trainable_state(self):
        state = {self: self.trainable}
        for layer in self._sublayers():
            state.update(layer._get_trainable_state())
        return state

    def _set_trainable_state(self, state):
        if self in state:
            self.trainable = state[self]
        for layer in self._sublayers():
            layer._set_trainable_state(state)

    def _is_layer(self):
        return True

    @property
    def _object_identifier(self):
        return "_tf_keras_layer"

    def __deepcopy__(self, memo):
        made = memo[id(self)] = type(self).__new__(type(self))
        for name, value in self.__dict__.items():
            object.__setattr__(made, name, value if name == "_local" else copy.deepcopy(value, memo))
        return made


def _map_shapes(function, shapes):
    """Applies a function to each shape of a structure of shapes, which may be tuples."""
    if isinstance(shapes, TensorShape) or isinstance(shapes, list | tuple) and all(d is None or isinstance(d, int) for d in shapes):
        return function(TensorShape(shapes) if not isinstance(shapes, TensorShape) else shapes)
    if isinstance(shapes, dict):
        return {k: _map_shapes(function, s) for k, s in shapes.items()}
    return type(shapes)(_map_shapes(function, s) for s in shapes)


export("python.keras.engine.base_layer.InputSpec")(InputSpec)
