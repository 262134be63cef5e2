"""`tf.test.TestCase`."""

import contextlib
import os
import random
import re
import tempfile
import threading

import numpy as np

from ..core import nest
from ..core.context import here
from ..core.errors import OpError, OutOfRangeError
from ..core.export import export
from ..core.graph import GRAPH_DEF_VERSION, GRAPH_DEF_VERSION_MIN_CONSUMER, reset_default_graph
from ..core.indexed_slices import IndexedSlices, IndexedSlicesValue
from ..core.scopes import get_default_session
from ..core.seeds import DEFAULT_GRAPH_SEED, set_random_seed
from ..core.sparse_tensor import SparseTensor, SparseTensorValue
from ..platform import tf_logging
from ..platform.devices import gpu_device_name
from ..protos import message
from ..run.session import Session
from .comparing import Comparisons
from .runner import get_temp_dir


@export("python.framework.test_util.CapturedWrites")
class CapturedWrites:
    """What was written to a stream, kept in a file."""

    def __init__(self, capture_location):
        self.capture_location = capture_location

    def contents(self):
        """What was written so far, as a string."""
        with open(self.capture_location) as f:
            return f.read()


@export("python.framework.test_util.ErrorLoggingSession")
class ErrorLoggingSession(Session):
    """A session that logs the errors of its runs, except those that say that data are at their end."""

    def run(self, *args, **kwargs):
        try:
            return super().run(*args, **kwargs)
        except OutOfRangeError:
            raise
        except Exception as e:
            tf_logging.error(str(e))
            raise


@export("python.framework.test_util.FakeEagerSession")
class FakeEagerSession:
    """What `cached_session` gives eagerly: its `run` gives the values of eager tensors."""

    def __init__(self, test_case):
        self._test_case = test_case

    def run(self, fetches, *args, **kwargs):
        """The values of tensors.

        Raises:
          RuntimeError: anything but an empty `feed_dict` is given.
        """
        what = "Optional args are"
        if kwargs.pop("feed_dict", None):
            what = "feed_dict is"
        elif not args and not kwargs:
            return self._test_case.evaluate(fetches)
        raise RuntimeError(
            "%s not supported when eager execution is enabled (in this case, sess.run(t) is shorthand for t.numpy()" % what
        )


@export("python.framework.test_util.EagerSessionWarner")
class EagerSessionWarner:
    """What `session` gives eagerly: nothing that can be used."""

    def __getattr__(self, attr):
        raise AttributeError(
            "Trying to access properties or call methods on the result of self.session(), self.cached_session(), etc while eager "
            "execution is enabled. If you're porting this test case to TF 2.0, either adapt the test to work with eager execution "
            "or insert a call to tf.disable_eager_execution() in the main() function of this test file."
        )


class _CheckedThread:
    """A thread whose failure is the test's."""

    def __init__(self, testcase, target, args=None, kwargs=None):
        self._testcase = testcase
        self._call = lambda: target(*(args or ()), **(kwargs or {}))
        self._thread = threading.Thread(target=self._run)
        self._exception = None
        self._is_joined = False

    def _run(self):
        try:
            self._call()
        except Exception as e:
            self._exception = e

    def start(self):
        """Starts the thread."""
        self._thread.start()

    def join(self):
        """Waits for the end of the thread; fails the test if it ended with an exception."""
        self._is_joined = True
        self._thread.join()
        if self._exception is not None:
            self._testcase.fail("Error in checkedThread: %s" % self._exception)

    def is_alive(self):
        """Whether the thread runs."""
        return self._thread.is_alive()

    def check_termination(self):
        """Fails the test if the thread was not joined.

        Raises:
          RuntimeError: it runs still.
        """
        if not self._is_joined:
            self._testcase.fail("A checked thread was not joined.")
        if self.is_alive():
            raise RuntimeError("Thread was not joined with main thread, and is still running when the test finished.")


@export("test.TestCase", "python.framework.test_util.TensorFlowTestCase")
class TensorFlowTestCase(Comparisons):
    """A test case with sessions, temporary files and checks of tensors; random numbers are the same in each run."""

    def __init__(self, methodName="runTest"):
        super().__init__(methodName)
        self._threads = []
        self._tempdir = None
        self._cached_session = None
        self._cached_for = None

    def setUp(self):
        """Begins with an empty default graph and known seeds."""
        super().setUp()
        self._ClearCachedSession()
        random.seed(DEFAULT_GRAPH_SEED)
        np.random.seed(DEFAULT_GRAPH_SEED)
        if not here.graphs:
            reset_default_graph()
        set_random_seed(DEFAULT_GRAPH_SEED)
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")

    def tearDown(self):
        """Checks the threads and closes the session."""
        for thread in self._threads:
            thread.check_termination()
        self._ClearCachedSession()
        super().tearDown()

    def _ClearCachedSession(self):
        if self._cached_session is not None:
            self._cached_session.close()
            self._cached_session = None

    # --------------------------------------------------------------------------------------------------------- surroundings

    def get_temp_dir(self):
        """A directory for temporary files of this test, the same in each call."""
        if not self._tempdir:
            self._tempdir = tempfile.mkdtemp(dir=get_temp_dir())
        return self._tempdir

    @contextlib.contextmanager
    def captureWritesToStream(self, stream):
        """A context manager that catches what is written to a stream such as `sys.stderr`, by whatever library.

        Args:
          stream: a stream with a file descriptor.

        Yields:
          A `CapturedWrites`.
        """
        stream.flush()
        descriptor = stream.fileno()
        number, path = tempfile.mkstemp(dir=self.get_temp_dir())
        before = os.dup(descriptor)
        os.dup2(number, descriptor)
        try:
            yield CapturedWrites(path)
        finally:
            stream.flush()
            os.close(number)
            os.dup2(before, descriptor)
            os.close(before)

    def checkedThread(self, target, args=None, kwargs=None):
        """A thread whose exceptions fail the test; it must be started and joined.

        Args:
          target: the function that it runs.
          args, kwargs: its arguments.
        """
        thread = _CheckedThread(self, target, args, kwargs)
        self._threads.append(thread)
        return thread

    # ------------------------------------------------------------------------------------------------------------- sessions

    def evaluate(self, tensors):
        """The values of a tensor or a structure of tensors, in either mode."""
        if here.eager:
            return self._eval_helper(tensors)
        sess = get_default_session()
        if sess is not None:
            return sess.run(tensors)
        with self._either_session() as sess:
            return sess.run(tensors)

    def _eval_helper(self, tensors):
        return None if tensors is None else nest.map_structure(self._eval_tensor, tensors)

    def _eval_tensor(self, tensor):
        if tensor is None:
            return None
        if callable(tensor):
            return self._eval_helper(tensor())
        try:
            if isinstance(tensor, SparseTensor):
                return SparseTensorValue(tensor.indices.numpy(), tensor.values.numpy(), tensor.dense_shape.numpy())
            if isinstance(tensor, IndexedSlices):
                shape = tensor.dense_shape
                return IndexedSlicesValue(tensor.values.numpy(), tensor.indices.numpy(), None if shape is None else shape.numpy())
            return tensor.numpy()
        except AttributeError as e:
            raise ValueError("Unsupported type %s." % type(tensor)) from e

    @contextlib.contextmanager
    def session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """A context manager with a new session, which is the default one, as is its graph.

        Args:
          graph: the graph; by default the default one.
          config: a `ConfigProto`.
          use_gpu: whether operations may run on a GPU; else they are placed on the CPU.
          force_gpu: whether they are placed on the GPU.

        Yields:
          The session; eagerly an object that can't be used.
        """
        if here.eager:
            yield EagerSessionWarner()
            return
        with self._create_session(graph, config, force_gpu) as sess:
            with self._constrain_devices_and_set_default(sess, use_gpu, force_gpu):
                yield sess

    @contextlib.contextmanager
    def cached_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """`session`, but the session is the same in the whole test and closed at its end.

        Args:
          graph, config, use_gpu, force_gpu: as of `session`; the same in each call.

        Yields:
          The session; eagerly a `FakeEagerSession`.

        Raises:
          ValueError: the arguments differ from those of the first call.
        """
        if here.eager:
            yield FakeEagerSession(self)
            return
        sess = self._get_cached_session(graph, config, force_gpu, crash_if_inconsistent_args=True)
        with self._constrain_devices_and_set_default(sess, use_gpu, force_gpu) as cached:
            yield cached

    @contextlib.contextmanager
    def test_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """The old spelling of `session` (with a graph) and `cached_session` (without)."""
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")
        with self._either_session(graph, config, use_gpu, force_gpu) as sess:
            yield sess

    @contextlib.contextmanager
    def _either_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        if here.eager:
            yield None
        elif graph is not None:
            with self.session(graph, config, use_gpu, force_gpu) as sess:
                yield sess
        else:
            sess = self._get_cached_session(graph, config, force_gpu, crash_if_inconsistent_args=False)
            with self._constrain_devices_and_set_default(sess, use_gpu, force_gpu) as cached:
                yield cached

    @contextlib.contextmanager
    def _constrain_devices_and_set_default(self, sess, use_gpu, force_gpu):
        """Makes a session and its graph the default ones and says where operations are placed."""
        if here.eager:
            yield None
            return
        with sess.graph.as_default(), sess.as_default():
            if use_gpu and not force_gpu:
                yield sess
            else:
                with sess.graph.device((gpu_device_name() or "/device:GPU:0") if force_gpu else "/device:CPU:0"):
                    yield sess

    def _create_session(self, graph, config, force_gpu):
        made = message("ConfigProto")()
        if config is not None:
            made.CopyFrom(config)
        made.allow_soft_placement = not force_gpu and (config is None or config.allow_soft_placement)
        made.graph_options.optimizer_options.opt_level = -1  # operations run as they were written
        off = message("RewriterConfig").OFF
        made.graph_options.rewrite_options.constant_folding = off
        made.graph_options.rewrite_options.pin_to_host_optimization = off
        return ErrorLoggingSession(graph=graph, config=made)

    def _get_cached_session(self, graph=None, config=None, force_gpu=False, crash_if_inconsistent_args=True):
        given = {"graph": graph, "config": config, "force_gpu value": force_gpu}
        if self._cached_session is None:
            self._cached_session, self._cached_for = self._create_session(graph, config, force_gpu), given
        elif crash_if_inconsistent_args:
            for what, value in given.items():
                if self._cached_for[what] is not value:
                    raise ValueError(
                        "The %s used to get the cached session is different than the one that was used to create the session. "
                        "Maybe create a new session with self.session()" % what
                    )
        return self._cached_session

    # ------------------------------------------------------------------------------------------------------------ messages

    def assertProtoEquals(self, expected_message_maybe_ascii, message, msg=None):
        """Checks that a protocol buffer message is as expected.

        Args:
          expected_message_maybe_ascii: a message, or its text form.
          message: the actual one.
          msg: what a failure says besides.
        """
        from google.protobuf import text_format

        expected = expected_message_maybe_ascii
        if isinstance(expected, str):
            expected = text_format.Merge(expected, type(message)())
        elif not isinstance(expected, type(message)):
            raise AssertionError("Can't compare protos of type %s and %s. %s" % (type(expected), type(message), msg or ""))
        self._AssertProtoEquals(expected, message, msg=msg)

    def _AssertProtoEquals(self, a, b, msg=None):
        """Checks that two messages are equal; the failure shows where their text forms differ."""
        if a != b:
            self.assertMultiLineEqual(str(a), str(b), msg)  # NaNs are equal here
            if str(a) != str(b):
                self.fail(msg)

    def assertProtoEqualsVersion(
        self, expected, actual, producer=GRAPH_DEF_VERSION, min_consumer=GRAPH_DEF_VERSION_MIN_CONSUMER, msg=None
    ):  # fmt: skip
        """`assertProtoEquals` for a `GraphDef` whose expected text lacks the versions.

        Args:
          expected: the text form without `versions`.
          actual: the actual message.
          producer, min_consumer: the versions that it must have.
          msg: what a failure says besides.
        """
        text = "versions { producer: %d min_consumer: %d };\n%s" % (producer, min_consumer, expected)
        self.assertProtoEquals(text, actual, msg=msg)

    # -------------------------------------------------------------------------------------------------------------- errors

    @contextlib.contextmanager
    def assertRaisesWithPredicateMatch(self, exception_type, expected_err_re_or_predicate):
        """A context manager that checks that the block raises an exception.

        Args:
          exception_type: its type.
          expected_err_re_or_predicate: a regular expression that must be found in its message (for an `OpError` with the names of
            the operations that it came from), or a function of the exception that says whether it is the expected one.
        """
        fits = expected_err_re_or_predicate
        if not callable(fits):
            fits = lambda e: re.search(expected_err_re_or_predicate, _text_of(e))
        try:
            yield
        except Exception as e:
            if not isinstance(e, exception_type) or not fits(e):
                raise AssertionError("Exception of type %s: %s" % (type(e), e)) from e
            return
        raise AssertionError("Exception of type %s: %s not raised" % (AssertionError, exception_type.__name__))

    def assertRaisesOpError(self, expected_err_re_or_predicate):
        """`assertRaisesWithPredicateMatch` for any of `tf.errors`."""
        return self.assertRaisesWithPredicateMatch(OpError, expected_err_re_or_predicate)


def _text_of(error):
    """The message of an exception with the operations that it came from."""
    if not isinstance(error, OpError):
        return str(error)
    text, op = error.message, error.op
    while op is not None:
        text += "\nCaused by: " + op.name
        op = getattr(op, "_original_op", None)
    return text
