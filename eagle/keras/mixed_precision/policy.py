"""`Policy`: in which type a layer computes, and of which type its variables are."""

import functools

from ...core import dtypes
from ...core.export import export
from ...platform import tf_logging
from ...training import loss_scale as loss_scales

_BY_DEFAULT = "USE_DEFAULT"
_SUFFIX = "_with_float32_vars"
_OTHER_NAMES = {"infer_float32_vars": "infer_with_float32_vars", "float32_with_float32_vars": "float32"}
_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
# Deprecated policies, and what to use.
_INSTEAD = {
    "infer_with_float32_vars": " Please use the 'mixed_float16' or 'mixed_bfloat16' policy instead.",
    "float16_with_float32_vars": " Please use the 'mixed_float16' policy instead.",
    "bfloat16_with_float32_vars": " Please use the 'mixed_bfloat16' policy instead.",
}


def _types_of(name):
    """The types of computations and of variables, None where the first input tells it."""
    if name in _MIXED:
        return _MIXED[name], "float32"
    base = name.removesuffix(_SUFFIX)
    found = None
    if base != "infer":
        try:
            found = dtypes.as_dtype(base).name
        except TypeError:
            message = (
                'Cannot convert value %s to a mixed precision Policy. Valid policies include include those in the form "<dtype>" '
                'and "<dtype>_with_float32_vars", where <dtype> is the name of a dtype.' % (name,)
            )
            if base != name:
                message += " The value %s ends with _with_float32_vars, but %s cannot be converted to a DType" % (name, base)
            raise ValueError(message) from None
    return found, "float32" if base != name else found


@export("keras.mixed_precision.experimental.Policy", "python.keras.mixed_precision.experimental.policy.Policy")
class Policy:
    """In which type a layer computes, and of which type its variables are.

    Args:
      name: the name of a type, for both; "mixed_float16" or "mixed_bfloat16": that type, with variables of float32; "infer": the
        type of the first input.  Deprecated: "infer_with_float32_vars", and types with "_with_float32_vars" behind them.
      loss_scale: a `tf.train.experimental.LossScale`, a number, "dynamic" or None: what a model multiplies its loss with while it
        is trained; by default "dynamic" for "mixed_float16" and else None.

    Raises:
      TypeError: the name is no string.
      ValueError: there is no such policy.
    """

    def __init__(self, name, loss_scale=_BY_DEFAULT):
        if isinstance(name, dtypes.DType):
            raise TypeError("'name' must be a string, not a DType. Instead, pass DType.name. Got: %s" % (name.name,))
        if not isinstance(name, str):
            raise TypeError("'name' must be a string, but got: %s" % (name,))
        self._name = name = _OTHER_NAMES.get(name, name)
        self._compute_dtype, self._variable_dtype = _types_of(name)
        if name in _INSTEAD:
            tf_logging.warning(
                "WARNING: The '%s' policy is deprecated and will be removed in TensorFlow 2.1.%s", name, _INSTEAD[name]
            )  # fmt: skip
        if loss_scale == _BY_DEFAULT:
            loss_scale = "dynamic" if name == "mixed_float16" else None
        if loss_scale and self._compute_dtype not in (None, "float16"):
            tf_logging.warning(
                "Creating a Policy with a loss scale is only useful for float16 policies. You passed loss_scale=%r for policy %s. "
                "Consider not passing any loss_scale instead.", loss_scale, name
            )  # fmt: skip
        self._loss_scale = loss_scales.get(loss_scale)

    name = property(lambda self: self._name, doc="Its name.")
    compute_dtype = property(lambda self: self._compute_dtype, doc="The name of the type of computations, or None.")
    variable_dtype = property(lambda self: self._variable_dtype, doc="The name of the type of variables, or None.")
    loss_scale = property(lambda self: self._loss_scale, doc="What losses are multiplied with, or None.")

    @property
    def should_cast_variables(self):
        """Whether variables are cast before they are used."""
        return self._variable_dtype != self._compute_dtype

    def __repr__(self):
        return '<Policy "%s", loss_scale=%s>' % (self._name, self.loss_scale)


@functools.cache
def plain(name):
    """The policy of one type for all, by its name, or "infer"."""
    return Policy(name)


class _Inferred(Policy):
    """The policy of a layer without a type of its own, once its first input told it."""

    def __init__(self, dtype):
        self._name, self._loss_scale = dtype + _SUFFIX, None
        self._compute_dtype, self._variable_dtype = dtype, "float32"


def with_input_dtype(policy, dtype):
    """What an inferring policy becomes when the type of the first input is known."""
    name = dtypes.as_dtype(dtype).name
    return plain(name) if policy.variable_dtype is None or name == "float32" else _Inferred(name)


class State:
    """What is set for all.

    Attributes:
      policy: the policy of layers that are given none, or None.
      is_graph_rewritten: whether `enable_mixed_precision_graph_rewrite` was called.
    """

    policy = None
    is_graph_rewritten = False


state = State()


@export("keras.mixed_precision.experimental.global_policy")
def global_policy():
    """The policy of layers that are given none."""
    return state.policy or plain("infer")


@export("keras.mixed_precision.experimental.set_policy")
def set_policy(policy):
    """Sets the policy of layers that are given none.

    Args:
      policy: a `Policy`, the name of one, or None for "infer".

    Raises:
      ValueError: it does not infer the type; such ones can be given to layers, as their `dtype`.  Or graphs are to be rewritten.
    """
    if state.is_graph_rewritten:
        raise ValueError(
            "The mixed precision policy cannot be set, because the mixed precision graph rewrite has already been enabled.\nAt "
            "most, one of the following functions can be called:\n\n  1. "
            "tf.train.experimental.enable_mixed_precision_graph_rewrite() (You called this first)\n  2. "
            "tf.keras.mixed_precision.experimental.set_policy() (You called this second)\n\nYou called both "
            "functions, which is an error, because both functions enable you to use mixed precision. The first "
            "function enables mixed precision in the graph with a graph rewrite. However it is currently not very customizable, "
            "and does not support eager. The second function is for Keras layers, but is not yet fully complete."
        )
    if policy is not None and not isinstance(policy, Policy):
        policy = Policy(policy)
    if policy is not None and policy.compute_dtype:
        raise ValueError("The global policy can only be set to a non-infer policy in TensorFlow 2")
    state.policy = policy


def policy_of(dtype):
    """The policy that the argument `dtype` of a layer stands for."""
    if isinstance(dtype, Policy):
        return dtype
    return plain(dtypes.as_dtype(dtype).name) if dtype else global_policy()
