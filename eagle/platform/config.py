"""`tf.config`: devices, threads and options of the process.

Eagle needs no initialization, so most settings may be changed at any time.  The divisions of devices are fixed once they have
been listed, the number of threads once oneDNN has started them.
"""

from ..core.context import CALLBACK, here, process
from ..core.errors import NotYetError
from ..core.export import export
from . import tf_logging
from .devices import LOCAL, devices as machine, of_kind


class _Settings:
    """The settings of the process.

    Attributes:
      intra_op, inter_op: numbers of threads, 0 for as many as there are cores.
      threads_started: whether threads run already, so that their number is fixed.
      soft_placement: whether operations without a kernel for their device go to another.
      device_policy: what happens to a tensor on another device than its operation.
      synchronous: whether eager operations are done when they return.
      jit: whether XLA is to compile whatever it can; None for as Eagle thinks best.
      rewrites: options of TensorFlow's graph optimizer.
      logs_placement: whether every eager operation is logged with its device.
    """

    def __init__(self):
        self.intra_op = self.inter_op = 0
        self.threads_started = False
        self.soft_placement = None
        self.device_policy = "silent"
        self.synchronous = True
        self.jit = None
        self.rewrites = {}
        self.logs_placement = False


settings = _Settings()

# ------------------------------------------------------------------------------------------------------------- devices


@export("config.experimental.list_physical_devices")
def list_physical_devices(device_type=None):
    """The physical devices of this machine, of one type (`"CPU"`, `"GPU"`) or all."""
    return of_kind(machine.physical, device_type)


@export("config.experimental.list_logical_devices")
def list_logical_devices(device_type=None):
    """The devices on which operations can be placed, of one type or all."""
    return of_kind(machine.logical(), device_type)


@export("config.experimental.get_visible_devices")
def get_visible_devices(device_type=None):
    """The physical devices that the process uses, of one type or all."""
    return of_kind(machine.visible, device_type)


@export("config.experimental.set_visible_devices")
def set_visible_devices(devices, device_type=None):
    """Lets the process use only some physical devices.

    Args:
      devices: a `PhysicalDevice` or a list of them.
      device_type: the type of which they are; those of other types stay as they are.

    Raises:
      ValueError: one of them is no physical device of this machine (of this type).
      RuntimeError: the logical devices are fixed already.
    """
    chosen = [devices] if isinstance(devices, tuple) else list(devices)
    machine.show(chosen, device_type)


@export("config.experimental.get_virtual_device_configuration")
def get_virtual_device_configuration(device):
    """How a physical device is divided: a list of `VirtualDeviceConfiguration`s, or None if it is not.

    Raises:
      ValueError: it is no physical device of this machine.
    """
    return machine.division(device)


@export("config.experimental.set_virtual_device_configuration")
def set_virtual_device_configuration(device, virtual_devices):
    """Divides a physical device into several logical ones.

    Args:
      device: a `PhysicalDevice`.
      virtual_devices: a list of `VirtualDeviceConfiguration`s.

    Raises:
      ValueError: it is no physical device of this machine, or the parts don't suit it.
      RuntimeError: the logical devices are fixed already.
    """
    machine.divide(device, virtual_devices)


@export("config.experimental.get_memory_growth")
def get_memory_growth(device):
    """Whether the memory of a GPU is taken as it is needed.

    Raises:
      ValueError: it is no physical device of this machine.
      KeyError: nothing was set for it.
    """
    machine.check(device)
    return machine.memory_growth[device]


@export("config.experimental.set_memory_growth")
def set_memory_growth(device, enable):
    """Lets the memory of a GPU be taken as it is needed (JAX does so unless told otherwise by its environment variables).

    Raises:
      ValueError: it is no GPU of this machine, or it is divided.
    """
    machine.check(device)
    if machine.division(device):
        raise ValueError("Cannot set memory growth on device when virtual devices configured")
    if device.device_type != "GPU":
        raise ValueError("Cannot set memory growth on non-GPU devices")
    machine.memory_growth[device] = enable


@export("config.experimental_list_devices", "contrib.eager.list_devices")
def list_devices():
    """The names of the devices on which operations can be placed."""
    return [d.name for d in machine.logical()]


@export("contrib.eager.num_gpus")
def num_gpus():
    """The number of GPUs that operations can be placed on."""
    return len(of_kind(machine.logical(), "GPU"))


@export("config.experimental_connect_to_host", "contrib.eager.connect_to_remote_host")
def connect_to_host(remote_host=None, job_name="worker"):
    """Would use the devices of another machine, which Eagle can't.

    Raises:
      ValueError: no host is given.
      NotYetError: otherwise.
    """
    if not remote_host:
        raise ValueError("Must provide at least one remote_host")
    raise NotYetError("tf.config.experimental_connect_to_host: Eagle runs in one process only")


@export("config.experimental_connect_to_cluster")
def connect_to_cluster(cluster_spec_or_resolver, job_name="localhost", task_index=0, protocol=None):
    """Would use the devices of a cluster, which Eagle can't.

    Raises:
      ValueError: it is no cluster.
      NotYetError: otherwise.
    """
    if type(cluster_spec_or_resolver).__name__ != "ClusterSpec" and not hasattr(cluster_spec_or_resolver, "cluster_spec"):
        raise ValueError("`cluster_spec_or_resolver` must be a `ClusterSpec` or a `ClusterResolver`.")
    raise NotYetError("tf.config.experimental_connect_to_cluster: Eagle runs in one process only")


@export("contrib.eager.set_server_def", "contrib.eager.enable_remote_eager_execution")
def set_server_def(server_def):
    """Would let this process serve a cluster, which Eagle can't."""
    raise NotYetError("tf.contrib.eager.set_server_def: Eagle runs in one process only")


# ----------------------------------------------------------------------------------------------------------- execution


@export("config.threading.get_intra_op_parallelism_threads")
def get_intra_op_parallelism_threads():
    """The number of threads that one operation may use; 0 for as many as there are cores."""
    return settings.intra_op


@export("config.threading.set_intra_op_parallelism_threads")
def set_intra_op_parallelism_threads(num_threads):
    """Sets the number of threads that one operation may use; it is oneDNN's (NumPy's follow `OMP_NUM_THREADS` at the start).

    Raises:
      RuntimeError: oneDNN has started its threads already.
    """
    if settings.threads_started and num_threads != settings.intra_op:
        raise RuntimeError("Intra op parallelism cannot be modified after initialization.")
    settings.intra_op = num_threads


@export("config.threading.get_inter_op_parallelism_threads")
def get_inter_op_parallelism_threads():
    """The number of operations that may run at the same time as it was set; 0 by default."""
    return settings.inter_op


@export("config.threading.set_inter_op_parallelism_threads")
def set_inter_op_parallelism_threads(num_threads):
    """Sets how many operations may run at the same time.  Eagle's run one after the other, which any number allows."""
    settings.inter_op = num_threads


@export("config.get_soft_device_placement")
def get_soft_device_placement():
    """Whether operations without a kernel for their device go to another; by default so in eager execution."""
    return process.eager if settings.soft_placement is None else settings.soft_placement


@export("config.set_soft_device_placement")
def set_soft_device_placement(enabled):
    """Sets whether operations without a kernel for their device go to another.  Every kernel of Eagle runs on every device."""
    settings.soft_placement = enabled


_POLICIES = ("explicit", "warn", "silent", "silent_for_int32")


@export("config.experimental.get_device_policy")
def get_device_policy():
    """What happens to a tensor on another device than its operation: `"silent"`, `"silent_for_int32"`, `"warn"` or `"explicit"`."""
    return settings.device_policy


@export("config.experimental.set_device_policy")
def set_device_policy(device_policy):
    """Sets what happens to a tensor on another device than its operation.  With all eager tensors in one memory there is none.

    Args:
      device_policy: `"silent"` (also None), `"silent_for_int32"`, `"warn"` or `"explicit"`.

    Raises:
      ValueError: it is none of these.
    """
    if device_policy is None:
        device_policy = "silent"
    if device_policy not in _POLICIES:
        raise ValueError("Not a valid device policy: %r" % device_policy)
    settings.device_policy = device_policy


@export("config.experimental.get_synchronous_execution")
def get_synchronous_execution():
    """Whether eager operations are done when they return, as it was set."""
    return settings.synchronous


@export("config.experimental.set_synchronous_execution")
def set_synchronous_execution(enable):
    """Sets whether eager operations are done when they return.  Eagle's always are, which either setting allows."""
    settings.synchronous = enable


@export("config.optimizer.get_jit")
def get_jit():
    """Whether XLA is to compile whatever it can."""
    return bool(settings.jit)


@export("config.optimizer.set_jit")
def set_jit(enabled):
    """Sets whether XLA is to compile whatever it can."""
    settings.jit = bool(enabled)


_SWITCHES = (
    "layout_optimizer constant_folding shape_optimization remapping arithmetic_optimization dependency_optimization "
    "loop_optimization function_optimization debug_stripper scoped_allocator_optimization pin_to_host_optimization "
    "implementation_selector auto_mixed_precision"
).split()
_FLAGS = ("disable_model_pruning", "disable_meta_optimizer")


@export("config.optimizer.get_experimental_options")
def get_experimental_options():
    """The options of TensorFlow's graph optimizer as they were set, a dictionary."""
    found = {name: settings.rewrites[name] for name in _SWITCHES if settings.rewrites.get(name) is not None}
    found.update({name: bool(settings.rewrites.get(name)) for name in _FLAGS})
    if settings.rewrites.get("min_graph_nodes"):
        found["min_graph_nodes"] = settings.rewrites["min_graph_nodes"]
    return found


@export("config.optimizer.set_experimental_options")
def set_experimental_options(options):
    """Sets options of TensorFlow's graph optimizer, which Eagle has not: they change no result, and are told when asked for.

    Args:
      options: a dictionary.
    """
    settings.rewrites.update(options)


# --------------------------------------------------------------------------------------------------- logging of placement


@export("debugging.get_log_device_placement")
def get_log_device_placement():
    """Whether every eager operation is logged with its device."""
    return settings.logs_placement


def _log_placement(op, inputs, outputs, attrs, name):
    device = outputs[0].device if outputs else "%s/device:CPU:0" % LOCAL
    tf_logging.info("Executing op %s in device %s", op.name, device)


@export("debugging.set_log_device_placement")
def set_log_device_placement(enabled):
    """Sets whether every eager operation of the calling thread is logged with its device."""
    enabled = bool(enabled)
    if enabled != settings.logs_placement:
        settings.logs_placement = enabled
        process.busy += CALLBACK if enabled else -CALLBACK
        here.callbacks = tuple([c for c in here.callbacks if c is not _log_placement]) + ((_log_placement,) if enabled else ())
