"""`tf.distribute`: what the recorded programs of tests/programs don't show: errors, saving, clusters, Keras."""

import json
import subprocess
import sys

import numpy as np
import pytest

import eagle as tf

TWO = ["/cpu:0", "/cpu:1"]
resolvers = tf.distribute.cluster_resolver


def _session():
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def test_saving_and_restoring_variables_with_copies(tmp_path):
    with tf.Graph().as_default():
        strategy = tf.distribute.MirroredStrategy(TWO)
        with strategy.scope():
            v = tf.get_variable("v", initializer=[1.0, 2.0])
            n = tf.Variable(
                3.0, name="n", synchronization=tf.VariableSynchronization.ON_READ, aggregation=tf.VariableAggregation.SUM
            )
            saver = tf.train.Saver()
            change = strategy.group(strategy.extended.update(v, lambda c: c.assign([7.0, 8.0])))
            add = strategy.group(strategy.experimental_run_v2(lambda: n.assign_add(1.0)))
        with _session() as session:
            session.run(add)
            path = saver.save(session, str(tmp_path / "m"))
            session.run([change, add])
            saver.restore(session, path)
            assert [session.run(c.read_value()).tolist() for c in v.values] == [[1.0, 2.0]] * 2
            assert session.run([c.read_value() for c in n.values]) == [4.0, 4.0]
    assert sorted(tf.train.list_variables(path)) == [("n", []), ("v", [2])]
    assert tf.train.load_variable(path, "n") == 8.0


def test_texts():
    with tf.Graph().as_default():
        strategy = tf.distribute.MirroredStrategy(TWO)
        with strategy.scope():
            v = tf.get_variable("v", [2])
            found = strategy.experimental_run_v2(lambda: tf.identity(v, name="i"))
    assert repr(v) == (
        "MirroredVariable:{\n  0 /replica:0/task:0/device:CPU:0: <tf.Variable 'v:0' shape=(2,) dtype=float32>,\n"
        "  1 /replica:0/task:0/device:CPU:1: <tf.Variable 'v/replica_1:0' shape=(2,) dtype=float32>\n}"
    )
    assert [t.name for t in strategy.experimental_local_results(found)] == ["i:0", "replica_1/i:0"]


def test_errors():
    with tf.Graph().as_default():
        strategy = tf.distribute.MirroredStrategy(TWO)
        with pytest.raises(AssertionError, match="No duplicates allowed in `devices` argument"):
            tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:0"])
        with pytest.raises(tf.errors.NotYetError if hasattr(tf.errors, "NotYetError") else NotImplementedError):
            tf.distribute.MirroredStrategy(["/job:worker/task:0/cpu:0", "/job:worker/task:1/cpu:0"])
        with strategy.scope():
            with pytest.raises(ValueError, match="`NONE` variable synchronization mode is not supported"):
                tf.Variable(1.0, synchronization=tf.VariableSynchronization.NONE)
            with pytest.raises(ValueError, match="must only be passed a variable created in this"), tf.Graph().as_default():
                with strategy.scope(), strategy.extended.colocate_vars_with(tf.constant(1.0)):
                    pass
            with pytest.raises(RuntimeError, match="different number of replica_context"):
                strategy.experimental_run_v2(_merge_in_first_replica_only)
            with pytest.raises(ZeroDivisionError):
                strategy.experimental_run_v2(lambda: 1 / 0)
            assert tf.distribute.in_cross_replica_context()  # nothing of the failed calls is left
            v = tf.get_variable("v", initializer=1.0)
            with pytest.raises(RuntimeError, match="_distributed_apply"):
                tf.train.AdamOptimizer().apply_gradients([(tf.constant(1.0), v)])
        with pytest.raises(ValueError, match="not divisible by the number of replicas"):
            strategy.make_dataset_iterator(tf.data.Dataset.range(9).batch(3, drop_remainder=True))
        with pytest.raises(ValueError, match="Call the `batch` method"):
            strategy.make_dataset_iterator(tf.data.Dataset.range(9))
        with pytest.raises(ValueError, match="Input replication mode not supported"):
            strategy.make_input_fn_iterator(lambda c: None, "PER_REPLICA")


def _merge_in_first_replica_only():
    replica = tf.distribute.get_replica_context()
    if replica._number == 0:
        replica.merge_call(lambda strategy: None)
    return tf.constant(1)


_EAGER = """
import numpy as np, eagle as tf
tf.enable_eager_execution()
cpu, = tf.config.experimental.list_physical_devices("CPU")
tf.config.experimental.set_virtual_device_configuration(cpu, [tf.config.experimental.VirtualDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"])
with strategy.scope():
    v, optimizer = tf.Variable([1.0, 2.0]), tf.train.AdamOptimizer(0.1)

    def replica(x):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((v - x) ** 2)
        assert tape.watched_variables() == (v,)
        optimizer.apply_gradients([(tape.gradient(loss, v), v)])
        return loss

    data = tf.data.Dataset.range(7).map(lambda i: tf.cast(i, tf.float32)[None]).batch(2)
    losses = [strategy.reduce("SUM", strategy.experimental_run_v2(replica, args=(x,))).numpy()
              for x in strategy.experimental_distribute_dataset(data)]
    np.testing.assert_allclose(losses, [6.0, 6.839999, 40.07188, 41.505196], rtol=1e-5)
    for copy in v.values:
        np.testing.assert_allclose(copy.numpy(), [1.1084037, 1.9657246], rtol=1e-5)
    function = tf.function(lambda y: strategy.experimental_run_v2(lambda z: z * v, args=(y,)))
    first, second = strategy.experimental_local_results(function(tf.constant(2.0)))
    assert first.numpy().tolist() == second.numpy().tolist() == (2 * v).numpy().tolist()
"""


def test_two_devices_without_graphs():
    subprocess.run([sys.executable, "-c", _EAGER], check=True)


@pytest.mark.parametrize("eager", [False, True])
def test_keras_models_on_one_device(eager):
    x = np.arange(24, dtype="f").reshape(8, 3) / 24

    def trained(scope):
        with scope:
            layers = [tf.keras.layers.Dense(4, kernel_initializer="ones", use_bias=False), tf.keras.layers.BatchNormalization(),
                      tf.keras.layers.Dense(1, kernel_initializer="ones")]  # fmt: skip
            model = tf.keras.Sequential(layers)
            model.compile(tf.keras.optimizers.Adam(0.1), "mse", metrics=["mae"])
        history = model.fit(x, x.sum(1, keepdims=True), epochs=2, batch_size=4, verbose=0, shuffle=False).history
        return *history["loss"], *model.evaluate(x, x.sum(1, keepdims=True), verbose=0)

    with tf.eager_mode() if eager else tf.Graph().as_default():
        plain = trained(tf.name_scope(None))
        for strategy in (tf.distribute.OneDeviceStrategy("/cpu:0"), tf.distribute.MirroredStrategy()):
            np.testing.assert_allclose(trained(strategy.scope()), plain, rtol=1e-4)
    with tf.Graph().as_default(), pytest.raises(NotImplementedError, match="several replicas"):
        trained(tf.distribute.MirroredStrategy(TWO).scope())


def test_clusters(monkeypatch):
    spec = tf.train.ClusterSpec({"worker": ["a:1", "b:2"], "ps": ["c:3"]})
    simple = resolvers.SimpleClusterResolver(spec, "m", "worker", 1, "cloud", {"GPU": 4}, "grpc")
    assert simple.master() == "grpc://m" and simple.master("ps", 0) == "grpc://c:3" and simple.master("ps", 0, "x") == "x://c:3"
    assert (simple.task_type, simple.task_id, simple.environment, simple.num_accelerators()) == ("worker", 1, "cloud", {"GPU": 4})
    with pytest.raises(TypeError, match="cluster_spec must be a ClusterSpec."):
        resolvers.SimpleClusterResolver({})
    other = resolvers.SimpleClusterResolver(tf.train.ClusterSpec({"worker": ["d:4"]}))
    union = resolvers.UnionResolver(simple, other)
    assert union.cluster_spec().as_dict() == {"worker": ["a:1", "b:2", "d:4"], "ps": ["c:3"]}
    assert union.master() == "grpc://m" and union.master("worker", 2) == "d:4" and union.task_id == 1
    with pytest.raises(ValueError, match="At least one ClusterResolver is required."):
        resolvers.UnionResolver()
    config = {"cluster": spec.as_dict(), "task": {"type": "worker", "index": 1}, "rpc_layer": "grpc"}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    found = resolvers.TFConfigClusterResolver()
    assert (found.task_type, found.task_id, found.rpc_layer, found.master()) == ("worker", 1, "grpc", "grpc://b:2")
    assert found.cluster_spec() == spec
    for make in (tf.distribute.experimental.ParameterServerStrategy, tf.distribute.experimental.MultiWorkerMirroredStrategy):
        with pytest.raises(NotImplementedError, match="a cluster of several tasks"):
            make()
    monkeypatch.delenv("TF_CONFIG")
    assert tf.distribute.experimental.MultiWorkerMirroredStrategy().num_replicas_in_sync == 1
    for name in ("GCEClusterResolver", "KubernetesClusterResolver"):
        with pytest.raises(NotImplementedError, match=name):
            getattr(resolvers, name)()


def test_slurm(monkeypatch):
    monkeypatch.setenv("SLURM_PROCID", "2")
    monkeypatch.setenv("SLURM_NTASKS", "3")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr(resolvers.SlurmClusterResolver, "_resolve_hostnames", lambda self: ["h0", "h1"])
    found = resolvers.SlurmClusterResolver({"ps": 1, "worker": 2}, tasks_per_node=2, gpus_per_node=2)
    assert found.cluster_spec().as_dict() == {"ps": ["h0:8888"], "worker": ["h0:8889", "h1:8888"]}
    assert found.get_task_info() == ("worker", 1) and found.master() == "grpc://h1:8888" and found.num_accelerators() == {"GPU": 2}
    with pytest.raises(RuntimeError, match="Requested more tasks then assigned tasks."):
        resolvers.SlurmClusterResolver({"ps": 1, "worker": 3}, tasks_per_node=2, gpus_per_node=2)


def test_steps():
    with tf.Graph().as_default():
        d = tf.contrib.distribute
        strategy = d.MirroredStrategy(devices=TWO)
        with strategy.scope():
            v = tf.get_variable("v", initializer=1.0)
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            step = d.StandardSingleLossStep(
                lambda: tf.data.Dataset.from_tensors(2.0).repeat(4), lambda ctx, x: tf.square(v - x), optimizer, strategy
            )
            with tf.Session() as session:
                d.Monitor(step, session).run_steps()
                np.testing.assert_allclose(session.run([c.read_value() for c in v.values]), [1.64] * 2, rtol=1e-6)


def test_run_config():
    one, other = tf.distribute.OneDeviceStrategy("/cpu:0"), tf.distribute.MirroredStrategy()
    both = tf.contrib.distribute.DistributeConfig(train_distribute=one, eval_distribute=other)
    config = tf.estimator.RunConfig(experimental_distribute=both)
    assert config.train_distribute is one and config.eval_distribute is other
    with pytest.raises(ValueError, match="Either `train_distribute` or"):
        tf.estimator.RunConfig(train_distribute=one, experimental_distribute=both)
    assert type(config.replace(model_dir="m").train_distribute) is type(one)
