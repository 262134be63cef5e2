"""`tf.random.experimental.Generator`: random numbers from a generator that is a variable."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.arithmetic import add
from ..ops.filling import zeros_like
from ..ops.joining import concat, stack
from ..ops.shaping import reshape
from ..ops.stateful_random import PHILOX, THREEFRY
from . import scope  # noqa: F401 (it says which kind of variable `Variable` makes)
from .base import Variable

_STATE_SIZES = {PHILOX: 3, THREEFRY: 2}


def _state_size(algorithm):
    if algorithm not in _STATE_SIZES:
        raise ValueError("Unsupported algorithm id: %s" % algorithm)
    return _STATE_SIZES[algorithm]


def _as_int64(n):
    """A number from 0 to 2**64 - 1 as a signed one with the same bits."""
    return n - 2**64 if n >= 2**63 else n


@export("random.experimental.create_rng_state")
def create_rng_state(seed, algorithm):
    """The state of a generator that begins with a seed.

    Args:
      seed: an int, or a vector of ints.
      algorithm: the number of the algorithm: 1 for Philox, 2 for ThreeFry.

    Returns:
      An int64 vector.

    Raises:
      ValueError: there is no such algorithm, or `seed` has more than one dimension.
    """
    size = _state_size(algorithm)
    if isinstance(seed, int):
        seed = [(seed >> (64 * i)) & 0xFFFFFFFFFFFFFFFF for i in range(size)]
    state = np.array([_as_int64(n) for n in seed], np.int64)
    if state.ndim != 1:
        raise ValueError("seed should only have one dimension; got shape: %s" % (state.shape,))
    # What is missing is filled up in front, since the key stands last: different small seeds must be different keys.
    return np.concatenate([np.zeros(max(size - len(state), 0), np.int64), state[:size]])


def _state_tensor(state):
    if isinstance(state, list):
        state = [_as_int64(n) for n in state]
    return convert(state, dtypes.int64)


def _shape_tensor(shape):
    empty = isinstance(shape, tuple | list) and not shape
    return convert(shape, dtypes.int64 if empty else None, "shape")


@export("random.experimental.Generator")
class Generator:
    """A random generator whose state is a variable.

    Args:
      copy_from: a generator to make a copy of.
      state: otherwise the state to begin with, an int64 vector.
      alg: the number of the algorithm: 1 for Philox, 2 for ThreeFry (which makes no numbers).
    """

    def __init__(self, copy_from=None, state=None, alg=None):
        if copy_from is not None:
            assert (alg or state) is None
            state, alg = copy_from.state, copy_from.algorithm
        else:
            assert alg is not None and state is not None
            state = _state_tensor(state)
            state.shape.assert_is_compatible_with([_state_size(alg)])
        self._state_var = Variable(state, dtype=dtypes.int64, trainable=False)
        self._alg_var = alg

    @classmethod
    def from_state(cls, state, alg):
        """A generator with a given state and algorithm."""
        return cls(alg=alg, state=state)

    @classmethod
    def from_seed(cls, seed, alg=None):
        """A generator that begins with a seed.

        Args:
          seed: an int of up to 1024 bits, or a vector of ints.
          alg: the algorithm; by default Philox.
        """
        alg = PHILOX if alg is None else alg
        return cls(state=create_rng_state(seed, alg), alg=alg)

    @classmethod
    def from_non_deterministic_state(cls, alg=None):
        """A generator that begins somewhere, each time elsewhere."""
        alg = PHILOX if alg is None else alg
        state = registry["NonDeterministicInts"]([_state_size(alg)], dtype=dtypes.int64)
        return cls(state=state, alg=alg)

    @classmethod
    def from_key_counter(cls, key, counter, alg):
        """A generator with a given key, an int64 scalar, and counter, an int64 vector."""
        return cls(state=_joined(key, counter, alg), alg=alg)

    def reset(self, state):
        """Gives the generator another state."""
        state = _state_tensor(state)
        state.shape.assert_is_compatible_with([_state_size(self.algorithm)])
        self._state_var.assign(state)

    def reset_from_seed(self, seed):
        """Lets the generator begin anew with a seed."""
        self._state_var.assign(create_rng_state(seed, self.algorithm))

    def reset_from_key_counter(self, key, counter):
        """Gives the generator another key, an int64 scalar, and counter, an int64 vector."""
        self._state_var.assign(_joined(key, counter, self.algorithm))

    @property
    def state(self):
        """The variable that is the generator's state."""
        return self._state_var

    @property
    def algorithm(self):
        """The number of the algorithm."""
        return self._alg_var

    @property
    def key(self):
        """The key, a scalar: what of the state does not change as numbers are made."""
        _state_size(self.algorithm)
        return self._state_var[-1]

    def skip(self, delta):
        """Leaves out so many numbers."""
        registry["RngSkip"](self.state.handle, self.algorithm, delta)

    def _numbers(self, op, shape, dtype):
        return registry[op](self.state.handle, self.algorithm, shape, dtype=dtype)

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=dtypes.float32, name=None):
        """Numbers from a normal distribution; see `tf.random.normal`."""
        with name_scope(name, "stateful_normal", [shape, mean, stddev]) as scope:
            shape = _shape_tensor(shape)
            mean = convert(mean, dtypes.as_dtype(dtype), "mean")
            stddev = convert(stddev, dtypes.as_dtype(dtype), "stddev")
            return add(self._numbers("StatefulStandardNormalV2", shape, dtype) * stddev, mean, name=scope)

    def truncated_normal(self, shape, mean=0.0, stddev=1.0, dtype=dtypes.float32, name=None):
        """Numbers from a normal distribution, none beyond two standard deviations; see `tf.random.truncated_normal`."""
        with name_scope(name, "truncated_normal", [shape, mean, stddev]) as scope:
            shape = _shape_tensor(shape)
            mean = convert(mean, dtypes.as_dtype(dtype), "mean")
            stddev = convert(stddev, dtypes.as_dtype(dtype), "stddev")
            return add(self._numbers("StatefulTruncatedNormal", shape, dtype) * stddev, mean, name=scope)

    def uniform(self, shape, minval=0, maxval=None, dtype=dtypes.float32, name=None):
        """Numbers from a uniform distribution over `[minval, maxval)`; see `tf.random.uniform`.

        Raises:
          ValueError: the type is an integer one and `maxval` is missing.
        """
        dtype = dtypes.as_dtype(dtype)
        if maxval is None:
            if dtype.is_integer:
                raise ValueError("Must specify maxval for integer dtype %r" % dtype)
            maxval = 1
        with name_scope(name, "stateful_uniform", [shape, minval, maxval]) as scope:
            shape = _shape_tensor(shape)
            minval = convert(minval, dtype, "min")
            maxval = convert(maxval, dtype, "max")
            if dtype.is_integer:
                return registry["StatefulUniformInt"](self.state.handle, self.algorithm, shape, minval, maxval, name=scope)
            numbers = self._numbers("StatefulUniform", shape, dtype)
            return add(numbers * (maxval - minval), minval, name=scope)

    def uniform_full_int(self, shape, dtype=dtypes.uint64, name=None):
        """Integers that may be any that the type has."""
        dtype = dtypes.as_dtype(dtype)
        with name_scope(name, "stateful_uniform_full_int", [shape]) as scope:
            shape = _shape_tensor(shape)
            return registry["StatefulUniformFullInt"](self.state.handle, self.algorithm, shape, dtype=dtype, name=scope)

    def binomial(self, shape, counts, probs, dtype=dtypes.int32, name=None):
        """Numbers from binomial distributions.

        Args:
          shape: the shape of the result, an int vector.
          counts: the numbers of trials, a scalar or a vector with an element for each row of the result.
          probs: the probabilities of success, likewise.
          dtype: float16, float32, float64, int32 or int64.
          name: the name of the node.
        """
        with name_scope(name, "binomial", [shape, counts, probs]) as scope:
            counts = convert(counts, None, "counts")
            probs = convert(probs, None, "probs")
            shape = _shape_tensor(shape)
            return registry["StatefulRandomBinomial"](self.state.handle, self.algorithm, shape, counts, probs,
                                                      dtype=dtypes.as_dtype(dtype), name=scope)  # fmt: skip

    def make_seeds(self, count=1):
        """Seeds for stateless random ops: an int64 tensor of shape `[2, count]`."""
        _state_size(self.algorithm)
        keys = self.uniform_full_int([count], dtypes.int64)
        return stack([keys, zeros_like(keys)])

    def split(self, count=1):
        """A list of new generators, independent of this one and of each other; eagerly only."""
        zeros = [0] * (_state_size(self.algorithm) - 1)
        keys = self.uniform_full_int([count], dtypes.int64)
        return [Generator(state=[*zeros, key], alg=self.algorithm) for key in keys.numpy()]


def _joined(key, counter, alg):
    """A generator's state from its key and counter."""
    counter = _state_tensor(counter)
    key = _state_tensor(key)
    counter.shape.assert_is_compatible_with([_state_size(alg) - 1])
    key.shape.assert_is_compatible_with([])
    return concat([counter, reshape(key, [1])], 0)


_global_generator = []


@export("random.experimental.get_global_generator")
def get_global_generator():
    """The generator for all who have none of their own; made when it is first asked for."""
    if not _global_generator:
        _global_generator.append(Generator.from_non_deterministic_state())
    return _global_generator[0]


@export("random.experimental.set_global_generator")
def set_global_generator(generator):
    """Makes `generator` the one that `get_global_generator` gives."""
    _global_generator[:] = [generator]
