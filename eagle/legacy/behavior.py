"""The switches between the behavior of TensorFlow 1 and 2: Eagle has that of 1."""

import contextlib

from ..core.errors import NotYetError
from ..core.export import export, public as tf
from ..core.scopes import disable_eager_execution
from ..core.shape import disable_v2_tensorshape


@export("disable_v2_behavior")
def disable_v2_behavior():
    """Lets everything be as in TensorFlow 1: graphs, ref variables, `Dimension`s in shapes; as it is from the start."""
    disable_eager_execution()
    disable_v2_tensorshape()
    tf.disable_resource_variables()
    tf.disable_control_flow_v2()
    disable_tensor_equality()


@export("enable_v2_behavior")
def enable_v2_behavior():
    """Would let everything be as in TensorFlow 2.

    Raises:
      NotYetError: always: `==` of tensors can't compare their elements.  Its other parts can be had one by one: eager execution,
        resource variables, numbers in shapes.
    """
    raise NotYetError(
        "tf.enable_v2_behavior: use tf.enable_eager_execution, tf.enable_resource_variables, tf.enable_v2_tensorshape"
    )


@export("enable_tensor_equality")
def enable_tensor_equality():
    """Would let `==` compare the elements of tensors.

    Raises:
      NotYetError: always.
    """
    raise NotYetError("tf.enable_tensor_equality: == of tensors compares objects; use tf.equal")


@export("disable_tensor_equality")
def disable_tensor_equality():
    """Lets `==` of tensors compare objects, which it always does."""


@export("python.tf2.enabled")
def is_v2():
    """Whether everything is as in TensorFlow 2: no."""
    return False


@export("experimental.function_executor_type")
@contextlib.contextmanager
def function_executor_type(executor_type):
    """A context manager in which functions are run in another way; Eagle has one way, which gives the same results.

    Args:
      executor_type: None, "", "DEFAULT" or "SINGLE_THREADED_EXECUTOR".

    Raises:
      ValueError: it is none of these.
    """
    if executor_type not in (None, "", "DEFAULT", "SINGLE_THREADED_EXECUTOR"):
        raise ValueError("No executor factory registered for the given executor type: %s" % executor_type)
    yield


@export("experimental.output_all_intermediates")
def output_all_intermediates(state):
    """Says whether branches and loops keep values for gradients that are not asked for; they keep what gradients need anyway.

    Args:
      state: True, False, or None for as TensorFlow thinks best.
    """
