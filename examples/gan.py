"""A generator learns to draw the digit it is told to, by deceiving a critic that sees MNIST's files too.

Runs unchanged on TensorFlow 1.15.  The files are read from --data_dir; where there are none, mnist_files.py writes some.
How well it draws is told by the real images: does the one most like a drawing carry the label that was asked for?
"""

import mnist_files
import numpy as np
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

flags = tf.flags
flags.DEFINE_string("data_dir", "/tmp/mnist_digits", "Where MNIST's four files are.")
flags.DEFINE_string("summary_dir", "/tmp/gan", "Where summaries go.")
flags.DEFINE_integer("steps", 800, "Steps of both optimizers.")
flags.DEFINE_integer("batch_size", 64, "Images in a step.")
FLAGS = flags.FLAGS

NOISE = 32


def generator(noise, wanted, training):
    """Draws images `[n, 28, 28, 1]` of the digits that are wanted, `[n, 10]`."""
    normed = lambda x: tf.nn.relu(tf.layers.batch_normalization(x, momentum=0.9, training=training))
    with tf.variable_scope("generator", reuse=tf.AUTO_REUSE):
        x = tf.layers.dense(tf.concat([noise, wanted], 1), 7 * 7 * 64, use_bias=False)
        x = normed(tf.reshape(x, [-1, 7, 7, 64]))
        x = normed(tf.layers.conv2d_transpose(x, 32, 4, 2, "same", use_bias=False))
        return tf.layers.conv2d_transpose(x, 1, 4, 2, "same", activation=tf.sigmoid)


def critic(images, labels, training):
    """Logits of being a real image, and one of the digit that its label tells, `[n]`."""
    normed = lambda x: tf.layers.batch_normalization(x, momentum=0.9, training=training)
    with tf.variable_scope("critic", reuse=tf.AUTO_REUSE):
        x = tf.nn.leaky_relu(tf.layers.conv2d(images, 32, 4, 2, "same"))
        x = tf.nn.leaky_relu(normed(tf.layers.conv2d(x, 64, 4, 2, "same", use_bias=False)))
        x = tf.layers.dense(tf.layers.flatten(x), 128)
        digit = tf.layers.dense(labels, 128, use_bias=False)
        return tf.layers.dense(tf.nn.leaky_relu(x), 1)[:, 0] + tf.reduce_sum(x * digit, 1)


def cross_entropy(logits, real):
    targets = tf.fill(tf.shape(logits), 0.9 if real else 0.0)  # a little doubt keeps the critic from certainty
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits))


def trained(loss, scope, rate):
    """One step of `scope`'s variables, after the averages of its batches are brought up to date."""
    variables = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope)):
        return tf.train.AdamOptimizer(rate, beta1=0.5).minimize(loss, var_list=variables)


def likeness(drawings, wanted, images, labels):
    """The share of drawings whose nearest image has the wanted label."""
    products = drawings.dot(images.T)
    nearest = np.argmin((images**2).sum(1) - 2 * products, 1)
    return np.mean(labels[nearest] == wanted)


def main(_):
    mnist_files.write(FLAGS.data_dir)
    tf.set_random_seed(1)
    digits = input_data.read_data_sets(FLAGS.data_dir, one_hot=True, reshape=False, validation_size=2000, seed=1)

    images = tf.placeholder(tf.float32, [None, 28, 28, 1], "images")
    labels = tf.placeholder(tf.float32, [None, 10], "labels")
    noise = tf.random_normal([tf.shape(labels)[0], NOISE], seed=2)
    drawn = generator(noise, labels, training=True)
    of_real, of_drawn = critic(images, labels, training=True), critic(drawn, labels, training=True)
    critic_loss = cross_entropy(of_real, True) + cross_entropy(of_drawn, False)
    generator_loss = cross_entropy(of_drawn, True)
    steps = [trained(critic_loss, "critic", 0.001), trained(generator_loss, "generator", 0.002)]
    drawing = generator(noise, labels, training=False)

    tf.summary.scalar("critic_loss", critic_loss)
    tf.summary.scalar("generator_loss", generator_loss)
    summaries = tf.summary.merge_all()
    gallery = tf.summary.image("drawings", drawing, max_outputs=10)

    with tf.Session() as session, tf.summary.FileWriter(FLAGS.summary_dir, session.graph) as writer:
        session.run(tf.global_variables_initializer())
        for i in range(1, FLAGS.steps + 1):
            batch = dict(zip((images, labels), digits.train.next_batch(FLAGS.batch_size)))
            session.run(steps, batch)
            if i % 100 == 0:
                losses = session.run([critic_loss, generator_loss, summaries], batch)
                writer.add_summary(losses.pop(), i)
                print("step %d: the critic's loss %.3f, the generator's %.3f" % (i, losses[0], losses[1]))

        wanted = np.arange(1000) % 10
        picture, drawings = session.run([gallery, drawing], {labels: np.eye(10)[wanted]})
        writer.add_summary(picture, FLAGS.steps)

    flat, known = digits.train.images.reshape(-1, 784), np.argmax(digits.train.labels, 1)
    held_out, theirs = digits.validation.images.reshape(-1, 784), np.argmax(digits.validation.labels, 1)
    print("real images that look like their digit: %.1f%%" % (100 * likeness(held_out, theirs, flat, known)))
    print(
        "drawings that look like the digit that was wanted: %.1f%%"
        % (100 * likeness(drawings.reshape(-1, 784), wanted, flat, known))
    )
    print("different drawings of a digit: %.3f apart" % np.mean([drawings[wanted == d].std(0).mean() for d in range(10)]))


if __name__ == "__main__":
    tf.app.run()
