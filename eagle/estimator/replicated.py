"""Estimators whose steps are shared among the replicas of a `tf.distribute.Strategy`."""

from ..core.collections import add_to_collection
from ..core.export import public as tf
from ..core.nest import flatten
from ..distribute.reducing import ReduceOp
from ..ops.flow import group
from ..sessions.scaffold import Scaffold
from ..sessions.session_run_hook import SessionRunHook
from .modes import ModeKeys
from .spec import LOSS_METRIC_KEY, EstimatorSpec


class IteratorInitializerHook(SessionRunHook):
    """Begins an iterator of a strategy when a session is made.

    Args:
      iterator: the iterator.
    """

    def __init__(self, iterator):
        self._iterator = iterator

    def begin(self):
        self._initializer = self._iterator.initialize()

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def _features_and_labels(estimator, input_fn, mode, strategy):
    """Features and labels for each replica, and hooks; each replica takes whole batches."""
    iterator = strategy.make_input_fn_iterator(lambda input_context: estimator._call_input_fn(input_fn, mode, input_context))
    element = iterator.get_next()
    hooks = [IteratorInitializerHook(iterator)]
    if not isinstance(element, list | tuple):
        return element, None, hooks
    if len(element) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    return (*element, hooks)


def train_spec(estimator, graph, input_fn, strategy):
    """What a step of training is, for all replicas together.

    Args:
      estimator: the `Estimator`.
      graph: the default graph.
      input_fn: the input function.
      strategy: the strategy, which is in force.

    Returns:
      An `EstimatorSpec`, hooks of the input and the variable of the global step.
    """
    config = estimator._config
    tf.set_random_seed(config.tf_random_seed)
    features, labels, input_hooks = _features_and_labels(estimator, input_fn, ModeKeys.TRAIN, strategy)
    step = estimator._create_and_assert_global_step(graph)
    add_to_collection("global_step_read_op_cache", strategy.extended.read_var(step))
    arguments = features, labels, ModeKeys.TRAIN, estimator.config
    spec = strategy.extended.call_for_each_replica(estimator._call_model_fn, args=arguments)
    loss = strategy.reduce(_reduction_of_reported_loss(graph), spec.loss, axis=None)

    def firsts(hooks):
        return [strategy.experimental_local_results(hook)[0] for hook in hooks]

    together = EstimatorSpec(
        mode=ModeKeys.TRAIN, loss=loss, train_op=strategy.group(spec.train_op), training_hooks=firsts(spec.training_hooks),
        training_chief_hooks=firsts(spec.training_chief_hooks), scaffold=_one_scaffold(spec.scaffold, strategy))  # fmt: skip
    return together, input_hooks, step


def _reduction_of_reported_loss(graph):
    """How losses become one to be reported: as the optimizer took them."""
    if getattr(graph, "_is_loss_scaled_by_optimizer", False):
        return tf.distribute.get_loss_reduction()
    return ReduceOp.SUM


def evaluation(estimator, input_fn, strategy):
    """What a step of evaluation is, for all replicas together.

    Args:
      estimator: the `Estimator`.
      input_fn: the input function.
      strategy: the strategy, which is in force.

    Returns:
      The scaffold, hooks, hooks of the input, metric -> value, and the operation that updates all metrics.
    """
    features, labels, input_hooks = _features_and_labels(estimator, input_fn, ModeKeys.EVAL, strategy)
    arguments = features, labels, ModeKeys.EVAL, estimator.config
    spec = strategy.extended.call_for_each_replica(estimator._call_model_fn, args=arguments)
    metrics = spec.eval_metric_ops
    if LOSS_METRIC_KEY in metrics:
        raise loss_metric_exists()
    metrics[LOSS_METRIC_KEY] = strategy.extended.call_for_each_replica(tf.metrics.mean, args=(spec.loss,))
    results = {name: value for name, (value, _) in sorted(metrics.items())}
    update = group(*[strategy.group(update) for _, (_, update) in sorted(metrics.items())])
    hooks = strategy.experimental_local_results(spec.evaluation_hooks)[0]
    return _one_scaffold(spec.scaffold, strategy), hooks, input_hooks, results, update


def loss_metric_exists():
    """The error where a metric has the name of the loss."""
    return ValueError('Metric with name "%s" is not allowed, because Estimator already defines a default metric with the same name.'
                      % LOSS_METRIC_KEY)  # fmt: skip


def _one_scaffold(scaffold, strategy):
    """One scaffold of those of the replicas."""
    scaffolds = strategy.experimental_local_results(scaffold)

    def given(name):
        return [getattr(s, name) for s in scaffolds if getattr(s, name) is not None]

    def together(name):
        found = given(name)
        return group(*flatten(found)) if found else None

    def joined(name):
        found = flatten(given(name))
        return None if not found else found[0] if len(found) == 1 else tf.concat(found, 0)

    def first(name):
        return next(iter(given(name)), None)

    return Scaffold(
        init_op=together("init_op"), ready_op=joined("ready_op"), ready_for_local_init_op=joined("ready_for_local_init_op"),
        local_init_op=together("local_init_op"), summary_op=first("summary_op"), saver=first("saver"),
        init_feed_dict=first("init_feed_dict"), init_fn=first("_user_init_fn"))  # fmt: skip
