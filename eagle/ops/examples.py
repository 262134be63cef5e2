"""`Example` protocol buffers as tensors: ParseExample, ParseSingleExample."""

import functools

import numpy as np

from .. import protos
from ..core import shape as shapes
from ..core.constant import eager_name
from ..core.dtypes import object_array
from ..core.errors import invalid
from ..core.op import op
from .example_values import LISTS, Dense, columns, parsed, sparse_row, sparse_rows, sparse_shapes, text, type_of, values_of


def _check(shape, rank, what):
    if len(shape) != rank:
        raise invalid("Expected %s to be a %s, got shape: %s", what, ("scalar", "vector")[rank], shapes.to_brackets(shape))


def _types_differ(where, have, want, is_dense):
    pattern = "%s.  Data types don't match. " + (
        "Data type: %s but expected type: %s" if is_dense else "Expected type: %s, Actual type: %s"
    )
    names = eager_name(have), eager_name(want)
    return invalid(pattern, where, *(names if is_dense else reversed(names)))


_KINDS = {"int64": "int64", "float32": "float", "string": "bytes"}


def _dense_values(dense, features, where, count_error):
    """The values of a dense feature in one example; None if it is missing."""
    feature = features[dense.key] if dense.key in features else None
    have = type_of(feature) if feature is not None else None
    if have is None:
        return None
    if have is not dense.dtype:
        raise _types_differ(where, have, dense.dtype, True)
    values = values_of(feature, have)
    if len(values) % dense.stride if dense.varies else len(values) != dense.stride:
        raise count_error(dense, len(values))
    return values


def _sparse_values(key, dtype, features, where):
    """The values of a sparse feature in one example."""
    if key not in features:
        return np.empty(0, dtype.np)
    have = type_of(features[key])
    if have is not None and have is not dtype:
        raise _types_differ(where, have, dtype, False)
    return values_of(features[key], dtype)


@op("ParseExample", host=True)
def parse_example(xp, serialized, names, sparse_keys, dense_keys, dense_defaults, *, sparse_types, Tdense, dense_shapes):
    _check(serialized.shape, 1, "serialized")
    if names.size:
        _check(names.shape, 1, "names")
        if names.size != serialized.size:
            raise invalid("Expected len(names) == len(serialized), but got: %d vs. %d", names.size, serialized.size)
    dense = [Dense(*spec, i) for i, spec in enumerate(zip(dense_keys, Tdense, dense_shapes, dense_defaults))]
    sparse = [(text(k), t) for k, t in zip(sparse_keys, sparse_types)]
    who = [n.decode(errors="replace") for n in names.tolist()] if names.size else ["<unknown>"] * serialized.size
    dense_rows, rows = [[] for _ in dense], [[] for _ in sparse]
    for i, (name, data) in enumerate(zip(who, serialized.tolist())):
        _parse_one(name, i, parsed("Example", data).features.feature, dense, dense_rows, sparse, rows)
    triples = [sparse_rows(r, dtype) for r, (_, dtype) in zip(rows, sparse)]
    return [*columns(triples), [d.stacked(r) for d, r in zip(dense, dense_rows)]]


def _parse_one(name, number, features, dense, dense_rows, sparse, rows):
    """Adds the values of one example to the rows of each feature."""

    def where(key):
        return "Name: %s, Key: %s, Index: %d" % (name, key, number)

    def count_error(d, count):
        what = "is not a multiple of stride length. Saw %d values but output shape is: %s" if d.varies else (
            "!= expected.  Values size: %d but output shape: %s"
        )  # fmt: skip
        return invalid("%s.  Number of %s values " + what, where(d.key), _KINDS[d.dtype.name], count, shapes.to_brackets(d.shape))

    for (key, dtype), row in zip(sparse, rows):
        row.append(_sparse_values(key, dtype, features, where(key)))
    found = [_dense_values(d, features, where(d.key), count_error) for d in dense]
    for d, row, values in zip(dense, dense_rows, found):
        row.append(d.missing("Name: %s, " % name) if values is None else values)


@parse_example.shape
def _(serialized, names, sparse_keys, dense_keys, dense_defaults, *, dense_shapes):
    serialized = shapes.with_rank(serialized, 1)
    shapes.with_rank(names, 1)
    dense = [None if s is None else serialized + s for s in dense_shapes]
    return sparse_shapes(len(sparse_keys), 2) + dense


@functools.lru_cache(256)
def _plain_specs(keys, types, dense_shapes, default_shapes):
    """For each dense feature its key, kind, type, shape and number of values; the shapes of defaults are checked.

    None if the size of one varies.
    """
    made = []
    for i, (key, dtype, shape, default) in enumerate(zip(keys, types, dense_shapes, default_shapes)):
        dense = Dense(key, dtype, shape, np.empty(default, dtype.np), i)
        if dense.varies:
            return None
        made.append((dense.key, LISTS[dtype], dtype.np, shape, dense.stride))
    return made


def _plain_values(specs, features):
    """The values of dense features that are all there, of the right types and numbers; None if one is not."""
    if specs is None:
        return None
    found = []
    for key, kind, dtype, shape, count in specs:
        if key not in features:
            return None
        feature = features[key]
        if feature.WhichOneof("kind") != kind:
            return None
        values = getattr(feature, kind).value
        if len(values) != count:
            return None
        if not shape:
            found.append(np.array(values[0], dtype) if dtype.hasobject else dtype.type(values[0]))
        else:
            out = np.empty(count, dtype)
            out[:] = list(values)
            found.append(out.reshape(shape))
    return found


@op("ParseSingleExample", host=True, ignores=("num_sparse",))
def parse_single_example(xp, serialized, dense_defaults, *, sparse_keys, dense_keys, sparse_types, Tdense, dense_shapes):
    _check(serialized.shape, 0, "serialized")
    if len(dense_defaults) != len(dense_keys):
        raise invalid("Expected len(dense_defaults) == len(dense_keys) but got: %d vs. %d", len(dense_defaults), len(dense_keys))
    features = parsed("Example", serialized.item()).features.feature
    if not sparse_keys:
        plain = _plain_specs(dense_keys, Tdense, dense_shapes, tuple([d.shape for d in dense_defaults]))
        values = _plain_values(plain, features)
        if values is not None:
            return [[], [], [], values]
    dense = [Dense(*spec, i) for i, spec in enumerate(zip(dense_keys, Tdense, dense_shapes, dense_defaults))]

    def count_error(d, count):
        return invalid("Key: %s.  Can't parse serialized Example.", d.key)

    sparse = [_sparse_values(key, t, features, "Key: %s" % key) for key, t in zip(sparse_keys, sparse_types)]
    found = [_dense_values(d, features, "Key: %s" % d.key, count_error) for d in dense]
    found = [d.missing("") if v is None else v for d, v in zip(dense, found)]
    values = [v.reshape((-1, *d.shape[1:]) if d.varies else d.shape) for d, v in zip(dense, found)]
    return [*columns([sparse_row(v) for v in sparse]), values]


@parse_single_example.shape
def _(serialized, dense_defaults, *, sparse_keys, dense_shapes):
    shapes.with_rank(serialized, 0)
    return sparse_shapes(len(sparse_keys), 1) + list(dense_shapes)


def _example(**features):
    """A serialized `Example`."""
    example = protos.Example()
    for key, values in features.items():
        kind = {int: "int64_list", float: "float_list", bytes: "bytes_list"}[type(values[0])]
        getattr(example.features.feature[key], kind).value.extend(values)
    return example.SerializeToString()


def _strings(*values):
    return object_array(values)


def _text(value):
    return np.array(value, object)


@parse_example.samples
def _(make):
    data = _strings(
        _example(a=[1, 2], b=[0.5], s=[b"x", b"y", b"z"], v=[1.0, 2.0, 3.0, 4.0]), _example(b=[2.5, 3.5], v=[5.0, 6.0]), b""
    )
    attrs = dict(sparse_types=["float32", "string"], dense_shapes=[(2,), (None, 2), ()])
    defaults = [np.int64([7, 8]), np.float32(-1), _text(b"none")]
    yield data, _strings(), [_text(b"b"), _text(b"s")], [_text(b"a"), _text(b"v"), _text(b"t")], defaults, attrs
    dense = dict(sparse_types=[], dense_shapes=[(1, 2)])
    yield data[:1], _strings(b"first"), [], [_text(b"a")], [np.zeros(0, np.int64)], dense


@parse_single_example.samples
def _(make):
    data = _text(_example(a=[1, 2], b=[0.5], s=[b"x", b"y", b"z"], v=[1.0, 2.0, 3.0, 4.0]))
    attrs = dict(num_sparse=2, sparse_keys=["b", "s"], dense_keys=["a", "v", "t", "w"], sparse_types=["float32", "string"],
                 dense_shapes=[(2,), (None, 2), (), (None,)])  # fmt: skip
    yield data, [np.zeros(0, np.int64), np.float32(-1), _text(b"none"), np.float32(0)], attrs
