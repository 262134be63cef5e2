"""Structures that checkpoints save: what lists and dictionaries that are attributes have in common.

A list or dictionary that is assigned to an attribute of an `AutoTrackable` is wrapped: it behaves as before, and what it holds
becomes a dependency.  A change after which a checkpoint could not be restored into new objects is noted, and then saving fails.
"""

import collections.abc

from ..core.export import export
from ..core.trackable import Trackable
from .base import Variable

IGNORING = (
    "\n\nIf you don't need this %s checkpointed, wrap it in a tf.contrib.checkpoint.NoDependency object; it will be "
    "automatically un-wrapped and subsequently ignored."
)
CHANGED_OUTSIDE = (
    "The wrapped %s was modified outside the wrapper (its final value was %s, its value when a checkpoint dependency was added was "
    "%s), which breaks restoration on object creation."
)

# type -> what wraps a value of exactly this type; structures_lists.py and structures_dicts.py put theirs here.
WRAPPERS = {}


@export("contrib.checkpoint.NoDependency")
class NoDependency:
    """Marks a value for an attribute that is not to become a dependency; the attribute gets the value itself."""

    def __init__(self, value):
        self.value = value


def wrap_or_unwrap(value):
    """A value as an attribute gets it: dictionaries and lists wrapped, what `NoDependency` marks taken out."""
    if isinstance(value, NoDependency):
        return value.value
    if isinstance(value, Trackable) or type(value) not in WRAPPERS:
        return value
    return WRAPPERS[type(value)](value)


export("python.training.tracking.data_structures._wrap_or_unwrap")(wrap_or_unwrap)


@export("python.training.tracking.data_structures.sticky_attribute_assignment")
def sticky_attribute_assignment(trackable, name, value):
    """Makes a value that is assigned to an attribute a dependency, if it can be one.

    Args:
      trackable: the object with the attribute.
      name: the attribute.
      value: the value.

    Returns:
      What the attribute is to have: the value itself, or a list or dictionary wrapped.
    """
    wrapped = wrap_or_unwrap(value)
    if isinstance(wrapped, Trackable) and not isinstance(value, NoDependency):
        trackable._track_trackable(wrapped, name=name, overwrite=True)
    return wrapped


def contents(value):
    """All that is in a structure of lists, tuples and dictionaries, in order."""
    if isinstance(value, collections.abc.Mapping):
        value = value.values()
    elif isinstance(value, TrackableDataStructure):
        value = value._values
    elif not isinstance(value, list | tuple):
        yield value
        return
    for v in value:
        yield from contents(v)


class _Untrackable(ValueError):
    """A value that can be no dependency."""

    def __init__(self, value):
        self._value = value

    def __str__(self):
        return ("Only trackable objects (such as Layers or Optimizers) may be stored in a List object. Got %s, which does not "
                "inherit from Trackable.") % (self._value,)  # fmt: skip


def is_function(thing):
    """Whether a thing is a `tf.function`, or a concrete function of one."""
    return hasattr(thing, "get_concrete_function") or hasattr(thing, "structured_outputs")


# ------------------------------------------------------------------------------------------------------- layers in structures


def is_layer(thing):
    """Whether a thing is a layer, as Keras means it."""
    return hasattr(thing, "_is_layer") and not isinstance(thing, type)


def has_weights(thing):
    """Whether a thing has weights as a layer has them."""
    kind = type(thing)
    return hasattr(kind, "trainable_weights") and hasattr(kind, "non_trainable_weights") and not isinstance(thing, type)


def layers_of(things):
    """The layers among some things and in structures among them, each once."""
    waiting, seen, found = list(things)[::-1], set(), []
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if is_layer(thing):
            found.append(thing)
        elif hasattr(thing, "layers"):
            waiting.extend(thing.layers[::-1])
    return found


export("python.training.tracking.layer_utils.filter_empty_layer_containers")(layers_of)
export("python.training.tracking.layer_utils.is_layer")(is_layer)
export("python.training.tracking.layer_utils.has_weights")(has_weights)


@export("python.training.tracking.layer_utils.gather_trainable_weights")
def gather_trainable_weights(trainable, sub_layers, extra_variables):
    """The trainable variables of an object with layers and other variables, which may be untrainable altogether."""
    if not trainable:
        return []
    return [w for layer in sub_layers for w in layer.trainable_weights] + [v for v in extra_variables if v.trainable]


@export("python.training.tracking.layer_utils.gather_non_trainable_weights")
def gather_non_trainable_weights(trainable, sub_layers, extra_variables):
    """Its other variables."""
    weights = [w for layer in sub_layers for w in layer.non_trainable_weights]
    if not trainable:
        weights = gather_trainable_weights(True, sub_layers, extra_variables) + weights
    return weights + [v for v in extra_variables if not v.trainable]


@export("python.training.tracking.data_structures.TrackableDataStructure")
class TrackableDataStructure(Trackable):
    """The base of structures that checkpoints save; what they hold are their dependencies.

    Attributes:
      trainable: whether variables in it can be trained.
      layers: the layers in it.
      variables, trainable_variables, non_trainable_variables: the variables in it, those of its layers too.
      updates, losses: those of its layers.
    """

    # The names of attributes begin with `_self_` where another object may be wrapped, whose attributes all others are.

    def __init__(self):
        self._self_trainable = True
        self._self_extra_variables = []

    @property
    def trainable(self):
        return self._self_trainable

    @trainable.setter
    def trainable(self, value):
        self._self_trainable = value

    def _track_value(self, value, name):
        """Makes a value a dependency; returns what is to be stored.

        Raises:
          ValueError: the value can be none.
        """
        value = sticky_attribute_assignment(trackable=self, value=value, name=name)
        if isinstance(value, Variable):
            self._self_extra_variables.append(value)
        if not isinstance(value, Trackable):
            raise _Untrackable(value)
        if hasattr(value, "_use_resource_variables"):  # a layer of tf.layers
            value._use_resource_variables = True
        return value

    @property
    def _values(self):
        """What it holds."""
        raise NotImplementedError("Abstract method")

    @property
    def _layers(self):
        """The layers and structures directly in it."""
        return [v for v in self._values if isinstance(v, TrackableDataStructure) or is_layer(v) or has_weights(v)]

    @property
    def layers(self):
        return layers_of(self._layers)

    @property
    def trainable_weights(self):
        return gather_trainable_weights(self.trainable, self._layers, self._self_extra_variables)

    @property
    def non_trainable_weights(self):
        return gather_non_trainable_weights(self.trainable, self._layers, self._self_extra_variables)

    @property
    def weights(self):
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_variables(self):
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        return self.non_trainable_weights

    @property
    def variables(self):
        return self.weights

    @property
    def updates(self):
        return [u for layer in self.layers for u in getattr(layer, "updates", ())]

    @property
    def losses(self):
        return [loss for layer in self.layers for loss in getattr(layer, "losses", ())]

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other
