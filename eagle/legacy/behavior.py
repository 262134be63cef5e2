"""The switches between the behavior of TensorFlow 1, which Eagle has from the start, and that of 2."""

import contextlib

from ..core.equality import set_tensor_equality
from ..core.errors import NotFoundError
from ..core.export import export, public as tf
from ..core.scopes import disable_eager_execution, enable_eager_execution
from ..core.shape import disable_v2_tensorshape, enable_v2_tensorshape


class _Behavior:
    is_v2 = False


@export("disable_v2_behavior")
def disable_v2_behavior():
    """Lets everything be as in TensorFlow 1: graphs, ref variables, `Dimension`s in shapes; as it is from the start."""
    disable_eager_execution()
    disable_v2_tensorshape()
    tf.disable_resource_variables()
    tf.disable_control_flow_v2()
    disable_tensor_equality()
    _Behavior.is_v2 = False


@export("enable_v2_behavior")
def enable_v2_behavior():
    """Lets everything be as in TensorFlow 2: operations run at once, variables are resource variables, control flow is functional,
    shapes hold plain numbers, and `==` compares the elements of tensors. To be called at the start of a program."""
    enable_eager_execution()
    enable_v2_tensorshape()
    tf.enable_resource_variables()
    tf.enable_control_flow_v2()
    enable_tensor_equality()
    _Behavior.is_v2 = True


@export("enable_tensor_equality")
def enable_tensor_equality():
    """Lets `==` compare the elements of tensors and variables, eagerly and in functions; these can't be hashed then."""
    set_tensor_equality(True)


@export("disable_tensor_equality")
def disable_tensor_equality():
    """Lets `==` tell whether two tensors are the same object, as from the start."""
    set_tensor_equality(False)


@export("python.tf2.enabled")
def is_v2():
    """Whether `enable_v2_behavior` was called."""
    return _Behavior.is_v2


@export("experimental.function_executor_type")
@contextlib.contextmanager
def function_executor_type(executor_type):
    """A context manager in which functions are run in another way; Eagle has one way, which gives the same results.

    Args:
      executor_type: None, "", "DEFAULT" or "SINGLE_THREADED_EXECUTOR".

    Raises:
      NotFoundError: it is none of these.
    """
    if executor_type not in (None, "", "DEFAULT", "SINGLE_THREADED_EXECUTOR"):
        raise NotFoundError(None, None, "No executor factory registered for the given executor type: %s" % executor_type)
    yield


@export("experimental.output_all_intermediates")
def output_all_intermediates(state):
    """Says whether branches and loops keep values for gradients that are not asked for; they keep what gradients need anyway.

    Args:
      state: True, False, or None for as TensorFlow thinks best.
    """
