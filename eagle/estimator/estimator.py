"""`tf.estimator.Estimator`: trains, evaluates and exports what a model function builds."""

import copy
import os
import tempfile

from ..core.collections import GraphKeys, get_collection
from ..core.compat import path_to_str
from ..core.context import graph_mode
from ..core.export import export, public as tf
from ..core.graph import Graph, get_default_graph
from ..core.nest import flatten
from ..core.scopes import NOTHING, device
from ..core.tensor import Tensor
from ..ops.flow import group
from ..platform import gfile, tf_logging as logging
from ..platform.decorators import fn_args
from ..saved.checkpoint_reader import NewCheckpointReader
from ..saved.checkpoint_state import latest_checkpoint
from ..saved.checkpoint_utils import list_variables, load_variable
from ..saved.warm_start import warm_start
from ..sessions.device_setter import STANDARD_PS_OPS, replica_device_setter
from ..sessions.evaluation import StopAfterNEvalsHook, evaluate_once, get_or_create_eval_step
from ..sessions.monitored_session import MonitoredSession
from ..sessions.saving_hooks import CheckpointSaverListener
from ..sessions.scaffold import ChiefSessionCreator, Scaffold
from ..sessions.session_run_hook import SessionRunHook
from ..sessions.step_hooks import StopAtStepHook
from ..training.global_step import create_global_step, get_global_step, global_step_read
from . import replicated
from .exporting import export_all
from .feeding import parse_input_fn_result
from .modes import ModeKeys
from .reporting import write_checkpoint_path, write_results
from .run_config import RunConfig, TaskType, default_session_config
from .spec import LOSS_METRIC_KEY, EstimatorSpec, verify_model_fn_args
from .training_session import train
from .warm_starts import warm_start_settings

_MAY_BE_OVERRIDDEN = {"model_fn", "_create_and_assert_global_step", "_export_all_saved_models"}


@export("estimator.Estimator")
class Estimator:
    """Trains, evaluates and exports what a model function builds.

    Args:
      model_fn: a function of `features` and, if they are among its arguments, `labels`, `mode`, `params` and `config`, that gives
        an `EstimatorSpec`.
      model_dir: the folder of checkpoints and summaries; by default that of `config`, or a temporary one.
      config: a `RunConfig`.
      params: a dict that the model function and input functions get.
      warm_start_from: a checkpoint, a saved model or `WarmStartSettings`, with which variables begin.

    Raises:
      ValueError: the model function has other arguments, there are two folders, or a subclass overrides members.
    """

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        self._assert_members_are_not_overridden()
        self._config = _with_folder(config, model_dir)
        self._model_dir = self._config.model_dir
        self._session_config = self._config.session_config
        logging.info("Using config: %s", vars(self._config))
        self._train_distribution, self._eval_distribution = self._config.train_distribute, self._config.eval_distribute
        self._device_fn = self._config.device_fn or _replica_device_setter(self._config)
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        verify_model_fn_args(model_fn, params)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        self._warm_start_settings = warm_start_settings(warm_start_from)

    model_dir = property(lambda self: self._model_dir)
    config = property(lambda self: copy.deepcopy(self._config))
    params = property(lambda self: copy.deepcopy(self._params))

    @property
    def model_fn(self):
        """A function of `features`, `labels`, `mode` and `config` that calls the model function."""

        def public_model_fn(features, labels, mode, config):
            return self._call_model_fn(features, labels, mode, config)

        return public_model_fn

    def _assert_members_are_not_overridden(self):
        _check_members(Estimator, self)

    # -------------------------------------------------------------------------------------------------------- checkpoints

    def _check_checkpoint(self):
        if not latest_checkpoint(self._model_dir):
            raise ValueError("Could not find trained model in model_dir: %s." % self._model_dir)

    def get_variable_value(self, name):
        """The value of a variable in the newest checkpoint; raises ValueError if there is none."""
        self._check_checkpoint()
        return load_variable(self._model_dir, name)

    def get_variable_names(self):
        """The names of the variables in the newest checkpoint; raises ValueError if there is none."""
        self._check_checkpoint()
        return [name for name, _ in list_variables(self._model_dir)]

    def latest_checkpoint(self):
        """The name of the newest checkpoint; None if there is none."""
        return latest_checkpoint(self._model_dir)

    def _stored_step(self):
        newest = latest_checkpoint(self._model_dir)
        try:
            return NewCheckpointReader(newest).get_tensor(GraphKeys.GLOBAL_STEP) if newest else 0
        except Exception:  # no step in it
            return 0

    # ----------------------------------------------------------------------------------------------------------- training

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains.

        Args:
          input_fn: a function that gives a data set, or features and labels.
          hooks: a list of `SessionRunHook`s.
          steps: how many steps to train; None for as many as there is input.
          max_steps: up to which global step; not with `steps`.
          saving_listeners: a list of `CheckpointSaverListener`s.

        Returns:
          This estimator.

        Raises:
          ValueError: both numbers are given, or one is not positive, or this process is an evaluator or parameter server.
        """
        if self.config.task_type in (TaskType.EVALUATOR, TaskType.PS):
            raise ValueError("Train has been called wrong configuration. Please use tf.estimator.train_and_evaluate which calls "
                             "proper API according to given configuration. Current configuration: %s." % self.config)  # fmt: skip
        with graph_mode():
            if steps is not None and max_steps is not None:
                raise ValueError("Can not provide both steps and max_steps.")
            for name, number in (("steps", steps), ("max_steps", max_steps)):
                if number is not None and number <= 0:
                    raise ValueError("Must specify %s > 0, given: %s" % (name, number))
            if max_steps is not None and max_steps <= self._stored_step():
                logging.info("Skipping training since max_steps has already saved.")
                return self
            hooks = _checked_hooks(hooks) + self._convert_train_steps_to_hooks(steps, max_steps)
            loss = self._train_model(input_fn, hooks, _checked_listeners(saving_listeners))
            logging.info("Loss for final step: %s.", loss)
            return self

    def _convert_train_steps_to_hooks(self, steps, max_steps):
        return [] if steps is None and max_steps is None else [StopAtStepHook(steps, max_steps)]

    def _train_model(self, input_fn, hooks, saving_listeners):
        if self._train_distribution:
            return self._train_model_distributed(self._train_distribution, input_fn, hooks, saving_listeners)
        with Graph().as_default() as g, g.device(self._device_fn):
            tf.set_random_seed(self._config.tf_random_seed)
            if self._create_and_assert_global_step(g) is not None:
                global_step_read(g)
            features, labels, input_hooks = self._features_and_labels(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            step = get_global_step(g)
            if self._warm_start_settings:
                self._warm_start()
            return train(self._config, self._session_config, self._model_dir, spec, input_hooks, hooks, step, saving_listeners)

    def _train_model_distributed(self, strategy, input_fn, hooks, saving_listeners):
        strategy.configure(self._session_config)
        with Graph().as_default() as g, strategy.scope(), strategy._scale_loss_for_estimator_enabled():
            spec, input_hooks, step = replicated.train_spec(self, g, input_fn, strategy)
            if self._warm_start_settings:
                self._warm_start()
            return train(self._config, self._session_config, self._model_dir, spec, input_hooks, hooks, step, saving_listeners)

    # --------------------------------------------------------------------------------------------------------- evaluation

    def eval_dir(self, name=None):
        """The folder of the summaries of an evaluation."""
        return os.path.join(self._model_dir, "eval_" + name if name else "eval")

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """Evaluates.

        Args:
          input_fn: a function that gives a data set, or features and labels.
          steps: how many steps; None for as many as there is input.
          hooks: a list of `SessionRunHook`s.
          checkpoint_path: a checkpoint; by default the newest one.
          name: the name of the evaluation, if there are several.

        Returns:
          A dict of the metrics, with `"loss"` and `"global_step"`.

        Raises:
          ValueError: `steps` is not positive, or a metric has the name of one of these.
        """
        with graph_mode():
            hooks = _checked_hooks(hooks) + self._convert_eval_steps_to_hooks(steps)
            checkpoint_path = checkpoint_path or self._newest_to("evaluate")
            with Graph().as_default(), self._eval_distribution.scope() if self._eval_distribution else NOTHING:
                scaffold, update, results, hooks = self._evaluate_build_graph(input_fn, hooks, checkpoint_path)
                values = evaluate_once(
                    checkpoint_path, master=self._config.evaluation_master, scaffold=scaffold, eval_ops=update, final_ops=results,
                    hooks=hooks, config=self._session_config)  # fmt: skip
                step, folder = values[GraphKeys.GLOBAL_STEP], self.eval_dir(name)
                write_results(folder, values, step)
                if checkpoint_path:
                    write_checkpoint_path(folder, checkpoint_path, step)
                return values

    def _newest_to(self, what):
        newest = latest_checkpoint(self._model_dir)
        if not newest:
            logging.info("Could not find trained model in model_dir: %s, running initialization to %s.", self._model_dir, what)
        return newest

    def _convert_eval_steps_to_hooks(self, steps):
        if steps is None:
            return []
        if steps <= 0:
            raise ValueError("Must specify steps > 0, given: %s" % steps)
        return [StopAfterNEvalsHook(num_evals=steps)]

    def _evaluate_build_graph(self, input_fn, hooks, checkpoint_path):
        tf.set_random_seed(self._config.tf_random_seed)
        self._create_and_assert_global_step(get_default_graph())
        if self._eval_distribution:
            scaffold, own_hooks, input_hooks, results, update = replicated.evaluation(self, input_fn, self._eval_distribution)
        else:
            scaffold, own_hooks, input_hooks, results, update = self._evaluation(input_fn)
        step = get_global_step(get_default_graph())
        self._maybe_warm_start(checkpoint_path)
        if GraphKeys.GLOBAL_STEP in results:
            raise ValueError("Metric with name `global_step` is not allowed, because Estimator already defines a default metric "
                             "with the same name.")  # fmt: skip
        results[GraphKeys.GLOBAL_STEP] = step
        if scaffold and scaffold.local_init_op:
            get_or_create_eval_step()
            local = group(scaffold.local_init_op, Scaffold.default_local_init_op())
            scaffold = Scaffold(local_init_op=local, copy_from_scaffold=scaffold)
        return scaffold, update, results, [*input_hooks, *hooks, *(own_hooks or [])]

    def _evaluation(self, input_fn):
        """The scaffold, hooks, hooks of the input, metric -> value, and the operation that updates all metrics."""
        features, labels, input_hooks = self._features_and_labels(input_fn, ModeKeys.EVAL)
        spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
        metrics = spec.eval_metric_ops
        if LOSS_METRIC_KEY in metrics:
            raise replicated.loss_metric_exists()
        metrics[LOSS_METRIC_KEY] = tf.metrics.mean(spec.loss)
        results = {name: value for name, (value, _) in sorted(metrics.items())}
        update = group(*[update for _, (_, update) in sorted(metrics.items())])
        return spec.scaffold, spec.evaluation_hooks, input_hooks, results, update

    def _warm_start(self):
        logging.info("Warm-starting with WarmStartSettings: %s", (self._warm_start_settings,))
        warm_start(*self._warm_start_settings)

    def _maybe_warm_start(self, checkpoint_path):
        if not checkpoint_path and self._warm_start_settings:
            self._warm_start()

    # --------------------------------------------------------------------------------------------------------- prediction

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None, yield_single_examples=True):
        """Predicts; a generator.

        Args:
          input_fn: a function that gives a data set or features; labels are left out.
          predict_keys: which of the predictions to give; None for all.
          hooks: a list of `SessionRunHook`s.
          checkpoint_path: a checkpoint; by default the newest one.
          yield_single_examples: whether to give the predictions of one example after the other, not whole batches.

        Raises:
          ValueError: there are no such predictions, or they have different lengths.
        """
        with graph_mode():
            hooks = _checked_hooks(hooks)
            checkpoint_path = checkpoint_path or self._newest_to("predict")
            with Graph().as_default() as g:
                tf.set_random_seed(self._config.tf_random_seed)
                self._create_and_assert_global_step(g)
                features, input_hooks = self._features_only(input_fn, ModeKeys.PREDICT)
                spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
                self._maybe_warm_start(checkpoint_path)
                predictions = _chosen(spec.predictions, predict_keys)
                creator = ChiefSessionCreator(checkpoint_filename_with_path=checkpoint_path, master=self._config.master,
                                              scaffold=spec.scaffold, config=self._session_config)  # fmt: skip
                hooks = [*input_hooks, *hooks, *(spec.prediction_hooks or [])]
                with MonitoredSession(session_creator=creator, hooks=hooks) as session:
                    while not session.should_stop():
                        values = session.run(predictions)
                        if not yield_single_examples:
                            yield values
                        elif not isinstance(predictions, dict):
                            yield from values
                        else:
                            for i in range(_batch_length(values)):
                                yield {key: value[i] for key, value in values.items()}

    # ---------------------------------------------------------------------------------------------------------- exporting

    def export_saved_model(self, export_dir_base, serving_input_receiver_fn, assets_extra=None, as_text=False, checkpoint_path=None,
                           experimental_mode=ModeKeys.PREDICT):  # fmt: skip
        """Writes a `SavedModel` into a folder that is named by the time.

        Args:
          export_dir_base: the folder of that folder.
          serving_input_receiver_fn: a function that gives a `ServingInputReceiver`.
          assets_extra: a dict from names below the folder `assets.extra` to files to copy there.
          as_text: whether to write text.
          checkpoint_path: a checkpoint; by default the newest one.
          experimental_mode: what it is for.

        Returns:
          The folder, as bytes.

        Raises:
          ValueError: there is no function or no checkpoint.
        """
        if not serving_input_receiver_fn:
            raise ValueError("An input_receiver_fn must be defined.")
        return self._export_all_saved_models(
            export_dir_base, {experimental_mode: serving_input_receiver_fn}, assets_extra=assets_extra, as_text=as_text,
            checkpoint_path=checkpoint_path, strip_default_attrs=True)  # fmt: skip

    def export_savedmodel(self, export_dir_base, serving_input_receiver_fn, assets_extra=None, as_text=False, checkpoint_path=None,
                          strip_default_attrs=False):  # fmt: skip
        """The same as `export_saved_model` for serving, but that attributes with default values may stay."""
        if not serving_input_receiver_fn:
            raise ValueError("An input_receiver_fn must be defined.")
        return self._export_all_saved_models(
            export_dir_base, {ModeKeys.PREDICT: serving_input_receiver_fn}, assets_extra=assets_extra, as_text=as_text,
            checkpoint_path=checkpoint_path, strip_default_attrs=strip_default_attrs)  # fmt: skip

    def experimental_export_all_saved_models(self, export_dir_base, input_receiver_fn_map, assets_extra=None, as_text=False,
                                             checkpoint_path=None):  # fmt: skip
        """The same for several modes at once, a dict of functions by mode."""
        return self._export_all_saved_models(
            export_dir_base, input_receiver_fn_map, assets_extra=assets_extra, as_text=as_text, checkpoint_path=checkpoint_path,
            strip_default_attrs=True)  # fmt: skip

    def _export_all_saved_models(self, export_dir_base, input_receiver_fn_map, assets_extra=None, as_text=False,
                                 checkpoint_path=None, strip_default_attrs=True):  # fmt: skip
        with graph_mode():
            checkpoint_path = checkpoint_path or latest_checkpoint(self._model_dir)
            if not checkpoint_path:
                if not self._warm_start_settings:
                    raise ValueError("Couldn't find trained model at %s." % self._model_dir)
                checkpoint_path = self._warm_start_settings.ckpt_to_initialize_from
                if gfile.isdir(checkpoint_path):
                    checkpoint_path = latest_checkpoint(checkpoint_path)
            return export_all(self, export_dir_base, input_receiver_fn_map, assets_extra, as_text, checkpoint_path,
                              strip_default_attrs)  # fmt: skip

    # ------------------------------------------------------------------------------------------------------------ calling

    def _create_global_step(self, graph):
        return create_global_step(graph)

    def _create_and_assert_global_step(self, graph):
        step = self._create_global_step(graph)
        assert step is get_global_step()
        assert step.dtype.is_integer
        return step

    def _features_only(self, input_fn, mode):
        result, _, hooks = parse_input_fn_result(self._call_input_fn(input_fn, mode))
        self._warn_of_endless_input(result)
        return result, hooks

    def _warn_of_endless_input(self, features):
        if not _is_finite(features):
            logging.warning("Input graph does not use tf.data.Dataset or contain a QueueRunner. That means predict yields forever. "
                            "This is probably a mistake.")  # fmt: skip

    def _features_and_labels(self, input_fn, mode):
        return parse_input_fn_result(self._call_input_fn(input_fn, mode))

    def _call_input_fn(self, input_fn, mode, input_context=None):
        given = {"mode": lambda: mode, "params": lambda: self.params, "config": lambda: self.config}
        if input_context:
            given["input_context"] = lambda: input_context
        wanted = fn_args(input_fn)
        with device("/cpu:0"):
            return input_fn(**{name: get() for name, get in given.items() if name in wanted})

    def _call_model_fn(self, features, labels, mode, config):
        wanted = fn_args(self._model_fn)
        if labels is not None and "labels" not in wanted:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        given = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        logging.info("Calling model_fn.")
        spec = self._model_fn(features=features, **{name: value for name, value in given.items() if name in wanted})
        logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec


def _check_members(cls, estimator):
    """Raises ValueError if a subclass overrides members."""
    kind = type(estimator)
    if kind.__name__ == "TPUEstimator":
        return
    members = {m for m in dir(cls) if not m.startswith("__")} & set(vars(kind)) - _MAY_BE_OVERRIDDEN
    changed = [m for m in members if getattr(cls, m) != getattr(kind, m)]
    if changed:
        raise ValueError("Subclasses of Estimator cannot override members of Estimator. %s does override %s" % (kind, changed))


def _with_folder(config, model_dir):
    """A `RunConfig` that says the folder and the options of sessions."""
    if config is None:
        config = RunConfig()
        logging.info("Using default config.")
    if not isinstance(config, RunConfig):
        raise ValueError("config must be an instance of `RunConfig`, but provided %s." % config)
    if config.session_config is None:
        config = RunConfig.replace(config, session_config=default_session_config())
    model_dir = path_to_str(model_dir)
    if model_dir is not None and config.model_dir not in (None, model_dir):
        raise ValueError("`model_dir` are set both in constructor and `RunConfig`, but with different values. In constructor: "
                         "'%s', in `RunConfig`: '%s' " % (model_dir, config.model_dir))  # fmt: skip
    if not model_dir and config.model_dir is None:
        model_dir = tempfile.mkdtemp()
        logging.warning("Using temporary folder as model directory: %s", model_dir)
    return RunConfig.replace(config, model_dir=model_dir) if model_dir else config


def _checked_hooks(hooks):
    hooks = list(hooks or [])
    for hook in hooks:
        if not isinstance(hook, SessionRunHook):
            raise TypeError("Hooks must be a SessionRunHook, given: %s" % hook)
    return hooks


def _checked_listeners(listeners):
    listeners = list(listeners or [])
    for listener in listeners:
        if not isinstance(listener, CheckpointSaverListener):
            raise TypeError("saving_listeners must be a list of CheckpointSaverListener, given: %s" % listener)
    return listeners


def _replica_device_setter(config):
    """The function that places variables on the parameter servers of a cluster; None without a cluster."""
    if not config.num_ps_replicas > 0:
        return None
    worker = "/job:%s/task:%d" % (config.task_type, config.task_id) if config.task_type else "/job:worker"
    return replica_device_setter(ps_tasks=config.num_ps_replicas, worker_device=worker, merge_devices=True,
                                 ps_ops=list(STANDARD_PS_OPS), cluster=config.cluster_spec)  # fmt: skip


def _is_finite(features):
    tensors = [x for x in flatten(features) if isinstance(x, Tensor)]
    return any(t.op.type == "IteratorGetNext" for t in tensors) or get_collection(GraphKeys.QUEUE_RUNNERS)


def _chosen(predictions, keys):
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in keys}
    if not chosen:
        raise ValueError("Expected to run at least one output from %s, provided %s." % (predictions.keys(), keys))
    return chosen


def _batch_length(values):
    length = None
    for key, value in values.items():
        length = length or value.shape[0]
        if value.shape[0] != length:
            raise ValueError("Batch length of predictions should be same. %s has different batch length than others." % key)
    return length
