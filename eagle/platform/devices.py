"""The devices of this machine: what there is, what of it is visible, and how it is divided.

There is the CPU, and there are GPUs if JAX has a plugin for them; JAX is imported only if one is installed.  As in TensorFlow the
division is fixed once somebody has asked for the logical devices.
"""

import collections
import functools
import importlib
import importlib.util

from .. import protos
from ..core.export import export

PhysicalDevice = export("python.eager.context.PhysicalDevice")(collections.namedtuple("PhysicalDevice", ["name", "device_type"]))
LogicalDevice = export("python.eager.context.LogicalDevice")(collections.namedtuple("LogicalDevice", ["name", "device_type"]))


@export("config.experimental.VirtualDeviceConfiguration", "python.eager.context.VirtualDeviceConfiguration")
class VirtualDeviceConfiguration(collections.namedtuple("VirtualDeviceConfiguration", ["memory_limit"])):
    """How a physical device is divided: one of its logical devices.

    Attributes:
      memory_limit: its share of the memory in MiB (GPUs only), or None.
    """

    __slots__ = ()

    def __new__(cls, memory_limit=None):
        return super().__new__(cls, memory_limit)


LOCAL = "/job:localhost/replica:0/task:0"
_CPU_MEMORY = 268435456  # what TensorFlow tells of every CPU


def _has_gpu_plugin():
    """Whether a package is installed that lets JAX use GPUs."""
    import importlib.metadata

    if importlib.util.find_spec("jax") is None:
        return False
    names = ("jax_cuda13_plugin", "jax_cuda12_plugin", "jax_rocm7_plugin", "jax_rocm60_plugin", "jax_metal")
    if any(importlib.util.find_spec(name) is not None for name in names):
        return True
    return any(
        e.name.startswith(("cuda", "rocm", "xla_cuda", "xla_rocm")) for e in importlib.metadata.entry_points(group="jax_plugins")
    )


@functools.cache
def gpus():
    """JAX's devices that are GPUs."""
    if not _has_gpu_plugin():
        return ()
    jax = importlib.import_module("jax")
    try:
        return tuple(jax.local_devices(backend="gpu"))
    except RuntimeError:  # a plugin without a device
        return ()


class _Devices:
    """What is visible of the physical devices, and how they are divided.

    Attributes:
      fixed: whether somebody knows the logical devices already.
      memory_growth: physical device -> whether its memory is taken as needed, of those for which it was set.
    """

    def __init__(self):
        self.fixed = False
        self._visible = None
        self._divisions = {}
        self.memory_growth = {}

    @functools.cached_property
    def physical(self):
        found = [PhysicalDevice("/physical_device:CPU:0", "CPU")]
        return found + [PhysicalDevice("/physical_device:GPU:%d" % i, "GPU") for i in range(len(gpus()))]

    def check(self, device):
        if device not in self.physical:
            raise ValueError("Unrecognized device: %r" % (device,))

    @property
    def visible(self):
        return list(self.physical) if self._visible is None else list(self._visible)

    def show(self, chosen, kind):
        """Makes of the devices (of one type, or of all if it is None) only the chosen ones visible."""
        for device in chosen:
            self.check(device)
            if kind is not None and device.device_type != kind:
                raise ValueError("Unrecognized device: %r" % (device,))
        kept = [] if kind is None else [d for d in self.visible if d.device_type != kind]
        self._change("_visible", kept + chosen, "Visible devices cannot be modified after being initialized")

    def divide(self, device, parts):
        self.check(device)
        if device.device_type == "CPU" and any(p.memory_limit is not None for p in parts):
            raise ValueError("Setting memory limit on CPU virtual devices is currently not supported")
        if any(p.memory_limit is None for p in parts) and device.device_type == "GPU" and len(parts) > 1:
            raise ValueError("Setting memory limit is required for GPU virtual devices")
        if device in self.memory_growth:
            raise ValueError("Cannot set virtual device when memory growth is set")
        changed = {**self._divisions, device: parts}
        self._change("_divisions", changed, "Virtual devices cannot be modified after being initialized")

    def division(self, device):
        self.check(device)
        return self._divisions.get(device)

    def _change(self, field, value, complaint):
        if self.fixed and getattr(self, field) != value:
            raise RuntimeError(complaint)
        setattr(self, field, value)

    def logical(self):
        """The logical devices; from now on they are fixed."""
        self.fixed = True
        numbers = collections.Counter()
        found = []
        for device in self.visible:
            for _ in self._divisions.get(device) or [None]:
                kind = device.device_type
                found.append(LogicalDevice("%s/device:%s:%d" % (LOCAL, kind, numbers[kind]), kind))
                numbers[kind] += 1
        return found


devices = _Devices()


def of_kind(found, kind):
    """Those of some devices that are of one type, all if it is None."""
    return [d for d in found if kind is None or d.device_type == kind]


def memory_of(device):
    """The memory in bytes that a logical device has."""
    if device.device_type == "CPU":
        return _CPU_MEMORY
    stats = gpus()[int(device.name.rpartition(":")[2])].memory_stats() or {}
    return stats.get("bytes_limit", 0)


@export("python.client.device_lib.list_local_devices")
def list_local_devices(session_config=None):
    """The devices of this process as `DeviceAttributes` messages, as `tensorflow.python.client.device_lib` gives them.

    Args:
      session_config: a `ConfigProto`; Eagle finds the same devices whatever it says.

    Raises:
      TypeError: `session_config` is no `ConfigProto`.
    """
    if session_config is not None and type(session_config).__name__ != "ConfigProto":
        raise TypeError("session_config must be a tf.ConfigProto, but got %s" % type(session_config))
    found = []
    for number, device in enumerate(devices.logical()):
        made = protos.message("DeviceAttributes")()
        made.name = device.name[len(LOCAL) :]
        made.device_type = device.device_type
        made.memory_limit = memory_of(device)
        made.locality.SetInParent()
        made.incarnation = number + 1
        if device.device_type == "GPU":
            jax_device = gpus()[int(device.name.rpartition(":")[2])]
            made.physical_device_desc = "device: %s, name: %s" % (jax_device.id, jax_device.device_kind)
        found.append(made)
    return found


@export("test.gpu_device_name")
def gpu_device_name():
    """The name of a GPU, such as `"/device:GPU:0"`, or an empty string if there is none."""
    found = of_kind(devices.logical(), "GPU")
    return found[0].name[len(LOCAL) :] if found else ""


@export("test.is_gpu_available")
def is_gpu_available(cuda_only=False, min_cuda_compute_capability=None):
    """Whether there is a GPU that Eagle can use.

    Args:
      cuda_only: whether it must be one of NVIDIA's.
      min_cuda_compute_capability: a pair (major, minor) that NVIDIA's must have at least, or None.
    """
    for device in gpus():
        if "rocm" in getattr(device.client, "platform_version", "").lower():
            if not cuda_only and not min_cuda_compute_capability:
                return True
            continue
        capability = tuple(map(int, str(getattr(device, "compute_capability", "0.0")).split(".")))
        if not min_cuda_compute_capability or capability >= tuple(min_cuda_compute_capability):
            return True
    return False


@export("test.is_built_with_cuda")
def is_built_with_cuda():
    """Whether this installation can use NVIDIA's GPUs."""
    return any(importlib.util.find_spec("jax_cuda%d_plugin" % v) is not None for v in (12, 13))


@export("test.is_built_with_rocm")
def is_built_with_rocm():
    """Whether this installation can use AMD's GPUs."""
    return any(importlib.util.find_spec("jax_rocm%d_plugin" % v) is not None for v in (60, 7))


@export("test.is_built_with_gpu_support")
def is_built_with_gpu_support():
    """Whether this installation can use GPUs."""
    return is_built_with_cuda() or is_built_with_rocm()
