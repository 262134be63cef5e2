"""Summaries of models as tables."""

import numpy as np

from ...core import nest
from ...core.export import export


@export("python.keras.utils.layer_utils.count_params")
def count_params(weights):
    """How many numbers variables hold, each counted once."""
    return int(sum(np.prod(w.shape.as_list()) for w in {id(w): w for w in weights}.values()))


def _is_sequence(model):
    if type(model).__name__ == "Sequential" or not model._is_graph_network:
        return True
    nodes = []
    for some in model._nodes_by_depth.values():
        if len(some) > 1 or len(some) == 1 and len(nest.flatten(some[0].inbound_layers)) > 1:
            return False
        nodes += some
    return all(sum(any(n is m for m in nodes) for n in layer._inbound_nodes) <= 1 for layer in model.layers)


@export("python.keras.utils.layer_utils.print_summary")
def print_summary(model, line_length=None, positions=None, print_fn=None):
    """Prints a table of the layers of a model.

    Args:
      model: the model.
      line_length: the width.
      positions: where columns end, as numbers or fractions.
      print_fn: what prints a line.
    """
    print_fn = print_fn or print
    is_sequence = _is_sequence(model)
    line_length = line_length or (65 if is_sequence else 98)
    positions = positions or ([0.45, 0.85, 1.0] if is_sequence else [0.33, 0.55, 0.67, 1.0])
    if positions[-1] <= 1:
        positions = [int(line_length * p) for p in positions]

    def row(*fields):
        line = ""
        for i, field in enumerate(fields):
            line = (line[:-1] + " " if i else "") + str(field)
            line = line[: positions[i]].ljust(positions[i])
        print_fn(line)

    print_fn('Model: "%s"' % model.name)
    print_fn("_" * line_length)
    row("Layer (type)", "Output Shape", "Param #", *([] if is_sequence else ["Connected to"]))
    print_fn("=" * line_length)
    layers = model.layers
    nodes = [] if is_sequence else [n for some in model._nodes_by_depth.values() for n in some]
    for i, layer in enumerate(layers):
        try:
            shape = layer.output_shape
        except AttributeError:
            shape = "multiple"
        except RuntimeError:
            shape = "?"
        fields = ["%s (%s)" % (layer.name, type(layer).__name__), shape, layer.count_params()]
        if is_sequence:
            row(*fields)
        else:
            sources = [
                "%s[%s][%s]" % (source.name, node_index, tensor_index)
                for node in layer._inbound_nodes
                if not nodes or any(node is n for n in nodes)
                for source, node_index, tensor_index, _ in node.iterate_inbound()
            ]
            row(*fields, sources[0] if sources else "")
            for source in sources[1:]:
                row("", "", "", source)
        print_fn(("=" if i == len(layers) - 1 else "_") * line_length)
    weights = getattr(model, "_collected_trainable_weights", None)
    trainable = count_params(model.trainable_weights if weights is None else weights)
    others = count_params(model.non_trainable_weights)
    print_fn(f"Total params: {trainable + others:,}")
    print_fn(f"Trainable params: {trainable:,}")
    print_fn(f"Non-trainable params: {others:,}")
    print_fn("_" * line_length)
