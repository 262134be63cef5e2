"""`tf.contrib.training.rejection_sample` and `stratified_sample`: batches of the examples that chance lets pass."""

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.tensor import Tensor
from ...ops.flow import with_dependencies
from ...variables.scope import variable_scope

_HERE = "contrib.training.python.training.sampling_ops."


def _as_tensors(tensors):
    return [convert(t) for t in tensors]


@export("contrib.training.rejection_sample", _HERE + "rejection_sample")
def rejection_sample(tensors, accept_prob_fn, batch_size, queue_threads=1, enqueue_many=False, prebatch_capacity=16,
                     prebatch_threads=1, runtime_checks=False, name=None):  # fmt: skip
    """Batches of examples, each of which is taken with a probability that depends on it.

    Args:
      tensors: a list of tensors: an example, or several with `enqueue_many`.
      accept_prob_fn: a function of the list that gives the probability, a scalar tensor.
      batch_size: how many examples a batch has.
      queue_threads: how many threads fill the queue of batches.
      enqueue_many: whether the tensors hold several examples.
      prebatch_capacity, prebatch_threads: of the queue that then hands out single ones.
      runtime_checks: whether runs fail whose probability is none.
      name: the variable scope.

    Returns:
      A list of tensors.
    """
    with variable_scope(name, "rejection_sample", tensors):
        tensors = _as_tensors(tensors)
        if enqueue_many:
            _check_first_sizes(tensors, tensors[0])
            batched = tf.train.batch(
                tensors, batch_size=1, num_threads=prebatch_threads, capacity=prebatch_capacity, enqueue_many=True
            )
            batched = [batched] if isinstance(batched, Tensor) else batched
            tensors = [tf.squeeze(x, [0]) for x in batched]
        probability = accept_prob_fn(tensors)
        if runtime_checks:
            checks = [tf.assert_less_equal(0.0, probability), tf.assert_less_equal(probability, 1.0)]
            probability = tf.identity(with_dependencies(checks, probability), name="prob_with_checks")
        batch = tf.train.maybe_batch(
            tensors, keep_input=tf.random_uniform([]) < probability, batch_size=batch_size, num_threads=queue_threads
        )
        return [batch] if isinstance(batch, Tensor) else batch


def _check_first_sizes(tensors, like):
    """Raises ValueError unless the first dimensions of tensors may have the size of that of another one."""
    for tensor in tensors:
        tensor.get_shape().with_rank_at_least(1)[0].assert_is_compatible_with(like.get_shape()[0])


@export("contrib.training.stratified_sample", _HERE + "stratified_sample")
def stratified_sample(tensors, labels, target_probs, batch_size, init_probs=None, enqueue_many=False, queue_capacity=16,
                      threads_per_queue=1, name=None):  # fmt: skip
    """Batches in which classes are as frequent as they are to be: examples of too frequent ones are left out at random.

    Args:
      tensors: a list of tensors: an example, or several with `enqueue_many`.
      labels: the class of the example, or a vector of classes.
      target_probs: a vector of how frequent classes are to be.
      batch_size: how many examples a batch has.
      init_probs: a vector of how frequent they are; None has that estimated from what comes.
      enqueue_many: whether the tensors hold several examples.
      queue_capacity, threads_per_queue: of the queues.
      name: the name scope.

    Returns:
      The list of tensors, and the classes.

    Raises:
      ValueError: the shapes don't fit each other.
      InvalidArgumentError (when it runs): a class has a label that is none, or can't be as frequent.
    """
    with name_scope(name, "stratified_sample", [*tensors, labels]):
        tensors, labels = _as_tensors(tensors), convert(labels)
        target_probs = convert(target_probs, dtype=dtypes.float32)
        if not enqueue_many:
            tensors, labels = [tf.expand_dims(t, 0) for t in tensors], tf.expand_dims(labels, 0)
        if init_probs is None:
            target_probs.get_shape().assert_is_fully_defined()
            init_probs = _estimated(labels, target_probs.get_shape().num_elements())
        else:
            init_probs = convert(init_probs, dtype=dtypes.float32)
        tensors, labels, [init_probs, target_probs] = _verified(tensors, labels, [init_probs, target_probs])
        accept_probs = _acceptance(init_probs, target_probs)
        # Single examples come out of a first queue; a second one takes those that chance lets pass.
        batched = tf.train.batch(
            [*tensors, labels], batch_size=1, num_threads=threads_per_queue, capacity=queue_capacity, enqueue_many=True
        )
        values, label = [tf.squeeze(x, [0]) for x in batched[:-1]], tf.squeeze(batched[-1], [0])
        probability = tf.gather(accept_probs, label)
        passes = tf.random_uniform([]) < probability
        batched = tf.train.maybe_batch([*values, label], keep_input=passes, batch_size=batch_size, num_threads=threads_per_queue)
        return batched[:-1], batched[-1]


def _estimated(labels, num_classes, smoothing_constant=10):
    """How frequent classes have been, as if each had been seen so many times before."""
    counts = tf.Variable([smoothing_constant] * num_classes, trainable=False, name="class_count", dtype=dtypes.int64)
    counts = counts.assign_add(tf.reduce_sum(tf.one_hot(labels, num_classes, dtype=dtypes.int64), 0))
    counts += 0  # a value of its own, which later changes of the variable leave alone
    return tf.cast(tf.truediv(counts, tf.reduce_sum(counts)), dtypes.float32)


def _verified(tensors, labels, vectors):
    """The same, once shapes, classes and frequencies have been checked."""
    checked = []
    for probs in vectors:
        probs.get_shape().assert_is_fully_defined()
        probs.get_shape().assert_has_rank(1)
        total, tolerance = tf.reduce_sum(probs), 1e-6
        checks = [tf.assert_non_negative(probs), tf.assert_less(total, 1.0 + tolerance), tf.assert_less(1.0 - tolerance, total)]
        checked.append(with_dependencies(checks, probs))
    count = checked[0].get_shape().num_elements()
    if any(probs.get_shape().num_elements() != count for probs in checked):
        raise ValueError("Probability parameters must have the same length.")
    labels.get_shape().assert_has_rank(1)
    _check_first_sizes(tensors, labels)
    size = tf.shape(labels)[0]
    positive = tf.assert_positive(size)
    labels = with_dependencies([positive], labels)
    tensors = [with_dependencies([positive, tf.assert_equal(tf.shape(x)[0], size)], x) for x in tensors]
    checks = [tf.assert_integer(labels), tf.assert_non_negative(labels), tf.assert_less(labels, tf.cast(count, labels.dtype))]
    return tensors, with_dependencies(checks, labels), checked


@export(_HERE + "_calculate_acceptance_probabilities")
def _ratios(init_probs, target_probs):
    """The probabilities with which to take examples of classes so frequent for them to become as frequent as that."""
    ratios = target_probs / init_probs
    ratios = tf.where_v2(tf.is_nan(ratios), tf.zeros_like(ratios), ratios)  # classes that there are none of
    return ratios / tf.reduce_max(ratios)


def _acceptance(init_probs, target_probs):
    """Those probabilities; a run says so when most examples are left out, and fails when a class is missing."""
    possible = tf.reduce_all(tf.logical_or(tf.not_equal(init_probs, 0), tf.equal(target_probs, 0)))
    message = "All classes with zero initial probability must also have zero target probability: "
    init_probs = with_dependencies([tf.Assert(possible, [message, init_probs, target_probs])], init_probs)
    probs = _ratios(init_probs, target_probs)
    rejected = tf.reduce_sum((1 - probs) * init_probs)
    note = "Proportion of examples rejected by sampler is high."
    return tf.cond(tf.less(rejected, 0.5), lambda: probs, lambda: tf.Print(probs, [probs], message=note, first_n=10))
