"""`tf.errors`: the exceptions of a running program, one class for each of TensorFlow's status codes."""

import contextlib
import warnings

from .export import export


@export("OpError", "errors.OpError")
class OpError(Exception):
    """The failure of an operation.

    Args:
      node_def: the `NodeDef` of the operation that failed, or None.
      op: the `Operation` that failed, or None.
      message: what went wrong.
      error_code: one of the codes in `tf.errors`.
    """

    def __init__(self, node_def, op, message, error_code):
        super().__init__()
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = error_code

    def __reduce__(self):
        # An operation stays behind with its graph; what it was is in the message.
        return type(self), (None, None, self._message) + (() if type(self) in _BY_CLASS else (self._error_code,))

    @property
    def message(self):
        return self._message

    @property
    def op(self):
        return self._op

    @property
    def error_code(self):
        return self._error_code

    @property
    def node_def(self):
        if self._node_def is None and self._op is not None:
            return self._op.node_def
        return self._node_def

    def __str__(self):
        if self._op is None:
            return self._message
        frames = self._op.user_traceback()
        lines = [self._message, "\nOriginal stack trace for %r:" % self._op.name]
        for frame in frames:
            lines.append('  File "%s", line %d, in %s' % frame[:3])
            if frame[3]:
                lines.append("    " + frame[3])
        return "\n".join(lines) + "\n"


OK = 0
_BY_CODE = {}
_BY_CLASS = {}


def _error(name, code, doc):
    """Makes the exception class for one status code."""

    def __init__(self, node_def, op, message):
        OpError.__init__(self, node_def, op, message, code)

    cls = type(name, (OpError,), {"__init__": __init__, "__doc__": doc, "__module__": __name__})
    _BY_CODE[code] = cls
    _BY_CLASS[cls] = code
    return export("errors." + name)(cls)


CancelledError = _error("CancelledError", 1, "An operation or step was cancelled.")
UnknownError = _error("UnknownError", 2, "A failure of unknown cause.")
InvalidArgumentError = _error("InvalidArgumentError", 3, "An operation got an argument that it can't work with.")
DeadlineExceededError = _error("DeadlineExceededError", 4, "A deadline passed before an operation was done.")
NotFoundError = _error("NotFoundError", 5, "A file, a variable or another thing asked for was not found.")
AlreadyExistsError = _error("AlreadyExistsError", 6, "A thing to be made is there already.")
PermissionDeniedError = _error("PermissionDeniedError", 7, "The caller may not do this.")
ResourceExhaustedError = _error("ResourceExhaustedError", 8, "There is not enough memory or another resource.")
FailedPreconditionError = _error("FailedPreconditionError", 9, "The system is not in the state that an operation needs.")
AbortedError = _error("AbortedError", 10, "An operation was aborted, typically by a concurrent action.")
OutOfRangeError = _error("OutOfRangeError", 11, "An operation went past the end of its input.")
UnimplementedError = _error("UnimplementedError", 12, "An operation has not been implemented.")
InternalError = _error("InternalError", 13, "An invariant of the system is broken.")
UnavailableError = _error("UnavailableError", 14, "The runtime is currently unavailable.")
DataLossError = _error("DataLossError", 15, "Data is lost or corrupted beyond repair.")
UnauthenticatedError = _error("UnauthenticatedError", 16, "The request has no valid credentials.")

_CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED "
    "FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED"
).split()
for _code, _name in enumerate(_CODES):
    export("errors." + _name)(_code)
INVALID_ARGUMENT = 3


@export("errors.exception_type_from_error_code")
def exception_type_from_error_code(error_code):
    """The exception class for a status code; raises KeyError if there is none."""
    return _BY_CODE[error_code]


@export("errors.error_code_from_exception_type")
def error_code_from_exception_type(cls):
    """The status code of an exception class; `tf.errors.UNKNOWN`, with a warning, if it has none."""
    code = _BY_CLASS.get(cls)
    if code is None:
        warnings.warn("Unknown class exception", stacklevel=2)
        return 2
    return code


@export("errors.raise_exception_on_not_ok_status")
class raise_exception_on_not_ok_status(contextlib.AbstractContextManager):
    """A context manager for TensorFlow's C status objects, of which Eagle has none: errors raise where they happen."""

    def __enter__(self):
        raise NotImplementedError("raise_exception_on_not_ok_status: Eagle has no C status objects; errors raise where they happen")

    def __exit__(self, *unused):
        return False


def invalid(message, *parts):
    """The InvalidArgumentError that a kernel or check raises; the dispatcher adds the node and the user's line."""
    return InvalidArgumentError(None, None, message % parts if parts else message)


@export("python.framework.errors.InaccessibleTensorError", "python.framework.errors_impl.InaccessibleTensorError")
class InaccessibleTensorError(ValueError):
    """A tensor of a function, branch or loop was used outside of it."""


@export("python.framework.errors.OperatorNotAllowedInGraphError", "python.framework.errors_impl.OperatorNotAllowedInGraphError")
class OperatorNotAllowedInGraphError(TypeError):
    """Python's control flow was asked to act on a tensor whose value is not known yet."""


@export("errors.NotYetError")
class NotYetError(NotImplementedError, AttributeError):
    """A TensorFlow name or feature that Eagle does not have yet; the message says which."""
