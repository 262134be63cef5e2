"""Ops that pass tensors on as they are: identity and its kin, with or without their gradient, checked or not."""

import numpy as np

from ..core import shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.dtypes import Handle
from ..core.errors import invalid
from ..core.export import export
from ..core.op import IDENTITY, Op, op
from ..core.tensor import GraphTensor
from ..core.versions import shortcut, versioned
from .doors import unary


def _declare_passing(name, grad=None, **options):
    """Declares an op that passes its input on; `grad` is its gradient function, with its form for NumPy values."""
    declared = Op(name, lambda xp, input: input, **options)
    declared.kernel_for("numpy")(lambda input: input)
    declared.shape(lambda input: input)
    if grad is not None:
        declared.grad("input", grad[1])(grad[0])
    declared.samples(_samples)
    return declared


def _samples(make):
    yield (make(2, 3),)
    yield (make(),)


SAME = (lambda g: g, IDENTITY)
_identity = _declare_passing("Identity", SAME)


@_identity.emits("numpy", "xla")
def _(program, node):
    """No line: whatever gives the input's value gives the output's."""
    program.define(node.outputs[0], program.expression(node._inputs[0]))


_stop_gradient = _declare_passing("StopGradient").not_differentiable()
_declare_passing("Snapshot")

stop_gradient = export("stop_gradient")(unary(_stop_gradient, "input"))


@op("GuaranteeConst")
def _guarantee_const(xp, input):
    if isinstance(input, Handle):
        raise invalid("Input tensor cannot be a resource variable handle.")
    return input


@_guarantee_const.shape
def _(input):
    return input


_guarantee_const.samples(_samples)
guarantee_const = export("guarantee_const")(unary(_guarantee_const, "input"))


_general_identity = versioned(_identity)


@export("identity")
@shortcut(_general_identity)
def identity(input, name=None):
    """A tensor with the value of `input`: a node of its own in a graph, eagerly the tensor itself.

    Args:
      input: a tensor.
      name: the name of the node.
    """
    if here.eager and type(input) is not GraphTensor:
        return convert(input)
    return _general_identity(input, name=name)


@op("IdentityN")
def _identity_n(xp, input):
    return list(input)


@_identity_n.shape
def _(input):
    return list(input)


@_identity_n.grad
def _(g):
    return g


@_identity_n.samples
def _(make):
    yield ([make(2, 3), make(4)],)
    yield ([make()],)


identity_n = export("identity_n")(_identity_n)


@op("PreventGradient")
def _prevent_gradient(xp, input, *, message=""):
    return input


@_prevent_gradient.shape
def _(input, *, message):
    return input


@_prevent_gradient.grad("input")
def _(g, *, message):
    raise LookupError("Gradient explicitly disabled. Reason: %s" % _text(message))


def _text(message):
    return message if isinstance(message, bytes) else message.encode()


@_prevent_gradient.samples
def _(make):
    yield make.ints(0, 5, 2, 3), dict(message="no")


prevent_gradient = _prevent_gradient


@op("EnsureShape")
def _ensure_shape(xp, input, *, shape):
    return _ensured("dummy_input", shape, input)


def _ensured(name, shape, input):
    if not shapes.compatible(input.shape, shape):
        raise invalid("Shape of tensor %s %s is not compatible with expected shape %s.",
                      name, shapes.to_brackets(input.shape), shapes.to_brackets(shape))  # fmt: skip
    return input


@_ensure_shape.emits("numpy")
def _(program, node):
    """A call that knows the input's name."""
    tensor = node._inputs[0]
    name, check = program.local(node.outputs[0]), program.bind("ensured", _ensured)
    shape = program.bind("shape", node.attrs["shape"])
    program.statement(
        node, "%s = %s(%r, %s, %s)" % (name, check, tensor.name.removesuffix(":0"), shape, program.value(tensor)), [name]
    )


@_ensure_shape.shape
def _(input, *, shape):
    merged = shapes.merge(input, shape)
    if merged is shapes.CONTRADICTION:
        raise ValueError("Shape of input %s is not compatible with expected shape %s."
                         % (shapes.to_brackets(input), shapes.to_brackets(shape)))  # fmt: skip
    return merged


@_ensure_shape.grad("input", IDENTITY)
def _(g):
    return g


@_ensure_shape.samples
def _(make):
    yield make(2, 3), dict(shape=(None, 3))
    yield make(2, 3), dict(shape=None)


@export("ensure_shape")
def ensure_shape(x, shape, name=None):
    """A tensor with the value of `x`, whose shape is checked when it runs and known from here on.

    Args:
      x: a tensor.
      shape: a shape, in which dimensions may be unknown.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): `x` has another shape.
    """
    return _ensure_shape(x, shape=shapes.as_shape(shape), name=name)


@op("CheckNumerics", host=True)
def _check_numerics(xp, tensor, *, message):
    if not np.isfinite(np.asarray(tensor).astype(np.float32) if tensor.dtype.kind == "V" else tensor).all():
        found = np.asarray(tensor).astype(np.float64)
        bad = [what for what, there in (("Inf", np.isinf(found).any()), ("NaN", np.isnan(found).any())) if there]
        raise invalid("%s : Tensor had %s values", message if isinstance(message, str) else message.decode(), " and ".join(bad))
    return tensor


@_check_numerics.shape
def _(tensor, *, message):
    return tensor


@_check_numerics.grad("tensor")
def _(g, *, message):
    return _check_numerics(g, message="Not a number (NaN) or infinity (Inf) values detected in gradient. %s" % _text(message))


@_check_numerics.samples
def _(make):
    yield make(2, 3), dict(message="broken")
    yield make(), dict(message="")


check_numerics = export("check_numerics", "debugging.check_numerics")(versioned(_check_numerics))
