"""Images, sound, text that stands for numbers."""

import struct
import zlib

import numpy as np

from .mechanism import Contents, Format, Iterating, damage, format_of


def _pixels(depth, dtype=np.uint8):
    values = np.random.RandomState(0).uniform(size=(19, 17, depth)) * np.iinfo(dtype).max
    return values.astype(dtype)


def _chunks(data):
    at, out = 8, []
    while at + 12 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        out.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += size + 12
    return out


class _PNG(Contents):
    checked = True

    def encoded(self):
        with self.tf.Graph().as_default():
            return self.written(self.tf.image.encode_png(self.pixels))

    def beneath(self, data, rng):
        chunks = _chunks(data)
        at = rng.randrange(len(chunks))
        name, body = chunks[at]
        kind = rng.randrange(4)
        if kind == 0 and name == b"IDAT":
            body = zlib.compress(damage(zlib.decompress(body), rng))
        elif kind == 1:
            chunks.insert(at, chunks[rng.randrange(len(chunks))])
        else:
            body = damage(body, rng)
        chunks[at] = name, body
        return data[:8] + b"".join(
            struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b) & 0xFFFFFFFF) for n, b in chunks
        )

    def decode(self, contents):
        return self.tf.image.decode_png(contents, dtype=self.dtype)


@format_of
class PNG(_PNG):
    name, pixels, dtype = "png", _pixels(3), np.uint8


@format_of
class PNGAlpha(_PNG):
    name, pixels, dtype = "png-alpha", _pixels(4), np.uint8


@format_of
class PNGWide(_PNG):
    name, pixels, dtype = "png-16", _pixels(2, np.uint16), np.uint16


@format_of
class JPEG(Contents):
    name = "jpeg"

    def encoded(self):
        with self.tf.Graph().as_default():
            return self.written(self.tf.image.encode_jpeg(_pixels(3), progressive=self.progressive))

    progressive = False

    def decode(self, contents):
        return self.tf.image.decode_jpeg(contents)


@format_of
class JPEGProgressive(JPEG):
    name, progressive = "jpeg-progressive", True


@format_of
class JPEGParts(JPEG):
    name = "jpeg-crop"

    def decode(self, contents):
        image = self.tf.image
        return (
            image.decode_and_crop_jpeg(contents, [2, 3, 5, 6], channels=3),
            image.extract_jpeg_shape(contents),
            image.decode_jpeg(contents, ratio=2, try_recover_truncated=True, acceptable_fraction=0.5),
        )


# Two frames of 4 x 3 pixels.
GIF_FILE = (
    b"GIF89a\x04\x00\x03\x00\x81\x00\x00\x00\x00\x00\xff\x00\x00\x00\xff\x00\x00\x00\xff!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00,\x00\x00\x00\x00\x04"
    b"\x00\x03\x00\x00\x08\x11\x00\x01\x08\x1cH0\x80@\x83\x07\x03\x04$\xc8P`@\x00;"
)


@format_of
class GIF(Contents):
    name = "gif"

    def encoded(self):
        return GIF_FILE

    def decode(self, contents):
        return self.tf.image.decode_gif(contents)


@format_of
class BMP(Contents):
    name = "bmp"

    def encoded(self):
        body = bytes(bytearray(range(9 * 12)))
        return (
            b"BM"
            + struct.pack("<IHHIIiiHHIIiiII", 54 + len(body), 0, 0, 54, 40, 9, 4, 1, 24, 0, len(body), 0, 0, 0, 0)
            + body.ljust(28 * 4, b"\0")
        )

    def decode(self, contents):
        return self.tf.image.decode_bmp(contents)


@format_of
class AnyImage(JPEG):
    name = "image"

    def spoil(self, rng):
        self.originals["file"] = rng.choice([GIF_FILE, JPEG.encoded(self)])
        return super().spoil(rng)

    def decode(self, contents):
        return self.tf.image.decode_image(contents)


@format_of
class WAV(Contents):
    name = "wav"

    def encoded(self):
        samples = np.linspace(-1, 1, 60).reshape(30, 2)
        body = (samples * 32767).astype("<i2").tobytes()
        return (
            struct.pack(
                "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 1, 2, 8000, 32000, 4, 16, b"data", len(body)
            )
            + body
        )

    def decode(self, contents):
        return self.tf.audio.decode_wav(contents)


@format_of
class CSV(Contents):
    name = "csv"
    text = True

    def encoded(self):
        return b'1,2.5,"a, ""quoted"" word",12345678901,7.25'

    def decode(self, contents):
        tf = self.tf
        return tf.decode_csv(
            contents, [tf.constant([], tf.int32), [1.0], ["none"], tf.constant([0], tf.int64), tf.constant([], tf.float64)]
        )


@format_of
class CSVFiles(Format):
    name = "csv-dataset"
    names = ["file"]
    refusals = "InvalidArgumentError", "DataLossError"
    text = parts = True

    def write(self):
        tf = self.tf
        self.put("file", b"".join(b'%d,%d.5,"word %d"\n' % (i, i, i) for i in range(30)))
        self.reading = Iterating(tf, lambda path: tf.data.experimental.CsvDataset(path, [tf.int32, [0.0], ["x"]]))

    def read(self):
        return self.reading(self.path("file"))


@format_of
class Words(Format):
    """A table from a file of words."""

    name = "table"
    names = ["file"]
    refusals = "InvalidArgumentError", "FailedPreconditionError"
    text, tells = True, False

    def write(self):
        self.put("file", b"".join(b"word%d\t%d\n" % (i, i) for i in range(20)))

    def read(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            texts = tf.contrib.lookup.TextFileInitializer(self.path("file"), tf.string, 0, tf.int64, 1, vocab_size=20)
            table = tf.contrib.lookup.HashTable(texts, -1)
            session.run(tf.tables_initializer())
            return session.run(table.lookup(tf.constant(["word3", "word19", "x"])))
