"""Programs whose graphs must be TensorFlow's node for node: convolutions and pooling."""


def one_dimension(tf):
    x, k = tf.placeholder(tf.float32, [2, 5, 3]), tf.placeholder(tf.float32, [2, 3, 4])
    tf.nn.conv1d(x, k, 1, "SAME")
    tf.nn.conv1d(x, k, stride=2, padding="VALID", name="c")
    tf.nn.conv1d(tf.placeholder(tf.float32, [2, 3, 5]), k, 1, "SAME", data_format="NCW", use_cudnn_on_gpu=False)
    tf.nn.conv1d_transpose(tf.placeholder(tf.float32, [2, 5, 4]), k, [2, 5, 3], 1)
    tf.nn.conv1d_transpose(tf.placeholder(tf.float32, [2, 5, 4]), k, tf.placeholder(tf.int32, [3]), 1, name="t")
    tf.nn.max_pool1d(x, 2, 2, "SAME")
    tf.nn.avg_pool1d(x, [2], [1], "VALID", name="p")


def two_dimensions(tf):
    x, k = tf.placeholder(tf.float32, [None, 5, 5, 3]), tf.placeholder(tf.float32, [2, 2, 3, 4])
    tf.nn.conv2d(x, k, [1, 1, 1, 1], "SAME")
    tf.nn.conv2d(x, filters=k, strides=2, padding="VALID", dilations=[1, 2], name="c")
    tf.nn.conv2d(x, k, [1, 2, 2, 1], [[0, 0], [1, 2], [3, 4], [0, 0]])
    y = tf.nn.conv2d_transpose(tf.placeholder(tf.float32, [2, 5, 5, 4]), k, [2, 5, 5, 3], [1, 1, 1, 1])
    tf.nn.conv2d_transpose(y, tf.placeholder(tf.float32, [2, 2, 4, 3]), tf.placeholder(tf.int32, [4]), 2, name="t")
    tf.nn.conv2d_backprop_filter(x, [2, 2, 3, 4], tf.placeholder(tf.float32, [2, 5, 5, 4]), [1, 1, 1, 1], "SAME")
    tf.nn.conv2d_backprop_input([2, 5, 5, 3], k, tf.placeholder(tf.float32, [2, 5, 5, 4]), [1, 1, 1, 1], "SAME", name="b")
    tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    tf.nn.max_pool(x, 2, 2, "VALID", name="p")
    tf.nn.max_pool2d(x, 2, 2, "VALID")
    tf.nn.max_pool_v2(x, 2, 2, "VALID")
    tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME", data_format="NHWC")
    tf.nn.avg_pool_v2(x, 2, 1, "SAME", name="a")


def three_dimensions(tf):
    x, k = tf.placeholder(tf.float32, [2, 4, 5, 5, 3]), tf.placeholder(tf.float32, [1, 2, 2, 3, 4])
    tf.nn.conv3d(x, k, [1, 1, 1, 1, 1], "SAME")
    tf.nn.conv3d(x, k, [1, 2, 2, 2, 1], "VALID", name="c")
    tf.nn.conv3d_transpose(tf.placeholder(tf.float32, [2, 4, 5, 5, 4]), k, [2, 4, 5, 5, 3], [1, 1, 1, 1, 1])
    tf.nn.conv3d_backprop_filter_v2(x, [1, 2, 2, 3, 4], tf.placeholder(tf.float32, [2, 4, 5, 5, 4]), [1, 1, 1, 1, 1], "SAME")
    tf.nn.max_pool3d(x, 2, 2, "SAME")
    tf.nn.avg_pool3d(x, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], "SAME", name="p")
    tf.nn.conv_transpose(tf.placeholder(tf.float32, [2, 4, 5, 5, 4]), k, [2, 4, 5, 5, 3], 1)


def ranks_unknown(tf):
    x = tf.placeholder(tf.float32)
    tf.nn.conv2d(x, tf.placeholder(tf.float32), [1, 1, 1, 1], "SAME")
    tf.nn.max_pool(x, 2, 2, "SAME")
    tf.nn.avg_pool3d(x, 2, 2, "SAME")


def with_holes(tf):
    x, k = tf.placeholder(tf.float32, [None, 6, 6, 3]), tf.placeholder(tf.float32, [2, 2, 3, 4])
    tf.nn.convolution(x, k, "SAME")
    tf.nn.convolution(x, k, "VALID", strides=[2, 2], name="strided")
    tf.nn.convolution(x, k, "SAME", dilation_rate=[2, 2])
    tf.nn.convolution(x, k, "VALID", dilation_rate=[1, 2], name="holes")
    tf.nn.atrous_conv2d(x, k, 2, "SAME")
    tf.nn.atrous_conv2d(tf.placeholder(tf.float32, [None, None, None, 3]), k, 3, "VALID", name="a")
    tf.nn.atrous_conv2d_transpose(tf.placeholder(tf.float32, [2, 6, 6, 4]), k, [2, 6, 6, 3], 2, "SAME")
    tf.nn.convolution(tf.placeholder(tf.float32, [2, 3, 6]), tf.placeholder(tf.float32, [2, 3, 4]), "SAME", data_format="NCW")
    tf.nn.convolution(tf.placeholder(tf.float32, [2, 6, 3]), tf.placeholder(tf.float32, [2, 3, 4]), "SAME", dilations=[2])
    tf.nn.convolution(tf.placeholder(tf.float32, [2, 3, 6, 6]), k, "SAME", dilation_rate=[2, 2], data_format="NCHW")


def depthwise(tf):
    x, k = tf.placeholder(tf.float32, [2, 6, 6, 3]), tf.placeholder(tf.float32, [2, 2, 3, 2])
    p = tf.placeholder(tf.float32, [1, 1, 6, 4])
    tf.nn.depthwise_conv2d(x, k, [1, 1, 1, 1], "SAME")
    tf.nn.depthwise_conv2d(x, k, [1, 2, 2, 1], "VALID", name="d")
    tf.nn.depthwise_conv2d(x, k, [1, 1, 1, 1], "SAME", rate=[2, 2])
    tf.nn.depthwise_conv2d_native(x, k, [1, 1, 1, 1], "SAME")
    tf.nn.separable_conv2d(x, k, p, [1, 1, 1, 1], "SAME")
    tf.nn.separable_conv2d(x, k, p, [1, 1, 1, 1], "VALID", rate=[2, 1], name="s")
    tf.nn.depthwise_conv2d_native_backprop_input([2, 6, 6, 3], k, tf.placeholder(tf.float32, [2, 6, 6, 6]), [1, 1, 1, 1], "SAME")


def pools(tf):
    x = tf.placeholder(tf.float32, [None, 6, 6, 3])
    tf.nn.pool(x, [2, 2], "MAX", "SAME")
    tf.nn.pool(x, [2, 3], "AVG", "VALID", strides=[2, 2], name="p")
    tf.nn.pool(x, [2, 2], "MAX", "VALID", dilation_rate=[2, 2])
    tf.nn.pool(tf.placeholder(tf.float32, [2, 6, 3]), [2], "AVG", "SAME")
    tf.nn.pool(tf.placeholder(tf.float32, [2, 4, 4, 4, 3]), [2, 2, 2], "MAX", "SAME", strides=[2, 2, 2])
    tf.nn.with_space_to_batch(x, [2, 2], "VALID", lambda t, count, padding: tf.nn.relu(t), spatial_dims=[1, 2])
    tf.nn.with_space_to_batch(x, [2], "SAME", lambda t, count, padding: t, filter_shape=[3], spatial_dims=[2])


def morphology(tf):
    x, k = tf.placeholder(tf.float32, [None, 6, 6, 3]), tf.placeholder(tf.float32, [2, 2, 3])
    tf.nn.dilation2d(x, k, [1, 1, 1, 1], [1, 1, 1, 1], "SAME")
    tf.nn.dilation2d(x, filters=k, strides=[1, 2, 2, 1], dilations=[1, 1, 2, 1], padding="VALID", name="d")
    tf.nn.erosion2d(x, k, [1, 1, 1, 1], [1, 1, 1, 1], "SAME")
    tf.nn.erosion2d(x, k, [1, 1, 1, 1], [1, 2, 2, 1], "VALID", name="e")


def fractional(tf):
    x = tf.placeholder(tf.float32, [None, 6, 6, 3])
    tf.nn.fractional_max_pool(x, [1.0, 1.5, 1.7, 1.0])
    tf.nn.fractional_avg_pool(x, [1.0, 1.5, 1.7, 1.0], True, True, deterministic=True, seed=3, seed2=4, name="a")
