"""Models as `SavedModel`s: a graph each for training, evaluation and prediction, and the configuration."""

import os

from ...core import nest
from ...core.collections import GraphKeys, add_to_collection, get_collection, get_collection_ref
from ...core.compat import as_text as text_of
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.graph import Graph
from ...core.scopes import control_dependencies
from ...platform import gfile, tf_logging
from ...platform.deprecation import deprecated
from ...saved import saved_model_names as names, signatures
from ...saved.object_graph import ObjectGraphView
from ...saved.saved_model_builder import Builder, variables_path
from ...saved.saver import Saver
from ..backend.settings import learning_phase_scope
from ..engine.sequential import Sequential
from ..metrics.base import Metric
from ..optimizers.base import OptimizerV2
from ..optimizers.finding import TFOptimizer
from ..utils.serialization import CustomObjectScope
from .models import clone_model, model_from_json

_JSON = "saved_model.json"
_TAGS = {"train": ["train"], "test": ["eval"], "predict": ["serve"]}


def _copies(metrics):
    """Metrics like others, in their structure."""
    if isinstance(metrics, list):
        return [_copies(m) for m in metrics]
    if isinstance(metrics, dict):
        return {k: _copies(m) for k, m in metrics.items()}
    return type(metrics).from_config(metrics.get_config()) if isinstance(metrics, Metric) else metrics


def _clone(model, inputs, custom_objects, is_compiled):
    with CustomObjectScope(custom_objects or {}):
        clone = clone_model(model, input_tensors=inputs)
    if is_compiled:
        optimizer = model.optimizer
        if isinstance(optimizer, TFOptimizer):
            optimizer = TFOptimizer(optimizer.optimizer)
        else:
            optimizer = type(optimizer).from_config(optimizer.get_config())
        clone.compile(
            optimizer, model.loss, metrics=_copies(model._compile_metrics), loss_weights=model.loss_weights,
            sample_weight_mode=model.sample_weight_mode, weighted_metrics=_copies(model._compile_weighted_metrics),
        )  # fmt: skip
    return clone


def _as_tensor(update):
    """A tensor whose value tells nothing, but that an operation runs for."""
    if hasattr(update, "dtype"):
        return update
    with control_dependencies([update]):
        return tf.constant([], name="metric_op_wrapper")


def _signature(model, mode):
    """The signature of a graph: what is fed, what comes out."""
    inputs = dict(zip(model.input_names, model.inputs))
    outputs = dict(zip(model.output_names, model.outputs))
    if mode == "predict":
        return {names.DEFAULT_SERVING: signatures.predict_signature_def(inputs, outputs)}
    inputs.update((t.name.partition(":")[0], t) for t in model._targets if t is not None)
    local, metrics = set(get_collection(GraphKeys.LOCAL_VARIABLES)), {}
    for metric in model._compile_metric_functions:
        metrics["metrics/%s/value" % metric.name] = metric.result()
        metrics["metrics/%s/update_op" % metric.name] = _as_tensor(metric.updates[0])
        for variable in metric.variables:
            if variable not in local:
                add_to_collection(GraphKeys.LOCAL_VARIABLES, variable)
    predictions = {"predictions/" + name: tensor for name, tensor in outputs.items()}
    make = signatures.supervised_train_signature_def if mode == "train" else signatures.supervised_eval_signature_def
    return {"train" if mode == "train" else "eval": make(inputs, {"loss": model.total_loss}, predictions, metrics)}


def _export_mode(mode, has_variables, builder, model, custom_objects, checkpoint, input_signature):
    """Adds the graph of a mode; the first one writes the variables as its own objects name them."""
    is_compiled = mode != "predict"
    with Graph().as_default() as graph, learning_phase_scope(int(mode == "train")):
        inputs = None
        if input_signature is not None:
            inputs = nest.map_structure(
                lambda s: tf.keras.backend.placeholder(shape=s.shape, dtype=s.dtype, name=s.name), input_signature
            )  # fmt: skip
        clone = _clone(model, inputs, custom_objects, is_compiled)
        if is_compiled:
            add_to_collection(GraphKeys.GLOBAL_STEP, clone.optimizer.iterations)
        made = clone._make_function(mode)
        get_collection_ref(GraphKeys.UPDATE_OPS).extend(clone.state_updates)
        with tf.Session(graph=graph).as_default():
            saveables = ObjectGraphView(clone).serialize_object_graph()[0]
            status = clone.load_weights(checkpoint)
            if has_variables:
                status.assert_existing_objects_matched()
            else:
                clone.save_weights(checkpoint, save_format="tf", overwrite=True)
                builder._has_saved_variables = True
            builder.add_meta_graph(
                _TAGS[mode], signature_def_map=_signature(clone, mode), saver=Saver(saveables, allow_empty=True),
                init_op=tf.local_variables_initializer(), train_op=made.updates_op if mode == "train" else None,
            )  # fmt: skip


def _modes(model):
    """Which graphs can be written."""
    if not model.optimizer:
        return ["predict"]
    if isinstance(model.optimizer, OptimizerV2 | TFOptimizer):
        return ["train", "test", "predict"]
    tf_logging.warning(
        "Model was compiled with an optimizer, but the optimizer is not from `tf.train` (e.g. `tf.train.AdagradOptimizer`). Only "
        "the serving graph was exported. The train and evaluate graphs were not added to the SavedModel."
    )
    return ["predict"]


@export("keras.experimental.export_saved_model", "contrib.saved_model.save_keras_model")
@deprecated(None, 'Please use `model.save(..., save_format="tf")` or `tf.keras.models.save_model(..., save_format="tf")`.')
def export_saved_model(model, saved_model_path, custom_objects=None, as_text=False, input_signature=None, serving_only=False):
    """Writes a model as a `SavedModel`, with a graph each for training and evaluation, if it is compiled, and for prediction.

    Args:
      model: a functional or sequential model.
      saved_model_path: the folder, which must not be there yet or be empty.
      custom_objects: a dictionary of classes and functions by their names in the configuration.
      as_text: whether the graphs are written as text.
      input_signature: a structure of `TensorSpec`s of inputs, by default as those of the model.
      serving_only: whether only the graph for prediction is written.

    Raises:
      AssertionError: there is something in the folder.
      NotImplementedError: the model is a subclassed one.
      ValueError: the model has no variables yet.
    """
    if not model._is_graph_network:
        if not isinstance(model, Sequential):
            if serving_only:
                raise NotYetError("tf.keras.experimental.export_saved_model of subclassed models")
            raise NotImplementedError(
                "Subclassed models can only be exported for serving. Please set argument serving_only=True."
            )  # fmt: skip
        if not model.built:
            raise ValueError(
                "Weights for sequential model have not yet been created. Weights are created when the Model is first called on "
                "inputs or `build()` is called with an `input_shape`, or the first layer in the model has `input_shape` during "
                "construction."
            )
    builder = Builder(saved_model_path)
    checkpoint = text_of(variables_path(saved_model_path))
    gfile.makedirs(os.path.dirname(checkpoint))
    model.save_weights(checkpoint, save_format="tf", overwrite=True)
    for i, mode in enumerate(["predict"] if serving_only else _modes(model)):
        _export_mode(mode, i > 0, builder, model, custom_objects, checkpoint, input_signature)
    builder.save(as_text)
    folder = os.path.join(text_of(saved_model_path), names.ASSETS_DIRECTORY)
    gfile.makedirs(folder)
    with gfile.GFile(os.path.join(folder, _JSON), "w") as f:
        f.write(model.to_json())


@export("keras.experimental.load_from_saved_model", "contrib.saved_model.load_keras_model")
@deprecated(None, "The experimental save and load functions have been  deprecated. Please switch to `tf.keras.models.load_model`.")
def load_from_saved_model(saved_model_path, custom_objects=None):
    """Reads a model that `export_saved_model` wrote; it is not compiled.

    Args:
      saved_model_path: the folder.
      custom_objects: a dictionary of classes and functions by their names in the configuration.
    """
    path = text_of(saved_model_path)
    with gfile.GFile(os.path.join(path, names.ASSETS_DIRECTORY, _JSON)) as f:
        model = model_from_json(f.read(), custom_objects=custom_objects)
    model.load_weights(text_of(variables_path(path)))
    return model
