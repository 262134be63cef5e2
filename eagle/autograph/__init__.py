"""The namespace `tf.autograph`: Python's own control flow on tensors.

conversion.py converts functions: source.py finds their syntax trees, names.py which variables live where, lowering.py and
expressions.py rewrite statements and expressions as calls of operators.py, which branching.py and looping.py build in graphs.
"""

from ..core.export import open_namespace

open_namespace(globals())
