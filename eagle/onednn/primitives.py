"""Primitives: made once for each geometry, kept, and called on NumPy arrays.

Activations stay in the layout that the caller has; filters go into the layout that the primitive likes best, inside it.
"""

import functools
import math
import sys
import threading
import weakref

import numpy as np

from . import library as lib
from .library import ANY, DIFF_DST, DIFF_SRC, DIFF_WEIGHTS, DST, SRC, WEIGHTS, WORKSPACE, Arg, address, call, create, int64s


def contiguous_strides(shape):
    """The strides, in elements, of a contiguous array."""
    strides, step = [], 1
    for d in reversed(shape):
        strides.append(step)
        step *= max(d, 1)
    return tuple(reversed(strides))


def activations(shape, channels_first):
    """Dimensions and strides of a contiguous array in oneDNN's order: batch, channels, spatial."""
    strides = contiguous_strides(shape)
    if channels_first:
        return tuple(shape), strides
    return (shape[0], shape[-1], *shape[1:-1]), (strides[0], strides[-1], *strides[1:-1])


_OUTPUTS = (DST, DIFF_SRC, DIFF_WEIGHTS)


class Primitive:
    """A oneDNN primitive with memory objects for its arguments.

    Args:
      descriptor: the primitive descriptor.
      outside: argument -> the memory descriptor of the caller's array, or None if it is as the primitive has it; in the order in
        which arrays come in calls.
      alone: whether it is so small that the calling thread does it faster than several do.
    """

    def __init__(self, descriptor, outside, alone=False):
        self._threads = lib.thread_setter() if alone else None
        self._execute, self._point = lib.load().dnnl_primitive_execute, lib.load().dnnl_memory_set_data_handle
        self._handle = create("primitive_create", descriptor)
        self._lock = threading.Lock()
        self._memories, self._buffers = [], []  # for the caller's arrays, for own buffers
        self._before, self._after = [], []  # reorders: primitive, its arguments, the buffer that one of them is
        args = []
        for arg, plain in outside.items():
            query = lib.QUERIES.get(arg)
            inside = plain if query is None else lib.load().dnnl_primitive_desc_query_md(descriptor, query, 0)
            memory = create("memory_create", plain or inside, lib.engine(), None)
            self._memories.append(memory)
            if plain is not None and not lib.load().dnnl_memory_desc_equal(inside, plain):
                memory = self._reordered(arg, inside, plain, memory)
            args.append(Arg(arg, memory.value))
        self._args = (Arg * len(args))(*args)
        reorders = [reorder for reorder, *_ in self._before + self._after]
        weakref.finalize(self, _destroy, [self._handle, *reorders], self._memories + self._buffers).atexit = False

    def _reordered(self, arg, inside, plain, memory):
        """Makes a buffer in the primitive's own layout, and the reorder between it and the caller's array."""
        buffer = np.empty(lib.load().dnnl_memory_desc_get_size(inside), np.uint8)
        own = create("memory_create", inside, lib.engine(), address(buffer))
        self._buffers.append(own)
        source, target = (own, memory) if arg in _OUTPUTS else (memory, own)
        reorder = _reorder(inside, plain) if arg in _OUTPUTS else _reorder(plain, inside)
        pair = (Arg * 2)(Arg(SRC, source.value), Arg(DST, target.value))
        (self._after if arg in _OUTPUTS else self._before).append((reorder, pair, buffer))
        return own

    def __call__(self, *arrays):
        """Runs the primitive on contiguous arrays of floats, the result among them."""
        self.run_at([address(a) for a in arrays])

    def run_at(self, addresses):
        """Runs the primitive on arrays that lie at some addresses."""
        if self._threads is None:
            self._run(addresses)
            return
        set_threads, count = self._threads
        set_threads(1)
        try:
            self._run(addresses)
        finally:
            set_threads(count)

    def _run(self, addresses):
        execute, stream = self._execute, lib.stream()
        with self._lock:
            for memory, place in zip(self._memories, addresses):
                self._point(memory, place)
            for reorder, pair, _ in self._before:
                execute(reorder, stream, 2, pair)
            status = execute(self._handle, stream, len(self._args), self._args)
            for reorder, pair, _ in self._after:
                execute(reorder, stream, 2, pair)
        if status:
            raise lib.OneDnnError("oneDNN: a primitive failed with status %d" % status)


def _destroy(handles, memories, is_ending=sys.is_finalizing):
    if is_ending():  # the process takes all with it, and modules are gone
        return
    for handle in handles:
        call("primitive_destroy", handle)
    for memory in memories:
        call("memory_destroy", memory)


class _Descriptors:
    """A context in which descriptors are made; it destroys them at its end, when the primitives have been made of them."""

    def __init__(self):
        self._primitives, self._memories = [], []

    def primitive(self, name, *args):
        """A primitive descriptor."""
        descriptor = create(name + "_primitive_desc_create", *args)
        self._primitives.append(descriptor)
        return descriptor

    def array(self, dims, strides):
        """The descriptor of an array of floats; strides in elements, or None for the primitive's choice."""
        kind = "memory_desc_create_with_" + ("tag" if strides is None else "strides")
        descriptor = create(kind, len(dims), int64s(dims), lib.F32, ANY if strides is None else int64s(strides))
        self._memories.append(descriptor)
        return descriptor

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for descriptor in self._primitives:
            call("primitive_desc_destroy", descriptor)
        for descriptor in self._memories:
            call("memory_desc_destroy", descriptor)


def _reorder(source, target):
    with _Descriptors() as made:
        return create("primitive_create", made.primitive("reorder", source, lib.engine(), target, lib.engine(), None))


def convolution(direction, src, src_strides, weights, weights_strides, dst, dst_strides, strides, dilations, before, after):
    """A convolution.

    Args:
      direction: "forward", "data" (gradient of the input) or "weights" (gradient of the filter).
      src, weights, dst: dimensions in oneDNN's order: N C spatial..., O I spatial... (grouped: G O I spatial...), N O spatial....
      src_strides, ...: the strides, in elements, of the caller's arrays in that order.
      strides, dilations: of each spatial dimension.
      before, after: padding of each spatial dimension.

    Returns:
      A `Primitive` of source, filter and result; filter, gradient and result; or source, gradient and result.

    Raises:
      OneDnnError: oneDNN has no implementation for this.
    """
    geometry = [int64s(v) for v in (strides, [d - 1 for d in dilations], before, after)]
    engine, direct = lib.engine(), lib.CONVOLUTION_DIRECT
    with _Descriptors() as made:
        src, dst = made.array(src, src_strides), made.array(dst, dst_strides)
        free, weights = made.array(weights, None), made.array(weights, weights_strides)
        forward = made.primitive("convolution_forward", engine, lib.FORWARD_TRAINING, direct, src, free, None, dst, *geometry, None)
        if direction == "forward":
            return Primitive(forward, {SRC: src, WEIGHTS: weights, DST: dst})
        if direction == "data":
            backward = made.primitive("convolution_backward_data", engine, direct, src, free, dst, *geometry, forward, None)
            return Primitive(backward, {WEIGHTS: weights, DIFF_DST: dst, DIFF_SRC: src})
        backward = made.primitive("convolution_backward_weights", engine, direct, src, free, None, dst, *geometry, forward, None)
        return Primitive(backward, {SRC: src, DIFF_DST: dst, DIFF_WEIGHTS: weights})


def pooling(direction, src, src_strides, dst, dst_strides, window, strides, before, after):
    """Pooling of real elements only, padding not counted.

    Args:
      direction: "max", "average", "max gradient" or "average gradient".
      src, dst: dimensions in oneDNN's order: N C spatial....
      src_strides, dst_strides: the strides, in elements, of the caller's arrays in that order.
      window, strides: of each spatial dimension.
      before, after: padding of each spatial dimension.

    Returns:
      What takes the source and the result; the source (max only), the gradient and the result.

    Raises:
      OneDnnError: oneDNN has no implementation for this.
    """
    geometry = [int64s(v) for v in (strides, window, (0,) * len(window), before, after)]
    output_size = math.prod(dst)
    engine, kind = lib.engine(), lib.POOLING_MAX if direction.startswith("max") else lib.POOLING_AVG_EXCLUDE
    with _Descriptors() as made:
        src, dst = made.array(src, src_strides), made.array(dst, dst_strides)
        if not direction.endswith("gradient"):
            forward = made.primitive("pooling_forward", engine, lib.FORWARD_INFERENCE, kind, src, dst, *geometry, None)
            return Primitive(forward, {SRC: src, DST: dst})
        forward = made.primitive("pooling_forward", engine, lib.FORWARD_TRAINING, kind, src, dst, *geometry, None)
        backward = made.primitive("pooling_backward", engine, kind, src, dst, *geometry, forward, None)
        if kind == lib.POOLING_AVG_EXCLUDE:
            return Primitive(backward, {DIFF_DST: dst, DIFF_SRC: src})
        return _MaxGradient(
            Primitive(forward, {SRC: src, DST: dst, WORKSPACE: None}),
            Primitive(backward, {DIFF_DST: dst, DIFF_SRC: src, WORKSPACE: None}),
            output_size,
            lib.load().dnnl_memory_desc_get_size(lib.load().dnnl_primitive_desc_query_md(forward, lib.QUERIES[WORKSPACE], 0)),
        )


class _MaxGradient:
    """The gradient of max pooling: forward once more, which is cheap, for the places of the maxima, then back."""

    def __init__(self, forward, backward, output_size, workspace_size):
        self._forward, self._backward = forward, backward
        self._output_size, self._workspace_size = output_size, workspace_size

    def __call__(self, x, g, result):
        self.run_at([address(x), address(g), address(result)])

    def run_at(self, addresses):
        x, g, result = addresses
        places, output = np.empty(self._workspace_size, np.uint8), np.empty(self._output_size, np.float32)
        self._forward.run_at([x, address(output), address(places)])
        self._backward.run_at([g, result, address(places)])


@functools.lru_cache(maxsize=512)
def product(a, a_strides, b, b_strides, alone=False):
    """The product of two matrices of floats; takes them and the result.

    Args:
      a, b: the shapes.
      a_strides, b_strides: the strides, in elements, one of each 1.
      alone: whether the calling thread does it alone.
    """
    with _Descriptors() as made:
        left, right = made.array(a, a_strides), made.array(b, b_strides)
        out = made.array((a[0], b[1]), (b[1], 1))
        made_primitive = made.primitive("matmul", lib.engine(), left, right, None, out, None)
        return Primitive(made_primitive, {SRC: left, WEIGHTS: right, DST: out}, alone)


@functools.lru_cache(maxsize=256)
def relu(count, gradient=False):
    """ReLU of `count` floats, or its gradient; takes the source and the result, or source, gradient and result."""
    engine, kind = lib.engine(), lib.ELTWISE_RELU
    with _Descriptors() as made:
        plain = made.array((count,), (1,))
        forward = made.primitive("eltwise_forward", engine, lib.FORWARD_TRAINING, kind, plain, plain, 0.0, 0.0, None)
        if not gradient:
            return Primitive(forward, {SRC: plain, DST: plain})
        backward = made.primitive("eltwise_backward", engine, kind, plain, plain, plain, 0.0, 0.0, forward, None)
        return Primitive(backward, {SRC: plain, DIFF_DST: plain, DIFF_SRC: plain})


SHARED = 1 << 19  # elements, from which on several threads do a chain faster than one

# What may follow in a chain: name -> kind of post-operation, algorithm.
_STEPS = {
    "sqrt": ("eltwise", lib.ELTWISE_SQRT),
    "linear": ("eltwise", lib.ELTWISE_LINEAR),
    "pow": ("eltwise", lib.ELTWISE_POW),
    "exp": ("eltwise", lib.ELTWISE_EXP),
    "tanh": ("eltwise", lib.ELTWISE_TANH),
    "logistic": ("eltwise", lib.ELTWISE_LOGISTIC),
    "add": ("binary", lib.BINARY_ADD),
    "mul": ("binary", lib.BINARY_MUL),
    "sub": ("binary", lib.BINARY_SUB),
    "max": ("binary", lib.BINARY_MAX),
}


@functools.lru_cache(maxsize=256)
def chain(count, first, *steps, shared=SHARED):
    """Several elementwise operations on arrays of `count` floats in one pass over memory.

    Args:
      count: the number of elements.
      first: the operation that the chain begins with: one of one operand such as ("exp",), or "add", "sub", "mul" or "max" with
        what the second operand is: ("add", "array") or ("add", "number").
      *steps: what is done to its result, one after another: ("sqrt",), ("linear", a, b) for `a * x + b`, ("pow", a, b) for
        `a * x ** b`, ("add" or "mul", "array" or "number") with one more operand, ("sum", scale) for adding `scale` times what the
        result's array had in it.
      shared: the number of elements from which on several threads do it.

    Returns:
      A `Primitive` of the operands of the first operation, the result, and the operands of the steps; a number is an array of one
      element.
    """
    with _Descriptors() as made:
        operand = {"array": made.array((count,), (1,)), "number": made.array((1,), (1,))}
        whole = operand["array"]
        outside = {SRC: whole, lib.SRC_1: operand[first[1]], DST: whole} if len(first) > 1 else {SRC: whole, DST: whole}
        operations, attributes = create("post_ops_create"), create("primitive_attr_create")
        for i, (name, *numbers) in enumerate(steps):
            if name == "sum":
                call("post_ops_append_sum", operations, numbers[0], 0, 0)
                continue
            kind, algorithm = _STEPS[name]
            if kind == "binary":
                outside[lib.POST_OP * (i + 1) | lib.SRC_1] = operand[numbers[0]]
                call("post_ops_append_binary", operations, algorithm, operand[numbers[0]])
            else:
                a, b = numbers or (0.0, 0.0)
                call("post_ops_append_eltwise", operations, algorithm, a, b)
        call("primitive_attr_set_post_ops", attributes, operations)
        engine, algorithm = lib.engine(), _STEPS[first[0]][1]
        if len(first) > 1:
            descriptor = made.primitive("binary", engine, algorithm, whole, operand[first[1]], whole, attributes)
        else:
            forward = lib.FORWARD_INFERENCE
            descriptor = made.primitive("eltwise_forward", engine, forward, algorithm, whole, whole, 0.0, 0.0, attributes)
        made_primitive = Primitive(descriptor, outside, alone=count < shared)
        call("post_ops_destroy", operations)
        call("primitive_attr_destroy", attributes)
        return made_primitive
