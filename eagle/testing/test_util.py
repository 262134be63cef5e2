"""What remains of TensorFlow's helpers for tests: devices, layouts of images, local clusters."""

import contextlib

from ..core.errors import NotYetError
from ..core.export import export, resolve
from ..core.scopes import device as device_scope
from ..core.tensor import Tensor
from ..platform.devices import gpu_device_name, is_built_with_cuda, is_built_with_rocm, is_gpu_available
from .comparing import runs_with_function

_UTIL = "python.framework.test_util."

export(_UTIL + "py_func_if_in_function")(runs_with_function)
export(_UTIL + "gpu_device_name")(gpu_device_name)
export(_UTIL + "IsGoogleCudaEnabled")(is_built_with_cuda)
export(_UTIL + "IsBuiltWithROCm")(is_built_with_rocm)


@export("test.create_local_cluster", _UTIL + "create_local_cluster")
def create_local_cluster(num_workers, num_ps, protocol="grpc", worker_config=None, ps_config=None):
    """Would start servers on this machine.

    Args:
      num_workers, num_ps: how many of each kind.
      protocol: how they talk.
      worker_config, ps_config: a `ConfigProto` for each kind.

    Raises:
      NotYetError: always: Eagle runs in one process.
    """
    raise NotYetError("tf.test.create_local_cluster: Eagle runs a program in one process, without servers")


@export(_UTIL + "is_xla_enabled", _UTIL + "IsMklEnabled", _UTIL + "GpuSupportsHalfMatMulAndConv")
def _no():
    """Whether TensorFlow was built in some special way: no."""
    return False


@export(_UTIL + "InstallStackTraceHandler")
def InstallStackTraceHandler():
    """Lets a crash print Python's stack."""
    import faulthandler

    faulthandler.enable()


@export(_UTIL + "device")
@contextlib.contextmanager
def device(use_gpu):
    """A context manager that places operations on the GPU, if one is asked for and there, or else on the CPU."""
    with device_scope("/device:GPU:0" if use_gpu and is_gpu_available() else "/device:CPU:0"):
        yield


@export(_UTIL + "use_gpu")
def use_gpu():
    """A context manager that places operations on the GPU if there is one."""
    return device(use_gpu=True)


@export(_UTIL + "force_gpu")
def force_gpu():
    """A context manager that places operations on the GPU."""
    return device_scope("/device:GPU:0")


@export(_UTIL + "force_cpu")
def force_cpu():
    """A context manager that places operations on the CPU."""
    return device_scope("/device:CPU:0")


# ---------------------------------------------------------------------------------------------------- layouts of images


def _permuted(tensor_or_shape, orders):
    """A tensor, or a list with its shape, with its dimensions in another order; `orders` has one for each rank."""
    if isinstance(tensor_or_shape, Tensor):
        return resolve("transpose")(tensor_or_shape, orders[tensor_or_shape.shape.ndims])
    return [tensor_or_shape[a] for a in orders[len(tensor_or_shape)]]


@export(_UTIL + "NHWCToNCHW")
def NHWCToNCHW(input_tensor):
    """A tensor of 4 or 5 dimensions, or the list of its sizes, with the channels brought to the front."""
    return _permuted(input_tensor, {4: [0, 3, 1, 2], 5: [0, 4, 1, 2, 3]})


@export(_UTIL + "NCHWToNHWC")
def NCHWToNHWC(input_tensor):
    """A tensor of 4 or 5 dimensions, or the list of its sizes, with the channels brought to the end."""
    return _permuted(input_tensor, {4: [0, 2, 3, 1], 5: [0, 2, 3, 4, 1]})


@export(_UTIL + "NHWCToNCHW_VECT_C")
def NHWCToNCHW_VECT_C(input_shape_or_tensor):
    """A tensor, or the list of its sizes, with groups of 4 channels as the last dimension and the groups' number in front.

    Raises:
      ValueError: the channels are no multiple of 4.
    """
    given = input_shape_or_tensor
    sizes = given.shape.as_list() if isinstance(given, Tensor) else list(given)
    if sizes[-1] % 4:
        raise ValueError("Last dimension of input must be evenly divisible by 4 to convert to NCHW_VECT_C.")
    sizes[-1:] = [sizes[-1] // 4, 4]
    split = resolve("reshape")(given, sizes) if isinstance(given, Tensor) else sizes
    return _permuted(split, {5: [0, 3, 1, 2, 4], 6: [0, 4, 1, 2, 3, 5]})


@export(_UTIL + "NCHW_VECT_CToNHWC")
def NCHW_VECT_CToNHWC(input_shape_or_tensor):
    """What `NHWCToNCHW_VECT_C` made, as it was.

    Raises:
      ValueError: the last dimension is not 4.
    """
    given = input_shape_or_tensor
    sizes = given.shape.as_list() if isinstance(given, Tensor) else given
    if sizes[-1] != 4:
        raise ValueError("Last dimension of NCHW_VECT_C must be 4.")
    orders = {5: [0, 2, 3, 1, 4], 6: [0, 2, 3, 4, 1, 5]}
    *joined, groups, four = [sizes[a] for a in orders[len(sizes)]]
    joined.append(groups * four)
    return resolve("reshape")(_permuted(given, orders), joined) if isinstance(given, Tensor) else joined
