"""Linear functions of several arguments, with variables `kernel` and `bias` in the current scope."""

from ...core import dtypes, nest
from ...core.convert import constant
from ...core.export import export
from ...ops.bias import bias_add
from ...ops.initializers import Constant
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...variables.scope import get_variable, get_variable_scope, variable_scope


@export("contrib.rnn.python.ops.core_rnn_cell._Linear")
class Linear:
    """`concat(args, 1) * kernel + bias`, with variables made once.

    Args:
      args: a matrix, or a list of them: what the function will be called with.
      output_size: the number of columns of the result.
      build_bias: whether there is a bias.
      bias_initializer: its initializer; by default 0.
      kernel_initializer: the initializer of the kernel; by default that of the scope.

    Raises:
      ValueError: there are no arguments, or one is no matrix with a known number of columns.
    """

    def __init__(self, args, output_size, build_bias, bias_initializer=None, kernel_initializer=None):
        self._has_bias, self._is_sequence = build_bias, nest.is_sequence(args)
        args, columns = checked_arguments(args)
        dtype = args[0].dtype
        with variable_scope(get_variable_scope()) as outer:
            self._weights = get_variable("kernel", [columns, output_size], dtype=dtype, initializer=kernel_initializer)
            if build_bias:
                self._biases = bias_variable(outer, output_size, dtype, bias_initializer)

    def __call__(self, args):
        """The function of a matrix, or a list of them."""
        args = args if self._is_sequence else [args]
        whole = args[0] if len(args) == 1 else concat(args, constant(1, dtype=dtypes.int32))
        result = matmul(whole, self._weights)
        return bias_add(result, self._biases) if self._has_bias else result


@export("contrib.rnn.python.ops.core_rnn_cell._linear")
def linear(args, output_size, bias, bias_initializer=None, kernel_initializer=None):
    """As `Linear`, called at once."""
    args, columns = checked_arguments(args)
    dtype = args[0].dtype
    with variable_scope(get_variable_scope()) as outer:
        weights = get_variable("kernel", [columns, output_size], dtype=dtype, initializer=kernel_initializer)
        result = matmul(args[0] if len(args) == 1 else concat(args, 1), weights)
        return bias_add(result, bias_variable(outer, output_size, dtype, bias_initializer)) if bias else result


def checked_arguments(args):
    """The arguments as a list, and the sum of their columns."""
    if args is None or (nest.is_sequence(args) and not args):
        raise ValueError("`args` must be specified")
    args = args if nest.is_sequence(args) else [args]
    shapes = [a.get_shape() for a in args]
    for shape in shapes:
        if shape.ndims != 2:
            raise ValueError("linear is expecting 2D arguments: %s" % shapes)
        if shape.dims[1].value is None:
            raise ValueError("linear expects shape[1] to be provided for shape %s, but saw %s" % (shape, shape[1]))
    return args, sum(shape.dims[1].value for shape in shapes)


def bias_variable(outer, size, dtype, initializer=None):
    """The variable `bias` in a scope, never in parts."""
    with variable_scope(outer) as inner:
        inner.set_partitioner(None)
        return get_variable("bias", [size], dtype=dtype, initializer=initializer or Constant(0.0, dtype=dtype))
