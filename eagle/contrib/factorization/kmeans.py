"""`tf.contrib.factorization.KMeansClustering`: k-means clustering as an estimator."""

import time

from ...core.export import export, public as tf
from ...core.graph import get_default_graph
from ...core.scopes import colocate_with
from ...estimator.estimator import Estimator
from ...ops.flow import with_dependencies
from ...platform import tf_logging as logging
from ...sessions.session_run_hook import SessionRunArgs, SessionRunHook
from . import clustering


class _LossChangeHook(SessionRunHook):
    """Ends the training when the loss hardly changes."""

    def __init__(self, loss, tolerance):
        self._loss, self._tolerance, self._previous = loss, tolerance, None

    def before_run(self, run_context):
        return SessionRunArgs(self._loss)

    def after_run(self, run_context, run_values):
        loss = run_values.results
        if self._previous and abs(loss - self._previous) / (1 + abs(self._previous)) < self._tolerance:
            run_context.request_stop()
        self._previous = loss


class _CentersHook(SessionRunHook):
    """Has the first centers chosen: the chief does it, others wait.  And counts the steps.

    A step counts even if its input has ended, as it does in TensorFlow, where the counter waits for nothing: input of one epoch
    is gone when the centers have been chosen, and they are saved only if there was a step.
    """

    def __init__(self, init_op, initialized, is_chief, count):
        self._init_op, self._initialized, self._is_chief, self._count = init_op, initialized, is_chief, count

    def before_run(self, run_context):
        run_context.session.run(self._count)

    def after_create_session(self, session, coord):
        assert self._init_op.graph is get_default_graph()
        while True:
            try:
                if session.run(self._initialized):
                    return
                if self._is_chief:
                    session.run(self._init_op)
                else:
                    time.sleep(1)
            except RuntimeError as error:
                logging.info(error)


def _points(features, feature_columns):
    """The points as one matrix, of a dict of features those of columns, or all in the order of their names."""
    if not isinstance(features, dict):
        return features
    if feature_columns:
        return tf.feature_column.input_layer(features, feature_columns)
    keys = sorted(features)
    with colocate_with(features[keys[0]]):
        return tf.concat([features[k] for k in keys], axis=1)


@export("contrib.factorization.KMeansClustering", "contrib.factorization.python.ops.kmeans.KMeansClustering")
class KMeansClustering(Estimator):
    """An estimator that finds clusters of points.

    Args:
      num_clusters: how many clusters there are.
      model_dir: the folder of checkpoints and summaries.
      initial_clusters: what to begin with: a matrix of centers; a function of the list of inputs and the number of centers still
        needed that gives some; `RANDOM_INIT` or `KMEANS_PLUS_PLUS_INIT`.
      distance_metric: `SQUARED_EUCLIDEAN_DISTANCE` or `COSINE_DISTANCE`.
      random_seed, use_mini_batch, mini_batch_steps_per_iteration, kmeans_plus_plus_num_retries: as of
        `tf.contrib.factorization.KMeans`.
      relative_tolerance: None, or the relative change of the loss below which training ends.
      config: the `tf.estimator.RunConfig`.
      feature_columns: None, or the columns to use of features that come in a dict.

    Raises:
      ValueError: a way to begin or a distance is an unknown one.
    """

    SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE = clustering.SQUARED_EUCLIDEAN_DISTANCE, clustering.COSINE_DISTANCE
    RANDOM_INIT, KMEANS_PLUS_PLUS_INIT = clustering.RANDOM_INIT, clustering.KMEANS_PLUS_PLUS_INIT
    SCORE, CLUSTER_INDEX, ALL_DISTANCES = "score", "cluster_index", "all_distances"
    CLUSTER_CENTERS_VAR_NAME = clustering.CLUSTERS_VAR_NAME

    def __init__(self, num_clusters, model_dir=None, initial_clusters=RANDOM_INIT, distance_metric=SQUARED_EUCLIDEAN_DISTANCE,
                 random_seed=0, use_mini_batch=True, mini_batch_steps_per_iteration=1, kmeans_plus_plus_num_retries=2,
                 relative_tolerance=None, config=None, feature_columns=None):  # fmt: skip
        clustering.check_choices(initial_clusters, distance_metric, (self.RANDOM_INIT, self.KMEANS_PLUS_PLUS_INIT))
        options = dict(
            num_clusters=num_clusters, initial_clusters=initial_clusters, distance_metric=distance_metric,
            random_seed=random_seed, use_mini_batch=use_mini_batch,
            mini_batch_steps_per_iteration=mini_batch_steps_per_iteration,
            kmeans_plus_plus_num_retries=kmeans_plus_plus_num_retries)  # fmt: skip

        def model_fn(features, mode, config):
            return _model(_points(features, feature_columns), mode, config, options, relative_tolerance)

        super().__init__(model_fn=model_fn, model_dir=model_dir, config=config)

    def _predict_one_key(self, input_fn, key):
        for result in self.predict(input_fn=input_fn, predict_keys=[key]):
            yield result[key]

    def predict_cluster_index(self, input_fn):
        """Yields the number of the cluster of each point."""
        yield from self._predict_one_key(input_fn, self.CLUSTER_INDEX)

    def score(self, input_fn):
        """The sum of the squared distances of the points of the first batch from their centers."""
        return self.evaluate(input_fn=input_fn, steps=1)[self.SCORE]

    def transform(self, input_fn):
        """Yields the distances of each point from all centers; those of `SQUARED_EUCLIDEAN_DISTANCE` are squared."""
        yield from self._predict_one_key(input_fn, self.ALL_DISTANCES)

    def cluster_centers(self):
        """The centers, a matrix."""
        return self.get_variable_value(self.CLUSTER_CENTERS_VAR_NAME)


def _model(points, mode, config, options, relative_tolerance):
    """The `EstimatorSpec` of clusters of points."""
    all_distances, indices, losses, initialized, init_op, step = clustering.KMeans(inputs=points, **options).training_graph()
    loss = tf.reduce_sum(losses)
    tf.summary.scalar("loss/raw", loss)
    count = tf.assign_add(tf.train.get_global_step(), 1)
    train_op = with_dependencies([step], loss)
    hooks = [_CentersHook(init_op, initialized, config.is_chief, count)]
    if relative_tolerance is not None:
        hooks.append(_LossChangeHook(loss, relative_tolerance))
    output = tf.estimator.export.PredictOutput
    return tf.estimator.EstimatorSpec(
        mode=mode,
        predictions={KMeansClustering.ALL_DISTANCES: all_distances[0], KMeansClustering.CLUSTER_INDEX: indices[0]},
        loss=loss,
        train_op=train_op,
        eval_metric_ops={KMeansClustering.SCORE: tf.metrics.mean(loss)},
        training_hooks=hooks,
        export_outputs={
            KMeansClustering.ALL_DISTANCES: output(all_distances[0]),
            KMeansClustering.CLUSTER_INDEX: output(indices[0]),
            tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: output(indices[0]),
        },
    )
