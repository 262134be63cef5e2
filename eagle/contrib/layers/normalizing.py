"""Normalization of old code: by batches, layers, instances and groups."""

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies
from ...layers.core import BatchNormalization
from ...ops.initializers import Ones, Zeros
from ...training.moving_averages import assign_moving_average
from ...variables.scope import get_variable_scope, variable_scope
from ..framework.arg_scopes import add_arg_scope
from .utilities import (
    add_to_collections,
    checked_format,
    constant_value,
    finished,
    make_variable,
    names,
    renaming_getter,
    smart_cond,
)


@export(*names("batch_norm"))
@add_arg_scope
def batch_norm(inputs, decay=0.999, center=True, scale=False, epsilon=0.001, activation_fn=None, param_initializers=None,
               param_regularizers=None, updates_collections="update_ops", is_training=True, reuse=None, variables_collections=None,
               outputs_collections=None, trainable=True, batch_weights=None, fused=None, data_format="NHWC",
               zero_debias_moving_mean=False, scope=None, renorm=False, renorm_clipping=None, renorm_decay=0.99,
               adjustment=None):  # fmt: skip
    """Brings the channels to mean 0 and variance 1 over the batch while training, by moving averages of these otherwise.

    Args:
      inputs: a tensor of known rank.
      decay: of the moving averages.
      center, scale: whether there is a trained offset, a trained factor.
      epsilon: what is added to the variance.
      activation_fn: a function of the output, or None.
      param_initializers, param_regularizers: dictionaries from "beta", "gamma" ("moving_mean", "moving_variance") to functions.
      updates_collections: the collections for the updates of the moving averages; None to do them with the output.
      is_training: whether to train, a bool or a tensor.
      reuse, variables_collections, outputs_collections, trainable, scope: as of `convolution`.
      batch_weights: a weight for each example, or None.
      fused: whether to use one op for all if that can be; None means True.
      data_format: "NHWC" or "NCHW".
      zero_debias_moving_mean: whether the moving mean is corrected for its beginning at 0.
      renorm, renorm_clipping, renorm_decay, adjustment: as of `tf.layers.batch_normalization`.

    Raises:
      ValueError: an argument is not as it must be.
    """
    inputs = convert(inputs)
    rank = inputs.get_shape().ndims
    can_fuse = batch_weights is None and not renorm and rank in (2, 4) and adjustment is None
    is_plain = updates_collections == "update_ops" and not zero_debias_moving_mean
    common = dict(
        decay=decay, center=center, scale=scale, epsilon=epsilon, activation_fn=activation_fn,
        param_initializers=param_initializers or {}, param_regularizers=param_regularizers or {},
        updates_collections=updates_collections, is_training=is_training, reuse=reuse,
        variables_collections=variables_collections, outputs_collections=outputs_collections, trainable=trainable,
        data_format=data_format, zero_debias_moving_mean=zero_debias_moving_mean, scope=scope,
    )  # fmt: skip
    if fused in (None, True) and can_fuse and (rank == 2 or not is_plain):
        return _fused(inputs, **common)
    words = checked_format(data_format)
    if batch_weights is None and is_plain:
        return _layered(inputs, words, renorm, renorm_clipping, renorm_decay, adjustment, fused in (None, True), common)
    if renorm:
        raise ValueError("renorm is not supported with batch_weights, updates_collections or zero_debias_moving_mean")
    return _in_steps(inputs, batch_weights=batch_weights, **common)


def _layered(inputs, words, renorm, renorm_clipping, renorm_decay, adjustment, fused, given):
    """Batch normalization by the layer of `tf.layers`."""
    initializers, regularizers = given["param_initializers"], given["param_regularizers"]
    with variable_scope(given["scope"], "BatchNorm", [inputs], reuse=given["reuse"], custom_getter=renaming_getter()) as sc:
        layer = BatchNormalization(
            axis=1 if words == "channels_first" else -1, momentum=given["decay"], epsilon=given["epsilon"], center=given["center"],
            scale=given["scale"], beta_initializer=initializers.get("beta", Zeros()),
            gamma_initializer=initializers.get("gamma", Ones()), moving_mean_initializer=initializers.get("moving_mean", Zeros()),
            moving_variance_initializer=initializers.get("moving_variance", Ones()), beta_regularizer=regularizers.get("beta"),
            gamma_regularizer=regularizers.get("gamma"), trainable=given["trainable"], renorm=renorm,
            renorm_clipping=renorm_clipping, renorm_momentum=renorm_decay, adjustment=adjustment, name=sc.name, _scope=sc,
            _reuse=given["reuse"], fused=fused,
        )  # fmt: skip
        outputs = layer(inputs, training=given["is_training"])
        for name in ("moving_mean", "moving_variance", "beta", "gamma"):
            if getattr(layer, name) is not None:
                add_to_collections(getattr(layer, name), given["variables_collections"], name)
        return finished(outputs, sc.name, given["outputs_collections"], given["activation_fn"])


_INITIAL = {"beta": Zeros(), "gamma": Ones(), "moving_mean": Zeros(), "moving_variance": Ones()}


def _parameter(name, shape, dtype, given, regularizer=None):
    trainable = given["trainable"] and not name.startswith("moving")
    return make_variable(name, shape, dtype, given["param_initializers"].get(name, _INITIAL[name]), given["variables_collections"],
                         regularizer, trainable)  # fmt: skip


def _averages(shape, dtype, given):
    """The moving mean and the moving variance, never in parts."""
    with variable_scope(get_variable_scope()) as local_scope:
        local_scope.set_partitioner(None)
        return [_parameter(name, shape, dtype, given) for name in ("moving_mean", "moving_variance")]


def _updates(averages, moments, given):
    """The operations that update the moving averages."""
    mean = assign_moving_average(averages[0], moments[0], given["decay"], zero_debias=given["zero_debias_moving_mean"])
    return mean, assign_moving_average(averages[1], moments[1], given["decay"], zero_debias=False)


def _fused(inputs, **given):
    """Batch normalization by one op, with the updates as the caller wants them."""
    data_format, is_training = given["data_format"], given["is_training"]
    checked_format(data_format)
    with variable_scope(given["scope"], "BatchNorm", [inputs], reuse=given["reuse"]) as sc:
        inputs = original = convert(inputs)
        rank = inputs.get_shape().ndims
        if rank == 2:
            channels = inputs.get_shape().dims[-1].value
            if channels is None:
                raise ValueError("`C` dimension must be known but is None")
            inputs = tf.reshape(inputs, [-1, channels, 1, 1] if data_format == "NCHW" else [-1, 1, 1, channels])
        shape = inputs.get_shape()
        size = shape[-1:] if data_format == "NHWC" else shape[1:2]
        if not size.is_fully_defined():
            raise ValueError("Inputs %s has undefined `C` dimension %s." % (inputs.name, size))
        parts = []
        for name, is_wanted, value in (("beta", given["center"], 0.0), ("gamma", given["scale"], 1.0)):
            if is_wanted:
                parts.append(_parameter(name, size, dtypes.float32, given, given["param_regularizers"].get(name)))
            else:
                parts.append(constant(value, dtype=dtypes.float32, shape=size))
        beta, gamma = parts
        averages = _averages(size, dtypes.float32, given)
        options = dict(epsilon=given["epsilon"], data_format=data_format)
        outputs, *moments = smart_cond(
            is_training,
            lambda: tf.nn.fused_batch_norm(inputs, gamma, beta, **options),
            lambda: tf.nn.fused_batch_norm(
                inputs, gamma, beta, mean=averages[0], variance=averages[1], is_training=False, **options
            ),
        )
        known = constant_value(is_training)
        if known is None or known:
            outputs = _update_with(outputs, averages, moments, given)
        outputs.set_shape(shape)
        if rank == 2:
            outputs = tf.reshape(outputs, tf.shape(original))
        return finished(outputs, sc.name, given["outputs_collections"], given["activation_fn"])


def _update_with(outputs, averages, moments, given):
    """The outputs, which wait for the updates if these go to no collection."""
    if given["updates_collections"] is not None:
        _collect_updates(averages, moments, given)
        return outputs

    def forced():
        with control_dependencies(_updates(averages, moments, given)):
            return tf.identity(outputs)

    return smart_cond(given["is_training"], forced, lambda: outputs)


def _collect_updates(averages, moments, given):
    updates = smart_cond(given["is_training"], lambda: _updates(averages, moments, given), lambda: tuple(averages))
    for update in updates:
        tf.add_to_collections(given["updates_collections"], update)


def _in_steps(inputs, batch_weights=None, **given):
    """Batch normalization in ops for each step, perhaps weighted."""
    data_format = given["data_format"]
    is_first = data_format == "NCHW"
    with variable_scope(given["scope"], "BatchNorm", [inputs], reuse=given["reuse"], custom_getter=renaming_getter()) as sc:
        shape = inputs.get_shape()
        rank, dtype = shape.ndims, inputs.dtype.base_dtype
        if rank is None:
            raise ValueError("Inputs %s has undefined rank." % inputs.name)
        if batch_weights is not None:
            batch_weights = convert(batch_weights)
            shape[0:1].assert_is_compatible_with(batch_weights.get_shape())
            batch_weights = tf.reshape(batch_weights, [-1] + [1] * (rank - 1))
        axes = [0, *range(2, rank)] if is_first else list(range(rank - 1))
        size = shape[1:2] if is_first else shape[-1:]
        if not size.is_fully_defined():
            raise ValueError("Inputs %s has undefined channels dimension %s." % (inputs.name, size))
        beta = _parameter("beta", size, dtype, given) if given["center"] else None
        gamma = _parameter("gamma", size, dtype, given) if given["scale"] else None
        averages = _averages(size, dtype, given)
        known = constant_value(given["is_training"])
        if known is None or known:
            moments = _moments(inputs, axes, batch_weights, is_first)
            mean, variance = _moments_and_updates(averages, moments, given)
        else:
            mean, variance = averages
        if is_first:
            spread = [1, shape.dims[1].value] + [1] * (rank - 2)
            mean, variance = tf.reshape(mean, spread), tf.reshape(variance, spread)
            beta, gamma = (None if v is None else tf.reshape(v, spread) for v in (beta, gamma))
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, given["epsilon"])
        outputs.set_shape(shape)
        return finished(outputs, sc.name, given["outputs_collections"], given["activation_fn"])


def _moments(inputs, axes, batch_weights, is_first):
    if batch_weights is None:
        found = tf.nn.moments(inputs, axes, keep_dims=True) if is_first else tf.nn.moments(inputs, axes)
    else:
        options = dict(keepdims=True) if is_first else {}
        found = tf.nn.weighted_moments(inputs, axes, batch_weights, **options)
    return [tf.reshape(m, [-1]) for m in found] if is_first else found


def _moments_and_updates(averages, moments, given):
    """Mean and variance to normalize by; the updates go to collections, or are waited for."""
    if given["updates_collections"] is None:

        def forced():
            with control_dependencies(_updates(averages, moments, given)):
                return tf.identity(moments[0]), tf.identity(moments[1])

        return smart_cond(given["is_training"], forced, lambda: tuple(averages))
    _collect_updates(averages, moments, given)
    return smart_cond(given["is_training"], lambda: tuple(moments), lambda: tuple(averages))


# -------------------------------------------------------------------------------------------------- layers, instances, groups


def _offset_and_factor(center, scale, shape, dtype, initializers, variables_collections, trainable, spread=None):
    """The variables beta and gamma, None where they are not wanted, in a form that is broadcast."""
    found = []
    for name, is_wanted in (("beta", center), ("gamma", scale)):
        value = None
        if is_wanted:
            value = make_variable(
                name, shape, dtype, initializers.get(name, _INITIAL[name]), variables_collections, None, trainable
            )
            if spread:
                value = tf.reshape(value, spread)
        found.append(value)
    return found


@export(*names("layer_norm"))
@add_arg_scope
def layer_norm(
    inputs,
    center=True,
    scale=True,
    activation_fn=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    begin_norm_axis=1,
    begin_params_axis=-1,
    scope=None,
):
    """Brings each example to mean 0 and variance 1.

    Args:
      inputs: a tensor of known rank.
      center, scale: whether there is a trained offset, a trained factor.
      activation_fn: a function of the output, or None.
      reuse, variables_collections, outputs_collections, trainable, scope: as of `convolution`.
      begin_norm_axis, begin_params_axis: the first of the axes over which mean and variance are taken, and of those of the
        variables.

    Raises:
      ValueError: the shape is not known well enough, or an axis is not possible.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = convert(inputs)
        shape = inputs.shape
        rank, dtype = shape.ndims, inputs.dtype.base_dtype
        if rank is None:
            raise ValueError("Inputs %s has undefined rank." % inputs.name)
        if begin_norm_axis < 0:
            begin_norm_axis = rank + begin_norm_axis
        if begin_params_axis >= rank or begin_norm_axis >= rank:
            raise ValueError("begin_params_axis (%d) and begin_norm_axis (%d) must be < rank(inputs) (%d)"
                             % (begin_params_axis, begin_norm_axis, rank))  # fmt: skip
        size = shape[begin_params_axis:]
        if not size.is_fully_defined():
            raise ValueError("Inputs %s: shape(inputs)[%s:] is not fully defined: %s" % (inputs.name, begin_params_axis, shape))
        beta, gamma = _offset_and_factor(center, scale, size, dtype, {}, variables_collections, trainable)
        mean, variance = tf.nn.moments(inputs, list(range(begin_norm_axis, rank)), keep_dims=True)
        epsilon = 1e-3 if dtype == dtypes.float16 else 1e-12
        outputs = tf.nn.batch_normalization(inputs, mean, variance, offset=beta, scale=gamma, variance_epsilon=epsilon)
        outputs.set_shape(shape)
        return finished(outputs, sc.name, outputs_collections, activation_fn)


@export(*names("instance_norm", "normalization"))
@add_arg_scope
def instance_norm(
    inputs,
    center=True,
    scale=True,
    epsilon=1e-6,
    activation_fn=None,
    param_initializers=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """Brings each channel of each example to mean 0 and variance 1.

    Args:
      inputs: a tensor of known rank.
      center, scale: whether there is a trained offset, a trained factor.
      epsilon: what is added to the variance.
      activation_fn: a function of the output, or None.
      param_initializers: a dictionary from "beta" and "gamma" to initializers.
      reuse, variables_collections, outputs_collections, trainable, scope: as of `convolution`.
      data_format: "NHWC" or "NCHW".

    Raises:
      ValueError: an argument is not as it must be.
    """
    inputs = convert(inputs)
    shape = inputs.shape
    rank = shape.ndims
    if rank is None:
        raise ValueError("Inputs %s has undefined rank." % inputs.name)
    checked_format(data_format)
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as sc:
        is_first = data_format == "NCHW"
        channel = 1 if is_first else rank - 1
        spread = [1, shape[1].value] + [1] * (rank - 2) if is_first else None
        axes = [i for i in range(1, rank) if i != channel]
        size = shape[channel : channel + 1]
        if not size.is_fully_defined():
            raise ValueError("Inputs %s has undefined channels dimension %s." % (inputs.name, size))
        beta, gamma = _offset_and_factor(center, scale, size, inputs.dtype.base_dtype, param_initializers or {},
                                         variables_collections, trainable, spread)  # fmt: skip
        mean, variance = tf.nn.moments(inputs, axes, keep_dims=True)
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon, name="instancenorm")
        return finished(outputs, sc.name, outputs_collections, activation_fn)


@export(*names("group_norm", "normalization"))
@add_arg_scope
def group_norm(inputs, groups=32, channels_axis=-1, reduction_axes=(-3, -2), center=True, scale=True, epsilon=1e-6,
               activation_fn=None, param_initializers=None, reuse=None, variables_collections=None, outputs_collections=None,
               trainable=True, scope=None, mean_close_to_zero=False):  # fmt: skip
    """Brings each group of channels of each example to mean 0 and variance 1.

    Args:
      inputs: a tensor of known rank.
      groups: how many groups of channels there are.
      channels_axis: the axis of the channels.
      reduction_axes: the axes over which mean and variance are taken.
      center, scale: whether there is a trained offset, a trained factor.
      epsilon: what is added to the variance.
      activation_fn: a function of the output, or None.
      param_initializers: a dictionary from "beta" and "gamma" to initializers.
      reuse, variables_collections, outputs_collections, trainable, scope: as of `convolution`.
      mean_close_to_zero: whether the mean is so near to 0 that the variance can be computed in one go.

    Raises:
      ValueError: an argument is not as it must be.
    """
    inputs = convert(inputs)
    rank = inputs.shape.ndims
    if rank is None:
        raise ValueError("Inputs %s has undefined rank." % inputs.name)
    if channels_axis > rank - 1:
        raise ValueError("Axis is out of bounds.")
    dynamic = tf.shape(inputs)
    sizes = [dynamic[i] if d.value is None else d for i, d in enumerate(inputs.shape)]
    channels_axis = rank + channels_axis if channels_axis < 0 else channels_axis
    channels = inputs.shape[channels_axis].value
    if channels is None:
        raise ValueError("Inputs %s has undefined channel dimension: %d." % (inputs.name, channels_axis))
    reduction_axes = _checked_axes(inputs, reduction_axes, rank, channels_axis)
    if groups > channels:
        raise ValueError("Invalid groups %d for %d channels." % (groups, channels))
    if channels % groups != 0:
        raise ValueError("%d channels is not commensurate with %d groups." % (channels, groups))
    before, after = sizes[:channels_axis], sizes[channels_axis + 1 :]
    grouped = [groups, channels // groups]
    inputs = tf.reshape(inputs, before + grouped + after)
    axes = [channels_axis + 1, *(a + 1 if a > channels_axis else a for a in reduction_axes)]
    with variable_scope(scope, "GroupNorm", [inputs], reuse=reuse) as sc:
        spread = [1] * len(before) + grouped + [1] * len(after)
        beta, gamma = _offset_and_factor(center, scale, [channels], inputs.dtype.base_dtype, param_initializers or {},
                                         variables_collections, trainable, spread)  # fmt: skip
        if mean_close_to_zero:
            counts, sums, squares, _ = tf.nn.sufficient_statistics(inputs, axes, keep_dims=True)
            mean, variance = tf.nn.normalize_moments(counts, sums, squares, shift=None)
        else:
            mean, variance = tf.nn.moments(inputs, axes, keep_dims=True)
        gain = tf.rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain *= gamma
            offset *= gamma
        if beta is not None:
            offset += beta
        outputs = tf.reshape(inputs * gain + offset, sizes)
        return finished(outputs, sc.name, outputs_collections, activation_fn)


def _checked_axes(inputs, reduction_axes, rank, channels_axis):
    axes = [a + rank if a < 0 else a for a in reduction_axes]
    for a in axes:
        if a > rank:
            raise ValueError("Axis is out of bounds.")
        if inputs.shape[a].value is None:
            raise ValueError("Inputs %s has undefined dimensions %d." % (inputs.name, a))
        if channels_axis == a:
            raise ValueError("reduction_axis must be mutually exclusive with channels_axis")
    return axes
