"""What programs with networks share: weights to give them, and their outputs and gradients as results."""

import numpy as np


def ramp(shape, start=0.3):
    """Numbers of both signs that look like weights."""
    return np.sin(start + 1.7 * np.arange(int(np.prod(shape)))).reshape(shape).astype(np.float32)


def pieces(array):
    """An array as a list of parts that are recorded with all their numbers."""
    return list(np.array_split(array.ravel(), -(-array.size // 90))) if array.size > 90 else array


def flat(tf, structure):
    """The tensors of a structure, as a list."""
    return tf.contrib.framework.nest.flatten(structure)


def values(tf, results, x):
    """The values of results, and the gradients of a weighted sum of those of floats, by variables and `x`.

    Args:
      tf: the module.
      results: a dictionary of structures of tensors.
      x: a tensor.
    """
    tensors = flat(tf, [results[k] for k in sorted(results)])
    parts = [t for t in tensors if t.dtype.is_floating]
    loss = tf.add_n([tf.reduce_sum(t * tf.reshape(tf.cos(tf.cast(tf.range(tf.size(t)), t.dtype)), tf.shape(t))) for t in parts])
    variables = sorted(tf.trainable_variables(), key=lambda v: v.name)
    gradients = tf.gradients(loss, variables + [x])
    missing = [v.name for v, g in zip(variables, gradients) if g is None]
    given = [tf.convert_to_tensor(g) for g in gradients if g is not None]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i, v in enumerate(variables):
            v.load(ramp(v.shape.as_list(), i), sess)
        found, derived = sess.run([tensors, given])
    names = [v.name for v, g in zip(variables + [x], gradients) if g is not None]
    names = ["d x" if n == x.name else n for n in names]
    return {"results": [pieces(v) for v in found], "without gradient": missing, **dict(zip(names, map(pieces, derived)))}
