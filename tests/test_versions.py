"""Versions of public functions for arguments that are composed of tensors."""

import inspect
import timeit

import numpy as np
import pytest

import eagle as tf
from eagle.core import context, versions
from eagle.core.export import resolve
from eagle.ragged import dispatching


class Pair:
    def __init__(self, *parts):
        self.parts = parts


def double(x, times=2, name=None):
    if isinstance(x, Pair):
        raise TypeError("no tensor")
    return x * times


def test_a_version_takes_the_calls_that_a_function_cannot_work_with():
    double_or_more = versions.versioned(double)
    double_or_more.versions.append(
        versions.Version(Pair, 1, lambda x, *args, **kwargs: Pair(*[double_or_more(p, *args, **kwargs) for p in x.parts]))
    )
    assert double_or_more(3) == 6 and double_or_more(3, times=3) == 9
    assert double_or_more(Pair(1, 2)).parts == (2, 4)
    assert double_or_more(Pair(1, 2), times=3).parts == (3, 6)
    assert inspect.signature(double_or_more) == inspect.signature(double)


def test_only_the_first_operands_count_and_other_errors_stay():
    first = versions.versioned(double)
    first.versions.append(versions.Version(Pair, 1, lambda *args, **kwargs: "taken"))
    assert first(Pair()) == first(x=Pair()) == "taken"
    with pytest.raises(TypeError, match="unsupported operand"):
        first({}, Pair())
    with pytest.raises(TypeError, match="unsupported operand"):
        first({})


def test_arguments_by_name_count_as_operands():
    both = versions.versioned(lambda x, y, name=None: x - y)
    both.versions.append(versions.Version(Pair, 2, lambda *args, **kwargs: "taken"))
    assert both(1, y=Pair()) == both(y=Pair(), x=1) == both(name="n", x=Pair(), y=1) == both([Pair()], 1) == "taken"


@pytest.mark.parametrize("name", dispatching.NAMES)
def test_every_function_with_a_ragged_version_is_versioned(name):
    function = resolve(name)
    assert [v.function for v in function.versions if v.kinds == dispatching.KINDS]


def test_a_version_for_a_name_that_takes_none_is_refused():
    versions.version("no_such_function", Pair)(lambda x: x)
    with pytest.raises(ValueError, match="not versioned"):
        versions.announce("no_such_function", double)


def test_several_kinds_have_versions_of_one_function():
    """Ragged tensors and linear operators do not stand in each other's way."""
    with context.eager_mode():
        operator = tf.linalg.LinearOperatorDiag([1.0, 2.0])
        np.testing.assert_array_equal(tf.matmul(operator, tf.ones([2, 1])), [[1.0], [2.0]])
        assert tf.add(tf.ragged.constant([[1], [2, 3]]), 1).to_list() == [[2], [3, 4]]
        with pytest.raises(ValueError, match="unsupported type"):
            tf.add(operator, 1)


def test_the_text_of_a_failed_conversion_is_made_when_asked_for():
    with context.eager_mode():
        rt = tf.ragged.constant([[1], [2, 3]])
        with pytest.raises(TypeError, match=r"Contents: <tf.RaggedTensor \[\[1\], \[2, 3\]\]>"):
            tf.convert_to_tensor(rt)
        large = tf.RaggedTensor.from_row_splits(tf.range(200000), tf.range(0, 200001, 2))
        tf.negative(large)
        took = min(timeit.repeat(lambda: tf.negative(large), number=1, repeat=5))
        listed = min(timeit.repeat(large.to_list, number=1, repeat=3))
        assert took < listed
