"""An LSTM tells praise from blame in short reviews of films, whose words come in by tf.data.

Runs unchanged on TensorFlow 1.15.  The reviews are read from --data_dir; where there are none, review_files.py writes some.
The estimator keeps its checkpoints and summaries in --model_dir and goes on with what it finds there.
"""

import os

import review_files
import tensorflow as tf

flags = tf.flags
flags.DEFINE_string("data_dir", "/tmp/reviews", "Where the reviews and their vocabulary are.")
flags.DEFINE_string("model_dir", "/tmp/text_classifier", "Where checkpoints and summaries go.")
flags.DEFINE_integer("steps", 1200, "The step to stop after.")
flags.DEFINE_integer("batch_size", 64, "Reviews in a step.")
FLAGS = flags.FLAGS

UNKNOWN = 4  # ids for words that the vocabulary lacks


def parsed(line):
    """The words and the label of a line."""
    fields = tf.string_split([line], "\t").values
    words = tf.string_split([fields[1]]).values
    return {"words": words, "length": tf.size(words)}, tf.string_to_number(fields[0], tf.int32)


def reviews(name, training):
    """A dataset of batches, in each of which reviews are about equally long."""
    dataset = tf.data.TextLineDataset(os.path.join(FLAGS.data_dir, name))
    if training:
        dataset = dataset.shuffle(2000, seed=1).repeat()
    dataset = dataset.map(parsed, num_parallel_calls=2)
    if training:
        buckets = tf.data.experimental.bucket_by_sequence_length(
            lambda features, label: features["length"], [12, 20, 30, 45], [FLAGS.batch_size] * 5
        )
        return dataset.apply(buckets).prefetch(2)
    return dataset.padded_batch(250, ({"words": [None], "length": []}, [])).prefetch(2)


def model(features, labels, mode, params):
    """Embedded words, an LSTM over them, and what it knows after the last one."""
    training = mode == tf.estimator.ModeKeys.TRAIN
    table = tf.contrib.lookup.index_table_from_file(params["vocabulary"], num_oov_buckets=UNKNOWN)
    with tf.variable_scope("words", initializer=tf.random_uniform_initializer(-0.1, 0.1)):
        embedding = tf.get_variable("embedding", [params["words"] + UNKNOWN, params["width"]])
    inputs = tf.nn.embedding_lookup(embedding, table.lookup(features["words"]))
    cell = tf.nn.rnn_cell.LSTMCell(params["units"])
    if training:
        cell = tf.nn.rnn_cell.DropoutWrapper(cell, input_keep_prob=0.9)
    _, state = tf.nn.dynamic_rnn(cell, inputs, sequence_length=features["length"], dtype=tf.float32)
    logits = tf.layers.dense(state.h, 1, name="opinion")[:, 0]
    praise = tf.cast(logits > 0.0, tf.int32)
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, {"praise": praise, "probability": tf.sigmoid(logits)})

    loss = tf.losses.sigmoid_cross_entropy(labels, logits)
    if mode == tf.estimator.ModeKeys.EVAL:
        metrics = {
            "accuracy": tf.metrics.accuracy(labels, praise),
            "precision": tf.metrics.precision(labels, praise),
            "recall": tf.metrics.recall(labels, praise),
            "auc": tf.metrics.auc(labels, tf.sigmoid(logits)),
        }
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)

    optimizer = tf.train.AdamOptimizer(params["learning_rate"])
    gradients, variables = zip(*optimizer.compute_gradients(loss))
    gradients, norm = tf.clip_by_global_norm(gradients, 1.0)
    tf.summary.scalar("gradient_norm", norm)
    tf.summary.histogram("embedding", embedding)
    step = optimizer.apply_gradients(zip(gradients, variables), tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)


def main(_):
    review_files.write(FLAGS.data_dir)
    vocabulary = os.path.join(FLAGS.data_dir, "vocabulary.txt")
    with open(vocabulary) as file:
        words = len(file.readlines())
    params = {"vocabulary": vocabulary, "words": words, "width": 32, "units": 64, "learning_rate": 0.003}
    config = tf.estimator.RunConfig(FLAGS.model_dir, tf_random_seed=1, save_checkpoints_steps=600, log_step_count_steps=100)
    estimator = tf.estimator.Estimator(model, config=config, params=params)
    estimator.train(lambda: reviews("train.tsv", True), max_steps=FLAGS.steps)
    figures = estimator.evaluate(lambda: reviews("test.tsv", False))
    print("loss: %(loss).4f  precision: %(precision).3f  recall: %(recall).3f  auc: %(auc).3f" % figures)
    print("right on the test: %.2f%%" % (100 * figures["accuracy"]))

    text = [
        "the plot was not dull",
        "the music is superb but the script is lazy",
        "the cast seems warm although the pace is dreary",
    ]
    asked = lambda: (
        tf.data.Dataset.from_tensor_slices(["0\t" + line for line in text])
        .map(parsed)
        .padded_batch(3, ({"words": [None], "length": []}, []))
    )
    for line, answer in zip(text, estimator.predict(asked)):
        print("%3.0f%% praise: %s" % (100 * answer["probability"], line))


if __name__ == "__main__":
    tf.logging.set_verbosity(tf.logging.INFO)
    tf.app.run()
