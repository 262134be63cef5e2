"""Checkpoints of objects: as TensorFlow writes them, in graphs and eagerly; and what of a checkpoint is found by names."""

import gc
import os
import pathlib

import numpy as np
import pytest

import eagle as tf
from eagle.core.context import eager_mode

FOLDER = pathlib.Path(__file__).parent / "checkpoints"
VERSIONS = ["1.13.2", "1.15.5"]
by_version = pytest.mark.parametrize("version", VERSIONS)
V, M = [0.9, 1.9], [0.2, 0.4]  # of the recorded checkpoint: two numbers after a step of Adam


def recorded(version):
    return str(FOLDER / version / "objects-1")


@pytest.fixture(autouse=True)
def new_graph():
    with tf.Graph().as_default():
        yield


def model(**arguments):
    """The objects of the recorded checkpoint, and what trains them."""
    root = tf.train.Checkpoint()
    root.v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
    root.optimizer = tf.train.AdamOptimizer(0.1)
    return root


def step(root):
    return root.optimizer.minimize(tf.reduce_sum(root.v * root.v))


def contents(prefix):
    """file name -> bytes of the files of a checkpoint."""
    folder, name = os.path.split(prefix)
    return {f: (pathlib.Path(folder) / f).read_bytes() for f in os.listdir(folder) if f.startswith(name + ".")}


def close(found, expected):
    return np.allclose(found, expected, rtol=1e-5)


def test_a_graph_saves_what_tensorflow_saves(tmp_path):
    root = model()
    train = step(root)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        path = root.save(str(tmp_path / "objects"), session=sess)
    assert path == str(tmp_path / "objects-1")
    expected, found = contents(recorded("1.15.5")), contents(path)
    assert sorted(found) == sorted(expected)
    assert tf.contrib.checkpoint.object_metadata(path) == tf.contrib.checkpoint.object_metadata(recorded("1.15.5"))
    theirs, ours = tf.train.NewCheckpointReader(recorded("1.15.5")), tf.train.NewCheckpointReader(path)
    assert ours.get_variable_to_shape_map() == theirs.get_variable_to_shape_map()
    for name in ours.get_variable_to_shape_map():
        if "CHECKPOINTABLE" not in name:
            assert close(ours.get_tensor(name), theirs.get_tensor(name))
    assert (tmp_path / "checkpoint").read_text() == (
        'model_checkpoint_path: "objects-1"\nall_model_checkpoint_paths: "objects-1"\n'
    )
    assert tf.train.latest_checkpoint(str(tmp_path)) == path


@by_version
def test_a_graph_restores_what_tensorflow_saved(version):
    root = model()
    train = step(root)
    status = root.restore(recorded(version)).assert_consumed().assert_existing_objects_matched().assert_nontrivial_match()
    with tf.Session() as sess:
        status.initialize_or_restore(sess)
        v, m = sess.run([root.v, root.optimizer.get_slot(root.v, "m")])
        assert close(v, V) and close(m, M)
        assert sess.run(root.save_counter) == 1
        sess.run(train)
        status.run_restore_ops(sess)
        assert close(sess.run(root.v), V)


@by_version
def test_values_wait_for_objects(version):
    root = tf.train.Checkpoint()
    status = root.restore(recorded(version))
    with pytest.raises(AssertionError, match=r"Unresolved object in checkpoint \(root\).v: attributes"):
        status.assert_consumed()
    with pytest.raises(AssertionError, match="Unresolved object"):
        model_of(root)
        status.assert_consumed()
    step(root)
    status.assert_consumed()
    with tf.Session() as sess:
        status.run_restore_ops(sess)
        assert close(sess.run(root.v), V)


def model_of(root):
    root.v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
    root.optimizer = tf.train.AdamOptimizer(0.1)


def test_all_is_built_once(tmp_path):
    root = model()
    step(root)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = root.save(str(tmp_path / "a"), session=sess)
        root.restore(path).run_restore_ops(sess)
        graph = tf.get_default_graph()
        graph.finalize()
        for i in range(2, 5):
            path = root.save(str(tmp_path / "a"), session=sess)
            assert path.endswith("a-%d" % i)
            root.restore(path).run_restore_ops(sess)


class TestEagerly:
    @pytest.fixture(autouse=True)
    def eager(self):
        with eager_mode():
            yield

    def model(self):
        root = tf.train.Checkpoint()
        root.v = tf.Variable([1.0, 2.0], name="v")
        root.optimizer = tf.train.AdamOptimizer(0.1)
        return root

    def step(self, root):
        root.optimizer.minimize(lambda: tf.reduce_sum(root.v * root.v))

    @by_version
    def test_variables_that_are_there(self, version):
        root = self.model()
        self.step(root)
        self.step(root)
        root.restore(recorded(version)).assert_consumed()
        assert close(root.v.numpy(), V) and close(root.optimizer.get_slot(root.v, "m").numpy(), M)

    @by_version
    def test_variables_that_come(self, version):
        root = tf.train.Checkpoint()
        status = root.restore(recorded(version))
        root.v = tf.Variable([1.0, 2.0], name="v")
        assert close(root.v.numpy(), V)
        root.optimizer = tf.train.AdamOptimizer(0.1)
        assert close(root.optimizer.get_slot(root.v, "m").numpy(), M)
        self.step(root)
        status.assert_consumed()
        assert root.save_counter.numpy() == 1

    def test_saved_and_restored(self, tmp_path):
        root = self.model()
        self.step(root)
        before = root.v.numpy()
        path = root.save(str(tmp_path / "deep" / "x"))
        assert path == str(tmp_path / "deep" / "x-1")
        root.v.assign([7.0, 8.0])
        root.restore(path).assert_consumed()
        assert close(root.v.numpy(), before)
        assert root.write(str(tmp_path / "y")) == str(tmp_path / "y")
        assert root.save_counter.numpy() == 1

    def test_structures(self, tmp_path):
        def make(value):
            root = tf.contrib.checkpoint.Checkpointable()
            root.a = [tf.Variable(value), {"b": tf.Variable(value + 1)}]
            root.l = tf.contrib.checkpoint.List([tf.Variable(value + 2)])
            root.m = tf.contrib.checkpoint.Mapping(k=tf.Variable(value + 3))
            root.hidden = tf.contrib.checkpoint.NoDependency(tf.Variable(value))
            root.n = tf.contrib.checkpoint.NumpyState()
            root.n.x = np.arange(3) * value
            return root

        root = make(1.0)
        path = tf.train.Checkpoint(root=root).save(str(tmp_path / "s"))
        names = [n for n, _ in tf.train.list_variables(path)]
        value = "/.ATTRIBUTES/VARIABLE_VALUE"
        assert names == ["_CHECKPOINTABLE_OBJECT_GRAPH", "root/a/0" + value, "root/a/1/b" + value, "root/l/0" + value,
                         "root/m/k" + value, "root/n/x/.ATTRIBUTES/py_state", "save_counter" + value]  # fmt: skip
        other = make(5.0)
        tf.train.Checkpoint(root=other).restore(path).assert_consumed()
        found = [other.a[0], other.a[1]["b"], other.l[0], other.m["k"], other.hidden]
        assert [v.numpy() for v in found] == [1.0, 2.0, 3.0, 4.0, 5.0]
        assert other.n.x.tolist() == [0.0, 1.0, 2.0]
        empty = tf.train.Checkpoint(root=tf.contrib.checkpoint.Checkpointable())
        empty.root.n = tf.contrib.checkpoint.NumpyState()
        empty.restore(path).expect_partial()
        assert empty.root.n.x.tolist() == [0.0, 1.0, 2.0]

    def test_changed_structures_are_refused(self, tmp_path):
        root = tf.train.Checkpoint()
        root.a = [tf.Variable(1.0), tf.Variable(2.0)]
        root.a[0] = tf.Variable(3.0)
        with pytest.raises(ValueError, match=r"A list element was replaced \(__setitem__"):
            root.save(str(tmp_path / "s"))
        root.a = inner = [tf.Variable(1.0)]
        inner.append(tf.Variable(2.0))
        with pytest.raises(ValueError, match="The wrapped list was modified outside the wrapper"):
            root.save(str(tmp_path / "s"))
        root.a = {1: tf.Variable(1.0)}
        with pytest.raises(ValueError, match="contains a non-string key"):
            root.save(str(tmp_path / "s"))

    def test_templates(self, tmp_path):
        def function():
            return tf.get_variable("x", shape=[], initializer=tf.zeros_initializer())

        template = tf.make_template("t", function)
        template().assign(3.0)
        path = tf.train.Checkpoint(t=template).save(str(tmp_path / "t"))
        assert [n for n, _ in tf.train.list_variables(path)][2] == "t/x/.ATTRIBUTES/VARIABLE_VALUE"
        other = tf.make_template("u", function)
        status = tf.train.Checkpoint(t=other).restore(path)
        assert other().numpy() == 3.0
        status.assert_consumed()

    def test_from_a_savers_checkpoint(self, tmp_path):
        v = tf.Variable(4.0, name="name")
        path = tf.train.Saver([v]).save(None, str(tmp_path / "old"))
        root = tf.train.Checkpoint(v=tf.Variable(1.0, name="name"), w=tf.Variable(1.0, name="other"))
        status = root.restore(path)
        assert root.v.numpy() == 4.0 and root.w.numpy() == 1.0
        with pytest.raises(AssertionError, match="Some objects had attributes which were not restored"):
            status.assert_consumed()

    def test_what_is_not_used_is_told(self, tmp_path, capsys):
        root = tf.train.Checkpoint(v=tf.Variable(4.0), w=tf.Variable(1.0))
        path = root.save(str(tmp_path / "x"))
        told = []
        warning, module = tf.logging.warning, __import__("eagle.saved.object_restore", fromlist=["logging"])
        module.logging.warning = lambda text, *args: told.append(text % args)
        try:
            other = tf.train.Checkpoint(v=tf.Variable(1.0))
            status = other.restore(path)
            del status, other
            gc.collect()
        finally:
            module.logging.warning = warning
        assert told[0] == "Unresolved object in checkpoint: (root).w"
        assert told[1].startswith("A checkpoint was restored")

    def test_a_manager_deletes_old_ones(self, tmp_path):
        root = tf.train.Checkpoint(v=tf.Variable(0.0))
        manager = tf.train.CheckpointManager(root, str(tmp_path), max_to_keep=2)
        paths = [manager.save() for _ in range(4)]
        assert manager.checkpoints == paths[2:] and manager.latest_checkpoint == paths[3]
        assert [tf.train.checkpoint_exists(p) for p in paths] == [False, False, True, True]
        again = tf.train.CheckpointManager(root, str(tmp_path), max_to_keep=1)
        assert again.checkpoints == paths[2:]
        assert again.save(checkpoint_number=17) == str(tmp_path / "ckpt-17")
        assert tf.train.latest_checkpoint(str(tmp_path)) == str(tmp_path / "ckpt-17")
        assert not tf.train.checkpoint_exists(paths[3])
        with pytest.raises(ValueError, match="Expected a positive integer or `None`"):
            tf.train.CheckpointManager(root, str(tmp_path), max_to_keep=0)


# ------------------------------------------------------------------------------------------------------------- by names


def saved(tmp_path, **values):
    with tf.Graph().as_default(), tf.Session() as sess:
        for name, value in values.items():
            tf.get_variable(name, initializer=tf.constant(value))
        sess.run(tf.global_variables_initializer())
        return tf.train.Saver().save(sess, str(tmp_path / "model"), global_step=7)


def test_looking_into_a_checkpoint(tmp_path):
    path = saved(tmp_path, a=[1.0, 2.0], b=3)
    assert tf.train.list_variables(str(tmp_path)) == [("a", [2]), ("b", [])]
    assert tf.train.load_variable(path, "a:0").tolist() == [1.0, 2.0]
    assert tf.train.load_checkpoint(path).get_tensor("b") == 3
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints in given directory"):
        tf.train.load_checkpoint(str(tmp_path.parent))
    assert tf.contrib.framework.list_variables(path) == tf.train.list_variables(path)


def test_initial_values_from_a_checkpoint(tmp_path):
    path = saved(tmp_path, **{"one/a": [1.0, 2.0], "one/p": [[1.0], [2.0], [3.0]], "two": 5.0})
    with tf.variable_scope("mine"):
        a = tf.get_variable("a", [2])
        p = tf.get_variable("p", [3, 1], partitioner=tf.fixed_size_partitioner(2))
    two = tf.get_variable("two", [], use_resource=True)
    tf.train.init_from_checkpoint(path, {"one/": "mine/", "two": two})
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(a).tolist() == [1.0, 2.0] and sess.run(p.as_tensor()).ravel().tolist() == [1.0, 2.0, 3.0]
        assert sess.run(two) == 5.0 and sess.run(two.initial_value) == 5.0
    with pytest.raises(ValueError, match=r"Shape of variable two:0 \(\(\)\) doesn't match with shape of tensor one/a \(\[2\]\)"):
        tf.train.init_from_checkpoint(path, {"one/a": two})
    with pytest.raises(ValueError, match="Tensor no is not found in"):
        tf.train.init_from_checkpoint(path, {"no": two})
    with pytest.raises(ValueError, match="Assignment map with scope only name mine should map to scope only one"):
        tf.train.init_from_checkpoint(path, {"one": "mine/"})


def test_assigned_from_a_checkpoint(tmp_path):
    path = saved(tmp_path, a=[1.0, 2.0], b=3.0)
    a, b = tf.Variable([0.0, 0.0], name="a"), tf.Variable(0.0, name="b")
    operation, feeds = tf.contrib.framework.assign_from_checkpoint(path, [a])
    restore = tf.contrib.framework.assign_from_checkpoint_fn(path, {"b": b, "c": a}, ignore_missing_vars=True)
    with tf.Session() as sess:
        sess.run(operation, feeds)
        restore(sess)
        assert sess.run(a).tolist() == [1.0, 2.0] and sess.run(b) == 3.0
        values = tf.contrib.framework.assign_from_values_fn({"a": np.array([5.0, 6.0]), "b": np.array(7.0)})
        values(sess)
        assert sess.run(a).tolist() == [5.0, 6.0] and sess.run(b) == 7.0
    with pytest.raises(ValueError, match=r"Checkpoint is missing variable \[c\]"):
        tf.contrib.framework.assign_from_checkpoint(path, {"c": a})
    with pytest.raises(ValueError, match="Total size of new array must be unchanged for b"):
        tf.contrib.framework.assign_from_checkpoint(path, {"b": a})
    assert tf.contrib.framework.assign_from_checkpoint_fn(path, {"c": a}, ignore_missing_vars=True) is None


def test_eager_variables_by_names(tmp_path):
    path = saved(tmp_path, a=[1.0, 2.0], b=3.0)
    tfe = tf.contrib.eager
    with eager_mode():
        with tfe.restore_variables_on_create(path):
            a = tf.Variable([0.0, 0.0], name="a")
            with pytest.raises(tf.errors.NotFoundError, match="other not found in checkpoint"):
                tf.Variable(0.0, name="other")
        assert a.numpy().tolist() == [1.0, 2.0]
        b = tf.Variable(0.0, name="b")
        tfe.Saver([b]).restore(path)
        assert b.numpy() == 3.0
        b.assign(8.0)
        again = tfe.Saver([b]).save(str(tmp_path / "eager"), global_step=3)
        assert again.endswith("eager-3") and tf.train.load_variable(again, "b") == 8.0


def test_split_dependencies(tmp_path):
    with eager_mode():
        v = tf.Variable([1.0, 2.0])

        def fill(buffer):
            buffer["a"], buffer["b"] = tf.unstack(v)

        def consume(buffer):
            v.assign(tf.stack([buffer["a"], buffer["b"]]))

        parts = tf.contrib.checkpoint.split_dependency(["a", "b"], [tf.float32] * 2, fill, consume, "/cpu:0")
        root = tf.train.Checkpoint(**parts)
        path = root.save(str(tmp_path / "x"))
        v.assign([5.0, 6.0])
        root.restore(path).assert_consumed()
        assert v.numpy().tolist() == [1.0, 2.0]
        tracker = tf.contrib.checkpoint.UniqueNameTracker()
        for _ in range(2):
            tracker.track(tf.Variable(1.0), "x")
        assert [r.name for r in tracker._checkpoint_dependencies] == ["x", "x_1"]
    picture = tf.contrib.checkpoint.dot_graph_from_checkpoint(path)
    assert picture.startswith('digraph {\nN_0 [shape=point label="" width=.25]\nN_0 -> N_1 [label="a"]\n')
