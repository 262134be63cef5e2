"""Layers that change only the form: reshaping, padding, cropping, upsampling; functions as layers; embeddings."""

import inspect
import marshal
import sys
import types
import warnings
from codecs import decode, encode

import numpy as np

from ...core.context import eager_mode
from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ...variables.scope import variable_creator_scope
from .. import activations, regularizers
from ..backend.settings import floatx, track_variable
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from ..utils.conv_sizes import normalize_data_format, normalize_tuple
from ..utils.serialization import deserialize_keras_object
from ..utils.shapes import as_shapes, as_tuples, is_shape, map_shapes


@export("keras.layers.Activation")
class Activation(Layer):
    """An activation function as a layer.

    Args:
      activation: a function or its name.
    """

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.activation = activations.get(activation)

    def call(self, inputs):
        return self.activation(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "activation": activations.serialize(self.activation)}


@export("keras.layers.ActivityRegularization")
class ActivityRegularization(Layer):
    """Passes its input on and adds a loss: its absolute values and squares, times factors.

    Args:
      l1, l2: the factors.
    """

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.supports_masking = True
        self.l1 = l1
        self.l2 = l2

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "l1": self.l1, "l2": self.l2}


@export("keras.layers.Masking")
class Masking(Layer):
    """Masks steps of sequences all of whose features have a value.

    Args:
      mask_value: the value.
    """

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.mask_value = mask_value
        self._compute_output_and_mask_jointly = True

    def compute_mask(self, inputs, mask=None):
        return tf.reduce_any(tf.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        mask = tf.reduce_any(tf.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = inputs * tf.cast(mask, inputs.dtype)
        outputs._keras_mask = tf.squeeze(mask, axis=-1)
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "mask_value": self.mask_value}


@export("keras.layers.Reshape")
class Reshape(Layer):
    """Gives each example another shape.

    Args:
      target_shape: the shape without the batch; -1 for one dimension that follows from the others.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def _resolved(self, input_shape):
        known = int(np.prod([d for d in self.target_shape if d >= 0], dtype=int))
        total = int(np.prod(input_shape, dtype=int))
        count = sum(d < 0 for d in self.target_shape)
        if count > 1:
            raise ValueError("Can only specify one unknown dimension.")
        if count and (known == 0 or total % known) or not count and total != known:
            raise ValueError("total size of new array must be unchanged")
        return [total // known if d < 0 else d for d in self.target_shape]

    def compute_output_shape(self, input_shape):
        first, *rest = TensorShape(input_shape).as_list()
        if None in rest:
            return TensorShape([first, *(None if d == -1 else d for d in self.target_shape)])
        return TensorShape([first, *self._resolved(rest)])

    def call(self, inputs):
        return tf.reshape(inputs, (tf.shape(inputs)[0], *self.target_shape))

    def get_config(self):
        return {**super().get_config(), "target_shape": self.target_shape}


@export("keras.layers.Permute")
class Permute(Layer):
    """Puts the dimensions of each example in another order.

    Args:
      dims: a tuple of their numbers, from 1.

    Raises:
      ValueError: it is no permutation.
    """

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(dims) != list(range(1, len(dims) + 1)):
            raise ValueError(
                "Invalid permutation `dims` for Permute Layer: %s. The set of indices in `dims` must be "
                "consecutive and start "
                "from 1." % (dims,)
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], *(sizes[d] for d in self.dims)])

    def call(self, inputs):
        return tf.transpose(inputs, perm=(0, *self.dims))

    def get_config(self):
        return {**super().get_config(), "dims": self.dims}


@export("keras.layers.RepeatVector")
class RepeatVector(Layer):
    """Sequences of the same vector.

    Args:
      n: how long they are.
    """

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], self.n, sizes[1]])

    def call(self, inputs):
        return tf.tile(tf.expand_dims(inputs, 1), tf.stack([1, self.n, 1]))

    def get_config(self):
        return {**super().get_config(), "n": self.n}


# ---------------------------------------------------------------------------------------------------------------- functions


@export("keras.layers.Lambda")
class Lambda(Layer):
    """A function as a layer.

    Args:
      function: the function of a tensor; it may take `mask` and `training`.
      output_shape: the shape of the output without the batch, a function of the input's shape, or None to find out.
      mask: the mask of the output, a function of the input and its mask, or None.
      arguments: a dictionary of more arguments of the function.
    """

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        self.function = function
        self.arguments = arguments or {}
        if mask is not None:
            self.supports_masking = True
        self.mask = mask
        self._output_shape = output_shape
        self._variable_dict = {}
        names = inspect.getfullargspec(self.function).args
        self._fn_expects_training_arg = "training" in names
        self._fn_expects_mask_arg = "mask" in names

    def compute_output_shape(self, input_shape):
        if self._output_shape is None:
            with eager_mode():
                try:
                    return super().compute_output_shape(input_shape)
                except NotImplementedError:
                    raise NotImplementedError("We could not automatically infer the shape of the Lambda's output. Please specify "
                                              "`output_shape` for this Lambda.") from None  # fmt: skip
        if callable(self._output_shape):
            return as_shapes(self._output_shape(as_tuples(input_shape)))
        shape = as_tuples(input_shape)
        while shape and not is_shape(shape):
            shape = next(iter(shape.values())) if isinstance(shape, dict) else shape[0]
        batch = shape[0] if shape else None
        return map_shapes(lambda s: TensorShape([batch, *s.as_list()]), self._output_shape)

    def call(self, inputs, mask=None, training=None):
        arguments = dict(self.arguments)
        if self._fn_expects_mask_arg:
            arguments["mask"] = mask
        if self._fn_expects_training_arg:
            arguments["training"] = training
        with variable_creator_scope(self._variable_creator):
            return self.function(inputs, **arguments)

    def _variable_creator(self, next_creator, **kwargs):
        """Keeps the variables that the function makes."""
        name = kwargs["name"]
        if name not in self._variable_dict:
            self._variable_dict[name] = made = next_creator(**kwargs)
            (self._trainable_weights if made.trainable else self._non_trainable_weights).append(made)
            track_variable(made)
        return self._variable_dict[name]

    def compute_mask(self, inputs, mask=None):
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self):
        config = {**super().get_config(), "arguments": self.arguments}
        config["function"], config["function_type"], config["module"] = _function_config(self.function)
        shape = _function_config(self._output_shape, allow_raw=True)
        config["output_shape"], config["output_shape_type"], config["output_shape_module"] = shape
        if self.mask is not None:
            config["mask"], config["mask_type"], config["mask_module"] = _function_config(self.mask)
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        config["function"] = _function_from(config, custom_objects, "function", "module", "function_type")
        config["output_shape"] = _function_from(config, custom_objects, "output_shape", "output_shape_module", "output_shape_type")
        if "mask" in config:
            config["mask"] = _function_from(config, custom_objects, "mask", "mask_module", "mask_type")
        arguments = dict(config.get("arguments") or {})
        for key, value in arguments.items():
            if isinstance(value, dict) and value.get("type") == "ndarray":
                arguments[key] = np.array(value["value"])
        config["arguments"] = arguments
        return cls(**config)


def _function_config(function, allow_raw=False):
    """A function as what can be saved: the thing, its kind, its module."""
    if isinstance(function, types.LambdaType):
        code = encode(marshal.dumps(function.__code__), "base64").decode("ascii")
        closure = tuple(c.cell_contents for c in function.__closure__) if function.__closure__ else None
        return (code, function.__defaults__, closure), "lambda", function.__module__
    if callable(function):
        return function.__name__, "function", function.__module__
    if allow_raw:
        return function, "raw", None
    raise ValueError("Invalid input for serialization, type: %s " % type(function))


def _function_from(config, custom_objects, name, module_name, type_name):
    """The function that a configuration names or holds."""
    names = dict(globals())
    module = config.pop(module_name, None)
    if module in sys.modules:
        names.update(vars(sys.modules[module]))
    elif module is not None:
        warnings.warn("%s is not loaded, but a Lambda layer uses it. It may cause errors." % module, UserWarning, stacklevel=2)
    names.update(custom_objects or {})
    kind, value = config.pop(type_name), config[name]
    if kind == "function":
        return deserialize_keras_object(value, custom_objects=custom_objects, printable_module_name="function in Lambda layer")
    if kind == "raw":
        return value
    if kind != "lambda":
        raise TypeError("Unknown function type:", kind)
    code, defaults, closure = value
    cells = None if closure is None else tuple(map(types.CellType, closure))
    code = marshal.loads(decode(code.encode("ascii"), "base64"))
    return types.FunctionType(code, names, name=code.co_name, argdefs=None if defaults is None else tuple(defaults), closure=cells)


# ------------------------------------------------------------------------------------------------------- padding, cropping


def _pairs(value, rank, name):
    """Two integers for each spatial dimension, from one, one each, or two each."""
    if isinstance(value, int):
        return ((value, value),) * rank
    if hasattr(value, "__len__"):
        if len(value) != rank:
            raise ValueError("`%s` should have %s elements. Found: %s" % (name, {1: "one", 2: "two", 3: "3"}[rank], value))
        entries = ("1st", "2nd", "3rd")
        return tuple(normalize_tuple(v, 2, "%s entry of %s" % (entries[i], name)) for i, v in enumerate(value))
    raise ValueError("`%s` should be either an int, a tuple of %d ints, or a tuple of %d tuples of 2 ints. Found: %s"
                     % (name, rank, rank, value))  # fmt: skip


class _Spatial(Layer):
    """A layer that does something to the spatial dimensions."""

    _rank = None

    def _settle(self, data_format):
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    @property
    def _first(self):
        return 2 if self._rank > 1 and self.data_format == "channels_first" else 1

    def _resized(self, input_shape, function):
        sizes = TensorShape(input_shape).as_list()
        for i in range(self._rank):
            place = self._first + i
            if sizes[place] is not None:
                sizes[place] = function(sizes[place], i)
        return TensorShape(sizes)


class _ZeroPadding(_Spatial):
    def compute_output_shape(self, input_shape):
        pads = self.padding if self._rank > 1 else (self.padding,)
        return self._resized(input_shape, lambda size, i: size + sum(pads[i]))

    def call(self, inputs):
        pads = [list(p) for p in (self.padding if self._rank > 1 else (self.padding,))]
        rest = [[0, 0]] * (1 if self._first == 1 else 0)
        return tf.pad(inputs, [[0, 0]] * self._first + pads + rest)

    def get_config(self):
        config = {**super().get_config(), "padding": self.padding}
        if self._rank > 1:
            config["data_format"] = self.data_format
        return config


@export("keras.layers.ZeroPadding1D")
class ZeroPadding1D(_ZeroPadding):
    """Adds zeros at both ends of sequences.

    Args:
      padding: how many, or two numbers.
    """

    _rank = 1

    def __init__(self, padding=1, **kwargs):
        super().__init__(**kwargs)
        self.padding = normalize_tuple(padding, 2, "padding")
        self._settle("channels_last")


@export("keras.layers.ZeroPadding2D")
class ZeroPadding2D(_ZeroPadding):
    """Adds zeros around images.

    Args:
      padding: how many, one for each dimension, or two for each.
      data_format: where the channels are.
    """

    _rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.padding = _pairs(padding, 2, "padding")
        self._settle(data_format)


@export("keras.layers.ZeroPadding3D")
class ZeroPadding3D(_ZeroPadding):
    """Adds zeros around volumes.

    Args:
      padding: how many, one for each dimension, or two for each.
      data_format: where the channels are.
    """

    _rank = 3

    def __init__(self, padding=(1, 1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.padding = _pairs(padding, 3, "padding")
        self._settle(data_format)


class _Cropping(_Spatial):
    def _crops(self):
        return self.cropping if self._rank > 1 else (self.cropping,)

    def compute_output_shape(self, input_shape):
        crops = self._crops()
        return self._resized(input_shape, lambda size, i: size - sum(crops[i]))

    def call(self, inputs):
        slices = [slice(None)] * self._first
        slices += [slice(before, -after if after else None) for before, after in self._crops()]
        return inputs[tuple([*slices, Ellipsis] if self._first == 1 else slices)]

    def get_config(self):
        config = {**super().get_config(), "cropping": self.cropping}
        if self._rank > 1:
            config["data_format"] = self.data_format
        return config


@export("keras.layers.Cropping1D")
class Cropping1D(_Cropping):
    """Leaves out steps at both ends of sequences.

    Args:
      cropping: how many, or two numbers.
    """

    _rank = 1

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(**kwargs)
        self.cropping = normalize_tuple(cropping, 2, "cropping")
        self._settle("channels_last")


@export("keras.layers.Cropping2D")
class Cropping2D(_Cropping):
    """Leaves out the edges of images.

    Args:
      cropping: how much, one number for each dimension, or two for each.
      data_format: where the channels are.
    """

    _rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.cropping = _pairs(cropping, 2, "cropping")
        self._settle(data_format)


@export("keras.layers.Cropping3D")
class Cropping3D(_Cropping):
    """Leaves out the edges of volumes.

    Args:
      cropping: how much, one number for each dimension, or two for each.
      data_format: where the channels are.
    """

    _rank = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.cropping = _pairs(cropping, 3, "cropping")
        self._settle(data_format)


def _repeated(x, count, axis):
    """Each element of a tensor along an axis several times."""
    return tf.repeat(x, count, axis=axis)


@export("keras.layers.UpSampling1D")
class UpSampling1D(_Spatial):
    """Each step of sequences several times.

    Args:
      size: how many times.
    """

    _rank = 1

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = int(size)
        self._settle("channels_last")

    def compute_output_shape(self, input_shape):
        return self._resized(input_shape, lambda size, i: size * self.size)

    def call(self, inputs):
        return _repeated(inputs, self.size, 1)

    def get_config(self):
        return {**super().get_config(), "size": self.size}


@export("keras.layers.UpSampling2D")
class UpSampling2D(_Spatial):
    """Larger images.

    Args:
      size: how many times, one number or two.
      data_format: where the channels are.
      interpolation: "nearest" or "bilinear".

    Raises:
      ValueError: `interpolation` is another word.
    """

    _rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        self.size = normalize_tuple(size, 2, "size")
        if interpolation not in {"nearest", "bilinear"}:
            raise ValueError('`interpolation` argument should be one of `"nearest"` or `"bilinear"`.')
        self.interpolation = interpolation
        self._settle(data_format)

    def compute_output_shape(self, input_shape):
        return self._resized(input_shape, lambda size, i: size * self.size[i])

    def call(self, inputs):
        return tf.keras.backend.resize_images(inputs, *self.size, self.data_format, interpolation=self.interpolation)

    def get_config(self):
        return {**super().get_config(), "size": self.size, "data_format": self.data_format}


@export("keras.layers.UpSampling3D")
class UpSampling3D(_Spatial):
    """Larger volumes.

    Args:
      size: how many times, one number or three.
      data_format: where the channels are.
    """

    _rank = 3

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.size = normalize_tuple(size, 3, "size")
        self._settle(data_format)

    def compute_output_shape(self, input_shape):
        return self._resized(input_shape, lambda size, i: size * self.size[i])

    def call(self, inputs):
        for i, count in enumerate(self.size):
            inputs = _repeated(inputs, count, self._first + i)
        return inputs

    def get_config(self):
        return {**super().get_config(), "size": self.size, "data_format": self.data_format}


# --------------------------------------------------------------------------------------------------------------- embeddings


@export("keras.layers.Embedding")
class Embedding(Layer):
    """Vectors for numbers.

    Args:
      input_dim: how many numbers there are.
      output_dim: how long the vectors are.
      embeddings_initializer, embeddings_regularizer, embeddings_constraint: of the variable.
      activity_regularizer: a function from the output to a loss.
      mask_zero: whether 0 stands for nothing, and is masked.
      input_length: the length of the sequences, if it is always the same.
    """

    def __init__(self, input_dim, output_dim, embeddings_initializer="uniform", embeddings_regularizer=None,
                 activity_regularizer=None, embeddings_constraint=None, mask_zero=False, input_length=None, **kwargs):  # fmt: skip
        if "input_shape" not in kwargs:
            kwargs["input_shape"] = (input_length,) if input_length else (None,)
        kwargs.setdefault("dtype", floatx())
        kwargs["autocast"] = False
        super().__init__(activity_regularizer=regularizers.get(activity_regularizer), **kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = tf.keras.initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = tf.keras.constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self.input_length = input_length

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            shape=(self.input_dim, self.output_dim), initializer=self.embeddings_initializer, name="embeddings",
            regularizer=self.embeddings_regularizer, constraint=self.embeddings_constraint,
        )  # fmt: skip
        self.built = True

    def compute_mask(self, inputs, mask=None):
        return tf.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        if self.input_length is None:
            return TensorShape([*sizes, self.output_dim])
        lengths = list(self.input_length) if isinstance(self.input_length, list | tuple) else [self.input_length]
        message = '"input_length" is %s, but received input has shape %s' % (self.input_length, tuple(sizes))
        if len(lengths) != len(sizes) - 1:
            raise ValueError(message)
        for i, (a, b) in enumerate(zip(lengths, sizes[1:])):
            if a is not None and b is not None and a != b:
                raise ValueError(message)
            if a is None:
                lengths[i] = b
        return TensorShape([sizes[0], *lengths, self.output_dim])

    def call(self, inputs):
        if inputs.dtype.base_dtype.name not in ("int32", "int64"):
            inputs = tf.cast(inputs, "int32")
        return tf.nn.embedding_lookup(self.embeddings, inputs)

    def get_config(self):
        return {
            **super().get_config(), "input_dim": self.input_dim, "output_dim": self.output_dim,
            "embeddings_initializer": tf.keras.initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": tf.keras.constraints.serialize(self.embeddings_constraint), "mask_zero": self.mask_zero,
            "input_length": self.input_length,
        }  # fmt: skip
