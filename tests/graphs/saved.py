"""A `SavedModel` with two graphs, signatures and a file: written by TensorFlow 1.15 (tools/record_graphs.py), read here."""

import os

import numpy as np

INPUT = np.arange(6.0).reshape(2, 3).astype(np.float32)


def write(tf, folder, vocabulary):
    """Writes it; `vocabulary` is the path of the file that it needs."""
    saved_model = tf.saved_model
    builder = saved_model.builder.SavedModelBuilder(folder)

    def network():
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.get_variable("w", initializer=np.linspace(-1, 1, 6).reshape(3, 2).astype("f"))
        b = tf.get_variable("b", initializer=np.ones(2, "f"), use_resource=True)
        local = tf.Variable(5.0, name="local", collections=[tf.GraphKeys.LOCAL_VARIABLES])
        y = tf.add(tf.nn.sigmoid(tf.matmul(x, w) + b), local, name="y")
        path = tf.constant(vocabulary, name="vocabulary")
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, path)
        tf.strings.join([path, "?"], name="asked")
        signature = saved_model.signature_def_utils.predict_signature_def({"x": x}, {"y": y})
        return {"serving_default": signature}, tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)

    with tf.Graph().as_default(), tf.Session() as sess:
        signatures, assets = network()
        sess.run(tf.global_variables_initializer())
        sess.run(tf.assign_add(tf.trainable_variables()[0], np.ones([3, 2], "f")))
        builder.add_meta_graph_and_variables(
            sess, [saved_model.tag_constants.SERVING], signatures, assets_collection=assets,
            main_op=tf.group(tf.local_variables_initializer(), name="main"))  # fmt: skip
    with tf.Graph().as_default(), tf.Session() as sess:
        signatures, assets = network()
        builder.add_meta_graph([saved_model.tag_constants.TRAINING, "second"], signatures, strip_default_attrs=True)
    builder.save()


def read(tf, folder, tags=("serve",), scope=None):
    """What its signature gives for `INPUT`, and the path of the file."""
    prefix = scope + "/" if scope else ""
    with tf.Graph().as_default(), tf.Session() as sess:
        meta_graph_def = tf.saved_model.loader.load(sess, list(tags), folder, import_scope=scope)
        if "second" in tags:
            sess.run(tf.local_variables_initializer())
        signature = meta_graph_def.signature_def["serving_default"]
        y = sess.run(prefix + signature.outputs["y"].name, {prefix + signature.inputs["x"].name: INPUT})
        return y, os.path.basename(sess.run(prefix + "vocabulary:0"))
