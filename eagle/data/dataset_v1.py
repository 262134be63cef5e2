"""`tf.data.Dataset` as TensorFlow 1 has it: datasets that make their own iterators."""

import collections
import weakref

from ..core import dtypes
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.graph import get_default_graph
from ..core.tensor_spec import TensorSpec
from ..platform import tf_logging
from . import specs
from .dataset import DatasetV2, Made


@export("data.Dataset", "python.data.ops.dataset_ops.Dataset", "python.data.ops.dataset_ops.DatasetV1")
class DatasetV1(DatasetV2):
    """A pipeline of elements, as `DatasetV2`; it makes its own iterators too."""

    _maps_keep_size = False

    def __init__(self):
        super().__init__(self._as_variant_tensor())

    def _as_variant_tensor(self):
        raise NotImplementedError("Dataset._as_variant_tensor")

    @classmethod
    def _wrap(cls, dataset):
        return DatasetV1Adapter(dataset)

    def make_one_shot_iterator(self):
        """An iterator of the elements that begins by itself, and ends for good.

        Raises:
          ValueError: the dataset uses something that has a state, a variable for one.
        """
        return self._make_one_shot_iterator()

    def _make_one_shot_iterator(self):
        return public.python.data.ops.iterator_ops.one_shot(self)

    def make_initializable_iterator(self, shared_name=None):
        """An iterator of the elements, to be begun by running its `initializer`.

        Args:
          shared_name: a name under which sessions share it.

        Raises:
          RuntimeError: eagerly.
        """
        return self._make_initializable_iterator(shared_name)

    def _make_initializable_iterator(self, shared_name=None):
        return public.python.data.ops.iterator_ops.initializable(self, shared_name)

    output_types = property(lambda self: specs.legacy(self.element_spec, 0), doc="The types of the components of the elements.")
    output_shapes = property(lambda self: specs.legacy(self.element_spec, 1), doc="Their shapes.")
    output_classes = property(lambda self: specs.legacy(self.element_spec, 2), doc="Their classes.")

    @classmethod
    def from_sparse_tensor_slices(cls, sparse_tensor):
        """A dataset of the slices of a sparse tensor along its first dimension.

        Args:
          sparse_tensor: the sparse tensor, whose indices are in order.

        Raises:
          TypeError: it is none.
        """
        return cls._wrap(sparse_slices(sparse_tensor))

    def map_with_legacy_function(self, map_func, num_parallel_calls=None):
        """As `map`."""
        return self._wrap(self._mapped(map_func, num_parallel_calls, False))

    def filter_with_legacy_function(self, predicate):
        """As `filter`."""
        return self.filter(predicate)


@export("python.data.ops.dataset_ops.DatasetV1Adapter")
class DatasetV1Adapter(DatasetV1):
    """A dataset with the methods of TensorFlow 1.

    Args:
      dataset: the dataset.
    """

    def __init__(self, dataset):
        self._dataset = dataset
        super().__init__()

    def _as_variant_tensor(self):
        return self._dataset._variant_tensor

    def _has_captured_ref(self):
        return self._dataset._has_captured_ref()

    def _inputs(self):
        return self._dataset._inputs()

    def _functions(self):
        return self._dataset._functions()

    def options(self):
        return self._dataset.options()

    @property
    def element_spec(self):
        return self._dataset.element_spec

    def __iter__(self):
        return iter(self._dataset)


def sparse_slices(sparse_tensor):
    if not isinstance(sparse_tensor, specs.SparseTensor):
        raise TypeError("`sparse_tensor` must be a `tf.SparseTensor` object. Was %s" % (sparse_tensor,))
    shape = sparse_tensor.indices.shape
    outer = (sparse_tensor.dense_shape.shape[0] if sparse_tensor.dense_shape.shape.ndims else shape[1]) - 1
    rank = specs.TensorShape([outer])._dims[0]
    spec = (TensorSpec([None, rank], dtypes.int64), TensorSpec([None], sparse_tensor.dtype), TensorSpec([rank], dtypes.int64))
    variant = registry["SparseTensorSliceDataset"](sparse_tensor.indices, sparse_tensor.values, sparse_tensor.dense_shape)
    return Made(variant, spec, name="SparseTensorSliceDataset")


def warn_of_graphs(dataset):
    """Warns if a dataset (or one that it is made of) was made in another graph than the default one."""
    graph = get_default_graph()
    queue, seen = collections.deque([dataset]), weakref.WeakSet()
    while queue:
        d = queue.popleft()
        if d in seen:
            continue
        seen.add(d)
        if d._graph is not graph:
            tf_logging.warning(
                "The graph (%s) of the iterator is different from the graph (%s) the dataset: %s was created in. If you are using "
                "the Estimator API, make sure that no part of the dataset returned by the `input_fn` function is defined outside "
                "the `input_fn` function. Please ensure that all datasets in the pipeline are created in the same graph as the "
                "iterator. NOTE: This warning will become an error in future versions of TensorFlow."
                "NOTE: This warning will become an error in future versions of TensorFlow." % (graph, d._graph, d._variant_tensor)
            )
        queue.extend(d._inputs())
