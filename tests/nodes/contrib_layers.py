"""Programs whose graphs must be TensorFlow's node for node: the layers of tf.contrib.layers."""


def dense(tf):
    layers = tf.contrib.layers
    x = tf.placeholder(tf.float32, [None, 5], name="x")
    y = layers.fully_connected(x, 4)
    layers.fully_connected(y, 3, activation_fn=None, scope="named", weights_regularizer=layers.l2_regularizer(0.1))
    layers.fully_connected(y, 3, activation_fn=None, scope="named", reuse=True)
    layers.fully_connected(x, 3, normalizer_fn=layers.batch_norm, normalizer_params={"is_training": True})
    layers.linear(x, 2, biases_initializer=None)
    layers.legacy_fully_connected(tf.placeholder(tf.float32, [2, 3, 4]), 2, activation_fn=tf.nn.relu)
    layers.stack(x, layers.fully_connected, [3, 4], scope="stack")
    layers.bias_add(x)


def convolutions(tf):
    layers = tf.contrib.layers
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], name="x")
    with tf.contrib.framework.arg_scope([layers.conv2d], padding="VALID", weights_regularizer=layers.l1_regularizer(0.5)):
        y = layers.conv2d(x, 4, [3, 3])
    layers.conv2d(y, 4, 3, stride=2, normalizer_fn=layers.batch_norm, scope="normal")
    layers.conv2d(y, 4, 3, rate=2, scope="holes")
    layers.separable_conv2d(x, 4, [3, 3], depth_multiplier=1)
    layers.separable_conv2d(x, None, [3, 3], depth_multiplier=2, scope="depthwise")
    layers.conv2d_transpose(x, 4, 3, stride=2)
    layers.conv2d_in_plane(x, 3)
    layers.repeat(x, 2, layers.conv2d, 4, [3, 3], scope="repeat")
    layers.max_pool2d(x, 2)
    layers.avg_pool2d(x, [2, 2], stride=1, padding="SAME", scope="mean")
    layers.convolution(tf.placeholder(tf.float32, [2, 9, 3]), 4, 3)


def normalization(tf):
    layers = tf.contrib.layers
    x = tf.placeholder(tf.float32, [None, 8, 8, 4], name="x")
    t = tf.placeholder(tf.bool, [], name="t")
    layers.batch_norm(x)
    layers.batch_norm(x, is_training=False, scale=True, center=False, scope="rest")
    layers.batch_norm(x, updates_collections=None, scope="at_once")
    layers.batch_norm(x, fused=False, scope="steps")
    layers.batch_norm(x, fused=False, updates_collections=None, scale=True, scope="steps_at_once")
    layers.batch_norm(x, fused=False, updates_collections="mine", data_format="NCHW", activation_fn=tf.nn.relu, scope="mine")
    layers.batch_norm(x, batch_weights=tf.ones([2]), scope="weighted")
    layers.batch_norm(x, zero_debias_moving_mean=True, scope="debiased")
    layers.batch_norm(
        tf.placeholder(tf.float32, [None, 4]), scope="vectors", param_regularizers={"beta": layers.l2_regularizer(0.1)}
    )
    layers.batch_norm(x, renorm=True, scope="renorm")
    layers.layer_norm(x, activation_fn=tf.nn.relu)
    layers.layer_norm(x, begin_norm_axis=3, center=False)
    layers.instance_norm(x)
    layers.instance_norm(x, data_format="NCHW", scope="first")
    layers.group_norm(x, groups=2)
    layers.group_norm(x, groups=2, mean_close_to_zero=True, scale=False)
    layers.unit_norm(x, 1)
    del t


def others(tf):
    layers = tf.contrib.layers
    x = tf.placeholder(tf.float32, [None, 3, 4], name="x")
    layers.flatten(x, outputs_collections="flat")
    layers.dropout(x)
    layers.dropout(x, 0.3, is_training=False)
    layers.softmax(x)
    layers.one_hot_encoding(tf.placeholder(tf.int32, [None]), 3)
    layers.embed_sequence(tf.placeholder(tf.int32, [2, 3]), 5, 4)
    layers.spatial_softmax(tf.placeholder(tf.float32, [2, 3, 4, 5]))
    layers.maxout(x, 2)
    layers.l1_l2_regularizer(0.1, 0.2)(tf.get_variable("w", [3]))
    layers.apply_regularization(layers.l2_regularizer(0.5), tf.trainable_variables()[:2])
    tf.contrib.framework.with_shape([2, 3, 4], x)
    tf.contrib.framework.with_same_shape(x, tf.placeholder(tf.float32, [2, 3, None]))
