"""Accumulators of gradients at run time: sums that are taken when enough gradients were added, and their ops."""

import collections

import numpy as np

from ..core import shape as shapes
from ..core.constant import eager_name
from ..core.dtypes import FROM_NUMPY, NamedResource
from ..core.errors import invalid
from ..core.op import Host, State, op
from ..platform import tf_logging
from .queue_state import Attempt, Waiting, cancelled, private_names, try_line

_NOTHING, _COMPLETE = 0, 2


class Accumulator(NamedResource):
    """A sum of gradients.

    Attributes:
      type, shape: of the gradients; the shape may be known in part.
      name: as messages show it.
      count: how many gradients were added since the last one was taken.
      step: the step that gradients must not be older than.
    """

    def __init__(self, dtype, shape, name, reduction_type):
        self.type, self.shape_wanted, self.name, self.mean = dtype, shape, name, reduction_type == "MEAN"
        self.count = self.step = 0
        self._takers = collections.deque()
        self._waiting = _Line(self._takers)

    def set_step(self, step):
        with self._waiting.lock:
            if step < self.step:
                tf_logging.warning("Attempt to set current_global_step_ to smaller value: current_global_step_ = %d >= %d = "
                                   "new_global_step.", self.step, step)  # fmt: skip
            self.step = step

    def apply(self, step, *gradient):
        """Adds a gradient, unless it is of an older step."""
        with self._waiting.lock:
            if step >= self.step:
                self.check(*gradient)
                if self.count:
                    self.add(*gradient)
                else:
                    self.begin(*gradient)
                self.count += 1
            self._waiting.flush()

    def take(self, required):
        """The sum or mean of the gradients; waits until there are as many as are required."""
        if required <= 0:
            raise invalid("Argument num_required must be positive, but was %d", required)

        def run(attempt):
            if self.count < required:
                return _NOTHING
            self.step += 1
            attempt.result = self.result()
            self.count = 0
            return _COMPLETE

        return self._waiting.submit(self._takers, Attempt(run), "TakeGrad")

    def close(self):
        """Ends with its session: whoever waits fails."""
        with self._waiting.lock:
            for attempt in self._takers:
                if not attempt.is_done:
                    attempt.finish(cancelled("TakeGrad operation was cancelled"))
            self._takers.clear()

    # ---------------------------------------------------------------------------------------------------- dense gradients

    def check(self, gradient):
        """Raises if a gradient has a wrong type or shape."""
        self.check_type(gradient)
        for want in ([self._sum.shape] if self.count else []) + [self.shape_wanted]:
            if not shapes.compatible(want, np.shape(gradient)):
                raise invalid("Shape mismatch: expected %s, got %s", shapes.to_brackets(want),
                              shapes.to_brackets(np.shape(gradient)))  # fmt: skip

    def check_type(self, gradient):
        have = FROM_NUMPY[gradient.dtype]
        if have is not self.type:
            names = eager_name(have), eager_name(self.type)
            raise invalid("Signature mismatch, have: resource,int64,%s-> expected: resource,int64,%s->", *names)

    def begin(self, gradient):
        self._sum = np.array(gradient)

    def add(self, gradient):
        self._sum = self._sum + gradient

    def result(self):
        return _divided(self._sum, self.count) if self.mean else self._sum


def _divided(total, count):
    """A sum divided by a number, as C++ divides."""
    if total.dtype.kind in "iu":
        return np.trunc(total / count).astype(total.dtype)
    return total / np.asarray(count).astype(total.dtype)


class _Line(Waiting):
    """The line of those who wait to take a gradient."""

    def __init__(self, takers):
        super().__init__()
        self._takers = takers

    def flush(self):
        while try_line(self._takers):
            pass


class SparseAccumulator(Accumulator):
    """A sum of gradients given by rows: indices, rows, and the shape of the whole or None."""

    def check(self, indices, values, shape):
        self.check_type(values)
        if indices.ndim != 1:
            raise invalid("Input indices should be vector but received shape: %s", shapes.to_brackets(indices.shape))
        if not values.ndim:
            raise invalid("Values cannot be 0-dimensional.")
        if len(values) != len(indices):
            raise invalid("Expected %d non-empty input values, got %d", len(indices), len(values))
        wanted = self.shape_wanted or ()
        if shape is not None:
            self._check_whole(wanted, shape)
        if wanted and wanted[0] is not None:
            for i, index in enumerate(indices.tolist()):
                if index >= wanted[0]:
                    raise invalid("Shape mismatch: index of slice %d exceeded limits of shape; index is %d exceeded %d",
                                  i, index, wanted[0])  # fmt: skip
        self._check_rows(self._values.shape if self.count else wanted, values.shape)

    def _check_whole(self, wanted, shape):
        if len(wanted) > shape.size:
            raise invalid("Shape mismatch: expected shape rank at least %d, got %d", len(wanted), shape.size)
        for i, (want, have) in enumerate(zip(wanted, shape.tolist())):
            if want is not None and want != have:
                raise invalid("Shape mismatch: expected shape dim %d to be %d, got %d", i, want, have)

    def _check_rows(self, wanted, have):
        if self.count and len(wanted) != len(have):
            raise invalid("Shape mismatch: expected values rank %d, got %d", len(wanted), len(have))
        if len(wanted) > len(have):
            raise invalid("Shape mismatch: expected values rank at least %d, got %d", len(wanted), len(have))
        for i in range(1, len(wanted)):
            if wanted[i] is not None and wanted[i] != have[i]:
                raise invalid("Shape mismatch: expected values dim %d to be %d, got %d", i, wanted[i], have[i])

    def begin(self, indices, values, shape):
        self._indices, self._values = indices.tolist(), np.array(values)
        self._counts = [1] * len(self._indices)

    def add(self, indices, values, shape):
        """Merges rows into those there, as two sorted lists are merged."""
        new, i, j = indices.tolist(), 0, 0
        merged, rows, counts = [], [], []
        while i < len(self._indices) or j < len(new):
            a = self._indices[i] if i < len(self._indices) else None
            b = new[j] if j < len(new) else None
            from_old = b is None or a is not None and a <= b
            from_new = a is None or b is not None and b <= a
            merged.append(a if from_old else b)
            counts.append((self._counts[i] if from_old else 0) + (1 if from_new else 0))
            rows.append(values[j] + self._values[i] if from_old and from_new else self._values[i] if from_old else values[j])
            i += from_old
            j += from_new
        self._indices, self._counts = merged, counts
        self._values = np.stack(rows) if rows else values[:0]

    def result(self):
        values = self._values
        if self.mean and len(values):
            values = np.stack([_divided(row, count) for row, count in zip(values, self._counts)])
        first = self.shape_wanted[0] if self.shape_wanted else None
        shape = [-1 if first is None else first, *values.shape[1:]]
        return np.array(self._indices, np.int64), values.astype(self.type.np), np.array(shape, np.int64)


# --------------------------------------------------------------------------------------------------------------------- ops


def _made(kind, state, node_name, attrs):
    name = attrs["shared_name"] or "_%d_%s" % (next(private_names), node_name)
    key = attrs["shared_name"] or (node_name,)
    return state.resource((attrs["container"], "accumulator"), key,
                          lambda: kind(attrs["dtype"], attrs["shape"], name, attrs["reduction_type"]))  # fmt: skip


@op("ResourceConditionalAccumulator", host=True)
def _accumulator(xp, *, dtype, shape, container="", shared_name="", reduction_type="MEAN", state: State):
    attrs = dict(dtype=dtype, shape=shape, container=container, shared_name=shared_name, reduction_type=reduction_type)
    return _made(Accumulator, state, state.node_name or "accumulator", attrs)


_accumulator.shape(lambda: (2,))


def _graphs_only(xp, *, dtype, shape, container="", shared_name="", reduction_type="MEAN"):
    raise NotImplementedError("an accumulator whose handle is a reference exists in graphs only")


def _emitter(kind):
    def emit(program, node):
        program.refer(node.outputs[0], program.bind(node._name, _made(kind, program.state, node._name, node.attrs)))

    return emit


for _name, _kind in (("ConditionalAccumulator", Accumulator), ("SparseConditionalAccumulator", SparseAccumulator)):
    _op = op(_name, host=True)(_graphs_only)
    _op.shape(lambda: (2,))
    _op.emits("numpy")(_emitter(_kind))


def _scalar_number(value, what):
    if np.ndim(value):
        raise invalid("Argument %s must be scalar, but had bad shape %s", what, shapes.to_brackets(np.shape(value)))
    return int(value)


def _apply(xp, handle, local_step, gradient):
    handle.apply(_scalar_number(local_step, "local_step"), gradient)
    return ()


def _set_step(xp, handle, new_global_step):
    handle.set_step(_scalar_number(new_global_step, "num_required"))
    return ()


def _take(xp, handle, num_required: Host, *, dtype):
    if dtype is not handle.type:
        raise invalid("Signature mismatch, have: resource,int32->%s expected: resource,int32->%s",
                      eager_name(dtype), eager_name(handle.type))  # fmt: skip
    return handle.take(num_required)


def _number(xp, handle):
    return np.int32(handle.count)


def _apply_rule(handle, local_step, gradient):
    shapes.with_rank(local_step, 0)
    return []


def _set_rule(handle, new_global_step):
    shapes.with_rank(new_global_step, 0)
    return []


_KERNELS = {
    "AccumulatorApplyGradient": (_apply, _apply_rule, 0),
    "AccumulatorSetGlobalStep": (_set_step, _set_rule, 0),
    "AccumulatorTakeGradient": (_take, lambda handle, num_required: None, 2),
    "AccumulatorNumAccumulated": (_number, lambda handle: (), 0),
}
OPS = {}
for _name, (_kernel, _rule, _waits) in _KERNELS.items():
    for _form in (_name, "Resource" + _name):
        OPS[_form] = op(_form, host=True, waits=_waits, ignores=() if _kernel is _take else ("dtype",))(_kernel)
        OPS[_form].shape(_rule)


@op("SparseAccumulatorApplyGradient", host=True, ignores=("dtype",))
def apply_sparse(xp, handle, local_step, gradient_indices, gradient_values, gradient_shape, *, has_known_shape):
    step = _scalar_number(local_step, "local_step")
    handle.apply(step, gradient_indices, gradient_values, gradient_shape if has_known_shape else None)
    return ()


@apply_sparse.shape
def _(handle, local_step, gradient_indices, gradient_values, gradient_shape):
    shapes.with_rank(local_step, 0)
    return []


@op("SparseAccumulatorTakeGradient", host=True, waits=2)
def take_sparse(xp, handle, num_required: Host, *, dtype):
    return _take(xp, handle, num_required, dtype=dtype)


take_sparse.shape(lambda handle, num_required: [None, None, None])
