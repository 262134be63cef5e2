"""`Dataset.reduce`."""

from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from . import specs
from .functions import DatasetFunction
from .structures import flatten, pack_sequence_as


@export("python.data.reducing.reduce")
def reduce(dataset, initial_state, reduce_func):
    """What remains when a function has taken in every element of a dataset; see `Dataset.reduce`."""
    with name_scope("initial_state"):
        initial_state = specs.normalize(initial_state)
    state_spec, function = fixed_point(initial_state, reduce_func, "reduce()", dataset.element_spec)
    results = registry["ReduceDataset"](
        dataset._variant_tensor, specs.to_tensors(state_spec, initial_state), function.captured, f=function.concrete,
        **specs.flat_attrs(state_spec),
    )  # fmt: skip
    return specs.from_tensors(state_spec, results)


def fixed_point(initial_state, function, transformation, element_spec, state_of=lambda spec: spec, state_spec=None):
    """The specs of a state through all calls, and the traced function of state and element.

    It is traced again with weaker shapes until the shapes of the state that it gives fit those that it takes.

    Args:
      initial_state: the state to begin with.
      function: the Python function.
      transformation: what it is passed to, for messages.
      element_spec: the specs of the elements.
      state_spec: in the place of `initial_state` its specs.
      state_of: a function from the specs of its result to those of the state in it.

    Raises:
      TypeError: it gives a state of other types or classes.
    """
    spec = specs.spec_of(initial_state) if state_spec is None else state_spec
    while True:
        traced = DatasetFunction(function, transformation, (spec, element_spec))
        found = state_of(traced.output_spec)
        for which, what in ((2, "classes"), (0, "types")):
            have, new = specs.legacy(spec, which), specs.legacy(found, which)
            if any(a != b for a, b in zip(flatten(have), flatten(new))):
                raise TypeError(
                    "The element %s for the new state must match the initial state. Expected %s; got %s." % (what, have, new)
                )
        shapes = specs.legacy(spec, 1)
        weaker = [a.most_specific_compatible_shape(b) for a, b in zip(flatten(shapes), flatten(specs.legacy(found, 1)))]
        if all(a._dims == b._dims for a, b in zip(flatten(shapes), weaker)):
            return spec, traced
        spec = specs.from_legacy(specs.legacy(spec, 0), pack_sequence_as(shapes, weaker), specs.legacy(spec, 2))
