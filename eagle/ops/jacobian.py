"""Derivatives of many elements: `GradientTape.jacobian`, `tf.hessians`.

Every row is a gradient of its own.  Eagerly the rows are computed one after the other, in a graph by a loop.
"""

from ..core import gradient_tape, nest
from ..core.context import here
from ..core.convert import convert
from ..core.export import export
from ..core.graph_gradients import UnconnectedGradients, gradients
from ..core.scopes import name_scope
from .filling import range_, zeros
from .functional import map_fn
from .joining import concat, stack
from .rearranging import tile
from .reduce import reduce_prod
from .sequences import one_hot
from .shaping import reshape, shape_of, size_of
from .transposing import transpose


@export("GradientTape", "contrib.eager.GradientTape")
class GradientTape(gradient_tape.GradientTape):
    __doc__ = gradient_tape.GradientTape.__doc__

    def jacobian(self, target, sources, unconnected_gradients=UnconnectedGradients.NONE, parallel_iterations=None,
                 experimental_use_pfor=True):  # fmt: skip
        """The derivatives of every element of `target` with respect to every element of `sources`.

        Args:
          target: a tensor.
          sources: a tensor, variable or structure of them.
          unconnected_gradients: an `UnconnectedGradients`.
          parallel_iterations: how many rows a loop may compute at once; rows are computed one after another here.
          experimental_use_pfor: TensorFlow's way of computing rows together; without it a tape must be persistent.

        Returns:
          In the structure of `sources`, tensors of shape `target.shape + source.shape`, or None.

        Raises:
          RuntimeError: the tape is not persistent although `experimental_use_pfor` is False.
        """
        self._check_can_repeat("jacobian", experimental_use_pfor)
        flat = nest.flatten(sources)
        shape, size = shape_of(target), size_of(target)
        rows = self._rows(target, flat, lambda i: reshape(one_hot(i, size, dtype=target.dtype), shape), size, unconnected_gradients)
        found = [None if r is None else reshape(r, concat([shape, shape_of(s)], 0)) for r, s in zip(rows, flat)]
        return nest.pack_sequence_as(sources, found)

    def batch_jacobian(self, target, source, unconnected_gradients=UnconnectedGradients.NONE, parallel_iterations=None,
                       experimental_use_pfor=True):  # fmt: skip
        """The Jacobian of each example: `target[i]` must depend on `source[i]` only.

        Args:
          target: a tensor of shape `[b, y1, ..., yn]`.
          source: a tensor of shape `[b, x1, ..., xm]`.
          unconnected_gradients, parallel_iterations, experimental_use_pfor: as of `jacobian`.

        Returns:
          A tensor of shape `[b, y1, ..., yn, x1, ..., xm]`; zeros if the target does not depend on the source.

        Raises:
          RuntimeError: as of `jacobian`.
          ValueError: the first dimensions differ.
        """
        known = target.shape
        if known.rank is None or not known[:1].is_compatible_with(source.shape[:1]):
            raise ValueError("Need first dimension of target shape (%s) and source shape (%s) to match." % (known, source.shape))
        known.with_rank_at_least(2)
        source.shape.with_rank_at_least(2)
        self._check_can_repeat("batch_jacobian", experimental_use_pfor)
        shape, inner = shape_of(target), shape_of(source)[1:]
        batch, size = shape[0], reduce_prod(shape[1:])

        def seed(i):
            return reshape(tile([one_hot(i, size, dtype=target.dtype)], [batch, 1]), shape)

        (rows,) = self._rows(target, [source], seed, size, unconnected_gradients)
        if rows is None:
            return zeros(concat([shape, inner], 0), source.dtype)
        by_example = transpose(reshape(rows, [size, batch, -1]), [1, 0, 2]) if known.num_elements() != 0 else rows
        return reshape(by_example, concat([shape, inner], 0))

    def _check_can_repeat(self, what, together):
        if here.eager and not self._persistent and not together:
            raise RuntimeError(
                "GradientTape must be created with persistent=True to compute the %s with eager execution enabled and with "
                "experimental_use_pfor set to False." % what
            )

    def _rows(self, target, sources, seed, size, unconnected):
        """For each source None or the gradients for the seeds 0, 1, ..., stacked."""
        was_persistent, self._persistent = self._persistent, True
        try:
            if here.eager:
                rows = [self.gradient(target, sources, seed(i), unconnected) for i in range(int(size))]
                columns = zip(*rows) if rows else [[] for _ in sources]
                return [_stacked(c, s) for c, s in zip(columns, sources)]
            connected = [s for s, g in zip(sources, self.gradient(target, sources, None, unconnected)) if g is not None]
            types = [s.dtype.base_dtype for s in connected]
            found = map_fn(lambda i: self._dense_gradient(target, connected, seed(i), unconnected), range_(size), types)
            by_source = dict(zip(map(id, connected), found))
            return [by_source.get(id(s)) for s in sources]
        finally:
            self._persistent = was_persistent
            if not was_persistent:
                if self._recording:
                    self._pop_tape()
                self._tape = None

    def _dense_gradient(self, target, sources, seed, unconnected):
        return [convert(g) for g in self.gradient(target, sources, seed, unconnected)]


def _stacked(rows, source):
    """Gradients with respect to a source as one tensor; None if there are none."""
    if not rows:
        return zeros(concat([[0], shape_of(source)], 0), source.dtype)
    return None if rows[0] is None else stack([convert(r) for r in rows])


@export("hessians")
def hessians(ys, xs, name="hessians", colocate_gradients_with_ops=False, gate_gradients=False, aggregation_method=None):
    """Adds operations that compute the second derivatives of the sum of `ys` with respect to each of `xs`.

    Args:
      ys: a tensor or a list of tensors.
      xs: a tensor, variable or a list of them.
      name, colocate_gradients_with_ops, gate_gradients, aggregation_method: as of `tf.gradients`.

    Returns:
      A list of tensors, for each x one of shape `x.shape + x.shape`.

    Raises:
      LookupError: an operation in between has no gradient.
    """
    xs = list(xs) if isinstance(xs, list | tuple) else [xs]
    options = dict(colocate_gradients_with_ops=colocate_gradients_with_ops, gate_gradients=gate_gradients,
                   aggregation_method=aggregation_method)  # fmt: skip
    with name_scope(name, "hessians"):
        return [_hessian(reshape(g, [-1]), x, options) for g, x in zip(gradients(ys, xs, **options), xs)]


def _hessian(gradient, x, options):
    rows = map_fn(lambda i: convert(gradients(gradient[i], x, **options)[0]), range_(size_of(x)), x.dtype.base_dtype)
    return reshape(rows, concat([shape_of(x), shape_of(x)], 0))
