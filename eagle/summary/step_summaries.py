"""`tf.contrib.summary`: summaries that are written as soon as they run, eagerly and in graphs."""

import abc
import contextlib
import functools
import getpass
import os
import re
import threading
import time
import weakref

from .. import protos
from ..core import dtypes
from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.context import here
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import Graph, get_default_graph
from ..core.scopes import control_dependencies, device, get_default_session, name_scope
from ..core.state import eager_state
from ..core.tensor import Tensor
from ..ops.case import smart_cond
from ..ops.flow import no_op
from ..platform import tf_logging as logging
from .graph_summaries import summary_scope as unique_summary_scope

_INITIALIZERS = "_SUMMARY_WRITER_V2"
_UNFIT = re.compile(r"[^-_/.A-Za-z0-9]")
_EXPERIMENTS = re.compile(r"^[^\x00-\x1F<>]{0,256}$")
_RUNS = re.compile(r"^[^\x00-\x1F<>]{0,512}$")
_USERS = re.compile(r"^[a-z]([-a-z0-9]{0,29}[a-z0-9])?$", re.I)


def _names(*names):
    """Where programs look for a function."""
    return [prefix + n for n in names for prefix in ("contrib.summary.", "contrib.summary.summary.", "python.ops.summary_ops_v2.")]


class _Current(threading.local):
    """What holds in the calling thread: the writer, when to record and the step; None where nothing was said."""

    writer = recording = step = None


_current = _Current()


# -------------------------------------------------------------------------------------------------------- when and what step


def _should_record(default):
    condition = _current.recording() if callable(_current.recording) else _current.recording
    return registry["LogicalAnd"](True, default if condition is None else condition)


@export(*_names("should_record_summaries"))
def should_record_summaries():
    """A bool tensor of shape `[]`: whether summaries are recorded; not so unless a context manager says it."""
    return _should_record(False)


@export("compat.v2.summary.record_if", "python.ops.summary_ops_v2.record_if")
@contextlib.contextmanager
def record_if(condition):
    """A context manager in which summaries are recorded under a condition.

    Args:
      condition: a bool, a bool tensor of shape `[]`, or a function that gives such, which is called for each summary.
    """
    before, _current.recording = _current.recording, condition
    try:
        yield
    finally:
        _current.recording = before


@export(*_names("record_summaries_every_n_global_steps"))
def record_summaries_every_n_global_steps(n, global_step=None):
    """A context manager in which summaries are recorded in each `n`-th step; the step is the global one if None."""
    if global_step is None:
        global_step = resolve("train.get_or_create_global_step")()

    def due():
        return resolve("equal")(global_step % n, 0)

    with device("cpu:0"):
        return record_if(due if here.eager else due())


@export(*_names("always_record_summaries"))
def always_record_summaries():
    """A context manager in which summaries are recorded."""
    return record_if(True)


@export(*_names("never_record_summaries"))
def never_record_summaries():
    """A context manager in which summaries are not recorded."""
    return record_if(False)


@export("compat.v2.summary.experimental.get_step", "python.ops.summary_ops_v2.get_step")
def get_step():
    """The step that `set_step` set in this thread, or None."""
    return _current.step


@export("compat.v2.summary.experimental.set_step", "python.ops.summary_ops_v2.set_step")
def set_step(step):
    """Sets the step of this thread for summaries that are given none: an integer, a tensor, a variable or None."""
    _current.step = step


def _chosen_step(step):
    if step is None:
        return resolve("train.get_or_create_global_step")()
    return step if isinstance(step, Tensor) else convert(step, dtypes.int64)


# ------------------------------------------------------------------------------------------------------------------- writers


@export("compat.v2.summary.SummaryWriter", *_names("SummaryWriter"))
class SummaryWriter(metaclass=abc.ABCMeta):
    """What summaries are written to."""

    @abc.abstractmethod
    def set_as_default(self):
        """Lets summaries of this thread be written to this writer."""
        raise NotImplementedError()

    @abc.abstractmethod
    def as_default(self):
        """A context manager in which summaries are written to this writer."""
        raise NotImplementedError()

    def init(self):
        """Initializes the writer; in a graph the operation that does so."""
        raise NotImplementedError()

    def flush(self):
        """Writes what waits; in a graph the operation that does so."""
        raise NotImplementedError()

    def close(self):
        """Writes what waits and closes the writer; in a graph the operation that does so."""
        raise NotImplementedError()


@export("python.ops.summary_ops_v2.ResourceSummaryWriter")
class ResourceSummaryWriter(SummaryWriter):
    """A writer that is a resource.

    Args:
      shared_name: the name under which writers share a resource.
      init_op_fn: a function of the resource's handle that initializes it.
      name: the name of the operation.
      v2: whether it is one of TensorFlow 2, which is not opened again.
    """

    def __init__(self, shared_name, init_op_fn, name=None, v2=False):
        self._resource = registry["SummaryWriter"](shared_name=shared_name, name=name)
        self._init_op_fn, self._init_op, self._v2, self._closed = init_op_fn, init_op_fn(self._resource), v2, False
        if here.eager:
            weakref.finalize(self, _delete_eager, shared_name or "")
        else:
            add_to_collection(_INITIALIZERS, self._init_op)

    @property
    def _is_gone(self):
        return self._v2 and here.eager and self._closed

    def _check(self):
        if self._is_gone:
            raise RuntimeError("SummaryWriter is already closed")

    def set_as_default(self):
        self._check()
        _current.writer = self

    @contextlib.contextmanager
    def as_default(self):
        self._check()
        before, _current.writer = _current.writer, self
        try:
            yield self
            self.flush()
        finally:
            _current.writer = before

    def init(self):
        self._check()
        return self._init_op if self._v2 else self._init_op_fn(self._resource)

    def flush(self):
        return None if self._is_gone else flush(writer=self)

    def close(self):
        if self._is_gone:
            return None
        try:
            with control_dependencies([self.flush()]), device("cpu:0"):
                return registry["CloseSummaryWriter"](self._resource)
        finally:
            self._closed = self._v2 and here.eager


def _delete_eager(name):
    """Closes the eager resource of a writer that is no more."""
    resource = eager_state.resources.pop(("", name), None)
    if resource is not None:
        resource.close()


@export("python.ops.summary_ops_v2.NoopSummaryWriter")
class NoopSummaryWriter(SummaryWriter):
    """A writer that does nothing."""

    def set_as_default(self):
        """Changes nothing."""

    @contextlib.contextmanager
    def as_default(self):
        yield

    def init(self):
        """Does nothing."""

    def flush(self):
        """Does nothing."""

    def close(self):
        """Does nothing."""


@export("compat.v2.summary.create_noop_writer", "python.ops.summary_ops_v2.create_noop_writer")
def create_noop_writer():
    """A writer that does nothing."""
    return NoopSummaryWriter()


def _file_writer(shared_name, logdir, max_queue, flush_millis, filename_suffix, **options):
    """A writer of an event file."""
    init = functools.partial(
        registry["CreateSummaryFileWriter"], logdir=logdir, max_queue=constant(10) if max_queue is None else max_queue,
        flush_millis=constant(2 * 60 * 1000) if flush_millis is None else flush_millis,
        filename_suffix=constant(".v2") if filename_suffix is None else filename_suffix)  # fmt: skip
    return ResourceSummaryWriter(shared_name, init, **options)


@export(*_names("create_file_writer"))
def create_file_writer(logdir, max_queue=None, flush_millis=None, filename_suffix=None, name=None):
    """A writer of an event file.

    Args:
      logdir: the folder of the file; None for a writer that does nothing.
      max_queue: how many summaries may wait to be written, by default 10.
      flush_millis: after how many milliseconds they are written, by default two minutes.
      filename_suffix: how the file's name ends, by default `.v2`.
      name: the name under which writers share a file, by default `logdir:` and the folder.

    Returns:
      A `SummaryWriter`.
    """
    if logdir is None:
        return NoopSummaryWriter()
    logdir = str(logdir)
    with device("cpu:0"):
        return _file_writer("logdir:" + logdir if name is None else name, logdir, max_queue, flush_millis, filename_suffix)


@export(*_names("create_summary_file_writer"))
def create_summary_file_writer(*args, **kwargs):
    """The old name of `create_file_writer`."""
    logging.warning("Deprecation Warning: create_summary_file_writer was renamed to create_file_writer")
    return create_file_writer(*args, **kwargs)


_number = iter(range(1 << 62)).__next__


@export("compat.v2.summary.create_file_writer", "python.ops.summary_ops_v2.create_file_writer_v2")
def create_file_writer_v2(logdir, max_queue=None, flush_millis=None, filename_suffix=None, name=None):
    """A writer of an event file of its own.

    Args:
      logdir: the folder of the file.
      max_queue: how many summaries may wait to be written, by default 10.
      flush_millis: after how many milliseconds they are written, by default two minutes.
      filename_suffix: how the file's name ends, by default `.v2`.
      name: the name of the operation.

    Returns:
      A `SummaryWriter`.

    Raises:
      ValueError: there is no folder, or an argument is a tensor of a graph though the writer is made eagerly.
    """
    if logdir is None:
        raise ValueError("logdir cannot be None")
    given = {"logdir": logdir, "max_queue": max_queue, "flush_millis": flush_millis, "filename_suffix": filename_suffix}
    inside = not here.eager and get_default_graph().building_function
    with name_scope(name, "create_file_writer") as scope, device("cpu:0"), resolve("init_scope")():
        if here.eager:
            _check_eager(given, inside)
        logdir = convert(logdir, dtypes.string)
        prefix = constant(".%s.%s" % (os.getpid(), _number()))
        suffix = prefix + (constant(".v2") if filename_suffix is None else filename_suffix)
        shared_name = "writer_%d" % _number() if here.eager else scope.rstrip("/")
        return _file_writer(shared_name, logdir, max_queue, flush_millis, suffix, name=name, v2=True)


def _check_eager(given, inside_function):
    """Raises ValueError if an argument is a tensor of a graph."""
    for name, value in given.items():
        if isinstance(value, Tensor) and hasattr(value, "graph"):
            if inside_function:
                raise ValueError(
                    'Invalid graph Tensor argument "%s=%s" to create_file_writer() inside an @tf.function. The create call will be '
                    "lifted into the outer eager execution context, so it cannot consume graph tensors defined inside the function "
                    "body." % (name, value)
                )
            raise ValueError('Invalid graph Tensor argument "%s=%s" to eagerly executed create_file_writer().' % (name, value))


@export(*_names("create_db_writer"))
def create_db_writer(db_uri, experiment_name=None, run_name=None, user_name=None, name=None):
    """A writer to a database, which Eagle does not have: its initialization raises `NotYetError`.

    Args:
      db_uri: where the database is.
      experiment_name, run_name, user_name: under what names; by default day, time and user.
      name: the name under which writers share a resource.

    Raises:
      ValueError: a name has characters that it may not have.
    """
    now = time.localtime()
    with device("cpu:0"):
        names = [
            _checked(what, pattern, default() if value is None else value)
            for what, pattern, value, default in (
                ("experiment_name", _EXPERIMENTS, experiment_name, lambda: time.strftime("%Y-%m-%d", now)),
                ("run_name", _RUNS, run_name, lambda: time.strftime("%H:%M:%S", now)),
                ("user_name", _USERS, user_name, getpass.getuser),
            )
        ]
        return ResourceSummaryWriter(name, lambda handle: registry["CreateSummaryDbWriter"](handle, db_uri, *names))


def _checked(what, pattern, value):
    if isinstance(value, str) and pattern.search(value) is None:
        raise ValueError("%s (%s) must match %s" % (what, value, pattern.pattern))
    return convert(value, dtypes.string)


@export("compat.v2.summary.flush", *_names("flush"))
def flush(writer=None, name=None):
    """Writes what waits.

    Args:
      writer: the `SummaryWriter` or its handle, by default that of the thread.
      name: the name of the operation.

    Returns:
      The operation; eagerly None.
    """
    writer = _current.writer if writer is None else writer
    if writer is None:
        return no_op()
    with device("cpu:0"):
        return registry["FlushSummaryWriter"](getattr(writer, "_resource", writer), name=name)


@export("summary.initialize", *_names("initialize"))
def initialize(graph=None, session=None):
    """Initializes all writers of the default graph; does nothing eagerly.

    Args:
      graph: a `Graph` or `GraphDef` to write.
      session: the session, by default the default one.

    Raises:
      RuntimeError: no writer is the default one.
      ValueError: there is no session.
    """
    if here.eager:
        return
    if _current.writer is None:
        raise RuntimeError("No default tf.contrib.summary.SummaryWriter found")
    session = get_default_session() if session is None else session
    if session is None:
        raise ValueError("session must be passed if no default session exists")
    session.run(summary_writer_initializer_op())
    if graph is not None:
        fed = resolve("placeholder")(dtypes.string)
        session.run(write_graph(fed, 0), {fed: _serialized(graph)})


@export(*_names("summary_writer_initializer_op"))
def summary_writer_initializer_op():
    """The operations that initialize the writers of the default graph, a list; raises RuntimeError eagerly."""
    if here.eager:
        raise RuntimeError("tf.contrib.summary.summary_writer_initializer_op is only supported in graph mode.")
    return get_collection(_INITIALIZERS)


@export("summary.all_v2_summary_ops", *_names("all_summary_ops"), "python.ops.summary_ops_v2.all_v2_summary_ops")
def all_v2_summary_ops():
    """The operations of the default graph that write summaries, a list; None eagerly."""
    return None if here.eager else get_collection(GraphKeys._SUMMARY_COLLECTION)


@export(*_names("eval_dir"))
def eval_dir(model_dir, name=None):
    """The folder for summaries of an evaluation of this name."""
    return os.path.join(model_dir, "eval_" + name if name else "eval")


# ----------------------------------------------------------------------------------------------------------------- summaries


def _nothing():
    return constant(False)


def _collected(operation):
    if not here.eager:
        add_to_collection(GraphKeys._SUMMARY_COLLECTION, operation)
    return operation


@export("python.ops.summary_ops_v2.summary_writer_function")
def summary_writer_function(name, tensor, function, family=None):
    """Writes a summary, if there is a writer and summaries are recorded.

    Args:
      name: the summary's name.
      tensor: the tensor that it is made of.
      function: a function of the tag and the scope that gives the operation.
      family: what goes before the tag.

    Returns:
      A bool tensor: whether it was written; an operation that does nothing if there is no writer.
    """
    outer = here.scope if here.eager else get_default_graph().get_name_scope()
    outer = outer.rstrip("/") + "/" if outer else outer

    def record():
        with name_scope(outer), unique_summary_scope(name, family, values=[tensor]) as (tag, scope):
            with control_dependencies([function(tag, scope)]):
                return constant(True)

    if _current.writer is None:
        return no_op()
    with device("cpu:0"):
        return _collected(smart_cond(should_record_summaries(), record, _nothing, name=""))


def _identity(tensor):
    return registry["Identity"](tensor)


def _writing(op_type, name, tensor, family, step, *others, **attrs):
    """Writes a summary whose op takes the tag before the tensor."""

    def function(tag, scope):
        inputs = _current.writer._resource, _chosen_step(step), tag, _identity(tensor), *others
        return registry[op_type](*inputs, **attrs, name=scope)

    return summary_writer_function(name, tensor, function, family)


@export(*_names("generic"))
def generic(name, tensor, metadata=None, family=None, step=None):
    """Writes a tensor.

    Args:
      name: the summary's name.
      tensor: the tensor, of any type and shape.
      metadata: a `SummaryMetadata`, or one as bytes.
      family: what goes before the tag.
      step: the step, by default the global one.

    Returns:
      A bool tensor: whether it was written; an operation that does nothing if there is no writer.
    """

    def function(tag, scope):
        text = metadata
        if metadata is None or hasattr(metadata, "SerializeToString"):
            text = constant("" if metadata is None else metadata.SerializeToString())
        handle = _current.writer._resource
        return registry["WriteSummary"](handle, _chosen_step(step), _identity(tensor), tag, text, name=scope)

    return summary_writer_function(name, tensor, function, family)


@export(*_names("scalar"))
def scalar(name, tensor, family=None, step=None):
    """Writes a number: `tensor`, of a real type and shape `[]`.  The other arguments and the result are those of `generic`."""
    return _writing("WriteScalarSummary", name, tensor, family, step)


@export(*_names("histogram"))
def histogram(name, tensor, family=None, step=None):
    """Writes how the values of a tensor are distributed.  The other arguments and the result are those of `generic`."""
    return _writing("WriteHistogramSummary", name, tensor, family, step)


@export(*_names("image"))
def image(name, tensor, bad_color=None, max_images=3, family=None, step=None):
    """Writes images.

    Args:
      name, family, step: as of `generic`.
      tensor: of shape `[batch, height, width, channels]`.
      bad_color: the color of pixels that are not finite, by default red.
      max_images: how many images of the batch to write at most.

    Returns:
      As `generic`.
    """

    def function(tag, scope):
        color = constant([255, 0, 0, 255], dtypes.uint8) if bad_color is None else bad_color
        inputs = _current.writer._resource, _chosen_step(step), tag, _identity(tensor), color
        return registry["WriteImageSummary"](*inputs, max_images=max_images, name=scope)

    return summary_writer_function(name, tensor, function, family)


@export(*_names("audio"))
def audio(name, tensor, sample_rate, max_outputs, family=None, step=None):
    """Writes sounds.

    Args:
      name, family, step: as of `generic`.
      tensor: float32, of shape `[batch, frames]` or `[batch, frames, channels]`.
      sample_rate: frames in a second.
      max_outputs: how many sounds of the batch to write at most.

    Returns:
      As `generic`.
    """
    return _writing("WriteAudioSummary", name, tensor, family, step, sample_rate, max_outputs=max_outputs)


@export(*_names("graph"))
def write_graph(param, step=None, name=None):
    """Writes a graph.

    Args:
      param: a string tensor, a serialized `GraphDef`; eagerly also a `Graph` or a `GraphDef`.
      step: the step, by default the global one.
      name: the name of the operation.

    Returns:
      The operation; eagerly None.

    Raises:
      TypeError: in a graph, `param` is no tensor.
    """
    if not here.eager and not isinstance(param, Tensor):
        raise TypeError("graph() needs a tf.Tensor (e.g. tf.placeholder) in graph mode, but was: %s" % type(param))
    if _current.writer is None:
        return no_op()
    with device("cpu:0"):
        is_graph = isinstance(param, Graph | protos.GraphDef)
        tensor = convert(_serialized(param), dtypes.string) if is_graph else _identity(param)
        return registry["WriteGraphSummary"](_current.writer._resource, _chosen_step(step), tensor, name=name)


def _serialized(graph):
    return (graph.as_graph_def(add_shapes=True) if isinstance(graph, Graph) else graph).SerializeToString()


@export(*_names("import_event"))
def import_event(tensor, name=None):
    """Writes an event: a string tensor of shape `[]`, a serialized `Event`.  Whether summaries are recorded does not matter."""
    return registry["ImportEvent"](_current.writer._resource, tensor, name=name)


# --------------------------------------------------------------------------------------------------- those of TensorFlow 2


@export("compat.v2.summary.experimental.summary_scope", "python.ops.summary_ops_v2.summary_scope")
@contextlib.contextmanager
def summary_scope(name, default_name="summary", values=None):
    """A context manager in the scope of a summary's operation.

    Args:
      name: the summary's name, with any characters.
      default_name: the name to take if there is none.
      values: tensors whose graph is the one to use.

    Yields:
      The tag, which need not be unique, and the scope.
    """
    name = name or default_name
    outer = (here.scope if here.eager else get_default_graph().get_name_scope()).rstrip("/")
    with name_scope(_UNFIT.sub("", name) or None, default_name, values) as scope:
        yield outer + "/" + name if outer else name, scope


def _written(op_type, default_name, name, step, *inputs):
    """Writes a summary whose op takes these inputs after the step (functions of nothing give them); whether that was done."""
    with name_scope(name, default_name) as scope:
        if _current.writer is None:
            return constant(False)
        step = get_step() if step is None else step
        if step is None:
            raise ValueError("No step set via 'step' argument or tf.summary.experimental.set_step()")

        def record():
            with device("cpu:0"):
                given = [i() if callable(i) else i for i in inputs]
                done = registry[op_type](_current.writer._resource, step, *given, name=scope)
                with control_dependencies([done]):
                    return constant(True)

        with device("cpu:0"):
            return _collected(smart_cond(_should_record(True), record, _nothing, name="summary_cond"))


@export("compat.v2.summary.write", "python.ops.summary_ops_v2.write")
def write(tag, tensor, step=None, metadata=None, name=None):
    """Writes a tensor to the thread's writer.

    Args:
      tag: the tag, as `summary_scope` gives it.
      tensor: the tensor.
      step: the step, by default that of `set_step`.
      metadata: a `SummaryMetadata`, or one as bytes.
      name: the name of the operation.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      ValueError: there is a writer but no step.
    """
    text = b"" if metadata is None else metadata
    text = text.SerializeToString() if hasattr(text, "SerializeToString") else text
    return _written("WriteSummary", "write_summary", name, step, lambda: _identity(tensor), tag, text)


@export("compat.v2.summary.experimental.write_raw_pb", "python.ops.summary_ops_v2.write_raw_pb")
def write_raw_pb(tensor, step=None, name=None):
    """Writes serialized `Summary` messages to the thread's writer.

    Args:
      tensor: a string tensor.
      step: the step, by default that of `set_step`.
      name: the name of the operation.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      ValueError: there is a writer but no step.
    """
    return _written("WriteRawProtoSummary", "write_raw_pb", name, step, lambda: _identity(tensor))


def _metadata_of(plugin):
    return protos.SummaryMetadata(plugin_data={"plugin_name": plugin, "content": b"1"})


@export("python.ops.summary_ops_v2.run_metadata")
def run_metadata(name, data, step=None):
    """Writes a `RunMetadata`; the step and the result are those of `write`."""
    return _write_message(name, data, step, "graph_run_metadata")


@export("python.ops.summary_ops_v2.run_metadata_graphs")
def run_metadata_graphs(name, data, step=None):
    """Writes the graphs of a `RunMetadata`; the step and the result are those of `write`."""
    graphs = protos.RunMetadata(function_graphs=data.function_graphs, partition_graphs=data.partition_graphs)
    return _write_message(name, graphs, step, "graph_run_metadata_graph")


@export("python.ops.summary_ops_v2.keras_model")
def keras_model(name, data, step=None):
    """Writes the configuration of a model of Keras as JSON.

    Args:
      name: the name of the summary.
      data: the model.
      step: the step, by default that of `set_step`.

    Returns:
      As of `write`; False, after a warning, if the model has no such form.
    """
    try:
        text = data.to_json()
    except Exception as e:  # whatever a layer of a program raises: training goes on without this summary
        logging.warn("Model failed to serialize as JSON. Ignoring... %s" % e)
        return False
    return _write_bytes(name, text, step, "graph_keras_model", "graph_keras_model")


def _write_message(name, data, step, plugin):
    return _write_bytes(name, data.SerializeToString(), step, plugin, plugin + "_summary")


def _write_bytes(name, data, step, plugin, default_name):
    with summary_scope(name, default_name) as (tag, _):
        with device("cpu:0"):
            tensor = constant(data, dtypes.string)
        return write(tag, tensor, step, _metadata_of(plugin))


# -------------------------------------------------------------------------------------------------------- for `tf.summary`


@export("python.summary.writer.event_file_writer_v2.EventFileWriterV2")
class EventFileWriterV2:
    """Writes events with operations of a session's graph.

    Args:
      session: the session.
      logdir: the folder of the file; it is made if need be.
      max_queue: how many events may wait to be written.
      flush_secs: after how many seconds they are written.
      filename_suffix: how the file's name ends.
    """

    def __init__(self, session, logdir, max_queue=10, flush_secs=120, filename_suffix=""):
        self._session, self._logdir, self._closed = session, logdir, False
        with session.graph.as_default(), name_scope("filewriter"):
            writer = create_file_writer(logdir, max_queue, flush_secs * 1000, filename_suffix or "")
            with always_record_summaries(), writer.as_default():
                self._event = resolve("placeholder_with_default")(constant("unused", dtypes.string), shape=[])
                self._add = import_event(self._event)
            self._init, self._flush, self._close = writer.init(), writer.flush(), writer.close()
        session.run(self._init)

    def get_logdir(self):
        """The folder."""
        return self._logdir

    def reopen(self):
        """Lets events be written again after `close`, to a new file."""
        if self._closed:
            self._closed = False
            self._session.run(self._init)

    def add_event(self, event):
        """Adds an `Event`; does nothing after `close`."""
        if not self._closed:
            self._session.run(self._add, {self._event: event.SerializeToString()})

    def flush(self):
        """Writes what waits."""
        self._session.run(self._flush)

    def close(self):
        """Writes what waits and closes the file."""
        if not self._closed:
            self.flush()
            self._session.run(self._close)
            self._closed = True
