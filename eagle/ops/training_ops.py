"""Ops that apply gradients: one formula an optimizer, from which four ops come.

`ApplyMomentum` and `ResourceApplyMomentum` change whole variables; `SparseApplyMomentum` and `ResourceSparseApplyMomentum` apply
the same formula to the rows that `indices` names.
"""

import functools

import numpy as np

from ..core import dtypes, op_definitions, shape as shapes
from ..core.errors import invalid
from ..core.tracing import require
from ..onednn import library as onednn, primitives
from .scatter_updates import occurrences
from .updates import Update, UpdateOp

_NAMES = {
    "l1": "l1 regularization strength",
    "l2": "l2 regularization strength",
    "l2_shrinkage": "l2 shrinkage regularization strength",
}
_GRADIENTS = ("grad", "delta")
_ndarray = np.ndarray
_TYPES = [dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16]


def _check_scalars_and_shapes(op, values, inputs):
    """The checks that all optimizers share: variables and gradient have one shape, everything else is a scalar."""
    shape, names = values[0].shape, op.input_names
    for v, name in zip(values[1:], names[1:]):
        if v.shape != shape:
            raise invalid(
                "var and %s do not have the same shape%s %s", name, shapes.to_brackets(shape), shapes.to_brackets(v.shape)
            )
    for v, name in zip(inputs, names[op.changes :]):
        if name not in _GRADIENTS and name != "indices" and v.shape not in ((), (1,)):
            raise invalid("%s is not a scalar: %s", _NAMES.get(name, name), shapes.to_brackets(v.shape))


def _check_dense(op, values, inputs, **unused):
    shape = values[0].shape
    for v in values:
        if v.shape != shape:
            break
    else:
        place = op.gradient_place
        if inputs[place].shape == shape and not any([type(v) is _ndarray for i, v in enumerate(inputs) if i != place]):
            return  # NumPy scalars are scalars; all else is looked at closely
    _check_scalars_and_shapes(op, values, inputs)
    shape = values[0].shape
    for v, name in zip(inputs, op.input_names[op.changes :]):
        if name in _GRADIENTS and v.shape != shape:
            raise invalid(
                "var and %s do not have the same shape%s %s", name, shapes.to_brackets(shape), shapes.to_brackets(v.shape)
            )


def _check_sparse(op, values, inputs, **unused):
    _check_scalars_and_shapes(op, values, inputs)
    shape = values[0].shape
    if not shape:
        raise invalid("var must be at least 1 dimensional")
    place = op.input_names.index("indices") - op.changes
    grad, indices = inputs[place - 1], inputs[place]
    if indices.ndim != 1:
        raise invalid("indices must be one-dimensional")
    for d in range(1, len(shape)):
        if grad.ndim != len(shape) or grad.shape[d] != shape[d]:
            raise invalid("var and grad must match in dimension %d", d)
    if grad.shape[:1] != indices.shape:
        raise invalid("grad must be the same size as indices in the first dimension.")
    fits = (indices >= 0) & (indices < shape[0])

    def outside():
        i = int(np.argmin(fits))
        return invalid("Index %d at offset %d in indices is out of range", indices[i], i)

    require(fits, outside)


def _dense_shape(changes, names):
    def rule(*given):
        shape = given[0]
        for s, name in zip(given, names):
            if names.index(name) < changes or name in _GRADIENTS:
                shape = shapes.agree(shape, s)
            else:
                shapes.with_rank(s, 0)
        return shape

    return rule


def _sparse_shape(changes, names):
    place = names.index("indices")

    def rule(*given):
        shape = given[0]
        for s in given[:changes]:
            shape = shapes.agree(shape, s)
        grad, indices = given[place - 1], given[place]
        if indices is not None:
            shapes.with_rank(indices, 1)
        if grad is not None and shape is not None:
            shapes.agree(grad, (None, *shape[1:]))
            if indices is not None:
                shapes.agree(grad[:1], indices)
        for s, name in zip(given[changes:], names[changes:]):
            if name not in _GRADIENTS and name != "indices":
                shapes.with_rank(s, 0)
        return shape

    return rule


def _sparse_rule(rule, changes, place):
    """The formula applied to some rows; `place` is the number of `indices` among the inputs."""

    def apply(xp, *args, **attrs):
        variables, indices, rest = args[:changes], args[place], args[changes:place] + args[place + 1 :]
        if xp is np:
            arrays = [np.array(v) for v in variables]
            in_place(*arrays, *args[changes:], **attrs)
            return arrays
        return _apply_traced(xp, rule, variables, indices, rest, attrs)

    def in_place(*args, **attrs):
        variables, indices = args[:changes], args[place]
        before, grad, after = args[changes : place - 1], args[place - 1], args[place + 1 :]
        for part in occurrences(indices):  # a row that comes several times is changed several times
            rows = indices[part]
            new = rule(np, *[v[rows] for v in variables], *before, grad[part], *after, **attrs)
            for v, n in zip(variables, new):
                v[rows] = n

    return apply, in_place


def _apply_traced(xp, rule, variables, indices, rest, attrs):
    """The formula applied to rows of traced variables: to the rows that come first, then to those that come again, ..."""
    import jax

    variables, indices = [xp.asarray(v) for v in variables], xp.asarray(indices)
    count, size = indices.shape[0], variables[0].shape[0]
    order = xp.argsort(indices, stable=True)
    ordered = indices[order]
    rank = xp.zeros(count, xp.int32).at[order].set((xp.arange(count) - xp.searchsorted(ordered, ordered)).astype(xp.int32))

    def turn(state):
        turn, variables = state
        given = [v[indices] for v in variables]
        new = rule(xp, *given, *rest, **attrs)
        rows = xp.where(rank == turn, indices, size)  # what lies outside is dropped
        return turn + 1, [v.at[rows].set(n.astype(v.dtype), mode="drop") for v, n in zip(variables, new)]

    last = rank.max(initial=-1)
    return jax.lax.while_loop(lambda state: state[0] <= last, turn, (xp.int32(0), list(variables)))[1]


class Training(Update):
    """The dense and sparse ops of one formula."""

    def __init__(self, rule, algorithm, changes):
        super().__init__([])
        self.sparse_ops = []
        code = rule.__code__
        attr_names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        options = dict(changes=changes, ignores=("use_locking",), golden_tolerance=1e-5, sample_types=_TYPES)
        for prefix in ("", "Resource"):
            name = "%sApply%s" % (prefix, algorithm)
            if op_definitions.lookup(name) is not None:
                made = UpdateOp(name, rule, check=_check_dense, **options)
                made.shape(_dense_shape(changes, made.input_names))
                self.ops.append(_with_gradient_place(made))
            name = "%sSparseApply%s" % (prefix, algorithm)
            if op_definitions.lookup(name) is not None:
                self.sparse_ops.append(self._sparse(name, rule, attr_names, options))
        self.not_differentiable()

    def _sparse(self, name, rule, attr_names, options):
        names = [a.name for a in op_definitions.lookup(name).inputs]
        apply, in_place = _sparse_rule(rule, options["changes"], names.index("indices"))
        made = UpdateOp(name, apply, check=_check_sparse, **options)
        made.attr_names = attr_names
        made.kernels["numpy"] = in_place
        made.shape(_sparse_shape(options["changes"], names))
        made.not_differentiable()
        return _with_gradient_place(made)

    def samples(self, function):
        """Declares sample calls of the dense ops, from which those of the sparse ops are made."""
        super().samples(function)
        for op in self.sparse_ops:
            op.samples(_sparse_samples(op, function))
        return function


def _with_gradient_place(op):
    """An op that has learned where the gradient is among the inputs behind the variables."""
    op.gradient_place = next(i for i, n in enumerate(op.input_names) if n in _GRADIENTS) - op.changes
    return op


def _sparse_samples(op, function):
    place = op.input_names.index("indices")

    def samples(make):
        for *args, attrs in map(_with_attrs, function(make)):
            if not args[0].ndim:
                continue
            for indices in ([2, 0], [1, 1, 3]):
                given = [np.concatenate([v, v[::-1]]) for v in args[: op.changes]] + list(args[op.changes :])
                given[place - 1] = make(len(indices), 3)
                given.insert(place, np.array(indices, np.int32))
                yield (*given, attrs)

    return samples


def _with_attrs(call):
    return call if isinstance(call[-1], dict) else (*call, {})


def training(algorithm, changes):
    """Declares the ops of an optimizer with the decorated formula: from variables and inputs to the variables' new values."""
    return lambda rule: Training(rule, algorithm, changes)


# ------------------------------------------------------------------------------------------------------- gradient descent


@training("GradientDescent", 1)
def _gradient_descent(xp, var, alpha, delta):
    return (var - delta * alpha,)


@_gradient_descent.in_place
def _(var, alpha, delta):
    np.subtract(var, delta * alpha, var)


@_gradient_descent.samples
def _(make):
    yield make(2, 3), make.scalar(0.1), make(2, 3)
    yield make(), make.scalar(0.1), make()


def _shrunk(xp, var, rate, l1, l2):
    """The proximal step for L1 and L2 regularization; `rate` is a learning rate or an array of them."""
    shrunk = xp.where(l1 > 0, xp.sign(var) * xp.maximum(xp.abs(var) - rate * l1, xp.zeros_like(var)), var)
    return shrunk / (1 + l2 * rate)


@training("ProximalGradientDescent", 1)
def _proximal_gradient_descent(xp, var, alpha, l1, l2, delta):
    return (_shrunk(xp, var - delta * alpha, alpha, l1, l2),)


@_proximal_gradient_descent.samples
def _(make):
    for l1, l2 in ((0.0, 0.0), (0.5, 0.3)):
        yield make(2, 3), make.scalar(0.1), make.scalar(l1), make.scalar(l2), make(2, 3)


# --------------------------------------------------------------------------------------------------------------- momentum


@training("Momentum", 2)
def _momentum(xp, var, accum, lr, grad, momentum, *, use_nesterov=False):
    accum = accum * momentum + grad
    if use_nesterov:
        return var - (grad * lr + accum * momentum * lr), accum
    return var - accum * lr, accum


@_momentum.in_place
def _(var, accum, lr, grad, momentum, *, use_nesterov=False):
    np.multiply(accum, momentum, accum)
    np.add(accum, grad, accum)
    step = accum * momentum if use_nesterov else accum * lr
    if use_nesterov:
        step = np.add(np.multiply(step, lr, out=_own(step)), grad * lr)
    np.subtract(var, step, var)


def _own(array):
    """An array just computed as the place for the next result; a scalar has no place."""
    return array if array.ndim else None


@_momentum.samples
def _(make):
    for nesterov in (False, True):
        yield make(2, 3), make(2, 3), make.scalar(0.1), make(2, 3), make.scalar(0.9), dict(use_nesterov=nesterov)
    yield make(), make(), make.scalar(0.1), make(), make.scalar(0.9)


@training("KerasMomentum", 2)
def _keras_momentum(xp, var, accum, lr, grad, momentum, *, use_nesterov=False):
    accum = accum * momentum - grad * lr
    return var + (accum * momentum - grad * lr if use_nesterov else accum), accum


@_keras_momentum.samples
def _(make):
    for nesterov in (False, True):
        yield make(2, 3), make(2, 3), make.scalar(0.1), make(2, 3), make.scalar(0.9), dict(use_nesterov=nesterov)


# ------------------------------------------------------------------------------------------------------ Adam and its kin


@training("Adam", 3)
def _adam(xp, var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, *, use_nesterov=False):
    alpha = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
    m = m + (grad - m) * (1 - beta1)
    v = v + (grad * grad - v) * (1 - beta2)
    step = grad * (1 - beta1) + beta1 * m if use_nesterov else m
    return var - step * alpha / (xp.sqrt(v) + epsilon), m, v


@_adam.in_place
def _(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, *, use_nesterov=False):
    alpha = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    if var.size >= _LARGE and var.dtype is _FLOAT32 and not use_nesterov and _are_plain(var, m, v, grad) and onednn.available():
        _adam_in_three_passes(var, m, v, alpha, beta1, beta2, epsilon, grad)
        return
    t = np.empty(var.shape, var.dtype)
    np.subtract(grad, m, t)
    np.multiply(t, 1 - beta1, t)
    np.add(m, t, m)
    np.multiply(grad, grad, t)
    np.subtract(t, v, t)
    np.multiply(t, 1 - beta2, t)
    np.add(v, t, v)
    np.sqrt(v, t)
    np.add(t, epsilon, t)
    if use_nesterov:
        np.divide((grad * (1 - beta1) + beta1 * m) * alpha, t, t)
    else:
        np.divide(m, t, t)
        np.multiply(t, alpha, t)
    np.subtract(var, t, var)


_LARGE = 4096  # elements, from which on oneDNN's fewer passes over memory are worth its calls
_SHARED = 1 << 16  # elements, from which on its threads, which have just computed the gradient, are worth it
_FLOAT32 = dtypes.float32.np


def _are_plain(*arrays):
    """Whether arrays are contiguous, so that they can be taken as vectors."""
    return all([a.flags.c_contiguous for a in arrays])


def _adam_in_three_passes(var, m, v, alpha, beta1, beta2, epsilon, grad):
    """Adam by three passes over memory instead of NumPy's twelve."""
    count, beta2 = var.size, float(beta2)
    chain = functools.partial(primitives.chain, count, shared=_SHARED)
    chain(("mul", "number"), ("sum", float(beta1)))(grad, np.atleast_1d(1 - beta1), m)
    chain(("mul", "array"), ("linear", 1 - beta2, 0.0), ("sum", beta2))(grad, grad, v)
    step = chain(("add", "number"), ("sqrt",), ("linear", 1.0, float(epsilon)), ("pow", 1.0, -1.0), ("mul", "array"),
                 ("mul", "number"), ("sum", 1.0))  # fmt: skip
    step(v, _ZERO, var, m, np.atleast_1d(-alpha))


_ZERO = np.zeros(1, np.float32)


@_adam.samples
def _(make):
    scalars = [make.scalar(s) for s in (0.9, 0.99, 0.1, 0.8, 0.9, 1e-2)]
    for nesterov in (False, True):
        yield make(2, 3), make(2, 3), make.positive(2, 3), *scalars, make(2, 3), dict(use_nesterov=nesterov)
    yield make(), make(), make.positive(), *scalars, make()


@training("AdamWithAmsgrad", 4)
def _adam_with_amsgrad(xp, var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
    alpha = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
    m = m + (grad - m) * (1 - beta1)
    v = v + (grad * grad - v) * (1 - beta2)
    vhat = xp.maximum(vhat, v)
    return var - m * alpha / (xp.sqrt(vhat) + epsilon), m, v, vhat


@_adam_with_amsgrad.samples
def _(make):
    scalars = [make.scalar(s) for s in (0.9, 0.99, 0.1, 0.8, 0.9, 1e-2)]
    yield make(2, 3), make(2, 3), make.positive(2, 3), make.positive(2, 3), *scalars, make(2, 3)


@training("AdaMax", 3)
def _adamax(xp, var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad):
    m = m + (grad - m) * (1 - beta1)
    v = xp.maximum(beta2 * v, xp.abs(grad))
    return var - lr / (1 - beta1_power) * (m / (v + epsilon)), m, v


@_adamax.samples
def _(make):
    scalars = [make.scalar(s) for s in (0.9, 0.1, 0.8, 0.9, 1e-2)]
    yield make(2, 3), make(2, 3), make.positive(2, 3), *scalars, make(2, 3)


# ------------------------------------------------------------------------------------------------------------ Adagrad's kin


@training("Adagrad", 2)
def _adagrad(xp, var, accum, lr, grad, *, update_slots=True):
    if update_slots:
        accum = accum + grad * grad
    return var - grad * lr / xp.sqrt(accum), accum


@_adagrad.in_place
def _(var, accum, lr, grad, *, update_slots=True):
    t = np.empty(var.shape, var.dtype)
    if update_slots:
        np.multiply(grad, grad, t)
        np.add(accum, t, accum)
    np.sqrt(accum, t)
    np.divide(grad, t, t)
    np.multiply(t, lr, t)
    np.subtract(var, t, var)


@_adagrad.samples
def _(make):
    for update_slots in (True, False):
        yield make(2, 3), make.positive(2, 3), make.scalar(0.1), make(2, 3), dict(update_slots=update_slots)
    yield make(), make.positive(), make.scalar(0.1), make()


@training("AdagradV2", 2)
def _adagrad_v2(xp, var, accum, lr, epsilon, grad, *, update_slots=True):
    if update_slots:
        accum = accum + grad * grad
    return var - grad * lr / (xp.sqrt(accum) + epsilon), accum


@_adagrad_v2.samples
def _(make):
    for update_slots in (True, False):
        yield make(2, 3), make.positive(2, 3), make.scalar(0.1), make.scalar(0.01), make(2, 3), dict(update_slots=update_slots)


@training("ProximalAdagrad", 2)
def _proximal_adagrad(xp, var, accum, lr, l1, l2, grad):
    accum = accum + grad * grad
    rate = lr / xp.sqrt(accum)
    return _shrunk(xp, var - grad * rate, rate, l1, l2), accum


@_proximal_adagrad.samples
def _(make):
    for l1, l2 in ((0.0, 0.0), (0.5, 0.3)):
        yield make(2, 3), make.positive(2, 3), make.scalar(0.1), make.scalar(l1), make.scalar(l2), make(2, 3)


@training("AdagradDA", 3)
def _adagrad_da(xp, var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step):
    total = gradient_accumulator + grad
    squares = gradient_squared_accumulator + grad * grad
    step = xp.asarray(global_step).astype(var.dtype)
    shrunk = xp.where(l1 > 0, xp.sign(total) * xp.maximum(xp.abs(total) - step * l1, xp.zeros_like(total)), total)
    return -lr * shrunk / (l2 * step * lr + xp.sqrt(squares)), total, squares


@_adagrad_da.samples
def _(make):
    for l1, l2 in ((0.0, 0.0), (0.01, 0.3)):
        yield (make(2, 3), make(2, 3), make.positive(2, 3), make(2, 3), make.scalar(0.1), make.scalar(l1), make.scalar(l2),
               np.int64(3))  # fmt: skip


@training("Adadelta", 3)
def _adadelta(xp, var, accum, accum_update, lr, rho, epsilon, grad):
    accum = accum * rho + grad * grad * (1 - rho)
    step = xp.sqrt(accum_update + epsilon) / xp.sqrt(accum + epsilon) * grad
    return var - step * lr, accum, accum_update * rho + step * step * (1 - rho)


@_adadelta.samples
def _(make):
    scalars = [make.scalar(s) for s in (0.5, 0.9, 1e-2)]
    yield make(2, 3), make.positive(2, 3), make.positive(2, 3), *scalars, make(2, 3)


# ------------------------------------------------------------------------------------------------------------ RMSProp's kin


@training("RMSProp", 3)
def _rmsprop(xp, var, ms, mom, lr, rho, momentum, epsilon, grad):
    ms = ms + (grad * grad - ms) * (1 - rho)
    mom = mom * momentum + grad * lr / xp.sqrt(ms + epsilon)
    return var - mom, ms, mom


@_rmsprop.in_place
def _(var, ms, mom, lr, rho, momentum, epsilon, grad):
    t = np.empty(var.shape, var.dtype)
    np.multiply(grad, grad, t)
    np.subtract(t, ms, t)
    np.multiply(t, 1 - rho, t)
    np.add(ms, t, ms)
    np.add(ms, epsilon, t)
    np.sqrt(t, t)
    np.divide(grad, t, t)
    np.multiply(t, lr, t)
    np.multiply(mom, momentum, mom)
    np.add(mom, t, mom)
    np.subtract(var, mom, var)


@_rmsprop.samples
def _(make):
    scalars = [make.scalar(s) for s in (0.1, 0.9, 0.8, 1e-2)]
    yield make(2, 3), make.positive(2, 3), make(2, 3), *scalars, make(2, 3)
    yield make(), make.positive(), make(), *scalars, make()


@training("CenteredRMSProp", 4)
def _centered_rmsprop(xp, var, mg, ms, mom, lr, rho, momentum, epsilon, grad):
    ms = ms + (grad * grad - ms) * (1 - rho)
    mg = mg + (grad - mg) * (1 - rho)
    mom = mom * momentum + grad * lr / xp.sqrt(ms - mg * mg + epsilon)
    return var - mom, mg, ms, mom


@_centered_rmsprop.samples
def _(make):
    scalars = [make.scalar(s) for s in (0.1, 0.9, 0.8, 1e-2)]
    yield make(2, 3), make.between(0, 0.1, 2, 3), make.positive(2, 3), make(2, 3), *scalars, make(2, 3)


# ------------------------------------------------------------------------------------------------------------ FTRL, and signs


def _ftrl_step(xp, var, accum, linear, grad, shrunk_grad, lr, l1, l2, lr_power):
    new_accum = accum + grad * grad
    new_root, root = new_accum**-lr_power, accum**-lr_power
    linear = linear + shrunk_grad - (new_root - root) / lr * var
    var = xp.where(xp.abs(linear) > l1, (l1 * xp.sign(linear) - linear) / (new_root / lr + 2 * l2), xp.zeros_like(linear))
    return var, new_accum, linear


@training("Ftrl", 3)
def _ftrl(xp, var, accum, linear, grad, lr, l1, l2, lr_power):
    return _ftrl_step(xp, var, accum, linear, grad, grad, lr, l1, l2, lr_power)


@_ftrl.samples
def _(make):
    for power in (-0.5, -0.7):
        scalars = [make.scalar(s) for s in (0.2, 0.1, 0.3, power)]
        yield make(2, 3), make.positive(2, 3), make(2, 3), make(2, 3), *scalars


@training("FtrlV2", 3)
def _ftrl_v2(xp, var, accum, linear, grad, lr, l1, l2, l2_shrinkage, lr_power):
    return _ftrl_step(xp, var, accum, linear, grad, grad + 2 * l2_shrinkage * var, lr, l1, l2, lr_power)


@_ftrl_v2.samples
def _(make):
    for power in (-0.5, -0.7):
        scalars = [make.scalar(s) for s in (0.2, 0.1, 0.3, 0.05, power)]
        yield make(2, 3), make.positive(2, 3), make(2, 3), make(2, 3), *scalars


@training("AddSign", 2)
def _add_sign(xp, var, m, lr, alpha, sign_decay, beta, grad):
    m = m * beta + grad * (1 - beta)
    return var - lr * (alpha + sign_decay * (xp.sign(grad) * xp.sign(m))) * grad, m


@training("PowerSign", 2)
def _power_sign(xp, var, m, lr, logbase, sign_decay, beta, grad):
    m = m * beta + grad * (1 - beta)
    return var - lr * xp.exp(logbase * sign_decay * (xp.sign(grad) * xp.sign(m))) * grad, m


for _signed in (_add_sign, _power_sign):

    @_signed.samples
    def _(make):
        scalars = [make.scalar(s) for s in (0.1, 1.0, 0.9, 0.8)]
        yield make(2, 3), make(2, 3), *scalars, make(2, 3)
