"""Iterators for several devices, and pools of threads that TensorFlow's programs ask for."""

from ..core import dtypes
from ..core.context import here
from ..core.dispatch import registry
from ..core.export import export
from ..core.op import op
from ..core.scopes import colocate_with, device as device_scope
from ..core.trackable import SaveableObject, SaveSpec
from .dataset_op import dataset_op
from .dataset_v1 import DatasetV1Adapter
from .iterator import IteratorV2, make_initializable_iterator
from .running import Alias, Resource


@export("python.data.ops.multi_device_iterator_ops.MultiDeviceIterator")
class MultiDeviceIterator:
    """An iterator that gives several devices an element each.

    Args:
      dataset: the dataset.
      devices: the names of the devices.
      max_buffer_size: how many elements for each device are got in advance.
      prefetch_buffer_size: how many more.
      source_device: where the elements come from.
    """

    def __init__(self, dataset, devices, max_buffer_size=1, prefetch_buffer_size=1, source_device="/cpu:0"):
        self._devices = list(devices)
        ahead = dataset.prefetch(len(self._devices) * (max_buffer_size + prefetch_buffer_size))
        with device_scope(source_device):
            self._iterator = IteratorV2(ahead) if here.eager else make_initializable_iterator(DatasetV1Adapter(ahead))

    @property
    def initializer(self):
        """The operation that begins the iterator."""
        return None if here.eager else self._iterator.initializer

    @property
    def element_spec(self):
        """The structure of specs of the elements."""
        return self._iterator.element_spec

    def get_next(self, device=None):
        """The next element for each device, as a list; for one device only if it is given.

        Raises:
          ValueError: the device is none of the iterator's.
        """
        if device is not None and device not in self._devices:
            raise ValueError("%s is none of the devices of this iterator: %s" % (device, self._devices))
        found = []
        for name in self._devices if device is None else [device]:
            with device_scope(name):
                found.append(self._iterator.get_next())
        return found if device is None else found[0]


# -------------------------------------------------------------------------------------------------------- pools of threads


class Pool(Resource):
    """The value of a handle of a pool of threads.  In Eagle datasets share as many threads as there are processors."""

    __slots__ = ("threads",)

    def __init__(self, threads):
        self.threads = threads


@op("ThreadPoolHandle", host=True, foldable=False, ignores=("max_intra_op_parallelism", "display_name", "container", "shared_name"))
def _pool(xp, *, num_threads):
    return Pool(num_threads)


_pool.shape(lambda: ())
_pool.not_differentiable()


@dataset_op("ThreadPoolDataset", "ExperimentalThreadPoolDataset")
def _with_pool(xp, input_dataset, thread_pool):
    return Alias(input_dataset)


@export("contrib.data.python.ops.threadpool.PrivateThreadPool", "python.data.experimental.ops.threadpool.PrivateThreadPool")
class PrivateThreadPool:
    """A pool of threads for one dataset.

    Args:
      num_threads: how many.
      display_name: their name.
      max_intra_op_parallelism: how many threads an operation may use.
    """

    def __init__(self, num_threads, display_name=None, max_intra_op_parallelism=1):
        self._resource = registry["ThreadPoolHandle"](
            num_threads=num_threads, max_intra_op_parallelism=max_intra_op_parallelism, display_name=display_name or "",
            shared_name="",
        )  # fmt: skip


@export("contrib.data.python.ops.threadpool.override_threadpool", "python.data.experimental.ops.threadpool.override_threadpool")
def override_threadpool(dataset, thread_pool):
    """The dataset served by a pool of threads; in Eagle datasets share as many threads as there are processors."""
    made = dataset._like("ThreadPoolDataset", thread_pool._resource)
    return DatasetV1Adapter(made) if isinstance(dataset, DatasetV1Adapter) else made


# ------------------------------------------------------------------------------------------------------------ saved state


_POSITION = "EagleIteratorPosition(resource: resource) -> (position: int64) |  | stateful"
_SET_POSITION = "EagleSetIteratorPosition(resource: resource, position: int64) -> () |  | stateful"


@op("EagleIteratorPosition", definition=_POSITION, host=True,
    foldable=False)  # fmt: skip
def _position(xp, resource):
    return resource.position()


@op("EagleSetIteratorPosition", definition=_SET_POSITION, host=True)  # fmt: skip
def _set_position(xp, resource, position):
    resource.set_position(int(position))
    return ()


_position.shape(lambda resource: ())
for _declared in (_position, _set_position):
    _declared.not_differentiable()


@export("data.experimental.make_saveable_from_iterator", "contrib.data.make_saveable_from_iterator")
def make_saveable_from_iterator(iterator):
    """What lets a `tf.train.Saver` save and restore how far an iterator has come.

    What is saved is the number of elements that it has given.  To restore it, its dataset is gone through again up to there, so
    the dataset must give the same elements again.

    Args:
      iterator: a `tf.data.Iterator`.
    """
    return make_saveable_from_resource(iterator._iterator_resource)


def make_saveable_from_resource(resource):
    """See `make_saveable_from_iterator`."""
    return IteratorSaveable(resource, resource.name, resource.name + "-state")


@export("python.data.devices.IteratorSaveable")
class IteratorSaveable(SaveableObject):
    """How far an iterator has come.

    Args:
      resource: the iterator.
      name: the name of the saveable.
      key: the name in the checkpoint.
    """

    def __init__(self, resource, name, key):
        position = registry["EagleIteratorPosition"](resource)
        super().__init__(resource, [SaveSpec(position, "", key, dtype=dtypes.int64)], name)

    def restore(self, restored_tensors, restored_shapes):
        with colocate_with(self.op):
            return registry["EagleSetIteratorPosition"](self.op, restored_tensors[0])
