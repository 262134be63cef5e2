"""The examples, run as a user runs them."""

import importlib.util
import os
import pathlib
import re
import signal
import subprocess
import sys

import numpy as np
import pytest

import eagle as tf

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


def command(name, *flags):
    return [sys.executable, "-m", "eagle", "run", str(EXAMPLES / name), *flags]


def run_with_log(name, *flags, **environment):
    """What a program writes to standard output and to standard error."""
    done = subprocess.run(command(name, *flags), capture_output=True, text=True, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def run(name, *flags, **environment):
    return run_with_log(name, *flags, **environment)[0]


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


def module(name):
    """One of the modules that write the examples' data."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / (name + ".py"))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A folder with 3,000 images to learn from and 300 for the test, in MNIST's files."""
    pytest.importorskip("sklearn")
    folder = tmp_path_factory.mktemp("digits")
    module("mnist_files").write(str(folder), 3000, 300)
    return folder


def number(pattern, text):
    return float(re.search(pattern, text).group(1))


def summaries(folder):
    """The summaries in a folder's event files: tag -> their values."""
    found = {}
    for file in sorted(folder.glob("events.out.tfevents.*")):
        for event in tf.train.summary_iterator(str(file)):
            for value in event.summary.value:
                found.setdefault(value.tag, []).append(value)
    return found


def test_files_of_digits(digits):
    sets = tf.contrib.learn.datasets.mnist.read_data_sets(str(digits), reshape=False, validation_size=1000)
    assert [s.num_examples for s in sets] == [2000, 1000, 300]
    assert sets.train.images.shape[1:] == (28, 28, 1) and 0.05 < sets.train.images.mean() < 0.3
    assert min(np.bincount(sets.train.labels, minlength=10)) > 100


def test_help_tells_the_flags_of_the_program():
    done = subprocess.run(command("mnist_cnn.py", "--help"), capture_output=True, text=True)
    assert (
        done.returncode == 1 and "\nflags:\n" in done.stdout and "mnist_cnn.py:\n  --batch_size: Images in a step." in done.stdout
    )


def test_network_with_queues_and_hooks(digits, tmp_path):
    flags = "--data_dir=%s" % digits, "--model_dir=%s" % tmp_path
    printed, log = run_with_log("mnist_cnn.py", *flags, "--steps=60")
    assert number(r"right on the test: (.*)%", printed) > 50
    assert "INFO:tensorflow:Saving checkpoints for 60 into" in log and "step = 1" in log
    found = summaries(tmp_path)
    assert len(found["loss"]) == 2 and found["loss"][0].simple_value > 2 > found["loss"][1].simple_value
    assert {"accuracy", "learning_rate", "images/image/2", "digits/dense/kernel_1"} <= set(found)
    printed, log = run_with_log("mnist_cnn.py", *flags, "--steps=70")
    assert "Restoring parameters from %s/model.ckpt-60" % tmp_path in log and "loss of step 70" in printed
    assert tf.train.load_variable(str(tmp_path), "global_step") == 70


def test_text_classifier(tmp_path):
    flags = "--data_dir=%s" % tmp_path, "--model_dir=%s" % (tmp_path / "model")
    printed, log = run_with_log("text_classifier.py", *flags, "--steps=20")
    assert 0.6 < number("loss: (.*)  precision", printed) < 0.75 and printed.count("% praise: ") == 3
    assert "Loss for final step" in log and (tmp_path / "vocabulary.txt").read_text().startswith("the\n")
    log = run_with_log("text_classifier.py", *flags, "--steps=30")[1]
    assert "Restoring parameters from %s/model/model.ckpt-20" % tmp_path in log
    assert tf.train.load_variable(str(tmp_path / "model"), "global_step") == 30
    assert {"loss", "gradient_norm", "embedding"} <= set(summaries(tmp_path / "model"))


def test_adversarial_network(digits, tmp_path):
    printed = run("gan.py", "--data_dir=%s" % digits, "--summary_dir=%s" % tmp_path, "--steps=100")
    assert number("step 100: the critic's loss (.*), the", printed) < 1.3  # it was 1.39 before it knew anything
    assert number("look like their digit: (.*)%", printed) > 80
    found = summaries(tmp_path)
    assert {"critic_loss", "generator_loss", *("drawings/image/%d" % i for i in range(10))} == set(found)
    assert all(v.image.width == 28 and v.image.encoded_image_string[1:4] == b"PNG" for v in found["drawings/image/3"])


def test_autoencoder_that_is_killed(digits, tmp_path):
    flags = "--data_dir=%s" % digits, "--model_dir=%s" % tmp_path
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    program = command("vae.py", *flags, "--save_every=20")
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as process:
        assert any("step 40 is saved" in line for line in process.stdout)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    steps = tf.train.load_variable(str(tmp_path), "global_step") + 60
    printed, log = run_with_log("vae.py", *flags, "--steps=%d" % steps)
    assert "goes on at step %d" % (steps - 60) in printed and "step %d is saved" % steps in printed
    last, averaged = (number("loss of the test with the %s weights: (.*)" % which, printed) for which in ("last", "averaged"))
    assert last != averaged and 150 < last < 280 and 150 < averaged < 300
    assert "INFO:tensorflow:Restoring parameters from" in log and "xla" not in log
