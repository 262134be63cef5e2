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
