"""The nested structures of elements: tuples, named tuples, dictionaries and attrs classes; lists and sparse values are leaves."""

from ..core import nest
from ..core.export import export
from ..core.sparse_tensor import SparseTensorValue


def _public(function):
    return export("python.data.util.nest." + function.__name__)(function)


def _items(structure):
    """The (key, part) pairs of a structure, or None for a leaf."""
    if isinstance(structure, list | SparseTensorValue):
        return None
    return nest.items(structure)


def _parts(structure):
    found = _items(structure)
    return None if found is None else [part for _, part in found]


@_public
def is_sequence(structure):
    """Whether `structure` has parts."""
    return _items(structure) is not None


@_public
def flatten(structure):
    """The leaves of a structure, as a list; for a leaf the list of itself."""
    parts = _parts(structure)
    if parts is None:
        return [structure]
    return [leaf for part in parts for leaf in flatten(part)]


@_public
def pack_sequence_as(structure, flat_sequence):
    """A structure like `structure` with the leaves of `flat_sequence`.

    Raises:
      TypeError: `flat_sequence` is no sequence.
      ValueError: the number of leaves differs.
    """
    if not (is_sequence(flat_sequence) or isinstance(flat_sequence, list)):
        raise TypeError("flat_sequence must be a sequence")
    if not is_sequence(structure):
        if len(flat_sequence) != 1:
            raise ValueError("Structure is a scalar but len(flat_sequence) == %d > 1" % len(flat_sequence))
        return flat_sequence[0]
    count = len(flatten(structure))
    if count != len(flat_sequence):
        raise ValueError(
            "Could not pack sequence. Structure had %d elements, but flat_sequence had %d elements.  Structure: %s, "
            "flat_sequence: %s." % (count, len(flat_sequence), structure, flat_sequence)
        )
    return _pack(structure, iter(flat_sequence))


def _pack(structure, leaves):
    parts = _parts(structure)
    if parts is None:
        return next(leaves)
    return nest.rebuild(structure, [_pack(part, leaves) for part in parts])


@_public
def assert_same_structure(nest1, nest2, check_types=True):
    """Checks that two structures differ in their leaves only.

    Raises:
      TypeError: (with `check_types`) types of sequences differ.
      ValueError: they are nested in different ways.
    """
    nest.assert_same_structure(_closed(nest1), _closed(nest2), check_types)


class _Leaf:
    """Stands for a leaf that is a sequence otherwise."""

    def __init__(self, value):
        self._value = value

    def __repr__(self):
        return repr(self._value)


def _closed(structure):
    parts = _parts(structure)
    if parts is None:
        return _Leaf(structure) if nest.is_nested(structure) else structure
    return nest.rebuild(structure, [_closed(part) for part in parts])


@_public
def map_structure(func, *structure, **check_types_dict):
    """Applies a function to corresponding leaves of structures; the results in the structure of the first.

    Raises:
      TypeError: `func` can't be called, or types of sequences differ.
      ValueError: no structure is given, they are nested in different ways, or there is another keyword than `check_types`.
    """
    if not callable(func):
        raise TypeError("func must be callable, got: %s" % func)
    if not structure:
        raise ValueError("Must provide at least one structure")
    if check_types_dict and set(check_types_dict) != {"check_types"}:
        raise ValueError("Only valid keyword argument is check_types")
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types_dict.get("check_types", True))
    return pack_sequence_as(structure[0], [func(*leaves) for leaves in zip(*map(flatten, structure))])


@_public
def assert_shallow_structure(shallow_tree, input_tree, check_types=True):
    """Checks that `shallow_tree` is the upper part of `input_tree`.

    Raises:
      TypeError: a sequence stands against a leaf, or (with `check_types`) one of another type.
      ValueError: lengths or keys differ.
    """
    shallow = _items(shallow_tree)
    if shallow is None:
        return
    found = _items(input_tree)
    if found is None:
        raise TypeError("If shallow structure is a sequence, input must also be a sequence. Input has type: %s." % type(input_tree))
    if check_types and not isinstance(input_tree, type(shallow_tree)):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has type %s, while shallow structure has type "
            "%s." % (type(input_tree), type(shallow_tree))
        )
    if len(found) != len(shallow):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure has length %s, while shallow structure has "
            "length %s." % (len(found), len(shallow))
        )
    if check_types and isinstance(shallow_tree, dict) and set(input_tree) != set(shallow_tree):
        raise ValueError(
            "The two structures don't have the same keys. Input structure has keys %s, while shallow structure has keys %s."
            % (list(input_tree), list(shallow_tree))
        )
    for (_, a), (_, b) in zip(shallow, found):
        assert_shallow_structure(a, b, check_types)


@_public
def flatten_up_to(shallow_tree, input_tree):
    """The parts of `input_tree` at the places of the leaves of `shallow_tree`; raises as `assert_shallow_structure`."""
    assert_shallow_structure(shallow_tree, input_tree)
    return _flat_up_to(shallow_tree, input_tree)


def _flat_up_to(shallow, tree):
    parts = _parts(shallow)
    if parts is None:
        return [tree]
    return [leaf for a, b in zip(parts, _parts(tree)) for leaf in _flat_up_to(a, b)]


@_public
def map_structure_up_to(shallow_tree, func, *inputs):
    """`map_structure` down to the leaves of `shallow_tree` only; `func` gets the parts below whole.

    Raises:
      ValueError: there are no inputs, or as `assert_shallow_structure`.
    """
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    flat = [flatten_up_to(shallow_tree, tree) for tree in inputs]
    return pack_sequence_as(shallow_tree, [func(*leaves) for leaves in zip(*flat)])
