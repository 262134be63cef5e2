"""Convolution and pooling primitives: made once for each geometry, kept, and called on NumPy arrays.

Activations stay in the layout that the caller has; filters go into the layout that the primitive likes best, inside it.
"""

import functools
import threading

import numpy as np

from . import library as lib
from .library import ANY, DIFF_DST, DIFF_SRC, DIFF_WEIGHTS, DST, SRC, WEIGHTS, WORKSPACE, Arg, call, create, int64s

TYPES = {np.dtype(np.float32): lib.F32}


def _descriptor(dims, strides, dtype):
    """A memory descriptor for an array with these dimensions; strides in elements, or None for the primitive's choice."""
    if strides is None:
        return create("memory_desc_create_with_tag", len(dims), int64s(dims), dtype, ANY)
    return create("memory_desc_create_with_strides", len(dims), int64s(dims), dtype, int64s(strides))


def contiguous_strides(shape):
    """The strides, in elements, of a contiguous array."""
    strides, step = [], 1
    for d in reversed(shape):
        strides.append(step)
        step *= max(d, 1)
    return tuple(reversed(strides))


class Primitive:
    """A oneDNN primitive with memory objects for its arguments.

    Args:
      descriptor: the primitive descriptor.
      plain: argument -> the memory descriptor of the caller's array.
    """

    def __init__(self, descriptor, plain):
        self._handle = create("primitive_create", descriptor)
        self._lock = threading.Lock()
        self._memories = {}
        self._reorders_in, self._reorders_out = {}, {}
        args = []
        for arg, outside in plain.items():
            inside = lib.load().dnnl_primitive_desc_query_md(descriptor, lib.QUERIES[arg], 0)
            memory = self._memories[arg] = create("memory_create", outside, lib.engine(), None)
            if lib.load().dnnl_memory_desc_equal(inside, outside):
                args.append(Arg(arg, memory.value))
                continue
            buffer = np.empty(lib.load().dnnl_memory_desc_get_size(inside), np.uint8)
            own = create("memory_create", inside, lib.engine(), buffer.ctypes.data)
            output = arg in (DST, DIFF_SRC, DIFF_WEIGHTS)
            reorder = _reorder(inside, outside) if output else _reorder(outside, inside)
            pair = (Arg * 2)(Arg(SRC, (own if output else memory).value), Arg(DST, (memory if output else own).value))
            (self._reorders_out if output else self._reorders_in)[arg] = reorder, pair, buffer
            args.append(Arg(arg, own.value))
        self._args = (Arg * len(args))(*args)
        lib.call("primitive_desc_destroy", descriptor)

    def __call__(self, arrays):
        """Runs the primitive; `arrays` maps arguments to contiguous arrays, results among them."""
        execute = lib.load().dnnl_primitive_execute
        stream = lib.stream()
        with self._lock:
            for arg, array in arrays.items():
                call("memory_set_data_handle", self._memories[arg], array.ctypes.data)
            for reorder, pair, _ in self._reorders_in.values():
                execute(reorder, stream, 2, pair)
            status = execute(self._handle, stream, len(self._args), self._args)
            for reorder, pair, _ in self._reorders_out.values():
                execute(reorder, stream, 2, pair)
        if status:
            raise lib.OneDnnError("oneDNN: a primitive failed with status %d" % status)


def _reorder(source, target):
    descriptor = create("reorder_primitive_desc_create", source, lib.engine(), target, lib.engine(), None)
    return create("primitive_create", descriptor)


def _workspace_size(descriptor):
    inside = lib.load().dnnl_primitive_desc_query_md(descriptor, lib.QUERIES[WORKSPACE], 0)
    return lib.load().dnnl_memory_desc_get_size(inside) if inside else 0


@functools.lru_cache(maxsize=1024)
def convolution(kind, src, src_strides, weights, weights_strides, dst, dst_strides, strides, dilations, before, after):
    """A convolution primitive for float32.

    Args:
      kind: "forward", "data" (gradient of the input) or "weights" (gradient of the filter).
      src, weights, dst: dimensions in oneDNN's order: N C spatial..., O I spatial... (grouped: G O I spatial...), N O spatial....
      src_strides, ...: the strides, in elements, of the caller's arrays in that order.
      strides, dilations: of each spatial dimension.
      before, after: padding of each spatial dimension.

    Raises:
      OneDnnError: oneDNN has no implementation for this.
    """
    geometry = [int64s(v) for v in (strides, [d - 1 for d in dilations], before, after)]
    outside = {
        SRC: _descriptor(src, src_strides, lib.F32),
        WEIGHTS: _descriptor(weights, weights_strides, lib.F32),
        DST: _descriptor(dst, dst_strides, lib.F32),
    }
    free = _descriptor(weights, None, lib.F32)
    engine = lib.engine()
    forward = create("convolution_forward_primitive_desc_create", engine, lib.FORWARD_TRAINING, lib.CONVOLUTION_DIRECT,
                     outside[SRC], free, None, outside[DST], *geometry, None)  # fmt: skip
    if kind == "forward":
        return Primitive(forward, outside)
    if kind == "data":
        descriptor = create("convolution_backward_data_primitive_desc_create", engine, lib.CONVOLUTION_DIRECT, outside[SRC], free,
                            outside[DST], *geometry, forward, None)  # fmt: skip
        return Primitive(descriptor, {DIFF_SRC: outside[SRC], WEIGHTS: outside[WEIGHTS], DIFF_DST: outside[DST]})
    descriptor = create("convolution_backward_weights_primitive_desc_create", engine, lib.CONVOLUTION_DIRECT, outside[SRC], free,
                        None, outside[DST], *geometry, forward, None)  # fmt: skip
    return Primitive(descriptor, {SRC: outside[SRC], DIFF_WEIGHTS: outside[WEIGHTS], DIFF_DST: outside[DST]})
