"""The ops of readers.  Each has an old form, whose handle is a reference, and a new one, whose handle is a resource."""

import numpy as np

from ..core import shape as shapes
from ..core.dtypes import object_array
from ..core.errors import NotYetError
from ..core.op import Host, State, op
from .reader_state import FixedLengthRecordReader, IdentityReader, TextLineReader, TFRecordReader, WholeFileReader


def _made(kind, state, node_name, container, shared_name, *args):
    """The reader that an operation makes or shares."""
    key = shared_name or (node_name,)
    return state.resource((container, "reader"), key, lambda: kind(node_name, *args))


def _name_of(state):
    return state.node_name or "reader"


@op("WholeFileReaderV2", host=True)
def _whole(xp, *, container="", shared_name="", state: State):
    return _made(WholeFileReader, state, _name_of(state), container, shared_name)


@op("IdentityReaderV2", host=True)
def _identity(xp, *, container="", shared_name="", state: State):
    return _made(IdentityReader, state, _name_of(state), container, shared_name)


@op("TextLineReaderV2", host=True)
def _lines(xp, *, skip_header_lines=0, container="", shared_name="", state: State):
    return _made(TextLineReader, state, _name_of(state), container, shared_name, skip_header_lines)


@op("TFRecordReaderV2", host=True)
def _records(xp, *, container="", shared_name="", compression_type="", state: State):
    return _made(TFRecordReader, state, _name_of(state), container, shared_name, compression_type)


@op("FixedLengthRecordReaderV2", host=True)
def _fixed(xp, *, header_bytes=0, record_bytes, footer_bytes=0, hop_bytes=0, container="", shared_name="", encoding="",
           state: State):  # fmt: skip
    sizes = header_bytes, record_bytes, footer_bytes, hop_bytes
    return _made(FixedLengthRecordReader, state, _name_of(state), container, shared_name, *sizes, encoding)


for _op in (_whole, _identity, _lines, _records, _fixed):
    _op.shape(lambda: ())


_GRAPHS_ONLY = "a reader whose handle is a reference exists in graphs only"


@op("WholeFileReader", host=True)
def _old_whole(xp, *, container="", shared_name=""):
    raise NotImplementedError(_GRAPHS_ONLY)


@op("IdentityReader", host=True)
def _old_identity(xp, *, container="", shared_name=""):
    raise NotImplementedError(_GRAPHS_ONLY)


@op("TextLineReader", host=True)
def _old_lines(xp, *, skip_header_lines=0, container="", shared_name=""):
    raise NotImplementedError(_GRAPHS_ONLY)


@op("TFRecordReader", host=True)
def _old_records(xp, *, container="", shared_name="", compression_type=""):
    raise NotImplementedError(_GRAPHS_ONLY)


@op("FixedLengthRecordReader", host=True)
def _old_fixed(xp, *, header_bytes=0, record_bytes, footer_bytes=0, hop_bytes=0, container="", shared_name=""):
    raise NotImplementedError(_GRAPHS_ONLY)


@op("LMDBReader", host=True)
def _lmdb(xp, *, container="", shared_name=""):
    raise NotYetError("LMDBReader: Eagle reads no LMDB files")


def _arguments(attrs):
    """What the reader's class takes besides the name, from a node's attributes."""
    names = "skip_header_lines", "header_bytes", "record_bytes", "footer_bytes", "hop_bytes", "compression_type"
    return [attrs[n] for n in names if n in attrs] + [""] * ("hop_bytes" in attrs)


def _emitter(kind):
    def emit(program, node):
        attrs = node.attrs
        reader = _made(kind, program.state, node._name, attrs["container"], attrs["shared_name"], *_arguments(attrs))
        program.refer(node.outputs[0], program.bind(node._name, reader))

    return emit


for _op, _kind in ((_old_whole, WholeFileReader), (_old_identity, IdentityReader), (_old_lines, TextLineReader),
                   (_old_records, TFRecordReader), (_old_fixed, FixedLengthRecordReader), (_lmdb, None)):  # fmt: skip
    _op.shape(lambda: (2,))
    _op.not_differentiable()
    if _kind is not None:
        _op.emits("numpy")(_emitter(_kind))


@op("FakeQueue", host=True)
def _fake_queue(xp, resource):
    raise NotImplementedError("a queue whose handle is a reference exists in graphs only")


@_fake_queue.emits("numpy")
def _(program, node):
    """The queue itself: it has but one kind of handle here."""
    program.refer(node.outputs[0], program.value(node.inputs[0]))


_fake_queue.shape(lambda resource: (2,))


# ---------------------------------------------------------------------------------------------------------- what they do


def _text(data):
    return np.array(data, object)


def _read(xp, reader_handle, queue_handle):
    key, value = reader_handle.read(queue_handle)
    return _text(key), _text(value)


def _read_up_to(xp, reader_handle, queue_handle, num_records: Host):
    keys, values = reader_handle.read_up_to(num_records, queue_handle)
    return object_array(keys), object_array(values)


def _produced(xp, reader_handle):
    return np.int64(reader_handle.produced)


def _completed(xp, reader_handle):
    return np.int64(reader_handle.finished)


def _serialize(xp, reader_handle):
    return _text(reader_handle.serialize())


def _restore(xp, reader_handle, state):
    reader_handle.restore(np.asarray(state).item())
    return ()


def _reset(xp, reader_handle):
    reader_handle.reset()
    return ()


def _scalars(reader_handle, queue_handle):
    return [(), ()]


def _vectors(reader_handle, queue_handle, num_records):
    return [(None,), (None,)]


def _scalar(reader_handle):
    return ()


def _takes_scalar(reader_handle, state):
    shapes.with_rank(state, 0)
    return []


_KERNELS = {
    "ReaderRead": (_read, _scalars),
    "ReaderReadUpTo": (_read_up_to, _vectors),
    "ReaderNumRecordsProduced": (_produced, _scalar),
    "ReaderNumWorkUnitsCompleted": (_completed, _scalar),
    "ReaderSerializeState": (_serialize, _scalar),
    "ReaderRestoreState": (_restore, _takes_scalar),
    "ReaderReset": (_reset, lambda reader_handle: []),
}
OPS = {}
for _name, (_kernel, _rule) in _KERNELS.items():
    for _form in (_name, _name + "V2"):
        OPS[_form] = op(_form, host=True, waits=2 if _kernel in (_read, _read_up_to) else 0)(_kernel)
        OPS[_form].shape(_rule)
    OPS[_name].not_differentiable()
