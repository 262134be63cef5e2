"""`tf.layers.Layer`: a layer that makes its variables with `tf.get_variable`, in a variable scope of its own."""

import contextlib
import copy

from ..core import nest
from ..core.context import here
from ..core.dtypes import as_dtype
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import init_scope, name_scope
from ..core.tensor import Tensor
from ..keras.backend.settings import is_eager_outside_functions, unique_object_name
from ..keras.engine import base_layer
from ..keras.engine.base_layer import checked_trainable
from ..keras.utils.serialization import to_snake_case
from ..variables.base import VariableAggregation, VariableSynchronization
from ..variables.listing import global_variables, trainable_variables
from ..variables.partitioned import PartitionedVariable
from ..variables.scope import VariableScope, get_variable, variable_scope


class _Style:
    is_keras = False


@export("layers.experimental.keras_style_scope", "python.layers.base.keras_style_scope")
@contextlib.contextmanager
def keras_style_scope():
    """A context manager in which new layers (and cells) make their variables as layers of Keras do: never shared."""
    before, _Style.is_keras = _Style.is_keras, True
    try:
        yield
    finally:
        _Style.is_keras = before


@export("layers.experimental.set_keras_style", "python.layers.base.set_keras_style")
def set_keras_style():
    """Lets all new layers (and cells) make their variables as layers of Keras do, from now on."""
    _Style.is_keras = True


@export("layers.Layer", "python.layers.base.Layer")
class Layer(base_layer.Layer):
    """The base of layers whose variables `tf.get_variable` makes.

    Args:
      trainable: whether its variables are trained.
      name: the name of its variable scope; by default that of the class in snake case, made unique.
      dtype: the type of its variables, by default that of the first input.
      **kwargs: `_scope`: the variable scope to use; `_reuse`: whether to share the variables in it; and what
        `tf.keras.layers.Layer` takes.
    """

    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        self._use_resource_variables = False
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        self._trainable_weights = []
        self.built = False
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._keras_style = _Style.is_keras
        if self._keras_style:
            for argument, value in (("scope", scope), ("reuse", self._reuse)):
                if value is not None:
                    raise ValueError("%s argument not allowed when keras style layers are enabled, but saw: %s" % (argument, value))
        self._call_has_scope_arg = "scope" in self._call_fn_args
        self._scope = self._current_scope = None
        if scope:
            with variable_scope(scope) as self._scope:
                pass

    @property
    def graph(self):
        """Deprecated: None; raises RuntimeError while execution is eager."""
        if here.eager:
            raise RuntimeError("Layer.graph not supported when executing eagerly.")
        return None

    def _init_set_name(self, name):
        self._base_name = self._name = name
        if isinstance(name, VariableScope):
            self._base_name = name.name
            self._name, _ = self._make_unique_name()
        elif not name:
            self._name, self._base_name = self._make_unique_name()

    def _make_unique_name(self, name_uid_map=None, avoid_names=None, namespace="", zero_based=False):
        base_name = to_snake_case(type(self).__name__)
        name = unique_object_name(base_name, name_uid_map=name_uid_map, avoid_names=avoid_names, namespace=namespace,
                                  zero_based=zero_based)  # fmt: skip
        return name, base_name

    @property
    def scope_name(self):
        """The name of its variable scope; raises ValueError before the first call."""
        if not self._scope:
            raise ValueError(
                'No name available for layer scope because the layer "%s" has not been used yet. The scope name  is determined the '
                "first time the layer instance is called. You must therefore call the layer before querying `scope_name`."
                % self._name
            )
        return self._scope.name

    def add_loss(self, losses, inputs=None):
        """Adds losses, also to the collection of regularization losses; see `tf.keras.layers.Layer.add_loss`."""
        count, callable_count = len(self._losses), len(self._callable_losses)
        super().add_loss(losses, inputs=inputs)
        if not here.eager:
            new = self._losses[count:]
            new += [loss for loss in (f() for f in self._callable_losses[callable_count:]) if loss is not None]
            add_new_to_collection(new, "regularization_losses")

    def _name_scope(self):
        return super()._name_scope() if self._keras_style else self._current_scope.original_name_scope

    def _set_scope(self, scope=None):
        """Settles the variable scope, if it is not yet."""
        if self._scope is not None:
            return
        if self._reuse:
            opened = variable_scope(self._base_name if scope is None else scope)
        else:
            opened = variable_scope(scope, default_name=self._base_name)
        with opened as self._scope:
            pass

    def add_weight(self, name, shape, dtype=None, initializer=None, regularizer=None, trainable=None, constraint=None,
                   use_resource=None, synchronization=VariableSynchronization.AUTO, aggregation=VariableAggregation.NONE,
                   partitioner=None, **kwargs):  # fmt: skip
        """Makes a variable of the layer, or shares one that is there.

        Args:
          name, shape: of the variable.
          dtype: its type, by default the layer's.
          initializer: by default that of the variable scope.
          regularizer, constraint: functions of the variable.
          trainable: whether it is trained, by default True.
          use_resource, synchronization, aggregation, partitioner: as of `tf.get_variable`.
          **kwargs: `experimental_autocast`, without meaning here.

        Raises:
          TypeError: there is another keyword.
          ValueError: it is trainable and synchronized on read.
        """
        for key in kwargs:
            if key != "experimental_autocast":
                raise TypeError("Unknown keyword argument:", key)
        if self._keras_style:
            return super().add_weight(
                name=name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer,
                trainable=trainable and self.trainable, constraint=constraint, use_resource=use_resource, partitioner=partitioner,
                **kwargs,
            )  # fmt: skip
        trainable = checked_trainable(trainable, synchronization)
        init_graph, existing = _variables_before()
        self._set_scope(None)
        count = len(self._trainable_weights)
        with variable_scope(self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False) as scope:
            self._current_scope = scope
            with name_scope(self._name_scope()):
                variable = super().add_weight(
                    name, shape, dtype=as_dtype(dtype or self.dtype or "float32"),
                    initializer=scope.initializer if initializer is None else initializer, trainable=trainable and self.trainable,
                    constraint=constraint, partitioner=partitioner,
                    use_resource=use_resource or self._use_resource_variables or scope.use_resource,
                    synchronization=synchronization, aggregation=aggregation, getter=get_variable, **kwargs,
                )  # fmt: skip
                if regularizer and (is_eager_outside_functions() or not _is_among(variable, existing)):
                    self._handle_weight_regularization(name, variable, regularizer)
                if init_graph is not None and trainable and self.trainable:
                    with init_graph.as_default():
                        known = trainable_variables()
                    if not any(v is variable for v in known):  # a getter decided otherwise
                        self._non_trainable_weights += self._trainable_weights[count:]
                        del self._trainable_weights[count:]
        return variable

    def __call__(self, inputs, *args, **kwargs):
        """Calls the layer in its variable scope; see `tf.keras.layers.Layer`.

        Args:
          inputs: a tensor or a structure of tensors.
          *args, **kwargs: what else `call` takes; `scope` is the variable scope to use, if none has been yet.

        Returns:
          What `call` gives.

        Raises:
          ValueError: the inputs are not as `input_spec` says, or `call` gives None.
        """
        scope = kwargs.pop("scope", None)
        if self._keras_style:
            if scope is not None:
                raise ValueError("scope argument not allowed when keras style layers are enabled, but saw: %s" % scope)
            return super().__call__(inputs, *args, **kwargs)
        self._set_scope(scope)
        if not self.built:
            opened = variable_scope(self._scope, reuse=self._reuse, auxiliary_name_scope=False)
        else:
            opened = self.__dict__.get("_always_reuse_variable_scope")
            if opened is None:
                opened = self._always_reuse_variable_scope = variable_scope(self._scope, reuse=True, auxiliary_name_scope=False)
        with opened as scope:
            self._current_scope = scope
            if self._call_has_scope_arg:
                kwargs["scope"] = scope
            outputs = super().__call__(inputs, *args, **kwargs)
        if not here.eager:
            add_new_to_collection(self.updates, "update_ops")
        return outputs

    def __deepcopy__(self, memo):
        made = memo[id(self)] = type(self).__new__(type(self))
        for name, value in self.__dict__.items():
            if name in ("_scope", "_always_reuse_variable_scope"):
                value = copy.copy(value)
            elif name != "_local" and not _holds_tensors(value):
                value = copy.deepcopy(value, memo)
            object.__setattr__(made, name, value)
        return made

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)

    __delattr__ = object.__delattr__

    @property
    def _is_legacy_layer(self):
        return True


def _holds_tensors(value):
    """Whether a value is a tensor or a list of tensors."""
    return isinstance(value, Tensor) or isinstance(value, list) and bool(value) and all(isinstance(v, Tensor) for v in value)


def _variables_before():
    """The graph in which a variable will be made (None while that is eager), and the variables there."""
    if here.eager:
        return None, ()
    graph = get_default_graph()
    if not graph.building_function:
        return graph, global_variables()
    with init_scope():
        return (None, ()) if here.eager else (get_default_graph(), global_variables())


def _is_among(variable, existing):
    """Whether a variable, or a part of one in parts, was there before."""
    parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
    return any(v is p for p in parts for v in existing)


def add_new_to_collection(elements, name):
    """Adds those things to a collection that it does not have."""
    collection = get_default_graph().get_collection_ref(name)
    known = {id(x) for x in collection}
    for x in nest.flatten(elements):
        if id(x) not in known:
            known.add(id(x))
            collection.append(x)
