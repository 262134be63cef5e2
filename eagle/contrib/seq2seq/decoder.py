"""Decoders, and `dynamic_decode`, which runs them."""

import abc
import collections

from ...core import dtypes, nest
from ...core.convert import constant, convert
from ...core.export import export
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...layers.base import Layer
from ...ops.comparison import logical_not, logical_or
from ...ops.filling import fill, zeros_like
from ...ops.reduce import reduce_all
from ...ops.shaping import shape as shape_of
from ...ops.tensor_arrays import TensorArray
from ...ops.where import where
from ...ops.while_loop import while_loop
from ...rnn.cell import assert_like_rnncell, zero_state_tensors
from ...rnn.stepping import cache_on_devices, transpose_batch_time
from ...variables.scope import variable_scope
from .helper import Helper


@export("contrib.seq2seq.Decoder")
class Decoder(metaclass=abc.ABCMeta):
    """The base of decoders, which make a sequence step by step."""

    @property
    def batch_size(self):
        """The size of the batch."""
        raise NotImplementedError

    @property
    def output_size(self):
        """The structure of the sizes of outputs."""
        raise NotImplementedError

    @property
    def output_dtype(self):
        """The structure of the types of outputs."""
        raise NotImplementedError

    @abc.abstractmethod
    def initialize(self, name=None):
        """What decoding begins with: `(finished, first_inputs, first_state)`."""
        raise NotImplementedError

    @abc.abstractmethod
    def step(self, time, inputs, state, name=None):
        """One step: `(outputs, next_state, next_inputs, finished)`."""
        raise NotImplementedError

    def finalize(self, outputs, final_state, sequence_lengths):
        """The outputs and the state that are returned, made of those at the end."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self):
        """Whether `finished` of a step is the truth, even if a row that was finished is so no more."""
        return False


@export("contrib.seq2seq.dynamic_decode")
def dynamic_decode(decoder, output_time_major=False, impute_finished=False, maximum_iterations=None, parallel_iterations=32,
                   swap_memory=False, scope=None):  # fmt: skip
    """Runs a decoder until all rows of the batch are finished.

    Args:
      decoder: the `Decoder`.
      output_time_major: whether time is the first dimension of the outputs, rather than the batch.
      impute_finished: whether rows that are finished get zeros as outputs and keep their states.
      maximum_iterations: an int scalar: the largest number of steps.
      parallel_iterations: how many steps may overlap.
      swap_memory: whether TensorFlow may move values to the host's memory, where they are here anyway.
      scope: a variable scope, or its name; by default "decoder".

    Returns:
      The outputs, the last state, and the lengths of the rows.

    Raises:
      TypeError: `decoder` is no `Decoder`.
      ValueError: `maximum_iterations` is no scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError("Expected decoder to be type Decoder, but saw: %s" % type(decoder))
    with variable_scope(scope, "decoder") as opened:
        cache_on_devices(opened)
        if maximum_iterations is not None:
            maximum_iterations = convert(maximum_iterations, dtypes.int32, "maximum_iterations")
            if maximum_iterations.get_shape().ndims != 0:
                raise ValueError("maximum_iterations must be a scalar")
        finished, inputs, state = decoder.initialize()
        sizes, types = decoder.output_size, decoder.output_dtype
        zero_outputs = nest.map_structure(lambda s, d: zero_state_tensors(s, decoder.batch_size, d), sizes, types)
        if maximum_iterations is not None:
            finished = logical_or(finished, 0 >= maximum_iterations)
        lengths = zeros_like(finished, dtype=dtypes.int32)
        time = constant(0, dtype=dtypes.int32)
        arrays = nest.map_structure(lambda s, d: _array(decoder.batch_size, s, d), sizes, types)

        def take_step(time, arrays, state, inputs, finished, lengths):
            outputs, new_state, next_inputs, now_finished = decoder.step(time, inputs, state)
            if not decoder.tracks_own_finished:
                now_finished = logical_or(now_finished, finished)
            lengths = where(logical_not(finished), fill(shape_of(lengths), time + 1), lengths)
            nest.assert_same_structure(state, new_state)
            nest.assert_same_structure(arrays, outputs)
            nest.assert_same_structure(inputs, next_inputs)

            def kept(new, before):
                if isinstance(before, TensorArray):
                    return new
                new.set_shape(before.shape)
                return new if new.shape.ndims == 0 else where(finished, before, new)

            if impute_finished:
                outputs = nest.map_structure(lambda out, zero: where(finished, zero, out), outputs, zero_outputs)
                new_state = nest.map_structure(kept, new_state, state)
            arrays = nest.map_structure(lambda a, out: a.write(time, out), arrays, outputs)
            return time + 1, arrays, new_state, next_inputs, now_finished, lengths

        _, arrays, state, _, _, lengths = while_loop(
            lambda time, arrays, state, inputs, finished, lengths: logical_not(reduce_all(finished)),
            take_step,
            loop_vars=(time, arrays, state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = nest.map_structure(lambda a: a.stack(), arrays)
        try:
            outputs, state = decoder.finalize(outputs, state, lengths)
        except NotImplementedError:  # most decoders have nothing to do at the end
            pass
        if not output_time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
    return outputs, state, lengths


def _array(batch_size, size, dtype):
    """The array of an output."""
    element_shape = None
    if isinstance(size, TensorShape) and size.ndims != 0:
        known = constant_value(convert(batch_size, name="batch_size"))
        element_shape = TensorShape([known]).concatenate(size)
    return TensorArray(dtype, size=0, dynamic_size=True, element_shape=element_shape)


def layer_output_size(cell, output_layer):
    """The size of a cell's output after a layer, if there is one."""
    size = cell.output_size
    if output_layer is None:
        return size
    shapes = nest.map_structure(lambda s: TensorShape([None]).concatenate(s), size)
    return nest.map_structure(lambda s: s[1:], output_layer.compute_output_shape(shapes))


def check_output_layer(layer, kind=Layer):
    """Raises TypeError unless a layer is one of a kind, or None."""
    if layer is not None and not isinstance(layer, kind):
        raise TypeError("output_layer must be a Layer, received: %s" % type(layer))


@export("contrib.seq2seq.BasicDecoderOutput")
class BasicDecoderOutput(collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))):
    """The outputs of a `BasicDecoder`: those of the cell, and what was sampled."""


@export("contrib.seq2seq.BasicDecoder")
class BasicDecoder(Decoder):
    """A decoder that samples from the outputs of a cell.

    Args:
      cell: the cell.
      helper: the `Helper` that samples and gives the inputs.
      initial_state: the state to begin with.
      output_layer: a layer for the cell's outputs, before sampling.

    Raises:
      TypeError: `cell`, `helper` or `output_layer` are none.
    """

    def __init__(self, cell, helper, initial_state, output_layer=None):
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError("helper must be a Helper, received: %s" % type(helper))
        check_output_layer(output_layer)
        self._cell, self._helper, self._initial_state, self._output_layer = cell, helper, initial_state, output_layer

    @property
    def batch_size(self):
        return self._helper.batch_size

    @property
    def output_size(self):
        return BasicDecoderOutput(layer_output_size(self._cell, self._output_layer), self._helper.sample_ids_shape)

    @property
    def output_dtype(self):
        dtype = nest.flatten(self._initial_state)[0].dtype
        size = layer_output_size(self._cell, self._output_layer)
        return BasicDecoderOutput(nest.map_structure(lambda _: dtype, size), self._helper.sample_ids_dtype)

    def initialize(self, name=None):
        """What decoding begins with."""
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time, inputs, state, name=None):
        """Runs the cell, and samples."""
        with name_scope(name, "BasicDecoderStep", (time, inputs, state)):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            ids = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(time=time, outputs=outputs, state=state, sample_ids=ids)
        return BasicDecoderOutput(outputs, ids), state, inputs, finished
