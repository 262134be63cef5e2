"""`tf.logging`: Python's logger `tensorflow`, with TensorFlow's names and its own handler."""

import collections
import itertools
import logging
import sys
import threading

from ..core.export import export

DEBUG, INFO, WARN, ERROR, FATAL = logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.FATAL
for _name, _level in (("DEBUG", DEBUG), ("INFO", INFO), ("WARN", WARN), ("ERROR", ERROR), ("FATAL", FATAL)):
    export("logging." + _name, "python.platform.tf_logging." + _name)(_level)

_lock = threading.Lock()
_logger = None
_counts = collections.defaultdict(itertools.count)


@export("get_logger", "python.platform.tf_logging.get_logger")
def get_logger():
    """The logger, made on first use: to standard error, or in an interactive session to standard output."""
    global _logger
    if _logger is not None:
        return _logger
    with _lock:
        if _logger is None:
            logger = logging.getLogger("tensorflow")
            if not logging.getLogger().handlers and not logger.handlers:
                interactive = hasattr(sys, "ps1") or sys.flags.interactive
                if interactive:
                    logger.setLevel(INFO)
                handler = logging.StreamHandler(sys.stdout if interactive else sys.stderr)
                handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT, None))
                logger.addHandler(handler)
                logger.propagate = False
            _logger = logger
    return _logger


def _public(function):
    name = function.__name__
    return export("logging." + name, "python.platform.tf_logging." + name)(function)


@_public
def log(level, msg, *args, **kwargs):
    """Logs a message at a level."""
    get_logger().log(level, msg, *args, **kwargs)


@_public
def debug(msg, *args, **kwargs):
    """Logs a message at level DEBUG."""
    get_logger().debug(msg, *args, **kwargs)


@_public
def info(msg, *args, **kwargs):
    """Logs a message at level INFO."""
    get_logger().info(msg, *args, **kwargs)


@_public
def warning(msg, *args, **kwargs):
    """Logs a message at level WARN."""
    get_logger().warning(msg, *args, **kwargs)


@_public
def warn(msg, *args, **kwargs):
    """Logs a message at level WARN."""
    get_logger().warning(msg, *args, **kwargs)


@_public
def error(msg, *args, **kwargs):
    """Logs a message at level ERROR."""
    get_logger().error(msg, *args, **kwargs)


@_public
def fatal(msg, *args, **kwargs):
    """Logs a message at level FATAL."""
    get_logger().fatal(msg, *args, **kwargs)


@_public
def vlog(level, msg, *args, **kwargs):
    """Logs a message at a numeric level."""
    get_logger().log(level, msg, *args, **kwargs)


@_public
def flush():
    """Would flush the log, which is not buffered."""
    for handler in get_logger().handlers:
        handler.flush()


@_public
def get_verbosity():
    """The lowest level that is logged."""
    return get_logger().getEffectiveLevel()


@_public
def set_verbosity(v):
    """Sets the lowest level that is logged."""
    get_logger().setLevel(v)


@_public
def TaskLevelStatusMessage(msg):
    """Logs a message at level ERROR."""
    error(msg)


def _times_logged(skip=2):
    """How often the calling line has come here before."""
    frame = sys._getframe(skip)
    return next(_counts[frame.f_code.co_filename, frame.f_lineno])


@_public
def log_every_n(level, msg, n, *args):
    """Logs a message the first time that the line is reached and every `n`th time after."""
    log_if(level, msg, _times_logged() % n == 0, *args)


@_public
def log_first_n(level, msg, n, *args):
    """Logs a message the first `n` times that the line is reached."""
    log_if(level, msg, _times_logged() < n, *args)


@_public
def log_if(level, msg, condition, *args):
    """Logs a message if a condition is true."""
    if condition:
        vlog(level, msg, *args)
