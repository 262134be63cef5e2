"""`tf.train.Saver`: saves variables under their names, and restores them."""

import math
import os
import time

from .. import protos
from ..core.compat import as_str_any, as_text, integral_types
from ..core.context import here
from ..core.errors import FailedPreconditionError, InvalidArgumentError, NotFoundError
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..platform import gfile, tf_logging as logging
from ..run.session import SessionInterface
from ..variables.base import prepend_name_scope, strip_name_scope
from . import saver_mismatch as mismatch
from .checkpoint_reader import CheckpointReader
from .checkpoint_state import checkpoint_exists, get_checkpoint_mtimes, meta_graph_filename, remove_checkpoint, write_state
from .saver_builder import V2, BulkSaverBuilder
from .saver_saveables import validate_and_slice_inputs


def all_saveable_objects(scope=None):
    """The variables and `SaveableObject`s of the default graph that a checkpoint must have; `scope` filters names."""
    graph = get_default_graph()
    return graph.get_collection("variables", scope) + graph.get_collection("saveable_objects", scope)


export("python.ops.variables._all_saveable_objects")(all_saveable_objects)


@export("train.Saver")
class Saver:
    """Saves variables to checkpoints and restores them.

    In a graph this adds operations, which `save` and `restore` run in a session.

    Args:
      var_list: the variables: a list, or a dictionary from the names that they get in a checkpoint to variables;
        `SaveableObject`s are fine, too.  By default all variables of the graph.
      reshape: whether a value may be restored into a variable of another shape with as many elements.
      sharded: whether the variables of each device are saved to files of their own.
      max_to_keep: how many of the newest checkpoints to keep; None or 0 for all.
      keep_checkpoint_every_n_hours: how often to keep one for good.
      name: the name scope of the operations.
      restore_sequentially: whether variables are restored one after the other; so it is here in any case.
      saver_def: a `SaverDef` that describes operations which are there already.
      builder: what adds the operations; by default a `BulkSaverBuilder`.
      defer_build: whether the operations are added only by `build`.
      allow_empty: whether there may be nothing to save; then saving and restoring do nothing.
      write_version: the format, `SaverDef.V1` or `SaverDef.V2`; either is read.
      pad_step_number: whether the step in the names of checkpoints has eight digits at least.
      save_relative_paths: whether the file that knows the checkpoints has paths relative to their folder.
      filename: the file name for runs of the operations without one.

    Raises:
      TypeError, ValueError: `var_list` has something that can't be saved, or one thing twice, or nothing.
      RuntimeError: eagerly, there is no `var_list`.
    """

    def __init__(self, var_list=None, reshape=False, sharded=False, max_to_keep=5, keep_checkpoint_every_n_hours=10000.0, name=None,
                 restore_sequentially=False, saver_def=None, builder=None, defer_build=False, allow_empty=False, write_version=V2,
                 pad_step_number=False, save_relative_paths=False, filename=None):  # fmt: skip
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. Either set defer_build=False or var_list=None."
            )
        if here.eager:
            logging.warning(
                "Saver is deprecated, please switch to tf.train.Checkpoint or tf.keras.Model.save_weights for training "
                "checkpoints. When executing eagerly variables do not necessarily have unique names, and so the "
                "variable.name-based lookups Saver performs are error-prone."
            )
            if var_list is None:
                raise RuntimeError("When eager execution is enabled, `var_list` must specify a list or dict of variables to save")
        self._var_list = var_list
        self._reshape = reshape
        self._sharded = sharded
        self._max_to_keep = max_to_keep
        self._keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self._name = name
        self._restore_sequentially = restore_sequentially
        self.saver_def = saver_def
        self._builder = builder
        self._is_built = False
        self._allow_empty = allow_empty
        self._is_empty = None
        self._write_version = write_version
        self._pad_step_number = pad_step_number
        self._filename = filename
        self._last_checkpoints = []  # pairs (name, time)
        self._checkpoints_to_be_deleted = []
        self._save_relative_paths = save_relative_paths
        self._object_restore_saver = None  # restores object-based checkpoints, in which variables have other names
        if here.eager:
            self._next_checkpoint_time = time.time() + keep_checkpoint_every_n_hours * 3600
        elif not defer_build:
            self.build()
        if self.saver_def:
            self._check_saver_def()
            self._write_version = self.saver_def.version

    # ------------------------------------------------------------------------------------------------------- building

    def build(self):
        """Adds the operations, if `defer_build` was given.

        Raises:
          RuntimeError: it is called eagerly.
          ValueError: there is nothing to save.
        """
        if here.eager:
            raise RuntimeError("Use save/restore instead of build in eager mode.")
        if not self._is_built:
            self._is_built = True
            self._build(self._filename)

    def _build(self, filename, build_save=True, build_restore=True):
        """Adds the operations to the graph; eagerly saves or restores."""
        if not self.saver_def or here.eager:
            if self._builder is None:
                self._builder = BulkSaverBuilder(self._write_version)
            if self._var_list is None:
                self._var_list = all_saveable_objects()
            self._is_empty = not self._var_list
            if self._is_empty:
                if self._allow_empty:
                    return
                raise ValueError("No variables to save")
            self.saver_def = self._builder._build_internal(
                self._var_list, reshape=self._reshape, sharded=self._sharded, max_to_keep=self._max_to_keep,
                keep_checkpoint_every_n_hours=self._keep_checkpoint_every_n_hours, name=self._name,
                restore_sequentially=self._restore_sequentially, filename=filename, build_save=build_save,
                build_restore=build_restore)  # fmt: skip
        elif self._name:  # the scope into which the graph was imported
            for field in ("filename_tensor_name", "save_tensor_name", "restore_op_name"):
                setattr(self.saver_def, field, prepend_name_scope(getattr(self.saver_def, field), self._name))
        self._check_saver_def()
        if not here.eager:
            self._next_checkpoint_time = time.time() + self.saver_def.keep_checkpoint_every_n_hours * 3600

    def _check_saver_def(self):
        if not isinstance(self.saver_def, protos.SaverDef):
            raise ValueError("saver_def must be a saver_pb2.SaverDef: %s" % (self.saver_def,))
        for field in () if here.eager else ("save_tensor_name", "restore_op_name"):
            if not getattr(self.saver_def, field):
                raise ValueError("saver_def must specify the %s: %s" % (field, self.saver_def))

    # --------------------------------------------------------------------------------------------------------- saving

    def save(self, sess, save_path, global_step=None, latest_filename=None, meta_graph_suffix="meta", write_meta_graph=True,
             write_state=True, strip_default_attrs=False, save_debug_info=False):  # fmt: skip
        """Saves the variables.

        Args:
          sess: the session whose variables are saved; eagerly not used.
          save_path: what the names of the files begin with.
          global_step: a number to put behind that: an int, a tensor or variable, or the name of one.
          latest_filename: the name of the file, in the same folder, that knows the newest checkpoints; by default `checkpoint`.
          meta_graph_suffix: how the name of the file with the graph ends.
          write_meta_graph: whether to write that file.
          write_state: whether to write the file that knows the newest checkpoints, and to delete old ones.
          strip_default_attrs: whether the file with the graph lacks attributes that have their default values.
          save_debug_info: whether a file says beside the one with the graph where in the program operations were made.

        Returns:
          The name of the checkpoint, for `restore`; None if there is nothing to save.

        Raises:
          TypeError: `sess` is no session.
          ValueError: the file names collide, or there is no such folder.
          RuntimeError: `build` has not been called.
        """
        if not self._is_built and not here.eager:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        if latest_filename is None:
            latest_filename = "checkpoint"
        if self._write_version != V2:
            logging.warning("TensorFlow's V1 checkpoint format has been deprecated.  Consider switching to the more efficient V2 "
                            "format: `tf.train.Saver(write_version=tf.train.SaverDef.V2)`, now on by default.")  # fmt: skip
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        checkpoint = self._numbered(sess, save_path, global_step)
        if global_step is None and os.path.basename(save_path) == latest_filename and not self._sharded:
            raise ValueError("'latest_filename' collides with 'save_path': '%s' and '%s'" % (latest_filename, save_path))
        if not here.eager and not isinstance(sess, SessionInterface):
            raise TypeError("'sess' must be a Session; %s" % (sess,))
        path = None
        if not self._is_empty:
            path = self._save_variables(sess, checkpoint, save_path)
            if write_state:
                self._remember(path, os.path.dirname(save_path), latest_filename, meta_graph_suffix)
        if write_meta_graph and not here.eager:
            with sess.graph.as_default():
                self.export_meta_graph(meta_graph_filename(checkpoint, meta_graph_suffix),
                                       strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info)  # fmt: skip
        return path

    def _numbered(self, sess, save_path, step):
        """The name of a checkpoint of a step."""
        if step is None:
            return save_path
        if not isinstance(step, integral_types):
            step = resolve("train.global_step")(sess, step)
        return "%s-%s" % (save_path, f"{step:08d}" if self._pad_step_number else "%d" % step)

    def _save_variables(self, sess, checkpoint, save_path):
        """Saves; the name of the checkpoint."""
        try:
            if here.eager:
                self._build(checkpoint, build_restore=False)
                return self.saver_def.save_tensor_name
            return as_text(sess.run(self.saver_def.save_tensor_name, {self.saver_def.filename_tensor_name: checkpoint}))
        except (FailedPreconditionError, NotFoundError) as e:
            if not gfile.isdir(os.path.dirname(save_path)):
                raise ValueError("Parent directory of %s doesn't exist, can't save." % save_path) from e
            raise

    def _remember(self, path, folder, latest_filename, meta_graph_suffix):
        """Notes that a checkpoint was written, and deletes the one that now is too old."""
        if self.saver_def.max_to_keep:
            self._last_checkpoints = [p for p in self._last_checkpoints if p[0] != path]
            self._last_checkpoints.append((path, time.time()))
            if len(self._last_checkpoints) > self.saver_def.max_to_keep:
                self._checkpoints_to_be_deleted.append(self._last_checkpoints.pop(0))
        write_state(folder, path, self.last_checkpoints, latest_filename, self._save_relative_paths)
        if self._checkpoints_to_be_deleted:
            self._delete(*self._checkpoints_to_be_deleted.pop(0), meta_graph_suffix)

    def _delete(self, path, written, meta_graph_suffix):
        """Deletes a checkpoint unless it is time to keep one for good."""
        if written > self._next_checkpoint_time:
            self._next_checkpoint_time += self.saver_def.keep_checkpoint_every_n_hours * 3600
            return
        try:
            remove_checkpoint(path, self.saver_def.version, meta_graph_suffix)
        except Exception as e:  # a file that can't be deleted is no reason to stop training
            logging.warning("Ignoring: %s", str(e))

    def export_meta_graph(self, filename=None, collection_list=None, as_text=False, export_scope=None, clear_devices=False,
                          clear_extraneous_savers=False, strip_default_attrs=False, save_debug_info=False):  # fmt: skip
        """Writes the default graph and this saver as a `MetaGraphDef`; see `tf.train.export_meta_graph` for the arguments.

        Returns:
          The `MetaGraphDef`.
        """
        graph_def = get_default_graph().as_graph_def(add_shapes=True)
        return resolve("train.export_meta_graph")(
            filename=filename, graph_def=graph_def, saver_def=self.saver_def, collection_list=collection_list, as_text=as_text,
            export_scope=export_scope, clear_devices=clear_devices, clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info)  # fmt: skip

    # ------------------------------------------------------------------------------------------------------ restoring

    def restore(self, sess, save_path):
        """Restores the variables; they need not have been initialized.

        Args:
          sess: the session whose variables are restored; eagerly not used.
          save_path: the name of a checkpoint, as `save` returns it or `tf.train.latest_checkpoint`.

        Raises:
          ValueError: there is no such checkpoint.
          NotFoundError: it lacks a variable.
          InvalidArgumentError: a variable has another type or shape in it.
          DataLossError: it is damaged.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        save_path = as_text(save_path)
        if not checkpoint_exists(save_path):
            raise ValueError("The passed save_path is not a valid checkpoint: " + save_path)
        logging.info("Restoring parameters from %s", save_path)
        try:
            if here.eager:
                self._build(save_path, build_save=False)
            else:
                sess.run(self.saver_def.restore_op_name, {self.saver_def.filename_tensor_name: save_path})
        except NotFoundError as e:
            self._restore_objects(sess, save_path, e)
        except InvalidArgumentError as e:
            raise self._explained(e, "a mismatch between the current graph and the graph", sess, save_path) from e

    def _restore_objects(self, sess, save_path, error):
        """Restores from an object-based checkpoint, in which the variables have other names; else raises the error."""
        try:
            names_to_keys = object_graph_key_mapping(save_path)
        except NotFoundError:
            raise self._explained(error, "a Variable name or other graph key that is missing", sess, save_path) from error
        logging.warning(
            "Restoring an object-based checkpoint using a name-based saver. This may be somewhat fragile, and will re-build the "
            "Saver. Instead, consider loading object-based checkpoints using tf.train.Checkpoint()."
        )
        self._object_restore_saver = saver_from_object_based_checkpoint(
            save_path, self._var_list, self._builder, names_to_keys, self._object_restore_saver
        )
        self._object_restore_saver.restore(sess=sess, save_path=save_path)

    def _explained(self, error, cause, sess, save_path):
        """An error with what TensorFlow says of it, and with what the checkpoint and the variables don't have in common."""
        message = (
            "Restoring from checkpoint failed. This is most likely due to %s from the checkpoint. Please ensure that you have not "
            "altered the graph expected based on the checkpoint. Original error:\n\n%s" % (cause, error.message)
        )
        if here.eager:
            wanted = mismatch.wanted_by_saveables(validate_and_slice_inputs(self._var_list))
        else:
            wanted = mismatch.wanted_by_operation(sess.graph, self.saver_def.restore_op_name)
        return type(error)(error.node_def, error.op, message + mismatch.report(wanted, save_path))

    # --------------------------------------------------------------------------------------------- what was saved before

    @property
    def last_checkpoints(self):
        """The names of the checkpoints that have not been deleted, oldest first."""
        return [name for name, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints):
        """Deprecated: as `set_last_checkpoints_with_time`, for names alone; these checkpoints are never deleted."""
        _expect_list(last_checkpoints)
        self._last_checkpoints = [(name, math.inf) for name in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time):
        """Says which checkpoints there are already: a list of pairs of a name and the time when it was written, oldest first."""
        _expect_list(last_checkpoints_with_time)
        self._last_checkpoints = last_checkpoints_with_time

    def recover_last_checkpoints(self, checkpoint_paths):
        """Takes over checkpoints that were written before a restart, those of a list that are still there."""
        pairs = [(path, get_checkpoint_mtimes([path])) for path in checkpoint_paths]
        self.set_last_checkpoints_with_time([(path, times[0]) for path, times in pairs if times])

    # --------------------------------------------------------------------------------------------------- as a `SaverDef`

    def as_saver_def(self):
        """This saver as a `SaverDef`."""
        return self.saver_def

    def to_proto(self, export_scope=None):
        """This saver as a `SaverDef`, names without a scope that they begin with; None if one does not."""
        if export_scope is None:
            return self.saver_def
        fields = "filename_tensor_name", "save_tensor_name", "restore_op_name"
        if not all(getattr(self.saver_def, field).startswith(export_scope) for field in fields):
            return None
        made = protos.SaverDef()
        made.CopyFrom(self.saver_def)
        for field in fields:
            setattr(made, field, strip_name_scope(getattr(made, field), export_scope))
        return made

    @staticmethod
    def from_proto(saver_def, import_scope=None):
        """The saver that a `SaverDef` describes, whose operations are in a scope."""
        return Saver(saver_def=saver_def, name=import_scope)

    @staticmethod
    def _add_collection_def(meta_graph_def, key, export_scope=None):
        resolve("python.framework.meta_graph.add_collection_def")(meta_graph_def, key, export_scope=export_scope)


def _expect_list(value):
    if not isinstance(value, list):
        raise AssertionError("a list is expected, but got %s" % as_str_any(value))


@export("python.training.saver._get_saver_or_default")
def saver_or_default():
    """The saver of the collection `GraphKeys.SAVERS`; if it is empty one for all variables, which is added.

    Raises:
      RuntimeError: there are several.
    """
    graph = get_default_graph()
    found = graph.get_collection("savers")
    if len(found) > 1:
        raise RuntimeError(
            "More than one item in collection savers. Please indicate which one to use by passing it to the constructor."
        )
    if found:
        return found[0]
    saver = Saver(sharded=True, allow_empty=True)
    graph.add_to_collection("savers", saver)
    return saver


# -------------------------------------------------------------------------------------------------- imported meta graphs


@export("train.import_meta_graph")
def import_meta_graph(meta_graph_or_file, clear_devices=False, import_scope=None, **kwargs):
    """Adds a saved graph with its collections to the default graph.

    Args:
      meta_graph_or_file: a `MetaGraphDef`, or the name of a file with one.
      clear_devices: whether to leave out the devices of operations.
      import_scope: the name scope to put the graph into.
      **kwargs: more for the import of the graph.

    Returns:
      The saver that was saved with the graph; if there was none one for all variables, or None if there are no variables.

    Raises:
      RuntimeError: it is called eagerly.
    """
    return import_meta_graph_with_return_elements(meta_graph_or_file, clear_devices, import_scope, **kwargs)[0]


@export("python.training.saver._import_meta_graph_with_return_elements")
def import_meta_graph_with_return_elements(
    meta_graph_or_file, clear_devices=False, import_scope=None, return_elements=None, **kwargs
):
    """As `import_meta_graph`; returns also the operations and tensors with the names `return_elements`."""
    if here.eager:
        raise RuntimeError("Exporting/importing meta graphs is not supported when eager execution is enabled. No graph exists when "
                           "eager execution is enabled.")  # fmt: skip
    meta = meta_graph_or_file
    if not isinstance(meta, protos.MetaGraphDef):
        meta = resolve("python.framework.meta_graph.read_meta_graph_file")(meta)
    variables, elements = resolve("python.framework.meta_graph.import_scoped_meta_graph_with_return_elements")(
        meta, clear_devices=clear_devices, import_scope=import_scope, return_elements=return_elements, **kwargs
    )
    return _imported_saver(meta, import_scope, variables), elements


@export("python.training.saver._create_saver_from_imported_meta_graph")
def _imported_saver(meta, scope, variables):
    """The saver for an imported graph.

    Args:
      meta: the `MetaGraphDef`.
      scope: the scope that was asked for.
      variables: name -> imported variable, which tell the scope that it became.
    """
    if meta.HasField("saver_def"):
        for name, variable in variables.items():
            scope = variable.name[: -len(name)]
            break
        return Saver(saver_def=meta.saver_def, name=scope)
    if all_saveable_objects(scope=scope):
        return Saver()
    logging.info("Saver not created because there are no variables in the graph to restore")
    return None


# ---------------------------------------------------------------------------------------------- object-based checkpoints


@export("python.training.saver.object_graph_key_mapping")
def object_graph_key_mapping(checkpoint_path):
    """For an object-based checkpoint: name of a variable -> its key in the checkpoint.

    Raises:
      NotFoundError: it is no object-based checkpoint.
    """
    graph = CheckpointReader(checkpoint_path).object_graph()
    return {attribute.full_name: attribute.checkpoint_key for node in graph.nodes for attribute in node.attributes}


@export("python.training.saver.saver_from_object_based_checkpoint")
def saver_from_object_based_checkpoint(checkpoint_path, var_list=None, builder=None, names_to_keys=None, cached_saver=None):
    """A saver that restores variables from an object-based checkpoint.

    Args:
      checkpoint_path: the checkpoint.
      var_list: the variables; by default all of the graph.
      builder: what adds the operations.
      names_to_keys: name of a variable -> its key in the checkpoint; by default what the checkpoint says.
      cached_saver: a saver that this returned for a checkpoint of the same kind; it is returned after the variables were checked.

    Raises:
      ValueError: it is no object-based checkpoint.
      NotFoundError: it lacks a variable.
    """
    if names_to_keys is None:
        try:
            names_to_keys = object_graph_key_mapping(checkpoint_path)
        except NotFoundError:
            raise ValueError("Checkpoint in %s not an object-based checkpoint." % checkpoint_path) from None
    if var_list is None:
        var_list = all_saveable_objects()
    saveables = validate_and_slice_inputs(var_list)
    specs = [spec for saveable in saveables for spec in saveable.specs]
    wanted, there = {s.name for s in specs}, set(names_to_keys)
    if wanted - there:
        raise NotFoundError(None, None, (
            "\n\nExisting variables not in the checkpoint: %s\n\nVariables names when this checkpoint was written which don't "
            "exist now: %s\n\n(%d variable name(s) did match)\n\nCould not find some variables in the checkpoint (see names "
            "above). Saver was attempting to load an object-based checkpoint (saved using tf.train.Checkpoint or "
            "tf.keras.Model.save_weights) using variable names. If the checkpoint was written with eager execution enabled, it's "
            "possible that variable names have changed (for example missing a '_1' suffix). It's also possible that there are new "
            "variables which did not exist when the checkpoint was written. You can construct a Saver(var_list=...) with only the "
            "variables which previously existed, and if variable names have changed you may need to make this a dictionary with "
            "the old names as keys. If you're using an Estimator, you'll need to return a tf.train.Saver inside a "
            "tf.train.Scaffold from your model_fn."
        ) % (", ".join(sorted(wanted - there)), ", ".join(sorted(there - wanted)), len(there & wanted)))  # fmt: skip
    for spec in specs:
        spec.name = names_to_keys[spec.name]
    return Saver(saveables, builder=builder) if cached_saver is None else cached_saver
