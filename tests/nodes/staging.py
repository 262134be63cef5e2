"""Programs whose graphs must be TensorFlow's node for node: staging areas."""


def staging_areas(tf):
    x = tf.placeholder(tf.float32, [2])
    area = tf.contrib.staging.StagingArea([tf.float32, tf.int32], [[2], []], capacity=3)
    area.put([x, tf.constant(1)])
    area.get()
    area.peek(0)
    area.size()
    area.clear()
    with tf.device("/cpu:0"):
        named = tf.contrib.staging.StagingArea([tf.float32], names=["a"], shared_name="shared", memory_limit=100)
    named.put({"a": x * 2.0}, name="mine")
    return named.get(name="taken")
