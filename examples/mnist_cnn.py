"""A convolutional network learns handwritten digits from MNIST's files, which queues read while it learns.

Runs unchanged on TensorFlow 1.15.  The files are read from --data_dir; where there are none, mnist_files.py writes some.
Checkpoints and summaries go to --model_dir (`tensorboard --logdir` shows them); with the same folder, training goes on.
"""

import os

import mnist_files
import tensorflow as tf

flags = tf.flags
flags.DEFINE_string("data_dir", "/tmp/mnist_digits", "Where MNIST's four files are.")
flags.DEFINE_string("model_dir", "/tmp/mnist_cnn", "Where checkpoints and summaries go.")
flags.DEFINE_integer("steps", 600, "The step to stop after.")
flags.DEFINE_integer("batch_size", 64, "Images in a step.")
flags.DEFINE_float("learning_rate", 0.002, "The learning rate of the first step.")
FLAGS = flags.FLAGS


def images_and_labels(part, epochs=None, batch=64):
    """Tensors of the next images and labels: each run of them reads on, `epochs` times over the files or without end."""
    fields = []
    for kind, header, size in (("images-idx3", 16, 28 * 28), ("labels-idx1", 8, 1)):
        name = os.path.join(FLAGS.data_dir, "%s-%s-ubyte.gz" % (part, kind))
        names = tf.train.string_input_producer([name], num_epochs=epochs)
        reader = tf.FixedLengthRecordReader(size, header_bytes=header, encoding="GZIP")
        _, records = reader.read_up_to(names, batch)
        fields.append(tf.reshape(tf.decode_raw(records, tf.uint8), [-1, size]))
    images = tf.reshape(tf.cast(fields[0], tf.float32) / 255.0, [-1, 28, 28, 1])
    return images, tf.cast(fields[1][:, 0], tf.int64)


def network(images, training):
    """The logits of the ten digits."""
    with tf.variable_scope("digits", reuse=tf.AUTO_REUSE):
        x = tf.layers.conv2d(images, 16, 5, padding="same", activation=tf.nn.relu, name="conv1")
        x = tf.layers.max_pooling2d(x, 2, 2)
        x = tf.layers.conv2d(x, 32, 5, padding="same", activation=tf.nn.relu, name="conv2")
        x = tf.layers.max_pooling2d(x, 2, 2)
        x = tf.layers.dense(tf.layers.flatten(x), 256, activation=tf.nn.relu, name="dense")
        x = tf.layers.dropout(x, 0.4, training=training)
        return tf.layers.dense(x, 10, name="logits")


def train():
    """Trains up to step FLAGS.steps; gives the loss of the last step."""
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        global_step = tf.train.get_or_create_global_step()
        with tf.name_scope("input"):
            images, labels = tf.train.shuffle_batch(
                images_and_labels("train"), FLAGS.batch_size, capacity=4000, min_after_dequeue=2000, enqueue_many=True, seed=1
            )
        logits = network(images, training=True)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), labels), tf.float32))
        rate = tf.train.exponential_decay(FLAGS.learning_rate, global_step, 100, 0.8)
        step = tf.train.AdamOptimizer(rate).minimize(loss, global_step)

        tf.summary.scalar("loss", loss)
        tf.summary.scalar("accuracy", accuracy)
        tf.summary.scalar("learning_rate", rate)
        tf.summary.image("images", images, max_outputs=3)
        for variable in tf.trainable_variables():
            tf.summary.histogram(variable.op.name, variable)

        hooks = [
            tf.train.StopAtStepHook(last_step=FLAGS.steps),
            tf.train.NanTensorHook(loss),
            tf.train.LoggingTensorHook({"step": global_step, "loss": loss, "accuracy": accuracy}, every_n_iter=100),
            tf.train.SummarySaverHook(save_steps=50, output_dir=FLAGS.model_dir, scaffold=None, summary_op=tf.summary.merge_all()),
            tf.train.CheckpointSaverHook(FLAGS.model_dir, save_steps=200),
        ]
        session = tf.train.MonitoredTrainingSession(
            checkpoint_dir=FLAGS.model_dir,
            hooks=hooks,
            save_checkpoint_secs=None,
            save_summaries_steps=None,
            log_step_count_steps=100,
        )
        last = None
        with session:
            while not session.should_stop():
                _, last = session.run([step, loss])
        return last


def test():
    """The newest checkpoint's share of right answers to the test's images."""
    with tf.Graph().as_default(), tf.Session() as session:
        images, labels = tf.train.batch(
            images_and_labels("t10k", epochs=1), 250, enqueue_many=True, capacity=1000, allow_smaller_final_batch=True
        )
        right, update = tf.metrics.accuracy(labels, tf.argmax(network(images, training=False), 1))
        session.run(tf.local_variables_initializer())
        tf.train.Saver().restore(session, tf.train.latest_checkpoint(FLAGS.model_dir))
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        try:
            while not coordinator.should_stop():
                session.run(update)
        except tf.errors.OutOfRangeError:
            coordinator.request_stop()  # the files are read
        coordinator.join(threads)
        return session.run(right)


def main(_):
    mnist_files.write(FLAGS.data_dir)
    loss = train()
    if loss is not None:
        print("loss of step %d: %.4f" % (FLAGS.steps, loss))
    print("right on the test: %.2f%%" % (100 * test()))


if __name__ == "__main__":
    tf.logging.set_verbosity(tf.logging.INFO)
    tf.app.run()
