"""Nested structures of lists, tuples, named tuples, dictionaries and attrs classes: `tf.nest`.

Everything else, strings included, is a leaf.  Dictionaries are walked in the order of their sorted keys.  A composite (a sparse
tensor, say) is a leaf unless `expand_composites` asks for its parts: then it has a method `_nest_parts` that gives a list of
them, and `_nest_rebuild` that makes one like it of others; if the parts don't say all that matters, `_nest_key` gives the rest,
something hashable.  A composite that has a spec (`_type_spec`, see type_spec.py) is nested as another one if one spec fits both.
"""

import collections.abc

from .export import export

_MISMATCHING_TYPES = (
    "The two structures don't have the same sequence type. Input structure has type {input_type}, while shallow structure has "
    "type {shallow_type}."
)
_MISMATCHING_LENGTHS = (
    "The two structures don't have the same sequence length. Input structure has length {input_length}, while shallow structure "
    "has length {shallow_length}."
)
_INPUT_SMALLER = (
    "The input_tree has fewer elements than the shallow_tree. Input structure has length {input_size}, while shallow structure "
    "has length {shallow_size}."
)
_INVALID_KEYS = (
    "The shallow_tree's keys are not a subset of the input_tree's keys. The shallow_tree has the following keys that are not in "
    "the input_tree: {}."
)
_MUST_BE_SEQUENCE = "If shallow structure is a sequence, input must also be a sequence. Input has type: {}."


# Types of which every instance is a leaf, told at once; modules of such types add them.
LEAVES = {type(None), bool, int, float, str, bytes}


def items(structure, expand_composites=False):
    """The (key, part) pairs of a structure, or None for a leaf."""
    kind = type(structure)
    if kind in LEAVES or isinstance(structure, str | bytes):
        return None
    if kind is list or kind is tuple:
        return list(enumerate(structure))
    if isinstance(structure, collections.abc.Mapping):
        return [(k, structure[k]) for k in _sorted_keys(structure)]
    if hasattr(type(structure), "__attrs_attrs__"):
        return [(a.name, getattr(structure, a.name)) for a in structure.__attrs_attrs__]
    if _is_named_tuple(structure):
        return list(zip(structure._fields, structure))
    if isinstance(structure, collections.abc.MappingView):
        return list(enumerate(structure))
    if isinstance(structure, collections.abc.Sequence) and not hasattr(structure, "is_tensor_like"):
        return list(enumerate(structure))
    if expand_composites and hasattr(structure, "_nest_parts"):
        return list(enumerate(structure._nest_parts()))
    return None


def _sorted_keys(mapping):
    try:
        return sorted(mapping)
    except TypeError:
        raise TypeError("nest only supports dicts with sortable keys.") from None


def _is_named_tuple(x):
    return isinstance(x, tuple) and isinstance(getattr(x, "_fields", None), collections.abc.Sequence)


def _parts(structure, expand_composites=False):
    if type(structure) is list or type(structure) is tuple:
        return structure
    found = items(structure, expand_composites)
    return None if found is None else [part for _, part in found]


def rebuild(structure, parts):
    """A structure like this one with other parts."""
    if type(structure) is list or type(structure) is tuple:
        return type(structure)(parts)
    if isinstance(structure, collections.abc.Mapping):
        made = dict(zip(_sorted_keys(structure), parts))
        if isinstance(structure, collections.defaultdict):
            return type(structure)(structure.default_factory, ((k, made[k]) for k in structure))
        return type(structure)((k, made[k]) for k in structure)
    if isinstance(structure, collections.abc.MappingView):
        return list(parts)
    if hasattr(structure, "_nest_rebuild"):
        return structure._nest_rebuild(parts)
    if _is_named_tuple(structure) or hasattr(type(structure), "__attrs_attrs__"):
        return type(structure)(*parts)
    if isinstance(structure, range):
        return list(parts)
    return type(structure)(parts)


@export("nest.is_nested", "contrib.framework.nest.is_sequence", "contrib.framework.nest.is_nested", "python.util.nest.is_sequence",
        "python.util.nest.is_nested")  # fmt: skip
def is_nested(seq):
    """Whether `seq` is a structure with parts: a list, tuple, dictionary, ..., not a string."""
    return _parts(seq) is not None


is_sequence = is_nested


@export("contrib.framework.nest.is_sequence_or_composite", "python.util.nest.is_sequence_or_composite")
def is_sequence_or_composite(seq):
    """Whether `seq` has parts, those of composites included."""
    return items(seq, True) is not None


@export("nest.flatten", "contrib.framework.nest.flatten", "python.util.nest.flatten")
def flatten(structure, expand_composites=False):
    """The leaves of a structure, as a list; for a leaf the list of itself."""
    parts = _parts(structure, expand_composites)
    if parts is None:
        return [structure]
    flat = []
    for part in parts:
        if type(part) in LEAVES:
            flat.append(part)
        else:
            flat += flatten(part, expand_composites)
    return flat


@export("nest.pack_sequence_as", "contrib.framework.nest.pack_sequence_as", "python.util.nest.pack_sequence_as")
def pack_sequence_as(structure, flat_sequence, expand_composites=False):
    """A structure like `structure` with the leaves of `flat_sequence`.

    Raises:
      TypeError: `flat_sequence` is no sequence.
      ValueError: the number of leaves differs.
    """
    if not is_nested(flat_sequence):
        raise TypeError("flat_sequence must be a sequence")
    if _parts(structure, expand_composites) is None:
        if len(flat_sequence) != 1:
            raise ValueError("Structure is a scalar but len(flat_sequence) == %d > 1" % len(flat_sequence))
        return flat_sequence[0]
    count = len(flatten(structure, expand_composites))
    if count != len(flat_sequence):
        raise ValueError(
            "Could not pack sequence. Structure had %d elements, but flat_sequence had %d elements.  Structure: %s, "
            "flat_sequence: %s." % (count, len(flat_sequence), structure, flat_sequence)
        )
    return _pack(structure, iter(flat_sequence), expand_composites)


def _pack(structure, leaves, expand_composites):
    parts = _parts(structure, expand_composites)
    if parts is None:
        return next(leaves)
    return rebuild(structure, [_pack(p, leaves, expand_composites) for p in parts])


@export("nest.assert_same_structure", "contrib.framework.nest.assert_same_structure", "python.util.nest.assert_same_structure")
def assert_same_structure(nest1, nest2, check_types=True, expand_composites=False):
    """Checks that two structures are nested alike.

    Args:
      nest1, nest2: the structures.
      check_types: whether the types of sequences must agree too (and the keys of dictionaries).
      expand_composites: whether composites count as structures.

    Raises:
      ValueError: the numbers of parts or the nesting differ.
      TypeError: types of sequences differ.
    """
    try:
        _compare(nest1, nest2, check_types, expand_composites)
    except _Different as e:
        described = "\n\nFirst structure: %s\n\nSecond structure: %s\n\nMore specifically: " % (_shown(nest1), _shown(nest2))
        _fail(ValueError, "The two structures don't have the same nested structure.%s%s" % (described, e), nest1, nest2)
    except (TypeError, ValueError) as e:
        _fail(type(e), str(e), nest1, nest2)


class _Different(Exception):
    """Two structures are nested differently; the message says where."""


def _shown(structure):
    return "type=%s str=%s" % (type(structure).__name__, structure)


def _fail(kind, message, nest1, nest2):
    outlines = [_outline(n) for n in (nest1, nest2)]
    raise kind("%s\nEntire first structure:\n%s\nEntire second structure:\n%s" % (message, *outlines)) from None


def _outline(structure):
    """A structure with dots for its leaves, for messages."""
    return _pack(structure, iter([_Dot()] * len(flatten(structure))), False)


class _Dot:
    """Stands for a leaf in messages."""

    def __repr__(self):
        return "."


def _compare(a, b, check_types, expand_composites):
    first, second = items(a, expand_composites), items(b, expand_composites)
    if (first is None) != (second is None):
        nested, leaf = (a, b) if second is None else (b, a)
        raise _Different('Substructure "%s" is a sequence, while substructure "%s" is not' % (_shown(nested), _shown(leaf)))
    if first is None:
        return
    if _are_composites(a, b, expand_composites):
        return _compare_specs(a, b, _Different)
    if check_types:
        _compare_types(a, b)
    for (_, x), (_, y) in zip(first, second):
        _compare(x, y, check_types, expand_composites)
    if len(first) != len(second):
        raise _Different(
            "The two structures don't have the same number of elements. First structure: %s. Second structure: %s"
            % (_shown(a), _shown(b))
        )


def _are_composites(a, b, expand_composites):
    return expand_composites and hasattr(a, "_type_spec") and hasattr(b, "_type_spec")


def _compare_specs(a, b, error):
    first, second = a._type_spec, b._type_spec
    try:
        first.most_specific_compatible_type(second)
    except ValueError:
        text = "Incompatible CompositeTensor TypeSpecs: %s vs. %s"
        raise error(text % (_shown(first), _shown(second))) from None


def _compare_types(a, b):
    if isinstance(a, collections.abc.Mapping) and isinstance(b, collections.abc.Mapping):
        if set(a) != set(b):
            raise ValueError(
                "The two dictionaries don't have the same set of keys. First structure: type=%s str=%s, second structure: type=%s "
                "str=%s" % (type(a).__name__, list(a), type(b).__name__, list(b))
            )
        return
    if type(a) is type(b) or (isinstance(a, list) and isinstance(b, list)):  # one may be wrapped
        return
    if _is_named_tuple(a) and _is_named_tuple(b) and type(a).__name__ == type(b).__name__ and a._fields == b._fields:
        return
    if _is_named_tuple(a) and _is_named_tuple(b):
        raise TypeError(
            "The two namedtuples don't have the same sequence type. First structure has type %s, while second structure has type %s"
            % (type(a).__name__, type(b).__name__)
        )
    raise TypeError(
        "The two structures don't have the same sequence type. First structure: type=%s str=%s, second structure: type=%s str=%s"
        % (type(a).__name__, a, type(b).__name__, b)
    )


@export("nest.map_structure", "contrib.framework.nest.map_structure", "python.util.nest.map_structure")
def map_structure(func, *structure, **kwargs):
    """A structure of what `func` makes of the corresponding leaves of several structures.

    Args:
      func: a function of as many arguments as there are structures.
      *structure: structures nested alike.
      **kwargs: `check_types` (by default True) and `expand_composites`.

    Raises:
      TypeError: `func` can't be called, or the types of sequences differ.
      ValueError: there is no structure, they are nested differently, or other keywords are given.
    """
    check_types = kwargs.pop("check_types", True)
    expand_composites = kwargs.pop("expand_composites", False)
    if not callable(func):
        raise TypeError("func must be callable, got: %s" % func)
    if not structure:
        raise ValueError("Must provide at least one structure")
    if kwargs:
        raise ValueError("Only valid keyword arguments are `check_types` and `expand_composites`, not: `%s`" % "`, `".join(kwargs))
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand_composites)
    leaves = zip(*[flatten(s, expand_composites) for s in structure])
    return pack_sequence_as(structure[0], [func(*x) for x in leaves], expand_composites)


@export("contrib.framework.nest.flatten_dict_items", "python.util.nest.flatten_dict_items")
def flatten_dict_items(dictionary):
    """A dictionary without nesting: a structure as a key goes with a structure as a value, leaf by leaf.

    Raises:
      TypeError: `dictionary` is none.
      ValueError: key and value are nested differently, or a key is there twice.
    """
    if not isinstance(dictionary, dict | collections.abc.Mapping):
        raise TypeError("input must be a dictionary")
    flat = {}
    for key, value in dictionary.items():
        keys, values = ([key], [value]) if not is_nested(key) else (flatten(key), flatten(value))
        if len(keys) != len(values):
            raise ValueError(
                "Could not flatten dictionary. Key had %d elements, but value had %d elements. Key: %s, value: %s."
                % (len(keys), len(values), keys, values)
            )
        for k, v in zip(keys, values):
            if k in flat:
                raise ValueError("Could not flatten dictionary: key %s is not unique." % (k,))
            flat[k] = v
    return flat


# ---------------------------------------------------------------------------------------------- down to a shallower tree


def _public(function):
    """Exports a function under the names that TensorFlow's internal module and tf.contrib give it."""
    name = function.__name__
    return export("contrib.framework.nest." + name, "python.util.nest." + name)(function)


@_public
def assert_shallow_structure(shallow_tree, input_tree, check_types=True, expand_composites=False, check_subtrees_length=True):
    """Checks that `shallow_tree` is the upper part of `input_tree`.

    Raises:
      TypeError: `input_tree` has a leaf where `shallow_tree` has a structure, or a sequence of another type.
      ValueError: lengths or keys differ.
    """
    shallow = _parts(shallow_tree, expand_composites)
    if shallow is None:
        return
    below = _parts(input_tree, expand_composites)
    if below is None:
        raise TypeError(_MUST_BE_SEQUENCE.format(type(input_tree)))
    if _are_composites(shallow_tree, input_tree, expand_composites):
        return _compare_specs(shallow_tree, input_tree, ValueError)
    if expand_composites and hasattr(shallow_tree, "_type_spec"):
        raise TypeError(_MISMATCHING_TYPES.format(input_type=type(input_tree), shallow_type=type(shallow_tree)))
    if check_types:
        _check_shallow_types(shallow_tree, input_tree)
    if check_subtrees_length and len(below) != len(shallow):
        raise ValueError(_MISMATCHING_LENGTHS.format(input_length=len(below), shallow_length=len(shallow)))
    if len(below) < len(shallow):
        raise ValueError(_INPUT_SMALLER.format(input_size=len(below), shallow_size=len(shallow)))
    if isinstance(shallow_tree, collections.abc.Mapping):
        absent = set(shallow_tree) - set(input_tree)
        if absent:
            raise ValueError(_INVALID_KEYS.format(sorted(absent)))
    for key, part in items(shallow_tree, expand_composites):
        assert_shallow_structure(part, _below(input_tree, key, expand_composites), check_types, expand_composites,
                                 check_subtrees_length)  # fmt: skip


def _check_shallow_types(shallow, tree):
    if isinstance(tree, type(shallow)):
        return
    if isinstance(shallow, collections.abc.Mapping) and isinstance(tree, collections.abc.Mapping):
        return
    if _is_named_tuple(shallow) and _is_named_tuple(tree):
        if type(shallow).__name__ == type(tree).__name__ and shallow._fields == tree._fields:
            return
    raise TypeError(_MISMATCHING_TYPES.format(input_type=type(tree), shallow_type=type(shallow)))


def _below(tree, key, expand_composites):
    """The part of a tree with this key."""
    if isinstance(tree, collections.abc.Mapping):
        return tree[key]
    pairs = items(tree, expand_composites)
    by_key = dict(pairs)
    return by_key[key] if key in by_key else pairs[key][1]


def _flat_up_to(shallow, tree, expand_composites, path=()):
    """(path, subtree) for each leaf of the shallow tree."""
    pairs = items(shallow, expand_composites)
    if pairs is None:
        yield path, tree
        return
    for key, part in pairs:
        yield from _flat_up_to(part, _below(tree, key, expand_composites), expand_composites, (*path, key))


@_public
def flatten_up_to(shallow_tree, input_tree, check_types=True, expand_composites=False, check_subtrees_length=True):
    """The parts of `input_tree` at the places of the leaves of `shallow_tree`, as a list; raises as `assert_shallow_structure`."""
    assert_shallow_structure(shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length)
    return [v for _, v in _flat_up_to(shallow_tree, input_tree, expand_composites)]


@_public
def flatten_with_tuple_paths_up_to(shallow_tree, input_tree, check_types=True, expand_composites=False,
                                   check_subtrees_length=True):  # fmt: skip
    """`flatten_up_to` with the path (a tuple of keys) of each part: a list of pairs."""
    assert_shallow_structure(shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length)
    return list(_flat_up_to(shallow_tree, input_tree, expand_composites))


@_public
def map_structure_up_to(shallow_tree, func, *inputs, **kwargs):
    """`map_structure` down to the leaves of `shallow_tree` only; `func` gets the parts below whole."""
    return map_structure_with_tuple_paths_up_to(shallow_tree, lambda _, *values: func(*values), *inputs, **kwargs)


@_public
def map_structure_with_tuple_paths_up_to(shallow_tree, func, *inputs, **kwargs):
    """`map_structure_up_to` with the path of each part as the first argument of `func`."""
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    check_types = kwargs.pop("check_types", True)
    expand_composites = kwargs.pop("expand_composites", False)
    check_lengths = kwargs.pop("check_subtrees_length", True)
    for tree in inputs:
        assert_shallow_structure(shallow_tree, tree, check_types, expand_composites, check_lengths)
    flat = [list(_flat_up_to(shallow_tree, tree, expand_composites)) for tree in inputs]
    results = [func(group[0][0], *[v for _, v in group], **kwargs) for group in zip(*flat)]
    return pack_sequence_as(shallow_tree, results, expand_composites)


@_public
def map_structure_with_tuple_paths(func, *structure, **kwargs):
    """`map_structure` with the path (a tuple of keys) of each leaf as the first argument of `func`."""
    for other in structure[1:]:
        assert_same_structure(structure[0], other, kwargs.get("check_types", True), kwargs.get("expand_composites", False))
    return map_structure_with_tuple_paths_up_to(structure[0], func, *structure, **kwargs)


@_public
def map_structure_with_paths(func, *structure, **kwargs):
    """`map_structure` with the path of each leaf, joined by slashes, as the first argument of `func`."""

    def with_joined(path, *values, **more):
        return func("/".join(str(p) for p in path), *values, **more)

    return map_structure_with_tuple_paths(with_joined, *structure, **kwargs)


@_public
def get_traverse_shallow_structure(traverse_fn, structure, expand_composites=False):
    """A shallow structure of booleans that says how far to walk down.

    Args:
      traverse_fn: called with each substructure; gives a boolean (whether to walk into it) or a structure of booleans.
      structure: the structure.
      expand_composites: whether composites count as structures.

    Raises:
      TypeError: `traverse_fn` gives something else.
    """
    walk = traverse_fn(structure)
    parts = _parts(structure, expand_composites)
    if parts is None:
        if is_nested(walk):
            raise TypeError("traverse_fn returned structure: %s for non-structure: %s" % (walk, structure))
        _check_bool(walk, structure)
        return walk
    if not is_nested(walk):
        _check_bool(walk, structure)
        if not walk:
            return False
        return rebuild(structure, [get_traverse_shallow_structure(traverse_fn, p, expand_composites) for p in parts])
    assert_shallow_structure(walk, structure, expand_composites=expand_composites)
    made = []
    for (_, ts), (_, part) in zip(items(walk), items(structure, expand_composites)):
        if not isinstance(ts, bool):
            raise TypeError(
                "traverse_fn didn't return a depth=1 structure of bools.  saw: %s  for structure: %s" % (walk, structure)
            )
        made.append(get_traverse_shallow_structure(traverse_fn, part, expand_composites) if ts else False)
    return rebuild(structure, made)


def _check_bool(walk, structure):
    if not isinstance(walk, bool):
        raise TypeError("traverse_fn returned a non-bool scalar: %s for input: %s" % (walk, structure))


@_public
def yield_flat_paths(nest, expand_composites=False):
    """The paths (tuples of keys) of all leaves."""
    for path, _ in _flat_up_to(nest, nest, expand_composites):
        yield path


@_public
def flatten_with_joined_string_paths(structure, separator="/", expand_composites=False):
    """(path joined by `separator`, leaf) pairs of all leaves."""
    return [(separator.join(str(p) for p in path), v) for path, v in _flat_up_to(structure, structure, expand_composites)]


@_public
def flatten_with_tuple_paths(structure, expand_composites=False):
    """(path, leaf) pairs of all leaves."""
    return list(_flat_up_to(structure, structure, expand_composites))
