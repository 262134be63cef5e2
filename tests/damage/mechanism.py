"""Files of every format that is read, and how they are damaged: the same for Eagle and for TensorFlow.

A `Format` writes sound files, reads them, and says which errors are right for damaged ones.  `damage` draws what happens to a
file.  Everything follows from a seed.
"""

import os
import random
import re
import zlib

import numpy as np

EXTREMES = [
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0xFFFF,
    1 << 20,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    1 << 40,
    (1 << 63) - 1,
    1 << 63,
    (1 << 64) - 1,
]
WORDS = [
    b"99999999999999999999999",
    b"-1",
    b"nan",
    b"0x7f",
    b"1e999",
    b"",
    b"\0",
    b"\xff\xfe",
    b'"',
    b"\n",
    b"{" * 200,
    b"[" * 5000,
    b"\\",
    b"2147483648",
]
FORMATS = []


class Format:
    """A format of files.

    Attributes:
      name: its name.
      tf: the library.
      folder: a folder for its files.
      names: the files that are damaged, by their names in the folder.
      refusals: names of error types that are right.
      checked: whether damage can be noticed always: what is read must then be as before.
      parts: whether reading gives a list of which a damaged file may give a part.
      tells: whether errors must name the file.
    """

    refusals = "DataLossError", "InvalidArgumentError"
    checked = parts = False
    tells = True
    text = False

    def __init__(self, tf, folder):
        self.tf, self.folder = tf, str(folder)
        self.write()
        self.originals = {n: self.content(n) for n in self.names}

    def path(self, name):
        return os.path.join(self.folder, name)

    def content(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def put(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)

    def write(self):
        """Writes the sound files."""
        raise NotImplementedError

    def read(self):
        """Reads the files; what they hold, as lists, dictionaries, arrays, texts and numbers."""
        raise NotImplementedError

    def beneath(self, data, rng):
        """A file damaged below its checksums, which are right again; None for formats that have none."""
        return None

    def spoil(self, rng):
        """Damages one file; which."""
        name = rng.choice(self.names)
        data = self.originals[name]
        damaged = self.beneath(data, rng) if rng.random() < 0.3 else None
        self.below = damaged is not None
        if damaged is None:
            damaged = data
            for _ in range(rng.choice([1, 1, 1, 2, 4])):
                damaged = damage(damaged, rng, self.text)
        self.put(name, damaged)
        self.changed = name if damaged != data else None
        return name

    def excuse(self, value):
        """Whether it is right to read this from a damaged file."""
        return False

    def restore(self):
        for name, data in self.originals.items():
            self.put(name, data)


def format_of(kind):
    FORMATS.append(kind)
    return kind


def damage(data, rng, text=False):
    """Some bytes, damaged in one of many ways."""
    size = len(data)
    if not size:
        return bytes(bytearray(rng.randrange(256) for _ in range(rng.randrange(20))))
    at, kind = rng.randrange(size), rng.randrange(16 if text else 13)
    length = min(rng.choice([1, 2, 4, 8, 16, 64, 512]), size - at)
    other = rng.randrange(size)
    block = data[at : at + length]
    noise = bytes(bytearray(rng.randrange(256) for _ in range(length)))
    if kind in (0, 1):
        return data[:at] + bytes(bytearray([data[at] ^ 1 << rng.randrange(8)])) + data[at + 1 :]
    if kind == 2:
        return data[: rng.choice([at, at, min(at, 30), size - 1 - at % 20 if size > 20 else at])]
    if kind == 3:
        return data + rng.choice([noise, block, data, b"\0" * length])
    if kind == 4:
        return data[:other] + block + data[other:]  # a block twice
    if kind == 5:
        return data[:at] + rng.choice([b"\0", b"\xff"]) * length + data[at + length :]
    if kind == 6:
        low, high = sorted([at, other])
        span = max(min(length, high - low, size - high), 0)
        return data[:low] + data[high : high + span] + data[low + span : high] + data[low : low + span] + data[high + span :]
    if kind == 7:
        return data[:at] + data[at + length :]
    if kind == 8:
        return data[:at] + noise + data[at + length :]
    if kind in (9, 10):  # lengths and counts
        width = rng.choice([1, 2, 4, 8])
        number = (rng.choice(EXTREMES) % (1 << 8 * width)).to_bytes(width, rng.choice(["little", "big"]))
        at = rng.choice([at, min(at, 40 % size), at - at % 4])
        return data[:at] + number + data[at + width :]
    if kind == 11:  # lengths in protocol buffers
        return (
            data[:at]
            + rng.choice([b"\xff" * 9 + b"\x01", b"\xff\xff\xff\xff\x0f", b"\xff\xff\xff\xff\x07", b"\x80" * 11])
            + data[at + 1 :]
        )
    if kind == 12:
        return rng.choice([b"", noise, data[::-1], block * 3])
    numbers = list(re.finditer(rb"-?\d+", data))
    if numbers and kind == 13:
        found = rng.choice(numbers)
        return data[: found.start()] + rng.choice(WORDS) + data[found.end() :]
    tokens = list(re.finditer(rb"\w+|[^\w\s]", data))
    if tokens and kind == 14:
        found = rng.choice(tokens)
        return data[: found.start()] + rng.choice(WORDS + [rng.choice(tokens).group()]) + data[found.end() :]
    lines = data.splitlines(True)
    rng.shuffle(lines)
    return b"".join(lines)


def same(one, other):
    """Whether two things that were read are equal, type for type."""
    if isinstance(one, dict):
        return isinstance(other, dict) and list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return isinstance(other, (list, tuple)) and len(one) == len(other) and all(map(same, one, other))
    one, other = np.asarray(one), np.asarray(other)
    return (
        one.dtype == other.dtype
        and one.shape == other.shape
        and (one.tobytes() == other.tobytes() if one.dtype != object else one.tolist() == other.tolist())
    )


class Reading:
    """A graph with a string placeholder, run with what is to be read."""

    def __init__(self, tf, build):
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.given = tf.placeholder(tf.string, [])
            self.fetched = build(self.given)
            self.session = tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1))

    def __call__(self, value):
        return self.session.run(self.fetched, {self.given: value})


class Iterating:
    """A graph with an iterator over a dataset, which is made from a string placeholder."""

    def __init__(self, tf, build):
        self.tf, self.graph = tf, tf.Graph()
        with self.graph.as_default():
            self.given = tf.placeholder(tf.string, [])
            iterator = (
                tf.data.make_initializable_iterator(build(self.given)) if hasattr(tf.data, "make_initializable_iterator") else None
            )
            self.start, self.following = iterator.initializer, iterator.get_next()
            self.session = tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1))

    def __call__(self, value):
        self.session.run(self.start, {self.given: value})
        out = []
        while len(out) < 10000:
            try:
                out.append(self.session.run(self.following))
            except self.tf.errors.OutOfRangeError:
                return out
        raise AssertionError("it does not end")


def compressed(data, compression):
    if not compression:
        return data
    how = zlib.compressobj(6, zlib.DEFLATED, 31 if compression == "GZIP" else 15)
    return how.compress(data) + how.flush()


class Contents(Format):
    """Something that an op decodes."""

    names = ["file"]
    refusals = ("InvalidArgumentError",)
    tells = False

    def write(self):
        self.put("file", self.encoded())
        self.reading = Reading(self.tf, self.decode)

    def encoded(self):
        raise NotImplementedError

    def decode(self, contents):
        raise NotImplementedError

    def read(self):
        return self.reading(self.content("file"))

    def written(self, tensor):
        with self.tf.Session(graph=tensor.graph) as session:
            return session.run(tensor)


class Outcome:
    """What came of one damage.

    Attributes:
      seed: draws it again.
      kind: the type of the error, or `same`, `other` or `part` for what was read.
      fault: what is wrong with that; None if nothing.
      message: the error's.
    """

    def __init__(self, seed, kind, fault=None, message=""):
        self.seed, self.kind, self.fault, self.message = seed, kind, fault, message


def attempt(sound, original, seed):
    """Damages one file of a format and reads it."""
    rng = random.Random("%s %d" % (sound.name, seed))
    name = sound.spoil(rng)
    try:
        value = sound.read()
        excused = sound.excuse(value)
    except Exception as e:
        kinds = [t.__name__ for t in type(e).__mro__]
        message, fault = str(e), None
        if not set(kinds) & set(sound.refusals):
            fault = "wrong type"
        elif sound.tells and not any(n.rpartition("/")[2] in message for n in sound.names) and sound.folder not in message:
            fault = "names no file"
        elif isinstance(e, MemoryError):
            fault = "memory"
        return Outcome(seed, kinds[0], fault, message)
    finally:
        sound.restore()
    if same(value, original):
        return Outcome(seed, "same")
    part = sound.parts and all(any(same(v, o) for o in original) for v in value)
    wrong = sound.checked and not sound.below and not part and not excused
    return Outcome(seed, "part" if part else "other", "wrong data from " + name if wrong else None)
