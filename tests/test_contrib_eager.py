"""What `tf.contrib.eager` has besides: iterators."""

import pickle

import pytest

import eagle as tf
import eagle.contrib.eager as tfe


def test_iterator(eager):
    data = tf.data.Dataset.from_tensor_slices({"a": [1, 2, 3]})
    iterator = tfe.Iterator(data)
    assert iterator.next()["a"].numpy() == 1 and iterator.output_types == {"a": tf.int32}
    assert [x["a"].numpy() for x in iterator] == [2, 3]
    with pytest.raises(StopIteration):
        iterator.next()
    with pytest.raises(tf.errors.OutOfRangeError):
        iterator.get_next()
    with pytest.raises(TypeError, match="must be a `tf.data.Dataset` object"):
        tfe.Iterator([1])

    @tf.function
    def total(data):
        s = 0
        for x in tfe.Iterator(data):
            s += x["a"]
        return s

    assert total(data).numpy() == 6


def test_iterator_needs_eager_execution():
    with pytest.raises(RuntimeError, match="objects can only be used when eager execution is enabled"):
        tfe.Iterator(tf.data.Dataset.range(3))


class Two(tfe.Network):
    def __init__(self, name=None, units=(2, 1)):
        super().__init__(name=name)
        self.layers_in_order = [self.track_layer(tf.layers.Dense(n)) for n in units]

    def call(self, x):
        for layer in self.layers_in_order:
            x = layer(x)
        return x


class Outer(tfe.Network):
    def __init__(self):
        super().__init__()
        self.inner = self.track_layer(Two())
        self.other = self.track_layer(Two(name="named"))

    def call(self, x):
        return self.other(self.inner(x))


def names(network):
    return [v.name for v in network.variables]


@pytest.mark.parametrize("eagerly", [False, True])
def test_networks_name_variables_by_nesting(eagerly):
    if eagerly:
        tf.enable_eager_execution()
    net = Outer()
    with pytest.raises(ValueError, match="The network does not yet have a final name"):
        _ = net.name
    y = net(tf.ones([3, 2]))
    assert y.shape == (3, 1) and net.name == "outer"
    assert names(net) == [
        "outer/%s/%s/%s:0" % (n, d, v) for n in ("two", "named") for d in ("dense", "dense_1") for v in ("kernel", "bias")
    ]
    again = Two()
    again(tf.ones([3, 2]))
    assert names(again)[0] == "two/dense/kernel:0"
    assert net.get_layer(index=0) is net.inner and net.get_layer("named") is net.other
    assert net.trainable_weights == net.weights and net.non_trainable_weights == [] and net.losses == []


def test_errors_of_networks(eager):
    for name, message in (("a/b", "Forward slashes"), (tf.get_variable_scope(), "VariableScopes are not valid")):
        with pytest.raises(ValueError, match=message):
            Two(name=name)
    net = Two(name="mine")
    net(tf.ones([1, 2]))
    with pytest.raises(ValueError, match="A Network named 'mine' already exists"):
        Two(name="mine")(tf.ones([1, 2]))
    with pytest.raises(TypeError, match="not a tf.layers.Layer"):
        net.track_layer(3)
    with pytest.raises(AttributeError, match="cannot mark Network as not trainable"):
        net.trainable = False
    with pytest.raises(RuntimeError, match="add_variable not supported"):
        net.add_variable("v", [1])
    with pytest.raises(RuntimeError, match="add_loss is not supported"):
        net.add_loss(1)
    for lookup, message in ((dict(), "Provide either"), (dict(name="x"), "No such layer: x"), (dict(index=2), "only has 2 layers"),
                            (dict(name="x", index=1), "Exactly one")):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            net.get_layer(**lookup)
    twin = Two(units=())
    twin.track_layer(tf.layers.Dense(1, name="d"))
    with pytest.raises(ValueError, match="Attempt to add two Layers with the name 'd'"):
        twin.track_layer(tf.layers.Dense(1, name="d"))
    with pytest.raises(NotImplementedError, match="does not support object-based checkpointing"):
        net._gather_saveables_for_checkpoint()


def test_networks_saved_and_restored(eager, tmp_path):
    x = tf.ones([1, 2])
    net, built, unbuilt = Two(), Two(), Two()
    with pytest.raises(ValueError, match="Attempt to save the Network before it was first called"):
        tfe.save_network_checkpoint(net, str(tmp_path))
    y, _ = net(x), built(x)
    path = tfe.save_network_checkpoint(net, str(tmp_path), global_step=3)
    assert path == str(tmp_path / "two-3")
    assert dict(tf.train.list_variables(path)).keys() == {"dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"}
    for other in (built, unbuilt):
        tfe.restore_network_checkpoint(other, path)
        assert other(x).numpy() == y.numpy()
    with pytest.raises(
        ValueError, match="map_func passed to save_network_checkpoint for the Network 'two' resulted in two variables"
    ):
        tfe.save_network_checkpoint(net, str(tmp_path), map_func=lambda name: "x")
    with pytest.raises(ValueError, match="map_func passed to restore_network_checkpoint for the Network 'two' resulted in two"):
        tfe.restore_network_checkpoint(net, path, map_func=lambda name: "dense/bias")


def test_sequential(eager):
    net = tfe.Sequential([tf.layers.Dense(2), tf.nn.relu, tf.layers.Dropout(0.5)])
    net.add(lambda x, training=False: x + (100.0 if training else 0.0))
    x = tf.ones([4, 3])
    assert net(x).numpy().max() < 100 <= net(x, training=True).numpy().min()
    assert names(net) == ["sequential/dense/kernel:0", "sequential/dense/bias:0"]
    with pytest.raises(TypeError, match="takes only tf.layers.Layer objects or callables; not '3'"):
        net.add(3)


def test_references(eager):
    t, v = tf.constant([1, 2]), tfe.Variable(1.0)
    for x, other in ((t, tf.constant([1, 2])), (v, tfe.Variable(1.0))):
        reference = x.experimental_ref()
        assert reference == x.experimental_ref() != other.experimental_ref()
        assert {reference: 1}[x.experimental_ref()] == 1 and reference.deref() is x
        assert repr(reference) == "<Reference wrapping %r>" % x
        with pytest.raises(TypeError, match="Cannot compare wrapped object with unwrapped object"):
            _ = reference == x


METRICS = [
    (lambda: tfe.metrics.Mean(), [([1.0, 3.0],), ([8.0],)], 4.0),
    (lambda: tfe.metrics.Mean(), [([1.0, 3.0], [1.0, 0.0]), ([8.0], [3.0])], 6.25),
    (lambda: tfe.metrics.Accuracy(), [([0, 1, 2, 3], [0, 0, 0, 3])], 0.5),
    (lambda: tfe.metrics.Accuracy(), [([0, 1, 2, 3], [0, 0, 0, 3], [1.0, 1.0, 0.0, 0.0])], 0.5),
    (lambda: tfe.metrics.CategoricalAccuracy(), [([[1, 0], [0, 1]], [[0.6, 0.4], [0.7, 0.3]])], 0.5),
    (lambda: tfe.metrics.BinaryAccuracy(0.5), [([0, 1, 1, 0], [0.7, 0.8, 0.3, 0.1])], 0.5),
    (lambda: tfe.metrics.SparseAccuracy(), [([0, 1, 1], [[0.6, 0.4], [0.7, 0.3], [0.1, 0.9]])], 2 / 3),
]


@pytest.mark.parametrize("make, parts, wanted", METRICS)
def test_metrics_eagerly(eager, make, parts, wanted):
    metric = make()
    for part in parts:
        metric(*part)
    assert metric.result().numpy() == pytest.approx(wanted) and metric.value()().numpy() == pytest.approx(wanted)
    other = make()
    other(*parts[0])
    counted = metric.denom.numpy()
    metric.aggregate([other])
    assert metric.denom.numpy() == counted + other.denom.numpy() > counted
    metric.init_variables()
    assert metric.denom.numpy() == 0


@pytest.mark.parametrize("make, parts, wanted", METRICS)
def test_metrics_in_graphs(make, parts, wanted):
    metric = make()
    updates = [metric(*part) for part in parts]
    with tf.Session() as sess:
        sess.run(metric.init_variables())
        sess.run(updates)
        assert sess.run(metric.result()) == pytest.approx(wanted)
    assert tf.local_variables() == metric.variables == tf.get_collection(tf.GraphKeys.METRIC_VARIABLES)


def test_errors_of_metrics(eager):
    with pytest.raises(NotImplementedError, match="Metrics must define a build"):
        tfe.metrics.Metric()()
    mean, total = tfe.metrics.Mean(), tfe.metrics.Mean(name="total", use_global_variables=True)
    mean(1.0)
    total(3.0)
    assert total.name == "total" and mean.name == "Mean"
    with pytest.raises(ValueError, match="All metrics must have variables in the same order"):
        mean.aggregate([total])
    with pytest.raises(RuntimeError, match="Can't call add_variable"):
        mean.add_variable("v")
    with pytest.raises(TypeError, match="All metrics must be the same type"):
        mean.aggregate([tfe.metrics.Accuracy()])


def test_what_tensors_say(eager):
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    assert f"{x}" == "[[1. 2.]\n [3. 4.]]" and f"{tf.constant(2):>3}" == "  2" and f"{tf.constant('a')}" == "b'a'"
    with pytest.raises(TypeError, match="unsupported format string passed to numpy.ndarray.__format__"):
        f"{x:>3}"
    with pytest.raises(ValueError, match=r"Tensor's shape \(2, 2\) is not compatible with supplied shape \[3, 2\]"):
        x.set_shape([3, 2])
    with pytest.raises(NotImplementedError, match="Tensor.consumers is meaningless when eager execution is enabled."):
        x.consumers()
    with tf.Graph().as_default():
        y = tf.placeholder(tf.float32, [2, None])
        with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'numpy'"):
            y.numpy()
        for shape, message in (
            ([3, None], r"Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are \[2,\?\] and \[3,\?\]."),
            ([2], "Shapes must be equal rank, but are 2 and 1"),
        ):
            with pytest.raises(ValueError, match=message):
                y.set_shape(shape)
        with pytest.raises(TypeError, match="A string has ambiguous TensorShape"):
            y.set_shape("a")


def test_bounded_specs():
    Bounded = tf.contrib.framework.BoundedTensorSpec
    spec = Bounded((1, 2), tf.float32, 0, [1.0, 2.0], name="n")
    assert spec == Bounded.from_spec(spec) != Bounded((1, 2), tf.float32, 0, 2.0, name="n") and spec != tf.TensorSpec(
        (1, 2), name="n"
    )
    assert repr(spec) == (
        "BoundedTensorSpec(shape=(1, 2), dtype=tf.float32, name='n', minimum=array(0., dtype=float32), "
        "maximum=array([1., 2.], dtype=float32))"
    )
    assert Bounded.from_spec(tf.TensorSpec([2], tf.uint8)).maximum == 255 and pickle.loads(pickle.dumps(spec)) == spec
    with pytest.raises(ValueError, match="read-only"):
        spec.maximum[0] = 5
    with pytest.raises(ValueError, match="minimum is not compatible with shape. Message: ValueError.'Incompatible shapes for"):
        Bounded((3, 5), tf.uint8, (0, 0, 0), 1)
    with pytest.raises(ValueError, match="minimum and maximum must be provided; but saw 'None' and '1'"):
        Bounded((3, 5), tf.uint8, None, 1)


def test_equality_of_shapes():
    known, partial, unknown = tf.TensorShape([1, 2]), tf.TensorShape([None, 2]), tf.TensorShape(None)
    assert known == [1, 2] and not known != tf.TensorShape([1, 2]) and unknown == tf.TensorShape(None)
    assert partial == partial and not partial != partial
    assert not partial == tf.TensorShape([None, 2]) and partial != tf.TensorShape([None, 2])
    assert (tf.Dimension(None) == 12.99) is False
    with pytest.raises(ValueError, match="Ambiguous dimension: 12.99"):
        tf.Dimension(12.99)
    with pytest.raises(TypeError, match="Cannot convert <dtype: 'string'> to Dimension"):
        tf.Dimension(tf.string)
