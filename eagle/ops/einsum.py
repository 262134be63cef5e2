"""The op Einsum, which multiplies and sums at once; `tf.einsum` builds products of matrices instead."""

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.op import op


def _subscripts(equation, count):
    """The subscripts of the inputs, and that of the output."""
    parts = equation.split("->")
    if len(parts) != 2:
        raise ValueError("Expecting exactly one '->' in einsum equation: %s" % equation)
    inputs = parts[0].split(",")
    if len(inputs) > 2:
        raise ValueError("Expecting 1 or 2 input subscripts in equation '%s' but got: %d" % (equation, len(inputs)))
    if count > 2:
        raise ValueError("Expected either 1 or 2 inputs but got: %d" % count)
    if count != len(inputs):
        raise ValueError("Expected %d inputs for equation %s but got: %d" % (len(inputs), equation, count))
    for text in (*inputs, parts[1]):
        periods = text.count(".")
        if periods not in (0, 3):
            told = "Expected at most one ellipsis (...), but found %d periods (.) in the input subscript: %s"
            raise ValueError(told % (periods, text))
        if periods and "..." not in text:
            raise ValueError("Periods found outside of ellipsis in subscript: %s" % text)
    for letter in parts[1].replace(".", ""):
        if letter not in parts[0]:
            told = "Einsum output subscripts for equation '%s' has label '%s' which is not present in the input subscripts"
            raise ValueError(told % (equation, letter))
    return inputs, parts[1]


def _labels(text, count):
    """The labels of the axes that a subscript names: letters, and for the `count` axes of the ellipsis the numbers up to -1."""
    before, ellipsis, behind = text.partition("...")
    return [*before, *(range(-count, 0) if ellipsis else ()), *behind]


def _count(text, rank):
    """How many axes the ellipsis of a subscript stands for, if the tensor has so many axes."""
    return rank - len(text.replace("...", "")) if "..." in text else 0


@op("Einsum")
def _einsum(xp, inputs, *, equation):
    texts, output = _subscripts(equation, len(inputs))
    labels, sizes = _checked(texts, output, [x.shape for x in inputs])
    order = _labels(output, max(map(_count, texts, (x.ndim for x in inputs))))
    numbers = {label: i for i, label in enumerate(sizes)}
    operands = []
    for x, own in zip(inputs, labels):
        kept = [i for i, c in enumerate(own) if x.shape[i] == sizes[c]]  # an axis of size 1 is broadcast
        operands += [x.reshape([x.shape[i] for i in kept]), [numbers[own[i]] for i in kept]]
    distinct = list(dict.fromkeys(order))
    result = xp.asarray(xp.einsum(*operands, [numbers[c] for c in distinct], optimize=True))
    if len(inputs) == 1:
        result = xp.array(result)  # may be a view of the input
    return result if len(distinct) == len(order) else _on_diagonal(xp, result, order, distinct, sizes)


def _checked(texts, output, found):
    """The labels of the axes of the inputs, and the size that goes with each; raises InvalidArgumentError for what doesn't fit."""
    labels, sizes = [], {}
    for i, (text, shape) in enumerate(zip(texts, found)):
        count = _count(text, len(shape))
        if count < 0:
            raise invalid("Expected input %d to have rank at least %d but got: %d", i, len(shape) - count, len(shape))
        own = _labels(text, count)
        if len(own) != len(shape):
            raise invalid("Expected input %d to have rank %d but got: %d", i, len(own), len(shape))
        if count and "..." not in output:
            told = "Output contains %d broadcasting dimension(s) but no ellipsis (...) was found in the output subscripts."
            raise invalid(told, max(map(_count, texts, map(len, found))))
        labels.append(own)
        for axis, (label, size) in enumerate(zip(own, shape)):
            known = sizes.setdefault(label, size)
            if type(label) is int and 1 in (known, size):
                sizes[label] = known if size == 1 else size
            elif known == size:
                continue
            elif type(label) is int:
                raise invalid("Invalid broadcasting dimensions: %s vs. %s", *map(shapes.to_brackets, found))
            else:
                told = "Expected dimension %d at axis %d of the input shaped %s but got dimension %d"
                raise invalid(told, known, axis, shapes.to_brackets(shape), size)
    return labels, sizes


def _on_diagonal(xp, values, order, distinct, sizes):
    """Values on the diagonal of axes that have a label in common, and zeros elsewhere."""
    first = [order.index(c) for c in distinct]
    values = values.reshape([sizes[c] if i in first else 1 for i, c in enumerate(order)])
    for i, c in enumerate(order):
        if i not in first:
            diagonal = xp.eye(sizes[c], dtype=bool)
            places = [sizes[c] if k in (i, order.index(c)) else 1 for k in range(len(order))]
            values = xp.where(diagonal.reshape(places), values, xp.zeros((), values.dtype))
    return values


def _ranked(shape, text, where):
    """The shape of an input as its subscript wants it; None if even its rank is unknown."""
    named = len(text.replace("...", ""))
    if shape is None:
        return None if "..." in text else (None,) * named
    try:
        return shapes.with_rank_at_least(shape, named) if "..." in text else shapes.with_rank(shape, named)
    except ValueError as e:
        raise ValueError("%s\n\t for %s" % (e, where)) from None


@_einsum.shape
def _(inputs, *, equation):
    texts, output = _subscripts(equation, len(inputs))
    sizes, broadcast = {}, ()
    for i, (text, shape) in enumerate(zip(texts, inputs)):
        shape = _ranked(shape, text, "%dth input and equation: %s" % (i, equation))
        if shape is None:
            own, ellipsis = [(c, None) for c in text if c != "."], None
        else:
            own = list(zip(_labels(text, _count(text, len(shape))), shape))
            ellipsis = tuple(size for c, size in own if type(c) is int)
        for label, size in own:
            if type(label) is str:
                sizes[label] = shapes.merge_dims(sizes.get(label), size)
        last, broadcast = broadcast, shapes.broadcast(broadcast, ellipsis)
        if broadcast is shapes.CONTRADICTION:
            for a, b in zip(last[::-1], ellipsis[::-1]):
                if 1 not in (a, b):
                    shapes.merge_dims(a, b)
    if "..." not in output:
        if broadcast:
            told = "Shape must be at most rank 0 but is rank %d\n\t for einsum equation '%s' without ellipsis (...) in the output "
            told += "subscripts where input(s) have non-empty broadcasting shape"
            raise ValueError(told % (len(broadcast), equation))
        return tuple(sizes[c] for c in output)
    if broadcast is None:
        return None
    return tuple(broadcast[c] if type(c) is int else sizes[c] for c in _labels(output, len(broadcast)))


@_einsum.samples
def _(make):
    yield [make(2, 3), make(3, 4)], dict(equation="ij,jk->ki")
    yield [make(5, 1, 2, 3), make(4, 3, 2)], dict(equation="...ij,...jk->...ik")
    yield [make(3, 3, 2)], dict(equation="aab->ba")
    yield [make(3)], dict(equation="a->aa")
