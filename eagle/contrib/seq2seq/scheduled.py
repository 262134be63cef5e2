"""Scheduled sampling (arXiv:1506.03099): inputs of training are now and then what the decoder has made itself."""

from ...core import dtypes, nest
from ...core.convert import convert
from ...core.export import export
from ...core.scopes import name_scope
from ...ops.cast import cast
from ...ops.comparison import logical_not, logical_or
from ...ops.cond import cond
from ...ops.filling import fill
from ...ops.gathering import gather_nd
from ...ops.joining import concat
from ...ops.reduce import reduce_all, reduce_any
from ...ops.scattering import scatter_nd
from ...ops.shaping import shape as shape_of
from ...ops.where import where
from ...rnn.stepping import transpose_batch_time
from .helper import TrainingHelper, array_of, embedding_function
from .sampling import bernoulli_sample, categorical_sample


def _probability(value):
    value = convert(value, name="sampling_probability")
    if value.get_shape().ndims not in (0, 1):
        raise ValueError("sampling_probability must be either a scalar or a vector. saw shape: %s" % value.get_shape())
    return value


def _places(condition):
    return cast(where(condition), dtypes.int32)


def _mixed(shape, sampling, sampled, others, given):
    """A tensor with some rows that were sampled, and others that were given."""
    return scatter_nd(indices=sampling, updates=sampled, shape=shape) + scatter_nd(indices=others, updates=given, shape=shape)


@export("contrib.seq2seq.ScheduledEmbeddingTrainingHelper")
class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """A `TrainingHelper` whose next input is, with some probability, the embedding of a sample.

    Args:
      inputs, sequence_length, time_major, name: as of `TrainingHelper`.
      embedding: a function from ids to vectors, or what `embedding_lookup` takes.
      sampling_probability: a float scalar or vector: the probability of a sample, for each row of the batch.
      seed: the seed of samples.
      scheduling_seed: the seed of the decisions to sample.

    Raises:
      ValueError: `sampling_probability` is neither a scalar nor a vector.
    """

    def __init__(self, inputs, sequence_length, embedding, sampling_probability, time_major=False, seed=None, scheduling_seed=None,
                 name=None):  # fmt: skip
        with name_scope(name, "ScheduledEmbeddingSamplingWrapper", [embedding, sampling_probability]):
            self._embedding_fn = embedding_function(embedding)
            self._sampling_probability = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs=inputs, sequence_length=sequence_length, time_major=time_major, name=name)

    def sample(self, time, outputs, state, name=None):
        """Samples, or -1 where none is to be used."""
        with name_scope(name, "ScheduledEmbeddingTrainingHelperSample", [time, outputs, state]):
            wanted = bernoulli_sample(
                probs=self._sampling_probability, dtype=dtypes.bool_, sample_shape=self.batch_size, seed=self._scheduling_seed
            )
            return where(wanted, categorical_sample(logits=outputs, seed=self._seed), fill([self.batch_size], -1))

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """The next step of the sequences, or the embeddings of samples."""
        with name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs", [time, outputs, state, sample_ids]):
            finished, given, state = super().next_inputs(time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name)

            def mixed():
                sampling, others = _places(sample_ids > -1), _places(sample_ids <= -1)
                ids, rest = gather_nd(sample_ids, sampling), gather_nd(given, others)
                return _mixed(shape_of(given), sampling, self._embedding_fn(ids), others, rest)

            return finished, cond(reduce_all(finished), lambda: given, mixed), state


@export("contrib.seq2seq.ScheduledOutputTrainingHelper")
class ScheduledOutputTrainingHelper(TrainingHelper):
    """A `TrainingHelper` whose next input is, with some probability, the output.

    Args:
      inputs, sequence_length, time_major, name: as of `TrainingHelper`.
      sampling_probability: a float scalar or vector: the probability of the output, for each row of the batch.
      seed: the seed of the decisions.
      next_inputs_fn: a function that makes inputs of outputs; by default they are taken as they are.
      auxiliary_inputs: a structure of tensors that are always inputs, beside the others.

    Raises:
      ValueError: `sampling_probability` is neither a scalar nor a vector.
    """

    def __init__(self, inputs, sequence_length, sampling_probability, time_major=False, seed=None, next_inputs_fn=None,
                 auxiliary_inputs=None, name=None):  # fmt: skip
        with name_scope(name, "ScheduledOutputTrainingHelper", [inputs, auxiliary_inputs, sampling_probability]):
            self._sampling_probability = _probability(sampling_probability)
            self._auxiliary_input_tas = None
            if auxiliary_inputs is not None:
                inputs = convert(inputs, name="inputs")
                auxiliary_inputs = convert(auxiliary_inputs, name="auxiliary_inputs")
                inputs = nest.map_structure(lambda x, y: concat((x, y), -1), inputs, auxiliary_inputs)
                if not time_major:
                    auxiliary_inputs = nest.map_structure(transpose_batch_time, auxiliary_inputs)
                self._auxiliary_input_tas = nest.map_structure(array_of, auxiliary_inputs)
            self._seed, self._next_inputs_fn = seed, next_inputs_fn
            super().__init__(inputs=inputs, sequence_length=sequence_length, time_major=time_major, name=name)

    def sample(self, time, outputs, state, name=None):
        """The decisions which outputs are inputs."""
        with name_scope(name, "ScheduledOutputTrainingHelperSample", [time, outputs, state]):
            return bernoulli_sample(probs=self._sampling_probability, sample_shape=self.batch_size, seed=self._seed)

    def _with_auxiliary(self, outputs, time, indices=None):
        if self._auxiliary_input_tas is None:
            return outputs
        following = time + 1
        auxiliary = nest.map_structure(lambda a: a.read(following), self._auxiliary_input_tas)
        if indices is not None:
            auxiliary = gather_nd(auxiliary, indices)
        return nest.map_structure(lambda x, y: concat((x, y), -1), outputs, auxiliary)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """The next step of the sequences, or what was made of the outputs."""
        with name_scope(name, "ScheduledOutputTrainingHelperNextInputs", [time, outputs, state, sample_ids]):
            finished, given, state = super().next_inputs(time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name)
            sample_ids = cast(sample_ids, dtypes.bool_)

            def mixed():
                if self._next_inputs_fn is None:
                    return where(sample_ids, self._with_auxiliary(outputs, time), given)
                sampling, others = _places(sample_ids), _places(logical_not(sample_ids))
                chosen, rest = gather_nd(outputs, sampling), gather_nd(given, others)
                sampled = self._with_auxiliary(self._next_inputs_fn(chosen), time, sampling)
                return _mixed(shape_of(given), sampling, sampled, others, rest)

            all_finished = reduce_all(finished)
            none_sampled = logical_not(reduce_any(sample_ids))
            return finished, cond(logical_or(all_finished, none_sampled), lambda: given, mixed), state
