"""Cells around cells with variables of their own: embeddings and projections of inputs and outputs."""

import math

from ...core.export import export
from ...core.scopes import device, name_scope
from ...ops.initializers import RandomUniform
from ...ops.shaping import reshape
from ...platform import tf_logging
from ...rnn.cell import RNNCell, assert_like_rnncell
from ...variables.embedding import embedding_lookup
from ...variables.scope import get_variable, get_variable_scope
from .linear import Linear


class Around(RNNCell):
    """A cell that has the states and outputs of a cell inside it.

    Attributes:
      _cell: the cell inside, which the subclass sets.
    """

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        """The zero state of the cell inside."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)


class InnerCell(Around):
    """A cell around another that takes a layer's state of its own."""

    def __init__(self, cell, reuse=None):
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell


@export("contrib.rnn.EmbeddingWrapper")
class EmbeddingWrapper(InnerCell):
    """A cell whose inputs are numbers of rows in an embedding.

    Args:
      cell: the cell inside.
      embedding_classes: the number of rows.
      embedding_size: their size.
      initializer: the initializer of the embedding; by default that of the scope, or a uniform one of variance 1.
      reuse: whether to reuse variables that are there.

    Raises:
      TypeError: `cell` is no cell.
      ValueError: a size is not positive.
    """

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError("Both embedding_classes and embedding_size must be > 0: %d, %d." % (embedding_classes, embedding_size))
        self._embedding_classes, self._embedding_size, self._initializer = embedding_classes, embedding_size, initializer

    def call(self, inputs, state):
        """Runs the cell on rows of the embedding."""
        with device("/cpu:0"):
            bound = math.sqrt(3)
            initializer = self._initializer or get_variable_scope().initializer or RandomUniform(-bound, bound)
            dtype = state[0].dtype if isinstance(state, tuple) else state.dtype
            size = [self._embedding_classes, self._embedding_size]
            embedding = get_variable("embedding", size, initializer=initializer, dtype=dtype)
            return self._cell(embedding_lookup(embedding, reshape(inputs, [-1])), state)


@export("contrib.rnn.InputProjectionWrapper")
class InputProjectionWrapper(InnerCell):
    """A cell whose input is projected first.

    Args:
      cell: the cell inside.
      num_proj: the size to which inputs are projected.
      activation: a function of the projected input.
      input_size: deprecated, and without effect.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        super().__init__(cell, reuse)
        if input_size is not None:
            tf_logging.warn("%s: The input_size parameter is deprecated.", self)
        self._num_proj, self._activation, self._linear = num_proj, activation, None

    def call(self, inputs, state):
        """Runs the cell on the projected input."""
        if self._linear is None:
            self._linear = Linear(inputs, self._num_proj, True)
        projected = self._linear(inputs)
        return self._cell(self._activation(projected) if self._activation else projected, state)


@export("contrib.rnn.OutputProjectionWrapper")
class OutputProjectionWrapper(InnerCell):
    """A cell whose output is projected.

    Args:
      cell: the cell inside.
      output_size: the size to which outputs are projected.
      activation: a function of the projected output.
      reuse: whether to reuse variables that are there.

    Raises:
      ValueError: `output_size` is not positive.
    """

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError("Parameter output_size must be > 0: %d." % output_size)
        self._output_size, self._activation, self._linear = output_size, activation, None

    @property
    def output_size(self):
        return self._output_size

    def call(self, inputs, state):
        """Runs the cell; the projected output, and the state."""
        output, new_state = self._cell(inputs, state)
        if self._linear is None:
            self._linear = Linear(output, self._output_size, True)
        projected = self._linear(output)
        return self._activation(projected) if self._activation else projected, new_state
