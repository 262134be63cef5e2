"""`tf.case` and `tf.switch_case`: one of several functions; and those that choose while the graph is built if they can."""

import collections
import functools

from ..core import dtypes, known
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import control_dependencies, name_scope
from ..core.tensor import Tensor
from ..platform import tf_logging
from .branches import add_branches
from .cond import Branch, check_alike, cond, pack_outputs, widen_indices
from .printing import Assert


@export("case")
def case(pred_fn_pairs, default=None, exclusive=False, strict=False, name="case"):
    """What the function with the first true condition returns.

    Args:
      pred_fn_pairs: a list of (boolean scalar, function) pairs, or a dictionary.
      default: the function for the case that no condition is true; without one that is an error.
      exclusive: whether more than one true condition is an error.
      strict: as of `cond`.
      name: the name scope.

    Raises:
      TypeError: the pairs are no pairs of tensors and functions.
      ValueError: there is no pair.
      InvalidArgumentError: (when run) no condition is true, or several are although `exclusive`.
    """
    return _case(cond, pred_fn_pairs, default, exclusive, name, strict=strict)


def _case(choose, pred_fn_pairs, default, exclusive, name, **options):
    """`case` by nested choices of `cond` or one of its kin."""
    predicates, actions = _checked_pairs(pred_fn_pairs, exclusive, name, choose is not cond)
    if default is not None and not callable(default):
        raise TypeError("default must be callable.")
    with name_scope(name, "case", predicates):
        if default is None:
            default, predicates, actions = _last_as_default(predicates, actions)
        function = default
        for predicate, action in reversed(list(zip(predicates, actions))):
            function = functools.partial(choose, predicate, true_fn=action, false_fn=function, **options)
        if not exclusive:
            return function()
        with control_dependencies([_assert_at_most_one(predicates)]):
            return function()


def _checked_pairs(pairs, exclusive, name, allows_bools):
    """The conditions and the functions of a `case`."""
    if not isinstance(pairs, list | tuple | dict):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(pairs, dict):
        pairs = _ordered(pairs, exclusive, name)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        pred, fn = pair
        if isinstance(pred, Tensor):
            if pred.dtype != dtypes.bool_:
                raise TypeError("pred must be Tensor of type bool: %s" % getattr(pred, "name", pred))
        elif not allows_bools and not here.eager:
            raise TypeError("pred must be a Tensor, got: %s" % (pred,))
        elif not isinstance(pred, bool):
            raise TypeError("pred must be a Tensor or bool, got: %s" % (pred,))
        if not callable(fn):
            raise TypeError("fn for pred %s must be callable." % getattr(pred, "name", pred))
    pairs = list(pairs)
    if not pairs:
        raise ValueError("case: no (condition, function) pair was given")
    return [p for p, _ in pairs], [f for _, f in pairs]


def _ordered(pairs, exclusive, name):
    """The pairs of a dictionary in an order that does not depend on how it was made."""
    if isinstance(pairs, collections.OrderedDict):
        return list(pairs.items())
    if here.eager:
        if not exclusive:
            raise ValueError(
                "Unordered dictionaries are not supported for the `pred_fn_pairs` argument when `exclusive=False` and eager mode "
                "is enabled."
            )
        return list(pairs.items())
    if not exclusive:
        tf_logging.warning("%s: conditions in a dictionary without exclusive=True are tried in the order of their names.", name)
    return sorted(pairs.items(), key=lambda pair: pair[0].name)


def _last_as_default(predicates, actions):
    """For a `case` without default: the last action, which checks that its condition is the true one."""
    *others, predicate = predicates
    *other_actions, action = actions

    def default():
        message = "Input error: None of conditions evaluated as True:"
        with control_dependencies([Assert(predicate, [message, registry["Pack"](list(predicates))])]):
            return action()

    return default, others, other_actions


def _assert_at_most_one(predicates):
    """An assertion that at most one of the conditions is true."""
    stacked = registry["Pack"](list(predicates)) if predicates else convert([], dtypes.bool_)
    count = registry["Sum"](registry["Cast"](stacked, DstT=dtypes.int32), 0)
    names = ", ".join(getattr(p, "name", "?") for p in predicates)
    message = "Input error: exclusive=True: more than 1 conditions (%s) evaluated as True:" % names
    return Assert(registry["LessEqual"](count, 1), [message, stacked], summarize=len(predicates))


@export("switch_case")
def switch_case(branch_index, branch_fns, default=None, name="switch_case"):
    """What the function with a certain number returns.

    Args:
      branch_index: an integer scalar tensor.
      branch_fns: a list of functions without arguments that return tensors in the same structure; or a dictionary or a list of
        pairs with their numbers, which must be 0, 1, ...
      default: the function for all other numbers; by default the last one.
      name: the name scope.

    Raises:
      TypeError: an argument has the wrong type, or the structures or types of the results differ.
      ValueError: there are no functions, or numbers are missing.
    """
    functions = _checked_branches(branch_index, branch_fns) + ([] if default is None else [default])
    with name_scope(name, "case", [branch_index]):
        if here.eager:
            i = int(branch_index)
            return functions[i if 0 <= i < len(functions) else -1]()
        branches = [Branch(f, "branch %d" % i, branch_index, True) for i, f in enumerate(functions)]
        widen_indices(branches)
        for i, branch in enumerate(branches):
            check_alike(branches[0], branch, "branches[0] and branches[%d]" % i, "tf.switch_case")
        outputs = add_branches(branch_index, [b.graph for b in branches], "indexed_case")
        with get_default_graph().name_scope(outputs[0].op.name + "/"):
            return pack_outputs(branches[0], outputs, "Identity")


def _checked_branches(index, functions):
    """The functions of a `switch_case` in order."""
    if not isinstance(index, Tensor):
        raise TypeError("branch_index must a Tensor, got %s" % type(index))
    if not index.dtype.is_integer:
        raise TypeError("branch_index must an integer Tensor, got %s" % index.dtype)
    if not functions:
        raise ValueError("Must provide at least one item in branch_fns")
    if not isinstance(functions, list | tuple | dict):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    pairs = list(functions.items()) if isinstance(functions, dict) else list(functions)
    if all(callable(f) for f in pairs):
        return pairs
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        if not isinstance(pair[0], int):
            raise TypeError("key must be a Python `int`, got %s" % type(pair[0]))
        if not callable(pair[1]):
            raise TypeError("fn for key %d must be callable." % pair[0])
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(keys))):
        raise ValueError("branch indices (keys) must form contiguous range of [0 to %d) but found {%s}"
                         % (len(keys), ",".join(map(str, keys))))  # fmt: skip
    return [f for _, f in sorted(pairs, key=lambda pair: pair[0])]


@export("contrib.framework.smart_constant_value", "python.framework.smart_cond.smart_constant_value")
def smart_constant_value(pred):
    """The value of a condition if it is known, or None.

    Raises:
      TypeError: `pred` is no tensor, bool, 0 or 1.
    """
    if isinstance(pred, Tensor):
        value = known.value(pred)
        return None if value is None else value[()]
    if isinstance(pred, bool) or pred in (0, 1):
        return bool(pred)
    raise TypeError("`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: %s" % type(pred))


@export("contrib.framework.smart_cond", "python.framework.smart_cond.smart_cond")
def smart_cond(pred, true_fn=None, false_fn=None, name=None):
    """The result of one of two functions: of the one that is chosen if the condition is known, else as `tf.cond`.

    Args:
      pred: a scalar tensor, a bool, 0 or 1.
      true_fn, false_fn: functions without arguments.
      name: the name scope of a `tf.cond`.

    Raises:
      TypeError: a function can't be called, or `pred` is nothing of the kind.
    """
    for function, label in ((true_fn, "true_fn"), (false_fn, "false_fn")):
        if not callable(function):
            raise TypeError("`%s` must be callable." % label)
    value = smart_constant_value(pred)
    if value is None:
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if value else false_fn()


@export("contrib.framework.smart_case", "python.framework.smart_cond.smart_case")
def smart_case(pred_fn_pairs, default=None, exclusive=False, name="smart_case"):
    """As `tf.case`, but with conditions that are known decided while the graph is built."""
    return _case(smart_cond, pred_fn_pairs, default, exclusive, name)


@export("python.layers.utils.smart_cond")
def layers_smart_cond(pred, true_fn=None, false_fn=None, name=None):
    """As `smart_cond`; the condition may also be a variable."""
    if hasattr(pred, "assign"):
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return smart_cond(pred, true_fn, false_fn, name)


@export("python.layers.utils.constant_value")
def layers_constant_value(pred):
    """As `smart_constant_value`; None for a variable."""
    return None if hasattr(pred, "assign") else smart_constant_value(pred)
