"""oneDNN 3 (Intel's library of neural network primitives) through `ctypes`.

PyPI's `onednn-cpu-gomp` brings the library for Linux on x86-64; any other build of version 3 that the loader finds serves too.
`available()` says whether there is one; where there is none, NumPy kernels do the work, and one note says what to install.
"""

import ctypes
import functools
import glob
import os
import sys
import threading
import warnings
from ctypes import POINTER, byref, c_float, c_int, c_int64, c_size_t, c_void_p

import numpy as np

from ..platform.config import settings

# Values of oneDNN's enumerations.
F16, BF16, F32, S32, S8, U8 = 1, 2, 3, 4, 5, 6
ANY = 1
FORWARD_TRAINING, FORWARD_INFERENCE, BACKWARD_DATA, BACKWARD_WEIGHTS, BACKWARD = 64, 96, 160, 192, 128
CONVOLUTION_DIRECT, CONVOLUTION_AUTO, POOLING_MAX, POOLING_AVG_INCLUDE, POOLING_AVG_EXCLUDE = 1, 3, 0x1FF, 0x2FF, 0x3FF
ELTWISE_RELU, ELTWISE_TANH, ELTWISE_SQRT, ELTWISE_LINEAR, ELTWISE_LOGISTIC, ELTWISE_EXP = 0x20, 0x21, 0x25, 0x26, 0x29, 0x2A
ELTWISE_POW = 0x30
BINARY_ADD, BINARY_MUL, BINARY_MAX, BINARY_SUB = 0x1FFF0, 0x1FFF1, 0x1FFF2, 0x1FFF5
SRC_1, POST_OP = 2, 0x8000  # the second operand of a binary primitive, and times (number + 1) of a binary post-operation
SRC, DST, WEIGHTS, WORKSPACE, DIFF_SRC, DIFF_DST, DIFF_WEIGHTS = 1, 17, 33, 64, 129, 145, 161
_QUERY_SRC, _QUERY_DIFF_SRC, _QUERY_WEIGHTS, _QUERY_DIFF_WEIGHTS = 129, 130, 131, 132
_QUERY_DST, _QUERY_DIFF_DST, _QUERY_WORKSPACE = 133, 134, 135
QUERIES = {
    SRC: _QUERY_SRC, DST: _QUERY_DST, WEIGHTS: _QUERY_WEIGHTS, WORKSPACE: _QUERY_WORKSPACE, DIFF_SRC: _QUERY_DIFF_SRC,
    DIFF_DST: _QUERY_DIFF_DST, DIFF_WEIGHTS: _QUERY_DIFF_WEIGHTS,
}  # fmt: skip

NOTE = (
    "Eagle found no oneDNN 3 library (%s): convolutions and pooling run on NumPy, many times slower. "
    "On Linux x86-64 `pip install onednn-cpu-gomp` brings it, and `apt install libgomp1` its OpenMP runtime."
)


_local = threading.local()


class OneDnnError(RuntimeError):
    """A call of oneDNN failed; for most requests that means that it has no implementation for them."""


class Arg(ctypes.Structure):
    """One argument of a primitive: what it is (SRC, DST, ...) and the memory object."""

    _fields_ = [("arg", c_int), ("memory", c_void_p)]


def _candidates():
    """Where the library may lie: named by the user, in this environment, wherever the loader looks."""
    if os.environ.get("EAGLE_ONEDNN"):
        yield os.environ["EAGLE_ONEDNN"]
    for root in dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix)):
        yield from glob.glob(os.path.join(root, "lib", "libdnnl.so.3*"))
        yield from glob.glob(os.path.join(root, "lib", "libdnnl.3*.dylib"))
    for entry in sys.path:
        yield from glob.glob(os.path.join(entry, "..", "..", "libdnnl.so.3*"))
    yield "libdnnl.so.3"
    yield "libdnnl.3.dylib"


@functools.cache
def load():
    """The loaded library, or None (after a warning)."""
    if os.environ.get("EAGLE_ONEDNN") == "off":
        return None
    # Threads that wait for work in a loop would take processors from BLAS's threads, and BLAS's from them; so they do it for a
    # tenth of a millisecond only, as long as it takes from one product of a small network's step to the next.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    problem = "none is installed"
    settings.threads_started = True
    if settings.intra_op:
        os.environ["OMP_NUM_THREADS"] = str(settings.intra_op)
    for path in _candidates():
        try:
            library = ctypes.CDLL(path)
        except OSError as e:
            if os.path.exists(path):
                problem = str(e)
            continue
        if _version(library)[0] == 3:
            _declare(library)
            return library
        problem = "%s is of version %s" % (path, ".".join(map(str, _version(library))))
    warnings.warn(NOTE % problem, RuntimeWarning, stacklevel=2)
    return None


def available():
    return load() is not None


class _Version(ctypes.Structure):
    _fields_ = [("major", c_int), ("minor", c_int), ("patch", c_int)]


def _version(library):
    library.dnnl_version.restype = POINTER(_Version)
    v = library.dnnl_version().contents
    return v.major, v.minor, v.patch


def _declare(lib):
    """Declares the parameters of the functions used."""
    pointer, dims = POINTER(c_void_p), POINTER(c_int64)
    four_dims, five_dims = [dims] * 4, [dims] * 5

    def objects(count):
        return [c_void_p] * count

    signatures = {
        "engine_create": [pointer, c_int, c_size_t],
        "stream_create": [pointer, c_void_p, c_int],
        "memory_desc_create_with_strides": [pointer, c_int, dims, c_int, dims],
        "memory_desc_create_with_tag": [pointer, c_int, dims, c_int, c_int],
        "memory_create": [pointer, *objects(3)],
        "memory_set_data_handle": objects(2),
        "convolution_forward_primitive_desc_create": [pointer, c_void_p, c_int, c_int, *objects(4), *four_dims, c_void_p],
        "convolution_backward_data_primitive_desc_create": [pointer, c_void_p, c_int, *objects(3), *four_dims, *objects(2)],
        "convolution_backward_weights_primitive_desc_create": [pointer, c_void_p, c_int, *objects(4), *four_dims, *objects(2)],
        "pooling_forward_primitive_desc_create": [pointer, c_void_p, c_int, c_int, *objects(2), *five_dims, c_void_p],
        "pooling_backward_primitive_desc_create": [pointer, c_void_p, c_int, *objects(2), *five_dims, *objects(2)],
        "eltwise_forward_primitive_desc_create": [pointer, c_void_p, c_int, c_int, *objects(2), c_float, c_float, c_void_p],
        "eltwise_backward_primitive_desc_create": [pointer, c_void_p, c_int, *objects(3), c_float, c_float, *objects(2)],
        "binary_primitive_desc_create": [pointer, c_void_p, c_int, *objects(4)],
        "primitive_attr_create": [pointer],
        "primitive_attr_set_post_ops": objects(2),
        "primitive_attr_destroy": objects(1),
        "post_ops_create": [pointer],
        "post_ops_append_eltwise": [c_void_p, c_int, c_float, c_float],
        "post_ops_append_binary": [c_void_p, c_int, c_void_p],
        "post_ops_append_sum": [c_void_p, c_float, c_int, c_int],
        "post_ops_destroy": objects(1),
        "matmul_primitive_desc_create": [pointer, *objects(6)],
        "reorder_primitive_desc_create": [pointer, *objects(5)],
        "primitive_create": [pointer, c_void_p],
        "primitive_execute": [c_void_p, c_void_p, c_int, POINTER(Arg)],
        "primitive_desc_destroy": objects(1),
        "primitive_destroy": objects(1),
        "memory_destroy": objects(1),
        "memory_desc_destroy": objects(1),
    }
    for name, parameters in signatures.items():
        function = getattr(lib, "dnnl_" + name)
        function.argtypes = parameters
        function.restype = c_int
    lib.dnnl_primitive_desc_query_md.argtypes = [c_void_p, c_int, c_int]
    lib.dnnl_primitive_desc_query_md.restype = c_void_p
    lib.dnnl_memory_desc_equal.argtypes = [c_void_p, c_void_p]
    lib.dnnl_memory_desc_get_size.argtypes = [c_void_p]
    lib.dnnl_memory_desc_get_size.restype = c_size_t


def call(name, *args):
    """Calls `dnnl_<name>`; raises OneDnnError if it fails."""
    status = getattr(load(), "dnnl_" + name)(*args)
    if status:
        raise OneDnnError("oneDNN: %s failed with status %d" % (name, status))


def create(name, *args):
    """Calls a function that makes an object; the object's handle."""
    handle = c_void_p()
    call(name, byref(handle), *args)
    return handle


def address(array):
    """Where the elements of an array lie: `array.ctypes.data` in an eighth of the time, from behind the object's header."""
    return c_void_p.from_address(id(array) + _HEADER).value


_HEADER = object.__basicsize__
_probe = np.zeros(1)
if address(_probe) != _probe.ctypes.data:  # an interpreter that lays objects out in another way

    def address(array):
        return array.ctypes.data


def int64s(values):
    return (c_int64 * max(len(values), 1))(*values)


@functools.cache
def thread_setter():
    """The function that sets the number of threads of this thread's next calls, and how many there are; None if there is none."""
    try:
        return load().omp_set_num_threads, load().omp_get_max_threads()
    except AttributeError:  # not with OpenMP
        return None


_engines = []
_making = threading.Lock()


@functools.cache
def engine():
    """The engine of the process, one for all threads: what belongs to different engines can't be used together."""
    with _making:  # `cache` alone lets each of them make one
        if not _engines:
            _engines.append(create("engine_create", 1, 0))
        return _engines[0]


def stream():
    """The stream of this thread."""
    found = getattr(_local, "stream", None)
    if found is None:
        found = _local.stream = create("stream_create", engine(), 1)
    return found
