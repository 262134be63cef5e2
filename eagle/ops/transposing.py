"""Transposes and permutations."""

import numpy as np

from ..core import shape as shapes
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostVector, op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor
from .arithmetic import conj
from .doors import finish
from .joining import concat
from .shaping import rank


def _permuted(x, perm):
    if type(perm) is not tuple or len(perm) != x.ndim or perm and min(perm) < 0:
        raise ValueError
    return x.transpose(perm)


def _permuted_shape(x, perm):
    if perm is None:
        return None if x is None else (None,) * len(x)
    if x is None:
        return (None,) * len(perm) if len(perm) > 1 else None
    rank = len(x)
    if len(perm) != rank:
        raise ValueError("Dimension must be %d but is %d" % (rank, len(perm)))
    for p in perm:
        if p is not None and not -rank <= p < rank:
            raise ValueError("perm dim %d is out of range of input rank %d" % (p, rank))
    return tuple(None if p is None else x[p] for p in perm)


def _why_not_permuted(values):
    """TensorFlow's message for a `perm` that is no permutation of the dimensions."""
    x, perm = values
    if type(perm) is not tuple or perm and type(perm[0]) is tuple:
        return "perm must be a vector, not %s" % shapes.to_brackets(np.shape(perm))
    if len(perm) != x.ndim:
        return "transpose expects a vector of size %d. But input(1) is a vector of size %d" % (x.ndim, len(perm))
    for p in perm:
        if not 0 <= p < x.ndim:
            return "%d is out of range [0 .. %d)" % (p, x.ndim)
    missing = next(i for i in range(x.ndim) if i not in perm)
    return "%d is missing from {%s}." % (missing, ",".join(map(str, perm)))


def _inverse(perm):
    """The permutation that undoes another."""
    if type(perm) is not tuple:
        return _invert_permutation(perm)
    inverse = [0] * len(perm)
    for i, p in enumerate(perm):
        inverse[p] = i
    return tuple(inverse)


@op("Transpose")
def _transpose(xp, x, perm: HostVector):
    return _permuted(x, perm)


@op("ConjugateTranspose")
def _conjugate_transpose(xp, x, perm: HostVector):
    return xp.conj(_permuted(x, perm)) if x.dtype.kind == "c" else _permuted(x, perm)


for _op in (_transpose, _conjugate_transpose):
    _op.shape(_permuted_shape)
    _op.explains(_why_not_permuted)

    @_op.samples
    def _(make):
        yield make(2, 3), (1, 0)
        yield make(2, 3, 4), (2, 0, 1)
        yield make(2, 3), (0, 1)


def _transposed_back(g, perm):
    return g.transpose(_inverse(perm))


@_transpose.grad("x", _transposed_back)
def _(g, perm):
    return _transpose(g, _inverse(perm))


@_conjugate_transpose.grad("x")
def _(g, perm):
    return conj(_transpose(g, _inverse(perm)))


@op("InvertPermutation")
def _invert_permutation(xp, x):
    if x.ndim != 1:
        raise invalid("invert_permutation expects a 1D vector.")
    if xp is np:
        _check_permutation(x)
        out = np.empty_like(x)
        out[x] = np.arange(len(x))
        return out
    return xp.argsort(x).astype(x.dtype)


def _check_permutation(x):
    seen = set()
    for i in x.tolist():
        if not 0 <= i < len(x):
            raise invalid("%d is not between 0 and %d", i, len(x))
        if i in seen:
            raise invalid("%d is duplicated in the input.", i)
        seen.add(i)


@_invert_permutation.shape
def _(x):
    if x is not None and len(x) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % len(x))
    return x or (None,)


_invert_permutation.not_differentiable()


@_invert_permutation.samples
def _(make):
    yield (np.array([2, 0, 1], make.dtype.np),)
    yield (np.array([], make.dtype.np),)


invert_permutation = export("invert_permutation", "math.invert_permutation")(_invert_permutation)


@export("transpose")
def transpose(a, perm=None, name="transpose", conjugate=False):
    """A tensor with its dimensions in another order.

    Args:
      a: a tensor.
      perm: an int vector: which dimension of `a` each dimension of the result is; by default they are reversed.
      name: the name of the node.
      conjugate: whether complex elements are conjugated too.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): `perm` is no permutation.
    """
    if type(a) is EagerTensor and not conjugate and (not process.busy or here.eager):
        v = a._v
        if perm is None:
            perm = tuple(range(v.ndim - 1, -1, -1))
            return finish(_transpose, (a, perm), v.transpose(perm))
        if type(perm) is list or type(perm) is tuple:
            try:
                if len(perm) == v.ndim and min(perm) >= 0:
                    return finish(_transpose, (a, perm), v.transpose(perm))
            except (TypeError, ValueError):  # the long way has the message
                pass
    with name_scope(name, "transpose", [a]) as scope:
        kind = _conjugate_transpose if conjugate and a.dtype.is_complex else _transpose
        if perm is not None:
            return kind(a, perm, name=scope)
        a = convert(a, name="a")
        if a._rank():
            return kind(a, np.arange(a._rank())[::-1], name=scope)
        if here.eager:
            return kind(a, (), name=scope)
        size = registry["Rank"](a)
        result = kind(a, size - 1 - registry["Range"](0, size, 1), name=scope)
        if result.op.inputs[0]._shape is not None:
            result.set_shape(result.op.inputs[0]._shape[::-1])
        return result


@export("linalg.matrix_transpose", "linalg.transpose", "matrix_transpose")
def matrix_transpose(a, name="matrix_transpose", conjugate=False):
    """A tensor with its last two dimensions swapped.

    Args:
      a: a tensor of rank 2 or more.
      name: the name scope of the nodes.
      conjugate: whether complex elements are conjugated too.

    Raises:
      ValueError: the rank is less than 2.
    """
    with name_scope(name, values=[a]):
        a = convert(a, name="a")
        count = a._rank()
        if count is None:
            count = rank(a)
            ahead = registry["Range"](0, count - 2, 1)
            return transpose(a, concat((ahead, [count - 1, count - 2]), 0), conjugate=conjugate)
        if count < 2:
            raise ValueError("Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: %s" % a.shape)
        return transpose(a, [*range(count - 2), count - 1, count - 2], conjugate=conjugate)
