"""What programs import beside TensorFlow's public names: the digits of MNIST, HParams."""

import gzip
import struct

import numpy as np
import pytest

import eagle as tf
from eagle.core.errors import NotYetError
from eagle.core.export import resolve

input_data = resolve("examples.tutorials.mnist.input_data")


@pytest.fixture
def digits(tmp_path):
    """A folder with the four files, of 8 and 4 small images; one of them unpacked."""
    images = np.arange(12 * 4 * 4, dtype=np.uint8).reshape(12, 4, 4)
    labels = np.arange(12, dtype=np.uint8) % 10
    for name, part in (("train", slice(0, 8)), ("t10k", slice(8, 12))):
        data = struct.pack(">4I", 2051, len(images[part]), 4, 4) + images[part].tobytes()
        (tmp_path / (name + "-images-idx3-ubyte.gz")).write_bytes(gzip.compress(data))
        data = struct.pack(">2I", 2049, len(images[part])) + labels[part].tobytes()
        (tmp_path / (name + "-labels-idx1-ubyte")).write_bytes(data)
    return tmp_path, images, labels


def test_digits(digits):
    folder, images, labels = digits
    sets = input_data.read_data_sets(str(folder), one_hot=True, validation_size=2)
    assert (sets.train.num_examples, sets.validation.num_examples, sets.test.num_examples) == (6, 2, 4)
    np.testing.assert_allclose(sets.test.images, images[8:].reshape(4, 16) / 255.0, rtol=1e-6)
    np.testing.assert_array_equal(sets.test.labels, np.eye(10)[labels[8:]])
    plain = input_data.read_data_sets(str(folder), dtype=tf.uint8, reshape=False, validation_size=0).train
    np.testing.assert_array_equal(plain.images, images[:8, :, :, None])


def test_batches_of_digits(digits):
    folder, _, labels = digits
    train = input_data.read_data_sets(str(folder), validation_size=0, seed=3).train
    first, second = train.next_batch(5), train.next_batch(5)
    assert train.epochs_completed == 1 and first[0].shape == (5, 16)
    assert sorted([*first[1], *second[1][:3]]) == sorted(labels[:8])
    ordered = input_data.read_data_sets(str(folder), validation_size=0).train
    np.testing.assert_array_equal(ordered.next_batch(6, shuffle=False)[1], labels[:6])
    np.testing.assert_array_equal(ordered.next_batch(4, shuffle=False)[1], [6, 7, 0, 1])


def test_missing_digits(digits):
    folder, _, _ = digits
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="put t10k-labels-idx1-ubyte.gz into the folder"):
        input_data.read_data_sets(str(folder))
    fake = input_data.read_data_sets(str(folder), fake_data=True, one_hot=True).train.next_batch(2, fake_data=True)
    assert np.shape(fake[0]) == (2, 784) and fake[1][0][0] == 1


def test_data_sets_by_name(digits, monkeypatch):
    folder, _, _ = digits
    monkeypatch.chdir(folder)
    (folder / "MNIST-data").symlink_to(folder)
    with pytest.raises(ValueError, match="Validation size should be between 0 and 8"):
        tf.contrib.learn.datasets.load_dataset("mnist")
    with pytest.raises(ValueError, match="Name of dataset is not found: x"):
        tf.contrib.learn.datasets.load_dataset("x")
    with pytest.raises(NotYetError, match="iris"):
        tf.contrib.learn.datasets.load_dataset("iris")


def test_tables(tmp_path):
    base, file = tf.contrib.learn.datasets.base, tmp_path / "flowers.csv"
    file.write_text("2,3,setosa,virginica\n6.4,2.8,5.6,2\n5.0,2.3,3.3,1\n")
    read = base.load_csv_with_header(filename=str(file), target_dtype=int, features_dtype=np.float32)
    assert read.target.tolist() == [2, 1] and read.data.dtype == np.float32
    np.testing.assert_allclose(read.data, [[6.4, 2.8, 5.6], [5.0, 2.3, 3.3]])
    file.write_text("6.4,a\n5.0,b\n")
    read = base.load_csv_without_header(str(file), np.str_, np.float64, target_column=1)
    assert read.target.tolist() == ["a", "b"] and read.data.tolist() == [[6.4], [5.0]]


def test_hparams():
    p = tf.contrib.training.HParams(rate=0.1, layers=[1, 2], name="a", on=True)
    assert p.rate == 0.1 and "layers" in p and p.get("absent", 3) == 3
    p.parse("rate=1,layers=[3,4,5], name=b,on=false")
    assert p.values() == {"rate": 1.0, "layers": [3, 4, 5], "name": "b", "on": False}
    assert str(p) == "rate=1.0,layers=[3, 4, 5],name=b,on=False"
    assert repr(p) == "HParams([('layers', [3, 4, 5]), ('name', 'b'), ('on', False), ('rate', 1.0)])"
    assert tf.contrib.training.HParams.from_proto(p.to_proto()).values() == p.values()
    assert p.parse_json(p.to_json()).values() == p.values()
    p.add_hparam("more", 1)
    p.del_hparam("more")
    assert "more" not in p


@pytest.mark.parametrize(
    "text, message",
    [
        ("rate", "Malformed hyperparameter value: rate"),
        ("absent=1", "Unknown hyperparameter type for absent"),
        ("rate=x", "Could not parse hparam 'rate' of type 'float' with value 'x' in rate=x"),
        ("rate=1,rate=2", "Multiple assignments to variable 'rate'"),
        ("rate=[1,2]", "Must not pass a list for single-valued parameter: rate"),
        ("layers=1", "Must pass a list for multi-valued parameter: layers."),
    ],
)
def test_hparams_refuse(text, message):
    with pytest.raises(ValueError) as e:
        tf.contrib.training.HParams(rate=0.1, layers=[1, 2]).parse(text)
    assert message in str(e.value)


def test_parse_values_with_indices():
    assert tf.contrib.training.parse_values("a[1]=2,a[3]=4,b=5", {"a": int, "b": float}) == {"a": {1: 2, 3: 4}, "b": 5.0}
