"""`tf.contrib.losses.metric_learning`: losses that move embeddings of one label together and those of others apart.

All but the contrastive loss compare each example of a batch with each other one: `[batch_size, batch_size]` matrices hold the
distances (or similarities) and whether two examples have a label in common.
"""

from ...core import dtypes
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.sparse_tensor import SparseTensor

_PLACE = "contrib.losses.metric_learning."


def _distances(embeddings, squared=False):
    """The Euclidean distances between all pairs of rows; where two rows are equal no gradient flows through the root."""
    norms = tf.reduce_sum(tf.square(embeddings), axis=[1], keepdims=True)
    other_norms = tf.reduce_sum(tf.square(tf.transpose(embeddings)), axis=[0], keepdims=True)
    found = tf.add(norms, other_norms) - 2.0 * tf.matmul(embeddings, tf.transpose(embeddings))
    found = tf.maximum(found, 0.0)  # rounding makes some of them negative
    vanishes = tf.less_equal(found, 0.0)
    if not squared:
        found = tf.sqrt(found + tf.cast(vanishes, dtypes.float32) * 1e-16)
    found = tf.multiply(found, tf.cast(tf.logical_not(vanishes), dtypes.float32))
    count = tf.shape(embeddings)[0]
    return tf.multiply(found, tf.ones_like(found) - tf.diag(tf.ones([count])))


def _column(labels):
    """A vector of labels as a matrix of one column."""
    shape = tf.shape(labels)
    assert shape.shape.as_list() == [1]
    return tf.reshape(labels, [shape[0], 1])


def _same(labels):
    """Which pairs of examples have the same label."""
    return tf.equal(labels, tf.transpose(labels))


def _greatest(values, mask):
    """The greatest of the chosen elements of each row, a column; the least of all where none is chosen."""
    least = tf.reduce_min(values, 1, keepdims=True)
    return tf.reduce_max(tf.multiply(values - least, mask), 1, keepdims=True) + least


def _least(values, mask):
    """The least of the chosen elements of each row, a column; the greatest of all where none is chosen."""
    greatest = tf.reduce_max(values, 1, keepdims=True)
    return tf.reduce_min(tf.multiply(values - greatest, mask), 1, keepdims=True) + greatest


def _positives(same, batch_size):
    """1 for each pair of two different examples of the same label, 0 for others."""
    return tf.cast(same, dtypes.float32) - tf.diag(tf.ones([batch_size]))


@export(_PLACE + "contrastive_loss")
def contrastive_loss(labels, embeddings_anchor, embeddings_positive, margin=1.0):
    """The mean of squared distances of pairs that belong together, and of what others lack in distance to a margin, squared.

    Args:
      labels: a vector, 1 for each pair that belongs together and 0 for others.
      embeddings_anchor, embeddings_positive: float matrices with a row for each pair.
      margin: the distance at which pairs are far enough apart.

    Returns:
      A float scalar.
    """
    distances = tf.sqrt(tf.reduce_sum(tf.squared_difference(embeddings_anchor, embeddings_positive), 1))
    together = tf.cast(labels, distances.dtype) * tf.square(distances)
    apart = (1.0 - tf.cast(labels, distances.dtype)) * tf.square(tf.maximum(margin - distances, 0.0))
    return tf.reduce_mean(together + apart, name="contrastive_loss")


@export(_PLACE + "triplet_semihard_loss")
def triplet_semihard_loss(labels, embeddings, margin=1.0):
    """The triplet loss in which each pair of one label is compared with the nearest other example that is farther away.

    Where no example of another label is farther away than the pair, the farthest one is taken.

    Args:
      labels: an int vector of shape `[batch_size]`.
      embeddings: a float32 matrix with a row for each example.
      margin: how much farther away other labels should be; distances are squared.

    Returns:
      A float32 scalar.
    """
    labels = _column(labels)
    distances = _distances(embeddings, squared=True)
    same = _same(labels)
    differ = tf.logical_not(same)
    batch_size = tf.size(labels)
    # Row j * batch_size + i is about the pair (i, j): which examples are of another label than i, and farther from it than j is.
    tiled = tf.tile(distances, [batch_size, 1])
    differ_tiled = tf.tile(differ, [batch_size, 1])
    farther = tf.logical_and(differ_tiled, tf.greater(tiled, tf.reshape(tf.transpose(distances), [-1, 1])))
    number = tf.reduce_sum(tf.cast(farther, dtypes.float32), 1, keepdims=True)
    are_any = tf.transpose(tf.reshape(tf.greater(number, 0.0), [batch_size, batch_size]))
    differ, farther = tf.cast(differ, dtypes.float32), tf.cast(farther, dtypes.float32)
    nearest_outside = tf.transpose(tf.reshape(_least(tiled, farther), [batch_size, batch_size]))
    farthest = tf.tile(_greatest(distances, differ), [1, batch_size])
    losses = tf.add(margin, distances - tf.where(are_any, nearest_outside, farthest))
    positives = _positives(same, batch_size)
    count = tf.reduce_sum(positives)
    total = tf.reduce_sum(tf.maximum(tf.multiply(losses, positives), 0.0))
    return tf.truediv(total, count, name="triplet_semihard_loss")


@export(_PLACE + "lifted_struct_loss")
def lifted_struct_loss(labels, embeddings, margin=1.0):
    """The loss by which the distance of each pair of one label is smaller than a soft minimum of its distances to other labels.

    Args:
      labels: an int vector of shape `[batch_size]`.
      embeddings: a float32 matrix with a row for each example.
      margin: how much farther away other labels should be.

    Returns:
      A float32 scalar.
    """
    labels = _column(labels)
    distances = _distances(embeddings)
    same = _same(labels)
    differ = tf.logical_not(same)
    batch_size = tf.size(labels)
    lacks = margin - distances
    differ = tf.cast(differ, dtypes.float32)
    greatest = _greatest(lacks, differ)
    # The exponents of a pair (i, j) are taken relative to the greater of what i and j lack, so that none overflows.
    offsets = tf.maximum(greatest, tf.transpose(greatest))
    tiled, differ_tiled = tf.tile(lacks, [batch_size, 1]), tf.tile(differ, [batch_size, 1])
    offset_column = tf.reshape(tf.transpose(offsets), [-1, 1])
    powers = tf.multiply(tf.exp(tiled - offset_column), differ_tiled)
    left = tf.reshape(tf.reduce_sum(powers, 1, keepdims=True), [batch_size, batch_size])
    losses = offsets + tf.log(left + tf.transpose(left))
    losses += distances
    positives = _positives(same, batch_size)
    count = tf.reduce_sum(positives) / 2.0  # each pair is there twice
    total = 0.25 * tf.reduce_sum(tf.square(tf.maximum(tf.multiply(losses, positives), 0.0)))
    return tf.truediv(total, count, name="liftedstruct_loss")


def _npairs(common, anchors, positives, reg_lambda, print_losses):
    """The N-pairs loss; `common()` is how many labels the anchor of each pair shares with the positive of each other one."""
    norms = tf.reduce_mean(tf.reduce_sum(tf.square(anchors), 1))
    other_norms = tf.reduce_mean(tf.reduce_sum(tf.square(positives), 1))
    l2loss = tf.multiply(0.25 * reg_lambda, norms + other_norms, name="l2loss")
    similarities = tf.matmul(anchors, positives, transpose_a=False, transpose_b=True)
    shares = common()
    shares /= tf.reduce_sum(shares, 1, keepdims=True)
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=similarities, labels=shares)
    loss = tf.reduce_mean(loss, name="xentropy")
    if print_losses:
        loss = tf.Print(loss, ["cross entropy:", loss, "l2loss:", l2loss])
    return l2loss + loss


@export(_PLACE + "npairs_loss")
def npairs_loss(labels, embeddings_anchor, embeddings_positive, reg_lambda=0.002, print_losses=False):
    """The N-pairs loss: a cross entropy by which each anchor is most similar to the positives of its label, and an L2 loss.

    Args:
      labels: an int vector, the labels of the pairs.
      embeddings_anchor, embeddings_positive: float32 matrices with a row for each pair, not normalized.
      reg_lambda: the weight of the L2 loss of the embeddings.
      print_losses: whether both losses are printed in each run.

    Returns:
      A float32 scalar.
    """

    def common():
        return tf.cast(_same(_column(labels)), dtypes.float32)

    return _npairs(common, embeddings_anchor, embeddings_positive, reg_lambda, print_losses)


def _common_labels(sparse_labels):
    """How many labels each two examples share."""
    count = len(sparse_labels)
    found = tf.zeros([count, count])
    for i, labels in enumerate(sparse_labels):
        for j, others in enumerate(sparse_labels):
            number = tf.cast(tf.sparse_reduce_sum(tf.sparse_minimum(labels, others)), dtypes.float32)
            number = tf.expand_dims(tf.expand_dims(number, 0), 1)
            found += tf.pad(number, [[i, count - i - 1], [j, count - j - 1]], "CONSTANT")
    return found


@export(_PLACE + "npairs_loss_multilabel")
def npairs_loss_multilabel(sparse_labels, embeddings_anchor, embeddings_positive, reg_lambda=0.002, print_losses=False):
    """The N-pairs loss of pairs that have several labels.

    Args:
      sparse_labels: a list with a `SparseTensor` for each pair, a vector with a 1 for each of its labels.
      embeddings_anchor, embeddings_positive, reg_lambda, print_losses: as of `npairs_loss`.

    Returns:
      A float32 scalar.

    Raises:
      TypeError: `sparse_labels` has something other than sparse tensors.
    """
    if not all(isinstance(labels, SparseTensor) for labels in sparse_labels):
        raise TypeError("sparse_labels must be a list of SparseTensors, but got %s" % (sparse_labels,))
    with name_scope("NpairsLossMultiLabel"):
        return _npairs(lambda: _common_labels(sparse_labels), embeddings_anchor, embeddings_positive, reg_lambda, print_losses)
