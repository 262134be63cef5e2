"""Random seeds: how the graph's (or eager execution's) seed and an operation's seed make the seeds of a random op."""

import random

from .context import here
from .export import export
from .graph import get_default_graph
from .state import eager_state

DEFAULT_GRAPH_SEED = 87654321
_LARGEST = 2**31 - 1


class _EagerSeed:
    """The global seed of eager execution and the generator of operation seeds that follows from it."""

    def __init__(self):
        self.seed = None
        self.generator = random.Random()

    def set(self, seed):
        self.seed = seed
        self.generator = random.Random(seed)
        eager_state.clear_slots()  # generators that kernels keep begin anew

    def next(self):
        return self.generator.randint(0, _LARGEST)


eager_seed = _EagerSeed()


@export("get_seed", "random.get_seed")
def get_seed(op_seed):
    """The two seeds of a random operation.

    Args:
      op_seed: the operation's own seed, or None.

    Returns:
      `(graph seed, operation seed)`; `(None, None)` if neither the graph (or eager execution) nor the operation has one, which
      means that numbers differ from run to run.
    """
    graph = None if here.eager else get_default_graph()
    global_seed = eager_seed.seed if graph is None else graph.seed
    if global_seed is None:
        seeds = (None, None) if op_seed is None else (DEFAULT_GRAPH_SEED, op_seed % _LARGEST)
    else:
        if op_seed is None:
            op_seed = eager_seed.next() if graph is None else graph._last_id
            if graph is not None:
                graph._seed_used = True
        seeds = global_seed % _LARGEST, op_seed % _LARGEST
    return (0, _LARGEST) if seeds == (0, 0) else seeds  # two zeros would ask for a seed that differs from run to run


@export("set_random_seed", "random.set_random_seed")
def set_random_seed(seed):
    """Sets the seed of the default graph, or eagerly of everything from now on; an operation's own seed counts too.

    Args:
      seed: an int.
    """
    if here.eager:
        eager_seed.set(seed)
    else:
        get_default_graph().seed = seed
