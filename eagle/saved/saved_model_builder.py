"""Writes `SavedModel`s: meta graphs with tags and signatures, the values of their variables, and files that they need."""

import os

from .. import protos
from ..core import dtypes
from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.compat import as_text
from ..core.export import exists, export, resolve
from ..core.operation import Operation
from ..core.scopes import control_dependencies
from ..core.tensor import Tensor
from ..ops.flow import group
from ..platform import file_io, gfile, tf_logging
from . import saved_model_names as names, signatures
from .graph_util import write_message
from .saver import Saver, all_saveable_objects


def variables_path(export_dir):
    """What the names of the checkpoint's files in a saved model begin with."""
    return os.path.join(as_text(export_dir), names.VARIABLES_DIRECTORY, names.VARIABLES_FILENAME)


def _inner(name):
    return export("python.saved_model.builder_impl." + name)


@export("python.saved_model.builder._SavedModelBuilder", "python.saved_model.builder_impl._SavedModelBuilder")
class Builder:
    """Writes a `SavedModel`.  The files that it needs, and operations to run, are told apart from collections.

    Args:
      export_dir: the folder, which must not be there yet or be empty.

    Raises:
      AssertionError: there is something in the folder.
    """

    def __init__(self, export_dir):
        self._saved_model = protos.SavedModel(saved_model_schema_version=names.SCHEMA_VERSION)
        self._export_dir = export_dir
        if gfile.exists(export_dir):
            if gfile.listdir(export_dir):
                raise AssertionError(
                    "Export directory already exists, and isn't empty. Please choose a different export directory, or delete all "
                    "the contents of the specified directory: %s" % export_dir
                )
        else:
            gfile.makedirs(export_dir)
        self._has_saved_variables = False

    # ------------------------------------------------------------------------------------------------------------ parts

    def _check_first(self):
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. Please invoke `add_meta_graph()` instead."
            )

    def _check_later(self):
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. Please invoke "
                "`add_meta_graph_and_variables()` first."
            )

    @staticmethod
    def _checked(signature_def_map):
        """A dictionary of signatures.

        Raises:
          AssertionError: one names no tensor, or one without a type.
          KeyError: one has a name that has another meaning.
        """
        found = signature_def_map or {}
        for signature in found.values():
            for infos in (signature.inputs, signature.outputs):
                for key in infos:
                    _check_tensor_info(infos[key])
        for key, what in ((names.INIT_OP_SIGNATURE_KEY, "initialization"), (names.TRAIN_OP_SIGNATURE_KEY, "the train op")):
            if key in found:
                raise KeyError('SignatureDef map key "%s" is reserved for %s. Please use a different key.' % (key, what))
        return found

    @staticmethod
    def _saver(saver):
        """The saver that was given, or one for all variables of the default graph."""
        return saver or Saver(all_saveable_objects(), sharded=True, write_version=protos.SaverDef.V2, allow_empty=True)

    def _save_variables(self, sess, saver):
        path = variables_path(self._export_dir)
        gfile.makedirs(os.path.dirname(path))
        saver.save(sess, path, write_meta_graph=False, write_state=False)

    def _add(self, meta_graph_def, tags, signature_def_map):
        meta_graph_def.meta_info_def.tags.extend(tags)
        for key, signature in signature_def_map.items():
            meta_graph_def.signature_def[key].CopyFrom(signature)
        self._saved_model.meta_graphs.append(meta_graph_def)

    def _copy_assets(self, add, tensors):
        """Copies the files that constants name; `add(name in the saved model, tensor)` notes each."""
        files = {}
        for tensor in tensors or ():
            path = _asset_path(tensor)
            name = _asset_name(path, files)
            add(name, tensor)
            files[name] = path
        if not files:
            tf_logging.info("No assets to write.")
            return
        folder = os.path.join(as_text(self._export_dir), names.ASSETS_DIRECTORY)
        gfile.makedirs(folder)
        for name, path in files.items():
            target = os.path.join(folder, name)
            if not gfile.exists(target):  # that of another graph with this name stays
                gfile.copy(path, target)
        tf_logging.info("Assets written to: %s", folder)

    # ----------------------------------------------------------------------------------------------------------- adding

    def add_meta_graph(self, tags, signature_def_map=None, assets_list=None, clear_devices=False, init_op=None, train_op=None,
                       saver=None):  # fmt: skip
        """Adds the default graph, which has the variables of a graph that was added before.

        Args:
          tags: a list of tags, by which this graph is found.
          signature_def_map: a dictionary from names to `SignatureDef`s.
          assets_list: constants with the paths of files that the graph needs.
          clear_devices: whether the nodes lose their devices.
          init_op: the operation to run when the graph has been read.
          train_op: the operation of a training step.
          saver: the `Saver` for the variables.

        Raises:
          AssertionError: no graph was added with its variables, or a signature is malformed.
          KeyError: a signature has a name that has another meaning.
        """
        self._check_later()
        self._add_graph(tags, signature_def_map, assets_list, clear_devices, init_op, train_op, True, saver)

    def add_meta_graph_and_variables(self, sess, tags, signature_def_map=None, assets_list=None, clear_devices=False, init_op=None,
                                     train_op=None, strip_default_attrs=False, saver=None):  # fmt: skip
        """Adds the default graph, and saves its variables.

        Args:
          sess: the session with the variables' values.
          tags, signature_def_map, assets_list, clear_devices, init_op, train_op, saver: as of `add_meta_graph`.
          strip_default_attrs: whether attributes with default values are left out.

        Raises:
          AssertionError: a graph was added already, or a signature is malformed.
          KeyError: a signature has a name that has another meaning.
        """
        self._check_first()
        self._add_graph(tags, signature_def_map, assets_list, clear_devices, init_op, train_op, strip_default_attrs, saver, sess)
        self._has_saved_variables = True

    def _add_graph(self, tags, signature_def_map, assets, clear_devices, init_op, train_op, strip_default_attrs, saver, sess=None):
        """Adds the default graph; saves its variables if there is a session."""
        found = self._checked(signature_def_map)
        for op, key in ((init_op, names.INIT_OP_SIGNATURE_KEY), (train_op, names.TRAIN_OP_SIGNATURE_KEY)):
            if op is not None:
                found[key] = signatures.op_signature_def(op, key)
        saver = self._saver(saver)
        if sess is not None:
            self._save_variables(sess, saver)
        meta_graph_def = saver.export_meta_graph(clear_devices=clear_devices, strip_default_attrs=strip_default_attrs)

        def add(name, tensor):
            meta_graph_def.asset_file_def.add(filename=name).tensor_info.name = tensor.name

        self._copy_assets(add, assets)
        self._add(meta_graph_def, tags, found)

    def save(self, as_text=False):
        """Writes the `SavedModel`.

        Args:
          as_text: whether as text.

        Returns:
          The path of the file, as bytes.
        """
        gfile.makedirs(self._export_dir)
        path = os.path.join(os.fsdecode(self._export_dir), names.FILENAME_PBTXT if as_text else names.FILENAME_PB)
        write_message(path, self._saved_model, as_text)
        tf_logging.info("SavedModel written to: %s", path)
        return path.encode()


def _check_tensor_info(info):
    if info is None:
        raise AssertionError("All TensorInfo protos used in the SignatureDefs must have the name and dtype fields set.")
    if info.WhichOneof("encoding") is None:
        raise AssertionError(
            "All TensorInfo protos used in the SignatureDefs must have one of the 'encoding' fields (e.g., name or coo_sparse) "
            "set: %s" % info
        )
    if not info.dtype:
        raise AssertionError("All TensorInfo protos used in the SignatureDefs must have the dtype field set: %s" % info)


@export("saved_model.Builder", "saved_model.builder.SavedModelBuilder", "python.saved_model.builder.SavedModelBuilder",
        "python.saved_model.builder_impl.SavedModelBuilder")  # fmt: skip
class SavedModelBuilder(Builder):
    """Writes a `SavedModel`.

    Args:
      export_dir: the folder, which must not be there yet or be empty.

    Raises:
      AssertionError: there is something in the folder.
    """

    def add_meta_graph(self, tags, signature_def_map=None, assets_collection=None, legacy_init_op=None, clear_devices=False,
                       main_op=None, strip_default_attrs=False, saver=None):  # fmt: skip
        """Adds the default graph, which has the variables of a graph that was added before.

        Args:
          tags: a list of tags, by which this graph is found.
          signature_def_map: a dictionary from names to `SignatureDef`s.
          assets_collection: constants with the paths of files that the graph needs.
          legacy_init_op: deprecated spelling of `main_op`.
          clear_devices: whether the nodes lose their devices.
          main_op: the operation to run when the graph has been read.
          strip_default_attrs: whether attributes with default values are left out.
          saver: the `Saver` for the variables.

        Raises:
          AssertionError: no graph was added with its variables, or a signature is malformed.
          KeyError: a signature has a name that has another meaning.
          TypeError: `main_op` is no operation.
          ValueError: the graph has such an operation already.
        """
        self._check_later()
        self._add_default_graph(
            tags, signature_def_map, assets_collection, main_op or legacy_init_op, clear_devices, strip_default_attrs, saver
        )

    def add_meta_graph_and_variables(self, sess, tags, signature_def_map=None, assets_collection=None, legacy_init_op=None,
                                     clear_devices=False, main_op=None, strip_default_attrs=False, saver=None):  # fmt: skip
        """Adds the default graph, and saves its variables.

        Args:
          sess: the session with the variables' values.
          tags, signature_def_map, assets_collection, legacy_init_op, clear_devices, main_op, strip_default_attrs, saver: as of
            `add_meta_graph`.

        Raises:
          AssertionError: a graph was added already, or a signature is malformed.
          KeyError: a signature has a name that has another meaning.
          TypeError: `main_op` is no operation.
          ValueError: the graph has such an operation already.
        """
        self._check_first()
        self._add_default_graph(
            tags, signature_def_map, assets_collection, main_op or legacy_init_op, clear_devices, strip_default_attrs, saver, sess
        )
        self._has_saved_variables = True

    def _add_default_graph(self, tags, signature_def_map, assets, main_op, clear_devices, strip_default_attrs, saver, sess=None):
        """Adds the default graph with collections for assets and main operation; saves its variables if there is a session."""
        found = self._checked(signature_def_map)
        self._copy_assets(_add_asset_to_collection, assets)
        _add_main_op(main_op)
        saver = self._saver(saver)
        if sess is not None:
            self._save_variables(sess, saver)
        self._add(saver.export_meta_graph(clear_devices=clear_devices, strip_default_attrs=strip_default_attrs), tags, found)


def _add_main_op(main_op):
    if main_op is None:
        return
    if not isinstance(main_op, Operation):
        raise TypeError("main_op needs to be an Operation: %r" % main_op)
    for key in (names.MAIN_OP_KEY, names.LEGACY_INIT_OP_KEY):
        if get_collection(key):
            raise ValueError("Graph already contains one or more main ops under the collection %s." % key)
    add_to_collection(names.MAIN_OP_KEY, main_op)


def _add_asset_to_collection(name, tensor):
    from google.protobuf.any_pb2 import Any

    asset, packed = protos.AssetFileDef(filename=name), Any()
    asset.tensor_info.name = tensor.name
    packed.Pack(asset)
    add_to_collection(names.ASSETS_KEY, packed)


def _asset_path(tensor):
    """The path that a constant holds.

    Raises:
      TypeError: it is no constant of one string.
      ValueError: it is empty.
    """
    if not isinstance(tensor, Tensor):
        raise TypeError("Asset path tensor must be a Tensor.")
    if tensor.op.type != "Const":
        raise TypeError("Asset path tensor must be of type constant.")
    if tensor.dtype != dtypes.string:
        raise TypeError("Asset path tensor must be of dtype string.")
    value = tensor.op.attrs["value"]
    if value.size != 1:
        raise TypeError("Asset path tensor must be a scalar.")
    if not value.item():
        raise ValueError("Invalid asset filepath tensor %s" % tensor)
    return as_text(value.item())


@_inner("get_asset_filename_to_add")
def _asset_name(path, files):
    """The name that a file gets in the saved model: its own, with a number behind it if another file has that.

    Args:
      path: the path of the file.
      files: name -> path of those that have their names.
    """
    stem = name = os.path.basename(as_text(path))
    number = 0
    if name in files and files[name] != path and not file_io.filecmp(path, files[name]):
        while name in files:
            number += 1
            name = "%s_%d" % (stem, number)
    return name


# ------------------------------------------------------------------------------------------------------------ main operations


@export("saved_model.main_op.main_op", "python.saved_model.main_op.main_op", "python.saved_model.main_op_impl.main_op")
def main_op():
    """An operation that initializes all variables and tables."""
    tables = resolve("tables_initializer")() if exists("tables_initializer") else None
    initializers = [resolve(n)() for n in ("global_variables_initializer", "local_variables_initializer")]
    return group(*initializers, *[tables] * (tables is not None))


@export("saved_model.main_op_with_restore", "saved_model.main_op.main_op_with_restore",
        "python.saved_model.main_op_impl.main_op_with_restore")  # fmt: skip
def main_op_with_restore(restore_op_name):
    """An operation that initializes all variables and tables and then runs another one, which restores them."""
    with control_dependencies([main_op()]):
        return group(restore_op_name)


@export("saved_model.simple_save", "python.saved_model.simple_save.simple_save")
def simple_save(session, export_dir, inputs, outputs, legacy_init_op=None):
    """Writes a `SavedModel` with the default graph, tagged for serving, with one signature, a prediction.

    Args:
      session: the session with the variables' values.
      export_dir: the folder, which must not be there yet or be empty.
      inputs, outputs: dictionaries from names to tensors.
      legacy_init_op: the operation to run when the graph has been read.
    """
    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session, [names.SERVING], {names.DEFAULT_SERVING: signatures.predict_signature_def(inputs, outputs)},
        assets_collection=get_collection(GraphKeys.ASSET_FILEPATHS), main_op=legacy_init_op, clear_devices=True)  # fmt: skip
    builder.save()
