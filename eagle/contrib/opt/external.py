"""`tf.contrib.opt.ScipyOptimizerInterface`: optimizers that run outside of the graph."""

import itertools

import numpy as np

from ...core.export import export, public as tf
from ...platform import tf_logging as logging

_HERE = "contrib.opt.python.training.external_optimizer."


def _shape(tensor):
    return tuple(tensor.get_shape().as_list())


def _gradients(tensor, variables):
    return [tf.zeros_like(v) if g is None else g for v, g in zip(variables, tf.gradients(tensor, variables))]


def _packed(tensors):
    """Tensors as one vector."""
    flat = [tf.reshape(t, [-1]) for t in tensors]
    return flat[0] if len(flat) == 1 else tf.concat(flat, 0) if flat else None


@export("contrib.opt.ExternalOptimizerInterface", _HERE + "ExternalOptimizerInterface")
class ExternalOptimizerInterface:
    """What optimizers are derived from that run outside of the graph: all variables are one vector to them.

    Args:
      loss: a scalar tensor.
      var_list: the variables; by default all that are trained.
      equalities: tensors that must become 0.
      inequalities: tensors that must not become negative.
      var_to_bounds: None, or a dict from variables to pairs of lower and upper bounds, which are broadcast.
      **optimizer_kwargs: more arguments of the optimizer.
    """

    def __init__(self, loss, var_list=None, equalities=None, inequalities=None, var_to_bounds=None, **optimizer_kwargs):
        self._loss, self._equalities, self._inequalities = loss, equalities or [], inequalities or []
        self._vars = tf.trainable_variables() if var_list is None else list(var_list)
        self._packed_bounds = None if var_to_bounds is None else self._bounds(var_to_bounds)
        self._update_placeholders = [tf.placeholder(v.dtype) for v in self._vars]
        self._var_updates = [v.assign(tf.reshape(p, _shape(v))) for v, p in zip(self._vars, self._update_placeholders)]
        loss_gradients = _gradients(loss, self._vars)
        equalities_gradients = [_gradients(t, self._vars) for t in self._equalities]
        inequalities_gradients = [_gradients(t, self._vars) for t in self._inequalities]
        self.optimizer_kwargs = optimizer_kwargs
        self._packed_var = _packed(self._vars)
        self._packed_loss_grad = _packed(loss_gradients)
        self._packed_equality_grads = [_packed(g) for g in equalities_gradients]
        self._packed_inequality_grads = [_packed(g) for g in inequalities_gradients]
        ends = list(itertools.accumulate((int(np.prod(_shape(v))) for v in self._vars), initial=0))
        self._packing_slices = [slice(start, end) for start, end in itertools.pairwise(ends)]

    def _bounds(self, var_to_bounds):
        """The pairs of bounds of all elements."""
        found = []
        for var in self._vars:
            low, high = var_to_bounds.get(var, (-np.inf, np.inf))
            found += zip(np.broadcast_to(low, _shape(var)).flat, np.broadcast_to(high, _shape(var)).flat)
        return found

    def minimize(self, session=None, feed_dict=None, fetches=None, step_callback=None, loss_callback=None, **run_kwargs):
        """Sets the variables to where the loss is smallest.

        Args:
          session: the session; by default that which is installed.
          feed_dict: what to feed when tensors are evaluated.
          fetches: more tensors to evaluate with the loss, for `loss_callback`.
          step_callback: called with the vector of all variables after each step.
          loss_callback: called with the values of `fetches` each time that the loss is evaluated.
          **run_kwargs: more arguments of the `session.run` that sets the variables.
        """
        session = session or tf.get_default_session()
        feed_dict, fetches = feed_dict or {}, fetches or []
        loss_callback = loss_callback or (lambda *fetches: None)

        def functions(tensors):
            return [self._function([t], session, feed_dict, fetches) for t in tensors]

        found = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=self._function([self._loss, self._packed_loss_grad], session, feed_dict, fetches, loss_callback),
            equality_funcs=functions(self._equalities),
            equality_grad_funcs=functions(self._packed_equality_grads),
            inequality_funcs=functions(self._inequalities),
            inequality_grad_funcs=functions(self._packed_inequality_grads),
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda x: None),
            optimizer_kwargs=self.optimizer_kwargs,
        )
        values = [found[part] for part in self._packing_slices]
        session.run(self._var_updates, feed_dict=dict(zip(self._update_placeholders, values)), **run_kwargs)

    def _minimize(self, initial_val, loss_grad_func, equality_funcs, equality_grad_funcs, inequality_funcs, inequality_grad_funcs,
                  packed_bounds, step_callback, optimizer_kwargs):  # fmt: skip
        """Gives the vector where the loss is smallest; for optimizers to define.

        Args:
          initial_val: the vector to begin with.
          loss_grad_func: a function of a vector that gives the loss and its gradient.
          equality_funcs, equality_grad_funcs, inequality_funcs, inequality_grad_funcs: lists of functions of a vector that give a
            list with the value of a constraint or its gradient.
          packed_bounds: None, or a pair of bounds for each element.
          step_callback: to call with the vector after each step.
          optimizer_kwargs: more arguments.
        """
        raise NotImplementedError("To use ExternalOptimizerInterface, subclass from it and implement the _minimize() method.")

    def _function(self, tensors, session, feed_dict, fetches, callback=None):
        """A function from the vector of all variables to the values of tensors."""

        def evaluate(x):
            feeds = {v: x[part].reshape(_shape(v)) for v, part in zip(self._vars, self._packing_slices)}
            values = session.run(tensors + fetches, feed_dict={**feeds, **feed_dict})
            if callback is not None:
                callback(*values[len(tensors) :])
            return values[: len(tensors)]

        return evaluate


@export("contrib.opt.ScipyOptimizerInterface", _HERE + "ScipyOptimizerInterface")
class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """Minimizes by `scipy.optimize.minimize`, by default with its method L-BFGS-B; `optimizer_kwargs` are arguments of that."""

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(self, initial_val, loss_grad_func, equality_funcs, equality_grad_funcs, inequality_funcs, inequality_grad_funcs,
                  packed_bounds, step_callback, optimizer_kwargs):  # fmt: skip
        import scipy.optimize

        def loss_and_gradient(x):
            loss, gradient = loss_grad_func(x)
            return loss, gradient.astype(np.float64)

        def in_double(function):
            return lambda x: np.asarray(function(x), np.float64)

        options = dict(optimizer_kwargs)
        method = options.pop("method", self._DEFAULT_METHOD)
        constraints = [
            {"type": "eq", "fun": in_double(f), "jac": in_double(g)} for f, g in zip(equality_funcs, equality_grad_funcs)
        ]
        constraints += [
            {"type": "ineq", "fun": in_double(f), "jac": in_double(g)} for f, g in zip(inequality_funcs, inequality_grad_funcs)
        ]
        own = dict(jac=True, callback=step_callback, method=method, constraints=constraints, bounds=packed_bounds)
        for name in own:
            if name in options:
                if name == "bounds":
                    raise ValueError("Bounds must be set using the var_to_bounds argument")
                raise ValueError(f"Optimizer keyword arg '{name}' is set automatically and cannot be injected manually")
        result = scipy.optimize.minimize(loss_and_gradient, initial_val.astype(np.float64), **own, **options)
        lines, values = (
            ["Optimization terminated with:", "  Message: %s", "  Objective function value: %f"],
            [result.message, result.fun],
        )
        for name, text in (("nit", "  Number of iterations: %d"), ("nfev", "  Number of functions evaluations: %d")):
            if hasattr(result, name):
                lines.append(text)
                values.append(getattr(result, name))
        logging.info("\n".join(lines), *values)
        return result["x"]
