"""`Bijector`: a differentiable function with an inverse, and the logarithm of how it stretches volumes."""

import contextlib
import re

from ..core import dtypes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.shape import TensorShape
from ..core.static_values import constant_value
from ..core.tensor import Tensor

_KEPT_EAGERLY = 32  # so many values are remembered where no graph keeps them anyway


class _Remembered:
    """What is known of one value: itself and its image, and the logarithms of the determinant by numbers of dimensions."""

    __slots__ = ("x", "y", "inverse_log_dets", "kwargs")

    def __init__(self, x=None, y=None):
        self.x, self.y, self.inverse_log_dets, self.kwargs = x, y, {}, None


@export("contrib.distributions.bijectors.Bijector", "python.ops.distributions.bijector.Bijector",
        "python.ops.distributions.bijector_impl.Bijector")  # fmt: skip
class Bijector:
    """The base of bijectors.  A kind implements `_forward`, `_inverse` and one of the two `_..._log_det_jacobian`.

    Args:
      graph_parents: the tensors that it was made from.
      is_constant_jacobian: whether the derivative is the same everywhere.
      validate_args: whether arguments are checked by assertions.
      dtype: the type of tensors that it takes; None for any.
      forward_min_event_ndims, inverse_min_event_ndims: how many dimensions the smallest thing has that it maps, and its image.
      name: its name.

    Raises:
      ValueError: neither number is given, or one is negative, or a parent is no tensor.
      TypeError: a number is no int.
    """

    _is_injective = True

    def __init__(self, graph_parents=None, is_constant_jacobian=False, validate_args=False, dtype=None,
                 forward_min_event_ndims=None, inverse_min_event_ndims=None, name=None):  # fmt: skip
        if forward_min_event_ndims is None and inverse_min_event_ndims is None:
            raise ValueError("Must specify at least one of `forward_min_event_ndims` and `inverse_min_event_ndims`.")
        numbers = {
            "forward": inverse_min_event_ndims if forward_min_event_ndims is None else forward_min_event_ndims,
            "inverse": forward_min_event_ndims if inverse_min_event_ndims is None else inverse_min_event_ndims,
        }
        for which, number in numbers.items():
            if not isinstance(number, int):
                raise TypeError("Expected %s_min_event_ndims to be of type int, got %s" % (which, type(number).__name__))
        for which, number in numbers.items():
            if number < 0:
                raise ValueError("%s_min_event_ndims must be a non-negative integer." % which)
        self._forward_min_event_ndims, self._inverse_min_event_ndims = numbers["forward"], numbers["inverse"]
        self._graph_parents = graph_parents or []
        self._is_constant_jacobian, self._validate_args, self._dtype = is_constant_jacobian, validate_args, dtype
        self._constant_log_dets, self._by_x, self._by_y = {}, {}, {}
        self._name = name or _snake_case(type(self).__name__.lstrip("_"))
        for i, t in enumerate(self._graph_parents):
            if not isinstance(t, Tensor) and not getattr(t, "is_tensor_like", False):
                raise ValueError("Graph parent item %d is not a Tensor; %s." % (i, t))

    graph_parents = property(lambda self: self._graph_parents)
    forward_min_event_ndims = property(lambda self: self._forward_min_event_ndims)
    inverse_min_event_ndims = property(lambda self: self._inverse_min_event_ndims)
    is_constant_jacobian = property(lambda self: self._is_constant_jacobian)
    validate_args = property(lambda self: self._validate_args)
    dtype = property(lambda self: self._dtype)
    name = property(lambda self: self._name)

    # ------------------------------------------------------------------------------------------------------------ shapes

    def _forward_event_shape(self, input_shape):
        return input_shape

    def _inverse_event_shape(self, output_shape):
        return output_shape

    _forward_event_shape_tensor, _inverse_event_shape_tensor = _forward_event_shape, _inverse_event_shape

    def forward_event_shape(self, input_shape):
        """The static shape of the image of something of a static shape."""
        return self._forward_event_shape(TensorShape(input_shape))

    def inverse_event_shape(self, output_shape):
        """The static shape of what has an image of a static shape."""
        return self._inverse_event_shape(TensorShape(output_shape))

    def forward_event_shape_tensor(self, input_shape, name="forward_event_shape_tensor"):
        """As `forward_event_shape`, on int32 vectors."""
        with self._name_scope(name, [input_shape]):
            return self._forward_event_shape_tensor(convert(input_shape, dtypes.int32, "input_shape"))

    def inverse_event_shape_tensor(self, output_shape, name="inverse_event_shape_tensor"):
        """As `inverse_event_shape`, on int32 vectors."""
        with self._name_scope(name, [output_shape]):
            return self._inverse_event_shape_tensor(convert(output_shape, dtypes.int32, "output_shape"))

    # ------------------------------------------------------------------------------------------------------------ values

    def _forward(self, x):
        raise NotImplementedError("forward not implemented.")

    def _inverse(self, y):
        raise NotImplementedError("inverse not implemented")

    def _inverse_log_det_jacobian(self, y):
        raise NotImplementedError("inverse_log_det_jacobian not implemented.")

    def _forward_log_det_jacobian(self, x):
        raise NotImplementedError("forward_log_det_jacobian not implemented.")

    def forward(self, x, name="forward"):
        """The image of a tensor.

        Raises:
          TypeError: it has another type than the bijector.
          NotImplementedError: the bijector can't compute it.
        """
        return self._call_forward(x, name)

    def _call_forward(self, x, name, **kwargs):
        with self._name_scope(name, [x]):
            x = self._checked(x, "x")
            if not self._is_injective:
                return self._forward(x, **kwargs)
            found = self._recall(x=x, kwargs=kwargs)
            if found.y is None:
                found.y = self._forward(x, **kwargs)
                self._remember(found, kwargs)
            return found.y

    def inverse(self, y, name="inverse"):
        """What has this tensor as its image; a tuple of such if there are several.

        Raises:
          TypeError: it has another type than the bijector.
          NotImplementedError: the bijector can't compute it.
        """
        return self._call_inverse(y, name)

    def _call_inverse(self, y, name, **kwargs):
        with self._name_scope(name, [y]):
            y = self._checked(y, "y")
            if not self._is_injective:
                return self._inverse(y, **kwargs)
            found = self._recall(y=y, kwargs=kwargs)
            if found.x is None:
                found.x = self._inverse(y, **kwargs)
                self._remember(found, kwargs)
            return found.x

    def inverse_log_det_jacobian(self, y, event_ndims, name="inverse_log_det_jacobian"):
        """The logarithm of the determinant of the inverse's derivative; a tuple of such if there are several inverses.

        Args:
          y: a tensor.
          event_ndims: how many of its dimensions are one event, over which determinants are multiplied.
          name: the name scope of the nodes.

        Raises:
          TypeError: it has another type than the bijector.
          ValueError: there are too few dimensions.
          NotImplementedError: the bijector can't compute it.
        """
        return self._call_inverse_log_det_jacobian(y, event_ndims, name)

    def _call_inverse_log_det_jacobian(self, y, event_ndims, name, **kwargs):
        with self._name_scope(name, [y]):
            key = _key_of_ndims(event_ndims)
            if key in self._constant_log_dets:
                return self._constant_log_dets[key]
            y = self._checked(y, "y")
            with control_dependencies(self._checks_of_ndims(self.inverse_min_event_ndims, event_ndims)):
                if not self._is_injective:
                    return self._inverse_log_dets(y, event_ndims, kwargs)
                found = self._recall(y=y, kwargs=kwargs)
                if key in found.inverse_log_dets:
                    return found.inverse_log_dets[key]
                try:
                    log_det = self._over_event(
                        y, self._inverse_log_det_jacobian(y, **kwargs), self.inverse_min_event_ndims, event_ndims
                    )
                except NotImplementedError as e:
                    with _raising(e):
                        x = self._inverse(y, **kwargs) if found.x is None else found.x
                        log_det = -self._forward_log_det_jacobian(x, **kwargs)
                        log_det = self._over_event(x, log_det, self.forward_min_event_ndims, event_ndims)
                        found.x = x
                return self._note_log_det(found, key, log_det, kwargs)

    def _inverse_log_dets(self, y, event_ndims, kwargs):
        """The logarithms for each of several inverses."""
        try:
            found = self._inverse_log_det_jacobian(y, **kwargs)
            return tuple(self._over_event(y, d, self.inverse_min_event_ndims, event_ndims) for d in found)
        except NotImplementedError as e:
            with _raising(e):
                x = self._inverse(y, **kwargs)
                found = self._forward_log_det_jacobian(x, **kwargs)
                return tuple(self._over_event(x, -d, self.forward_min_event_ndims, event_ndims) for d in found)

    def forward_log_det_jacobian(self, x, event_ndims, name="forward_log_det_jacobian"):
        """The logarithm of the determinant of the derivative; see `inverse_log_det_jacobian`.

        Raises:
          NotImplementedError: several things have the same image.
        """
        return self._call_forward_log_det_jacobian(x, event_ndims, name)

    def _call_forward_log_det_jacobian(self, x, event_ndims, name, **kwargs):
        if not self._is_injective:
            raise NotImplementedError("forward_log_det_jacobian cannot be implemented for non-injective transforms.")
        with self._name_scope(name, [x]):
            key = _key_of_ndims(event_ndims)
            with control_dependencies(self._checks_of_ndims(self.forward_min_event_ndims, event_ndims)):
                if key in self._constant_log_dets:
                    return -1.0 * self._constant_log_dets[key]
                x = self._checked(x, "x")
                found = self._recall(x=x, kwargs=kwargs)
                if key in found.inverse_log_dets:
                    return -found.inverse_log_dets[key]
                try:
                    log_det = -self._forward_log_det_jacobian(x, **kwargs)
                    log_det = self._over_event(x, log_det, self.forward_min_event_ndims, event_ndims)
                except NotImplementedError as e:
                    with _raising(e):
                        y = self._forward(x, **kwargs) if found.y is None else found.y
                        log_det = self._inverse_log_det_jacobian(y, **kwargs)
                        log_det = self._over_event(y, log_det, self.inverse_min_event_ndims, event_ndims)
                        found.y = y
                return -self._note_log_det(found, key, log_det, kwargs)

    # --------------------------------------------------------------------------------------------------------- remembering

    def _recall(self, x=None, y=None, kwargs=None):
        key = _key(kwargs, y if x is None else x)
        return (self._by_y if x is None else self._by_x).get(key) or _Remembered(x, y)

    def _remember(self, found, kwargs):
        found.kwargs = kwargs  # whose ids are part of the keys
        for by, value in ((self._by_x, found.x), (self._by_y, found.y)):
            if value is not None:
                by[_key(kwargs, value)] = found
                while here.eager and len(by) > _KEPT_EAGERLY:
                    del by[next(iter(by))]

    def _note_log_det(self, found, key, log_det, kwargs):
        found.inverse_log_dets[key] = log_det
        self._remember(found, kwargs)
        if self.is_constant_jacobian:
            self._constant_log_dets[key] = log_det
        return log_det

    # -------------------------------------------------------------------------------------------------------------- others

    @contextlib.contextmanager
    def _name_scope(self, name=None, values=None):
        with name_scope(self.name), name_scope(name, values=[*(values or ()), *self.graph_parents]) as scope:
            yield scope

    def _checked(self, value, name):
        value = convert(value, name=name)
        if self.dtype is not None and self.dtype.base_dtype != value.dtype.base_dtype:
            raise TypeError("Input had dtype %s but expected %s." % (self.dtype, value.dtype))
        return value

    def _over_event(self, value, log_det, min_event_ndims, event_ndims):
        """The sum of logarithms over those dimensions of an event that are not one thing that is mapped."""
        rank = tf.rank(value)
        ones = tf.ones(tf.shape(value)[rank - event_ndims : rank - min_event_ndims], log_det.dtype)
        known = static_number(event_ndims)
        axes = list(range(-1, min_event_ndims - known - 1, -1)) if known is not None else tf.range(min_event_ndims - event_ndims, 0)
        total = tf.reduce_sum(ones * log_det, axis=axes)
        if known is not None and value.shape.ndims is not None and log_det.shape.ndims is not None:
            spread = value.shape[value.shape.ndims - known : value.shape.ndims - min_event_ndims]
            shape = tf.broadcast_static_shape(log_det.shape, spread)
            total.set_shape(shape[: shape.ndims - (known - min_event_ndims)])
        return total

    def _checks_of_ndims(self, least, event_ndims):
        """Assertions that an event has enough dimensions; raises ValueError where it is known that it has not."""
        event_ndims = convert(event_ndims, name="event_ndims")
        known, checks = constant_value(event_ndims), []
        if not event_ndims.dtype.is_integer:
            raise ValueError("Expected integer dtype, got dtype %s" % event_ndims.dtype)
        if known is not None:
            if event_ndims.shape.ndims != 0:
                raise ValueError("Expected scalar event_ndims, got shape %s" % event_ndims.shape)
            if least > known:
                raise ValueError("event_ndims (%s) must be larger than min_event_ndims (%s)" % (known, least))
        elif self.validate_args:
            checks.append(tf.assert_greater_equal(event_ndims, least))
        if event_ndims.shape.is_fully_defined():
            if event_ndims.shape.ndims != 0:
                raise ValueError("Expected scalar shape, got ndims %s" % event_ndims.shape.ndims)
        elif self.validate_args:
            checks.append(tf.assert_rank(event_ndims, 0, message="Expected scalar."))
        return [c for c in checks if c is not None]

    def _constant(self, number, like):
        """A number of the type of a tensor."""
        return constant(number, like.dtype.base_dtype)


@contextlib.contextmanager
def _raising(error):
    """Raises `error` where what is tried instead is not implemented either."""
    try:
        yield
    except NotImplementedError:
        raise error from None


def static_number(value):
    """An int if it is known; raises ValueError for what is no integer or no scalar."""
    if isinstance(value, int):
        return value
    known = constant_value(convert(value))
    if known is None:
        return None
    if known.dtype.kind not in "iu":
        raise ValueError("Expected integer dtype, got dtype %s" % known.dtype)
    if known.ndim:
        raise ValueError("Expected a scalar integer, got %s" % known)
    return int(known)


def _key(kwargs, value):
    return (id(value), *sorted((name, id(v)) for name, v in (kwargs or {}).items()))


def _key_of_ndims(event_ndims):
    return event_ndims if isinstance(event_ndims, int) else id(event_ndims)


def _snake_case(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()


@export("contrib.distributions.bijectors.Identity", "python.ops.distributions.identity_bijector.Identity")
class Identity(Bijector):
    """Leaves tensors as they are.

    Args:
      validate_args: whether arguments are checked.
      name: its name.
    """

    def __init__(self, validate_args=False, name="identity"):
        super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True, validate_args=validate_args, name=name)

    def _forward(self, x):
        return x

    _inverse = _forward

    def _forward_log_det_jacobian(self, x):
        return self._constant(0.0, x)

    _inverse_log_det_jacobian = _forward_log_det_jacobian
