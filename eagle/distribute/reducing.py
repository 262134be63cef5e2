"""`tf.distribute.ReduceOp`: how the values of replicas become one."""

import enum

from ..core.export import export
from ..variables.base import VariableAggregation


@export("distribute.ReduceOp")
class ReduceOp(enum.Enum):
    """How the values of replicas become one: their sum or their mean."""

    SUM = "SUM"
    MEAN = "MEAN"

    @staticmethod
    def from_variable_aggregation(aggregation):
        """The `ReduceOp` for a `tf.VariableAggregation`; raises ValueError if there is none."""
        found = {VariableAggregation.SUM: ReduceOp.SUM, VariableAggregation.MEAN: ReduceOp.MEAN}.get(aggregation)
        if found is None:
            raise ValueError("Could not convert from `tf.VariableAggregation` %s to`tf.distribute.ReduceOp` type" % (aggregation,))
        return found


def as_reduce_op(given):
    """A `ReduceOp`, given as such or by name in letters of any case."""
    return ReduceOp(given.upper()) if isinstance(given, str) else given
