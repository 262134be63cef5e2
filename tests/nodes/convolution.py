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
