"""Programs give the results that TensorFlow gave."""

import numpy as np
import programs
import pytest

import eagle as tf

PROGRAMS = [(path, name) for path in programs.files() for name in programs.load(path)]


@pytest.mark.parametrize("path,name", PROGRAMS, ids=lambda v: getattr(v, "stem", v))
def test_program(path, name):
    program = programs.load(path)[name]
    got, expected = programs.run(program, tf, tf.eager_mode), programs.recorded(path)[name]
    assert list(got) == list(expected)
    for key, value in expected.items():
        check(got[key], value, getattr(program, "rtol", None), key)


def check(got, expected, rtol, where):
    if isinstance(expected, list):
        assert len(got) == len(expected), where
        for i, (g, e) in enumerate(zip(got, expected)):
            check(g, e, rtol, "%s, %d" % (where, i))
    elif isinstance(expected, dict) and "dtype" not in expected:
        assert list(got) == list(expected), where
        for k, e in expected.items():
            check(got[k], e, rtol, "%s, %s" % (where, k))
    elif rtol is None or not isinstance(expected, dict) or "hex" not in expected:
        assert got == expected, where
    else:
        assert (got["dtype"], got["shape"]) == (expected["dtype"], expected["shape"]), where
        np.testing.assert_allclose(programs.array(got), programs.array(expected), rtol=rtol, atol=rtol, err_msg=where)
