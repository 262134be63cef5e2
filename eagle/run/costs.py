"""What compiling a plan would save in each run, and what compiling costs: estimates from kinds of operations and static sizes.

The numbers were measured on two cores of a server of 2024 (see benchmarks/tiers.py, which measures them again).  They need only be
right within a factor of two or so: they decide which plans are compiled at all, and after how many runs.  They depend on the plan
alone and never on a clock, so that the same program runs the same way every time.
"""

import math

from .effects import bodies_of
from .plan import known_outputs

_CALL = 12e-6  # of a compiled program
_NODE = 1.2e-6  # of a kernel's call by a program over NumPy
_ELEMENT = 0.3e-9  # of an element of an operation's output on NumPy
_FUSED = 0.08e-9  # of the same in a compiled program, where several operations are one pass over memory
_MULTIPLICATION = 25e-12  # in products of matrices and convolutions, which take as long in both kinds of program
_COMPILING = 0.25, 0.012  # of a program, and of each operation in it

_FEWEST_RUNS, _MOST_RUNS = 16, 200  # before a compiled program takes over
_PART = 0.25  # of the time of compiling, which the runs before must have taken

_TURNS = 100  # of a loop, where nothing says how many
_SIZE = 32  # of a dimension, where nothing says how large it is

# Operations that take as long in both kinds of program, but for their calls.
_HEAVY = ("MatMul", "BatchMatMul", "Conv", "DepthwiseConv", "MaxPool", "AvgPool", "Cholesky", "Svd", "Qr", "MatrixInverse", "FFT")
_REDUCING = {"Sum", "Mean", "Max", "Min", "Prod", "ArgMax", "ArgMin", "SparseSoftmaxCrossEntropyWithLogits"}
_FREE = {"Const", "VariableV2", "Variable", "VarHandleOp", "Placeholder", "NoOp", "Identity", "ReadVariableOp", "Reshape"}


class Costs:
    """Estimates for a plan, in seconds.

    Attributes:
      numpy: a run over NumPy, without what takes as long in a compiled program.
      compiled: a run of the compiled program, without the same.
      same: what takes as long in both.
      compiling: compiling it.
    """

    def __init__(self, plan):
        self.numpy, self.compiled, self.same, self.compiling = 0.0, _CALL, 0.0, _COMPILING[0]
        self._add(plan.operations, plan.replaced, 1)

    def _add(self, operations, replaced, turns):
        for op in operations:
            if op.type in _FREE or known_outputs(op, replaced) is not None:
                continue
            inner = bodies_of(op)
            for body in inner:
                self._add(body.get_operations(), (), turns * (_TURNS if op.type.endswith("While") else 1 / max(len(inner), 1)))
            self.compiling += _COMPILING[1]
            self.numpy += turns * _NODE
            if op.type.startswith(_HEAVY):
                self.same += turns * _multiplications(op) * _MULTIPLICATION
            elif not inner:
                elements = sum(map(_elements, op.outputs)) + sum(map(_elements, op._inputs[:1])) * (op.type in _REDUCING)
                self.numpy += turns * elements * _ELEMENT
                self.compiled += turns * (elements * _FUSED + 20e-9)

    @property
    def saving(self):
        """What a compiled run saves; 0 if that is next to nothing."""
        saved = self.numpy - self.compiled
        return saved if saved > 0.02 * (self.numpy + self.same) and saved > 2e-6 else 0.0


def _elements(tensor):
    """How many elements a tensor has, or may have."""
    shape = tensor._shape
    return _SIZE if shape is None else math.prod([_SIZE if d is None else d for d in shape])


def _multiplications(op):
    """How many multiplications a product of matrices or a convolution does, about."""
    sizes = [_elements(t) for t in (*op._inputs, *op.outputs)]
    if "MatMul" in op.type:  # (m, k) (k, n) (m, n): the root of their product is m k n
        return math.sqrt(math.prod(sizes[:3]))
    if "Conv" in op.type:  # each element of the filter with each place of the output, or of its gradient
        filter = min(sizes[0:2] + sizes[-1:])
        return filter * max(sizes) / 32
    return 4 * max(sizes)


def switching(plan):
    """At which runs compiling begins and the compiled program takes over; None if that would not pay.

    The program takes over when the runs so far have taken a good part of the time that compiling takes: a plan that runs but a few
    times is not worth it, and one that runs for long does not wait for long.
    """
    costs = Costs(plan)
    if not costs.saving:
        return None
    switch = min(max(int(_PART * costs.compiling / (costs.numpy + costs.same)), _FEWEST_RUNS), _MOST_RUNS)
    return switch // 2, switch
