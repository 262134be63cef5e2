"""`GRU`, `LSTM` and their cells with the defaults of TensorFlow 2."""

from ...core.export import export
from ..backend.settings import is_eager_outside_functions
from . import recurrent_cells as v1


def _is_standard(activation, recurrent_activation, recurrent_dropout, unroll, use_bias):
    """Whether a layer is one that cuDNN could compute."""
    return (
        activation == "tanh" and recurrent_activation == "sigmoid" and recurrent_dropout == 0 and not unroll and use_bias
        and is_eager_outside_functions()
    )  # fmt: skip


@export("compat.v2.keras.layers.GRUCell")
class GRUCell(v1.GRUCell):
    """`tf.keras.layers.GRUCell` with other defaults: gates are sigmoids, one product of all, the reset gate applied after it."""

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, implementation=2, reset_after=True, **kwargs):  # fmt: skip
        given = locals()
        super().__init__(**{n: given[n] for n in self._names}, **kwargs)


@export("compat.v2.keras.layers.LSTMCell")
class LSTMCell(v1.LSTMCell):
    """`tf.keras.layers.LSTMCell` with other defaults: gates are sigmoids, one product of all."""

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True, kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                 bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, implementation=2, **kwargs):  # fmt: skip
        given = locals()
        super().__init__(**{n: given[n] for n in self._names}, **kwargs)


@export("compat.v2.keras.layers.GRU")
class GRU(v1.GRU):
    """`tf.keras.layers.GRU` with other defaults: gates are sigmoids, one product of all, the reset gate applied after it."""

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                 bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, implementation=2, return_sequences=False,
                 return_state=False, go_backwards=False, stateful=False, unroll=False, time_major=False, reset_after=True,
                 **kwargs):  # fmt: skip
        given = locals()
        names = (*self._names, *v1.OPTIONS, "time_major", "activity_regularizer")
        super().__init__(**{n: given[n] for n in names}, **kwargs)
        self.could_use_cudnn = reset_after and _is_standard(
            activation, recurrent_activation, recurrent_dropout, unroll, use_bias
        )  # fmt: skip


@export("compat.v2.keras.layers.LSTM")
class LSTM(v1.LSTM):
    """`tf.keras.layers.LSTM` with other defaults: gates are sigmoids, one product of all."""

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True, kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, implementation=2,
                 return_sequences=False, return_state=False, go_backwards=False, stateful=False, time_major=False, unroll=False,
                 **kwargs):  # fmt: skip
        given = locals()
        names = (*self._names, *v1.OPTIONS, "time_major", "activity_regularizer")
        super().__init__(**{n: given[n] for n in names}, **kwargs)
        self.could_use_cudnn = _is_standard(activation, recurrent_activation, recurrent_dropout, unroll, use_bias)
