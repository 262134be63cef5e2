"""Slices: `x[...]`, `tf.slice`, `tf.strided_slice`."""

import sys

import numpy as np

from ..core import dtypes, known, shape as shapes, tape
from ..core.context import here, process
from ..core.convert import convert, from_array
from ..core.dispatch import host_value, registry
from ..core.errors import invalid
from ..core.export import export, resolve
from ..core.op import Host, HostShape, HostVector, Shape, op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, Tensor, overload
from .filling import ones_like
from .joining import stack

newaxis = export("newaxis")(None)

# -------------------------------------------------------------------------------------------------------------- slice


@op("Slice")
def _slice(xp, input, begin: HostShape, size: HostVector):
    rank = input.ndim
    for v in (begin, size):
        if type(v) is not tuple or len(v) != rank:
            raise invalid("Expected begin and size arguments to be 1-D tensors of size %d, but got shapes %s and %s instead.",
                          rank, shapes.to_brackets(np.shape(begin)), shapes.to_brackets(np.shape(size)))  # fmt: skip
    index = []
    for i, (whole, b, s) in enumerate(zip(input.shape, begin, size)):
        s = whole - b if s == -1 else s
        if not 0 <= b <= whole or not 0 <= s <= whole - b:
            raise invalid(_why_no_slice(i, whole, b, s))
        index.append(slice(b, b + s))
    return input[tuple(index)]


def _why_no_slice(i, whole, b, s):
    """TensorFlow's message for a slice that leaves dimension `i`."""
    if not whole:
        return "Expected begin[%d] == 0 (got %d) and size[%d] == 0 (got %d) when input.dim_size(%d) == 0" % (i, b, i, s, i)
    if not 0 <= b <= whole:
        return "Expected begin[%d] in [0, %d], but got %d" % (i, whole, b)
    return "Expected size[%d] in [0, %d], but got %d" % (i, whole - b, s)


@_slice.shape
def _(input, begin, size):
    lengths = {len(v) for v in (begin, size) if v is not None}
    if len(lengths) > 1:
        raise ValueError(_unequal_lengths(begin, size))
    rank = next(iter(lengths), None)
    if rank is not None and input is not None and len(input) != rank:
        raise ValueError("Shape must be rank %d but is rank %d" % (rank, len(input)))
    if size is None:
        rank = rank if input is None else len(input)
        return None if rank is None else (None,) * rank
    begin = begin or (None,) * len(size)
    if None in size:
        return tuple(None if s == -1 else s for s in size)
    whole = input or (None,) * len(size)
    return tuple(_rest(w, b) if s == -1 else s for w, b, s in zip(whole, begin, size))


def _rest(whole, begin):
    if whole is None or begin is None:
        return None
    if begin > whole:
        raise ValueError("Negative dimension size caused by subtracting %d from %d" % (begin, whole))
    return whole - begin


def _unequal_lengths(a, b):
    text = "Dimension 0 in both shapes must be equal, but are %d and %d. Shapes are [%d] and [%d]."
    return text % (len(a), len(b), len(a), len(b))


def _padded_value(g, shape, begin):
    out = np.zeros(shape, g.dtype)
    out[tuple([slice(b, b + s) for b, s in zip(begin, g.shape)])] = g
    return out


@_slice.grad("input", _padded_value)
def _(g, input: Shape, begin):
    if type(input) is tuple and type(begin) is tuple and shapes.is_known(g._shape):
        return registry["Pad"](g, tuple((b, w - b - s) for b, w, s in zip(begin, input, g._shape)))
    begin, whole = _one_index_type(begin, input)
    after = whole - registry["Shape"](g, out_type=begin.dtype.base_dtype) - begin
    return registry["Pad"](g, stack([begin, after], 1))


@_slice.samples
def _(make):
    yield make(3, 4), (1, 0), (2, -1)
    yield make(3, 4), (0, 2), (1, 0)
    yield make(), np.zeros(0, np.int32), np.zeros(0, np.int32)


@export("slice")
def slice_(input_, begin, size, name=None):
    """The part of a tensor that begins at `begin` and has the shape `size`.

    Args:
      input_: a tensor.
      begin: an int vector with an element for each dimension.
      size: an int vector; -1 stands for all that follows.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the part reaches out of the tensor.
    """
    return _slice(input_, begin, size, name=name)


# ------------------------------------------------------------------------------------------------------ strided slices


def _index(begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    """The NumPy index that a strided slice means."""
    if not (begin_mask or end_mask or ellipsis_mask or new_axis_mask or shrink_axis_mask):
        return tuple(map(slice, begin, end, strides))
    index = []
    for i, step in enumerate(strides):
        bit = 1 << i
        if ellipsis_mask & bit:
            index.append(...)
        elif new_axis_mask & bit:
            index.append(None)
        elif shrink_axis_mask & bit:
            if step <= 0:
                raise ValueError
            index.append(begin[i])
        else:
            index.append(slice(None if begin_mask & bit else begin[i], None if end_mask & bit else end[i], step))
    return tuple(index)


def checked_index(shape, begin, end, strides, **masks):
    """`_index` for an array of this shape; raises InvalidArgumentError with TensorFlow's message if it does not fit."""
    try:
        if len(begin) == len(end) == len(strides):
            return _index(begin, end, strides, **masks)
    except (ValueError, TypeError):
        pass
    raise invalid(_why_no_strided_slice(shape, begin, end, strides, **masks) or "the indices of a strided slice are no numbers")


def _why_no_strided_slice(shape, begin, end, strides, **masks):
    """TensorFlow's message for a strided slice that is impossible for a tensor of this shape, or None."""
    shaped = [np.shape(v) for v in (begin, end, strides)]
    if len(set(shaped)) > 1 or len(shaped[0]) != 1:
        text = "Expected begin, end, and strides to be 1D equal size tensors, but got shapes %s, %s, and %s instead."
        return text % tuple(map(shapes.to_brackets, shaped))
    try:
        sliced_shape(shape, begin, end, strides, **masks)
    except ValueError as e:
        return str(e)
    return None


def sliced_shape(shape, begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    """The shape of a strided slice as far as it is known; `begin` or `end` may be None, and so may sizes of `shape`.

    Raises:
      ValueError: with TensorFlow's message, the slice is impossible.
    """
    if ellipsis_mask & (ellipsis_mask - 1):
        raise ValueError("Multiple ellipses in slice spec not allowed")
    count, rank = len(strides), len(shape)
    ellipsis_mask = ellipsis_mask if ellipsis_mask & ((1 << count) - 1) else 1 << count
    if ellipsis_mask == 1 << count:
        count += 1
    after = ellipsis_mask.bit_length()
    real_after = sum(not new_axis_mask & (1 << i) for i in range(after, count))
    dims, sizes, axis = [], [], 0
    for i in range(count):
        bit = 1 << i
        if ellipsis_mask & bit:
            upto = max(axis, rank - real_after)
            dims += range(axis, upto)
            sizes += [(a, None, None, 1, False) for a in range(axis, upto)]
            axis = upto
        elif new_axis_mask & bit:
            dims.append(None)
        else:
            if axis >= rank:
                raise ValueError("Index out of range using input dim %d; input has only %d dims" % (axis, rank))
            shrinks = bool(shrink_axis_mask & bit)
            if not shrinks:
                dims.append(axis)
            b = None if begin_mask & bit and not shrinks else "unknown" if begin is None or end is None else begin[i]
            e = None if end_mask & bit and not shrinks else "unknown" if begin is None or end is None else end[i]
            sizes.append((axis, b, e, strides[i], shrinks))
            axis += 1
    found = {spec[0]: _sliced_size(shape[spec[0]], *spec) for spec in sizes}
    return tuple(1 if d is None else found[d] for d in dims)


def _sliced_size(size, axis, begin, end, step, shrinks):
    """The size of one dimension of a strided slice, or None."""
    if not step:
        raise ValueError("strides[%d] must be non-zero" % axis)
    if size is None:
        return None
    if shrinks:
        if step < 0:
            raise ValueError("only stride 1 allowed on non-range indexing.")
        if begin != "unknown" and not -size <= begin < size:
            at = begin if begin >= 0 else begin + size
            raise ValueError("slice index %d of dimension %d out of bounds." % (at, axis))
        return 1
    if begin == "unknown" or end == "unknown":
        return None
    return len(range(size)[slice(begin, end, step)])


@op("StridedSlice")
def _strided_slice(xp, input, begin: Host, end: Host, strides: Host, *, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0,
                   shrink_axis_mask=0):  # fmt: skip
    index = checked_index(input.shape, begin, end, strides, begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                           new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    try:
        return _part(input, index)
    except (ValueError, IndexError) as e:
        why = _why_no_strided_slice(input.shape, begin, end, strides, begin_mask=begin_mask, end_mask=end_mask,
                                    ellipsis_mask=ellipsis_mask, new_axis_mask=new_axis_mask,
                                    shrink_axis_mask=shrink_axis_mask)  # fmt: skip
        raise invalid(why or str(e)) from None


def _part(value, index):
    """`value[index]`, which of text is always an array."""
    return value[index] if value.dtype != object or ... in index else value[(*index, ...)]


@_strided_slice.shape
def _(input, begin, end, strides, *, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    for v in (begin, end, strides):
        if v is not None and np.ndim(v) != 1:
            raise ValueError("Shape must be rank 1 but is rank %d" % np.ndim(v))
    for a, b in ((begin, end), (begin, strides), (end, strides)):
        if a is not None and b is not None and len(a) != len(b):
            raise ValueError(_unequal_lengths(a, b))
    if input is None or strides is None:
        return None
    return sliced_shape(input, begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)


@_strided_slice.partial
def _(node):
    input, begin, end, strides = node._inputs
    shape = known.partial(input)
    begin, end, strides = known.host(begin), known.host(end), known.host(strides)
    attrs = node.attrs
    if None in (shape, begin, end, strides) or len(strides) != 1 or strides[0] < 0:
        return None
    if attrs["ellipsis_mask"] or attrs["new_axis_mask"] or attrs["shrink_axis_mask"]:
        return None
    return shape[_index(begin, end, strides, attrs["begin_mask"], attrs["end_mask"], 0, 0, 0)[0]]


def _one_index_type(*vectors):
    """Index vectors, some of them tensors, as tensors of one type."""
    wide = any(isinstance(v, Tensor) and v.dtype.base_dtype is dtypes.int64 for v in vectors)
    wanted = dtypes.int64 if wide else dtypes.int32
    return [
        registry["Cast"](v, DstT=wanted) if isinstance(v, Tensor) and v.dtype.base_dtype is not wanted else convert(v, wanted)
        for v in vectors
    ]


def _spread_value(g, shape, begin, end, strides, **masks):
    out = np.zeros(shape, g.dtype)
    out[_index(begin, end, strides, **masks)] = g
    return out


@_strided_slice.grad("input", _spread_value)
def _(g, input: Shape, begin, end, strides, *, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    if not here.eager:
        input, begin, end, strides = _one_index_type(input, begin, end, strides)
    return _strided_slice_grad(input, begin, end, strides, g, begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                               new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip


@_strided_slice.samples
def _(make):
    yield make(3, 4), (1, 0), (3, 2), (1, 1)
    yield make(3, 4), (0, -1), (0, -4), (1, -2), dict(begin_mask=1, end_mask=1)
    yield make(2, 3, 4), (0, 1), (0, 2), (1, 1), dict(ellipsis_mask=1, shrink_axis_mask=2)
    yield make(2, 3), (0, 0, 1), (0, 0, 9), (1, 1, 1), dict(new_axis_mask=1, begin_mask=2, end_mask=2)
    yield make(3), (-1,), (0,), (1,), dict(shrink_axis_mask=1)
    yield make(), (0,), (0,), (1,), dict(new_axis_mask=1)


@op("StridedSliceGrad")
def _strided_slice_grad(xp, shape: HostShape, begin: Host, end: Host, strides: Host, dy, *, begin_mask=0, end_mask=0,
                        ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0):  # fmt: skip
    index = checked_index(shape, begin, end, strides, begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                           new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    expected = sliced_shape(shape, begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    if dy.shape != expected:
        raise invalid("shape of dy was %s instead of %s", shapes.to_brackets(dy.shape), shapes.to_brackets(expected))
    return placed(xp, xp.zeros(shape, dy.dtype) if dy.dtype != object else np.full(shape, b"", object), index, dy)


def placed(xp, target, index, value):
    """The array `target`, which nobody else refers to, with a value written into a part."""
    if xp is not np:
        return target.at[index].set(value)
    target[index] = value
    return target


@_strided_slice_grad.shape
def _(shape, begin, end, strides, dy):
    return shape


@_strided_slice_grad.grad("dy")
def _(g, begin, end, strides, *, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask):
    if not here.eager:
        begin, end, strides = _one_index_type(begin, end, strides)
    return _strided_slice(g, begin, end, strides, begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                          new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip


@_strided_slice_grad.samples
def _(make):
    yield (3, 4), (1, 0), (3, 2), (1, 1), make(2, 2)
    yield (2, 3), (1, 0), (0, 0), (1, 1), make(1, 3), dict(shrink_axis_mask=1, new_axis_mask=2)
    yield (4,), (3,), (0,), (-2,), make(2)


@op("TensorStridedSliceUpdate")
def _tensor_strided_slice_update(xp, input, begin: Host, end: Host, strides: Host, value, *, begin_mask=0, end_mask=0,
                                 ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0):  # fmt: skip
    index = checked_index(input.shape, begin, end, strides, begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                           new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    return placed(xp, xp.array(input), index, value)


@_tensor_strided_slice_update.shape
def _(input, begin, end, strides, value):
    return input


@_tensor_strided_slice_update.samples
def _(make):
    yield make(3, 4), (1, 0), (3, 2), (1, 1), make(2, 2)
    yield make(2, 3), (1, 0), (0, 3), (1, 1), make(3), dict(shrink_axis_mask=1)


tensor_strided_slice_update = _tensor_strided_slice_update


@export("strided_slice")
def strided_slice(input_, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0,
                  var=None, name=None):  # fmt: skip
    """The part of a tensor that `input_[begin[0]:end[0]:strides[0], ...]` means.

    Args:
      input_: a tensor.
      begin, end, strides: int vectors of one length, an element for each entry of the index; strides are 1 by default.
      begin_mask: has bit i set where entry i has no begin.
      end_mask: has bit i set where entry i has no end.
      ellipsis_mask: has the bit of the entry set that is an ellipsis.
      new_axis_mask: has bit i set where entry i is a new dimension of size 1.
      shrink_axis_mask: has bit i set where entry i is a single index, whose dimension goes away.
      var: the variable whose value `input_` is, so that the result can be assigned to.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the slice is impossible.
    """
    masks = {"begin_mask": begin_mask, "end_mask": end_mask, "ellipsis_mask": ellipsis_mask, "new_axis_mask": new_axis_mask,
             "shrink_axis_mask": shrink_axis_mask}  # fmt: skip
    if strides is None:
        strides = ones_like(begin)
    result = _strided_slice(input_, begin, end, strides, name=name, **masks)
    if var is not None or not here.eager:
        result.assign = _assigner(var, begin, end, strides, masks, name)
    return result


def _assigner(var, begin, end, strides, masks, slice_name):
    """The function that assigns to a slice of a variable."""

    def assign(val, name=None):
        if var is None:
            raise ValueError("Sliced assignment is only supported for variables")
        return var._strided_slice_assign(
            begin=begin, end=end, strides=strides, value=val, name=name or slice_name + "_assign", **masks
        )

    return assign


# --------------------------------------------------------------------------------------------------------------- x[...]

_INDEX_ERROR = (
    "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are valid indices"
)


def _check_index(index):
    if isinstance(index, (int, shapes.Dimension)):
        return
    dtype = getattr(index, "dtype", None)
    try:
        fits = dtype is not None and dtypes.as_dtype(dtype).base_dtype in (dtypes.int32, dtypes.int64)
    except TypeError:
        fits = False
    if not fits or (index.shape and len(index.shape) == 1):
        raise TypeError("%s, got %r" % (_INDEX_ERROR, index))


def _is_mask(key):
    if isinstance(key, bool):
        return True
    return isinstance(key, (Tensor, np.ndarray)) and dtypes.as_dtype(key.dtype) == dtypes.bool_


def spell_out(key):
    """An index as begin, end and strides (lists) and masks (a dict): what `strided_slice` takes.

    Raises:
      TypeError: an entry is no index.
    """
    begin, end, strides = [], [], []
    masks = dict.fromkeys(("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"), 0)
    for i, entry in enumerate(key if isinstance(key, (list, tuple)) else (key,)):
        bit = 1 << i
        b, e, step = 0, 0, 1
        if isinstance(entry, slice):
            b = _bound(entry.start, "begin_mask", masks, bit)
            e = _bound(entry.stop, "end_mask", masks, bit)
            if entry.step is not None:
                _check_index(entry.step)
                step = entry.step
        elif entry is Ellipsis:
            masks["ellipsis_mask"] |= bit
        elif entry is None:
            masks["new_axis_mask"] |= bit
        else:
            _check_index(entry)
            b, e = entry, entry + 1
            masks["shrink_axis_mask"] |= bit
        begin.append(b)
        end.append(e)
        strides.append(step)
    return begin, end, strides, masks


def _bound(index, mask, masks, bit):
    """One end of a slice; an end that is not given is noted in the mask."""
    if index is None or (not isinstance(index, Tensor) and isinstance(index, int) and index == sys.maxsize):
        masks[mask] |= bit
        return 0
    _check_index(index)
    return index


def get_item(tensor, key, var=None):
    """`tensor[key]`; `var` is the variable whose value the tensor is.

    Args:
      tensor: a tensor.
      key: an int, slice, `...`, `tf.newaxis` or int scalar tensor, a tuple or list of these, or a boolean mask.
      var: None, or a variable.

    Raises:
      TypeError: `key` is none of these.
      InvalidArgumentError (in a graph ValueError where the shapes are known): the slice is impossible.
    """
    if _is_mask(key):
        return resolve("boolean_mask")(tensor, key)
    begin, end, strides, masks = spell_out(key)
    with name_scope(None, "strided_slice", [tensor, *begin, *end, *strides]) as name:
        if here.eager:
            begin, end, strides = host_value(begin), host_value(end), host_value(strides)
        elif begin:
            begin, end, strides = _packed(begin, end, strides)
        else:
            begin = end = strides = from_array(np.zeros(0, np.int32))
        return strided_slice(tensor, begin, end, strides, **masks, var=var, name=name)


def _packed(begin, end, strides):
    """The entries as three int vectors of one type, packed if there are tensors among them."""
    vectors = [stack(begin), stack(end), stack(strides)]
    if any(v.dtype.base_dtype is dtypes.int64 for v in vectors):
        vectors = [v if v.dtype.base_dtype is dtypes.int64 else registry["Cast"](v, DstT=dtypes.int64) for v in vectors]
    return vectors


_NONE_TYPE, _ELLIPSIS_TYPE = type(None), type(...)
_PLAIN = {int, slice, _NONE_TYPE, _ELLIPSIS_TYPE}
_BOUNDS = {int, _NONE_TYPE}


def _is_plain(key, kind):
    """Whether an index means to NumPy what it means to TensorFlow: made of Python ints only, and no mask."""
    if kind is int:
        return True
    if kind is slice:
        return type(key.start) in _BOUNDS and type(key.stop) in _BOUNDS and type(key.step) in _BOUNDS
    if kind is not tuple:
        return kind in _PLAIN
    for entry in key:
        inner = type(entry)
        if inner is not int and (inner not in _PLAIN or inner is slice and not _is_plain(entry, slice)):
            return False
    return True


def _get_item_eagerly(tensor, key):
    v = tensor._v
    if _is_plain(key, type(key)) and v.dtype != object and (not process.busy or here.eager):
        try:
            value = v[key]
        except (IndexError, ValueError):  # the long way has the message
            return get_item(tensor, key)
        out = EagerTensor()
        out._v = value
        out._id = 0
        if process.busy and (here.callbacks or any([tensor._id in t.watched for t in here.tapes])):
            begin, end, strides, masks = spell_out(key)
            tape.record(_strided_slice, (tensor, tuple(begin), tuple(end), tuple(strides)), (out,), masks)
        return out
    return get_item(tensor, key)


overload("__getitem__", get_item, _get_item_eagerly)
