"""TensorFlow's inner helpers for decorators, signatures and deprecation, which programs use."""

import functools
import logging

import pytest

from eagle.core.export import namespace

deprecation = namespace("python.util.deprecation")
decorators = namespace("python.util.tf_decorator")
inspect = namespace("python.util.tf_inspect")
functions = namespace("python.util.function_utils")


def k(a, b, c=3, *d, e=5, **g):
    """K."""
    return a, b, c


class C:
    def __init__(self, x=1, y=2):
        pass

    def __call__(self, q, *r, **s):
        pass

    def m(self, z):
        pass


def test_signatures():
    assert inspect.getargspec(k) == inspect.ArgSpec(["a", "b", "c"], "d", "g", (3,))
    assert inspect.getfullargspec(k).kwonlyargs == ["e"]
    assert inspect.getargspec(C).args == ["self", "x", "y"] and inspect.getargspec(C()).args == ["self", "q"]
    assert inspect.getargspec(functools.partial(k, 1)) == inspect.ArgSpec(["b", "c"], "d", "g", (3,))
    assert inspect.getargspec(functools.partial(k, b=2)) == inspect.ArgSpec(["a", "b", "c"], "d", "g", (2, 3))
    with pytest.raises(ValueError, match=r"Some arguments \['b'\] do not have default value"):
        inspect.getargspec(functools.partial(k, a=1))
    assert inspect.getcallargs(k, 1, 2, e=3) == {"a": 1, "b": 2, "c": 3, "e": 3}
    assert inspect.getcallargs(C().m, 5)["z"] == 5
    assert inspect.isfunction(k) and inspect.isclass(C) and inspect.getdoc(k) == "K."


def test_arguments_of_functions():
    cases = [(k, ("a", "b", "c")), (C, ("self", "x", "y")), (C(), ("q",)), (C().m, ("z",)), (C.m, ("self", "z")),
             (functools.partial(k, 1, c=2), ("b",))]  # fmt: skip
    for function, names in cases:
        assert functions.fn_args(function) == names
    assert functions.has_kwargs(k) and not functions.has_kwargs(C().m) and functions.has_kwargs(C())
    with pytest.raises(TypeError, match="fn should be a function-like object"):
        functions.has_kwargs(3)
    assert functions.get_func_name(k) == "k" and functions.get_func_name(C().m) == "C.m"
    assert functions.get_func_code(k) is k.__code__ and functions.get_func_code(C()) is C.__call__.__code__


def test_decorators():
    def double(target):
        def wrapper(*args):
            return wrapper.__wrapped__(*args) * 2

        return decorators.make_decorator(target, wrapper, decorator_argspec=inspect.ArgSpec(["n"], None, None, None))

    f = double(k)
    found, target = decorators.unwrap(f)
    assert target is k and [d.decorator_name for d in found] == ["double"] and f.__name__ == "k" and f.__doc__ == "K."
    assert inspect.getargspec(f).args == ["n"] and inspect.getfullargspec(f).args == ["n"]
    assert decorators.rewrap(f, k, lambda *args: args) is f and f(1) == (1, 1)
    assert decorators.rewrap(k, k, len) is len
    assert decorators.TFDecorator("name", k)(1, 2) == (1, 2, 3)


def test_deprecation(caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("tensorflow"), "propagate", True)

    @deprecation.deprecated("2020-01-01", "use g")
    def f(a, b=1):
        """First.

        Second.
        """
        return a

    @deprecation.deprecated_args(None, "no b", ("b", 1))
    def g(a, b=1):
        return a

    @deprecation.deprecated_arg_values(None, "not 2", b=2)
    def h(a, b=1):
        return a

    assert f.__doc__ == (
        "First. (deprecated)\n\nWarning: THIS FUNCTION IS DEPRECATED. It will be removed after 2020-01-01.\n"
        "Instructions for updating:\nuse g\n\nSecond."
    )
    assert g.__doc__.startswith("DEPRECATED FUNCTION ARGUMENTS\n\nWarning: SOME ARGUMENTS ARE DEPREC")

    def warned(call):
        caplog.clear()
        call()
        return [r.getMessage() for r in caplog.records]

    with deprecation.silence():
        assert not warned(lambda: f(1))
    (text,) = warned(lambda: f(1))
    assert text.startswith("From %s:" % __file__)
    assert "f (from test_decorators) is deprecated and will be removed after 2020-01-01.\nInstructions for updating:\nuse g" in text
    assert not warned(lambda: f(1))
    assert not warned(lambda: (g(1), g(1, 1)))
    (text,) = warned(lambda: g(1, b=2))
    assert "calling test_deprecation.<locals>.g (from test_decorators) with b is deprecated and will be removed in a future" in text
    assert not warned(lambda: (h(1), h(1, 3)))
    assert "with b=2 is deprecated" in warned(lambda: h(1, 2))[0]
    with pytest.raises(ValueError, match="Date must be YYYY-MM-DD"):
        deprecation.deprecated("now", "x")
    with pytest.raises(ValueError, match="Don't deprecate things without conversion instructions!"):
        deprecation.deprecated(None, "")
    with pytest.raises(ValueError, match=r"not present in the function signature: \['z'\]"):
        deprecation.deprecated_args(None, "x", "z")(k)
    with pytest.raises(ValueError, match="Cannot specify both 'old' and 'new'"):
        deprecation.deprecated_argument_lookup("new", 1, "old", 2)
    assert deprecation.deprecated_argument_lookup("new", None, "old", 2) == 2


def test_functions_around_public_ones_show_their_arguments():
    assert namespace("python.util.function_utils").fn_args(namespace("metrics").accuracy) == (
        "labels", "predictions", "weights", "metrics_collections", "updates_collections", "name"
    )  # fmt: skip
