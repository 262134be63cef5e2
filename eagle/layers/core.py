"""The layers of `tf.layers`, as classes and as functions."""

from ..core.export import export
from ..keras.layers import convolutional, core, normalization, pooling
from ..ops.initializers import Ones, Zeros
from .declaring import as_function, as_legacy

_KERNEL = dict(kernel_initializer=None, bias_initializer=Zeros())
_CONV = dict(_KERNEL, data_format="channels_last")
_SEPARABLE = dict(
    depthwise_initializer=None, pointwise_initializer=None, bias_initializer=Zeros(), data_format="channels_last"
)  # fmt: skip


def _call_at_rest(keras_class):
    """The method `call` of a layer that does not train unless it is told to."""

    def call(self, inputs, training=False):
        return keras_class.call(self, inputs, training=training)

    return call


Dense = as_legacy("Dense", core.Dense, **_KERNEL)
dense = as_function("dense", Dense)
Dropout = as_legacy("Dropout", core.Dropout, keywords=("name",), call=_call_at_rest(core.Dropout), rate=0.5)
dropout = as_function("dropout", Dropout, dict(training=False), ["rate", "noise_shape", "seed", "training", "name"])
Flatten = as_legacy("Flatten", core.Flatten)
flatten = as_function("flatten", Flatten, order=["name", "data_format"])

Conv1D = as_legacy("Conv1D", convolutional.Conv1D, **_CONV)
conv1d = as_function("conv1d", Conv1D)
Conv2D = as_legacy("Conv2D", convolutional.Conv2D, **_CONV)
conv2d = as_function("conv2d", Conv2D)
Conv3D = as_legacy("Conv3D", convolutional.Conv3D, **_CONV)
conv3d = as_function("conv3d", Conv3D)
SeparableConv1D = as_legacy("SeparableConv1D", convolutional.SeparableConv1D, **_SEPARABLE)
separable_conv1d = as_function("separable_conv1d", SeparableConv1D)
SeparableConv2D = as_legacy("SeparableConv2D", convolutional.SeparableConv2D, **_SEPARABLE)
separable_conv2d = as_function("separable_conv2d", SeparableConv2D)
_HOLES = ("output_padding", "dilation_rate")
Conv2DTranspose = as_legacy("Conv2DTranspose", convolutional.Conv2DTranspose, _HOLES, **_CONV)
conv2d_transpose = as_function("conv2d_transpose", Conv2DTranspose)
Conv3DTranspose = as_legacy("Conv3DTranspose", convolutional.Conv3DTranspose, _HOLES, **_CONV)
conv3d_transpose = as_function("conv3d_transpose", Conv3DTranspose)

for _kind in ("Max", "Average"):
    for _rank in "123":
        _name = "%sPooling%sD" % (_kind, _rank)
        _made = as_legacy(_name, getattr(pooling, _name), required=("pool_size", "strides"), keywords=("name",),
                          data_format="channels_last")  # fmt: skip
        globals()[_name] = export("layers." + _name, "python.layers.pooling." + _name)(_made)
        _name = "%s_pooling%sd" % (_kind.lower(), _rank)
        _made = as_function(_name, _made, order=["pool_size", "strides", "padding", "data_format", "name"])
        export("layers." + _name, "python.layers.pooling." + _name)(_made)

BatchNormalization = as_legacy(
    "BatchNormalization", normalization.BatchNormalization, call=_call_at_rest(normalization.BatchNormalization),
    beta_initializer=Zeros(), gamma_initializer=Ones(), moving_mean_initializer=Zeros(), moving_variance_initializer=Ones(),
)  # fmt: skip
batch_normalization = as_function(
    "batch_normalization", BatchNormalization, dict(training=False),
    "axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer moving_variance_initializer "
    "beta_regularizer gamma_regularizer beta_constraint gamma_constraint training trainable name reuse renorm renorm_clipping "
    "renorm_momentum fused virtual_batch_size adjustment".split(),
)  # fmt: skip

_MODULES = {
    "core": "Dense Dropout Flatten dense dropout flatten",
    "convolutional": "Conv1D Conv2D Conv3D SeparableConv1D SeparableConv2D Conv2DTranspose Conv3DTranspose conv1d conv2d conv3d "
    "separable_conv1d separable_conv2d conv2d_transpose conv3d_transpose",
    "normalization": "BatchNormalization batch_normalization",
}
for _module, _names in _MODULES.items():
    for _name in _names.split():
        export("layers." + _name, "python.layers.%s.%s" % (_module, _name))(globals()[_name])
