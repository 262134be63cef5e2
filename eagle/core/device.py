"""Device names: `tf.DeviceSpec` and the merging of partial names such as `"/job:worker"` and `"/cpu:0"`."""

import functools

from .export import export

_FIELDS = ("job", "replica", "task", "device_type", "device_index")


def _text(value):
    return None if value is None else str(value)


def _number(value):
    return None if value is None else int(value)


def _device_type(value):
    return value.upper() if value in ("cpu", "gpu") else _text(value)


_READ = dict(zip(_FIELDS, (_text, _number, _number, _device_type, _number)))


@functools.lru_cache(maxsize=4096)
def _parse(spec):
    """The fields of a device name as strings.

    Raises:
      ValueError: it is no device name.
    """
    found = dict.fromkeys(_FIELDS)
    for part in (spec or "").split("/"):
        head, *rest = part.split(":")
        if head in ("job", "replica", "task") and len(rest) == 1:
            found[head] = rest[0]
            continue
        if head.upper() in ("CPU", "GPU") and len(rest) <= 1:
            kind, index = head.upper(), rest[0] if rest else "*"
        elif head == "device" and len(rest) == 2:
            kind, index = rest
        elif head:
            raise ValueError("Unknown attribute: '%s' in '%s'" % (head, spec))
        else:
            continue
        if found["device_type"] is not None:
            raise ValueError("Cannot specify multiple device types: %s" % spec)
        found["device_type"], found["device_index"] = kind, None if index == "*" else index
    return tuple(found.values())


@export("compat.v2.DeviceSpec", "python.framework.device_spec.DeviceSpecV2")
class DeviceSpecV2:
    """A device name with any of its parts: job, replica, task, device type and device index; it can't be changed.

    Args:
      job: the name of the job, or None.
      replica, task: numbers, or None.
      device_type: such as `"CPU"`, or None.
      device_index: which of the devices of this type, or None for any.
    """

    __slots__ = tuple("_" + field for field in _FIELDS)

    def __init__(self, job=None, replica=None, task=None, device_type=None, device_index=None):
        for field, value in zip(_FIELDS, (job, replica, task, device_type, device_index)):
            setattr(self, "_" + field, _READ[field](value))

    @classmethod
    def from_string(cls, spec):
        """The `DeviceSpec` for a name such as `"/job:ps/replica:0/task:3/device:GPU:0"`; raises ValueError if it is none."""
        return cls(*_parse(spec))

    def parse_from_string(self, spec):
        """As `from_string`."""
        return self.from_string(spec)

    def _merged(self, dev):
        return [getattr(self if getattr(dev, field) is None else dev, field) for field in _FIELDS]

    def make_merged_spec(self, dev):
        """A new spec with every part that `dev` has, and this one's others."""
        return type(self)(*self._merged(dev))

    def replace(self, **kwargs):
        """A new spec in which the fields given by keyword have other values."""
        return type(self)(**{**{field: getattr(self, field) for field in _FIELDS}, **kwargs})

    def to_string(self):
        """The name, `/job:<name>/replica:<number>/task:<number>/device:<type>:<index>` with the parts that there are."""
        text = "".join("/%s:%s" % (f, getattr(self, f)) for f in _FIELDS[:3] if getattr(self, f) is not None)
        if self.device_type is not None:
            text += "/device:%s:%s" % (self.device_type, "*" if self.device_index is None else self.device_index)
        return text

    def __eq__(self, other):
        return isinstance(other, type(self)) and self.to_string() == other.to_string()

    def __hash__(self):
        return hash(self.to_string())


for _field in _FIELDS:
    setattr(DeviceSpecV2, _field, property(lambda self, name="_" + _field: getattr(self, name)))


@export("DeviceSpec", "python.framework.device_spec.DeviceSpecV1")
class DeviceSpec(DeviceSpecV2):
    """A device name with any of its parts: job, replica, task, device type and device index, which may be set.

    Args:
      job: the name of the job, or None.
      replica, task: numbers, or None.
      device_type: such as `"CPU"`, or None.
      device_index: which of the devices of this type, or None for any.
    """

    __slots__ = ()
    __hash__ = DeviceSpecV2.__hash__

    def parse_from_string(self, spec):
        """Sets all fields from a name and returns this spec; raises ValueError if it is no device name."""
        self.__init__(*_parse(spec))
        return self

    def merge_from(self, dev):
        """Takes over every part that `dev` has."""
        self.__init__(*self._merged(dev))


def _settable(name):
    def get(self):
        return getattr(self, "_" + name)

    def put(self, value):
        setattr(self, "_" + name, _READ[name](value))

    return property(get, put)


for _field in _FIELDS:
    setattr(DeviceSpec, _field, _settable(_field))


@functools.lru_cache(maxsize=1024)
def canonical(name):
    """A device name in TensorFlow's full spelling: `/device:CPU:0` for `/cpu:0`."""
    return DeviceSpec.from_string(name).to_string() if name else ""


@functools.lru_cache(maxsize=4096)
def merge(outer, inner):
    """The device name that results when `inner` is asked for inside a scope with the device `outer`."""
    return DeviceSpec.from_string(outer).make_merged_spec(DeviceSpec.from_string(inner)).to_string()


@export("python.framework.device.canonical_name")
def canonical_name(device):
    """A device name, or a `DeviceSpec`, in TensorFlow's full spelling; `""` for None."""
    return device.to_string() if isinstance(device, DeviceSpecV2) else canonical(device)


@export("python.framework.device.check_valid")
def check_valid(spec):
    """Raises ValueError if a string is no device name."""
    DeviceSpec.from_string(spec)


@export("python.framework.device.is_device_spec")
def is_device_spec(obj):
    """Whether `obj` is a `DeviceSpec`."""
    return isinstance(obj, DeviceSpecV2)


@export("python.framework.device.merge_device")
def merge_device(spec):
    """A device function that fills the parts that `spec` has into an operation's device, keeping the operation's own.

    Args:
      spec: a device name or a `DeviceSpec`.

    Raises:
      ValueError: `spec` is no device name.
    """
    if isinstance(spec, MergeDevice):
        return spec
    return MergeDevice(spec.to_string() if isinstance(spec, DeviceSpecV2) else canonical(spec))


class MergeDevice:
    """The device function that `merge_device` gives."""

    def __init__(self, name):
        self._spec = DeviceSpec.from_string(name)
        self._name = name

    def __call__(self, node):
        """The `DeviceSpec` for an operation."""
        return self._spec.make_merged_spec(DeviceSpec.from_string(node.device))

    @property
    def is_null_merge(self):
        """Whether nothing is filled in."""
        return not self._name

    def __repr__(self):
        return "%s (spec: %s)" % (object.__repr__(self), self._name)
