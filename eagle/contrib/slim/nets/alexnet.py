"""The network of Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014."""

from ....core.export import export, open_namespace
from ....ops.initializers import Constant, Zeros
from ....variables.scope import variable_scope
from ...framework.arg_scopes import arg_scope
from ...layers.convolutions import fully_connected
from ...layers.shaping import max_pool2d
from .parts import classifier, conv2d, names, plain_arg_scope, truncated_normal, with_end_points


@export(*names("alexnet", "alexnet_v2_arg_scope"))
def alexnet_v2_arg_scope(weight_decay=0.0005):
    """The arguments of the layers; `weight_decay` is the factor of the regularization."""
    return plain_arg_scope(weight_decay, Constant(0.1), True)


@export(*names("alexnet", "alexnet_v2"))
def alexnet_v2(inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.5, spatial_squeeze=True, scope="alexnet_v2"):
    """The network.

    Args:
      inputs: a tensor `[batch, height, width, channels]`.
      num_classes: how many classes there are.
      is_training: whether the dropout is on.
      dropout_keep_prob: which part it keeps.
      spatial_squeeze: whether to leave out the spatial dimensions of the output, which are 1 for images of 224.
      scope: the variable scope.

    Returns:
      The logits, and a dictionary of the outputs of the layers.
    """
    with variable_scope(scope, "alexnet_v2", [inputs]) as sc:
        collection = sc.original_name_scope + "_end_points"
        with arg_scope([conv2d, fully_connected, max_pool2d], outputs_collections=[collection]):
            net = conv2d(inputs, 64, [11, 11], 4, padding="VALID", scope="conv1")
            net = max_pool2d(net, [3, 3], 2, scope="pool1")
            net = conv2d(net, 192, [5, 5], scope="conv2")
            net = max_pool2d(net, [3, 3], 2, scope="pool2")
            net = conv2d(net, 384, [3, 3], scope="conv3")
            net = conv2d(net, 384, [3, 3], scope="conv4")
            net = conv2d(net, 256, [3, 3], scope="conv5")
            net = max_pool2d(net, [3, 3], 2, scope="pool5")
            with arg_scope([conv2d], weights_initializer=truncated_normal(0.005), biases_initializer=Constant(0.1)):
                net = classifier(net, (4096, 4096, [5, 5]), num_classes, dropout_keep_prob, is_training, biases_initializer=Zeros())
            return with_end_points(net, spatial_squeeze, sc, collection)


alexnet_v2.default_image_size = 224

open_namespace(globals())
