"""Transformations by key: `group_by_window`, `group_by_reducer`, `bucket_by_sequence_length`."""

import numpy as np

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.scopes import control_dependencies, name_scope
from ..core.tensor_spec import TensorSpec
from . import specs
from .dataset import Made
from .functions import DatasetFunction
from .nested import DatasetSpec
from .reducing import fixed_point
from .specs import flat_attrs
from .structures import flatten, pack_sequence_as

_KEY = TensorSpec([], dtypes.int64)


def _both(name):
    return export("data.experimental." + name, "contrib.data." + name)


def _check_scalar(function, text):
    if not isinstance(function.output_spec, TensorSpec) or not function.output_spec.is_compatible_with(_KEY):
        raise ValueError(text)


@_both("Reducer")
class Reducer:
    """Three functions that make one value of many elements.

    Args:
      init_func: from the key to the state to begin with.
      reduce_func: from the state and an element to the next state.
      finalize_func: from the last state to the value.
    """

    def __init__(self, init_func, reduce_func, finalize_func):
        self._init_func, self._reduce_func, self._finalize_func = init_func, reduce_func, finalize_func

    init_func = property(lambda self: self._init_func)
    reduce_func = property(lambda self: self._reduce_func)
    finalize_func = property(lambda self: self._finalize_func)


@_both("group_by_reducer")
def group_by_reducer(key_func, reducer):
    """For each key what a reducer makes of the elements with that key, in the order of the keys.

    Args:
      key_func: a function of the components of an element that gives an int64 scalar.
      reducer: a `Reducer`.

    Raises:
      ValueError: (when applied) `key_func` gives something else.
    """
    name = "tf.data.experimental.group_by_reducer()"

    def apply(dataset):
        key = DatasetFunction(key_func, name, dataset.element_spec)
        _check_scalar(
            key, "`key_func` must return a single tf.int64 tensor. Got type=%s and shape=%s"
            % (specs.legacy(key.output_spec, 0), specs.legacy(key.output_spec, 1)),
        )  # fmt: skip
        init = DatasetFunction(reducer.init_func, name, _KEY)
        state_spec, reduce = fixed_point(None, reducer.reduce_func, name, dataset.element_spec, state_spec=init.output_spec)
        finalize = DatasetFunction(reducer.finalize_func, name, state_spec)
        functions = key, init, reduce, finalize
        variant = registry["GroupByReducerDataset"](
            dataset._variant_tensor, *[f.captured for f in functions], key_func=key.concrete, init_func=init.concrete,
            reduce_func=reduce.concrete, finalize_func=finalize.concrete, **flat_attrs(finalize.output_spec),
        )  # fmt: skip
        return Made(variant, finalize.output_spec, (dataset,), functions, "_GroupByReducerDataset")

    return apply


@export("contrib.data.reduce_dataset")
def reduce_dataset(dataset, reducer):
    """What a `Reducer` makes of all elements of a dataset, as tensors.

    Raises:
      TypeError: `dataset` is none.
    """
    if not hasattr(dataset, "_variant_tensor"):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    made = dataset.apply(group_by_reducer(lambda *_: np.int64(0), reducer))
    return public.data.experimental.get_single_element(made.take(1))


@_both("group_by_window")
def group_by_window(key_func, reduce_func, window_size=None, window_size_func=None):
    """The elements of what a function makes of groups of elements with equal keys.

    Args:
      key_func: a function of the components of an element that gives an int64 scalar.
      reduce_func: a function of a key and a dataset of elements with that key that gives a dataset.
      window_size: how many elements a group has at most.
      window_size_func: a function from the key to that number; not together with `window_size`.

    Raises:
      ValueError: neither or both of the last two are given, or (when applied) a function gives something else.
      TypeError: (when applied) `reduce_func` gives no dataset.
    """
    if (window_size is not None) == (window_size_func is not None):
        raise ValueError("Must pass either window_size or window_size_func.")
    size_of = window_size_func
    if window_size is not None:

        def size_of(unused_key):
            return convert(window_size, dtypes.int64)

    name = "tf.data.experimental.group_by_window()"

    def apply(dataset):
        window = DatasetFunction(lambda key: convert(size_of(key), dtypes.int64), name, _KEY)
        key = DatasetFunction(lambda *args: convert(key_func(*args), dtypes.int64), name, dataset.element_spec)
        _check_scalar(key, "`key_func` must return a single tf.int64 scalar tensor.")
        reduce = DatasetFunction(reduce_func, name, (_KEY, DatasetSpec(dataset.element_spec)))
        if not isinstance(reduce.output_spec, DatasetSpec):
            raise TypeError("`reduce_func` must return a `Dataset` object.")
        _check_scalar(window, "`window_size_func` must return a single tf.int64 scalar tensor.")
        spec = reduce.output_spec._element_spec
        functions = key, reduce, window
        variant = registry["GroupByWindowDataset"](
            dataset._variant_tensor, *[f.captured for f in functions], key_func=key.concrete, reduce_func=reduce.concrete,
            window_size_func=window.concrete, **flat_attrs(spec),
        )  # fmt: skip
        return Made(variant, spec, (dataset,), functions, "_GroupByWindowDataset")

    return apply


@_both("bucket_by_sequence_length")
def bucket_by_sequence_length(element_length_func, bucket_boundaries, bucket_batch_sizes, padded_shapes=None, padding_values=None,
                              pad_to_bucket_boundary=False, no_padding=False, drop_remainder=False):  # fmt: skip
    """Padded batches of elements of similar lengths.

    Args:
      element_length_func: a function of the components of an element that gives its length, an int32 scalar.
      bucket_boundaries: a list of ints, the lengths at which the next bucket begins.
      bucket_batch_sizes: a list of ints, the size of batches for each bucket, one more than there are boundaries.
      padded_shapes: as of `padded_batch`; by default unknown sizes are filled up.
      padding_values: as of `padded_batch`.
      pad_to_bucket_boundary: whether to fill up to one less than the bucket's boundary; then no element may be longer than the
        last boundary allows.
      no_padding: whether elements are not filled up at all.
      drop_remainder: whether a last batch that is smaller is left out.

    Raises:
      ValueError: the numbers of boundaries and sizes don't fit.
    """
    with name_scope("bucket_by_seq_length"):
        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
        sizes = constant(bucket_batch_sizes, dtype=dtypes.int64)

        def key_of(*args):
            length = element_length_func(*args)
            lowest = [np.iinfo(np.int32).min, *bucket_boundaries]
            highest = [*bucket_boundaries, np.iinfo(np.int32).max]
            inside = public.logical_and(public.less_equal(lowest, length), public.less(length, highest))
            return public.reduce_min(public.where(inside))

        def size_of(bucket):
            return sizes[bucket]

        def batch(bucket, group):
            size = size_of(bucket)
            if no_padding:
                return group.batch(size, drop_remainder=drop_remainder)
            filler = None
            if pad_to_bucket_boundary:
                check = public.assert_less(
                    bucket, constant(len(bucket_batch_sizes) - 1, dtype=dtypes.int64),
                    message="When pad_to_bucket_boundary=True, elements must have length < max(bucket_boundaries).",
                )  # fmt: skip
                with control_dependencies([check]):
                    filler = constant(bucket_boundaries, dtype=dtypes.int64)[bucket] - 1
            wanted = _filled(padded_shapes or specs.get_output_shapes(group), filler)
            return group.padded_batch(size, wanted, padding_values, drop_remainder=drop_remainder)

        return lambda dataset: dataset.apply(group_by_window(key_of, batch, window_size_func=size_of))


def _filled(shapes, filler):
    """Shapes in which unknown sizes are `filler`."""
    made = [[filler if d is None else d for d in specs.TensorShape(s).as_list()] for s in flatten(shapes)]
    return pack_sequence_as(shapes, made)
