"""Ops that write to event files: what `tf.contrib.summary` runs."""

import os
import threading
import time

import numpy as np

from .. import protos
from ..core import shape as shapes
from ..core.dtypes import RESOURCE, Handle
from ..core.errors import DataLossError, NotFoundError, NotYetError, invalid
from ..core.op import State, op
from ..ops.summaries import audio_values, histogram_value, image_values, scalar_value, tensor_value
from ..platform import gfile
from .events import EventsWriter

_ABSENT = "Resource localhost/%s/N10tensorflow22SummaryWriterInterfaceE does not exist."


class WriterResource(Handle):
    """The value of a writer's handle; it has an event file once it has been initialized.

    Attributes:
      name: the name under which operations share it.
    """

    __slots__ = ("name", "_lock", "_file", "_queue", "_most", "_millis", "_flushed", "__weakref__")
    dtype = RESOURCE

    def __init__(self, name):
        self.name = name
        self._lock = threading.RLock()
        self._file, self._queue, self._most, self._millis, self._flushed = None, [], 0, 0, 0.0

    def open(self, folder, most, millis, suffix):
        """Makes the file, unless there is one.

        Args:
          folder: the folder of the file.
          most: how many events may wait to be written.
          millis: after how many milliseconds they are written at the latest when another one comes.
          suffix: how the file's name ends.
        """
        with self._lock:
            if self._file is None:
                gfile.makedirs(folder)
                self._file = EventsWriter(os.path.join(folder, "events"))
                self._file.InitWithSuffix(suffix)
                self._most, self._millis, self._flushed = most, millis, time.time()

    def _open_file(self):
        if self._file is None:
            raise NotFoundError(None, None, _ABSENT % self.name)
        return self._file

    def add(self, event):
        """Adds an `Event`; raises NotFoundError if there is no file."""
        with self._lock:
            self._open_file()
            self._queue.append(event)
            if len(self._queue) > self._most or time.time() - self._flushed > self._millis / 1000:
                self.flush()

    def add_values(self, step, values):
        """Adds `Summary.Value`s as one event."""
        self.add(protos.Event(step=_integer(step), wall_time=time.time(), summary=protos.Summary(value=values)))

    def flush(self):
        """Writes what waits; raises NotFoundError if there is no file."""
        with self._lock:
            file = self._open_file()
            for event in self._queue:
                file.WriteEvent(event)
            self._queue.clear()
            file.Flush()
            self._flushed = time.time()

    def close(self):
        """Writes what waits and closes the file, if there is one."""
        with self._lock:
            if self._file is not None:
                self.flush()
                self._file.Close()
                self._file = None

    def __del__(self):
        self.close()


def _integer(value):
    return int(np.asarray(value).item())


def _text(value):
    return np.asarray(value, object).item()


@op("SummaryWriter", host=True, foldable=False)
def _summary_writer(xp, *, shared_name="", container="", state: State):
    name = shared_name or state.node_name or ""
    return state.resource(container, name, lambda: WriterResource("%s/%s" % (container or "localhost", name)))


@op("CreateSummaryFileWriter", host=True)
def _create(xp, writer, logdir, max_queue, flush_millis, filename_suffix):
    folder, suffix = _text(logdir).decode(), _text(filename_suffix).decode()
    writer.open(folder, _integer(max_queue), _integer(flush_millis), suffix)
    return ()


@op("CreateSummaryDbWriter", host=True)
def _create_db(xp, writer, db_uri, experiment_name, run_name, user_name):
    raise NotYetError("CreateSummaryDbWriter: summaries in databases (for %s, %s, %s, %s)"
                      % tuple(map(_text, (db_uri, experiment_name, run_name, user_name))))  # fmt: skip


@op("FlushSummaryWriter", host=True)
def _flush(xp, writer):
    writer.flush()
    return ()


@op("CloseSummaryWriter", host=True)
def _close(xp, writer):
    writer.flush()  # which fails if there is nothing to close
    writer.close()
    return ()


@op("WriteSummary", host=True)
def _write(xp, writer, step, tensor, tag, summary_metadata):
    metadata = _text(summary_metadata) or None
    writer.add_values(step, [tensor_value(tensor, metadata, tag=_text(tag).decode())])
    return ()


@op("WriteRawProtoSummary", host=True)
def _write_raw(xp, writer, step, tensor):
    if np.ndim(step):
        raise invalid("step must be scalar, got shape %s", shapes.to_brackets(np.shape(step)))
    merged = protos.Summary()
    for i, text in enumerate(np.asarray(tensor, object).ravel()):
        merged.MergeFrom(_parsed(protos.Summary, text, "Bad tf.compat.v1.Summary binary proto tensor string at index %d" % i))
    writer.add_values(step, merged.value)
    return ()


def _parsed(cls, text, message):
    """The message of a class that some bytes are; otherwise DataLossError."""
    try:
        return cls.FromString(text)
    except Exception:  # protobuf's error is of another class in each of its versions
        raise DataLossError(None, None, message) from None


@op("ImportEvent", host=True)
def _import(xp, writer, event):
    writer.add(_parsed(protos.Event, _text(event), "Bad tf.Event binary proto tensor string"))
    return ()


@op("WriteGraphSummary", host=True)
def _write_graph(xp, writer, step, tensor):
    graph_def = _parsed(protos.GraphDef, _text(tensor), "Bad tf.GraphDef binary proto tensor string")
    writer.add(protos.Event(step=_integer(step), wall_time=time.time(), graph_def=graph_def.SerializeToString()))
    return ()


@op("WriteScalarSummary", host=True)
def _write_scalar(xp, writer, step, tag, value):
    if np.ndim(value):
        raise invalid("scalar must be a scalar, got shape %s", shapes.to_brackets(np.shape(value)))
    writer.add_values(step, [scalar_value(_text(tag), value)])
    return ()


@op("WriteHistogramSummary", host=True)
def _write_histogram(xp, writer, step, tag, values):
    writer.add_values(step, [histogram_value(_text(tag), values, _text(tag).decode())])
    return ()


@op("WriteImageSummary", host=True)
def _write_image(xp, writer, step, tag, tensor, bad_color, *, max_images=3):
    writer.add_values(step, list(image_values(_text(tag), np.asarray(tensor), max_images, bad_color)))
    return ()


@op("WriteAudioSummary", host=True)
def _write_audio(xp, writer, step, tag, tensor, sample_rate, *, max_outputs=3):
    writer.add_values(step, list(audio_values(_text(tag), tensor, np.asarray(sample_rate).item(), max_outputs)))
    return ()
