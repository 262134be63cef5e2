"""How pooling is computed: a plan for each geometry, in oneDNN primitives, in NumPy, and for XLA."""

import functools
import operator

import numpy as np

from ..core.dtypes import lowest
from ..onednn import ffi, library as onednn, primitives
from . import windows


@functools.lru_cache(maxsize=1024)
def plan(input_shape, window, strides, padding, data_format):
    """The `Plan` for pooling; `window` and `strides` have a number for each spatial dimension."""
    return Plan(input_shape, window, strides, padding, data_format)


class Plan:
    """Pooling of one geometry.

    Attributes:
      input_shape, output_shape: the shapes.
      window, strides, before, after, counts: for each spatial dimension: size of the window, step, padding, size of the output.
    """

    def __init__(self, input_shape, window, strides, padding, data_format):
        self.input_shape, self.window, self.strides, self.data_format = input_shape, window, strides, data_format
        sizes = windows.spatial_dims(input_shape, data_format)
        placed = [windows.place(n, w, s, 1, padding) for n, w, s in zip(sizes, window, strides)]
        self.counts, self.before, self.after = zip(*placed)
        channels = windows.channels_of(input_shape, data_format)
        self.output_shape = windows.assemble(input_shape[0], self.counts, channels, data_format)
        self.is_empty = 0 in input_shape or 0 in self.output_shape
        self.taps = windows.taps(window, self.counts, strides)
        self._primitives = {}

    @functools.cached_property
    def populations(self):
        """How many elements of the input each window has, to be broadcast over batch and channels (last)."""
        total = 1
        sizes = windows.spatial_dims(self.input_shape, self.data_format)
        for i, (size, width, step, before, count) in enumerate(zip(sizes, self.window, self.strides, self.before, self.counts)):
            first = np.arange(count) * step - before
            inside = np.minimum(first + width, size) - np.maximum(first, 0)
            total = total * inside.reshape([-1 if i == j else 1 for j in range(len(sizes))] + [1])
        return total

    def primitive(self, direction, dtype):
        """The oneDNN primitive for "max", "average" or the gradient of one of them; None if there is none for this type."""
        if dtype.itemsize > 4 or dtype.kind not in "fV":
            return None
        found = self._primitives.get(direction)
        if found is None:
            found = self._primitives[direction] = self._make_primitive(direction)
        return found or None

    def _make_primitive(self, direction):
        if not onednn.available():
            return False
        first = windows.is_channels_first(self.data_format)
        input, output = (primitives.activations(s, first) for s in (self.input_shape, self.output_shape))
        try:
            return primitives.pooling(direction, *input, *output, self.window, self.strides, self.before, self.after)
        except onednn.OneDnnError:
            return False


def _call(primitive, dtype, shape, *arrays):
    """Runs a primitive on arrays, in single precision."""
    result = np.empty(shape, np.float32)
    primitive(*[np.ascontiguousarray(a, np.float32) for a in arrays], result)
    return result if dtype == np.float32 else result.astype(dtype)


def _traced(plan, direction, xla, shape, *arrays):
    """Pooling or its gradient in a compiled program: `xla` gives XLA's own."""
    dtype = arrays[0].dtype
    primitive = ffi.serves() and plan.primitive(direction, dtype)
    if not primitive:
        return xla(plan, *arrays)
    content = ("pooling", direction, plan.data_format, plan.input_shape, plan.output_shape, plan.window, plan.strides, plan.before,
               plan.after)  # fmt: skip
    return ffi.call(primitive, content, shape, *[a.astype(np.float32) for a in arrays]).astype(dtype)


# ---------------------------------------------------------------------------------------------- by the array namespace


def maximum(xp, plan, x):
    """The greatest element of each window."""
    if plan.is_empty:
        return xp.zeros(plan.output_shape, x.dtype)
    if xp is not np:
        return _traced(plan, "max", xla_maximum, plan.output_shape, x)
    primitive = plan.primitive("max", x.dtype)
    return _call(primitive, x.dtype, plan.output_shape, x) if primitive else portable_maximum(plan, x)


def average(xp, plan, x):
    """The average of each window's elements, padding not counted."""
    if plan.is_empty:
        return xp.zeros(plan.output_shape, x.dtype)
    if xp is not np:
        return _traced(plan, "average", xla_average, plan.output_shape, x)
    primitive = plan.primitive("average", x.dtype)
    return _call(primitive, x.dtype, plan.output_shape, x) if primitive else portable_average(plan, x)


def maximum_gradient(xp, plan, x, g):
    """The gradient of the input: that of the output, given to the first greatest element of each window."""
    if plan.is_empty:
        return xp.zeros(plan.input_shape, g.dtype)
    if xp is not np:
        return _traced(plan, "max gradient", xla_maximum_gradient, plan.input_shape, x, g)
    primitive = plan.primitive("max gradient", x.dtype)
    return _call(primitive, x.dtype, plan.input_shape, x, g) if primitive else portable_maximum_gradient(plan, x, g)


def average_gradient(xp, plan, g):
    """The gradient of the input: that of the output in equal parts."""
    if plan.is_empty:
        return xp.zeros(plan.input_shape, g.dtype)
    if xp is not np:
        return _traced(plan, "average gradient", xla_average_gradient, plan.input_shape, g)
    primitive = plan.primitive("average gradient", g.dtype)
    return _call(primitive, g.dtype, plan.input_shape, g) if primitive else portable_average_gradient(plan, g)


def winners(xp, plan, x):
    """Which element of each window is the first greatest one, by its number in the window; channels are last."""
    padded = _padded(xp, plan, x)
    best, which = padded[plan.taps[0]], None
    for i, tap in enumerate(plan.taps[1:], 1):
        candidate = padded[tap]
        better = candidate > best
        which = xp.where(better, i, 0 if which is None else which)
        best = xp.where(better, candidate, best)
    return xp.zeros(best.shape, int) if which is None else which


def picked(xp, plan, x, values):
    """Of `values`, which lie as the input does, those where the windows of `x` have their first greatest elements."""
    if plan.is_empty:
        return xp.zeros(plan.output_shape, values.dtype)
    which = winners(xp, plan, x)
    padded = windows.pad(windows.channels_last(values, plan.data_format, xp), plan.before, plan.after, 0, xp)
    parts = [xp.where(which == i, padded[tap], values.dtype.type(0)) for i, tap in enumerate(plan.taps)]
    return windows.channels_back(functools.reduce(operator.add, parts), plan.data_format, xp)


def flat_winners(xp, plan, x, with_batch):
    """Where in the input, flattened, the first greatest elements of windows are; the batch counts if `with_batch`."""
    if plan.is_empty:
        return xp.zeros(plan.output_shape, np.int64)
    which = winners(xp, plan, x)
    index = np.arange(plan.input_shape[0]).reshape(-1, *[1] * (which.ndim - 1)) if with_batch else 0
    *places, channels = xp.indices(which.shape, sparse=True)[1:]
    offsets = np.unravel_index(np.arange(len(plan.taps)), plan.window)
    for place, offset, size, step, before in zip(places, offsets, plan.input_shape[1:-1], plan.strides, plan.before):
        index = index * size + place * step + xp.asarray(offset)[which] - before
    return index * plan.input_shape[-1] + channels


def _padded(xp, plan, x):
    return windows.pad(windows.channels_last(x, plan.data_format, xp), plan.before, plan.after, lowest(x.dtype), xp)


# ------------------------------------------------------------------------------------------------------------ in NumPy


def portable_maximum(plan, x):
    """The greatest element of each window, element by element of the window."""
    padded = _padded(np, plan, x)
    out = padded[plan.taps[0]]
    out = functools.reduce(np.maximum, [padded[t] for t in plan.taps[1:]], out)
    return windows.channels_back(out.copy() if len(plan.taps) == 1 else out, plan.data_format)


def portable_average(plan, x):
    """The average of each window, element by element of the window."""
    padded = windows.pad(windows.channels_last(_wide(x), plan.data_format), plan.before, plan.after)
    total = functools.reduce(operator.add, [padded[t] for t in plan.taps])
    return windows.channels_back((total / plan.populations).astype(x.dtype), plan.data_format)


def portable_maximum_gradient(plan, x, g):
    """The gradient of the input, element by element of the window."""
    which, g = winners(np, plan, x), windows.channels_last(g, plan.data_format)
    return _gathered(plan, [g * (which == i) for i in range(len(plan.taps))], g.dtype)


def portable_average_gradient(plan, g):
    """The gradient of the input, element by element of the window."""
    share = windows.channels_last(_wide(g), plan.data_format) / plan.populations
    return _gathered(plan, [share] * len(plan.taps), g.dtype)


def _gathered(plan, parts, dtype):
    """An array like the input, to whose windows' elements `parts` are added."""
    sizes = windows.spatial_dims(plan.input_shape, plan.data_format)
    padded = [b + d + a for b, d, a in zip(plan.before, sizes, plan.after)]
    total = np.zeros((parts[0].shape[0], *padded, parts[0].shape[-1]), _wide(parts[0]).dtype)
    for tap, part in zip(plan.taps, parts):
        total[tap] += part
    return windows.channels_back(np.ascontiguousarray(total[windows.crop(plan.before, sizes)], dtype), plan.data_format)


def _wide(x):
    """The array in single precision at least."""
    return x.astype(np.float32) if x.dtype.kind in "fV" and x.dtype.itemsize < 4 else x


# ------------------------------------------------------------------------------------------------------------- for XLA


def _reduced(plan, x, start, operation):
    from jax import lax

    window, strides = (windows.assemble(1, v, 1, plan.data_format) for v in (plan.window, plan.strides))
    padding = windows.assemble((0, 0), list(zip(plan.before, plan.after)), (0, 0), plan.data_format)
    return lax.reduce_window(x, np.array(start, x.dtype), operation, window, strides, padding)


def xla_maximum(plan, x):
    from jax import lax

    return _reduced(plan, x, lowest(x.dtype), lax.max)


def xla_average(plan, x):
    from jax import lax

    populations = windows.channels_back(plan.populations[None], plan.data_format)
    return _reduced(plan, x, 0, lax.add) / populations.astype(x.dtype)


def xla_maximum_gradient(plan, x, g):
    import jax

    return jax.vjp(lambda x: xla_maximum(plan, x), x)[1](g)[0]


def xla_average_gradient(plan, g):
    import jax

    wanted = jax.ShapeDtypeStruct(plan.input_shape, g.dtype)
    return jax.linear_transpose(lambda x: xla_average(plan, x), wanted)(g)[0]
