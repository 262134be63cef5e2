"""Programs whose graphs must be TensorFlow's node for node: what savers add."""

import uuid
from unittest import mock


def ref_variables(tf):
    tf.Variable([1.0, 2.0], name="v")
    with tf.name_scope("outer"):
        tf.Variable(3, dtype=tf.int64, name="w")
    tf.train.Saver()


def resource_variables(tf):
    tf.Variable([1.0, 2.0], name="v", use_resource=True)
    with tf.name_scope("outer"):
        tf.Variable(3, dtype=tf.int64, name="w", use_resource=True)
    tf.train.Saver()
    tf.train.Saver(name="again")


def names_and_options(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.Variable([3.0], name="w", use_resource=True)
    u = tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="u")
    tf.train.Saver({"b": v, "a": w}, max_to_keep=None, filename="somewhere")
    tf.train.Saver([v, u], reshape=True)
    tf.train.Saver([w], reshape=True, restore_sequentially=True, pad_step_number=True)
    tf.train.Saver([v.op.outputs[0]])


def old_format(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    tf.train.Saver([v], write_version=tf.train.SaverDef.V1)
    tf.train.Saver([v], write_version=tf.train.SaverDef.V1, sharded=True)


def partitioned(tf):
    p = tf.get_variable("p", [4, 2], partitioner=tf.fixed_size_partitioner(2), initializer=tf.zeros_initializer())
    r = tf.get_variable("r", [5], partitioner=tf.fixed_size_partitioner(2), initializer=tf.zeros_initializer(), use_resource=True)
    tf.train.Saver()
    tf.train.Saver([p, r])
    tf.train.Saver({"x": list(p), "y": r})
    tf.add_to_collection("wholes", p)
    tf.train.Saver([p])


def on_devices(tf):
    with tf.device("/job:ps/task:1/device:GPU:3"):
        v = tf.Variable(1.0, name="v")
        r = tf.Variable(lambda: tf.fill([2], 1.0), name="r", use_resource=True)
    with tf.device("/cpu:0"):
        tf.Variable(2.0, name="w")
    tf.train.Saver()
    tf.train.Saver([v, r])
    tf.train.Saver(builder=tf.train.Saver([v])._builder.__class__.__base__())


def sharded(tf):
    with tf.device("/job:ps/task:0/device:GPU:3"):
        tf.Variable(1.0, name="v")
        tf.Variable(lambda: tf.fill([2], 1.0), name="r", use_resource=True)
    with tf.device("/job:ps/task:1"):
        tf.Variable(2.0, name="w")
    tf.Variable(2.0, name="x")
    tf.train.Saver(sharded=True, write_version=tf.train.SaverDef.V1)


def sharded_new_format(tf):
    with tf.device("/job:ps/task:0/device:GPU:3"):
        v = tf.Variable(1.0, name="v")
        tf.Variable(lambda: tf.fill([2], 1.0), name="r", use_resource=True)
    with tf.device("/job:ps/task:1"):
        tf.Variable(2.0, name="w")
    with mock.patch.object(uuid, "uuid4", return_value=uuid.UUID(int=7)):
        tf.train.Saver(sharded=True)
        tf.train.Saver({"x": v}, sharded=True, reshape=True)


def nothing_to_save(tf):
    tf.train.Saver(defer_build=True)
    tf.train.Saver([], allow_empty=True)
