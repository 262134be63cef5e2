"""Moving averages of variables: `tf.train.ExponentialMovingAverage`."""

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import init_scope, name_scope
from ..core.tensor import EagerTensor
from ..ops.flow import group
from ..variables.assigning import assign, assign_sub
from ..variables.base import Variable
from ..variables.listing import global_variables, moving_average_variables, trainable_variables
from ..variables.scope import get_variable, get_variable_scope, variable_scope
from .optimizer import placed_with
from .slots import create_slot, create_zeros_slot


@export("python.training.moving_averages.assign_moving_average")
def assign_moving_average(variable, value, decay, zero_debias=True, name=None):
    """An operation that moves a variable towards a value: `variable -= (1 - decay) * (variable - value)`.

    Args:
      variable: the variable.
      value: a tensor of its shape and type.
      decay: a number or tensor: how slowly it moves.
      zero_debias: whether the average, which begins with zero, is divided by what is missing because of that (Kingma and Ba,
        2015); that takes two more variables.
      name: the name scope.

    Returns:
      What the assignment gives.
    """
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        decay = convert(1.0 - decay, name="decay")
        if decay.dtype is not variable.dtype.base_dtype:
            decay = resolve("cast")(decay, variable.dtype.base_dtype)
        if zero_debias:
            return _zero_debias(variable, value, decay)
        return assign_sub(variable, (variable - value) * decay, name=scope)


def _zero_debias(variable, value, decay):
    with variable_scope(variable.name[:-2], values=[variable, value, decay]):
        with init_scope():
            zeros = resolve("zeros_initializer")
            initializers = zeros(), zeros()
        with placed_with(variable):
            biased = get_variable(
                _unused("biased"), initializer=initializers[0], shape=variable.get_shape(), dtype=variable.dtype, trainable=False
            )
            step = get_variable(_unused("local_step"), shape=[], dtype=variable.dtype, initializer=initializers[1], trainable=False)
    moved = assign_sub(biased, (biased - value) * decay)
    steps = step.assign_add(1)
    missing = 1 - resolve("pow")(1.0 - decay, steps)
    scope = here.scope.rstrip("/") if here.eager else get_default_graph().get_name_scope()
    return assign(variable, moved / missing, name=scope + "/")


def _unused(name):
    """A name for a variable that the current variable scope does not have yet, unless it reuses variables."""
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = [v.op.name for v in scope.global_variables()]
    full = "%s/%s" % (scope.name, name)
    if full not in taken:
        return name
    number = 1
    while "%s_%d" % (full, number) in taken:
        number += 1
    return "%s_%d" % (name, number)


@export("python.training.moving_averages.weighted_moving_average")
def weighted_moving_average(value, decay, weight, truediv=True, collections=None, name=None):
    """The moving average of a value with weights: those of `value * weight` divided by those of `weight`.

    Args:
      value: a tensor.
      decay: a number or tensor: how slowly the averages move.
      weight: a tensor that is multiplied by `value`.
      truediv: whether the division is `tf.truediv` or that of Python 2.
      collections: the collections that the two variables are added to; by default `GraphKeys.GLOBAL_VARIABLES`.
      name: the name of the variable scope.

    Returns:
      A tensor.
    """
    collections = ["variables"] if collections is None else collections
    with variable_scope(name, "WeightedMovingAvg", [value, weight, decay]) as scope:
        averages = []
        for part_name, part in (("value_x_weight", value), ("weight", weight)):
            averages.append(
                get_variable(part_name, shape=part.get_shape(), dtype=part.dtype, initializer=resolve("zeros_initializer")(),
                             trainable=False, collections=collections)
            )  # fmt: skip
        numerator = assign_moving_average(averages[0], value * weight, decay, zero_debias=False)
        denominator = assign_moving_average(averages[1], weight, decay, zero_debias=False)
        return resolve("truediv" if truediv else "div")(numerator, denominator, name=scope.name)


@export("train.ExponentialMovingAverage")
class ExponentialMovingAverage:
    """Keeps moving averages of variables, as shadow variables beside them: `shadow -= (1 - decay) * (shadow - variable)`.

    Args:
      decay: a number or tensor: how slowly averages move.
      num_updates: how many updates there were; if given, the decay is at most `(1 + num_updates) / (10 + num_updates)`.
      zero_debias: whether averages of tensors, which begin with zero, are corrected for that.
      name: the name of the shadow variables behind those of the variables.
    """

    def __init__(self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"):
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages = {}  # variable or tensor -> its shadow variable

    @property
    def name(self):
        """The name."""
        return self._name

    def apply(self, var_list=None):
        """An operation that updates the averages, whose shadow variables are made if they are not there.

        Args:
          var_list: variables and (in a graph) tensors; by default the trainable variables.

        Raises:
          TypeError: one is neither of a floating type, or is an eager tensor.
        """
        if var_list is None:
            var_list = trainable_variables()
        for v in var_list:
            if isinstance(v, EagerTensor):
                raise TypeError(
                    "tf.train.ExponentialMovingAverage does not support non-Variable tensors when eager execution is enabled."
                )
        debiased = set()
        for v in var_list:
            if v.dtype.base_dtype not in (dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64):
                raise TypeError("The variables must be half, float, or double: %s" % v.name)
            if v not in self._averages:
                self._averages[v] = self._make(v, debiased)
        with name_scope(self._name) as scope:
            decay = convert(self._decay, name="decay")
            if self._num_updates is not None:
                updates = resolve("cast")(self._num_updates, dtypes.float32, name="num_updates")
                decay = resolve("minimum")(decay, (1.0 + updates) / (10.0 + updates))
            return group(*[assign_moving_average(self._averages[v], v, decay, v in debiased) for v in var_list], name=scope)

    def _make(self, v, debiased):
        with init_scope():
            if isinstance(v, Variable):
                shadow = create_slot(v, v.initialized_value(), self._name, colocate_with_primary=True)
                get_default_graph().add_to_collection("moving_average_variables", v)
                return shadow
            is_variable = v.op.type in ("Variable", "VariableV2", "VarHandleOp")
            if self._zero_debias:
                debiased.add(v)
            return create_zeros_slot(v, self._name, colocate_with_primary=is_variable)

    def average(self, var):
        """The variable that holds the average of a variable, or None."""
        return self._averages.get(var)

    def average_name(self, var):
        """The name of the variable that holds, or would hold, the average of a variable."""
        if var in self._averages:
            return self._averages[var].op.name
        return get_default_graph().unique_name("%s/%s" % (var.op.name, self._name), mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables=None):
        """What a `Saver` is to restore so that variables begin with their averages: a dictionary from names to variables.

        Args:
          moving_avg_variables: the variables with averages; by default the trainable ones and those averaged.
        """
        if moving_avg_variables is None:
            moving_avg_variables = trainable_variables() + moving_average_variables()
        averaged = list(dict.fromkeys(moving_avg_variables))
        found = {self.average_name(v): v for v in averaged}
        names = {v.name for v in averaged}
        for v in dict.fromkeys(global_variables()):
            if v.name not in names and v.op.name not in found:
                found[v.op.name] = v
        return found
