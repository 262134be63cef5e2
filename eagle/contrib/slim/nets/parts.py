"""What the networks have in common."""

from ....core.export import public as tf
from ....ops.activation import relu
from ....ops.initializers import TruncatedNormal
from ....variables.scope import variable_scope
from ...framework.arg_scopes import arg_scope
from ...layers.convolutions import fully_connected
from ...layers.regularizing import l2_regularizer
from ...layers.shaping import avg_pool2d, dropout, max_pool2d
from ...layers.utilities import convert_collection_to_dict

conv2d, separable_conv2d = tf.contrib.layers.conv2d, tf.contrib.layers.separable_conv2d


def names(net, function):
    """Where programs look for a function of a network."""
    return "contrib.slim.nets.%s.%s" % (net, function), "contrib.slim.python.slim.nets.%s.%s" % (net, function)


def truncated_normal(stddev):
    """An initializer."""
    return TruncatedNormal(0.0, stddev)


def plain_arg_scope(weight_decay, biases_initializer, valid_pools):
    """The arguments of networks that are chains of convolutions."""
    with arg_scope(
        [conv2d, fully_connected], activation_fn=relu, weights_regularizer=l2_regularizer(weight_decay),
        biases_initializer=biases_initializer,
    ), arg_scope([conv2d], padding="SAME") as scope:  # fmt: skip
        if not valid_pools:
            return scope
        with arg_scope([max_pool2d], padding="VALID") as scope:
            return scope


def classifier(net, sizes, num_classes, keep_prob, is_training, **last):
    """The end of such a network: three convolutions in place of dense layers, with dropout between them.

    Args:
      net: the tensor so far.
      sizes: the number of channels of the first two, and the window of the first one.
      num_classes: the number of channels of the last one.
      keep_prob, is_training: of the dropout.
      **last: more arguments of the last convolution.

    Returns:
      The logits.
    """
    first, second, window = sizes
    net = conv2d(net, first, window, padding="VALID", scope="fc6")
    net = dropout(net, keep_prob, is_training=is_training, scope="dropout6")
    net = conv2d(net, second, [1, 1], scope="fc7")
    net = dropout(net, keep_prob, is_training=is_training, scope="dropout7")
    return conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="fc8", **last)


def with_end_points(net, spatial_squeeze, sc, collection):
    """The logits and the dictionary of the end points of a network whose last layer is `fc8`."""
    end_points = convert_collection_to_dict(collection)
    if spatial_squeeze:
        net = tf.squeeze(net, [1, 2], name="fc8/squeezed")
        end_points[sc.name + "/fc8"] = net
    return net, end_points


# --------------------------------------------------------------------------------------------------------------- inception


def reduced_kernel_size(tensor, size):
    """A window that is no larger than an image."""
    height, width = tensor.get_shape().as_list()[1:3]
    return size if height is None or width is None else [min(height, size[0]), min(width, size[1])]


def checked_depth(depth_multiplier, min_depth):
    """The function from a number of channels to that of a thinner network; raises ValueError for a multiplier not above 0."""
    if depth_multiplier <= 0:
        raise ValueError("depth_multiplier is not greater than zero.")
    return lambda d: max(int(d * depth_multiplier), min_depth)


_POOLS = {"MaxPool": max_pool2d, "AvgPool": avg_pool2d}


def apply(net, step, depth):
    """A step of an inception network.

    Args:
      net: the tensor so far.
      step: a tuple: the name of the scope, which says the kind and the window ("Conv2d_0b_3x3"); for a convolution the number of
        channels; a dictionary of arguments if need be.  A list of steps stands for the concatenation of their outputs.
      depth: the function that thins a number of channels.
    """
    if isinstance(step, list):
        return tf.concat([apply(net, s, depth) for s in step], 3)
    scope, *rest = step
    options = rest.pop() if rest and isinstance(rest[-1], dict) else {}
    window = options.get("window") or [int(n) for n in scope.rpartition("_")[2].split("x")]
    options = {k: v for k, v in options.items() if k != "window"}
    pool = _POOLS.get(scope.partition("_")[0])
    if pool is not None:
        return pool(net, window, scope=scope, **options)
    return conv2d(net, depth(rest[0]), window, scope=scope, **options)


def mixed(net, branches, depth):
    """A module: branches side by side, each a list of steps."""
    outputs = []
    for i, steps in enumerate(branches):
        with variable_scope("Branch_%d" % i):
            branch = net
            for step in steps:
                branch = apply(branch, step, depth)
            outputs.append(branch)
    return tf.concat(outputs, 3)


def run_layers(net, layers, final_endpoint, depth, end_points):
    """Runs the layers of an inception network up to one.

    Args:
      net: the input.
      layers: pairs of a name and either a list of branches or the step of that name without its scope.
      final_endpoint: the name of the last layer.
      depth: the function that thins a number of channels.
      end_points: the dictionary that the outputs go to.

    Returns:
      The last output, and whether it is that of `final_endpoint`.
    """
    for name, layer in layers:
        if isinstance(layer, list):
            with variable_scope(name):
                net = mixed(net, layer, depth)
        elif callable(layer):
            net = layer(net, name)
        else:
            net = apply(net, (name, *layer), depth)
        end_points[name] = net
        if name == final_endpoint:
            return net, True
    return net, False
