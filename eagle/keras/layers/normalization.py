"""Batch normalization and layer normalization as layers."""

import contextlib

from ...core.context import here
from ...core.convert import convert
from ...core.dtypes import as_dtype, bfloat16, float16, float32
from ...core.export import export, public as tf
from ...core.scopes import colocate_with, control_dependencies, name_scope
from ...core.shape import TensorShape
from ...ops.case import layers_constant_value, layers_smart_cond
from ...platform import tf_logging
from ...variables.base import VariableAggregation, VariableSynchronization
from ..backend.functions import constant
from ..backend.settings import learning_phase
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from .core import parts_config, set_parts

_PARTS = ("beta_initializer", "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer", "beta_regularizer",
          "gamma_regularizer", "beta_constraint", "gamma_constraint")  # fmt: skip


class BatchNormalizationBase(Layer):
    """Brings the inputs to mean 0 and variance 1 over the batch while training, by moving averages of these otherwise.

    Args:
      axis: the axis of the channels, or a list of axes: over all others mean and variance are taken.
      momentum: of the moving averages.
      epsilon: what is added to the variance.
      center, scale: whether a trained offset is added, and whether there is a trained factor.
      beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer, beta_regularizer,
        gamma_regularizer, beta_constraint, gamma_constraint: of the variables.
      renorm: whether to correct by the moving averages while training (batch renormalization).
      renorm_clipping: a dictionary with bounds "rmax", "rmin", "dmax" of the corrections.
      renorm_momentum: of the moving averages of these.
      fused: whether to use one op for all; None: if that can be.
      trainable: whether the variables are trained.
      virtual_batch_size: the batch is divided into parts of this size, which are normalized by themselves.
      adjustment: a function from the shape of the input to a factor and an offset, which are applied while training.
      name, **kwargs: as of `Layer`.

    Raises:
      TypeError: `axis` is no integer and no list.
      ValueError: arguments don't go together.
    """

    _USE_V2_BEHAVIOR = True

    def __init__(self, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros",
                 gamma_initializer="ones", moving_mean_initializer="zeros", moving_variance_initializer="ones",
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, renorm=False,
                 renorm_clipping=None, renorm_momentum=0.99, fused=None, trainable=True, virtual_batch_size=None,
                 adjustment=None, name=None, **kwargs):  # fmt: skip
        super().__init__(name=name, **kwargs)
        if not isinstance(axis, int | list):
            raise TypeError("axis must be int or list, type given: %s" % type(axis))
        self.axis = axis[:] if isinstance(axis, list) else axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        set_parts(
            self, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer,
            moving_mean_initializer=moving_mean_initializer, moving_variance_initializer=moving_variance_initializer,
            beta_regularizer=beta_regularizer, gamma_regularizer=gamma_regularizer, beta_constraint=beta_constraint,
            gamma_constraint=gamma_constraint,
        )  # fmt: skip
        self.renorm = renorm
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment
        if self._USE_V2_BEHAVIOR:
            reason = self._reason_not_to_fuse()
            if fused and reason:
                raise ValueError(reason)
            if fused is None and reason:
                fused = False
        elif fused is None:
            fused = True
        self.supports_masking = True
        self.fused = fused
        self._bessels_correction_test_only = True
        self.trainable = trainable
        if renorm:
            renorm_clipping = renorm_clipping or {}
            if set(renorm_clipping) - {"rmax", "rmin", "dmax"}:
                raise ValueError("renorm_clipping %s contains keys not in %s" % (renorm_clipping, ["rmax", "rmin", "dmax"]))
            self.renorm_clipping = renorm_clipping
            self.renorm_momentum = renorm_momentum

    def _reason_not_to_fuse(self):
        """Why one op can't do all, or None."""
        axis = [self.axis] if isinstance(self.axis, int) else self.axis
        if self.renorm:
            return "Passing both fused=True and renorm=True is unsupported"
        if len(axis) > 1 or axis[0] not in (-3, -1, 1, 3):
            return "Passing fused=True is only supported when axis is 1 or 3"
        if self.virtual_batch_size is not None:
            return "Passing fused=True is unsupported when virtual_batch_size is specified."
        if self.adjustment is not None:
            return "Passing fused=True is unsupported when adjustment is specified."
        return None

    @property
    def _param_dtype(self):
        dtype = as_dtype(self.dtype or float32)
        return float32 if dtype in (float16, bfloat16) else dtype

    # ------------------------------------------------------------------------------------------------------------ variables

    def build(self, input_shape):
        input_shape = TensorShape(input_shape)
        if not input_shape.ndims:
            raise ValueError("Input has undefined rank:", input_shape)
        rank = len(input_shape)
        self._settle_axes(rank)
        if self.virtual_batch_size is not None:
            self._check_virtual_batch()
        self._settle_fused(rank)
        sizes = {x: input_shape.as_list()[x] for x in self.axis}
        if None in sizes.values():
            raise ValueError("Input has undefined `axis` dimension. Input shape: ", input_shape)
        self.input_spec = InputSpec(ndim=rank, axes=sizes)
        if len(sizes) == 1 and self.virtual_batch_size is None:
            shape = tuple(sizes.values())
        else:
            shape = [sizes.get(i, 1) for i in range(rank)]
        if self.virtual_batch_size is not None:
            shape.insert(1, 1)
            self.axis = [x + 1 for x in self.axis]  # there is one more dimension
        self._make_parameters(shape)
        self._make_averages(shape)
        self.built = True

    def _settle_axes(self, rank):
        axes = [self.axis] if isinstance(self.axis, int) else self.axis
        axes = [rank + x if x < 0 else x for x in axes]
        for x in axes:
            if x < 0 or x >= rank:
                raise ValueError("Invalid axis: %d" % x)
        if len(axes) != len(set(axes)):
            raise ValueError("Duplicate axis: %s" % axes)
        self.axis = axes

    def _check_virtual_batch(self):
        if self.virtual_batch_size <= 0:
            raise ValueError("virtual_batch_size must be a positive integer that divides the true batch size of the input Tensor")
        if 0 in self.axis:
            raise ValueError("When using virtual_batch_size, the batch dimension must be 0 and thus axis cannot include 0")
        if self.adjustment is not None:
            raise ValueError("When using virtual_batch_size, adjustment cannot be specified")

    def _settle_fused(self, rank):
        if self.fused in (None, True):
            if not self._USE_V2_BEHAVIOR:
                self.fused = rank == 4 and not self._reason_not_to_fuse()
            elif self.fused is None:
                self.fused = rank == 4
            elif rank != 4:
                raise ValueError("Batch normalization layers with fused=True only support 4D input tensors.")
        if self.fused:
            if self.axis not in ([1], [3]):
                raise ValueError("Unsupported axis, fused batch norm only supports axis == [1] or axis == [3]")
            self._data_format = "NCHW" if self.axis == [1] else "NHWC"

    def _make_parameters(self, shape):
        self.gamma = self.beta = None
        for name, is_wanted, value in (("gamma", self.scale, 1.0), ("beta", self.center, 0.0)):
            if is_wanted:
                made = self.add_weight(
                    name=name, shape=shape, dtype=self._param_dtype, initializer=getattr(self, name + "_initializer"),
                    regularizer=getattr(self, name + "_regularizer"), constraint=getattr(self, name + "_constraint"),
                    trainable=True, experimental_autocast=False,
                )  # fmt: skip
                setattr(self, name, made)
            elif self.fused:
                setattr(self, "_%s_const" % name, constant(value, dtype=self._param_dtype, shape=shape))

    def _make_averages(self, shape):
        """Makes the moving averages, never in parts."""
        scope = getattr(self, "_scope", None)
        partitioner = scope.partitioner if scope else None
        if partitioner:
            scope.set_partitioner(None)

        def average(name, initializer):
            return self.add_weight(
                name=name, shape=shape, dtype=self._param_dtype, initializer=initializer,
                synchronization=VariableSynchronization.ON_READ, trainable=False, aggregation=VariableAggregation.MEAN,
                experimental_autocast=False,
            )  # fmt: skip

        def stddev_initializer(*args, **kwargs):
            return tf.sqrt(self.moving_variance_initializer(*args, **kwargs))

        try:
            self.moving_mean = average("moving_mean", self.moving_mean_initializer)
            self.moving_variance = average("moving_variance", self.moving_variance_initializer)
            if self.renorm:
                with _beside(self.moving_variance):
                    self.moving_stddev = average("moving_stddev", stddev_initializer)
                with _beside(self.moving_mean):
                    self.renorm_mean = average("renorm_mean", self.moving_mean_initializer)
                with _beside(self.moving_stddev):
                    self.renorm_stddev = average("renorm_stddev", stddev_initializer)
        finally:
            if partitioner:
                scope.set_partitioner(partitioner)

    # -------------------------------------------------------------------------------------------------------------- updates

    def _assign_moving_average(self, variable, value, momentum):
        with name_scope("AssignMovingAvg") as scope, colocate_with(variable):
            decay = convert(1.0 - momentum, name="decay")
            base = variable.dtype.base_dtype
            if decay.dtype != base:
                decay = tf.cast(decay, base)
            return tf.assign_sub(variable, (variable - tf.cast(value, base)) * decay, name=scope)

    def _assign_new_value(self, variable, value):
        with name_scope("AssignNewValue") as scope, colocate_with(variable):
            return tf.assign(variable, value, name=scope)

    def _renorm_variance(self, variance, momentum):
        """The moving average of the standard deviation, and the moving variance that is its square."""
        stddev = self._assign_moving_average(self.moving_stddev, tf.sqrt(variance + self.epsilon), momentum)
        return self._assign_new_value(self.moving_variance, tf.nn.relu(stddev * stddev - self.epsilon))

    # ---------------------------------------------------------------------------------------------------------- computation

    def _get_training_value(self, training=None):
        if training is None:
            training = learning_phase()
        if self._USE_V2_BEHAVIOR:
            training = tf.logical_and(bool(training) if isinstance(training, int) else training, self.trainable)
        return training

    def call(self, inputs, training=None):
        training = self._get_training_value(training)
        if self.virtual_batch_size is None:
            return self._fused_batch_norm(inputs, training) if self.fused else self._normalized(inputs, training)
        shape = [-1, *inputs.shape.as_list()[1:]]
        inputs = tf.reshape(inputs, [self.virtual_batch_size, -1, *shape[1:]])
        return tf.reshape(self._normalized(inputs, training), shape)

    def _fused_batch_norm(self, inputs, training):
        beta = self.beta if self.center else self._beta_const
        gamma = self.gamma if self.scale else self._gamma_const
        options = dict(epsilon=self.epsilon, data_format=self._data_format)
        output, mean, variance = layers_smart_cond(
            training,
            lambda: tf.nn.fused_batch_norm(inputs, gamma, beta, **options),
            lambda: tf.nn.fused_batch_norm(inputs, gamma, beta, mean=self.moving_mean, variance=self.moving_variance,
                                           is_training=False, **options),
        )  # fmt: skip
        if not self._bessels_correction_test_only:
            count = tf.cast(tf.size(inputs) / tf.size(variance), variance.dtype)
            variance *= (count - tf.cast(1.0, variance.dtype)) / count
        known = layers_constant_value(training)
        if known is None:
            momentum = layers_smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = convert(self.momentum)
        if known or known is None:
            self.add_update(lambda: self._assign_moving_average(self.moving_mean, mean, momentum))
            self.add_update(
                lambda: (
                    self._renorm_variance(variance, momentum)
                    if self.renorm
                    else self._assign_moving_average(self.moving_variance, variance, momentum)
                )
            )
        return output

    def _normalized(self, inputs, training):
        """The output, in ops for each step."""
        rank = len(inputs.shape)
        axes = [i for i in range(rank) if i not in self.axis]
        if self.virtual_batch_size is not None:
            del axes[1]
        spread = [1] * rank
        spread[self.axis[0]] = inputs.shape.as_list()[self.axis[0]]

        def broadcast(v):
            if v is not None and len(v.shape) != rank and axes != list(range(rank - 1)):
                return tf.reshape(v, spread)
            return v

        scale, offset = broadcast(self.gamma), broadcast(self.beta)
        if layers_constant_value(training) == False:  # noqa: E712  (it may be None)
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment:
                scale, offset = _composed(*self._adjusted(inputs, training), scale, offset)
            mean, variance, new_mean, new_variance = self._training_moments(inputs, training, axes)
            if self.renorm:
                r, d, new_mean, new_variance = self._renorm_correction_and_moments(new_mean, new_variance, training)
                r = broadcast(tf.stop_gradient(r, name="renorm_r"))
                d = broadcast(tf.stop_gradient(d, name="renorm_d"))
                scale, offset = _composed(r, d, scale, offset)
            self._add_updates(new_mean, new_variance, training)
        dtype = inputs.dtype
        mean, variance = tf.cast(mean, dtype), tf.cast(variance, dtype)
        if offset is not None:
            offset = tf.cast(offset, dtype)
        if scale is not None:
            scale = tf.cast(scale, dtype)
        outputs = tf.nn.batch_normalization(inputs, broadcast(mean), broadcast(variance), offset, scale, self.epsilon)
        if not here.eager:
            outputs.set_shape(inputs.shape)
        return outputs

    def _adjusted(self, inputs, training):
        scale, bias = self.adjustment(tf.shape(inputs))
        scale = layers_smart_cond(training, lambda: scale, lambda: tf.ones_like(scale))
        return scale, layers_smart_cond(training, lambda: bias, lambda: tf.zeros_like(bias))

    def _training_moments(self, inputs, training, axes):
        """Mean and variance to normalize by, and those for the moving averages."""
        keep_dims = self.virtual_batch_size is not None or len(self.axis) > 1
        mean, variance = self._moments(tf.cast(inputs, self._param_dtype), axes, keep_dims)
        batch_mean, batch_variance = mean, variance
        mean = layers_smart_cond(training, lambda: batch_mean, lambda: convert(self.moving_mean))
        variance = layers_smart_cond(training, lambda: batch_variance, lambda: convert(self.moving_variance))
        if self.virtual_batch_size is None:
            return mean, variance, mean, variance
        return (mean, variance, tf.reduce_mean(mean, axis=1, keepdims=True), tf.reduce_mean(variance, axis=1, keepdims=True))

    def _moments(self, inputs, reduction_axes, keep_dims):
        return tf.nn.moments(inputs, reduction_axes, keep_dims=keep_dims)

    def _add_updates(self, mean, variance, training):
        def update_mean():
            return self._assign_moving_average(self.moving_mean, mean, self.momentum)

        def update_variance():
            if self.renorm:
                return self._renorm_variance(variance, self.momentum)
            return self._assign_moving_average(self.moving_variance, variance, self.momentum)

        self.add_update(lambda: layers_smart_cond(training, update_mean, lambda: self.moving_mean))
        self.add_update(lambda: layers_smart_cond(training, update_variance, lambda: self.moving_variance))

    def _renorm_correction_and_moments(self, mean, variance, training):
        """Factor and offset that bring the batch's statistics to the moving ones, and mean and variance behind the updates."""
        stddev = tf.sqrt(variance + self.epsilon)
        renorm_mean, renorm_stddev = self.renorm_mean, tf.maximum(self.renorm_stddev, tf.sqrt(self.epsilon))
        r = stddev / renorm_stddev
        d = (mean - renorm_mean) / renorm_stddev
        with control_dependencies([r, d]):  # before the variables change
            mean, stddev = tf.identity(mean), tf.identity(stddev)
        rmin, rmax, dmax = (self.renorm_clipping.get(key) for key in ("rmin", "rmax", "dmax"))
        if rmin is not None:
            r = tf.maximum(r, rmin)
        if rmax is not None:
            r = tf.minimum(r, rmax)
        if dmax is not None:
            d = tf.minimum(tf.maximum(d, -dmax), dmax)
        clipped_r, clipped_d = r, d
        r = layers_smart_cond(training, lambda: clipped_r, lambda: tf.ones_like(clipped_r))
        d = layers_smart_cond(training, lambda: clipped_d, lambda: tf.zeros_like(clipped_d))
        updates = [self._renorm_update(training, *pair) for pair in ((self.renorm_mean, mean), (self.renorm_stddev, stddev))]
        with control_dependencies(updates):
            return r, d, tf.identity(mean), tf.identity(variance)

    def _renorm_update(self, training, variable, value):
        value = tf.identity(value)
        return layers_smart_cond(
            training, lambda: self._assign_moving_average(variable, value, self.renorm_momentum), lambda: tf.identity(variable)
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = {
            **super().get_config(), "axis": self.axis, "momentum": self.momentum, "epsilon": self.epsilon, "center": self.center,
            "scale": self.scale, **parts_config(self, *_PARTS),
        }  # fmt: skip
        if self.renorm:
            config.update(renorm=True, renorm_clipping=self.renorm_clipping, renorm_momentum=self.renorm_momentum)
        if self.virtual_batch_size is not None:
            config["virtual_batch_size"] = self.virtual_batch_size
        if self.adjustment is not None:
            tf_logging.warning(
                "The `adjustment` function of this `BatchNormalization` layer cannot be serialized and has been omitted from the "
                "layer config. It will not be included when re-creating the layer from the saved config."
            )
        return config


def _beside(variable):
    """Lets new nodes be where a variable is."""
    return contextlib.nullcontext() if here.eager else colocate_with(variable)


def _composed(scale, offset, then_scale, then_offset):
    """Factor and offset of two scalings, one after the other."""
    if then_scale is not None:
        scale *= then_scale
        offset *= then_scale
    if then_offset is not None:
        offset += then_offset
    return scale, offset


@export("keras.layers.BatchNormalization")
class BatchNormalization(BatchNormalizationBase):
    """Batch normalization; see `BatchNormalizationBase`.  Here `fused=True` means: if that can be."""

    _USE_V2_BEHAVIOR = False


@export("compat.v2.keras.layers.BatchNormalization", "python.keras.layers.normalization_v2.BatchNormalization")
class BatchNormalizationV2(BatchNormalizationBase):
    """Batch normalization as in TensorFlow 2: while it is not trainable it does not train."""


BatchNormalizationV2.__name__ = "BatchNormalization"


@export("keras.layers.LayerNormalization")
class LayerNormalization(Layer):
    """Brings each example to mean 0 and variance 1 over some axes.

    Args:
      axis: the axis, or a list of axes.
      epsilon: what is added to the variance.
      center, scale: whether a trained offset is added, and whether there is a trained factor.
      beta_initializer, gamma_initializer, beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint: of the variables.
      trainable, name, **kwargs: as of `Layer`.

    Raises:
      ValueError: `axis` is neither.
    """

    def __init__(self, axis=-1, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros", gamma_initializer="ones",
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, trainable=True,
                 name=None, **kwargs):  # fmt: skip
        super().__init__(name=name, trainable=trainable, **kwargs)
        if not isinstance(axis, int | list | tuple):
            raise ValueError("Expected an int or a list/tuple of ints for the argument 'axis', but received instead: %s" % axis)
        self.axis = axis if isinstance(axis, int) else list(axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        set_parts(
            self, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer, beta_regularizer=beta_regularizer,
            gamma_regularizer=gamma_regularizer, beta_constraint=beta_constraint, gamma_constraint=gamma_constraint,
        )  # fmt: skip
        self.supports_masking = True

    def build(self, input_shape):
        rank = len(input_shape)
        axes = [self.axis] if isinstance(self.axis, int) else self.axis
        axes = [rank + x if x < 0 else x for x in axes]
        for x in axes:
            if x < 0 or x >= rank:
                raise ValueError("Invalid axis: %d" % x)
        if len(axes) != len(set(axes)):
            raise ValueError("Duplicate axis: %s" % (tuple(axes),))
        self.axis = axes
        shape = [input_shape[x] for x in axes]
        self.gamma = self.beta = None
        for name, is_wanted in (("gamma", self.scale), ("beta", self.center)):
            if is_wanted:
                made = self.add_weight(
                    name=name, shape=shape, initializer=getattr(self, name + "_initializer"),
                    regularizer=getattr(self, name + "_regularizer"), constraint=getattr(self, name + "_constraint"),
                    trainable=True, experimental_autocast=False,
                )  # fmt: skip
                setattr(self, name, made)
        self.built = True

    def call(self, inputs):
        shape = inputs.shape
        rank = len(shape)
        mean, variance = tf.nn.moments(inputs, self.axis, keep_dims=True)
        spread = [shape.as_list()[i] if i in self.axis else 1 for i in range(rank)]

        def broadcast(v):
            return tf.reshape(v, spread) if v is not None and len(v.shape) != rank and self.axis != [rank - 1] else v

        scale, offset = broadcast(self.gamma), broadcast(self.beta)
        outputs = tf.nn.batch_normalization(inputs, mean, variance, offset=offset, scale=scale, variance_epsilon=self.epsilon)
        if not here.eager:
            outputs.set_shape(shape)
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(), "axis": self.axis, "epsilon": self.epsilon, "center": self.center, "scale": self.scale,
            **parts_config(self, "beta_initializer", "gamma_initializer", "beta_regularizer", "gamma_regularizer",
                           "beta_constraint", "gamma_constraint"),
        }  # fmt: skip
