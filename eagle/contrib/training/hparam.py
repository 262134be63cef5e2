"""`tf.contrib.training.HParams`: the numbers that a model is built and trained with, by name."""

import json
import numbers
import re

from ... import protos
from ...core.compat import as_bytes, as_text
from ...core.export import export

_ASSIGNMENT = re.compile(
    r"\s*(?P<name>[a-zA-Z][\w.]*)\s*(\[\s*(?P<index>\d+)\s*\])?\s*=\s*((?P<val>[^,\[]*)|\[(?P<vals>[^\]]*)\])($|,\s*)"
)


def _bad(name, kind, value, text):
    return ValueError("Could not parse hparam '%s' of type '%s' with value '%s' in %s" % (name, kind.__name__, value, text))


def _again(name, text):
    return ValueError("Multiple assignments to variable '%s' in %s" % (name, text))


def _parsed(name, kind, value, text):
    """A value of a type from its text."""
    try:
        if kind is bool:
            return value in ("true", "True") or value not in ("false", "False") and bool(int(value))
        return kind(value)
    except ValueError:
        raise _bad(name, kind, value, text) from None


def _put_element(found, name, index, value, text):
    if index is None:
        if name in found:
            raise _again(name, text)
        found[name] = value
        return
    elements = found.setdefault(name, {})
    if not isinstance(elements, dict):
        raise _again(name, text)
    if int(index) in elements:
        raise _again("%s[%s]" % (name, int(index)), text)
    elements[int(index)] = value


@export("contrib.training.parse_values")
def parse_values(values, type_map, ignore_unknown=False):
    """Values from a text such as `"rate=0.1,layers=[1,2],weight[3]=5"`.

    Args:
      values: the text.
      type_map: name -> type.
      ignore_unknown: whether names without a type are passed over.

    Returns:
      A dict: name -> value, list of values, or dict of values by index.

    Raises:
      ValueError: the text is malformed, or has an unknown name or the same one twice.
    """
    found, at = {}, 0
    while at < len(values):
        m = _ASSIGNMENT.match(values, at)
        if not m:
            raise ValueError("Malformed hyperparameter value: %s" % values[at:])
        at, name = m.end(), m["name"]
        if name not in type_map:
            if ignore_unknown:
                continue
            raise ValueError("Unknown hyperparameter type for %s" % name)
        kind = type_map[name]
        if m["val"] is not None:
            _put_element(found, name, m["index"], _parsed(name, kind, m["val"], values), values)
        elif m["index"] is not None:
            raise ValueError("Assignment of a list to a list index.")
        elif name in found:
            raise _again(name, values)
        else:
            found[name] = [_parsed(name, kind, v, values) for v in re.split("[ ,]", m["vals"]) if v]
    return found


def _cast(name, kind, value):
    """A value in the type of a parameter; raises ValueError if it does not fit."""
    if type(value) is kind or kind is type(None):
        return value
    texts = (str, bytes)
    wrong = (
        issubclass(kind, texts) and not isinstance(value, texts)
        or issubclass(kind, bool) != isinstance(value, bool)
        or issubclass(kind, numbers.Integral) and not isinstance(value, numbers.Integral)
        or issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number)
    )  # fmt: skip
    if wrong:
        raise ValueError("Could not cast hparam '%s' of type '%s' from value %r" % (name, kind, value))
    return kind(value)


def _kind_name(kind, is_list):
    """The field of a `HParamDef` for a type."""
    for types, name in ((bool, "bool"), (int, "int64"), ((str, bytes), "bytes"), (float, "float")):
        if issubclass(kind, types):
            return name + ("_list" if is_list else "_value")
    raise ValueError("Unsupported parameter type: %s" % kind)


@export("contrib.training.HParams", "contrib.training.python.training.hparam.HParams")
class HParams:
    """Numbers, strings and lists of them, as attributes that keep their types.

    Args:
      hparam_def: a `HParamDef` with the values, or None.
      model_structure: whatever belongs to them.
      **kwargs: name -> value.

    Raises:
      ValueError: both are given, or a name is taken, or a list is empty.
    """

    _HAS_DYNAMIC_ATTRIBUTES = True

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        self._hparam_types = {}
        self._model_structure = model_structure
        if hparam_def:
            self._read(hparam_def)
            if kwargs:
                raise ValueError("hparam_def and initialization values are mutually exclusive")
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def _read(self, hparam_def):
        for name, value in hparam_def.hparam.items():
            kind = value.WhichOneof("kind")
            held = getattr(value, kind)
            plain = as_text if kind.startswith("bytes") else int if kind.startswith("int64") else lambda v: v
            self.add_hparam(name, plain(held) if kind.endswith("_value") else [plain(v) for v in held.value])

    def add_hparam(self, name, value):
        """Adds a parameter; raises ValueError if the name is taken or `value` is an empty list."""
        if getattr(self, name, None) is not None:
            raise ValueError("Hyperparameter name is reserved: %s" % name)
        is_list = isinstance(value, list | tuple)
        if is_list and not value:
            raise ValueError("Multi-valued hyperparameters cannot be empty: %s" % name)
        self._hparam_types[name] = (type(value[0] if is_list else value), is_list)
        setattr(self, name, value)

    def set_hparam(self, name, value):
        """Sets a parameter that is there; raises ValueError if the value doesn't have its type."""
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list):
            if not is_list:
                raise ValueError("Must not pass a list for single-valued parameter: %s" % name)
            setattr(self, name, [_cast(name, kind, v) for v in value])
        elif is_list:
            raise ValueError("Must pass a list for multi-valued parameter: %s." % name)
        else:
            setattr(self, name, _cast(name, kind, value))

    def del_hparam(self, name):
        """Removes a parameter, if it is there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values):
        """Sets parameters from a text such as `"rate=0.1,layers=[1,2]"`; gives the parameters."""
        return self.override_from_dict(parse_values(values, {n: kind for n, (kind, _) in self._hparam_types.items()}))

    def override_from_dict(self, values_dict):
        """Sets parameters from a dict; gives the parameters."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_from_map(self, values_map):
        """The old name of `override_from_dict`."""
        return self.override_from_dict(values_map)

    def set_model_structure(self, model_structure):
        self._model_structure = model_structure

    def get_model_structure(self):
        return self._model_structure

    def to_json(self, indent=None, separators=None, sort_keys=False):
        """The parameters as JSON."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json):
        """Sets parameters from JSON; gives the parameters."""
        return self.override_from_dict(json.loads(values_json))

    def values(self):
        """The parameters as a dict."""
        return {n: getattr(self, n) for n in self._hparam_types}

    def get(self, key, default=None):
        """The value of a parameter, or `default`; raises ValueError if that does not have its type."""
        if key not in self._hparam_types:
            return default
        if default is not None:
            kind, is_list = self._hparam_types[key]
            shown = "list<%s>" % kind if is_list else str(kind)
            message = "Hparam '%s' of type '%s' is incompatible with default=%s" % (key, shown, default)
            if is_list != isinstance(default, list):
                raise ValueError(message)
            try:
                for value in default if is_list else [default]:
                    _cast(key, kind, value)
            except ValueError as e:
                raise ValueError("%s. %s" % (message, e)) from None
        return getattr(self, key)

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return ",".join("%s=%s" % item for item in self.values().items())

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, sorted(self.values().items()))

    def to_proto(self, export_scope=None):
        """A `HParamDef` with the values; `export_scope` has no meaning for them."""
        proto = protos.HParamDef()
        for name, (kind, is_list) in self._hparam_types.items():
            field, value = _kind_name(kind, is_list), getattr(self, name)
            values = [as_bytes(v) if field.startswith("bytes") else v for v in (value if is_list else [value])]
            if is_list:
                getattr(proto.hparam[name], field).value.extend(values)
            else:
                setattr(proto.hparam[name], field, values[0])
        return proto

    @staticmethod
    def from_proto(hparam_def, import_scope=None):
        """The parameters in a `HParamDef`; `import_scope` has no meaning for them."""
        return HParams(hparam_def=hparam_def)
