"""The networks of He et al., Identity Mappings in Deep Residual Networks, 2016."""

from ....core.export import export, open_namespace
from ....ops.activation import relu
from ....variables.scope import variable_scope
from ...framework.arg_scopes import add_arg_scope, arg_scope
from ...layers.normalizing import batch_norm
from ...layers.utilities import collect_named_outputs, last_dimension
from .parts import conv2d, names
from .resnet_utils import conv2d_same, export_family, make_resnet, subsample


@add_arg_scope
def bottleneck(inputs, depth, depth_bottleneck, stride, rate=1, outputs_collections=None, scope=None):
    """A unit: batch normalization and three convolutions whose output is added to the input.

    Args:
      inputs: a tensor of images.
      depth, depth_bottleneck: the channels of the output, and in between.
      stride, rate: of the second convolution.
      outputs_collections: collections for the output.
      scope: the variable scope.
    """
    with variable_scope(scope, "bottleneck_v2", [inputs]) as sc:
        channels = last_dimension(inputs.get_shape(), min_rank=4)
        before = batch_norm(inputs, activation_fn=relu, scope="preact")
        if depth == channels:
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = conv2d(before, depth, [1, 1], stride=stride, normalizer_fn=None, activation_fn=None, scope="shortcut")
        residual = conv2d(before, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = conv2d(residual, depth, [1, 1], stride=1, normalizer_fn=None, activation_fn=None, scope="conv3")
        return collect_named_outputs(outputs_collections, sc.name, shortcut + residual)


def _root(net):
    with arg_scope([conv2d], activation_fn=None, normalizer_fn=None):
        return conv2d_same(net, 64, 7, stride=2, scope="conv1")


def _finish(net):
    return batch_norm(net, activation_fn=relu, scope="postnorm")


for _name, _made in export_family("resnet_v2", make_resnet("resnet_v2", bottleneck, _root, _finish), bottleneck).items():
    globals()[_name] = export(*names("resnet_v2", _name))(_made)

open_namespace(globals())
