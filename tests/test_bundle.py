"""Checkpoint files: TensorFlow's are read, those written here are the same byte for byte, damaged ones are refused."""

import hashlib
import io
import itertools
import os
import pathlib
import sys

import numpy as np
import pytest

from eagle import protos
from eagle.core import dtypes, errors
from eagle.platform import bundle_slices as slices, bundle_table, bundle_writer, crc32c
from eagle.platform.bundle_reader import BundleReader
from eagle.platform.bundle_writer import BundleWriter, merge_bundles
from eagle.saved import bundle_old

FOLDER = pathlib.Path(__file__).parent / "checkpoints"
sys.path.insert(0, str(FOLDER))
import contents  # noqa: E402

VERSIONS = ["1.13.2", "1.15.5"]
by_version = pytest.mark.parametrize("version", VERSIONS)


def as_stored(dtype, array):
    """An array of the recorded contents in Eagle's type for it."""
    if dtype == "string":
        return array
    wanted = dtypes.as_dtype(dtype)
    return array.view(wanted.np) if wanted.is_quantized else array.astype(wanted.np)


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and a.tolist() == b.tolist()


@by_version
def test_every_type_is_read(version):
    with BundleReader(str(FOLDER / version / "types")) as reader:
        expected = {name.encode(): as_stored(dtype, array) for name, dtype, array in contents.tensors()}
        assert list(reader.entries) == sorted(expected)
        for name, array in expected.items():
            assert reader.type_and_shape(name) == (dtypes.FROM_NUMPY[array.dtype], array.shape)
            assert same(reader.lookup(name), array)
            reader.verify(name)


@by_version
def test_parts_are_read(version):
    with BundleReader(str(FOLDER / version / "parts")) as reader:
        assert same(reader.lookup(b"whole"), contents.WHOLE)
        for part in ("0,3:-", "3,2:0,3", "2,4:1,2", "0,6:2,1", "-:-", "5,1:0,1"):
            where = tuple(slice(s, None if n < 0 else s + n) for s, n in slices.parse(part))
            assert same(reader.lookup_slice(b"whole", slices.parse(part)), contents.WHOLE[where])
        assert same(reader.lookup(b"other"), np.int32(7))


@by_version
def test_shards_are_read(version):
    with BundleReader(str(FOLDER / version / "sharded-3")) as reader:
        assert same(reader.lookup(b"a"), np.array([1, 2], np.float32))
        assert same(reader.lookup(b"b"), np.array([[3]], np.int32))
        assert same(reader.lookup(b"p"), np.full((4, 2), 2, np.float32))


@by_version
def test_files_are_written_as_tensorflow_writes_them(version, tmp_path):
    with BundleWriter(str(tmp_path / "types")) as writer:
        for name, dtype, array in contents.tensors():
            writer.add(name.encode(), as_stored(dtype, array))
        writer.finish()
    with BundleWriter(str(tmp_path / "parts")) as writer:
        for part, spec in zip(contents.PARTS, contents.SPECS):
            shape, extents, _ = slices.parse_shape_and_slice(spec)
            writer.add_slice(b"whole", shape, extents, contents.WHOLE[part])
        writer.add(b"other", np.int32(7))
        writer.finish()
    with BundleWriter(str(tmp_path / "far")) as writer:
        for name, spec, value in contents.FAR:
            shape, extents, _ = slices.parse_shape_and_slice(spec.decode())
            writer.add_slice(name, shape, extents, value)
        writer.finish()
    names = [n + end for n in ("types", "parts", "far") for end in (".index", ".data-00000-of-00001")]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names)
    for name in names:
        assert (tmp_path / name).read_bytes() == (FOLDER / version / name).read_bytes(), name


def test_index_of_several_blocks(tmp_path):
    with BundleWriter(str(tmp_path / "many")) as writer:
        for name in contents.MANY:
            writer.add(name.encode(), np.float32(1))
        writer.finish()
    for name in ("many.index", "many.data-00000-of-00001"):
        digest = (FOLDER / "1.15.5" / (name + ".sha256")).read_text()
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    with open(tmp_path / "many.index", "rb") as file:
        table = bundle_table.Table(file, "many")
        assert [key for key, _ in table] == [b""] + sorted(n.encode() for n in contents.MANY)
        for name in contents.MANY[::997]:
            entry = protos.BundleEntryProto.FromString(table.get(name.encode()))
            assert (entry.dtype, entry.size) == (1, 4)
        assert table.get(b"block_") is table.get(b"zzz") is None
    with BundleReader(str(tmp_path / "many")) as reader:
        assert all(same(reader.lookup(n.encode()), np.float32(1)) for n in contents.MANY[::331])


NOT_OLD = ("uint32", "uint64", "bfloat16", "qint16", "quint16")


def old_tensors():
    for name, dtype, array in contents.tensors():
        if "/" in name and dtype not in NOT_OLD and "empty" not in name and name.split("/")[0] in (*contents.TYPES, "string"):
            yield name.encode(), as_stored(dtype, array)


@by_version
def test_old_checkpoints_are_read(version):
    with bundle_old.OldReader(str(FOLDER / version / "old")) as reader:
        expected = dict(old_tensors())
        assert set(reader.tensors) == set(expected)
        for name, array in expected.items():
            assert reader.type_and_shape(name) == (dtypes.FROM_NUMPY[array.dtype], array.shape)
            assert same(reader.lookup(name), array)
    with bundle_old.OldReader(str(FOLDER / version / "old_parts")) as reader:
        assert same(reader.lookup(b"whole"), contents.WHOLE)
        assert same(reader.lookup_slice(b"whole", slices.parse("2,4:1,2")), contents.WHOLE[2:, 1:])


@by_version
def test_old_checkpoints_are_written_as_tensorflow_writes_them(version, tmp_path):
    writer = bundle_old.OldWriter(str(tmp_path / "old"))
    for name, array in sorted(old_tensors(), key=lambda pair: pair[0]):
        writer.add(name, array.shape, (slices.FULL,) * array.ndim, array)
    writer.finish()
    assert (tmp_path / "old").read_bytes() == (FOLDER / version / "old").read_bytes()
    writer = bundle_old.OldWriter(str(tmp_path / "old_parts"))
    writer.add(b"other", (), (), np.int32(7))
    for part, spec in zip(contents.PARTS, contents.SPECS):
        shape, extents, _ = slices.parse_shape_and_slice(spec)
        writer.add(b"whole", shape, extents, contents.WHOLE[part])
    writer.finish()
    assert (tmp_path / "old_parts").read_bytes() == (FOLDER / version / "old_parts").read_bytes()


# ------------------------------------------------------------------------------------------------------------- overwriting


def write(prefix, **values):
    with BundleWriter(str(prefix), sum(np.asarray(v).nbytes for v in values.values())) as writer:
        for name, value in values.items():
            writer.add(name.encode(), value)
        writer.finish()


def read(prefix, name):
    with BundleReader(str(prefix)) as reader:
        return reader.lookup(name.encode()).tolist()


def test_overwriting_leaves_the_same_names(tmp_path):
    for i in range(3):
        write(tmp_path / "c", a=np.full(5, i))
        assert read(tmp_path / "c", "a") == [i] * 5
        assert sorted(p.name for p in tmp_path.iterdir()) == ["c.data-00000-of-00001", "c.index"]


def test_every_moment_of_overwriting_has_a_whole_checkpoint(tmp_path, monkeypatch):
    """After each change of a file name the old or the new checkpoint is there, and a next writer copes."""
    for steps in itertools.count(1):
        folder = tmp_path / str(steps)
        folder.mkdir()
        write(folder / "c", a=np.full(5, 1))
        left = iter(range(steps))

        class Killed(BaseException):
            pass

        def counted(real):
            def call(*args):
                result = real(*args)
                if next(left, None) is None:
                    raise Killed
                return result

            return call

        with monkeypatch.context() as patched:
            for name in ("replace", "link", "remove"):
                patched.setattr(bundle_writer.os, name, counted(getattr(os, name)))
            try:
                write(folder / "c", a=np.full(5, 2))
                finished = True
            except Killed:
                finished = False
        assert read(folder / "c", "a") in ([1] * 5, [2] * 5)
        write(folder / "c", a=np.full(5, 3))
        assert read(folder / "c", "a") == [3] * 5
        assert (folder / "c.data-00000-of-00001").exists()
        if finished:
            break
    assert steps > 4


def test_file_systems_without_links(tmp_path, monkeypatch):
    def no_link(*args):
        raise PermissionError("no links")

    monkeypatch.setattr(bundle_writer.os, "link", no_link)
    for i in range(4):
        write(tmp_path / "c", a=np.full(5, i))
        assert read(tmp_path / "c", "a") == [i] * 5
        assert len(list(tmp_path.iterdir())) == 2


def test_failed_writing_leaves_nothing(tmp_path):
    write(tmp_path / "c", a=np.arange(3))
    with pytest.raises(errors.InvalidArgumentError, match="Adding duplicate key: a"):
        with BundleWriter(str(tmp_path / "c")) as writer:
            writer.add(b"a", np.arange(4))
            writer.add(b"a", np.arange(4))
    with pytest.raises(errors.NotFoundError, match="No such file or directory"):
        write(tmp_path / "no" / "such" / "c", a=np.arange(3))
    assert len(list(tmp_path.iterdir())) == 2 and read(tmp_path / "c", "a") == [0, 1, 2]


def test_merging(tmp_path):
    write(tmp_path / "part0", a=np.arange(3), b=np.arange(2))
    write(tmp_path / "part1", c=np.arange(4))
    merge_bundles([str(tmp_path / "part0"), str(tmp_path / "part1")], str(tmp_path / "whole"))
    assert [read(tmp_path / "whole", n) for n in "abc"] == [[0, 1, 2], [0, 1], [0, 1, 2, 3]]
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "whole.data-00000-of-00002", "whole.data-00001-of-00002", "whole.index",
    ]  # fmt: skip
    write(tmp_path / "again", a=np.arange(1))
    with pytest.raises(errors.InvalidArgumentError, match="Duplicate tensor keyed by a encountered"):
        merge_bundles([str(tmp_path / "whole"), str(tmp_path / "again")], str(tmp_path / "all"))


# ------------------------------------------------------------------------------------------------------------------ pieces


def test_checksums():
    random = np.random.RandomState(0)
    assert crc32c.value(b"123456789") == 0xE3069283 and crc32c.value(b"") == 0
    for size in (1, 5, 1023, 1024, 2048, 5000, (1 << 18) + 77):
        data = random.randint(0, 256, size).astype(np.uint8)
        crc = crc32c.extend(12345, data)
        assert (
            crc
            == crc32c._extend_with_numpy(12345, data)
            == crc32c.extend(crc32c.extend(12345, data[: size // 3]), data[size // 3 :])
        )
        assert crc32c.unmask(crc32c.mask(crc)) == crc and crc32c.mask(crc) != crc


def test_snappy():
    """The pieces of compressed data: literals of all lengths of length, copies of three kinds, overlapping ones."""
    literal = bytes(range(200)) * 2
    pieces = [
        (b"\x08abc", b"abc"),
        (b"\xf0" + bytes([99]) + b"x" * 100, b"x" * 100),
        (b"\xf4" + (399).to_bytes(2, "little") + literal, literal),
        (bytes([(0 << 5) | (3 << 2) | 1, 7]), None, 7, 7),
        (bytes([(63 << 2) | 2]) + (300).to_bytes(2, "little"), None, 300, 64),
        (bytes([(9 << 2) | 3]) + (1).to_bytes(4, "little"), None, 1, 10),
    ]
    data, expected = b"", b""
    for coded, *meaning in pieces:
        data += coded
        if len(meaning) == 1:
            expected += meaning[0]
        else:
            _, distance, size = meaning
            for _ in range(size):
                expected += expected[len(expected) - distance : len(expected) - distance + 1]
    assert bundle_table.decompress(bundle_table.put_varint(len(expected)) + data) == expected
    for bad in (b"", b"\x05\x08abc", b"\x02\x08abc", b"\x04\x01\x09", b"\xff\xff\xff\xff\x0f\x08abc", b"\x03\x08ab"):
        with pytest.raises(ValueError):
            bundle_table.decompress(bad)


def test_compressed_blocks_are_read(tmp_path):
    """A table whose blocks are compressed (as one literal each, which Snappy may do)."""
    plain = io.BytesIO()
    table = bundle_table.TableWriter(plain)
    compress = lambda content: bundle_table.put_varint(len(content)) + b"\xf4" + (len(content) - 1).to_bytes(2, "little") + content

    def write_compressed(block):
        content = compress(block.finish()) + b"\1"
        plain.write(content + crc32c.mask(crc32c.value(content)).to_bytes(4, "little"))
        place = bundle_table.put_varint(table._offset) + bundle_table.put_varint(len(content) - 1)
        table._offset += len(content) + 4
        return place

    table._write = write_compressed
    pairs = [(b"key%03d" % i, b"value%d" % i) for i in range(50)]
    for pair in pairs:
        table.add(*pair)
    table.finish()
    assert list(bundle_table.Table(plain, "compressed")) == pairs


def test_slices():
    assert slices.parse("0,2:-:3,1") == ((0, 2), slices.FULL, (3, 1)) and slices.spell(slices.parse("0,2:-")) == "0,2:-"
    assert slices.parse_shape_and_slice("4 3 0,2:-") == ((4, 3), ((0, 2), slices.FULL), (2, 3))
    for bad, error in (("4", "Need least two elements"), ("x 0,1", "Non numerical"), ("4 0,x", "Expected a pair"),
                       ("4 0,0", "positive length"), ("4 3,2", "out of bounds"), ("4 3 0,1", "Mismatching ranks")):  # fmt: skip
        with pytest.raises((errors.InvalidArgumentError, errors.InternalError), match=error):
            slices.parse_shape_and_slice(bad)
    quarters = [((r, 2), (c, 3)) for r in (0, 2) for c in (0, 3)]
    whole = (slices.FULL, slices.FULL)
    assert slices.covering(whole, quarters, (4, 6)) == quarters and not slices.overlap(whole, quarters, (4, 6))
    assert slices.covering(whole, quarters[:3], (4, 6)) is None
    doubled = [quarters[0], quarters[0], quarters[1], quarters[2]]
    assert slices.covering(whole, doubled, (4, 6)) and slices.overlap(whole, doubled, (4, 6))
    rows = [((0, 2), slices.FULL), ((1, 2), slices.FULL)]
    assert slices.covering(whole, rows, (4, 6)) and slices.overlap(whole, rows, (4, 6))
