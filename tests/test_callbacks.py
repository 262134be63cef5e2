"""Callbacks of eager operations, and modes of execution."""

import functools

import numpy as np
import pytest

import eagle as tf
import eagle.contrib.eager as tfe
from eagle.contrib.eager.callbacks import InfOrNanError
from eagle.core.context import here, process

pytestmark = pytest.mark.usefixtures("eager")


@pytest.fixture(autouse=True)
def no_callbacks_are_left():
    before = process.busy
    yield
    tfe.clear_execution_callbacks()
    assert not here.callbacks and process.busy == before


@pytest.fixture
def seen():
    found = []
    tfe.add_execution_callback(lambda *args: found.append(args))
    return found


x = np.float32([1, 2])


def test_what_a_callback_is_told(seen):
    t = tf.constant(x)
    tf.add(t, t, name="nm")
    op_type, inputs, attrs, outputs, name = seen.pop()
    assert (op_type, attrs, name) == ("Add", ("T", tf.float32), "nm")
    assert inputs[0] is t and inputs[1] is t and outputs[0].numpy().tolist() == [2, 4]
    cases = [
        (lambda: t + 1.0, "AddV2", 2, ("T", tf.float32)),
        (lambda: tf.matmul([x], [x], transpose_b=True), "MatMul", 2, ("transpose_a", False, "transpose_b", True, "T", tf.float32)),
        (lambda: tf.reduce_sum(t), "Sum", 2, ("keep_dims", False, "T", tf.float32, "Tidx", tf.int32)),
        (lambda: tf.concat([t, t], 0), "ConcatV2", 3, ("N", 2, "T", tf.float32, "Tidx", tf.int32)),
        (lambda: tf.split(t, 2), "Split", 2, ("num_split", 2, "T", tf.float32)),
        (lambda: tf.cast(t, tf.int32), "Cast", 1, ("SrcT", tf.float32, "DstT", tf.int32, "Truncate", False)),
        (lambda: tf.log(t, name="l"), "Log", 1, ("T", tf.float32)),
        (lambda: tf.nn.top_k(t), "TopKV2", 2, ("sorted", True, "T", tf.float32)),
    ]
    for call, op_type, count, attrs in cases:
        call()
        found = seen.pop()
        assert (found[0], len(found[1]), found[2]) == (op_type, count, attrs)
        assert not seen


def test_variables_and_functions(seen):
    v = tfe.Variable(1.0)
    seen.clear()
    v + 1.0
    assert [s[0] for s in seen] == ["ReadVariableOp", "AddV2"]
    f = tf.function(lambda a: a * 2 + 1)
    f(tf.constant(3.0))
    assert [s[0] for s in seen[2:]] == ["PartitionedCall"] and seen[-1][3][0].numpy() == 7
    with tf.GradientTape() as tape:
        tape.watch(t := tf.constant(3.0))
        f(t)
    assert seen[-1][0] == "PartitionedCall"
    del tape


def test_a_callback_may_run_operations_and_raise(seen):
    tfe.add_execution_callback(lambda op_type, inputs, attrs, outputs, name: outputs[0] * 2)
    tf.constant(1) + 2
    assert [s[0] for s in seen] == ["AddV2", "Mul"]
    tfe.clear_execution_callbacks()

    def refuse(*args):
        raise ValueError("refused")

    tfe.add_execution_callback(refuse)
    with pytest.raises(ValueError, match="refused"):
        tf.constant(1) + 2


def test_infinities_and_nans(capsys):
    assert tfe.seterr(inf_or_nan="raise") == {"inf_or_nan": tfe.ExecutionCallback.IGNORE}
    with pytest.raises(InfOrNanError) as caught:
        tf.log([0.0, -1.0], name="lg")
    assert str(caught.value) == (
        "Output 1 of 1 of TFE operation Log (name: 'lg') contains 1 inf(s) and 1 nan(s) out of a total of 2 element(s). "
        "Tensor value: [-inf  nan]"
    )
    assert caught.value.op_type == "Log" and caught.value.op_name == "lg" and caught.value.num_outputs == 1
    assert tfe.seterr(inf_or_nan=tfe.ExecutionCallback.PRINT) == {"inf_or_nan": tfe.ExecutionCallback.RAISE}
    tf.log([0.0])
    assert "Warning: Output 1 of 1 of TFE operation Log (name: None) contains 1 inf(s) out" in capsys.readouterr().out
    assert tfe.seterr() == {"inf_or_nan": tfe.ExecutionCallback.PRINT}
    tfe.seterr(inf_or_nan="ignore")
    tf.log([0.0])
    with pytest.raises(InfOrNanError), tfe.errstate(inf_or_nan="raise"):
        tf.log([0.0])
    tf.log([0.0])
    with pytest.raises(ValueError, match="'x' is not a valid ExecutionCallback"):
        tfe.seterr("x")
    with pytest.raises(ValueError, match="Invalid action for inf_nan_callback"):
        tfe.inf_nan_callback("Log", [], (), [tf.log([0.0])], None, action="ignore")
    tfe.inf_nan_callback("Log", [], (), [tf.constant(1)], None)


def test_one_of_them_only():
    for callback, fine, bad in ((tfe.inf_callback, -1.0, 0.0), (tfe.nan_callback, 0.0, -1.0)):
        tfe.add_execution_callback(callback)
        tf.log([fine])
        with pytest.raises(InfOrNanError):
            tf.log([bad])
        tfe.clear_execution_callbacks()


def test_seterr_keeps_other_callbacks(seen):
    tfe.add_execution_callback(functools.partial(tfe.inf_nan_callback, action="warn"))
    assert tfe.seterr("raise") == {"inf_or_nan": "warn"}
    tf.constant(1) + 1
    assert len(seen) == 1


def test_modes():
    assert (tfe.SYNC, tfe.ASYNC) == (0, 1)
    assert (tfe.DEVICE_PLACEMENT_EXPLICIT, tfe.DEVICE_PLACEMENT_WARN, tfe.DEVICE_PLACEMENT_SILENT) == (0, 1, 2)
    with tfe.execution_mode(tfe.ASYNC):
        assert not tf.config.experimental.get_synchronous_execution()
        tfe.async_wait()
    assert tf.config.experimental.get_synchronous_execution()
    for call in (lambda: tfe.execution_mode(5).__enter__(), lambda: tfe.set_execution_mode(5)):
        with pytest.raises(ValueError, match="Execution mode should be None/SYNC/ASYNC. Got 5"):
            call()
    w = tfe.Variable(1.0)
    optimizer = tf.train.AdamOptimizer()
    optimizer.apply_gradients([(tf.constant(1.0), w)])
    assert len(tfe.get_optimizer_variables(optimizer)) == 4


def test_run_turns_eager_execution_on():
    tf.disable_eager_execution()
    found = []
    with pytest.raises(SystemExit):
        tfe.run(lambda argv: found.append((tf.executing_eagerly(), argv)), ["program", "x"])
    assert found == [(True, ["program", "x"])]
