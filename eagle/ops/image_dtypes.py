"""Images of one type made those of another: `tf.image.convert_image_dtype`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from .arithmetic import multiply
from .cast import cast, saturate_cast
from .division import div
from .passing import identity


@export("image.convert_image_dtype")
def convert_image_dtype(image, dtype, saturate=False, name=None):
    """An image with its numbers in another type, scaled so that the largest integer stands for 1.

    Args:
      image: a tensor.
      dtype: a floating or integer type.
      saturate: whether numbers beyond the type's limits become these.
      name: the name scope.

    Raises:
      AttributeError: `dtype` is of another kind.
    """
    image = convert(image, name="image")
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating and not dtype.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    if dtype == image.dtype:
        return identity(image, name=name)
    to = saturate_cast if saturate else cast
    have = image.dtype
    with name_scope(name, "convert_image", [image]) as scope:
        if have.is_integer and dtype.is_integer:
            if have.max > dtype.max:
                return to(div(image, (have.max + 1) // (dtype.max + 1)), dtype, name=scope)
            return multiply(to(image, dtype), (dtype.max + 1) // (have.max + 1), name=scope)
        if have.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if have.is_integer:
            return multiply(cast(image, dtype), 1.0 / have.max, name=scope)
        return to(multiply(image, dtype.max + 0.5), dtype, name=scope)


def as_floats(image, also_half=True):
    """An image with floats between 0 and 1, as it is if it is one already (float32, perhaps float16)."""
    already = (dtypes.float16, dtypes.float32) if also_half else (dtypes.float32,)
    return image if image.dtype in already else convert_image_dtype(image, dtypes.float32)
