"""Programs whose graphs must be TensorFlow's node for node: signals and their spectra."""


def fourier(tf):
    x = tf.placeholder(tf.float32, [2, 8])
    z = tf.placeholder(tf.complex64, [2, 3, 5])
    tf.fft(z)
    tf.signal.ifft2d(z)
    tf.spectral.fft3d(z, name="three")
    tf.signal.rfft(x)
    tf.signal.rfft(x, [5])
    tf.signal.rfft(x, [20], name="longer")
    tf.signal.rfft2d(x, [4, 4])
    tf.signal.irfft(z)
    tf.signal.irfft2d(z, [3, 12])
    tf.signal.rfft(tf.placeholder(tf.float32, [None, None]))
    tf.signal.irfft(tf.placeholder(tf.complex64, [2, None]))
    tf.signal.fftshift(x)
    tf.signal.ifftshift(x, axes=1)


def frames(tf):
    x = tf.placeholder(tf.float32, [2, 30])
    tf.signal.frame(x, 6, 4)
    tf.signal.frame(x, 6, 4, pad_end=True, pad_value=2.0, name="padded")
    tf.signal.frame(tf.placeholder(tf.float32, [None, None, 3]), 6, 4, axis=1)
    frames = tf.placeholder(tf.float32, [2, 5, 6])
    tf.signal.overlap_and_add(frames, 4)
    tf.signal.overlap_and_add(frames, 6)
    tf.signal.hann_window(8)
    tf.signal.hamming_window(7, periodic=False, dtype=tf.float64)
    tf.signal.hann_window(1)


def transforms(tf):
    x = tf.placeholder(tf.float32, [2, 30])
    y = tf.signal.stft(x, 6, 4)
    tf.signal.stft(x, 6, 4, fft_length=16, window_fn=None, pad_end=True)
    tf.signal.inverse_stft(y, 6, 4, window_fn=tf.signal.inverse_stft_window_fn(4))
    tf.signal.inverse_stft(y, 9, 4, fft_length=8)


def cosines(tf):
    x = tf.placeholder(tf.float32, [2, 8])
    for norm in (None, "ortho"):
        tf.signal.dct(x, norm=norm)
        tf.signal.idct(x, norm=norm)
    tf.signal.dct(x, type=1)
    tf.signal.dct(x, n=5)
    tf.signal.dct(x, n=10)
    tf.signal.dct(tf.placeholder(tf.float32, [None, None]))
    tf.signal.mfccs_from_log_mel_spectrograms(x)


def mel(tf):
    tf.signal.linear_to_mel_weight_matrix()
    tf.signal.linear_to_mel_weight_matrix(4, 9, tf.constant(16000), 20.0, 4000.0, tf.float64, name="m")
