"""The optimizers of Keras: `SGD`, `Adam`, `RMSprop`, ..."""

import numpy as np

from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies
from ..backend.settings import epsilon as default_epsilon
from .base import OptimizerV2


def _scatter_add(variable, indices, values):
    """Adds to rows of a variable; its value behind that."""
    with control_dependencies([registry["ResourceScatterAdd"](variable.handle, indices, values)]):
        return variable.value()


def _scatter_update(variable, indices, values):
    """Sets rows of a variable; its value behind that."""
    with control_dependencies([registry["ResourceScatterUpdate"](variable.handle, indices, values)]):
        return variable.value()


class _Method(OptimizerV2):
    """An optimizer with a learning rate and other numbers, which are attributes by their names."""

    _numbers = ()
    _plain = ()  # arguments that are no variables

    def _settle(self, learning_rate, kwargs, **numbers):
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        for name, value in numbers.items():
            self._set_hyper(name, value)

    def get_config(self):
        config = super().get_config()
        for name in ("learning_rate", "decay", *self._numbers):
            config[name] = self._serialize_hyperparameter(name)
        config.update({name: getattr(self, name) for name in self._plain})
        return config

    def _slots_for(self, var_list, *names):
        for name in names:
            for v in var_list:
                self.add_slot(v, name)


@export("keras.optimizers.SGD", "python.keras.optimizer_v2.gradient_descent.SGD")
class SGD(_Method):
    """Gradient descent, perhaps with momentum.

    Args:
      learning_rate: a number, a tensor, a function without arguments or a schedule.
      momentum: a number from 0 to 1, or likewise.
      nesterov: whether the momentum is Nesterov's.
      name, **kwargs: as of the base.

    Raises:
      ValueError: the momentum is out of bounds.
    """

    _numbers, _plain = ("momentum",), ("nesterov",)

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, name="SGD", **kwargs):
        super().__init__(name, **kwargs)
        self._momentum = isinstance(momentum, tf.Tensor) or callable(momentum) or momentum > 0
        if isinstance(momentum, int | float) and not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self._settle(learning_rate, kwargs, momentum=momentum)
        self.nesterov = nesterov

    def _create_slots(self, var_list):
        if self._momentum:
            self._slots_for(var_list, "momentum")

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        c.momentum = tf.identity(self._get_hyper("momentum", dtype))
        return c

    def _apply_dense(self, gradient, variable, c):
        if not self._momentum:
            return registry["ResourceApplyGradientDescent"](variable.handle, c.rate, gradient, use_locking=True)
        slot = self.get_slot(variable, "momentum")
        return registry["ResourceApplyKerasMomentum"](variable.handle, slot.handle, c.rate, gradient, c.momentum, use_locking=True,
                                                      use_nesterov=self.nesterov)  # fmt: skip

    def _apply_slices(self, values, variable, indices, coefficients):
        if self._momentum:
            return super()._apply_slices(values, variable, indices, coefficients)
        return registry["ResourceScatterAdd"](variable.handle, indices, -values * coefficients.rate)

    def _apply_sparse(self, values, variable, indices, c):
        slot = self.get_slot(variable, "momentum")
        return registry["ResourceSparseApplyKerasMomentum"](variable.handle, slot.handle, c.rate, values, indices, c.momentum,
                                                            use_locking=True, use_nesterov=self.nesterov)  # fmt: skip


class _AdamLike(_Method):
    """What `Adam` and its kin have in common."""

    _numbers = ("beta_1", "beta_2")

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        step = tf.cast(self.iterations + 1, dtype)
        c.beta_1, c.beta_2 = (tf.identity(self._get_hyper(n, dtype)) for n in ("beta_1", "beta_2"))
        c.beta_1_power, c.beta_2_power = tf.pow(c.beta_1, step), tf.pow(c.beta_2, step)
        c.epsilon = convert(self.epsilon, dtype)
        return c

    def set_weights(self, weights):
        count = (len(self.weights) - 1) // 2
        if len(weights) == 3 * count + 1:  # from versions that kept one slot more
            weights = weights[: len(self.weights)]
        super().set_weights(weights)


@export("keras.optimizers.Adam", "python.keras.optimizer_v2.adam.Adam")
class Adam(_AdamLike):
    """Kingma and Ba, Adam: A Method for Stochastic Optimization, 2014.

    Args:
      learning_rate, beta_1, beta_2: numbers, tensors or functions without arguments; the rate may be a schedule.
      epsilon: a small number.
      amsgrad: whether the second moment never sinks.
      name, **kwargs: as of the base.
    """

    _plain = ("epsilon", "amsgrad")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, name="Adam", **kwargs):
        super().__init__(name, **kwargs)
        self._settle(learning_rate, kwargs, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon or default_epsilon()
        self.amsgrad = amsgrad

    def _create_slots(self, var_list):
        self._slots_for(var_list, "m", "v", *(["vhat"] if self.amsgrad else []))

    def _apply_dense(self, gradient, variable, c):
        slots = [self.get_slot(variable, n).handle for n in ("m", "v", *(["vhat"] if self.amsgrad else []))]
        op = registry["ResourceApplyAdamWithAmsgrad" if self.amsgrad else "ResourceApplyAdam"]
        return op(variable.handle, *slots, c.beta_1_power, c.beta_2_power, c.rate, c.beta_1, c.beta_2, c.epsilon, gradient,
                  use_locking=True)  # fmt: skip

    def _apply_sparse(self, values, variable, indices, c):
        rate = c.rate * (tf.sqrt(1 - c.beta_2_power) / (1 - c.beta_1_power))
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        with control_dependencies([tf.assign(m, m * c.beta_1)]):
            first = _scatter_add(m, indices, values * (1 - c.beta_1))
        with control_dependencies([tf.assign(v, v * c.beta_2)]):
            second = _scatter_add(v, indices, values * values * (1 - c.beta_2))
        updates = [first, second]
        if self.amsgrad:
            greatest = self.get_slot(variable, "vhat")
            second = tf.assign(greatest, tf.maximum(greatest, second))
            updates.append(second)
        update = tf.assign_sub(variable, rate * first / (tf.sqrt(second) + c.epsilon))
        return tf.group(update, *updates)


@export("keras.optimizers.Adamax", "python.keras.optimizer_v2.adamax.Adamax")
class Adamax(_AdamLike):
    """The variant of `Adam` with the infinity norm; arguments as there."""

    _plain = ("epsilon",)

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, name="Adamax", **kwargs):
        super().__init__(name, **kwargs)
        self._settle(learning_rate, kwargs, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon or default_epsilon()

    def _create_slots(self, var_list):
        self._slots_for(var_list, "m", "v")

    def _apply_dense(self, gradient, variable, c):
        m, v = (self.get_slot(variable, n).handle for n in ("m", "v"))
        return registry["ResourceApplyAdaMax"](variable.handle, m, v, c.beta_1_power, c.rate, c.beta_1, c.beta_2, c.epsilon,
                                               gradient, use_locking=True)  # fmt: skip

    def _apply_sparse(self, values, variable, indices, c):
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        first = tf.gather(m, indices) * c.beta_1 + values * (1 - c.beta_1)
        second = tf.maximum(tf.gather(v, indices) * c.beta_2, tf.abs(values))
        with control_dependencies([first]):
            m_update = _scatter_update(m, indices, first)
        with control_dependencies([second]):
            v_update = _scatter_update(v, indices, second)
        update = _scatter_add(variable, indices, -c.rate / (1 - c.beta_1_power) * (first / (second + c.epsilon)))
        return tf.group(update, m_update, v_update)


@export("keras.optimizers.Nadam", "python.keras.optimizer_v2.nadam.Nadam")
class Nadam(_Method):
    """`Adam` with Nesterov's momentum; arguments as there.

    Raises:
      ValueError: the learning rate is a schedule.
    """

    _numbers, _plain = ("beta_1", "beta_2"), ("epsilon",)

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, name="Nadam", **kwargs):
        kwargs["decay"] = kwargs.pop("schedule_decay", 0.004)
        learning_rate = kwargs.get("lr", learning_rate)
        if isinstance(learning_rate, tf.keras.optimizers.schedules.LearningRateSchedule):
            raise ValueError("The Nadam optimizer does not support tf.keras.optimizers.LearningRateSchedules as the learning rate.")
        super().__init__(name, **kwargs)
        self._settle(learning_rate, kwargs, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon or default_epsilon()
        self._m_cache = None

    def _create_slots(self, var_list):
        if self._m_cache is None:
            self._m_cache = self.add_weight("momentum_cache", shape=[], dtype=var_list[0].dtype.base_dtype, initializer="ones",
                                            trainable=False)  # fmt: skip
            self._weights.append(self._m_cache)
        self._slots_for(var_list, "m")
        self._slots_for(var_list, "v")

    def _prepare(self, var_list):
        self._m_cache_read = tf.identity(self._m_cache)

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        c.rate = tf.identity(self._get_hyper("learning_rate", dtype))
        c.beta_1, c.beta_2 = (tf.identity(self._get_hyper(n, dtype)) for n in ("beta_1", "beta_2"))
        step = tf.cast(self.iterations + 1, dtype)
        base = tf.cast(0.96, dtype)
        c.m_now = c.beta_1 * (1.0 - 0.5 * tf.pow(base, self._initial_decay * step))
        c.m_next = c.beta_1 * (1.0 - 0.5 * tf.pow(base, self._initial_decay * tf.cast(self.iterations + 2, dtype)))
        schedule = tf.cast(self._m_cache_read, dtype) * c.m_now
        if dtype == self._m_cache.dtype.base_dtype:
            schedule = tf.identity(tf.assign(self._m_cache, schedule))
        c.rest_now, c.rest_next = 1.0 - schedule, 1.0 - schedule * c.m_next
        c.v_rest = 1.0 - tf.pow(c.beta_2, step)
        c.epsilon = convert(self.epsilon, dtype)
        return c

    def _step(self, c, gradient, m, v):
        first = (1.0 - c.m_now) * (gradient / c.rest_now) + c.m_next * (m / c.rest_next)
        return c.rate * first / (tf.sqrt(v / c.v_rest) + c.epsilon)

    def _apply_dense(self, gradient, variable, c):
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        m = tf.assign(m, c.beta_1 * m + (1 - c.beta_1) * gradient)
        v = tf.assign(v, c.beta_2 * v + (1 - c.beta_2) * tf.square(gradient))
        return tf.assign(variable, variable - self._step(c, gradient, m, v))

    def _apply_sparse(self, values, variable, indices, c):
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        with control_dependencies([tf.assign(m, m * c.beta_1)]):
            first = tf.gather(_scatter_add(m, indices, values * (1 - c.beta_1)), indices)
        with control_dependencies([tf.assign(v, v * c.beta_2)]):
            second = tf.gather(_scatter_add(v, indices, values * values * (1 - c.beta_2)), indices)
        return tf.group(_scatter_add(variable, indices, -self._step(c, values, first, second)), first, second)


@export("keras.optimizers.RMSprop", "python.keras.optimizer_v2.rmsprop.RMSprop")
class RMSprop(_Method):
    """Divides gradients by a moving average of their size.

    Args:
      learning_rate, rho, momentum: numbers, tensors or functions without arguments; the rate may be a schedule.
      epsilon: a small number.
      centered: whether the average of the gradients is taken off.
      name, **kwargs: as of the base.

    Raises:
      ValueError: the momentum is out of bounds.
    """

    _numbers, _plain = ("rho", "momentum"), ("epsilon", "centered")

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, name="RMSprop", **kwargs):
        super().__init__(name, **kwargs)
        self._momentum = isinstance(momentum, tf.Tensor) or callable(momentum) or momentum > 0
        if isinstance(momentum, int | float) and not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self._settle(learning_rate, kwargs, rho=rho, momentum=momentum)
        self.epsilon = epsilon or default_epsilon()
        self.centered = centered

    def _create_slots(self, var_list):
        self._slots_for(var_list, "rms")
        if self._momentum:
            self._slots_for(var_list, "momentum")
        if self.centered:
            self._slots_for(var_list, "mg")

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        c.rho, c.momentum = (tf.identity(self._get_hyper(n, dtype)) for n in ("rho", "momentum"))
        c.epsilon = convert(self.epsilon, dtype)
        return c

    def _by_op(self, prefix, variable, gradient, c, *indices):
        names = ("mg", "rms", "momentum") if self.centered else ("rms", "momentum")
        slots = [self.get_slot(variable, n).handle for n in names]
        op = registry[prefix + ("CenteredRMSProp" if self.centered else "RMSProp")]
        return op(variable.handle, *slots, c.rate, c.rho, c.momentum, c.epsilon, gradient, *indices, use_locking=True)

    def _apply_dense(self, gradient, variable, c):
        if self._momentum:
            return self._by_op("ResourceApply", variable, gradient, c)
        rms = self.get_slot(variable, "rms")
        size = tf.assign(rms, c.rho * rms + (1.0 - c.rho) * tf.square(gradient))
        if self.centered:
            mean = self.get_slot(variable, "mg")
            size = size - tf.square(tf.assign(mean, c.rho * mean + (1.0 - c.rho) * gradient))
        return tf.assign(variable, variable - c.rate * gradient / (tf.sqrt(size) + c.epsilon))

    def _apply_sparse(self, values, variable, indices, c):
        if self._momentum:
            return self._by_op("ResourceSparseApply", variable, values, c, indices)
        rms = self.get_slot(variable, "rms")
        with control_dependencies([tf.assign(rms, rms * c.rho)]):
            size = tf.gather(_scatter_add(rms, indices, values * values * (1.0 - c.rho)), indices)
        if self.centered:
            mean = self.get_slot(variable, "mg")
            with control_dependencies([tf.assign(mean, mean * c.rho)]):
                size = size - tf.square(tf.gather(_scatter_add(mean, indices, values * (1.0 - c.rho)), indices))
        return tf.group(_scatter_add(variable, indices, -c.rate * values / (tf.sqrt(size) + c.epsilon)), size)


@export("keras.optimizers.Adagrad", "python.keras.optimizer_v2.adagrad.Adagrad")
class Adagrad(_Method):
    """Divides gradients by the root of the sum of their squares.

    Args:
      learning_rate: a number, a tensor, a function without arguments or a schedule.
      initial_accumulator_value: what the sums begin with.
      epsilon: a small number.
      name, **kwargs: as of the base.

    Raises:
      ValueError: a number is less than 0.
    """

    _plain = ("epsilon",)

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, name="Adagrad", **kwargs):
        if initial_accumulator_value < 0.0:
            raise ValueError("initial_accumulator_value must be non-negative: %s" % initial_accumulator_value)
        epsilon = default_epsilon() if epsilon is None else epsilon
        if epsilon < 1e-7:
            raise ValueError("epsilon must be larger than 1e-7: %s" % epsilon)
        super().__init__(name, **kwargs)
        self._settle(learning_rate, kwargs)
        self._initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon or default_epsilon()

    def _create_slots(self, var_list):
        for v in var_list:
            initializer = tf.constant_initializer(self._initial_accumulator_value, dtype=v.dtype.base_dtype)
            self.add_slot(v, "accumulator", initializer)

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        c.epsilon = convert(self.epsilon, dtype)
        return c

    def _apply_dense(self, gradient, variable, c):
        slot = self.get_slot(variable, "accumulator")
        return registry["ResourceApplyAdagradV2"](variable.handle, slot.handle, c.rate, c.epsilon, gradient, use_locking=True)

    def _apply_sparse(self, values, variable, indices, c):
        slot = self.get_slot(variable, "accumulator")
        return registry["ResourceSparseApplyAdagradV2"](
            variable.handle, slot.handle, c.rate, c.epsilon, values, indices, use_locking=True
        )

    def set_weights(self, weights):
        super().set_weights([np.array(0), *weights] if len(self.weights) == len(weights) + 1 else weights)

    def get_config(self):
        return {**super().get_config(), "initial_accumulator_value": self._initial_accumulator_value}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return super().from_config({"initial_accumulator_value": 0.0, **config}, custom_objects)


@export("keras.optimizers.Adadelta", "python.keras.optimizer_v2.adadelta.Adadelta")
class Adadelta(_Method):
    """Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012.

    Args:
      learning_rate, rho: numbers, tensors or functions without arguments; the rate may be a schedule.
      epsilon: a small number.
      name, **kwargs: as of the base.
    """

    _numbers, _plain = ("rho",), ("epsilon",)

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, name="Adadelta", **kwargs):
        super().__init__(name, **kwargs)
        self._settle(learning_rate, kwargs, rho=rho)
        self.epsilon = epsilon or default_epsilon()

    def _create_slots(self, var_list):
        self._slots_for(var_list, "accum_grad")
        self._slots_for(var_list, "accum_var")

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        c.epsilon, c.rho = convert(self.epsilon, dtype), tf.identity(self._get_hyper("rho", dtype))
        return c

    def _apply_dense(self, gradient, variable, c):
        slots = [self.get_slot(variable, n).handle for n in ("accum_grad", "accum_var")]
        return registry["ResourceApplyAdadelta"](variable.handle, *slots, c.rate, c.rho, c.epsilon, gradient, use_locking=True)

    def _apply_sparse(self, values, variable, indices, c):
        slots = [self.get_slot(variable, n).handle for n in ("accum_grad", "accum_var")]
        op = registry["ResourceSparseApplyAdadelta"]
        return op(variable.handle, *slots, c.rate, c.rho, c.epsilon, values, indices, use_locking=True)

    def set_weights(self, weights):
        super().set_weights([np.array(0), *weights] if len(self.weights) == len(weights) + 1 else weights)


@export("keras.optimizers.Ftrl", "python.keras.optimizer_v2.ftrl.Ftrl")
class Ftrl(_Method):
    """McMahan et al., Ad Click Prediction: a View from the Trenches, 2013.

    Args:
      learning_rate: a number, a tensor, a function without arguments or a schedule.
      learning_rate_power: a number of at most 0.
      initial_accumulator_value: what the sums begin with.
      l1_regularization_strength, l2_regularization_strength, l2_shrinkage_regularization_strength: numbers of at least 0.
      name, **kwargs: as of the base.

    Raises:
      ValueError: a number is out of bounds.
    """

    _numbers = ("learning_rate_power", "l1_regularization_strength", "l2_regularization_strength")

    def __init__(self, learning_rate=0.001, learning_rate_power=-0.5, initial_accumulator_value=0.1, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, name="Ftrl", l2_shrinkage_regularization_strength=0.0, **kwargs):  # fmt: skip
        super().__init__(name, **kwargs)
        for label, value in (
            ("initial_accumulator_value", initial_accumulator_value), ("l1_regularization_strength", l1_regularization_strength),
            ("l2_regularization_strength", l2_regularization_strength),
            ("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength),
        ):  # fmt: skip
            if value < 0.0:
                raise ValueError("%s %s needs to be be positive or zero" % (label, value))
        if learning_rate_power > 0.0:
            raise ValueError("learning_rate_power %s needs to be negative or zero" % learning_rate_power)
        self._settle(
            learning_rate, kwargs, learning_rate_power=learning_rate_power, l1_regularization_strength=l1_regularization_strength,
            l2_regularization_strength=l2_regularization_strength,
        )  # fmt: skip
        self._initial_accumulator_value = initial_accumulator_value
        self._l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength

    def _create_slots(self, var_list):
        for v in var_list:
            self.add_slot(v, "accumulator", tf.constant_initializer(self._initial_accumulator_value, dtype=v.dtype.base_dtype))
            self.add_slot(v, "linear")

    def _coefficients(self, dtype):
        c = super()._coefficients(dtype)
        c.numbers = [tf.identity(self._get_hyper(n, dtype)) for n in
                     ("l1_regularization_strength", "l2_regularization_strength", "learning_rate_power")]  # fmt: skip
        c.shrinkage = tf.cast(self._l2_shrinkage_regularization_strength, dtype)
        return c

    def _by_op(self, prefix, variable, gradient, c, *indices):
        slots = [self.get_slot(variable, n).handle for n in ("accumulator", "linear")]
        l1, l2, power = c.numbers
        if self._l2_shrinkage_regularization_strength <= 0.0:
            op = registry[prefix + "Ftrl"]
            return op(variable.handle, *slots, gradient, *indices, c.rate, l1, l2, power, use_locking=True)
        op = registry[prefix + "FtrlV2"]
        return op(variable.handle, *slots, gradient, *indices, c.rate, l1, l2, c.shrinkage, power, use_locking=True)

    def _apply_dense(self, gradient, variable, c):
        return self._by_op("ResourceApply", variable, gradient, c)

    def _apply_sparse(self, values, variable, indices, c):
        return self._by_op("ResourceSparseApply", variable, values, c, indices)

    def get_config(self):
        return {
            **super().get_config(), "initial_accumulator_value": self._initial_accumulator_value,
            "l2_shrinkage_regularization_strength": self._l2_shrinkage_regularization_strength,
        }  # fmt: skip
