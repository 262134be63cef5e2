"""Where operations may run: in a session's own task only."""

import functools

from ..core.device import DeviceSpec
from ..core.errors import InvalidArgumentError
from ..platform.devices import devices


@functools.lru_cache(maxsize=1000)
def _is_in(place, job, task):
    """Whether a device's string names no other task than this."""
    spec = DeviceSpec.from_string(place)
    return spec.job in (None, job) and spec.replica in (None, 0) and spec.task in (None, task)


def check_places(operations, job, task):
    """Raises InvalidArgumentError if an operation is placed in another task than that of the session.

    Operations for other kinds of devices are no error: Eagle runs them where it can.

    Args:
      operations: the operations.
      job: the name of the session's job.
      task: the number of its task.
    """
    for op in operations:
        if op.device and not _is_in(op.device, job, task):
            own = "/job:%s/replica:0/task:%d" % (job, task)
            available = [own + "/device:" + d.name.split("/device:")[-1] for d in devices.logical()]
            raise InvalidArgumentError(
                op.node_def, op, "Cannot assign a device for operation %s: node %s was explicitly assigned to %s but available "
                "devices are [ %s ]. Make sure the device specification refers to a valid device."
                % (op.name, op.name, op.device, ", ".join(available)))  # fmt: skip
