"""`slim.learning`, `slim.evaluation`, `slim.queues`: steps of training in a loop, evaluation of checkpoints."""

import contextlib
import os
import sys
import threading
import time

from ...core import errors
from ...core.convert import constant
from ...core.export import export, public as tf
from ...core.indexed_slices import IndexedSlices, with_values_by
from ...core.scopes import control_dependencies, name_scope
from ...core.tensor import Tensor
from ...platform import tf_logging


def _names(name, module="learning"):
    return "contrib.slim.%s.%s" % (module, name), "contrib.slim.python.slim.%s.%s" % (module, name)


# --------------------------------------------------------------------------------------------------------------- gradients


@export(*_names("clip_gradient_norms"), "contrib.training.clip_gradient_norms")
def clip_gradient_norms(gradients_to_variables, max_norm):
    """Gradients, each with a norm of at most `max_norm`.

    Args:
      gradients_to_variables: a list of pairs: a gradient or None, a variable.
      max_norm: the greatest norm.
    """
    return [
        (None if g is None else with_values_by(g, lambda x: tf.clip_by_norm(x, max_norm)), v) for g, v in gradients_to_variables
    ]  # fmt: skip


@export(*_names("multiply_gradients"), "contrib.training.multiply_gradients")
def multiply_gradients(grads_and_vars, gradient_multipliers):
    """Gradients, some of them multiplied.

    Args:
      grads_and_vars: a list of pairs: a gradient, a variable.
      gradient_multipliers: a dictionary from variables or their names to factors.

    Raises:
      ValueError: an argument is not as it must be, or a gradient to multiply is None.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, dict):
        raise ValueError("`gradient_multipliers` must be a dict.")
    found = []
    for gradient, variable in grads_and_vars:
        key = variable if variable in gradient_multipliers else variable.op.name
        if key in gradient_multipliers:
            if gradient is None:
                raise ValueError("Requested multiple of `None` gradient.")
            factor = gradient_multipliers[key]
            if not isinstance(factor, Tensor):
                factor = constant(factor, dtype=gradient.dtype)
            gradient = with_values_by(gradient, lambda x, factor=factor: x * factor)
        found.append((gradient, variable))
    return found


@export(*_names("add_gradients_summaries"), "contrib.training.add_gradients_summaries")
def add_gradients_summaries(grads_and_vars):
    """Histograms of gradients and scalars of their norms, a list of summaries."""
    summaries = []
    for gradient, variable in grads_and_vars:
        if gradient is None:
            tf_logging.info("Var %s has no gradient", variable.op.name)
            continue
        values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
        summaries.append(tf.summary.histogram(variable.op.name + "/gradient", values))
        summaries.append(tf.summary.scalar(variable.op.name + "/gradient_norm", tf.global_norm([values])))
    return summaries


_GATE_OP = 1  # tf.train.Optimizer.GATE_OP


@export(*_names("create_train_op"))
def create_train_op(total_loss, optimizer, global_step=0, update_ops=None, variables_to_train=None, clip_gradient_norm=0,
                    summarize_gradients=False, gate_gradients=_GATE_OP, aggregation_method=None, colocate_gradients_with_ops=False,
                    gradient_multipliers=None, check_numerics=True):  # fmt: skip
    """A tensor of the loss that, when it is computed, does a step of training.

    Args:
      total_loss: a scalar tensor.
      optimizer: the optimizer.
      global_step: the variable that counts steps, by default that of the graph; None for none.
      update_ops: operations to do before; by default those in the collection of updates.
      variables_to_train: by default all trainable variables.
      clip_gradient_norm: the greatest norm of each gradient; 0 for no bound.
      summarize_gradients: whether to summarize the gradients.
      gate_gradients, aggregation_method, colocate_gradients_with_ops: as of `Optimizer.compute_gradients`.
      gradient_multipliers: a dictionary from variables or their names to factors of their gradients.
      check_numerics: whether to check that the loss is a number.
    """

    def transform(grads):
        if gradient_multipliers:
            with name_scope("multiply_grads"):
                grads = multiply_gradients(grads, gradient_multipliers)
        if clip_gradient_norm > 0:
            with name_scope("clip_grads"):
                grads = clip_gradient_norms(grads, clip_gradient_norm)
        return grads

    return create_transformed_train_op(
        total_loss, optimizer, global_step, update_ops, variables_to_train, transform, summarize_gradients, gate_gradients,
        aggregation_method, colocate_gradients_with_ops, check_numerics,
    )  # fmt: skip


@export("contrib.training.create_train_op")
def create_transformed_train_op(total_loss, optimizer, global_step=0, update_ops=None, variables_to_train=None,
                                transform_grads_fn=None, summarize_gradients=False, gate_gradients=_GATE_OP,
                                aggregation_method=None, colocate_gradients_with_ops=False, check_numerics=True):  # fmt: skip
    """As `slim.learning.create_train_op`; `transform_grads_fn` is a function of the list of pairs of gradients and variables."""
    if global_step is not None and not isinstance(global_step, Tensor | tf.Variable):
        global_step = tf.train.get_or_create_global_step()
    collected = list(dict.fromkeys(tf.get_collection("update_ops")))
    update_ops = collected if update_ops is None else list(dict.fromkeys(update_ops))
    if not set(collected).issubset(update_ops):
        tf_logging.warning("update_ops in create_train_op does not contain all the  update_ops in GraphKeys.UPDATE_OPS")
    if update_ops:
        with control_dependencies(update_ops):
            barrier = tf.no_op(name="update_barrier")
        with control_dependencies([barrier]):
            total_loss = tf.identity(total_loss)
    if variables_to_train is None:
        variables_to_train = tf.trainable_variables()
    else:
        for v in variables_to_train:
            assert any(v is x for x in tf.trainable_variables())
    assert variables_to_train
    gradients = optimizer.compute_gradients(
        total_loss, variables_to_train, gate_gradients=gate_gradients, aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )  # fmt: skip
    if transform_grads_fn:
        gradients = transform_grads_fn(gradients)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            add_gradients_summaries(gradients)
    updates = optimizer.apply_gradients(gradients, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = tf.check_numerics(total_loss, "LossTensor is inf or nan")
        with control_dependencies([updates]):
            train_op = tf.identity(total_loss)
    if not any(train_op is x for x in tf.get_collection_ref("train_op")):
        tf.add_to_collection("train_op", train_op)
    return train_op


# ---------------------------------------------------------------------------------------------------------------- training


@export(*_names("train_step"))
def train_step(sess, train_op, global_step, train_step_kwargs):
    """A step of training, with a word in the log now and then.

    Args:
      sess: the session.
      train_op: the tensor of the loss that does the step.
      global_step: the variable that counts steps.
      train_step_kwargs: a dictionary of conditions, bool tensors: "should_log", "should_stop", "should_trace" (with "logdir").

    Returns:
      The loss, and whether to stop.

    Raises:
      ValueError: "logdir" is missing.
    """
    started = time.time()
    options = metadata = None
    if "should_trace" in train_step_kwargs:
        if "logdir" not in train_step_kwargs:
            raise ValueError("logdir must be present in train_step_kwargs when should_trace is present")
        if sess.run(train_step_kwargs["should_trace"]):
            options, metadata = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), tf.RunMetadata()
    loss, step = sess.run([train_op, global_step], options=options, run_metadata=metadata)
    elapsed = time.time() - started
    if metadata is not None:
        trace = tf.python.client.timeline.Timeline(metadata.step_stats).generate_chrome_trace_format()
        path = os.path.join(train_step_kwargs["logdir"], "tf_trace-%d.json" % step)
        tf_logging.info("Writing trace to %s", path)
        with tf.gfile.GFile(path, "w") as f:
            f.write(trace)
        if "summary_writer" in train_step_kwargs:
            train_step_kwargs["summary_writer"].add_run_metadata(metadata, "run_metadata-%d" % step)
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        tf_logging.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, elapsed)
    return loss, sess.run(train_step_kwargs["should_stop"]) if "should_stop" in train_step_kwargs else False


_DEFAULT = 0  # stands for an argument that is not given


@export(*_names("train"))
def train(train_op, logdir, train_step_fn=train_step, train_step_kwargs=_DEFAULT, log_every_n_steps=1, graph=None, master="",
          is_chief=True, global_step=None, number_of_steps=None, init_op=_DEFAULT, init_feed_dict=None, local_init_op=_DEFAULT,
          init_fn=None, ready_op=_DEFAULT, summary_op=_DEFAULT, save_summaries_secs=600, summary_writer=_DEFAULT,
          startup_delay_steps=0, saver=None, save_interval_secs=600, sync_optimizer=None, session_config=None, session_wrapper=None,
          trace_every_n_steps=None, ignore_live_threads=False):  # fmt: skip
    """Trains until a number of steps is done or the input is at its end, with a `tf.train.Supervisor`.

    Args:
      train_op: the tensor of the loss that does a step.
      logdir: where checkpoints and summaries go; None for nowhere.
      train_step_fn, train_step_kwargs: what does a step, and its last argument.
      log_every_n_steps, trace_every_n_steps: how often to log and to trace.
      graph: the graph, by default the default one.
      master, is_chief: the server, and whether this process looks after the model.
      global_step: the variable that counts steps.
      number_of_steps: how many steps to do, or None.
      init_op, init_feed_dict, local_init_op, init_fn, ready_op, summary_op, save_summaries_secs, summary_writer, saver,
        save_interval_secs: as of `tf.train.Supervisor`.
      startup_delay_steps: how many steps to wait for if this process is not the chief.
      sync_optimizer: a `tf.train.SyncReplicasOptimizer`, or a list of them.
      session_config: the configuration of the session.
      session_wrapper: a function from the session to what is used in its place.
      ignore_live_threads: whether threads may live on.

    Returns:
      The last loss.

    Raises:
      ValueError: arguments don't go together.
    """
    _check_training(train_op, logdir, summary_op, saver, trace_every_n_steps, sync_optimizer, startup_delay_steps, number_of_steps)
    sync = [] if sync_optimizer is None else list(sync_optimizer) if isinstance(sync_optimizer, list | tuple) else [sync_optimizer]
    graph = graph or tf.get_default_graph()
    with graph.as_default():
        if global_step is None:
            global_step = tf.train.get_or_create_global_step()
        saver = saver or tf.train.Saver()
        with name_scope("init_ops"):
            if init_op == _DEFAULT:
                init_op = tf.global_variables_initializer()
            if ready_op == _DEFAULT:
                ready_op = tf.report_uninitialized_variables()
            if local_init_op == _DEFAULT:
                local_init_op = tf.group(tf.local_variables_initializer(), tf.tables_initializer())
            local_init_op, ready_for_local_init_op = _synchronized(local_init_op, sync, is_chief)
        if summary_op == _DEFAULT:
            summary_op = tf.summary.merge_all()
        if summary_writer == _DEFAULT:
            summary_writer = tf.train.Supervisor.USE_DEFAULT
        tokens = [opt.get_init_tokens_op() for opt in sync] if is_chief else []
        runners = [opt.get_chief_queue_runner() for opt in sync] if is_chief else []
        if train_step_kwargs == _DEFAULT:
            train_step_kwargs = _conditions(global_step, number_of_steps, log_every_n_steps, is_chief, trace_every_n_steps, logdir)
    sv = tf.train.Supervisor(
        graph=graph, is_chief=is_chief, logdir=logdir, init_op=init_op, init_feed_dict=init_feed_dict, local_init_op=local_init_op,
        ready_for_local_init_op=ready_for_local_init_op, ready_op=ready_op, summary_op=summary_op, summary_writer=summary_writer,
        global_step=global_step, saver=saver, save_summaries_secs=save_summaries_secs, save_model_secs=save_interval_secs,
        init_fn=init_fn,
    )  # fmt: skip
    if summary_writer is not None:
        train_step_kwargs["summary_writer"] = sv.summary_writer
    loss = None
    while True:
        try:
            with sv.managed_session(master, start_standard_services=False, config=session_config) as sess:
                tf_logging.info("Starting Session.")
                if session_wrapper is not None:
                    tf_logging.info("Wrapping session with wrapper function: %s", session_wrapper)
                    sess = session_wrapper(sess)
                if is_chief and logdir:
                    sv.start_standard_services(sess)
                elif not is_chief and startup_delay_steps > 0:
                    _wait_for_step(sess, global_step, min(startup_delay_steps, number_of_steps or sys.maxsize))
                threads = sv.start_queue_runners(sess)
                tf_logging.info("Starting Queues.")
                if runners:
                    sv.start_queue_runners(sess, runners)
                    sess.run(tokens)
                loss = _loop(sv, sess, train_step_fn, train_op, global_step, train_step_kwargs, loss)
                if logdir and sv.is_chief:
                    tf_logging.info("Finished training! Saving model to disk.")
                    sv.saver.save(sess, sv.save_path, global_step=sv.global_step)
                    sv.stop(threads, close_summary_writer=True, ignore_live_threads=ignore_live_threads)
            return loss
        except errors.AbortedError:
            tf_logging.info("Retrying training!")


def _check_training(train_op, logdir, summary_op, saver, trace_every_n_steps, sync_optimizer, startup_delay_steps, number_of_steps):
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    if logdir is None:
        for name, is_given in (
            ("summary_op", summary_op != _DEFAULT), ("saver", saver is not None),
            ("trace_every_n_steps", trace_every_n_steps is not None),
        ):  # fmt: skip
            if is_given:
                raise ValueError("Cannot provide %s because logdir=None" % name)
    if sync_optimizer is not None and startup_delay_steps > 0:
        raise ValueError("startup_delay_steps must be zero when sync_optimizer is supplied.")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")


def _synchronized(local_init_op, sync, is_chief):
    """The operation for local variables, and the one that says when it may run, with those of synchronizing optimizers."""
    if not sync:
        return local_init_op, None
    with control_dependencies([] if local_init_op is None else [local_init_op]):
        local_init_op = tf.group(*[opt.chief_init_op if is_chief else opt.local_step_init_op for opt in sync])
    return local_init_op, tf.group(*[opt.ready_for_local_init_op for opt in sync])


def _conditions(global_step, number_of_steps, log_every_n_steps, is_chief, trace_every_n_steps, logdir):
    """When to stop, to log and to trace, for `train_step`."""
    with name_scope("train_step"):
        found = {"should_stop": tf.greater_equal(global_step, number_of_steps) if number_of_steps else constant(False)}
        if log_every_n_steps > 0:
            found["should_log"] = tf.equal(tf.mod(global_step, log_every_n_steps), 0)
        if is_chief and trace_every_n_steps is not None:
            found["should_trace"] = tf.equal(tf.mod(global_step, trace_every_n_steps), 0)
            found["logdir"] = logdir
        return found


def _loop(sv, sess, train_step_fn, train_op, global_step, train_step_kwargs, loss):
    try:
        while not sv.should_stop():
            loss, should_stop = train_step_fn(sess, train_op, global_step, train_step_kwargs)
            if should_stop:
                tf_logging.info("Stopping Training.")
                sv.request_stop()
                break
    except errors.OutOfRangeError as e:
        tf_logging.info("Caught OutOfRangeError. Stopping Training. %s", e)
    return loss


def _wait_for_step(sess, global_step, step):
    while tf.train.global_step(sess, global_step) < step:
        time.sleep(1.0)


# -------------------------------------------------------------------------------------------------------------- evaluation


@export(*_names("wait_for_new_checkpoint", "evaluation"))
def wait_for_new_checkpoint(*args, **kwargs):
    """`tf.contrib.training.wait_for_new_checkpoint`."""
    return tf.contrib.training.wait_for_new_checkpoint(*args, **kwargs)


@export(*_names("checkpoints_iterator", "evaluation"))
def checkpoints_iterator(*args, **kwargs):
    """`tf.contrib.training.checkpoints_iterator`."""
    return tf.contrib.training.checkpoints_iterator(*args, **kwargs)


def _hooks(num_evals, logdir, summary_op, summary_op_feed_dict, hooks):
    if isinstance(summary_op, int) and summary_op == _DEFAULT:
        summary_op = tf.summary.merge_all()
    found = [tf.contrib.training.StopAfterNEvalsHook(num_evals)]
    if summary_op is not None:
        found.append(tf.contrib.training.SummaryAtEndHook(log_dir=logdir, summary_op=summary_op, feed_dict=summary_op_feed_dict))
    return found + list(hooks or [])


def _saver(variables_to_restore):
    return None if variables_to_restore is None else tf.train.Saver(variables_to_restore)


@export(*_names("evaluate_once", "evaluation"))
def evaluate_once(master, checkpoint_path, logdir, num_evals=1, initial_op=None, initial_op_feed_dict=None, eval_op=None,
                  eval_op_feed_dict=None, final_op=None, final_op_feed_dict=None, summary_op=_DEFAULT, summary_op_feed_dict=None,
                  variables_to_restore=None, session_config=None, hooks=None):  # fmt: skip
    """Evaluates a checkpoint.

    Args:
      master: the server.
      checkpoint_path: the checkpoint.
      logdir: where summaries go.
      num_evals: how many times to run `eval_op`.
      initial_op, initial_op_feed_dict, eval_op, eval_op_feed_dict, final_op, final_op_feed_dict: what to run before, then each
        time, and in the end.
      summary_op, summary_op_feed_dict: the summaries, by default all.
      variables_to_restore: by default all.
      session_config: the configuration of the session.
      hooks: a list of more hooks.

    Returns:
      The values of `final_op`.
    """
    return tf.contrib.training.evaluate_once(
        checkpoint_path, master=master,
        scaffold=tf.train.Scaffold(init_op=initial_op, init_feed_dict=initial_op_feed_dict, saver=_saver(variables_to_restore)),
        eval_ops=eval_op, feed_dict=eval_op_feed_dict, final_ops=final_op, final_ops_feed_dict=final_op_feed_dict,
        hooks=_hooks(num_evals, logdir, summary_op, summary_op_feed_dict, hooks), config=session_config,
    )  # fmt: skip


@export(*_names("evaluation_loop", "evaluation"))
def evaluation_loop(master, checkpoint_dir, logdir, num_evals=1, initial_op=None, initial_op_feed_dict=None, init_fn=None,
                    eval_op=None, eval_op_feed_dict=None, final_op=None, final_op_feed_dict=None, summary_op=_DEFAULT,
                    summary_op_feed_dict=None, variables_to_restore=None, eval_interval_secs=60, max_number_of_evaluations=None,
                    session_config=None, timeout=None, timeout_fn=None, hooks=None):  # fmt: skip
    """Evaluates each new checkpoint in a folder; arguments as of `evaluate_once`, and those of `evaluate_repeatedly`."""
    return tf.contrib.training.evaluate_repeatedly(
        checkpoint_dir, master=master,
        scaffold=tf.train.Scaffold(init_op=initial_op, init_feed_dict=initial_op_feed_dict, init_fn=init_fn,
                                   saver=_saver(variables_to_restore)),
        eval_ops=eval_op, feed_dict=eval_op_feed_dict, final_ops=final_op, final_ops_feed_dict=final_op_feed_dict,
        eval_interval_secs=eval_interval_secs, hooks=_hooks(num_evals, logdir, summary_op, summary_op_feed_dict, hooks),
        config=session_config, max_number_of_evaluations=max_number_of_evaluations, timeout=timeout, timeout_fn=timeout_fn,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------ queues


@export(*_names("NestedQueueRunnerError", "queues"))
class NestedQueueRunnerError(Exception):
    """`QueueRunners` is used inside of itself."""


_running = threading.Lock()


@export(*_names("QueueRunners", "queues"))
@contextlib.contextmanager
def QueueRunners(session):
    """A context manager in which the queues of the graph are filled.

    Args:
      session: the session.

    Raises:
      NestedQueueRunnerError: it is used inside of itself.
    """
    if not _running.acquire(False):
        raise NestedQueueRunnerError("QueueRunners cannot be nested")
    coord = tf.train.Coordinator()
    threads = []
    for runner in tf.get_collection("queue_runners"):
        threads.extend(runner.create_threads(session, coord=coord, daemon=True, start=True))
    try:
        yield
    finally:
        coord.request_stop()
        try:
            coord.join(threads, stop_grace_period_secs=120)
        except RuntimeError:
            session.close()
        _running.release()
