"""The networks of He et al., Deep Residual Learning for Image Recognition, 2015."""

from ....core.export import export, open_namespace
from ....ops.activation import relu
from ....variables.scope import variable_scope
from ...framework.arg_scopes import add_arg_scope
from ...layers.utilities import collect_named_outputs, last_dimension
from .parts import conv2d, names
from .resnet_utils import conv2d_same, export_family, make_resnet, subsample


@add_arg_scope
def bottleneck(inputs, depth, depth_bottleneck, stride, rate=1, outputs_collections=None, scope=None):
    """A unit: three convolutions whose output is added to the input.

    Args:
      inputs: a tensor of images.
      depth, depth_bottleneck: the channels of the output, and in between.
      stride, rate: of the second convolution.
      outputs_collections: collections for the output.
      scope: the variable scope.
    """
    with variable_scope(scope, "bottleneck_v1", [inputs]) as sc:
        if depth == last_dimension(inputs.get_shape(), min_rank=4):
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = conv2d(inputs, depth, [1, 1], stride=stride, activation_fn=None, scope="shortcut")
        residual = conv2d(inputs, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = conv2d(residual, depth, [1, 1], stride=1, activation_fn=None, scope="conv3")
        return collect_named_outputs(outputs_collections, sc.name, relu(shortcut + residual))


def _root(net):
    return conv2d_same(net, 64, 7, stride=2, scope="conv1")


for _name, _made in export_family("resnet_v1", make_resnet("resnet_v1", bottleneck, _root, lambda net: net), bottleneck).items():
    globals()[_name] = export(*names("resnet_v1", _name))(_made)

open_namespace(globals())
