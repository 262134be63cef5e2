"""What an exported model is given: `tf.estimator.export.ServingInputReceiver` and the like."""

import collections

from ..core import dtypes
from ..core.convert import convert_to_tensor
from ..core.export import export, public as tf
from ..core.graph import Graph
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from .feeding import parse_input_fn_result

_NAMES = {"feature": "feature", "label": "label", "receiver_tensor": "input", "receiver_tensors_alternative": "input"}


def _checked(given, what, allow_int_keys=False):
    """A dict of tensors with checked keys; one tensor gets a name."""
    if given is None:
        raise ValueError("%ss must be defined." % what)
    if not isinstance(given, dict):
        given = {_NAMES[what]: given}
    for name, tensor in given.items():
        if not isinstance(name, str) and not (allow_int_keys and isinstance(name, int)):
            raise ValueError("%s keys must be strings%s: %s." % (what, " or ints" if allow_int_keys else "", name))
        _check_tensor(tensor, name, what)
    return given


def _check_tensor(tensor, name, what="feature"):
    if isinstance(tensor, Tensor | tf.SparseTensor):
        return
    error = ValueError("%s%s must be a Tensor or SparseTensor." % (what, " %s" % name if name else ""))
    if not hasattr(tensor, "tensor"):
        raise error
    try:
        convert_to_tensor(tensor)
    except TypeError:
        raise error from None


_FIELDS = ["features", "receiver_tensors", "receiver_tensors_alternatives"]


@export("estimator.export.ServingInputReceiver")
class ServingInputReceiver(collections.namedtuple("ServingInputReceiver", _FIELDS)):
    """What a model for serving is given.

    Args:
      features: what the model function gets, a tensor or a dict of tensors.
      receiver_tensors: what is fed, a tensor or a dict of tensors.
      receiver_tensors_alternatives: a dict of others that may be fed instead.

    Raises:
      ValueError: something of it is no tensor, or a key is no string.
    """

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        features, receiver_tensors = _checked(features, "feature", True), _checked(receiver_tensors, "receiver_tensor")
        others = receiver_tensors_alternatives
        if others is not None:
            if not isinstance(others, dict):
                raise ValueError("receiver_tensors_alternatives must be a dict: %s." % others)
            for name, given in others.items():
                others[name] = _checked(given, "receiver_tensors_alternative")
        return super().__new__(cls, features, receiver_tensors, others)


@export("estimator.export.TensorServingInputReceiver")
class TensorServingInputReceiver(collections.namedtuple("TensorServingInputReceiver", _FIELDS)):
    """The same for a model whose function gets one tensor; raises ValueError if `features` is none."""

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        if features is None:
            raise ValueError("features must be defined.")
        _check_tensor(features, None)
        receiver = ServingInputReceiver(features, receiver_tensors, receiver_tensors_alternatives)
        return super().__new__(cls, receiver.features["feature"], receiver.receiver_tensors, receiver.receiver_tensors_alternatives)


class SupervisedInputReceiver(collections.namedtuple("SupervisedInputReceiver", ["features", "labels", "receiver_tensors"])):
    """What a model for training or evaluation is given; raises ValueError if something of it is no tensor."""

    def __new__(cls, features, labels, receiver_tensors):
        _checked(features, "feature", True)
        _checked(labels, "label", True)
        return super().__new__(cls, features, labels, _checked(receiver_tensors, "receiver_tensor"))


@export("estimator.export.build_parsing_serving_input_receiver_fn")
def build_parsing_serving_input_receiver_fn(feature_spec, default_batch_size=None):
    """A function that gives a `ServingInputReceiver` that is fed serialized `Example`s.

    Args:
      feature_spec: how to parse them, a dict as for `tf.io.parse_example`.
      default_batch_size: how many; None for any number.
    """

    def serving_input_receiver_fn():
        examples = tf.placeholder(dtype=dtypes.string, shape=[default_batch_size], name="input_example_tensor")
        return ServingInputReceiver(tf.parse_example(examples, feature_spec), {"examples": examples})

    return serving_input_receiver_fn


def _placeholder_like(tensor, batch_size):
    shape = TensorShape([batch_size]).concatenate(tensor.get_shape()[1:])
    name = tensor.op.name if isinstance(tensor, Tensor) and hasattr(tensor, "op") else None
    return tf.placeholder(dtype=tensor.dtype, shape=shape, name=name)


def _placeholders_like(given, batch_size):
    return {name: _placeholder_like(t, batch_size) for name, t in given.items()}


@export("estimator.export.build_raw_serving_input_receiver_fn")
def build_raw_serving_input_receiver_fn(features, default_batch_size=None):
    """A function that gives a `ServingInputReceiver` that is fed the features.

    Args:
      features: a dict of tensors whose types and shapes they have.
      default_batch_size: the length of their first axis; None for any.
    """

    def serving_input_receiver_fn():
        given = _placeholders_like(features, default_batch_size)
        return ServingInputReceiver(given, given)

    return serving_input_receiver_fn


@export("estimator.experimental.build_raw_supervised_input_receiver_fn")
def build_raw_supervised_input_receiver_fn(features, labels, default_batch_size=None):
    """A function that gives a `SupervisedInputReceiver` that is fed features and labels.

    Args:
      features, labels: a tensor or dict of tensors, whose types and shapes they have.
      default_batch_size: the length of their first axis; None for any.

    Raises:
      ValueError: a key is in both.
    """
    feature_keys = features.keys() if hasattr(features, "keys") else ["input"]
    twice = set(feature_keys) & set(labels.keys() if hasattr(labels, "keys") else ["label"])
    if twice:
        raise ValueError("Features and labels must have distinct keys. Found overlapping keys: %s" % twice)

    def supervised_input_receiver_fn():
        def given(like, name):
            if isinstance(like, dict):
                found = _placeholders_like(like, default_batch_size)
                return found, found
            found = _placeholder_like(like, default_batch_size)
            return found, {name: found}

        features_given, received = given(features, "input")
        labels_given, received_labels = given(labels, "label")
        return SupervisedInputReceiver(features_given, labels_given, {**received, **received_labels})

    return supervised_input_receiver_fn


def build_supervised_input_receiver_fn_from_input_fn(input_fn, **input_fn_args):
    """The same for the features and labels that an input function gives."""
    with Graph().as_default():
        features, labels, _ = parse_input_fn_result(input_fn(**input_fn_args))
    return build_raw_supervised_input_receiver_fn(features, labels)


export("contrib.estimator.build_raw_supervised_input_receiver_fn")(build_raw_supervised_input_receiver_fn)
export("contrib.estimator.build_supervised_input_receiver_fn_from_input_fn")(build_supervised_input_receiver_fn_from_input_fn)
