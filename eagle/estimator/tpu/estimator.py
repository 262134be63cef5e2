"""`tf.estimator.tpu.TPUEstimator`: an estimator whose model function and input functions learn the size of batches."""

import collections
import copy
import enum
import math

from ... import protos
from ...core import dtypes
from ...core.collections import GraphKeys
from ...core.export import export, public as tf
from ...core.scopes import device
from ...platform import tf_logging as logging
from ...platform.decorators import fn_args
from ...sessions.step_hooks import StepCounterHook
from ...training.global_step import get_global_step
from ...variables.scope import get_variable
from ..estimator import Estimator
from ..modes import ModeKeys
from ..spec import verify_model_fn_args
from .config import InputPipelineConfig, RunConfig, check_positive_integer, parse_iterations_per_loop
from .spec import TPUEstimatorSpec

_RESERVED = ["use_tpu", "batch_size", "context"]


class ExamplesPerSecondHook(StepCounterHook):
    """Logs how many steps and examples are done in a second, and writes it to event files."""

    def __init__(self, batch_size, every_n_steps=100, every_n_secs=None, output_dir=None, summary_writer=None):
        super().__init__(every_n_steps, every_n_secs, output_dir, summary_writer)
        self._batch_size = batch_size

    def _log_and_record(self, elapsed_steps, elapsed_time, global_step):
        steps = elapsed_steps / elapsed_time
        for name, rate in (("global_step/sec", steps), ("examples/sec", self._batch_size * steps)):
            if self._summary_writer is not None:
                summary = protos.Summary(value=[protos.Summary.Value(tag=name, simple_value=rate)])
                self._summary_writer.add_summary(summary, global_step)
            logging.info("%s: %g", name, rate)


@export("contrib.tpu.python.tpu.tpu_estimator.ExportSavedModelApiVersion")
class ExportSavedModelApiVersion(enum.Enum):
    """How a model is written for TPUs."""

    V1 = 1
    V2 = 2


@export("contrib.tpu.python.tpu.tpu_estimator.BatchConfig")
class BatchConfig(collections.namedtuple("BatchConfig", "num_batch_threads max_batch_size batch_timeout_micros allowed_batch_sizes "
                                                        "max_enqueued_batches")):  # fmt: skip
    """How requests are gathered to batches."""

    def __new__(cls, num_batch_threads, max_batch_size, batch_timeout_micros, allowed_batch_sizes, max_enqueued_batches=10):
        return super().__new__(
            cls, num_batch_threads, max_batch_size, batch_timeout_micros, allowed_batch_sizes, max_enqueued_batches
        )


def _set(params, key, value):
    """Sets a parameter of a dict or of `HParams`."""
    if not hasattr(params, "set_hparam"):
        params[key] = value
    elif key in params:
        params.set_hparam(key, value)
    else:
        params.add_hparam(key, value)


@export("estimator.tpu.TPUEstimator", "contrib.tpu.TPUEstimator", "contrib.tpu.python.tpu.tpu_estimator.TPUEstimator")
class TPUEstimator(Estimator):
    """An estimator that may run on TPUs; here it runs without one.

    Args:
      model_fn: a function as of `tf.estimator.Estimator`, with `params`, that gives a `TPUEstimatorSpec` or an `EstimatorSpec`.
      model_dir, params, warm_start_from: as of `tf.estimator.Estimator`.
      config: a `tf.estimator.tpu.RunConfig`.
      use_tpu: whether to run on TPUs.
      train_batch_size, eval_batch_size, predict_batch_size: what functions get as `params["batch_size"]`.
      batch_axis, embedding_config_spec: options of TPUs.
      eval_on_tpu: whether to evaluate on TPUs, too.
      export_to_tpu, export_to_cpu: what saved models are for.
      export_saved_model_api_version: an `ExportSavedModelApiVersion`.

    Raises:
      ValueError: the configuration is of another kind, `params` has a key that has a meaning, or something is out of range.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None, use_tpu=True, train_batch_size=None,
                 eval_batch_size=None, predict_batch_size=None, batch_axis=None, eval_on_tpu=True, export_to_tpu=True,
                 export_to_cpu=True, warm_start_from=None, embedding_config_spec=None,
                 export_saved_model_api_version=ExportSavedModelApiVersion.V1):  # fmt: skip
        if not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tpu_config.RunConfig`")
        if params is not None and any(k in params for k in _RESERVED):
            raise ValueError("%s are reserved keys but existed in params %s." % (_RESERVED, params))
        sizes = {ModeKeys.TRAIN: train_batch_size, ModeKeys.EVAL: eval_batch_size, ModeKeys.PREDICT: predict_batch_size}
        if use_tpu:
            _check_tpu(config, sizes)
        verify_model_fn_args(model_fn, params)
        self._log_every_n_steps, self._log_every_n_secs = config.log_step_count_steps, None
        self._inner_model_fn, self._batch_sizes = model_fn, sizes
        self._use_tpu, self._eval_on_tpu, self._is_input_fn_invoked = use_tpu, eval_on_tpu, None
        self._export_to_cpu, self._export_to_tpu = export_to_cpu, export_to_tpu
        config = config.replace(log_step_count_steps=None)
        super().__init__(self._augmented_model_fn(), model_dir, config, params or {}, warm_start_from)
        length, unit = parse_iterations_per_loop(config.tpu_config.iterations_per_loop)
        if unit == "seconds":
            self._log_every_n_secs, self._log_every_n_steps = length, None
        elif self._log_every_n_steps is not None:
            self._log_every_n_steps = math.ceil(self._log_every_n_steps / length)
        if not isinstance(export_saved_model_api_version, ExportSavedModelApiVersion):
            raise ValueError("export_saved_model_api_version should be of type ExportSavedModelApiVersion; got %s."
                             % export_saved_model_api_version)  # fmt: skip

    def _check_place(self, mode):
        """Raises RuntimeError if something is to run on TPUs."""
        if self._use_tpu and (self._eval_on_tpu or mode != ModeKeys.EVAL):
            raise RuntimeError("Cannot find any TPU cores in the system (master address %s). This usually means the master address "
                               "is incorrect or the TPU worker has some problems. Eagle has no TPUs: say use_tpu=False."
                               % self._config.master)  # fmt: skip

    def _augmented_model_fn(self):
        def augmented(features, labels, mode, config, params):
            is_export, self._is_input_fn_invoked = not self._is_input_fn_invoked, None
            if not is_export:
                self._check_place(mode)
            logging.info("Running %s on CPU", mode)
            spec = self._call_inner_model_fn(features, labels, mode, config, params, is_export)
            if self._log_every_n_steps is None and self._log_every_n_secs is None:
                return spec
            folder = self.model_dir if not config or config.save_summary_steps else None
            hook = ExamplesPerSecondHook(self._batch_sizes[mode], output_dir=folder, every_n_steps=self._log_every_n_steps,
                                         every_n_secs=self._log_every_n_secs)  # fmt: skip
            return spec._replace(training_hooks=(*spec.training_hooks, hook))

        return augmented

    def _call_inner_model_fn(self, features, labels, mode, config, params, is_export):
        function = self._inner_model_fn
        wanted = fn_args(function)
        if labels is not None and "labels" not in wanted:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        if "params" not in wanted:
            raise ValueError("model_fn (%s) does not include params argument, required by TPUEstimator to pass batch size as "
                             "params['batch_size']" % function)  # fmt: skip
        params = copy.deepcopy(params)
        if not is_export and self._batch_sizes[mode] is not None:
            _set(params, "batch_size", self._batch_sizes[mode])
        _set(params, "use_tpu", False)
        given = {"labels": labels, "mode": mode, "config": copy.deepcopy(config), "params": params}
        spec = function(features=features, **{name: value for name, value in given.items() if name in wanted})
        return spec.as_estimator_spec() if isinstance(spec, TPUEstimatorSpec) else spec

    def _create_global_step(self, graph):
        if get_global_step(graph) is not None:
            raise ValueError('"global_step" already exists.')
        with graph.as_default() as g, g.name_scope(None):
            return get_variable(
                GraphKeys.GLOBAL_STEP, shape=[], dtype=dtypes.int64, initializer=tf.zeros_initializer(), trainable=False,
                use_resource=True, collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP])  # fmt: skip

    def _convert_train_steps_to_hooks(self, steps, max_steps):
        self._check_place(ModeKeys.TRAIN)
        return super()._convert_train_steps_to_hooks(steps, max_steps)

    def _convert_eval_steps_to_hooks(self, steps):
        self._check_place(ModeKeys.EVAL)
        return super()._convert_eval_steps_to_hooks(steps)

    def _call_input_fn(self, input_fn, mode, input_context=None):
        wanted = fn_args(input_fn)
        if "params" not in wanted:
            raise ValueError("input_fn (%s) does not include params argument, required by TPUEstimator to pass batch size as "
                             'params["batch_size"]' % input_fn)  # fmt: skip
        self._is_input_fn_invoked = True
        self._check_place(mode)
        if self._config.tpu_config.eval_training_input_configuration == InputPipelineConfig.SLICED:
            raise ValueError(
                "Invalid TPUConfig `eval_training_input_configuration` value. SLICED mode only works on use_tpu = True."
            )
        params = self.params
        if self._batch_sizes[mode] is not None:
            _set(params, "batch_size", self._batch_sizes[mode])
        given = {"params": params, "config": self.config, "mode": mode}
        with device("/device:CPU:0"):
            return input_fn(**{name: value for name, value in given.items() if name in wanted})

    def _warn_of_endless_input(self, features):
        pass

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains, as `tf.estimator.Estimator.train` does."""
        with _Noted("training_loop"):
            return super().train(input_fn, hooks, steps, max_steps, saving_listeners)

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """Evaluates, as `tf.estimator.Estimator.evaluate` does."""
        with _Noted("evaluation_loop"):
            return super().evaluate(input_fn, steps, hooks, checkpoint_path, name)

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None, yield_single_examples=True):
        """Predicts, as `tf.estimator.Estimator.predict` does."""
        with _Noted("prediction_loop"):
            yield from super().predict(input_fn, predict_keys, hooks, checkpoint_path, yield_single_examples)

    def _export_all_saved_models(self, export_dir_base, input_receiver_fn_map, assets_extra=None, as_text=False,
                                 checkpoint_path=None, strip_default_attrs=True):  # fmt: skip
        if not self._export_to_cpu:
            raise ValueError("One of export_to_cpu and export_to_tpu must be true." if not self._export_to_tpu
                             else "Eagle writes no graphs for TPUs: say export_to_cpu=True.")  # fmt: skip
        if self._export_to_tpu:
            logging.warning("Eagle writes no graphs for TPUs; the saved model has one for CPUs and GPUs.")
        return super()._export_all_saved_models(export_dir_base, input_receiver_fn_map, assets_extra, as_text, checkpoint_path,
                                                strip_default_attrs)  # fmt: skip


def _check_tpu(config, sizes):
    """Raises ValueError unless the sizes of batches suit a TPU."""
    if sizes[ModeKeys.TRAIN] is None:
        raise ValueError("`train_batch_size` cannot be `None`")
    tpu = config.tpu_config
    if tpu.per_host_input_for_training is InputPipelineConfig.PER_SHARD_V1 and tpu.num_cores_per_replica:
        raise ValueError("Model parallelism only supports per host input for training. Please adjust "
                         "TPURunconfig.per_host_input_for_training.")  # fmt: skip
    names = {ModeKeys.TRAIN: "train", ModeKeys.EVAL: "eval", ModeKeys.PREDICT: "predict"}
    for mode, size in sizes.items():
        if size is not None:
            check_positive_integer(size, "%s_batch_size" % names[mode])


class _Noted:
    """Logs the error of a loop, and its end."""

    def __init__(self, name):
        self._name = name

    def __enter__(self):
        pass

    def __exit__(self, kind, error, trace):
        if error is not None and kind is not GeneratorExit:
            logging.error("Error recorded from %s: %s", self._name, error)
        logging.info("%s marked as finished", self._name)
        if error is not None and kind is not GeneratorExit:
            logging.warning("Reraising captured error")
