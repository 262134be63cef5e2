"""The examples, run as a user runs them."""

import os
import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parent.parent / "examples"

ARTICLE_EAGER = """\
convolution: (2, 12, 12, 20)
slopes: [2.0, 12.0]
slope: 6.0
value and slope: 12.0 6.0
gradient of a:0: 11.0
gradient of b:0: 10.0
value and gradients: 11.0 [10.0, 11.0]
relu_in_python [[[0.0]], [[5.0]]]
relu_by_cond [[[0.0]], [[5.0]]]
w: [2.5, 2.0, 1.5, 1.0, 0.5]
"""  # as TensorFlow 1.13.2 prints it

ARTICLE_GRAPH = """\
a branch of Python: refused
convolution: (2, 12, 12, 20)
slopes: [2.0, 12.0]
value and slope: 12.0 6.0
value and gradients: 11.0 11.0 10.0
relu: [[[0.0]], [[5.0]]]
w: [2.5, 2.0, 1.5, 1.0, 0.5]
"""


def run(name, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "eagle", "run", str(EXAMPLES / name)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("tier", ["numpy", "xla"])
def test_the_article(tier):
    assert run("article_eager.py") == ARTICLE_EAGER
    assert run("article_graph.py", EAGLE_TIER=tier) == ARTICLE_GRAPH


def test_first_steps():
    assert "50.0" in run("first_steps.py") and "tf.Tensor([3. 6.], shape=(2,), dtype=float32)" in run("first_steps.py")


@pytest.mark.parametrize("name", ["digits_eager.py", "digits_graph.py"])
def test_digits(name):
    pytest.importorskip("sklearn")
    assert "right on the held-out fifth: 9" in run(name)
