"""`SavedModel`s: written and read, also one that TensorFlow 1.15 wrote."""

import os

import graphs
import numpy as np
import pytest
from graphs import saved

import eagle as tf

EXPECTED = np.load(graphs.HOME / "saved_model_values.npy")
sm = tf.saved_model


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "words.txt").write_text("a b c")
    saved.write(tf, str(tmp_path / "model"), str(tmp_path / "words.txt"))
    return str(tmp_path / "model")


@pytest.mark.parametrize("tags", [("serve",), ("second", "train")])
@pytest.mark.parametrize("scope", [None, "inner"])
@pytest.mark.parametrize("own", [False, True])
def test_read(folder, tags, scope, own):
    y, name = saved.read(tf, folder if own else str(graphs.HOME / "saved_model"), tags, scope)
    np.testing.assert_allclose(y, EXPECTED, rtol=1e-6)
    assert name == b"words.txt"


def test_files(folder):
    assert sm.contains_saved_model(folder) and sm.loader.maybe_saved_model_directory(folder)
    assert not sm.contains_saved_model(os.path.dirname(folder))
    assert sorted(os.listdir(folder)) == ["assets", "saved_model.pb", "variables"]
    with open(os.path.join(folder, "assets", "words.txt")) as f:
        assert f.read() == "a b c"
    with pytest.raises(AssertionError, match="already exists, and isn't empty"):
        sm.Builder(folder)


def test_wrong_tags_and_places(folder, tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        with pytest.raises(RuntimeError, match="MetaGraphDef associated with tags 'gpu' could not be found"):
            sm.load(sess, ["gpu"], folder)
        with pytest.raises(IOError, match="SavedModel file does not exist at"):
            sm.load(sess, ["serve"], str(tmp_path))
        (tmp_path / "saved_model.pb").write_bytes(b"\xff\xff nothing")
        with pytest.raises(IOError, match="Cannot parse file"):
            sm.load(sess, ["serve"], str(tmp_path))


def test_simple_save(tmp_path):
    folder = str(tmp_path / "model")
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None], name="x")
        y = x * tf.Variable(3.0, name="v")
        sess.run(tf.global_variables_initializer())
        sm.simple_save(sess, folder, {"x": x}, {"y": y})
    with tf.Graph().as_default(), tf.Session() as sess:
        signature = sm.load(sess, [sm.SERVING], folder).signature_def[sm.DEFAULT_SERVING_SIGNATURE_DEF_KEY]
        assert sm.is_valid_signature(signature) and signature.method_name == sm.PREDICT_METHOD_NAME
        x, y = (sm.get_tensor_from_tensor_info(i) for i in (signature.inputs["x"], signature.outputs["y"]))
        assert sess.run(y, {x: [1.0, 2.0]}).tolist() == [3.0, 6.0]


def test_text_and_order(tmp_path):
    folder = str(tmp_path / "model")
    builder = sm.Builder(folder)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.Variable(1.0, name="v")
        sess.run(tf.global_variables_initializer())
        with pytest.raises(AssertionError, match="has not been saved yet"):
            builder.add_meta_graph(["b"])
        builder.add_meta_graph_and_variables(sess, ["a"])
        with pytest.raises(AssertionError, match="has already been saved"):
            builder.add_meta_graph_and_variables(sess, ["b"])
    assert os.path.basename(builder.save(as_text=True)) == b"saved_model.pbtxt"
    with tf.Graph().as_default(), tf.Session() as sess:
        assert sm.load(sess, ["a"], folder).meta_info_def.tags == ["a"]
        assert sess.run("v:0") == 1.0


def test_files_with_the_same_name(tmp_path):
    paths = []
    for i, text in enumerate(["same", "same", "other"]):
        (tmp_path / str(i)).mkdir()
        paths.append(tmp_path / str(i) / "words.txt")
        paths[-1].write_text(text)
    builder = sm.Builder(str(tmp_path / "model"))
    with tf.Graph().as_default(), tf.Session() as sess:
        files = [tf.constant(str(p), name="file") for p in paths]
        builder.add_meta_graph_and_variables(sess, ["a"], assets_collection=files)
        with pytest.raises(TypeError, match="must be of dtype string"):
            builder._copy_assets(None, [tf.constant(1)])
    builder.save()
    assert sorted(os.listdir(tmp_path / "model" / "assets")) == ["words.txt", "words.txt_1"]


def test_main_operations(tmp_path):
    builder = sm.Builder(str(tmp_path / "model"))
    with tf.Graph().as_default(), tf.Session() as sess:
        with pytest.raises(TypeError, match="main_op needs to be an Operation"):
            builder.add_meta_graph_and_variables(sess, ["a"], main_op="an operation")
        tf.add_to_collection(sm.MAIN_OP_KEY, tf.no_op())
        with pytest.raises(ValueError, match="already contains one or more main ops"):
            builder.add_meta_graph_and_variables(sess, ["a"], main_op=tf.no_op())


def test_signatures():
    with tf.Graph().as_default():
        text, floats, ints = (tf.placeholder(t, [None], name=t.name) for t in (tf.string, tf.float32, tf.int32))
        utils = sm.signature_def_utils
        assert sm.is_valid_signature(utils.regression_signature_def(text, floats))
        assert sm.is_valid_signature(utils.classification_signature_def(text, text, None))
        assert sm.is_valid_signature(utils.classification_signature_def(text, text, floats))
        assert not sm.is_valid_signature(None)
        assert not sm.is_valid_signature(utils.build_signature_def({}, {}, "other"))
        signature = utils.regression_signature_def(text, floats)
        signature.inputs["more"].CopyFrom(sm.build_tensor_info(ints))
        assert not sm.is_valid_signature(signature)
        for build, message in (
            (lambda: utils.regression_signature_def(None, floats), "Regression examples cannot be None."),
            (lambda: utils.regression_signature_def(ints, floats), "Regression examples must be a string Tensor."),
            (lambda: utils.regression_signature_def(text, ints), "Regression output must be a float Tensor."),
            (lambda: utils.classification_signature_def(text, None, None), "classes and scores cannot both be None"),
            (lambda: utils.classification_signature_def(text, ints, None), "classes must be a string Tensor"),
            (lambda: utils.predict_signature_def({}, {"y": text}), "Prediction inputs cannot be None or empty."),
        ):
            with pytest.raises(ValueError, match=message):
                build()


def test_tensor_infos():
    with tf.Graph().as_default():
        x = tf.sparse_placeholder(tf.float32, [None, 3], name="x")
        info = sm.utils.build_tensor_info(x)
        assert info.WhichOneof("encoding") == "coo_sparse"
        found = sm.utils.get_tensor_from_tensor_info(info)
        assert (found.values, found.indices, found.dense_shape) == (x.values, x.indices, x.dense_shape)
        with pytest.raises(ValueError, match="Invalid TensorInfo.encoding"):
            sm.get_tensor_from_tensor_info(sm.utils.build_tensor_info(x).__class__())
        builder_map = {"s": sm.build_signature_def({"x": info.__class__(name="x:0")})}
        with pytest.raises(AssertionError, match="must have the dtype field set"):
            sm.Builder._checked(builder_map)
        with pytest.raises(KeyError, match="is reserved for initialization"):
            sm.Builder._checked({"__saved_model_init_op": sm.build_signature_def()})
