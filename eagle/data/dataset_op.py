"""How dataset ops are declared."""

from ..core.op import Op

_TYPED = ("output_types", "output_shapes", "Targuments", "Toutput_types", "N")


def dataset_op(name, *more, ignores=(), **options):
    """Declares an op that makes a dataset (under several names, if they take the same inputs and attributes).

    Such an op runs on the host, and its output is a scalar; what it yields is checked where datasets are made.
    """

    def declare(kernel):
        ops = []
        for n in (name, *more):
            made = Op(n, kernel, host=True, ignores=(*_TYPED, *ignores), foldable=False, **options)
            made.shape(scalar)
            made.alias_inputs = tuple([name for name in made.input_names if name.endswith("other_arguments")])
            made.not_differentiable()
            ops.append(made)
        return ops[0]

    return declare


def scalar(*inputs):
    """The shape rule of a dataset."""
    return ()
