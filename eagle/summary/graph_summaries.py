"""`tf.summary`: operations of a graph that give serialized `Summary` messages."""

import contextlib
import re

from .. import protos
from ..core import dtypes
from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.compat import as_str_any
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..platform import tf_logging

_UNFIT = re.compile(r"[^-/\w\.]")


@export("python.ops.summary_op_util.collect")
def collect(val, collections, default_collections):
    """Adds a value to collections: those of the default, a list of keys, if `collections` is None."""
    for key in default_collections if collections is None else collections:
        add_to_collection(key, val)


@export("python.ops.summary_op_util.clean_tag")
def clean_tag(name):
    """A name in which characters that no operation's name has are underscores, without slashes before it; None for None."""
    if name is None:
        return None
    cleaned = _UNFIT.sub("_", name).lstrip("/")
    if cleaned != name:
        tf_logging.info("Summary name %s is illegal; using %s instead.", name, cleaned)
    return cleaned


@export("python.ops.summary_op_util.summary_scope")
@contextlib.contextmanager
def summary_scope(name, family=None, default_name=None, values=None):
    """A context manager in the scope of a summary's operation.

    Args:
      name: the summary's name.
      family: what goes before the tag, by which TensorBoard groups summaries.
      default_name: the name to take if `name` is None.
      values: tensors whose graph is the one to use.

    Yields:
      The tag and the scope, both unique.
    """
    name, family = clean_tag(name), clean_tag(family)
    with name_scope(name if family is None else "%s/%s" % (family, name), default_name, values) as scope:
        tag = scope.rstrip("/")
        yield (tag if family is None else "%s/%s" % (family, tag)), scope


@export("summary.scalar", "python.summary.summary.scalar")
def scalar(name, tensor, collections=None, family=None):
    """A summary of a number.

    Args:
      name: the name of the operation, and of the curve that TensorBoard draws.
      tensor: a tensor of real numbers with one element.
      collections: the keys of collections to add the summary to, by default `[tf.GraphKeys.SUMMARIES]`.
      family: what goes before the tag, by which TensorBoard groups summaries.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.

    Raises:
      TypeError: `tensor` is not of real numbers.
      InvalidArgumentError (when it runs): it has not one element.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = registry["ScalarSummary"](tag, tensor, name=scope)
        collect(made, collections, [GraphKeys.SUMMARIES])
    return made


@export("summary.image", "python.summary.summary.image")
def image(name, tensor, max_outputs=3, collections=None, family=None):
    """A summary with images.

    Floats are scaled, image by image, to what pixels can show: if there is a negative one, 0.0 is in the middle.  Pixels that are
    not finite are red.

    Args:
      name: the name of the operation; the tags are `name/image/0`, `name/image/1`, ..., or `name/image` if there is one at most.
      tensor: of shape `[batch, height, width, channels]` and type uint8, float16, float32 or float64, with 1, 3 or 4 channels.
      max_outputs: how many images of the batch to show at most.
      collections: the keys of collections to add the summary to, by default `[tf.GraphKeys.SUMMARIES]`.
      family: what goes before the tag.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.

    Raises:
      InvalidArgumentError (when it runs): the tensor holds no images.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = registry["ImageSummary"](tag, tensor, max_images=max_outputs, name=scope)
        collect(made, collections, [GraphKeys.SUMMARIES])
    return made


@export("summary.histogram", "python.summary.summary.histogram")
def histogram(name, values, collections=None, family=None):
    """A summary of how values are distributed.

    Args:
      name: the name of the operation, and of the histogram in TensorBoard.
      values: a tensor of real numbers, of any shape.
      collections: the keys of collections to add the summary to, by default `[tf.GraphKeys.SUMMARIES]`.
      family: what goes before the tag.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.

    Raises:
      InvalidArgumentError (when it runs): a value is not finite.
    """
    with summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        made = registry["HistogramSummary"](tag, values, name=scope)
        collect(made, collections, [GraphKeys.SUMMARIES])
    return made


@export("summary.audio", "python.summary.summary.audio")
def audio(name, tensor, sample_rate, max_outputs=3, collections=None, family=None):
    """A summary with sounds.

    Args:
      name: the name of the operation; the tags are `name/audio/0`, `name/audio/1`, ..., or `name/audio` if there is one at most.
      tensor: float32 between -1 and 1, of shape `[batch, frames, channels]` or `[batch, frames]`.
      sample_rate: frames in a second: a float or a tensor of shape `[]`.
      max_outputs: how many sounds of the batch there are at most.
      collections: the keys of collections to add the summary to, by default `[tf.GraphKeys.SUMMARIES]`.
      family: what goes before the tag.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.

    Raises:
      InvalidArgumentError (when it runs): the tensor holds no sounds.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        sample_rate = convert(sample_rate, dtypes.float32, "sample_rate")
        made = registry["AudioSummaryV2"](tag, tensor, sample_rate, max_outputs=max_outputs, name=scope)
        collect(made, collections, [GraphKeys.SUMMARIES])
    return made


@export("summary.text")
def text(name, tensor, collections=None):
    """A summary of text, which TensorBoard shows as Markdown, vectors and matrices as tables.

    Args:
      name: the name of the operation, and of the text in TensorBoard.
      tensor: a string tensor.
      collections: the keys of collections to add the summary to, by default `[tf.GraphKeys.SUMMARIES]`.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.

    Raises:
      ValueError: `tensor` is not of strings.
    """
    if tensor.dtype != dtypes.string:
        raise ValueError("Expected tensor %s to have dtype string, got %s" % (tensor.name, tensor.dtype))
    metadata = protos.SummaryMetadata(plugin_data={"plugin_name": "text"})
    return tensor_summary(name, tensor, collections=collections, summary_metadata=metadata)


@export("summary.tensor_summary", "python.summary.summary.tensor_summary")
def tensor_summary(name, tensor, summary_description=None, collections=None, summary_metadata=None, family=None, display_name=None):
    """A summary that holds a whole tensor.

    Args:
      name: the name of the operation.
      tensor: a tensor of any type and shape.
      summary_description: a text about the summary, in Markdown.
      collections: the keys of collections to add the summary to, by default `[tf.GraphKeys.SUMMARIES]`.
      summary_metadata: a `tf.SummaryMetadata`, which says what plugin of TensorBoard shows the summary.
      family: what goes before the tag.
      display_name: the name to show, if not that of the operation.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.
    """
    metadata = protos.SummaryMetadata() if summary_metadata is None else summary_metadata
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = registry["TensorSummaryV2"](tag, tensor, metadata.SerializeToString(), name=scope)
        collect(made, collections, [GraphKeys.SUMMARIES])
    return made


def _check_graph_mode():
    if here.eager:
        raise RuntimeError("Merging tf.summary.* ops is not compatible with eager execution. Use tf.contrib.summary instead.")


@export("summary.merge", "python.summary.summary.merge")
def merge(inputs, collections=None, name=None):
    """All values of some summaries as one summary.

    Args:
      inputs: a list of string tensors, serialized `Summary` messages.
      collections: the keys of collections to add the summary to; by default none.
      name: the name of the operation.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`.

    Raises:
      RuntimeError: in eager execution.
      ValueError: there are no inputs.
      InvalidArgumentError (when it runs): two values have the same tag, or an input is no summary.
    """
    _check_graph_mode()
    name = clean_tag(name)
    with name_scope(name, "Merge", inputs):
        made = registry["MergeSummary"](inputs, name=name)
        collect(made, collections, [])
    return made


@export("summary.merge_all", "python.summary.summary.merge_all")
def merge_all(key=GraphKeys.SUMMARIES, scope=None, name=None):
    """All summaries of the default graph as one.

    Args:
      key: the collection that holds them.
      scope: a regular expression that the beginning of their names must match.
      name: the name of the operation.

    Returns:
      A string tensor of shape `[]`, a serialized `Summary`; None if there are no summaries.

    Raises:
      RuntimeError: in eager execution.
    """
    _check_graph_mode()
    found = get_collection(key, scope=scope)
    return merge(found, name=name) if found else None


@export("summary.get_summary_description")
def get_summary_description(node_def):
    """The `SummaryDescription` that a `TensorSummary` node carries; raises ValueError for other nodes."""
    if node_def.op != "TensorSummary":
        raise ValueError("Can't get_summary_description on %s" % node_def.op)
    from google.protobuf import json_format

    return json_format.Parse(as_str_any(node_def.attr["description"].s), protos.SummaryDescription())
