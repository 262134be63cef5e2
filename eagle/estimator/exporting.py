"""Writes what an estimator has learned as a `SavedModel`."""

import os

from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.compat import as_bytes
from ..core.errors import NotFoundError
from ..core.export import public as tf
from ..core.graph import Graph
from ..platform import gfile
from ..run.session import Session
from ..saved import saved_model_names as names
from ..saved.saved_model_builder import SavedModelBuilder
from ..saved.saver import Saver
from ..sessions.scaffold import Scaffold
from .modes import ModeKeys
from .outputs import TAGS, build_all_signature_defs, export_outputs_for_mode, temporary_export_dir, timestamped_export_dir


def export_all(estimator, export_dir_base, receivers, assets_extra, as_text, checkpoint, strip_default_attrs):
    """Writes a `SavedModel` with a graph for each mode.

    Args:
      estimator: the `Estimator`.
      export_dir_base: the folder of the folder of the model, which is named by the time.
      receivers: functions that give what the model is given, by mode.
      assets_extra: a dict from names below the folder `assets.extra` to files to copy there.
      as_text: whether to write text.
      checkpoint: the checkpoint.
      strip_default_attrs: whether attributes with default values are left out.

    Returns:
      The folder, as bytes.

    Raises:
      ValueError: there is no mode, or the checkpoint lacks a variable.
    """
    folder = timestamped_export_dir(export_dir_base)
    temporary = temporary_export_dir(folder)
    builder = SavedModelBuilder(temporary)
    modes = [mode for mode in (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT) if receivers.get(mode)]
    if not modes:
        raise ValueError("No valid modes for exporting found. Got %s." % receivers.keys())
    for mode in modes:
        _add_graph(estimator, builder, receivers[mode], checkpoint, mode, mode == modes[0], strip_default_attrs)
    builder.save(as_text)
    if assets_extra:
        extra = os.path.join(temporary, as_bytes(names.EXTRA_ASSETS_DIRECTORY))
        for name, source in assets_extra.items():
            target = os.path.join(extra, as_bytes(name))
            gfile.makedirs(os.path.dirname(target))
            gfile.copy(source, target)
    gfile.rename(temporary, folder)
    return folder


def _add_graph(estimator, builder, receiver_fn, checkpoint, mode, is_first, strip_default_attrs):
    with Graph().as_default() as g:
        estimator._create_and_assert_global_step(g)
        tf.set_random_seed(estimator._config.tf_random_seed)
        receiver = receiver_fn()
        spec = estimator._call_model_fn(receiver.features, getattr(receiver, "labels", None), mode, estimator.config)
        outputs = export_outputs_for_mode(spec.mode, spec.export_outputs, spec.predictions, spec.loss, spec.eval_metric_ops)
        alternatives = getattr(receiver, "receiver_tensors_alternatives", None)
        signatures = build_all_signature_defs(receiver.receiver_tensors, outputs, alternatives, mode == ModeKeys.PREDICT)
        with Session(config=estimator._session_config) as session:
            local_init_op = spec.scaffold.local_init_op
            if local_init_op is None:
                local_init_op = Scaffold.default_local_init_op()
            saver = spec.scaffold.saver or Saver(sharded=True)
            try:
                saver.restore(session, checkpoint)
            except NotFoundError as e:
                raise ValueError(
                    "Could not load all requested variables from checkpoint. Please make sure your model_fn does not expect "
                    "variables that were not saved in the checkpoint.\n\nEncountered error with mode `%s` while restoring "
                    "checkpoint from: `%s`. Full Traceback:\n\n%s" % (mode, checkpoint, e)
                ) from e
            if spec.train_op is not None:
                add_to_collection(names.TRAIN_OP_KEY, spec.train_op)
            rest = {"tags": TAGS[mode], "signature_def_map": signatures, "main_op": local_init_op, "saver": saver,
                    "assets_collection": get_collection(GraphKeys.ASSET_FILEPATHS),
                    "strip_default_attrs": strip_default_attrs}  # fmt: skip
            if is_first:
                builder.add_meta_graph_and_variables(session, **rest)
            else:
                builder.add_meta_graph(**rest)
