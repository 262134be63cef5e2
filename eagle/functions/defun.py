"""`tfe.defun`: a function that may make variables whenever it is traced, outside of itself."""

from ..autograph.conversion import converter
from ..core.export import export
from .polymorphic import PolymorphicFunction, name_of


@export("contrib.eager.defun", "python.eager.function.defun")
def defun(func=None, input_signature=None, autograph=True, experimental_autograph_options=None, experimental_relax_shapes=False):
    """Turns a Python function of tensors into a graph function; as a call or as a decorator.

    Args:
      func: the function.
      input_signature: the `TensorSpec`s of its arguments; by default it is traced for whatever it is called with.
      autograph: whether Python's control flow on tensors is turned into graph operations.
      experimental_autograph_options: a `tf.autograph.experimental.Feature` or a tuple of them.
      experimental_relax_shapes: whether shapes that vary are traced as unknown.

    Returns:
      A function of the same arguments.

    Raises:
      TypeError: the signature is no list or tuple of `TensorSpec`s.
    """
    return defun_with_attributes(func, input_signature, None, autograph, experimental_autograph_options, experimental_relax_shapes)


@export("python.eager.function.defun_with_attributes")
def defun_with_attributes(func=None, input_signature=None, attributes=None, autograph=True, experimental_autograph_options=None,
                          experimental_relax_shapes=False):  # fmt: skip
    """As `defun`; `attributes` are noted with the function.

    Args:
      attributes: None, or name -> int, float, bool or string; `func_name` names the traces.

    Raises:
      ValueError: an attribute has another type.
    """
    attributes = dict(attributes or {})
    for key, value in attributes.items():
        if not isinstance(value, int | float | bool | str | bytes):
            raise ValueError("Unsupported attribute type for %s with type %s" % (key, type(value)))

    def make(f):
        convert = converter(experimental_autograph_options) if autograph else None
        made = PolymorphicFunction(
            f, attributes.get("func_name") or name_of(f), input_signature, convert, experimental_relax_shapes
        )
        made.attributes = attributes
        return made

    return make(func) if func is not None else make
