"""Metrics as objects: states that are updated batch by batch, and a result; means and sums."""

import types

from ...core import nest
from ...core.context import here
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.graph import get_default_graph
from ...core.scopes import control_dependencies
from ...core.tensor import Tensor
from ...ops.weights import broadcast_weights
from ...variables.base import VariableAggregation, VariableSynchronization
from ..backend.settings import floatx, get_graph
from ..backend.values import batch_set_value
from ..engine.base_layer import Layer
from ..engine.calling import is_symbolic
from ..losses import squeeze_or_expand


@export("keras.metrics.Metric")
class Metric(Layer):
    """The base of metrics.  Subclasses make states in `__init__`, and have methods `update_state` and `result`.

    Args:
      name, dtype, **kwargs: as of `Layer`.
    """

    _is_keras_metric = True

    def __init__(self, name=None, dtype=None, **kwargs):
        super().__init__(name=name, dtype=dtype, **kwargs)
        self.stateful = True
        self.built = True
        if dtype is None:
            self._dtype = floatx()

    def __new__(cls, *args, **kwargs):
        made = super().__new__(cls)
        made.update_state = types.MethodType(_updating(cls.update_state), made)
        made.result = types.MethodType(_resulting(cls.result), made)
        return made

    def __call__(self, *args, **kwargs):
        """Updates the states; gives the result behind that."""
        update = self.update_state(*args, **kwargs)
        with control_dependencies([] if here.eager or update is None else [update]):
            result = self.result()
        result._metric_obj = self
        return result

    def __setattr__(self, name, value):
        if name in ("update_state", "result"):
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    def reset_states(self):
        """Lets the states begin anew."""
        batch_set_value([(v, 0) for v in self.variables])

    def update_state(self, *args, **kwargs):
        """Updates the states."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def result(self):
        """The value of the metric, a tensor."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def add_weight(self, name, shape=(), aggregation=VariableAggregation.SUM, synchronization=VariableSynchronization.ON_READ,
                   initializer=None, dtype=None):  # fmt: skip
        """Makes a state."""
        return super().add_weight(
            name=name, shape=shape, dtype=self._dtype if dtype is None else dtype, trainable=False, initializer=initializer,
            collections=[], synchronization=synchronization, aggregation=aggregation,
        )  # fmt: skip

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}


def _updating(method):
    """A method that updates states, in graphs as an operation that counts among the updates."""

    def update_state(self, *args, **kwargs):
        if here.eager and not any(is_symbolic(x) for x in nest.flatten((args, kwargs))):
            method(self, *args, **kwargs)
            return None
        with get_graph().as_default():
            graph = get_default_graph()
            count = len(graph.get_operations())
            update = method(self, *args, **kwargs)
            if update is None:  # a program's own: all that it did
                update = tf.group(*(op for op in graph.get_operations()[count:] if op.spec is not None and op.spec.is_stateful))
        self.add_update(update)
        return update

    update_state.__doc__ = method.__doc__
    return update_state


def _resulting(method):
    def result(self, *args, **kwargs):
        value = method(self, *args, **kwargs)
        value = tf.identity(value) if isinstance(value, Tensor) or hasattr(value, "assign") else convert(value)
        self._call_result = value
        return value

    result.__doc__ = method.__doc__
    return result


class Reduce(Metric):
    """The sum or the mean of weighted values.

    Args:
      reduction: "sum", "sum_over_batch_size" or "weighted_mean".
      name, dtype: as of `Layer`.
    """

    def __init__(self, reduction, name, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.reduction = reduction
        self.total = self.add_weight("total", initializer="zeros")
        if reduction != "sum":
            self.count = self.add_weight("count", initializer="zeros")

    def update_state(self, values, sample_weight=None):
        """Adds values, each with a weight if there are some."""
        values = tf.cast(values, self._dtype)
        if sample_weight is not None:
            sample_weight = tf.cast(sample_weight, self._dtype)
            values, _, sample_weight = squeeze_or_expand(values, None, sample_weight)
            try:
                sample_weight = broadcast_weights(sample_weight, values)
            except ValueError:
                axes = list(range(sample_weight.shape.ndims, values.shape.ndims))
                values = (tf.reduce_sum if self.reduction == "sum" else tf.reduce_mean)(values, axis=axes)
            values = tf.multiply(values, sample_weight)
        total = self.total.assign_add(tf.reduce_sum(values))
        if self.reduction == "sum":
            return total
        if self.reduction == "sum_over_batch_size" or sample_weight is None:
            count = tf.cast(tf.size(values), self._dtype)
        else:
            count = tf.reduce_sum(sample_weight)
        with control_dependencies([] if here.eager else [total]):
            return self.count.assign_add(count)

    def result(self):
        """The sum or the mean."""
        return self.total if self.reduction == "sum" else tf.div_no_nan(self.total, self.count)
