"""`tf.contrib.factorization.KMeans`: the graph of k-means clustering."""

import functools

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.export import export, public as tf
from ...core.scopes import colocate_with, control_dependencies
from ...ops.clustering import kmc2_chain_initialization, kmeans_plus_plus_initialization, nearest_neighbors
from ...ops.flow import group

_HERE = "contrib.factorization.python.ops.clustering_ops."
SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE = "squared_euclidean", "cosine"
RANDOM_INIT, KMEANS_PLUS_PLUS_INIT, KMC2_INIT = "random", "kmeans_plus_plus", "kmc2"
CLUSTERS_VAR_NAME = "clusters"

for _name in "SQUARED_EUCLIDEAN_DISTANCE COSINE_DISTANCE RANDOM_INIT KMEANS_PLUS_PLUS_INIT KMC2_INIT CLUSTERS_VAR_NAME".split():
    export(_HERE + _name, "contrib.factorization." + _name)(globals()[_name])
for _name, _op in (
    ("nearest_neighbors", nearest_neighbors),
    ("kmeans_plus_plus_initialization", kmeans_plus_plus_initialization),
    ("kmc2_chain_initialization", kmc2_chain_initialization),
):
    export(_HERE + _name, "contrib.factorization." + _name)(_op)


def check_choices(initial_clusters, distance_metric, methods):
    """Raises ValueError if a way to begin or a distance is an unknown one."""
    if isinstance(initial_clusters, str) and initial_clusters not in methods:
        raise ValueError("Unsupported initialization algorithm '%s'" % initial_clusters)
    if distance_metric not in (SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE):
        raise ValueError("Unsupported distance metric '%s'" % distance_metric)


def _beside(thing):
    return colocate_with(thing, ignore_existing=True)


def _normalized(points):
    return tf.nn.l2_normalize(points, dim=1)


@export("contrib.factorization.KMeans", _HERE + "KMeans")
class KMeans:
    """The graph of k-means clustering.

    With `use_mini_batch` each step moves the centers towards the points of a batch; else it sets them to the means of theirs.

    Args:
      inputs: a float matrix of points, or a list of these.
      num_clusters: how many clusters there are, an int or int tensor.
      initial_clusters: what to begin with: a matrix of centers; a function of the list of inputs and the number of centers still
        needed that gives some; "random", "kmeans_plus_plus" or "kmc2".
      distance_metric: "squared_euclidean" or "cosine".
      use_mini_batch: whether a step sees only a part of the points.
      mini_batch_steps_per_iteration: after how many such steps the centers that points are compared with change.
      random_seed: the seed of the first centers.
      kmeans_plus_plus_num_retries: how many more points "kmeans_plus_plus" draws for each center, to take the best.
      kmc2_chain_length: how many points "kmc2" looks at for each center.

    Raises:
      ValueError: a way to begin or a distance is an unknown one.
    """

    def __init__(self, inputs, num_clusters, initial_clusters=RANDOM_INIT, distance_metric=SQUARED_EUCLIDEAN_DISTANCE,
                 use_mini_batch=False, mini_batch_steps_per_iteration=1, random_seed=0, kmeans_plus_plus_num_retries=2,
                 kmc2_chain_length=200):  # fmt: skip
        check_choices(initial_clusters, distance_metric, (RANDOM_INIT, KMEANS_PLUS_PLUS_INIT, KMC2_INIT))
        self._inputs = inputs if isinstance(inputs, list) else [inputs]
        self._num_clusters, self._initial_clusters, self._distance_metric = num_clusters, initial_clusters, distance_metric
        self._use_mini_batch, self._steps = use_mini_batch, int(mini_batch_steps_per_iteration)
        self._random_seed, self._retries, self._chain_length = random_seed, kmeans_plus_plus_num_retries, kmc2_chain_length
        self._is_cosine = distance_metric == COSINE_DISTANCE
        # Whether the centers are kept as vectors of the length 1.
        self._keeps_normalized = self._is_cosine and (not use_mini_batch or self._steps > 1)

    def training_graph(self):
        """Builds the graph.

        Returns:
          For each matrix of inputs the distances of its points from all centers; the numbers of the nearest ones; the distances
          from these (each a tuple); a bool variable: whether all centers have been chosen; an operation that chooses some, to run
          until they are; an operation that does one step.
        """
        first = self._initial_clusters
        if isinstance(first, str) or callable(first):
            count = convert(self._num_clusters)
        else:
            first = convert(first)
            count = tf.shape(first)[0]
        centers_var, initialized, totals, updated, steps_left = self._create_variables(count)
        chooser = _Chooser(
            self._inputs, count, first, self._is_cosine, self._random_seed, self._retries, self._chain_length, centers_var, updated,
            initialized)  # fmt: skip
        init_op = chooser.op()
        inputs, centers = self._inputs, centers_var
        if self._is_cosine:
            inputs = self._normalized_inputs(inputs)
            if not self._keeps_normalized:
                centers = _normalized(centers)
        all_scores, scores, indices = self._infer(inputs, centers)
        if self._use_mini_batch:
            with control_dependencies([self._sync(steps_left, centers_var, updated, totals)]):
                training_op = _mini_batch_step(inputs, indices, updated, totals)
        else:
            training_op = self._full_step(inputs, count, indices, centers_var)
        return all_scores, indices, scores, initialized, init_op, training_op

    def _create_variables(self, count):
        nothing = constant([], dtype=dtypes.float32)
        centers = tf.Variable(nothing, name=CLUSTERS_VAR_NAME, validate_shape=False)
        initialized = tf.Variable(False, dtype=dtypes.bool_, name="initialized")
        if self._use_mini_batch and self._steps > 1:
            updated = tf.Variable(nothing, name="clusters_updated", validate_shape=False)
            steps_left = tf.Variable(self._steps, dtype=dtypes.int64, name="update_in_steps")
            return centers, initialized, tf.Variable(tf.zeros([count], dtype=dtypes.int64)), updated, steps_left
        totals = tf.Variable(tf.ones([count], dtype=dtypes.int64)) if self._use_mini_batch else None
        return centers, initialized, totals, centers, None

    def _normalized_inputs(self, inputs):
        found = []
        for points in inputs:
            with _beside(points):
                found.append(_normalized(points))
        return found

    def _distances(self, points, centers):
        """The distances of all points from all centers; with cosines both are normalized."""
        with _beside(points):
            if self._is_cosine:
                return 1 - tf.matmul(points, centers, transpose_b=True)
            return (
                tf.reduce_sum(tf.square(points), 1, keepdims=True)
                - 2 * tf.matmul(points, centers, transpose_b=True)
                + tf.transpose(tf.reduce_sum(tf.square(centers), 1, keepdims=True))
            )

    def _infer(self, inputs, centers):
        """For each matrix of points all distances, those from the nearest centers, and which these are."""
        scores = [self._distances(points, centers) for points in inputs]
        if self._is_cosine and not self._keeps_normalized:
            with _beside(centers):
                centers = _normalized(centers)
        found = []
        for points, score in zip(inputs, scores):
            with _beside(points):
                indices, distances = nearest_neighbors(points, centers, 1)
                if self._is_cosine:
                    distances *= 0.5  # squared distances of vectors of the length 1 are twice those by cosines
                found.append((score, tf.squeeze(distances, [-1]), tf.squeeze(indices, [-1])))
        return zip(*found)

    def _sync(self, steps_left, centers_var, updated, totals):
        """Counts the steps; when their time has come, lets points be compared with the centers as they are by now."""
        if self._steps <= 1:
            return tf.no_op()

        def sync():
            with control_dependencies([tf.assign(steps_left, self._steps - 1)]):
                with _beside(updated):
                    centers = _normalized(updated) if self._is_cosine else updated
                with _beside(centers_var), control_dependencies([tf.assign(centers_var, centers)]):
                    with _beside(None), control_dependencies([tf.assign(totals, tf.zeros_like(totals))]):
                        return tf.identity(steps_left)

        with _beside(steps_left):
            return tf.cond(steps_left <= 0, sync, lambda: tf.assign_sub(steps_left, 1))

    def _full_step(self, inputs, count, indices, centers):
        """Sets the centers to the means of their points."""
        sums, counts = [], []
        epsilon = constant(1e-6, dtype=inputs[0].dtype)
        for points, index in zip(inputs, indices):
            with _beside(points):
                sums.append(tf.unsorted_segment_sum(points, index, count))
                ones = tf.reshape(tf.ones(tf.reshape(tf.shape(points)[0], [-1])), [-1, 1])
                counts.append(tf.unsorted_segment_sum(ones, index, count))
        with _beside(centers):
            means = tf.add_n(sums) / (tf.cast(tf.add_n(counts), sums[0].dtype) + epsilon)
            if self._keeps_normalized:
                means = _normalized(means)
        return tf.assign(centers, means)


def _mini_batch_step(inputs, indices, centers, totals):
    """Moves each center towards its points: by their sum less as many times itself, over all that it ever had."""
    updates = []
    for points, index in zip(inputs, indices):
        with _beside(points):
            ids, places = tf.unique(tf.reshape(index, [-1]))
            count = tf.size(ids)
            with _beside(totals):
                old_counts = tf.gather(totals, ids)
            with _beside(centers):
                old_centers = tf.gather(centers, ids)
            new_counts = tf.unsorted_segment_sum(tf.ones_like(places, dtype=totals.dtype), places, count)
            moves = tf.unsorted_segment_sum(points, places, count)
            more_axes = tf.ones(tf.reshape(tf.rank(points) - 1, [1]), dtype=dtypes.int32)
            spread = tf.concat([tf.reshape(count, [1]), more_axes], 0)
            moves -= tf.cast(tf.reshape(new_counts, spread), points.dtype) * old_centers
            rate = tf.reciprocal(tf.cast(old_counts + new_counts, points.dtype))
            moves *= tf.reshape(rate, spread)
        updates += [tf.scatter_add(totals, ids, new_counts), tf.scatter_add(centers, ids, moves)]
    return group(*updates)


class _Chooser:
    """Builds the operation that chooses the first centers, some of them each time it runs."""

    def __init__(self, inputs, count, first, is_cosine, seed, retries, chain_length, centers, updated, initialized):
        self._inputs, self._count, self._first, self._is_cosine = inputs, count, first, is_cosine
        self._seed, self._retries, self._chain_length = seed, retries, chain_length
        self._centers, self._updated, self._initialized = centers, updated, initialized
        self._chosen = tf.shape(centers)[0]
        self._missing = count - self._chosen
        self._points = tf.add_n([tf.shape(points)[0] for points in inputs])

    def op(self):
        return tf.cond(tf.equal(self._missing, 0), lambda: tf.assert_equal(self._initialized, True), self._choose)

    def _choose(self):
        with control_dependencies([tf.assert_positive(self._missing)]):
            by_chains = isinstance(self._first, str) and self._first == KMC2_INIT
            missing = self._add_by_chains() if by_chains else self._add()
            return tf.cond(tf.equal(missing, 0), lambda: tf.assign(self._initialized, True), tf.no_op)

    def _kept(self, centers):
        """The centers, assigned to the variables."""
        kept = tf.assign(self._centers, centers, validate_shape=False)
        if self._updated is not self._centers:
            kept = tf.assign(self._updated, kept, validate_shape=False)
        return kept

    def _add(self):
        """Adds centers; gives the number of those still missing."""
        new = self._new_centers()
        if self._is_cosine:
            new = _normalized(new)
        # The variable without centers has not the shape to be joined to others.
        centers = tf.cond(tf.equal(self._chosen, 0), lambda: new, lambda: tf.concat([self._centers, new], 0))
        return self._count - tf.shape(self._kept(centers))[0]

    def _new_centers(self):
        first = self._first
        if isinstance(first, str) and first == RANDOM_INIT:
            return tf.cond(self._points <= self._missing, lambda: tf.concat(self._inputs, 0), self._random)
        if isinstance(first, str):
            with control_dependencies([tf.assert_greater_equal(self._points, self._missing)]):
                return self._plus_plus()
        if callable(first):
            return first(self._inputs, self._missing)
        with control_dependencies([tf.assert_equal(self._missing, tf.shape(first)[0])]):
            return tf.identity(first)

    def _random(self):
        indices = tf.random_uniform(tf.reshape(self._missing, [-1]), minval=0, maxval=tf.cast(self._points, dtypes.int64),
                                    seed=self._seed, dtype=dtypes.int64)  # fmt: skip
        return tf.nn.embedding_lookup(self._inputs, indices, partition_strategy="div")

    def _plus_plus(self):
        points = _normalized(self._inputs[0]) if self._is_cosine else self._inputs[0]
        return kmeans_plus_plus_initialization(points, tf.cast(self._missing, dtypes.int64), self._seed, self._retries)

    def _add_by_chains(self):
        """Adds centers by k-MC2: one for each part of the points, the last state of a chain through it."""
        points = self._inputs[0]
        most = tf.cast(tf.shape(points)[0] / self._chain_length, dtype=dtypes.int32)
        wanted = tf.maximum(tf.minimum(self._missing, most), 1)
        before = self._centers + 0.0  # as TensorFlow's loop sees them: each turn begins with the same ones

        def add_one(i, _):
            with_chain = functools.partial(self._with_chain, points, before, i)
            centers = tf.cond(tf.equal(self._chosen, 0), lambda: self._first_point(points), with_chain)
            return i + 1, self._count - tf.shape(self._kept(centers))[0]

        return tf.while_loop(lambda i, _: tf.less(i, wanted), add_one, [0, 0])[1]

    def _first_point(self, points):
        center = tf.reshape(points[0], [1, -1])
        return _normalized(center) if self._is_cosine else center

    def _with_chain(self, points, before, i):
        start = i * self._chain_length
        part = points[start : start + self._chain_length]
        _, distances = nearest_neighbors(part, before, 1)
        center = tf.reshape(part[kmc2_chain_initialization(tf.squeeze(distances), self._seed)], [1, -1])
        return tf.concat([before, _normalized(center) if self._is_cosine else center], 0)
