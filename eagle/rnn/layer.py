"""What cells stand on: an object that makes its variables when it is first called, in a variable scope of its own."""

import re

from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.dtypes import as_dtype, float32
from ..core.export import resolve
from ..core.graph import get_default_graph
from ..core.scopes import name_scope
from ..variables.partitioned import PartitionedVariable
from ..variables.scope import get_variable, variable_scope

_BETWEEN_WORDS = re.compile("(?<=[a-z0-9])(?=[A-Z])|(?<!^)(?=[A-Z][a-z])")
_counts = {}  # eagerly: class name -> how many layers have been named after it


class InputSpec:
    """What a layer expects of its input: the rank."""

    def __init__(self, ndim):
        self.ndim = ndim


class Layer:
    """The base of cells.

    Args:
      trainable: whether its variables are trainable.
      name: the name of its variable scope; by default that of the class in snake case, made unique.
      dtype: the type of its variables; by default that of the first input.
      _reuse: whether to reuse variables that are there.
      _scope: the variable scope to use.
    """

    def __init__(self, trainable=True, name=None, dtype=None, _reuse=None, _scope=None):
        self.trainable = trainable
        self.dtype = None if dtype is None else as_dtype(dtype).base_dtype.name
        self._reuse = _reuse
        self._base_name, self._name = name, name
        if not name:
            self._base_name = _BETWEEN_WORDS.sub("_", type(self).__name__).lower()
            self._name = _unique(self._base_name)
        self._trainable_weights, self._non_trainable_weights = [], []
        self.built = False
        self.input_spec = None
        self._scope = self._always_reuse = None
        self._tracked = {}
        if _scope:
            with variable_scope(_scope) as self._scope:
                pass

    name = property(lambda self: self._name)

    @property
    def scope_name(self):
        """The name of its variable scope; raises ValueError before the first call."""
        if self._scope is None:
            raise ValueError(
                'No name available for layer scope because the layer "%s" has not been used yet. The scope name  is determined the '
                "first time the layer instance is called. You must therefore call the layer before querying `scope_name`."
                % self._name
            )
        return self._scope.name

    @property
    def trainable_weights(self):
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self):
        return self._non_trainable_weights + ([] if self.trainable else self._trainable_weights)

    @property
    def weights(self):
        return self.trainable_weights + self.non_trainable_weights

    trainable_variables = property(lambda self: self.trainable_weights)
    non_trainable_variables = property(lambda self: self.non_trainable_weights)
    variables = property(lambda self: self.weights)

    def _track_trackable(self, trackable, name):
        """Notes an object that belongs to this one, for checkpoints."""
        self._tracked[name] = trackable

    def build(self, input_shape):
        """Makes the variables; to be overridden."""

    def add_weight(self, name, shape=None, dtype=None, initializer=None, trainable=True, partitioner=None):
        """A variable of the cell, in its scope."""
        self._set_scope(None)
        with variable_scope(self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False) as scope:
            with name_scope(scope.original_name_scope):
                v = get_variable(name, shape, dtype=dtype or self.dtype or float32, initializer=initializer,
                                 trainable=trainable and self.trainable, partitioner=partitioner)  # fmt: skip
        (self._trainable_weights if is_trainable(v) else self._non_trainable_weights).append(v)
        return v

    add_variable = add_weight

    def _set_scope(self, scope):
        if self._scope is None:
            opened = (
                variable_scope(self._base_name if scope is None else scope)
                if self._reuse
                else variable_scope(scope, default_name=self._base_name)
            )
            with opened as self._scope:
                pass

    def __call__(self, inputs, *args, scope=None, **kwargs):
        self._set_scope(scope)
        if self._always_reuse is None or not self.built:
            entered = variable_scope(self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False)
            if self.built:
                self._always_reuse = entered
        else:
            entered = self._always_reuse
        inputs = nest.map_structure(lambda x: x if hasattr(x, "shape") and hasattr(x, "dtype") else convert(x), inputs)
        with entered as current, name_scope(current.original_name_scope):
            if not self.built:
                flat = nest.flatten(inputs)
                self._check(flat[0])
                if self.dtype is None:
                    self.dtype = flat[0].dtype.base_dtype.name
                self.build(nest.map_structure(lambda x: x.shape, inputs))
                self.built = True
            return self.call(inputs, *args, **kwargs)

    def _check(self, x):
        if self.input_spec is None:
            return
        ndim = self.input_spec.ndim
        if x.shape.ndims != ndim:
            if x.shape.ndims is None:
                what = "its rank is undefined, but the layer requires a defined rank."
            else:
                what = "expected ndim=%d, found ndim=%d. Full shape received: %s" % (ndim, x.shape.ndims, x.shape.as_list())
            raise ValueError("Input 0 of layer %s is incompatible with the layer: %s" % (self.name, what))


def _unique(name):
    counts = _counts if here.eager else get_default_graph().__dict__.setdefault("_layer_counts", {})
    counts[name] = counts.get(name, 0) + 1
    return "%s_%d" % (name, counts[name])


def is_trainable(variable):
    """Whether a variable, or a partitioned one, is among those that optimizers train."""
    if isinstance(variable, PartitionedVariable):
        variable = next(iter(variable))
    if here.eager:
        return variable.trainable
    return any(v is variable for v in get_default_graph().get_collection_ref("trainable_variables"))


def activation(identifier):
    """The function for an activation given by itself or by its name in Keras."""
    return resolve("keras.activations.get")(identifier) if isinstance(identifier, str) else identifier


def initializer(identifier):
    """The initializer given by itself or by its name in Keras."""
    return resolve("keras.initializers.get")(identifier) if isinstance(identifier, str | dict) else identifier


class Dense(Layer):
    """A linear function without a bias."""

    def __init__(self, units, name=None, use_bias=False, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight("kernel", [input_shape.as_list()[-1], self.units])

    def compute_output_shape(self, input_shape):
        return input_shape[:-1].concatenate(self.units)

    def call(self, inputs):
        if inputs.shape.ndims == 2:
            return registry["MatMul"](inputs, self.kernel)
        outputs = resolve("tensordot")(inputs, self.kernel, [[inputs.shape.ndims - 1], [0]])
        if not here.eager:
            outputs.set_shape(inputs.shape[:-1].concatenate(self.units))
        return outputs
