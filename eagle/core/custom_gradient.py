"""`tf.custom_gradient`: a function that brings its own gradient."""

import functools
import inspect

from . import nest, tape as tapes
from .context import here
from .convert import convert
from .dispatch import registry
from .export import export
from .gradient_registry import RegisterGradient
from .gradient_tape import GradientTape
from .graph import get_default_graph
from .tape import Tape
from .tensor import from_value, next_id


@export("custom_gradient", "contrib.eager.custom_gradient")
def custom_gradient(f):
    """A decorator for a function that returns its result together with a function for the gradient.

    Args:
      f: a function of tensors that returns a pair: the result (a tensor or structure of tensors), and a function from the
        gradients with respect to the results to those with respect to the arguments.  If `f` reads variables, that function
        must take a keyword `variables` and return a pair: the gradients of the arguments and a list of those of the variables.

    Returns:
      A function of the same arguments with the same result, whose gradient is computed by the function given.

    Raises:
      TypeError: (when called) `f` reads variables but its gradient function does not take `variables`.
      ValueError: (when called) keyword arguments are given in graph mode.
    """

    @functools.wraps(f)
    def decorated(*args, **kwargs):
        return _eagerly(f, args, kwargs) if here.eager else _in_graph(f, args, kwargs)

    return decorated


def _takes_variables(grad_fn):
    spec = inspect.getfullargspec(grad_fn)
    return "variables" in spec.args or "variables" in spec.kwonlyargs or spec.varkw is not None


def _check_variables(variables, grad_fn):
    if variables and not _takes_variables(grad_fn):
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then grad_fn must accept a keyword argument "
            "'variables'."
        )


def _gradients(grad_fn, result_grads, variables):
    """The flat list of gradients of the arguments, and the list of those of the variables."""
    if not variables:
        return nest.flatten(grad_fn(*result_grads)), []
    input_grads, variable_grads = grad_fn(*result_grads, variables=variables)
    if len(variable_grads) != len(variables):
        raise ValueError("Must return gradient for each variable from @custom_gradient grad_fn.")
    return nest.flatten(input_grads), list(variable_grads)


def _run_watching(f, args, kwargs):
    """The result and gradient function of `f`, and the variables that it reads; outer tapes do not see inside."""
    watcher = Tape()
    before = here.tapes
    here.tapes = ()
    tapes.push(watcher)
    try:
        result, grad_fn = f(*args, **kwargs)
    finally:
        tapes.pop(watcher)
        here.tapes = before
    given = [id(a) for a in (*args, *kwargs.values())]
    return result, grad_fn, [v for v in watcher.variables.values() if id(v) not in given]


def _eagerly(f, args, kwargs):
    result, grad_fn, variables = _run_watching(f, args, kwargs)
    _check_variables(variables, grad_fn)
    outputs = [from_value(convert(t)._v) for t in nest.flatten(result)]
    inputs = [convert(x) for x in (*args, *variables)]

    def function(*result_grads):
        input_grads, variable_grads = _gradients(grad_fn, result_grads, variables)
        if len(input_grads) != len(args):
            raise ValueError(
                "custom_gradient function expected to return %d gradients but returned %d instead." % (len(args), len(input_grads))
            )
        return tuple(input_grads + variable_grads)

    record_function(inputs, outputs, function)
    return nest.pack_sequence_as(result, outputs)


def record_function(inputs, outputs, function, zeros=True):
    """Lets the tapes note that `outputs` were computed from `inputs` and that `function` carries gradients back."""
    for tape in here.tapes:
        tape.note_function(inputs, outputs, function, zeros)


def _in_graph(f, args, kwargs):
    if kwargs:
        raise ValueError(
            "The custom_gradient decorator currently supports keywords arguments only when eager execution is enabled."
        )
    args = [convert(x) for x in args]
    with GradientTape() as watcher:
        result, grad_fn = f(*args)
    variables = list(watcher.watched_variables())
    _check_variables(variables, grad_fn)
    flat = nest.flatten(result)
    name = "CustomGradient-%d" % next_id()

    def function(op, *result_grads):
        input_grads, variable_grads = _gradients(grad_fn, result_grads[: len(flat)], variables)
        return [None] * len(flat) + input_grads + variable_grads

    RegisterGradient(name)(function)
    with get_default_graph().gradient_override_map({"IdentityN": name}):
        outputs = registry["IdentityN"]([convert(t) for t in (*flat, *args, *variables)])
    return nest.pack_sequence_as(result, outputs[: len(flat)])


@export("grad_pass_through")
def grad_pass_through(f):
    """A function like `f` whose gradient is that of the identity.

    Args:
      f: a function of tensors that returns a tensor or structure of tensors.
    """

    @custom_gradient
    @functools.wraps(f)
    def passing(*args, **kwargs):
        def grad(*grads, variables=None):
            return grads if variables is None else (grads, [None] * len(variables))

        return f(*args, **kwargs), grad

    return passing


@export("recompute_grad", "contrib.layers.recompute_grad")
def recompute_grad(f):
    """A function like `f` that keeps nothing for the gradient but its arguments: it computes its result again instead.

    Args:
      f: a function of tensors that returns a tensor or sequence of tensors.
    """

    @custom_gradient
    def inner(*args, **kwargs):
        result = f(*args, **kwargs)

        def grad(*dresult, variables=None):
            with GradientTape() as tape:
                tape.watch(list(args))
                again = f(*args, **kwargs)
            found = tape.gradient(again, list(args) + list(variables or ()), output_gradients=list(dresult))
            return (found[: len(args)], found[len(args) :]) if variables else found

        return result, grad

    return inner
