"""`tf.estimator.FinalExporter` and the like: which models are exported while one trains."""

import abc
import os

from ..core.errors import NotFoundError
from ..core.export import export, public as tf
from ..platform import gfile, tf_logging as logging
from ..platform.decorators import fn_args
from .spec import LOSS_METRIC_KEY


@export("estimator.Exporter")
class Exporter(abc.ABC):
    """The base of exporters."""

    @property
    @abc.abstractmethod
    def name(self):
        """The name, which is that of its folder."""

    @abc.abstractmethod
    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """Exports the model if it should.

        Args:
          estimator: the `Estimator`.
          export_path: the folder.
          checkpoint_path: the checkpoint.
          eval_result: its results, a dict.
          is_the_final_export: whether training is over.

        Returns:
          The folder of the model, or None.
        """


class _SavedModelExporter(Exporter):
    """What all have in common: the arguments of `Estimator.export_saved_model`."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False, exports_to_keep=None):
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError("`exports_to_keep`, if provided, must be a positive number. Got %s" % exports_to_keep)
        self._name, self._receiver = name, serving_input_receiver_fn
        self._assets_extra, self._as_text, self._exports_to_keep = assets_extra, as_text, exports_to_keep

    name = property(lambda self: self._name)

    def _export(self, estimator, export_path, checkpoint_path):
        exported = estimator.export_saved_model(export_path, self._receiver, assets_extra=self._assets_extra, as_text=self._as_text,
                                                checkpoint_path=checkpoint_path)  # fmt: skip
        if self._exports_to_keep is not None:
            self._delete_old(export_path)
        return exported

    def _delete_old(self, folder):
        names = (os.path.basename(name.rstrip("/")) for name in gfile.listdir(folder))
        exported = sorted(int(name) for name in names if len(name) == 10 and name.isdigit())
        for name in exported[: -self._exports_to_keep]:
            path = os.path.join(folder, str(name))
            try:
                gfile.rmtree(path)
            except NotFoundError as e:
                logging.warn("Can not delete %s recursively: %s", path, e)


def _loss_smaller(best_eval_result, current_eval_result):
    for name, results in (("best", best_eval_result), ("current", current_eval_result)):
        if not results or LOSS_METRIC_KEY not in results:
            raise ValueError("%s_eval_result cannot be empty or no loss is found in it." % name)
    return best_eval_result[LOSS_METRIC_KEY] > current_eval_result[LOSS_METRIC_KEY]


def _check_compare_fn(compare_fn):
    args = set(fn_args(compare_fn))
    for name in ("best_eval_result", "current_eval_result"):
        if name not in args:
            raise ValueError("compare_fn (%s) must include %s argument." % (compare_fn, name))
    others = list(args - {"best_eval_result", "current_eval_result"})
    if others:
        raise ValueError("compare_fn (%s) has following not expected args: %s" % (compare_fn, others))


@export("estimator.BestExporter")
class BestExporter(_SavedModelExporter):
    """Exports a model if it is better than all before.

    Args:
      name: the name.
      serving_input_receiver_fn, assets_extra, as_text: as of `Estimator.export_saved_model`.
      event_file_pattern: where the results of earlier evaluations are, below the estimator's folder.
      compare_fn: a function of `best_eval_result` and `current_eval_result`, that says whether the current one is better.
      exports_to_keep: how many to keep; None for all.

    Raises:
      ValueError: the function has other arguments, or the number is not positive.
    """

    def __init__(self, name="best_exporter", serving_input_receiver_fn=None, event_file_pattern="eval/*.tfevents.*",
                 compare_fn=_loss_smaller, assets_extra=None, as_text=False, exports_to_keep=5):  # fmt: skip
        if compare_fn is None:
            raise ValueError("`compare_fn` must not be None.")
        _check_compare_fn(compare_fn)
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        self._compare_fn, self._event_file_pattern = compare_fn, event_file_pattern
        self._model_dir = self._best_eval_result = None

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if self._model_dir != estimator.model_dir and self._event_file_pattern:
            logging.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            self._best_eval_result = self._read_best(os.path.join(self._model_dir, self._event_file_pattern))
        best = self._best_eval_result
        if best is not None and not self._compare_fn(best_eval_result=best, current_eval_result=eval_result):
            return None
        logging.info("Performing best model export.")
        self._best_eval_result = eval_result
        return self._export(estimator, export_path, checkpoint_path)

    def _read_best(self, pattern):
        best = None
        for path in gfile.glob(pattern):
            for event in tf.train.summary_iterator(path):
                results = {v.tag: v.simple_value for v in event.summary.value if v.HasField("simple_value")}
                if results and (best is None or self._compare_fn(best, results)):
                    best = results
        return best


@export("estimator.FinalExporter")
class FinalExporter(_SavedModelExporter):
    """Exports the model when training is over.

    Args:
      name: the name.
      serving_input_receiver_fn, assets_extra, as_text: as of `Estimator.export_saved_model`.
    """

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        if not is_the_final_export:
            return None
        logging.info("Performing the final export in the end of training.")
        return self._export(estimator, export_path, checkpoint_path)


@export("estimator.LatestExporter")
class LatestExporter(_SavedModelExporter):
    """Exports every model that is evaluated.

    Args:
      name: the name.
      serving_input_receiver_fn, assets_extra, as_text: as of `Estimator.export_saved_model`.
      exports_to_keep: how many to keep; None for all.

    Raises:
      ValueError: the number is not positive.
    """

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False, exports_to_keep=5):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        return self._export(estimator, export_path, checkpoint_path)
