"""`tf.estimator.WarmStartSettings`: which checkpoint an estimator begins with."""

import collections

from ..core.export import export
from ..platform import gfile, tf_logging as logging
from ..saved.saved_model_builder import variables_path


@export("estimator.WarmStartSettings")
class WarmStartSettings(collections.namedtuple("WarmStartSettings", "ckpt_to_initialize_from vars_to_warm_start "
                                               "var_name_to_vocab_info var_name_to_prev_var_name")):  # fmt: skip
    """The arguments of `tf.train.warm_start`; raises ValueError if no checkpoint is named."""

    def __new__(cls, ckpt_to_initialize_from, vars_to_warm_start=".*", var_name_to_vocab_info=None, var_name_to_prev_var_name=None):
        if not ckpt_to_initialize_from:
            raise ValueError("`ckpt_to_initialize_from` MUST be set in WarmStartSettings")
        return super().__new__(
            cls, ckpt_to_initialize_from, vars_to_warm_start, var_name_to_vocab_info or {}, var_name_to_prev_var_name or {}
        )


def warm_start_settings(warm_start_from):
    """The settings for a checkpoint, the folder of a saved model, or such settings.

    Raises:
      ValueError: it is something else.
    """
    if warm_start_from is None or isinstance(warm_start_from, WarmStartSettings):
        return warm_start_from
    if not isinstance(warm_start_from, str | bytes):
        raise ValueError("warm_start_from must be a string or a WarmStartSettings, instead got %s" % type(warm_start_from))
    path = variables_path(warm_start_from)
    if gfile.exists(path + ".index"):
        logging.info("Warm-starting from a SavedModel")
        return WarmStartSettings(path)
    return WarmStartSettings(warm_start_from)
