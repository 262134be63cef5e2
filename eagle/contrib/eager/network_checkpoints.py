"""Saving and restoring `tfe.Network`s; variables that are made later are restored when they are made."""

import os

from ...core.context import here
from ...core.export import export
from ...core.scopes import get_default_session
from ...saved.checkpoint_utils import list_variables, load_checkpoint
from ...saved.saver import Saver
from ...training.global_step import get_global_step
from .network import Network


class _Restoration:
    """What is to be restored into variables that a network makes later.

    Attributes:
      map_func: from names of variables to names in the checkpoint.
      is_users: whether the program gave `map_func`.
      values: name in the checkpoint -> value, None once it was used.
      restored: name in the checkpoint -> the variable that has its value.
      session: in graph mode the session that restores.
    """

    def __init__(self, network, map_func, is_users, values):
        self.map_func, self.is_users, self.values = map_func, is_users, values
        self.restored = {}
        self.session = _session()
        self._network_names = network.name, network.scope_name

    def note(self, name, variable):
        """Notes that a variable has a value of the checkpoint; raises ValueError if another one has it already."""
        first = self.restored.setdefault(name, variable)
        if first is not variable:
            raise _conflict("restore", self.is_users, name, first, variable, *self._network_names)


def _session():
    return None if here.eager else get_default_session()


def _conflict(doing, is_users, name, first, second, network_name, scope_name):
    """The ValueError for two variables with the same name in a checkpoint."""
    both = "'%s' and '%s'" % (first._shared_name, second._shared_name)
    if not is_users:
        return ValueError(
            "The default checkpoint variable name mapping strategy for Network '%s' resulted in a naming conflict. We attempted to "
            "strip off the variable prefix for the Network ('%s'), but this resulted in two variables named '%s' (originally %s). "
            "This happens when variables are shared: when a layer of the Network was first added to another Network and has that "
            "Network's prefix. One solution is to pass `map_func=lambda n: n` to save and restore, so that full names are used; "
            "the Network restored into must then have the prefix '%s', too." % (network_name, scope_name, name, both, scope_name)
        )
    hint = (
        "Try stripping less from the variable names, or renaming parts of the Network. For reference, variables created by "
        "sub-Layers of this Network are prefixed with '%s', but if they are re-used after being added to another Network, they "
        "will have that Network's full variable prefix instead." % scope_name
    )
    if doing == "save":
        return ValueError(
            "The map_func passed to save_network_checkpoint for the Network '%s' resulted in two variables named '%s' (%s). %s"
            % (network_name, name, both, hint)
        )
    return ValueError(
        "The map_func passed to restore_network_checkpoint for the Network '%s' resulted in two variables named '%s' (originally "
        "%s). Since this is also an error when saving, this Network was probably not saved with this map_func, which always maps "
        "from full variable names to checkpoint names. %s" % (network_name, name, both, hint)
    )


def _without_prefix(scope_name):
    """The default `map_func`: leaves a network's own prefix out of names."""
    prefix = scope_name + "/"
    return lambda name: name.removeprefix(prefix)


def _by_checkpoint_name(network, doing, map_func, is_users):
    found = {}
    for variable in network.variables:
        name = map_func(variable._shared_name)
        first = found.setdefault(name, variable)
        if first is not variable:
            raise _conflict(doing, is_users, name, first, variable, network.name, network.scope_name)
    return found


def _in_directory(path, network):
    return os.path.join(path, network.name.replace("/", "_")) if os.path.isdir(path) else path


@export("contrib.eager.save_network_checkpoint")
def save_network_checkpoint(network, save_path, global_step=None, map_func=None):
    """Writes the variables of a network to a checkpoint.

    Args:
      network: the `tfe.Network`.
      save_path: what the checkpoint's files begin with, or a directory, in which they begin with the network's name.
      global_step: the number for the files' names; by default that of the global step, if there is one.
      map_func: a function from the full names of variables to their names in the checkpoint; by default it leaves the network's own
        prefix out.

    Returns:
      What the checkpoint's files begin with.

    Raises:
      ValueError: the network was not called yet, or two variables get the same name.
    """
    if not network.built:
        raise ValueError(
            "Attempt to save the Network before it was first called. This means variables have not yet been created, so there is "
            "nothing to save."
        )
    network._set_scope()
    variables = _by_checkpoint_name(network, "save", map_func or _without_prefix(network.scope_name), map_func is not None)
    step = get_global_step() if global_step is None else global_step
    saver = Saver(variables)
    return saver.save(_session(), _in_directory(save_path, network), write_meta_graph=False, global_step=step)


@export("contrib.eager.restore_network_checkpoint")
def restore_network_checkpoint(network, save_path, map_func=None):
    """Restores the variables of a network from a checkpoint; those that are not made yet, when they are made.

    Args:
      network: the `tfe.Network`.
      save_path: what `save_network_checkpoint` returned, or a directory with the checkpoint.
      map_func: as of `save_network_checkpoint`.

    Raises:
      ValueError: two variables have the same name in the checkpoint.
    """
    network._finalize_name(parent_network=False)
    network._set_scope()
    path, is_users = _in_directory(save_path, network), map_func is not None
    map_func = map_func or _without_prefix(network.scope_name)
    existing = _by_checkpoint_name(network, "restore", map_func, is_users)
    if existing:
        Saver(var_list=existing).restore(_session(), path)
    reader = load_checkpoint(path)
    values = {name: reader.get_tensor(name) for name, _ in list_variables(path) if name not in existing}
    if values:
        _add(network, _Restoration(network, map_func, is_users, values))


def _add(layer, restoration):
    """Lets a layer, and the layers of a network, restore variables when they make them; what was added last comes first."""
    if isinstance(layer, Network):
        layer._set_scope()
    if not hasattr(layer, "_deferred_restorations"):
        layer._deferred_restorations = []
        layer._restoring_getter = _getter(layer._deferred_restorations)
    layer._scope.set_custom_getter(layer._restoring_getter)
    layer._deferred_restorations.append(restoration)
    if isinstance(layer, Network):
        for inner in layer.layers:
            if not isinstance(inner, Network):
                layer._set_scope_for_nonnetwork_sublayer(inner)
            _add(inner, restoration)


def _getter(restorations):
    """A custom getter that takes initial values from restorations."""

    def custom_getter(getter, name, shape=None, dtype=None, initializer=None, *args, **kwargs):
        found = [(r, r.map_func(name)) for r in reversed(restorations)]
        restoration, key = next(((r, k) for r, k in found if k in r.values), (None, None))
        if restoration is None:
            return getter(name, *args, shape=shape, dtype=dtype, initializer=initializer, **kwargs)
        value = restoration.values[key]
        if value is not None:
            initializer, shape = value, None
        variable = getter(name, *args, shape=shape, dtype=dtype, initializer=initializer, **kwargs)
        if value is not None:
            restoration.values[key] = None
            if not here.eager:
                restoration.session.run(variable.initializer)
        restoration.note(key, variable)
        return variable

    return custom_getter
