"""Programs whose graphs must be TensorFlow's node for node: layers."""


def dense(tf):
    x = tf.placeholder(tf.float32, [None, 5], name="x")
    y = tf.layers.dense(x, 4, activation=tf.nn.relu)
    tf.layers.dense(y, 3, use_bias=False, name="named")
    tf.layers.dense(y, 3, use_bias=False, name="named", reuse=True)
    tf.layers.dense(tf.placeholder(tf.float64, [2, None, 3]), 2, kernel_initializer=tf.zeros_initializer())
    with tf.variable_scope("outer", initializer=tf.ones_initializer()):
        tf.layers.dense(y, 2, kernel_regularizer=lambda v: 0.1 * tf.nn.l2_loss(v), activity_regularizer=tf.reduce_sum)
    layer = tf.layers.Dense(2, trainable=False)
    layer(x)
    layer(x)


def convolutions(tf):
    x = tf.placeholder(tf.float32, [None, 12, 12, 3], name="x")
    y = tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu, bias_initializer=tf.constant_initializer(0.1))
    tf.layers.conv2d(y, 4, (3, 2), strides=2, padding="same", use_bias=False)
    tf.layers.conv2d(y, 2, 3, dilation_rate=2, padding="same", name="holes")
    tf.layers.conv2d(tf.placeholder(tf.float32, [None, None, None, 3]), 2, 3, dilation_rate=2, padding="same", name="unknown")
    tf.layers.conv1d(tf.placeholder(tf.float32, [2, 9, 3]), 4, 3)
    tf.layers.conv1d(tf.placeholder(tf.float32, [2, 3, 9]), 4, 3, data_format="channels_first", name="first")
    tf.layers.conv3d(tf.placeholder(tf.float32, [2, 5, 5, 5, 3]), 4, 3)
    tf.layers.separable_conv2d(x, 4, 3, depth_multiplier=2)
    tf.layers.separable_conv1d(tf.placeholder(tf.float32, [2, 9, 3]), 4, 3)
    tf.layers.conv2d_transpose(x, 4, 3, strides=2)
    tf.layers.conv2d_transpose(x, 4, 3, strides=2, padding="same", use_bias=False)
    tf.layers.conv3d_transpose(tf.placeholder(tf.float32, [2, 5, 5, 5, 3]), 4, 3, strides=2)


def pooling(tf):
    x = tf.placeholder(tf.float32, [None, 12, 12, 3], name="x")
    tf.layers.max_pooling2d(x, 2, 2)
    tf.layers.average_pooling2d(x, [3, 3], [2, 2], padding="same", name="mean")
    tf.layers.max_pooling2d(tf.placeholder(tf.float32, [2, 3, 5, 5]), 2, 2, data_format="channels_first")
    tf.layers.max_pooling1d(tf.placeholder(tf.float32, [2, 9, 3]), 2, 2)
    tf.layers.average_pooling1d(tf.placeholder(tf.float32, [2, 9, 3]), 2, 1, data_format="channels_first")
    tf.layers.max_pooling3d(tf.placeholder(tf.float32, [2, 6, 6, 6, 3]), 2, 2)
    tf.layers.average_pooling3d(tf.placeholder(tf.float32, [2, 3, 6, 6, 6]), 2, 2, data_format="channels_first")


def dropout_and_flatten(tf):
    x = tf.placeholder(tf.float32, [None, 4, 3], name="x")
    tf.layers.dropout(x, 0.3)
    tf.layers.dropout(x, 0.3, training=True, seed=3)
    tf.layers.dropout(x, noise_shape=[None, 1, 3], training=True, name="d")
    tf.layers.flatten(x)
    tf.layers.flatten(tf.placeholder(tf.float32, [2, 3, 4]), data_format="channels_first")


def batch_normalization(tf):
    x = tf.placeholder(tf.float32, [None, 6, 6, 3], name="x")
    tf.layers.batch_normalization(x)
    tf.layers.batch_normalization(x, training=True)
    tf.layers.batch_normalization(x, training=True, fused=False, name="steps")
    tf.layers.batch_normalization(x, training=True, center=False, scale=False, name="plain")
    tf.layers.batch_normalization(x, axis=1, momentum=0.9, training=True, name="first")
    tf.layers.batch_normalization(tf.placeholder(tf.float32, [None, 4]), training=True, name="vectors")
    tf.layers.batch_normalization(tf.placeholder(tf.float32, [None, 4]), name="rest")
    tf.layers.batch_normalization(
        x, training=True, renorm=True, renorm_clipping={"rmax": 3.0, "rmin": 0.3, "dmax": 5.0}, name="renorm"
    )
    tf.layers.batch_normalization(x, training=True, virtual_batch_size=2, name="virtual")
    tf.layers.batch_normalization(tf.placeholder(tf.float16, [2, 5, 5, 2]), training=True, name="half")
    tf.layers.batch_normalization(
        x, training=True, adjustment=lambda s: (tf.random_uniform([s[0], 1, 1, 3]), tf.zeros([s[0], 1, 1, 3])), name="adjusted"
    )


def custom(tf):
    class Scale(tf.layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_variable("factor", [input_shape[-1].value], initializer=tf.ones_initializer())
            super().build(input_shape)

        def call(self, x):
            return x * self.factor

    x = tf.placeholder(tf.float32, [None, 4], name="x")
    layer = Scale()
    layer(x)
    layer(x)
    Scale(name="other", _scope="other", _reuse=tf.AUTO_REUSE)(x)
    Scale(name="other", _scope="other", _reuse=True)(x)
