"""Names of small packages that say what Eagle can't do."""

import pytest

import eagle as tf

CALLS = {
    "tf.profiler.profile": lambda: tf.profiler.profile(),
    "tf.profiler.advise": lambda: tf.profiler.advise(),
    "tf.profiler.Profiler": lambda: tf.profiler.Profiler(tf.get_default_graph()),
    "tf.lite.TFLiteConverter.from_session": lambda: tf.lite.TFLiteConverter.from_session(None, [], []),
    "tf.lite.Interpreter": lambda: tf.lite.Interpreter(model_path="m"),
    "tf.lite.toco_convert": lambda: tf.lite.toco_convert(None, [], []),
    "tf.lite.experimental.nn.TFLiteLSTMCell": lambda: tf.lite.experimental.nn.TFLiteLSTMCell(3),
    "tf.distribute.experimental.TPUStrategy": lambda: tf.distribute.experimental.TPUStrategy(),
}


@pytest.mark.parametrize("name", CALLS)
def test_names_that_refuse(name):
    with pytest.raises(NotImplementedError, match=name.replace(".", r"\.")):
        CALLS[name]()


def test_jit_scopes_are_of_graphs():
    with tf.eager_mode(), pytest.raises(RuntimeError, match="not supported when eager execution is enabled"):
        with tf.xla.experimental.jit_scope():
            pass
    with tf.eager_mode():
        assert [t.numpy() for t in tf.xla.experimental.compile(lambda x: x + 1.0, [tf.constant(1.0)])] == [2.0]


def test_decorators_of_flags():
    assert tf.flags.tf_decorator.unwrap(len)[1] is len
