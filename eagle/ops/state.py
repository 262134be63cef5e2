"""Variables: ops that make, read and assign them.

A ref variable's output stands for the variable itself: what takes it as a value reads it at its own turn.  A handle of a resource
variable is a value of its own; the variable is read where a ReadVariableOp stands.
"""

import numpy as np

from ..core import dtypes, known, shape as shapes
from ..core.constant import eager_name
from ..core.dispatch import registry
from ..core.errors import AlreadyExistsError, NotFoundError, OutOfRangeError, invalid
from ..core.indexed_slices import IndexedSlices
from ..core.op import IDENTITY, State, Variable, op
from ..core.tracing import NotCompilable
from .updates import update
from .variable_state import VariableState, variable_of

# --------------------------------------------------------------------------------------------------------- ref variables


def _no_kernel(xp, *, shape, dtype, container, shared_name):
    raise NotImplementedError("a ref variable exists in graphs only")


def _emit_variable(program, node):
    attrs = node.attrs
    name = attrs["shared_name"] or node._name
    state = variable_of(program.state, attrs["container"], name, attrs["dtype"], attrs["shape"], is_ref=True)
    program.refer(node.outputs[0], program.bind(node._name, state))


for _name in ("VariableV2", "Variable"):
    _variable = op(_name)(_no_kernel)
    _variable.emits("numpy", "xla")(_emit_variable)
    # The older op can't tell a scalar from an unknown shape.
    _variable.shape((lambda *, shape: shape) if _name == "VariableV2" else (lambda *, shape: shape or None))


@op("TemporaryVariable")
def _temporary_variable(xp, *, shape, dtype, var_name):
    raise NotImplementedError("a temporary variable exists in graphs only")


@_temporary_variable.emits("numpy")
def _(program, node):
    """A new variable in every run, which is why a local variable of the program holds it."""
    attrs = node.attrs
    key = attrs["var_name"] or node._name
    if key in program.temporaries:
        problem = AlreadyExistsError(None, None, "Resource __per_step_0/%s/N10tensorflow6TmpVar already exists" % key)
        program.statement(node, "raise " + program.bind("problem", problem))
    program.temporaries.add(key)
    name = program.fresh(node._name)
    make = program.bind("temporary", _temporary)
    shape = program.bind("shape", attrs["shape"])
    program.statement(node, "%s = %s(%s, %s)" % (name, make, program.bind("dtype", attrs["dtype"]), shape), [name])
    program.refer(node.outputs[0], name)


def _temporary(dtype, shape):
    if not shapes.is_known(shape):
        raise invalid("A temporary variable must have a fully known shape, but has %s", shapes.to_brackets(shape))
    state = VariableState(dtype, shape, is_ref=True)
    state.assign(np.zeros(shape, dtype.np) if shape else dtype.np.type())
    return state


@_temporary_variable.shape
def _(*, shape):
    return shape


@op("DestroyTemporaryVariable")
def _destroy_temporary_variable(xp, ref, *, var_name):
    return ref.value


@_destroy_temporary_variable.emits("numpy")
def _(program, node):
    name = node.attrs["var_name"]
    if name not in program.temporaries:
        problem = NotFoundError(None, None, "Resource __per_step_0/%s/N10tensorflow6TmpVar does not exist." % name)
        program.statement(node, "raise " + program.bind("problem", problem))
    program.temporaries.discard(name)
    program.line(node, program.call(node))


@_destroy_temporary_variable.shape
def _(ref):
    return ref


@op("IsVariableInitialized")
def _is_variable_initialized(xp, ref):
    return np.bool_(ref.is_initialized)


@_is_variable_initialized.shape
def _(ref):
    return ()


@op("Assign", ignores=("use_locking",))
def _assign(xp, ref, value, *, validate_shape=True):
    raise NotImplementedError("a ref variable exists in graphs only")


@_assign.emits("numpy")
def _(program, node):
    ref, value = program.arguments(node)
    if node.attrs["validate_shape"]:
        value = program.settled(node, value)
        program.statement(node, "%s(%s, %s)" % (program.bind("check_assign", _check_assign), ref, value))
    program.statement(node, "%s.assign_own(%s)" % (ref, value))
    program.refer(node.outputs[0], ref)


@_assign.emits("xla")
def _(program, node):
    ref, value = program.arguments(node)
    if not node.attrs["validate_shape"] or not shapes.is_known(node._inputs[0]._shape):
        raise NotCompilable("the variable may change its shape")
    program.set(node, ref, "%s(%s, %s)" % (program.bind("of_shape", _of_shape), value, node._inputs[0]._shape))
    program.refer(node.outputs[0], ref)


def _of_shape(value, shape):
    if value.shape != shape:
        raise NotCompilable("a value of shape %s is assigned to a variable of shape %s" % (value.shape, shape))
    return value


def _check_assign(state, value):
    have = state.peek()
    shape = state.static_shape if have is None else have.shape
    if not shapes.compatible(shape, value.shape):
        raise invalid("Assign requires shapes of both tensors to match. lhs shape= %s rhs shape= %s",
                      shapes.to_brackets(shape), shapes.to_brackets(value.shape))  # fmt: skip


@_assign.shape
def _(ref, value, *, validate_shape):
    return shapes.agree(ref, value) if validate_shape else value


_assign.not_differentiable()


# ---------------------------------------------------------------------------------------------------- resource variables


@op("VarHandleOp")
def _var_handle(xp, *, container="", shared_name="", dtype, shape, state: State):
    return variable_of(state, container, shared_name, dtype, shape)


@_var_handle.emits("numpy", "xla")
def _(program, node):
    attrs = node.attrs
    name = attrs["shared_name"] or node._name
    state = variable_of(program.state, attrs["container"], name, attrs["dtype"], attrs["shape"])
    program.define(node.outputs[0], program.bind(node._name, state))


@_var_handle.shape
def _():
    return ()


@op("ReadVariableOp")
def _read_variable(xp, resource: Variable, *, dtype):
    value = resource.value
    if resource.element is not dtype:
        raise _wrong_type("read", dtype, resource.element)
    return value


@_read_variable.emits("numpy")
def _(program, node):
    handle = known.handle_data(node._inputs[0])
    if handle is not None and handle[0] is node.attrs["dtype"]:
        program.line(node, program.arguments(node)[0] + ".value")
    else:
        program.line(node, program.call(node))


@_read_variable.emits("xla")
def _(program, node):
    handle = known.handle_data(node._inputs[0])
    if handle is None or handle[0] is not node.attrs["dtype"]:
        raise NotCompilable("the type of the variable is not known")
    program.define(node.outputs[0], program.read(program.value(node._inputs[0])))


def _wrong_type(action, expected, found):
    return invalid("Trying to %s variable with wrong dtype. Expected %s got %s", action, eager_name(expected), eager_name(found))


def _check_type(variable, dtype, action="read"):
    if variable is not None and variable[0] is not dtype:
        raise ValueError("Trying to %s variable with wrong dtype. Expected %s got %s"
                         % (action, eager_name(variable[0]), eager_name(dtype)))  # fmt: skip


@_read_variable.shape
def _(resource, *, dtype):
    _check_type(resource, dtype)
    return resource and resource[1]


@_read_variable.grad("resource", IDENTITY)
def _(g):
    return g


@op("AssignVariableOp")
def _assign_variable(xp, resource: Variable, value, *, dtype):
    if resource.element is not dtype:
        raise _wrong_type("assign", resource.element, dtype)
    resource.assign(value)


@_assign_variable.emits("numpy")
def _(program, node):
    resource, value = program.arguments(node)
    dtype = program.bind("dtype", node.attrs["dtype"])
    program.statement(node, "%s(%s, %s)" % (program.bind("check_type", _check_assigned_type), resource, dtype))
    program.statement(node, "%s.assign_own(%s)" % (resource, value))


@_assign_variable.emits("xla")
def _(program, node):
    resource, value = program.arguments(node)
    handle = known.handle_data(node._inputs[0])
    if handle is None or handle[0] is not node.attrs["dtype"]:
        raise NotCompilable("the type of the variable is not known")
    program.set(node, resource, value)


def _check_assigned_type(state, dtype):
    if state.element is not dtype:
        raise _wrong_type("assign", state.element, dtype)


@_assign_variable.shape
def _(resource, value, *, dtype):
    _check_type(resource, dtype)
    shapes.agree(resource and resource[1], value)


_assign_variable.not_differentiable()


@op("VarIsInitializedOp")
def _var_is_initialized(xp, resource: Variable):
    return np.bool_(resource.is_initialized)


@_var_is_initialized.shape
def _(resource):
    return ()


_var_is_initialized.not_differentiable()


@op("VariableShape")
def _variable_shape(xp, input: Variable, *, out_type=dtypes.int32):
    if not input.is_initialized:
        raise input.missing()
    return np.array(input.value.shape, out_type.np)


@_variable_shape.shape
def _(input):
    return (None,) if input is None or input[1] is None else (len(input[1]),)


@_variable_shape.known
def _(node):
    handle = known.handle_data(node._inputs[0])
    if handle is None or not shapes.is_known(handle[1]):
        return None
    return [np.array(handle[1], node.attrs["out_type"].np)]


_variable_shape.not_differentiable()


@op("DestroyResourceOp")
def _destroy_resource(xp, resource, *, ignore_lookup_error=True):
    try:
        resource.destroy()
    except NotFoundError:
        if not ignore_lookup_error:
            raise


@_destroy_resource.shape
def _(resource):
    return None


# -------------------------------------------------------------------------------------------------- adding, and counting


def _check_same_shape(op, values, inputs):
    have, new = values[0].shape, inputs[0].shape
    if have != new:
        if op.is_on_refs:
            raise invalid("Parameters and update must be the same size")
        raise invalid("Cannot update variable with shape %s using a Tensor with shape %s, shapes must be equal.",
                      shapes.to_brackets(have), shapes.to_brackets(new))  # fmt: skip


_dense = dict(changes=1, check=_check_same_shape, ignores=("use_locking",))


@update("AssignAdd", "AssignAddVariableOp", **_dense)
def _assign_add(xp, ref, value):
    return (ref + value,)


@_assign_add.in_place
def _(ref, value):
    np.add(ref, value, ref)


@update("AssignSub", "AssignSubVariableOp", **_dense)
def _assign_sub(xp, ref, value):
    return (ref - value,)


@_assign_sub.in_place
def _(ref, value):
    np.subtract(ref, value, ref)


for _added in (_assign_add, _assign_sub):
    _added.not_differentiable()
    _added.shape(shapes.agree)

    @_added.samples
    def _(make):
        yield make(2, 3), make(2, 3)
        yield make(), make()


def _count_up_to(state, limit):
    with state.lock:
        if not state.is_initialized:
            raise state.missing()
        value = state.value
        if value.ndim:
            raise invalid("input is not a scalar: %s", shapes.to_brackets(value.shape))
        if value >= limit:
            raise OutOfRangeError(None, None, "Reached limit of %d" % limit)
        state.assign(value + value.dtype.type(1))
        return value


@op("CountUpTo")
def _count_ref_up_to(xp, ref, *, limit):
    return _count_up_to(ref, limit)


@op("ResourceCountUpTo")
def _count_resource_up_to(xp, resource: Variable, *, limit, T):
    return _count_up_to(resource, limit)


@_count_ref_up_to.shape
@_count_resource_up_to.shape
def _(variable):
    return ()


# ------------------------------------------------------------------------------------------------------------- gathering


@op("ResourceGather", ignores=("validate_indices",))
def _resource_gather(xp, resource: Variable, indices, *, batch_dims=0, dtype):
    if not resource.is_initialized:
        raise resource.missing()
    return registry["GatherV2"].numpy(resource.value, indices, batch_dims, batch_dims=batch_dims)


@_resource_gather.emits("xla")
def _(program, node):
    variable, indices = program.arguments(node)
    batch = node.attrs["batch_dims"]
    gather = program.kernel(node, registry["GatherV2"])
    program.line(node, "%s(%s, %s, %d, batch_dims=%d)" % (gather, program.read(variable), indices, batch, batch))


@_resource_gather.shape
def _(resource, indices, *, batch_dims, dtype):
    _check_type(resource, dtype)
    params = resource and shapes.with_rank_at_least(resource[1], 1)
    if params is None or indices is None:
        return None
    return params[:batch_dims] + indices[batch_dims:] + params[batch_dims + 1 :]


@_resource_gather.grad
def _(g, resource, indices, *, batch_dims):
    if batch_dims:
        raise NotImplementedError("ResourceGather has no gradient for batch_dims=%d" % batch_dims)
    shape = _variable_shape(resource)
    values = registry["Reshape"](g, _row_shape(resource, shape, indices))
    return IndexedSlices(values, registry["Reshape"](indices, (-1,)), shape), None


def _row_shape(resource, shape, indices):
    """The shape of as many rows of a variable as there are indices."""
    handle = known.handle_data(resource)
    count = shapes.element_count(indices._shape)
    if handle is not None and handle[1] is not None and shapes.is_known(handle[1][1:]):
        inner = handle[1][1:]
        if count is not None or 0 not in inner:
            return (-1 if count is None else count, *inner)
    size = registry["Reshape"](registry["Size"](indices), (1,))
    return registry["ConcatV2"]([size, registry["Slice"](shape, (1,), (-1,))], 0)


@op("ResourceGatherNd")
def _resource_gather_nd(xp, resource: Variable, indices, *, dtype):
    if not resource.is_initialized:
        raise resource.missing()
    return registry["GatherNd"].numpy(resource.value, indices)


@_resource_gather_nd.emits("xla")
def _(program, node):
    variable, indices = program.arguments(node)
    program.line(node, "%s(%s, %s)" % (program.kernel(node, registry["GatherNd"]), program.read(variable), indices))


@_resource_gather_nd.shape
def _(resource, indices, *, dtype):
    _check_type(resource, dtype)
    indices = shapes.with_rank_at_least(indices, 1)
    params = resource and resource[1]
    if params is None or indices is None or indices[-1] is None:
        return None
    if indices[-1] > len(params):
        raise ValueError("indices.shape[-1] must be <= params.rank, but saw indices shape: %s and params shape: %s"
                         % (shapes.to_brackets(indices), shapes.to_brackets(params)))  # fmt: skip
    return indices[:-1] + params[indices[-1] :]


@_resource_gather_nd.grad
def _(g, resource, indices):
    shape = _variable_shape(resource)
    if indices._shape is not None and len(indices._shape) == 2 and indices._shape[-1] == 1:
        return IndexedSlices(g, registry["Reshape"](indices, (-1,)), shape), None
    return registry["ScatterNd"](indices, g, shape), None
