"""Optimizers that look at whether gradient and momentum have one sign (Bello et al., 2017), and how that decays."""

import math

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.export import export, public as tf
from ...ops.flow import group
from ...training.optimizer import ByFormula, Optimizer, cast
from ...variables.assigning import assign

_HERE = "contrib.opt.python.training."


class _ByDecay(ByFormula):
    """What both optimizers have in common: the sign counts less and less if there is a function that says so."""

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """Applies gradients to variables; raises ValueError if the decay needs a `global_step` and there is none."""
        if self._sign_decay_fn is not None:
            self._sign_decay_t = convert(self._sign_decay_fn(global_step), name="sign_decay")
        return Optimizer.apply_gradients(self, grads_and_vars, global_step=global_step, name=name)

    def _prepare(self):
        self._values_of.clear()
        ByFormula._prepare(self)
        if self._sign_decay_fn is None:
            self._sign_decay_t = convert(1.0, name="sign_decay")

    def _number(self, name, var):
        if name == "sign_decay":
            return cast(self._sign_decay_t, var.dtype.base_dtype)
        return ByFormula._number(self, name, var)

    def _apply_sparse(self, grad, var):
        dtype = var.dtype.base_dtype
        lr, beta = cast(self._lr_t, dtype), cast(self._beta_t, dtype)
        factor_of = self._factor_of(dtype)
        m = self.get_slot(var, "m")
        m_new = assign(m, m * beta + grad * (1 - beta), use_locking=self._use_locking)
        signs = tf.sign(grad.values)
        signs = tf.gather(tf.sign(m_new), grad.indices) * signs
        factor = factor_of(cast(self._sign_decay_t, dtype), signs)
        step = tf.scatter_sub(var, grad.indices, lr * factor * grad.values, use_locking=self._use_locking)
        return group(step, m_new)


@export("contrib.opt.AddSignOptimizer", _HERE + "addsign.AddSignOptimizer")
class AddSignOptimizer(Optimizer, _ByDecay, ByFormula):
    """Steps by `learning_rate * (alpha + decay * sign(gradient) * sign(mean)) * gradient`.

    Args:
      learning_rate, alpha: numbers or tensors.
      beta: how slowly the mean of gradients changes.
      sign_decay_fn: None, or a function of the global step that gives the decay.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "AddSign"
    _slot_inputs = ("m",)
    _numbers = (("lr", "_lr", "_lr_t", "learning_rate"), ("beta", "_beta", "_beta_t", "beta"),
                ("alpha", "_alpha", "_alpha_t", "alpha"))  # fmt: skip
    apply_gradients, _prepare = _ByDecay.apply_gradients, _ByDecay._prepare
    _apply_sparse, _number = _ByDecay._apply_sparse, _ByDecay._number

    def __init__(self, learning_rate=0.1, alpha=1.0, beta=0.9, sign_decay_fn=None, use_locking=False, name="AddSignOptimizer"):
        super().__init__(use_locking, name)
        self._lr, self._alpha, self._beta, self._sign_decay_fn = learning_rate, alpha, beta, sign_decay_fn

    def _factor_of(self, dtype):
        alpha = cast(self._alpha_t, dtype)
        return lambda decay, signs: alpha + decay * signs


@export("contrib.opt.PowerSignOptimizer", _HERE + "powersign.PowerSignOptimizer")
class PowerSignOptimizer(Optimizer, _ByDecay, ByFormula):
    """Steps by `learning_rate * base ** (decay * sign(gradient) * sign(mean)) * gradient`.

    Args:
      learning_rate: a number or tensor.
      base: a number.
      beta: how slowly the mean of gradients changes.
      sign_decay_fn: None, or a function of the global step that gives the decay.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "PowerSign"
    _slot_inputs = ("m",)
    _numbers = (("lr", "_lr", "_lr_t", "learning_rate"), ("beta", "_beta", "_beta_t", "beta"),
                ("logbase", "_logbase", "_logbase_t", "logbase"))  # fmt: skip
    apply_gradients, _prepare = _ByDecay.apply_gradients, _ByDecay._prepare
    _apply_sparse, _number = _ByDecay._apply_sparse, _ByDecay._number

    def __init__(self, learning_rate=0.1, base=math.e, beta=0.9, sign_decay_fn=None, use_locking=False, name="PowerSignOptimizer"):
        super().__init__(use_locking, name)
        self._lr, self._beta, self._logbase, self._sign_decay_fn = learning_rate, beta, math.log(base), sign_decay_fn

    def _factor_of(self, dtype):
        logbase, e = cast(self._logbase_t, dtype), tf.cast(math.e, dtype)
        return lambda decay, signs: tf.pow(e, logbase * decay * signs)


# ---------------------------------------------------------------------------------------------------------------- decays


def _checked(global_step, kind):
    if global_step is None:
        raise ValueError("global_step is required for %s." % kind)
    return global_step


@export(_HERE + "sign_decay.get_linear_decay_fn")
def get_linear_decay_fn(decay_steps):
    """A function of the global step that goes from 1 to 0 in so many steps."""

    def linear_decay_fn(global_step):
        global_step = tf.minimum(_checked(global_step, "linear_decay"), decay_steps)
        left = tf.cast(decay_steps, dtypes.int32) - tf.cast(global_step, dtypes.int32)
        return tf.maximum(0.0, tf.cast(left, dtypes.float32) / tf.cast(decay_steps, dtypes.float32))

    return linear_decay_fn


@export(_HERE + "sign_decay.get_cosine_decay_fn")
def get_cosine_decay_fn(decay_steps, num_periods=0.5, zero_after=None):
    """A function of the global step: so many periods of a cosine between 1 and 0, and 0 after `zero_after` periods."""

    def cosine_decay_fn(global_step):
        global_step = tf.minimum(_checked(global_step, "cosine_decay"), decay_steps)
        done = tf.cast(global_step, dtypes.float32) / tf.cast(decay_steps, dtypes.float32)
        fraction = 2.0 * num_periods * done
        decayed = 0.5 * (1.0 + tf.cos(constant(math.pi) * fraction))
        if zero_after is not None:
            decayed = tf.where(tf.greater_equal(fraction, 2 * zero_after), 0.0, decayed)
        return decayed

    return cosine_decay_fn


@export(_HERE + "sign_decay.get_restart_decay_fn")
def get_restart_decay_fn(decay_steps, num_periods=1, zero_after=None):
    """A function of the global step: so many half periods of a cosine, each from 1 to 0, and 0 after `zero_after` of them."""

    def restart_decay_fn(global_step):
        global_step = tf.minimum(_checked(global_step, "cosine_decay"), decay_steps)
        place = tf.mod(num_periods * tf.cast(global_step, dtypes.float32), decay_steps)
        fraction = place / tf.cast(decay_steps, dtypes.float32)
        decayed = 0.5 * (1.0 + tf.cos(constant(math.pi) * fraction))
        if zero_after is not None:
            periods = tf.cast(num_periods * global_step, dtypes.float32) / tf.cast(decay_steps, dtypes.float32)
            decayed = tf.where(tf.greater_equal(periods, zero_after), 0.0, decayed)
        return decayed

    return restart_decay_fn
