"""How dataset ops are declared."""

import functools

import numpy as np

from ..core.errors import invalid
from ..core.op import Op

_TYPED = ("output_types", "output_shapes", "Targuments", "Toutput_types", "N")

_SCALARS = frozenset(
    "batch_size block_length buffer_output_elements buffer_size compression_type count cycle_length driver_name data_source_name "
    "drop_remainder field_delim filename footer_bytes header header_bytes index max_intra_op_parallelism na_value "
    "num_parallel_calls num_shards num_threads prefetch_input_elements query record_bytes seed seed2 shift size sleep_microseconds "
    "sloppy start step stop stride use_quote_delim window_shift window_size window_stride".split()
)  # what inputs are called that must be scalars


def dataset_op(name, *more, ignores=(), **options):
    """Declares an op that makes a dataset (under several names, if they take the same inputs and attributes).

    Such an op runs on the host, and its output is a scalar; what it yields is checked where datasets are made.
    """

    def declare(kernel):
        ops = []
        for n in (name, *more):
            made = Op(n, _checked(kernel), host=True, ignores=(*_TYPED, *ignores), foldable=False, **options)
            made.shape(scalar)
            made.alias_inputs = tuple([name for name in made.input_names if name.endswith("other_arguments")])
            made.not_differentiable()
            ops.append(made)
        return ops[0]

    return declare


def _checked(kernel):
    """A kernel that checks which of its inputs are scalars."""
    code = kernel.__code__
    wanted = [(i, n) for i, n in enumerate(code.co_varnames[1 : code.co_argcount]) if n in _SCALARS]

    @functools.wraps(kernel)
    def run(xp, *inputs, **attrs):
        for i, n in wanted:
            if np.ndim(inputs[i]):
                raise invalid("%s must be a scalar", n)
        return kernel(xp, *inputs, **attrs)

    return run


def scalar(*inputs):
    """The shape rule of a dataset."""
    return ()
