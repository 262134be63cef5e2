"""Device names: `tf.DeviceSpec` and the merging of partial names such as `"/job:worker"` and `"/cpu:0"`."""

import functools
import re

from .export import export

_FIELDS = ("job", "replica", "task", "device_type", "device_index")
_PART = re.compile(
    r"(?:job:(?P<job>[^/]+)|replica:(?P<replica>\d+|\*)|task:(?P<task>\d+|\*)"
    r"|(?:device:)?(?P<type>[A-Za-z_]\w*|\*):(?P<index>\d+|\*)|(?:device:)?(?P<only>cpu|gpu|[A-Z_]\w*))"
)


@export("DeviceSpec")
class DeviceSpec:
    """A device name with any of its parts: job, replica, task, device type and device index.

    Raises:
      ValueError: `from_string` got text that is no device name.
    """

    def __init__(self, job=None, replica=None, task=None, device_type=None, device_index=None):
        self.job = None if job is None else str(job)
        self.replica = None if replica is None else int(replica)
        self.task = None if task is None else int(task)
        if device_type in ("cpu", "gpu"):
            device_type = device_type.upper()
        self.device_type = device_type
        self.device_index = None if device_index is None else int(device_index)

    def parse_from_string(self, spec):
        """Sets all fields from a name; returns self."""
        self.__init__()
        for part in filter(None, spec.split("/")):
            match = _PART.fullmatch(part)
            if match is None:
                raise ValueError("Unknown attribute: '%s' in '%s'" % (part.split(":")[0], spec))
            self._take(match, spec)
        return self

    def _take(self, match, spec):
        found = match.groupdict()
        if found["job"]:
            self.job = found["job"]
        elif found["replica"]:
            self.replica = _number(found["replica"])
        elif found["task"]:
            self.task = _number(found["task"])
        else:
            if self.device_type is not None:
                raise ValueError("Cannot specify multiple device types: %s" % spec)
            kind = found["type"] or found["only"]
            self.device_type = None if kind == "*" else kind.upper()
            self.device_index = _number(found["index"] or "*")

    @staticmethod
    def from_string(spec):
        """The `DeviceSpec` for a name such as `"/job:ps/replica:0/task:3/device:GPU:0"`."""
        return DeviceSpec().parse_from_string(spec)

    def merge_from(self, dev):
        """Takes over every part that `dev` has."""
        for field in _FIELDS:
            value = getattr(dev, field)
            if value is not None:
                setattr(self, field, value)

    def to_string(self):
        text = ""
        for field in ("job", "replica", "task"):
            value = getattr(self, field)
            if value is not None:
                text += "/%s:%s" % (field, value)
        if self.device_type is not None:
            text += "/device:%s:%s" % (self.device_type, "*" if self.device_index is None else self.device_index)
        return text

    def __eq__(self, other):
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self):
        return hash(self.to_string())


def _number(text):
    return None if text == "*" else int(text)


@functools.lru_cache(maxsize=1024)
def canonical(name):
    """A device name in TensorFlow's full spelling: `/device:CPU:0` for `/cpu:0`."""
    return DeviceSpec.from_string(name).to_string() if name else ""


@functools.lru_cache(maxsize=4096)
def merge(outer, inner):
    """The device name that results when `inner` is asked for inside a scope with the device `outer`."""
    spec = DeviceSpec.from_string(outer)
    spec.merge_from(DeviceSpec.from_string(inner))
    return spec.to_string()


def merge_device(spec):
    """A device function that fills the parts that `spec` has into an operation's device, keeping the operation's own."""
    name = spec.to_string() if isinstance(spec, DeviceSpec) else canonical(spec or "")

    def device_function(node):
        return merge(name, node.device or "")

    return device_function
