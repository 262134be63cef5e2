"""Attention: `Attention`, `AdditiveAttention`."""

from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ..backend.settings import floatx
from ..engine.base_layer import Layer


class _DenseAttention(Layer):
    """What both kinds share.

    Args:
      causal: whether a position sees none behind it.
      **kwargs: as of `Layer`.
    """

    def __init__(self, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.causal = causal
        self.supports_masking = True

    def _apply_scores(self, scores, value, scores_mask=None):
        if scores_mask is not None:
            scores -= 1.0e9 * tf.cast(tf.logical_not(scores_mask), dtype=floatx())
        return tf.matmul(tf.nn.softmax(scores), value)

    def call(self, inputs, mask=None):
        """The values of each query: a mean weighted by how well the keys fit."""
        self._validate_call_args(inputs=inputs, mask=mask)
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) > 2 else value
        query_mask, value_mask = (mask[0], mask[1]) if mask else (None, None)
        scores = self._calculate_scores(query=query, key=key)
        if value_mask is not None:
            value_mask = tf.expand_dims(value_mask, axis=-2)
        causal_mask = None
        if self.causal:
            shape = tf.shape(scores)
            causal_mask = _lower_triangular_mask(tf.concat([tf.ones_like(shape[:-2]), shape[-2:]], axis=0))
        masks = [m for m in (value_mask, causal_mask) if m is not None]
        mask = tf.logical_and(*masks) if len(masks) == 2 else masks[0] if masks else None
        result = self._apply_scores(scores=scores, value=value, scores_mask=mask)
        if query_mask is not None:
            result *= tf.cast(tf.expand_dims(query_mask, axis=-1), dtype=result.dtype)
        return result

    def compute_mask(self, inputs, mask=None):
        self._validate_call_args(inputs=inputs, mask=mask)
        return tf.convert_to_tensor(mask[0]) if mask and mask[0] is not None else None

    def _validate_call_args(self, inputs, mask):
        name = type(self).__name__
        if not isinstance(inputs, list):
            raise ValueError(f"{name} layer must be called on a list of inputs, namely [query, value] or [query, value, key].")
        if not 2 <= len(inputs) <= 3:
            raise ValueError(
                f"{name} layer accepts inputs list of length 2 or 3, namely [query, value] or [query, value, key]. Given "
                f"length: {len(inputs)}"
            )
        if mask and not isinstance(mask, list):
            raise ValueError(f"{name} layer mask must be a list, namely [query_mask, value_mask].")
        if mask and len(mask) != 2:
            raise ValueError(
                f"{name} layer mask must be a list of length 2, namely [query_mask, value_mask]. Given length: {len(mask)}"
            )

    def get_config(self):
        return {**super().get_config(), "causal": self.causal, "use_scale": self.use_scale}


@export("keras.layers.Attention")
class Attention(_DenseAttention):
    """Attention by products of queries and keys.

    Args:
      use_scale: whether the products are multiplied with a variable.
      **kwargs: `causal`, and as of `Layer`.
    """

    def __init__(self, use_scale=False, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape):
        self.scale = None
        if self.use_scale:
            self.scale = self.add_weight(name="scale", shape=(), initializer="ones", dtype=self.dtype, trainable=True)
        super().build(input_shape)

    def _calculate_scores(self, query, key):
        scores = tf.matmul(query, key, transpose_b=True)
        return scores if self.scale is None else scores * self.scale


@export("keras.layers.AdditiveAttention")
class AdditiveAttention(_DenseAttention):
    """Attention by hyperbolic tangents of sums of queries and keys.

    Args:
      use_scale: whether these are multiplied with a variable.
      **kwargs: `causal`, and as of `Layer`.
    """

    def __init__(self, use_scale=True, **kwargs):
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape):
        self.scale = None
        if self.use_scale:
            shape = TensorShape(input_shape[1]).as_list()[-1:]
            self.scale = self.add_weight(name="scale", shape=shape, initializer="glorot_uniform", dtype=self.dtype, trainable=True)
        super().build(input_shape)

    def _calculate_scores(self, query, key):
        scale = self.scale if self.use_scale else 1.0
        return tf.reduce_sum(scale * tf.tanh(tf.expand_dims(query, axis=-2) + tf.expand_dims(key, axis=-3)), axis=-1)


def _lower_triangular_mask(shape):
    rows = tf.cumsum(tf.ones(shape=shape, dtype=tf.int32), axis=-2)
    return tf.greater_equal(rows, tf.cumsum(tf.ones(shape=shape, dtype=tf.int32), axis=-1))
