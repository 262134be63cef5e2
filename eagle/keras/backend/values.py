"""Values of variables, read and set."""

import numpy as np

from ...core.context import eager_mode, here
from ...core.export import export, public as tf
from ...core.scopes import init_scope
from .settings import get_session, is_eager_outside_functions


@export("keras.backend.get_value")
def get_value(x):
    """The value of a variable or tensor as an array."""
    if here.eager or not hasattr(x, "eval"):
        return x.numpy() if hasattr(x, "numpy") else x
    if not getattr(x, "_in_graph_mode", True):  # a variable made eagerly, asked for while a graph is built
        with eager_mode():
            return x.numpy()
    return x.eval(session=get_session((x,)))


@export("keras.backend.batch_get_value")
def batch_get_value(tensors):
    """The values of several variables, a list of arrays."""
    tensors = list(tensors)
    if here.eager:
        return [x.numpy() for x in tensors]
    if not tensors:
        return []
    return get_session(tensors).run(tensors)


@export("keras.backend.set_value")
def set_value(x, value):
    """Gives a variable the value of an array."""
    batch_set_value([(x, value)])


@export("keras.backend.batch_set_value")
def batch_set_value(tuples):
    """Gives variables the values of arrays.

    Args:
      tuples: a list of pairs: a variable and an array.
    """
    if is_eager_outside_functions():
        with init_scope():
            for x, value in tuples:
                x.assign(np.asarray(value, dtype=x.dtype.as_numpy_dtype))
        return
    if not tuples:
        return
    assignments, feeds = [], {}
    with tf.get_default_graph().as_default():
        for x, value in tuples:
            value = np.asarray(value, dtype=x.dtype.base_dtype.as_numpy_dtype)
            if getattr(x, "_assign_placeholder", None) is None:
                x._assign_placeholder = tf.placeholder(x.dtype.base_dtype, shape=[None] * value.ndim)
                x._assign_op = x.assign(x._assign_placeholder)
            assignments.append(x._assign_op)
            feeds[x._assign_placeholder] = value
        get_session().run(assignments, feed_dict=feeds)
