"""Programs whose graphs must be TensorFlow's node for node: activations, normalization, dropout."""


def activations(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.nn.relu(x)
    tf.nn.relu(x, name="r")
    tf.nn.relu6([1.0, 2.0])
    tf.nn.crelu(x)
    tf.nn.crelu(x, axis=0, name="c")
    tf.nn.elu(x)
    tf.nn.selu(x)
    tf.nn.softplus(x)
    tf.nn.softsign(x)
    tf.nn.leaky_relu(x)
    tf.nn.leaky_relu(tf.placeholder(tf.int32, [2]), 0.1, name="leaky")
    tf.nn.leaky_relu([1.0], alpha=0.3)


def layers(tf):
    x, w, b = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [3, 4]), tf.placeholder(tf.float32, [4])
    tf.nn.xw_plus_b(x, w, b)
    tf.nn.xw_plus_b(x, w, b, name="dense")
    tf.nn.relu_layer(x, w, b)
    tf.nn.bias_add(x, [1.0, 2.0, 3.0])
    tf.nn.bias_add(tf.placeholder(tf.float32, [2, 3, 4]), [1.0, 2.0, 3.0], data_format="NCW", name="b")
    tf.nn.l2_loss(x)


def moments(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4], name="x")
    tf.nn.moments(x, [0])
    tf.nn.moments(x, [0, 1], keep_dims=True, name="m")
    tf.nn.moments(tf.placeholder(tf.float16, [None, 3]), [0], keepdims=False)
    tf.nn.weighted_moments(x, [0], tf.placeholder(tf.float32, [2, 1, 1]))
    tf.nn.weighted_moments(tf.placeholder(tf.float16, [2, 3]), [1], [1.0, 2.0, 3.0], keep_dims=True, name="w")
    c, m, v, s = tf.nn.sufficient_statistics(x, [0, 1])
    tf.nn.normalize_moments(c, m, v, s)
    c, m, v, s = tf.nn.sufficient_statistics(tf.placeholder(tf.float32, [None, 3]), [0], shift=1.0, keep_dims=True, name="ss")
    tf.nn.normalize_moments(c, m, v, s, name="n")


def normalization(tf):
    x = tf.placeholder(tf.float32, [2, 3, 3, 4], name="x")
    v = tf.placeholder(tf.float32, [4], name="v")
    tf.nn.batch_normalization(x, v, v, v, v, 0.001)
    tf.nn.batch_normalization(x, v, v, None, None, 0.001, name="bn")
    tf.nn.batch_normalization(tf.placeholder(tf.float16, [2, 4]), v, v, v, None, 0.001)
    tf.nn.batch_norm_with_global_normalization(x, v, v, v, v, 0.01, True)
    tf.nn.fused_batch_norm(x, v, v)
    tf.nn.fused_batch_norm(x, v, v, v, v, is_training=False, epsilon=1e-7, data_format="NHWC", name="fused")
    tf.nn.l2_normalize(x, 3)
    tf.nn.l2_normalize(x, [1, 2], epsilon=1e-4, name="l2")
    tf.nn.l2_normalize(x)
    tf.nn.lrn(x)
    tf.nn.local_response_normalization(x, 4, 1.0, 0.1, 0.75, name="norm")


def dropout(tf):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.nn.dropout(x, 0.5)
    tf.nn.dropout(x, keep_prob=0.9, seed=4, name="d")
    tf.nn.dropout(x, rate=0.2, noise_shape=[None, 1])
    tf.nn.dropout(x, keep_prob=tf.placeholder(tf.float32))
    tf.nn.dropout(tf.placeholder(tf.float16, [None, 3]), rate=0.3)
    tf.nn.dropout(x, keep_prob=1.0)
    tf.nn.dropout(x, rate=tf.constant(0.0))
    tf.nn.dropout([1.0, 2.0], rate=0.1, noise_shape=tf.placeholder(tf.int32, [1]))


def normalized(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.linalg.normalize(x)
    tf.linalg.normalize(x, 1, axis=1, name="n")
