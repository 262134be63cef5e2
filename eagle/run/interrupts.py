"""Ctrl-C waits while something must not be left half done."""

import _signal  # its functions, without the enumerations of `signal`, take a microsecond
import threading

_INTERRUPT = int(_signal.SIGINT)
_main = threading.main_thread().ident


class Uninterrupted:
    """A context manager in which an interrupt of the main thread waits for the end."""

    __slots__ = ("_came", "_handler")

    def __enter__(self):
        self._came = self._handler = None
        if threading.get_ident() == _main and callable(_signal.getsignal(_INTERRUPT)):
            self._handler = _signal.signal(_INTERRUPT, self._defer)

    def _defer(self, number, frame):
        self._came = number, frame

    def __exit__(self, *unused):
        if self._handler is not None:
            _signal.signal(_INTERRUPT, self._handler)
            if self._came:
                self._handler(*self._came)
