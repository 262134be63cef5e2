"""Samples of Bernoulli and categorical distributions, as helpers draw them."""

from ...core.convert import convert
from ...core.dtypes import int32, int64
from ...core.scopes import name_scope
from ...ops.cast import cast
from ...ops.comparison import equal, less
from ...ops.joining import concat
from ...ops.padding import pad
from ...ops.random import random_uniform
from ...ops.random_sampling import multinomial
from ...ops.reduce import reduce_prod
from ...ops.shaping import rank, reshape, shape as shape_of
from ...ops.transposing import transpose
from ...ops.unary import sigmoid


def _shaped(draw, sample_shape):
    """Samples in a shape, of a function that draws a number of them."""
    with name_scope(None, "call_sampler", values=[sample_shape]):
        sample_shape = convert(sample_shape, int32, "sample_shape")
        missing = cast(equal(rank(sample_shape), 0), int32)
        sample_shape = reshape(sample_shape, pad(shape_of(sample_shape), paddings=[[missing, 0]], constant_values=1))
        samples = draw(reduce_prod(sample_shape))
        return reshape(samples, concat([sample_shape, shape_of(samples)[1:]], 0))


def bernoulli_sample(probs=None, logits=None, dtype=int32, sample_shape=(), seed=None):
    """Samples that are 1 with the probability `probs`, or the sigmoid of `logits`.

    Args:
      probs, logits: tensors, one of which is given.
      dtype: the type of the samples.
      sample_shape: the shape of the samples for each probability, an int or an int vector.
      seed: the seed of the random numbers.
    """
    probs = sigmoid(logits, name="probs") if probs is None else convert(probs, name="probs")
    batch_shape = shape_of(probs)

    def draw(n):
        return cast(less(random_uniform(concat([[n], batch_shape], 0), seed=seed, dtype=probs.dtype), probs), dtype)

    return _shaped(draw, sample_shape)


def categorical_sample(logits, dtype=int32, sample_shape=(), seed=None):
    """Samples of numbers whose probabilities are the softmax of `logits`.

    Args:
      logits: a tensor; the last dimension is that of the numbers.
      dtype: the type of the samples.
      sample_shape: the shape of the samples for each distribution, an int or an int vector.
      seed: the seed of the random numbers.
    """
    logits = convert(logits, name="logits")
    event_size = shape_of(logits)[-1]
    batch_shape = shape_of(logits)[:-1]

    def draw(n):
        matrix = logits if logits.shape.ndims == 2 else reshape(logits, [-1, event_size])
        drawn = multinomial(matrix, n, seed=seed, output_dtype=int64 if logits.dtype.size > 4 else int32)
        return cast(reshape(transpose(drawn), concat([[n], batch_shape], 0)), dtype)

    return _shaped(draw, sample_shape)
