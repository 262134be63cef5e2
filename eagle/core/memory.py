"""Asks the C library to keep freed memory for what comes next.

The arrays of a training step are freed at its end.  By default glibc gives so much memory back to the system at once, and gets
every page of it anew, and zeroed, in the next step, which can take as long as the arithmetic.
"""

import ctypes
import os

# Parameters of glibc's `mallopt`, and values for them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 1 << 30  # bytes that may lie idle at the end of the heap
_LARGEST_IN_HEAP = 32 << 20  # the largest allocation that comes from the heap: no more is allowed


def keep_freed_memory():
    """Lets the heap keep freed memory; does nothing where the C library is another one, or if EAGLE_MALLOC is "off"."""
    if os.environ.get("EAGLE_MALLOC") == "off":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_MMAP_THRESHOLD, _LARGEST_IN_HEAP)
    mallopt(_TRIM_THRESHOLD, _KEPT)
