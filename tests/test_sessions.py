"""Sessions that look after themselves: hooks, monitored sessions, managers, supervisors, servers of one process."""

import json
import threading
import time
import warnings

import numpy as np
import pytest

import eagle as tf


@pytest.fixture(autouse=True)
def new_graph():
    with tf.Graph().as_default():
        yield


def counting():
    """A global step and the operation that counts it."""
    step = tf.train.get_or_create_global_step()
    return step, tf.assign_add(step, 1)


class Noting(tf.train.SessionRunHook):
    """A hook that notes what is called."""

    def __init__(self, wanted=None):
        self.calls, self.results, self.wanted = [], [], wanted

    def begin(self):
        self.calls.append("begin")
        assert not tf.get_default_graph().finalized

    def after_create_session(self, session, coord):
        self.calls.append("created")
        assert tf.get_default_graph().finalized and not coord.should_stop()

    def before_run(self, run_context):
        self.calls.append("before")
        return None if self.wanted is None else tf.train.SessionRunArgs(self.wanted)

    def after_run(self, run_context, run_values):
        self.calls.append("after")
        self.results.append(run_values.results)

    def end(self, session):
        self.calls.append("end")


def test_hooks_are_called_around_runs():
    v = tf.Variable(2.0)
    hook, more = Noting(wanted={"twice": v * 2}), v + 1
    with tf.train.MonitoredSession(hooks=[hook]) as sess:
        assert not sess.should_stop()
        assert sess.run(v) == 2.0 and sess.run([v, {"x": more}]) == [2.0, {"x": 3.0}]
        assert sess.graph is tf.get_default_graph()
    assert hook.calls == ["begin", "created", "before", "after", "before", "after", "end"]
    assert hook.results == [{"twice": 4.0}] * 2
    assert sess.should_stop() and sess.graph is None
    assert not tf.get_default_graph().finalized


def test_stop_at_a_step():
    step, count = counting()
    for hook, expected in (tf.train.StopAtStepHook(num_steps=3), 3), (tf.train.StopAtStepHook(last_step=2), 2):
        with tf.train.MonitoredSession(hooks=[hook]) as sess:
            found = 0
            while not sess.should_stop():
                found = sess.run(count)
        assert found == expected
    for arguments in {}, {"num_steps": 1, "last_step": 1}:
        with pytest.raises(ValueError, match="num_steps or last_step"):
            tf.train.StopAtStepHook(**arguments)


def test_end_of_input_ends_the_session_and_other_errors_do_not_call_end():
    p = tf.placeholder(tf.float32)
    v = tf.Variable(1.0) + p
    for error, raised in (tf.errors.OutOfRangeError(None, None, ""), False), (StopIteration(), False), (ValueError("x"), True):
        hook = Noting()
        try:
            with tf.train.MonitoredSession(hooks=[hook]) as sess:
                sess.run(v, {p: 1.0})
                raise error
        except ValueError:
            assert raised
        else:
            assert not raised
        assert (hook.calls[-1] == "end") is not raised


def test_a_lost_session_is_made_anew():
    step, count = counting()

    class Losing(tf.train.SessionRunHook):
        lost = 0

        def before_run(self, run_context):
            if self.lost < 2:
                self.lost += 1
                raise tf.errors.AbortedError(None, None, "gone")

    noting = Noting()
    with tf.train.MonitoredSession(hooks=[noting, Losing()]) as sess:
        assert sess.run(count) == 1
    assert noting.calls.count("created") == 3
    with pytest.raises(tf.errors.AbortedError), tf.train.SingularMonitoredSession(hooks=[Losing()]) as sess:
        sess.run(count)


def test_feeds_and_options_of_hooks():
    a, b = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    product = a * b
    with tf.train.MonitoredSession(hooks=[tf.train.FeedFnHook(lambda: {a: 2.0})]) as sess:
        assert sess.run(product, {b: 3.0}) == 6.0
        with pytest.raises(RuntimeError, match="Same tensor is fed by a SessionRunHook and user"):
            sess.run(product, {b: 3.0, a: 1.0})
    both = [tf.train.FeedFnHook(lambda: {a: 2.0})] * 2
    with pytest.raises(RuntimeError, match="Same tensor is fed by two hooks"), tf.train.MonitoredSession(hooks=both) as sess:
        sess.run(product)


def test_steps_as_functions():
    c = tf.placeholder(tf.float32)
    four, half = c + 4.0, c + 0.5
    hook = Noting()
    with tf.train.MonitoredSession(hooks=[hook]) as sess:

        def step_fn(step_context):
            inner = step_context.session.run(four, {c: 0.5})
            assert hook.calls[-1] == "created"
            return inner, step_context.run_with_hooks(half, feed_dict={c: 1.0})

        assert sess.run_step_fn(step_fn) == (4.5, 1.5)
        assert hook.calls[-1] == "after"
        with pytest.raises(ValueError, match="`step_fn` may either have one `step_context` argument"):
            sess.run_step_fn(lambda other: None)

        def last(step_context):
            step_context.request_stop()

        sess.run_step_fn(last)
        raise AssertionError("not reached")
    assert hook.calls[-1] == "end"


def test_errors_of_threads_are_raised():
    v = tf.Variable(1.0)

    class Failing(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            def fail():
                with coord.stop_on_exception():
                    raise ValueError("in a thread")

            thread = threading.Thread(target=fail)
            coord.register_thread(thread)
            thread.start()
            thread.join()

    with pytest.raises(ValueError, match="in a thread"), tf.train.MonitoredSession(hooks=[Failing()]) as sess:
        sess.run(v)
        assert sess.should_stop()


def test_nan_and_logging_hooks(monkeypatch):
    p = tf.placeholder(tf.float32)
    loss = tf.identity(p, name="loss")
    with pytest.raises(tf.train.NanLossDuringTrainingError, match="NaN loss during training."):
        with tf.train.MonitoredSession(hooks=[tf.train.NanTensorHook(loss)]) as sess:
            sess.run(loss, {p: 1.0})
            sess.run(loss, {p: np.nan})
    with tf.train.MonitoredSession(hooks=[tf.train.NanTensorHook(loss, fail_on_nan_loss=False)]) as sess:
        sess.run(loss, {p: np.nan})
        assert sess.should_stop()
    told = []
    from eagle.sessions import watching_hooks

    monkeypatch.setattr(watching_hooks.logging, "info", lambda text, *args: told.append(text % args if args else text))
    hook = tf.train.LoggingTensorHook(["loss"], every_n_iter=2)
    formatted = tf.train.LoggingTensorHook({"l": loss}, every_n_iter=3, formatter=lambda values: "<%s>" % values["l"])
    with tf.train.MonitoredSession(hooks=[hook, formatted]) as sess:
        for i in range(4):
            sess.run(loss, {p: i})
    mine = [t for t in told if "loss =" in t or t.startswith("<")]
    assert mine[0] == "loss = 0.0" and mine[1] == "<0.0>" and mine[2].startswith("loss = 2.0 (") and mine[3] == "<3.0>"
    for arguments in {}, {"every_n_iter": 0}, {"every_n_iter": 1, "every_n_secs": 1}:
        with pytest.raises(ValueError):
            tf.train.LoggingTensorHook([loss], **arguments)


def test_final_ops_and_waiting():
    step, count = counting()
    final = tf.train.FinalOpsHook({"x": step * 2})
    with tf.train.MonitoredSession(hooks=[final]) as sess:
        sess.run(count)
    assert final.final_ops_values == {"x": 2}
    with tf.train.MonitoredSession(hooks=[tf.train.GlobalStepWaiterHook(0)]) as sess:
        assert sess.run(count) == 1
    timer = tf.train.SecondOrStepTimer(every_steps=3)
    assert [s for s in range(8) if timer.should_trigger_for_step(s) and timer.update_last_triggered_step(s)] == [0, 3, 6]
    assert timer.last_triggered_step() == 6


def test_a_scaffold_gathers_and_makes():
    v = tf.Variable(1.0, name="v")
    local = tf.Variable(2.0, collections=[tf.GraphKeys.LOCAL_VARIABLES])
    p = tf.placeholder(tf.float32)
    w = tf.Variable(p, name="w", validate_shape=False)
    seen = []
    scaffold = tf.train.Scaffold(init_feed_dict={p: 5.0}, init_fn=lambda made, sess: seen.append((made, sess.run(v))))
    with tf.train.MonitoredTrainingSession(scaffold=scaffold) as sess:
        assert sess.run([v, local, w]) == [1.0, 2.0, 5.0]
    assert seen == [(scaffold, 1.0)]
    assert tf.get_collection(tf.GraphKeys.SAVERS) == [scaffold.saver]
    assert tf.get_collection(tf.GraphKeys.INIT_OP) == [scaffold.init_op]
    with pytest.raises(TypeError, match="copy_from_scaffold is not a Scaffold instance"):
        tf.train.Scaffold(copy_from_scaffold=1)
    assert tf.train.Scaffold(copy_from_scaffold=scaffold).ready_op is scaffold.ready_op


def test_restored_from_a_checkpoint(tmp_path):
    v = tf.Variable(1.0, name="v")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(v.assign(7.0))
        path = saver.save(sess, str(tmp_path / "model"))
    for arguments in {"checkpoint_dir": str(tmp_path)}, {"checkpoint_filename_with_path": path}:
        with tf.train.SingularMonitoredSession(**arguments) as sess:
            assert sess.run(v) == 7.0 and sess.raw_session().run(v) == 7.0


def test_session_managers_say_what_is_missing():
    v = tf.Variable(1.0, name="v")
    w = tf.Variable(1.0, name="w")
    manager = tf.train.SessionManager(ready_op=tf.report_uninitialized_variables(), recovery_wait_secs=0.1)
    with pytest.raises(RuntimeError, match="Model is not initialized and no init_op or init_fn or local_init_op was given"):
        manager.prepare_session("")
    with pytest.raises(RuntimeError, match=r"Init operations did not make model ready.  Init op: init, .*not initialized: w"):
        manager.prepare_session("", init_op=tf.group(v.initializer, name="init"))
    with pytest.raises(tf.errors.DeadlineExceededError, match="Session was not ready after waiting 0 secs"):
        manager.wait_for_session("", max_wait_secs=0)
    sess = manager.prepare_session("", init_fn=lambda s: s.run([v.initializer, w.initializer]))
    assert sess.run(v) == 1.0
    with pytest.raises(ValueError, match="If you pass a ready_for_local_init_op you must also pass a local_init_op"):
        tf.train.SessionManager(ready_for_local_init_op=tf.no_op())


def test_threads_fill_queues_until_the_session_ends():
    queue = tf.FIFOQueue(3, [tf.float32])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1.0), queue.enqueue(1.0)]))
    taken = queue.dequeue()
    with tf.train.MonitoredSession() as sess:
        assert [sess.run(taken) for _ in range(10)] == [1.0] * 10
    assert not [t for t in threading.enumerate() if t.name.startswith("QueueRunnerThread")]


# --------------------------------------------------------------------------------------------------------------- clusters


def test_clusters():
    cluster = tf.train.ClusterSpec({"worker": ["a:1", "b:2"], "ps": {3: "c:4"}})
    assert cluster.as_dict() == {"worker": ["a:1", "b:2"], "ps": {3: "c:4"}}
    assert cluster == tf.train.ClusterSpec(cluster.as_cluster_def()) == tf.train.ClusterSpec(cluster)
    assert str(cluster) == "ClusterSpec({'ps': {3: 'c:4'}, 'worker': ['a:1', 'b:2']})"
    assert cluster.job_tasks("ps") == [None, None, None, "c:4"] and cluster.task_indices("worker") == [0, 1]
    assert cluster.num_tasks("ps") == 1 and cluster.task_address("worker", 1) == "b:2" and bool(cluster)
    for call in (lambda: cluster.num_tasks("x")), (lambda: cluster.task_address("worker", 7)):
        with pytest.raises(ValueError, match="No such job in cluster: 'x'|No task with index 7 in job 'worker'"):
            call()
    with pytest.raises(TypeError, match="`cluster` must be a dictionary"):
        tf.train.ClusterSpec(3)
    with pytest.raises(TypeError, match="The tasks for job 'a' must be a list or a dictionary"):
        tf.train.ClusterSpec({"a": 3})


def test_sessions_of_a_server_share_variables():
    server = tf.train.Server.create_local_server()
    assert server.target.startswith("grpc://localhost:") and server.server_def.job_name == "local"
    v = tf.Variable(1.0)
    with tf.Session(server.target) as one, tf.Session(server.target) as two, tf.Session() as other:
        one.run(v.initializer)
        one.run(v.assign_add(1.0))
        assert two.run(v) == 2.0
        with pytest.raises(tf.errors.FailedPreconditionError):
            other.run(v)
    with tf.Session(server.target) as later:
        assert later.run(v) == 2.0
        tf.Session.reset(server.target)
        with pytest.raises(tf.errors.AbortedError):
            later.run(v)
    with tf.Session(server.target) as sess, pytest.raises(tf.errors.FailedPreconditionError):
        sess.run(v)
    isolated = tf.ConfigProto(isolate_session_state=True)
    with tf.Session(server.target, config=isolated) as one, tf.Session(server.target) as two:
        one.run(v.initializer)
        with pytest.raises(tf.errors.FailedPreconditionError):
            two.run(v)
    with pytest.raises(tf.errors.NotFoundError, match="No session factory registered"):
        tf.Session("nonexistent")


def test_servers_that_can_not_be():
    with pytest.raises(NotImplementedError, match="several tasks"):
        tf.train.Server({"worker": ["localhost:0", "localhost:0"]}, task_index=0)
    with pytest.raises(ValueError, match="Must specify an explicit `task_index`"):
        tf.train.Server({"worker": ["localhost:0", "localhost:0"]})
    with pytest.raises(TypeError, match="Could not convert `server_or_cluster_def`"):
        tf.train.Server(3)
    with pytest.raises(tf.errors.NotFoundError, match="No server factory registered"):
        tf.train.Server({"local": ["localhost:0"]}, protocol="pigeon")
    with pytest.raises(tf.errors.InternalError, match='Job "ps" was not defined in cluster'):
        tf.train.Server({"worker": ["localhost:0"]}, job_name="ps", task_index=0)
    with pytest.raises(tf.errors.InvalidArgumentError, match='Task 5 was not defined in job "worker"'):
        tf.train.Server({"worker": ["localhost:0"]}, task_index=5)


def test_a_worker_waits_for_the_chief():
    server = tf.train.Server.create_local_server()
    v = tf.Variable(3.0)
    manager = tf.train.SessionManager(ready_op=tf.report_uninitialized_variables(), recovery_wait_secs=0.05)
    init, graph, found = tf.global_variables_initializer(), tf.get_default_graph(), []

    def work():
        with graph.as_default():
            found.append(manager.wait_for_session(server.target, max_wait_secs=30).run(v))

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.1)
    assert not found
    tf.train.SessionManager().prepare_session(server.target, init_op=init)
    worker.join()
    assert found == [3.0]


# --------------------------------------------------------------------------------------------------------- files of a training


def events(folder):
    """All events in the event files of a folder."""
    return [e for f in sorted(folder.glob("events*")) for e in tf.train.summary_iterator(str(f))]


def test_training_saves_and_goes_on(tmp_path):
    def train(last):
        with tf.Graph().as_default():
            step = tf.train.get_or_create_global_step()
            v = tf.Variable(5.0, name="v")
            loss = v * v
            tf.summary.scalar("loss", loss)
            operation = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step)
            with tf.train.MonitoredTrainingSession(
                checkpoint_dir=str(tmp_path), hooks=[tf.train.StopAtStepHook(last_step=last)], save_checkpoint_steps=2,
                save_summaries_steps=1, log_step_count_steps=1) as sess:  # fmt: skip
                begin = sess.run_step_fn(lambda step_context: step_context.session.run([step, v]))
                while not sess.should_stop():
                    sess.run(operation)
        tf.summary.FileWriterCache.clear()
        return begin

    assert train(3) == [0, 5.0]
    assert tf.train.latest_checkpoint(str(tmp_path)).endswith("model.ckpt-3")
    time.sleep(1.05)  # the names of event files have whole seconds
    step, v = train(5)
    assert step == 3 and v == pytest.approx(5.0 * 0.8**3)
    state = tf.train.get_checkpoint_state(str(tmp_path))
    assert [p.rpartition("-")[2] for p in state.all_model_checkpoint_paths] == ["0", "2", "3", "5"]
    found = events(tmp_path)
    losses = {e.step: v.simple_value for e in found for v in e.summary.value if v.tag == "loss"}
    assert sorted(losses) == [1, 2, 3, 4, 5] and losses[1] == 25.0
    assert any(v.tag == "global_step/sec" for e in found for v in e.summary.value)
    assert {e.session_log.status for e in found if e.HasField("session_log")} == {tf.SessionLog.START, tf.SessionLog.CHECKPOINT}
    assert (tmp_path / "graph.pbtxt").exists() and any(e.meta_graph_def for e in found)


def test_listeners_of_checkpoints(tmp_path):
    class Listener(tf.train.CheckpointSaverListener):
        def __init__(self):
            self.calls = []

        def begin(self):
            self.calls.append("begin")

        def before_save(self, session, global_step_value):
            self.calls.append(("before", int(global_step_value)))

        def after_save(self, session, global_step_value):
            self.calls.append(("after", int(global_step_value)))
            return global_step_value == 2

        def end(self, session, global_step_value):
            self.calls.append(("end", int(global_step_value)))

    step, count = counting()
    listener = Listener()
    hook = tf.train.CheckpointSaverHook(str(tmp_path), save_steps=1, saver=tf.train.Saver(), listeners=[listener])
    with tf.train.SingularMonitoredSession(hooks=[hook]) as sess:
        while not sess.should_stop():
            sess.run(count)
    saves = [(when, i) for i in range(3) for when in ("before", "after")]
    assert listener.calls == ["begin", *saves, ("end", 2)]
    with pytest.raises(ValueError, match="You cannot provide both saver and scaffold"):
        tf.train.CheckpointSaverHook(str(tmp_path), save_steps=1, saver=tf.train.Saver(), scaffold=tf.train.Scaffold())


def test_profiles_of_runs(tmp_path):
    step, count = counting()
    with tf.train.MonitoredSession(hooks=[tf.train.ProfilerHook(save_steps=2, output_dir=str(tmp_path))]) as sess:
        for _ in range(5):
            sess.run(count)
    profiles = sorted(p.name for p in tmp_path.glob("timeline*"))
    assert profiles == ["timeline-2.json", "timeline-4.json"]
    trace = json.loads((tmp_path / profiles[0]).read_text())
    assert any(e.get("name") == "AssignAdd" for e in trace["traceEvents"])


def test_a_supervisor_saves(tmp_path):
    step, count = counting()
    tf.summary.scalar("step", step)
    supervisor = tf.train.Supervisor(logdir=str(tmp_path), save_model_secs=0.05, save_summaries_secs=0.05)
    with supervisor.managed_session() as sess:
        end = time.time() + 10
        while not supervisor.should_stop() and time.time() < end:
            sess.run(count)
            saved = tf.train.latest_checkpoint(str(tmp_path))
            if saved and not saved.endswith("-0"):
                break
        supervisor.summary_computed(sess, sess.run(supervisor.summary_op))
    assert tf.train.latest_checkpoint(str(tmp_path))
    found = events(tmp_path)
    assert found[-1].session_log.status == tf.SessionLog.STOP
    assert any(v.tag == "step" for e in found for v in e.summary.value)
    with tf.Graph().as_default():
        step, count = counting()
        with tf.train.Supervisor(logdir=str(tmp_path), save_model_secs=0, save_summaries_secs=0).managed_session() as sess:
            assert sess.run(step) > 0


def test_supervisors_raise_what_went_wrong():
    v = tf.Variable(1.0)
    supervisor = tf.train.Supervisor()
    with pytest.raises(ValueError, match="inside"), supervisor.managed_session() as sess:
        assert sess.run(v) == 1.0
        raise ValueError("inside")
    with supervisor.managed_session() as sess:
        raise tf.errors.OutOfRangeError(None, None, "end of input")
    assert tf.get_default_graph().finalized
    with tf.Graph().as_default():
        tf.Variable(1.0)
        with pytest.raises(ValueError, match="all Variables must have their device set"):
            tf.train.Supervisor(is_chief=False)


def test_basic_train_loop():
    step, count = counting()
    supervisor = tf.train.Supervisor()
    seen = []

    def train_step(sess, more, *, last):
        seen.append((int(sess.run(count)), more))
        if len(seen) == last:
            supervisor.request_stop()

    tf.train.basic_train_loop(supervisor, train_step, args=["x"], kwargs={"last": 3})
    assert seen == [(1, "x"), (2, "x"), (3, "x")]


def test_evaluations_of_checkpoints(tmp_path):
    training = tf.contrib.training
    v = tf.Variable(1.0, name="v")
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(v.assign(7.0))
        path = saver.save(sess, str(tmp_path / "model"))
    runs = tf.Variable(0, collections=[tf.GraphKeys.LOCAL_VARIABLES])
    found = training.evaluate_once(path, eval_ops=runs.assign_add(1), final_ops=[v, runs], hooks=[training.StopAfterNEvalsHook(4)])
    assert found == [7.0, 4]
    assert training.evaluate_once(path, final_ops={"v": v}) == {"v": 7.0}
    found = training.evaluate_repeatedly(
        str(tmp_path), eval_ops=[runs.assign_add(1)], final_ops=runs, max_number_of_evaluations=1,
        hooks=[training.StopAfterNEvalsHook(2)])  # fmt: skip
    assert found == 2
    assert training.evaluate_repeatedly(str(tmp_path / "none"), final_ops=v, timeout=0) is None


# --------------------------------------------------------------------------------------------------------------- replicas


def synchronized(gradient, replicas_to_aggregate, total_num_replicas):
    """A variable, the global step, the operation that trains, and the optimizer; the gradients are fed."""
    step, v = tf.train.get_or_create_global_step(), tf.Variable(10.0, name="v")
    inner = tf.train.GradientDescentOptimizer(1.0)
    optimizer = tf.train.SyncReplicasOptimizer(inner, replicas_to_aggregate, total_num_replicas)
    return v, step, optimizer.apply_gradients([(gradient, v), (None, tf.Variable(1.0, name="w"))], global_step=step), optimizer


def test_a_replica_that_makes_several_steps():
    p = tf.placeholder(tf.float32)
    v, step, train, optimizer = synchronized(p, 2, 1)
    hooks = [optimizer.make_session_run_hook(True, num_tokens=1)]
    with tf.train.MonitoredTrainingSession(hooks=hooks, stop_grace_period_secs=1) as sess:
        for gradients, expected in (([1.0, 3.0], 8.0), ([4.0, 6.0], 3.0)):
            for g in gradients:
                sess.run(train, {p: g})
            end = time.time() + 10
            while sess.run(v) != expected and time.time() < end:
                time.sleep(0.01)
            assert sess.run(v) == expected
        assert sess.run(step) == 2


def test_replicas_wait_for_each_other():
    server = tf.train.Server.create_local_server()
    built, graph = threading.Event(), tf.get_default_graph()
    p = tf.placeholder(tf.float32)
    v, step, train, optimizer = synchronized(p, 2, 2)
    hooks = [optimizer.make_session_run_hook(chief, num_tokens=0) for chief in (True, False)]
    for hook in hooks:
        hook.begin()
    tf.train.Scaffold().finalize()
    started, ended, values = [], [], []
    keys = "ready_op", "ready_for_local_init_op", "local_init_op"

    def work(chief):
        with graph.as_default():
            first = {key: tf.get_collection(getattr(tf.GraphKeys, key.upper()))[0] for key in keys}
            made, init = tf.train.SessionManager(recovery_wait_secs=0.05, **first), tf.get_collection(tf.GraphKeys.INIT_OP)[0]
            if chief:
                sess = made.prepare_session(server.target, init_op=init)
            else:
                sess = made.wait_for_session(server.target, max_wait_secs=20)
            coordinator = tf.train.Coordinator()
            hooks[not chief].after_create_session(sess, coordinator)
            started.append(chief)
            if not chief:
                built.wait(20)  # the chief waits for the gradient of this one
            sess.run(train, {p: 4.0 if chief else 2.0})
            ended.append(chief)
            values.append(float(sess.run(v)))

    local = tf.get_collection(tf.GraphKeys.LOCAL_VARIABLES)
    assert local == [optimizer._local_step]
    threads = [threading.Thread(target=work, args=(chief,), daemon=True) for chief in (True, False)]
    for thread in threads:
        thread.start()
    end = time.time() + 20
    while len(started) < 2 and time.time() < end:
        time.sleep(0.01)
    time.sleep(0.2)
    assert sorted(started) == [False, True] and ended == []
    built.set()
    for thread in threads:
        thread.join(20)
    assert sorted(ended) == [False, True] and values == [7.0, 7.0]


def test_what_synchronized_replicas_need():
    v, step = tf.Variable(1.0), tf.train.get_or_create_global_step()
    optimizer = tf.train.SyncReplicasOptimizer(tf.train.GradientDescentOptimizer(1.0), 5, 2)
    for call in optimizer.get_chief_queue_runner, optimizer.get_init_tokens_op, optimizer.make_session_run_hook(True).begin:
        with pytest.raises(ValueError, match="called (after|before)"):
            call()
    with pytest.raises(ValueError, match="Global step is required to check staleness"):
        optimizer.apply_gradients([(tf.constant(1.0), v)])
    optimizer.minimize(v * v, global_step=step)
    with pytest.raises(ValueError, match=r"Too few tokens to finish the first step: 2 \(given\) vs 3 \(needed\)"):
        optimizer.get_init_tokens_op(2)


# ---------------------------------------------------------------------------------------------------------------- places


def test_sessions_run_what_is_in_their_own_task():
    with tf.device(tf.train.replica_device_setter(2, worker_device="/job:worker/task:0")):
        v = tf.Variable(1.0)
        c = v + 1.0
    with tf.device("/job:localhost/device:GPU:0"):
        here = tf.constant(1.0)
    with tf.Session() as sess:
        message = (
            r"Cannot assign a device for operation .* explicitly assigned to /job:(ps|worker)/task:0 but available .* /job:loc"
        )
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            sess.run(v.initializer)
        assert sess.run(here) == 1.0 and sess.run(c, {v: 2.0, c: 5.0}) == 5.0
    server = tf.train.Server({"worker": ["localhost:0"]}, job_name="worker", task_index=0)
    with tf.device("/job:worker/task:0"):
        there = tf.constant(2.0)
    with tf.Session(server.target) as sess:
        assert sess.run(there) == 2.0
        with pytest.raises(
            tf.errors.InvalidArgumentError, match="available devices are .*/job:worker/replica:0/task:0/device:CPU:0"
        ):
            sess.run(here)


def test_default_sessions_end_in_turn():
    with tf.Graph().as_default(), tf.Session() as first, tf.Session() as second:
        third = tf.Session()
        outer, inner = first.as_default(), third.as_default()
        outer.__enter__()
        inner.__enter__()
        with pytest.raises(AssertionError, match="Nesting violated for default stack of .*Session'> objects"):
            outer.__exit__(None, None, None)
        assert tf.get_default_session() is third
        inner.__exit__(None, None, None)
        assert tf.get_default_session() is first
        outer.__exit__(None, None, None)
        assert tf.get_default_session() is second
        third.close()


def test_interactive_sessions_end_in_any_order():
    with tf.Graph().as_default(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first, second = tf.InteractiveSession(), tf.InteractiveSession()
        first.close()
        assert tf.get_default_session() is second
        second.close()
        assert tf.get_default_session() is None
