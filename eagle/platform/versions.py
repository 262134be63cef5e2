"""Which TensorFlow this is: the version whose interface Eagle has, and how it was built."""

import os
import sys

from ..core.errors import NotYetError
from ..core.export import export

VERSION = export("VERSION", "version.VERSION")("1.15.5")
export("GIT_VERSION", "version.GIT_VERSION")("eagle")
export("COMPILER_VERSION", "version.COMPILER_VERSION")("none")
export("CXX11_ABI_FLAG", "sysconfig.CXX11_ABI_FLAG")(0)
export("MONOLITHIC_BUILD", "sysconfig.MONOLITHIC_BUILD")(0)


def _no_library(what):
    return NotYetError("tf.sysconfig.%s: Eagle has no C++ library to compile against" % what)


@export("sysconfig.get_include")
def get_include():
    """TensorFlow's folder of C++ headers, which Eagle does not have."""
    raise _no_library("get_include")


@export("sysconfig.get_lib")
def get_lib():
    """TensorFlow's folder of libraries, which Eagle does not have."""
    raise _no_library("get_lib")


@export("sysconfig.get_compile_flags")
def get_compile_flags():
    """The compiler's flags for custom ops, which Eagle does not have."""
    raise _no_library("get_compile_flags")


@export("sysconfig.get_link_flags")
def get_link_flags():
    """The linker's flags for custom ops, which Eagle does not have."""
    raise _no_library("get_link_flags")


@export("load_op_library", "load_library", "load_file_system_library", "contrib.util.loader.load_op_library")
def load_op_library(library_filename):
    """Would load a library of ops compiled for TensorFlow.

    Raises:
      NotYetError: always: Eagle runs ops written in Python only.
    """
    raise NotYetError("tf.load_op_library(%r): Eagle can't load ops compiled for TensorFlow" % library_filename)


@export("resource_loader.get_data_files_path")
def get_data_files_path():
    """The folder of the calling file."""
    return os.path.dirname(sys._getframe(1).f_code.co_filename)


@export("resource_loader.get_path_to_datafile")
def get_path_to_datafile(path):
    """The path of a file beside the calling one."""
    return os.path.join(os.path.dirname(sys._getframe(1).f_code.co_filename), path)


@export("resource_loader.load_resource")
def load_resource(path):
    """The bytes of a file of TensorFlow's installation, of which Eagle has none."""
    raise NotYetError("tf.resource_loader.load_resource(%r): Eagle carries no files of TensorFlow's" % path)


@export("resource_loader.readahead_file_path")
def readahead_file_path(path, readahead="128M"):
    """The path itself; how far to read ahead is the file system's business."""
    if not isinstance(readahead, str):
        raise TypeError("readahead must be a string such as '128M', not %r" % (readahead,))
    return path


@export("resource_loader.get_root_dir_with_all_resources")
def get_root_dir_with_all_resources():
    """The folder of the calling file."""
    return os.path.dirname(sys._getframe(1).f_code.co_filename)
