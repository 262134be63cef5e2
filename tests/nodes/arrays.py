"""Programs whose graphs must be TensorFlow's node for node: joining, slicing, rearranging and filling tensors."""


def joining(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    tf.concat([x, x], 1)
    tf.concat([x], axis=0, name="alone")
    tf.concat([x, [[1.0, 2.0, 3.0]]], 0)
    tf.stack([x, x])
    tf.stack([x, x], axis=1, name="pair")
    tf.stack([1, 2, 3])
    tf.unstack(x, axis=1)
    tf.split(x, 3, 1)
    tf.split(x, [1, 2], 1, name="parts")
    tf.parallel_stack([tf.zeros([3]), tf.ones([3])])


def packing(tf):
    x = tf.placeholder(tf.float32, [None, 784])
    tf.reshape(x, [tf.shape(x)[0], 28, 28, 1])
    tf.convert_to_tensor([[x[0, 0], 1.0], [2.0, 3.0]])
    tf.convert_to_tensor([tf.constant(1), 2], name="pair")
    tf.stack([tf.shape(x)[0], 5])


def slicing(tf):
    x = tf.placeholder(tf.float32, [4, 5, 6], name="x")
    i = tf.placeholder(tf.int32, [], name="i")
    x[1]
    x[:, 2:, ::-1]
    x[..., tf.newaxis, 0]
    x[i]
    x[i:, 1]
    x[1:i]
    with tf.name_scope("inner"):
        x[0, 0, 0]
    tf.slice(x, [0, 1, 2], [1, -1, 2])
    tf.strided_slice(x, [0, 0], [2, 2])
    tf.strided_slice(x, [0, 0], [2, 2], [1, 1], begin_mask=1, name="some")


def shapes(tf):
    x = tf.placeholder(tf.float32, [None, 1, 3], name="x")
    y = tf.placeholder(tf.float32, name="y")
    tf.expand_dims(x, -1)
    tf.expand_dims(x, dim=1)
    tf.squeeze(x, 1)
    tf.squeeze(x, squeeze_dims=[1])
    tf.squeeze(y)
    tf.rank(x)
    tf.rank(y)
    tf.size(x)
    tf.size(tf.zeros([2, 3]))
    tf.size(tf.placeholder(tf.float32, [None, 0]), out_type=tf.int64)
    tf.shape_n([x, y])
    tf.broadcast_to(x, [2, 4, 3])
    tf.broadcast_dynamic_shape(tf.shape(x), [4, 3])
    tf.identity_n([x, y])
    tf.stop_gradient(x)
    tf.ensure_shape(y, [None, 3])
    tf.check_numerics(x, "broken")


def transposing(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4], name="x")
    tf.transpose(x)
    tf.transpose(x, [1, 0, 2], name="swapped")
    tf.matrix_transpose(x)
    tf.transpose(tf.placeholder(tf.complex64, [2, 2]), conjugate=True)
    tf.invert_permutation([1, 0])


def filling(tf):
    tf.zeros([2, 3])
    tf.ones([2, 3], tf.int32, name="ones_of_int")
    tf.zeros([100, 100])
    tf.zeros(5)
    tf.zeros([2], tf.bool)
    tf.zeros([2], tf.string)
    tf.zeros(tf.placeholder(tf.int32, [2]))
    tf.zeros(tf.placeholder(tf.int32))
    x = tf.placeholder(tf.float32, [2, 3])
    y = tf.placeholder(tf.float32, [None, 3])
    tf.zeros_like(x)
    tf.zeros_like(y)
    tf.zeros_like(y, tf.int32)
    tf.zeros_like(x, optimize=False)
    tf.ones_like(x)
    tf.ones_like(y)
    tf.fill([2, 2], 7)
    tf.range(5)
    tf.range(3, 18, 3, name="steps")


def padding(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.pad(x, [[1, 1], [0, 2]])
    tf.pad(x, [[1, 1], [0, 2]], constant_values=1.0)
    tf.pad(x, [[1, 1], [0, 2]], "REFLECT", name="mirror")
    tf.tile(x, [2, 1])
    tf.reverse(x, [0])
    tf.reverse_sequence(x, [1, 2], seq_axis=1, batch_axis=0)
    tf.roll(x, 1, 0)


def gathering(tf):
    x = tf.placeholder(tf.float32, [4, 3, 2], name="x")
    tf.gather(x, [0, 1])
    tf.gather(x, [0, 1], axis=1)
    tf.gather(x, [[0], [1], [2], [0]], batch_dims=1)
    tf.gather_nd(x, [[0, 1]])
    tf.scatter_nd([[0], [2]], [1.0, 2.0], [4])
    tf.tensor_scatter_update(tf.zeros([3]), [[0]], [1.0])
    tf.one_hot([0, 2], 3)
    tf.one_hot([0, 2], 3, on_value=5, axis=0)
    tf.where([True, False])
    tf.where([True, False], [1, 2], [3, 4])
    tf.linspace(0.0, 1.0, 5)


def choosing(tf):
    x = tf.placeholder(tf.float32, [4, 3, 2], name="x")
    y = tf.placeholder(tf.float32, [None, 3], name="y")
    n = tf.placeholder(tf.int32, [None], name="n")
    tf.boolean_mask(x, [True, False, True, True])
    tf.boolean_mask(y, tf.placeholder(tf.bool, [None]), name="masked")
    tf.boolean_mask(x, [True, False, True], axis=1)
    tf.gather_nd(x, [[0], [1], [2], [0]], batch_dims=1)
    tf.batch_gather(x, [[0], [1], [2], [0]])
    tf.gather(y, n, axis=-1, name="last")
    tf.nn.top_k(y, 2)
    tf.nn.in_top_k(y, n, 2)
    tf.sort(y)
    tf.sort(y, direction="DESCENDING", axis=0)
    tf.argsort(n)
    tf.searchsorted([1.0, 2.0], [0.5, 1.5])
    tf.searchsorted([1.0, 2.0], [0.5, 1.5], side="right", out_type=tf.int64)
    tf.unique(n)
    tf.unique_with_counts(n, tf.int64)
    tf.setdiff1d(n, [1, 2])
    tf.dynamic_partition(y, n, 2)
    tf.dynamic_stitch([n, [0]], [y, [[1.0, 2.0, 3.0]]])
    tf.unravel_index(n, [4, 5])


def matrices(tf):
    x = tf.placeholder(tf.float32, [2, 3, 3], name="x")
    y = tf.placeholder(tf.float32, [None, 3], name="y")
    tf.eye(3)
    tf.eye(2, 3, batch_shape=[2], dtype=tf.int32)
    tf.eye(tf.shape(y)[0], name="dynamic")
    tf.diag(y)
    tf.diag_part(tf.zeros([2, 2]))
    tf.matrix_diag(y)
    tf.matrix_diag_part(x)
    tf.matrix_set_diag(x, tf.zeros([2, 3]))
    tf.matrix_band_part(x, 1, -1)


def sequences(tf):
    n = tf.placeholder(tf.int32, [None], name="n")
    s = tf.placeholder(tf.float32, [], name="s")
    tf.sequence_mask(n)
    tf.sequence_mask(n, 5, tf.float32)
    tf.meshgrid(n, [1, 2, 3])
    tf.meshgrid([1, 2], [3, 4], indexing="ij", name="grid")
    tf.repeat(n, 2)
    tf.repeat([[1, 2], [3, 4]], [1, 2], axis=0)
    tf.range(2, s)
    tf.range(0, 5, 0.5)
    tf.range(tf.constant(0, tf.int64), n[0])
    tf.zeros([tf.shape(n)[0], 3])
    tf.ones([n[0]])
    tf.fill([n[0], 2], 1.0)
    tf.one_hot(n, tf.size(n))
    tf.edit_distance(tf.sparse_placeholder(tf.int64), tf.sparse_placeholder(tf.int64, name="truth"))


def spaces(tf):
    x = tf.placeholder(tf.float32, [2, 4, 4, 8], name="x")
    tf.space_to_depth(x, 2)
    tf.depth_to_space(x, 2)
    tf.space_to_batch(x, [[0, 0], [0, 0]], 2)
    tf.space_to_batch_nd(x, [2, 2], [[0, 0], [0, 0]])
    tf.batch_to_space(tf.zeros([4, 1, 1, 1]), [[0, 0], [0, 0]], 2)
    tf.required_space_to_batch_paddings([5, 4], [2, 2])
    tf.required_space_to_batch_paddings(tf.placeholder(tf.int32, [2]), [2, 2])
    tf.extract_image_patches(x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID")
    tf.fingerprint(tf.zeros([2, 3]))


def numbers(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.quantization.fake_quant_with_min_max_args(x)
    tf.quantization.fake_quant_with_min_max_vars(x, 0.0, 1.0)
    tf.quantization.quantize(x, 0.0, 1.0, tf.quint8)
    tf.quantization.quantize_and_dequantize(x, 0.0, 1.0)
    tf.sparse_mask(tf.IndexedSlices(x, [1, 2]), [1])
    tf.sets.set_intersection([[1, 2]], [[2, 3]])


def placeholders(tf):
    tf.sparse_placeholder(tf.float32)
    tf.sparse_placeholder(tf.float32, [2, 3], name="known")
    tf.sparse_placeholder(tf.float32, [2, None], name="partly")
    tf.sparse.placeholder(tf.float32, tf.TensorShape([2, 3]))
    tf.placeholder_with_default([1.0, 2.0], [None])
