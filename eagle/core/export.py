"""The public names: `@export("reduce_sum", "math.reduce_sum")` puts an object under `tf.reduce_sum` and `tf.math.reduce_sum`.

A namespace (`tf`, `tf.nn`, `tf.contrib.eager`, ...) is a module.  A name that is asked for loads the module of Eagle that exports
it, which `eagle/names.py` knows; so a program pays only for what it uses.
"""

import importlib
import sys
import types

from . import versions

ROOT = __name__.split(".")[0]

PUBLIC = {}  # dotted name below `tf.` -> object
HOME = {}  # dotted name -> module of Eagle that exported it
_where = {}  # dotted name -> module of Eagle that will export it when it is loaded
_namespaces = {}  # dotted name -> the module that is this namespace


def export(*names):
    """A decorator that makes an object public under each of the dotted `names`."""

    module = sys._getframe(1).f_globals["__name__"].partition(".")[2]

    def register(thing):
        for name in names:
            HOME[name] = module
            if PUBLIC.setdefault(name, thing) is not thing:
                raise ValueError("tf.%s is exported twice: %r and %r" % (name, PUBLIC[name], thing))
            versions.announce(name, thing)
        return thing

    return register


def read_index(index):
    """Learns from names.py (module -> its public names, in one string) where names are."""
    for module, names in index.items():
        for name in names.split():
            _where[name] = module
            while "." in name:
                name = name.rpartition(".")[0]
                _namespaces.setdefault(name, None)


def add_namespace(name):
    """Lets there be a namespace that is a module of Eagle of its own."""
    _namespaces.setdefault(name, None)


# `tf.compat.v1.x` is `tf.x`.
_V1 = "compat.v1"


def _without_v1(name):
    while name == _V1 or name.startswith(_V1 + "."):
        name = name[len(_V1) + 1 :]
    return name


def resolve(name):
    """The public object or namespace with this dotted name; raises AttributeError if Eagle has none."""
    name = _without_v1(name)
    if not name:
        return importlib.import_module(ROOT)
    if name in PUBLIC:
        return PUBLIC[name]
    if name in _where:
        importlib.import_module("%s.%s" % (ROOT, _where[name]))
        return PUBLIC[name]
    if name in _namespaces:
        return namespace(name)
    raise AttributeError(name)


class _Public:
    """The public names as attributes, for code that uses functions of modules it can't (or need not yet) import."""

    def __getattr__(self, name):
        try:
            found = resolve(name)
        except AttributeError:
            raise missing(name) from None
        setattr(self, name, found)
        return found


public = _Public()


def exists(name):
    """Whether there is a public object or namespace with this dotted name; nothing is loaded for it."""
    name = _without_v1(name)
    return not name or name in PUBLIC or name in _where or name in _namespaces


def is_namespace(name):
    """Whether a dotted name is that of a namespace and of nothing else."""
    return name in _namespaces and name not in PUBLIC and name not in _where


def names_below(prefix):
    """The public names directly below a namespace (`""` for the root)."""
    start = prefix + "." if prefix else ""
    found = set()
    for name in (*PUBLIC, *_where, *_namespaces):
        if name.startswith(start) and name != prefix:
            found.add(name[len(start) :].partition(".")[0])
    return sorted(found)


def namespace(name):
    """The module that is the namespace with this dotted name."""
    found = _namespaces.get(name)
    if found is None:
        full = "%s.%s" % (ROOT, name)
        try:
            found = importlib.import_module(full)
        except ModuleNotFoundError as e:
            if not full.startswith(e.name or ""):
                raise
            found = sys.modules[full] = types.ModuleType(full, "The namespace `tf.%s`." % name)
            found.__path__ = []
            open_namespace(found.__dict__)
        _namespaces[name] = found
    return found


class _Namespace(types.ModuleType):
    """A module that is a namespace: its `__dict__`, for programs that go through it, has all names."""

    @property
    def __dict__(self):
        found = types.ModuleType.__dict__["__dict__"].__get__(self)
        for name in names_below(found["__name__"].partition(".")[2]):
            getattr(self, name, None)  # finds it, and keeps it there
        return found


def open_namespace(module):
    """Lets a module, given by its globals, find the public names of the namespace that it is."""
    prefix = module["__name__"].partition(".")[2]

    def __getattr__(name):
        dotted = "%s.%s" % (prefix, name) if prefix else name
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            found = resolve(dotted)
        except AttributeError:
            raise missing(dotted) from None
        module[name] = found
        return found

    def __dir__():
        return sorted(set(names_below(prefix)) | {n for n in module if n.startswith("__")})

    module["__getattr__"], module["__dir__"] = __getattr__, __dir__
    if prefix and module["__name__"] in sys.modules:
        sys.modules[module["__name__"]].__class__ = _Namespace


def missing(dotted):
    """The error for a public name that Eagle does not have."""
    return AttributeError("module 'tensorflow%s' has no attribute %r: Eagle does not have tf.%s"
                          % (("." + dotted).rpartition(".")[0], dotted.rpartition(".")[2], dotted))  # fmt: skip
