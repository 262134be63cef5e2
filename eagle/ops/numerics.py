"""Checks that the numbers of tensors are finite."""

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, control_dependencies, name_scope
from .flow import group, with_dependencies
from .passing import check_numerics

_BRANCHES_AND_LOOPS = ("If", "StatelessIf", "While", "StatelessWhile")


@export("verify_tensor_all_finite", "debugging.assert_all_finite")
def verify_tensor_all_finite(t=None, msg=None, name=None, x=None, message=None):
    """A tensor that is checked for NaNs and infinities whenever it is used.

    Args:
      t: the tensor.
      msg: the message if there are any.
      name: the name scope of the nodes.
      x, message: other spellings of `t` and `msg`.

    Returns:
      A tensor with the value of `t`.

    Raises:
      InvalidArgumentError: there are NaNs or infinities.
    """
    x = one_of("x", x, "t", t)
    message = one_of("message", message, "msg", msg)
    with name_scope(name, "VerifyFinite", [x]):
        x = convert(x, None, "x")
        with colocate_with(x):
            return with_dependencies([check_numerics(x, message=message)], x)


@export("add_check_numerics_ops")
def add_check_numerics_ops():
    """Adds a check for NaNs and infinities of every float tensor of the default graph.

    Returns:
      An operation that runs all the checks, those of an operation's inputs before those of its outputs.

    Raises:
      RuntimeError: eager execution is on.
      ValueError: the graph has branches or loops.
    """
    if here.eager:
        raise RuntimeError("add_check_numerics_ops() is not compatible with eager execution. To check for Inf's and NaN's "
                           "under eager execution, call tfe.seterr(inf_or_nan='raise') once before executing the checked "
                           "operations.")  # fmt: skip
    checks = []
    for op in get_default_graph().get_operations():
        if op.type in _BRANCHES_AND_LOOPS or op._control_flow_context is not None:
            raise ValueError("`tf.add_check_numerics_ops() is not compatible with TensorFlow control flow operations such as "
                             "`tf.cond()` or `tf.while_loop()`.")  # fmt: skip
        for output in op.outputs:
            if output.dtype in (dtypes.float16, dtypes.float32, dtypes.float64):
                with control_dependencies(checks):
                    checks = [check_numerics(output, message="%s:%d" % (op.name, output.value_index))]
    return group(*checks)
