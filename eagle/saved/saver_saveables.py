"""From variables to what is saved: `SaveableObject`s, and the names that they get in a checkpoint."""

from ..core import device as devices
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import device
from ..core.tensor import GraphTensor, Tensor
from ..core.trackable import VARIABLE_VALUE_KEY, SaveableObject, SaveSpec, Trackable
from ..variables.assigning import assign
from ..variables.base import Variable
from ..variables.partitioned import PartitionedVariable
from ..variables.ref import RefVariable
from ..variables.resource import BaseResourceVariable, is_resource_variable

_REFERENCES = ("Variable", "VariableV2", "AutoReloadVariable")
_VARIABLES = (*_REFERENCES, "VarHandleOp", "ReadVariableOp")


def set_cpu0(name):
    """A device name with the device itself replaced by the first CPU."""
    spec = devices.DeviceSpec.from_string(name)
    spec.device_type, spec.device_index = "CPU", 0
    return spec.to_string()


class ReferenceVariableSaveable(SaveableObject):
    """Saves a ref variable, or a part of a partitioned one.

    Args:
      var: the variable, or the tensor that refers to it.
      slice_spec: which part of a larger variable it is, or "".
      name: its name in the checkpoint.
    """

    def __init__(self, var, slice_spec, name):
        super().__init__(var, [SaveSpec(var, slice_spec, name, dtype=var.dtype)], name)

    def restore(self, restored_tensors, restored_shapes):
        value = _in_shape(restored_tensors[0], restored_shapes)
        return assign(self.op, value, validate_shape=restored_shapes is None and self.op.get_shape().is_fully_defined())


class ResourceVariableSaveable(SaveableObject):
    """Saves a resource variable, or a part of a partitioned one.

    Args:
      var: the variable, or a tensor with its value.
      slice_spec: which part of a larger variable it is, or "".
      name: its name in the checkpoint.

    Raises:
      ValueError: `var` is neither.
    """

    def __init__(self, var, slice_spec, name):
        self._device, self._shape = var.device, var.shape
        if isinstance(var, Tensor):
            self.handle_op, tensor = var.op.inputs[0], var
        elif is_resource_variable(var):
            self.handle_op, tensor = var.handle, lambda: _read(var)
        else:
            raise ValueError("Saveable is neither a resource variable nor a read operation. Got: %s" % repr(var))
        super().__init__(var, [SaveSpec(tensor, slice_spec, name, dtype=var.dtype, device=var.device)], name)

    def restore(self, restored_tensors, restored_shapes):
        value = _in_shape(restored_tensors[0], restored_shapes)
        with device(self._device):
            value = value if here.eager else registry["Identity"](value)
            return _assign_safely(self.handle_op, self._shape, value)


def _read(variable):
    with device(variable.device):
        value = variable.read_value()
        with device("/device:CPU:0"):
            return registry["Identity"](value)


def _in_shape(tensor, shapes):
    """A restored tensor in the shape that it is to get, if any."""
    return tensor if shapes is None else resolve("reshape")(tensor, shapes[0])


def _assign_safely(handle, shape, value):
    """Gives a resource variable a value whose static shape must fit."""
    value = convert(value)
    shape.assert_is_compatible_with(value.shape)
    return registry["AssignVariableOp"](handle, value)


export("python.training.saving.saveable_object_util.ReferenceVariableSaveable")(ReferenceVariableSaveable)
export("python.training.saving.saveable_object_util.ResourceVariableSaveable")(ResourceVariableSaveable)


# -------------------------------------------------------------------------------------------------- what one name stands for


@export("python.training.saving.saveable_object_util.saveable_objects_for_op")
def saveable_objects_for_op(op, name):
    """What together saves a variable, yielded one by one.

    Args:
      op: a variable, the tensor that refers to one, a list of parts of a variable, a `SaveableObject` or a `Trackable`.
      name: its name in the checkpoint.

    Raises:
      TypeError: the name is no text, or `op` can't be saved.
      ValueError: the parts don't belong together, or `op` can't be saved eagerly.
    """
    if not isinstance(name, str):
        raise TypeError("names_to_saveables must be a dict mapping string names to trackable operations. Name is not a string: %s"
                        % (name,))  # fmt: skip
    if isinstance(op, SaveableObject):
        yield op
    elif isinstance(op, list | tuple | PartitionedVariable):
        yield from _parts(list(op), name)
    elif isinstance(op, Trackable) and (not isinstance(op, Variable) or op._is_distributed):
        for attribute, factory in op._gather_saveables_for_checkpoint().items():
            full_name = name if attribute == VARIABLE_VALUE_KEY else "%s_%s" % (name, attribute)
            inner = factory(full_name) if callable(factory) else factory
            yield from saveable_objects_for_op(inner, inner.name)
    elif isinstance(op, BaseResourceVariable):
        yield ResourceVariableSaveable(op._graph_element if op._in_graph_mode else op, "", name)
    else:
        yield _of_tensor(op, name)


def _parts(variables, name):
    """The parts of a partitioned variable."""
    whole = None
    for v in variables:
        if not isinstance(v, Variable):
            raise ValueError("Slices must all be Variables: %s" % (v,))
        info = v._save_slice_info
        if not info:
            raise ValueError("Slices must all be slices: %s" % (v,))
        if whole not in (None, info.full_name):
            raise ValueError("Slices must all be from the same tensor: %s != %s" % (whole, info.full_name))
        whole = info.full_name
        kind = ReferenceVariableSaveable if v.op.type in _REFERENCES else ResourceVariableSaveable
        yield kind(v, info.spec, name)


def _of_tensor(op, name):
    """A ref variable, or a tensor of any variable."""
    if here.eager:
        raise ValueError("Can only save/restore ResourceVariables when executing eagerly, got type: %s." % type(op))
    variable = _as_reference(op)
    if not _is_of_variable(variable):
        raise TypeError("names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a variable: %s"
                        % (variable,))  # fmt: skip
    kind = ReferenceVariableSaveable if variable.op.type in _REFERENCES else ResourceVariableSaveable
    return kind(variable, "", name)


def _as_reference(thing):
    """The tensor that refers to a ref variable; of anything else the tensor that it converts to."""
    return thing._ref() if isinstance(thing, RefVariable) else convert(thing)


def _is_of_variable(tensor):
    return isinstance(tensor, GraphTensor) and tensor.op.type in _VARIABLES


# ---------------------------------------------------------------------------------------------------------------- names


@export("python.training.saving.saveable_object_util.op_list_to_dict")
def op_list_to_dict(op_list, convert_variable_to_tensor=True):
    """The names that variables have in a checkpoint.

    Args:
      op_list: a list of variables, tensors of variables, `SaveableObject`s and `Trackable`s.
      convert_variable_to_tensor: whether a variable stands in the result as a tensor.

    Returns:
      A dictionary: name -> variable; for a partitioned one the list of its parts.

    Raises:
      TypeError: something can't be saved.
      ValueError: two have the same name.
    """
    if not isinstance(op_list, list | tuple | set):
        raise TypeError("Variables to save should be passed in a dict or a list: %s" % (op_list,))
    found = {}
    for var in sorted(op_list, key=lambda v: v.name):
        if isinstance(var, SaveableObject):
            found[var.name] = var
        elif isinstance(var, PartitionedVariable):
            _add_new(found, var.name, var)
        elif isinstance(var, Variable) and var._save_slice_info:
            parts = found.setdefault(var._save_slice_info.full_name, [])
            if not isinstance(parts, list):
                raise ValueError("Mixing slices and non-slices with the same name: %s" % var._save_slice_info.full_name)
            parts.append(var)
        elif isinstance(var, Trackable) and (not isinstance(var, BaseResourceVariable | RefVariable) or var._is_distributed):
            saveables = [f() if callable(f) else f for f in var._gather_saveables_for_checkpoint().values()]
            found.update(op_list_to_dict(saveables))
        elif not getattr(var, "_in_graph_mode", True):
            _add_eager(found, var)
        else:
            _add_of_graph(found, var, convert_variable_to_tensor)
    return found


def _add_new(found, name, thing):
    if name in found:
        raise ValueError("At least two variables have the same name: %s" % name)
    found[name] = thing


def _add_eager(found, var):
    if not isinstance(var, BaseResourceVariable):
        raise ValueError("Can only save/restore ResourceVariables when eager execution is enabled, type: %s." % type(var))
    if found.setdefault(var._shared_name, var) is not var:
        raise ValueError(
            "Two different ResourceVariable objects with the same shared_name '%s' were passed to the Saver. This likely means "
            "that they were created in different Graphs or isolation contexts, and may not be checkpointed together."
            % (var._shared_name,)
        )


def _add_of_graph(found, var, as_tensor):
    if as_tensor:
        var = var._graph_element if isinstance(var, BaseResourceVariable) else _as_reference(var)
        if not _is_of_variable(var):
            raise TypeError("Variable to save is not a Variable: %s" % (var,))
    op = var.op.inputs[0].op if var.op.type == "ReadVariableOp" else var.op
    _add_new(found, op.name, var)


@export("python.training.saving.saveable_object_util.validate_and_slice_inputs")
def validate_and_slice_inputs(names_to_saveables):
    """A list of `SaveableObject`s for variables.

    Args:
      names_to_saveables: a dictionary name -> what `saveable_objects_for_op` takes, or a list as for `op_list_to_dict`.

    Raises:
      TypeError: something can't be saved.
      ValueError: a variable occurs twice.
    """
    if not isinstance(names_to_saveables, dict):
        names_to_saveables = op_list_to_dict(names_to_saveables)
    saveables, seen = [], set()
    for name, op in sorted(names_to_saveables.items(), key=lambda item: item[0]):
        for saveable in saveable_objects_for_op(op, name):
            if id(saveable.op) in seen:
                raise ValueError("The same saveable will be restored with two names: %s" % saveable.name)
            seen.add(id(saveable.op))
            saveables.append(saveable)
    return saveables
