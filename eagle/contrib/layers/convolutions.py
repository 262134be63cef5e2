"""Convolutions and dense layers of old code."""

import functools
import inspect

from ...core.convert import convert
from ...core.export import export, public as tf
from ...layers import core as layers
from ...ops.activation import elu as nn_elu, relu as nn_relu, relu6 as nn_relu6
from ...ops.initializers import Zeros, xavier_initializer
from ...variables.scope import variable_scope
from ..framework.arg_scopes import add_arg_scope
from ..framework.variables import model_variable
from .utilities import (
    add_to_collections,
    channel_dimension,
    checked_format,
    finished,
    get_variable_collections,
    last_dimension,
    make_variable,
    names,
    renaming_getter,
    two_element_tuple,
)

_xavier, _zeros = xavier_initializer(), Zeros()

_COMMON = """
      activation_fn: a function of the output, or None; `tf.nn.relu` by default.
      normalizer_fn, normalizer_params: a function of the output, in place of the bias, and its keyword arguments.
      weights_initializer, weights_regularizer, biases_initializer, biases_regularizer: of the variables; without
        `biases_initializer` there is no bias.
      reuse: whether to share the variables of the scope.
      variables_collections: collections for the variables, a list, or a dictionary from names to lists.
      outputs_collections: collections for the output.
      trainable: whether the variables are trained.
      scope: the variable scope.
"""


def _documented(function):
    function.__doc__ = function.__doc__.replace("\n      COMMON", _COMMON.rstrip())
    return function


def _layered(cls, inputs, variables, default_scope, scope, reuse, finish, **arguments):
    """Makes a layer of `tf.layers` in a variable scope, calls it, and finishes its output.

    Args:
      cls: a function that gives the class and more arguments from the converted inputs, or the class.
      variables: attribute of the layer -> (name here, name for collections).
      default_scope, scope, reuse: of the variable scope.
      finish: the arguments of `finished`, with `variables_collections`.
      **arguments: of the layer.
    """
    finish = dict(finish)
    collections = finish.pop("variables_collections")
    getter = renaming_getter(**{a: names[0] for a, names in variables.items()})
    with variable_scope(scope, default_scope, [inputs], reuse=reuse, custom_getter=getter) as sc:
        inputs = convert(inputs)
        if not isinstance(cls, type):
            cls, arguments = cls(inputs, arguments)
        layer = cls(activation=None, activity_regularizer=None, name=sc.name, dtype=inputs.dtype.base_dtype, _scope=sc,
                    _reuse=reuse, **arguments)  # fmt: skip
        outputs = layer(inputs)
        for attribute, (_, name) in variables.items():
            if getattr(layer, attribute) is not None:
                add_to_collections(getattr(layer, attribute), collections, name)
        return finished(outputs, sc.name, **finish)


_KERNEL_AND_BIAS = {"kernel": ("weights", "weights"), "bias": ("biases", "biases")}


def _kernel_arguments(weights_initializer, weights_regularizer, biases_initializer, biases_regularizer, normalizer_fn, trainable):
    return dict(
        use_bias=not normalizer_fn and biases_initializer, kernel_initializer=weights_initializer,
        bias_initializer=biases_initializer, kernel_regularizer=weights_regularizer, bias_regularizer=biases_regularizer,
        trainable=trainable,
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- convolutions


def _convolution(inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format=None, rate=1, activation_fn=nn_relu,
                 normalizer_fn=None, normalizer_params=None, weights_initializer=_xavier, weights_regularizer=None,
                 biases_initializer=_zeros, biases_regularizer=None, reuse=None, variables_collections=None,
                 outputs_collections=None, trainable=True, scope=None, conv_dims=None):  # fmt: skip
    """A convolution of one, two or three dimensions.

    Args:
      inputs: a tensor of rank 3, 4 or 5.
      num_outputs: how many channels the output has.
      kernel_size, stride, rate: an integer, or one for each spatial dimension; `rate` is that of holes.
      padding: "SAME" or "VALID".
      data_format: "NWC", "NHWC", "NDHWC" (the default for each rank), "NCW", "NCHW" or "NCDHW".
      COMMON
      conv_dims: how many spatial dimensions there must be.

    Raises:
      ValueError: an argument is not as it must be.
    """
    if data_format not in [None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"]:
        raise ValueError("Invalid data_format: %r" % (data_format,))

    def settled(inputs, arguments):
        rank = inputs.get_shape().ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError("Convolution expects input with rank %d, got %d" % (conv_dims + 2, rank))
        if rank not in (3, 4, 5):
            raise ValueError("Convolution not supported for input with rank", rank)
        return {3: layers.Conv1D, 4: layers.Conv2D, 5: layers.Conv3D}[rank], arguments

    return _layered(
        settled, inputs, _KERNEL_AND_BIAS, "Conv", scope, reuse,
        dict(variables_collections=variables_collections, outputs_collections=outputs_collections, activation_fn=activation_fn,
             normalizer_fn=normalizer_fn, normalizer_params=normalizer_params),
        filters=num_outputs, kernel_size=kernel_size, strides=stride, padding=padding,
        data_format="channels_first" if data_format and data_format.startswith("NC") else "channels_last", dilation_rate=rate,
        **_kernel_arguments(weights_initializer, weights_regularizer, biases_initializer, biases_regularizer, normalizer_fn,
                            trainable),
    )  # fmt: skip


_documented(_convolution)
_convolution.__name__ = _convolution.__qualname__ = "convolution"
convolution = export(*names("convolution"))(add_arg_scope(_convolution))


def _of_dims(dims):
    """`convolution` for inputs of one rank, without the argument `conv_dims`."""

    def function(*args, **kwargs):
        return convolution(*args, conv_dims=dims, **kwargs)

    signature = inspect.signature(_convolution)
    function.__signature__ = signature.replace(parameters=[p for n, p in signature.parameters.items() if n != "conv_dims"])
    function.__name__ = function.__qualname__ = "convolution%dd" % dims
    function.__doc__ = _convolution.__doc__
    return function


for _dims in (1, 2, 3):
    _made = add_arg_scope(_of_dims(_dims))
    export(*names("convolution%dd" % _dims), *names("conv%dd" % _dims))(_made)


@export(*names("convolution2d_in_plane"), *names("conv2d_in_plane"))
@add_arg_scope
@_documented
def convolution2d_in_plane(inputs, kernel_size, stride=1, padding="SAME", activation_fn=nn_relu, normalizer_fn=None,
                           normalizer_params=None, weights_initializer=_xavier, weights_regularizer=None,
                           biases_initializer=_zeros, biases_regularizer=None, reuse=None, variables_collections=None,
                           outputs_collections=None, trainable=True, scope=None):  # fmt: skip
    """The same convolution of each channel of images.

    Args:
      inputs: a tensor of images.
      kernel_size, stride: an integer or two.
      padding: "SAME" or "VALID".
      COMMON

    Raises:
      ValueError: an argument is not as it must be.
    """
    with variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as sc:
        dtype = inputs.dtype.base_dtype
        strides = two_element_tuple(stride)
        channels = last_dimension(inputs.get_shape(), min_rank=4)
        weights = make_variable(
            "weights",
            [*two_element_tuple(kernel_size), 1, 1],
            dtype,
            weights_initializer,
            variables_collections,
            weights_regularizer,
            trainable,
        )
        weights = tf.tile(weights, [1, 1, channels, 1])
        outputs = tf.nn.depthwise_conv2d(inputs, weights, [1, *strides, 1], padding)
        if normalizer_fn is None and biases_initializer is not None:
            biases = make_variable("biases", [channels], dtype, biases_initializer, variables_collections, biases_regularizer,
                                   trainable)  # fmt: skip
            outputs = tf.nn.bias_add(outputs, biases)
        return finished(outputs, sc.name, outputs_collections, activation_fn, normalizer_fn, normalizer_params)


def _transposed(cls, default_scope, is_3d, given):
    data_format = checked_format(given["data_format"], is_3d)
    return _layered(
        cls, given["inputs"], _KERNEL_AND_BIAS, default_scope, given["scope"], given["reuse"],
        {n: given[n] for n in ("variables_collections", "outputs_collections", "activation_fn", "normalizer_fn",
                               "normalizer_params")},
        filters=given["num_outputs"], kernel_size=given["kernel_size"], strides=given["stride"], padding=given["padding"],
        data_format=data_format,
        **_kernel_arguments(*(given[n] for n in ("weights_initializer", "weights_regularizer", "biases_initializer",
                                                 "biases_regularizer", "normalizer_fn", "trainable"))),
    )  # fmt: skip


@export(*names("convolution2d_transpose"), *names("conv2d_transpose"))
@add_arg_scope
@_documented
def convolution2d_transpose(inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format="NHWC", activation_fn=nn_relu,
                            normalizer_fn=None, normalizer_params=None, weights_initializer=_xavier,
                            weights_regularizer=None, biases_initializer=_zeros, biases_regularizer=None, reuse=None,
                            variables_collections=None, outputs_collections=None, trainable=True, scope=None):  # fmt: skip
    """The transpose of a convolution of images.

    Args:
      inputs: a tensor of images.
      num_outputs: how many channels the output has.
      kernel_size, stride: an integer or two.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      COMMON

    Raises:
      ValueError: an argument is not as it must be.
    """
    return _transposed(layers.Conv2DTranspose, "Conv2d_transpose", False, locals())


@export(*names("convolution3d_transpose"), *names("conv3d_transpose"))
@add_arg_scope
@_documented
def convolution3d_transpose(inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format="NDHWC", activation_fn=nn_relu,
                            normalizer_fn=None, normalizer_params=None, weights_initializer=_xavier,
                            weights_regularizer=None, biases_initializer=_zeros, biases_regularizer=None, reuse=None,
                            variables_collections=None, outputs_collections=None, trainable=True, scope=None):  # fmt: skip
    """The transpose of a convolution of volumes.

    Args:
      inputs: a tensor of volumes.
      num_outputs: how many channels the output has.
      kernel_size, stride: an integer or three.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      COMMON

    Raises:
      ValueError: an argument is not as it must be.
    """
    return _transposed(layers.Conv3DTranspose, "Conv3d_transpose", True, locals())


@export(*names("separable_convolution2d"), *names("separable_conv2d"))
@add_arg_scope
@_documented
def separable_convolution2d(inputs, num_outputs, kernel_size, depth_multiplier=1, stride=1, padding="SAME", data_format="NHWC",
                            rate=1, activation_fn=nn_relu, normalizer_fn=None, normalizer_params=None,
                            weights_initializer=_xavier, pointwise_initializer=None, weights_regularizer=None,
                            biases_initializer=_zeros, biases_regularizer=None, reuse=None, variables_collections=None,
                            outputs_collections=None, trainable=True, scope=None):  # fmt: skip
    """A convolution of each channel of images by itself, and one of size 1 that mixes the channels.

    Args:
      inputs: a tensor of images.
      num_outputs: how many channels the output has; None to leave out the second convolution.
      kernel_size, stride, rate: an integer or two; `rate` is that of holes.
      depth_multiplier: how many outputs each channel has in between.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      pointwise_initializer: of the weights of the second convolution, by default as the first ones.
      COMMON

    Raises:
      ValueError: an argument is not as it must be.
    """
    words = checked_format(data_format)
    finish = dict(outputs_collections=outputs_collections, activation_fn=activation_fn, normalizer_fn=normalizer_fn,
                  normalizer_params=normalizer_params)  # fmt: skip
    if num_outputs is not None:
        variables = {
            "depthwise_kernel": ("depthwise_weights", "weights"), "pointwise_kernel": ("pointwise_weights", "weights"),
            "bias": ("biases", "biases"),
        }  # fmt: skip
        return _layered(
            layers.SeparableConv2D, inputs, variables, "SeparableConv2d", scope, reuse,
            dict(finish, variables_collections=variables_collections), filters=num_outputs, kernel_size=kernel_size,
            strides=stride, padding=padding, data_format=words, dilation_rate=two_element_tuple(rate),
            depth_multiplier=depth_multiplier, use_bias=not normalizer_fn and biases_initializer,
            depthwise_initializer=weights_initializer,
            pointwise_initializer=weights_initializer if pointwise_initializer is None else pointwise_initializer,
            bias_initializer=biases_initializer, depthwise_regularizer=weights_regularizer,
            pointwise_regularizer=weights_regularizer, bias_regularizer=biases_regularizer, trainable=trainable,
        )  # fmt: skip
    with variable_scope(scope, "SeparableConv2d", [inputs], reuse=reuse, custom_getter=renaming_getter()) as sc:
        inputs = convert(inputs)
        dtype = inputs.dtype.base_dtype
        strides = two_element_tuple(stride)
        channels = channel_dimension(inputs.get_shape(), words, min_rank=4)
        shape = [*two_element_tuple(kernel_size), channels, depth_multiplier]
        weights = model_variable(
            "depthwise_weights", shape=shape, dtype=dtype, initializer=weights_initializer, regularizer=weights_regularizer,
            trainable=trainable, collections=get_variable_collections(variables_collections, "weights"),
        )  # fmt: skip
        strides = [1, 1, *strides] if data_format.startswith("NC") else [1, *strides, 1]
        outputs = tf.nn.depthwise_conv2d(inputs, weights, strides, padding, rate=two_element_tuple(rate), data_format=data_format)
        if normalizer_fn is None and biases_initializer is not None:
            biases = make_variable("biases", [depth_multiplier * channels], dtype, biases_initializer, variables_collections,
                                   biases_regularizer, trainable)  # fmt: skip
            outputs = tf.nn.bias_add(outputs, biases, data_format=data_format)
        return finished(outputs, sc.name, **finish)


# ------------------------------------------------------------------------------------------------------------------ dense


@export(*names("fully_connected"))
@add_arg_scope
@_documented
def fully_connected(inputs, num_outputs, activation_fn=nn_relu, normalizer_fn=None, normalizer_params=None,
                    weights_initializer=_xavier, weights_regularizer=None, biases_initializer=_zeros,
                    biases_regularizer=None, reuse=None, variables_collections=None, outputs_collections=None, trainable=True,
                    scope=None):  # fmt: skip
    """A dense layer.

    Args:
      inputs: a tensor of rank 2 or more.
      num_outputs: the size of the last dimension of the output.
      COMMON

    Raises:
      ValueError: `num_outputs` is no integer, or the last dimension of the input is not known.
    """
    if not isinstance(num_outputs, int):
        raise ValueError("num_outputs type should be one of %s, got %s." % ([int], type(num_outputs)))
    return _layered(
        layers.Dense, inputs, _KERNEL_AND_BIAS, "fully_connected", scope, reuse,
        dict(variables_collections=variables_collections, outputs_collections=outputs_collections, activation_fn=activation_fn,
             normalizer_fn=normalizer_fn, normalizer_params=normalizer_params),
        units=num_outputs,
        **_kernel_arguments(weights_initializer, weights_regularizer, biases_initializer, biases_regularizer, normalizer_fn,
                            trainable),
    )  # fmt: skip


@export(*names("legacy_fully_connected"))
def legacy_fully_connected(x, num_output_units, activation_fn=None, weight_init=_xavier, bias_init=_zeros, name=None,
                           weight_collections=("weights",), bias_collections=("biases",), output_collections=("activations",),
                           trainable=True, weight_regularizer=None, bias_regularizer=None):  # fmt: skip
    """A dense layer in the oldest form.

    Args:
      x: a tensor of rank 2 or more.
      num_output_units: the size of the last dimension of the output.
      activation_fn: a function of the output, or None.
      weight_init, bias_init, weight_regularizer, bias_regularizer: of the variables; without `bias_init` there is no bias.
      name: the variable scope.
      weight_collections, bias_collections, output_collections: collections for the variables and the output.
      trainable: whether the variables are trained.

    Raises:
      ValueError: the shape is not known well enough.
    """
    with variable_scope(name, "fully_connected", [x]):
        x = convert(x)
        dims = x.get_shape().dims
        if dims is None:
            raise ValueError("dims of x must be known but is None")
        if len(dims) < 2:
            raise ValueError("rank of x must be at least 2 not: %d" % len(dims))
        size = dims[-1].value
        if size is None:
            raise ValueError("last dimension of x must be known but is None")

        def variable(name, shape, initializer, regularizer, collections):
            return tf.get_variable(name, shape=shape, dtype=x.dtype.base_dtype, initializer=initializer, regularizer=regularizer,
                                   collections={*(collections or ()), "variables"}, trainable=trainable)  # fmt: skip

        w = variable("weights", [size, num_output_units], weight_init, weight_regularizer, weight_collections)
        y = tf.matmul(x if len(dims) <= 2 else tf.reshape(x, [-1, size]), w)
        if bias_init is not None:
            y = tf.nn.bias_add(y, variable("bias", [num_output_units], bias_init, bias_regularizer, bias_collections))
        if len(dims) > 2:
            sizes = tf.unstack(tf.shape(x))
            sizes[-1] = num_output_units
            y = tf.reshape(y, tf.stack(sizes))
            y.set_shape(x.get_shape().as_list()[:-1] + [num_output_units])
        if activation_fn is not None:
            y = activation_fn(y)
        tf.add_to_collections([*(output_collections or ()), "activations"], y)
        return y


elu = export(*names("elu"))(functools.partial(fully_connected, activation_fn=nn_elu))
relu = export(*names("relu"))(functools.partial(fully_connected, activation_fn=nn_relu))
relu6 = export(*names("relu6"))(functools.partial(fully_connected, activation_fn=nn_relu6))
linear = export(*names("linear"))(functools.partial(fully_connected, activation_fn=None))
legacy_relu = export(*names("legacy_relu"))(functools.partial(legacy_fully_connected, activation_fn=nn_relu))
legacy_linear = export(*names("legacy_linear"))(functools.partial(legacy_fully_connected, activation_fn=None))


@export(*names("bias_add"))
@add_arg_scope
def bias_add(inputs, activation_fn=None, initializer=_zeros, regularizer=None, reuse=None, variables_collections=None,
             outputs_collections=None, trainable=True, data_format="NHWC", scope=None):  # fmt: skip
    """Adds a bias to the channels.

    Args:
      inputs: a tensor.
      activation_fn: a function of the output, or None.
      initializer, regularizer: of the bias.
      reuse, variables_collections, outputs_collections, trainable, scope: as of `convolution`.
      data_format: "NHWC" or "NCHW".

    Raises:
      ValueError: an argument is not as it must be.
    """
    checked_format(data_format)
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = convert(inputs)
        shape = inputs.get_shape()
        if shape.ndims is None:
            raise ValueError("Dims of shape must be known but is None")
        if shape.ndims != 4 and data_format == "NCHW":
            raise ValueError("Data format NCHW only supports 4D Tensor")
        size = shape.dims[1 if data_format == "NCHW" else -1].value
        if size is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = make_variable(
            "biases", [size], inputs.dtype.base_dtype, initializer, variables_collections, regularizer, trainable
        )
        return finished(tf.nn.bias_add(inputs, biases, data_format=data_format), sc.name, outputs_collections, activation_fn)
