"""A variational autoencoder of MNIST's digits, whose weights' moving averages are what is used in the end.

Runs unchanged on TensorFlow 1.15.  The files are read from --data_dir; where there are none, mnist_files.py writes some.
Kill it when you like: started again with the same --model_dir it goes on from its newest checkpoint.
"""

import os

import mnist_files
import numpy as np
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

flags = tf.flags
flags.DEFINE_string("data_dir", "/tmp/mnist_digits", "Where MNIST's four files are.")
flags.DEFINE_string("model_dir", "/tmp/vae", "Where checkpoints and summaries go.")
flags.DEFINE_integer("steps", 3000, "The step to stop after.")
flags.DEFINE_integer("save_every", 1000, "Steps from checkpoint to checkpoint.")
flags.DEFINE_integer("batch_size", 128, "Images in a step.")
FLAGS = flags.FLAGS

CODE, UNITS = 16, 400
DECAY = 0.999


def encoder(images):
    """The mean and the logarithm of the variance of each image's code."""
    with tf.variable_scope("encoder"):
        x = tf.layers.dense(images, UNITS, tf.nn.relu, name="hidden1")
        x = tf.layers.dense(x, UNITS, tf.nn.relu, name="hidden2")
        return tf.split(tf.layers.dense(x, 2 * CODE, name="code"), 2, axis=1)


def decoder(codes):
    """Logits of the pixels."""
    with tf.variable_scope("decoder", reuse=tf.AUTO_REUSE):
        x = tf.layers.dense(codes, UNITS, tf.nn.relu, name="hidden1")
        x = tf.layers.dense(x, UNITS, tf.nn.relu, name="hidden2")
        return tf.layers.dense(x, 28 * 28, name="pixels")


def losses(images):
    """What the code fails to tell about the images, and what it tells, both in nats an image."""
    mean, log_variance = encoder(images)
    codes = mean + tf.exp(0.5 * log_variance) * tf.random_normal(tf.shape(mean), seed=2)
    wrong = tf.nn.sigmoid_cross_entropy_with_logits(labels=images, logits=decoder(codes))
    told = 0.5 * (tf.square(mean) + tf.exp(log_variance) - log_variance - 1.0)
    return tf.reduce_mean(tf.reduce_sum(wrong, 1)), tf.reduce_mean(tf.reduce_sum(told, 1))


def train(digits):
    """Trains from the newest checkpoint, or from nothing, up to step FLAGS.steps."""
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        images = tf.placeholder(tf.float32, [None, 28 * 28], "images")
        wrong, told = losses(images)
        loss = wrong + told
        global_step = tf.train.get_or_create_global_step()
        step = tf.train.AdamOptimizer(0.002).minimize(loss, global_step)
        averages = tf.train.ExponentialMovingAverage(DECAY, global_step)
        with tf.control_dependencies([step]):
            step = averages.apply(tf.trainable_variables())
        for name, value in [("loss", loss), ("reconstruction", wrong), ("divergence", told)]:
            tf.summary.scalar(name, value)
        summaries, saver = tf.summary.merge_all(), tf.train.Saver(max_to_keep=3)

        with tf.Session() as session, tf.summary.FileWriter(FLAGS.model_dir, session.graph) as writer:
            newest = tf.train.latest_checkpoint(FLAGS.model_dir)
            if newest:
                saver.restore(session, newest)
                print("goes on at step %d" % session.run(global_step))
            else:
                session.run(tf.global_variables_initializer())
            for i in range(session.run(global_step) + 1, FLAGS.steps + 1):
                batch, _ = digits.next_batch(FLAGS.batch_size)
                _, value = session.run([step, loss], {images: batch})
                if i % 100 == 0:
                    writer.add_summary(session.run(summaries, {images: batch}), i)
                if i % FLAGS.save_every == 0 or i == FLAGS.steps:
                    saver.save(session, os.path.join(FLAGS.model_dir, "model"), global_step)
                    print("step %d is saved; loss %.2f" % (i, value))


def test(images):
    """Tells the loss with the last weights and with their averages, and draws."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        loss = sum(losses(tf.constant(images)))
        drawings = tf.sigmoid(decoder(tf.random_normal([16, CODE], seed=3)))
        drawings = tf.summary.image("drawings", tf.reshape(drawings, [-1, 28, 28, 1]), max_outputs=16)
        newest = tf.train.latest_checkpoint(FLAGS.model_dir)
        averages = tf.train.ExponentialMovingAverage(DECAY)
        for weights, names in [("last weights", None), ("averaged weights", averages.variables_to_restore())]:
            tf.train.Saver(names).restore(session, newest)
            print("loss of the test with the %s: %.2f" % (weights, np.mean([session.run(loss) for _ in range(5)])))
        with tf.summary.FileWriter(FLAGS.model_dir) as writer:
            writer.add_summary(session.run(drawings), FLAGS.steps)


def main(_):
    mnist_files.write(FLAGS.data_dir)
    digits = input_data.read_data_sets(FLAGS.data_dir, validation_size=0, seed=1)
    train(digits.train)
    test(digits.test.images)


if __name__ == "__main__":
    tf.app.run()
