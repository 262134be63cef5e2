"""`tf.contrib.opt.ShampooOptimizer`: steps preconditioned by a matrix for each dimension of a variable."""

from ...core import dtypes
from ...core.context import here
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import colocate_with, control_dependencies, name_scope
from ...platform import tf_logging as logging
from ...training.optimizer import Optimizer
from ...variables.assigning import assign, assign_add, assign_sub
from .matrix_powers import matrix_inverse_pth_root, matrix_square_root


def _at(parameter, step):
    """A parameter's value at a step, if it is a function of that."""
    return parameter(step) if callable(parameter) else parameter


@export("contrib.opt.ShampooOptimizer")
class ShampooOptimizer(Optimizer):
    """Shampoo (Gupta, Koren and Singer, 2018): Adagrad with one matrix for each dimension of a variable.

    With `gbar = gbar_decay * gbar + gbar_weight * g` and, for each dimension j,
    `G_j = mat_gbar_decay * G_j + mat_gbar_weight * (g times itself, summed over all dimensions but j)`, a step is
    `-learning_rate * gbar` multiplied in each dimension j by `G_j ** (-alpha / rank)`.  Most of the numbers may be functions of
    the step.

    Args:
      global_step: the variable that counts steps.
      max_matrix_size: for dimensions larger than this only the matrix's diagonal is kept.
      gbar_decay, gbar_weight: how the mean of gradients moves.
      mat_gbar_decay, mat_gbar_weight: how the matrices move.
      learning_rate: the step.
      svd_interval: after how many steps the powers of the matrices are computed again.
      precond_update_interval: after how many steps the matrices are updated.
      epsilon: what is added to the matrices' diagonals.
      alpha: the power of all preconditioners together.
      use_iterative_root: whether powers are computed by iteration instead of `tf.svd`.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    def __init__(self, global_step=0, max_matrix_size=768, gbar_decay=0.0, gbar_weight=1.0, mat_gbar_decay=1.0,
                 mat_gbar_weight=1.0, learning_rate=1.0, svd_interval=1, precond_update_interval=1, epsilon=1e-4, alpha=0.5,
                 use_iterative_root=False, use_locking=False, name="Shampoo"):  # fmt: skip
        super().__init__(use_locking, name)
        self._global_step = tf.cast(global_step, dtypes.float32)
        self._max_matrix_size = max_matrix_size
        self._gbar_decay = gbar_decay
        self._gbar_weight = gbar_weight
        self._mat_gbar_decay = mat_gbar_decay
        self._mat_gbar_weight = mat_gbar_weight
        self._learning_rate = learning_rate
        self._svd_interval = svd_interval
        self._precond_update_interval = precond_update_interval
        self._epsilon = epsilon
        self._alpha = alpha
        self._use_iterative_root = use_iterative_root
        self._name = name

    def _create_slots(self, var_list):
        for v in var_list:
            with colocate_with(v):
                self._zeros_slot(v, "gbar", self._name)
                for i, d in enumerate(v.get_shape().as_list()):
                    size = convert(d)
                    if d > self._max_matrix_size:
                        start = tf.zeros([size])
                    else:
                        start = tf.zeros_like(tf.eye(size))
                        if self._svd_interval > 1:
                            self._get_or_make_slot(v, tf.eye(size), "H_%d" % i, self._name)
                    self._get_or_make_slot(v, start, "Gbar_%d" % i, self._name)

    def _apply_dense(self, grad, var):
        return self._apply_gradient(grad, var)

    def _resource_apply_dense(self, grad, var):
        return self._apply_gradient(grad, var)

    def _apply_sparse(self, grad, var):
        return self._apply_sparse_shared(grad.values, grad.indices, var)

    def _resource_apply_sparse(self, grad, var, indices):
        return self._apply_sparse_shared(grad, indices, var)

    def _apply_sparse_shared(self, values, indices, var):
        if var.get_shape().as_list()[0] > self._max_matrix_size and self._gbar_decay == 0.0:
            return self._apply_gradient(values, var, indices)
        shape = tf.shape(var, out_type=indices.dtype)
        return self._apply_gradient(tf.scatter_nd(tf.expand_dims(indices, axis=1), values, shape), var)

    def _weighted_average(self, var, weight, weight_t, rest):
        """The result of `var = weight_t * var + rest`; `weight` is the parameter, which may be a plain number."""
        if weight == 0.0:
            return rest  # the variable is never used
        if weight == 1.0:
            return assign_add(var, rest)
        return var.assign_add((weight_t - 1) * var + rest)

    def _power_by_svd(self, matrix, size, alpha):
        if size == 1:
            return tf.pow(matrix + self._epsilon, alpha)
        damping = self._epsilon * tf.eye(tf.cast(size, dtypes.int32))
        s, u, v = tf.svd(matrix + damping, full_matrices=True)
        return tf.matmul(v * tf.pow(tf.maximum(s, self._epsilon), alpha), tf.transpose(u))

    def _power_by_iteration(self, matrix, size, alpha):
        root = matrix_square_root(matrix, size, 100, self._epsilon)
        return matrix_inverse_pth_root(root, size, 2 * alpha, 100, 1e-6, ridge_epsilon=0.0)

    def _compute_power(self, var, matrix, size, alpha, slot_name=None):
        """A matrix to the power `alpha`, which is kept in a slot if one is given."""
        with name_scope("matrix_iterative_power"):
            compute = self._power_by_iteration if self._use_iterative_root else self._power_by_svd
            power = compute(matrix, size, alpha)
            return power if slot_name is None else assign(self.get_slot(var, slot_name), power)

    def _apply_gradient(self, grad, var, indices=None):
        """The operation that changes a variable, or the rows `indices` of it."""
        step = self._global_step + 1
        if indices is None:
            decay, weight = _at(self._gbar_decay, step), _at(self._gbar_weight, step)
            direction = self._weighted_average(self.get_slot(var, "gbar"), self._gbar_decay, decay, weight * grad)
        else:
            if self._gbar_decay != 0.0:
                logging.warning("Not applying momentum for variable: %s", var.name)
            direction = grad
        shape = var.get_shape().as_list()
        power = -_at(self._alpha, step) / len(shape)
        for i, size in enumerate(shape):
            if size <= self._max_matrix_size:
                factor = self._preconditioner(grad, var, i, size, power, step)
                direction = tf.tensordot(direction, factor, axes=([0], [0]), name="precond_%d" % i)
            else:
                factor = self._diagonal(grad, var, i, size, power, step, indices)
                direction = tf.transpose(direction, perm=[*range(1, len(shape)), 0]) * factor
        change = _at(self._learning_rate, step) * direction
        return assign_sub(var, change) if indices is None else tf.scatter_add(var, indices, -change)

    def _preconditioner(self, grad, var, i, size, power, step):
        """The matrix for dimension i, after its update."""
        sums = self.get_slot(var, "Gbar_%d" % i)
        decay, weight = _at(self._mat_gbar_decay, step), _at(self._mat_gbar_weight, step)
        interval, svd_interval = _at(self._precond_update_interval, step), _at(self._svd_interval, step)
        others = [j for j in range(len(var.get_shape())) if j != i]

        def update():
            outer = tf.tensordot(grad, grad, axes=(others, others), name="grad_outer_%d" % i)
            return self._weighted_average(sums, self._mat_gbar_decay, decay, weight * interval * outer)

        updated = tf.cond(tf.mod(step, interval) < 1, update, lambda: sums) / float(size)
        if self._svd_interval == 1:
            return self._compute_power(var, updated, size, power)
        kept = "H_%d" % i
        return tf.cond(
            tf.mod(step, svd_interval) < 1,
            lambda: self._compute_power(var, updated, size, power, kept),
            lambda: self.get_slot(var, kept),
        )

    def _diagonal(self, grad, var, i, size, power, step, indices):
        """The diagonal for dimension i, after its update; of rows `indices` only, if these are given and it is the first."""
        sums = self.get_slot(var, "Gbar_%d" % i)
        decay, weight = _at(self._mat_gbar_decay, step), _at(self._mat_gbar_weight, step)
        others = [j for j in range(len(var.get_shape())) if j != i]
        square = grad * grad
        if others:
            square = tf.reduce_sum(square, axis=others) / (float(size) if indices is None else 1.0)
        if i == 0 and indices is not None:
            assert self._mat_gbar_decay == 1.0
            added = tf.scatter_add(sums, indices, weight * square)
            with control_dependencies([] if here.eager else [added.op]):  # TensorFlow may read before it adds
                updated = tf.gather(added, indices)
        else:
            updated = self._weighted_average(sums, self._mat_gbar_decay, decay, weight * square)
        return tf.where(tf.greater(updated, 0), tf.pow(updated, power), tf.zeros_like(updated))
