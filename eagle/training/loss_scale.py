"""`tf.train.experimental.LossScale`: factors that keep small gradients of float16 away from zero."""

import abc

from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.dtypes import float32, int64
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.indexed_slices import with_values_by
from ..core.trackable import Trackable, TrackableReference
from ..ops.case import smart_cond
from ..ops.flow import group, no_op
from ..variables.base import VariableV1
from .optimizer import Optimizer


def _names(name):
    return "train.experimental." + name, "compat.v2.train.experimental." + name


@export(*_names("LossScale"))
class LossScale(Trackable, abc.ABC):
    """A factor for losses: called it gives the factor, a float32 scalar.  To be inherited from."""

    def __init__(self):
        self._weights = {}  # (name, key of a graph or None) -> variable

    @abc.abstractmethod
    def __call__(self):
        """The factor now."""

    @abc.abstractmethod
    def update(self, grads):
        """Changes the factor.

        Args:
          grads: a structure of the gradients, already divided by the factor; None among them does not count.

        Returns:
          The operation that changes it (eagerly it has been done), and whether the gradients are to be applied, a bool or a scalar.
        """

    def _add_weight(self, name, initial_value, dtype=None):
        """Adds a variable; raises RuntimeError if there is one of this name."""
        made = VariableV1(initial_value=initial_value, name=name, dtype=dtype, trainable=False, use_resource=True)
        key = name, _graph_key()
        if key in self._weights:
            raise RuntimeError("Duplicate variables detected. %s" % (key,))
        self._weights[key] = made
        self._handle_deferred_dependencies(name=name, trackable=made)
        return made

    @property
    def _checkpoint_dependencies(self):
        """What it depends on, and its variables of the current graph."""
        current, own = _graph_key(), sorted(self._weights.items(), key=lambda item: item[0][0])
        self._maybe_initialize_trackable()
        return super()._checkpoint_dependencies + [TrackableReference(name, v) for (name, key), v in own if key == current]

    def _lookup_dependency(self, name):
        found = super()._lookup_dependency(name)
        return self._weights.get((name, _graph_key())) if found is None else found

    @abc.abstractmethod
    def get_config(self):
        """What `from_config` makes one like it of."""

    @classmethod
    def from_config(cls, config):
        """One with this configuration, a dictionary."""
        return cls(**config)


def _graph_key():
    return None if here.eager else get_default_graph()._graph_key


@export(*_names("FixedLossScale"))
class FixedLossScale(LossScale):
    """A factor that never changes.

    Raises:
      ValueError: it is no number, or smaller than 1.
    """

    def __init__(self, loss_scale_value):
        super().__init__()
        if not isinstance(loss_scale_value, int | float):
            raise ValueError("loss_scale_value must be a Python int or float.")
        if loss_scale_value < 1:
            raise ValueError("loss_scale_value must be at least 1.")
        self._loss_scale_value = float(loss_scale_value)

    def __call__(self):
        return convert(self._loss_scale_value)

    def update(self, grads):
        return no_op(), True

    def __repr__(self):
        return "FixedLossScale(%s)" % self._loss_scale_value

    def get_config(self):
        return {"loss_scale_value": self._loss_scale_value}


def _all_finite(grads):
    """Whether all numbers in some gradients are finite, a boolean scalar."""
    every, is_finite = resolve("reduce_all"), resolve("is_finite")
    return every([every(is_finite(g)) for g in grads if g is not None])


def _operation(tensor):
    return tensor if here.eager else tensor.op


@export(*_names("DynamicLossScale"))
class DynamicLossScale(LossScale):
    """A factor that grows as long as gradients are finite; when they are not it shrinks, and they are not applied.

    Args:
      initial_loss_scale: the factor at first.
      increment_period: after how many steps with finite gradients it grows.
      multiplier: how much it grows or shrinks.
    """

    def __init__(self, initial_loss_scale=2**15, increment_period=2000, multiplier=2.0):
        super().__init__()
        self._initial_loss_scale = float(initial_loss_scale)
        self._increment_period = int(increment_period)
        self._multiplier = float(multiplier)
        self._current_loss_scale = self._add_weight("current_loss_scale", self._initial_loss_scale, float32)
        self._num_good_steps = self._add_weight("good_steps", 0, int64)

    initial_loss_scale = property(lambda self: self._initial_loss_scale)
    increment_period = property(lambda self: self._increment_period)
    multiplier = property(lambda self: self._multiplier)

    def __call__(self):
        return convert(self._current_loss_scale)

    def update(self, grads):
        is_finite = _all_finite(nest.flatten(grads))
        return resolve("cond")(is_finite, self._grow, self._shrink), is_finite

    def _grow(self):
        """Counts a step with finite gradients; makes the factor larger when there were enough."""
        cond, factor, steps = resolve("cond"), self._current_loss_scale, self._num_good_steps

        def multiply():
            larger = factor * self._multiplier
            change = cond(resolve("is_finite")(larger), lambda: _operation(factor.assign(larger)), no_op)
            return group(change, steps.assign(0))

        return cond(steps + 1 >= self._increment_period, multiply, lambda: _operation(steps.assign_add(1)))

    def _shrink(self):
        smaller = resolve("maximum")(self._current_loss_scale / self._multiplier, 1)
        return group(self._num_good_steps.assign(0), self._current_loss_scale.assign(smaller))

    def __repr__(self):
        now = ""
        if here.eager:
            now = "current_loss_scale=%s, num_good_steps=%s, " % (self._current_loss_scale.numpy(), self._num_good_steps.numpy())
        return "DynamicLossScale(%sinitial_loss_scale=%s, increment_period=%s, multiplier=%s)" % (
            now, self.initial_loss_scale, self.increment_period, self.multiplier)  # fmt: skip

    def get_config(self):
        return {"initial_loss_scale": self.initial_loss_scale, "increment_period": self.increment_period,
                "multiplier": self.multiplier}  # fmt: skip


@export("python.training.experimental.loss_scale.get")
def get(identifier):
    """A `LossScale`, given itself, as a number (fixed) or as "dynamic"; None stays None.

    Raises:
      ValueError: it is none of these.
    """
    if identifier is None or isinstance(identifier, LossScale):
        return identifier
    if isinstance(identifier, int | float):
        return FixedLossScale(identifier)
    if identifier == "dynamic":
        return DynamicLossScale()
    raise ValueError("Could not interpret loss scale identifier: %s" % identifier)


def _never(self, *args):
    raise RuntimeError("This function should never be called")


@export("train.experimental.MixedPrecisionLossScaleOptimizer")
class MixedPrecisionLossScaleOptimizer(Optimizer):
    """An optimizer that multiplies the loss by a factor, and divides the gradients by it.

    Args:
      opt: the optimizer that changes the variables.
      loss_scale: the factor, as `LossScale`, number, or "dynamic".

    Raises:
      ValueError: `opt` is no optimizer.
    """

    def __init__(self, opt, loss_scale):
        if not isinstance(opt, Optimizer):
            raise ValueError('"opt" must be an instance of Optimizer, but got: %s' % type(opt))
        super().__init__(opt._use_locking, opt.get_name())
        self._optimizer = opt
        self._loss_scale = get(loss_scale)
        self._track_trackable(self._optimizer, "base_optimizer")
        self._track_trackable(self._loss_scale, "loss_scale")

    def _doing_dynamic_loss_scaling(self):
        return isinstance(self._loss_scale, DynamicLossScale)

    def compute_gradients(self, loss, var_list=None, gate_gradients=Optimizer.GATE_OP, aggregation_method=None,
                          colocate_gradients_with_ops=False, grad_loss=None):  # fmt: skip
        """The gradients of the loss, computed of the loss times the factor; see `Optimizer.compute_gradients`."""
        pairs = self._optimizer.compute_gradients(
            loss=self._scale_loss(loss), var_list=var_list, gate_gradients=gate_gradients, aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops, grad_loss=grad_loss)  # fmt: skip
        return list(zip(self._unscale_grads([g for g, _ in pairs]), [v for _, v in pairs]))

    def _scale_loss(self, loss):
        factor = self._loss_scale()
        return (lambda: loss() * factor) if callable(loss) else loss * factor

    def _unscale_grads(self, grads):
        reciprocal = 1 / self._loss_scale()
        return [None if g is None else self._scale_grad(g, reciprocal) for g in grads]

    def _scale_grad(self, grad, loss_scale_reciprical):
        return with_values_by(grad, lambda values: values * loss_scale_reciprical)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """Changes the variables, unless the factor changes and a gradient is not finite; see `Optimizer.apply_gradients`."""
        if not self._doing_dynamic_loss_scaling():
            return self._optimizer.apply_gradients(grads_and_vars, global_step, name)
        pairs, name = tuple(grads_and_vars), self.get_name() if name is None else name
        update, should_apply = self._loss_scale.update([g for g, _ in pairs])

        def apply():
            return group(self._optimizer.apply_gradients(pairs, global_step, name + "-wrapped"))

        return group(smart_cond(should_apply, apply, no_op), update, name=name)

    _apply_sparse = _apply_dense = _resource_apply_sparse = _resource_apply_dense = _never
