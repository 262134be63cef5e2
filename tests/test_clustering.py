"""`tf.contrib.factorization.KMeans` with batches.

TensorFlow's own results differ from run to run here: it may count the points of a batch before or after it reads the counts.
"""

import numpy as np
import pytest
from weighted_networks import ramp

import eagle as tf

POINTS = ramp([40, 3], 0.2) * 3


def _moved(centers, indices, counts):
    """The centers moved by their points, each the less the more it has had."""
    moved = centers.copy()
    for k in range(len(centers)):
        own = POINTS[indices == k]
        moved[k] += (own.sum(0) - len(own) * centers[k]) / (counts[k] + len(own))
    return moved


@pytest.mark.parametrize("distance", ["squared_euclidean", "cosine"])
def test_a_batch_moves_centers(distance):
    points = tf.placeholder(tf.float32, [None, 3])
    made = tf.contrib.factorization.KMeans(
        points, 4, initial_clusters=POINTS[::10], use_mini_batch=True, distance_metric=distance, random_seed=5
    )
    _, indices, _, initialized, init_op, step = made.training_graph()
    centers, _, counts = tf.global_variables()
    with tf.Session() as session:
        feed = {points: POINTS}
        session.run(tf.global_variables_initializer(), feed)
        session.run(init_op, feed)
        assert session.run(initialized)
        for _ in range(3):
            before, index, had = session.run([centers, indices[0], counts], feed)
            session.run(step, feed)
            if distance == "squared_euclidean":
                np.testing.assert_allclose(session.run(centers), _moved(before, index, had), rtol=1e-5, atol=1e-5)
            assert session.run(counts).tolist() == (had + np.bincount(index, minlength=4)).tolist()


def test_points_are_compared_with_centers_of_the_last_iteration():
    points = tf.placeholder(tf.float32, [None, 3])
    made = tf.contrib.factorization.KMeans(
        points, 4, initial_clusters=POINTS[::10], use_mini_batch=True, mini_batch_steps_per_iteration=2
    )
    *_, initialized, init_op, step = made.training_graph()
    by_name = {v.op.name: v for v in tf.global_variables()}
    with tf.Session() as session:
        feed = {points: POINTS}
        session.run(tf.global_variables_initializer(), feed)
        session.run(init_op, feed)
        kept = []
        for _ in range(5):
            session.run(step, feed)
            kept.append(session.run([by_name["clusters"], by_name["clusters_updated"], by_name["update_in_steps"]]))
    assert [k[2] for k in kept] == [1, 0, 1, 0, 1]
    assert (kept[1][0] == POINTS[::10]).all() and (kept[0][1] != POINTS[::10]).any()
    assert (kept[2][0] == kept[1][1]).all() and (kept[3][0] == kept[2][0]).all()


def test_unknown_choices():
    with pytest.raises(ValueError, match="Unsupported initialization algorithm 'far'"):
        tf.contrib.factorization.KMeans(POINTS, 2, initial_clusters="far")
    with pytest.raises(ValueError, match="Unsupported distance metric 'city'"):
        tf.contrib.factorization.KMeansClustering(2, distance_metric="city")
