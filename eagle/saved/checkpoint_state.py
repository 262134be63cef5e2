"""The file `checkpoint`, which says which checkpoints are in a folder, and what goes by the names of checkpoints' files."""

import os
import re

from .. import protos
from ..core.compat import as_bytes
from ..core.errors import OpError
from ..core.export import export
from ..platform import gfile, tf_logging as logging
from ..platform.bundle_index import temporary_name

V2 = 2  # of `SaverDef.CheckpointFormatVersion`


def write_atomically(path, text):
    """Writes a file that is there as a whole or not at all."""
    temporary = temporary_name(path)
    with gfile.GFile(temporary, "wb") as f:
        f.write(as_bytes(text))
    gfile.rename(temporary, path, overwrite=True)


def _state_name(folder, latest_filename):
    return os.path.join(folder, "checkpoint" if latest_filename is None else latest_filename)


@export("train.generate_checkpoint_state_proto")
def generate_checkpoint_state_proto(save_dir, model_checkpoint_path, all_model_checkpoint_paths=None,
                                    all_model_checkpoint_timestamps=None, last_preserved_timestamp=None):  # fmt: skip
    """The `CheckpointState` for some checkpoints.

    Args:
      save_dir: the folder that they are in; paths are made relative to it if it is relative itself.
      model_checkpoint_path: the newest checkpoint.
      all_model_checkpoint_paths: all checkpoints, oldest first; the newest is added if it is not the last.
      all_model_checkpoint_timestamps: when each was written, in seconds since 1970.
      last_preserved_timestamp: when the last one was written that is kept for good.

    Raises:
      ValueError: there are not as many times as checkpoints.
    """
    paths = [] if all_model_checkpoint_paths is None else all_model_checkpoint_paths
    if not paths or paths[-1] != model_checkpoint_path:
        logging.info("%s is not in all_model_checkpoint_paths. Manually adding it.", model_checkpoint_path)
        paths.append(model_checkpoint_path)  # the caller's list, too, as in TensorFlow
    times = all_model_checkpoint_timestamps
    if times and len(times) != len(paths):
        raise ValueError("Checkpoint timestamps, if provided, must match checkpoint paths (got paths %s and timestamps %s)"
                         % (paths, times))  # fmt: skip
    if not os.path.isabs(save_dir):
        model_checkpoint_path, *paths = (
            p if os.path.isabs(p) else os.path.relpath(p, save_dir) for p in (model_checkpoint_path, *paths)
        )
    return protos.CheckpointState(
        model_checkpoint_path=model_checkpoint_path, all_model_checkpoint_paths=paths, all_model_checkpoint_timestamps=times,
        last_preserved_timestamp=last_preserved_timestamp)  # fmt: skip


@export("train.update_checkpoint_state")
def update_checkpoint_state(save_dir, model_checkpoint_path, all_model_checkpoint_paths=None, latest_filename=None,
                            all_model_checkpoint_timestamps=None, last_preserved_timestamp=None):  # fmt: skip
    """Writes the file that says which checkpoints are in a folder; see `generate_checkpoint_state_proto` for the arguments.

    Args:
      latest_filename: the name of the file; by default `checkpoint`.

    Raises:
      RuntimeError: a checkpoint has the name of that file.
    """
    write_state(save_dir, model_checkpoint_path, all_model_checkpoint_paths, latest_filename, False,
                all_model_checkpoint_timestamps, last_preserved_timestamp)  # fmt: skip


@export("python.training.checkpoint_management.update_checkpoint_state_internal")
def write_state(save_dir, model_checkpoint_path, all_model_checkpoint_paths=None, latest_filename=None, save_relative_paths=False,
                all_model_checkpoint_timestamps=None, last_preserved_timestamp=None):  # fmt: skip
    """As `update_checkpoint_state`, on demand with paths relative to the folder, so that it can be moved."""
    from google.protobuf import text_format

    path, paths = model_checkpoint_path, all_model_checkpoint_paths
    if save_relative_paths:
        path, *paths = (os.path.relpath(p, save_dir) if os.path.isabs(p) else p for p in (path, *(paths or ())))
    state = generate_checkpoint_state_proto(save_dir, path, paths, all_model_checkpoint_timestamps, last_preserved_timestamp)
    name = _state_name(save_dir, latest_filename)
    if name == state.model_checkpoint_path:
        raise RuntimeError("Save path '%s' conflicts with path used for checkpoint state.  Please use a different save path."
                           % model_checkpoint_path)  # fmt: skip
    write_atomically(name, text_format.MessageToString(state))


@export("train.get_checkpoint_state")
def get_checkpoint_state(checkpoint_dir, latest_filename=None):
    """What the file says that knows the checkpoints in a folder.

    Args:
      checkpoint_dir: the folder.
      latest_filename: the name of the file; by default `checkpoint`.

    Returns:
      A `CheckpointState` with full paths; None if there is no such file, or it can't be read.

    Raises:
      ValueError: the file names no checkpoint.
    """
    from google.protobuf import text_format

    name = _state_name(checkpoint_dir, latest_filename)
    if not gfile.exists(name):
        return None
    state = protos.CheckpointState()
    try:
        with gfile.GFile(name, "rb") as f:
            text_format.Merge(f.read(), state)
    except (OpError, text_format.ParseError, UnicodeDecodeError) as e:
        logging.warning("%s: %s", type(e).__name__, e)
        logging.warning("%s: Checkpoint ignored", name)
        return None
    if not state.model_checkpoint_path:
        raise ValueError("Invalid checkpoint state loaded from " + checkpoint_dir)
    state.model_checkpoint_path = os.path.join(checkpoint_dir, state.model_checkpoint_path)
    for i, path in enumerate(state.all_model_checkpoint_paths):
        state.all_model_checkpoint_paths[i] = os.path.join(checkpoint_dir, path)
    return state


@export("train.latest_checkpoint", "contrib.framework.latest_checkpoint")
def latest_checkpoint(checkpoint_dir, latest_filename=None):
    """The newest checkpoint in a folder; None if there is none.

    Args:
      checkpoint_dir: the folder.
      latest_filename: the name of the file that knows its checkpoints; by default `checkpoint`.
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None:
        return None
    if checkpoint_exists(state.model_checkpoint_path):
        return state.model_checkpoint_path
    logging.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
    return None


@export("train.checkpoint_exists", "python.training.checkpoint_management.checkpoint_exists_internal")
def checkpoint_exists(checkpoint_prefix):
    """Whether there is a checkpoint of a name, as `Saver.save` and `latest_checkpoint` return it, in either format."""
    return _main_file(checkpoint_prefix) is not None


def _main_file(prefix):
    """The file whose being there means that a checkpoint is; None if there is none."""
    found = gfile.glob(prefix + ".index") or gfile.glob(prefix)
    return found[0] if found else None


@export("train.get_checkpoint_mtimes")
def get_checkpoint_mtimes(checkpoint_prefixes):
    """When checkpoints were written, in seconds since 1970; those that are not there are left out."""
    files = map(_main_file, checkpoint_prefixes)
    return [gfile.stat(f).mtime_nsec / 1e9 for f in files if f is not None]


@export("train.remove_checkpoint")
def remove_checkpoint(checkpoint_prefix, checkpoint_format_version=V2, meta_graph_suffix="meta"):
    """Deletes the files of a checkpoint.

    Args:
      checkpoint_prefix: its name.
      checkpoint_format_version: its format, `SaverDef.V1` or `SaverDef.V2`.
      meta_graph_suffix: how the name of the file with its graph ends.
    """
    _delete(meta_graph_filename(checkpoint_prefix, meta_graph_suffix))
    if checkpoint_format_version == V2:
        delete_bundle(checkpoint_prefix)
    else:
        _delete(checkpoint_prefix)


def delete_bundle(prefix):
    """Deletes the index and the data of a V2 checkpoint."""
    _delete(prefix + ".index")
    _delete(prefix + ".data-?????-of-?????")


def _delete(pattern):
    for path in gfile.glob(pattern):
        gfile.remove(path)


@export("python.training.checkpoint_management.meta_graph_filename")
def meta_graph_filename(checkpoint_filename, meta_graph_suffix="meta"):
    """The name of the file with a checkpoint's graph; a sharded checkpoint has one."""
    return "%s.%s" % (re.sub(r"-[\d\?]+-of-\d+$", "", checkpoint_filename), meta_graph_suffix)
