"""`tf.variable_scope` and `tf.get_variable`: names, defaults and sharing of variables; and what `tf.Variable` makes."""

import contextlib
import copy
import functools
import threading

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import graph_from_inputs, name_scope
from .base import Variable, VariableAggregation, VariableSynchronization, VariableV1, creation
from .ref import RefVariable
from .resource import ResourceVariable
from .store import AUTO_REUSE, VariableStore, defaults

export("Variable")(VariableV1)
export("compat.v2.Variable")(Variable)

_STORE = ("__variable_store",)  # the collections of a graph that hold its store of variables and of scopes
_SCOPES = ("__varscope",)


# -------------------------------------------------------------------------------------------- which kind `tf.Variable` makes


def _default_creator(next_creator=None, use_resource=None, distribute_strategy=None, **arguments):
    """Makes a variable of the kind asked for by `use_resource`, the variable scope, or `enable_resource_variables`."""
    if use_resource is None:
        use_resource = get_variable_scope().use_resource
    if use_resource is None:
        use_resource = defaults.use_resource
    if use_resource or here.eager:
        arguments.pop("expected_shape", None)
        return ResourceVariable(distribute_strategy=distribute_strategy, **arguments)
    return RefVariable(**arguments)


creation.default = _default_creator
creation.default_v2 = lambda next_creator=None, **arguments: ResourceVariable(**arguments)


@export("enable_resource_variables")
def enable_resource_variables():
    """Makes `tf.Variable` and `tf.get_variable` make resource variables in graphs, too, from now on."""
    defaults.use_resource = True


@export("disable_resource_variables")
def disable_resource_variables():
    """Makes `tf.Variable` and `tf.get_variable` make ref variables in graphs from now on, as is the default."""
    defaults.use_resource = False


@export("resource_variables_enabled")
def resource_variables_enabled():
    """Whether resource variables are the default in graphs."""
    return defaults.use_resource


@export("variable_creator_scope")
@contextlib.contextmanager
def variable_creator_scope(variable_creator):
    """A context manager in which variables are made by a function.

    Args:
      variable_creator: a function `(next_creator, **kwargs)` that returns a variable; `next_creator(**kwargs)` makes one the way
        it would be made without this scope.
    """
    graph = get_default_graph()
    before = graph._variable_creators
    graph._variable_creators = inside = [*before, variable_creator]
    try:
        yield
    finally:
        if graph._variable_creators != inside:
            raise RuntimeError("Exiting variable_creator_scope without proper nesting.")
        graph._variable_creators = before


# ------------------------------------------------------------------------------------------------------------------ scopes


@export("no_regularizer")
def no_regularizer(_):
    """A regularizer that gives no loss, for scopes inside one with a regularizer."""
    return None


@export("VariableScope")
class VariableScope:
    """What `tf.get_variable` adds to a name, and its defaults.

    Attributes:
      name: the scope's name, which the names of variables begin with.
      original_name_scope: the name scope in which it was first opened.
      reuse: whether variables are shared: True, None or False, or `tf.AUTO_REUSE`.
      initializer, regularizer, caching_device, partitioner, custom_getter, dtype, use_resource, constraint: defaults for
        `get_variable`.
    """

    def __init__(self, reuse, name="", initializer=None, regularizer=None, caching_device=None, partitioner=None,
                 custom_getter=None, name_scope="", dtype=dtypes.float32, use_resource=None, constraint=None):  # fmt: skip
        self._name = name
        self._initializer = initializer
        self._regularizer = regularizer
        self._reuse = reuse
        self._caching_device = caching_device
        self._partitioner = partitioner
        self._custom_getter = custom_getter
        self._name_scope = name_scope
        self._dtype = dtype
        self._use_resource = use_resource
        self._constraint = constraint
        if here.eager:
            if caching_device is not None:
                raise NotImplementedError("Caching devices is not yet supported when eager execution is enabled.")
            self._reuse = AUTO_REUSE
            self._use_resource = True

    name = property(lambda self: self._name)
    original_name_scope = property(lambda self: self._name_scope)
    reuse = property(lambda self: self._reuse)
    initializer = property(lambda self: self._initializer)
    regularizer = property(lambda self: self._regularizer)
    caching_device = property(lambda self: self._caching_device)
    partitioner = property(lambda self: self._partitioner)
    custom_getter = property(lambda self: self._custom_getter)
    dtype = property(lambda self: self._dtype)
    use_resource = property(lambda self: self._use_resource)
    constraint = property(lambda self: self._constraint)

    def reuse_variables(self):
        """Makes `get_variable` share variables in this scope from now on."""
        self._reuse = True

    def set_initializer(self, initializer):
        """Sets the default initializer."""
        self._initializer = initializer

    def set_dtype(self, dtype):
        """Sets the default type."""
        self._dtype = dtype

    def set_use_resource(self, use_resource):
        """Sets whether variables are resource variables; eagerly they can't be otherwise (ValueError)."""
        if here.eager and not use_resource:
            raise ValueError("When eager execution is enabled, use_resource cannot be set to false.")
        self._use_resource = use_resource

    def set_regularizer(self, regularizer):
        """Sets the default regularizer."""
        self._regularizer = regularizer

    def set_caching_device(self, caching_device):
        """Sets the default device for caching; raises NotImplementedError eagerly."""
        if here.eager:
            raise NotImplementedError("Caching devices are not yet supported when eager execution is enabled.")
        self._caching_device = caching_device

    def set_partitioner(self, partitioner):
        """Sets the default partitioner."""
        self._partitioner = partitioner

    def set_custom_getter(self, custom_getter):
        """Sets the default custom getter."""
        self._custom_getter = custom_getter

    def get_collection(self, name):
        """The elements of a collection whose names begin with this scope's."""
        return get_default_graph().get_collection(name, self._name + "/" if self._name else "")

    def trainable_variables(self):
        """The trainable variables of this scope."""
        return self.get_collection("trainable_variables")

    def global_variables(self):
        """The global variables of this scope."""
        return self.get_collection("variables")

    def local_variables(self):
        """The local variables of this scope."""
        return self.get_collection("local_variables")

    def get_variable(self, var_store, name, shape=None, dtype=None, initializer=None, regularizer=None, reuse=None, trainable=None,
                     collections=None, caching_device=None, partitioner=None, validate_shape=True, use_resource=None,
                     custom_getter=None, constraint=None, synchronization=VariableSynchronization.AUTO,
                     aggregation=VariableAggregation.NONE):  # fmt: skip
        """The variable of this name in this scope, from a `VariableStore`; see `tf.get_variable`."""
        if here.eager:
            reuse, use_resource = False, True
        else:
            reuse = self._reuse if reuse is None else reuse
            use_resource = self._use_resource if use_resource is None else use_resource
        with name_scope(None):
            if dtype is not None and initializer is not None and not callable(initializer):
                found = convert(initializer).dtype.base_dtype
                if found != dtype:
                    raise ValueError("Initializer type '%s' and explicit dtype '%s' don't match." % (found, dtype))
            return var_store.get_variable(
                "%s/%s" % (self._name, name) if self._name else name, shape=shape, reuse=reuse, trainable=trainable,
                collections=collections,
                validate_shape=validate_shape, use_resource=use_resource, synchronization=synchronization, aggregation=aggregation,
                custom_getter=self._custom_getter if custom_getter is None else custom_getter,
                **self._or_defaults(dtype, initializer, regularizer, caching_device, partitioner, constraint))  # fmt: skip

    def _or_defaults(self, dtype, initializer, regularizer, caching_device, partitioner, constraint):
        """These arguments of `get_variable`, this scope's defaults in the place of None."""
        return dict(
            dtype=self._dtype if dtype is None else dtype,
            initializer=self._initializer if initializer is None else initializer,
            regularizer=self._regularizer if regularizer is None else regularizer,
            caching_device=self._caching_device if caching_device is None else caching_device,
            partitioner=self._partitioner if partitioner is None else partitioner,
            constraint=self._constraint if constraint is None else constraint,
        )

    def _get_partitioned_variable(self, var_store, name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=None,
                                  collections=None, caching_device=None, partitioner=None, validate_shape=True, use_resource=None,
                                  constraint=None, synchronization=VariableSynchronization.AUTO,
                                  aggregation=VariableAggregation.NONE):  # fmt: skip
        if self._custom_getter is not None:
            raise ValueError(
                "Private access to _get_partitioned_variable is not allowed when a custom getter is set.  Current custom getter: "
                "%s.  It is likely that you're using create_partitioned_variables.  If so, consider instead using get_variable "
                "with a non-empty partitioner parameter instead." % self._custom_getter
            )
        settings = self._or_defaults(dtype, initializer, regularizer, caching_device, partitioner, constraint)
        if settings["partitioner"] is None:
            raise ValueError("No partitioner was specified")
        with name_scope(None):
            return var_store._get_partitioned_variable(
                "/".join(filter(None, (self._name, name))), shape=shape, reuse=self._reuse, trainable=trainable,
                collections=collections,
                validate_shape=validate_shape, use_resource=self._use_resource if use_resource is None else use_resource,
                synchronization=synchronization, aggregation=aggregation, **settings)  # fmt: skip


class _ScopeStore(threading.local):
    """The current variable scope of a graph, and how often each scope was opened."""

    def __init__(self):
        self.current_scope = VariableScope(False)
        self.counts = {}

    def open(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1

    def close_subscopes(self, name):
        for key in self.counts:
            if name is None or key.startswith(name + "/"):
                self.counts[key] = 0


def _of_graph(key, make):
    """What a collection of the default graph holds, made by `make()` if it is empty."""
    found = get_default_graph().get_collection_ref(key)
    if not found:
        found.append(make())
    return found[0]


def scope_store():
    return _of_graph(_SCOPES, _ScopeStore)


def variable_store():
    """The `VariableStore` of the default graph."""
    return _of_graph(_STORE, VariableStore)


@contextlib.contextmanager
def with_variable_store(store):
    """A context manager in which `get_variable` uses a store."""
    holder = get_default_graph().get_collection_ref(_STORE)
    before = list(holder)
    holder[:] = [store]
    try:
        yield
    finally:
        holder[:] = before


@export("get_variable_scope")
def get_variable_scope():
    """The current variable scope."""
    return scope_store().current_scope


class PureVariableScope:
    """The part of `variable_scope` without the name scope; entering it gives the `VariableScope`.

    Args:
      name_or_scope: a name, or a `VariableScope` to open again.
      old_name_scope: the name scope that belongs to it.
      **changes: what is to differ from the scope around (or the one given).
    """

    def __init__(self, name_or_scope, reuse=None, initializer=None, regularizer=None, caching_device=None, partitioner=None,
                 custom_getter=None, old_name_scope=None, dtype=dtypes.float32, use_resource=None, constraint=None):  # fmt: skip
        self._name_or_scope = name_or_scope
        self._reuse = reuse
        self._old_name_scope = old_name_scope
        self._constraint = constraint
        self._custom_getter = custom_getter
        self._changes = dict(initializer=initializer, regularizer=regularizer, caching_device=caching_device,
                             partitioner=partitioner, dtype=dtype, use_resource=use_resource)  # fmt: skip
        variable_store()
        self._scopes = scope_store()
        self._is_reopened = isinstance(name_or_scope, VariableScope)
        if self._is_reopened:
            scope = name_or_scope
            self._new_name = scope.name
            self._reopened = self._derived(scope, self._reuse or scope.reuse, scope._name_scope)

    def _derived(self, scope, reuse, name_scope):
        """A scope that differs from `scope` in what this one changes."""
        made = VariableScope(
            reuse, name=self._new_name, initializer=scope.initializer, regularizer=scope.regularizer,
            caching_device=scope.caching_device, partitioner=scope.partitioner, dtype=scope.dtype,
            custom_getter=scope.custom_getter, name_scope=name_scope, use_resource=scope.use_resource,
            constraint=self._constraint)  # fmt: skip
        for name, value in self._changes.items():
            if value is not None:
                getattr(made, "set_" + name)(value)
        if self._custom_getter is not None:
            made.set_custom_getter(_chained(self._custom_getter, scope.custom_getter))
        return made

    def __enter__(self):
        scopes = self._scopes
        self._old = old = scopes.current_scope
        if self._is_reopened:
            scopes.open(self._new_name)
            self._old_counts = copy.copy(scopes.counts)
            made = self._reopened
        else:
            self._new_name = "%s/%s" % (old.name, self._name_or_scope) if old.name else self._name_or_scope
            self._reuse = self._reuse or old.reuse
            made = self._derived(old, self._reuse, self._name_or_scope if self._old_name_scope is None else self._old_name_scope)
            scopes.open(self._new_name)
        scopes.current_scope = self._entered = made
        return made

    def check_nesting(self):
        """Raises RuntimeError if another scope than this one is the innermost."""
        if self._scopes.current_scope is not self._entered:
            raise RuntimeError("Improper nesting of variable_scope.")

    def __exit__(self, *unused):
        scopes = self._scopes
        self.check_nesting()
        if self._is_reopened:
            scopes.counts = self._old_counts
        else:
            scopes.close_subscopes(self._new_name)
        scopes.current_scope = self._old
        return False


def _chained(custom_getter, old_getter):
    """A custom getter inside a scope that has one already: the outer one gets its getter."""
    if old_getter is None:
        return custom_getter

    def both(getter, *args, **kwargs):
        return custom_getter(functools.partial(old_getter, getter), *args, **kwargs)

    return both


def unique_scope(prefix):
    """The name of a scope not opened yet inside the current one: `prefix`, with a number behind it if need be."""
    current = get_variable_scope().name
    name = "%s/%s" % (current, prefix) if current else prefix
    counts = scope_store().counts
    if not counts.get(name, 0):
        return prefix
    number = 1
    while counts.get("%s_%d" % (name, number), 0):
        number += 1
    return "%s_%d" % (prefix, number)


@export("variable_scope")
class variable_scope:
    """A context manager for a variable scope: `tf.get_variable` inside begins names with it and takes its defaults.

    Args:
      name_or_scope: the scope's name, or a `VariableScope` to open again.
      default_name: the name to use, made unique, if `name_or_scope` is None.
      values: the tensors that the scope is about: their graph becomes the default one.
      initializer, regularizer, caching_device, partitioner, custom_getter, dtype, use_resource, constraint: defaults for
        `get_variable` inside; None takes over those of the scope around.
      reuse: True to share the variables that are there, `tf.AUTO_REUSE` to share or make them, None to take over the mode of the
        scope around.
      auxiliary_name_scope: whether a name scope is opened, too.

    Raises:
      TypeError: neither name is given, or an argument has the wrong type.
      ValueError: `reuse` is nothing of the above, or True without `name_or_scope`.
    """

    def __init__(self, name_or_scope, default_name=None, values=None, initializer=None, regularizer=None, caching_device=None,
                 partitioner=None, custom_getter=None, reuse=None, dtype=None, use_resource=None, constraint=None,
                 auxiliary_name_scope=True):  # fmt: skip
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if reuse is False:
            reuse = None
        if not (reuse is True or reuse is None or reuse is AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError("The auxiliary_name_scope must be `True` or `False`, while get %s" % (auxiliary_name_scope,))
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._reuse = reuse
        self._changes = dict(initializer=initializer, regularizer=regularizer, caching_device=caching_device,
                             partitioner=partitioner, custom_getter=custom_getter, dtype=dtype, use_resource=use_resource,
                             constraint=constraint)  # fmt: skip
        self._auxiliary_name_scope = auxiliary_name_scope
        self._graph = None if here.eager else graph_from_inputs(values or [])
        self._pure_scope = self._name_scope = None
        self._contexts = []

    def __enter__(self):
        contexts = contextlib.ExitStack()
        with contexts:
            if self._graph is not None and not get_default_graph().building_function:
                contexts.enter_context(self._graph.as_default())
            if self._pure_scope is None:
                scope = self._enter_first(contexts)
            else:
                if self._name_scope is not None:
                    contexts.enter_context(self._name_scope)
                scope = contexts.enter_context(self._pure_scope)
            self._contexts.append(contexts.pop_all())
        return scope

    def _enter_first(self, contexts):
        name_or_scope = self._name_or_scope
        if name_or_scope is None:
            if self._reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            opened = self._open_name_scope(contexts, self._default_name)
            name_or_scope, old_name_scope = unique_scope(self._default_name), opened
        elif isinstance(name_or_scope, str):
            old_name_scope = self._open_name_scope(contexts, name_or_scope)
        elif isinstance(name_or_scope, VariableScope):
            opened = self._open_name_scope(contexts, name_or_scope.name.split("/")[-1])
            old_name_scope = None if opened is None else name_or_scope.original_name_scope
        else:
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        self._pure_scope = PureVariableScope(name_or_scope, reuse=self._reuse, old_name_scope=old_name_scope, **self._changes)
        return contexts.enter_context(self._pure_scope)

    def _open_name_scope(self, contexts, name):
        """Opens the name scope that belongs to the variable scope, if there is to be one; what entering gives."""
        if not self._auxiliary_name_scope:
            around = here.scope if here.eager else get_default_graph().get_name_scope()
            name = around.rstrip("/") + "/" if around else around
        elif not name:
            return None
        self._name_scope = name_scope(name)
        return contexts.enter_context(self._name_scope)

    def __exit__(self, *exc):
        self._pure_scope.check_nesting()
        return self._contexts.pop().__exit__(*exc)


@export("variable_op_scope")
@contextlib.contextmanager
def variable_op_scope(values, name_or_scope, default_name=None, initializer=None, regularizer=None, caching_device=None,
                      partitioner=None, custom_getter=None, reuse=None, dtype=None, use_resource=None,
                      constraint=None):  # fmt: skip
    """Deprecated: `variable_scope` with its arguments in another order."""
    with variable_scope(name_or_scope, default_name=default_name, values=values, initializer=initializer, regularizer=regularizer,
                        caching_device=caching_device, partitioner=partitioner, custom_getter=custom_getter, reuse=reuse,
                        dtype=dtype, use_resource=use_resource, constraint=constraint) as scope:  # fmt: skip
        yield scope


# ----------------------------------------------------------------------------------------------------------- get_variable


@export("get_variable")
def get_variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=None, collections=None,
                 caching_device=None, partitioner=None, validate_shape=True, use_resource=None, custom_getter=None, constraint=None,
                 synchronization=VariableSynchronization.AUTO, aggregation=VariableAggregation.NONE):  # fmt: skip
    """The variable of this name in the current variable scope: a new one, or, if the scope reuses variables, the one there is.

    Args:
      name: the variable's name; the name of the variable scope comes before it.
      shape: its shape.
      dtype: the type of its elements; by default float32.
      initializer: a function `(shape, dtype=...)` that gives the initial value, or the value; by default that of the scope, and
        where there is none `glorot_uniform_initializer`, for integers zeros.
      regularizer: a function of the variable; what it gives is added to `GraphKeys.REGULARIZATION_LOSSES`.
      trainable: whether optimizers train the variable by default.
      collections: the collections to add it to; by default `GraphKeys.GLOBAL_VARIABLES`.
      caching_device: where the value is cached for reading.
      partitioner: a function `(shape, dtype)` that says into how many parts each dimension is divided.
      validate_shape: whether the shape of the initial value must be known.
      use_resource: whether to make a resource variable.
      custom_getter: a function `(getter, name, **kwargs)` that makes the variable, mostly by calling `getter`.
      constraint: a function with which optimizers project the value after an update.
      synchronization, aggregation: a `VariableSynchronization` and a `VariableAggregation`.

    Returns:
      A `Variable`, or a `PartitionedVariable` if there is a partitioner.

    Raises:
      ValueError: the variable is there though the scope does not reuse variables, or the other way round, or does not fit the
        arguments.
    """
    return get_variable_scope().get_variable(
        variable_store(), name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer, trainable=trainable,
        collections=collections, caching_device=caching_device, partitioner=partitioner, validate_shape=validate_shape,
        use_resource=use_resource, custom_getter=custom_getter, constraint=constraint, synchronization=synchronization,
        aggregation=aggregation)  # fmt: skip


@export("get_local_variable")
def get_local_variable(name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=False, collections=None,
                       caching_device=None, partitioner=None, validate_shape=True, use_resource=None, custom_getter=None,
                       constraint=None, synchronization=VariableSynchronization.AUTO,
                       aggregation=VariableAggregation.NONE):  # fmt: skip
    """As `get_variable`, for a variable in `GraphKeys.LOCAL_VARIABLES` that is never trainable."""
    collections = [*(collections or ()), "local_variables"]
    return get_variable(
        name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer, trainable=False, collections=collections,
        caching_device=caching_device, partitioner=partitioner, validate_shape=validate_shape, use_resource=use_resource,
        custom_getter=custom_getter, constraint=constraint, synchronization=synchronization,
        aggregation=aggregation)  # fmt: skip


@export("create_partitioned_variables")
def create_partitioned_variables(shape, slicing, initializer, dtype=dtypes.float32, trainable=True, collections=None, name=None,
                                 reuse=None):  # fmt: skip
    """Deprecated: the parts of a variable as a list; `get_variable` with a partitioner serves instead.

    Args:
      shape: the shape of the whole.
      slicing: into how many parts each dimension is divided.
      initializer: a function or value, as for `get_variable`.
      dtype, trainable, collections, name, reuse: as of `get_variable`.

    Raises:
      ValueError: the arguments don't fit together.
    """
    if len(shape) != len(slicing):
        raise ValueError("The 'shape' and 'slicing' of a partitioned Variable must have the length: shape: %s, slicing: %s"
                         % (shape, slicing))  # fmt: skip
    if len(shape) < 1:
        raise ValueError("A partitioned Variable must have rank at least 1: shape: %s" % (shape,))
    with variable_scope(name, "PartitionedVariable", reuse=reuse):
        whole = get_variable_scope()._get_partitioned_variable(
            variable_store(), None, shape=shape, dtype=dtype, initializer=initializer, trainable=trainable,
            partitioner=lambda **unused: slicing, collections=collections)  # fmt: skip
        return list(whole)


# --------------------------------------------------------------------------------------------------------------- eagerly


@export("contrib.eager.EagerVariableStore", "python.ops.variable_scope.EagerVariableStore")
class EagerVariableStore:
    """Keeps the variables that `get_variable` makes eagerly, so that they are shared by name.

    Args:
      store: the `VariableStore` of another one.

    Raises:
      ValueError: `store` does not keep eager variables.
    """

    def __init__(self, store=None):
        if store is not None and not store._store_eager_variables:
            raise ValueError("Cannot construct EagerVariableStore from a VariableStore object that does not hold eager variables.")
        self._store = VariableStore() if store is None else store
        self._store._store_eager_variables = True

    def as_default(self):
        """A context manager in which `get_variable` uses this store."""
        return with_variable_store(self._store)

    def variables(self):
        """All variables, by name."""
        return sorted(self._store._vars.values(), key=lambda v: v.name)

    def trainable_variables(self):
        """The trainable variables, by name."""
        return [v for v in self.variables() if v.trainable]

    def non_trainable_variables(self):
        """The other variables, by name."""
        return [v for v in self.variables() if not v.trainable]

    def copy(self):
        """A store with copies of the variables."""
        made = EagerVariableStore()
        for key, v in self._store._vars.items():
            made._store._vars[key] = ResourceVariable(v.read_value(), name=v.name.partition(":")[0], trainable=v.trainable)
        return made
