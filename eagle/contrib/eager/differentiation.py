"""From a function to its gradient: `gradients_function`, `implicit_gradients` and their sisters that give the value too."""

import inspect

from ...core import nest, tape as tapes
from ...core.backprop import gradient_of_tape
from ...core.context import here
from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export
from ...core.graph import get_default_graph
from ...core.graph_gradients import gradients
from ...core.tape import Tape
from ...core.tensor import EagerTensor, from_value


def _no_value(f):
    name = getattr(f, "__name__", repr(f))
    return ValueError("Cannot differentiate a function that returns None; did you forget to return a value from %s?" % name)


def _parameter_positions(f, params, count):
    """The numbers of the arguments with respect to which `f` is differentiated, if it is called with `count` arguments."""
    names = _argument_names(f)
    if params is None:
        return range(count if not names else min(len(names), count))
    if all(isinstance(p, str) for p in params):
        if names is None:
            raise ValueError("Either callable provided is not a function or could not inspect its arguments by name: %s." % (f,))
        return [names.index(p) for p in params]
    if all(isinstance(p, int) for p in params):
        return list(params)
    raise ValueError("params must be all strings or all integers; got %s." % (params,))


def _argument_names(f):
    try:
        spec = inspect.getfullargspec(f)
    except TypeError:
        return None
    return spec.args


def _differentiate(f, positions, args, dy):
    """The result of `f(*args)` and its gradients with respect to the arguments at some positions."""
    if not here.eager:
        return _differentiate_in_graph(f, positions, list(args), dy)
    args = list(args)
    sources = []
    for i in positions:
        t = args[i]
        if type(t) is not EagerTensor:
            t = args[i] = convert(t)
        if t in sources:  # the same tensor twice counts as two arguments
            t = args[i] = from_value(t._v)
        sources.append(t)
    tape = Tape()
    for t in sources:
        tape.watch(t)
    tapes.push(tape)
    try:
        result = f(*args)
    finally:
        tapes.pop(tape)
    if result is None:
        raise _no_value(f)
    if type(result) is EagerTensor and dy is None:
        return result, gradient_of_tape(tape, (result,), sources, (None,))
    targets = [t if isinstance(t, EagerTensor) else convert(t) for t in nest.flatten(result)]
    seeds = [None] * len(targets) if dy is None else [convert(d) for d in nest.flatten(dy)]
    return nest.pack_sequence_as(result, targets), gradient_of_tape(tape, targets, sources, seeds)


def _differentiate_in_graph(f, positions, args, dy):
    """The same inside a function or a graph."""
    graph = get_default_graph()
    sources = []
    for i in positions:
        args[i] = registry["Identity"](graph.admit(convert(args[i])))
        sources.append(args[i])
    result = f(*args)
    if result is None:
        raise _no_value(f)
    targets = [convert(t) for t in nest.flatten(result)]
    return nest.pack_sequence_as(result, targets), _graph_gradients(targets, sources, dy)


def _graph_gradients(targets, sources, dy=None):
    seeds = None if dy is None else [convert(d) for d in nest.flatten(dy)]
    return gradients([_graph_tensor(t) for t in targets], sources, grad_ys=seeds) if sources else []


def _graph_tensor(t):
    """A tensor of the default graph with the value of `t`."""
    return get_default_graph().admit(t)


@export("contrib.eager.value_and_gradients_function")
def value_and_gradients_function(f, params=None):
    """A function that computes what `f` does and the derivatives with respect to its arguments.

    Args:
      f: a function of tensors that returns a tensor or a structure of tensors, which are summed for the derivative.
      params: the names or numbers of the arguments with respect to which; by default all.

    Returns:
      A function of the same arguments, and `dy`: the gradients of the results to begin with, by default ones.  It returns the
      value of `f` and the list of gradients.

    Raises:
      ValueError: `params` mixes names and numbers; (when called) there are keyword arguments, or `f` returns None.
    """
    known = {}  # number of arguments -> positions

    def decorated(*args, **kwds):
        dy = kwds.pop("dy", None) if kwds else None
        if kwds:
            raise ValueError("Functions to be differentiated cannot receive keyword arguments.")
        positions = known.get(len(args))
        if positions is None:
            positions = known[len(args)] = _parameter_positions(f, params, len(args))
        return _differentiate(f, positions, args, dy)

    return decorated


@export("contrib.eager.gradients_function")
def gradients_function(f, params=None):
    """A function that computes the derivatives of `f` with respect to its arguments; see `value_and_gradients_function`."""
    both = value_and_gradients_function(f, params)

    def decorated(*args, **kwds):
        return both(*args, **kwds)[1]

    return decorated


@export("contrib.eager.implicit_value_and_gradients")
def implicit_value_and_gradients(f):
    """A function that computes what `f` does and the derivatives with respect to the variables that it reads.

    Args:
      f: a function that returns a tensor or a structure of tensors, which are summed for the derivative.

    Returns:
      A function of the same arguments.  It returns the value of `f` and a list of (gradient, variable) pairs, one for each
      trainable variable that `f` read; the gradient is None if the value does not depend on the variable.

    Raises:
      ValueError: (when called) `f` returns None or reads no trainable variable.
    """

    def grad_fn(*args, **kwds):
        tape = Tape()
        tapes.push(tape)
        try:
            value = f(*args, **kwds)
        finally:
            tapes.pop(tape)
        if value is None:
            raise _no_value(f)
        variables = list(tape.variables.values())
        if not variables:
            raise ValueError("No trainable variables were accessed while the function was being computed.")
        targets = (value,) if type(value) is EagerTensor else [convert(t) for t in nest.flatten(value)]
        if not here.eager:
            return value, list(zip(_graph_gradients(targets, [v._gradient_source for v in variables]), variables))
        grads = gradient_of_tape(tape, targets, [v._handle for v in variables], [None] * len(targets))
        return value, list(zip(grads, variables))

    return grad_fn


@export("contrib.eager.implicit_gradients")
def implicit_gradients(f):
    """A function that computes the derivatives of `f` with respect to the variables it reads; see
    `implicit_value_and_gradients`."""
    both = implicit_value_and_gradients(f)

    def grad_fn(*args, **kwds):
        return both(*args, **kwds)[1]

    return grad_fn
