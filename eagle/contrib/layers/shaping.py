"""Layers of old code without variables: pooling, dropout, flattening, and what repeats layers."""

from ...core import dtypes
from ...core.context import here
from ...core.convert import constant, convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...core.sparse_tensor import SparseTensor
from ...layers import core as layers
from ...variables.scope import variable_scope
from ..framework.arg_scopes import add_arg_scope
from .utilities import (
    checked_format,
    collect_named_outputs,
    get_variable_collections,
    last_dimension,
    model_variable,
    n_positive_integers,
    names,
    renaming_getter,
)

# ----------------------------------------------------------------------------------------------------------------- pooling


def _pooling(name, scope_name, layer, rank):
    """A pooling function."""
    is_3d = rank == 3

    def function(inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC", outputs_collections=None, scope=None):
        words = checked_format(data_format, is_3d)
        with name_scope(scope, scope_name, [inputs]) as sc:
            made = layer(pool_size=kernel_size, strides=stride, padding=padding, data_format=words, _scope=sc)
            return collect_named_outputs(outputs_collections, sc, made(convert(inputs)))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = """Pooling over windows.

    Args:
      inputs: a tensor of %s.
      kernel_size, stride: an integer, or one for each spatial dimension.
      padding: "SAME" or "VALID".
      data_format: "%s" or "%s".
      outputs_collections: collections for the output.
      scope: the name scope.

    Raises:
      ValueError: `data_format` is another word.
    """ % ("volumes" if is_3d else "images", *(("NDHWC", "NCDHW") if is_3d else ("NHWC", "NCHW")))
    if is_3d:
        function.__defaults__ = (2, "VALID", "NDHWC", None, None)
    return export(*names(name))(add_arg_scope(function))


avg_pool2d = _pooling("avg_pool2d", "AvgPool2D", layers.AveragePooling2D, 2)
max_pool2d = _pooling("max_pool2d", "MaxPool2D", layers.MaxPooling2D, 2)
avg_pool3d = _pooling("avg_pool3d", "AvgPool3D", layers.AveragePooling3D, 3)
max_pool3d = _pooling("max_pool3d", "MaxPool3D", layers.MaxPooling3D, 3)


@export(*names("pool"))
@add_arg_scope
def pool(inputs, kernel_size, pooling_type, padding="VALID", data_format=None, dilation_rate=1, stride=1, outputs_collections=None,
         scope=None):  # fmt: skip
    """Pooling of any rank; arguments as of `tf.nn.pool`, integers or one for each spatial dimension.

    Raises:
      ValueError: the rank is not known, or less than 3.
    """
    with name_scope(scope, "%s_pool" % pooling_type.lower(), [inputs]) as sc:
        inputs = convert(inputs)
        rank = inputs.get_shape().ndims
        if rank is None:
            raise ValueError("Rank of inputs must be known")
        if rank < 3:
            raise ValueError("Rank of inputs must be >= 3")
        window, rate, strides = (n_positive_integers(rank - 2, v) for v in (kernel_size, dilation_rate, stride))
        output = tf.nn.pool(input=inputs, window_shape=window, pooling_type=pooling_type, padding=padding, data_format=data_format,
                            dilation_rate=rate, strides=strides, name=sc)  # fmt: skip
        return collect_named_outputs(outputs_collections, sc, output)


# -------------------------------------------------------------------------------------------------------- dropout, flattening


@export(*names("dropout"))
@add_arg_scope
def dropout(inputs, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None, scope=None, seed=None):
    """Sets a random part of the inputs to 0 while training.

    Args:
      inputs: a tensor.
      keep_prob: which part is kept.
      noise_shape: the shape of the random mask.
      is_training: whether to train, a bool or a tensor.
      outputs_collections: collections for the output.
      scope: the variable scope.
      seed: the seed.
    """
    with variable_scope(scope, "Dropout", [inputs], custom_getter=renaming_getter()) as sc:
        layer = layers.Dropout(rate=1 - keep_prob, noise_shape=noise_shape, seed=seed, name=sc.name, _scope=sc)
        return collect_named_outputs(outputs_collections, sc.name, layer(convert(inputs), training=is_training))


@export(*names("flatten"))
@add_arg_scope
def flatten(inputs, outputs_collections=None, scope=None):
    """Makes all dimensions but the first one.

    Args:
      inputs: a tensor.
      outputs_collections: collections for the output.
      scope: the name scope.
    """
    with name_scope(scope, "Flatten", [inputs]) as sc:
        return collect_named_outputs(outputs_collections, sc, layers.flatten(convert(inputs)))


@export("contrib.layers.python.layers.layers._inner_flatten")
@add_arg_scope
def _inner_flatten(inputs, new_rank, output_collections=None, scope=None):
    """Makes the last dimensions one, so that the rank is `new_rank`."""
    with name_scope(scope, "InnerFlatten", [inputs, new_rank]) as sc:
        if isinstance(inputs, SparseTensor):
            flattened = _flattened_sparse(inputs, new_rank)
        else:
            flattened = _flattened_dense(convert(inputs), new_rank)
    return collect_named_outputs(output_collections, sc, flattened)


def _flattened_sparse(inputs, new_rank):
    rank = inputs.dense_shape.get_shape().as_list()[0]
    if rank < new_rank:
        raise ValueError("Inputs has rank less than new_rank. %s must have rank at least %s. Received rank %s, shape %s"
                         % (inputs, new_rank, rank, inputs.get_shape()))  # fmt: skip
    outer, inner = inputs.dense_shape[: new_rank - 1], inputs.dense_shape[new_rank - 1 :]
    return tf.sparse.reshape(inputs, tf.concat((outer, [tf.reduce_prod(inner)]), 0))


def _flattened_dense(inputs, new_rank):
    with control_dependencies([tf.assert_rank_at_least(inputs, new_rank, message="inputs has rank less than new_rank")]):
        outer = tf.strided_slice(tf.shape(inputs), [0], [new_rank - 1])
        reshaped = tf.reshape(inputs, tf.concat((outer, [-1]), 0))
    shape = inputs.get_shape()
    if isinstance(new_rank, int) and shape.dims is not None:
        sizes = shape.as_list()
        inner = shape[new_rank - 1 :].num_elements()
        reshaped.set_shape(sizes[: new_rank - 1] + [inner])
    return reshaped


@export(*names("dense_to_sparse"))
@add_arg_scope
def dense_to_sparse(tensor, eos_token=0, outputs_collections=None, scope=None):
    """The elements that are not `eos_token` as a sparse tensor.

    Args:
      tensor: a tensor.
      eos_token: what is left out.
      outputs_collections: collections for the output.
      scope: the variable scope.
    """
    with variable_scope(scope, "dense_to_sparse", [tensor]) as sc:
        tensor = convert(tensor)
        indices = tf.where(tf.not_equal(tensor, constant(eos_token, tensor.dtype)))
        values = tf.gather_nd(tensor, indices)
        outputs = SparseTensor(indices, values, tf.shape(tensor, out_type=dtypes.int64))
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@export(*names("one_hot_encoding"))
@add_arg_scope
def one_hot_encoding(labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None, scope=None):
    """Labels as vectors with `on_value` in one place and `off_value` elsewhere.

    Args:
      labels: an int tensor.
      num_classes: the length of the vectors.
      on_value, off_value: the values.
      outputs_collections: collections for the output.
      scope: the name scope.
    """
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = convert(labels)
        if labels.dtype == dtypes.int32:
            labels = tf.to_int64(labels)
        outputs = tf.one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, sc, outputs)


@export(*names("images_to_sequence"))
@add_arg_scope
def images_to_sequence(inputs, data_format="NHWC", outputs_collections=None, scope=None):
    """Images as sequences of their columns: `[width, batch * height, depth]`.

    Args:
      inputs: a tensor of images.
      data_format: "NHWC" or "NCHW".
      outputs_collections: collections for the output.
      scope: the name scope.
    """
    words = checked_format(data_format)
    with name_scope(scope, "ImagesToSequence", [inputs]) as sc:
        inputs = convert(inputs)
        if words == "channels_first":
            inputs = tf.transpose(inputs, [0, 2, 3, 1])
        _, _, width, depth = inputs.get_shape().as_list()
        s = tf.shape(inputs)
        batch, height = s[0], s[1]
        outputs = tf.reshape(tf.transpose(inputs, [2, 0, 1, 3]), [width, batch * height, depth])
        return collect_named_outputs(outputs_collections, sc, outputs)


@export(*names("sequence_to_images"))
@add_arg_scope
def sequence_to_images(inputs, height, output_data_format="channels_last", outputs_collections=None, scope=None):
    """Sequences of columns as images of a height; the inverse of `images_to_sequence`.

    Args:
      inputs: a tensor `[width, batch * height, depth]`.
      height: the height.
      output_data_format: "channels_last" or "channels_first".
      outputs_collections: collections for the output.
      scope: the name scope.
    """
    with name_scope(scope, "SequenceToImages", [inputs]) as sc:
        inputs = convert(inputs)
        width, count, depth = inputs.get_shape().as_list()
        reshaped = tf.reshape(inputs, [width, -1 if count is None else count // height, height, depth])
        outputs = tf.transpose(reshaped, [1, 3, 2, 0] if output_data_format == "channels_first" else [1, 2, 0, 3])
        return collect_named_outputs(outputs_collections, sc, outputs)


# --------------------------------------------------------------------------------------------------------------- functions


@export(*names("softmax"))
@add_arg_scope
def softmax(logits, scope=None):
    """The softmax along the last axis of a tensor of any rank.

    Args:
      logits: a tensor of rank 2 or more.
      scope: the variable scope.
    """
    with variable_scope(scope, "softmax", [logits]):
        size = last_dimension(logits.get_shape(), min_rank=2)
        predictions = tf.nn.softmax(tf.reshape(logits, [-1, size]))
        predictions = tf.reshape(predictions, tf.shape(logits))
        if not here.eager:
            predictions.set_shape(logits.get_shape())
        return predictions


@export(*names("spatial_softmax"))
@add_arg_scope
def spatial_softmax(features, temperature=None, name=None, variables_collections=None, trainable=True, data_format="NHWC"):
    """For each channel of images the expected place of a point that is distributed as the softmax of the channel.

    Args:
      features: a tensor of images.
      temperature: the initial value of the variable by which the features are divided, 1 by default.
      name: the variable scope.
      variables_collections: collections for that variable.
      trainable: whether it is trained.
      data_format: "NHWC" or "NCHW".

    Returns:
      A tensor `[batch, 2 * channels]` of coordinates from -1 to 1.

    Raises:
      ValueError: `data_format` is another word, or the number of channels is not known.
    """
    with variable_scope(name, "spatial_softmax"):
        shape, static = tf.shape(features), features.shape
        if data_format == "NHWC":
            height, width, channels = shape[1], shape[2], static[3]
        elif data_format == "NCHW":
            channels, height, width = static[1], shape[2], shape[3]
        else:
            raise ValueError("data_format has to be either NCHW or NHWC.")
        if channels.value is None:
            raise ValueError("The num_channels dimension of the inputs to `spatial_softmax` should be defined. Found `None`.")
        with name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            places = tf.meshgrid(tf.lin_space(-1.0, 1.0, num=height), tf.lin_space(-1.0, 1.0, num=width), indexing="ij")
            x, y = tf.reshape(places[0], [height * width]), tf.reshape(places[1], [height * width])
            temperature = model_variable(
                "temperature", shape=(), dtype=dtypes.float32,
                initializer=tf.ones_initializer() if temperature is None else tf.constant_initializer(temperature),
                collections=get_variable_collections(variables_collections, "temperature") if trainable else None,
                trainable=trainable,
            )  # fmt: skip
            if data_format == "NHWC":
                features = tf.transpose(features, [0, 3, 1, 2])
            attention = tf.nn.softmax(tf.reshape(features, [-1, height * width]) / temperature)
            expected = [tf.reduce_sum(p * attention, [1], keepdims=True) for p in (x, y)]
            keypoints = tf.reshape(tf.concat(expected, 1), [-1, channels.value * 2])
            keypoints.set_shape([None, channels.value * 2])
    return keypoints


@export(*names("unit_norm"))
@add_arg_scope
def unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """Vectors along a dimension, divided by their lengths.

    Args:
      inputs: a tensor of known rank.
      dim: the dimension, not negative.
      epsilon: what is added to the squares of the lengths.
      scope: the variable scope.

    Raises:
      ValueError: the rank is not known, or `dim` not possible.
    """
    with variable_scope(scope, "UnitNorm", [inputs]):
        if not inputs.get_shape():
            raise ValueError("The input rank must be known.")
        rank = len(inputs.get_shape().as_list())
        if dim < 0 or dim >= rank:
            raise ValueError("dim must be positive but smaller than the input rank.")
        lengths = tf.sqrt(epsilon + tf.reduce_sum(tf.square(inputs), dim, True))
        multiples = [tf.ones([dim], dtypes.int32)] if dim > 0 else []
        multiples.append(tf.strided_slice(tf.shape(inputs), [dim], [dim + 1]))
        if dim < rank - 1:
            multiples.append(tf.ones([rank - 1 - dim], dtypes.int32))
        return tf.div(inputs, tf.tile(lengths, tf.concat(multiples, 0)))


@export(*names("maxout"))
@add_arg_scope
def maxout(inputs, num_units, axis=-1, scope=None):
    """The greatest of each group of channels.

    Args:
      inputs: a tensor.
      num_units: how many groups there are.
      axis: the axis of the channels.
      scope: the variable scope.

    Raises:
      ValueError: the channels can't be divided into so many groups.
    """
    with variable_scope(scope, "MaxOut", [inputs]):
        inputs = convert(inputs)
        shape = inputs.get_shape().as_list()
        channels = shape[axis]
        if channels % num_units:
            raise ValueError("number of features(%d) is not a multiple of num_units(%d)" % (channels, num_units))
        shape[axis] = num_units
        shape += [channels // num_units]
        shape = [tf.shape(inputs)[i] if n is None else n for i, n in enumerate(shape)]
        return tf.reduce_max(tf.reshape(inputs, shape), -1, keepdims=False)


@export(*names("poincare_normalize"))
def poincare_normalize(x, axis=1, epsilon=1e-5, name=None):
    """Vectors along an axis, those that are longer than `1 - epsilon` shortened to that.

    Args:
      x: a tensor.
      axis: the axis, or several.
      epsilon: how far from length 1 they stay.
      name: the name scope.
    """
    with name_scope(name, "poincare_normalize", [x]) as scope:
        x = convert(x, name="x")
        factor = tf.rsqrt(tf.reduce_sum(tf.square(x), axis, keepdims=True))
        return tf.multiply(x, tf.minimum((1.0 - epsilon) * factor, 1.0), name=scope)


@export("contrib.layers.scale_gradient", "contrib.layers.python.layers.layers.scale_gradient", "contrib.slim.scale_gradient")
def scale_gradient(inputs, gradient_multiplier):
    """A tensor itself whose gradient is multiplied by a number.

    Args:
      inputs: a tensor.
      gradient_multiplier: the number.
    """

    @tf.custom_gradient
    def scaled(x):
        return tf.identity(x), lambda g: g * gradient_multiplier

    return scaled(inputs)


# -------------------------------------------------------------------------------------------------------------- repetition


def _scope_of(layer, default):
    """The name of a function, perhaps a partial one."""
    return getattr(layer, "__name__", None) or getattr(getattr(layer, "func", None), "__name__", None) or default


@export(*names("repeat"))
def repeat(inputs, repetitions, layer, *args, **kwargs):
    """Calls a layer several times, each time with the output of the last.

    Args:
      inputs: a tensor.
      repetitions: how many times.
      layer: the layer.
      *args, **kwargs: its other arguments; `scope` is the variable scope of all.
    """
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert(inputs)
        scope = scope or _scope_of(layer, "repeat")
        for i in range(repetitions):
            kwargs["scope"] = "%s_%d" % (scope, i + 1)
            outputs = layer(outputs, *args, **kwargs)
        return outputs


@export(*names("stack"))
def stack(inputs, layer, stack_args, **kwargs):
    """Calls a layer with each of some arguments, each time with the output of the last.

    Args:
      inputs: a tensor.
      layer: the layer.
      stack_args: a list of its arguments, each one or a list.
      **kwargs: its other arguments; `scope` is the variable scope of all.

    Raises:
      ValueError: `stack_args` is no list.
    """
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, list | tuple):
        raise ValueError("stack_args need to be a list or tuple")
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert(inputs)
        scope = scope or _scope_of(layer, "stack")
        for i, args in enumerate(stack_args):
            kwargs["scope"] = "%s_%d" % (scope, i + 1)
            outputs = layer(outputs, *(args if isinstance(args, list | tuple) else [args]), **kwargs)
        return outputs
