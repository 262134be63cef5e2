"""`==` of tensors: by default it tells whether two are the same object; `tf.enable_tensor_equality` lets it compare elements.

Eagle's own code always compares and hashes tensors as objects.
"""

import sys

from .dispatch import registry
from .export import ROOT
from .scopes import executing_eagerly_outside_functions
from .tensor import EagerTensor, GraphTensor, Tensor

_AS_OBJECTS = {"weakref", "_weakrefset", "copy"}  # modules that never look at elements


def _compares_elements(x, frame):
    """Whether elements count where the code of a frame compares or hashes a tensor or variable."""
    module = frame.f_globals.get("__name__", "")
    if module.partition(".")[0] == ROOT or module in _AS_OBJECTS or not executing_eagerly_outside_functions():
        return False
    return not isinstance(x, GraphTensor) or x.graph.building_function


def equal(self, other):
    """Whether elements are equal, as a tensor (False if the shapes can't be broadcast), or whether two are the same object."""
    if Tensor._USE_EQUALITY and _compares_elements(self, sys._getframe(1)):
        return registry["Equal"](self, other, incompatible_shape_error=False)
    return self is other


def not_equal(self, other):
    """The opposite of `equal`."""
    if Tensor._USE_EQUALITY and _compares_elements(self, sys._getframe(1)):
        return registry["NotEqual"](self, other, incompatible_shape_error=False)
    return self is not other


def hash_of(self):
    """The hash of a tensor or variable as an object; raises TypeError where `==` compares elements."""
    if Tensor._USE_EQUALITY and _compares_elements(self, sys._getframe(1)):
        what = "Tensor" if isinstance(self, Tensor) else "Variable"
        raise TypeError("%s is unhashable if Tensor equality is enabled. Instead, use tensor.experimental_ref() as the key." % what)
    return object.__hash__(self)


def set_tensor_equality(compares_elements):
    """Lets `==` of tensors and variables compare elements or objects."""
    if compares_elements == Tensor._USE_EQUALITY:
        return
    Tensor._USE_EQUALITY = compares_elements
    for kind in (EagerTensor, GraphTensor):
        for name, method in (("__eq__", equal), ("__ne__", not_equal), ("__hash__", hash_of)):
            if compares_elements:
                setattr(kind, name, method)
            else:
                delattr(kind, name)
