"""Ops that save and restore checkpoints."""

import contextlib
import os

import numpy as np

from ..core import shape as shapes
from ..core.constant import eager_name
from ..core.errors import InternalError, InvalidArgumentError, invalid
from ..core.op import Known, op
from ..platform import bundle_slices as slices
from ..platform.bundle_index import as_printed, has_bundle
from ..platform.bundle_reader import BundleReader
from ..platform.bundle_writer import BundleWriter, merge_bundles
from ..platform.gfile import local_path
from .bundle_old import OldReader, OldWriter


def _path(value):
    """A file name that the one string of a tensor is."""
    return local_path(os.fsdecode(value.reshape(-1)[0]))


def _listed(value):
    """The strings of a tensor in a flat list."""
    return value.reshape(-1).tolist()


def _expect_vector(shape, length=None):
    """Raises ValueError unless a static shape may be that of a vector of this length."""
    shape = shapes.with_rank(shape, 1)
    if length is not None and shape is not None and shape[0] not in (None, length):
        raise ValueError("Dimension must be %d but is %d" % (length, shape[0]))


def _expect_scalar(*found):
    for shape in found:
        shapes.with_rank(shape, 0)


def _check_inputs(prefix, tensor_names, shape_and_slices):
    """Raises InvalidArgumentError for inputs that don't fit together."""
    if prefix.size != 1:
        raise invalid("Input prefix should have a single element, got %d instead.", prefix.size)
    if tensor_names.ndim != 1 or shape_and_slices.ndim != 1:
        raise invalid("Input tensor_names and shape_and_slices should be an 1-D tensors, got %s and %s instead.",
                      shapes.to_brackets(tensor_names.shape), shapes.to_brackets(shape_and_slices.shape))  # fmt: skip
    if tensor_names.size != shape_and_slices.size:
        raise invalid("tensor_names and shape_and_slices have different number of elements: %d vs. %d",
                      tensor_names.size, shape_and_slices.size)  # fmt: skip


def _part_to_save(spec, value):
    """The whole shape and the slice that a specification gives for a value.

    Raises:
      InvalidArgumentError: the value does not have the shape of the slice.
    """
    shape, extents, part = slices.parse_shape_and_slice(spec.decode())
    if part != value.shape:
        raise invalid("Slice in shape_and_slice specification does not match the shape of the tensor to  save: %s, tensor: %s",
                      spec.decode(), shapes.to_brackets(value.shape))  # fmt: skip
    return shape, extents


# ----------------------------------------------------------------------------------------------------------- V2 checkpoints


@op("SaveV2", host=True)
def _save_v2(xp, prefix, tensor_names, shape_and_slices, tensors):
    _check_inputs(prefix, tensor_names, shape_and_slices)
    if tensor_names.size != len(tensors):
        raise invalid("Got %d tensor names but %d tensors.", tensor_names.size, len(tensors))
    with BundleWriter(_path(prefix), sum(getattr(t, "nbytes", 0) for t in tensors)) as writer:
        for name, spec, value in zip(_listed(tensor_names), _listed(shape_and_slices), tensors):
            if spec:
                writer.add_slice(name, *_part_to_save(spec, value), value)
            else:
                writer.add(name, value)
        writer.finish()


@_save_v2.shape
def _(prefix, tensor_names, shape_and_slices, tensors):
    _expect_scalar(prefix)
    for s in (tensor_names, shape_and_slices):
        _expect_vector(s, len(tensors))


class Restoring:
    """The tensors that a RestoreV2 is asked for, read one by one when they are used.

    That nothing is wrong with any of them is found out at once, so that a restore happens as a whole or not at all; a tensor is in
    memory only from the moment that something takes its value.

    Args:
      prefix, tensor_names, shape_and_slices: the values of the inputs.
      dtypes: the types that the tensors must have.
    """

    def __init__(self, prefix, tensor_names, shape_and_slices, dtypes):
        if tensor_names.size != len(dtypes):
            raise invalid("Got %d tensor names, but %d expected dtypes.", tensor_names.size, len(dtypes))
        _check_inputs(prefix, tensor_names, shape_and_slices)
        names, specs = _listed(tensor_names), _listed(shape_and_slices)
        path = _path(prefix)
        self._is_new = has_bundle(path)
        self._reader = BundleReader(path) if self._is_new else OldReader(path)
        _check_types(self._reader, names, dtypes, self._is_new)
        self._wanted = [(name, _extents(self._reader, name, spec, self._is_new)) for name, spec in zip(names, specs)]

    def verified(self):
        """Itself, after a look at all the data."""
        if self._is_new:
            for name, extents in self._in_order_of_file():
                self._reader.verify(name, extents)
        return self

    def _in_order_of_file(self):
        return sorted(self._wanted, key=lambda pair: (self._reader.entry(pair[0]).shard_id, self._reader.entry(pair[0]).offset))

    def read(self, i, verified=False):
        """The value of an output."""
        name, extents = self._wanted[i]
        options = dict(verified=verified) if self._is_new else {}
        if extents is None:
            return self._reader.lookup(name, **options)
        return self._reader.lookup_slice(name, extents, **options)

    def read_all(self):
        """The values of all outputs."""
        return [self.read(i) for i in range(len(self._wanted))]


def _extents(reader, name, spec, is_new):
    """The slice of a tensor that a specification spells; None for the whole."""
    if not spec:
        return None
    shape, extents, _ = slices.parse_shape_and_slice(spec.decode())
    stored = reader.type_and_shape(name)[1]
    if shape == stored:
        return extents
    if is_new:
        raise invalid("tensor_name = %s; shape in shape_and_slice spec %s does not match the shape stored in checkpoint: %s",
                      as_printed(name), shapes.to_brackets(shape), shapes.to_brackets(stored))  # fmt: skip
    raise invalid("Shape in shape_and_slice spec does not match the shape in the save file: %s, save file shape: %s",
                  shapes.to_brackets(shape), shapes.to_brackets(stored))  # fmt: skip


def _check_types(reader, names, dtypes, is_new):
    """Raises InvalidArgumentError if a tensor has another type than it should, NotFoundError if there is none."""
    wrong = []
    for name, wanted in sorted(zip(names, dtypes), key=lambda pair: pair[0]):
        found = reader.type_and_shape(name)[0]
        if found is wanted:
            continue
        if is_new:
            wrong.append("tensor_name = %s; expected dtype %s does not equal original dtype %s"
                         % (as_printed(name), eager_name(wanted), eager_name(found)))  # fmt: skip
        else:
            raise invalid("Expected to restore a tensor of type %s, got a tensor of type %s instead: tensor_name = %s",
                          eager_name(wanted), eager_name(found), as_printed(name))  # fmt: skip
    if wrong:
        raise invalid("%s", "\n".join(wrong))


@op("RestoreV2", host=True)
def _restore_v2(xp, prefix, tensor_names, shape_and_slices: Known, *, dtypes):
    return Restoring(prefix, tensor_names, shape_and_slices, dtypes).read_all()


@_restore_v2.emits("numpy")
def _(program, node):
    """A graph takes each tensor from the file where it is used, if only one operation uses it: mostly to give it to a variable."""
    name = program.fresh(node._name)
    make = program.bind("Restoring", Restoring)
    arguments = [*program.arguments(node), program.bind("dtypes", node.attrs["dtypes"])]
    program.statement(node, "%s = %s(%s).verified()" % (name, make, ", ".join(arguments)), [name])
    users = _users(program, node)
    for i, tensor in enumerate(node.outputs):
        text = "%s.read(%d, True)" % (name, i)
        if len(users[i]) == 1 and users[i][0] in _AT_ONCE and tensor not in program.plan.fetches:
            program.define(tensor, text)
        elif program.is_wanted(tensor):
            local = program.local(tensor)
            program.statement(node, "%s = %s" % (local, text), [local])


# Operations that take a value once, at the place where they stand.
_AT_ONCE = ("Assign", "AssignVariableOp", "Identity", "Reshape")


def _users(program, node):
    """For each output of a node the types of the operations of the program that use it."""
    found = [[] for _ in node.outputs]
    for user in program.plan.operations:
        for t in user._inputs:
            if t.op is node:
                found[t.value_index].append(user.type)
    return found


@_restore_v2.shape
def _(prefix, tensor_names, shape_and_slices, *, dtypes):
    _expect_scalar(prefix)
    _expect_vector(tensor_names, len(dtypes))
    if shape_and_slices is None:
        return [None] * len(dtypes)
    if np.ndim(shape_and_slices) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % np.ndim(shape_and_slices))
    if len(shape_and_slices) != len(dtypes):
        raise ValueError("The number of shape_and_slice doesn't match tensor outputs.")
    return [_restored_shape(spec) for spec in shape_and_slices.tolist()]


def _restored_shape(spec):
    """The shape of what is restored with a specification, if that tells."""
    if not spec:
        return None
    try:
        return slices.parse_shape_and_slice(spec.decode())[2]
    except (InvalidArgumentError, InternalError) as e:
        raise ValueError(e.message) from None


@op("MergeV2Checkpoints", host=True)
def _merge_v2_checkpoints(xp, checkpoint_prefixes, destination_prefix, *, delete_old_dirs=True):
    if checkpoint_prefixes.ndim != 1:
        raise invalid("Input checkpoint_prefixes should be an 1-D tensor, got %s instead.",
                      shapes.to_brackets(checkpoint_prefixes.shape))  # fmt: skip
    if destination_prefix.ndim:
        raise invalid("Input destination_prefix should be a scalar tensor, got %s instead.",
                      shapes.to_brackets(destination_prefix.shape))  # fmt: skip
    parts, merged = [local_path(os.fsdecode(p)) for p in checkpoint_prefixes.tolist()], _path(destination_prefix)
    merge_bundles(parts, merged)
    for folder in {os.path.dirname(p) for p in parts} - {os.path.dirname(merged)} if delete_old_dirs else ():
        with contextlib.suppress(OSError):  # not empty: somebody else uses it
            os.rmdir(folder)


@_merge_v2_checkpoints.shape
def _(checkpoint_prefixes, destination_prefix):
    _expect_vector(checkpoint_prefixes)
    _expect_scalar(destination_prefix)


# ---------------------------------------------------------------------------------------------------------- V1 checkpoints


def _check_old_inputs(filename, tensor_names, data, fixed):
    if filename.size != 1:
        raise invalid("Input 0 (filename) must be a string scalar; got a tensor of %d elements", filename.size)
    if tensor_names.size != len(data):
        raise invalid("Expected totally %d inputs as input #1 (which is a string tensor of saved names) contains %d names, but "
                      "received %d inputs", tensor_names.size + fixed, tensor_names.size, len(data) + fixed)  # fmt: skip


def _write_old(filename, tensor_names, specs, data):
    writer = OldWriter(_path(filename))
    for name, spec, value in sorted(zip(_listed(tensor_names), specs, data), key=lambda item: item[0]):
        shape, extents = _part_to_save(spec, value) if spec else (value.shape, (slices.FULL,) * value.ndim)
        writer.add(name, shape, extents, value)
    writer.finish()


@op("Save", host=True)
def _save(xp, filename, tensor_names, data):
    _check_old_inputs(filename, tensor_names, data, 2)
    _write_old(filename, tensor_names, [b""] * len(data), data)


@_save.shape
def _(filename, tensor_names, data):
    _expect_scalar(filename)
    _expect_vector(tensor_names, len(data))


@op("SaveSlices", host=True)
def _save_slices(xp, filename, tensor_names, shapes_and_slices, data):
    if tensor_names.size != shapes_and_slices.size:
        raise invalid("Expected %d elements for the tensor shapes and slices but got %d", tensor_names.size, shapes_and_slices.size)
    _check_old_inputs(filename, tensor_names, data, 3)
    _write_old(filename, tensor_names, _listed(shapes_and_slices), data)


@_save_slices.shape
def _(filename, tensor_names, shapes_and_slices, data):
    _expect_scalar(filename)
    for s in (tensor_names, shapes_and_slices):
        _expect_vector(s, len(data))


def _restore_one(file_pattern, tensor_name, spec, dt, preferred_shard):
    if preferred_shard < -1:
        raise invalid("Attribute 'preferred_shard' must be greater or equal to -1")
    if file_pattern.size != 1:
        raise invalid("Input 0 (file_pattern) must be a string scalar; got a tensor of %d elements", file_pattern.size)
    name = tensor_name.reshape(-1)[0]
    with OldReader(_path(file_pattern)) as reader:
        _check_types(reader, [name], [dt], False)
        extents = _extents(reader, name, spec, False)
        return reader.lookup(name) if extents is None else reader.lookup_slice(name, extents)


@op("Restore", host=True)
def _restore(xp, file_pattern, tensor_name, *, dt, preferred_shard=-1):
    return _restore_one(file_pattern, tensor_name, b"", dt, preferred_shard)


@_restore.shape
def _(file_pattern, tensor_name):
    _expect_scalar(file_pattern, tensor_name)
    return None


@op("RestoreSlice", host=True)
def _restore_slice(xp, file_pattern, tensor_name, shape_and_slice: Known, *, dt, preferred_shard=-1):
    return _restore_one(file_pattern, tensor_name, shape_and_slice.reshape(-1)[0], dt, preferred_shard)


@_restore_slice.shape
def _(file_pattern, tensor_name, shape_and_slice):
    _expect_scalar(file_pattern, tensor_name)
    return None if shape_and_slice is None else _restored_shape(shape_and_slice.reshape(-1)[0])


# -------------------------------------------------------------------------------------------------------------- file names


def _text(bytestring):
    return np.asarray(bytestring, object)


def _check_scalars(**inputs):
    for name, value in inputs.items():
        if value.ndim:
            raise invalid("%s must be a scalar, got shape %s", name, shapes.to_brackets(value.shape))


@op("ShardedFilename", host=True)
def _sharded_filename(xp, basename, shard, num_shards):
    _check_scalars(basename=basename, shard=shard, num_shards=num_shards)
    return _text(basename.item() + b"-%05d-of-%05d" % (int(shard), int(num_shards)))


@_sharded_filename.shape
def _(basename, shard, num_shards):
    _expect_scalar(basename, shard, num_shards)
    return ()


@_sharded_filename.samples
def _(make):
    yield _text(b"model"), np.int32(3), np.int32(12)
    yield _text(b""), np.int32(0), np.int32(123456)


@op("ShardedFilespec", host=True)
def _sharded_filespec(xp, basename, num_shards):
    _check_scalars(basename=basename, num_shards=num_shards)
    return _text(basename.item() + b"-?????-of-%05d" % int(num_shards))


@_sharded_filespec.shape
def _(basename, num_shards):
    _expect_scalar(basename, num_shards)
    return ()


@_sharded_filespec.samples
def _(make):
    yield _text(b"model"), np.int32(12)
