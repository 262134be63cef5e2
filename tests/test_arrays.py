"""What samples don't show of the array ops: indexing, packing, partly known shapes, messages, gradients as slices."""

import numpy as np
import pytest

import eagle as tf
from eagle.core import known
from eagle.core.backprop import densify
from eagle.core.dispatch import registry
from eagle.core.tape import Tape, pop, push
from eagle.core.tensor import EagerTensor
from eagle.ops.sparse_serializing import deserialize_sparse

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
S = np.s_
INDICES = [
    S[0], S[-1], S[1:], S[:, 1], S[..., 1], S[:, ::2], S[:, ::-1], S[:, -2:-9:-1], S[None], S[:, None, 1], S[..., None],
    S[1, ..., 0], S[0, 0, 0], S[1:1], S[()], S[...], S[:5, 7:], S[np.int64(1), np.int32(-1)], S[1:None:1, None, ..., None, 3],
]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_index(index):
    expected = X[index]
    with tf.eager_mode():
        np.testing.assert_array_equal(tf.constant(X)[index].numpy(), expected)
    for shape in (X.shape, (None, 3, None), None):
        with tf.Graph().as_default(), tf.Session() as sess:
            t = tf.placeholder(tf.float32, shape)[index]
            assert t.shape.is_compatible_with(expected.shape)
            assert shape is None or t.shape.ndims == expected.ndim
            np.testing.assert_array_equal(sess.run(t, {t.op.inputs[0]: X}), expected)


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_gradient_of_index(index):
    weights = np.random.RandomState(0).uniform(size=X[index].shape).astype(np.float32)
    expected = np.zeros_like(X)
    expected[index] = weights
    with tf.eager_mode():
        x = tf.constant(X)
        g = taped(lambda: tf.reduce_sum(x[index] * weights), x)
        np.testing.assert_array_equal(g.numpy(), expected)
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder_with_default(X, None)
        g = tf.gradients(tf.reduce_sum(x[index] * weights), x)[0]
        np.testing.assert_array_equal(sess.run(g), expected)


def taped(f, *sources):
    """The gradients of `f()` with respect to eager tensors."""
    with tf.GradientTape() as tape:
        for s in sources:
            tape.watch(s)
        y = f()
    found = tape.gradient(y, list(sources))
    return found[0] if len(found) == 1 else found


def test_index_by_tensors():
    with tf.eager_mode():
        x, k = tf.constant(X), tf.constant(1)
        np.testing.assert_array_equal(x[k, k:, : tf.constant(2, tf.int64)].numpy(), X[1, 1:, :2])
        np.testing.assert_array_equal(x[[0, 1]].numpy(), X[0, 1])  # a list is a tuple of indices, as in TensorFlow
        np.testing.assert_array_equal(x[tf.constant([True, False])].numpy(), X[:1])
    with tf.Graph().as_default(), tf.Session() as sess:
        k = tf.placeholder(tf.int32, [])
        t = tf.constant(X)[k, k:]
        assert t.shape.as_list() == [None, 4]
        np.testing.assert_array_equal(sess.run(t, {k: 1}), X[1, 1:])


@pytest.mark.parametrize("index", [1.0, "a", np.array([0, 1]), np.bool_(True), slice(0.5), np.uint8(1)], ids=repr)
def test_no_index(index):
    for mode in (tf.eager_mode, tf.graph_mode):
        with mode(), pytest.raises(TypeError, match="Only integers, slices"):
            tf.constant(X)[index]


@pytest.mark.parametrize(
    "index, message",
    [
        (2, "slice index 2 of dimension 0 out of bounds."),
        (-3, "slice index -1 of dimension 0 out of bounds."),
        (np.s_[:, 3], "slice index 3 of dimension 1 out of bounds."),
        (np.s_[::0], r"strides\[0\] must be non-zero"),
        (np.s_[0, 0, 0, 0], "Index out of range using input dim 3; input has only 3 dims"),
        (np.s_[..., ...], "Multiple ellipses in slice spec not allowed"),
    ],
    ids=str,
)
def test_index_out_of_range(index, message):
    eagerly = message + r" \[Op:StridedSlice\] name: strided_slice/"
    with tf.eager_mode(), pytest.raises(tf.errors.InvalidArgumentError, match=eagerly):
        tf.constant(X)[index]
    with pytest.raises(ValueError, match=message):
        tf.constant(X)[index]


def test_text_stays_an_array():
    with tf.eager_mode():
        t = tf.constant(["a", "b"])
        for piece in (t[1], tf.unstack(t)[1], tf.gather(t, 1), tf.gather_nd(t, [1])):
            assert piece.dtype == tf.string and piece.shape == () and piece.numpy() == b"b"


# -------------------------------------------------------------------------------------------------------------- packing


def test_lists_of_tensors_are_packed():
    with tf.eager_mode():
        one = tf.constant(1.0)
        np.testing.assert_array_equal(tf.convert_to_tensor([[one, 2.0], (3.0, one)]).numpy(), [[1, 2], [3, 1]])
        assert tf.convert_to_tensor([tf.constant(1), 2], dtype=tf.float32).dtype == tf.float32
    t = tf.convert_to_tensor([[tf.constant(1.0), 2.0], [3.0, 4.0]])
    assert t.op.type == "Pack" and t.op.name == "packed" and t.shape == (2, 2)
    with pytest.raises(TypeError, match="Cannot convert a list containing a tensor of dtype"):
        tf.convert_to_tensor([tf.constant(1.0), tf.constant(1)])


# ---------------------------------------------------------------------------------------------- what is known beforehand


def test_partly_known_shapes():
    x = tf.placeholder(tf.float32, [None, 784])
    n = tf.shape(x)[0]
    assert tf.reshape(x, [n, 784]).shape.as_list() == [None, 784]
    assert tf.reshape(x, [n, 28, -1]).shape.as_list() == [None, 28, None]
    assert tf.zeros(tf.stack([n, 5])).shape.as_list() == [None, 5]
    assert tf.zeros(tf.concat([tf.shape(x)[:1], [3]], 0)).shape.as_list() == [None, 3]
    assert tf.zeros(tf.shape(x)[1:]).shape.as_list() == [784]
    assert tf.fill([2, n], 1.0).shape.as_list() == [2, None]
    assert tf.tile(tf.ones([3, 3]), [n, 2]).shape.as_list() == [None, 6]
    assert tf.pad(x, [[1, n], [1, 2]]).shape.as_list() == [None, 787]
    assert tf.slice(x, [n, 1], [1, -1]).shape.as_list() == [1, 783]
    assert tf.range(tf.size(tf.zeros([2, 3]))).shape.as_list() == [6]
    assert tf.transpose(tf.placeholder(tf.float32), tf.placeholder(tf.int32, [3])).shape.as_list() == [None] * 3
    assert known.partial(tf.stack([n, -1])) == (None, -1)


def test_constant_value_tells_what_tensorflow_tells():
    x = tf.placeholder(tf.float32, [None, 3])
    tell = tf.contrib.util.constant_value
    assert tell(tf.shape(x)) is None and tell(tf.shape(x)[1]) is None
    np.testing.assert_array_equal(tell(tf.stack([tf.rank(x), 5])), [2, 5])
    assert tell(tf.stack([tf.size(x), 5]), partial=True).tolist() == [None, 5]
    assert tell(tf.constant(2) + 3) is None  # more is known inside, but programs must take TensorFlow's turns
    assert tell(tf.cast(tf.fill([2], 1.5), tf.int32)).tolist() == [1, 1]
    c = tf.constant(7)
    assert tell(c) == 7 and not tf.get_default_graph().is_feedable(c)


# ------------------------------------------------------------------------------------------------------------- gradients


def test_gradient_of_gathered_rows_is_slices():
    rows = np.array([[0, 2], [2, 1]])
    expected = np.zeros((4, 3), np.float32)
    np.add.at(expected, rows, 1)
    with tf.eager_mode():
        x = tf.constant(np.ones((4, 3), np.float32))
        g = taped(lambda: tf.reduce_sum(tf.gather(x, rows)), x)
        assert isinstance(g, tf.IndexedSlices) and g.values.shape == (4, 3) and g.dense_shape.numpy().tolist() == [4, 3]
        np.testing.assert_array_equal(densify(g).numpy(), expected)
        with tf.GradientTape() as tape:  # slices that meet a dense gradient, and that go on through other ops
            tape.watch(x)
            y = tf.reduce_sum(tf.gather(tf.reshape(x * 2.0, [4, 3]), rows)) + tf.reduce_sum(x)
        np.testing.assert_array_equal(tape.gradient(y, x).numpy(), 2 * expected + 1)
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder_with_default(np.ones((4, 3), np.float32), [None, 3])
        g = tf.gradients(tf.reduce_sum(tf.gather(x, rows)), x)[0]
        assert isinstance(g, tf.IndexedSlices)
        np.testing.assert_array_equal(sess.run(tf.convert_to_tensor(g)), expected)


@pytest.mark.parametrize("axis", [0, 1])
def test_gradient_of_joined_and_gathered(axis):
    """A gather of a concat: the slices are handed on to the parts."""
    a, b = np.ones((2, 3), np.float32), np.ones((2, 3), np.float32)
    rows = [1, 1, 0] + ([3] if axis == 0 else [])
    expected = np.zeros((4, 3) if axis == 0 else (2, 6), np.float32)
    np.add.at(expected, rows, 1)
    parts = np.split(expected, 2, axis)
    with tf.eager_mode():
        x, y = tf.constant(a), tf.constant(b)
        for g, e in zip(taped(lambda: tf.reduce_sum(tf.gather(tf.concat([x, y], axis), rows)), x, y), parts):
            np.testing.assert_array_equal(densify(g).numpy(), e)
    with tf.Graph().as_default(), tf.Session() as sess:
        x, y = tf.placeholder_with_default(a, None), tf.placeholder_with_default(b, [None, 3])
        found = tf.gradients(tf.reduce_sum(tf.gather(tf.concat([x, y], axis), rows)), [x, y])
        for g, e in zip(found, parts):
            np.testing.assert_array_equal(sess.run(tf.convert_to_tensor(g)), e)


def test_sweep_on_values_adds_up_what_joint_rules_give():
    """A tensor that goes several times into lists, with outputs of which some are not used."""
    with tf.eager_mode():
        x = tf.constant(np.arange(6, dtype=np.float32).reshape(2, 3))

        def f(t):
            parts = tf.split(tf.concat([t, t * t, t], 1), 3, 1)
            rows = tf.unstack(tf.stack([parts[1], parts[2]]))
            return tf.reduce_sum(rows[0] * 3.0 + rows[0])

        np.testing.assert_allclose(taped(lambda: f(x), x).numpy(), 8 * x.numpy())


def test_tape_keeps_no_values_for_rearrangements():
    with tf.eager_mode():
        x = tf.constant(X)
        tape = Tape()
        tape.watch(x)
        push(tape)
        try:
            tf.transpose(tf.reshape(tf.concat([x, x], 0)[1:], [-1, 4]))
        finally:
            pop(tape)
        kept = [k for record in tape.records for k in record[3]]
        assert tape.records and not any(isinstance(k, EagerTensor) for k in kept)


def test_straight_through():
    with tf.eager_mode():
        x = tf.constant([0.3, -0.7, 5.0])
        g = taped(lambda: tf.reduce_sum(tf.quantization.quantize_and_dequantize(x, -1.0, 1.0, range_given=True) * 2.0), x)
        np.testing.assert_array_equal(g.numpy(), [2, 2, 2])


def test_prevented_gradient():
    with tf.eager_mode():
        x = tf.constant(1.0)
        with pytest.raises(LookupError, match="Gradient explicitly disabled. Reason: b'no'"):
            taped(lambda: registry["PreventGradient"](x, message="no"), x)


# -------------------------------------------------------------------------------------------------------------- messages


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda x: tf.concat([x, x[:1]], 1),
            r"ConcatOp : Dimensions of inputs should match: shape\[0\] = \[2,3\] vs. shape\[1\] = ",
        ),
        (lambda x: tf.concat([x, x], 2), r"Expected concatenating dimensions in the range \[-2, 2\), but got 2"),
        (lambda x: tf.split(x, 2, 1), "Number of ways to split should evenly divide the split dimension"),
        (lambda x: tf.split(x, [1, 1], 1), "Determined shape must either match input shape along split_dim exactly"),
        (lambda x: tf.reshape(x, [4]), "Input to reshape is a tensor with 6 values, but the requested shape has 4"),
        (lambda x: tf.reshape(x, [-1, -1]), "Only one input size may be -1, not both 0 and 1"),
        (lambda x: tf.gather(x, [0, 2]), r"indices\[1\] = 2 is not in \[0, 2\)"),
        (lambda x: tf.gather(x, [0, -1]), r"indices\[1\] = -1 is not in \[0, 2\)"),
        (lambda x: tf.gather_nd(x, [[0, 3]]), r"indices\[0\] = \[0, 3\] does not index into param shape \[2,3\]"),
        (lambda x: tf.expand_dims(x, 3), "Tried to expand dim index 3 for tensor with 2 dimensions"),
        (lambda x: tf.squeeze(x, [0]), r"Can not squeeze dim\[0\], expected a dimension of 1, got 2"),
        (lambda x: tf.tile(x, [2, -1]), r"Expected multiples\[1\] >= 0, but got -1"),
        (lambda x: tf.transpose(x, [1, 1]), r"0 is missing from \{1,1\}"),
        (lambda x: tf.slice(x, [0, 2], [1, 2]), r"Expected size\[1\] in \[0, 1\], but got 2"),
    ],
)
def test_messages(call, message):
    value = np.ones((2, 3), np.float32)
    with tf.eager_mode(), pytest.raises(tf.errors.InvalidArgumentError, match=message):
        call(tf.constant(value))
    with tf.Session() as sess, pytest.raises((tf.errors.InvalidArgumentError, ValueError), match=message):
        x = tf.placeholder(tf.float32)
        sess.run(call(x), {x: value})


def test_eager_error_names_the_call():
    with tf.eager_mode(), tf.name_scope("scope"):
        a, b = tf.zeros([2, 3]), tf.zeros([4])
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[Op:ConcatV2\] name: concat$"):
            tf.concat([a, b], 0)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[Op:Add\]$"):
            tf.add(a, b)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[Op:AddV2\] name: scope/add/$"):
            a + b


# ------------------------------------------------------------------------------------------------------------ the others


def test_repeat():
    x = np.arange(6).reshape(2, 3)
    cases = [(2, None), ([1, 0, 2, 3, 0, 1], None), (3, 1), ([2, 1], 0), ([0, 3, 1], -1)]
    for repeats, axis in cases:
        expected = np.repeat(x, repeats, axis)
        with tf.eager_mode():
            np.testing.assert_array_equal(tf.repeat(x, repeats, axis).numpy(), expected)
        with tf.Graph().as_default(), tf.Session() as sess:
            np.testing.assert_array_equal(sess.run(tf.repeat(tf.constant(x), repeats, axis)), expected)


def test_sort_in_both_modes():
    x = np.array([[3.0, 1.0, 2.0, 1.0], [0.0, 5.0, -1.0, 4.0]], np.float32)
    for axis in (-1, 0):
        for direction, sign in (("ASCENDING", 1), ("DESCENDING", -1)):
            order = np.argsort(sign * x, axis, kind="stable")
            with tf.eager_mode():
                found = [[t.numpy() for t in (tf.sort(x, axis, direction), tf.argsort(x, axis, direction))]]
            with tf.Session() as sess:
                found.append(sess.run([tf.sort(x, axis, direction), tf.argsort(tf.constant(x), axis, direction)]))
            for values, places in found:
                np.testing.assert_array_equal(np.asarray(values), np.take_along_axis(x, order, axis))
                np.testing.assert_array_equal(np.asarray(places), order)


def test_check_numerics_ops():
    x = tf.placeholder(tf.float32)
    tf.log(x, name="logarithm")
    check = tf.add_check_numerics_ops()
    with tf.Session() as sess:
        sess.run(check, {x: 1.0})
        with pytest.raises(tf.errors.InvalidArgumentError, match="Tensor had Inf"):
            sess.run(check, {x: np.inf})


@pytest.mark.parametrize("shape,static", [(None, None), ([2, 3], (2, 3)), ([2, None], (None, None))])
def test_sparse_placeholder(shape, static):
    value = tf.SparseTensorValue(np.array([[0, 1]]), np.array([3.0], np.float32), np.array([2, 3]))
    with tf.Graph().as_default(), tf.Session() as sess:
        s = tf.sparse_placeholder(tf.float32, shape)
        assert s.shape.ndims is None if static is None else s.shape.as_list() == list(static)
        for got, fed in zip(sess.run(s, {s: value}), value):
            np.testing.assert_array_equal(got, fed)
    with tf.eager_mode(), pytest.raises(RuntimeError, match="not compatible with eager"):
        tf.sparse_placeholder(tf.float32)


def test_fingerprint_tells_rows_apart():
    with tf.eager_mode():
        rows = tf.fingerprint(tf.constant(["a", "b", "a"])).numpy()
        assert rows.dtype == np.uint8 and rows.shape == (3, 8)
        assert (rows[0] == rows[2]).all() and (rows[0] != rows[1]).any()
        with pytest.raises(tf.errors.InvalidArgumentError, match="Unsupported fingerprint method: md5"):
            tf.fingerprint([1.0], "md5")


def test_constant_of_a_matrix_takes_other_ranks():
    matrix = np.matrix("1 2 3; 4 5 6")
    for shape in ((1, 2, 3), (6,), (3, 2)):
        with tf.Graph().as_default(), tf.Session() as session:
            constant = tf.constant(matrix, shape=shape, dtype=tf.float32)
            assert constant.shape == shape
            np.testing.assert_array_equal(session.run(constant), np.arange(1, 7).reshape(shape))
        with tf.eager_mode():
            assert tf.constant(matrix, shape=shape).numpy().shape == shape


REARRANGED_HANDLES = {
    "stacked": (lambda v: tf.stack([v, v]), [2, 2, 3]),
    "stacked twice": (lambda v: tf.stack([tf.stack([v, v])] * 2), [2, 2, 2, 3]),
    "stacked apart": (lambda v: tf.stack([v[0], v[1], v[2]]), [2, 3]),
    "reshaped": (lambda v: tf.reshape(tf.stack([v, v]), [2, 1, 3]), [2, 1, 2, 3]),
    "row": (lambda v: tf.stack([v, v])[1], [2, 3]),
    "rows": (lambda v: tf.stack([v, v])[1:], [1, 2, 3]),
    "gathered": (lambda v: tf.gather(tf.stack([v, v]), [0, 1, 1]), [3, 2, 3]),
    "gathered columns": (lambda v: tf.gather(tf.stack([v, v]), [0, 1, 2], axis=1), [2, 2, 3]),
    "unstacked": (lambda v: tf.unstack(tf.stack([v, v]))[1], [2, 3]),
    "transposed": (lambda v: tf.transpose(tf.stack([v, v], axis=1)), [2, 2, 3]),
}


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("kind", REARRANGED_HANDLES)
def test_variants_are_rearranged(kind, eager):
    rearrange, expected = REARRANGED_HANDLES[kind]

    def found():
        x = tf.SparseTensor(np.array([[0, 1]], np.int64), np.array([5], np.int32), np.array([2, 3], np.int64))
        out = deserialize_sparse(rearrange(tf.serialize_sparse(x, out_type=tf.variant)), tf.int32)
        return out.values, out.dense_shape

    if eager:
        with tf.eager_mode():
            values, shape = (t.numpy() for t in found())
    else:
        with tf.Graph().as_default(), tf.Session() as session:
            values, shape = session.run(found())
    assert shape.tolist() == expected
    assert values.tolist() == [5] * int(np.prod(expected[:-2]))


class _Plan(tf.keras.Model):
    """Keeps lists, which it tracks as lists of its own kind."""

    def __init__(self):
        super().__init__()
        self.shape_, self.order, self.sizes = [-1, 3], [1, 0], [2, 1]


@pytest.mark.parametrize("mode", ["eager", "graph"])
def test_lists_that_objects_track_are_lists(mode):
    with tf.eager_mode() if mode == "eager" else tf.Graph().as_default():
        plan, x = _Plan(), tf.ones([3, 2])
        assert type(plan.order) is not list
        assert tf.reshape(x, plan.shape_).shape.as_list() == [2, 3]
        assert tf.transpose(x, plan.order).shape.as_list() == [2, 3]
        assert [p.shape.as_list() for p in tf.split(x, plan.sizes)] == [[2, 2], [1, 2]]
        assert tf.slice(x, plan.order, plan.sizes).shape.as_list() == [2, 1]


FOLDED = {
    "setdiff1d": (lambda: tf.setdiff1d(tf.constant([5, 6, 4]), tf.constant([5]))[0], [6, 4]),
    "unique": (lambda: tf.unique(tf.constant([5, 6, 5]))[0], [5, 6]),
    "counts": (lambda: tf.unique_with_counts(tf.constant([5, 6, 5]))[2], [2, 1]),
    "stitch": (lambda: tf.dynamic_stitch([[0, 1], [2]], [tf.constant([5, 6]), tf.constant([7])]), [5, 6, 7]),
    "partition": (lambda: tf.dynamic_partition(tf.constant([1, 5, 3]), [0, 1, 0], 2)[0], [1, 3]),
    "where": (lambda: tf.where(tf.constant([True, False, True]))[:, 0], [0, 2]),
    "boolean_mask": (lambda: tf.boolean_mask(tf.constant([5, 6, 7]), [True, False, True]), [5, 7]),
    "number": (lambda: tf.string_to_number(tf.constant(["3", "4"]), tf.int32), [3, 4]),
    "raw": (lambda: tf.decode_raw(tf.constant(b"\x03\0\0\0"), tf.int32), [3]),
    "length": (lambda: tf.strings.length(tf.constant(["ab", "c"])), [2, 1]),
}


@pytest.mark.parametrize("name", FOLDED)
def test_sizes_that_follow_from_constants_are_known(name):
    make, expected = FOLDED[name]
    with tf.Graph().as_default():
        assert tf.zeros(make()).shape.as_list() == expected


@pytest.mark.parametrize("axes,shape", [
    ((np.array([0, 1]), np.array([1, 0])), [5]),
    ((np.array([0]), np.array([1])), [4, 5, 4]),
    ((np.array([], int), np.array([], int)), [3, 4, 5, 4, 3]),
    (np.array([[0, 1], [1, 0]]), [5]),
])  # fmt: skip
def test_tensordot_along_axes_in_arrays(axes, shape):
    x, y = np.arange(60.0).reshape(3, 4, 5), np.arange(12.0).reshape(4, 3)
    with tf.Graph().as_default(), tf.Session() as sess:
        product = tf.tensordot(x, y, axes)
        assert product.shape.as_list() == shape
        np.testing.assert_allclose(sess.run(product), np.tensordot(x, y, axes))


def test_range_and_sharded_names_of_what_is_no_scalar():
    def message(make, *values):
        with tf.Graph().as_default(), tf.Session() as sess:
            inputs = [tf.placeholder(np.asarray(v).dtype if not isinstance(v, str) else tf.string) for v in values]
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                sess.run(make(*inputs), dict(zip(inputs, values)))
            return str(caught.value).split("\n")[0]

    def names(basename, shard, count):
        return tf.raw_ops.ShardedFilename(basename=basename, shard=shard, num_shards=count)

    def pattern(basename, count):
        return tf.raw_ops.ShardedFilespec(basename=basename, num_shards=count)

    assert message(tf.range, np.int32([0, 1]), np.int32(3), np.int32(1)) == "start must be a scalar, not shape [2]"
    assert message(tf.range, np.int32(0), np.int32([3]), np.int32(1)) == "limit must be a scalar, not shape [1]"
    assert message(tf.range, np.int32(0), np.int32(3), np.int32([[2]])) == "delta must be a scalar, not shape [1,1]"
    assert message(tf.range, np.float32(0), np.float32(3), np.float32(0)) == "Requires delta != 0: 0"
    assert message(tf.range, np.float32(5), np.float32(3), np.float32(1)) == "Requires start <= limit when delta > 0: 5/3"
    assert message(names, "foo", np.int32([4]), np.int32(100)) == "shard must be a scalar, got shape [1]"
    assert message(pattern, "foo", np.int32([100])) == "num_shards must be a scalar, got shape [1]"


def test_samples_and_logarithms_of_nothing():
    with tf.eager_mode():
        assert tf.random_gamma([5], np.ones((2, 0, 3), "f")).shape == (5, 2, 0, 3)
        assert tf.linalg.logm(np.ones((2, 0, 0), np.complex64)).shape == (2, 0, 0)


class _Odd:
    """A sequence of its own class whose elements have other keys than 0, 1, ..."""

    def __getitem__(self, key):
        raise KeyError(key)

    def __len__(self):
        return 2

    def __iter__(self):
        return iter([1, 3])


def test_eager_constants_of_sequences_of_other_classes():
    with tf.eager_mode():
        assert tf.constant(_Odd()).numpy().tolist() == [1, 3]
        assert tf.constant([_Odd(), (5, 7)]).numpy().tolist() == [[1, 3], [5, 7]]
        assert tf.constant(_Odd(), tf.float32).dtype is tf.float32
        assert (tf.constant(1) + _Odd()).numpy().tolist() == [2, 4]
        for value in ({1: 2}, {1, 2}, [{1: 2}]):
            with pytest.raises(ValueError, match="with an unsupported type"):
                tf.constant(value)
    with (
        tf.Graph().as_default(),
        pytest.raises(ValueError, match=r"must be a dense tensor: .* - got shape \[2\], but wanted \[\]\."),
    ):
        tf.constant(_Odd())
