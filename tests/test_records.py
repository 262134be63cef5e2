"""Record files: what is written is read, as TensorFlow writes it; damaged files are refused."""

import pytest

import eagle as tf

# As TensorFlow 1.15 writes the records b"bytes" and b"".
FILE = (
    b"\x05\x00\x00\x00\x00\x00\x00\x00\xea\xb2\x04>bytes\xb5\x8b\xa8\xdb"
    b"\x00\x00\x00\x00\x00\x00\x00\x00)\x03\x98\x07\xd8\xea\x82\xa2"
)
RECORDS = [b"", b"one", bytes(range(256)) * 500, b"last"]


def read(path, options=None):
    return list(tf.python_io.tf_record_iterator(path, options))


def test_bytes_are_those_of_tensorflow(tmp_path):
    path = str(tmp_path / "records")
    with tf.python_io.TFRecordWriter(path) as writer:
        writer.write(b"bytes")
        writer.write(b"")
    assert (tmp_path / "records").read_bytes() == FILE
    assert read(path) == [b"bytes", b""]


@pytest.mark.parametrize("compression", ["", "ZLIB", "GZIP", 0, 1, 2, None])
@pytest.mark.parametrize("flushes", [False, True])
def test_round_trip(tmp_path, compression, flushes):
    path = str(tmp_path / "records")
    writer = tf.io.TFRecordWriter(path, compression)
    for record in RECORDS:
        writer.write(record)
        if flushes:
            writer.flush()
    writer.close()
    writer.close()
    assert read(path, compression) == RECORDS
    assert read(path, tf.io.TFRecordOptions(compression)) == RECORDS


def test_options_of_zlib(tmp_path):
    path, sizes = tmp_path / "records", []
    for level in (0, 1, 9):
        options = tf.io.TFRecordOptions(
            "ZLIB", compression_level=level, mem_level=9, window_bits=12, flush_mode=2, input_buffer_size=10
        )
        with tf.io.TFRecordWriter(str(path), options) as writer:
            for _ in range(100):
                writer.write(b"abcdefgh" * 10)
        sizes.append(path.stat().st_size)
        assert len(read(str(path), "ZLIB")) == 100
    assert sizes[0] > sizes[1] >= sizes[2]
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.io.TFRecordWriter(str(path), tf.io.TFRecordOptions("GZIP", window_bits=99))


def test_wrong_arguments(tmp_path):
    path = str(tmp_path / "records")
    for wrong in ("XX", 7):
        with pytest.raises(ValueError, match='Not a valid compression_type: "%s"' % wrong):
            tf.io.TFRecordOptions(wrong)
    writer = tf.io.TFRecordWriter(path)
    with pytest.raises(TypeError, match="expected bytes, str found"):
        writer.write("text")
    writer.close()
    for call in (lambda: writer.write(b"x"), writer.flush):
        with pytest.raises(tf.errors.FailedPreconditionError, match="Writer not initialized or previously closed"):
            call()
    with pytest.raises(tf.errors.NotFoundError):
        tf.io.TFRecordWriter(str(tmp_path / "no" / "folder"))
    with pytest.raises(tf.errors.NotFoundError):
        read(str(tmp_path / "nothing"))


DAMAGED = {
    "a record cut off": (FILE[:-2], "truncated record at 21"),
    "a length alone": (FILE[:12], "truncated record at 0"),
    "another length": (FILE[:3] + b"z" + FILE[4:], "corrupted record at 0"),
    "other data": (FILE[:13] + b"z" + FILE[14:], "corrupted record at 12"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files(tmp_path, name):
    content, message = DAMAGED[name]
    (tmp_path / "records").write_bytes(content)
    with pytest.raises(tf.errors.DataLossError, match=message):
        read(str(tmp_path / "records"))


def test_incomplete_lengths_end_a_file(tmp_path):
    for size in (0, 5, 22, 32):
        (tmp_path / "records").write_bytes(FILE[:size])
        assert read(str(tmp_path / "records")) == [b"bytes"][: size > 20]


def test_not_compressed(tmp_path):
    (tmp_path / "records").write_bytes(FILE)
    with pytest.raises(tf.errors.DataLossError, match="inflate.. failed with error -3: incorrect header check"):
        read(str(tmp_path / "records"), "GZIP")
