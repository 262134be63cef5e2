"""Programs whose graphs must be TensorFlow's node for node: sequences in parts and samples, of tf.contrib.training."""

LEAVES_OUT = ("/cond/", "sample/Assert", "drawn/Assert", "/AssertGuard/", "/assert_")


def states(tf):
    saver = tf.contrib.training.SequenceQueueingStateSaver(
        batch_size=2, num_unroll=3, input_length=tf.placeholder(tf.int32), input_key=tf.placeholder(tf.string),
        input_sequences={"x": tf.placeholder(tf.float32, [None, 5])}, input_context={"c": tf.placeholder(tf.string, [3])},
        initial_states={"s": tf.placeholder(tf.float32, [4])}, capacity=7)  # fmt: skip
    batch = saver.next_batch
    batch.save_state("s", batch.state("s") + 1.0)
    saver.close()


def rejected(tf):
    tensors = [tf.placeholder(tf.float32, [4]), tf.placeholder(tf.int32, [4, 2])]
    tf.contrib.training.rejection_sample(tensors, lambda t: t[0] * 0.5, 3, enqueue_many=True, runtime_checks=True)


def stratified(tf):
    labels = tf.placeholder(tf.int32, [4])
    tf.contrib.training.stratified_sample([tf.placeholder(tf.float32, [4])], labels, [0.5, 0.5], 3, init_probs=[0.2, 0.8],
                                          enqueue_many=True)  # fmt: skip
    tf.contrib.training.stratified_sample([tf.placeholder(tf.float32, [])], labels[0], [0.5, 0.5], 3, name="drawn")
