"""Which control flow TensorFlow would build: that of version 2, or Switch and Merge. Here both are the same."""

from ..core.export import export


class _Version:
    is_2 = False


@export("enable_control_flow_v2")
def enable_control_flow_v2():
    """Chooses control flow of version 2. Eagle's is always like it: conditions and loops are single operations."""
    _Version.is_2 = True


@export("disable_control_flow_v2")
def disable_control_flow_v2():
    """Chooses the older control flow; what programs compute is the same."""
    _Version.is_2 = False


@export("control_flow_v2_enabled")
def control_flow_v2_enabled():
    """Whether control flow of version 2 was chosen."""
    return _Version.is_2


def is_version_2(graph):
    """Whether TensorFlow would build control flow of version 2 in a graph: if that was chosen, and in functions."""
    return _Version.is_2 or graph.runs_effects
