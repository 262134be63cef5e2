"""Sums of products along axes that tensors share: `tensordot` and `einsum`; cross products, traces, polynomials."""

import math
import re
import string

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import FailedPreconditionError, invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..core.versions import versioned
from .arithmetic import multiply
from .filling import range_, zeros_like
from .gathering import gather
from .joining import concat, stack
from .matmul import matmul
from .matrices import matrix_diag_part
from .reduce import reduce_prod, reduce_sum
from .shaping import expand_dims, rank, reshape, shape as shape_of
from .transposing import transpose
from .where import where

# ------------------------------------------------------------------------------------------------------------- tensordot


def _axes_of_both(a, axes):
    """The axes of the two tensors along which products are summed, from the argument of `tensordot`."""
    if isinstance(axes, (int, np.integer)):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        count = a._rank()
        if count is None:
            unknown = rank(a)
            return range_(unknown - axes, unknown, dtype=dtypes.int32), range_(axes, dtype=dtypes.int32)
        if axes > count:
            raise ValueError("'axes' must not be larger than the number of dimensions of tensor %s." % a)
        return list(range(count - axes, count)), list(range(axes))
    if isinstance(axes, (list, tuple)):
        if len(axes) != 2:
            raise ValueError("'axes' must be an integer or have length 2.")
        first, second = axes
        if isinstance(first, (int, np.integer)) and isinstance(second, (int, np.integer)):
            first, second = [first], [second]
        if len(first) != len(second):
            text = "Different number of contraction axes 'a' and 'b', %s != %s."
            raise ValueError(text % (len(first), len(second)))
        return first, second
    axes = convert(axes, dtypes.int32, "axes")
    return axes[0], axes[1]


def _as_matrix(x, axes, axes_first):
    """A tensor as a matrix with the given axes along one side and the free ones along the other.

    Returns:
      The matrix, the free dimensions (a list, or a tensor if they are not known), and what is known of them or None.
    """
    if shapes.is_known(x._shape) and isinstance(axes, (list, tuple)):
        sizes = x._shape
        axes = [i if i >= 0 else i + len(sizes) for i in axes]
        free = [i for i in range(len(sizes)) if i not in axes]
        free_sizes = [sizes[i] for i in free]
        sides = [math.prod(free_sizes), math.prod(sizes[i] for i in axes)]
        order = axes + free if axes_first else free + axes
        return reshape(transpose(x, order), sides[::-1] if axes_first else sides), free_sizes, free_sizes
    known = None
    if x._rank() is not None and isinstance(axes, (list, tuple)):
        sizes = x._shape
        axes = [i if i >= 0 else i + len(sizes) for i in axes]
        free = [i for i in range(len(sizes)) if i not in axes]
        known = [sizes[i] for i in free]
        axes, free = convert(axes, dtypes.int32, "axes"), convert(free, dtypes.int32, "free")
        sizes = shape_of(x)
    else:
        sizes, count = shape_of(x), rank(x)
        axes = convert(axes, dtypes.int32, "axes")
        axes = where(axes >= 0, axes, axes + count)
        free = registry["ListDiff"](range_(count), axes)[0]
    free_sizes, axes_sizes = gather(sizes, free), gather(sizes, axes)
    sides = [reduce_prod(free_sizes), reduce_prod(axes_sizes)]
    order = concat([axes, free] if axes_first else [free, axes], 0)
    matrix_shape = stack(sides[::-1] if axes_first else sides)
    return reshape(transpose(x, order), matrix_shape), free_sizes, known


@export("tensordot", "linalg.tensordot")
def tensordot(a, b, axes, name=None):
    """The sums of products of two tensors along axes of equal sizes.

    Args:
      a, b: two tensors of the same type.
      axes: the number of last axes of `a` and first axes of `b` to sum along, or a pair: the axes of `a` and those of `b`.
      name: the name of the node.

    Returns:
      A tensor whose dimensions are the free ones of `a` and then those of `b`.

    Raises:
      ValueError: the axes don't fit the tensors.
    """
    with name_scope(name, "Tensordot", [a, b, axes]) as name:
        a, b = convert(a, None, "a"), convert(b, None, "b")
        a_axes, b_axes = _axes_of_both(a, axes)
        a_matrix, a_free, a_known = _as_matrix(a, a_axes, False)
        b_matrix, b_free, b_known = _as_matrix(b, b_axes, True)
        product = matmul(a_matrix, b_matrix)
        if isinstance(a_free, list) and isinstance(b_free, list):
            return reshape(product, a_free + b_free, name=name)
        a_free, b_free = convert(a_free, dtypes.int32), convert(b_free, dtypes.int32)
        product = reshape(product, concat([a_free, b_free], 0), name=name)
        if a_known is not None and b_known is not None:
            product.set_shape(a_known + b_known)
        return product


# --------------------------------------------------------------------------------------------------------------- einsum


def _resolve_ellipses(labels, output, ranks):
    """Puts letters in the places of `...`; the labels of inputs and output, and the letters of the output's ellipsis."""
    unused = "".join(c for c in string.ascii_letters if c not in "".join(labels))
    longest = ""
    resolved = []
    for text, count in zip(labels, ranks):
        if "..." in text:
            parts = text.split("...")
            if len(parts) != 2:
                raise ValueError("Unable to resolve ellipsis. Excess number found.")
            if count is None:
                raise ValueError("Unable to statically infer ellipsis axes.")
            n = count - len("".join(parts))
            if n < 0:
                raise ValueError("Ellipses lengths do not match.")
            if len(unused) < n:
                raise ValueError("Unable to resolve ellipsis, too many distinct labels.")
            letters = unused[-n:] if n else ""
            text = text.replace("...", letters)
            longest = max(longest, letters, key=len)
        if "." in text:
            raise ValueError('period "." found outside of ellipsis')
        resolved.append(text)
    if output is not None:
        output = output.replace("...", longest)
        if "." in output:
            raise ValueError('period "." found outside of ellipsis')
    return resolved, output, longest


def _parse(equation, inputs):
    """The labels of the axes of each input, and of the output, of an equation."""
    equation = equation.replace(" ", "")
    match = re.match("^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation)
    if not match:
        raise ValueError("Indices have incorrect format: %s" % equation)
    labels = match.group(1).split(",")
    output = match.group(2)[2:] if match.group(2) else None
    if len(inputs) != len(labels):
        raise ValueError('Got %d arguments for equation "%s", expecting %d' % (len(inputs), equation, len(labels)))
    ellipsis = ""
    if "..." in equation:
        labels, output, ellipsis = _resolve_ellipses(labels, output, [x._rank() for x in inputs])
    if output is None:
        everything = "".join(labels)
        output = ellipsis + "".join(sorted(c for c in set(everything) - set(ellipsis) if everything.count(c) == 1))
    return labels, output


@export("einsum", "linalg.einsum")
def einsum(equation, *inputs, **kwargs):
    """Sums of products of the elements of tensors, as an equation in Einstein's notation says.

    `"ij,jk->ik"` is a matrix product: axes with a letter that the output lacks are summed along.

    Args:
      equation: the letters of the axes of each input, separated by commas, and behind `->` those of the output; without these the
        letters that occur once, sorted.  `...` stands for any number of axes.
      *inputs: the tensors.
      name: the name scope of the nodes.

    Raises:
      TypeError: there are other keyword arguments.
      ValueError: the equation is wrong or does not fit the inputs.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise TypeError("invalid keyword arguments for this function: " + ", ".join(sorted(kwargs)))
    with name_scope(name, "einsum", [equation, inputs]):
        inputs = list(inputs)
        labels, output = _parse(equation, inputs)
        letters = set("".join(labels) + output)
        for text in labels:
            if len(labels) == 1 and len(text) == 2 and text[0] == text[1] and "->" not in equation:
                return trace(inputs[0])
            if len(set(text)) != len(text):
                raise ValueError("Subscript not supported: an axis appears more than once: %s" % text)
        if any(c not in output and sum(c in text for text in labels) > 2 for c in letters):
            return _einsum_at_once(equation, inputs)
        result, here = inputs[0], labels[0]
        for x, text in zip(inputs[1:], labels[1:]):
            summed = set(here) & set(text) - set(output)
            result, here = _product_of_two(result, here, x, text, summed)
        if set(here) - set(output):
            result = reduce_sum(result, [i for i, c in enumerate(here) if c not in output])
            here = "".join(c for c in here if c in output)
        if sorted(here) != sorted(output):
            raise ValueError("Invalid equation: %s" % equation)
        return _transposed(result, [here.index(c) for c in output])


def _transposed(x, order):
    return x if order == list(range(len(order))) else transpose(x, order)


def _reshaped(x, sizes):
    """A tensor in another shape, in which None stands for one unknown size."""
    sizes = tuple(-1 if d is None else d for d in sizes)
    have = x._shape
    if len(sizes) == len(have) and all(not isinstance(d, Tensor) and d in (h, -1) for h, d in zip(have, sizes)):
        return x
    return reshape(x, sizes)


def _sizes(x):
    """The sizes of a tensor's dimensions: ints, and tensors for those that are not known."""
    if shapes.is_known(x._shape):
        return list(x._shape)
    dynamic = shape_of(x)
    return [dynamic[i] if d is None else d for i, d in enumerate(x._shape)]


def _total(sizes):
    result = 1
    for d in sizes:
        result *= d
    return result


def _product_of_two(a, a_labels, b, b_labels, summed):
    """The product of two tensors, summed along the axes with the letters `summed`; with it the letters of its axes."""
    for name, x, text in (("t0", a, a_labels), ("t1", b, b_labels)):
        if len(text) != len(x._shape):
            text = "Tensor %s of rank %d does not match einsum reduction of length %d" % (name, len(x._shape), len(text))
            raise ValueError(text)
    kept = (set(a_labels) & set(b_labels)) - summed  # the batch dimensions of the matrix product
    a_order = sorted(a_labels, key=lambda c: (0 if c in kept else 2 if c in summed else 1, c))
    b_order = sorted(b_labels, key=lambda c: (0 if c in kept else 1 if c in summed else 2, c))
    a = _transposed(a, [a_labels.find(c) for c in a_order])
    b = _transposed(b, [b_labels.find(c) for c in b_order])
    batch, inner = len(kept), len(summed)
    a_own, b_own = len(a_order) - batch - inner, len(b_order) - batch - inner
    labels = "".join(a_order[: batch + a_own] + b_order[len(b_order) - b_own :])
    if not summed:
        for _ in range(b_own):
            a = expand_dims(a, -1)
        for _ in range(a_own):
            b = expand_dims(b, batch)
        return multiply(a, b), labels
    a_sizes = _sizes(a)
    rows, depth = _total(a_sizes[batch : batch + a_own]), _total(a_sizes[batch + a_own :])
    a = _reshaped(a, a_sizes[:batch] + [rows, depth])
    b_sizes = _sizes(b)
    columns = _total(b_sizes[batch + inner :])
    b = _reshaped(b, b_sizes[:batch] + [depth, columns])
    product = matmul(a, b)
    return _reshaped(product, a_sizes[: batch + a_own] + b_sizes[len(b_sizes) - b_own :]), labels


def _einsum_at_once(equation, inputs):
    """An einsum whose inputs are multiplied all at once and then summed: for letters that more than two inputs share."""
    labels, output = _parse(equation, inputs)
    letters = sorted(set("".join(labels) + output))
    order = [c for c in letters if c not in output] + list(output)
    factors = []
    for i, (x, text) in enumerate(zip(inputs, labels)):
        if x._rank() != len(text):
            raise ValueError("Input %d with axes %s has incorrect number of dimensions (expected %d, got %s)"
                             % (i, text, len(text), x._rank()))  # fmt: skip
        arranged = sorted(text, key=order.index)
        x = x if list(text) == arranged else transpose(x, [text.find(c) for c in arranged])
        have = dict(zip(arranged, x._shape))
        factors.append((x, [(have[c] or -1) if c in have else 1 for c in order]))
    for j, c in enumerate(order):
        if len({sizes[j] for _, sizes in factors if sizes[j] > 1}) > 1:
            raise ValueError("Dimension mismatch on axis: %s" % c)
    factors = [reshape(x, sizes) for x, sizes in factors]
    product = 1
    for x in factors:
        product *= x
    return reduce_sum(product, [j for j, c in enumerate(order) if c not in output])


# ------------------------------------------------------------------------------------ traces, cross products, polynomials


@export("trace", "linalg.trace")
@versioned
def trace(x, name=None):
    """The sums along the main diagonals of matrices.

    Args:
      x: a tensor of shape `[..., m, n]`.
      name: the name of the node.

    Returns:
      A tensor of shape `[...]`.
    """
    with name_scope(name, "Trace", [x]) as name:
        return reduce_sum(matrix_diag_part(convert(x, None, "x")), [-1], name=name)


@op("Cross")
def _cross(xp, a, b):
    if not a.ndim:
        raise invalid("Input must be at least 1D%s", shapes.to_brackets(a.shape))
    if a.shape != b.shape:
        raise invalid("Both inputs must be of same shape: %s vs. %s", shapes.to_brackets(a.shape), shapes.to_brackets(b.shape))
    if a.shape[-1] != 3:
        raise FailedPreconditionError(None, None, "Cross-products are only defined for 3-element vectors.")
    a0, a1, a2 = (a[..., i] for i in range(3))
    b0, b1, b2 = (b[..., i] for i in range(3))
    return xp.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], -1)


@_cross.shape
def _(a, b):
    merged = shapes.with_rank_at_least(shapes.agree(a, b), 1)
    if merged is not None and merged[-1] not in (None, 3):
        raise ValueError("Dimension must be 3 but is %d" % merged[-1])
    return merged


@_cross.grad("a")
def _(g, b):
    return _cross(b, g)


@_cross.grad("b")
def _(g, a):
    return _cross(g, a)


@_cross.samples
def _(make):
    yield make(3), make(3)
    yield make(2, 3), make(2, 3)


cross = export("cross", "linalg.cross")(_cross)


@export("math.polyval")
def polyval(coeffs, x, name=None):
    """The value of a polynomial at each element of a tensor.

    Args:
      coeffs: a list of the coefficients, that of the highest power first: tensors that can be broadcast against `x`.
      x: a tensor.
      name: the name scope of the nodes.

    Raises:
      ValueError: `coeffs` is no list.
    """
    with name_scope(name, "polyval", [*coeffs, x]) as name:
        x = convert(x, None, "x")
        if len(coeffs) < 1:
            return zeros_like(x, name=name)
        coeffs = [convert(c, None, "coeff_%d" % i) for i, c in enumerate(coeffs)]
        result = coeffs[0]
        for c in coeffs[1:]:
            result = c + result * x
        return result
