"""`Input`: where a model begins."""

from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ..backend.settings import floatx, get_graph, get_uid, state_of
from .base_layer import Layer
from .calling import KerasHistory, is_symbolic
from .node import Node


@export("keras.layers.InputLayer")
class InputLayer(Layer):
    """A layer that gives a placeholder, or a tensor that is there.

    Args:
      input_shape: the shape without the batch.
      batch_size: the size of the batch, or None.
      dtype: the type, by default that of floats.
      input_tensor: the tensor to use; by default a placeholder is made.
      sparse: whether the placeholder is sparse.
      name: its name.
      ragged: not there yet.
      **kwargs: `batch_input_shape`: the shape with the batch.

    Raises:
      ValueError: arguments don't go together.
    """

    def __init__(self, input_shape=None, batch_size=None, dtype=None, input_tensor=None, sparse=False, name=None, ragged=False,
                 **kwargs):  # fmt: skip
        if "batch_input_shape" in kwargs:
            batch_input_shape = kwargs.pop("batch_input_shape")
            if input_shape and batch_input_shape:
                raise ValueError(
                    "Only provide the input_shape OR batch_input_shape argument to InputLayer, not both at the same time."
                )
            batch_size, input_shape = batch_input_shape[0], batch_input_shape[1:]
        if kwargs:
            raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
        if ragged:
            raise NotYetError("Eagle has no ragged inputs of models yet")
        if not name:
            name = "input_%d" % get_uid("input")
        if not dtype:
            dtype = floatx() if input_tensor is None else input_tensor.dtype.base_dtype.name
        elif input_tensor is not None and input_tensor.dtype != dtype:
            raise ValueError("`input_tensor.dtype` differs from `dtype`: %s vs. %s" % (input_tensor.dtype, dtype))
        super().__init__(dtype=dtype, name=name)
        self.built = True
        self.sparse, self.ragged = sparse, ragged
        self.batch_size = batch_size
        self.supports_masking = True
        if isinstance(input_shape, TensorShape):
            input_shape = tuple(input_shape.as_list())
        elif isinstance(input_shape, int):
            input_shape = (input_shape,)
        self.is_placeholder = input_tensor is None
        if self.is_placeholder:
            self._batch_input_shape = None if input_shape is None else (batch_size, *input_shape)
            graph = get_graph()
            with graph.as_default():
                make = tf.sparse.placeholder if sparse else tf.placeholder
                input_tensor = make(shape=self._batch_input_shape, dtype=dtype, name=self.name)
        elif not is_symbolic(input_tensor):
            raise ValueError(
                "You should not pass an EagerTensor to `Input`. For example, instead of creating an InputLayer, you should "
                "instantiate your model and directly call it on your input."
            )
        else:
            graph = input_tensor.graph
            self._batch_input_shape = tuple(input_tensor.shape.as_list())
        state_of(graph).has_history = True
        input_tensor._keras_history = KerasHistory(self, 0, 0)
        input_tensor._keras_mask = None
        Node(self, [], [], [], [input_tensor], [input_tensor])

    def get_config(self):
        return {
            "batch_input_shape": self._batch_input_shape, "dtype": self.dtype, "sparse": self.sparse, "ragged": self.ragged,
            "name": self.name,
        }  # fmt: skip


@export("keras.layers.Input", "keras.Input")
def Input(shape=None, batch_size=None, name=None, dtype=None, sparse=False, tensor=None, ragged=False, **kwargs):
    """A tensor that a model begins with.

    Args:
      shape: its shape without the batch.
      batch_size: the size of the batch, or None.
      name: the name of its layer.
      dtype: its type, by default that of floats.
      sparse: whether it is sparse.
      tensor: the tensor to use, by default a placeholder.
      ragged: not there yet.
      **kwargs: `batch_shape`: its shape with the batch.

    Raises:
      ValueError: neither a shape nor a tensor is given, or arguments don't go together.
    """
    if sparse and ragged:
        raise ValueError("Cannot set both sparse and ragged to True in a Keras input.")
    options = dict(name=name, dtype=dtype, sparse=sparse, ragged=ragged, input_tensor=tensor)
    batch_shape = kwargs.pop("batch_input_shape", kwargs.pop("batch_shape", None))
    if shape and batch_shape:
        raise ValueError("Only provide the `shape` OR `batch_input_shape` argument to Input, not both at the same time.")
    if batch_shape:
        shape = batch_shape[1:]
        options["batch_input_shape"] = batch_shape
    else:
        options.update(batch_size=batch_size, input_shape=shape)
    if kwargs:
        raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
    if shape is None and tensor is None:
        raise ValueError(
            "Please provide to Input either a `shape` or a `tensor` argument. Note that `shape` does not "
            "include the batch "
            "dimension."
        )
    return InputLayer(**options)._inbound_nodes[0].output_tensors[0]
