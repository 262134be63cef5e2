"""What residual networks are made of: blocks of units, with holes where strides would make the output too small."""

import collections

from ....core.export import export, open_namespace, public as tf
from ....ops.activation import relu
from ....ops.initializers import contrib_variance_scaling_initializer
from ....variables.scope import variable_scope
from ...framework.arg_scopes import add_arg_scope, arg_scope
from ...layers.normalizing import batch_norm
from ...layers.regularizing import l2_regularizer
from ...layers.shaping import max_pool2d, softmax
from ...layers.utilities import collect_named_outputs, convert_collection_to_dict
from .parts import conv2d, names


@export(*names("resnet_utils", "Block"))
class Block(collections.namedtuple("Block", ["scope", "unit_fn", "args"])):
    """A block of a residual network.

    Attributes:
      scope: its variable scope.
      unit_fn: a function that makes a unit.
      args: a list of dictionaries of the arguments of its units.
    """


@export(*names("resnet_utils", "subsample"))
def subsample(inputs, factor, scope=None):
    """Every `factor`-th pixel of images in both directions."""
    return inputs if factor == 1 else max_pool2d(inputs, [1, 1], stride=factor, scope=scope)


@export(*names("resnet_utils", "conv2d_same"))
def conv2d_same(inputs, num_outputs, kernel_size, stride, rate=1, scope=None):
    """A convolution with padding that does not depend on the size of the images, whatever the stride.

    Args:
      inputs: a tensor of images.
      num_outputs, kernel_size, stride, rate, scope: as of `conv2d`; integers.
    """
    if stride == 1:
        return conv2d(inputs, num_outputs, kernel_size, stride=1, rate=rate, padding="SAME", scope=scope)
    total = kernel_size + (kernel_size - 1) * (rate - 1) - 1
    pads = [total // 2, total - total // 2]
    inputs = tf.pad(inputs, [[0, 0], pads, pads, [0, 0]])
    return conv2d(inputs, num_outputs, kernel_size, stride=stride, rate=rate, padding="VALID", scope=scope)


@export(*names("resnet_utils", "stack_blocks_dense"))
@add_arg_scope
def stack_blocks_dense(net, blocks, output_stride=None, outputs_collections=None):
    """Blocks one after the other.

    Args:
      net: a tensor of images.
      blocks: a list of `Block`.
      output_stride: how many times smaller than `net` the output may become; from there on windows have holes instead.
      outputs_collections: collections for the outputs of the blocks.

    Raises:
      ValueError: the strides don't make it so.
    """
    current, rate = 1, 1
    for block in blocks:
        with variable_scope(block.scope, "block", [net]) as sc:
            for i, unit in enumerate(block.args):
                if output_stride is not None and current > output_stride:
                    raise ValueError("The target output_stride cannot be reached.")
                with variable_scope("unit_%d" % (i + 1), values=[net]):
                    if output_stride is not None and current == output_stride:
                        net = block.unit_fn(net, rate=rate, **dict(unit, stride=1))
                        rate *= unit.get("stride", 1)
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        current *= unit.get("stride", 1)
            net = collect_named_outputs(outputs_collections, sc.name, net)
    if output_stride is not None and current != output_stride:
        raise ValueError("The target output_stride cannot be reached.")
    return net


@export(
    *names("resnet_utils", "resnet_arg_scope"), *names("resnet_v1", "resnet_arg_scope"), *names("resnet_v2", "resnet_arg_scope")
)
def resnet_arg_scope(weight_decay=0.0001, batch_norm_decay=0.997, batch_norm_epsilon=1e-5, batch_norm_scale=True):
    """The arguments of the layers.

    Args:
      weight_decay: the factor of the regularization.
      batch_norm_decay, batch_norm_epsilon, batch_norm_scale: of the batch normalization.
    """
    normal = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": "update_ops",
    }
    with arg_scope(
        [conv2d], weights_regularizer=l2_regularizer(weight_decay), weights_initializer=contrib_variance_scaling_initializer(),
        activation_fn=relu, normalizer_fn=batch_norm, normalizer_params=normal,
    ), arg_scope([batch_norm], **normal), arg_scope([max_pool2d], padding="SAME") as scope:  # fmt: skip
        return scope


def make_resnet(name, bottleneck, root, finish):
    """The function that makes a residual network from blocks.

    Args:
      name: its name.
      bottleneck: the function that makes a unit.
      root: a function from the input to the output of the first convolution.
      finish: a function from the output of the blocks to what is pooled.
    """

    def resnet(inputs, blocks, num_classes=None, is_training=True, global_pool=True, output_stride=None, include_root_block=True,
               reuse=None, scope=None):  # fmt: skip
        """A residual network.

        Args:
          inputs: a tensor `[batch, height, width, channels]`.
          blocks: a list of `Block`.
          num_classes: how many classes there are; None to leave out the last layer.
          is_training: whether batch normalization trains.
          global_pool: whether to take the mean over each image.
          output_stride: how many times smaller than the input the output may become, or None.
          include_root_block: whether to begin with a convolution and pooling that make the images four times smaller.
          reuse, scope: of the variable scope.

        Returns:
          The output, and a dictionary of the outputs of the layers.

        Raises:
          ValueError: `output_stride` is not possible.
        """
        with variable_scope(scope, name, [inputs], reuse=reuse) as sc:
            collection = sc.original_name_scope + "_end_points"
            with (
                arg_scope([conv2d, bottleneck, stack_blocks_dense], outputs_collections=collection),
                arg_scope([batch_norm], is_training=is_training),
            ):
                net = inputs
                if include_root_block:
                    if output_stride is not None:
                        if output_stride % 4 != 0:
                            raise ValueError("The output_stride needs to be a multiple of 4.")
                        output_stride /= 4
                    net = max_pool2d(root(net), [3, 3], stride=2, scope="pool1")
                net = finish(stack_blocks_dense(net, blocks, output_stride))
                if global_pool:
                    net = tf.reduce_mean(net, [1, 2], name="pool5", keepdims=True)
                if num_classes is not None:
                    net = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="logits")
                end_points = convert_collection_to_dict(collection)
                if num_classes is not None:
                    end_points["predictions"] = softmax(net, scope="predictions")
                return net, end_points

    resnet.__name__ = resnet.__qualname__ = name
    resnet.default_image_size = 224
    return resnet


_UNITS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3), 200: (3, 24, 36, 3)}


def export_family(name, resnet, bottleneck):
    """Makes the functions for blocks and for the four networks public; gives them by name."""

    def block(scope, base_depth, num_units, stride):
        """A block of `num_units` units of which the last one has the stride."""
        unit = {"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}
        return Block(scope, bottleneck, [unit] * (num_units - 1) + [dict(unit, stride=stride)])

    def network(depth):
        full_name = "%s_%d" % (name, depth)

        def made(inputs, num_classes=None, is_training=True, global_pool=True, output_stride=None, reuse=None, scope=full_name):
            blocks = [
                block("block%d" % (i + 1), 64 << i, count, 1 if i == 3 else 2) for i, count in enumerate(_UNITS[depth])
            ]  # fmt: skip
            return resnet(
                inputs,
                blocks,
                num_classes,
                is_training,
                global_pool,
                output_stride,
                include_root_block=True,
                reuse=reuse,
                scope=scope,
            )

        made.__name__ = made.__qualname__ = full_name
        made.__doc__ = "The network with %d layers; arguments as of `%s`, without `blocks`." % (depth, name)
        made.default_image_size = 224
        return made

    block.__name__ = block.__qualname__ = name + "_block"
    found = {name: resnet, "bottleneck": bottleneck, name + "_block": block}
    found.update({"%s_%d" % (name, depth): network(depth) for depth in _UNITS})
    return found


open_namespace(globals())
