"""`BaseSaverBuilder`: the operations that a `Saver` adds to a graph; eagerly it saves and restores at once."""

import uuid

from .. import protos
from ..core import device as devices, dispatch, dtypes as types
from ..core.compat import as_text
from ..core.context import here
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.errors import OpError
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import control_dependencies, device, name_scope
from ..core.tensor import from_value
from ..core.trackable import SaveableObject, SaveSpec
from ..ops.flow import group, with_dependencies
from ..ops.strings import string_join
from ..variables.partitioned import PartitionedVariable
from .bundle_ops import Restoring
from .saver_saveables import ReferenceVariableSaveable, ResourceVariableSaveable, set_cpu0, validate_and_slice_inputs

V1, V2 = 1, 2  # of `SaverDef.CheckpointFormatVersion`


class RestoredTensors:
    """What a RestoreV2 gives, eagerly: a sequence of tensors that are read from the file when they are asked for.

    That nothing is wrong with any of them is found out at once.
    """

    def __init__(self, prefix, names, slices, dtypes):
        values = [convert(x, types.string)._v for x in (prefix, list(names), list(slices))]
        try:
            self._restoring = Restoring(*values, dtypes).verified()
        except OpError as e:
            raise dispatch.eager_error(e, registry["RestoreV2"], values, None) from None
        self._count = len(dtypes)

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        if index >= self._count:
            raise IndexError(index)
        return from_value(self._restoring.read(index, verified=True))


def restore_v2(prefix, names, slices, dtypes, name=None):
    """The tensors with some names in a checkpoint; `name` is that of the operation in a graph."""
    if here.eager:
        return RestoredTensors(prefix, names, slices, [t.base_dtype for t in dtypes])
    return registry["RestoreV2"](prefix, list(names), list(slices), dtypes=[t.base_dtype for t in dtypes], name=name)


@export("python.training.saver.BaseSaverBuilder")
class BaseSaverBuilder:
    """Adds the operations that save and restore; made to be inherited from.

    Args:
      write_version: the format to save in, `SaverDef.V1` or `SaverDef.V2`.
    """

    SaveSpec = SaveSpec
    SaveableObject = SaveableObject
    VariableSaveable = ReferenceVariableSaveable
    ResourceVariableSaveable = ResourceVariableSaveable

    def __init__(self, write_version=V2):
        self._write_version = write_version

    # --------------------------------------------------------------------------------------------------------- saving

    def save_op(self, filename_tensor, saveables):
        """The operation that saves some `SaveableObject`s under a file name.

        Raises:
          RuntimeError: the format is unknown.
        """
        specs = [spec for saveable in saveables for spec in saveable.specs]
        names, tensors, slices = [s.name for s in specs], [s.tensor for s in specs], [s.slice_spec for s in specs]
        if self._write_version == V1:
            return registry["SaveSlices"](filename_tensor, names, slices, tensors, name="save")
        if self._write_version == V2:
            return registry["SaveV2"](filename_tensor, names, slices, tensors)
        raise RuntimeError("Unexpected write_version: %s" % self._write_version)

    def sharded_filename(self, filename_tensor, shard, num_shards):
        """A file name with the number of a shard, as a tensor."""
        return registry["ShardedFilename"](filename_tensor, shard, num_shards)

    def _AddSaveOps(self, filename_tensor, saveables):
        return with_dependencies([self.save_op(filename_tensor, saveables)], filename_tensor)

    def _AddShardedSaveOps(self, filename_tensor, per_device):
        if self._write_version == V2:
            return self._AddShardedSaveOpsForV2(filename_tensor, per_device)
        count = constant(len(per_device), name="num_shards")
        saves = []
        for shard, (name, saveables) in enumerate(per_device):
            with device(name):
                saves.append(self._AddSaveOps(self.sharded_filename(filename_tensor, shard, count), saveables))
        with control_dependencies([s.op for s in saves]):
            return registry["ShardedFilespec"](filename_tensor, count)

    def _AddShardedSaveOpsForV2(self, checkpoint_prefix, per_device):
        """Each device saves its own part into a folder that is gone when the parts have been merged."""
        temporary = string_join([checkpoint_prefix, "_temp_%s/part" % uuid.uuid4().hex])
        count = constant(len(per_device), name="num_shards")
        prefixes, saves, last = [], [], None
        for shard, (name, saveables) in enumerate(per_device):
            last = name
            with device(set_cpu0(name)):
                prefixes.append(self.sharded_filename(temporary, shard, count))
                saves.append(self._AddSaveOps(prefixes[-1], saveables))
        with control_dependencies([] if here.eager else [s.op for s in saves]), device(set_cpu0(last)):
            merge = registry["MergeV2Checkpoints"](prefixes, checkpoint_prefix, delete_old_dirs=True)
            with control_dependencies([] if here.eager else [merge]):
                return registry["Identity"](checkpoint_prefix)

    # ------------------------------------------------------------------------------------------------------ restoring

    def bulk_restore(self, filename_tensor, saveables, preferred_shard, restore_sequentially):
        """The tensors of all saveables as they are in a file; by default one operation restores each saveable.

        Args:
          filename_tensor: the file name.
          saveables: the `SaveableObject`s.
          preferred_shard: which file of a sharded checkpoint to open first.
          restore_sequentially: whether one tensor is restored after the other; so it is here in any case.
        """
        tensors = []
        for saveable in saveables:
            with device(set_cpu0(saveable.device) if saveable.device else None):
                tensors.extend(self.restore_op(filename_tensor, saveable, preferred_shard))
        return tensors

    def restore_op(self, filename_tensor, saveable, preferred_shard):
        """The tensors of one saveable as they are in a file."""
        return [restore_v2(filename_tensor, [s.name], [s.slice_spec], [s.dtype])[0] for s in saveable.specs]

    def _AddRestoreOps(self, filename_tensor, saveables, restore_sequentially, reshape, preferred_shard=-1, name="restore_all"):
        tensors = self.bulk_restore(filename_tensor, saveables, preferred_shard, restore_sequentially)
        assigned, position = [], 0
        for saveable in saveables:
            shapes = [_wanted_shape(spec.tensor) for spec in saveable.specs] if reshape else None
            count = len(saveable.specs)
            assigned.append(saveable.restore(tensors[position : position + count], shapes))
            position += count
        return group(*assigned, name=name)

    def _AddShardedRestoreOps(self, filename_tensor, per_device, restore_sequentially, reshape):
        restored = []
        for shard, (name, saveables) in enumerate(per_device):
            with device(name):
                restored.append(self._AddRestoreOps(filename_tensor, saveables, restore_sequentially, reshape,
                                                    preferred_shard=shard, name="restore_shard"))  # fmt: skip
        return group(*restored, name="restore_all")

    def _GroupByDevices(self, saveables):
        """Pairs (device, list of saveables), in the order of the devices."""
        by_device = {}
        for saveable in saveables:
            names = {devices.canonical(spec.tensor.device) for spec in saveable.specs}
            if len(names) != 1:
                raise ValueError("All tensors of a saveable object must be on the same device: %s" % saveable.name)
            by_device.setdefault(names.pop(), []).append(saveable)
        return sorted(by_device.items(), key=lambda item: item[0])

    # ------------------------------------------------------------------------------------------------------- building

    def build(self, names_to_saveables, reshape=False, sharded=False, max_to_keep=5, keep_checkpoint_every_n_hours=10000.0,
              name=None, restore_sequentially=False, filename="model"):  # fmt: skip
        """Adds the operations; see `Saver` for the arguments.

        Returns:
          A `SaverDef`.
        """
        return self._build_internal(
            names_to_saveables, reshape=reshape, sharded=sharded, max_to_keep=max_to_keep,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours, name=name,
            restore_sequentially=restore_sequentially, filename=filename)  # fmt: skip

    def _build_internal(self, names_to_saveables, reshape=False, sharded=False, max_to_keep=5,
                        keep_checkpoint_every_n_hours=10000.0, name=None, restore_sequentially=False, filename="model",
                        build_save=True, build_restore=True):  # fmt: skip
        if not here.eager and not (build_save and build_restore):
            raise ValueError("save and restore operations need to be built together  when eager execution is not enabled.")
        saveables = validate_and_slice_inputs(names_to_saveables)
        saved = restored = None
        with name_scope(name, "save", [] if here.eager else [s.op for s in saveables]):
            placeholder = resolve("placeholder_with_default")
            filename_tensor = placeholder(filename or "model", shape=(), name="filename")
            filename_tensor = placeholder(filename_tensor, shape=(), name="Const")
            groups = self._GroupByDevices(saveables) if sharded else None
            if build_save:
                saved = (
                    self._AddShardedSaveOps(filename_tensor, groups) if sharded else self._AddSaveOps(filename_tensor, saveables)
                )
            if build_restore and sharded:
                restored = self._AddShardedRestoreOps(filename_tensor, groups, restore_sequentially, reshape)
            elif build_restore:
                restored = self._AddRestoreOps(filename_tensor, saveables, restore_sequentially, reshape)
        made = protos.SaverDef(max_to_keep=max_to_keep or 0, sharded=sharded, version=self._write_version,
                               keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours)  # fmt: skip
        if here.eager:
            made.filename_tensor_name = as_text(filename_tensor.numpy())
            made.save_tensor_name = as_text(saved.numpy()) if build_save else ""
        else:
            _add_wholes()
            made.filename_tensor_name, made.save_tensor_name, made.restore_op_name = filename_tensor.name, saved.name, restored.name
        return made


def _wanted_shape(tensor):
    """The shape of a variable, which a restored tensor is to get."""
    shape = tensor.get_shape()
    return shape if shape.is_fully_defined() else resolve("shape")(tensor)


def _add_wholes():
    """Adds what puts partitioned variables in collections together: who imports the graph looks for it."""
    graph = get_default_graph()
    for key in graph.get_all_collection_keys():
        for thing in graph.get_collection(key):
            if isinstance(thing, PartitionedVariable):
                try:
                    graph.get_operation_by_name(thing.name)
                except KeyError:
                    thing.as_tensor()


@export("python.training.saver.BulkSaverBuilder")
class BulkSaverBuilder(BaseSaverBuilder):
    """A builder that restores all variables (of a shard) with one operation."""

    def bulk_restore(self, filename_tensor, saveables, preferred_shard, restore_sequentially):
        specs = [spec for saveable in saveables for spec in saveable.specs]
        with device("cpu:0"):
            return restore_v2(filename_tensor, [s.name for s in specs], [s.slice_spec for s in specs], [s.dtype for s in specs])
