"""Programs whose graphs must be TensorFlow's node for node: what sessions that look after themselves add."""

import uuid
from unittest import mock

LEAVES_OUT = ("global_step/cond",)


def scaffold(tf):
    tf.Variable([1.0, 2.0], name="v")
    tf.Variable(3.0, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
    with mock.patch.object(uuid, "uuid4", return_value=uuid.UUID(int=7)):
        tf.train.Scaffold().finalize()


def scaffold_of_nothing(tf):
    tf.train.Scaffold().finalize()


def scaffold_with_parts(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.group(v.initializer, name="mine"))
    made = tf.train.Scaffold(ready_op=tf.report_uninitialized_variables([v]), saver=tf.train.Saver([v]))
    tf.train.Scaffold(local_init_op=tf.no_op(), copy_from_scaffold=made).finalize()


def global_steps(tf):
    tf.train.create_global_step()
    tf.train.StopAtStepHook(last_step=3).begin()
    tf.train.StopAtStepHook(num_steps=3).begin()
    tf.train.GlobalStepWaiterHook(2).begin()


def replicated(tf):
    cluster = tf.train.ClusterSpec({"ps": ["a:1", "b:2"], "worker": ["c:3"]})
    with tf.device(tf.train.replica_device_setter(cluster=cluster, worker_device="/job:worker/task:0")):
        v = tf.Variable([1.0, 2.0], name="v")
        w = tf.get_variable("w", [3], initializer=tf.zeros_initializer(), use_resource=True)
        tf.Variable(2.0, name="x")
        with tf.device("/cpu:0"):
            tf.reduce_sum(v)
        with tf.device("/job:elsewhere"):
            tf.Variable(2.0, name="y")
        tf.reduce_sum(w)
    with tf.device(tf.train.replica_device_setter(3, ps_device="/job:p/device:CPU:0", merge_devices=False, ps_ops=["Const"])):
        tf.constant(1.0)
        with tf.device("/gpu:0"):
            tf.constant(1.0)
        tf.zeros([2]) + 1.0
    greedy = tf.contrib.training.GreedyLoadBalancingStrategy(2, tf.contrib.training.byte_size_load_fn)
    with tf.device(tf.train.replica_device_setter(2, ps_strategy=greedy)):
        for i, size in enumerate([10, 3, 4, 2]):
            tf.Variable(tf.zeros([size]), name="greedy_%d" % i)
    with tf.device(tf.train.replica_device_setter(3, ps_strategy=tf.contrib.training.RandomStrategy(3, seed=2))):
        for i in range(4):
            tf.Variable(0.0, name="random_%d" % i)


def synchronized_replicas(tf):
    step = tf.train.get_or_create_global_step()
    v = tf.Variable([[1.0, 2.0]] * 4, name="v")
    w = tf.Variable([3.0], name="w")
    inner = tf.train.GradientDescentOptimizer(2.0)
    optimizer = tf.train.SyncReplicasOptimizer(inner, 2, 1)
    slices = tf.IndexedSlices(tf.constant([[0.1, 0.1]]), tf.constant([1], tf.int64), tf.constant([4, 2], tf.int64))
    optimizer.apply_gradients([(tf.constant([0.5]), w), (slices, v)], global_step=step)
    optimizer.get_init_tokens_op()
    optimizer.get_init_tokens_op(1)
