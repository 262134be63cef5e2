"""Every op that changes variables, checked through its samples.

For each: eager, graph and portable rule agree; nothing else that refers to a variable's value changes; values equal TensorFlow's.
"""

import numpy as np
import pytest
from golden import goldens
from samples import samples, typed_samples, update_ops
from test_registry import assert_close

import eagle as tf
from eagle.core import shape as shapes
from eagle.core.dispatch import host_value, registry
from eagle.core.dtypes import FROM_NUMPY
from eagle.core.tensor import from_value
from eagle.ops.variable_state import VariableState

OPS = update_ops()
SAMPLES = [s for op in OPS for s in samples(op)]
TYPED = [s for op in OPS for s in typed_samples(op)]
GOLDEN = goldens()

by_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.id)


def initial(sample):
    """The values of the variables before the op runs."""
    return [np.array(v) if np.ndim(v) else np.asarray(v)[()] for v in sample.args[: sample.op.changes]]


def inputs(sample):
    return [tf.constant(a) if isinstance(a, np.ndarray | np.generic) else a for a in sample.args[sample.op.changes :]]


def states_of(values):
    states = [VariableState(FROM_NUMPY[v.dtype], v.shape, is_ref=False) for v in values]
    for s, v in zip(states, values):
        s.assign(v)
    return states


def run_eagerly(sample, states=None):
    """The values of the variables after the op ran; an op on ref variables runs its kernel, as graphs only have it."""
    states = states or states_of(initial(sample))
    if sample.op.is_on_refs:
        sample.op.numpy(*arguments(sample, states), **sample.attrs)
    else:
        with tf.eager_mode():
            sample.op(*[from_value(s) for s in states], *inputs(sample), **sample.attrs)
    return [s.value for s in states]


def build(sample, static=True):
    """In a graph: tensors for the variables, the initializers, what the op gives, and the variables' values afterwards."""
    variables, initializers = [], []
    for v in initial(sample):
        shape = v.shape if static else None
        if sample.op.is_on_refs:
            variables.append(registry["VariableV2"](shape=shape, dtype=v.dtype))
            initializers.append(registry["Assign"](variables[-1], v, validate_shape=False).op)
            variables[-1]._shape = shape
        else:
            variables.append(registry["VarHandleOp"](shape=shape, dtype=v.dtype, shared_name="v%d" % len(variables)))
            initializers.append(registry["AssignVariableOp"](variables[-1], v))
    ran = sample.op(*variables, *inputs(sample), **sample.attrs)
    with tf.control_dependencies([ran]):
        reads = [
            t if sample.op.is_on_refs else registry["ReadVariableOp"](t, dtype=v.dtype) for t, v in zip(variables, initial(sample))
        ]
    return initializers, ran, reads


@by_sample
@pytest.mark.parametrize("static", [True, False], ids=["static", "unknown"])
def test_graph_agrees_with_eager(sample, static):
    expected = run_eagerly(sample)
    with tf.Graph().as_default(), tf.Session() as session:
        initializers, ran, reads = build(sample, static)
        session.run(initializers)
        if sample.op.is_on_refs:
            assert shapes.compatible(ran._shape, expected[0].shape) and (not static or ran._shape == expected[0].shape)
            assert_close(session.run(ran), expected[0])
        else:
            session.run(ran)
        # A read after the op saw what it did once; a second run does it again.
        session.run(initializers)
        for got, e in zip(session.run([ran, *reads])[1:], expected):
            assert_close(got, e)


@by_sample
def test_rule_agrees_with_writing_in_place(sample):
    states = states_of(initial(sample))
    expected = run_eagerly(sample, states)
    rule = sample.op.kernel(np, *arguments(sample, initial(sample)), **sample.attrs)
    for got, e in zip(rule, expected, strict=True):
        assert_close(np.asarray(got, e.dtype), np.asarray(e))


def arguments(sample, variables):
    """The arguments of the rule, host arguments as plain Python."""
    rest = zip(sample.op.kinds[sample.op.changes :], sample.args[sample.op.changes :])
    return [*variables, *[host_value(a) if kind == "h" else a for kind, a in rest]]


@by_sample
def test_rule_under_jax(sample):
    from eagle.run.xla import jax, with_64_bits

    if not all(map(np.ndim, sample.args)) and sample.op.name.endswith("Div"):
        pytest.skip("a sample for each form is enough")
    import jax.numpy as jnp

    expected = run_eagerly(sample)
    with with_64_bits():
        got = jax().jit(lambda given: sample.op.kernel(jnp, *arguments(sample, given), **sample.attrs))(initial(sample))
    indices = next((a for a in sample.args if np.asarray(a).dtype.kind == "i"), np.zeros(0))
    if "Sparse" in sample.op.name and len(np.unique(indices)) < np.size(indices):
        return  # a row that comes twice is changed once by a compiled program; optimizers give each row once
    for g, e in zip(got, expected, strict=True):
        assert_close(np.asarray(g), np.asarray(e), rtol=1e-4, atol=1e-5)


@by_sample
def test_what_was_read_does_not_change(sample):
    states = states_of(initial(sample))
    held = [s.value for s in states]
    copies = [np.array(v) for v in held]
    views = [v.reshape(-1) if isinstance(v, np.ndarray) else v for v in held]
    run_eagerly(sample, states)
    for v, copy, view in zip(held, copies, views):
        assert_close(v, copy)
        assert_close(view, copy.reshape(view.shape))


@by_sample
def test_what_nobody_holds_is_changed_in_place(sample):
    if "numpy" not in sample.op.kernels:
        pytest.skip("this op has no kernel of its own for that")
    states = states_of(initial(sample))
    addresses = [s.value.__array_interface__["data"][0] if isinstance(s.value, np.ndarray) else None for s in states]
    run_eagerly(sample, states)
    for s, address in zip(states, addresses):
        if address is not None:
            assert s.value.__array_interface__["data"][0] == address


@by_sample
def test_an_uninitialized_variable_is_an_error(sample):
    states = states_of(initial(sample))
    states[-1] = VariableState(states[-1].element, None, name="fresh", is_ref=sample.op.is_on_refs)
    before = [np.array(s.value) for s in states[:-1]]
    expected = tf.errors.FailedPreconditionError if sample.op.is_on_refs else tf.errors.NotFoundError
    with pytest.raises(expected):
        run_eagerly(sample, states)
    for s, v in zip(states, before):
        assert_close(np.asarray(s.value), v)


@by_sample
def test_attributes_are_read(sample):
    definition = sample.op.definition
    assert list(sample.op.input_names) == [a.name for a in definition.inputs]
    unread = set(definition.attrs) - set(sample.op.attr_names) - definition.inferred - set(sample.op.ignored_attrs)
    assert not unread


@pytest.mark.parametrize("sample", TYPED, ids=lambda s: s.id)
def test_types_and_golden_values(sample):
    recorded = GOLDEN.get(sample.id)
    if recorded is None:
        pytest.fail("no golden values; run tools/record_golden.py")
    if recorded == "unsupported":
        return
    for got, expected in zip(run_eagerly(sample), recorded, strict=True):
        loose = sample.op.golden_tolerance
        if loose is None or expected.dtype.kind not in "f" or expected.dtype.itemsize < 4:
            assert_close(got, expected)
        else:
            assert_close(got, expected, rtol=loose, atol=loose)


def test_adam_on_large_arrays_agrees_with_its_rule():
    """Large arrays are updated by oneDNN where there is one."""
    op, rng = registry["ResourceApplyAdam"], np.random.RandomState(0)
    values = [rng.uniform(0.1, 1.0, (70, 80)).astype(np.float32) for _ in range(3)]
    scalars = [np.float32(x) for x in (0.9, 0.99, 0.1, 0.8, 0.9, 1e-2)]
    grad = rng.randn(70, 80).astype(np.float32)
    for layout in (np.ascontiguousarray, np.asfortranarray):
        states = states_of([layout(v) for v in values])
        for _ in range(2):
            expected = op.kernel(np, *[np.array(s.value) for s in states], *scalars, grad)
            op.numpy(*states, *scalars, grad)
            for s, e in zip(states, expected):
                assert_close(s.value, e, rtol=1e-5, atol=1e-6)
