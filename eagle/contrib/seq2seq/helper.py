"""What a decoder gets as inputs: from given sequences, or from what it has sampled itself."""

import abc

from ...core import dtypes, nest
from ...core.convert import convert
from ...core.export import export
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ...ops.arg_extremes import argmax
from ...ops.cast import cast
from ...ops.comparison import equal
from ...ops.cond import cond
from ...ops.filling import zeros_like
from ...ops.rearranging import tile
from ...ops.reduce import reduce_all
from ...ops.shaping import shape as shape_of, size
from ...ops.tensor_arrays import TensorArray
from ...rnn.stepping import transpose_batch_time
from ...variables.embedding import embedding_lookup
from .sampling import categorical_sample


def array_of(x):
    """A `TensorArray` of the rows of a tensor."""
    return TensorArray(x.dtype, size=shape_of(x)[0], element_shape=x.get_shape()[1:]).unstack(x)


def embedding_function(embedding):
    """A function from ids to vectors; of a tensor or variable the lookup in it."""
    return embedding if callable(embedding) else lambda ids: embedding_lookup(embedding, ids)


@export("contrib.seq2seq.Helper")
class Helper(metaclass=abc.ABCMeta):
    """The base of what samples from a decoder's outputs and gives it inputs."""

    @property
    @abc.abstractmethod
    def batch_size(self):
        """The size of the batch."""
        raise NotImplementedError("batch_size has not been implemented")

    @property
    @abc.abstractmethod
    def sample_ids_shape(self):
        """The shape of what is sampled, without the batch."""
        raise NotImplementedError("sample_ids_shape has not been implemented")

    @property
    @abc.abstractmethod
    def sample_ids_dtype(self):
        """The type of what is sampled."""
        raise NotImplementedError("sample_ids_dtype has not been implemented")

    @abc.abstractmethod
    def initialize(self, name=None):
        """What decoding begins with: `(finished, first_inputs)`."""

    @abc.abstractmethod
    def sample(self, time, outputs, state, name=None):
        """What is sampled from outputs."""

    @abc.abstractmethod
    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """What comes next: `(finished, next_inputs, next_state)`."""


@export("contrib.seq2seq.CustomHelper")
class CustomHelper(Helper):
    """A helper of three functions.

    Args:
      initialize_fn: a function that gives `(finished, first_inputs)`.
      sample_fn: a function of `time`, `outputs` and `state` that samples.
      next_inputs_fn: a function of `time`, `outputs`, `state` and `sample_ids` that gives `(finished, next_inputs, next_state)`.
      sample_ids_shape, sample_ids_dtype: shape, without the batch, and type of what is sampled; by default an int32 scalar.
    """

    def __init__(self, initialize_fn, sample_fn, next_inputs_fn, sample_ids_shape=None, sample_ids_dtype=None):
        self._initialize_fn, self._sample_fn, self._next_inputs_fn = initialize_fn, sample_fn, next_inputs_fn
        self._batch_size = None
        self._sample_ids_shape = TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or dtypes.int32

    @property
    def batch_size(self):
        """The size of the batch, known after `initialize`."""
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self):
        return self._sample_ids_shape

    @property
    def sample_ids_dtype(self):
        return self._sample_ids_dtype

    def initialize(self, name=None):
        """What `initialize_fn` gives."""
        with name_scope(name, "%sInitialize" % type(self).__name__):
            finished, inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = size(finished)
        return finished, inputs

    def sample(self, time, outputs, state, name=None):
        """What `sample_fn` gives."""
        with name_scope(name, "%sSample" % type(self).__name__, (time, outputs, state)):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """What `next_inputs_fn` gives."""
        with name_scope(name, "%sNextInputs" % type(self).__name__, (time, outputs, state)):
            return self._next_inputs_fn(time=time, outputs=outputs, state=state, sample_ids=sample_ids)


class _IdsHelper(Helper):
    """A helper that samples one int32 for each row of the batch."""

    batch_size = property(lambda self: self._batch_size)
    sample_ids_shape = property(lambda self: TensorShape([]))
    sample_ids_dtype = property(lambda self: dtypes.int32)


@export("contrib.seq2seq.TrainingHelper")
class TrainingHelper(_IdsHelper):
    """A helper that gives the steps of given sequences, whatever the outputs.

    Args:
      inputs: a structure of tensors of the shape `[batch_size, max_time, ...]`.
      sequence_length: an int32 vector of the lengths of the rows.
      time_major: whether time is the first dimension of the inputs.
      name: the name scope.

    Raises:
      ValueError: `sequence_length` is no vector.
    """

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        with name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            self._inputs = inputs = convert(inputs, name="inputs")
            if not time_major:
                inputs = nest.map_structure(transpose_batch_time, inputs)
            self._input_tas = nest.map_structure(array_of, inputs)
            self._sequence_length = convert(sequence_length, name="sequence_length")
            if self._sequence_length.get_shape().ndims != 1:
                raise ValueError("Expected sequence_length to be a vector, but received shape: %s"
                                 % self._sequence_length.get_shape())  # fmt: skip
            self._zero_inputs = nest.map_structure(lambda x: zeros_like(x[0, :]), inputs)
            self._batch_size = size(sequence_length)

    inputs = property(lambda self: self._inputs)
    sequence_length = property(lambda self: self._sequence_length)

    def _read(self, finished, time):
        return cond(
            reduce_all(finished), lambda: self._zero_inputs, lambda: nest.map_structure(lambda a: a.read(time), self._input_tas)
        )

    def initialize(self, name=None):
        """The first step of the sequences."""
        with name_scope(name, "TrainingHelperInitialize"):
            finished = equal(0, self._sequence_length)
            return finished, self._read(finished, 0)

    def sample(self, time, outputs, name=None, **unused_kwargs):
        """The numbers of the largest outputs."""
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return cast(argmax(outputs, axis=-1), dtypes.int32)

    def next_inputs(self, time, outputs, state, name=None, **unused_kwargs):
        """The next step of the sequences."""
        with name_scope(name, "TrainingHelperNextInputs", [time, outputs, state]):
            following = time + 1
            finished = following >= self._sequence_length
            return finished, self._read(finished, following), state


@export("contrib.seq2seq.GreedyEmbeddingHelper")
class GreedyEmbeddingHelper(_IdsHelper):
    """A helper that takes the largest output, and gives its embedding as the next input.

    Args:
      embedding: a function from ids to vectors, or what `embedding_lookup` takes.
      start_tokens: an int32 vector of the ids to begin with, one for each row of the batch.
      end_token: an int32 scalar: the id that ends a row.

    Raises:
      ValueError: `start_tokens` is no vector or `end_token` no scalar.
    """

    def __init__(self, embedding, start_tokens, end_token):
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = convert(start_tokens, dtypes.int32, "start_tokens")
        self._end_token = convert(end_token, dtypes.int32, "end_token")
        if self._start_tokens.get_shape().ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._batch_size = size(start_tokens)
        if self._end_token.get_shape().ndims != 0:
            raise ValueError("end_token must be a scalar")
        self._start_inputs = self._embedding_fn(self._start_tokens)

    def initialize(self, name=None):
        """The embeddings of the start tokens."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        """The numbers of the largest outputs; raises TypeError if these are no single tensor."""
        _check_tensor(outputs)
        return argmax(outputs, axis=-1, output_type=dtypes.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """The embeddings of what was sampled."""
        finished = equal(sample_ids, self._end_token)
        inputs = cond(reduce_all(finished), lambda: self._start_inputs, lambda: self._embedding_fn(sample_ids))
        return finished, inputs, state


def _check_tensor(outputs):
    if not isinstance(outputs, Tensor):
        raise TypeError("Expected outputs to be a single Tensor, got: %s" % type(outputs))


@export("contrib.seq2seq.SampleEmbeddingHelper")
class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """A helper that samples from the softmax of the outputs, and gives the embedding as the next input.

    Args:
      embedding, start_tokens, end_token: as of `GreedyEmbeddingHelper`.
      softmax_temperature: what the outputs are divided by.
      seed: the seed of the random numbers.
    """

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature, self._seed = softmax_temperature, seed

    def sample(self, time, outputs, state, name=None):
        """Numbers sampled with the outputs as logits; raises TypeError if these are no single tensor."""
        _check_tensor(outputs)
        logits = outputs if self._softmax_temperature is None else outputs / self._softmax_temperature
        return categorical_sample(logits=logits, seed=self._seed)


@export("contrib.seq2seq.InferenceHelper")
class InferenceHelper(Helper):
    """A helper of functions of what is sampled.

    Args:
      sample_fn: a function of the outputs that samples.
      sample_shape, sample_dtype: shape, without the batch, and type of what is sampled.
      start_inputs: the first inputs.
      end_fn: a function of what was sampled that says which rows end.
      next_inputs_fn: a function of what was sampled that gives the next inputs; by default just that.
    """

    def __init__(self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn, next_inputs_fn=None):
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self._sample_shape, self._sample_dtype = TensorShape(sample_shape), sample_dtype
        self._batch_size = shape_of(start_inputs)[0]
        self._start_inputs = convert(start_inputs, name="start_inputs")

    batch_size = property(lambda self: self._batch_size)
    sample_ids_shape = property(lambda self: self._sample_shape)
    sample_ids_dtype = property(lambda self: self._sample_dtype)

    def initialize(self, name=None):
        """The first inputs."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        """What `sample_fn` gives."""
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """The next inputs, and which rows end."""
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state
