"""`SequenceExample` protocol buffers as tensors: ParseSingleSequenceExample, ParseSequenceExample."""

import numpy as np

from .. import protos
from ..core import dtypes, shape as shapes
from ..core.constant import eager_name
from ..core.errors import invalid
from ..core.op import op
from .example_values import columns, parsed, sparse_row, sparse_rows, sparse_shapes, text, type_of, values_of

_KINDS = {"int64": "int64", "float32": "float", "string": "bytes"}


def _check_vector(value, what):
    if value.ndim != 1:
        raise invalid("Expected %s to be a vector, got shape: %s", what, shapes.to_brackets(value.shape))


def _check_scalar(value, what):
    if value.ndim:
        raise invalid("Expected %s to be a scalar, got shape: %s", what, shapes.to_brackets(value.shape))


def _empty(dtype):
    return np.empty(0, dtype.np)


# ----------------------------------------------------------------------------------------------------------------- single


def _checked(feature, dtype, where, separator=": "):
    """The values of a feature of one type."""
    if type_of(feature) is not dtype:
        raise invalid("%s.  Data types don't match. Expected type: %s  Feature is: %s", where, eager_name(dtype),
                      str(feature).replace("\n", " ").strip())  # fmt: skip
    return values_of(feature, dtype)


def _of_shape(values, shape, dtype, where):
    if len(values) != shapes.element_count(shape):
        raise invalid("%s.  Number of %s values != expected.  %s size: %d but output shape: %s", where, _KINDS[dtype.name],
                      "Values" if dtype is dtypes.string else "values", len(values), shapes.to_brackets(shape))  # fmt: skip
    return values.reshape(shape)


def _sequence_rows(sequence, dtype, where):
    """The values of each step of a sparse feature list; a step that is not set has none."""
    return [_checked(f, dtype, "%s, Index: %d" % (where, t)) if f.WhichOneof("kind") else _empty(dtype)
            for t, f in enumerate(sequence)]  # fmt: skip


@op("ParseSingleSequenceExample", host=True)
def parse_single(xp, serialized, feature_list_dense_missing_assumed_empty, context_sparse_keys, context_dense_keys,
                  feature_list_sparse_keys, feature_list_dense_keys, context_dense_defaults, debug_name, *, context_sparse_types=(),
                  Tcontext_dense, feature_list_dense_types=(), context_dense_shapes=(), feature_list_sparse_types=(),
                  feature_list_dense_shapes=()):  # fmt: skip
    _check_vector(feature_list_dense_missing_assumed_empty, "feature_list_dense_missing_assumed_empty ")
    _check_scalar(debug_name, "debug_name")
    _check_scalar(serialized, "serialized")
    name = np.asarray(debug_name).item().decode(errors="replace")
    example = parsed("SequenceExample", np.asarray(serialized).item())
    context, lists = example.context.feature, example.feature_lists.feature_list
    optional = {text(k) for k in feature_list_dense_missing_assumed_empty.tolist()}
    dense = []
    for i, (key, dtype, shape, default) in enumerate(
        zip(map(text, context_dense_keys), Tcontext_dense, context_dense_shapes, context_dense_defaults)
    ):
        dense.append(_context_dense(context, key, dtype, shape, default, name, i))
    sparse = [
        sparse_row(_checked(context[k], t, "Name: %s, Context feature: %s" % (name, k)) if k in context else _empty(t))
        for k, t in zip(map(text, context_sparse_keys), context_sparse_types)
    ]
    sequences = [
        _dense_sequence(lists, key, dtype, shape, key in optional, name)
        for key, dtype, shape in zip(map(text, feature_list_dense_keys), feature_list_dense_types, feature_list_dense_shapes)
    ]
    sparse_sequences = [
        sparse_rows(_sequence_rows(lists[k].feature if k in lists else (), t, "Name: %s, Feature List: %s" % (name, k)), t)
        for k, t in zip(map(text, feature_list_sparse_keys), feature_list_sparse_types)
    ]
    return [*columns(sparse), dense, *columns(sparse_sequences), sequences]


def _context_dense(context, key, dtype, shape, default, name, number):
    if default.size and default.shape != shape:
        raise invalid("def_value[%d].shape() == %s != context_dense_shapes_[%d] == %s",
                      number, shapes.to_brackets(default.shape), number, shapes.to_brackets(shape))  # fmt: skip
    if key in context:
        values = _checked(context[key], dtype, "Name: %s, Context feature: %s" % (name, key))
        mark = "Key" if dtype is dtypes.string else "Key:"
        return _of_shape(values, shape, dtype, "Name: %s, %s %s, Index: 0" % (name, mark, key))
    if not default.size:
        raise invalid("Name: %s, Context feature '%s' is required but could not be found.", name, key)
    return default


def _dense_sequence(lists, key, dtype, shape, is_optional, name):
    if key not in lists:
        if not is_optional:
            raise invalid("Name: %s, Feature list '%s' is required but could not be found.  Did you mean to include it in "
                          "feature_list_dense_missing_assumed_empty or feature_list_dense_defaults?", name, key)  # fmt: skip
        return np.empty((0, *shape), dtype.np)
    mark = "Key" if dtype is dtypes.string else "Key:"
    steps = []
    for t, feature in enumerate(lists[key].feature):
        values = _checked(feature, dtype, "Name: %s, Feature list: %s, Index: %d" % (name, key, t))
        steps.append(_of_shape(values, shape, dtype, "Name: %s, %s %s, Index: %d" % (name, mark, key, t)))
    return np.stack(steps) if steps else np.empty((0, *shape), dtype.np)


@parse_single.shape
def _(serialized, feature_list_dense_missing_assumed_empty, context_sparse_keys, context_dense_keys, feature_list_sparse_keys,
      feature_list_dense_keys, context_dense_defaults, debug_name, *, context_dense_shapes, feature_list_dense_shapes):  # fmt: skip
    shapes.with_rank(serialized, 0)
    shapes.with_rank(feature_list_dense_missing_assumed_empty, 1)
    sequences = [None if s is None else (None, *s) for s in feature_list_dense_shapes]
    context = sparse_shapes(len(context_sparse_keys), 1) + list(context_dense_shapes)
    return context + sparse_shapes(len(feature_list_sparse_keys), 2) + sequences


# ---------------------------------------------------------------------------------------------------------------- several


def _loose_values(feature, dtype, what, key, who):
    """The values of a feature that is of the type or not set."""
    have = type_of(feature)
    if have is not None and have is not dtype:
        raise invalid("Error in %s feature %s in example %s", what, key, who)
    return values_of(feature, dtype)


class _Batch:
    """Several parsed examples: by key what each of them holds.

    Attributes:
      contexts, lists: for each example its context features, and its feature lists.
      who: for each example its name.
    """

    def __init__(self, serialized, names):
        _check_vector(serialized, "serialized")
        if names.size:
            _check_vector(names, "debug_name")
            if names.size != serialized.size:
                raise invalid("example_names must be empty or have the correct number of elements")
        self.who = [text(n) for n in names.tolist()] or ["<unknown>"] * serialized.size
        examples = []
        for who, data in zip(self.who, serialized.tolist()):
            examples.append(_parsed_as(who, data))
        self.contexts = [e.context.feature for e in examples]
        self.lists = [e.feature_lists.feature_list for e in examples]

    def context(self, key, dtype):
        """The values of a context feature in each example; None where it is missing."""
        return [_loose_values(f[key], dtype, "context", key, who) if key in f else None
                for f, who in zip(self.contexts, self.who)]  # fmt: skip

    def sequence(self, key, dtype):
        """The values of each step of a feature list in each example; None where it is missing."""
        return [[_loose_values(step, dtype, "sequence", key, who) for step in lists[key].feature] if key in lists else None
                for lists, who in zip(self.lists, self.who)]  # fmt: skip


def _parsed_as(who, data):
    from google.protobuf.message import DecodeError

    try:
        return protos.SequenceExample.FromString(data)
    except DecodeError:
        raise invalid("Invalid protocol message input, example id: %s", who) from None


@op("ParseSequenceExample", host=True,
    ignores=("Ncontext_sparse", "Ncontext_dense", "Nfeature_list_sparse", "Nfeature_list_dense"))  # fmt: skip
def parse_several(xp, serialized, debug_name, context_dense_defaults, *, feature_list_dense_missing_assumed_empty,
                   context_sparse_keys, context_dense_keys, feature_list_sparse_keys, feature_list_dense_keys,
                   context_sparse_types=(), Tcontext_dense, feature_list_dense_types=(), context_dense_shapes=(),
                   feature_list_sparse_types=(), feature_list_dense_shapes=()):  # fmt: skip
    batch = _Batch(serialized, debug_name)
    dense = [
        _context_column(batch, key, dtype, shape, default, i)
        for i, (key, dtype, shape, default) in enumerate(
            zip(context_dense_keys, Tcontext_dense, context_dense_shapes, context_dense_defaults)
        )
    ]
    sparse = [sparse_rows([_empty(t) if row is None else row for row in batch.context(k, t)], t)
              for k, t in zip(context_sparse_keys, context_sparse_types)]  # fmt: skip
    optional = set(feature_list_dense_missing_assumed_empty)
    sequences = [
        _sequence_column(batch, key, dtype, shape, key in optional)
        for key, dtype, shape in zip(feature_list_dense_keys, feature_list_dense_types, feature_list_dense_shapes)
    ]
    sparse_sequences = [_sparse_cube(batch.sequence(k, t), t) for k, t in zip(feature_list_sparse_keys, feature_list_sparse_types)]
    values, lengths = [s[0] for s in sequences], [s[1] for s in sequences]
    return [*columns(sparse), dense, *columns(sparse_sequences), values, lengths]


def _context_column(batch, key, dtype, shape, default, number):
    """A dense context feature of all examples."""
    if default.size and default.shape != shape:
        raise invalid("Default value for context feature %s has an incorrect shape: saw %s but expected %s",
                      key, shapes.to_brackets(default.shape), shapes.to_brackets(shape))  # fmt: skip
    rows, count = batch.context(key, dtype), shapes.element_count(shape)
    most = max([default.size, *(len(row) for row in rows if row is not None)])
    if most != count:
        raise invalid("Inconsistent number of elements for feature %s: %d vs 1", key, most)
    for i, row in enumerate(rows):
        if row is None:
            if not default.size:
                raise invalid("Feature: %s (data type: %s) is required but could not be found.", key, eager_name(dtype))
            rows[i] = default.ravel()
        elif len(row) != count:
            raise invalid("Unexpected number of elements in example %s", batch.who[i])
    return (np.concatenate(rows) if rows else _empty(dtype)).reshape((len(rows), *shape))


def _sequence_column(batch, key, dtype, shape, is_optional):
    """A dense feature list of all examples, and how many steps each of them has."""
    sequences, stride = batch.sequence(key, dtype), shapes.element_count(shape)
    for sequence, who in zip(sequences, batch.who):
        if sequence is None and not is_optional:
            raise invalid("Missing feature %s in example %s", key, who)
        if any(len(step) != stride for step in sequence or ()):
            raise invalid("Unexpected number of elements in feature %s, example %s", key, who)
    lengths = np.array([len(s or ()) for s in sequences], np.int64)
    out = np.empty((len(sequences), int(lengths.max(initial=0)), *shape), dtype.np)
    out[...] = b"" if dtype is dtypes.string else 0
    for target, sequence in zip(out, sequences):
        for t, step in enumerate(sequence or ()):
            target[t] = step.reshape(shape)
    return out, lengths


def _sparse_cube(sequences, dtype):
    """A sparse feature list of all examples: indices, values, shape."""
    indices, rows, steps, widest = [], [], 0, 0
    for e, sequence in enumerate(sequences):
        steps = max(steps, len(sequence or ()))
        for t, step in enumerate(sequence or ()):
            indices += [(e, t, i) for i in range(len(step))]
            rows.append(step)
            widest = max(widest, len(step))
    values = np.concatenate(rows) if rows else _empty(dtype)
    return np.array(indices, np.int64).reshape(-1, 3), values, np.array([len(sequences), steps, widest], np.int64)


@parse_several.shape
def _(serialized, debug_name, context_dense_defaults, *, context_sparse_keys, feature_list_sparse_keys, context_dense_shapes,
      feature_list_dense_shapes):  # fmt: skip
    (count,) = shapes.with_rank(serialized, 1)
    shapes.with_rank(debug_name, 1)
    context = sparse_shapes(len(context_sparse_keys), 2) + [None if s is None else (count, *s) for s in context_dense_shapes]
    sequences = [None if s is None else (count, None, *s) for s in feature_list_dense_shapes]
    return context + sparse_shapes(len(feature_list_sparse_keys), 3) + sequences + [(count,)] * len(sequences)


# ---------------------------------------------------------------------------------------------------------------- samples


def _sequence_example(context, lists):
    """A serialized `SequenceExample`."""
    kinds = {int: "int64_list", float: "float_list", bytes: "bytes_list"}
    example = protos.SequenceExample()
    for key, values in context.items():
        getattr(example.context.feature[key], kinds[type(values[0])]).value.extend(values)
    for key, steps in lists.items():
        for step in steps:
            feature = example.feature_lists.feature_list[key].feature.add()
            if step:
                getattr(feature, kinds[type(step[0])]).value.extend(step)
    return example.SerializeToString()


def _texts(*values):
    return dtypes.object_array(values)


def _keys(*names):
    return [np.array(n.encode(), object) for n in names]


@parse_single.samples
def _(make):
    data = _sequence_example(dict(a=[1, 2], b=[0.5]), dict(x=[[1, 2], [3, 4]], y=[[b"p"], [], [b"q", b"r"]]))
    attrs = dict(context_sparse_types=["float32"], feature_list_dense_types=["int64", "float32"], context_dense_shapes=[(2,), ()],
                 feature_list_sparse_types=["string"], feature_list_dense_shapes=[(2,), (3,)])  # fmt: skip
    yield (np.array(data, object), _texts(b"z"), _keys("b"), _keys("a", "c"), _keys("y"), _keys("x", "z"),
           [np.zeros(0, np.int64), np.array(b"none", object)], np.array(b"", object), attrs)  # fmt: skip


@parse_several.samples
def _(make):
    first = _sequence_example(dict(a=[1, 2], b=[0.5]), dict(x=[[1, 2], [3, 4]], y=[[b"p"], [], [b"q", b"r"]]))
    second = _sequence_example(dict(a=[3, 4]), dict(x=[[5, 6]], z=[[1.0, 2.0, 3.0]]))
    attrs = dict(feature_list_dense_missing_assumed_empty=["z"], context_sparse_keys=["b"], context_dense_keys=["a", "c"],
                 feature_list_sparse_keys=["y"], feature_list_dense_keys=["x", "z"], Ncontext_sparse=1, Ncontext_dense=2,
                 Nfeature_list_sparse=1, Nfeature_list_dense=2, context_sparse_types=["float32"],
                 feature_list_dense_types=["int64", "float32"], context_dense_shapes=[(2,), ()],
                 feature_list_sparse_types=["string"], feature_list_dense_shapes=[(2,), (3,)])  # fmt: skip
    yield _texts(first, second), _texts(), [np.zeros(0, np.int64), np.array(b"none", object)], attrs
