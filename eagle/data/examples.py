"""Datasets of serialized `Example`s that are parsed: `parse_example_dataset`."""

import numpy as np

from ..core import dtypes
from ..core.dispatch import registry
from ..core.export import export
from ..core.shape import as_shape
from ..core.sparse_tensor import SparseTensorSpec
from ..core.tensor_spec import TensorSpec
from ..core.variants import tensors_as_variants
from ..ops.examples import parse_example
from ..ops.features import ALL, SparseFeature, Wanted, with_any_length
from ..ops.parsing import defaults_of, merged
from . import specs
from .dataset import Made
from .dataset_op import dataset_op
from .mapping import parallel_calls
from .running import Unary
from .specs import flat_attrs
from .threads import OrderedMap

_NO_NAMES = np.empty(0, object)


class Parsed(Unary):
    """What is parsed of vectors of serialized `Example`s, `calls` of them at a time.

    Args:
      parse: from a vector to the parts of sparse tensors and to dense tensors: what the kernel of ParseExample gives.
      keys: the names of the sparse and of the dense features.
    """

    __slots__ = ("parse", "calls", "order")

    def __init__(self, input, parse, keys, calls):
        super().__init__(input)
        self.parse, self.calls = parse, calls
        self.order = sorted(range(len(keys)), key=keys.__getitem__)

    def iterate(self, run, place):
        return OrderedMap(self._components, self.upstream(run, place), self.calls)

    def _components(self, element):
        indices, values, shapes, dense = self.parse(element[0])
        found = [tensors_as_variants(parts, (3,)) for parts in zip(indices, values, shapes)] + dense
        return tuple([found[i] for i in self.order])

    def size(self):
        return self.input.size()


@dataset_op("ParseExampleDataset", "ExperimentalParseExampleDataset", ignores=("sloppy",))
def _parse_examples(xp, input_dataset, num_parallel_calls, dense_defaults, *, sparse_keys, dense_keys, sparse_types, Tdense,
                    dense_shapes):  # fmt: skip
    sparse, dense = np.array(sparse_keys, object), np.array(dense_keys, object)

    def parse(serialized):
        return parse_example.kernel(
            xp, serialized, _NO_NAMES, sparse, dense, dense_defaults, sparse_types=sparse_types, Tdense=Tdense,
            dense_shapes=dense_shapes,
        )  # fmt: skip

    return Parsed(input_dataset, parse, [*sparse_keys, *dense_keys], parallel_calls(num_parallel_calls))


@export("data.experimental.parse_example_dataset", "contrib.data.parse_example_dataset")
def parse_example_dataset(features, num_parallel_calls=1):
    """Serialized `Example`s as dictionaries of tensors, as `tf.parse_example` makes them.

    Args:
      features: name -> `FixedLenFeature`, `VarLenFeature`, ..., as of `tf.parse_example`.
      num_parallel_calls: how many batches are parsed at a time.

    Raises:
      ValueError: `features` is None.
      TypeError: (when applied) the elements are no vectors of strings.
    """
    if features is None:
        raise ValueError("Missing: features was %s." % features)

    def apply(dataset):
        if not specs.compatible(dataset.element_spec, TensorSpec([None], dtypes.string)):
            raise TypeError("Input dataset should be a dataset of vectors of strings")
        parsed = _parsed(dataset, with_any_length(features), num_parallel_calls)
        if any(isinstance(f, SparseFeature) for f in features.values()):
            return parsed.map(lambda x: merged(features, x), num_parallel_calls=num_parallel_calls)
        return parsed

    return apply


def _parsed(dataset, features, num_parallel_calls):
    wanted = Wanted(features, ALL)
    size = specs.get_output_shapes(dataset)
    dense = zip(wanted.dense_keys, wanted.dense_types, map(as_shape, wanted.dense_shapes))
    spec = {key: TensorSpec(size.concatenate(shape), dtype) for key, dtype, shape in dense}
    for key, dtype in zip(wanted.sparse_keys, wanted.sparse_types):
        spec[key] = SparseTensorSpec(size.concatenate([None]), dtype)
    variant = registry["ParseExampleDataset"](
        dataset._variant_tensor, num_parallel_calls, defaults_of(wanted),
        sparse_keys=wanted.sparse_keys, dense_keys=wanted.dense_keys, sparse_types=wanted.sparse_types,
        dense_shapes=wanted.dense_shapes, **flat_attrs(spec),
    )  # fmt: skip
    return Made(variant, spec, (dataset,), name="_ParseExampleDataset")
