"""The losses, updates and metrics that layers add."""

import functools
import itertools
import threading

from ...core import nest
from ...core.context import here
from ...core.convert import convert
from ...core.export import public as tf
from ...core.operation import Operation
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ...variables.partitioned import PartitionedVariable
from ...variables.structures import contents
from ..backend.settings import floatx, get_graph, is_eager_outside_functions
from ..utils.serialization import to_list
from .calling import call_context, is_in_eager_or_tf_function, is_in_tf_function, is_symbolic, reachable_from


class _EagerLosses(threading.local):
    def __init__(self):
        self.losses = []


class Collecting:
    """The part of a layer that keeps its losses, updates and metrics."""

    def _start_collecting(self):
        self._updates = []
        self._losses = []
        self._callable_losses = []
        self._metrics = []
        self._local = _EagerLosses()

    # ------------------------------------------------------------------------------------------------------------ losses

    @property
    def _eager_losses(self):
        return self._local.losses

    @property
    def losses(self):
        """The losses that were added to it and to its layers; those of variables are computed anew."""
        found = list(self._eager_losses or self._losses)
        for regularizer in self._callable_losses:
            loss = regularizer()
            if loss is not None:
                found.append(loss)
        return found + self._gather_children_attribute("losses")

    def add_loss(self, losses, inputs=None):
        """Adds losses.

        Args:
          losses: a tensor, a function without arguments that gives one, or a list of these.
          inputs: what they depend on; None says that they depend on no input.

        Raises:
          ValueError: a tensor with a value is added outside of a call.
        """
        is_unconditional = inputs is None
        for loss in nest.flatten(losses):
            if callable(loss):
                self._callable_losses.append(functools.partial(_tagged, loss, is_unconditional))
                continue
            if loss is None:
                continue
            loss = _tagged(loss, is_unconditional)
            if is_symbolic(loss) and not is_in_tf_function():
                if not call_context.in_call and getattr(self, "_is_graph_network", False):
                    self._graph_network_add_loss(loss)
                else:
                    self._losses.append(loss)
            elif not call_context.in_call:
                raise ValueError("Expected a symbolic Tensors or a callable for the loss value. Please wrap your loss "
                                 "computation in a "
                                 "zero argument `lambda`.")  # fmt: skip
            else:
                self._eager_losses.append(loss)

    def _clear_losses(self):
        self._eager_losses.clear()
        for layer in self._sublayers():
            layer._clear_losses()

    def get_losses_for(self, inputs):
        """The losses that depend on some inputs; with None those that depend on none."""
        if inputs is None:
            return [x for x in self.losses if x._unconditional_loss]
        losses = [x for x in self.losses if not x._unconditional_loss]
        found = reachable_from(nest.flatten(inputs), losses)
        return [x for x in losses if x in found]

    def _handle_weight_regularization(self, name, variable, regularizer):
        """Adds the loss of a new variable."""

        def loss_of(v):
            with name_scope(name + "/Regularizer"):
                return regularizer(v)

        for v in variable if isinstance(variable, PartitionedVariable) else [variable]:
            self.add_loss(functools.partial(loss_of, v))

    def _handle_activity_regularization(self, inputs, outputs):
        """Adds the loss of the outputs of a call."""
        if not self._activity_regularizer:
            return
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = self._activity_regularizer(output)
                self.add_loss(loss / tf.cast(tf.shape(output)[0], loss.dtype), inputs=inputs)

    # ----------------------------------------------------------------------------------------------------------- updates

    @property
    def updates(self):
        """The operations that were added to it and to its layers; none while it is not trainable."""
        if not self.trainable and not self.stateful:
            return []
        if here.eager and not self._updates:
            return self._gather_children_attribute("updates")
        with get_graph().as_default():
            updates = [u() if callable(u) else u for u in self._updates]
        return updates + self._gather_children_attribute("updates")

    def add_update(self, updates, inputs=None):
        """Adds operations that are to run in each step of training.

        Args:
          updates: an operation, a function without arguments that makes one, or a list of these.  While execution is eager
            functions are called at once.
          inputs: deprecated and of no meaning: what they depend on is found out.
        """
        updates = to_list(updates)
        if is_in_eager_or_tf_function():
            if not call_context.frozen:
                for update in updates:
                    if callable(update):
                        update()
            return
        if call_context.in_call:
            relevant = nest.flatten(call_context.inputs)
        else:
            relevant = nest.flatten([node.input_tensors for node in getattr(self, "_inbound_nodes", [])])
        is_late = is_eager_outside_functions()
        updates = [_processed(u, relevant, is_late) for u in updates]
        if is_late and call_context.in_call:
            updates = [u for u in updates if callable(u)]
        self._updates += updates

    def get_updates_for(self, inputs):
        """The updates that depend on some inputs; with None those that depend on none."""
        if inputs is None:
            return [u for u in self.updates if u._unconditional_update]
        updates = [u for u in self.updates if not u._unconditional_update]
        found = reachable_from(nest.flatten(inputs), updates)
        return [u for u in updates if u in found]

    # ----------------------------------------------------------------------------------------------------------- metrics

    @property
    def metrics(self):
        """The metrics that were added to it and to its layers."""
        return self._metrics + self._gather_children_attribute("metrics")

    def add_metric(self, value, aggregation=None, name=None):
        """Adds a metric.

        Args:
          value: a tensor: a metric's result, or with `aggregation` what to take the mean of.
          aggregation: None or "mean".
          name: the metric's name; needed unless `value` is the result of a metric.

        Raises:
          ValueError: an argument is not as it must be.
        """
        if aggregation is not None and aggregation != "mean":
            raise ValueError("We currently support only `mean` sample-wise metric aggregation. You provided aggregation=`%s`"
                             % aggregation)  # fmt: skip
        metric = getattr(value, "_metric_obj", None)
        if metric is not None:
            name = metric.name
        elif name is None:
            raise ValueError("Please provide a name for your metric like `self.add_metric(tf.reduce_sum(inputs), "
                             "name='mean_activation', aggregation='mean')`")  # fmt: skip
        if not call_context.in_call and not is_symbolic(value):
            raise ValueError("Expected a symbolic Tensor for the metric value, received: " + str(value))
        if not call_context.in_call and getattr(self, "_is_graph_network", False):
            if metric is not None:
                raise ValueError("Using the result of calling a `Metric` object when calling `add_metric` on a Functional Model is "
                                 "not supported. Please pass the Tensor to monitor directly.")  # fmt: skip
            self._graph_network_add_metric(value, aggregation, name)
            return
        self._add_metric(value, metric, aggregation, name)

    def _add_metric(self, value, metric, aggregation, name):
        same = [m for m in self._metrics if m.name == name]
        if len(same) > 1:
            raise ValueError("Please provide different names for the metrics you have added. We found %d metrics with "
                             "the name: \"%s\""
                             % (len(same), name))  # fmt: skip
        if same:
            if metric is None and aggregation is not None:
                same[0](value)
            return
        if metric is None:
            if aggregation is None:
                raise ValueError(
                    "We do not support adding an aggregated metric result tensor that is not the output of a "
                    "`tf.keras.metrics.Metric` "
                    "metric instance. Without having access to the metric instance we cannot reset the state of a "
                    "metric after every "
                    "epoch during training. You can create a `tf.keras.metrics.Metric` instance and pass the result "
                    "here or pass an "
                    "un-aggregated result with `aggregation` parameter set as `mean`. For example: "
                    "`self.add_metric(tf.reduce_sum(inputs), name='mean_activation', aggregation='mean')`"
                )
            metric = tf.keras.metrics.Mean(name=name)
            metric(value)
        self._metrics.append(metric)

    # ------------------------------------------------------------------------------------------------------------ layers

    def _sublayers(self):
        """The layers that are attributes, or in lists and dictionaries that are."""
        found = []
        for thing in getattr(self, "_layers", ()):
            found.extend(x for x in contents(thing) if isinstance(x, Collecting) and not any(x is other for other in found))
        return found

    def _gather_children_attribute(self, attribute):
        return list(itertools.chain.from_iterable(getattr(layer, attribute) for layer in self._sublayers()))


def _tagged(loss, is_unconditional):
    """A loss as a tensor that knows whether it depends on no input; None if there is none."""
    if callable(loss):
        loss = loss()
    if loss is None:
        return None
    if not isinstance(loss, Tensor):
        loss = convert(loss, dtype=floatx())
    loss._unconditional_loss = is_unconditional
    return loss


def _processed(update, relevant, is_late):
    """An update as an operation that knows whether it depends on no input; functions are called now unless `is_late`."""
    if callable(update) and not isinstance(update, Tensor):
        if is_late:
            return lambda: _processed(update(), relevant, False)
        return _processed(update(), relevant, is_late)
    if not isinstance(update, Operation):
        update = update.op if hasattr(update, "op") else convert(update)
    update._unconditional_update = not reachable_from(relevant, [update])
    return update
