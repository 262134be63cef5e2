"""`tf.train.Saver`: what it saves under which names, which checkpoints it keeps, and what it says when things don't fit."""

import os
import threading
import tracemalloc

import numpy as np
import pytest

import eagle as tf
from eagle.core.context import eager_mode
from eagle.saved import saver as saver_module

both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


@pytest.fixture(autouse=True)
def sess():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def initialize(sess):
    sess.run(tf.global_variables_initializer())


def names(path):
    return [name for name, _ in tf.train.list_variables(path)]


@both_kinds
def test_saved_and_restored(sess, tmp_path, use_resource):
    v = tf.Variable([1.0, 2.0], name="v", use_resource=use_resource)
    with tf.name_scope("scope"):
        w = tf.Variable([[b"a"], [b"bc"]], name="w", use_resource=use_resource)
    saver = tf.train.Saver()
    initialize(sess)
    path = saver.save(sess, str(tmp_path / "model"), global_step=12)
    assert path == str(tmp_path / "model-12") and names(path) == ["scope/w", "v"]
    sess.run(v.assign([0.0, 0.0]))
    saver.restore(sess, path)
    assert sess.run(v).tolist() == [1.0, 2.0]
    with tf.Session() as other:
        saver.restore(other, path)  # initializes
        assert other.run(w).tolist() == [[b"a"], [b"bc"]]
    assert os.path.exists(path + ".meta") and tf.train.latest_checkpoint(str(tmp_path)) == path


@both_kinds
def test_names_from_a_dictionary(sess, tmp_path, use_resource):
    v = tf.Variable(1.0, name="v", use_resource=use_resource)
    w = tf.Variable(2.0, name="w", use_resource=use_resource)
    initialize(sess)
    path = tf.train.Saver({"a": v, "b/c": w}).save(sess, str(tmp_path / "x"), write_meta_graph=False)
    assert names(path) == ["a", "b/c"] and not os.path.exists(path + ".meta")
    tf.train.Saver({"b/c": v}).restore(sess, path)
    assert sess.run([v, w]) == [2.0, 2.0]


def test_parts_of_variables(sess, tmp_path):
    def make(parts, use_resource):
        partitioner = tf.fixed_size_partitioner(parts) if parts else None
        with tf.variable_scope("s%s%s" % (parts, use_resource)):
            return tf.get_variable("v", [6, 2], partitioner=partitioner, use_resource=use_resource,
                                   initializer=tf.random_normal_initializer())  # fmt: skip

    first, value = make(3, False), None
    initialize(sess)
    value = sess.run(first.as_tensor())
    path = tf.train.Saver({"v": first}).save(sess, str(tmp_path / "x"))
    assert tf.train.list_variables(path) == [("v", [6, 2])]
    assert tf.train.load_variable(path, "v").tolist() == value.tolist()
    for other in make(2, True), make(None, False), make(4, False):
        tf.train.Saver({"v": list(other) if not isinstance(other, tf.Variable) else other}).restore(sess, path)
        assert sess.run(tf.convert_to_tensor(other)).tolist() == value.tolist()


def test_shards(sess, tmp_path):
    with tf.device("/cpu:0"):
        v = tf.Variable(1.0, name="v")
    with tf.device("/cpu:1"):
        w = tf.Variable(2.0, name="w", use_resource=True)
    saver = tf.train.Saver(sharded=True)
    initialize(sess)
    path = saver.save(sess, str(tmp_path / "x"), write_meta_graph=False)
    found = sorted(f for f in os.listdir(tmp_path) if f.startswith("x"))
    assert found == ["x.data-00000-of-00002", "x.data-00001-of-00002", "x.index"]
    sess.run([v.assign(0.0), w.assign(0.0)])
    saver.restore(sess, path)
    assert sess.run([v, w]) == [1.0, 2.0]
    old = tf.train.Saver(sharded=True, write_version=tf.train.SaverDef.V1)
    path = old.save(sess, str(tmp_path / "old"), write_meta_graph=False)
    assert path == str(tmp_path / "old-?????-of-00002")
    sess.run([v.assign(0.0), w.assign(0.0)])
    old.restore(sess, path)
    assert sess.run([v, w]) == [1.0, 2.0]


def test_reshaping(sess, tmp_path):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="v")
    initialize(sess)
    path = tf.train.Saver([v]).save(sess, str(tmp_path / "x"))
    flat = tf.Variable([0.0] * 4, name="flat")
    tf.train.Saver({"v": flat}, reshape=True).restore(sess, path)
    assert sess.run(flat).tolist() == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="a mismatch between the current graph"):
        tf.train.Saver({"v": flat}).restore(sess, path)


def test_steps_in_names(sess, tmp_path):
    step = tf.train.get_or_create_global_step()
    initialize(sess)
    saver = tf.train.Saver(pad_step_number=True)
    assert saver.save(sess, str(tmp_path / "x"), global_step=step).endswith("x-00000000")
    assert tf.train.Saver().save(sess, str(tmp_path / "x"), global_step=np.int64(3)).endswith("x-3")
    assert tf.train.Saver().save(sess, str(tmp_path / "x"), global_step="global_step:0").endswith("x-0")


def test_the_newest_are_kept(sess, tmp_path):
    tf.Variable(1.0)
    initialize(sess)
    saver = tf.train.Saver(max_to_keep=2)
    paths = [saver.save(sess, str(tmp_path / "x"), global_step=i) for i in (1, 2, 3)]
    assert saver.last_checkpoints == paths[1:]
    assert [tf.train.checkpoint_exists(p) for p in paths] == [False, True, True]
    assert not os.path.exists(paths[0] + ".meta")
    again = tf.train.Saver(max_to_keep=2)
    again.recover_last_checkpoints(paths)
    assert again.last_checkpoints == paths[1:]
    newer = again.save(sess, str(tmp_path / "x"), global_step=4)
    assert again.last_checkpoints == [paths[2], newer] and not tf.train.checkpoint_exists(paths[1])
    state = tf.train.get_checkpoint_state(str(tmp_path))
    assert list(state.all_model_checkpoint_paths) == [paths[2], newer]
    same = again.save(sess, str(tmp_path / "x"), global_step=4)
    assert again.last_checkpoints == [paths[2], same]
    everything = tf.train.Saver(max_to_keep=0)
    for i in range(10):
        everything.save(sess, str(tmp_path / "all"), global_step=i, write_meta_graph=False)
    assert everything.last_checkpoints == [] and tf.train.checkpoint_exists(str(tmp_path / "all-0"))


def test_some_are_kept_for_good(sess, tmp_path, monkeypatch):
    tf.Variable(1.0)
    initialize(sess)
    now = [1000.0]
    monkeypatch.setattr(saver_module.time, "time", lambda: now[0])
    saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1)
    paths = []
    for i in range(5):
        now[0] += 1500.0
        paths.append(saver.save(sess, str(tmp_path / "x"), global_step=i, write_meta_graph=False))
    assert [tf.train.checkpoint_exists(p) for p in paths] == [False, False, True, False, True]


def test_paths_that_can_be_moved(sess, tmp_path):
    tf.Variable(1.0)
    initialize(sess)
    (tmp_path / "a").mkdir()
    tf.train.Saver(save_relative_paths=True).save(sess, str(tmp_path / "a" / "x"))
    (tmp_path / "a").rename(tmp_path / "b")
    assert tf.train.latest_checkpoint(str(tmp_path / "b")) == str(tmp_path / "b" / "x")


def test_built_later(sess, tmp_path):
    saver = tf.train.Saver(defer_build=True)
    v = tf.Variable(3.0)
    with pytest.raises(RuntimeError, match=r"`build\(\)` should be called before save if defer_build==True"):
        saver.save(sess, str(tmp_path / "x"))
    saver.build()
    initialize(sess)
    assert names(saver.save(sess, str(tmp_path / "x"))) == [v.op.name]
    with pytest.raises(ValueError, match="build cannot be deferred"):
        tf.train.Saver([v], defer_build=True)


def test_nothing_to_save(sess, tmp_path):
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    saver = tf.train.Saver(allow_empty=True)
    tf.constant(1.0)
    assert saver.save(sess, str(tmp_path / "x"), write_meta_graph=False) is None
    saver.restore(sess, None)


def test_what_can_not_be_saved(sess, tmp_path):
    v = tf.Variable(1.0, name="v")
    for bad, error, message in (
        ({"a": tf.constant(1.0)}, TypeError, "names_to_saveables must be a dict mapping string names to Tensors/Variables"),
        ({1: v}, TypeError, "Name is not a string: 1"),
        ({"a": v, "b": v}, ValueError, "The same saveable will be restored with two names: "),
        ([tf.constant(1.0)], TypeError, "Variable to save is not a Variable"),
        (3, TypeError, "Variables to save should be passed in a dict or a list"),
    ):
        with pytest.raises(error, match=message):
            tf.train.Saver(bad)
    initialize(sess)
    saver = tf.train.Saver()
    (tmp_path / "file").touch()
    for arguments, error, message in (
        ((sess, str(tmp_path / "file" / "x")), ValueError, "Parent directory of .* doesn't exist, can't save"),
        ((sess, str(tmp_path / "checkpoint")), ValueError, "'latest_filename' collides with 'save_path'"),
        ((3, str(tmp_path / "x")), TypeError, "'sess' must be a Session"),
    ):
        with pytest.raises(error, match=message):
            saver.save(*arguments)
    with pytest.raises(ValueError, match="'latest_filename' must not contain path components"):
        saver.save(sess, str(tmp_path / "x"), latest_filename="a/b")
    with pytest.raises(ValueError, match="Can't load save_path when it is None"):
        saver.restore(sess, None)
    with pytest.raises(ValueError, match="The passed save_path is not a valid checkpoint: nowhere"):
        saver.restore(sess, "nowhere")
    with pytest.raises(tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value"):
        with tf.Session() as other:
            saver.save(other, str(tmp_path / "x"))


def test_a_mismatch_is_explained(sess, tmp_path):
    tf.Variable([1.0, 2.0], name="layer_1/kernel")
    tf.Variable(1.0, name="unused")
    initialize(sess)
    path = tf.train.Saver().save(sess, str(tmp_path / "x"))
    with tf.Graph().as_default(), tf.Session() as other:
        tf.Variable([1.0, 2.0], name="layer1/kernel")
        tf.Variable([1.0], name="unused")
        with pytest.raises(tf.errors.NotFoundError) as caught:
            tf.train.Saver().restore(other, path)
    message = caught.value.message
    assert message.startswith(
        "Restoring from checkpoint failed. This is most likely due to a Variable name or other graph key that"
    )
    assert "Key layer1/kernel not found in checkpoint" in message
    assert "Variables that the checkpoint lacks (1):\n  layer1/kernel (the nearest: layer_1/kernel)" in message
    assert "Tensors of the checkpoint that no variable is restored from (1):\n  layer_1/kernel" in message
    assert "Variables of another type or shape (1):\n  unused: float32 [1], in the checkpoint float32 []" in message


def test_variables_change_while_others_are_saved(sess, tmp_path):
    v = tf.Variable(np.zeros(100000, np.float32), name="v")
    add, saver = v.assign_add(np.ones(100000, np.float32)), tf.train.Saver(max_to_keep=None)
    initialize(sess)
    ended = threading.Event()

    def change():
        while not ended.is_set():
            sess.run(add.op)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        paths = [saver.save(sess, str(tmp_path / "x"), global_step=i, write_meta_graph=False) for i in range(10)]
    finally:
        ended.set()
        thread.join()
    for path in paths:
        value = tf.train.load_variable(path, "v")
        assert (value == value[0]).all()


def test_as_a_message(sess):
    v = tf.Variable(1.0, name="scope/v")
    with tf.name_scope("outer"):
        saver = tf.train.Saver([v], max_to_keep=3, name="outer/mine/")
    assert saver.to_proto() is saver.saver_def is saver.as_saver_def()
    assert saver.to_proto("outer").filename_tensor_name == "mine/Const:0"
    assert saver.to_proto("elsewhere") is None
    other = tf.train.Saver.from_proto(saver.to_proto("outer"), import_scope="outer")
    assert other.saver_def.save_tensor_name == saver.saver_def.save_tensor_name
    with pytest.raises(ValueError, match="saver_def must specify the save_tensor_name"):
        tf.train.Saver(saver_def=tf.train.SaverDef())


def test_eagerly(tmp_path):
    with eager_mode():
        v = tf.Variable([1.0], name="v")
        saver = tf.train.Saver([v], max_to_keep=1)
        paths = [saver.save(None, str(tmp_path / "x"), global_step=i) for i in range(2)]
        assert not tf.train.checkpoint_exists(paths[0])
        v.assign([5.0])
        saver.restore(None, paths[1])
        assert v.numpy().tolist() == [1.0]
        with pytest.raises(RuntimeError, match="`var_list` must specify a list or dict of variables to save"):
            tf.train.Saver()
    other = tf.Variable([0.0], name="v")
    with tf.Session() as sess:
        tf.train.Saver([other]).restore(sess, paths[1])
        assert sess.run(other).tolist() == [1.0]


def test_variables_saved_with_objects(sess, tmp_path):
    v = tf.Variable(2.0, name="v", use_resource=True)
    root = tf.train.Checkpoint(other_name=v)
    initialize(sess)
    path = root.save(str(tmp_path / "x"), session=sess)
    sess.run(v.assign(0.0))
    tf.train.Saver([v]).restore(sess, path)
    assert sess.run(v) == 2.0
    with pytest.raises(tf.errors.NotFoundError, match="Existing variables not in the checkpoint: w"):
        w = tf.Variable(2.0, name="w")
        tf.train.Saver([v, w]).restore(sess, path)


class Pair(tf.python.training.saver.BaseSaverBuilder.SaveableObject):
    """Two tensors that are saved together."""

    def __init__(self, variables, name):
        specs = [tf.python.training.saver.BaseSaverBuilder.SaveSpec(v, "", name + v.op.name, v.dtype) for v in variables]
        super().__init__(variables[0], specs, name)
        self.variables = variables

    def restore(self, restored_tensors, restored_shapes):
        return tf.group(*(v.assign(t + 1.0) for v, t in zip(self.variables, restored_tensors)))


def test_own_ways_to_save(sess, tmp_path):
    a, b = tf.Variable(1.0, name="a"), tf.Variable(2.0, name="b")
    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, Pair([a, b], "pair_"))
    initialize(sess)
    saver = tf.train.Saver(tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS))
    path = saver.save(sess, str(tmp_path / "x"))
    assert names(path) == ["pair_a", "pair_b"]
    saver.restore(sess, path)
    assert sess.run([a, b]) == [2.0, 3.0]
    assert names(tf.train.Saver().save(sess, str(tmp_path / "y"))) == ["a", "b", "pair_a", "pair_b"]


@both_kinds
def test_memory(sess, tmp_path, use_resource):
    """Saving needs no copy of the variables, restoring one of the largest."""
    each, count = 2 << 20, 12
    for i in range(count):
        tf.Variable(tf.zeros([each // 4]), name="v%d" % i, use_resource=use_resource)
    saver = tf.train.Saver()
    initialize(sess)
    path = saver.save(sess, str(tmp_path / "warm"))
    saver.restore(sess, path)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        saver.save(sess, str(tmp_path / "x"), write_meta_graph=False)
        saving = tracemalloc.get_traced_memory()[1] - before
        saver.restore(sess, path)  # its values are seen by `tracemalloc` ...
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        saver.restore(sess, path)  # ... and taken away here
        restoring = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    slack = 1 << 20
    assert saving < slack
    assert restoring < each + slack
