"""`MultiDeviceSaver`: saves `SaveableObject`s, those of each device into a file of their own, and restores them."""

import uuid

from .. import protos
from ..core import dtypes
from ..core.context import here
from ..core.convert import constant
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import control_dependencies, device
from ..core.tensor_spec import TensorSpec
from ..core.trackable import SaveableObject
from ..ops.strings import string_join
from .saver_builder import restore_v2
from .saver_saveables import set_cpu0


@export("python.training.saving.functional_saver._SingleDeviceSaver")
class _SingleDeviceSaver:
    """The part of a `MultiDeviceSaver` for one device: saves a list of `SaveableObject`s."""

    def __init__(self, saveable_objects):
        self._saveables = list(saveable_objects)
        for s in self._saveables:
            if not isinstance(s, SaveableObject):
                raise ValueError("Expected a list of SaveableObjects, got %s." % (s,))

    def save(self, prefix):
        """Saves; in a graph the operation that does it."""
        specs = [spec for s in self._saveables for spec in s.specs]
        names, tensors, slices = [s.name for s in specs], [s.tensor for s in specs], [s.slice_spec for s in specs]
        with device("cpu:0"):
            return registry["SaveV2"](prefix, names, slices, tensors)

    def restore(self, prefix):
        """Restores; name -> the operation that does it."""
        specs = [spec for s in self._saveables for spec in s.specs]
        with device("cpu:0"):
            values = restore_v2(prefix, [s.name for s in specs], [s.slice_spec for s in specs], [s.dtype for s in specs])
        restored, position = {}, 0
        for s in self._saveables:
            own = [values[i] for i in range(position, position + len(s.specs))]
            restored[s.name] = s.restore(own, restored_shapes=None)
            position += len(s.specs)
        return restored


@export("python.training.saving.functional_saver.MultiDeviceSaver")
class MultiDeviceSaver:
    """Saves and restores objects under the names that they have.

    Args:
      saveable_objects: a list of `SaveableObject`s.

    Raises:
      ValueError: there is something else among them.
    """

    def __init__(self, saveable_objects):
        by_device = {}
        for s in saveable_objects:
            if not isinstance(s, SaveableObject):
                raise ValueError("Expected a dictionary of SaveableObjects, got %s." % (s,))
            by_device.setdefault(s.device, []).append(s)
        self._by_device = [(name, _SingleDeviceSaver(s)) for name, s in sorted(by_device.items(), key=lambda item: item[0])]

    def save(self, file_prefix):
        """Saves to a checkpoint.

        Args:
          file_prefix: its name, a string tensor.

        Returns:
          In a graph, the operation that does it.
        """
        with device("cpu:0"):
            temporary = string_join([file_prefix, "_temp_%s/part" % uuid.uuid4().hex])
        count = constant(len(self._by_device), name="num_shards")
        prefixes, saves = [], []
        for shard, (name, saver) in enumerate(self._by_device):
            with device(set_cpu0(name)):
                prefixes.append(registry["ShardedFilename"](temporary, shard, count))
            with device(name):
                saves.append(saver.save(prefixes[-1]))
        with control_dependencies([] if here.eager else saves), device(set_cpu0(self._by_device[-1][0])):
            return registry["MergeV2Checkpoints"](prefixes, file_prefix, delete_old_dirs=True)

    def restore(self, file_prefix):
        """Restores from a checkpoint.

        Args:
          file_prefix: its name, a string tensor.

        Returns:
          name -> the operation that restores the object of this name.
        """
        restored = {}
        for name, saver in self._by_device:
            with device(name):
                restored.update(saver.restore(file_prefix))
        return restored

    def to_proto(self):
        """A `SaverDef` for functions, added to the default graph, that save and restore."""
        signature = (TensorSpec(shape=(), dtype=dtypes.string),)

        def traced(function):
            return resolve("function")(function, input_signature=signature, autograph=False)

        prefix = resolve("placeholder")(shape=[], dtype=dtypes.string, name="saver_filename")
        saved = traced(lambda name: _after(self.save(name), name))(prefix)
        restored = traced(lambda name: _after(list(self.restore(name).values()), name))(prefix)
        return protos.SaverDef(filename_tensor_name=prefix.name, save_tensor_name=saved.name, restore_op_name=restored.op.name,
                               version=protos.SaverDef.V2)  # fmt: skip


def _after(operations, value):
    """A tensor that is there only when some operations have run."""
    with device("cpu:0"), control_dependencies(operations if isinstance(operations, list) else [operations]):
        return registry["Identity"](value)
