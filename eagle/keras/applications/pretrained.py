"""Files of trained networks: they are read where Keras keeps them, never fetched."""

import os

from ..utils.files import has_hash


def local_file(name, origin, file_hash=None):
    """The path of a file among those that Keras keeps for its applications.

    Args:
      name: its name.
      origin: where it can be fetched.
      file_hash: what its content must hash to.

    Raises:
      FileNotFoundError: it is not there; the message says what to put where.
      ValueError: its content is not the right one.
    """
    folder = os.path.join(os.path.expanduser("~"), ".keras", "models")
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        raise FileNotFoundError(
            "%s is not on this machine. Eagle fetches no trained networks by itself: fetch it from %s and put it into the folder "
            "%s, or give the path of a file of weights." % (name, origin, folder)
        )
    if file_hash is not None and not has_hash(path, file_hash):
        raise ValueError("%s is incomplete or another file than that of %s: its hash is not %s." % (path, origin, file_hash))
    return path
