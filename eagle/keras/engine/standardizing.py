"""Data as programs give them, made lists of arrays that fit a model."""

import numpy as np

from ...core.context import here
from ...core.export import export, public as tf
from ...platform import tf_logging
from .. import losses as losses_module
from ..losses import LossFunctionWrapper
from .endpoints import check_keys


def is_tensor(x):
    """Whether something is a tensor, eager or in a graph."""
    return tf.is_tensor(x)


def has_tensors(data):
    """Whether there are tensors among data."""
    if isinstance(data, dict):
        data = list(data.values())
    return any(is_tensor(x) for x in data) if isinstance(data, list | tuple) else is_tensor(data)


def is_symbolic_data(x):
    """Whether something is a tensor of a graph."""
    return is_tensor(x) and not hasattr(x, "numpy")


def is_dataset(x):
    """Whether something is a data set."""
    return isinstance(x, (tf.data.Dataset, tf.compat.v2.data.Dataset))


def is_generator_or_sequence(x):
    """Whether something is a generator or a `Sequence`."""
    return isinstance(x, tf.keras.utils.Sequence) or hasattr(x, "__next__") and not hasattr(x, "get_next")


def _with_axis(x, shape=None):
    if x is None or isinstance(x, tf.SparseTensor | tf.SparseTensorValue):
        return x
    if isinstance(x, int):
        raise ValueError(f"Expected an array data type but received an integer: {x}")
    if x.shape is not None and not _unranked(x) and len(x.shape) == 1 and (shape is None or len(shape) != 1):
        return tf.expand_dims(x, axis=1) if is_tensor(x) else np.expand_dims(x, 1)
    return x


def _unranked(x):
    return getattr(x.shape, "ndims", 0) is None


def _plain(x):
    return x.values if type(x).__name__ == "DataFrame" else x


def standardize(data, names, shapes=None, check_batch_axis=True, prefix=""):
    """Data as a list of arrays, one for each name.

    Args:
      data: an array or tensor, or a list or dictionary of them.
      names: the names.
      shapes: the shapes that are expected, or None; each may be None.
      check_batch_axis: whether the first dimensions are compared too.
      prefix: what the data are called in errors.

    Raises:
      ValueError, TypeError: the data are not as expected.
    """
    if not names:
        if data is not None and hasattr(data, "__len__") and len(data) and not isinstance(data, dict):
            raise ValueError("Error when checking model " + prefix + ": expected no data, but got:", data)
        return []
    if data is None:
        return [None] * len(names)
    if isinstance(data, dict):
        try:
            data = [_plain(data[name]) for name in names]
        except KeyError as e:
            raise ValueError('No data provided for "' + e.args[0] + '". Need data for each key in: ' + str(names)) from None
    elif isinstance(data, list | tuple):
        if isinstance(data[0], list | tuple):
            data = [np.asarray(d) for d in data]
        elif len(names) == 1 and isinstance(data[0], float | int):
            data = [np.asarray(data)]
        else:
            data = [_plain(x) for x in data]
    else:
        data = [_plain(data)]
    data = [_with_axis(x, shape) for x, shape in zip(data, shapes)] if shapes is not None else [_with_axis(x) for x in data]
    if len(data) != len(names):
        data = _wrong_count(data, names, prefix)
    for name, x, shape in zip(names, data, shapes or ()):
        if shape is not None and not _unranked(x):
            _check_shape(name, x, shape, check_batch_axis, prefix)
    return data


def _wrong_count(data, names, prefix):
    if data and hasattr(data[0], "shape"):
        raise ValueError(
            "Error when checking model "
            + prefix
            + ": the list of Numpy arrays that you are passing to your model is not the size the "
            "model expected. Expected to see "
            + str(len(names))
            + " array(s), but instead got the following list of "
            + str(len(data))
            + " arrays: "
            + str(data)[:200]
            + "..."
        )
    if len(names) > 1:
        raise ValueError(
            "Error when checking model " + prefix + ": you are passing a list as input to your model, but the model expects "
            "a list of " + str(len(names)) + " Numpy arrays instead. The list you passed was: " + str(data)[:200]
        )
    if len(data) == 1 and not hasattr(data[0], "shape"):
        raise TypeError(
            "Error when checking model "
            + prefix
            + ": data should be a Numpy array, or list/dict of Numpy arrays. Found: "
            + str(data)[:200]
            + "..."
        )
    return [np.asarray(data)]


def _check_shape(name, x, shape, check_batch_axis, prefix):
    found = tuple(x.shape.as_list()) if hasattr(x.shape, "as_list") else tuple(x.shape)
    if len(found) != len(shape):
        raise ValueError(
            "Error when checking "
            + prefix
            + ": expected "
            + name
            + " to have "
            + str(len(shape))
            + " dimensions, but got array with shape "
            + str(found)
        )
    if not check_batch_axis:
        found, shape = found[1:], tuple(shape)[1:]
    for dim, expected in zip(found, shape):
        if expected != dim and expected is not None and dim is not None:
            raise ValueError("Error when checking " + prefix + ": expected " + name + " to have shape " + str(shape)
                             + " but got array with shape " + str(found))  # fmt: skip


def standardize_weights_of(kind, weights, names):
    """Weights of examples or classes as a list, one for each output; raises ValueError or TypeError."""
    if weights is None or isinstance(weights, list | tuple) and not len(weights):
        return [None] * len(names)
    if len(names) == 1:
        if isinstance(weights, list | tuple) and len(weights) == 1:
            return weights
        return [weights[names[0]]] if isinstance(weights, dict) and names[0] in weights else [weights]
    if isinstance(weights, list | tuple):
        if len(weights) != len(names):
            raise ValueError(
                "Provided `"
                + kind
                + "` was a list of "
                + str(len(weights))
                + " elements, but the model has "
                + str(len(names))
                + " outputs. You should provide one `"
                + kind
                + "`array per model output."
            )
        return weights
    if isinstance(weights, dict):
        check_keys(kind, weights, names)
        return [weights.get(name) for name in names]
    raise TypeError("The model has multiple outputs, so `" + kind + "` should be either a list or a dict. Provided `" + kind
                    + "` type not understood: " + str(weights))  # fmt: skip


def standardize_weights(y, sample_weight=None, class_weight=None, mode=None):
    """The weights of the examples of an output, an array or None; raises ValueError."""
    if isinstance(sample_weight, tuple):
        sample_weight = sample_weight[0]
    if mode is not None and mode != "samplewise":
        if mode != "temporal":
            raise ValueError('"sample_weight_mode should be None or "temporal". Found: ' + str(mode))
        if len(y.shape) < 3:
            raise ValueError(
                "Found a sample_weight array for an input with shape " + str(y.shape) + ". Timestep-wise sample weighting (use of "
                'sample_weight_mode="temporal") is restricted to outputs that are at least 3D, i.e. that have a time dimension.'
            )  # fmt: skip
        if sample_weight is not None and len(sample_weight.shape) != 2:
            raise ValueError(
                "Found a sample_weight array with shape " + str(sample_weight.shape) + ". In order to use timestep-wise "
                "sample weighting, you should pass a 2D sample_weight array."
            )
    elif sample_weight is not None and len(sample_weight.shape) != 1:
        raise ValueError(
            "Found a sample_weight array with shape "
            + str(sample_weight.shape)
            + ". In order to use timestep-wise sample weights, you "
            'should specify sample_weight_mode="temporal" in compile(). If you just mean to use sample-wise weights, '
            "make sure your "
            "sample_weight array is 1D."
        )
    if sample_weight is not None:
        if len(sample_weight.shape) > len(y.shape):
            raise ValueError(
                "Found a sample_weight with shape"
                + str(sample_weight.shape)
                + ".Expected sample_weight with rank less than or equal to "
                + str(len(y.shape))
            )
        if not is_tensor(sample_weight) and y.shape[: sample_weight.ndim] != sample_weight.shape:
            raise ValueError("Found a sample_weight array with shape " + str(sample_weight.shape) + " for an input with shape "
                             + str(y.shape) + ". sample_weight cannot be broadcast.")  # fmt: skip
    by_class = _weights_by_class(y, class_weight) if isinstance(class_weight, dict) else None
    if by_class is not None and sample_weight is not None:
        return by_class * sample_weight
    return sample_weight if sample_weight is not None else by_class


def _weights_by_class(y, weights):
    if len(y.shape) > 2:
        raise ValueError("`class_weight` not supported for 3+ dimensional targets.")
    if is_symbolic_data(y):
        return _weights_of_tensor(y, weights)
    y = np.asarray(y)
    classes = y if y.ndim < 2 else np.argmax(y, axis=1) if y.shape[1] > 1 else np.reshape(y, y.shape[0])
    found = np.asarray([weights[c] for c in classes if c in weights])
    if len(found) != len(classes):
        raise ValueError("`class_weight` must contain all classes in the data. The classes %s exist in the data but not in "
                         "`class_weight`." % (set(classes) - set(weights)))  # fmt: skip
    return found


def _weights_of_tensor(y, weights):
    """The weights of the classes in a tensor; classes without one have no weight that is a number."""
    classes = y if len(y.shape) < 2 else tf.argmax(y, axis=1) if y.shape[1] > 1 else tf.reshape(y, [-1])
    table = np.full(max(weights) + 1, np.nan, "float32")
    for number, weight in weights.items():
        table[number] = weight
    return tf.gather(tf.constant(table), tf.cast(classes, "int64"))


def check_lengths(inputs, targets, weights):
    """Checks that arrays have as many examples as each other; raises ValueError."""

    def lengths(arrays):
        return {x.shape[0] for x in arrays or () if x is not None and not is_tensor(x) and hasattr(x, "shape")}

    x, y, w = lengths(inputs), lengths(targets), lengths(weights)
    if len(x) > 1:
        raise ValueError(
            "All input arrays (x) should have the same number of samples. Got array shapes: " + str([a.shape for a in inputs])
        )
    if len(y) > 1:
        raise ValueError("All target arrays (y) should have the same number of samples. Got array shapes: "
                         + str([a.shape for a in targets]))  # fmt: skip
    if x and y and x != y:
        raise ValueError("Input arrays should have the same number of samples as target arrays. Found " + str(min(x))
                         + " input samples and " + str(min(y)) + " target samples.")  # fmt: skip
    if len(w) > 1:
        raise ValueError("All sample_weight arrays should have the same number of samples. Got array shapes: "
                         + str([a.shape for a in weights]))  # fmt: skip
    if y and w and y != w:
        raise ValueError("Sample_weight arrays should have the same number of samples as target arrays. Got " + str(min(y))
                         + " input samples and " + str(min(w)) + " target samples.")  # fmt: skip


def check_targets(targets, losses, shapes):
    """Checks that targets fit their losses; raises ValueError."""
    functions = (losses_module.mean_squared_error, losses_module.binary_crossentropy, losses_module.categorical_crossentropy)
    classes = (losses_module.MeanSquaredError, losses_module.BinaryCrossentropy, losses_module.CategoricalCrossentropy)
    for y, loss, shape in zip(targets, losses, shapes):
        if y is None or loss is None or is_tensor(y):
            continue
        function = loss.fn if isinstance(loss, LossFunctionWrapper) else None
        if (isinstance(loss, classes[2]) or function is functions[2]) and y.shape[-1] == 1:
            raise ValueError(
                "You are passing a target array of shape " + str(y.shape) + " while using as loss `categorical_crossentropy`. "
                "`categorical_crossentropy` expects targets to be binary matrices (1s and 0s) of shape (samples, classes). If your "
                "targets are integer classes, you can convert them to the expected format via:\n```\nfrom keras.utils import "
                "to_categorical\ny_binary = to_categorical(y_int)\n```\n\nAlternatively, you can use the loss function "
                "`sparse_categorical_crossentropy` instead, which does expect integer targets."
            )  # fmt: skip
        if isinstance(loss, classes) or function in functions:
            for dim, expected in zip(y.shape[1:], shape[1:]):
                if expected is not None and dim != expected:
                    name = loss.name or (function or type(loss)).__name__
                    raise ValueError(
                        "A target array with shape "
                        + str(y.shape)
                        + " was passed for an output of shape "
                        + str(shape)
                        + " while using as loss `"
                        + name
                        + "`. This loss expects targets to have the same shape as "
                        "the output."
                    )


def check_input_types(inputs, allow_dict=True, field="inputs"):
    """Checks that data are arrays or tensors; raises ValueError."""
    kinds = (np.ndarray,)
    if isinstance(inputs, dict) and not allow_dict:
        raise ValueError(f"You cannot pass a dictionary as model {field}.")
    if isinstance(inputs, dict):
        return
    for x in inputs if isinstance(inputs, list | tuple) else [inputs]:
        if not isinstance(x, kinds) and not is_tensor(x):
            raise ValueError(
                f"Please provide as model inputs either a single array or a list of arrays. You passed: {field}={str(inputs)}"
            )


def check_steps(data, steps, name):
    """Whether data come as steps of which there is a number; raises ValueError if that number is missing."""
    symbolic = not here.eager and has_tensors(data)
    if data is None or symbolic or isinstance(data, list) and not data:
        if steps is None:
            raise ValueError("When using data tensors as input to a model, you should specify the `%s` argument." % name)
        return True
    if is_dataset(data):
        return True
    if steps is not None:
        tf_logging.warning("When passing input data as arrays, do not specify `steps_per_epoch`/`steps` argument. Please use "
                           "`batch_size` instead.")  # fmt: skip
    return False


def unpack_element(element):
    """Inputs, targets and weights from an element of a data set or generator; raises ValueError."""
    if isinstance(element, list | tuple):
        if len(element) not in (2, 3):
            raise ValueError(
                "Please provide model inputs as a list or tuple of 2 or 3 elements: (input, target) or (input, target, "
                "sample_weights) Received %s" % (element,)
            )
        return (*element, None)[:3]
    return element, None, None


export("python.keras.engine.training_utils.standardize_weights")(standardize_weights)
