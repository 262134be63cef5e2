"""Clusters that tf.contrib.factorization finds."""

import tempfile

import numpy as np
import weighted_networks as networks

POINTS = networks.ramp([40, 3], 0.2) * 3 + np.repeat(np.arange(4, dtype=np.float32), 10)[:, None] * [1.0, -1.0, 2.0]
POINTS = POINTS.astype(np.float32)


def _clusters(tf, **options):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        points = tf.placeholder(tf.float32, [None, 3])
        graph = tf.contrib.factorization.KMeans(points, 4, random_seed=5, **options).training_graph()
        all_scores, indices, scores, initialized, init_op, step = graph
        feed = {points: POINTS}
        session.run(tf.global_variables_initializer(), feed)
        tries = 0
        while not session.run(initialized):
            session.run(init_op, feed)
            tries += 1
        for _ in range(3):
            session.run(step, feed)
        centers = [session.run(v) for v in tf.global_variables() if v.op.name == "clusters"][0]
        found = session.run([all_scores[0][:5], indices[0], scores[0]], feed)
        return {"tries": tries, "centers": centers, "all": found[0], "indices": found[1], "scores": found[2]}


def centers(tf):
    found = {}
    for name, options in {
        "given": dict(initial_clusters=POINTS[::10]),
        "chosen": dict(initial_clusters=lambda inputs, k: inputs[0][1::11][: tf.minimum(k, 2)]),
        "plus plus": dict(initial_clusters="kmeans_plus_plus"),
        "cosine": dict(initial_clusters="kmeans_plus_plus", distance_metric="cosine"),
        "chains": dict(initial_clusters="kmc2", kmc2_chain_length=10),
        "random": dict(initial_clusters="random"),
    }.items():
        results = _clusters(tf, **options)
        if name == "chains":  # TensorFlow's turns of the loop race for the last word
            results = {"tries": results["tries"]}
        for key, value in results.items():
            found["%s: %s" % (name, key)] = value
    return found


def estimator(tf):
    kind = tf.contrib.factorization.KMeansClustering
    config = tf.estimator.RunConfig(tf_random_seed=3)
    made = kind(4, tempfile.mkdtemp(), initial_clusters=kind.KMEANS_PLUS_PLUS_INIT, use_mini_batch=False, config=config,
                random_seed=2)  # fmt: skip

    def points():
        return tf.train.limit_epochs(tf.constant(POINTS), num_epochs=1)

    for _ in range(3):
        made.train(points)
    return {
        "centers": made.cluster_centers(),
        "score": made.score(points),
        "indices": np.array(list(made.predict_cluster_index(points))),
        "distances": np.array(list(made.transform(points)))[:5],
    }


for _program in (centers, estimator):
    _program.rtol = 1e-4
