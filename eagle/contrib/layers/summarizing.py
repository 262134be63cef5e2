"""Summaries of tensors and of collections of tensors."""

import functools
import re

from ...core import dtypes
from ...core.export import export, public as tf


def _names(name):
    return "contrib.layers." + name, "contrib.layers.python.layers.summaries." + name, "contrib.layers.summaries." + name


def _scalar(tensor, tag=None):
    tensor.get_shape().assert_has_rank(0)
    return tf.summary.scalar(tag or "%s_summary" % tensor.op.name, tensor)


def _histogram(tensor, tag=None):
    return tf.summary.histogram(tag or "%s_summary" % tensor.op.name, tensor)


@export(*_names("summarize_activation"))
def summarize_activation(op):
    """A histogram of an activation, and for some kinds how many of its inputs are cut off.

    Args:
      op: the tensor.
    """
    kind = op.op.type
    if kind in ("Relu", "Softplus", "Relu6"):
        x = op.op.inputs[0]
        _scalar(tf.reduce_mean(tf.to_float(tf.less(x, tf.cast(0.0, x.dtype)))), "%s/zeros" % op.op.name)
    if kind == "Relu6":
        x = op.op.inputs[0]
        _scalar(tf.reduce_mean(tf.to_float(tf.greater(x, tf.cast(6.0, x.dtype)))), "%s/sixes" % op.op.name)
    return _histogram(op, "%s/activation" % op.op.name)


@export(*_names("summarize_tensor"))
def summarize_tensor(tensor, tag=None):
    """A summary of a tensor: a scalar or a histogram; None for strings and bools.

    Args:
      tensor: the tensor.
      tag: the name of the summary.
    """
    if tensor.dtype.is_compatible_with(dtypes.string) or tensor.dtype.base_dtype == dtypes.bool_:
        return None
    return _scalar(tensor, tag) if tensor.get_shape().ndims == 0 else _histogram(tensor, tag)


@export(*_names("summarize_tensors"))
def summarize_tensors(tensors, summarizer=summarize_tensor):
    """The summaries of some tensors, a list."""
    return [summarizer(t) for t in tensors]


@export(*_names("summarize_collection"))
def summarize_collection(collection, name_filter=None, summarizer=summarize_tensor):
    """The summaries of the tensors in a collection.

    Args:
      collection: its name.
      name_filter: a regular expression that the beginnings of names match, or None.
      summarizer: a function from a tensor to a summary.
    """
    return summarize_tensors([x for x in tf.get_collection(collection) if name_filter is None or re.match(name_filter, x.op.name)],
                             summarizer)  # fmt: skip


summarize_variables = export(*_names("summarize_variables"))(functools.partial(summarize_collection, "variables"))
summarize_weights = export(*_names("summarize_weights"))(functools.partial(summarize_collection, "weights"))
summarize_biases = export(*_names("summarize_biases"))(functools.partial(summarize_collection, "biases"))


@export(*_names("summarize_activations"))
def summarize_activations(name_filter=None, summarizer=summarize_activation):
    """The summaries of the activations; arguments as of `summarize_collection`."""
    return summarize_collection("activations", name_filter, summarizer)
