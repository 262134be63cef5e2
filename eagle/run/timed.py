"""Programs that take the time of each operation: what a run with `RunOptions.FULL_TRACE` does."""

import time

import numpy as np

from ..core import dtypes
from .codegen import Program

DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"


class TimedProgram(Program):
    """A plan as a program over NumPy that notes when each operation began and ended, with the memory of its outputs.

    Attributes:
      notes: for each run of an operation, in order: the operation, when it began, when it ended, (type, shape, bytes) of outputs.
    """

    def __init__(self, plan, state):
        self.notes = []
        self._operations = []
        super().__init__(plan, state)

    def write(self, op):
        begin = self._stamp(op)
        super().write(op)
        values = [self._expressions[t] for t in op.outputs if type(self._expressions.get(t)) is str]
        values = [v for v in values if v.isidentifier()]
        self.statement(None, "%s(%s, [%s])" % (self.bind("note", self._note), begin, ", ".join(values)))

    def _stamp(self, op):
        name = self.fresh("began")
        self._operations.append(op)
        self.statement(None, "%s = %d, %s()" % (name, len(self._operations) - 1, self.bind("now", time.time)), [name])
        return name

    def _note(self, began, values):
        number, start = began
        arrays = [v for v in values if isinstance(v, np.ndarray | np.generic)]
        self.notes.append((self._operations[number], start, time.time(), [(v.dtype, v.shape, v.nbytes) for v in arrays]))


def add_step_stats(notes, metadata):
    """Adds what a timed program noted to a `RunMetadata`."""
    device = metadata.step_stats.dev_stats.add(device=DEVICE)
    for op, start, end, outputs in notes:
        inputs = ", ".join(t.op.name if not t.value_index else t.name for t in op._inputs)
        stats = device.node_stats.add(
            node_name=op.name,
            all_start_micros=int(start * 1e6),
            op_end_rel_micros=max(int((end - start) * 1e6), 1),
            all_end_rel_micros=max(int((end - start) * 1e6), 1),
            timeline_label="%s = %s(%s)" % (op.name, op.type, inputs),
            all_start_nanos=int(start * 1e9),
            op_end_rel_nanos=int((end - start) * 1e9),
            all_end_rel_nanos=int((end - start) * 1e9),
        )
        for slot, (dtype, shape, size) in enumerate(outputs):
            description = stats.output.add(slot=slot).tensor_description
            description.dtype = dtypes.FROM_NUMPY.get(dtype, dtypes.string).as_datatype_enum
            description.shape.SetInParent()
            for d in shape:
                description.shape.dim.add(size=d)
            description.allocation_description.requested_bytes = size
            description.allocation_description.allocator_name = "cpu"
