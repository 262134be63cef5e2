"""Functions of networks as Keras calls them: dropout, normalization, losses, CTC, convolutions."""

from ...core import dtypes as types
from ...core.context import here
from ...core.convert import constant as make_constant
from ...core.export import export, public as tf
from ...core.sparse_tensor import SparseTensor
from ...training.moving_averages import assign_moving_average
from ...variables.base import Variable
from .functions import channels_back, channels_last, checked_format, checked_padding
from .settings import epsilon, image_data_format, learning_phase
from .tensors import flatten, ndim, seeded, temporal_padding


@export("keras.backend.moving_average_update")
def moving_average_update(x, value, momentum):
    """Brings a variable nearer to a value."""
    return assign_moving_average(x, value, momentum, zero_debias=True)


@export("keras.backend.stop_gradient")
def stop_gradient(variables):
    """Tensors that count as constants in gradients."""
    if isinstance(variables, list | tuple):
        return list(map(tf.stop_gradient, variables))
    return tf.stop_gradient(variables)


@export("keras.backend.gradients")
def gradients(loss, variables):
    """The gradients of a loss with respect to variables."""
    return tf.gradients(loss, variables, colocate_gradients_with_ops=True)


@export("keras.backend.dropout")
def dropout(x, level, noise_shape=None, seed=None):
    """A tensor of which a random part is 0."""
    return tf.nn.dropout(x, rate=level, noise_shape=noise_shape, seed=seeded(seed))


def _fused(x, gamma, beta, epsilon, data_format, mean=None, variance=None):
    """The fused kernel on a batch of images; with a mean and a variance it uses these."""

    def vector(v):
        return v if v is None or ndim(v) <= 1 else tf.reshape(v, [-1])

    channels = [x.shape.as_list()[3 if data_format == "NHWC" else 1]]
    gamma = tf.ones_like(vector(mean)) if gamma is None and mean is not None else vector(gamma)
    beta = tf.zeros_like(vector(mean)) if beta is None and mean is not None else vector(beta)
    return tf.nn.fused_batch_norm(
        x, tf.constant(1.0, dtype=x.dtype, shape=channels) if gamma is None else gamma,
        tf.constant(0.0, dtype=x.dtype, shape=channels) if beta is None else beta, mean=vector(mean), variance=vector(variance),
        epsilon=epsilon, data_format=data_format, is_training=mean is None,
    )  # fmt: skip


@export("keras.backend.normalize_batch_in_training")
def normalize_batch_in_training(x, gamma, beta, reduction_axes, epsilon=1e-3):
    """A normalized batch, its mean and its variance."""
    if ndim(x) == 4 and list(reduction_axes) == [0, 1, 2]:
        return _fused(x, gamma, beta, epsilon, "NHWC")
    mean, variance = tf.nn.moments(x, reduction_axes)
    spread = None
    if sorted(reduction_axes) != list(range(ndim(x)))[:-1]:
        spread = tf.stack([1 if i in reduction_axes else tf.shape(x)[i] for i in range(ndim(x))])
    parts = [p if p is None or spread is None else tf.reshape(p, spread) for p in (mean, variance, beta, gamma)]
    return tf.nn.batch_normalization(x, *parts, epsilon), mean, variance


@export("keras.backend.batch_normalization")
def batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=1e-3):
    """A batch, normalized by a mean and a variance."""
    if ndim(x) != 4 or axis not in (1, -3, 3, -1):
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)
    return _fused(x, gamma, beta, epsilon, "NCHW" if axis in (1, -3) else "NHWC", mean, var)[0]


def _called(f):
    return f() if callable(f) and not isinstance(f, tf.Tensor) else f


@export("keras.backend.switch")
def switch(condition, then_expression, else_expression):
    """One of two tensors, by a condition for all or for each element.

    Args:
      condition: a tensor.
      then_expression, else_expression: tensors, or functions that give them.

    Raises:
      ValueError: the condition has a greater rank.
    """
    if condition.dtype.base_dtype != types.bool_:
        condition = tf.cast(condition, "bool")
    rank = ndim(condition)
    if not rank:
        return tf.cond(condition, lambda: _called(then_expression), lambda: _called(else_expression))
    then_expression, else_expression = _called(then_expression), _called(else_expression)
    full = ndim(then_expression)
    if rank > full:
        raise ValueError(
            "Rank of `condition` should be less than or equal to rank of `then_expression` and `else_expression`. "
            "ndim(condition)=%d, "
            "ndim(then_expression)=%d" % (rank, full)
        )
    if rank > 1:
        sizes = tf.concat([tf.shape(condition), [1] * (full - rank)], axis=0)
        condition = tf.reshape(condition, sizes)
        wanted = tf.shape(then_expression)
        condition = tf.tile(condition, tf.where(wanted - sizes > 0, wanted, tf.ones_like(wanted)))
    return tf.where(condition, then_expression, else_expression)


@export("keras.backend.in_train_phase")
def in_train_phase(x, alt, training=None):
    """`x` while training, else `alt`; both may be functions."""
    if training is None:
        training = learning_phase()
    if not isinstance(training, tf.Tensor):
        return _called(x) if training else _called(alt)
    return switch(training, x, alt)


@export("keras.backend.in_test_phase")
def in_test_phase(x, alt, training=None):
    """`alt` while training, else `x`; both may be functions."""
    return in_train_phase(alt, x, training=training)


@export("keras.backend.categorical_crossentropy")
def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """The cross entropy of classes given as vectors.

    Args:
      target, output: tensors of the same shape; `output` are probabilities, or logits.
      from_logits: whether they are logits.
      axis: the axis of the classes.
    """
    if not from_logits:
        if not _from_op(output, "Softmax"):
            output = output / tf.reduce_sum(output, axis, True)
            small = make_constant(epsilon(), output.dtype.base_dtype)
            output = tf.clip_by_value(output, small, 1.0 - small)
            return -tf.reduce_sum(target * tf.log(output), axis)
        output = output.op.inputs[0]
    return tf.nn.softmax_cross_entropy_with_logits_v2(labels=target, logits=output, axis=axis)


def _from_op(output, kind):
    """Whether a tensor of a graph is the output of an op whose inputs are logits."""
    return (
        not here.eager and not isinstance(output, Variable) and getattr(output, "op", None) is not None and output.op.type == kind
    )


@export("keras.backend.sparse_categorical_crossentropy")
def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """The cross entropy of classes given as numbers; arguments as of `categorical_crossentropy`."""
    if not from_logits:
        if not _from_op(output, "Softmax"):
            small = make_constant(epsilon(), output.dtype.base_dtype)
            output = tf.log(tf.clip_by_value(output, small, 1 - small))
        else:
            output = output.op.inputs[0]
    rank = output.shape.ndims
    if rank is not None:
        axis %= rank
        if axis != rank - 1:
            output = tf.transpose(output, perm=[*(i for i in range(rank) if i != axis), axis])
    elif axis != -1:
        raise ValueError(
            "Cannot compute sparse categorical crossentropy with `axis=%s` on an output tensor with unknown rank" % axis
        )
    target = tf.cast(target, "int64")
    is_flat = target.shape.ndims is not None and rank is not None and target.shape.ndims != rank - 1 or rank is None
    sizes = tf.shape(output)
    if is_flat:
        target, output = flatten(target), tf.reshape(output, [-1, sizes[-1] if rank is None else sizes[rank - 1]])
    found = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=output)
    return tf.reshape(found, sizes[:-1]) if is_flat and rank is not None and rank >= 3 else found


@export("keras.backend.binary_crossentropy")
def binary_crossentropy(target, output, from_logits=False):
    """The cross entropy of two classes, element by element; arguments as of `categorical_crossentropy`."""
    if not from_logits:
        if not _from_op(output, "Sigmoid"):
            small = make_constant(epsilon(), output.dtype.base_dtype)
            output = tf.clip_by_value(output, small, 1.0 - small)
            found = target * tf.log(output + epsilon())
            found += (1 - target) * tf.log(1 - output + epsilon())
            return -found
        output = output.op.inputs[0]
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=output)


# -------------------------------------------------------------------------------------------------------------------- CTC


@export("keras.backend.ctc_label_dense_to_sparse")
def ctc_label_dense_to_sparse(labels, label_lengths):
    """Labels as a sparse matrix.

    Args:
      labels: an int matrix.
      label_lengths: how many labels each row has.
    """
    sizes = tf.shape(labels)
    mask = tf.sequence_mask(label_lengths, sizes[1])
    indices = tf.where(mask)
    return SparseTensor(indices, tf.gather_nd(labels, indices), tf.cast(sizes, types.int64))


@export("keras.backend.ctc_batch_cost")
def ctc_batch_cost(y_true, y_pred, input_length, label_length):
    """The CTC loss of each example, a matrix with one column.

    Args:
      y_true: an int matrix of labels.
      y_pred: a tensor of probabilities `[batch, frames, classes]`.
      input_length, label_length: int matrices with one column: how many frames and labels each has.
    """
    label_length = tf.cast(tf.squeeze(label_length, axis=-1), types.int32)
    input_length = tf.cast(tf.squeeze(input_length, axis=-1), types.int32)
    labels = tf.cast(ctc_label_dense_to_sparse(y_true, label_length), types.int32)
    logits = tf.log(tf.transpose(y_pred, perm=[1, 0, 2]) + epsilon())
    return tf.expand_dims(tf.nn.ctc_loss(inputs=logits, labels=labels, sequence_length=input_length), 1)


@export("keras.backend.ctc_decode")
def ctc_decode(y_pred, input_length, greedy=True, beam_width=100, top_paths=1):
    """The most probable labels of each example.

    Args:
      y_pred: a tensor of probabilities `[batch, frames, classes]`.
      input_length: how many frames each has.
      greedy: whether to take the best class of each frame; else beams are searched.
      beam_width, top_paths: how many beams there are, and how many results.

    Returns:
      A list of int matrices with -1 behind the labels, and the logarithms of their probabilities.
    """
    logits = tf.log(tf.transpose(y_pred, perm=[1, 0, 2]) + epsilon())
    lengths = tf.cast(input_length, types.int32)
    if greedy:
        decoded, log_prob = tf.nn.ctc_greedy_decoder(inputs=logits, sequence_length=lengths)
    else:
        decoded, log_prob = tf.nn.ctc_beam_search_decoder(inputs=logits, sequence_length=lengths, beam_width=beam_width,
                                                          top_paths=top_paths)  # fmt: skip
    return [tf.sparse_to_dense(s.indices, s.dense_shape, s.values, default_value=-1) for s in decoded], log_prob


# ---------------------------------------------------------------------------------------------------------------- windows


def _converted(x, kernel, strides, padding, data_format, dilation_rate, formats):
    data_format = data_format or image_data_format()
    if data_format not in {"channels_first", "channels_last"}:
        raise ValueError("Unknown data_format: " + str(data_format))
    x = channels_last(x, data_format)
    found = tf.nn.convolution(input=x, filter=kernel, dilation_rate=dilation_rate, strides=strides,
                              padding=checked_padding(padding), data_format=formats)  # fmt: skip
    return channels_back(found, data_format)


@export("keras.backend.conv1d")
def conv1d(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """A convolution of sequences; `padding` may be "causal"."""
    if padding == "causal":
        x = temporal_padding(x, (dilation_rate * (kernel.shape.as_list()[0] - 1), 0))
        padding = "valid"
    return _converted(x, kernel, (strides,) if isinstance(strides, int) else strides, padding, data_format,
                      (dilation_rate,) if isinstance(dilation_rate, int) else dilation_rate, "NWC")  # fmt: skip


@export("keras.backend.conv2d")
def conv2d(x, kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """A convolution of images."""
    return _converted(x, kernel, strides, padding, data_format, dilation_rate, "NHWC")


@export("keras.backend.conv3d")
def conv3d(x, kernel, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1)):
    """A convolution of volumes."""
    return _converted(x, kernel, strides, padding, data_format, dilation_rate, "NDHWC")


@export("keras.backend.separable_conv2d")
def separable_conv2d(
    x, depthwise_kernel, pointwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)
):
    """A separable convolution of images."""
    data_format = checked_format(data_format)
    if len(strides) != 2:
        raise ValueError("The strides of a separable convolution of images must be two numbers, but are %s" % (strides,))
    x = channels_last(x, data_format)
    found = tf.nn.separable_conv2d(x, depthwise_kernel, pointwise_kernel, strides=(1, *strides, 1),
                                   padding=checked_padding(padding), rate=dilation_rate, data_format="NHWC")  # fmt: skip
    return channels_back(found, data_format)
