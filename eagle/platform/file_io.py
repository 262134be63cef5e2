"""The older names of the functions on files: TensorFlow's inner module `file_io`."""

import binascii
import filecmp as comparing
import os
import uuid

from ..core.errors import OpError
from ..core.export import export
from . import gfile

_BLOCK = 16 << 20  # bytes


def _inner(*names):
    return export(*["python.lib.io.file_io." + n for n in names])


for _function, _old_names in (
    (gfile.exists, ("file_exists", "file_exists_v2")),
    (gfile.isdir, ("is_directory", "is_directory_v2")),
    (gfile.listdir, ("list_directory", "list_directory_v2")),
    (gfile.makedirs, ("recursive_create_dir", "recursive_create_dir_v2")),
    (gfile.mkdir, ("create_dir", "create_dir_v2")),
    (gfile.remove, ("delete_file", "delete_file_v2")),
    (gfile.rmtree, ("delete_recursively", "delete_recursively_v2")),
    (gfile.rename, ("rename", "rename_v2")),
    (gfile.copy, ("copy", "copy_v2")),
    (gfile.glob, ("get_matching_files", "get_matching_files_v2")),
    (gfile.stat, ("stat", "stat_v2")),
    (gfile.walk, ("walk_v2",)),
    (gfile.Walk, ("walk",)),
):
    _inner(*_old_names)(_function)


@_inner("read_file_to_string")
def read_file_to_string(filename, binary_mode=False):
    """What is in a file, as text or (in binary mode) bytes."""
    with gfile.GFile(filename, "rb" if binary_mode else "r") as f:
        return f.read()


@_inner("write_string_to_file")
def write_string_to_file(filename, file_content):
    """Writes a file; what it held is lost."""
    with gfile.GFile(filename, "w") as f:
        f.write(file_content)


@_inner("atomic_write_string_to_file")
def atomic_write_string_to_file(filename, contents, overwrite=True):
    """Writes a file, which is there in full or not at all; raises AlreadyExistsError if it is there and may not be overwritten."""
    temporary = "%s.tmp%s" % (os.fsdecode(filename), uuid.uuid4().hex)
    write_string_to_file(temporary, contents)
    try:
        gfile.rename(temporary, filename, overwrite)
    except OpError:
        gfile.remove(temporary)
        raise


@_inner("filecmp")
def filecmp(filename_a, filename_b):
    """Whether two files hold the same."""
    with gfile.Translated(filename_a):
        return comparing.cmp(gfile.local_path(filename_a), gfile.local_path(filename_b), shallow=False)


@_inner("file_crc32")
def file_crc32(filename, block_size=_BLOCK):
    """The CRC-32 of a file in hexadecimal digits; so many bytes are read at once, all if it is -1."""
    crc = 0
    with gfile.GFile(filename, "rb") as f:
        while chunk := f.read(block_size):
            crc = binascii.crc32(chunk, crc)
    return hex(crc)
