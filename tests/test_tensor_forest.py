"""`tf.contrib.tensor_forest`: forests that grow as those of TensorFlow 1.15 with the same seeds."""

import numpy as np
import pytest

import eagle as tf
from eagle import protos

tensor_forest = tf.contrib.tensor_forest.python.tensor_forest
resources = tf.python.ops.resources

_COUNTED = (
    [-3, -7, -11, -14, -19, -24],
    [[0.0625, 0.9375, 0], [0.0625, 0.9375, 0], [0, 0.45833, 0.54167], [0, 1, 0], [0, 0.11538, 0.88462], [0, 1, 0]],
    [4 / 23, 7 / 23, 8 / 23, 4 / 23],
)
# What TensorFlow 1.15 gives on one thread: losses, probabilities or means, importances of features.
RECORDED = {
    "": _COUNTED,
    "model_name=all_sparse": _COUNTED,
    "use_running_stats_method=1": _COUNTED,
    "split_name=less": (
        [-3, -7, -11, -14, -21, -24],
        [[0, 1, 0], [0.16667, 0.83333, 0], [0, 0.75, 0.25], [0, 1, 0], [0, 0.09375, 0.90625], [0, 1, 0]],
        [3 / 23, 8 / 23, 9 / 23, 3 / 23],
    ),
    "regression=1": (
        [-3, -7, -12, -17, -25, -30],
        [[1.69758, 0.3708], [1.24668, 0.21517], [2.72193, 0.29303], [1.66675, 0.05064], [0.24264, 0.52226], [2.92745, 0.37098]],
        [15 / 29, 4 / 29, 6 / 29, 4 / 29],
    ),
}


def _started(forest):
    """A session in which the forest is a root."""
    session = tf.Session()
    session.run([tf.global_variables_initializer(), resources.initialize_resources(resources.shared_resources())])
    return session


def _forest(training=True, configs=None, **parameters):
    given = dict(dict(num_classes=3, num_features=4, num_trees=2, max_nodes=30, split_after_samples=8, num_splits_to_consider=3,
                      base_random_seed=7), **parameters)  # fmt: skip
    return tensor_forest.RandomForestGraphs(tensor_forest.ForestHParams(**given).fill(), configs, training=training)


@pytest.mark.parametrize("options", RECORDED)
def test_forests_grow_as_recorded(options):
    parameters = dict(p.split("=") for p in options.split())
    parameters = {k: True if v == "1" else v for k, v in parameters.items()}
    regression = "regression" in parameters
    rng = np.random.RandomState(0)
    x = rng.rand(60, 4).astype(np.float32)
    y = np.stack([x[:, 0] * 3, x[:, 1] * x[:, 2]], 1) if regression else (x[:, 1] > 0.5).astype(np.int32) + (x[:, 2] > 0.7)
    data, labels = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 2] if regression else [None])
    forest = _forest(**parameters, **(dict(num_classes=2) if regression else {}))
    step, loss = forest.training_graph(data, labels), forest.training_loss(data, labels)
    means, _, variances = forest.inference_graph(data)
    importances = forest.feature_importances()
    losses = []
    with _started(forest) as session:
        for _ in range(6):
            order = rng.permutation(60)
            session.run(step, {data: x[order], labels: y[order]})
            losses.append(session.run(loss))
        found = session.run([means, variances, importances], {data: x[:6]})
    expected = RECORDED[options]
    assert losses == expected[0]
    np.testing.assert_allclose(found[0], expected[1], atol=6e-6)
    np.testing.assert_allclose(found[2], expected[2])
    assert found[1].shape == found[0].shape and (found[1] >= 0).all()


def _strokes(rng, count):
    """Noisy pictures of 8 by 8 of ten kinds: a bar that stands, or lies, at one of five places."""
    labels = rng.randint(10, size=count)
    pictures = rng.rand(count, 8, 8) * 0.6
    for picture, label in zip(pictures, labels):
        place = 1 + label % 5
        (picture if label < 5 else picture.T)[:, place] += 0.5 * rng.rand(8) + 0.2
    return pictures.reshape(count, 64).astype(np.float32), labels.astype(np.int32)


def test_a_forest_tells_pictures_apart():
    rng = np.random.RandomState(1)
    data, labels = tf.placeholder(tf.float32, [None, 64]), tf.placeholder(tf.int32, [None])
    forest = _forest(num_classes=10, num_features=64, num_trees=10, max_nodes=500, split_after_samples=30, num_splits_to_consider=0)
    step = forest.training_graph(data, labels)
    probabilities, paths, variances = forest.inference_graph(data)
    assert probabilities.shape.as_list() == [None, None] and paths.shape.as_list() == [None, 10]
    right = tf.equal(tf.argmax(probabilities, 1), tf.cast(labels, tf.int64))
    accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
    with _started(forest) as session:
        for _ in range(40):
            x, y = _strokes(rng, 256)
            session.run(step, {data: x, labels: y})
        x, y = _strokes(rng, 500)
        found = session.run([probabilities, paths, variances], {data: x})
        assert session.run(accuracy, {data: x, labels: y}) > 0.9
    assert [f.shape for f in found] == [(500, 10), (0, 10), (500, 10)]
    np.testing.assert_allclose(found[0].sum(axis=1), 1, rtol=1e-5)


def _config():
    """A tree with one node: class 1 if the second feature is above 0.5."""
    model = protos.module_contents("tensorflow/contrib/decision_trees/proto/generic_tree_model.proto")["Model"]()
    root = model.decision_tree.nodes.add()
    root.binary_node.left_child_id.value, root.binary_node.right_child_id.value = 1, 2
    test = root.binary_node.inequality_left_child_test
    test.feature_id.id.value, test.threshold.float_value = "1", 0.5
    for i, values in ((1, [3, 1]), (2, [0, 2])):
        leaf = model.decision_tree.nodes.add()
        leaf.node_id.value = i
        for value in values:
            leaf.leaf.vector.value.add().float_value = value
    return model.SerializeToString()


def test_trees_begin_with_what_is_given_and_tell_paths():
    forest = _forest(False, [_config()], num_trees=1, num_classes=2, inference_tree_paths=True)
    x = np.float32([[0, 0.5, 0, 0], [0, 0.6, 0, 0]])
    probabilities, paths, _ = forest.inference_graph(x)
    with _started(forest) as session:
        values, texts = session.run([probabilities, paths])
    np.testing.assert_array_equal(values, [[0.75, 0.25], [0, 1]])
    visited = [[n.node_id.value for n in protos.TreePath.FromString(t).nodes_visited] for t in texts[:, 0]]
    assert visited == [[0, 1], [0, 2]]


def test_trees_are_saved_and_restored(tmp_path):
    rng = np.random.RandomState(0)
    x = rng.rand(60, 4).astype(np.float32)
    y = (x[:, 1] > 0.5).astype(np.int32)
    forest = _forest()
    step, (means, _, _), saver = forest.training_graph(x, y), forest.inference_graph(x), tf.train.Saver()
    with _started(forest) as session:
        for _ in range(4):
            session.run(step)
        expected = session.run(means)
        path = saver.save(session, str(tmp_path / "forest"))
    with tf.Session() as session:
        saver.restore(session, path)
        np.testing.assert_array_equal(session.run(means), expected)
        assert -session.run(forest.training_loss(None, None)) > 3
        session.run(step)


def test_labels_out_of_range_and_trees_not_made():
    forest = _forest()
    step = forest.training_graph(np.zeros([2, 4], np.float32), [0, 3])
    with tf.Session() as session, pytest.raises(tf.errors.FailedPreconditionError):
        session.run(step)
    with _started(forest) as session, pytest.raises(tf.errors.InvalidArgumentError, match="num_classes set correctly"):
        session.run(step)


@pytest.mark.parametrize(
    "parameters",
    [
        dict(split_pruning_name="half"),
        dict(split_finish_name="bootstrap"),
        dict(model_name="sparse_then_dense"),
        dict(initialize_average_splits=True),
        dict(checkpoint_stats=True),
    ],
    ids=str,
)
def test_strategies_that_are_not_there_say_so(parameters):
    with pytest.raises(NotImplementedError, match="tensor_forest: "):
        _forest(**parameters)


def test_parts_of_examples_and_features():
    forest = _forest(bagging_fraction=0.5, feature_bagging_fraction=0.5, collate_examples=True)
    x = np.random.RandomState(0).rand(60, 4).astype(np.float32)
    step, loss = forest.training_graph(x, (x[:, 1] > 0.5).astype(np.int32)), forest.training_loss(None, None)
    with _started(forest) as session:
        for _ in range(6):
            session.run(step)
        assert session.run(loss) < -2
