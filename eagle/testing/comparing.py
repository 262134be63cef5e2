"""What `tf.test.TestCase` can say of values: that they are equal, near each other, in a range, ..."""

import functools
import math
from collections.abc import Mapping

import ml_dtypes
import numpy as np
from absl.testing import absltest

from ..core.device import canonical
from ..core.export import resolve
from ..core.graph import get_default_graph
from ..core.tensor import EagerTensor, Tensor
from ..variables.base import Variable

_SHOWN = 500  # arrays with as many elements are not printed


def runs_with_function(check):
    """Lets a check that stands inside a `tf.function` take place whenever the function runs."""

    @functools.wraps(check)
    def wrapper(*args, **kwargs):
        if not get_default_graph().building_function:
            return check(*args, **kwargs)
        places = [i for i, a in enumerate(args) if isinstance(a, Tensor | Variable)]

        def with_values(*values):
            given = list(args)
            for i, value in zip(places, values):
                given[i] = value
            check(*given, **kwargs)

        return resolve("py_func")(with_values, [args[i] for i in places], [])

    return wrapper


def _is_ragged(x):
    return hasattr(x, "ragged_rank")


def _shape_mismatch(a, b):
    text = "Shape mismatch: expected %s, got %s" % (a.shape, b.shape)
    return text, b.ndim <= 3 or b.size < _SHOWN


def _mismatches(kind, a, b, where):
    """Lines that tell which elements differ."""
    if not a.ndim:
        return ["not %s lhs = %s" % (kind, a), "not %s rhs = %s" % (kind, b)]
    places = np.where(where)
    return ["not %s where = %s" % (kind, places), "not %s lhs = %s" % (kind, a[places]), "not %s rhs = %s" % (kind, b[places])]


class Comparisons(absltest.TestCase):
    """The checks of values of `tf.test.TestCase`; a value is an array, a tensor or what becomes one."""

    def _GetNdArray(self, a):
        """A value as an array."""
        if isinstance(a, Tensor):
            a = a.numpy() if isinstance(a, EagerTensor) else self.evaluate(a)
        return a if isinstance(a, np.ndarray) else np.array(a)

    def _GetPyList(self, a):
        """A value as a number or nested lists."""
        if _is_ragged(a):
            return (self.evaluate(a) if isinstance(getattr(a, "values", None), Tensor) else a).to_list()
        if isinstance(a, Tensor):
            a = self.evaluate(a)
        return np.array(a).tolist() if not isinstance(a, np.ndarray) else a.tolist()

    # ---------------------------------------------------------------------------------------------------------- near

    @runs_with_function
    def assertNear(self, f1, f2, err, msg=None):
        """Checks that two floats differ by at most `err`."""
        note = " (%s)" % msg if msg is not None else ""
        self.assertTrue(f1 == f2 or math.fabs(f1 - f2) <= err, "%f != %f +/- %f%s" % (f1, f2, err, note))

    @runs_with_function
    def assertArrayNear(self, farray1, farray2, err, msg=None):
        """Checks that two lists of floats have the same length and differ nowhere by more than `err`."""
        self.assertEqual(len(farray1), len(farray2), msg=msg)
        for f1, f2 in zip(farray1, farray2):
            self.assertNear(float(f1), float(f2), err, msg=msg)

    @runs_with_function
    def assertNDArrayNear(self, ndarray1, ndarray2, err, msg=None):
        """Checks that the norm of the difference of two arrays is less than `err`."""
        self.assertTrue(self._NDArrayNear(ndarray1, ndarray2, err), msg=msg)

    def _NDArrayNear(self, ndarray1, ndarray2, err):
        return np.linalg.norm(ndarray1 - ndarray2) < err

    @runs_with_function
    def assertAllClose(self, a, b, rtol=1e-6, atol=1e-6, msg=None):
        """Checks that `|a - b| <= atol + rtol * |b|` for all elements of two values or structures of values.

        Args:
          a: the expected value, or a list, tuple, named tuple or dictionary of values.
          b: the actual one.
          rtol, atol: the tolerances.
          msg: what a failure says besides.

        Raises:
          ValueError: the structures differ.
        """
        if _is_ragged(a) or _is_ragged(b):
            return self._assertRaggedClose(a, b, rtol, atol, msg)
        self._assertAllCloseRecursive(a, b, rtol=rtol, atol=atol, msg=msg)

    def _assertAllCloseRecursive(self, a, b, rtol=1e-6, atol=1e-6, path=None, msg=None):
        path = list(path or ())
        text = "[%s]" % "][".join(map(str, path)) if path else ""
        msg = msg or ""
        a = a._asdict() if hasattr(a, "_asdict") else a
        b = b._asdict() if hasattr(b, "_asdict") else b
        if isinstance(a, Mapping) != isinstance(b, Mapping):
            raise ValueError("Can't compare dict to non-dict, a%s vs b%s. %s" % (text, text, msg))
        differs = "Mismatched value: a%s is different from b%s. %s" % (text, text, msg)
        if isinstance(a, Mapping):
            keys = "mismatched keys: a%s has keys %s, but b%s has keys %s. %s" % (text, a.keys(), text, b.keys(), msg)
            self.assertCountEqual(a.keys(), b.keys(), msg=keys)
            for k in a:
                self._assertAllCloseRecursive(a[k], b[k], rtol, atol, [*path, k], msg)
        elif isinstance(a, list | tuple):
            try:
                self._assertArrayLikeAllClose(self._GetNdArray(a), self._GetNdArray(b), rtol, atol, differs)
            except (ValueError, TypeError, NotImplementedError):  # no array can be made of one of them
                if len(a) != len(b):
                    raise ValueError(
                        "Mismatched length: a%s has %d items, but b%s has %d items. %s" % (text, len(a), text, len(b), msg)
                    ) from None
                for i, (x, y) in enumerate(zip(a, b)):
                    self._assertAllCloseRecursive(x, y, rtol, atol, [*path, str(i)], msg)
        else:
            try:
                self._assertArrayLikeAllClose(a, b, rtol, atol, differs)
            except TypeError as e:
                kinds = "Error: a%s has %s, but b%s has %s. %s" % (text, type(a), text, type(b), msg)
                e.args = ("%s : %s" % (e.args[0], kinds), *e.args[1:])
                raise

    def _assertArrayLikeAllClose(self, a, b, rtol=1e-6, atol=1e-6, msg=None):
        a, b = self._GetNdArray(a), self._GetNdArray(b)
        mismatch, shown = _shape_mismatch(a, b)
        self.assertEqual(a.shape, b.shape, mismatch + (" with contents %s." % b if shown else "."))
        if np.allclose(a, b, rtol=rtol, atol=atol):
            return
        bad = np.logical_or(np.abs(a - b) > atol + rtol * np.abs(b), np.isnan(a) != np.isnan(b))
        x, y = (a[np.where(bad)], b[np.where(bad)]) if a.ndim else (a, b)
        lines = [str(msg), *_mismatches("close", a, b, bad)]
        lines += ["not close dif = %s" % np.abs(x - y), "not close tol = %s" % (atol + rtol * np.abs(y))]
        lines.append("dtype = %s, shape = %s" % (a.dtype, a.shape))
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg="\n".join(lines), equal_nan=True)

    @runs_with_function
    def assertAllCloseAccordingToType(
        self, a, b, rtol=1e-6, atol=1e-6, float_rtol=1e-6, float_atol=1e-6, half_rtol=1e-3, half_atol=1e-3,
        bfloat16_rtol=1e-2, bfloat16_atol=1e-2, msg=None,
    ):  # fmt: skip
        """`assertAllClose` with at least the tolerances of the least precise type among the two values.

        Args:
          a, b, rtol, atol, msg: as of `assertAllClose`.
          float_rtol, float_atol: tolerances for float32 and complex64.
          half_rtol, half_atol: those for float16.
          bfloat16_rtol, bfloat16_atol: those for bfloat16.
        """
        a, b = self._GetNdArray(a), self._GetNdArray(b)
        found = {a.dtype, b.dtype}
        for dtypes, relative, absolute in (
            ({np.dtype(np.float32), np.dtype(np.complex64)}, float_rtol, float_atol),
            ({np.dtype(np.float16)}, half_rtol, half_atol),
            ({np.dtype(ml_dtypes.bfloat16)}, bfloat16_rtol, bfloat16_atol),
        ):
            if found & dtypes:
                rtol, atol = max(rtol, relative), max(atol, absolute)
        self.assertAllClose(a, b, rtol=rtol, atol=atol, msg=msg)

    @runs_with_function
    def assertNotAllClose(self, a, b, **kwargs):
        """Checks that `assertAllClose` fails; takes its arguments."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        raise AssertionError("The two values are close at all elements")

    # --------------------------------------------------------------------------------------------------------- equal

    @runs_with_function
    def assertAllEqual(self, a, b, msg=None):
        """Checks that two values have the same shape and the same elements (NaN is equal to NaN)."""
        if _is_ragged(a) or _is_ragged(b):
            return self._assertRaggedEqual(a, b, msg)
        a, b = self._GetNdArray(a), self._GetNdArray(b)
        mismatch, shown = _shape_mismatch(a, b)
        self.assertEqual(a.shape, b.shape, "%s. %s%s" % (mismatch, "Contents: %s. \n" % b if shown else "", msg or ""))
        same = a == b
        if a.dtype.kind == "f" or a.dtype == ml_dtypes.bfloat16:
            same = np.logical_or(same, np.logical_and(np.isnan(a), np.isnan(b)))
        if not np.all(same):
            lines = [msg or "", *_mismatches("equal", a, b, np.logical_not(same))]
            np.testing.assert_array_equal(a, b, err_msg="\n".join(lines))

    @runs_with_function
    def assertNotAllEqual(self, a, b, msg=None):
        """Checks that two values differ somewhere."""
        try:
            self.assertAllEqual(a, b, msg)
        except AssertionError:
            return
        raise AssertionError("The two values are equal at all elements")

    def _assertRaggedEqual(self, a, b, msg):
        self.assertEqual(self._GetPyList(a), self._GetPyList(b), msg)
        self._assertSameRaggedRank(a, b, msg)

    def _assertRaggedClose(self, a, b, rtol, atol, msg=None):
        self._assertListCloseRecursive(self._GetPyList(a), self._GetPyList(b), rtol, atol, msg)
        self._assertSameRaggedRank(a, b, msg)

    def _assertSameRaggedRank(self, a, b, msg):
        if not isinstance(a, list | tuple) and not isinstance(b, list | tuple):
            self.assertEqual(getattr(a, "ragged_rank", 0), getattr(b, "ragged_rank", 0), msg)

    def _assertListCloseRecursive(self, a, b, rtol, atol, msg, path="value"):
        self.assertEqual(type(a), type(b))
        if isinstance(a, list | tuple):
            self.assertLen(a, len(b), "Length differs for %s" % path)
            for i, (x, y) in enumerate(zip(a, b)):
                self._assertListCloseRecursive(x, y, rtol, atol, msg, "%s[%s]" % (path, i))
        else:
            self._assertAllCloseRecursive(a, b, rtol, atol, [path], msg)

    # --------------------------------------------------------------------------------------------------------- bounds

    @runs_with_function
    def assertAllGreater(self, a, comparison_target):
        """Checks that all elements are greater than a number."""
        self.assertGreater(np.min(self._GetNdArray(a)), comparison_target)

    @runs_with_function
    def assertAllLess(self, a, comparison_target):
        """Checks that all elements are less than a number."""
        self.assertLess(np.max(self._GetNdArray(a)), comparison_target)

    @runs_with_function
    def assertAllGreaterEqual(self, a, comparison_target):
        """Checks that no element is less than a number."""
        self.assertGreaterEqual(np.min(self._GetNdArray(a)), comparison_target)

    @runs_with_function
    def assertAllLessEqual(self, a, comparison_target):
        """Checks that no element is greater than a number."""
        self.assertLessEqual(np.max(self._GetNdArray(a)), comparison_target)

    def _format_subscripts(self, subscripts, value, limit=10, indent=2):
        """Lines with the places and values of some elements; `subscripts` is what `np.where` gives."""
        places = np.transpose(subscripts)
        lines = ["%s%s : %s" % (" " * indent, place, value[tuple(place)]) for place in places[:limit]]
        return lines + ([" " * indent + "..."] if len(places) > limit else [])

    @runs_with_function
    def assertAllInRange(self, target, lower_bound, upper_bound, open_lower_bound=False, open_upper_bound=False):
        """Checks that all elements of a value of numbers are in a range.

        Args:
          target: the value.
          lower_bound, upper_bound: the bounds.
          open_lower_bound, open_upper_bound: whether a bound itself is outside.
        """
        target = self._GetNdArray(target)
        if not np.issubdtype(target.dtype, np.floating) and not np.issubdtype(target.dtype, np.integer):
            raise AssertionError(
                "The value of %s does not have an ordered numeric type, instead it has type: %s" % (target, target.dtype)
            )
        nans = np.where(np.isnan(target))
        if np.size(nans):
            raise AssertionError(
                "%d of the %d element(s) are NaN. Subscripts(s) and value(s) of the NaN element(s):\n%s"
                % (len(nans[0]), np.size(target), "\n".join(self._format_subscripts(nans, target)))
            )
        below = np.less_equal if open_lower_bound else np.less
        above = np.greater_equal if open_upper_bound else np.greater
        outside = np.where(np.logical_or(below(target, lower_bound), above(target, upper_bound)))
        if np.size(outside):
            brackets = "(" if open_lower_bound else "[", lower_bound, upper_bound, ")" if open_upper_bound else "]"
            raise AssertionError(
                "%d of the %d element(s) are outside the range %s. Subscript(s) and value(s) of the offending elements:\n%s"
                % (len(outside[0]), np.size(target), "%s%s, %s%s" % brackets,
                   "\n".join(self._format_subscripts(outside, target)))
            )  # fmt: skip

    @runs_with_function
    def assertAllInSet(self, target, expected_set):
        """Checks that all elements are among those of a list, tuple or set."""
        strangers = np.setdiff1d(self._GetNdArray(target).flatten(), list(expected_set))
        if np.size(strangers):
            raise AssertionError("%d unique element(s) are not in the set %s: %s" % (np.size(strangers), expected_set, strangers))

    # --------------------------------------------------------------------------------------------------- other qualities

    @runs_with_function
    def assertDTypeEqual(self, target, expected_dtype):
        """Checks the type of a value's elements."""
        self.assertEqual(self._GetNdArray(target).dtype, expected_dtype)

    def assertShapeEqual(self, np_array, tf_tensor, msg=None):
        """Checks that an array and a tensor have the same shape.

        Raises:
          TypeError: the first is no array or the second no tensor.
        """
        if not isinstance(np_array, np.ndarray | np.generic):
            raise TypeError("np_array must be a Numpy ndarray or Numpy scalar")
        if not isinstance(tf_tensor, Tensor):
            raise TypeError("tf_tensor must be a Tensor")
        self.assertAllEqual(np_array.shape, tf_tensor.get_shape().as_list(), msg=msg)

    def assertDeviceEqual(self, device1, device2, msg=None):
        """Checks that two names of devices (or `tf.DeviceSpec`s) mean the same."""
        device1, device2 = [canonical(d.to_string() if hasattr(d, "to_string") else d) for d in (device1, device2)]
        self.assertEqual(device1, device2, "Devices %s and %s are not equal. %s" % (device1, device2, msg))

    def assertStartsWith(self, actual, expected_start, msg=None):
        """Checks how a text begins."""
        if not actual.startswith(expected_start):
            self.fail("%r does not start with %r%s" % (actual, expected_start, " : %r" % msg if msg else ""))

    # Spellings of Python's unittest that programs of TensorFlow's age use and that newer versions lack.
    assertItemsEqual = absltest.TestCase.assertCountEqual
    assertRaisesRegexp = absltest.TestCase.assertRaisesRegex
    assertRegexpMatches = absltest.TestCase.assertRegex
    assertNotRegexpMatches = absltest.TestCase.assertNotRegex
    assertEquals = absltest.TestCase.assertEqual
    assertNotEquals = absltest.TestCase.assertNotEqual
    assertAlmostEquals = absltest.TestCase.assertAlmostEqual
    assertNotAlmostEquals = absltest.TestCase.assertNotAlmostEqual
    assert_ = absltest.TestCase.assertTrue

    def evaluate(self, tensors):
        raise NotImplementedError
