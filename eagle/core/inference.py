"""From the arguments of an op call to tensors of agreeing types: which type and number attributes follow, and what is wrong.

An op definition says of each input which attribute gives its type.  The first input that has the attribute decides its
value, the others must agree; values that are no tensors yet are converted to the type decided.
"""

from . import attributes
from .constant import eager_name
from .convert import convert
from .errors import InvalidArgumentError
from .tensor import Tensor


class Inference:
    """Infers the attributes of one op call.

    Attributes:
      attrs: the values of type and number attributes found so far.
      source: for each, the name of the input that decided it.
    """

    def __init__(self, definition, op_name, eager):
        self.definition = definition
        self.op_name = op_name
        self.eager = eager
        self.attrs = {}
        self.source = {}

    def convert_all(self, args, as_they_are=()):
        """The inputs as tensors; a list of tensors where the definition wants a list.

        Args:
          args: the arguments, one for each input.
          as_they_are: the numbers of the inputs that are to stay as they are.
        """
        if self.eager:
            self._prefer_tensor_types(args)
        return [
            value if i in as_they_are else self._convert_list(a, value) if a.is_list else self._convert_one(a, value)
            for i, (a, value) in enumerate(zip(self.definition.inputs, args))
        ]

    def _prefer_tensor_types(self, args):
        """Eagerly the first argument that is a tensor decides, wherever it stands."""
        self.decided = {}
        for a, value in zip(self.definition.inputs, args):
            if a.type_attr is None or (a.is_list and not a.number_attr):
                continue
            for v in value if a.is_list and isinstance(value, (list, tuple)) else (value,):
                if isinstance(v, Tensor) or getattr(v, "is_tensor_like", False):
                    self.decided.setdefault(a.type_attr, v.dtype.base_dtype)

    def _known_type(self, a):
        if a.dtype is not None:
            return a.dtype
        found = self.attrs.get(a.type_attr)
        if found is None and self.eager:
            found = self.decided.get(a.type_attr)
        return found

    def _preferred_type(self, a):
        attr = self.definition.attrs.get(a.type_attr)
        return attr.default if attr is not None and attr.has_default else None

    # ------------------------------------------------------------------------------------------------- a single tensor

    def _convert_one(self, a, value):
        wanted = self._known_type(a)
        try:
            tensor = convert(value, wanted, a.name, self._preferred_type(a), as_ref=a.is_ref)
        except TypeError as e:
            if wanted is None or self.eager:
                raise
            raise TypeError("Expected %s passed to parameter '%s' of op '%s', got %s of type '%s' instead. Error: %s"
                            % (wanted.name, a.name, self.op_name, repr(value), type(value).__name__, e)) from None  # fmt: skip
        except ValueError as e:
            raise self._mismatch(a, value, wanted, e) from None
        if a.is_ref and not tensor.dtype._is_ref_dtype and not self.eager:
            raise TypeError("'%s' Op requires that input '%s' be a mutable tensor (e.g.: a tf.Variable)" % (self.op_name, a.name))
        if a.type_attr is not None:
            self._decide(a, a.type_attr, tensor.dtype.base_dtype)
        return tensor

    def _mismatch(self, a, value, wanted, error):
        """The exception for a value whose conversion to the wanted type failed."""
        if not isinstance(value, Tensor) and not getattr(value, "is_tensor_like", False):
            if self.eager:
                return error
            return ValueError("Tried to convert '%s' to a tensor and failed. Error: %s" % (a.name, error))
        observed = value.dtype.base_dtype
        if self.eager:
            return self.wrong_input(self.definition.inputs.index(a), wanted, observed)
        text = "Input '%s' of '%s' Op has type %s that does not match " % (a.name, self.op_name, observed.name)
        if a.dtype is not None:
            return TypeError(text + "expected type of %s." % wanted.name)
        return TypeError(text + "type %s of argument '%s'." % (wanted.name, self.source.get(a.type_attr, a.name)))

    def wrong_input(self, index, wanted, observed):
        text = "cannot compute %s as input #%d(zero-based) was expected to be a %s tensor but is a %s tensor"
        return InvalidArgumentError(None, None, text % (self.op_name, index, eager_name(wanted), eager_name(observed)))

    # ----------------------------------------------------------------------------------------------- a list of tensors

    def _convert_list(self, a, values):
        if not isinstance(values, (list, tuple)):
            raise TypeError("Expected list for '%s' argument to '%s' Op, not %s." % (a.name, self.op_name, values))
        if a.number_attr:
            return self._convert_uniform(a, values)
        wanted = self.attrs.get(a.type_attr) or [None] * len(values)
        tensors = [convert(v, t, "%s_%d" % (a.name, i)) for i, (v, t) in enumerate(zip(values, wanted))]
        self._decide(a, a.type_attr, tuple(t.dtype.base_dtype for t in tensors))
        return tensors

    def _convert_uniform(self, a, values):
        known = self.attrs.get(a.number_attr)
        if known is not None and known != len(values):
            raise ValueError("List argument '%s' to '%s' Op with length %d must match length %d of argument '%s'."
                             % (a.name, self.op_name, len(values), known, self.source[a.number_attr]))  # fmt: skip
        minimum = self.definition.attrs[a.number_attr].minimum
        if minimum is not None and len(values) < minimum:
            raise ValueError("List argument '%s' to '%s' Op with length %d shorter than minimum length %d."
                             % (a.name, self.op_name, len(values), minimum))  # fmt: skip
        wanted = self._known_type(a)
        if wanted is None:
            wanted = next((v.dtype.base_dtype for v in values if isinstance(v, Tensor)), None)
        tensors = self._convert_elements(a, values, wanted)
        self._decide(a, a.number_attr, len(values))
        if a.type_attr is not None:
            self._decide(a, a.type_attr, tensors[0].dtype.base_dtype if tensors else self._empty_type(a))
        return tensors

    def _convert_elements(self, a, values, wanted):
        try:
            tensors = []
            for i, v in enumerate(values):
                t = convert(v, wanted, "%s_%d" % (a.name, i), self._preferred_type(a), as_ref=a.is_ref)
                wanted = wanted or t.dtype.base_dtype
                tensors.append(t)
            return tensors
        except (TypeError, ValueError) as e:
            observed, error = self._observed(values), e
        if self.eager:
            first = next((i for i, t in enumerate(observed) if t is not None and t is not wanted), 0)
            expected, found = wanted or observed[0], observed[first]
            if found is not None and expected in (None, found):
                raise error  # no types differ: something in the list is no tensor
            return self._raise(self.wrong_input(first, expected, found) if found else None, a, values)
        names = ", ".join("<NOT CONVERTIBLE TO TENSOR>" if t is None else t.name for t in observed)
        prefix = "Tensors in list passed to '%s' of '%s' Op have types [%s]" % (a.name, self.op_name, names)
        if a.dtype is not None:
            raise TypeError("%s that do not match expected type %s." % (prefix, a.dtype.name))
        if self.attrs.get(a.type_attr) is not None:
            raise TypeError("%s that do not match type %s inferred from earlier arguments." % (prefix, wanted.name))
        raise TypeError("%s that don't all match." % prefix)

    def _raise(self, error, a, values):
        if error is None:
            error = TypeError("Tensors in list passed to '%s' of '%s' Op can't be converted: %s" % (a.name, self.op_name, values))
        raise error

    def _observed(self, values):
        found = []
        for v in values:
            try:
                found.append(v.dtype.base_dtype if isinstance(v, Tensor) else convert(v).dtype.base_dtype)
            except (TypeError, ValueError):
                found.append(None)
        return found

    def _empty_type(self, a):
        known = self._known_type(a) or self._preferred_type(a)
        if known is None:
            raise TypeError("Don't know how to infer type variable from empty input list passed to input '%s' of '%s' Op."
                            % (a.name, self.op_name))  # fmt: skip
        return known

    # ------------------------------------------------------------------------------------------------------ agreement

    def _decide(self, a, attr, value):
        known = self.attrs.get(attr)
        if known is None:
            self.attrs[attr] = value
            self.source[attr] = a.name
            declared = self.definition.attrs[attr]
            if declared.allowed and not self.eager:
                self._check_allowed(a, declared, value)
        elif known != value:
            if self.eager:
                raise self.wrong_input(self.definition.inputs.index(a), known, value)
            raise TypeError("Input '%s' of '%s' Op has type %s that does not match type %s of argument '%s'."
                            % (a.name, self.op_name, value.name, known.name, self.source[attr]))  # fmt: skip

    def _check_allowed(self, a, declared, value):
        for t in value if isinstance(value, tuple) else (value,):
            if t not in declared.allowed:
                raise TypeError("Value passed to parameter '%s' has DataType %s not in list of allowed values: %s"
                                % (a.name, t.name, ", ".join(x.name for x in declared.allowed)))  # fmt: skip


def complete(definition, inferred, given):
    """All attributes of an op: the inferred ones, those given by the caller, checked, and defaults for the rest.

    Raises:
      TypeError: an attribute is missing, unknown or of the wrong type.
      ValueError: a value is not allowed.
    """
    attrs = {}
    for attribute in definition.attrs.values():
        name = attribute.name
        if name in inferred:
            attrs[name] = inferred[name]
        elif name in given and given[name] is not None:
            attrs[name] = attributes.check(definition.name, attribute, given[name])
        elif attribute.has_default:
            attrs[name] = attribute.default
        elif name in given and attribute.kind == "shape":
            attrs[name] = None
        else:
            raise TypeError("No argument for attr %s in op %s" % (name, definition.name))
    for name in given:
        if name not in definition.attrs:
            raise TypeError("%s() got an unexpected keyword argument '%s'" % (definition.name, name))
    return attrs


def output_types(definition, attrs):
    """The types of an op's outputs, lists flattened."""
    types = []
    for a in definition.outputs:
        t = a.dtype if a.dtype is not None else attrs[a.type_attr]
        if a.number_attr:
            types += [t] * attrs[a.number_attr]
        elif a.is_list:
            types += t
        else:
            types.append(t._as_ref if a.is_ref else t)
    return types
