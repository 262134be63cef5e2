"""Signals and their spectra: values in graphs, eagerly, and gradients."""

import numpy as np


def _signal(*shape):
    return np.sin(np.arange(np.prod(shape)) * 0.7).reshape(shape).astype(np.float32)


def _values(tf):
    x = tf.constant(_signal(2, 30))
    z = tf.complex(x[:, :15], x[:, 15:])
    stft = tf.signal.stft(x, 6, 4)
    return [
        tf.fft(z), tf.ifft(z), tf.signal.rfft(x, [40]), tf.signal.irfft(z, [20]), tf.signal.rfft2d(x), stft,
        tf.signal.stft(x, 7, 3, fft_length=9, window_fn=None, pad_end=True),
        tf.signal.inverse_stft(stft, 6, 4, window_fn=tf.signal.inverse_stft_window_fn(4)),
        tf.signal.frame(x, 6, 4, pad_end=True, pad_value=9.0), tf.signal.overlap_and_add(tf.constant(_signal(2, 4, 6)), 4),
        tf.signal.hann_window(8), tf.signal.hamming_window(7, periodic=False), tf.signal.hann_window(1),
        tf.signal.dct(x), tf.signal.dct(x, norm="ortho"), tf.signal.idct(x), tf.signal.idct(x, norm="ortho", n=7),
        tf.signal.dct(x, type=1), tf.signal.linear_to_mel_weight_matrix(4, 9), tf.signal.mfccs_from_log_mel_spectrograms(x),
        tf.signal.fftshift(x), tf.signal.ifftshift(x, axes=1),
    ]  # fmt: skip


def values(tf):
    with tf.Session() as sess:
        return {"values": [sess.run(v) for v in _values(tf)]}


values.rtol = 2e-5


def eager_values(tf):
    return {"values": _values(tf)}


eager_values.rtol = 2e-5


def shapes_unknown(tf):
    """Lengths and shapes that are known only at run time."""
    x = tf.placeholder_with_default(_signal(2, 30), None)
    length = tf.placeholder_with_default(6, [])
    x2 = tf.placeholder_with_default(_signal(2, 30), [None, None])
    found = [
        tf.signal.frame(x, length, 4), tf.signal.stft(x2, length, 4), tf.signal.hann_window(length),
        tf.signal.overlap_and_add(tf.placeholder_with_default(_signal(2, 4, 6), None), 4), tf.signal.dct(x2),
    ]  # fmt: skip
    with tf.Session() as sess:
        return {"values": sess.run(found)}


shapes_unknown.rtol = 2e-5


def gradients(tf):
    x = tf.constant(_signal(2, 12))
    z = tf.complex(x, x * x)
    weights = tf.constant(np.cos(np.arange(200)).astype(np.float32))

    def weighed(y):
        y = tf.reshape(tf.concat([tf.real(y), tf.imag(y)], 0) if y.dtype.is_complex else y, [-1])
        return tf.reduce_sum(y * weights[: y.shape[0].value])

    results = [
        tf.signal.rfft(x), tf.signal.rfft(x, [15]), tf.signal.rfft2d(x), tf.signal.irfft(z), tf.signal.irfft(z, [23]),
        tf.signal.irfft2d(z), tf.fft(z), tf.ifft2d(z), tf.signal.stft(x, 6, 4), tf.signal.dct(x),
    ]  # fmt: skip
    with tf.Session() as sess:
        return {"gradients": [sess.run(tf.gradients(weighed(y), x)) for y in results if y is not None]}


gradients.rtol = 2e-4
