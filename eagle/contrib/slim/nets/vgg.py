"""The networks of Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014."""

from ....core.export import export, open_namespace
from ....ops.initializers import Zeros
from ....variables.scope import variable_scope
from ...framework.arg_scopes import arg_scope
from ...layers.convolutions import fully_connected
from ...layers.shaping import max_pool2d, repeat
from .parts import classifier, conv2d, names, plain_arg_scope, with_end_points


@export(*names("vgg", "vgg_arg_scope"))
def vgg_arg_scope(weight_decay=0.0005):
    """The arguments of the layers; `weight_decay` is the factor of the regularization."""
    return plain_arg_scope(weight_decay, Zeros(), False)


def _vgg(name, counts, is_named_by_scope, decorated):
    """A network of five groups of convolutions, as many in each as `counts` says."""

    def vgg(inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.5, spatial_squeeze=True, scope=name):
        with variable_scope(scope, name, [inputs]) as sc:
            collection = (sc.name if is_named_by_scope else sc.original_name_scope) + "_end_points"
            with arg_scope(decorated, outputs_collections=collection):
                net = inputs
                for i, (count, channels) in enumerate(zip(counts, (64, 128, 256, 512, 512))):
                    net = repeat(net, count, conv2d, channels, [3, 3], scope="conv%d" % (i + 1))
                    net = max_pool2d(net, [2, 2], scope="pool%d" % (i + 1))
                net = classifier(net, (4096, 4096, [7, 7]), num_classes, dropout_keep_prob, is_training)
                return with_end_points(net, spatial_squeeze, sc, collection)

    vgg.__name__ = vgg.__qualname__ = name
    vgg.__doc__ = """The network with %d layers.

    Args:
      inputs: a tensor `[batch, height, width, channels]`.
      num_classes: how many classes there are.
      is_training: whether the dropout is on.
      dropout_keep_prob: which part it keeps.
      spatial_squeeze: whether to leave out the spatial dimensions of the output, which are 1 for images of 224.
      scope: the variable scope.

    Returns:
      The logits, and a dictionary of the outputs of the layers.
    """ % (sum(counts) + 3)
    vgg.default_image_size = 224
    return export(*names("vgg", name))(vgg)


vgg_a = _vgg("vgg_a", (1, 1, 2, 2, 2), False, [conv2d, max_pool2d])
vgg_16 = _vgg("vgg_16", (2, 2, 3, 3, 3), False, [conv2d, fully_connected, max_pool2d])
vgg_19 = _vgg("vgg_19", (2, 2, 4, 4, 4), True, [conv2d, fully_connected, max_pool2d])
vgg_d = export(*names("vgg", "vgg_d"))(vgg_16)
vgg_e = export(*names("vgg", "vgg_e"))(vgg_19)

open_namespace(globals())
