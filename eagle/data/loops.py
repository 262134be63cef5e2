"""`for` statements over datasets and iterators, in functions that AutoGraph converts."""

from ..autograph.looping import staged_loop
from ..autograph.operators import each
from ..core.context import here
from ..core.export import export
from .optional import Given, get_next_as_optional


@export("python.data.loops.autograph_for")
def autograph_for(things, body, get_state, set_state, names, exits, options):
    """A `for` statement over a dataset or an iterator; returns whether it was left with `break`.

    The arguments are those of `for_stmt` (autograph/operators.py).  In a graph there is a loop, whose variable is the next element.
    """
    iterator = iter(things)
    if here.eager:
        return each(iterator, body, get_state, set_state, names, exits, options)
    spec = iterator.element_spec

    def turn(following):
        left = body(Given(following, spec).get_value())
        return [get_next_as_optional(iterator)._variant_tensor], left

    first = get_next_as_optional(iterator)._variant_tensor
    return staged_loop(
        lambda following: Given(following, spec).has_value(), turn, [first], get_state, set_state, names, exits, options
    )
