"""`LossScaleOptimizer`: an optimizer whose losses are multiplied, so that small gradients of float16 don't vanish."""

from ...core.export import export, public as tf
from ...ops.case import smart_cond
from ...ops.flow import group, no_op
from ...training import loss_scale as loss_scales
from ..backend.settings import track_variable
from ..optimizers.base import OptimizerV2
from ..utils.serialization import deserialize, serialize_keras_object

_KINDS = {"FixedLossScale": loss_scales.FixedLossScale, "DynamicLossScale": loss_scales.DynamicLossScale}


@export("keras.mixed_precision.experimental.LossScaleOptimizer")
class LossScaleOptimizer(OptimizerV2):
    """An optimizer around another one: the loss is multiplied before gradients are computed, and these are divided again.

    Where gradients are not finite no step is done.

    Args:
      optimizer: an optimizer of Keras without bounds for gradients.
      loss_scale: a number, "dynamic", or a `tf.train.experimental.LossScale`.

    Raises:
      ValueError: the optimizer is none of those.
    """

    def __init__(self, optimizer, loss_scale):
        if not isinstance(optimizer, OptimizerV2):
            raise ValueError('"optimizer" must be an instance of OptimizerV2, but got: %s' % optimizer)
        for bound in ("clipnorm", "clipvalue"):
            if hasattr(optimizer, bound):
                raise ValueError("LossScaleOptimizer does not support wrapping optimizers with a %s. Optimizer %s has %s %s"
                                 % (bound, optimizer, bound, getattr(optimizer, bound)))  # fmt: skip
        self._hyper = {}
        self._name = type(self).__name__
        self._optimizer = optimizer
        self._loss_scale = loss_scales.get(loss_scale)
        for weight in self._loss_scale._weights.values():
            track_variable(weight)
        self._track_trackable(self._optimizer, "base_optimizer")
        self._track_trackable(self._loss_scale, "loss_scale")

    @property
    def loss_scale(self):
        """What losses are multiplied with, a `LossScale`."""
        return self._loss_scale

    def get_scaled_loss(self, loss):
        """A loss (or a function that gives it) multiplied; for programs that compute gradients themselves."""
        scale = self._loss_scale()
        return (lambda: loss() * scale) if callable(loss) else loss * scale

    def get_unscaled_gradients(self, grads):
        """Gradients of a multiplied loss, divided; None stays None."""
        factor = 1.0 / self._loss_scale()
        return [None if g is None else g * factor for g in grads]

    def _compute_gradients(self, loss, var_list, grad_loss=None):
        pairs = self._optimizer._compute_gradients(self.get_scaled_loss(loss), var_list, grad_loss)
        return list(zip(self.get_unscaled_gradients([g for g, _ in pairs]), [v for _, v in pairs]))

    def get_gradients(self, loss, params):
        return self.get_unscaled_gradients(self._optimizer.get_gradients(self.get_scaled_loss(loss), params))

    def apply_gradients(self, grads_and_vars, name=None):
        pairs = tuple(grads_and_vars)
        update, is_finite = self._loss_scale.update([g for g, _ in pairs])

        def apply():
            applied = self._optimizer.apply_gradients(list(pairs), name)
            return no_op() if applied is None else group(applied)

        return group(smart_cond(is_finite, apply, no_op), update)

    def get_config(self):
        return {"optimizer": tf.keras.optimizers.serialize(self._optimizer), "loss_scale": serialize_keras_object(self._loss_scale)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        optimizer = tf.keras.optimizers.deserialize(config["optimizer"], custom_objects=custom_objects)
        return cls(optimizer, deserialize(config["loss_scale"], _KINDS.get, custom_objects, "loss scale"))

    # What else there is belongs to the other optimizer.

    @property
    def iterations(self):
        """The variable that counts steps."""
        return self._optimizer.iterations

    @iterations.setter
    def iterations(self, variable):
        self._optimizer.iterations = variable

    @property
    def weights(self):
        """The variables of the optimizer inside."""
        return self._optimizer.weights

    @property
    def learning_rate(self):
        """The learning rate."""
        return self._optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self._optimizer.learning_rate = rate

    @property
    def lr(self):
        """The learning rate."""
        return self._optimizer.lr

    @lr.setter
    def lr(self, rate):
        self._optimizer.lr = rate

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)

    def _create_hypers(self):
        self._optimizer._create_hypers()

    def _create_slots(self, var_list):
        self._optimizer._create_slots(var_list)

    def variables(self):
        """The variables of the optimizer inside."""
        return self._optimizer.variables()

    def get_slot_names(self):
        """The names of the slots of the optimizer inside."""
        return self._optimizer.get_slot_names()

    def get_weights(self):
        """The values of the variables of the optimizer inside."""
        return self._optimizer.get_weights()

    def set_weights(self, weights):
        """Gives the variables of the optimizer inside values."""
        return self._optimizer.set_weights(weights)

    def get_slot(self, var, slot_name):
        """Raises AttributeError: a slot can belong to one optimizer only, and it is the one inside."""
        raise AttributeError("You cannot call get_slot on a LossScaleOptimizer. This limitation will be removed in the future.")

    def add_slot(self, var, slot_name, initializer="zeros"):
        """Raises AttributeError: a slot can belong to one optimizer only, and it is the one inside."""
        raise AttributeError("You cannot call add_slot on a LossScaleOptimizer. This limitation will be removed in the future.")
