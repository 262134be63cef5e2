"""Reads `SavedModel`s into sessions."""

import os

from .. import protos
from ..core.collections import get_collection
from ..core.compat import as_text
from ..core.export import export
from ..platform import gfile, tf_logging
from . import saved_model_names as names, signatures
from .meta_graph import read_message
from .saved_model_builder import variables_path
from .saver import Saver, all_saveable_objects, import_meta_graph_with_return_elements


def _inner(name):
    return export("python.saved_model.loader_impl." + name)


@_inner("parse_saved_model")
@_inner("_parse_saved_model")
def parse_saved_model(export_dir):
    """The `SavedModel` of a folder; raises IOError if there is none."""
    folder = as_text(export_dir)
    for name in (names.FILENAME_PB, names.FILENAME_PBTXT):
        if gfile.exists(os.path.join(folder, name)):
            return read_message(os.path.join(folder, name), protos.SavedModel)
    raise OSError("SavedModel file does not exist at: %s/{%s|%s}" % (export_dir, names.FILENAME_PBTXT, names.FILENAME_PB))


@export("saved_model.contains_saved_model", "saved_model.maybe_saved_model_directory",
        "saved_model.loader.maybe_saved_model_directory", "python.saved_model.loader.maybe_saved_model_directory")  # fmt: skip
@_inner("maybe_saved_model_directory")
def maybe_saved_model_directory(export_dir):
    """Whether a folder has the file of a saved model."""
    return any(gfile.exists(os.path.join(as_text(export_dir), n)) for n in (names.FILENAME_PB, names.FILENAME_PBTXT))


@_inner("get_asset_tensors")
def get_asset_tensors(export_dir, meta_graph_def_to_load, import_scope=None):
    """The files that a meta graph of a saved model needs: a dictionary from names of tensors to paths, as bytes."""
    assets = list(meta_graph_def_to_load.asset_file_def)
    if not assets and names.ASSETS_KEY in meta_graph_def_to_load.collection_def:
        packed = meta_graph_def_to_load.collection_def[names.ASSETS_KEY].any_list.value
        assets = [protos.AssetFileDef.FromString(p.value) for p in packed]
    scope = import_scope + "/" if import_scope else ""
    folder = os.path.join(as_text(export_dir), names.ASSETS_DIRECTORY)
    return {scope + a.tensor_info.name: os.path.join(folder, a.filename).encode() for a in assets}


def _from_collection(meta_graph_def, key):
    """The only operation of a collection, or None; raises RuntimeError if there are several."""
    if key not in meta_graph_def.collection_def:
        return None
    found = meta_graph_def.collection_def[key].node_list.value
    if len(found) != 1:
        raise RuntimeError("Expected exactly one SavedModel init op. Found: %s" % found)
    return get_collection(key)[0]


def _from_signature(meta_graph_def, key, scope):
    if key not in meta_graph_def.signature_def:
        return None
    return signatures.load_op_from_signature_def(meta_graph_def.signature_def[key], key, scope)


@_inner("get_init_op")
def get_init_op(meta_graph_def, import_scope=None):
    """The operation of the default graph to run when a meta graph of a saved model has been read, or None."""
    for found in (
        _from_signature(meta_graph_def, names.INIT_OP_SIGNATURE_KEY, import_scope),
        _from_collection(meta_graph_def, names.MAIN_OP_KEY),
        _from_collection(meta_graph_def, names.LEGACY_INIT_OP_KEY),
    ):
        if found is not None:
            return found
    return None


@_inner("get_train_op")
def get_train_op(meta_graph_def, import_scope=None):
    """The operation (or tensor) of a training step of a meta graph that has been read into the default graph, or None."""
    found = _from_signature(meta_graph_def, names.TRAIN_OP_SIGNATURE_KEY, import_scope)
    return _from_collection(meta_graph_def, names.TRAIN_OP_KEY) if found is None else found


@export("saved_model.load", "saved_model.loader.load", "python.saved_model.loader.load")
@_inner("load")
def load(sess, tags, export_dir, import_scope=None, **saver_kwargs):
    """Reads a graph of a saved model into a session's graph, restores its variables and runs what initializes the rest.

    Args:
      sess: the session.
      tags: the tags of the graph.
      export_dir: the folder of the saved model.
      import_scope: a name scope to put the graph into.
      **saver_kwargs: as of `tf.train.import_meta_graph`.

    Returns:
      The `MetaGraphDef`, whose signatures say what to feed and to fetch.

    Raises:
      IOError: there is no saved model.
      RuntimeError: it has no graph with these tags.
    """
    return SavedModelLoader(export_dir).load(sess, tags, import_scope, **saver_kwargs)


@_inner("SavedModelLoader")
@export("python.saved_model.loader.SavedModelLoader")
class SavedModelLoader:
    """Reads graphs of a saved model.

    Args:
      export_dir: the folder of the saved model.

    Attributes:
      export_dir: the folder.
      variables_path: what the names of the checkpoint's files begin with.
      saved_model: the `SavedModel`.

    Raises:
      IOError: there is no saved model.
    """

    def __init__(self, export_dir):
        self.export_dir = export_dir
        self.variables_path = variables_path(export_dir)
        self.saved_model = parse_saved_model(export_dir)

    def get_meta_graph_def_from_tags(self, tags):
        """The `MetaGraphDef` with just these tags; raises RuntimeError if there is none."""
        found = [set(m.meta_info_def.tags) for m in self.saved_model.meta_graphs]
        if set(tags) not in found:
            raise RuntimeError(
                "MetaGraphDef associated with tags %s could not be found in SavedModel. To inspect available tag-sets in the "
                "SavedModel, please use the SavedModel CLI: `saved_model_cli`\navailable_tags: %s" % (str(tags).strip("[]"), found)
            )
        return self.saved_model.meta_graphs[found.index(set(tags))]

    def load_graph(self, graph, tags, import_scope=None, **saver_kwargs):
        """Reads a graph without the values of its variables.

        Args:
          graph: the graph to add to.
          tags, import_scope, **saver_kwargs: as of `load`.

        Returns:
          The `Saver` (None if there are no variables), and what `return_elements` names, if that was given.
        """
        with graph.as_default():
            found = self.get_meta_graph_def_from_tags(tags)
            return import_meta_graph_with_return_elements(found, import_scope=import_scope, **saver_kwargs)

    def restore_variables(self, sess, saver, import_scope=None):
        """Restores the variables with the saver that `load_graph` gave; raises ValueError if one is needed but missing."""
        with sess.graph.as_default():
            if saver is None and not all_saveable_objects(scope=import_scope):
                tf_logging.info("The specified SavedModel has no variables; no checkpoints were restored.")
            elif isinstance(saver, Saver):
                saver.restore(sess, self.variables_path)
            else:
                raise ValueError(
                    "No tf.train.Saver object was passed to the function SavedModelLoader.restore_variables. Since there are "
                    "variables in the graph, a saver is required."
                )

    def run_init_ops(self, sess, tags, import_scope=None):
        """Runs what initializes the rest; the constants with paths of files are fed those that these have now."""
        found = self.get_meta_graph_def_from_tags(tags)
        with sess.graph.as_default():
            assets = get_asset_tensors(self.export_dir, found, import_scope)
            init_op = get_init_op(found, import_scope)
            if init_op is not None:
                sess.run([init_op], assets)

    def load(self, sess, tags, import_scope=None, **saver_kwargs):
        """As `tf.saved_model.load`."""
        with sess.graph.as_default():
            saver, _ = self.load_graph(sess.graph, tags, import_scope, **saver_kwargs)
            self.restore_variables(sess, saver, import_scope)
            self.run_init_ops(sess, tags, import_scope)
        return self.get_meta_graph_def_from_tags(tags)
