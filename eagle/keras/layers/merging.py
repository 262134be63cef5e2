"""Layers of several inputs: `Add`, `Multiply`, `Concatenate`, `Dot`, ..."""

from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ..engine.base_layer import Layer


def _tuples(shapes):
    """Shapes as tuples, None for those of unknown rank; a shape alone as a tuple."""
    if isinstance(shapes, list) and (not shapes or isinstance(shapes[0], TensorShape | tuple | list)):
        return [_tuples(s) for s in shapes]
    shape = TensorShape(shapes)
    return None if shape.ndims is None else tuple(shape.as_list())


def _broadcast(a, b):
    """The shape of what two shapes without the batch broadcast to; raises ValueError if they don't."""
    if a is None or b is None:
        return None
    if len(a) < len(b):
        a, b = b, a
    if not b:
        return a
    found = list(a[: -len(b)])
    for i, j in zip(a[-len(b) :], b):
        if i is None or j is None:
            found.append(None)
        elif 1 in (i, j):
            found.append(j if i == 1 else i)
        elif i != j:
            raise ValueError("Operands could not be broadcast together with shapes %s %s" % (a, b))
        else:
            found.append(i)
    return tuple(found)


class _Merge(Layer):
    """The base of layers that combine inputs element by element."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def _merge_function(self, inputs):
        raise NotImplementedError

    def build(self, input_shape):
        shapes = _tuples(input_shape)
        if not isinstance(shapes, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        if len(shapes) < 2:
            raise ValueError("A merge layer should be called on a list of at least 2 inputs. Got %d inputs." % len(shapes))
        if len({s[0] for s in shapes if s is not None and s[0] is not None}) > 1:
            raise ValueError("Can not merge tensors with different batch sizes. Got tensors with shapes : %s" % (shapes,))
        self._merged(shapes)
        self._reshape_required = None in shapes or len(set(map(len, shapes))) != 1

    def _merged(self, shapes):
        found = None if shapes[0] is None else shapes[0][1:]
        for s in shapes[1:]:
            found = _broadcast(found, None if s is None else s[1:])
        return found

    def call(self, inputs):
        if not isinstance(inputs, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        if not self._reshape_required:
            return self._merge_function(inputs)
        ranks = [x.shape.ndims for x in inputs]
        if None in ranks:
            return self._merge_of_unknown_rank(inputs)
        spread = []
        for x in inputs:
            for _ in range(max(ranks) - x.shape.ndims):
                x = tf.expand_dims(x, axis=1)
            spread.append(x)
        return self._merge_function(spread)

    def _merge_of_unknown_rank(self, inputs):
        """Puts the batch last, so that shapes broadcast, and back."""
        found, is_moved = [], False
        for x in inputs:
            rank = x.shape.ndims
            if rank is None:
                sizes = tf.shape(x)
                moved = tf.transpose(tf.reshape(x, tf.stack([sizes[0], tf.reduce_prod(sizes[1:])], axis=0)), perm=(1, 0))
                x = tf.reshape(moved, tf.concat([sizes[1:], tf.expand_dims(sizes[0], axis=-1)], 0))
                is_moved = True
            elif rank > 1:
                x = tf.transpose(x, perm=[*range(1, rank), 0])
                is_moved = True
            found.append(x)
        y = self._merge_function(found)
        if not is_moved:
            return y
        if y.shape.ndims is not None:
            rank = y.shape.ndims
            return tf.transpose(y, perm=[rank - 1, *range(rank - 1)]) if rank > 1 else y
        sizes = tf.shape(y)
        last = tf.shape(sizes)[0] - 1
        y = tf.transpose(tf.reshape(y, (-1, sizes[last])), perm=(1, 0))
        return tf.reshape(y, tf.concat([tf.expand_dims(sizes[last], axis=-1), sizes[:last]], 0))

    def compute_output_shape(self, input_shape):
        shapes = _tuples(input_shape)
        found = self._merged(shapes)
        if found is None:
            return TensorShape(None)
        batches = {s[0] for s in shapes if s is not None and s[0] is not None}
        return TensorShape((batches.pop() if len(batches) == 1 else None, *found))

    def compute_mask(self, inputs, mask=None):
        if not _checked_masks(inputs, mask):
            return None
        masks = [tf.expand_dims(m, axis=0) for m in mask if m is not None]
        return tf.keras.backend.all(tf.concat(masks, axis=0), axis=0)


def _checked_masks(inputs, mask):
    """Whether there are masks; raises ValueError if they don't fit the inputs."""
    if mask is None:
        return False
    for name, value in (("mask", mask), ("inputs", inputs)):
        if not isinstance(value, list):
            raise ValueError("`%s` should be a list." % name)
    if len(mask) != len(inputs):
        raise ValueError("The lists `inputs` and `mask` should have the same length.")
    return any(m is not None for m in mask)


def _folded(inputs, combine):
    output = inputs[0]
    for x in inputs[1:]:
        output = combine(output, x)
    return output


@export("keras.layers.Add")
class Add(_Merge):
    """The sum of the inputs."""

    def _merge_function(self, inputs):
        return _folded(inputs, lambda a, b: a + b)


@export("keras.layers.Subtract")
class Subtract(_Merge):
    """The difference of two inputs."""

    def build(self, input_shape):
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")

    def _merge_function(self, inputs):
        if len(inputs) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")
        return inputs[0] - inputs[1]


@export("keras.layers.Multiply")
class Multiply(_Merge):
    """The product of the inputs."""

    def _merge_function(self, inputs):
        return _folded(inputs, lambda a, b: a * b)


@export("keras.layers.Average")
class Average(_Merge):
    """The mean of the inputs."""

    def _merge_function(self, inputs):
        return _folded(inputs, lambda a, b: a + b) / len(inputs)


@export("keras.layers.Maximum")
class Maximum(_Merge):
    """The greatest of the inputs."""

    def _merge_function(self, inputs):
        return _folded(inputs, tf.maximum)


@export("keras.layers.Minimum")
class Minimum(_Merge):
    """The least of the inputs."""

    def _merge_function(self, inputs):
        return _folded(inputs, tf.minimum)


@export("keras.layers.Concatenate")
class Concatenate(_Merge):
    """The inputs one after the other.

    Args:
      axis: along which axis.
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
        self._reshape_required = False

    def build(self, input_shape):
        shapes = _tuples(input_shape)
        if not isinstance(shapes, list) or len(shapes) < 2:
            raise ValueError("A `Concatenate` layer should be called on a list of at least 2 inputs")
        if all(s is None for s in shapes):
            return
        others = set()
        for s in shapes:
            s = list(s)
            del s[self.axis]
            others.add(tuple(s))
        if len(others) > 1:
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for the concat axis. "
                "Got inputs shapes: %s" % (shapes,)
            )

    def _merge_function(self, inputs):
        return tf.keras.backend.concatenate(inputs, axis=self.axis)

    def compute_output_shape(self, input_shape):
        shapes = _tuples(input_shape)
        if not isinstance(shapes, list):
            raise ValueError("A `Concatenate` layer should be called on a list of inputs.")
        found = list(shapes[0])
        for s in shapes[1:]:
            if found[self.axis] is None or s[self.axis] is None:
                found[self.axis] = None
                break
            found[self.axis] += s[self.axis]
        return TensorShape(found)

    def compute_mask(self, inputs, mask=None):
        if not _checked_masks(inputs, mask):
            return None
        masks = []
        for x, m in zip(inputs, mask):
            if m is None:
                masks.append(tf.ones_like(x, dtype="bool"))
            else:
                masks.append(tf.expand_dims(m, axis=-1) if m.shape.ndims < x.shape.ndims else m)
        return tf.keras.backend.all(tf.keras.backend.concatenate(masks, axis=self.axis), axis=-1, keepdims=False)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


@export("keras.layers.Dot")
class Dot(_Merge):
    """The products of two inputs, summed over an axis of each.

    Args:
      axes: the axis, or two.
      normalize: whether vectors along the axes are made of length 1 first.

    Raises:
      TypeError: `axes` is neither.
      ValueError: it has not two integers.
    """

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(axes, int):
            if not isinstance(axes, list | tuple):
                raise TypeError("Invalid type for `axes` - should be a list or an int.")
            if len(axes) != 2:
                raise ValueError("Invalid format for `axes` - should contain two elements.")
            if not all(isinstance(a, int) for a in axes):
                raise ValueError('Invalid format for `axes` - list elements should be "int".')
        self.axes = axes
        self.normalize = normalize
        self._reshape_required = False

    def _axes(self, ranks):
        axes = [self.axes] * 2 if isinstance(self.axes, int) else self.axes
        return [a % rank if a < 0 else a for a, rank in zip(axes, ranks)]

    def build(self, input_shape):
        shapes = _tuples(input_shape)
        if not isinstance(shapes, list) or len(shapes) != 2:
            raise ValueError("A `Dot` layer should be called on a list of 2 inputs.")
        if None in shapes:
            return
        a, b = shapes
        axes = self._axes([len(a), len(b)])
        if a[axes[0]] != b[axes[1]]:
            raise ValueError("Dimension incompatibility %s != %s. Layer shapes: %s, %s" % (a[axes[0]], b[axes[1]], a, b))

    def _merge_function(self, inputs):
        if len(inputs) != 2:
            raise ValueError("A `Dot` layer should be called on exactly 2 inputs")
        axes = self._axes([x.shape.ndims for x in inputs])
        if self.normalize:
            inputs = [tf.nn.l2_normalize(x, axis=a) for x, a in zip(inputs, axes)]
        return tf.keras.backend.batch_dot(*inputs, axes)

    def compute_output_shape(self, input_shape):
        shapes = _tuples(input_shape)
        if not isinstance(shapes, list) or len(shapes) != 2:
            raise ValueError("A `Dot` layer should be called on a list of 2 inputs.")
        a, b = map(list, shapes)
        axes = self._axes([len(a), len(b)])
        a.pop(axes[0])
        b.pop(axes[1])
        found = a + b[1:]
        return TensorShape(found + [1] if len(found) == 1 else found)

    def compute_mask(self, inputs, mask=None):
        return None

    def get_config(self):
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def _function(name, layer, what):
    def function(inputs, **kwargs):
        return layer(**kwargs)(inputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "%s of a list of tensors; `kwargs` are the arguments of the layer." % what
    return export("keras.layers." + name)(function)


add = _function("add", Add, "The sum")
subtract = _function("subtract", Subtract, "The difference")
multiply = _function("multiply", Multiply, "The product")
average = _function("average", Average, "The mean")
maximum = _function("maximum", Maximum, "The greatest")
minimum = _function("minimum", Minimum, "The least")


@export("keras.layers.concatenate")
def concatenate(inputs, axis=-1, **kwargs):
    """Tensors one after the other along an axis; `kwargs` are the arguments of the layer."""
    return Concatenate(axis=axis, **kwargs)(inputs)


@export("keras.layers.dot")
def dot(inputs, axes, normalize=False, **kwargs):
    """The products of two tensors, summed over axes; arguments as of `Dot`."""
    return Dot(axes=axes, normalize=normalize, **kwargs)(inputs)
