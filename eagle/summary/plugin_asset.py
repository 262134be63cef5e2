"""Files that plugins of TensorBoard want to find beside the event files."""

import abc

from ..core.export import export
from ..core.graph import get_default_graph

_PREFIX = "__tensorboard_plugin_asset__"


@export("python.summary.plugin_asset.PluginAsset")
class PluginAsset(metaclass=abc.ABCMeta):
    """What a plugin wants to find: `plugin_name` is its name.  Each graph has one of a class."""

    plugin_name = None

    @abc.abstractmethod
    def assets(self):
        """The files: a dictionary from names to texts."""
        raise NotImplementedError()


@export("python.summary.plugin_asset.get_plugin_asset")
def get_plugin_asset(plugin_asset_cls, graph=None):
    """A graph's one object of a class of `PluginAsset`s.

    Args:
      plugin_asset_cls: the class.
      graph: the graph; the default graph if None.

    Raises:
      ValueError: the class has no name, or one that another class has in this graph.
    """
    graph = graph or get_default_graph()
    if not plugin_asset_cls.plugin_name:
        raise ValueError("Class %s has no plugin_name" % plugin_asset_cls.__name__)
    key = _PREFIX + plugin_asset_cls.plugin_name
    found = graph.get_collection(key)
    if not found:
        made = plugin_asset_cls()
        graph.add_to_collection(key, made)
        graph.add_to_collection(_PREFIX, plugin_asset_cls.plugin_name)
        return made
    _check_single(key, found)
    if not isinstance(found[0], plugin_asset_cls):
        names = plugin_asset_cls.__name__, found[0].__class__.__name__
        raise ValueError("Plugin name collision between classes %s and %s" % names)
    return found[0]


def _check_single(key, found):
    if len(found) != 1:
        raise ValueError("Collection for %s had %d items, expected 1" % (key, len(found)))


@export("python.summary.plugin_asset.get_all_plugin_assets")
def get_all_plugin_assets(graph=None):
    """All `PluginAsset`s of a graph (the default graph if None); raises ValueError if there are several of a name."""
    graph = graph or get_default_graph()
    assets = []
    for name in graph.get_collection(_PREFIX):
        found = graph.get_collection(_PREFIX + name)
        _check_single(name, found)
        assets.append(found[0])
    return assets
