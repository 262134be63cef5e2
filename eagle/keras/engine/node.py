"""`Node`: one call of a layer in a model."""

from ...core import nest


class Node:
    """A call of a layer, from tensors to tensors.

    Attributes:
      outbound_layer: the layer that is called.
      inbound_layers, node_indices, tensor_indices: structures: where the inputs come from.
      input_tensors, output_tensors: structures of tensors.
      input_shapes, output_shapes: their static shapes as tuples.
      arguments: the other arguments of the call.
    """

    def __init__(self, outbound_layer, inbound_layers, node_indices, tensor_indices, input_tensors, output_tensors,
                 arguments=None):  # fmt: skip
        self.outbound_layer = outbound_layer
        self.inbound_layers, self.node_indices, self.tensor_indices = inbound_layers, node_indices, tensor_indices
        self.input_tensors, self.output_tensors = input_tensors, output_tensors
        self.input_shapes = nest.map_structure(static_shape, input_tensors)
        self.output_shapes = nest.map_structure(static_shape, output_tensors)
        self.arguments = arguments
        for layer in nest.flatten(inbound_layers):
            if layer is not None:
                layer._outbound_nodes.append(self)
        outbound_layer._inbound_nodes.append(self)

    def iterate_inbound(self, arguments=None):
        """Gives (layer, number of its call, number of its output, tensor) for each input."""
        return zip(*map(nest.flatten, (self.inbound_layers, self.node_indices, self.tensor_indices, self.input_tensors)))


def static_shape(x):
    """A tensor's shape as a tuple; None if its rank is unknown or it has none."""
    shape = getattr(x, "shape", None)
    return None if shape is None or getattr(shape, "ndims", None) is None else tuple(shape.as_list())
