"""The calls of a layer in models: its inputs and outputs."""

from ...core import nest
from ...core.scopes import name_scope
from ...ops.passing import identity
from .calling import KerasHistory
from .node import Node


class Connecting:
    """The part of a layer that knows its calls."""

    def _connect(self, inputs, outputs, args, kwargs):
        """Notes a call; gives the outputs as the model sees them, copies of those that are inputs too."""
        known = {id(x) for x in nest.flatten(inputs)}
        flat = []
        for x in nest.flatten(outputs):
            if id(x) in known:
                with name_scope(self.name):
                    x = identity(x)
            flat.append(x)
        outputs = nest.pack_sequence_as(outputs, flat)
        arguments = dict(zip(self._call_fn_args[1:], args))
        arguments.update(kwargs)
        self._add_inbound_node(input_tensors=inputs, output_tensors=outputs, arguments=arguments)
        return outputs

    def _add_inbound_node(self, input_tensors, output_tensors, arguments=None):
        origins = [nest.map_structure(lambda t, i=i: t._keras_history[i], input_tensors) for i in range(3)]
        Node(self, *origins, input_tensors, output_tensors, arguments)
        for i, tensor in enumerate(nest.flatten(output_tensors)):
            tensor._keras_history = KerasHistory(self, len(self._inbound_nodes) - 1, i)
            tensor._keras_mask = getattr(tensor, "_keras_mask", None)

    def _of_node(self, index, attribute, what):
        if not self._inbound_nodes:
            raise RuntimeError("The layer has never been called and thus has no defined %s." % what)
        if index >= len(self._inbound_nodes):
            raise ValueError("Asked to get %s at node %d, but the layer has only %d inbound nodes."
                             % (what, index, len(self._inbound_nodes)))  # fmt: skip
        values = getattr(self._inbound_nodes[index], attribute)
        return values[0] if isinstance(values, list) and len(values) == 1 else values

    def _get_node_attribute_at_index(self, node_index, attr, attr_name):
        return self._of_node(node_index, attr, attr_name)

    @property
    def inbound_nodes(self):
        """Its calls."""
        return self._inbound_nodes

    @property
    def outbound_nodes(self):
        """The calls of other layers with its outputs."""
        return self._outbound_nodes

    def get_input_at(self, node_index):
        """The input of a call."""
        return self._of_node(node_index, "input_tensors", "input")

    def get_output_at(self, node_index):
        """The output of a call."""
        return self._of_node(node_index, "output_tensors", "output")

    def get_input_shape_at(self, node_index):
        """The static shape of the input of a call."""
        return self._of_node(node_index, "input_shapes", "input shape")

    def get_output_shape_at(self, node_index):
        """The static shape of the output of a call."""
        return self._of_node(node_index, "output_shapes", "output shape")

    def get_input_mask_at(self, node_index):
        """The mask of the input of a call."""
        return _masks(self.get_input_at(node_index))

    def get_output_mask_at(self, node_index):
        """The mask of the output of a call."""
        return _masks(self.get_output_at(node_index))

    @property
    def input(self):
        """The input of its first call; raises AttributeError before that."""
        if not self._inbound_nodes:
            raise AttributeError("Layer %s is not connected, no input to return." % self.name)
        return self._of_node(0, "input_tensors", "input")

    @property
    def output(self):
        """The output of its first call; raises AttributeError before that."""
        if not self._inbound_nodes:
            raise AttributeError("Layer %s has no inbound nodes." % self.name)
        return self._of_node(0, "output_tensors", "output")

    @property
    def input_mask(self):
        """The mask of the input."""
        return _masks(self.input)

    @property
    def output_mask(self):
        """The mask of the output."""
        return _masks(self.output)

    @property
    def input_shape(self):
        """The static shape of the input; raises AttributeError if calls differ."""
        return self._common_shape("input_shapes", "input")

    @property
    def output_shape(self):
        """The static shape of the output; raises AttributeError if calls differ."""
        return self._common_shape("output_shapes", "output")

    def _common_shape(self, attribute, what):
        if not self._inbound_nodes:
            raise AttributeError("The layer has never been called and thus has no defined %s shape." % what)
        if len({str(getattr(node, attribute)) for node in self._inbound_nodes}) > 1:
            raise AttributeError(
                'The layer "%s" has multiple inbound nodes, with different %s shapes. Hence the notion of "%s shape" '
                "is ill-defined "
                "for the layer. Use `get_%s_shape_at(node_index)` instead." % (self.name, what, what, what)
            )
        return getattr(self._inbound_nodes[0], attribute)


def _masks(tensors):
    """The masks of a tensor or a list of tensors."""
    if isinstance(tensors, list):
        return [getattr(x, "_keras_mask", None) for x in tensors]
    return getattr(tensors, "_keras_mask", None)
