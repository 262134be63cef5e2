"""What the recorded checkpoints hold: made without TensorFlow and without Eagle, the same for both."""

import numpy as np

# TensorFlow's types by name -> the NumPy type in which their numbers are made.
TYPES = {
    name: name.replace("bfloat16", "float32").lstrip("q") if name != "bool" else "bool"
    for name in (
        "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128 bool bfloat16 "
        "qint8 quint8 qint16 quint16 qint32"
    ).split()
}
SHAPES = {"scalar": (), "vector": (5,), "matrix": (3, 4), "empty": (0, 2), "deep": (2, 1, 3, 2)}


def numbers(name, shape, seed=1):
    """Numbers for a TensorFlow type."""
    count = int(np.prod(shape))
    values = (np.arange(count) * 7919 + seed * 104729) % 127
    if name == "bool":
        return (values % 2 == 0).reshape(shape)
    base = np.dtype(TYPES[name])
    if base.kind == "c":
        return (values / 4.0 - 0.5j * values).astype(base).reshape(shape)
    return (values / 4.0 if base.kind == "f" else values).astype(base).reshape(shape)


def texts(shape, longest=150):
    """Strings, some empty, some longer than 127 bytes, with all sorts of bytes."""
    count = int(np.prod(shape))
    out = np.empty(count, object)
    out[:] = [bytes(bytearray((i * 37 + j * 11) % 256 for j in range((i * 53 + 40) % longest))) for i in range(count)]
    return out.reshape(shape)


def tensors():
    """(name, type, array) for the checkpoint with one tensor of each type and shape."""
    for name in TYPES:
        for kind, shape in SHAPES.items():
            yield "%s/%s" % (name, kind), name, numbers(name, shape, len(kind))
    for kind, shape in SHAPES.items():
        yield "string/%s" % kind, "string", texts(shape)
    yield "string/short", "string", np.array([b"a", b"bc", b""], object)
    for i in range(40):  # so many that keys share their beginnings, and there are restarts
        yield "layers/layer_with_a_long_name/weights_%02d" % i, "float32", numbers("float32", (i % 4, 2), i)


PARTS = [(slice(0, 3), slice(None)), (slice(3, 5), slice(None)), (slice(5, 6), slice(None))]
WHOLE = numbers("float32", (6, 3), 9)
SPECS = ["6 3 0,3:-", "6 3 3,2:0,3", "6 3 5,1:0,3"]

# Parts with names and places that test how both are encoded: (name, specification, array).
_BIG, _ROW = b"big", np.array([[1.5, 2.5, 3.5]], np.float32)
_STARTS = [0, 5, 63, 64, 8191, 8192, 2**20, 2**34, 2**41, 2**48, 2**55 - 1, 2**55, 2**59]
FAR = [(_BIG, b"1152921504606846976 3 %d,1:-" % start, _ROW) for start in _STARTS] + [
    (b"a\x00b\xff\xffc\x00", b"7 0,1", _ROW[0, :1]),
    (b"plain", b"300 255,1", _ROW[0, 1:2]),
    (b"plain", b"300 256,1", _ROW[0, 2:]),
]

# So many that the index has several blocks.
MANY = ["block_%d/layer_%d/kernel_of_a_long_name" % (i % 37, i) for i in range(20000)]
