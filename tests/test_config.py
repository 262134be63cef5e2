"""Devices and settings: `tf.config` and what tells of devices."""

import pytest

import eagle as tf
from eagle.platform.config import settings
from eagle.platform.devices import devices, list_local_devices


@pytest.fixture(autouse=True)
def settings_as_before():
    before = dict(settings.__dict__), {k: v for k, v in devices.__dict__.items() if k != "physical"}
    devices.fixed = False
    yield
    settings.__dict__.update(before[0])
    devices.__dict__.update(before[1])


config = tf.config.experimental


def test_devices_of_a_machine_without_gpus():
    (cpu,) = config.list_physical_devices("CPU")
    assert cpu == ("/physical_device:CPU:0", "CPU") and config.list_physical_devices("TPU") == []
    assert config.get_visible_devices("CPU") == [cpu]
    assert list_local_devices()[0].name == "/device:CPU:0"
    if not config.list_physical_devices("GPU"):
        assert tf.test.gpu_device_name() == "" and not tf.test.is_gpu_available() and tf.contrib.eager.num_gpus() == 0
        assert tf.contrib.eager.list_devices() == ["/job:localhost/replica:0/task:0/device:CPU:0"]


def test_divided_devices():
    (cpu,) = config.list_physical_devices("CPU")
    assert config.get_virtual_device_configuration(cpu) is None
    parts = [config.VirtualDeviceConfiguration(), config.VirtualDeviceConfiguration()]
    config.set_virtual_device_configuration(cpu, parts)
    assert config.get_virtual_device_configuration(cpu) == parts and parts[0].memory_limit is None
    assert [d.name[-5:] for d in config.list_logical_devices("CPU")] == ["CPU:0", "CPU:1"]
    config.set_virtual_device_configuration(cpu, parts)  # no change
    with pytest.raises(RuntimeError, match="Virtual devices cannot be modified after being initialized"):
        config.set_virtual_device_configuration(cpu, parts[:1])
    with pytest.raises(RuntimeError, match="Visible devices cannot be modified after being initialized"):
        config.set_visible_devices([], "CPU")
    with pytest.raises(ValueError, match="Unrecognized device: 'foo'"):
        config.set_virtual_device_configuration("foo", parts)
    with pytest.raises(ValueError, match="Setting memory limit on CPU virtual devices is currently not supported"):
        config.set_virtual_device_configuration(cpu, [config.VirtualDeviceConfiguration(memory_limit=4)])
    with pytest.raises(ValueError, match="Cannot set memory growth on device when virtual devices configured"):
        config.set_memory_growth(cpu, True)


def test_invisible_devices():
    (cpu,) = config.list_physical_devices("CPU")
    config.set_visible_devices([], "GPU")
    config.set_visible_devices(cpu)
    assert config.get_visible_devices() == [cpu]
    config.set_visible_devices([], "CPU")
    assert config.get_visible_devices() == [] and config.list_logical_devices() == []
    with pytest.raises(ValueError, match="Unrecognized device: PhysicalDevice"):
        config.set_visible_devices([cpu], "GPU")
    with pytest.raises(ValueError, match="Cannot set memory growth on non-GPU devices"):
        config.set_memory_growth(cpu, True)


def test_threads():
    threading = tf.config.threading
    assert threading.get_inter_op_parallelism_threads() == 0 == threading.get_intra_op_parallelism_threads()
    settings.threads_started = False
    threading.set_inter_op_parallelism_threads(3)
    threading.set_intra_op_parallelism_threads(2)
    assert threading.get_inter_op_parallelism_threads() == 3 and threading.get_intra_op_parallelism_threads() == 2
    settings.threads_started = True
    threading.set_intra_op_parallelism_threads(2)
    with pytest.raises(RuntimeError, match="Intra op parallelism cannot be modified after initialization."):
        threading.set_intra_op_parallelism_threads(4)


def test_settings():
    assert config.get_device_policy() == "silent" and config.get_synchronous_execution()
    config.set_device_policy("warn")
    assert config.get_device_policy() == "warn"
    config.set_device_policy(None)
    assert config.get_device_policy() == "silent"
    with pytest.raises(ValueError, match="Not a valid device policy: 'foo'"):
        config.set_device_policy("foo")
    assert tf.config.get_soft_device_placement() is False
    tf.config.set_soft_device_placement(True)
    assert tf.config.get_soft_device_placement() is True
    assert tf.config.optimizer.get_jit() is False
    tf.config.optimizer.set_jit(True)
    assert tf.config.optimizer.get_jit() is True
    optimizer = tf.config.optimizer
    assert optimizer.get_experimental_options() == {"disable_model_pruning": False, "disable_meta_optimizer": False}
    optimizer.set_experimental_options({"constant_folding": True, "min_graph_nodes": 3})
    assert optimizer.get_experimental_options() == {
        "constant_folding": True, "disable_model_pruning": False, "disable_meta_optimizer": False, "min_graph_nodes": 3,
    }  # fmt: skip


def test_logged_placement(eager, caplog):
    one = tf.constant(1.0)
    tf.debugging.set_log_device_placement(True)
    try:
        assert tf.debugging.get_log_device_placement()
        with caplog.at_level("INFO", logger="tensorflow"):
            tf.tanh(one)
    finally:
        tf.debugging.set_log_device_placement(False)
    assert [r.message for r in caplog.records] == ["Executing op Tanh in device /job:localhost/replica:0/task:0/device:CPU:0"]


def test_clusters_are_refused_by_name():
    with pytest.raises(ValueError, match="Must provide at least one remote_host"):
        tf.config.experimental_connect_to_host("")
    with pytest.raises(NotImplementedError, match="one process"):
        tf.config.experimental_connect_to_host("example:1234")
    with pytest.raises(ValueError, match="must be a `ClusterSpec`"):
        tf.config.experimental_connect_to_cluster(None)
