"""`tf.parse_example` and its kin."""

import re

from ..core import dtypes, shape as shapes
from ..core.convert import constant, convert
from ..core.export import export, resolve
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import Tensor
from .assertions import Assert
from .comparison import equal
from .examples import parse_example as _parse_example, parse_single_example as _parse_single_example
from .features import ALL, FixedLenFeature, FixedLenSequenceFeature, SparseFeature, VarLenFeature, Wanted, with_any_length
from .flow import with_dependencies
from .sequence_examples import parse_several, parse_single
from .shaping import expand_dims, rank, reshape, squeeze
from .slicing import slice_


def _node_name(key):
    return re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)


def merged(features, tensors):
    """The tensors that were parsed, those of a `SparseFeature` put together."""
    tensors = dict(tensors)
    for key in sorted(features):
        feature = features[key]
        if isinstance(feature, SparseFeature):
            keys = feature.index_key
            indices = tensors[keys] if isinstance(keys, str) else [tensors[k] for k in keys]
            tensors[key] = resolve("sparse_merge")(
                indices, tensors[feature.value_key], vocab_size=feature.size, already_sorted=feature.already_sorted
            )
    return {key: tensors[key] for key in tensors if key in features}


def defaults_of(wanted, is_reshaped=True):
    """The tensors of default values that the ops take."""
    found = []
    for key, dtype, shape in zip(wanted.dense_keys, wanted.dense_types, map(shapes.as_shape, wanted.dense_shapes)):
        value = wanted.dense_defaults.get(key)
        if shape.ndims and shape.dims[0].value is None:
            if value is None:
                value = convert("" if dtype == dtypes.string else 0, dtype)
            else:
                value = reshape(convert(value, dtype, "padding_" + _node_name(key)), [])
        elif value is None:
            value = constant([], dtype)
        elif not isinstance(value, Tensor):
            value = convert(value, dtype, "key_" + _node_name(key))
            value = reshape(value, shape) if is_reshaped else value
        found.append(value)
    return found


def _by_key(wanted, indices, values, dense_shapes, dense_values):
    """The parsed tensors by the names of the features."""
    sparse = [SparseTensor(*parts) for parts in zip(indices, values, dense_shapes)]
    return dict(zip(wanted.sparse_keys + wanted.dense_keys, sparse + list(dense_values)))


# ---------------------------------------------------------------------------------------------------------------- examples


@export("parse_example", "io.parse_example")
def parse_example(serialized, features, name=None, example_names=None):
    """Serialized `Example` protocol buffers as tensors.

    Args:
      serialized: a vector of strings.
      features: name -> `FixedLenFeature`, `VarLenFeature`, `SparseFeature` or `FixedLenSequenceFeature`.
      name: the name of the operation.
      example_names: None, or a vector of the examples' names, which messages show.

    Returns:
      A dictionary from the names of the features to tensors or `SparseTensor`s, whose first dimension is that of the examples.

    Raises:
      ValueError: there are no features, or some that are wrong.
      InvalidArgumentError: an example can't be parsed, or does not have what is wanted.
    """
    if not features:
        raise ValueError("Missing: features was %s." % features)
    features = with_any_length(features)
    return merged(features, _parse(serialized, example_names, Wanted(features, ALL), name))


def _parse(serialized, names, wanted, name):
    with name_scope(name, "ParseExample", [serialized, names]):
        defaults = defaults_of(wanted)
        parsed = _parse_example(serialized, [] if names is None else names, wanted.sparse_keys, wanted.dense_keys, defaults,
                                sparse_types=wanted.sparse_types, dense_shapes=wanted.dense_shapes, name=name)  # fmt: skip
        return _by_key(wanted, *parsed)


@export("parse_single_example", "io.parse_single_example")
def parse_single_example(serialized, features, name=None, example_names=None):
    """One serialized `Example` protocol buffer as tensors.

    Args:
      serialized: a scalar string tensor.
      features: name -> `FixedLenFeature`, `VarLenFeature`, `SparseFeature` or `FixedLenSequenceFeature`.
      name: the name of the operation.
      example_names: None, or the example's name (a scalar), which messages show.

    Returns:
      A dictionary from the names of the features to tensors or `SparseTensor`s.

    Raises:
      ValueError: there are no features, or some that are wrong.
      InvalidArgumentError: the example can't be parsed, or does not have what is wanted.
    """
    if not features:
        raise ValueError("Missing features.")
    features = with_any_length(features)
    wanted = Wanted(features, ALL)
    if example_names is not None:
        return merged(features, _parse_one_of_many(serialized, example_names, wanted, name))
    with name_scope(name, "ParseSingleExample", [serialized]):
        serialized = convert(serialized, name="serialized")
        defaults = defaults_of(wanted)
        parsed = _parse_single_example(serialized, defaults, num_sparse=len(wanted.sparse_keys), sparse_keys=wanted.sparse_keys,
                                       sparse_types=wanted.sparse_types, dense_keys=wanted.dense_keys,
                                       dense_shapes=wanted.dense_shapes, name=name)  # fmt: skip
        return merged(features, _by_key(wanted, *parsed))


def _in_a_vector(value, what, node):
    """A scalar as a vector of one element, checked that it is one."""
    value = convert(value)
    ndims = value.shape.ndims
    if ndims is None:
        check = Assert(equal(rank(value), 0), ["Input %s must be a scalar" % what], name=node + "IsScalar")
        value = with_dependencies([check], value, name=node + "Dependencies")
    elif ndims != 0:
        raise ValueError("Input %s must be a scalar" % what)
    return expand_dims(value, 0)


def _parse_one_of_many(serialized, names, wanted, name):
    """One example, parsed as several are."""
    with name_scope(name, "ParseSingleExample", [serialized, names]):
        serialized = _in_a_vector(serialized, "serialized", "Serialized")
        names = _in_a_vector(names, "names", "Names")
        outputs = _parse(serialized, names, wanted, name)
        for key in wanted.dense_keys:
            outputs[key] = squeeze(outputs[key], [0], name="Squeeze_" + _node_name(key))
        for key in wanted.sparse_keys:
            found = outputs[key]
            outputs[key] = SparseTensor(
                slice_(found.indices, [0, 1], [-1, -1], name="Slice_Indices_" + _node_name(key)),
                found.values,
                slice_(found.dense_shape, [1], [-1], name="Squeeze_Shape_" + _node_name(key)),
            )
        return outputs


# --------------------------------------------------------------------------------------------------------------- sequences


class _SequenceFeatures:
    """The features of a `SequenceExample`: those of its context, and those of its steps.

    Attributes:
      context, steps: a `Wanted` each.
      optional: the names of the features of steps that an example need not have.
    """

    def __init__(self, context_features, sequence_features):
        if not (context_features or sequence_features):
            raise ValueError("Missing features.")
        self.context = Wanted(context_features, (VarLenFeature, FixedLenFeature))
        self.steps = Wanted(sequence_features, (VarLenFeature, FixedLenSequenceFeature))

    def check(self):
        self.optional = []
        for key, value in self.steps.dense_defaults.items():
            if value is not None:
                raise ValueError("Value feature_list_dense_defaults[%s] must be None" % key)
            self.optional.append(key)

    def attributes(self):
        """The attributes that both ops have."""
        return dict(
            context_sparse_types=self.context.sparse_types,
            context_dense_shapes=self.context.dense_shapes,
            feature_list_sparse_types=self.steps.sparse_types,
            feature_list_dense_types=self.steps.dense_types,
            feature_list_dense_shapes=self.steps.dense_shapes,
        )


@export("io.parse_sequence_example")
def parse_sequence_example(serialized, context_features=None, sequence_features=None, example_names=None, name=None):
    """Serialized `SequenceExample` protocol buffers as tensors.

    Args:
      serialized: a vector of strings.
      context_features: name -> `FixedLenFeature` or `VarLenFeature`, of whole examples.
      sequence_features: name -> `FixedLenSequenceFeature` or `VarLenFeature`, of steps.
      example_names: None, or a vector of the examples' names, which messages show.
      name: the name of the operation.

    Returns:
      Three dictionaries by the names of the features: the tensors of the context, those of the steps, and how many steps each
      example has (of dense features).

    Raises:
      ValueError: there are no features, or some that are wrong.
      InvalidArgumentError: an example can't be parsed, or does not have what is wanted.
    """
    wanted = _SequenceFeatures(context_features, sequence_features)
    with name_scope(name, "ParseSequenceExample", [serialized]):
        wanted.check()
        context, steps = wanted.context, wanted.steps
        parsed = parse_several(
            serialized, [] if example_names is None else example_names, defaults_of(context, is_reshaped=False),
            feature_list_dense_missing_assumed_empty=wanted.optional,
            context_sparse_keys=context.sparse_keys, context_dense_keys=context.dense_keys,
            feature_list_sparse_keys=steps.sparse_keys, feature_list_dense_keys=steps.dense_keys,
            Ncontext_sparse=len(context.sparse_keys), Ncontext_dense=len(context.dense_keys),
            Nfeature_list_sparse=len(steps.sparse_keys), Nfeature_list_dense=len(steps.dense_keys),
            **wanted.attributes(), name=name,
        )  # fmt: skip
        return _by_key(context, *parsed[:4]), _by_key(steps, *parsed[4:8]), dict(zip(steps.dense_keys, parsed[8]))


@export("parse_single_sequence_example", "io.parse_single_sequence_example")
def parse_single_sequence_example(serialized, context_features=None, sequence_features=None, example_name=None, name=None):
    """One serialized `SequenceExample` protocol buffer as tensors.

    Args:
      serialized: a scalar string tensor.
      context_features: name -> `FixedLenFeature` or `VarLenFeature`, of the whole example.
      sequence_features: name -> `FixedLenSequenceFeature` or `VarLenFeature`, of steps.
      example_name: None, or the example's name (a scalar), which messages show.
      name: the name of the operation.

    Returns:
      Two dictionaries by the names of the features: the tensors of the context and those of the steps.

    Raises:
      ValueError: there are no features, or some that are wrong.
      InvalidArgumentError: the example can't be parsed, or does not have what is wanted.
    """
    wanted = _SequenceFeatures(context_features, sequence_features)
    with name_scope(name, "ParseSingleSequenceExample", [serialized]):
        wanted.check()
        context, steps = wanted.context, wanted.steps
        parsed = parse_single(
            serialized, wanted.optional, context.sparse_keys, context.dense_keys, steps.sparse_keys, steps.dense_keys,
            defaults_of(context), "" if example_name is None else example_name, **wanted.attributes(), name=name,
        )  # fmt: skip
        return _by_key(context, *parsed[:4]), _by_key(steps, *parsed[4:])
