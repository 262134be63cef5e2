"""Models on several devices; kernels turned round."""

import collections

import numpy as np

from ...core.export import export, public as tf
from ...core.scopes import device, name_scope
from ...platform.deprecation import deprecated
from ..backend.values import batch_set_value, get_value
from ..engine.training import Model
from ..layers.merging import concatenate
from ..layers.reshaping import Lambda
from ..saving.models import clone_model


@export("keras.utils.convert_all_kernels_in_model")
def convert_all_kernels_in_model(model):
    """Turns the kernels of the convolutions of a model round, as between Theano and TensorFlow."""
    kinds = {"Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose"}
    layers = [layer for layer in model.layers if type(layer).__name__ in kinds]
    batch_set_value([(layer.kernel, _turned(get_value(layer.kernel))) for layer in layers])


def _turned(kernel):
    kernel = np.asarray(kernel)
    if not 3 <= kernel.ndim <= 5:
        raise ValueError("Invalid kernel shape:", kernel.shape)
    return np.copy(np.flip(kernel, tuple(range(kernel.ndim - 2))))


def _slice(data, i, parts):
    """One of the equal parts of a batch; the last one has what is left."""
    sizes = tf.shape(data)
    batch, rest = sizes[:1], sizes[1:]
    step = batch // parts
    size = batch - step * i if i == parts - 1 else step
    start = tf.concat([step, rest * 0], axis=0) * i
    return tf.slice(data, start, tf.concat([size, rest], axis=0))


def _devices():
    return ["/" + d.name.lower().split("device:")[1] for d in tf.keras.backend.get_session().list_devices()]


def _numbers(gpus):
    """The numbers of GPUs; raises ValueError unless there are several, on this machine."""
    is_list = isinstance(gpus, list | tuple)
    numbers = gpus if is_list else range(gpus)
    if len(numbers) <= 1:
        raise ValueError(
            "For multi-gpu usage to be effective, call `multi_gpu_model` with `%s >= 2`. Received: `gpus=%s`"
            % ("len(gpus)" if is_list else "gpus", gpus)
        )
    wanted, there = ["/cpu:0", *("/gpu:%d" % i for i in numbers)], _devices()
    if any(name not in there for name in wanted):
        raise ValueError(
            "To call `multi_gpu_model` with `gpus=%s`, we expect the following devices to be available: %s. However this machine "
            "only has: %s. Try reducing `gpus`." % (gpus, wanted, there)
        )
    return numbers


@export("keras.utils.multi_gpu_model")
@deprecated("2020-04-01", "Use `tf.distribute.MirroredStrategy` instead.")
def multi_gpu_model(model, gpus, cpu_merge=True, cpu_relocation=False):
    """A model that runs another one on several GPUs, each with a part of the batch.

    Args:
      model: the other one.
      gpus: how many GPUs, or a list of their numbers.
      cpu_merge: whether the parts are put together on the CPU.
      cpu_relocation: whether the variables are made anew on the CPU.

    Raises:
      ValueError: there are not several, or not on this machine.
    """
    numbers = _numbers(gpus)
    if cpu_relocation:
        with device("/cpu:0"):
            model = clone_model(model)
    parts = [[] for _ in model.outputs]
    for i, number in enumerate(numbers):
        with device("/gpu:%d" % number), name_scope("replica_%d" % number):
            inputs = [
                Lambda(_slice, output_shape=tuple(x.shape.as_list())[1:], arguments={"i": i, "parts": len(numbers)})(x)
                for x in model.inputs
            ]
            outputs = model(inputs)
            for part, output in zip(parts, outputs if isinstance(outputs, list) else [outputs]):
                part.append(output)
    counts, seen = collections.Counter(model.output_names), collections.Counter()
    merged = []
    with device("/cpu:0" if cpu_merge else "/gpu:%d" % numbers[0]):
        for name, part in zip(model.output_names, parts):
            seen[name] += 1
            unique = "%s_%d" % (name, seen[name]) if counts[name] > 1 else name
            merged.append(concatenate(part, axis=0, name=unique))
        return Model(model.inputs, merged)
