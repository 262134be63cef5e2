"""`tf.summary.FileWriter`: writes summaries, graphs and more to event files."""

import os
import threading
import time
import warnings

from .. import protos
from ..core.context import here
from ..core.export import export, resolve
from ..core.graph import Graph, get_default_graph
from ..platform import gfile, tf_logging as logging
from ..saved.meta_graph import create_meta_graph_def
from . import plugin_asset
from .events import EventFileWriter


@export("python.summary.writer.writer.SummaryToEventTransformer")
class SummaryToEventTransformer:
    """Makes events of what is added, and gives them to a writer.

    Args:
      event_writer: it has methods `add_event` and `get_logdir`.
      graph: a `Graph` to add.
      graph_def: deprecated: a `GraphDef` to add.
    """

    def __init__(self, event_writer, graph=None, graph_def=None):
        self.event_writer = event_writer
        self._session_run_tags = set()
        self._seen_summary_tags = set()
        if graph is not None or graph_def is not None:
            self.add_graph(graph=graph, graph_def=graph_def)
            written = graph.as_graph_def(add_shapes=True) if isinstance(graph, Graph) else graph
            self.add_meta_graph(create_meta_graph_def(graph_def=graph_def or written))

    def add_summary(self, summary, global_step=None):
        """Adds a summary.

        The metadata of a value are kept only the first time that its tag comes.

        Args:
          summary: a `Summary`, or the bytes of one, which operations such as `tf.summary.scalar` give.
          global_step: the number of the step.
        """
        if isinstance(summary, bytes):
            summary = protos.Summary.FromString(summary)
        for value in summary.value:
            if value.tag in self._seen_summary_tags:
                value.ClearField("metadata")
            else:
                self._seen_summary_tags.add(value.tag)
        self._add_event(protos.Event(summary=summary), global_step)

    def add_session_log(self, session_log, global_step=None):
        """Adds a `SessionLog`."""
        self._add_event(protos.Event(session_log=session_log), global_step)

    def add_graph(self, graph, global_step=None, graph_def=None):
        """Adds a graph, for TensorBoard to show.

        Args:
          graph: the `Graph`.
          global_step: the number of the step.
          graph_def: deprecated: a `GraphDef`.

        Raises:
          ValueError: both `graph` and `graph_def` are given.
          TypeError: neither is a graph.
        """
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        given = graph if graph is not None else graph_def
        if isinstance(given, Graph):
            if graph is None:
                logging.warning("When passing a `Graph` object, please use the `graph` named argument instead of `graph_def`.")
            written = given.as_graph_def(add_shapes=True)
            self._write_plugin_assets(given)
        elif isinstance(given, protos.GraphDef):
            logging.warning("Passing a `GraphDef` to the SummaryWriter is deprecated. Pass a `Graph` object instead, such as "
                            "`sess.graph`.")  # fmt: skip
            written = given
        else:
            raise TypeError("The passed graph must be an instance of `Graph` or the deprecated `GraphDef`")
        self._add_event(protos.Event(graph_def=written.SerializeToString()), global_step)

    def _write_plugin_assets(self, graph):
        """Writes the files that plugins of TensorBoard want to find."""
        for asset in plugin_asset.get_all_plugin_assets(graph):
            folder = os.path.join(self.event_writer.get_logdir(), "plugins", asset.plugin_name)
            gfile.makedirs(folder)
            for name, content in asset.assets().items():
                with gfile.GFile(os.path.join(folder, name), "w") as f:
                    f.write(content)

    def add_meta_graph(self, meta_graph_def, global_step=None):
        """Adds a `MetaGraphDef`; raises TypeError if it is none."""
        if not isinstance(meta_graph_def, protos.MetaGraphDef):
            raise TypeError("meta_graph_def must be type MetaGraphDef, saw type: %s" % type(meta_graph_def))
        self._add_event(protos.Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata, tag, global_step=None):
        """Adds what a run of a session noted, a `RunMetadata`, under a tag; raises ValueError if the tag is taken."""
        if tag in self._session_run_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._session_run_tags.add(tag)
        tagged = protos.TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add_event(protos.Event(tagged_run_metadata=tagged), global_step)

    def _add_event(self, event, step):
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self.event_writer.add_event(event)


@export("summary.FileWriter", "python.summary.writer.writer.FileWriter", "python.summary.summary.FileWriter")
class FileWriter(SummaryToEventTransformer):
    """Writes summaries, graphs and more to an event file, without keeping the program waiting.

    Args:
      logdir: the folder of the file; it is made if need be.
      graph: a `Graph` to add at once.
      max_queue: how many events may wait to be written.
      flush_secs: after how many seconds the file is flushed.
      graph_def: deprecated: a `GraphDef` to add at once.
      filename_suffix: how the file's name ends.
      session: a session whose graph gets operations that write; its writer of the same folder is shared.

    Raises:
      RuntimeError: in eager execution.
    """

    def __init__(self, logdir, graph=None, max_queue=10, flush_secs=120, graph_def=None, filename_suffix=None, session=None):
        if here.eager:
            raise RuntimeError("tf.summary.FileWriter is not compatible with eager execution. Use tf.contrib.summary instead.")
        if session is not None:
            make = resolve("python.summary.writer.event_file_writer_v2.EventFileWriterV2")
            event_writer = make(session, logdir, max_queue, flush_secs, filename_suffix)
        else:
            event_writer = EventFileWriter(logdir, max_queue, flush_secs, filename_suffix)
        self._closed = False
        super().__init__(event_writer, graph, graph_def)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def get_logdir(self):
        """The folder."""
        return self.event_writer.get_logdir()

    def _warn_if_event_writer_is_closed(self):
        if self._closed:
            warnings.warn("Attempting to use a closed FileWriter. The operation will be a noop unless the FileWriter is explicitly "
                          "reopened.", stacklevel=3)  # fmt: skip

    def _add_event(self, event, step):
        self._warn_if_event_writer_is_closed()
        super()._add_event(event, step)

    def add_event(self, event):
        """Adds an `Event`."""
        self._warn_if_event_writer_is_closed()
        self.event_writer.add_event(event)

    def flush(self):
        """Waits until all events are in the file."""
        self._warn_if_event_writer_is_closed()
        self.event_writer.flush()

    def close(self):
        """Writes what is left and closes the file."""
        self.event_writer.close()
        self._closed = True

    def reopen(self):
        """Lets events be written again after `close`, to a new file."""
        self.event_writer.reopen()
        self._closed = False


@export("summary.FileWriterCache", "python.summary.writer.writer_cache.FileWriterCache", "python.summary.summary.FileWriterCache")
class FileWriterCache:
    """One `FileWriter` for each folder."""

    _cache = {}
    _lock = threading.RLock()

    @staticmethod
    def clear():
        """Closes all writers and forgets them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._cache.values():
                writer.close()
            FileWriterCache._cache = {}

    @staticmethod
    def get(logdir):
        """The writer for a folder; a new one gets the default graph."""
        with FileWriterCache._lock:
            if logdir not in FileWriterCache._cache:
                FileWriterCache._cache[logdir] = FileWriter(logdir, graph=get_default_graph())
            return FileWriterCache._cache[logdir]
