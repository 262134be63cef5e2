"""`InputSpec`: what a layer asks of its inputs."""

from ...core import nest
from ...core.dtypes import as_dtype
from ...core.export import export


@export("keras.layers.InputSpec", "layers.InputSpec", "python.layers.base.InputSpec")
class InputSpec:
    """The type, rank and dimensions that an input of a layer must have.

    Args:
      dtype: the type.
      shape: the shape; None for dimensions that may be anything.
      ndim, max_ndim, min_ndim: the rank and its bounds.
      axes: a dictionary from axes to sizes.

    Raises:
      TypeError: a key of `axes` is no integer.
      ValueError: an axis is beyond the rank.
    """

    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None):
        self.dtype = None if dtype is None else as_dtype(dtype).name
        self.shape = shape
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        try:
            self.axes = {int(k): v for k, v in (axes or {}).items()}
        except (ValueError, TypeError):
            raise TypeError("The keys in axes must be integers.") from None
        if self.axes and (self.ndim is not None or self.max_ndim is not None):
            greatest = (self.ndim if self.ndim else self.max_ndim) - 1
            if max(self.axes) > greatest:
                raise ValueError("Axis %d is greater than the maximum allowed value: %d" % (max(self.axes), greatest))

    def __repr__(self):
        parts = [(n, getattr(self, n)) for n in ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")]
        return "InputSpec(%s)" % ", ".join("%s=%s" % p for p in parts if p[1])

    def get_config(self):
        """The arguments to make it again."""
        return {n: getattr(self, n) for n in ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def assert_input_compatibility(input_spec, inputs, layer_name):
    """Raises ValueError if inputs are not as a layer's specification asks."""
    if not input_spec:
        return
    inputs, specs = nest.flatten(inputs), nest.flatten(input_spec)
    if len(inputs) != len(specs):
        raise ValueError("Layer %s expects %d inputs, but it received %d input tensors. Inputs received: %s"
                         % (layer_name, len(specs), len(inputs), inputs))  # fmt: skip
    for index, (x, spec) in enumerate(zip(inputs, specs)):
        if spec is not None:
            _check(x, spec, index, layer_name)


def _check(x, spec, index, layer_name):
    shape = x.shape
    rank = shape.ndims
    start = "Input %d of layer %s is incompatible with the layer: " % (index, layer_name)
    if rank is None and (spec.ndim is not None or spec.min_ndim is not None or spec.max_ndim is not None):
        raise ValueError(start + "its rank is undefined, but the layer requires a defined rank.")
    if spec.ndim is not None and rank != spec.ndim:
        raise ValueError(start + "expected ndim=%d, found ndim=%d. Full shape received: %s" % (spec.ndim, rank, shape.as_list()))
    if spec.max_ndim is not None and rank > spec.max_ndim:
        raise ValueError(start + "expected max_ndim=%d, found ndim=%d" % (spec.max_ndim, rank))
    if spec.min_ndim is not None and rank < spec.min_ndim:
        raise ValueError(start + ": expected min_ndim=%d, found ndim=%d. Full shape received: %s"
                         % (spec.min_ndim, rank, shape.as_list()))  # fmt: skip
    if spec.dtype is not None and x.dtype != spec.dtype:
        raise ValueError(start + "expected dtype=%s, found dtype=%s" % (spec.dtype, x.dtype))
    if spec.axes:
        sizes = shape.as_list()
        for axis, value in spec.axes.items():
            value = getattr(value, "value", value)
            if value is not None and sizes[axis] not in {value, None}:
                raise ValueError(start + "expected axis %d of input shape to have value %s but received input with shape %s"
                                 % (axis, value, sizes))  # fmt: skip
    if spec.shape is not None:
        sizes = shape.as_list()
        if any(a is not None and b is not None and a != b for a, b in zip(spec.shape, sizes)):
            raise ValueError("Input %d is incompatible with layer %s: expected shape=%s, found shape=%s"
                             % (index, layer_name, spec.shape, sizes))  # fmt: skip
