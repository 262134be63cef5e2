"""Record files, event files, files of lines."""

import struct

from .mechanism import Format, Iterating, compressed, damage, format_of

RECORDS = [b"", b"one", bytes(bytearray(range(256))) * 3, b"another record", b"\0" * 40, b"last"]
COMPRESSIONS = "", "GZIP", "ZLIB"


def unmasked_crc(data):
    """CRC-32C, slowly."""
    crc = 0xFFFFFFFF
    for byte in bytearray(data):
        crc = _CRC[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def _crc_table():
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    return table


_CRC = _crc_table()


def masked_crc(data):
    crc = unmasked_crc(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(data):
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", masked_crc(head)) + data + struct.pack("<I", masked_crc(data))


def records_of(data):
    """What is in a sound record file."""
    at, out = 0, []
    while at < len(data):
        (size,) = struct.unpack("<Q", data[at : at + 8])
        out.append(data[at + 12 : at + 12 + size])
        at += size + 16
    return out


class _Records(Format):
    names = ["file"]
    refusals = ("DataLossError",)
    checked = parts = True
    compression = ""

    def write(self):
        self.put("file", compressed(b"".join(map(record, RECORDS)), self.compression))
        self.reading = self.reader()

    def reader(self):
        raise NotImplementedError

    def read(self):
        return self.reading(self.path("file"))


def _record_formats(compression):
    title = "records" + ("-" + compression.lower() if compression else "")

    @format_of
    class Iterator(_Records):
        name = title + "-iterator"

        def reader(self):
            options = self.tf.python_io.TFRecordOptions({"": 0, "ZLIB": 1, "GZIP": 2}[self.compression])
            return lambda path: list(self.tf.python_io.tf_record_iterator(path, options))

    @format_of
    class Dataset(_Records):
        name = title + "-dataset"

        def reader(self):
            return Iterating(self.tf, lambda path: self.tf.data.TFRecordDataset(path, self.compression))

    Iterator.compression = Dataset.compression = compression


for _c in COMPRESSIONS:
    _record_formats(_c)


@format_of
class RecordsByQueue(_Records):
    """The reader op of queues of names."""

    name = "records-reader"

    def reader(self):
        tf = self.tf

        def read(path):
            with tf.Graph().as_default(), tf.Session() as session:
                queue = tf.FIFOQueue(3, tf.string, [[]])
                session.run(queue.enqueue(path))
                session.run(queue.close())
                key, value = tf.TFRecordReader().read(queue)
                out = []
                while len(out) < 100:
                    try:
                        out.append(session.run(value))
                    except tf.errors.OutOfRangeError:
                        return out

        return read


@format_of
class Events(_Records):
    name = "events"
    checked = False

    def write(self):
        tf = self.tf
        events = [tf.Event(file_version="brain.Event:2", wall_time=1.0)]
        for i in range(4):
            summary = tf.Summary()
            summary.value.add(tag="loss", simple_value=i)
            summary.value.add(tag="text", tensor=tf.make_tensor_proto([b"x" * i], tf.string))
            summary.value.add(tag="image").image.encoded_image_string = b"image"
            summary.value.add(tag="histogram").histo.bucket.extend([1.0, 2.0])
            events.append(tf.Event(summary=summary, step=i, wall_time=2.0 + i))
        self.put("file", b"".join(record(e.SerializeToString()) for e in events))

    def read(self):
        return [e.SerializeToString() for e in self.tf.train.summary_iterator(self.path("file"))]

    def beneath(self, data, rng):
        parts = records_of(data)
        at = rng.randrange(len(parts))
        parts[at] = damage(parts[at], rng)
        return b"".join(map(record, parts))


class _Lines(Format):
    names = ["file"]
    refusals = ("DataLossError",)
    parts = True

    def write(self):
        lines = b"".join(b"line %d of a text\n" % i for i in range(60))
        self.put("file", compressed(lines, self.compression))
        self.reading = Iterating(self.tf, lambda path: self.tf.data.TextLineDataset(path, self.compression))

    def read(self):
        return self.reading(self.path("file"))


@format_of
class Lines(_Lines):
    name, compression = "lines", ""


@format_of
class LinesGzip(_Lines):
    name, compression = "lines-gzip", "GZIP"
    checked = True


@format_of
class LinesZlib(_Lines):
    name, compression = "lines-zlib", "ZLIB"
    checked = True


@format_of
class FixedGzip(Format):
    name = "fixed-gzip"
    names = ["file"]
    checked = parts = True

    def write(self):
        self.put("file", compressed(bytes(bytearray(range(240))), "GZIP"))
        make = self.tf.data.FixedLengthRecordDataset
        self.reading = Iterating(self.tf, lambda path: make(path, 24, compression_type="GZIP"))

    def read(self):
        return self.reading(self.path("file"))


@format_of
class Fixed(Format):
    name = "fixed"
    names = ["file"]

    def write(self):
        self.put("file", bytes(bytearray(range(250))))
        self.reading = Iterating(self.tf, lambda path: self.tf.data.FixedLengthRecordDataset(path, 24, 6, 4))

    def read(self):
        return self.reading(self.path("file"))
