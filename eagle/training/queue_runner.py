"""`tf.train.QueueRunner`: threads that fill a queue."""

import threading
import weakref

from .. import protos
from ..core.collections import GraphKeys, add_to_collection, get_collection, register_proto_function
from ..core.context import here
from ..core.errors import (
    OpError,
    OutOfRangeError,
    error_code_from_exception_type,
    exception_type_from_error_code,
)
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import get_default_session
from ..platform import tf_logging
from ..run.session import BaseSession
from ..variables.base import prepend_name_scope, strip_name_scope


@export("train.QueueRunner", "train.queue_runner.QueueRunner")
class QueueRunner:
    """A queue and the operations that fill it, each of which a thread runs again and again.

    Args:
      queue: the queue.
      enqueue_ops: the operations.
      close_op: what closes the queue when all threads have come to the end of their input; by default `queue.close()`.
      cancel_op: what closes it at once; by default `queue.close(cancel_pending_enqueues=True)`.
      queue_closed_exception_types: the exceptions that mean the end of the input, a tuple; by default `OutOfRangeError`.
      queue_runner_def: a `QueueRunnerDef` that describes all this instead.
      import_scope: the scope in which the operations of `queue_runner_def` are.

    Raises:
      RuntimeError: eagerly.
      ValueError: there is no queue or no operation, or both kinds of description.
      TypeError: `queue_closed_exception_types` is no tuple of exceptions.
    """

    def __init__(self, queue=None, enqueue_ops=None, close_op=None, cancel_op=None, queue_closed_exception_types=None,
                 queue_runner_def=None, import_scope=None):  # fmt: skip
        if here.eager:
            raise RuntimeError("QueueRunners are not supported when eager execution is enabled. Instead, please use tf.data to get "
                               "data into your model.")  # fmt: skip
        if queue_runner_def:
            if queue or enqueue_ops:
                raise ValueError("queue_runner_def and queue are mutually exclusive.")
            self._read(queue_runner_def, import_scope)
        else:
            self._take(queue, enqueue_ops, close_op, cancel_op, queue_closed_exception_types)
        self._lock = threading.Lock()
        self._runs_per_session = weakref.WeakKeyDictionary()
        self._exceptions_raised = []

    def _take(self, queue, enqueue_ops, close_op, cancel_op, closed_types):
        if not queue or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        self._queue = queue
        self._enqueue_ops = enqueue_ops
        if closed_types is not None and (
            not isinstance(closed_types, tuple) or not closed_types or not all(issubclass(t, OpError) for t in closed_types)
        ):
            raise TypeError("queue_closed_exception_types, when provided, must be a tuple of tf.error types, but saw: %s"
                            % (closed_types,))  # fmt: skip
        self._queue_closed_exception_types = closed_types or (OutOfRangeError,)
        self._close_op = queue.close() if close_op is None else close_op
        self._cancel_op = queue.close(cancel_pending_enqueues=True) if cancel_op is None else cancel_op

    def _read(self, queue_runner_def, scope):
        assert type(queue_runner_def).__name__ == "QueueRunnerDef"
        graph = get_default_graph()

        def found(name):
            return graph.as_graph_element(prepend_name_scope(name, scope))

        self._queue = found(queue_runner_def.queue_name)
        self._enqueue_ops = [found(name) for name in queue_runner_def.enqueue_op_name]
        self._close_op = found(queue_runner_def.close_op_name)
        self._cancel_op = found(queue_runner_def.cancel_op_name)
        types = tuple(exception_type_from_error_code(code) for code in queue_runner_def.queue_closed_exception_types)
        self._queue_closed_exception_types = types or (OutOfRangeError,)

    queue = property(lambda self: self._queue)
    enqueue_ops = property(lambda self: self._enqueue_ops)
    close_op = property(lambda self: self._close_op)
    cancel_op = property(lambda self: self._cancel_op)
    queue_closed_exception_types = property(lambda self: self._queue_closed_exception_types)

    @property
    def exceptions_raised(self):
        """What threads without a coordinator raised."""
        return self._exceptions_raised

    @property
    def name(self):
        """The name of the queue."""
        return self._queue.name

    # ---------------------------------------------------------------------------------------------------------- threads

    def _run(self, sess, enqueue_op, coord=None):
        """What a thread does."""
        ended = False
        try:
            enqueue = sess.make_callable(enqueue_op)
            while not (coord and coord.should_stop()):
                try:
                    enqueue()
                except self._queue_closed_exception_types:
                    ended = True
                    self._end_of_input(sess)
                    return
        except Exception as e:
            if coord:
                coord.request_stop(e)
                return
            tf_logging.error("Exception in QueueRunner: %s", str(e))
            with self._lock:
                self._exceptions_raised.append(e)
            raise
        finally:
            if not ended:
                with self._lock:
                    self._runs_per_session[sess] -= 1

    def _end_of_input(self, sess):
        """Notes that a thread is at the end; the last one closes the queue."""
        with self._lock:
            self._runs_per_session[sess] -= 1
            if self._runs_per_session[sess]:
                return
            try:
                sess.run(self._close_op)
            except Exception as e:
                tf_logging.vlog(1, "Ignored exception: %s", str(e))

    def _close_on_stop(self, sess, coord):
        """What one more thread does: when the coordinator stops it closes the queue, so that nobody waits."""
        coord.wait_for_stop()
        try:
            sess.run(self._cancel_op)
        except Exception as e:
            tf_logging.vlog(1, "Ignored exception: %s", str(e))

    def create_threads(self, sess, coord=None, daemon=False, start=False):
        """Makes the threads for a session.

        Args:
          sess: the session.
          coord: None, or a `Coordinator` that tells them to stop and hears of their errors.
          daemon: whether the program may end while they run.
          start: whether to start them.

        Returns:
          A list of threads; an empty one if those made before still run.
        """
        with self._lock:
            if self._runs_per_session.get(sess, 0) > 0:
                return []
            self._runs_per_session[sess] = len(self._enqueue_ops)
            self._exceptions_raised = []
        threads = []
        for op in self._enqueue_ops:
            name = "QueueRunnerThread-%s-%s" % (self.name, op.name)
            threads.append(threading.Thread(target=self._run, args=(sess, op, coord), name=name))
        if coord:
            name = "QueueRunnerThread-%s-close_on_stop" % self.name
            threads.append(threading.Thread(target=self._close_on_stop, args=(sess, coord), name=name))
        for t in threads:
            if coord:
                coord.register_thread(t)
            if daemon:
                t.daemon = True
            if start:
                t.start()
        return threads

    # ----------------------------------------------------------------------------------------------------------- as proto

    def to_proto(self, export_scope=None):
        """The `QueueRunnerDef` that describes this; None if the queue is not in the scope `export_scope`."""
        if export_scope is not None and not self.queue.name.startswith(export_scope):
            return None
        return protos.QueueRunnerDef(
            queue_name=strip_name_scope(self.queue.name, export_scope),
            enqueue_op_name=[strip_name_scope(op.name, export_scope) for op in self.enqueue_ops],
            close_op_name=strip_name_scope(self.close_op.name, export_scope),
            cancel_op_name=strip_name_scope(self.cancel_op.name, export_scope),
            queue_closed_exception_types=[error_code_from_exception_type(t) for t in self._queue_closed_exception_types],
        )

    @staticmethod
    def from_proto(queue_runner_def, import_scope=None):
        """The `QueueRunner` that a `QueueRunnerDef` describes."""
        return QueueRunner(queue_runner_def=queue_runner_def, import_scope=import_scope)


@export("train.add_queue_runner", "train.queue_runner.add_queue_runner")
def add_queue_runner(qr, collection=GraphKeys.QUEUE_RUNNERS):
    """Adds a `QueueRunner` to a collection of the graph, from which `start_queue_runners` starts it."""
    add_to_collection(collection, qr)


@export("train.start_queue_runners", "train.queue_runner.start_queue_runners")
def start_queue_runners(sess=None, coord=None, daemon=True, start=True, collection=GraphKeys.QUEUE_RUNNERS):
    """Starts the threads of all queue runners in a collection of the graph.

    Args:
      sess: the session; by default the default session.
      coord: None, or a `Coordinator` for the threads.
      daemon: whether the program may end while they run.
      start: whether to start them, or only make them.
      collection: the collection's name.

    Returns:
      A list of threads.

    Raises:
      RuntimeError: eagerly.
      ValueError: there is no session.
      TypeError: `sess` is none.
    """
    if here.eager:
        raise RuntimeError("Queues are not compatible with eager execution.")
    if sess is None:
        sess = get_default_session()
        if not sess:
            raise ValueError("Cannot start queue runners: No default session is registered. Use `with sess.as_default()` or pass "
                             "an explicit session to tf.start_queue_runners(sess=sess)")  # fmt: skip
    if not isinstance(sess, BaseSession):
        if type(sess).__name__ in ("MonitoredSession", "SingularMonitoredSession"):
            return []
        raise TypeError("sess must be a `tf.Session` object. Given class: %s" % sess.__class__)
    with sess.graph.as_default():
        runners = get_collection(collection)
        if not runners:
            tf_logging.warning("`tf.train.start_queue_runners()` was called when no queue runners were defined. You can safely "
                               "remove the call to this deprecated function.")  # fmt: skip
        threads = []
        for qr in runners:
            threads.extend(qr.create_threads(sess, coord=coord, daemon=daemon, start=start))
        return threads


register_proto_function(GraphKeys.QUEUE_RUNNERS, proto_type=protos.QueueRunnerDef, to_proto=QueueRunner.to_proto,
                        from_proto=QueueRunner.from_proto)  # fmt: skip
