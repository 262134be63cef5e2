"""Models of Keras that are there ready made, recurrent layers of images, policies of types: numbers of training, configurations."""

import numpy as np


def _ramp(tf, *shape):
    return tf.keras.initializers.Constant(np.linspace(-1, 1, int(np.prod(shape))).reshape(shape))


def _data(*shape):
    return np.sin(np.arange(np.prod(shape))).reshape(shape).astype("float32")


def linear(tf):
    keras = tf.keras
    x, z = _data(16, 3), _data(16, 2) * 2
    y = x.sum(1, keepdims=True) - z[:, :1]
    one = keras.experimental.LinearModel(kernel_initializer="ones", kernel_regularizer="l2", name="one")
    one.compile("sgd", "mse")
    found = {"one": np.array(one.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0).history["loss"])}
    two = keras.experimental.LinearModel(units=2, activation="tanh", kernel_initializer="ones", name="two")
    two.compile("rmsprop", "mse")
    found["two"] = np.array(two.fit([x, z], np.hstack([y, -y]), epochs=2, shuffle=False, verbose=0).history["loss"])
    found["weights"] = two.get_weights()
    found["config"] = two.get_config()
    found["again"] = keras.experimental.LinearModel.from_config(two.get_config()).get_config() == two.get_config()
    return found


linear.rtol = 1e-4


def wide_deep(tf):
    keras = tf.keras
    x = _data(16, 3)
    y = x.sum(1, keepdims=True)
    linear = keras.experimental.LinearModel(kernel_initializer="ones")
    deep = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones", use_bias=False, input_shape=(3,))])
    model = keras.experimental.WideDeepModel(linear, deep, activation="tanh", name="both")
    model.compile(optimizer=["sgd", "adam"], loss="mse", metrics=["mae"])
    history = model.fit(x, y, epochs=3, batch_size=8, shuffle=False, verbose=0).history
    found = {k: np.array([float(v) for v in vs]) for k, vs in sorted(history.items())}
    found["weights"] = model.get_weights()
    found["config"] = sorted(model.get_config())
    return found


wide_deep.rtol = 1e-4


def conv_lstm(tf):
    keras = tf.keras
    x = _data(2, 3, 4, 5, 2)
    found = {}
    for name, options in {
        "plain": {},
        "sequences": dict(return_sequences=True, padding="same", strides=(2, 1)),
        "dilated": dict(dilation_rate=2, padding="same"),
        "state": dict(return_state=True, go_backwards=True, use_bias=False),
        "relu": dict(recurrent_activation="sigmoid", activation="relu"),
    }.items():
        inputs = keras.Input((3, 4, 5, 2))
        layer = keras.layers.ConvLSTM2D(
            2, (2, 3), kernel_initializer=_ramp(tf, 2, 3, 2, 8), recurrent_initializer=_ramp(tf, 2, 3, 2, 8), name=name, **options
        )  # fmt: skip
        outputs = layer(inputs)
        model = keras.Model(inputs, outputs)
        values = model.predict(x)
        values = values if isinstance(values, list) else [values]
        found[name] = [[list(v.shape), v.ravel()[:40]] for v in values]
        found[name + " shapes"] = [list(w.shape.as_list()) for w in layer.weights] + [w.name for w in layer.weights]
    config = layer.get_config()
    found["config"] = {k: config[k] for k in sorted(config) if "initializer" not in k}
    stateful = keras.Sequential([keras.layers.ConvLSTM2D(
        2, (2, 3), stateful=True, batch_input_shape=(2, 3, 4, 5, 2), padding="same", kernel_initializer=_ramp(tf, 2, 3, 2, 8),
        recurrent_initializer=_ramp(tf, 2, 3, 2, 8))])  # fmt: skip
    first, second = stateful.predict(x), stateful.predict(x)
    stateful.reset_states()
    found["stateful"] = [first.ravel()[:20], second.ravel()[:20], bool(np.allclose(stateful.predict(x), first))]
    stateful.layers[0].reset_states([np.ones((2, 4, 5, 2)), np.ones((2, 4, 5, 2))])
    found["set"] = stateful.predict(x).ravel()[:20]
    return found


conv_lstm.rtol = 1e-4


def version_2(tf):
    keras = tf.keras
    x = _data(2, 4, 3)
    layers = tf.compat.v2.keras.layers
    found = {}
    for name, make in {"gru": lambda **o: layers.GRU(2, **o), "lstm": lambda **o: layers.LSTM(2, **o)}.items():
        size = 6 if name == "gru" else 8
        layer = make(kernel_initializer=_ramp(tf, 3, size), recurrent_initializer=_ramp(tf, 2, size), return_sequences=True)
        inputs = keras.Input((4, 3))
        model = keras.Model(inputs, layer(keras.layers.Masking()(inputs)))
        y = x.copy()
        y[1, 2:] = 0
        found[name] = model.predict(y)
        config = layer.get_config()
        found[name + " config"] = {k: config[k] for k in sorted(config) if "initializer" not in k}
        found[name + " shapes"] = [w.shape.as_list() for w in layer.weights]
    return found


version_2.rtol = 1e-4


def initializers(tf):
    made = tf.compat.v2.keras.initializers
    found = {}
    for name, options in {
        "RandomUniform": dict(minval=-1, maxval=1),
        "RandomNormal": dict(mean=1.0),
        "TruncatedNormal": {},
        "Orthogonal": dict(gain=2.0),
        "GlorotUniform": {},
        "GlorotNormal": {},
        "VarianceScaling": dict(distribution="normal"),
        "he_normal": {},
        "lecun_uniform": {},
    }.items():
        initializer = getattr(made, name)(seed=3, **options)
        with tf.Session() as sess:
            found[name] = sess.run([initializer((3, 4)), initializer((3, 4))])
        found[name + " config"] = initializer.get_config()
    with tf.Session() as sess:
        others = [made.Ones()((2,), tf.int32), made.Zeros()((2,)), made.Constant(3)((2,)), made.Identity(2.0)((2, 2))]
        found["others"] = sess.run(others)
    return found


initializers.rtol = 1e-5


def policies(tf):
    experimental = tf.keras.mixed_precision.experimental
    found = {}
    for name in ("float32", "mixed_float16", "infer", "bfloat16", "infer_float32_vars", "float16_with_float32_vars"):
        p = experimental.Policy(name)
        found[name] = [p.name, p.compute_dtype, p.variable_dtype, p.should_cast_variables, repr(p)]
    for bad in ("abc", "abc_with_float32_vars", 5, tf.float32):
        try:
            experimental.Policy(bad)
        except (ValueError, TypeError) as e:
            found["refused %r" % (bad,)] = "%s: %s" % (type(e).__name__, e)
    try:
        experimental.set_policy("float16")
    except ValueError as e:
        found["set"] = str(e)
    x = tf.ones((3, 4), tf.float16)
    dense = tf.keras.layers.Dense(2, dtype=experimental.Policy("mixed_float16"), kernel_initializer="ones")
    y = dense(x)
    found["dense"] = [y.dtype.name, dense.kernel.dtype.name, dense.dtype]
    norm = tf.keras.layers.BatchNormalization(dtype=experimental.Policy("infer_float32_vars"))
    found["norm"] = [norm(x).dtype.name, norm.gamma.dtype.name, norm.dtype]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found["values"] = sess.run([y, *tf.gradients(y, dense.trainable_variables)])
    return found


def loss_scales(tf):
    keras = tf.keras
    found = {}
    for name, scale, optimizer in (("fixed", 8, keras.optimizers.SGD(0.1)), ("dynamic", "dynamic", keras.optimizers.Adam(0.1))):
        model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones", input_shape=(2,))])
        model.compile(keras.mixed_precision.experimental.LossScaleOptimizer(optimizer, scale), "mse")
        history = model.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=4, verbose=0).history["loss"]
        found[name] = [np.array(history), model.get_weights(), int(keras.backend.get_value(model.optimizer.iterations))]
    return found


loss_scales.rtol = 1e-4
