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

    def iterate_inbound(self, include_arguments=False):
        """A list of (layer, number of its call, number of its output, tensor) for each input, perhaps of `arguments` too."""
        found = list(zip(*map(nest.flatten, (self.inbound_layers, self.node_indices, self.tensor_indices, self.input_tensors))))
        if include_arguments and self.arguments:
            found += [(*t._keras_history, t) for t in nest.flatten(self.arguments) if hasattr(t, "_keras_history")]
        return found

    def dependencies(self):
        """The calls that gave its inputs."""
        return [layer._inbound_nodes[i] for layer, i, _, _ in self.iterate_inbound(include_arguments=True)]

    def get_config(self):
        """Where it stands, by names."""
        return {
            "outbound_layer": self.outbound_layer.name,
            "inbound_layers": nest.map_structure(lambda layer: layer.name if layer else None, self.inbound_layers),
            "node_indices": self.node_indices,
            "tensor_indices": self.tensor_indices,
        }


def static_shape(x):
    """A tensor's shape as a tuple; None if its rank is unknown or it has none."""
    shape = getattr(x, "shape", None)
    return None if shape is None or getattr(shape, "ndims", None) is None else tuple(shape.as_list())
