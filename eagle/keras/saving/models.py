"""`save_model`, `load_model`: whole models in files; models from configurations; copies."""

import contextlib
import json
import os

import numpy as np

from ...core import errors, nest
from ...core.context import here
from ...core.export import export, public as tf
from ...platform import tf_logging
from ..backend.settings import get_session
from ..backend.tensors import is_keras_tensor
from ..engine.input_layer import Input, InputLayer
from ..engine.sequential import Sequential
from ..engine.training import Model
from ..optimizers.finding import TFOptimizer
from . import hdf5

_EXTENSIONS = (".h5", ".keras", ".hdf5")


def is_hdf5_path(path):
    """Whether the name of a file is that of an HDF5 file."""
    return str(path).endswith(_EXTENSIONS)


def _as_json(x):
    """What JSON can't say, said otherwise."""
    if hasattr(x, "get_config"):
        return {"class_name": type(x).__name__, "config": x.get_config()}
    if isinstance(x, np.ndarray | np.generic):
        return x.tolist() if isinstance(x, np.ndarray) else x.item()
    if hasattr(x, "as_list"):
        return x.as_list()
    if isinstance(x, tf.DType):
        return x.name
    if callable(x):
        return x.__name__
    if isinstance(x, dict):
        return dict(x)
    if isinstance(x, list | tuple):
        return list(x)
    raise TypeError("Not JSON Serializable:", x)


def _may_overwrite(path, overwrite):
    if overwrite or not os.path.isfile(path):
        return True
    answer = input("[WARNING] %s already exists - overwrite? [y/n]" % path).strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    if answer == "y":
        print("[TIP] Next time specify overwrite=True!")
    return answer == "y"


# ------------------------------------------------------------------------------------------------------------------- weights


@export("python.keras.saving.save_weights")
def save_weights(model, filepath, overwrite=True, save_format=None):
    """Saves the variables of a model; see `Network.save_weights`."""
    is_hdf5 = is_hdf5_path(filepath)
    if save_format is None:
        save_format = "h5" if is_hdf5 else "tf"
    else:
        given = save_format.lower().strip()
        if given not in ("tensorflow", "tf", "hdf5", "h5", "keras"):
            raise ValueError('Unknown format "%s". Was expecting one of {"tf", "h5"}.' % (save_format,))
        save_format = "tf" if given.startswith("t") else "h5"
    if save_format == "tf" and is_hdf5:
        raise ValueError(
            'save_weights got save_format="tf"/"tensorflow", but the filepath ("%s") looks like an HDF5 file. Omit the '
            '".h5"/".keras" when saving in TensorFlow format.' % filepath
        )
    if save_format == "h5":
        h5py = hdf5.library("`save_weights`")
        if _may_overwrite(filepath, overwrite):
            with h5py.File(filepath, "w") as f:
                hdf5.save_weights(f, model.layers)
        return
    if not _may_overwrite(filepath + ".index", overwrite):
        return
    tf.python.training.tracking.util.saver_with_op_caching(model).save(filepath, session=None if here.eager else get_session())
    tf.train.update_checkpoint_state(os.path.dirname(filepath) or ".", os.path.basename(filepath), [os.path.basename(filepath)])


@export("python.keras.saving.load_weights")
def load_weights(model, filepath, by_name=False):
    """Loads the variables of a model; see `Network.load_weights`."""
    is_tf = False
    if not is_hdf5_path(filepath):
        try:
            tf.train.NewCheckpointReader(filepath)
            is_tf = True
        except (errors.DataLossError, errors.NotFoundError, ValueError) as e:
            if isinstance(e, errors.NotFoundError) and not os.path.isfile(filepath):
                raise
    if is_tf:
        status = tf.python.training.tracking.util.saver_with_op_caching(model).restore(filepath)
        if by_name:
            raise NotImplementedError("Weights may only be loaded based on topology into Models when loading TensorFlow-formatted "
                                      "weights (got by_name=True to load_weights).")  # fmt: skip
        if not here.eager:
            status.initialize_or_restore(get_session())
        status.assert_nontrivial_match()
        return status
    hdf5.library("`load_weights`")
    if model._is_graph_network and not model.built:
        raise NotImplementedError("Unable to load weights saved in HDF5 format into a subclassed Model which has not created its "
                                  "variables yet. Call the Model first, then load the weights.")  # fmt: skip
    model._assert_weights_created()
    with hdf5.opened("`load_weights`", filepath) as f:
        group = f["model_weights"] if "layer_names" not in f.attrs and "model_weights" in f else f
        (hdf5.load_weights_by_name if by_name else hdf5.load_weights)(group, model.layers)
    return None


# -------------------------------------------------------------------------------------------------------------------- models


def _metadata(model, include_optimizer):
    found = {
        "keras_version": hdf5.VERSION,
        "backend": "tensorflow",
        "model_config": {"class_name": type(model).__name__, "config": model.get_config()},
    }
    if model.optimizer and include_optimizer:
        if isinstance(model.optimizer, TFOptimizer):
            tf_logging.warning(
                "TensorFlow optimizers do not make it possible to access optimizer attributes or optimizer state "
                "after instantiation. "
                "As a result, we cannot save the optimizer as part of the model save file. You will have to compile "
                "your model again "
                "after loading it. Prefer using a Keras optimizer instead (see keras.io/optimizers)."
            )
        else:
            found["training_config"] = {
                "loss": model.loss,
                "metrics": model._compile_metrics,
                "weighted_metrics": model._compile_weighted_metrics,
                "sample_weight_mode": model.sample_weight_mode,
                "loss_weights": model.loss_weights,
                "optimizer_config": {"class_name": type(model.optimizer).__name__, "config": model.optimizer.get_config()},
            }
    return found


@export("keras.models.save_model", "keras.experimental.export_saved_model_to_hdf5")
def save_model(model, filepath, overwrite=True, include_optimizer=True, save_format=None, signatures=None):
    """Saves a model, an HDF5 file.

    Args:
      model: the model.
      filepath: the file, a path or an open `h5py.File`.
      overwrite: whether to overwrite a file that is there without asking.
      include_optimizer: whether the optimizer is saved too.
      save_format: "h5".
      signatures: not used.

    Raises:
      ImportError: the library for HDF5 is missing.
      NotImplementedError: the model can't be saved so.
    """
    save_format = save_format or "h5"
    is_path = isinstance(filepath, str | os.PathLike)
    if save_format != "h5" and is_path and not is_hdf5_path(filepath):
        raise NotImplementedError("Eagle does not save models of Keras in the SavedModel format yet; save_format='h5' works")
    if not model._is_graph_network and not isinstance(model, Sequential):
        raise NotImplementedError(
            "Saving the model to HDF5 format requires the model to be a Functional model or a Sequential model. It "
            "does not work for "
            "subclassed models, because such models are defined via the body of a Python method, which isn't safely serializable. "
            'Consider saving to the Tensorflow SavedModel format (by setting save_format="tf") or using `save_weights`.'
        )
    h5py = hdf5.library("`save_model`")
    if is_path and not _may_overwrite(filepath, overwrite):
        return
    f = h5py.File(filepath, mode="w") if is_path else filepath
    try:
        for key, value in _metadata(model, include_optimizer).items():
            f.attrs[key] = json.dumps(value, default=_as_json).encode("utf8") if isinstance(value, dict | list | tuple) else value
        hdf5.save_weights(f.create_group("model_weights"), model.layers)
        if include_optimizer and model.optimizer and not isinstance(model.optimizer, TFOptimizer):
            hdf5.save_optimizer(f, model.optimizer)
        f.flush()
    finally:
        if is_path:
            f.close()


@export("keras.models.load_model")
def load_model(filepath, custom_objects=None, compile=True):
    """A model from an HDF5 file.

    Args:
      filepath: the file, a path or an open `h5py.File`.
      custom_objects: classes and functions by names.
      compile: whether it is compiled as it was.

    Raises:
      ImportError: the library for HDF5 is missing.
      OSError, ValueError: there is no model in the file.
    """
    h5py = hdf5.library("`load_model`")
    is_path = isinstance(filepath, str | os.PathLike)
    if is_path and not h5py.is_hdf5(filepath):
        if not os.path.exists(filepath):
            raise OSError("SavedModel file does not exist at: %s/{saved_model.pbtxt|saved_model.pb}" % filepath)
        raise OSError("Unable to load model. Filepath is not an hdf5 file (or h5py is not available) or SavedModel.")
    with hdf5.opened("`load_model`", filepath) if is_path else contextlib.nullcontext(filepath) as f:
        config = f.attrs.get("model_config")
        if config is None:
            raise ValueError("No model found in config file.")
        model = model_from_config(json.loads(hdf5.text_of(config)), custom_objects=custom_objects or {})
        hdf5.load_weights(f["model_weights"], model.layers)
        if compile:
            _compile_as_saved(model, f, custom_objects or {})
        return model


def _compile_as_saved(model, f, custom_objects):
    config = f.attrs.get("training_config")
    if config is None:
        tf_logging.warning("No training configuration found in save file: the model was *not* compiled. Compile it manually.")
        return
    config = json.loads(hdf5.text_of(config))

    def found(x):
        return nest.map_structure(lambda v: custom_objects.get(v, v) if isinstance(v, str) else v, x)

    loss = config["loss"]
    if isinstance(loss, dict) and "class_name" in loss:
        loss = tf.keras.losses.get(loss)
    model.compile(
        optimizer=tf.keras.optimizers.deserialize(config["optimizer_config"], custom_objects=custom_objects),
        loss=found(loss),
        metrics=_metrics(found(config["metrics"])),
        weighted_metrics=_metrics(found(config.get("weighted_metrics"))),
        loss_weights=config["loss_weights"],
        sample_weight_mode=config["sample_weight_mode"],
    )
    if "optimizer_weights" not in f:
        return
    if not model._is_graph_network:
        tf_logging.warning(
            "Sequential models without an `input_shape` passed to the first layer cannot reload their optimizer state. "
            "As a result, your model isstarting with a freshly initialized optimizer."
        )
        return
    try:
        if here.eager:
            assert model.optimizer.iterations is not None
            model.optimizer._create_hypers()
            model.optimizer._create_slots(model.trainable_weights)
        else:
            model._make_train_function()
        model.optimizer.set_weights(hdf5.load_optimizer(f))
    except ValueError:
        tf_logging.warning("Error in loading the saved optimizer state. As a result, your model is starting with a freshly "
                           "initialized optimizer.")  # fmt: skip


def _metrics(metrics):
    """Metrics of a configuration, objects made of their configurations."""
    if isinstance(metrics, list):
        return [_metrics(m) for m in metrics]
    if isinstance(metrics, dict) and "class_name" in metrics:
        return tf.keras.metrics.deserialize(metrics)
    if isinstance(metrics, dict):
        return {name: _metrics(m) for name, m in metrics.items()}
    return metrics


@export("keras.models.model_from_config")
def model_from_config(config, custom_objects=None):
    """A model from a configuration with `class_name`; raises TypeError for a list."""
    if isinstance(config, list):
        raise TypeError(
            "`model_from_config` expects a dictionary, not a list. Maybe you meant to use `Sequential.from_config(config)`?"
        )
    return tf.keras.layers.deserialize(config, custom_objects=custom_objects)


@export("keras.models.model_from_json")
def model_from_json(json_string, custom_objects=None):
    """A model from what `to_json` gave."""
    return tf.keras.layers.deserialize(json.loads(json_string), custom_objects=custom_objects)


@export("keras.models.model_from_yaml")
def model_from_yaml(yaml_string, custom_objects=None):
    """A model from what `to_yaml` gave; raises ImportError without a library for YAML."""
    try:
        import yaml
    except ImportError:
        raise ImportError("Requires yaml module installed (`pip install pyyaml`).") from None
    return tf.keras.layers.deserialize(yaml.safe_load(yaml_string), custom_objects=custom_objects)


# -------------------------------------------------------------------------------------------------------------------- copies


def _clone(layer):
    return type(layer).from_config(layer.get_config())


@export("keras.models.clone_model")
def clone_model(model, input_tensors=None, clone_function=None):
    """A model with the same layers, and variables of its own.

    Args:
      model: a functional or sequential model.
      input_tensors: its inputs, by default new ones.
      clone_function: a function that makes a layer like another one.

    Raises:
      ValueError: the model or an argument is not as it must be.
    """
    clone_function = clone_function or _clone
    if not callable(clone_function):
        raise ValueError("Expected `layer_fn` argument to be a callable.")
    if isinstance(model, Sequential):
        return _clone_sequential(model, input_tensors, clone_function)
    if not isinstance(model, Model):
        raise ValueError("Expected `model` argument to be a `Model` instance, got ", model)
    if not model._is_graph_network:
        raise ValueError("Expected `model` argument to be a functional `Model` instance, but got a subclass model instead.")
    layers, tensors = {}, {}
    if input_tensors is None:
        inputs = [Input(**layer.get_config()) for layer in model._input_layers]
    else:
        inputs = [
            x if is_keras_tensor(x) else Input(tensor=x, name="input_wrapper_for_" + layer.name)
            for x, layer in zip(nest.flatten(input_tensors), model._input_layers)
        ]
    for layer, x, old in zip(model._input_layers, inputs, model.inputs):
        layers[id(layer)] = x._keras_history.layer
        tensors[id(old)] = x
    _clone_nodes(model._nodes_by_depth, clone_function, layers, tensors)
    outputs = [tensors[id(x)] for x in model.outputs]
    return Model(nest.pack_sequence_as(model._nested_inputs, inputs), nest.pack_sequence_as(model._nested_outputs, outputs),
                 name=model.name)  # fmt: skip


def _clone_nodes(nodes_by_depth, clone_function, layers, tensors):
    for depth in sorted(nodes_by_depth, reverse=True):
        for node in nodes_by_depth[depth]:
            layer = node.outbound_layer
            if id(layer) not in layers:
                layers[id(layer)] = clone_function(layer)
            copy = layers[id(layer)]
            if isinstance(copy, InputLayer):
                continue
            if all(id(x) in tensors for x in nest.flatten(node.input_tensors)):
                inputs = nest.map_structure(lambda x: tensors[id(x)], node.input_tensors)
                outputs = copy(inputs, **(node.arguments or {}))
                tensors.update((id(x), y) for x, y in zip(nest.flatten(node.output_tensors), nest.flatten(outputs)))


def _clone_sequential(model, input_tensors, clone_function):
    layers = []
    for layer in model._layers:
        if isinstance(layer, InputLayer):
            if input_tensors is None:
                layers.append(_clone(layer))
            continue
        layers.append(clone_function(layer))
    if input_tensors is None:
        return Sequential(layers=layers, name=model.name)
    given = list(input_tensors) if isinstance(input_tensors, list | tuple) else [input_tensors]
    if len(given) != 1:
        raise ValueError("To clone a `Sequential` model, we expect  at most one tensor as part of `input_tensors`.")
    x = given[0]
    if not is_keras_tensor(x):
        x = Input(tensor=x, name="input_wrapper_for_" + str(x.name).replace(":", "_"))
    origin = x._keras_history.layer
    if not isinstance(origin, InputLayer):
        raise ValueError(
            "Cannot clone a `Sequential` model on top of a tensor that comes from a Keras layer other than an `InputLayer`. "
            "Use the functional API instead."
        )
    return Sequential(layers=[origin, *layers], name=model.name)
