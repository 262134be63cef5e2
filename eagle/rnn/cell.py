"""What a recurrent cell is: `RNNCell`, its states and their zeros."""

from ..core import dtypes, nest, shape as shapes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from ..core.tensor import EagerTensor, Tensor
from ..layers.base import Layer
from ..ops.filling import zeros
from ..ops.joining import concat
from ..ops.shaping import expand_dims, shape as shape_of
from ..variables.partitioned import PartitionedVariable
from ..variables.scope import get_variable_scope, variable_scope

_OWN = __name__.partition(".")[0] + "."  # where Eagle's own cells are
_USUAL = {dtypes.float32, dtypes.float64}
_MISSING = {
    "output_size": "'output_size' property is missing",
    "state_size": "'state_size' property is missing",
    "zero_state": "either 'zero_state' or 'get_initial_state' method is required",
}
export("python.ops.rnn_cell_impl.ASSERT_LIKE_RNNCELL_ERROR_REGEXP")("is not an RNNCell")


@export("python.ops.rnn_cell_impl.assert_like_rnncell")
def assert_like_rnncell(cell_name, cell):
    """Checks that something can serve as a cell.

    Args:
      cell_name: the name of the argument, for the message.
      cell: the thing.

    Raises:
      TypeError: it has no `output_size`, `state_size`, `zero_state` or `get_initial_state`, or can't be called.
    """
    wrong = [_MISSING[a] for a in ("output_size", "state_size") if not hasattr(cell, a)]
    if not hasattr(cell, "get_initial_state") and not hasattr(cell, "zero_state"):
        wrong.append(_MISSING["zero_state"])
    if not callable(cell):
        wrong.append("is not callable")
    if wrong:
        raise TypeError("The argument %r (%s) is not an RNNCell: %s." % (cell_name, cell, ", ".join(wrong)))


# ------------------------------------------------------------------------------------------------------------------ shapes


def _sizes(part, what, static):
    """Sizes given by a number, a shape or a tensor: statically a tuple (None if unknown), else a vector (None if unknown)."""
    if isinstance(part, Tensor):
        if part.shape.ndims == 0:
            vector = expand_dims(part, 0)
        elif part.shape.ndims == 1:
            vector = part
        else:
            raise ValueError("%s tensor must be either a scalar or vector, but saw tensor: %s" % (what, part))
        value = constant_value(part)
        return (None if value is None else tuple(value.reshape(-1).tolist())) if static else vector
    size = shapes.as_tuple(part)
    if not shapes.is_known(size):
        return size if static else None
    vector = constant(list(size), dtypes.int32)
    return size if static else vector


@export("python.ops.rnn_cell_impl._concat")
def concat_sizes(prefix, suffix, static=False):
    """The sizes `prefix` and `suffix`, each a number, a shape or a tensor, one behind the other.

    Returns:
      A vector; with `static` a list of what is known before the graph runs, None if nothing is.

    Raises:
      ValueError: a tensor is no scalar or vector, or (if not `static`) a size is unknown.
    """
    if here.eager and not isinstance(prefix, Tensor) and not isinstance(suffix, Tensor):
        p, s = shapes.as_tuple(prefix), shapes.as_tuple(suffix)
    else:
        p, s = _sizes(prefix, "prefix", static), _sizes(suffix, "suffix", static)
    if static:
        return None if p is None or s is None else [*p, *s]
    if p is None or s is None:
        raise ValueError("Provided a prefix or suffix of None: %s and %s" % (prefix, suffix))
    return [*p, *s] if isinstance(p, tuple) else concat((p, s), 0)


@export("python.ops.rnn_cell_impl._zero_state_tensors")
def zero_state_tensors(state_size, batch_size, dtype):
    """Zeros of the shape `[batch_size, size]` for each size in a structure of them."""

    def zero(size):
        made = zeros(concat_sizes(batch_size, size), dtype)
        if not here.eager:
            made.set_shape(concat_sizes(batch_size, size, static=True))
        return made

    return nest.map_structure(zero, state_size)


# ------------------------------------------------------------------------------------------------------------------- cells


@export("nn.rnn_cell.RNNCell", "contrib.rnn.RNNCell")
class RNNCell(Layer):
    """The base of cells: what computes an output and a new state of an input and a state.

    A cell defines `state_size`, `output_size` and `call(inputs, state)`.

    Args:
      trainable: whether its variables are trainable.
      name: the name of its variable scope.
      dtype: the type of its variables; by default that of the first input.
    """

    _is_tf_rnn_cell = True  # against cells of Keras, whose states are always lists
    _last_zero_state = None
    _rnncell_scope = None

    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)

    def __call__(self, inputs, state, scope=None):
        """Runs the cell.

        Args:
          inputs: a tensor of the shape `[batch_size, input_size]`, or a structure of such.
          state: a structure of tensors of the shapes `[batch_size, size]` with the sizes in `state_size`.
          scope: a variable scope, or its name; by default that of the cell.

        Returns:
          The output, of the shape `[batch_size, output_size]`, and the new state.
        """
        if scope is not None:
            with variable_scope(scope, custom_getter=self._rnn_get_variable) as scope:
                return super().__call__(inputs, state, scope=scope)
        if self._rnncell_scope is None:
            self._rnncell_scope = variable_scope(get_variable_scope(), custom_getter=self._rnn_get_variable)
        with self._rnncell_scope:
            return super().__call__(inputs, state)

    def _is_settled(self, inputs):
        """Whether to call the cell eagerly is nothing but `call`: its variables are made, and no scope, mask or loss matters."""
        return False

    def _rnn_get_variable(self, getter, *args, **kwargs):
        """A custom getter that lists the variables which `call` gets."""
        variable = getter(*args, **kwargs)
        kept = self._trainable_weights if is_trainable(variable) else self._non_trainable_weights
        if all(variable is not v for v in kept):
            kept.append(variable)
        return variable

    @property
    def state_size(self):
        """The size of the state: an int, a `TensorShape`, or a structure of them."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self):
        """The size of the output: an int or a `TensorShape`."""
        raise NotImplementedError("Abstract method")

    def build(self, _):
        """Nothing to build: `call` may make the variables."""

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """The state of zeros that fits `inputs`, or a batch size and a type.

        Raises:
          ValueError: the arguments contradict each other, or are missing.
        """
        if inputs is not None:
            inputs = convert(inputs, name="inputs")
            static = inputs.shape.dims[0].value
            if batch_size is not None:
                given = constant_value(batch_size, partial=True) if isinstance(batch_size, Tensor) else batch_size
                if static != given:
                    raise ValueError("batch size from input tensor is different from the input param. Input tensor batch: %s, "
                                     "batch_size: %s" % (static, batch_size))  # fmt: skip
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError("dtype from input tensor is different from the input param. Input tensor dtype: %s, dtype: %s"
                                 % (inputs.dtype, dtype))  # fmt: skip
            batch_size = static or shape_of(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError("batch_size and dtype cannot be None while constructing initial state: batch_size=%s, dtype=%s"
                             % (batch_size, dtype))  # fmt: skip
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size, dtype):
        """A state of zeros.

        Args:
          batch_size: an int, or an int scalar.
          dtype: the type.

        Returns:
          The structure of `state_size` with tensors of the shapes `[batch_size, size]`.
        """
        state_size = self.state_size
        if here.eager:
            last = self._last_zero_state
            if last is not None and last[:3] == (state_size, batch_size, dtype):
                return last[3]
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            output = zero_state_tensors(state_size, batch_size, dtype)
        if here.eager:
            self._last_zero_state = state_size, batch_size, dtype, output
        return output

    def get_config(self):
        """What all cells have been made with; a cell with more arguments adds these."""
        return super().get_config()


def is_trainable(variable):
    """Whether a variable, or a partitioned one, is among those that optimizers train."""
    if isinstance(variable, PartitionedVariable):
        variable = next(iter(variable))
    if here.eager:
        return variable.trainable
    return any(v is variable for v in get_default_graph().get_collection_ref("trainable_variables"))


class LayerRNNCell(RNNCell):
    """The base of cells that make their variables in `build`."""

    def __call__(self, inputs, state, scope=None, *args, **kwargs):
        """Runs the cell; see `RNNCell`."""
        if type(inputs) is EagerTensor and scope is None and not args and not kwargs and self._is_settled(inputs):
            return self.call(inputs, state)
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)

    def _is_settled(self, inputs):
        return (
            here.eager
            and self.built
            and self._activity_regularizer is None
            and type(self).__module__.startswith(_OWN)
            and not hasattr(inputs, "_keras_mask")
        )


export("python.ops.rnn_cell_impl.LayerRNNCell", "contrib.rnn.LayerRNNCell")(LayerRNNCell)


def check_dtypes(inputs):
    """Raises ValueError unless all tensors of a structure are of floating point or complex numbers."""
    for t in inputs if type(inputs) in (list, tuple) else nest.flatten(inputs):
        if not isinstance(t, Tensor):
            check_dtypes(nest.flatten(t))
        elif t.dtype not in _USUAL:
            check_dtype(t.dtype)


def check_dtype(dtype):
    """Raises ValueError unless a type, if there is one, is of floating point or complex numbers."""
    if dtype is not None:
        dtype = dtypes.as_dtype(dtype)
        if not (dtype.is_floating or dtype.is_complex):
            raise ValueError("RNN cell only supports floating point inputs, but saw dtype: %s" % dtype)


def input_depth(shape):
    """The last size of the shape of an input, which must be known."""
    depth = shapes.as_tuple(shape)
    if depth is None or depth[-1] is None:
        raise ValueError("Expected inputs.shape[-1] to be known, saw shape: %s" % (depth,))
    return depth[-1]
