"""What a `tf.GradientTape` records and gives."""

import contextlib

import numpy as np

from . import nest, tape as tapes
from .backprop import gradient_of_tape
from .convert import convert
from .dispatch import registry
from .graph_gradients import UnconnectedGradients, gradients, reachable, unconnected_mode
from .indexed_slices import IndexedSlices
from .tape import Tape
from .tensor import EagerTensor, GraphTensor, from_value


class GradientTape:
    """Records operations for automatic differentiation, as a context manager; jacobian.py adds what users' tapes can do besides.

    Trainable variables are watched when they are read, tensors when `watch` is called.

    Args:
      persistent: whether gradients may be asked for more than once.
      watch_accessed_variables: whether variables are watched when they are read.
    """

    def __init__(self, persistent=False, watch_accessed_variables=True):
        self._persistent = persistent
        self._watches_variables = watch_accessed_variables
        self._tape = None
        self._recording = False

    def __enter__(self):
        self._push_tape()
        return self

    def __exit__(self, *unused):
        if self._recording:
            self._pop_tape()
        return False

    def _push_tape(self):
        if self._recording:
            raise ValueError("Tape is already recording.")
        if self._tape is None:
            self._tape = Tape(self._watches_variables, self._persistent)
        tapes.push(self._tape)
        self._recording = True

    def _pop_tape(self):
        if not self._recording:
            raise ValueError("Tape is not recording.")
        tapes.pop(self._tape)
        self._recording = False

    def watch(self, tensor):
        """Makes a tensor, variable or structure of them something with respect to which gradients can be asked for."""
        if self._tape is None:
            raise ValueError("Tape is not recording.")
        for t in nest.flatten(tensor):
            if hasattr(t, "_handle"):
                self._tape.watch_variable(t)
            else:
                self._tape.watch(t)

    @contextlib.contextmanager
    def stop_recording(self):
        """A context manager in which this tape does not record.

        Raises:
          RuntimeError: the tape is not recording.
        """
        if self._tape is None:
            raise RuntimeError("Trying to stop recording a tape which is not recording.")
        self._pop_tape()
        try:
            yield
        finally:
            self._push_tape()

    def reset(self):
        """Forgets everything recorded and watched."""
        self._pop_tape()
        self._tape = None
        self._push_tape()

    def watched_variables(self):
        """The variables watched, in the order in which they were first read."""
        return tuple(self._tape.variables.values()) if self._tape is not None else ()

    # -------------------------------------------------------------------------------------------------------- gradients

    def gradient(self, target, sources, output_gradients=None, unconnected_gradients=UnconnectedGradients.NONE):
        """The derivatives of `target` with respect to `sources`.

        Args:
          target: a tensor or structure of tensors, which are summed.
          sources: a tensor, variable or structure of them.
          output_gradients: the gradients of the targets to begin with; by default ones.
          unconnected_gradients: an `UnconnectedGradients`.

        Returns:
          In the structure of `sources`, a tensor, `IndexedSlices` or None for each.

        Raises:
          RuntimeError: a tape that is not persistent has been asked before.
          ValueError: `unconnected_gradients` is no such value.
        """
        if self._tape is None:
            raise RuntimeError("GradientTape.gradient can only be called once on non-persistent tapes.")
        if self._recording and not self._persistent:
            self._pop_tape()
        unconnected = unconnected_mode(unconnected_gradients)
        targets = [self._as_target(t) for t in nest.flatten(target)]
        flat = nest.flatten(sources)
        seeds = [None] * len(targets)
        if output_gradients is not None:
            seeds = [None if g is None else convert(g) for g in nest.flatten(output_gradients)]
        if any(isinstance(t, GraphTensor) for t in targets):
            found = self._graph_gradient(targets, flat, seeds)
        else:
            handles = [getattr(s, "_handle", s) for s in flat]
            found = gradient_of_tape(self._tape, targets, handles, seeds, self._persistent)
        if unconnected is UnconnectedGradients.ZERO:
            found = [_zeros_like(s) if g is None else g for g, s in zip(found, flat)]
        if not self._persistent:
            self._tape = None
        return nest.pack_sequence_as(sources, found)

    def _as_target(self, t):
        """A target as a tensor; the reading of a variable is recorded."""
        if isinstance(t, (EagerTensor, GraphTensor, IndexedSlices)):
            return t
        if self._recording:
            return convert(t)
        with self:
            return convert(t)

    def _graph_gradient(self, targets, sources, seeds):
        """Gradients of graph tensors, with respect to those sources that the tape watched."""
        tensors = [getattr(s, "_gradient_source", s) for s in sources]
        watched = reachable(self._tape.graph_tensors())
        known = [t for t in tensors if (t._id in self._tape.watched if isinstance(t, EagerTensor) else t in watched)]
        found = dict(zip(known, gradients(targets, known, grad_ys=seeds))) if known else {}
        return [found.get(t) for t in tensors]


def _zeros_like(source):
    if isinstance(source, GraphTensor):
        return registry["ZerosLike"](source)
    return from_value(np.zeros(tuple(source.shape.as_list()), source.dtype.base_dtype.np))
