"""`tf.train.FtrlOptimizer`."""

from ..core.convert import constant
from ..core.export import export
from .gradient_descent import LEARNING_RATE, REGULARIZATION
from .optimizer import ByFormula, Optimizer, placed_with


@export("train.FtrlOptimizer")
class FtrlOptimizer(Optimizer, ByFormula):
    """Follow the regularized leader (McMahan et al., 2013), with L1, L2 and shrinkage-type L2 regularization.

    Args:
      learning_rate: a number or a tensor.
      learning_rate_power: how the rate falls with the sum of squared gradients; not positive.
      initial_accumulator_value: what the sums of squares begin with; not negative.
      l1_regularization_strength, l2_regularization_strength: numbers, not negative.
      use_locking: has no meaning here.
      name: the name scope of the operations.
      accum_name, linear_name: the names of the slots, if they are not to be that of the optimizer.
      l2_shrinkage_regularization_strength: a number, not negative: a penalty on large weights alone.

    Raises:
      ValueError: a number has the wrong sign.
    """

    _slot_inputs = ("accum", "linear")
    _numbers = (
        ("lr", *LEARNING_RATE),
        *REGULARIZATION,
        ("l2_shrinkage", "_l2_shrinkage_regularization_strength", "_l2_shrinkage_regularization_strength_tensor",
         "l2_shrinkage_regularization_strength"),
        ("lr_power", "_learning_rate_power", "_learning_rate_power_tensor", "learning_rate_power"),
    )  # fmt: skip

    def __init__(self, learning_rate, learning_rate_power=-0.5, initial_accumulator_value=0.1, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, use_locking=False, name="Ftrl", accum_name=None, linear_name=None,
                 l2_shrinkage_regularization_strength=0.0):  # fmt: skip
        super().__init__(use_locking, name)
        for label, value in (("initial_accumulator_value", initial_accumulator_value),
                             ("l1_regularization_strength", l1_regularization_strength),
                             ("l2_regularization_strength", l2_regularization_strength),
                             ("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength)):  # fmt: skip
            if value < 0.0:
                raise ValueError("%s %f needs to be positive or zero" % (label, value))
        if learning_rate_power > 0.0:
            raise ValueError("learning_rate_power %f needs to be negative or zero" % learning_rate_power)
        self._learning_rate = learning_rate
        self._learning_rate_power = learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self._accum_name = accum_name
        self._linear_name = linear_name
        self._formula = "FtrlV2" if l2_shrinkage_regularization_strength > 0.0 else "Ftrl"

    def _create_slots(self, var_list):
        for v in var_list:
            with placed_with(v):
                value = constant(self._initial_accumulator_value, dtype=v.dtype.base_dtype, shape=v.get_shape())
                self._get_or_make_slot(v, value, "accum", self._accum_name or self._name)
                self._zeros_slot(v, "linear", self._linear_name or self._name)
