"""The results of evaluations as summaries."""

import numpy as np

from .. import protos
from ..core.static_values import make_tensor_proto
from ..platform import tf_logging as logging
from ..summary.writer import FileWriterCache


def _as_text(results):
    return ", ".join("%s = %s" % (k, v) for k, v in sorted(results.items()) if not isinstance(v, bytes))


def write_results(output_dir, results, step):
    """Writes the results of an evaluation, a dict, as a summary.

    Args:
      output_dir: the folder.
      results: numbers, arrays or serialized summaries by name.
      step: the global step.
    """
    logging.info("Saving dict for global step %d: %s", step, _as_text(results))
    summary = protos.Summary()
    for key, value in results.items():
        if value is not None and key != "global_step":
            _add(summary, key, value)
    writer = FileWriterCache.get(output_dir)
    writer.add_summary(summary, step)
    writer.flush()


def _add(summary, key, value):
    if isinstance(value, np.float32 | float | np.int64 | np.int32 | int):
        summary.value.add(tag=key, simple_value=float(value))
    elif isinstance(value, bytes):
        _add_serialized(summary, key, value)
    elif isinstance(value, np.ndarray):
        summary.value.add(tag=key, node_name=key, tensor=make_tensor_proto(value))
        logging.info("Summary for np.ndarray is not visible in Tensorboard by default. Consider using a Tensorboard plugin for "
                     "visualization (see https://github.com/tensorflow/tensorboard-plugin-example/blob/master/README.md for more "
                     "information).")  # fmt: skip
    else:
        logging.warn("Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 or int or np.ndarray or a "
                     "serialized string of Summary.", key)  # fmt: skip


def _add_serialized(summary, key, value):
    from google.protobuf.message import DecodeError

    try:
        read = protos.Summary.FromString(value)
    except DecodeError:
        logging.warn("Skipping summary for %s, cannot parse string to Summary.", key)
        return
    for i, part in enumerate(read.value):
        part.tag = "%s/%d" % (key, i)
    summary.value.extend(read.value)


def write_checkpoint_path(output_dir, path, step):
    """Writes the name of the checkpoint that was evaluated as a summary."""
    logging.info("Saving '%s' summary for global step %d: %s", "checkpoint_path", step, path)
    summary = protos.Summary()
    summary.value.add(tag="checkpoint_path", tensor=make_tensor_proto(path, dtype="string"))
    writer = FileWriterCache.get(output_dir)
    writer.add_summary(summary, step)
    writer.flush()
