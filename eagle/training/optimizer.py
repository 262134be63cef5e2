"""`tf.train.Optimizer`: from gradients to changes of variables.

An optimizer says in `_prepare` which numbers it needs, in `_create_slots` which variables it keeps beside each variable, and in
`_apply_dense` and its kin which operation changes a variable.  The optimizers here all do the last with `_apply`, which finds the
op for the kind of variable and gradient; a program's own optimizers override the methods as in TensorFlow.
"""

import weakref

from ..core import dtypes, nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import eager_error, registry
from ..core.export import export, resolve
from ..core.gradient_tape import GradientTape
from ..core.graph import get_default_graph
from ..core.graph_gradients import gradients
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import NOTHING, colocate_with, control_dependencies, init_scope, name_scope
from ..core.tensor import EagerTensor, Tensor
from ..core.trackable import Trackable, TrackableReference
from ..distribute import context as distribution
from ..ops.flow import group
from ..variables.assigning import assign_add
from ..variables.base import Variable, VariableV1
from ..variables.listing import trainable_variables
from ..variables.resource import BaseResourceVariable
from . import slots


def deduplicated(values, indices):
    """Slices of which those with equal indices have been added up: (values, indices)."""
    unique, places = resolve("unique")(indices)
    return resolve("unsorted_segment_sum")(values, places, resolve("shape")(unique)[0]), unique


def cast(x, dtype):
    """`x` as a tensor of a type; `x` itself if it is a tensor or resource variable of the type."""
    if isinstance(x, (Tensor, BaseResourceVariable)) and x.dtype is dtype:
        return x
    return resolve("cast")(x, dtype)


def _is_resource(variable):
    return isinstance(variable, BaseResourceVariable)


def _in_graph(variable):
    """Whether the variable itself (or tensor) is one of a graph."""
    return variable._in_graph_mode if isinstance(variable, Variable) else True


def _var_key(variable):
    """What slots are found by; a replica's copy of a variable has the slots of the whole."""
    whole = getattr(variable, "_distributed_container", None)
    if whole is not None:
        variable = whole().primary
    elif getattr(variable, "_is_distributed", False):
        variable = variable.primary
    if not _in_graph(variable):
        return variable._unique_id
    return variable.op.graph, variable.op.name


@export("train.Optimizer")
class Optimizer(Trackable):
    """The base of all optimizers.

    Args:
      use_locking: has no meaning here: changes of a variable by several threads never mix.
      name: the name scope of the operations.

    Raises:
      ValueError: `name` is missing.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking, name):
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._slots = {}  # name of a kind of slots -> key of a variable -> its slot
        self._non_slot_dict = {}  # (name, graph or None) -> variable
        self._deferred_slot_restorations = {}  # name of a kind of slots -> key of a variable -> places in checkpoints
        self._slots_were_made_for = ()  # eagerly: weak references to the variables of the last update
        self._values_of = {}  # eagerly: (op, type) -> the values of the numbers of this update

    def get_name(self):
        """The optimizer's name."""
        return self._name

    def minimize(self, loss, global_step=None, var_list=None, gate_gradients=GATE_OP, aggregation_method=None,
                 colocate_gradients_with_ops=False, name=None, grad_loss=None):  # fmt: skip
        """Changes variables so that a loss becomes smaller: `compute_gradients` and then `apply_gradients`.

        Args:
          loss: a tensor, or (eagerly always) a function without arguments that returns one.
          global_step: a variable to which 1 is added after the update.
          var_list: the variables; by default the trainable ones of the graph, eagerly those that `loss` reads.
          gate_gradients: `GATE_NONE`, `GATE_OP` or `GATE_GRAPH`: which gradients must be there before one is used.
          aggregation_method: an `AggregationMethod`.
          colocate_gradients_with_ops: whether gradients are placed with the operations whose gradients they are.
          name: the name of the operation.
          grad_loss: the gradient of the loss to begin with.

        Returns:
          The operation that does it; eagerly None.

        Raises:
          ValueError: no variable has a gradient.
        """
        pairs = self.compute_gradients(
            loss, var_list=var_list, gate_gradients=gate_gradients, aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops, grad_loss=grad_loss)  # fmt: skip
        if all(g is None for g, _ in pairs):
            raise ValueError("No gradients provided for any variable, check your graph for ops that do not support gradients, "
                             "between variables %s and loss %s." % ([str(v) for _, v in pairs], loss))  # fmt: skip
        return self.apply_gradients(pairs, global_step=global_step, name=name)

    # --------------------------------------------------------------------------------------------- computing gradients

    def compute_gradients(self, loss, var_list=None, gate_gradients=GATE_OP, aggregation_method=None,
                          colocate_gradients_with_ops=False, grad_loss=None):  # fmt: skip
        """The gradients of a loss with respect to variables.

        Args:
          loss, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops, grad_loss: as of `minimize`.

        Returns:
          A list of (gradient, variable) pairs; a gradient is a tensor, `IndexedSlices` or None.

        Raises:
          RuntimeError: eagerly, `loss` is no function.
          TypeError, ValueError: the loss or a variable has a type that can't be trained, or there are no variables.
        """
        if callable(loss):
            return self._gradients_of_function(loss, var_list, grad_loss)
        loss = _shared_loss(loss)
        if here.eager:
            raise RuntimeError("`loss` passed to Optimizer.compute_gradients should be a function when eager execution is enabled.")
        if gate_gradients not in (Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH):
            raise ValueError("gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH.  Not %s"
                             % gate_gradients)  # fmt: skip
        self._assert_valid_dtypes([loss])
        if grad_loss is not None:
            self._assert_valid_dtypes([grad_loss])
        graph = get_default_graph()
        if var_list is None:
            var_list = trainable_variables() + graph.get_collection("trainable_resource_variables")
        else:
            var_list = nest.flatten(var_list)
        var_list = var_list + graph.get_collection("_streaming_model_ports")
        targets = [_target(v) for v in var_list]
        if not var_list:
            raise ValueError("No variables to optimize.")
        found = gradients(loss, targets, grad_ys=grad_loss, gate_gradients=gate_gradients == Optimizer.GATE_OP,
                          aggregation_method=aggregation_method,
                          colocate_gradients_with_ops=colocate_gradients_with_ops)  # fmt: skip
        if gate_gradients == Optimizer.GATE_GRAPH:
            found = resolve("tuple")(found)
        self._assert_valid_dtypes([v for g, v in zip(found, var_list) if g is not None and v.dtype != dtypes.resource])
        return list(zip(found, var_list))

    def _gradients_of_function(self, loss, var_list, grad_loss):
        with GradientTape() as tape:
            if var_list is not None:
                tape.watch(var_list)
            value = _shared_loss(loss())
        if var_list is None:
            var_list = tape.watched_variables()
        if here.eager:
            return list(zip(tape.gradient(value, var_list, grad_loss), var_list))
        with control_dependencies([value]):
            return list(zip(tape.gradient(value, var_list, grad_loss), var_list))

    def _assert_valid_dtypes(self, tensors):
        valid = self._valid_dtypes()
        for t in tensors:
            dtype = t.dtype.base_dtype
            if dtype not in valid:
                raise ValueError("Invalid type %r for %s, expected: %s." % (dtype, t.name, list(valid)))

    def _valid_dtypes(self):
        """The types of losses and variables that the optimizer takes."""
        return {dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64}

    # ----------------------------------------------------------------------------------------------- applying gradients

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """Changes variables according to their gradients.

        Args:
          grads_and_vars: (gradient, variable) pairs.
          global_step: a variable to which 1 is added afterwards.
          name: the name of the operation.

        Returns:
          The operation that does it; eagerly None.

        Raises:
          TypeError: a gradient is no tensor, `IndexedSlices` or None.
          ValueError: there are no variables, or none has a gradient.
        """
        if distribution.has_strategy():
            if distribution.in_cross_replica_context():
                raise RuntimeError("Use `_distributed_apply()` instead of `apply_gradients()` in a cross-replica context.")
            pairs = [(g, v) for g, v in grads_and_vars if g is not None]
            if not pairs:
                raise ValueError("No gradients provided for any variable: %s." % ([str(v) for _, v in grads_and_vars],))
            return distribution.get_replica_context().merge_call(self._distributed_apply, args=(pairs, global_step, name))
        pairs = [(_as_gradient(g), v) for g, v in grads_and_vars]
        if not pairs:
            raise ValueError("No variables provided.")
        var_list = [v for g, v in pairs if g is not None]
        if not var_list:
            raise ValueError("No gradients provided for any variable: %s." % ([str(v) for _, v in pairs],))
        if here.eager:
            return self._apply_pairs_eagerly(pairs, var_list, global_step, name)
        for v in var_list:
            _check_variable(v)
        with init_scope():
            self._create_slots(var_list)
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = []
            for g, v in pairs:
                if g is not None:
                    with name_scope("update_" + (v.op.name if _in_graph(v) else "")), placed_with(v):
                        updates.append(self._update(g, v))
            if global_step is None:
                done = self._finish(updates, scope)
            else:
                with control_dependencies([self._finish(updates, "update")]), colocate_with(global_step):
                    if _is_resource(global_step):
                        one = convert(1, global_step.dtype)
                        done = registry["AssignAddVariableOp"](global_step.handle, one, name=scope)
                    else:
                        done = assign_add(global_step, 1, name=scope)
            if isinstance(done, Tensor):
                done = done.op
            train_op = get_default_graph().get_collection_ref("train_op")
            if done not in train_op:
                train_op.append(done)
            return done

    def _distributed_apply(self, strategy, grads_and_vars, global_step=None, name=None):
        """Adds up the replicas' gradients, and changes the copies of all variables by the sums; see `apply_gradients`."""
        extended = strategy.extended
        var_list = [v for _, v in grads_and_vars]
        sums = extended.batch_reduce_to("SUM", grads_and_vars)
        self._values_of = {}
        with init_scope():
            self._create_slots(var_list)

        def update(v, g):
            _check_variable(v)
            label = v.op.name if _in_graph(v) else v.name.partition(":")[0]
            with name_scope("update_" + label):
                return self._update(_as_gradient(g), v)

        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = [op for g, v in zip(sums, var_list) for op in extended.update(v, update, args=(g,), group=False)]
            updates = [op for op in updates if op is not None]
            devices = extended.non_slot_devices(var_list)
            ends = extended.update_non_slot(devices, lambda: self._finish(updates, "update"), group=False)
            ends = [op for op in ends if op is not None]
            if global_step is None:
                done = None if here.eager else group(*ends, name=scope)
            else:
                with control_dependencies(ends):
                    added = extended.update(global_step, lambda v: v.assign_add(1, read_value=False), group=False)
                done = None if here.eager else group(*added, name=scope)
        if not here.eager:
            train_op = get_default_graph().get_collection_ref("train_op")
            if done not in train_op:
                train_op.append(done)
        return done

    def _apply_pairs_eagerly(self, pairs, var_list, global_step, name):
        self._values_of = {}
        if not self._have_slots(var_list):
            self._create_slots(var_list)
            self._slots_were_made_for = [weakref.ref(v) for v in var_list]
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = []
            for g, v in pairs:
                if g is not None:
                    _check_variable(v)
                    updates.append(self._update(g, v))
            done = self._finish(updates, scope)
            return done if global_step is None else global_step.assign_add(1, read_value=False)

    def _have_slots(self, var_list):
        """Whether these are the variables of the last update."""
        last = self._slots_were_made_for
        return len(last) == len(var_list) and all([r() is v for r, v in zip(last, var_list)])

    def _update(self, gradient, variable):
        """The operation that changes a variable, and then projects it if it has a constraint."""
        if isinstance(variable, Tensor):
            raise NotImplementedError("Trying to update a Tensor ", variable)
        if isinstance(gradient, IndexedSlices):
            if variable.constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            if _is_resource(variable):
                return self._resource_apply_sparse_duplicate_indices(gradient.values, variable, gradient.indices)
            return self._apply_sparse_duplicate_indices(gradient, variable)
        if _is_resource(variable):
            update = self._resource_apply_dense(gradient, variable)
        else:
            update = self._apply_dense(gradient, variable)
        if variable.constraint is None:
            return update
        with control_dependencies([] if update is None else [update]):
            return variable.assign(variable.constraint(variable))

    # ---------------------------------------------------------------------------------------------------------- slots

    def get_slot(self, var, name):
        """The slot of a kind (see `get_slot_names`) beside a variable, or None."""
        named = self._slots.get(name)
        return named.get(_var_key(var)) if named else None

    def get_slot_names(self):
        """The names of the kinds of slots, sorted."""
        return sorted(self._slots)

    def variables(self):
        """The optimizer's own variables in the current graph (eagerly: its eager ones), sorted by name."""
        graph = get_default_graph()

        def is_current(v):
            return v.op.graph is graph if _in_graph(v) else v._graph_key == graph._graph_key

        own = [*self._non_slot_variables(), *(v for named in self._slots.values() for v in named.values())]
        return sorted(filter(is_current, own), key=lambda v: v.name)

    def _create_non_slot_variable(self, initial_value, name, colocate_with):
        """A variable that the optimizer keeps once, not beside each variable; the one that there is already, if so."""
        key = name, None if here.eager else colocate_with.graph
        found = self._non_slot_dict.get(key)
        if found is None:
            self._maybe_initialize_trackable()
            with placed_with(colocate_with):
                restored = self._preload_simple_restoration(name=name, shape=None) if here.eager else None
                value = initial_value if restored is None else restored
                found = VariableV1(value, name=name, trainable=False, use_resource=_is_resource(colocate_with))
            self._handle_deferred_dependencies(name=name, trackable=found)
            self._non_slot_dict[key] = found
        return found

    def _get_non_slot_variable(self, name, graph=None):
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self):
        return self._non_slot_dict.values()

    def _slot_dict(self, slot_name):
        return self._slots.setdefault(slot_name, {})

    def _make_slot(self, var, slot_name, make):
        named, key = self._slot_dict(slot_name), _var_key(var)
        if key not in named:
            made = make()
            self._restore_slot_variable(slot_name=slot_name, variable=var, slot_variable=made)
            named[key] = made
        return named[key]

    def _get_or_make_slot(self, var, val, slot_name, op_name):
        """The slot of a kind beside a variable; made with an initial value if there is none."""
        return self._make_slot(var, slot_name, lambda: slots.create_slot(var, val, op_name))

    def _get_or_make_slot_with_initializer(self, var, initializer, shape, dtype, slot_name, op_name):
        """The same with an initializer, a shape and a type."""
        return self._make_slot(var, slot_name, lambda: slots.create_slot_with_initializer(var, initializer, shape, dtype, op_name))

    def _zeros_slot(self, var, slot_name, op_name):
        """The same with zeros."""
        return self._make_slot(var, slot_name, lambda: slots.create_zeros_slot(var, op_name))

    # ------------------------------------------------------------------------------------------------- in checkpoints

    @property
    def _checkpoint_dependencies(self):
        """What the optimizer depends on, and its own variables of the current graph."""
        key = get_default_graph()._graph_key
        own = sorted(self._non_slot_dict.items(), key=lambda item: item[0][0])
        return super()._checkpoint_dependencies + [TrackableReference(name, v) for (name, _), v in own if v._graph_key == key]

    def _lookup_dependency(self, name):
        found = super()._lookup_dependency(name)
        if found is not None:
            return found
        return self._get_non_slot_variable(name, graph=None if here.eager else get_default_graph())

    def _restore_slot_variable(self, slot_name, variable, slot_variable):
        """Restores a new slot from the checkpoints that wait for it, the newest first."""
        waiting = self._deferred_slot_restorations.get(slot_name, {}).pop(_var_key(variable), ())
        for position in sorted(waiting, key=lambda p: p.restore_uid, reverse=True):
            position.restore(slot_variable)

    def _create_or_restore_slot_variable(self, slot_variable_position, slot_name, variable):
        """Restores a slot, which eagerly is made if need be; what can't be made yet is restored when it is."""
        slot = self.get_slot(variable, slot_name)
        # Not where creators of variables are at work: they would take the slot for one of the variables that they are about.
        is_free = here.eager and not get_default_graph()._variable_creators
        if slot is None and is_free and slot_variable_position.is_simple_variable():
            value = slot_variable_position.initial_value()
            slot = self._get_or_make_slot(var=variable, val=value, slot_name=slot_name, op_name=self._name)
        if slot is not None:
            slot_variable_position.restore(slot)
        else:
            waiting = self._deferred_slot_restorations.setdefault(slot_name, {})
            waiting.setdefault(_var_key(variable), []).append(slot_variable_position)

    # --------------------------------------------------------------------------------------- what optimizers implement

    def _create_slots(self, var_list):
        """Makes all slots for some variables; to be overridden."""

    def _prepare(self):
        """Makes the tensors that the operations need; to be overridden.  Called before variables are changed."""

    def _apply_dense(self, grad, var):
        """The operation that changes a ref variable by a gradient tensor; to be overridden."""
        raise NotImplementedError()

    def _resource_apply_dense(self, grad, handle):
        """The same for a resource variable."""
        raise NotImplementedError()

    def _apply_sparse(self, grad, var):
        """The operation that changes a ref variable by `IndexedSlices` with different indices; to be overridden."""
        raise NotImplementedError()

    def _resource_apply_sparse(self, grad, handle, indices):
        """The same for a resource variable, by slices with different indices."""
        raise NotImplementedError()

    def _apply_sparse_duplicate_indices(self, grad, var):
        """As `_apply_sparse`, by slices of which several may have the same index; these are added up."""
        values, indices = deduplicated(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(values, indices, grad.dense_shape), var)

    def _resource_apply_sparse_duplicate_indices(self, grad, handle, indices):
        """As `_resource_apply_sparse`, by slices of which several may have the same index; these are added up."""
        values, unique = deduplicated(grad, indices)
        return self._resource_apply_sparse(values, handle, unique)

    def _finish(self, update_ops, name_scope):
        """The operation that stands for all updates; to be overridden if something follows them."""
        return group(*update_ops, name=name_scope)

    def _call_if_callable(self, param):
        return param() if callable(param) else param


_NUMBERS = {}  # number -> the eager tensor for it


def _number_tensor(number):
    """The eager tensor for a Python number, which is kept for the next update."""
    if len(_NUMBERS) > 1000:
        _NUMBERS.clear()
    made = _NUMBERS[number] = convert(number)
    return made


class ByFormula:
    """What an optimizer does whose updates are the ops of one formula of ops/training_ops.py.

    It is the second base of such an optimizer: programs tell optimizers by their first base, `Optimizer`.

    Attributes:
      _formula: the formula's name ("Momentum").
      _slot_inputs: for each of the ops' variables behind the first the name of its slot.
      _numbers: for each number: the input of the ops, the attribute that has its value, the attribute for its tensor, and the
        tensor's name.
    """

    _formula = None
    _slot_inputs = ()
    _numbers = ()

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if ByFormula in cls.__bases__:
            for name, method in vars(ByFormula).items():
                if hasattr(Optimizer, name) and not name.startswith("__") and name not in vars(cls):
                    setattr(cls, name, method)
        cls._tensor_of = {name: tensor for name, _, tensor, _ in cls._numbers}

    def _create_slots(self, var_list):
        for v in var_list:
            for name in self._slot_inputs:
                self._zeros_slot(v, name, self._name)

    def _prepare(self):
        for _, attribute, tensor, name in self._numbers:
            value = self._call_if_callable(getattr(self, attribute))
            if here.eager and type(value) is float and value:  # as keys 0.0 and -0.0 are equal
                made = _NUMBERS.get(value)
                made = _number_tensor(value) if made is None else made
            else:
                made = convert(value, name=name)
            setattr(self, tensor, made)

    def _number(self, name, var):
        """The tensor (or variable) for a number among the ops' inputs."""
        return cast(getattr(self, self._tensor_of[name]), var.dtype.base_dtype)

    def _attributes(self):
        """The ops' attributes that the formula reads."""
        return {}

    def _number_values(self, op, var):
        """The values of the op's inputs behind the variables, None in the places of gradient and indices."""
        names = op.input_names[op.changes :]
        return [None if n in ("grad", "delta", "indices") else convert(self._number(n, var))._v for n in names]

    def _apply_eagerly(self, op, grad, var, indices):
        """Runs the op of the formula on an eager variable, without tensors for what need not be one."""
        kept = op, var._dtype
        inputs = self._values_of.get(kept)
        if inputs is None:
            inputs = self._values_of[kept] = self._number_values(op, var)
        args, whole = [var._state], var._distributed_container
        key = var._unique_id if whole is None else whole()._unique_id
        for name in self._slot_inputs:
            args.append(self._slots[name][key]._state)
        place = len(args) + op.gradient_place
        args += inputs
        args[place] = grad._v
        if indices is not None:
            args[place + 1] = indices._v
        try:
            op.numpy(*args, **self._attributes())
        except Exception as e:
            raise eager_error(e, op, args, None) from e

    def _apply(self, grad, var, indices=None):
        """The operation that changes a variable by a gradient, or by slices with these indices."""
        is_ref = not _is_resource(var)
        op = registry[("" if is_ref else "Resource") + ("Apply" if indices is None else "SparseApply") + self._formula]
        if here.eager and grad.dtype is var.dtype:
            return self._apply_eagerly(op, grad, var, indices)
        states = [var, *[self.get_slot(var, name) for name in self._slot_inputs]]
        args = states if is_ref else [v.handle for v in states]
        for name in op.input_names[len(args) :]:
            if name in ("grad", "delta"):
                args.append(grad)
            elif name == "indices":
                args.append(indices)
            else:
                args.append(self._number(name, var))
        made = op(*args, use_locking=self._use_locking, **self._attributes())
        return made.op if is_ref else made

    def _apply_dense(self, grad, var):
        return self._apply(grad, var)

    def _resource_apply_dense(self, grad, var):
        return self._apply(grad, var)

    def _apply_sparse(self, grad, var):
        return self._apply(grad.values, var, grad.indices)

    def _resource_apply_sparse(self, grad, var, indices):
        return self._apply(grad, var, indices)


def _shared_loss(loss):
    """A loss, divided by the number of replicas where an estimator trains with the mean of theirs."""
    if distribution.current() is None:
        return loss
    replicas = distribution.get_strategy().num_replicas_in_sync
    if replicas == 1 or resolve("distribute.get_loss_reduction")().value != "MEAN":
        return loss
    get_default_graph()._is_loss_scaled_by_optimizer = True
    return loss * (1.0 / replicas)


def placed_with(variable):
    """A context manager in which operations are placed with a variable of a graph."""
    return colocate_with(variable) if _in_graph(variable) else NOTHING


def _target(variable):
    """With respect to what `tf.gradients` differentiates for a variable."""
    _check_variable(variable)
    return variable._ref() if isinstance(variable, Variable) and not _is_resource(variable) else variable


def _check_variable(variable):
    """Raises NotImplementedError for what can't be optimized."""
    if not isinstance(variable, (Variable, Tensor)):
        raise NotImplementedError("Trying to optimize unsupported type ", variable)


def _as_gradient(g):
    if g is None or isinstance(g, (EagerTensor, IndexedSlices)):
        return g
    try:
        return convert(g)
    except TypeError:
        raise TypeError("Gradient must be convertible to a Tensor or IndexedSlices, or None: %s" % (g,)) from None
