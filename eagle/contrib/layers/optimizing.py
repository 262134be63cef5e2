"""`optimize_loss`: a step of training in one function."""

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.indexed_slices import IndexedSlices, with_values_by
from ...core.tensor import Tensor
from ...ops.flow import with_dependencies
from ...training.moving_averages import assign_moving_average
from ...training.optimizer import Optimizer
from ...variables.scope import get_variable, variable_scope


def _names(name):
    return "contrib.layers." + name, "contrib.layers.python.layers.optimizers." + name


OPTIMIZER_CLS_NAMES = {
    "Adagrad": lambda learning_rate: tf.train.AdagradOptimizer(learning_rate),
    "Adam": lambda learning_rate: tf.train.AdamOptimizer(learning_rate),
    "Ftrl": lambda learning_rate: tf.train.FtrlOptimizer(learning_rate),
    "Momentum": lambda learning_rate: tf.train.MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": lambda learning_rate: tf.train.RMSPropOptimizer(learning_rate),
    "SGD": lambda learning_rate: tf.train.GradientDescentOptimizer(learning_rate),
}
OPTIMIZER_SUMMARIES = ["learning_rate", "loss", "gradients", "gradient_norm", "global_gradient_norm"]
export(*_names("OPTIMIZER_CLS_NAMES"))(OPTIMIZER_CLS_NAMES)
export(*_names("OPTIMIZER_SUMMARIES"))(OPTIMIZER_SUMMARIES)


@export(*_names("optimize_loss"))
def optimize_loss(loss, global_step, learning_rate, optimizer, gradient_noise_scale=None, gradient_multipliers=None,
                  clip_gradients=None, learning_rate_decay_fn=None, update_ops=None, variables=None, name=None, summaries=None,
                  colocate_gradients_with_ops=False, increment_global_step=True):  # fmt: skip
    """A tensor of the loss that, when it is computed, does a step of training.

    Args:
      loss: a scalar tensor.
      global_step: the variable that counts steps; None for that of the graph.
      learning_rate: a float, a scalar tensor, or None if the optimizer has its own.
      optimizer: the name of one ("Adam", ...), a class, an instance, or a function of the learning rate.
      gradient_noise_scale: the size of noise to add to the gradients, or None.
      gradient_multipliers: a dictionary from variables or their names to factors of their gradients.
      clip_gradients: the greatest norm of all gradients together, a function of the pairs, or None.
      learning_rate_decay_fn: a function of the learning rate and the global step that gives the learning rate.
      update_ops: operations to do before; by default those in the collection of updates.
      variables: what to train, by default all trainable variables.
      name: the variable scope.
      summaries: what of "loss", "learning_rate", "gradients", "gradient_norm", "global_gradient_norm" to summarize.
      colocate_gradients_with_ops: whether gradients are computed where the operations are.
      increment_global_step: whether a step counts.

    Raises:
      ValueError: an argument is not as it must be.
    """
    loss = convert(loss)
    tf.assert_scalar(loss)
    if global_step is None:
        global_step = tf.train.get_global_step()
    else:
        tf.train.assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = list(dict.fromkeys(tf.get_collection("update_ops")))
        if update_ops:
            loss = with_dependencies(list(update_ops), loss)
        rate = _rate(learning_rate)
        summaries = _checked_summaries(summaries)
        if learning_rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in summaries:
                tf.summary.scalar("learning_rate", rate)
        opt = _optimizer(optimizer, learning_rate, rate)
        variables = tf.trainable_variables() if variables is None else variables
        gradients = opt.compute_gradients(loss, variables, colocate_gradients_with_ops=colocate_gradients_with_ops)
        if gradient_noise_scale is not None:
            gradients = _with_noise(gradients, gradient_noise_scale)
        if gradient_multipliers is not None:
            gradients = _multiplied(gradients, gradient_multipliers)
        gradients = _clipped(gradients, clip_gradients, summaries)
        _summarize(loss, gradients, clip_gradients, summaries)
        updates = opt.apply_gradients(gradients, global_step=global_step if increment_global_step else None, name="train")
        return with_dependencies([updates], loss)


def _rate(learning_rate):
    """The learning rate: a tensor, a variable, or None."""
    if learning_rate is None:
        return None
    if isinstance(learning_rate, Tensor) and learning_rate.get_shape().ndims == 0:
        return learning_rate
    if isinstance(learning_rate, float):
        if learning_rate < 0.0:
            raise ValueError("Invalid learning_rate %s.", learning_rate)
        return get_variable("learning_rate", [], trainable=False, initializer=tf.constant_initializer(learning_rate))
    raise ValueError("Learning rate should be 0d Tensor or float. Got %s of type %s" % (learning_rate, type(learning_rate)))


def _checked_summaries(summaries):
    if summaries is None:
        return ["loss", "learning_rate", "global_gradient_norm"]
    for s in summaries:
        if s not in OPTIMIZER_SUMMARIES:
            raise ValueError("Summaries should be one of [%s], you provided %s." % (", ".join(OPTIMIZER_SUMMARIES), s))
    return summaries


def _optimizer(optimizer, learning_rate, rate):
    """The optimizer that an argument stands for."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    missing = "Learning rate is None, but should be specified if optimizer is %s (%s)."
    if isinstance(optimizer, str):
        if rate is None:
            raise ValueError(missing % ("string", optimizer))
        if optimizer not in OPTIMIZER_CLS_NAMES:
            raise ValueError("Optimizer name should be one of [%s], you provided %s." % (", ".join(OPTIMIZER_CLS_NAMES), optimizer))
        return OPTIMIZER_CLS_NAMES[optimizer](learning_rate=rate)
    if isinstance(optimizer, type) and issubclass(optimizer, Optimizer):
        if rate is None:
            raise ValueError(missing % ("class", optimizer))
        return optimizer(learning_rate=rate)
    if callable(optimizer):
        made = optimizer() if learning_rate is None else optimizer(rate)
        if not isinstance(made, Optimizer):
            raise ValueError("Unrecognized optimizer: function should return subclass of Optimizer. Got %s." % made)
        return made
    raise ValueError("Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass of "
                     "Optimizer or function "
                     "with one argument. Got %s." % optimizer)  # fmt: skip


def _gradients(pairs):
    return [g for g, _ in pairs]


def _clipped(gradients, clip_gradients, summaries):
    if not gradients:
        raise ValueError("Empty list of (gradient, var) pairs encountered. This is most likely to be caused by an "
                         "improper value of "
                         "gradient_multipliers.")  # fmt: skip
    if "global_gradient_norm" in summaries or "gradient_norm" in summaries:
        tf.summary.scalar("global_norm/gradient_norm", tf.global_norm(_gradients(gradients)))
    if clip_gradients is None:
        return gradients
    if isinstance(clip_gradients, float):
        clipped, _ = tf.clip_by_global_norm(_gradients(gradients), clip_gradients)
        return [(g, v) for g, (_, v) in zip(clipped, gradients)]
    if callable(clip_gradients):
        return clip_gradients(gradients)
    raise ValueError("Unknown type %s for clip_gradients" % type(clip_gradients))


def _summarize(loss, gradients, clip_gradients, summaries):
    if "loss" in summaries:
        tf.summary.scalar("loss", loss)
    for gradient, variable in gradients:
        values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
        if values is None:
            continue
        name = variable.name.replace(":", "_")
        if "gradients" in summaries:
            tf.summary.histogram("gradients/%s" % name, values)
        if "gradient_norm" in summaries:
            tf.summary.scalar("gradient_norm/%s" % name, tf.global_norm([values]))
    if clip_gradients is not None and ("global_gradient_norm" in summaries or "gradient_norm" in summaries):
        tf.summary.scalar("global_norm/clipped_gradient_norm", tf.global_norm(_gradients(gradients)))


def _with_noise(pairs, scale):
    found = []
    for gradient, variable in pairs:
        if gradient is not None:
            shape = gradient.dense_shape if isinstance(gradient, IndexedSlices) else gradient.get_shape()
            gradient = gradient + tf.truncated_normal(shape) * scale
        found.append((gradient, variable))
    return found


def _multiplied(pairs, multipliers):
    found = []
    for gradient, variable in pairs:
        key = variable if variable in multipliers else variable.name
        if gradient is not None and key in multipliers:
            factor = multipliers[key]
            gradient = with_values_by(gradient, lambda x, f=factor: x * (f if not isinstance(f, Tensor) else tf.cast(f, x.dtype)))
        found.append((gradient, variable))
    return found


@export(*_names("adaptive_clipping_fn"))
def adaptive_clipping_fn(std_factor=2.0, decay=0.95, static_max_norm=None, global_step=None, report_summary=False, epsilon=1e-8,
                         name=None):  # fmt: skip
    """A function that clips gradients whose norm is unusually great, for `optimize_loss`.

    Args:
      std_factor: how many standard deviations of the norm's logarithm are usual.
      decay: of the moving averages of the norm.
      static_max_norm: the greatest norm in any case, or None.
      global_step: the variable that counts steps; at first the averages are over all of them.
      report_summary: whether to summarize the greatest norm.
      epsilon: what is added to the norm.
      name: the variable scope.
    """

    def gradient_clipping(grads_and_vars):
        norm = tf.global_norm(_gradients(grads_and_vars))
        greatest, mean = _adaptive_max_norm(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            tf.summary.scalar("global_norm/adaptive_max_gradient_norm", greatest)
        factor = tf.where(norm < greatest, tf.ones_like(norm), tf.exp(mean) / norm)
        if static_max_norm is not None:
            factor = tf.minimum(static_max_norm / norm, factor)
        return [(None if g is None else with_values_by(g, lambda x: x * factor), v) for g, v in grads_and_vars]

    return gradient_clipping


def _adaptive_max_norm(norm, std_factor, decay, global_step, epsilon, name):
    with variable_scope(name, "AdaptiveMaxNorm", [norm]):
        log_norm = tf.log(norm + epsilon)

        def average(name, value, decay):
            variable = get_variable(name, shape=value.get_shape(), dtype=value.dtype, initializer=tf.zeros_initializer(),
                                    trainable=False)  # fmt: skip
            return assign_moving_average(variable, value, decay, zero_debias=False)

        if global_step is not None:
            n = tf.cast(global_step, dtypes.float32)
            decay = tf.minimum(decay, n / (n + 1.0))
        mean = average("mean", log_norm, decay)
        squares = average("sq_mean", tf.square(log_norm), decay)
        deviation = tf.sqrt(tf.maximum(epsilon, squares - tf.square(mean)))
        return tf.exp(mean + std_factor * deviation), mean
