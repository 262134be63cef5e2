"""Models as drawings, by pydot and Graphviz."""

import importlib
import os
import sys

from ...core import nest
from ...core.export import export
from ..engine.network import Network
from ..engine.network_map import node_key
from ..engine.sequential import Sequential
from ..layers.wrappers import Wrapper

_MISSING = "Failed to import pydot. You must install pydot and graphviz for `pydotprint` to work."


def _pydot():
    """The library, if it and Graphviz are there, else None."""
    for name in ("pydot_ng", "pydotplus", "pydot"):
        try:
            found = importlib.import_module(name)
        except ImportError:
            continue
        try:
            found.Dot.create(found.Dot())
        except OSError:
            return None
        return found
    return None


def _is_wrapped_model(layer):
    return isinstance(layer, Wrapper) and isinstance(layer.layer, Network)


class _Drawing:
    """A model being drawn."""

    def __init__(self, pydot, model, options, subgraph):
        self._pydot, self._model, self._options = pydot, model, options
        if subgraph:
            self.dot = pydot.Cluster(style="dashed", graph_name=model.name)
            self.dot.set("label", model.name)
            self.dot.set("labeljust", "l")
        else:
            self.dot = pydot.Dot()
            self.dot.set("rankdir", options["rankdir"])
            self.dot.set("concentrate", True)
            self.dot.set("dpi", options["dpi"])
            self.dot.set_node_defaults(shape="record")
        self._inner = {}  # a layer that is a model, or wraps one -> names of its first and its last node

    def draw(self):
        model = self._model
        if not model._is_graph_network:
            self.dot.add_node(self._pydot.Node(str(id(model)), label=model.name))
            return self.dot
        if isinstance(model, Sequential) and not model.built:
            model.build()
        for layer in model._layers:
            self._add_layer(layer)
        for layer in model._layers:
            for i, node in enumerate(layer._inbound_nodes):
                if node_key(layer.name, i) in model._network_nodes:
                    for before in nest.flatten(node.inbound_layers):
                        self._connect(before, layer)
        return self.dot

    def _add_layer(self, layer):
        expands = self._options["expand_nested"]
        name, kind = layer.name, type(layer).__name__
        if isinstance(layer, Wrapper):
            if expands and isinstance(layer.layer, Network):
                self._add_model(layer, layer.layer)
            else:
                name, kind = f"{name}({layer.layer.name})", f"{kind}({type(layer.layer).__name__})"
        if expands and isinstance(layer, Network):
            self._add_model(layer, layer)
            return
        label = f"{name}: {kind}" if self._options["show_layer_names"] else kind
        if self._options["show_shapes"]:
            label = "%s\n|{input:|output:}|{{%s}|{%s}}" % (label, _shapes(layer, "input"), _shapes(layer, "output"))
        self.dot.add_node(self._pydot.Node(str(id(layer)), label=label))

    def _add_model(self, layer, model):
        inner = _Drawing(self._pydot, model, self._options, subgraph=True).draw()
        nodes = inner.get_nodes()
        self._inner[layer] = nodes[0].get_name(), nodes[-1].get_name()
        self.dot.add_subgraph(inner)

    def _connect(self, before, layer):
        begin, end = str(id(before)), str(id(layer))
        if before in self._inner:
            begin = self._inner[before][1]
        if layer in self._inner:
            if _is_wrapped_model(layer):
                self._edge(begin, end)
                begin = end
            end = self._inner[layer][0]
        self._edge(begin, end)

    def _edge(self, begin, end):
        if not self.dot.get_edge(begin, end):
            self.dot.add_edge(self._pydot.Edge(begin, end))


def _shapes(layer, side):
    try:
        return str(getattr(layer, side + "_shape")).replace("None", "?")
    except AttributeError:
        return "?"


@export("keras.utils.model_to_dot")
def model_to_dot(model, show_shapes=False, show_layer_names=True, rankdir="TB", expand_nested=False, dpi=96, subgraph=False):
    """A model as an object of pydot.

    Args:
      model: the model.
      show_shapes: whether shapes are written.
      show_layer_names: whether the names of layers are written.
      rankdir: "TB" from top to bottom, "LR" from left to right.
      expand_nested: whether the layers of models inside are drawn.
      dpi: the resolution.
      subgraph: whether the result is a `pydot.Cluster`, else it is a `pydot.Dot`.

    Raises:
      ImportError: pydot or Graphviz are not installed.
    """
    pydot = _pydot()
    if pydot is None:
        if "IPython.core.magics.namespace" in sys.modules:
            print(_MISSING)
            return None
        raise ImportError(_MISSING)
    options = {"show_shapes": show_shapes, "show_layer_names": show_layer_names, "rankdir": rankdir,
               "expand_nested": expand_nested, "dpi": dpi}  # fmt: skip
    return _Drawing(pydot, model, options, subgraph).draw()


@export("keras.utils.plot_model")
def plot_model(model, to_file="model.png", show_shapes=False, show_layer_names=True, rankdir="TB", expand_nested=False, dpi=96):
    """Writes a drawing of a model.

    Args:
      to_file: the file; how its name ends says which format.
      model, show_shapes, show_layer_names, rankdir, expand_nested, dpi: as of `model_to_dot`.

    Returns:
      An image of IPython if that is installed.
    """
    dot = model_to_dot(model, show_shapes, show_layer_names, rankdir, expand_nested, dpi)
    if dot is None:
        return None
    dot.write(to_file, format=os.path.splitext(to_file)[1][1:] or "png")
    try:
        from IPython import display
    except ImportError:
        return None
    return display.Image(filename=to_file)


export("python.keras.utils.vis_utils.plot_model")(plot_model)
