"""Sums over the shards of a TPU, of which there is one here."""

import numpy as np

from ..core.convert import convert
from ..core.export import export
from ..core.op import IDENTITY, op
from ..platform import tf_logging as logging


@op("CrossReplicaSum")
def _cross_replica_sum(xp, input, group_assignment):
    return input


@_cross_replica_sum.shape
def _(input, group_assignment):
    return input


@_cross_replica_sum.grad("input", IDENTITY)
def _(g):
    return g


@_cross_replica_sum.samples
def _(make):
    yield make(2, 3), np.array([[0]], np.int32)


@export("tpu.cross_replica_sum", "contrib.tpu.cross_replica_sum", "contrib.tpu.python.ops.tpu_ops.cross_replica_sum",
        "contrib.tpu.ops.cross_replica_sum")  # fmt: skip
def cross_replica_sum(x, group_assignment=None, name=None):
    """The sum over the shards of a TPU, which is the tensor itself where there is none.

    Args:
      x: a tensor.
      group_assignment: the shards that are summed, a list of lists.
      name: the name of the node.
    """
    if group_assignment is None:
        logging.warning("cross_replica_sum should be used within a tpu_shard_context, but got unset number_of_shards. Assuming 1.")
        group_assignment = [[0]]
    return _cross_replica_sum(convert(x), group_assignment, name=name)
