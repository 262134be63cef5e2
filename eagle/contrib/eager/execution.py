"""How eager execution is done: modes, placement, the start of a program."""

import contextlib

from ...core.export import export
from ...core.scopes import enable_eager_execution
from ...platform import config, flags

SYNC = export("contrib.eager.SYNC")(0)
ASYNC = export("contrib.eager.ASYNC")(1)
for _number, _name in enumerate(("EXPLICIT", "WARN", "SILENT")):
    export("contrib.eager.DEVICE_PLACEMENT_" + _name)(_number)


def _check_mode(mode):
    if mode not in (None, SYNC, ASYNC):
        raise ValueError("Execution mode should be None/SYNC/ASYNC. Got %s" % mode)


@export("contrib.eager.set_execution_mode")
def set_execution_mode(mode):
    """Sets whether eager operations may return before they are done; Eagle's are always done, which either mode allows.

    Args:
      mode: `SYNC`, `ASYNC`, or None for `SYNC`.

    Raises:
      ValueError: it is none of these.
    """
    _check_mode(mode)
    config.set_synchronous_execution(mode != ASYNC)


@export("contrib.eager.execution_mode")
@contextlib.contextmanager
def execution_mode(mode):
    """A context manager with `set_execution_mode` for a block."""
    _check_mode(mode)
    before = config.get_synchronous_execution()
    set_execution_mode(mode)
    try:
        yield
    finally:
        config.set_synchronous_execution(before)


@export("contrib.eager.async_wait")
def async_wait():
    """Waits until all eager operations are done, which they are."""


@export("contrib.eager.async_clear_error")
def async_clear_error():
    """Forgets the errors of operations that were not done when they returned, of which there are none."""


@export("contrib.eager.run")
def run(main=None, argv=None):
    """Runs a program eagerly: turns eager execution on, parses flags and calls `main(argv)`; ends the process.

    Args:
      main, argv: as of `tf.app.run`.
    """
    enable_eager_execution()
    flags.run(main, argv)


@export("contrib.eager.get_optimizer_variables")
def get_optimizer_variables(optimizer):
    """The variables that a `tf.train.Optimizer` has made."""
    return optimizer.variables()
