"""Ragged tensors beyond their own functions: in datasets, in the signatures of functions, in loops and branches."""

import re

ROWS = [[[1, 2], []], [], [[3]]]


def _plain(tf, x):
    if isinstance(x, dict):
        return {k: _plain(tf, v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [_plain(tf, v) for v in x]
    if isinstance(x, (tf.RaggedTensor, tf.compat.v1.ragged.RaggedTensorValue)):
        splits = [getattr(s, "numpy", lambda s=s: s)().tolist() for s in x.nested_row_splits]
        return [x.to_list(), splits]
    if hasattr(x, "numpy"):
        x = x.numpy()
    return x.tolist() if hasattr(x, "tolist") else x


def _text(thing):
    return re.sub(r"<class '[\w.]*\.(\w+)'>", r"<\1>", str(thing))


def _tried(tf, function):
    """What a function gives, or the error that it raises."""
    try:
        return _plain(tf, function())
    except Exception as e:
        return [type(e).__name__, _text(e).split("\n")[0].split(" [Op:")[0]]


def _elements(tf, dataset):
    take = tf.compat.v1.data.make_one_shot_iterator(dataset).get_next()
    found = []
    with tf.compat.v1.Session() as session:
        while True:
            try:
                found.append(_plain(tf, session.run(take)))
            except tf.errors.OutOfRangeError:
                return found


def _told(tf, dataset):
    data = tf.compat.v1.data
    told = data.get_output_types(dataset), data.get_output_shapes(dataset), data.get_output_classes(dataset)
    return [_text(dataset.element_spec), *map(_text, told), _elements(tf, dataset)]


def _all(tf, makers):
    found = {}
    for name, make in makers.items():
        with tf.Graph().as_default():
            found[name] = _tried(tf, make)
    return found


def datasets(tf):
    d, constant = tf.data.Dataset, tf.ragged.constant

    def rows():
        return d.from_tensor_slices(constant(ROWS))

    def ranges(n):
        return d.range(n).map(lambda i: tf.ragged.range([i], [3]))

    halves = tf.RaggedTensor.from_row_splits
    makers = {
        "from_tensors": lambda: d.from_tensors(constant(ROWS)),
        "strings": lambda: d.from_tensors(constant([["a", "b"], []])).map(lambda r: tf.strings.length(r)),
        "slices": rows,
        "slices of a value": lambda: d.from_tensor_slices(tf.compat.v1.ragged.constant_value(ROWS)),
        "slices in a structure": lambda: d.from_tensor_slices({"a": constant(ROWS), "b": [1, 2, 3]}),
        "slices that are not ragged": lambda: d.from_tensor_slices(constant([[1], [2, 3]])),
        "inner dimensions": lambda: d.from_tensor_slices(halves(tf.reshape(tf.range(8), [4, 2]), [0, 1, 4])).batch(2),
        "inner rows": lambda: d.from_tensor_slices(halves(constant([[1], [2, 3], [4]]), [0, 1, 3])).batch(2),
        "batch": lambda: rows().batch(2),
        "batch without remainder": lambda: rows().batch(2, drop_remainder=True),
        "batches of batches": lambda: rows().batch(2).batch(2),
        "batch to map": lambda: ranges(3).batch(3),
        "unbatch": lambda: ranges(3).batch(3).unbatch(),
        "map to tensors": lambda: rows().map(lambda r: r.flat_values),
        "map": lambda: rows().map(lambda r: r + 1),
        "filter": lambda: rows().filter(lambda r: tf.size(r) > 1),
        "chain": lambda: ranges(4).repeat(2).shuffle(1).take(3).skip(1).prefetch(1).cache(),
        "zip": lambda: d.zip((rows(), d.range(3))),
        "flat_map": lambda: d.from_tensors(constant(ROWS)).flat_map(d.from_tensor_slices),
        "concatenate": lambda: d.from_tensors(constant(ROWS)).concatenate(d.from_tensors(constant([[[9]], [[8]], [[7]]]))),
        "concatenate others": lambda: d.from_tensors(constant(ROWS)).concatenate(d.from_tensors(constant([[[9]]]))),
        "window": lambda: rows().window(2).flat_map(lambda w: w.batch(2)),
    }
    return _all(tf, {name: lambda make=make: _told(tf, make()) for name, make in makers.items()})


def iterators_and_optionals(tf):
    data, constant = tf.compat.v1.data, tf.ragged.constant
    dataset = tf.data.Dataset.from_tensor_slices(constant(ROWS))
    told = data.get_output_types(dataset), data.get_output_shapes(dataset)
    iterator = data.Iterator.from_structure(*told, output_classes=data.get_output_classes(dataset))
    take = iterator.get_next()
    optional = tf.data.experimental.Optional.from_value(constant(ROWS))
    with tf.compat.v1.Session() as session:
        session.run(iterator.make_initializer(dataset))
        return {
            "shapes": [str(t.shape) for t in (take, take.flat_values, take.row_splits)],
            "value": _plain(tf, session.run(take)),
            "optional": _plain(tf, session.run(optional.get_value())),
            "spec of optional": _text(optional.value_structure),
            "structure": _text(tf.data.experimental.RaggedTensorStructure(tf.int32, [2, None], 1)),
        }


def variants(tf):
    ops = tf.raw_ops

    def encode(rt, batched):
        parts = list(rt.nested_row_splits)
        return ops.RaggedTensorToVariant(rt_nested_splits=parts, rt_dense_values=rt.flat_values, batched_input=batched)

    def decode(v, given, wanted, dtype=tf.int32, splits=tf.int64):
        def run():
            with tf.compat.v1.Session() as session:
                found = ops.RaggedTensorFromVariant(encoded_ragged=v(), input_ragged_rank=given, output_ragged_rank=wanted,
                                                    Tvalues=dtype, Tsplits=splits)  # fmt: skip
                return session.run([found.output_nested_splits, found.output_dense_values])

        return run

    def one():
        return encode(tf.ragged.constant(ROWS), False)

    def each():
        return encode(tf.ragged.constant(ROWS), True)

    def stacked():
        rows = each()
        return tf.reshape(tf.stack([rows[0], rows[1], rows[2], rows[0]]), [2, 2])

    def different():
        return tf.stack([each()[0], encode(tf.ragged.constant([[[1, 2]], [[3, 4]]], ragged_rank=1), False)])

    makers = {
        "one": decode(one, -1, 2), "one, told": decode(one, 2, 2), "rows": decode(each, 1, 2), "rows inferred": decode(each, -1, 2),
        "stacked": decode(stacked, 1, 3), "vectors": decode(lambda: encode(tf.ragged.constant([[1], [2, 3], []]), True), 0, 1),
        "wrong rank": decode(each, 2, 2), "wrong type": decode(one, -1, 2, tf.float32),
        "wrong splits": decode(one, -1, 2, tf.int32, tf.int32), "different ranks": decode(different, 1, 2),
    }  # fmt: skip
    return _all(tf, makers)


def _while(tf, body, *shape, condition=lambda i, r: i < 3):
    def run():
        start = [0, tf.ragged.constant([[1], [2, 3]])]
        invariants = [tf.TensorShape([]), *shape] if shape else None
        with tf.compat.v1.Session() as session:
            return session.run(tf.while_loop(condition, body, start, shape_invariants=invariants))

    return run


def loops_and_branches(tf):
    constant = tf.ragged.constant

    def cond(value, first, second):
        def run():
            with tf.compat.v1.Session() as session:
                return session.run(tf.cond(tf.constant(value), lambda: constant(first), lambda: constant(second)))

        return run

    makers = {
        "cond": cond(True, [[1, 2], [3]], [[1], [2, 4]]),
        "cond with other rows": cond(False, [[1, 2], [3]], [[1], [2, 4], [5]]),
        "longer rows": _while(tf, lambda i, r: (i + 1, tf.concat([r, r], 1))),
        "more rows": _while(tf, lambda i, r: (i + 1, tf.concat([r, r], 0)), tf.TensorShape([None, None])),
        "kept shape": _while(tf, lambda i, r: (i + 1, r + 1), tf.TensorShape([2, None])),
        "spec": _while(tf, lambda i, r: (i + 1, r + 1), tf.RaggedTensorSpec([None, None], tf.int32)),
        "other spec": _while(tf, lambda i, r: (i + 1, r + 1), tf.RaggedTensorSpec([None, None], tf.float32)),
    }
    found = _all(tf, makers)
    found["other spec"] = found["other spec"][:1] + [found["other spec"][1].split(" is not compatible")[0]]
    return found


def gathering(tf):
    """Elements by a scalar, and gradients with respect to the flat values."""
    constant = tf.ragged.constant

    def gradient(rows, indices):
        def run():
            rt = constant(rows, dtype=tf.float32)
            picked = tf.gather(rt, indices)
            weights = tf.cast(tf.range(tf.size(picked.flat_values)), tf.float32)
            slopes = tf.gradients(tf.reduce_sum(picked.flat_values * weights), rt.flat_values)[0]
            with tf.compat.v1.Session() as session:
                return session.run(tf.convert_to_tensor(slopes))

        return run

    def scalar(rows):
        def run():
            with tf.compat.v1.Session() as session:
                return session.run(tf.gather(constant(rows), 1 - 1))

        return run

    return _all(tf, {
        "scalar": scalar([[1], [2, 3]]), "scalar of three": scalar([[[1], [2]], [[3]]]),
        "rows": gradient([[1, 2], [], [3]], [2, 0, 0]), "matrix": gradient([[1, 2], [], [3]], [[2, 0], [0, 1]]),
        "two ragged": gradient([[[1, 2], [4]], [], [[3]]], [2, 0, 0]),
        "two ragged, matrix": gradient([[[1, 2], [4]], [], [[3]]], [[2, 0], [0, 1]]),
    })  # fmt: skip


def eager_signatures(tf):
    spec = tf.RaggedTensorSpec([3, None], tf.int32)
    rt = tf.ragged.constant([[1], [], [2, 3, 4]])
    f = tf.function(lambda rt, y=None: (rt, rt.values * 2), input_signature=[spec])
    nested = tf.function(lambda a: a, input_signature=[{"x": spec, "y": tf.TensorSpec([], tf.float32)}])
    sparse = tf.function(lambda a: a.values, input_signature=[tf.SparseTensorSpec([None], tf.int32)])
    open_ = tf.function(lambda a: a)

    def what(function):
        found = _tried(tf, function)
        return found[:1] if isinstance(found, list) and found[:1] in (["ValueError"], ["TypeError"]) else found

    concrete, of_sparse = f.get_concrete_function(), sparse.get_concrete_function()
    return {
        "call": what(lambda: f(rt)),
        "other type": what(lambda: f(tf.ragged.constant([[1.0], [2.0], [3.0]]))),
        "other rank": what(lambda: f(tf.ragged.constant([[[1]], [], []]))),
        "other rows": what(lambda: f(tf.ragged.constant([[1], [2]]))),
        "tensor": what(lambda: f(tf.constant([[1]]))),
        "list": what(lambda: f([[1], [2], [3]])),
        "other splits": what(lambda: f(tf.ragged.constant([[1], [], [2, 3, 4]], row_splits_dtype=tf.int32))),
        "signature": _text(concrete.structured_input_signature),
        "inputs": [t.name for t in concrete.inputs],
        "shapes": _text(concrete.output_shapes),
        "by parts": what(lambda: concrete(rt.flat_values, rt.row_splits)),
        "by example": _text(open_.get_concrete_function(rt).structured_input_signature),
        "by spec": _text(open_.get_concrete_function(spec).structured_input_signature),
        "nested": what(lambda: nested({"x": rt, "y": 1.0})),
        "nested without a part": what(lambda: nested({"x": rt})),
        "nested signature": _text(nested.get_concrete_function().structured_input_signature),
        "sparse": what(lambda: sparse(tf.SparseTensor([[0]], [5], [3]))),
        "sparse of another type": what(lambda: sparse(tf.SparseTensor([[0]], [5.0], [3]))),
        "sparse of another rank": what(lambda: sparse(tf.SparseTensor([[0, 1]], [5], [3, 4]))),
        "sparse signature": _text(of_sparse.structured_input_signature),
        "sparse inputs": [[t.name, str(t.shape)] for t in of_sparse.inputs],
        "no spec": what(lambda: tf.function(lambda a: a, input_signature=[3])),
    }


def eager_specs(tf):
    tensor, sparse, ragged, slices = tf.TensorSpec, tf.SparseTensorSpec, tf.RaggedTensorSpec, tf.IndexedSlicesSpec
    value = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([0]), tf.constant([4, 2]))
    pairs = {
        "sizes": (tensor([2, 3], tf.int32), tensor([2, 4], tf.int32)),
        "ranks": (tensor([2, 3], tf.int32), tensor([2], tf.int32)),
        "types": (tensor([2, 3], tf.int32), tensor([2, 3], tf.float32)),
        "rows": (ragged([2, None], tf.int32), ragged([3, None], tf.int32)),
        "ragged types": (ragged([2, None], tf.int32), ragged([3, None], tf.float32)),
        "kinds": (ragged([2, None], tf.int32), tensor([3, None], tf.float32)),
        "sparse": (sparse([2, None], tf.int32), sparse([3], tf.int32)),
    }
    found = {k: _tried(tf, lambda a=a, b=b: _text(a.most_specific_compatible_type(b))) for k, (a, b) in pairs.items()}
    parts = {
        "slices": slices([3, None], tf.int32, tf.int32, tf.int64, [2]), "open slices": slices([3, 4], tf.int32),
        "sparse": sparse([None, None]), "open sparse": sparse(None), "no ragged": ragged([2, None], ragged_rank=0),
        "open ragged": ragged(None, ragged_rank=2), "ragged": ragged([2, None, None, 4], ragged_rank=2),
    }  # fmt: skip
    found["parts"] = {k: [_text(s) for s in v._component_specs] for k, v in parts.items()}
    found["told"] = [_text(s) for s in (slices(), ragged([2, None]), tf.TensorArraySpec(), tf.OptionalSpec(tensor([])))]
    found["fits"] = [
        slices([None, 2], tf.float32, tf.int32, tf.int32, [1]).is_compatible_with(value),
        slices([None, 2], tf.float32, tf.int32, None, [1]).is_compatible_with(value),
        tensor([2], tf.float32).is_compatible_with(ragged([2, None])), ragged([2, None]).is_compatible_with(tensor([2])),
        ragged([2, None]).is_compatible_with(3), sparse([2]).is_compatible_with(ragged([2, None])),
        ragged([2, None]).is_compatible_with(tf.ragged.constant([[1.0], [2.0, 3.0]])),
    ]  # fmt: skip
    others = tf.OptionalSpec(tensor([])), tf.TensorArraySpec(), tf.data.DatasetSpec(tensor([]))
    found["are specs"] = [isinstance(s, tf.TypeSpec) for s in (tensor([]), sparse(), ragged([2, None]), slices(), *others)]
    found["equal"] = [
        ragged([2, None]) == ragged([2, None]), ragged([None, None]) == ragged([2, None]),
        hash(ragged([2, None])) == hash(ragged([2, None])), tensor([2], name="a") == tensor([2], name="b"),
    ]  # fmt: skip
    return found
