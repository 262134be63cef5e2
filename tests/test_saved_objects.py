"""`tf.saved_model.save` and `load_v2`: objects, as TensorFlow 1.15 wrote them and as Eagle does."""

import json

import numpy as np
import pytest
import saved_objects

import eagle as tf
from eagle.core import context
from eagle.core.errors import NotYetError
from eagle.saved.structured_values import NotEncodableError, decode, encode

TOLD = json.loads((saved_objects.MODEL.parent / "told.json").read_text())


@pytest.fixture(autouse=True)
def eagerly():
    with context.eager_mode():
        yield


def test_a_model_of_tensorflow():
    assert saved_objects.told(tf, tf.saved_model.load_v2(str(saved_objects.MODEL))) == TOLD


def test_a_model_of_ours(tmp_path):
    path, again = str(tmp_path / "model"), str(tmp_path / "again")
    model = saved_objects.make(tf)
    tf.saved_model.save(model, path, signatures=model.serve)
    read = tf.compat.v2.saved_model.load(path)
    tf.saved_model.save(read, again, signatures=read.serve)  # what was read is saved as anything else
    assert saved_objects.told(tf, read) == TOLD
    assert saved_objects.told(tf, tf.compat.v2.saved_model.load(again)) == TOLD


def test_a_session_runs_a_signature(tmp_path):
    path = str(tmp_path / "model")
    model = saved_objects.make(tf)
    model.v.assign([2.0, 3.0])
    tf.saved_model.save(model, path, signatures={"one": model.serve})
    with context.graph_mode(), tf.Graph().as_default(), tf.Session() as session:
        signature = tf.saved_model.load(session, ["serve"], path).signature_def["one"]
        feeds = {signature.inputs["x"].name: [1.0, 2.0]}
        np.testing.assert_array_equal(session.run(signature.outputs["y"].name, feeds), [12.0, 26.0])


def test_signatures(tmp_path):
    module = tf.Module()
    specs = [tf.TensorSpec([], tf.float32), tf.TensorSpec([2], tf.int32)]
    module.f = tf.function(lambda x, y: (x * 2.0, y), input_signature=specs)
    tf.saved_model.save(module, str(tmp_path / "m"))  # the only function that can be a signature
    ((name, signature),) = tf.saved_model.load_v2(str(tmp_path / "m")).signatures.items()
    found = signature(x=tf.constant(2.0), y=tf.constant([1, 2]))
    assert name == "serving_default" and {k: v.numpy().tolist() for k, v in found.items()} == {"output_0": 4.0, "output_1": [1, 2]}

    @tf.function(input_signature=specs[:1])
    def wrong(x):
        return {"a": [x]}

    with pytest.raises(ValueError, match="Got a non-Tensor value .* for key 'a'"):
        tf.saved_model.save(module, str(tmp_path / "n"), signatures=wrong)
    for signature in (3, tf.function(lambda x: x)):
        with pytest.raises(ValueError, match="Expected a TensorFlow function to generate a signature for"):
            tf.saved_model.save(module, str(tmp_path / "n"), signatures=signature)


def test_errors(tmp_path):
    path = str(tmp_path / "m")
    with pytest.raises(ValueError, match="Expected a Trackable object for export, got 3"):
        tf.saved_model.save(3, path)
    variable, module = tf.Variable(2.0), tf.Module()
    module.f = tf.function(lambda x: x * variable, input_signature=[tf.TensorSpec([], tf.float32)])
    with pytest.raises(AssertionError, match="references untracked object"):
        tf.saved_model.save(module, path)
    tf.saved_model.save(tf.train.Checkpoint(v=tf.Variable(5.0)), str(tmp_path / "c"))
    assert tf.saved_model.load_v2(str(tmp_path / "c"), tags="serve").v.numpy() == 5.0
    with pytest.raises(ValueError, match="incompatible argument tags=\\['x'\\]"):
        tf.saved_model.load_v2(str(tmp_path / "c"), tags=["x"])
    with pytest.raises(OSError, match="does not exist"):
        tf.saved_model.load_v2(str(tmp_path / "nothing"))
    module.f, module.table = None, tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1]), 0)
    with pytest.raises(NotYetError, match="saved_model.save of"):
        tf.saved_model.save(module, str(tmp_path / "t"))


def test_structures():
    value = {
        "a": (1, 2.5, None, True, "text"), "b": [tf.TensorShape([None, 2]), tf.int32, tf.TensorSpec([3], tf.float32, "x")],
        "c": (tf.RaggedTensorSpec([2, None], tf.int32), tf.SparseTensorSpec([None], tf.float32), tf.IndexedSlicesSpec()),
    }  # fmt: skip
    assert repr(decode(encode(value))) == repr(value)
    with pytest.raises(NotEncodableError, match="No encoder for object"):
        encode([object()])
