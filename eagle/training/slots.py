"""Slots: variables that an optimizer or a moving average keeps beside another variable, its primary."""

from ..core.context import here
from ..core.export import resolve
from ..core.scopes import NOTHING, colocate_with
from ..core.shape import as_shape
from ..variables.base import Variable
from ..variables.ref import RefVariable
from ..variables.resource import BaseResourceVariable
from ..variables.scope import get_variable, get_variable_scope, variable_scope


def create_slot(primary, val, name, colocate_with_primary=True):
    """A slot initialized to a tensor.

    Args:
      primary: the variable (or tensor) that the slot belongs to.
      val: the initial value, a tensor.
      name: the slot's name, behind that of the primary.
      colocate_with_primary: whether it is placed with the primary.
    """
    return _create(primary, name, colocate_with_primary, val, None, None, val.get_shape().is_fully_defined())


def create_slot_with_initializer(primary, initializer, shape, dtype, name, colocate_with_primary=True):
    """A slot of some shape and type with an initializer; see `create_slot`."""
    shape = as_shape(shape)
    return _create(primary, name, colocate_with_primary, initializer, shape, dtype, shape.is_fully_defined())


def create_zeros_slot(primary, name, dtype=None, colocate_with_primary=True):
    """A slot of the primary's shape initialized to zeros; see `create_slot`."""
    dtype = primary.dtype if dtype is None else dtype
    shape = primary.get_shape()
    if shape.is_fully_defined():
        zeros = resolve("zeros_initializer")()
        return create_slot_with_initializer(primary, zeros, shape, dtype, name, colocate_with_primary)
    value = primary.initialized_value() if isinstance(primary, Variable) else primary
    zeros = resolve("zeros")(resolve("shape")(value), dtype=dtype.base_dtype)
    return create_slot(primary, zeros, name, colocate_with_primary)


def _create(primary, name, colocates, value, shape, dtype, validate_shape):
    prefix = primary._shared_name if here.eager else primary.op.name
    with variable_scope(None, "%s/%s" % (prefix, name)), colocate_with(primary) if colocates else NOTHING:
        scope = get_variable_scope()
        partitioner = scope.partitioner
        scope.set_partitioner(None)
        use_resource = True if isinstance(primary, BaseResourceVariable) else False if isinstance(primary, RefVariable) else None
        slot = get_variable("", initializer=value, trainable=False, use_resource=use_resource,
                            shape=shape if callable(value) else None, dtype=dtype, validate_shape=validate_shape)  # fmt: skip
        scope.set_partitioner(partitioner)
    _share_slice(primary, slot)
    return slot


def _share_slice(primary, slot):
    """Makes the slot of a part of a variable the same part of the slot of the whole."""
    info = getattr(primary, "_save_slice_info", None)
    if info is None or not isinstance(primary, Variable):
        return
    name = slot.name[len(primary.op.name) + 1 : -2]
    slot._set_save_slice_info(
        Variable.SaveSliceInfo("%s/%s" % (info.full_name, name), list(info.full_shape), list(info.var_offset), list(info.var_shape))
    )
