"""Gradient functions of TensorFlow's form, which a program registers under a name: `tf.RegisterGradient`."""

from .dispatch import registry
from .export import export
from .tape import NOT_DIFFERENTIABLE

_registered = {}  # name -> function(op, *grads), or NOT_DIFFERENTIABLE


@export("RegisterGradient")
class RegisterGradient:
    """A decorator that registers a gradient function under the name of an op type, or for `Graph.gradient_override_map`.

    The function is called with the operation and the gradients with respect to its outputs and returns those with respect to its
    inputs.

    Args:
      op_type: the name.

    Raises:
      TypeError: `op_type` is no string.
      KeyError: (when it is applied) there is such a gradient already.
    """

    def __init__(self, op_type):
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, f):
        _register(self._op_type, f)
        return f


def _register(name, function):
    spec = registry.get(name)
    if name in _registered or (spec is not None and (spec.rules or spec.joint_rule is not None)):
        raise KeyError("Registering two gradient with name '%s'!" % name)
    _registered[name] = function


@export("NotDifferentiable", "NoGradient", "no_gradient")
def no_gradient(op_type):
    """Declares that operations of a type have no gradient and that this is no error.

    Raises:
      TypeError: `op_type` is no string.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, NOT_DIFFERENTIABLE)


def registered(name):
    """The function registered under a name, NOT_DIFFERENTIABLE, or None."""
    return _registered.get(name)
