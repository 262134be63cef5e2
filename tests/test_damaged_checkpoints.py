"""Thousands of damaged and hostile checkpoints: refused with an error that names the file, or read, in little time and memory."""

import gc
import io
import pathlib
import random
import shutil
import struct
import sys
import time
import tracemalloc

import numpy as np
import pytest

from eagle import protos
from eagle.core import errors
from eagle.platform import bundle_slices as slices, crc32c
from eagle.platform.bundle_table import Table, TableWriter, put_varint
from eagle.platform.bundle_writer import BundleWriter
from eagle.saved.checkpoint_reader import CheckpointReader

FOLDER = pathlib.Path(__file__).parent / "checkpoints" / "1.15.5"
sys.path.insert(0, str(FOLDER.parent))
import contents  # noqa: E402

REFUSALS = errors.DataLossError, errors.InvalidArgumentError, errors.NotFoundError


def read_all(prefix):
    """Reads a checkpoint in all ways."""
    reader = CheckpointReader(prefix)
    reader.debug_string()
    for name in reader.get_variable_to_shape_map():
        reader.get_tensor(name)


def check(prefix, size):
    """Reads a damaged checkpoint; whether it was refused.  `size` is how long its files are."""
    started = time.process_time()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        read_all(str(prefix))
        refused = False
    except REFUSALS as e:
        assert str(prefix) in e.message, e.message
        refused = True
    peak = tracemalloc.get_traced_memory()[1] - before
    assert time.process_time() - started < 5
    assert peak < 100 * size + (1 << 20), peak
    return refused


@pytest.fixture
def folder(tmp_path):
    gc.collect()
    gc.freeze()  # what other tests have left must not cost time here
    tracemalloc.start()
    yield tmp_path
    tracemalloc.stop()
    gc.unfreeze()


@pytest.fixture
def small(folder):
    """A checkpoint with tensors of some types, in parts too: the bytes of its index and of its data."""
    with BundleWriter(str(folder / "small")) as writer:
        for name in ("float32", "bool", "string", "qint8", "complex64"):
            value = contents.texts((3,)) if name == "string" else contents.numbers(name, (2, 3))
            writer.add(name.encode(), value if name != "qint8" else value.view([("qint8", "i1")]))
        for part, spec in zip(contents.PARTS, contents.SPECS):
            shape, extents, _ = slices.parse_shape_and_slice(spec)
            writer.add_slice(b"whole", shape, extents, contents.WHOLE[part])
        writer.finish()
    return [(folder / ("small" + end)).read_bytes() for end in (".index", ".data-00000-of-00001")]


def put(folder, index, data):
    (folder / "c.index").write_bytes(index)
    (folder / "c.data-00000-of-00001").write_bytes(data)
    return folder / "c", len(index) + len(data)


def test_truncated(folder, small):
    index, data = small
    for n in range(len(index)):
        assert check(*put(folder, index[:n], data))
    for n in range(len(data)):
        assert check(*put(folder, index, data[:n]))
    assert not check(*put(folder, index, data))
    assert not check(*put(folder, index, data + b"more"))


def test_flipped_bits(folder, small):
    index, data = small
    draw = random.Random(1)
    for _ in range(1500):
        at, bit = draw.randrange(len(index) + len(data)), 1 << draw.randrange(8)
        damaged = bytearray(index + data)
        damaged[at] ^= bit
        assert check(*put(folder, bytes(damaged[: len(index)]), bytes(damaged[len(index) :])))


def test_overwritten_stretches(folder, small):
    index, data = small
    draw = random.Random(2)
    for _ in range(600):
        at, size = draw.randrange(len(index)), draw.randrange(1, 40)
        with_what = draw.choice([b"\0" * size, b"\xff" * size, draw.randbytes(size)])
        damaged = (index[:at] + with_what + index[at + size :])[: len(index)]
        assert check(*put(folder, damaged, data)) or damaged == index
    for _ in range(100):
        assert check(*put(folder, draw.randbytes(draw.randrange(300)), data))


def rebuilt(entries):
    """A table with right checksums of a list of pairs."""
    file = io.BytesIO()
    table = TableWriter(file)
    for pair in sorted(entries):
        table.add(*pair)
    table.finish()
    return file.getvalue()


def test_damage_below_right_checksums(folder, small):
    """Bytes of entries are changed before the checksums of the index are computed."""
    index, data = small
    draw, entries = random.Random(3), list(Table(io.BytesIO(index), "small"))
    for _ in range(1500):
        changed = list(entries)
        i = draw.randrange(len(changed))
        key, value = changed[i]
        value = bytearray(value)
        for _ in range(draw.choice([1, 1, 2, 5])):
            if draw.random() < 0.3:
                value[draw.randrange(len(value) + 1) :] = draw.randbytes(draw.randrange(12))
            if value:
                value[draw.randrange(len(value))] ^= 1 << draw.randrange(8)
        changed[i] = key, bytes(value)
        check(*put(folder, rebuilt(changed), data))


EXTREMES = [0, 1, -1, 7, 1 << 20, (1 << 31) - 1, (1 << 62), (1 << 63) - 1, -(1 << 63)]


def hostile_entries():
    """Functions that make an entry (of a float32 tensor of shape [2, 3]) say what can't be."""
    for extreme in EXTREMES:
        yield lambda e, v=extreme: setattr(e, "offset", v)
        yield lambda e, v=extreme: setattr(e, "size", v)
        yield lambda e, v=extreme: setattr(e.shape.dim[0], "size", v)
        yield lambda e, v=extreme: [e.shape.dim.add(size=v) for _ in range(3)]
        yield lambda e, v=extreme: (setattr(e, "size", 0), setattr(e.shape.dim[0], "size", 0), e.shape.dim.add(size=v))
        yield lambda e, v=extreme: e.slices.add().extent.add(start=v, length=1)
        yield lambda e, v=extreme: e.slices.add().extent.add(start=0, length=v)
        yield lambda e, v=extreme: [e.slices.add().extent.add(start=v, length=3) for _ in range(3)]
        if abs(extreme) < 1 << 31:
            yield lambda e, v=extreme: setattr(e, "shard_id", v)
    for dtype in range(-1, 130):
        yield lambda e, v=dtype: setattr(e, "dtype", v)
    yield lambda e: setattr(e.shape, "unknown_rank", True)
    yield lambda e: [e.shape.dim.add(size=1) for _ in range(300)]
    yield lambda e: [e.slices.add() for _ in range(20000)]


def test_hostile_entries(folder, small):
    index, data = small
    entries = dict(Table(io.BytesIO(index), "small"))
    for name in (b"float32", b"string", b"whole", next(k for k in entries if k.startswith(b"\0"))):
        for spoil in hostile_entries():
            entry = protos.BundleEntryProto.FromString(entries[name])
            spoil(entry)
            check(*put(folder, rebuilt({**entries, name: entry.SerializeToString()}.items()), data))


def test_hostile_headers(folder, small):
    index, data = small
    entries = dict(Table(io.BytesIO(index), "small"))
    for count in (-1, 0, 2, 5, (1 << 31) - 1):
        header = protos.BundleHeaderProto(num_shards=count)
        check(*put(folder, rebuilt({**entries, b"": header.SerializeToString()}.items()), data))
    for header in (protos.BundleHeaderProto(num_shards=1, endianness=1), protos.BundleHeaderProto(num_shards=1, endianness=9)):
        assert check(*put(folder, rebuilt({**entries, b"": header.SerializeToString()}.items()), data))
    header = protos.BundleHeaderProto(num_shards=1)
    header.version.min_consumer = 2
    assert check(*put(folder, rebuilt({**entries, b"": header.SerializeToString()}.items()), data))
    del entries[b""]
    assert check(*put(folder, rebuilt(entries.items()), data))


def test_many_tensors_from_the_same_bytes(folder):
    """Together tensors can't be longer than the file."""
    data = bytes(1 << 16)
    entry = protos.BundleEntryProto(dtype=4, size=len(data), crc32c=crc32c.mask(crc32c.value(data)))
    entry.shape.dim.add(size=len(data))
    header = protos.BundleHeaderProto(num_shards=1).SerializeToString()
    many = [(b"", header)] + [(b"%05d" % i, entry.SerializeToString()) for i in range(5000)]
    assert check(*put(folder, rebuilt(many), data))
    whole = protos.BundleEntryProto(dtype=4)
    whole.shape.dim.add(size=1000 << 16)
    parts = []
    for i in range(1000):
        whole.slices.add().extent.add(start=i << 16, length=1 << 16)
        parts.append((slices.encode_name(b"w", ((i << 16, 1 << 16),)), entry.SerializeToString()))
    assert check(*put(folder, rebuilt([(b"", header), (b"w", whole.SerializeToString()), *parts]), data))


def raw_table(*blocks, index=None):
    """A table of raw blocks with right checksums."""
    out, places = b"", []
    for block in blocks:
        places.append(put_varint(len(out)) + put_varint(len(block)))
        content = block + b"\0"
        out += content + struct.pack("<I", crc32c.mask(crc32c.value(content)))
    index = index if index is not None else [(b"\xff", p) for p in places]
    block = b"".join(put_varint(0) + put_varint(len(k)) + put_varint(len(v)) + k + v for k, v in index) + struct.pack("<II", 0, 1)
    content, places_end = block + b"\0", len(out)
    out += content + struct.pack("<I", crc32c.mask(crc32c.value(content)))
    meta, content = len(out), struct.pack("<II", 0, 1) + b"\0"
    out += content + struct.pack("<I", crc32c.mask(crc32c.value(content)))
    footer = put_varint(meta) + put_varint(8) + put_varint(places_end) + put_varint(len(block))
    return out + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def test_hostile_tables(folder):
    ones = struct.pack("<II", 0, 1)
    growing = b"".join(put_varint(i) + put_varint(1) + put_varint(0) + b"k" for i in range(20000))  # keys ever longer
    huge = put_varint((1 << 32) - 1)
    for table in (
        raw_table(growing + ones),
        raw_table(huge + put_varint(0) + put_varint(0) + ones),
        raw_table(put_varint(0) + huge + put_varint(0) + ones),
        raw_table(put_varint(0) + put_varint(1) + huge + b"k" + ones),
        raw_table(b"\xff" * 11 + ones),
        raw_table(b""),
        raw_table(b"\xff\xff\xff\xff"),
        raw_table(ones),
        raw_table(b"x" * 100, index=[(b"%05d" % i, put_varint(0) + put_varint(100)) for i in range(5000)]),  # one block, many times
        raw_table(b"x" * 100, index=[(b"k", put_varint(1 << 63) + put_varint(1 << 62))]),
        raw_table(b"x" * 100, index=[(b"k", b"\xff" * 10)]),
        raw_table(b"x" * 100, index=[(b"k", b"")]),
    ):
        assert check(*put(folder, table, b""))


@pytest.mark.parametrize("name", ["old", "old_parts"])
def test_old_format(folder, name):
    """The same for checkpoints of the old format."""
    original = (FOLDER / name).read_bytes()
    target, draw = folder / "o", random.Random(4)
    shutil.copy(FOLDER / name, target)
    assert not check(target, len(original))

    def refused(data):
        target.write_bytes(data)
        return check(target, len(data) + 1000)

    for n in list(range(0, len(original), 1 + len(original) // 300)):
        assert refused(original[:n])
    for _ in range(300):
        damaged = bytearray(original)
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        assert refused(bytes(damaged))
    entries = list(Table(io.BytesIO(original), name))
    for _ in range(300):
        changed = list(entries)
        i = draw.choice([0, draw.randrange(len(changed))])
        value = bytearray(changed[i][1])
        for _ in range(draw.choice([1, 1, 4])):
            value[draw.randrange(len(value))] ^= 1 << draw.randrange(8)
        changed[i] = changed[i][0], bytes(value)
        refused(rebuilt(changed))
    for extreme in EXTREMES:
        meta = protos.SavedTensorSlices.FromString(dict(entries)[b""])
        for tensor in meta.meta.tensor:
            for dim in tensor.shape.dim:
                dim.size = extreme
        refused(rebuilt([(b"", meta.SerializeToString()), *entries[1:]]))


def test_no_checkpoint_at_all(folder):
    with pytest.raises(errors.NotFoundError, match="Failed to find any matching files for .*nothing"):
        CheckpointReader(str(folder / "nothing"))
    (folder / "text").write_text("hello " * 100)
    with pytest.raises(errors.DataLossError, match="text: Data loss: .*bad magic number"):
        CheckpointReader(str(folder / "text"))
    (folder / "sub").mkdir()
    with pytest.raises(errors.DataLossError, match="sub"):
        CheckpointReader(str(folder / "sub"))
    (folder / "lonely.index").write_bytes((FOLDER / "types.index").read_bytes())
    with pytest.raises(errors.NotFoundError, match="lonely.data-00000-of-00001"):
        CheckpointReader(str(folder / "lonely")).get_tensor("float32/vector")
    assert np.isscalar(CheckpointReader(str(FOLDER / "types")).get_tensor("float32/scalar"))
