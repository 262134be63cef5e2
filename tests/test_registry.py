"""Every op of the registry, checked through its samples.

For each sample: the shape rule agrees with the value, with dimensions known and unknown; eager, graph and XLA execution agree;
gradients agree with central differences, second ones too; every declared type works; values equal TensorFlow's.
"""

import itertools
import re

import numpy as np
import pytest
from golden import goldens
from samples import principal_types, sampled_ops, samples, typed_samples

import eagle as tf
from eagle.core import dtypes, shape as shapes, tape as tapes
from eagle.core.backprop import gradient_of_tape
from eagle.core.dispatch import host_value, registry
from eagle.core.state import eager_state
from eagle.core.tape import NOT_DIFFERENTIABLE

OPS = sampled_ops()
SAMPLES = [s for op in OPS for s in samples(op)]
# Ops that only make sense in a program of their own; tests of theirs are named here.
WITHOUT_SAMPLES = {
    "GenerateVocabRemapping": "test_warm_start.py",
    "LoadAndRemapMatrix": "test_warm_start.py",
    "CrossReplicaSum": "test_estimator.py",
    "HashTableV2": "test_lookup.py",
    "MutableHashTableV2": "test_lookup.py",
    "MutableHashTableOfTensorsV2": "test_lookup.py",
    "MutableDenseHashTableV2": "test_lookup.py",
    "InitializeTableV2": "test_lookup.py",
    "InitializeTableFromTextFileV2": "test_lookup.py",
    "LookupTableImportV2": "test_lookup.py",
    "LookupTableInsertV2": "test_lookup.py",
    "LookupTableRemoveV2": "test_lookup.py",
    "LookupTableFindV2": "test_lookup.py",
    "LookupTableSizeV2": "test_lookup.py",
    "LookupTableExportV2": "test_lookup.py",
    "StatefulStandardNormal": "test_generators.py",
    "StatefulStandardNormalV2": "test_generators.py",
    "StatefulTruncatedNormal": "test_generators.py",
    "StatefulUniform": "test_generators.py",
    "StatefulUniformFullInt": "test_generators.py",
    "StatefulUniformInt": "test_generators.py",
    "StatefulRandomBinomial": "test_generators.py",
    "RngSkip": "test_generators.py",
    "NonDeterministicInts": "test_generators.py",
    "VariableV2": "test_variables.py",
    "Variable": "test_variables.py",
    "TemporaryVariable": "test_variables.py",
    "DestroyTemporaryVariable": "test_variables.py",
    "IsVariableInitialized": "test_variables.py",
    "Assign": "test_variables.py",
    "VarHandleOp": "test_variables.py",
    "ReadVariableOp": "test_variables.py",
    "AssignVariableOp": "test_variables.py",
    "VarIsInitializedOp": "test_variables.py",
    "VariableShape": "test_variables.py",
    "DestroyResourceOp": "test_variables.py",
    "CountUpTo": "test_variables.py",
    "ResourceCountUpTo": "test_variables.py",
    "ResourceGather": "test_variables.py",
    "ResourceGatherNd": "test_variables.py",
    "Placeholder": "test_session.py",
    "If": "test_control_flow.py",
    "While": "test_control_flow.py",
    "Case": "test_control_flow.py",
    "EagleTurn": "test_control_flow.py",
    "EagleTurnLike": "test_control_flow.py",
    "EagleSingleTurn": "test_control_flow.py",
    "EagleCountTurns": "test_control_flow.py",
    **dict.fromkeys(
        "TensorArrayV3 TensorArrayGradV3 TensorArraySizeV3 TensorArrayCloseV3 TensorArrayWriteV3 TensorArrayReadV3 "
        "TensorArrayGatherV3 TensorArrayScatterV3 TensorArrayConcatV3 TensorArraySplitV3 "
        "EagleSingleElement EagleElement EagleScatteredElements "
        "EagleGatheredElements EagleSplitElements EagleJoinedElements".split(),
        "test_tensor_array.py",
    ),
    **dict.fromkeys(
        "FIFOQueue PaddingFIFOQueue PriorityQueue RandomShuffleQueue FIFOQueueV2 PaddingFIFOQueueV2 PriorityQueueV2 "
        "RandomShuffleQueueV2 QueueEnqueue QueueEnqueueMany QueueDequeue QueueDequeueMany QueueDequeueUpTo QueueClose "
        "QueueIsClosed QueueSize QueueEnqueueV2 QueueEnqueueManyV2 QueueDequeueV2 QueueDequeueManyV2 QueueDequeueUpToV2 "
        "QueueCloseV2 QueueIsClosedV2 QueueSizeV2".split(),
        "programs/queues.py",
    ),
    **dict.fromkeys(
        "WholeFileReader IdentityReader TextLineReader TFRecordReader FixedLengthRecordReader LMDBReader FakeQueue ReaderRead "
        "ReaderReadUpTo ReaderNumRecordsProduced ReaderNumWorkUnitsCompleted ReaderSerializeState ReaderRestoreState ReaderReset "
        "WholeFileReaderV2 IdentityReaderV2 TextLineReaderV2 TFRecordReaderV2 FixedLengthRecordReaderV2 ReaderReadV2 "
        "ReaderReadUpToV2 ReaderNumRecordsProducedV2 ReaderNumWorkUnitsCompletedV2 ReaderSerializeStateV2 ReaderRestoreStateV2 "
        "ReaderResetV2 AddSparseToTensorsMap AddManySparseToTensorsMap TakeManySparseFromTensorsMap ConditionalAccumulator "
        "ResourceConditionalAccumulator SparseConditionalAccumulator AccumulatorApplyGradient AccumulatorSetGlobalStep "
        "AccumulatorTakeGradient AccumulatorNumAccumulated ResourceAccumulatorApplyGradient ResourceAccumulatorSetGlobalStep "
        "ResourceAccumulatorTakeGradient ResourceAccumulatorNumAccumulated SparseAccumulatorApplyGradient "
        "SparseAccumulatorTakeGradient".split(),
        "programs/pipelines.py",
    ),
    "PartitionedCall": "test_functions.py",
    "StatefulPartitionedCall": "test_functions.py",
    "PyFunc": "test_script.py",
    "PyFuncStateless": "test_script.py",
    "EagerPyFunc": "test_script.py",
    **{name: "test_data.py" for name, home in registry.homes.items() if home.startswith("data.")},
    **dict.fromkeys("SaveV2 RestoreV2 MergeV2Checkpoints Save SaveSlices Restore RestoreSlice".split(), "test_bundle.py"),
}

# Families of them: where they are tested -> the ops.
_FAMILIES = {
    "programs/ragged.py": "RaggedTensorToVariant RaggedTensorFromVariant",
    "test_tensor_forest.py": (
        "DecisionTreeResourceHandleOp FertileStatsResourceHandleOp TreeIsInitializedOp FertileStatsIsInitializedOp "
        "CreateTreeVariable CreateFertileStatsVariable TreeDeserialize FertileStatsDeserialize TreeSerialize FertileStatsSerialize "
        "TreeSize FeatureUsageCounts TraverseTreeV4 TreePredictionsV4 UpdateModelV4 ProcessInputV4 GrowTreeV4"
    ),
    "test_session.py": "Timestamp GetSessionHandle GetSessionTensor DeleteSessionTensor",
    "test_tensor_lists.py": (
        "EmptyTensorList TensorListReserve TensorListFromTensor TensorListSplit TensorListScatter TensorListScatterV2 "
        "TensorListScatterIntoExistingList TensorListPushBack TensorListPushBackBatch TensorListSetItem "
        "TensorListResize TensorListConcatLists TensorListPopBack TensorListGetItem TensorListStack TensorListGather "
        "TensorListConcat TensorListConcatV2 TensorListLength TensorListElementShape"
    ),
    "test_control_flow.py": (
        "StatelessIf StatelessWhile MutexV2 MutexLock ConsumeMutexLock StackV2 StackPushV2 StackPopV2 StackCloseV2"
    ),
    "test_sequence_states.py": ("Barrier BarrierInsertMany BarrierTakeMany BarrierClose BarrierReadySize BarrierIncompleteSize"),
    "test_staging.py": (
        "Stage Unstage StagePeek StageSize StageClear MapStage MapUnstage MapPeek MapUnstageNoKey MapSize "
        "MapIncompleteSize MapClear OrderedMapStage OrderedMapUnstage OrderedMapPeek OrderedMapUnstageNoKey "
        "OrderedMapSize OrderedMapIncompleteSize OrderedMapClear"
    ),
    "test_summary.py": (
        "AudioSummary TensorSummary SummaryWriter CreateSummaryFileWriter CreateSummaryDbWriter FlushSummaryWriter "
        "CloseSummaryWriter WriteSummary WriteRawProtoSummary ImportEvent WriteGraphSummary WriteScalarSummary "
        "WriteHistogramSummary WriteImageSummary WriteAudioSummary"
    ),
}
WITHOUT_SAMPLES.update({op: where for where, ops in _FAMILIES.items() for op in ops.split()})

by_op = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
by_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.id)


def run_eagerly(sample):
    if sample.op.asks_state:
        eager_state.clear_slots()  # random generators begin anew, as those of a new session and the recorded ones
    with tf.eager_mode():
        return flat_outputs(sample.op, sample.op(*as_tensors(sample), **sample.attrs))


def as_fed(value):
    """An array as a tensor of unknown shape whose value is known only at run time."""
    return tf.placeholder_with_default(value, None) if isinstance(value, np.ndarray | np.generic) else value


def as_tensors(sample):
    """The arguments of a sample, arrays as constants; host arguments stay plain."""
    args = []
    for kind, a in zip(sample.op.kinds, sample.args):
        if isinstance(a, list):
            a = [tf.constant(x) for x in a]
        elif kind != "h" and isinstance(a, np.ndarray | np.generic):
            a = tf.constant(a)
        args.append(a)
    return args


def flat_outputs(op, result):
    if op.single:
        return [result]
    if isinstance(result, tf.Operation):
        return []
    return [t for part in result for t in (part if isinstance(part, list) else [part])] if result is not None else []


def tolerance(dtype):
    dtype = np.dtype(dtype)
    size = dtype.itemsize // 2 if dtype.kind == "c" else dtype.itemsize
    return {2: dict(rtol=2e-2, atol=2e-2), 4: dict(rtol=2e-5, atol=2e-6)}.get(size, dict(rtol=1e-9, atol=1e-9))


def assert_close(a, b, **options):
    a, b = (np.asarray(x, object if isinstance(x, bytes) else None) for x in (a, b))
    assert a.dtype == b.dtype and a.shape == b.shape
    if a.dtype.kind in "OSb?":
        assert a.tolist() == b.tolist()
        return
    if a.dtype.fields:
        a, b = a.view(a.dtype[0]), b.view(b.dtype[0])
    tol = options or (tolerance(a.dtype) if a.dtype.kind in "fcV" else dict(rtol=0, atol=0))
    if a.dtype.kind == "V":
        a, b = a.astype(np.float32), b.astype(np.float32)
    np.testing.assert_allclose(a, b, **tol)


def test_every_op_has_samples():
    missing = [n for n, op in registry.items() if op.sampler is None and n not in WITHOUT_SAMPLES]
    assert not missing, "ops without samples: %s" % missing


@by_op
def test_signature(op):
    """The kernel's parameters are the op's inputs and attributes, by TensorFlow's names."""
    definition = op.definition
    assert list(op.input_names) == [a.name for a in definition.inputs]
    assert not [n for n in op.attr_names if n not in definition.attrs]
    taken_up = set(op.attr_names) | definition.inferred | set(op.ignored_attrs)
    unread = [n for n in definition.attrs if n not in taken_up]
    assert not unread, "attributes that the kernel does not read: %s" % unread


@by_op
def test_gradient_is_declared(op):
    """Where TensorFlow registers a gradient (or that there is none), so does Eagle."""
    if op.definition.has_gradient:
        assert op.rules or op.joint_rule is not None


@by_sample
def test_values_are_plain_arrays(sample):
    for t in run_eagerly(sample):
        assert isinstance(t._v, np.ndarray | np.generic) or not t.dtype.is_numpy_compatible
        assert t._v.dtype is t.dtype.np, "a type that is not the canonical one"


@by_sample
def test_graph_agrees_with_eager(sample):
    expected = run_eagerly(sample)
    with tf.Graph().as_default():
        outputs = flat_outputs(sample.op, sample.op(*as_tensors(sample), **sample.attrs))
        assert [t.dtype.base_dtype for t in outputs] == [t.dtype for t in expected]
        for t, e in zip(outputs, expected):
            assert shapes.compatible(t._shape, tuple(e._v.shape)), "static shape %s, value %s" % (t._shape, e._v.shape)
        fed = [[as_fed(x) for x in a] if isinstance(a, list) else as_fed(a) for a in sample.args]
        computed = flat_outputs(sample.op, sample.op(*fed, **sample.attrs))
        with tf.Session() as sess:
            for got, e in zip(sess.run(computed), expected):
                assert_close(got, e._v)


@by_sample
def test_shape_rule(sample):
    """The shape rule holds with any subset of the dimensions unknown, and with all shapes unknown."""
    op, values = sample.op, [tuple(t._v.shape) for t in run_eagerly(sample)]
    if not op.definition.outputs:
        return
    if op.shape_rule is None:
        pytest.fail("no shape rule")
    with tf.Graph().as_default():
        node = op(*as_tensors(sample), **sample.attrs)
        attrs = first_operation(op, node).attrs
    attrs = {n: attrs[n] for n in op.shape_attrs}
    for hide in itertools.product([False, True], repeat=min(len(sample.args), 4)):
        args = [hidden(op, i, a, h) for i, (a, h) in enumerate(zip(sample.args, hide + (False,) * len(sample.args)))]
        result = op.shape_rule(*args, **attrs)
        result = [result] if op.single else result if result is not None else [None] * len(values)
        for r, v in zip(result, values):
            assert shapes.compatible(r, v), "the rule says %s for %s, the value has %s" % (r, args, v)
    blind = [[None] * len(a) if isinstance(a, list) else None for a in sample.args]
    result = op.shape_rule(*blind, **attrs)
    for r, v in zip([result] if op.single else result or [], values):
        assert shapes.compatible(r, v)


def first_operation(op, result):
    if isinstance(result, tf.Operation):
        return result
    return flat_outputs(op, result)[0].op


def hidden(op, index, arg, hide):
    """An argument of a shape rule, with every second dimension (or its value) unknown if `hide`."""
    kind = op.rule_kinds[index]
    if kind == "h":
        return None if hide else host_value(arg)
    if kind in "sv":
        value = host_value(arg)
        known = tuple(None if d < 0 and kind == "s" else d for d in value)
        return tuple(None if hide and i % 2 == 0 else d for i, d in enumerate(known))
    if kind == "k":
        return None if hide else np.asarray(arg)
    if kind == "L" and not hide:
        return [np.asarray(a) for a in arg]
    if kind in "lL":
        return [tuple(None if hide and i % 2 == 0 else d for i, d in enumerate(np.shape(a))) for a in arg]
    return tuple(None if hide and i % 2 == 0 else d for i, d in enumerate(np.shape(arg)))


@by_sample
def test_xla_agrees_with_numpy(sample):
    op = sample.op
    if op.is_host or op.is_stateful or op.asks_state:
        pytest.skip("not part of a compiled program")
    from eagle.run.xla import evaluate

    expected = unique_parts(op, [t._v for t in run_eagerly(sample)])
    for got, e in zip(unique_parts(op, list(map(np.asarray, evaluate(op, sample.args, sample.attrs)))), expected):
        loose = dict(rtol=1e-4, atol=1e-5) if e.dtype in (np.float32, np.complex64) else {}
        assert_close(got, e, **loose)


def unique_parts(op, values):
    """What of an op's outputs is the same however it is computed."""
    return values if op.normal_form is None else op.normal_form(*values)


# ------------------------------------------------------------------------------------------------------------ gradients


def differentiable(op):
    """Whether differences can check the op's gradient; not that of random samples, which are others each time."""
    if op.asks_state or op.name in STRAIGHT_THROUGH | BACK_TRANSFORMED:
        return False
    return op.joint_rule is not NOT_DIFFERENTIABLE and bool(op.rules or op.joint_rule)


# Ops of steps, whose gradient is by definition that of the identity; test_arrays.py checks it.
STRAIGHT_THROUGH = {"QuantizeAndDequantize", "QuantizeAndDequantizeV2", "QuantizeAndDequantizeV3"}

# Ops whose gradient TensorFlow takes to be what the inverse transform makes of it, which is not the derivative;
# programs/images.py compares it with TensorFlow's.
BACK_TRANSFORMED = {"ImageProjectiveTransformV2"}

GRADIENT_SAMPLES = [
    s for op in OPS if differentiable(op) and dtypes.float64 in principal_types(op) for s in samples(op, dtypes.float64)
]


def leaves(sample):
    """(argument number, place in a list or None) of the float64 arrays among the arguments."""
    for i, a in enumerate(sample.args):
        if isinstance(a, list):
            yield from ((i, j) for j, x in enumerate(a) if getattr(x, "dtype", None) == np.float64)
        elif getattr(a, "dtype", None) == np.float64 and sample.op.kinds[i] == "t":
            yield i, None


# Ops whose other outputs are slopes that the gradient makes use of, not results.
OF_FIRST_OUTPUT = {"CTCLoss", "EagleCTCLossDense"}

# Ops of self-adjoint matrices, of which they read one half only while the gradient speaks of both.
OF_SYMMETRIC = {"Cholesky"}


def projected(sample, replace, weights):
    """A scalar that depends on all outputs of a sample with some arguments replaced."""
    if sample.op.name in OF_SYMMETRIC:
        replace = {i: (x + tf.matrix_transpose(x)) * 0.5 for i, x in replace.items()}
    args = as_tensors(sample)
    for (i, j), value in replace.items():
        if j is None:
            args[i] = value
        else:
            args[i][j] = value
    outputs = flat_outputs(sample.op, sample.op(*args, **sample.attrs))
    parts = [tf.reduce_sum(t * w) for t, w in zip(outputs, weights) if w is not None]
    return tf.add_n(parts)


def output_weights(sample):
    rng = np.random.RandomState(3)
    outputs = run_eagerly(sample)
    if sample.op.name in OF_FIRST_OUTPUT:
        outputs = outputs[:1]
    return [rng.uniform(0.5, 1.5, t._v.shape) if t.dtype == tf.float64 else None for t in outputs]


def taped_gradient(f, x):
    tape = tapes.Tape()
    tape.watch(x)
    tapes.push(tape)
    try:
        y = f(x)
    finally:
        tapes.pop(tape)
    g = gradient_of_tape(tape, [y], [x], [None])[0]
    return None if g is None else tf.convert_to_tensor(g)


def differences(f, x, epsilon=1e-6):
    """The gradient of a scalar function by central differences."""
    out = np.zeros(x.shape)
    for k in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[k] += epsilon
        down[k] -= epsilon
        out[k] = (float(f(tf.constant(up))) - float(f(tf.constant(down)))) / (2 * epsilon)
    return out


@pytest.mark.parametrize("sample", GRADIENT_SAMPLES, ids=lambda s: s.id)
def test_gradient(sample):
    """First and second derivatives agree with differences, and the graph's gradients with the tape's."""
    weights = output_weights(sample)
    if not any(w is not None for w in weights):
        pytest.skip("no float output")
    for leaf in leaves(sample):
        x = sample.args[leaf[0]] if leaf[1] is None else sample.args[leaf[0]][leaf[1]]
        with tf.eager_mode():

            def f(t, leaf=leaf):
                return projected(sample, {leaf: t}, weights)

            g = taped_gradient(f, tf.constant(x))
            if g is None:
                assert leaf[0] not in sample.op.rules
                continue
            np.testing.assert_allclose(g.numpy(), differences(f, x), rtol=1e-5, atol=1e-6)
            check_second(f, x, g)
        check_graph_gradient(sample, leaf, x, weights, g.numpy())


def check_second(f, x, first):
    mix = np.random.RandomState(5).uniform(0.5, 1.5, x.shape)

    def slope(t):
        g = taped_gradient(f, t)
        return tf.reduce_sum(g * mix)

    try:
        second = taped_gradient(slope, tf.constant(x))
    except LookupError as e:
        if re.search("No gradient defined|no entry for|explicitly disabled", str(e)):
            return  # TensorFlow has no second derivative there either, or the golden test says so
        raise
    expected = differences(slope, x)
    got = np.zeros(x.shape) if second is None else second.numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def check_graph_gradient(sample, leaf, x, weights, expected):
    with tf.Graph().as_default(), tf.Session() as sess:
        for shape in (x.shape, None):
            t = tf.placeholder_with_default(x, shape)
            g = tf.gradients(projected(sample, {leaf: t}, weights), t)[0]
            np.testing.assert_allclose(sess.run(tf.convert_to_tensor(g)), expected, rtol=1e-8, atol=1e-9)


# ---------------------------------------------------------------------------------------------------------- TensorFlow's


GOLDEN = goldens()
TYPED = [s for op in OPS for s in typed_samples(op)]


@pytest.mark.parametrize("sample", TYPED, ids=lambda s: s.id)
def test_types_and_golden_values(sample):
    """Every declared type works where TensorFlow has a kernel for it, and gives TensorFlow's values."""
    recorded = GOLDEN.get(sample.id)
    if recorded is None and sample.op.name.startswith("Eagle"):
        pytest.skip("TensorFlow has no such op")
    if recorded is None:
        pytest.fail("no golden values; run tools/record_golden.py")
    if recorded == "unsupported":
        return
    computed = unique_parts(sample.op, [t._v for t in run_eagerly(sample)])
    for value, expected in zip(computed, unique_parts(sample.op, recorded), strict=True):
        loose = sample.op.golden_tolerance
        if loose is None or np.asarray(value).dtype.kind not in "fc":
            assert_close(value, expected)
        else:
            assert_close(value, expected, rtol=loose, atol=loose)
