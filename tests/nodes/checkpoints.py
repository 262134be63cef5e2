"""Programs whose graphs must be TensorFlow's node for node: checkpoints of objects, initial values from checkpoints."""

import pathlib
import shutil
import tempfile
import uuid
from unittest import mock

LEAVES_OUT = ("gradients/",)

CHECKPOINT = str(pathlib.Path("tests/checkpoints/1.15.5/objects-1"))  # the name is in the graph, so it must be the same everywhere
NAMED = str(pathlib.Path("tests/checkpoints/1.15.5/parts"))


def _model(tf):
    root = tf.train.Checkpoint()
    root.v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
    root.optimizer = tf.train.AdamOptimizer(0.1)
    root.optimizer.minimize(tf.reduce_sum(root.v * root.v))
    return root


def saving_objects(tf):
    root = _model(tf)
    root.parts = [tf.Variable(1.0, use_resource=True), {"a": tf.Variable(2, name="ref")}]
    folder = tempfile.mkdtemp()
    try:
        with tf.Session() as sess, mock.patch.object(uuid, "uuid4", return_value=uuid.UUID(int=7)):
            sess.run(tf.global_variables_initializer())
            root.save(folder + "/x", session=sess)
            root.save(folder + "/x", session=sess)
            root.more = tf.Variable(1.0, name="more")
            sess.run(root.more.initializer)
            root.write(folder + "/y", session=sess)
    finally:
        shutil.rmtree(folder)


def restoring_objects(tf):
    root = _model(tf)
    root.restore(CHECKPOINT)
    root.restore(CHECKPOINT)


def restoring_what_comes_later(tf):
    root = tf.train.Checkpoint()
    root.restore(CHECKPOINT)
    root.v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
    root.optimizer = tf.train.AdamOptimizer(0.1)
    root.optimizer.minimize(tf.reduce_sum(root.v * root.v))


def nothing_to_restore(tf):
    tf.train.Checkpoint(v=tf.Variable(1.0, name="v")).restore(None)


def initial_values(tf):
    with tf.variable_scope("s"):
        tf.get_variable("whole", [6, 3])
        tf.get_variable("other", [], dtype=tf.int32, use_resource=True)
    parts = tf.get_variable("parts", [6, 3], partitioner=tf.fixed_size_partitioner(3))
    tf.train.init_from_checkpoint(NAMED, {"/": "s/"})
    tf.train.init_from_checkpoint(NAMED, {"whole": list(parts)})
    tf.train.init_from_checkpoint(NAMED, {"other": "s/other"})


def assigned_values(tf):
    v = tf.get_variable("v", [6, 3])
    parts = tf.get_variable("parts", [6, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.contrib.framework.assign_from_checkpoint(NAMED, {"whole": [v, *parts]})
    tf.contrib.framework.assign_from_checkpoint_fn(NAMED, {"whole": v})


def warm_started(tf):
    tf.get_variable("whole", [6, 3])
    tf.get_variable("renamed", [6, 3], use_resource=True)
    tf.train.warm_start(NAMED, "renamed", var_name_to_prev_var_name={"renamed": "whole"})
