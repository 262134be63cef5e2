"""Optimizers that divide by the root of summed or averaged squares of gradients: Adagrad and its kin, RMSProp, Adadelta."""

from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import colocate_with, device
from .gradient_descent import LEARNING_RATE, REGULARIZATION
from .optimizer import ByFormula, Optimizer, cast, placed_with


def _check_positive(name, value):
    if value <= 0.0:
        raise ValueError("%s must be positive: %s" % (name, value))


@export("train.AdagradOptimizer")
class AdagradOptimizer(Optimizer, ByFormula):
    """Adagrad (Duchi et al., 2011): `accum += gradient ** 2; var -= learning_rate * gradient / sqrt(accum)`.

    Args:
      learning_rate: a number, a tensor, or a function that returns one.
      initial_accumulator_value: what the sums of squares begin with.
      use_locking: has no meaning here.
      name: the name scope of the operations.

    Raises:
      ValueError: `initial_accumulator_value` is not positive.
    """

    _formula = "Adagrad"
    _slot_inputs = ("accumulator",)
    _numbers = (("lr", *LEARNING_RATE),)

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"):
        _check_positive("initial_accumulator_value", initial_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list):
        for v in var_list:
            dtype = v.dtype.base_dtype
            if v.get_shape().is_fully_defined():
                initializer = resolve("constant_initializer")(self._initial_accumulator_value, dtype=dtype)
            else:
                initializer = self._initial_value(v, dtype)
            self._get_or_make_slot_with_initializer(v, initializer, v.get_shape(), dtype, "accumulator", self._name)

    def _initial_value(self, v, dtype):
        def initial():
            filled = registry["Fill"](resolve("shape")(v), self._initial_accumulator_value)
            return cast(filled, dtype)

        return initial


@export("train.ProximalAdagradOptimizer")
class ProximalAdagradOptimizer(Optimizer, ByFormula):
    """Adagrad with proximal steps for L1 and L2 regularization (Duchi and Singer, 2009).

    Args:
      learning_rate: a number or a tensor.
      initial_accumulator_value: what the sums of squares begin with.
      l1_regularization_strength, l2_regularization_strength: numbers, not negative.
      use_locking: has no meaning here.
      name: the name scope of the operations.

    Raises:
      ValueError: `initial_accumulator_value` is not positive.
    """

    _formula = "ProximalAdagrad"
    _slot_inputs = ("accumulator",)
    _numbers = (("lr", *LEARNING_RATE), *REGULARIZATION)

    def __init__(self, learning_rate, initial_accumulator_value=0.1, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, use_locking=False, name="ProximalAdagrad"):  # fmt: skip
        _check_positive("initial_accumulator_value", initial_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength

    def _create_slots(self, var_list):
        for v in var_list:
            value = _filled_like(v, self._initial_accumulator_value)
            self._get_or_make_slot(v, value, "accumulator", self._name)


def _filled_like(v, number):
    """A constant of a variable's shape and type, placed with it."""
    with placed_with(v):
        return constant(number, shape=v.get_shape(), dtype=v.dtype.base_dtype)


@export("train.AdagradDAOptimizer")
class AdagradDAOptimizer(Optimizer, ByFormula):
    """Adagrad by dual averaging (Duchi et al., 2011), for sparse linear models with L1 regularization.

    Args:
      learning_rate: a number or a tensor.
      global_step: the variable that counts steps.
      initial_gradient_squared_accumulator_value: what the sums of squares begin with.
      l1_regularization_strength, l2_regularization_strength: numbers, not negative.
      use_locking: has no meaning here.
      name: the name scope of the operations.

    Raises:
      ValueError: `initial_gradient_squared_accumulator_value` is not positive.
    """

    _formula = "AdagradDA"
    _slot_inputs = ("gradient_accumulator", "gradient_squared_accumulator")

    def __init__(self, learning_rate, global_step, initial_gradient_squared_accumulator_value=0.1, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, use_locking=False, name="AdagradDA"):  # fmt: skip
        _check_positive("initial_gradient_squared_accumulator_value", initial_gradient_squared_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_gradient_squared_accumulator_value = initial_gradient_squared_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._global_step = global_step

    def _create_slots(self, var_list):
        for v in var_list:
            zeros = _filled_like(v, 0.0)
            squares = _filled_like(v, self._initial_gradient_squared_accumulator_value)
            self._get_or_make_slot(v, zeros, "gradient_accumulator", self._name)
            self._get_or_make_slot(v, squares, "gradient_squared_accumulator", self._name)

    def _prepare(self):
        self._learning_rate_tensor = convert(self._learning_rate, name="learning_rate")
        with colocate_with(self._learning_rate_tensor):
            self._global_step_on_worker = resolve("identity")(self._global_step) + 1

    def _apply(self, grad, var, indices=None):
        with device(var.device):
            self._step = resolve("identity")(self._global_step_on_worker)
        return super()._apply(grad, var, indices)

    def _number(self, name, var):
        if name == "global_step":
            return self._step
        value = {
            "lr": self._learning_rate_tensor if name == "lr" else None,
            "l1": self._l1_regularization_strength,
            "l2": self._l2_regularization_strength,
        }[name]
        return cast(value, var.dtype.base_dtype)


@export("train.RMSPropOptimizer")
class RMSPropOptimizer(Optimizer, ByFormula):
    """RMSProp (Tieleman and Hinton, 2012): steps by the gradient over the root of its running mean square.

    Args:
      learning_rate, decay, momentum, epsilon: numbers, tensors, or functions that return one: the step, how slowly the mean
        changes, the momentum, and what keeps the divisor from zero.
      use_locking: has no meaning here.
      centered: whether gradients are divided by the root of their variance instead.
      name: the name scope of the operations.
    """

    _numbers = (
        ("lr", *LEARNING_RATE),
        ("rho", "_decay", "_decay_tensor", "decay"),
        ("momentum", "_momentum", "_momentum_tensor", "momentum"),
        ("epsilon", "_epsilon", "_epsilon_tensor", "epsilon"),
    )

    def __init__(self, learning_rate, decay=0.9, momentum=0.0, epsilon=1e-10, use_locking=False, centered=False, name="RMSProp"):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._decay = decay
        self._momentum = momentum
        self._epsilon = epsilon
        self._centered = centered
        self._formula = "CenteredRMSProp" if centered else "RMSProp"
        self._slot_inputs = ("mg", "rms", "momentum") if centered else ("rms", "momentum")

    def _create_slots(self, var_list):
        for v in var_list:
            dtype = v.dtype.base_dtype
            known = v.get_shape().is_fully_defined()
            initializer = resolve("ones_initializer")(dtype=dtype) if known else resolve("ones_like")(v)
            self._get_or_make_slot_with_initializer(v, initializer, v.get_shape(), dtype, "rms", self._name)
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)


@export("train.AdadeltaOptimizer")
class AdadeltaOptimizer(Optimizer, ByFormula):
    """Adadelta (Zeiler, 2012): the step is scaled by the running mean square of earlier steps over that of gradients.

    Args:
      learning_rate, rho, epsilon: numbers, tensors, or functions that return one: the step, how slowly the means change, and
        what keeps the divisor from zero.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "Adadelta"
    _slot_inputs = ("accum", "accum_update")
    _numbers = (
        ("lr", "_lr", "_lr_t", "lr"),
        ("rho", "_rho", "_rho_t", "rho"),
        ("epsilon", "_epsilon", "_epsilon_t", "epsilon"),
    )

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False, name="Adadelta"):
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._rho = rho
        self._epsilon = epsilon
