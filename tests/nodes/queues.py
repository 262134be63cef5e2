"""Programs whose graphs must be TensorFlow's node for node: queues and what fills them."""


def queues(tf):
    q = tf.FIFOQueue(10, [tf.int32, tf.string], shapes=[[], [2]], name="q")
    q.enqueue([1, ["a", "b"]])
    q.enqueue_many([[1, 2], [["a", "b"], ["c", "d"]]], name="several")
    q.dequeue()
    q.dequeue_many(3)
    q.dequeue_up_to(tf.placeholder(tf.int32, []), name="some")
    q.size()
    q.is_closed()
    q.close()
    q.close(cancel_pending_enqueues=True)
    with tf.name_scope("inner"):
        r = tf.RandomShuffleQueue(10, 2, tf.float32, seed=3, shared_name="shared")
        r.enqueue(1.0)
        r.dequeue()
    p = tf.PaddingFIFOQueue(10, tf.float32, [[None, 2]])
    p.dequeue_many(2)
    tf.PriorityQueue(10, tf.string, ()).enqueue([1, "a"])
    named = tf.FIFOQueue(10, [tf.int32], [()], names=["n"])
    named.enqueue({"n": 1})
    tf.QueueBase.from_list(1, [q, q]).dequeue()


def producers(tf):
    tf.train.string_input_producer(["a", "b"])
    tf.train.string_input_producer(["a", "b"], num_epochs=2, shuffle=False, name="names", capacity=10)
    tf.train.range_input_producer(5)
    tf.train.slice_input_producer([tf.zeros([4, 2]), [1, 2, 3, 4]], seed=3)
    tf.train.limit_epochs(tf.constant(1), 3)
    tf.train.match_filenames_once("*.x")


def batches(tf):
    x = tf.placeholder(tf.float32, [3], name="x")
    y = tf.placeholder(tf.int32, [], name="y")
    tf.train.batch([x, y], 4)
    tf.train.batch({"y": y, "x": x}, 4, num_threads=2, dynamic_pad=True, allow_smaller_final_batch=True, name="some")
    tf.train.batch_join([[x, y], [x, y]], 4)
    tf.train.shuffle_batch([x], 4, 20, 10, seed=3)
    tf.train.shuffle_batch_join([[x, y], [x, y]], 4, 20, 10)
    tf.train.batch([x], 2, enqueue_many=True)
    sparse = tf.sparse_placeholder(tf.float32, [4, 5], name="sparse")
    tf.train.batch([sparse, y], 4)


def readers(tf):
    queue = tf.FIFOQueue(10, tf.string, ())
    for reader in (tf.WholeFileReader(), tf.IdentityReader(), tf.TextLineReader(2), tf.TFRecordReader(),
                   tf.FixedLengthRecordReader(4, 1, 2, 3, name="fixed", encoding="ZLIB")):  # fmt: skip
        reader.read(queue)
        reader.read_up_to(queue, 3)
        reader.num_records_produced()
        reader.num_work_units_completed()
        reader.serialize_state()
        reader.restore_state("x")
        reader.reset()


def accumulators(tf):
    a = tf.ConditionalAccumulator(tf.float32, shape=[2])
    a.apply_grad([1.0, 2.0])
    a.take_grad(1)
    a.num_accumulated()
    a.set_global_step(3)
    s = tf.SparseConditionalAccumulator(tf.float32, shape=[5, 2], name="s", reduction_type="SUM")
    s.apply_grad([1], [[1.0, 2.0]])
    s.take_grad(1)
    s.take_indexed_slices_grad(1)
    s.num_accumulated()
    s.set_global_step(tf.constant(3))


def staging(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    area = tf.contrib.staging.StagingArea([tf.float32], shapes=[[2]])
    area.put(x)
    area.put([x], name="again")
    area.get()
    area.peek(0)
    area.size()
    area.clear()
    named = tf.contrib.staging.StagingArea([tf.float32, tf.int32], names=["a", "b"], capacity=3, shared_name="shared")
    named.put({"a": x, "b": tf.constant(1)})
    named.get(name="got")
