"""Names of devices, complete ones."""

from ..core import device as devices
from ..core.context import here
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import executing_eagerly_outside_functions
from ..platform.devices import LOCAL, gpus

DeviceSpec = devices.DeviceSpec


def canonical(name, default=None):
    """The complete name of a device: what `name` and then `default` leave open is the first CPU of this task."""
    found = DeviceSpec(replica=0, task=0, device_type="CPU", device_index=0)
    if executing_eagerly_outside_functions():
        found = found.replace(job="localhost")
    if default:
        found = found.make_merged_spec(DeviceSpec.from_string(default))
    return found.make_merged_spec(DeviceSpec.from_string(name)).to_string()


class _Nobody:
    """What the functions of device scopes are asked about where there is no operation."""

    type = name = _device = device = ""
    node_def = None


def current_device():
    """The device that the scopes in force name; eagerly the complete name."""
    if executing_eagerly_outside_functions():
        if here.eager and here.device:
            return canonical(here.device)
        return LOCAL + "/device:CPU:0"
    nobody = _Nobody()
    get_default_graph()._apply_devices(nobody)
    return nobody._device


def resolved(name):
    """The complete name of a device, of which the scopes in force say what `name` leaves open."""
    return canonical(name, current_device())


@export("contrib.distribute.python.mirrored_strategy.all_local_devices")
def all_local_devices(num_gpus=None):
    """The names of the GPUs of this machine, or of as many as `num_gpus` says; that of the CPU if there are none."""
    count = len(gpus()) if num_gpus is None else num_gpus
    return tuple("/device:GPU:%d" % i for i in range(count)) or ("/device:CPU:0",)
