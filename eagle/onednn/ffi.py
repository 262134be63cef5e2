"""oneDNN inside compiled programs: XLA calls primitives through its foreign function interface.

A handler is a `ctypes` callback that gets a pointer to an `XLA_FFI_CallFrame` and reads from it where arguments and results lie.
Each primitive is a target of its own, whose name says what it computes, so that programs in JAX's cache on disk find it again.
`serves()` says whether this can be done here; where it can't, XLA's own operations serve.
"""

import ctypes
import functools
import hashlib
import logging
import pathlib
import re
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p

import numpy as np

from . import library as lib

_log = logging.getLogger("tensorflow")
_EXECUTE, _METADATA, _INTERNAL = 3, 1, 13  # an execution stage, a type of extension, an error code
_targets = {}  # name -> the callback, which must live as long as the process


class _Struct(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("extension_start", c_void_p)]


class XLA_FFI_Extension_Base(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("type", c_int), ("next", c_void_p)]


class XLA_FFI_Api_Version(_Struct):
    _fields_ = [("major_version", c_int), ("minor_version", c_int)]


class XLA_FFI_Metadata(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("api_version", XLA_FFI_Api_Version)]


class XLA_FFI_Metadata_Extension(ctypes.Structure):
    _fields_ = [("extension_base", XLA_FFI_Extension_Base), ("metadata", POINTER(XLA_FFI_Metadata))]


class XLA_FFI_Error_Create_Args(_Struct):
    _fields_ = [("message", c_char_p), ("errc", c_int)]


class XLA_FFI_Api(_Struct):
    _fields_ = [
        ("api_version", XLA_FFI_Api_Version),
        ("internal_api", c_void_p),
        ("XLA_FFI_Error_Create", ctypes.CFUNCTYPE(c_void_p, POINTER(XLA_FFI_Error_Create_Args))),
    ]


class XLA_FFI_Buffer(_Struct):
    _fields_ = [("dtype", c_int), ("data", c_void_p), ("rank", c_int64), ("dims", POINTER(c_int64))]


class XLA_FFI_Args(_Struct):
    _fields_ = [("size", c_int64), ("types", c_void_p), ("args", POINTER(c_void_p))]


class XLA_FFI_Rets(_Struct):
    _fields_ = [("size", c_int64), ("types", c_void_p), ("rets", POINTER(c_void_p))]


class XLA_FFI_Attrs(_Struct):
    _fields_ = [("size", c_int64), ("types", c_void_p), ("names", c_void_p), ("attrs", c_void_p)]


class XLA_FFI_CallFrame(_Struct):
    _fields_ = [
        ("api", POINTER(XLA_FFI_Api)),
        ("ctx", c_void_p),
        ("stage", c_int),
        ("args", XLA_FFI_Args),
        ("rets", XLA_FFI_Rets),
        ("attrs", XLA_FFI_Attrs),
        ("future", c_void_p),
    ]


_WHOLE = (
    XLA_FFI_Extension_Base, XLA_FFI_Api_Version, XLA_FFI_Metadata_Extension, XLA_FFI_Error_Create_Args, XLA_FFI_Buffer,
    XLA_FFI_Args, XLA_FFI_Rets, XLA_FFI_Attrs, XLA_FFI_CallFrame,
)  # fmt: skip
_BEGINNINGS = (XLA_FFI_Metadata, XLA_FFI_Api)
_Handler = ctypes.CFUNCTYPE(c_void_p, c_void_p)


def _words(struct, *path):
    """The offset in a structure of a field of a field ..., in words."""
    offset = 0
    for name in path:
        offset += getattr(struct, name).offset
        struct = dict(_fields_of(struct))[name]
    return offset // 8


def _fields_of(struct):
    inherited = _Struct._fields_ if issubclass(struct, _Struct) else []
    return [*inherited, *struct._fields_]


# Handlers read the frame as an array of words, which is many times faster than by fields.
_FRAME = c_size_t * (ctypes.sizeof(XLA_FFI_CallFrame) // 8)
_ARGS, _ARG_COUNT = _words(XLA_FFI_CallFrame, "args", "args"), _words(XLA_FFI_CallFrame, "args", "size")
_RETS, _RET_COUNT = _words(XLA_FFI_CallFrame, "rets", "rets"), _words(XLA_FFI_CallFrame, "rets", "size")
_BUFFER = c_size_t * (ctypes.sizeof(XLA_FFI_Buffer) // 8)
_DATA = _words(XLA_FFI_Buffer, "data")


@functools.cache
def serves():
    """Whether compiled programs may call oneDNN here; a note says why not, if that is not plain."""
    import jax

    if jax.default_backend() != "cpu" or not lib.available():
        return False
    try:
        _version()
    except (OSError, ValueError, AttributeError) as e:
        _log.warning("Compiled programs can't call oneDNN: %s. XLA's own convolutions and pooling serve, which are slower.", e)
        return False
    return True


@functools.cache
def _version():
    """The version of the interface, from JAX's headers.

    Raises:
      ValueError: the headers describe other structures than this module.
    """
    import jax.ffi

    text = (pathlib.Path(jax.ffi.include_dir()) / "xla" / "ffi" / "api" / "c_api.h").read_text()
    text = re.sub(r"//[^\n]*", "", text)
    for struct in _WHOLE + _BEGINNINGS:
        own = [name for name, *_ in _fields_of(struct)]
        there = _fields_in(text, struct.__name__)
        if own != (there[: len(own)] if struct in _BEGINNINGS else there):
            raise ValueError("%s has the fields %s and not %s" % (struct.__name__, there, own))
    return tuple(int(re.search(r"#define XLA_FFI_API_%s (\d+)" % part, text)[1]) for part in ("MAJOR", "MINOR"))


def _fields_in(text, name):
    """The names of the fields of a structure of C."""
    found = re.search(r"struct %s \{(.*?)\n\}" % name, text, re.S)
    if found is None:
        raise ValueError("there is no %s" % name)
    return re.findall(r"(\w+)\)?;", found[1])


def call(primitive, content, shape, *arrays):
    """The result of a primitive in a compiled program.

    Args:
      primitive: something with `run_at(addresses)`, which computes the result from arrays in memory.
      content: what tells the primitive from all others, the same in every process.
      shape: the shape of the result, an array of floats.
      *arrays: traced arrays of floats.
    """
    import jax

    name = "eagle_onednn_" + hashlib.sha256(repr(content).encode()).hexdigest()[:24]
    if name not in _targets:
        handler = _targets[name] = _Handler(_Target(primitive))
        jax.ffi.register_ffi_target(name, jax.ffi.pycapsule(ctypes.cast(handler, c_void_p)), platform="cpu")
    return jax.ffi.ffi_call(name, jax.ShapeDtypeStruct(shape, np.float32))(*arrays)


class _Target:
    """What XLA calls for a primitive."""

    def __init__(self, primitive):
        self._run = primitive.run_at

    def __call__(self, address):
        words = _FRAME.from_address(address)
        if words[1]:
            return _tell_version(address)
        try:
            arguments = (c_size_t * words[_ARG_COUNT]).from_address(words[_ARGS])
            results = (c_size_t * words[_RET_COUNT]).from_address(words[_RETS])
            self._run([_BUFFER.from_address(b)[_DATA] for b in (*arguments, *results)])
        except BaseException as e:  # nothing may leave a callback
            return _error(address, "%s: %s" % (type(e).__name__, e))
        return None


def _tell_version(address):
    """Answers the question that comes at registration."""
    frame = XLA_FFI_CallFrame.from_address(address)
    extension = XLA_FFI_Metadata_Extension.from_address(frame.extension_start)
    if extension.extension_base.type == _METADATA:
        version = extension.metadata.contents.api_version
        version.major_version, version.minor_version = _version()
    return None


def _error(address, message):
    """An error for XLA to raise."""
    args = XLA_FFI_Error_Create_Args(ctypes.sizeof(XLA_FFI_Error_Create_Args), None, message.encode(), _INTERNAL)
    return XLA_FFI_CallFrame.from_address(address).api.contents.XLA_FFI_Error_Create(ctypes.byref(args))
