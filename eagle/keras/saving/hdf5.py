"""Variables of layers in HDF5 files."""

import contextlib

import numpy as np

from ...core.export import export
from ..backend.tensors import int_shape
from ..backend.values import batch_get_value, batch_set_value

HEADER_LIMIT = 64512
VERSION = "2.2.4-tf"


def library(purpose):
    """The library for HDF5; raises ImportError without it."""
    try:
        import h5py
    except ImportError:
        raise ImportError("%s requires h5py%s." % (purpose, "" if "_model" in purpose else " when saving in hdf5")) from None
    return h5py


@contextlib.contextmanager
def opened(purpose, path):
    """An HDF5 file, opened for reading; a damaged one raises OSError with its name, whatever the library raises."""
    try:
        with library(purpose).File(path, "r") as f:
            yield f
    except (OSError, KeyError, RuntimeError) as e:
        if str(path) in str(e):
            raise
        raise OSError("%s can't be read: %s" % (path, e)) from e


def _texts(values):
    return [v.decode("utf8") if isinstance(v, bytes) else str(v) for v in values]


def text_of(value):
    """An attribute as a string, or None."""
    return value.decode("utf8") if isinstance(value, bytes) else value


@export("python.keras.saving.hdf5_format.save_attributes_to_hdf5_group")
def save_attributes(group, name, data):
    """Saves a list of strings as attributes, in pieces if it is long; raises RuntimeError if one string is too long."""
    too_long = [x for x in data if len(x) > HEADER_LIMIT]
    if too_long:
        raise RuntimeError("The following attributes cannot be saved to HDF5 file because they are larger than %d bytes: %s"
                           % (HEADER_LIMIT, ", ".join(str(x) for x in too_long)))  # fmt: skip
    data, count = np.asarray(data), 1
    pieces = np.array_split(data, count)
    while any(x.nbytes > HEADER_LIMIT for x in pieces):
        count += 1
        pieces = np.array_split(data, count)
    if count == 1:
        group.attrs[name] = data
        return
    for i, piece in enumerate(pieces):
        group.attrs["%s%d" % (name, i)] = piece


@export("python.keras.saving.hdf5_format.load_attributes_from_hdf5_group")
def load_attributes(group, name):
    """The list of strings that `save_attributes` saved."""
    if name in group.attrs:
        return _texts(group.attrs[name])
    data, i = [], 0
    while "%s%d" % (name, i) in group.attrs:
        data.extend(_texts(group.attrs["%s%d" % (name, i)]))
        i += 1
    return data


def _save_values(group, weights):
    names = [str(w.name).encode("utf8") for w in weights]
    save_attributes(group, "weight_names", names)
    for name, value in zip(names, batch_get_value(weights)):
        value = np.asarray(value)
        data = group.create_dataset(name.decode("utf8"), value.shape, dtype=value.dtype)
        data[()] = value


def legacy_weights(layer):
    """The variables of a layer, first those that are trained."""
    return layer.trainable_weights + layer.non_trainable_weights


@export("python.keras.saving.hdf5_format.save_weights_to_hdf5_group")
def save_weights(group, layers):
    """Saves the variables of layers."""
    save_attributes(group, "layer_names", [layer.name.encode("utf8") for layer in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = VERSION.encode("utf8")
    for layer in layers:
        _save_values(group.create_group(layer.name), legacy_weights(layer))


def save_optimizer(group, optimizer):
    """Saves the variables of an optimizer."""
    if optimizer.weights:
        _save_values(group.create_group("optimizer_weights"), optimizer.weights)


def load_optimizer(group):
    """The values of an optimizer's variables, a list of arrays."""
    group = group["optimizer_weights"]
    return [np.asarray(group[name]) for name in load_attributes(group, "weight_names")]


def _origin(group):
    return text_of(group.attrs.get("keras_version", "1")), text_of(group.attrs.get("backend"))


@export("python.keras.saving.hdf5_format.load_weights_from_hdf5_group")
def load_weights(group, layers):
    """Loads the variables of layers in their order; raises ValueError if they don't fit."""
    version, backend = _origin(group)
    layers = [layer for layer in layers if legacy_weights(layer)]
    names = [name for name in load_attributes(group, "layer_names") if load_attributes(group[name], "weight_names")]
    if len(names) != len(layers):
        raise ValueError("You are trying to load a weight file containing " + str(len(names)) + " layers into a model with "
                         + str(len(layers)) + " layers.")  # fmt: skip
    found = []
    for k, (name, layer) in enumerate(zip(names, layers)):
        values = [np.asarray(group[name][w]) for w in load_attributes(group[name], "weight_names")]
        weights = legacy_weights(layer)
        values = fitted(layer, values, version, backend)
        if len(values) != len(weights):
            raise ValueError(
                "Layer #" + str(k) + ' (named "' + layer.name + '" in the current model) was found to correspond to layer ' + name
                + " in the save file. However the new layer " + layer.name + " expects " + str(len(weights))
                + " weights, but the saved weights have " + str(len(values)) + " elements."
            )  # fmt: skip
        found.extend(zip(weights, values))
    batch_set_value(found)


@export("python.keras.saving.hdf5_format.load_weights_from_hdf5_group_by_name")
def load_weights_by_name(group, layers):
    """Loads the variables of those layers whose names are there; raises ValueError if they don't fit."""
    version, backend = _origin(group)
    index = {}
    for layer in layers:
        if layer.name:
            index.setdefault(layer.name, []).append(layer)
    found = []
    for k, name in enumerate(load_attributes(group, "layer_names")):
        saved = [np.asarray(group[name][w]) for w in load_attributes(group[name], "weight_names")]
        for layer in index.get(name, []):
            weights = legacy_weights(layer)
            values = fitted(layer, saved, version, backend)
            if len(values) != len(weights):
                raise ValueError("Layer #" + str(k) + ' (named "' + layer.name + '") expects ' + str(len(weights))
                                 + " weight(s), but the saved weights have " + str(len(values)) + " element(s).")  # fmt: skip
            for weight, value in zip(weights, values):
                if int_shape(weight) != value.shape:
                    raise ValueError("Layer #" + str(k) + ' (named "' + layer.name + '"), weight ' + str(weight)
                                     + f" has shape {int_shape(weight)}" + ", but the saved weight has shape "
                                     + str(value.shape) + ".")  # fmt: skip
                found.append((weight, value))
    batch_set_value(found)


# -------------------------------------------------------------------------------------------------------------- other formats


@export("python.keras.saving.hdf5_format.preprocess_weights_for_loading")
def fitted(layer, values, version=None, backend=None):
    """Values as a layer has them, from what another version of Keras or another kind of the layer saved.

    Args:
      layer: the layer.
      values: a list of arrays.
      version, backend: the version of Keras that saved them, and what it ran on.

    Raises:
      ValueError: they are not of this layer.
    """
    kind = type(layer).__name__
    if kind == "Bidirectional":
        half = len(values) // 2
        values = fitted(layer.forward_layer, values[:half], version, backend) + fitted(
            layer.backward_layer, values[half:], version, backend
        )
    if kind == "TimeDistributed":
        values = fitted(layer.layer, values, version, backend)
    elif kind in ("Model", "Sequential"):
        values = _fitted_model(layer, values, version, backend)
    if version == "1":
        values = _from_first_version(layer, kind, values)
    if kind in ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "ConvLSTM2D"):
        if backend == "theano":
            values[0] = np.copy(values[0][tuple(slice(None, None, -1) for _ in range(values[0].ndim - 2)) + (slice(None),) * 2])
        if int_shape(layer.weights[0]) != values[0].shape:
            values[0] = np.transpose(values[0], (3, 2, 0, 1))
            if kind == "ConvLSTM2D":
                values[1] = np.transpose(values[1], (3, 2, 0, 1))
    return _fitted_recurrent(layer, kind, values)


def _fitted_model(model, values, version, backend):
    count = len(model.trainable_weights)
    trainable, others = values[:count], values[count:]
    new_trainable, new_others = [], []
    for layer in model.layers:
        a, b = len(layer.trainable_weights), len(layer.non_trainable_weights)
        if layer.weights:
            found = fitted(layer, trainable[:a] + others[:b], version, backend)
            new_trainable.extend(found[:a])
            new_others.extend(found[a:])
            trainable, others = trainable[a:], others[b:]
    return new_trainable + new_others


def _from_first_version(layer, kind, values):
    if kind == "TimeDistributed":
        return fitted(layer.layer, values, "1")
    if kind == "Conv1D":
        shape = values[0].shape
        if shape[:2] != (layer.kernel_size[0], 1) or shape[3] != layer.filters:
            values[0] = np.transpose(values[0], (2, 3, 1, 0))
        values[0] = values[0][:, 0, :, :]
    elif kind == "Conv2D" and layer.data_format == "channels_first":
        values[0] = np.transpose(values[0], (2, 3, 1, 0))
    elif kind == "Conv2DTranspose":
        values[0] = np.transpose(values[0], (0, 1, 3, 2) if layer.data_format == "channels_last" else (2, 3, 0, 1))
    elif kind == "Conv3D" and layer.data_format == "channels_first":
        values[0] = np.transpose(values[0], (2, 3, 4, 1, 0))
    elif kind == "GRU" and len(values) == 9:
        values = [np.concatenate([values[i], values[i + 3], values[i + 6]], axis=-1) for i in range(3)]
    elif kind in ("LSTM", "ConvLSTM2D") and len(values) == 12:
        values = [np.concatenate([values[i], values[i + 6], values[i + 3], values[i + 9]], axis=-1) for i in range(3)]
        if kind == "ConvLSTM2D" and layer.data_format == "channels_first":
            values = [np.transpose(v, (2, 3, 1, 0)) for v in values[:2]] + values[2:]
    return values


def _by_gates(kernels, function, gates):
    return np.hstack([function(k) for k in np.hsplit(kernels, gates)])


def _fitted_recurrent(layer, kind, values):
    """Those of recurrent layers, between the layers that run anywhere and those of cuDNN."""
    if kind not in ("LSTM", "CuDNNLSTM", "GRU", "CuDNNGRU") or len(values) != 3:
        return values
    units, bias = values[1].shape[0], values[2].shape
    gates = 4 if "LSTM" in kind else 3

    def kernels(from_cudnn):
        def transform(k):
            return k.T.reshape(k.shape, order="F" if from_cudnn else "C")

        return [_by_gates(values[0], transform, gates), _by_gates(values[1], lambda k: k.T, gates)]

    if "LSTM" in kind:
        source = {(2 * units * gates,): "CuDNNLSTM", (units * gates,): "LSTM"}.get(bias)
        if source is None:
            raise ValueError("Invalid bias shape: " + str(bias))
        if source == kind:
            return values
        if source == "CuDNNLSTM":
            return [*kernels(True), np.sum(np.split(values[2], 2, axis=0), axis=0)]
        return [*kernels(False), np.tile(0.5 * values[2], 2)]
    known = {
        (2 * units * gates,): "CuDNNGRU",
        (2, units * gates): "GRU(reset_after=True)",
        (units * gates,): "GRU(reset_after=False)",
    }
    source = known.get(bias)
    if source is None:
        raise ValueError("Invalid bias shape: " + str(bias))
    target = kind if kind == "CuDNNGRU" else "GRU(reset_after=%s)" % bool(layer.reset_after)
    if source == target:
        return values
    if "GRU(reset_after=False)" in (source, target):
        raise ValueError("%s is not compatible with %s" % (source, target))
    from_cudnn = source == "CuDNNGRU"
    return [*kernels(from_cudnn), np.array(values[2]).reshape((2, -1) if from_cudnn else -1)]
