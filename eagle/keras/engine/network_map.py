"""The calls and layers between the inputs and outputs of a model, in the order in which they can be computed."""

import collections

from ...core import nest
from .op_layers import create_keras_history


def node_key(layer_name, node_index):
    """What a call of a layer is known by in a model."""
    return "%s_ib-%d" % (layer_name, node_index)


class NetworkMap:
    """What is between inputs and outputs.

    Attributes:
      keys: the keys of the calls.
      nodes_by_depth: depth -> list of calls; those of greater depth are computed first.
      layers: the list of layers, those computed first in front.

    Raises:
      ValueError: there is a cycle, an input is missing, or two layers have one name.
    """

    def __init__(self, inputs, outputs):
        self.keys = set()
        self._indices = {}  # layer -> when it was met
        self._inputs = inputs
        self._order = []
        finished, in_progress = set(), set()
        for x in outputs:
            self._visit(x, *x._keras_history[:2], finished, in_progress)
        node_depths, layer_depths = self._depths()
        self.nodes_by_depth = collections.defaultdict(list)
        for node, depth in node_depths.items():
            self.nodes_by_depth[depth].append(node)
        self.layers = sorted(layer_depths, key=lambda layer: (-layer_depths[layer], self._indices[layer]))
        self._check()

    def _visit(self, tensor, layer, node_index, finished, in_progress):
        node = layer._inbound_nodes[node_index]
        if node in in_progress:
            raise ValueError('The tensor %s at layer "%s" is part of a cycle.' % (tensor, layer.name))
        if node in finished:
            return
        self.keys.add(node_key(layer.name, node_index))
        self._indices.setdefault(layer, len(self._indices))
        in_progress.add(node)
        for inner, index, _, x in node.iterate_inbound(include_arguments=True):
            self._visit(x, inner, index, finished, in_progress)
        finished.add(node)
        in_progress.remove(node)
        self._order.append(node)

    def _depths(self):
        node_depths, layer_depths = {}, {}
        for node in reversed(self._order):
            layer = node.outbound_layer
            depth = max(node_depths.setdefault(node, 0), layer_depths.get(layer, 0))
            layer_depths[layer] = node_depths[node] = depth
            for before in node.dependencies():
                node_depths[before] = max(depth + 1, node_depths.get(before, 0))
        for x in self._inputs:
            layer = x._keras_history[0]
            if layer not in layer_depths:  # an input that nothing uses
                layer_depths[layer] = 0
                self._indices[layer] = -1
                node_depths[layer._inbound_nodes[0]] = 0
                self.keys.add(node_key(layer.name, 0))
        return node_depths, layer_depths

    def _check(self):
        known, names = {id(x) for x in self._inputs}, []
        for depth in sorted(self.nodes_by_depth, reverse=True):
            for node in self.nodes_by_depth[depth]:
                layer = node.outbound_layer
                for x in nest.flatten(node.input_tensors):
                    if id(x) not in known:
                        raise ValueError(
                            'Graph disconnected: cannot obtain value for tensor %s at layer "%s". The following '
                            "previous layers were "
                            "accessed without issue: %s" % (x, layer.name, names)
                        )
                known.update(id(x) for x in nest.flatten(node.output_tensors))
                names.append(layer.name)
        counts = collections.Counter(layer.name for layer in self.layers)
        for name, count in counts.items():
            if count != 1:
                raise ValueError('The name "%s" is used %d times in the model. All layer names should be unique.' % (name, count))


def map_subgraph(inputs, outputs):
    """The calls and layers between the inputs of a model and more outputs."""
    create_keras_history(outputs)
    found = NetworkMap(inputs, outputs)
    return [node for nodes in found.nodes_by_depth.values() for node in nodes], found.layers
