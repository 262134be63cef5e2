"""The collections of losses: `tf.losses.add_loss`, `get_losses`, `get_total_loss`, ..."""

from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.context import here
from ..core.convert import constant
from ..core.export import export, public as tf


@export("losses.add_loss")
def add_loss(loss, loss_collection=GraphKeys.LOSSES):
    """Adds a loss to a collection of the graph.

    Args:
      loss: a tensor.
      loss_collection: the collection, or None for none.  Eagerly nothing is kept.
    """
    if loss_collection and not here.eager:
        add_to_collection(loss_collection, loss)


@export("losses.get_losses", "contrib.losses.get_losses")
def get_losses(scope=None, loss_collection=GraphKeys.LOSSES):
    """The list of the losses in a collection.

    Args:
      scope: a regular expression that the beginnings of their names must match, or None.
      loss_collection: the collection.
    """
    return get_collection(loss_collection, scope)


@export("losses.get_regularization_losses", "contrib.losses.get_regularization_losses")
def get_regularization_losses(scope=None):
    """The list of the regularization losses; `scope` filters them by name."""
    return get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


@export("losses.get_regularization_loss")
def get_regularization_loss(scope=None, name="total_regularization_loss"):
    """The sum of the regularization losses, 0 if there are none.

    Args:
      scope: filters the losses by name.
      name: the name of the node.
    """
    found = get_regularization_losses(scope)
    return tf.add_n(found, name=name) if found else constant(0.0)


@export("losses.get_total_loss")
def get_total_loss(add_regularization_losses=True, name="total_loss", scope=None):
    """The sum of all losses that were added.

    Args:
      add_regularization_losses: whether the regularization losses are counted.
      name: the name of the node.
      scope: filters the losses by name.

    Raises:
      ValueError: there are none.
    """
    found = get_losses(scope=scope)
    if add_regularization_losses:
        found += get_regularization_losses(scope=scope)
    return tf.add_n(found, name=name)
