"""`tfe.Network` and `tfe.Sequential`: layers made of layers, with variables named by how they are nested."""

import collections
import functools
import weakref

from ...core.context import here
from ...core.export import export
from ...core.graph import get_default_graph
from ...keras.backend.settings import state_of
from ...layers.base import Layer
from ...platform import tf_logging
from ...platform.decorators import fn_args
from ...variables.scope import VariableScope, get_variable_scope, scope_store, variable_scope

_DEPRECATED = (
    "Networks are deprecated. Derive from tf.keras.Model instead: it does what they do without track_layer, since it tracks the "
    "layers that are set as attributes, those of tf.layers included."
)


def _scope_of_operations(layer):
    """The name scope of a layer's operations: that of its variables."""
    return layer()._current_scope.name + "/"


@export("contrib.eager.Network")
class Network(Layer):
    """A layer made of layers, which `track_layer` takes in; a derived class says in `call` how they are used.

    A network gets its name, and with it its variables' names, when it is taken into another network, or else when it is called.

    Args:
      name: its name, unique among the layers of the network that takes it in, or among networks; by default that of the class in
        snake case, with a number if need be.

    Raises:
      ValueError: the name has a slash or is a variable scope.
    """

    def __init__(self, name=None):
        if here.eager:
            tf_logging.warning("** tfe.Network: %s", _DEPRECATED)
        if isinstance(name, VariableScope):
            raise ValueError("VariableScopes are not valid Network names.")
        if name is not None and "/" in name:
            raise ValueError("Forward slashes ('/') are not allowed in Network names.")
        super().__init__(name=name)
        self._layers = []
        self._sub_layer_name_uids = collections.defaultdict(int)
        self._first_parent = None  # then a weak reference to the network that took it in, or False if none did before it was called
        self._non_network_sublayers = []
        self._owned_layers = {}
        self._default_parent_variable_scope = get_variable_scope()
        self._variable_scope_counts_on_init = scope_store().counts

    def _gather_saveables_for_checkpoint(self):
        raise NotImplementedError("tfe.Network does not support object-based checkpointing. %s" % _DEPRECATED)

    # --------------------------------------------------------------------------------------------------------------- names

    def _init_set_name(self, name):
        self._name, self._base_name = name, None

    def _name_scope(self):
        return self._current_scope.name + "/"

    @property
    def name(self):
        """Its name.

        Raises:
          ValueError: it has none yet.
        """
        if self._name is None:
            raise ValueError(
                "The network does not yet have a final name, but a name was requested for it. Networks get a name when they are "
                "added to another Network via track_layer, or when they are first called/built."
            )
        return self._name

    def _finalize_name(self, parent_network):
        """Settles its name as a layer of another network, or (with False) as that of a network of its own."""
        if not self._name:
            self._name, self._base_name = self._make_unique_name(
                name_uid_map=parent_network._sub_layer_name_uids if parent_network else state_of(get_default_graph()).names,
                avoid_names=parent_network._owned_layers if parent_network else self._taken_names(),
                namespace=self._default_parent_variable_scope.name,
                zero_based=True,
            )
        if self._first_parent is None or self._first_parent and self._first_parent() is None:
            self._first_parent = weakref.ref(parent_network) if parent_network else parent_network

    def _taken_names(self):
        """The names of the scopes inside the variable scope in which it was made."""
        around = self._default_parent_variable_scope.name
        around += "/" if around else ""
        return {n[len(around) :] for n in self._variable_scope_counts_on_init if n and n.startswith(around)}

    def _set_scope(self, scope=None):
        if self._scope is not None:
            return
        parent = self._first_parent() if self._first_parent else self._first_parent
        if parent is None:
            self._finalize_name(False)
        if scope is not None:
            raise ValueError("Networks may not be created with explicit scopes.")
        if parent:
            parent._set_scope()
        with variable_scope(parent._scope if parent else self._default_parent_variable_scope) as around:
            if "%s/%s" % (around.name, self._name) in self._variable_scope_counts_on_init:
                raise self._name_is_taken()
            with variable_scope(None, use_resource=True, default_name=self._name) as made:
                self._scope = made
                self._check_scope(made.name, parent)
        for layer in self._non_network_sublayers:
            self._set_scope_for_nonnetwork_sublayer(layer)

    def _check_scope(self, scope_name, parent):
        outer, slash, last = scope_name.rpartition("/")
        if last != self._name:
            raise self._name_is_taken()
        if parent and outer != parent.scope_name:
            raise ValueError(
                "Network variable names must match a nesting of sub-Network names. Expected prefix '%s' from parent network, but "
                "got '%s' when attempting to create a variable_scope for Network '%s'. Likely an explicit variable_scope was "
                "inserted into the nesting." % (parent.scope_name, outer, self._name)
            )
        if not parent and slash:
            self._name = scope_name

    def _name_is_taken(self):
        return ValueError(
            "A Network named '%s' already exists (or a variable_scope was created with this name). Names must be unique."
            % self._name
        )

    def _set_scope_for_nonnetwork_sublayer(self, sublayer):
        """Settles the variable scope of a layer that is no network: inside that of the network that took it in first."""
        if sublayer._scope is not None:
            return
        parent = sublayer._first_parent() if sublayer._first_parent is not None else None
        if not parent:
            self._finalize_name(False)
            raise ValueError(
                "The parent of a Layer added to Network %s was garbage collected before the Layer was built. If this limitation "
                "bothers you please file a feature request." % self.name
            )
        parent._set_scope()
        with variable_scope(parent._scope), variable_scope(None, use_resource=True, default_name=sublayer.name) as made:
            sublayer._scope = made
            sublayer._name_scope = functools.partial(_scope_of_operations, weakref.ref(sublayer))

    # -------------------------------------------------------------------------------------------------------------- layers

    def track_layer(self, layer):
        """Takes a layer in, so that its variables are among those of the network.

        Args:
          layer: a `tf.layers.Layer`, perhaps another network.

        Returns:
          The layer.

        Raises:
          RuntimeError: `__init__` was not called.
          TypeError: it is no layer.
          ValueError: another layer of the network has its name.
        """
        if not hasattr(self, "_layers"):
            raise RuntimeError("Need to call Network.__init__ before adding layers")
        if not isinstance(layer, Layer):
            raise TypeError("Network.track_layer() passed type %s, not a tf.layers.Layer" % (type(layer),))
        layer._use_resource_variables = True
        if isinstance(layer, Network):
            layer._finalize_name(parent_network=self)
        else:
            self._take_in(layer)
        if not layer.built and layer._first_parent and layer._first_parent() is self:
            if self._owned_layers.get(layer.name) is layer:
                return layer
            if layer.name in self._owned_layers:
                raise ValueError("Attempt to add two Layers with the name '%s' to the same Network." % layer.name)
            self._owned_layers[layer.name] = layer
        self._layers.append(layer)
        return layer

    def _take_in(self, layer):
        """Takes in a layer that is no network; one that was not given a name gets one that is unique in the network."""
        parent = getattr(layer, "_first_parent", None)
        if not layer.built and (parent is None or parent() is None):
            if layer._name != layer._base_name:
                layer._name, layer._base_name = layer._make_unique_name(
                    name_uid_map=self._sub_layer_name_uids, avoid_names=self._owned_layers, zero_based=True
                )
            layer._first_parent = weakref.ref(self)
        self._non_network_sublayers.append(layer)

    def get_layer(self, name=None, index=None):
        """One of its layers.

        Args:
          name: the layer's name; if several have it, the first one is meant.
          index: in place of the name the layer's number, in the order in which layers were taken in.

        Raises:
          ValueError: there is no such layer, or not exactly one of the two is given.
        """
        if index is not None:
            if name is not None:
                raise ValueError("Exactly one of 'index' or 'name' must be provided")
            if len(self._layers) <= index:
                raise ValueError(
                    "Was asked to retrieve layer at index %s but model only has %s layers." % (index, len(self._layers))
                )
            return self._layers[index]
        if not name:
            raise ValueError("Provide either a layer name or layer index.")
        for layer in self._layers:
            if layer.name == name:
                return layer
        raise ValueError("No such layer: " + name)

    # ------------------------------------------------------------------------------------------------ what layers tell of

    layers = property(lambda self: self._layers, doc="Its layers, in the order in which they were taken in.")

    def _gathered(self, what):
        return [x for layer in self._layers for x in getattr(layer, what)]

    weights = property(lambda self: self._gathered("weights"), doc="The variables of its layers.")
    trainable_weights = property(lambda self: self._gathered("trainable_weights"), doc="Those that are trained.")
    non_trainable_weights = property(lambda self: self._gathered("non_trainable_weights"), doc="Those that are not.")
    losses = property(lambda self: self._gathered("losses"), doc="The losses of its layers.")

    @property
    def trainable(self):
        """Whether it is trained, which it always is."""
        return True

    @trainable.setter
    def trainable(self, value):
        if not value:
            raise AttributeError("cannot mark Network as not trainable")

    def add_variable(self, name, shape, dtype=None, initializer=None, regularizer=None, trainable=True, constraint=None):
        """Networks have no variables of their own.

        Raises:
          RuntimeError: always.
        """
        raise RuntimeError("add_variable not supported in Network class yet: a Network has the variables of its layers")

    def add_loss(self, losses, inputs=None):
        """Networks have no losses of their own.

        Raises:
          RuntimeError: always.
        """
        raise RuntimeError("add_loss is not supported in Network class yet: a Network has the losses of its layers")


@export("contrib.eager.Sequential")
class Sequential(Network):
    """A network of layers, or functions, each of which gets what the one before gives.

    Args:
      layers_funcs: None, or the layers and functions.
      name: its name.
    """

    def __init__(self, layers_funcs=None, name=None):
        super().__init__(name=name)
        self._layers_funcs = []
        for x in layers_funcs or ():
            self.add(x)

    def add(self, layer_func):
        """Adds a layer or function at the end.

        Raises:
          TypeError: it is neither.
        """
        if isinstance(layer_func, Layer):
            names = fn_args(layer_func.call)
            self.track_layer(layer_func)
        elif callable(layer_func):
            names = fn_args(layer_func)
        else:
            raise TypeError(
                "Sequential.add() takes only tf.layers.Layer objects or callables; not '%s' of type '%s'."
                % (layer_func, type(layer_func))
            )
        self._layers_funcs.append(("training" in names, layer_func))

    def call(self, inputs, training=None):
        """The output of the last one.

        Args:
          inputs: what the first one gets.
          training: passed to those that take it, unless it is None.
        """
        for takes_training, function in self._layers_funcs:
            inputs = function(inputs, training) if takes_training and training is not None else function(inputs)
        return inputs
