"""Structures of shapes."""

from ...core.shape import Dimension, TensorShape


def is_shape(x):
    """Whether something is one shape, and no structure of shapes."""
    if isinstance(x, TensorShape):
        return True
    return isinstance(x, list | tuple) and all(d is None or isinstance(d, int | Dimension) for d in x)


def map_shapes(function, shapes):
    """A structure of shapes with a function applied to each as a `TensorShape`."""
    if is_shape(shapes):
        return function(TensorShape(shapes))
    if isinstance(shapes, dict):
        return {k: map_shapes(function, s) for k, s in shapes.items()}
    return type(shapes)(map_shapes(function, s) for s in shapes)


def as_shapes(shapes):
    """A structure of `TensorShape`."""
    return map_shapes(lambda s: s, shapes)


def as_tuples(shapes):
    """A structure of shapes as tuples."""
    return map_shapes(lambda s: tuple(s.as_list()), shapes)
