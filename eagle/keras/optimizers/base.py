"""The base of the optimizers of Keras: numbers and slots that are variables, gradients, steps."""

import functools
import types

from ...core import dtypes, nest
from ...core.context import here
from ...core.export import export, public as tf
from ...core.gradient_tape import GradientTape
from ...core.graph import get_default_graph
from ...core.indexed_slices import IndexedSlices
from ...core.operation import Operation
from ...core.scopes import colocate_with, control_dependencies, graph_from_inputs, init_scope, name_scope
from ...core.tensor import Tensor
from ...core.trackable import Trackable
from ...platform import tf_logging
from ...training.schedules import LearningRateSchedule
from ...variables.base import Variable, VariableAggregation, VariableSynchronization
from .. import initializers
from ..backend.settings import get_graph, is_eager_outside_functions, track_variable, unique_object_name
from ..backend.values import batch_get_value, batch_set_value, get_value, set_value
from ..engine.base_layer import make_variable
from ..engine.calling import is_symbolic
from ..utils.serialization import to_snake_case


@export("keras.optimizers.Optimizer", "python.keras.optimizer_v2.optimizer_v2.OptimizerV2")
class OptimizerV2(Trackable):
    """The base of optimizers.

    Args:
      name: the name of the scope of what it makes.
      **kwargs: `clipnorm`, `clipvalue`: bounds for each gradient; `lr`: another name of the learning rate; `decay`: by how much the
        rate sinks with each step.

    Raises:
      TypeError: there is another keyword.
      ValueError: one is less than 0.
    """

    def __init__(self, name, **kwargs):
        for key, value in kwargs.items():
            if key not in {"clipnorm", "clipvalue", "lr", "decay"}:
                raise TypeError("Unexpected keyword argument passed to optimizer: " + str(key))
            if value < 0:
                raise ValueError("Expected %s >= 0, received: %s" % (key, value))
        self._name = name or unique_object_name(to_snake_case(type(self).__name__), zero_based=True)
        self._hyper = {}
        self._slots = {}  # key of a variable -> name -> slot
        self._slot_names = []
        self._weights = []
        self._iterations = None
        self._deferred_slot_restorations = {}
        self._initial_decay = kwargs.get("decay", 0.0)
        for key in ("clipnorm", "clipvalue"):
            if key in kwargs:
                setattr(self, key, kwargs[key])
        self._hypers_created = False

    # ----------------------------------------------------------------------------------------------------------- gradients

    def minimize(self, loss, var_list, grad_loss=None, name=None):
        """Does a step.

        Args:
          loss: a function without arguments that gives the loss.
          var_list: the variables, or a function that gives them.
          grad_loss: the gradient of the loss, or None for 1.
          name: the name of the operation.
        """
        return self.apply_gradients(self._compute_gradients(loss, var_list, grad_loss), name=name)

    def _compute_gradients(self, loss, var_list, grad_loss=None):
        with GradientTape() as tape:
            if not callable(var_list):
                tape.watch(var_list)
            value = loss()
        variables = nest.flatten(var_list() if callable(var_list) else var_list)
        with name_scope(self._name + "/gradients"):
            gradients = self._clipped(tape.gradient(value, variables, grad_loss))
        self._check_types(gradients, variables)
        return list(zip(gradients, variables))

    def _clipped(self, gradients):
        if hasattr(self, "clipnorm"):
            gradients = [None if g is None else tf.clip_by_norm(g, self.clipnorm) for g in gradients]
        if hasattr(self, "clipvalue"):
            gradients = [None if g is None else tf.clip_by_value(g, -self.clipvalue, self.clipvalue) for g in gradients]
        return gradients

    def get_gradients(self, loss, params):
        """The gradients of a loss, a tensor of a graph, with respect to variables; raises ValueError if one is None."""
        params = nest.flatten(params)
        with get_graph().as_default(), name_scope(self._name + "/gradients"):
            gradients = tf.gradients(loss, params)
            for gradient, param in zip(gradients, params):
                if gradient is None:
                    raise ValueError(
                        "Variable %s has `None` for gradient. Please make sure that all of your ops have a gradient defined "
                        "(i.e. are differentiable). Common ops without gradient: K.argmax, K.round, K.eval." % (param,)
                    )
            return self._clipped(gradients)

    def get_updates(self, loss, params):
        """The operations of a step, a list."""
        gradients = self.get_gradients(loss, params)
        self._check_types(gradients, params)
        return [self.apply_gradients(list(zip(gradients, params)))]

    def _check_types(self, gradients, variables):
        allowed = self._valid_dtypes()
        for g, v in zip(gradients, variables):
            if g is not None and v.dtype.base_dtype not in allowed and v.dtype != dtypes.resource:
                raise ValueError("Invalid type %r for %s, expected: %s." % (v.dtype.base_dtype, v.name, list(allowed)))

    def _valid_dtypes(self):
        return {dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64}

    # --------------------------------------------------------------------------------------------------------------- steps

    def apply_gradients(self, grads_and_vars, name=None):
        """Applies gradients.

        Args:
          grads_and_vars: a list of pairs: a gradient or None, a variable.
          name: the name of the scope.

        Returns:
          The operation.

        Raises:
          ValueError: there is no gradient.
        """
        pairs = _with_gradients(list(grads_and_vars))
        variables = [v for _, v in pairs]
        with name_scope(self._name):
            with init_scope():
                _ = self.iterations
                self._create_hypers()
                self._create_slots(variables)
            self._prepare(variables)
            coefficients = {dtype: self._coefficients(dtype) for dtype in {v.dtype.base_dtype for v in variables}}
        is_late = is_eager_outside_functions()
        updates = []
        with name_scope(name or self._name):
            for gradient, variable in pairs:
                scope = "update" if is_late else "update_" + variable.op.name
                with name_scope(scope):
                    updates.append(self._apply(gradient, variable, coefficients[variable.dtype.base_dtype]))
            symbolic = [u for u in updates if isinstance(u, Operation) or is_symbolic(u)]
            if here.eager and not symbolic:
                return self._iterations.assign_add(1)
            with graph_from_inputs(symbolic).as_default(), control_dependencies(updates):
                return self._iterations.assign_add(1).op

    def _apply(self, gradient, variable, coefficients):
        if isinstance(variable, Tensor):
            raise NotImplementedError("Trying to update a Tensor ", variable)
        if isinstance(gradient, IndexedSlices):
            if variable.constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            return self._apply_slices(gradient.values, variable, gradient.indices, coefficients)
        update = self._apply_dense(gradient, variable, coefficients)
        if variable.constraint is None:
            return update
        with control_dependencies([] if here.eager else [update]):
            return variable.assign(variable.constraint(variable))

    def _apply_slices(self, values, variable, indices, coefficients):
        """Applies slices of a gradient, added up where they are for the same row."""
        unique, places = tf.unique(indices)
        summed = tf.math.unsorted_segment_sum(values, places, tf.shape(unique)[0])
        return self._apply_sparse(summed, variable, unique, coefficients)

    def _apply_dense(self, gradient, variable, c):
        """Applies a gradient to a variable; `c` are the coefficients."""
        if type(self)._resource_apply_dense is not OptimizerV2._resource_apply_dense:
            return self._resource_apply_dense(gradient, variable)
        raise NotImplementedError

    def _apply_sparse(self, values, variable, indices, c):
        """Applies the gradients of some rows to a variable."""
        if type(self)._resource_apply_sparse is not OptimizerV2._resource_apply_sparse:
            return self._resource_apply_sparse(values, variable, indices)
        raise NotImplementedError

    def _resource_apply_dense(self, grad, handle, apply_state=None):
        """For optimizers of programs: applies a gradient to a variable."""
        raise NotImplementedError

    def _resource_apply_sparse(self, grad, handle, indices, apply_state=None):
        """For optimizers of programs: applies the gradients of some rows to a variable."""
        raise NotImplementedError

    def _prepare(self, var_list):
        """Computes what all variables need, before the coefficients."""

    def _coefficients(self, dtype):
        """The numbers of a step as tensors of a type."""
        c = types.SimpleNamespace()
        if "learning_rate" in self._hyper:
            c.rate = tf.identity(self._decayed_lr(dtype))
        return c

    def _decayed_lr(self, var_dtype):
        rate = self._get_hyper("learning_rate", var_dtype)
        if isinstance(rate, LearningRateSchedule):
            rate = tf.cast(rate(tf.cast(self.iterations, var_dtype)), var_dtype)
        if self._initial_decay > 0.0:
            rate = rate / (1.0 + self._get_hyper("decay", var_dtype) * tf.cast(self.iterations, var_dtype))
        return rate

    # -------------------------------------------------------------------------------------------------------------- numbers

    def _set_hyper(self, name, value):
        """Sets a number of the optimizer: a number, a schedule, a tensor, or a function that gives it."""
        if isinstance(value, Trackable):
            self._track_trackable(value, name, overwrite=True)
        before = self._hyper.get(name)
        if isinstance(before, Variable) and not isinstance(value, LearningRateSchedule):
            set_value(before, value)
        else:
            self._hyper[name] = value

    def _get_hyper(self, name, dtype=None):
        """A number of the optimizer, as a tensor of a type if one is given."""
        if not self._hypers_created:
            self._create_hypers()
        value = self._hyper[name]
        if isinstance(value, LearningRateSchedule):
            return value
        if callable(value):
            value = value()
        return tf.cast(value, dtype) if dtype else value

    def _create_hypers(self):
        if self._hypers_created:
            return
        for name, value in sorted(self._hyper.items()):
            if not isinstance(value, Tensor | Variable) and not callable(value):
                self._hyper[name] = self.add_weight(
                    name, shape=[], trainable=False, initializer=value, aggregation=VariableAggregation.ONLY_FIRST_REPLICA
                )
        self._hypers_created = True

    def __getattr__(self, name):
        hyper = self.__dict__.get("_hyper")
        key = "learning_rate" if name == "lr" else name
        if hyper is not None and key in hyper:
            return self._get_hyper(key)
        raise AttributeError("'%s' object has no attribute '%s'" % (type(self).__name__, name))

    def __setattr__(self, name, value):
        key = "learning_rate" if name == "lr" else name
        if key in self.__dict__.get("_hyper", ()):
            self._set_hyper(key, value)
        else:
            super().__setattr__(key, value)

    @property
    def iterations(self):
        """The variable that counts steps."""
        if self._iterations is None:
            self._iterations = self.add_weight("iter", shape=[], dtype=dtypes.int64, trainable=False,
                                               aggregation=VariableAggregation.ONLY_FIRST_REPLICA)  # fmt: skip
            self._weights.append(self._iterations)
        return self._iterations

    @iterations.setter
    def iterations(self, variable):
        if self._iterations is not None:
            raise RuntimeError("Cannot set `iterations` to a new Variable after the Optimizer weights have been created")
        self._iterations = variable
        self._weights.append(variable)

    # ------------------------------------------------------------------------------------------------------------ variables

    def add_weight(self, name, shape, dtype=None, initializer="zeros", trainable=None, synchronization=VariableSynchronization.AUTO,
                   aggregation=VariableAggregation.NONE):  # fmt: skip
        """Makes a variable of the optimizer; arguments as of `Layer.add_weight`."""
        if isinstance(initializer, str) or callable(initializer):
            initializer = initializers.get(initializer)
        made = self._add_variable_with_custom_getter(
            name=name, shape=shape, getter=make_variable, overwrite=True, initializer=initializer, dtype=dtype or dtypes.float32,
            trainable=True if trainable is None else trainable, use_resource=True, synchronization=synchronization,
            aggregation=aggregation,
        )  # fmt: skip
        track_variable(made)
        return made

    def _create_slots(self, var_list):
        """Makes the slots of variables."""

    def add_slot(self, var, slot_name, initializer="zeros"):
        """Makes a variable that belongs to another one, unless it is there.

        Args:
          var: the other one.
          slot_name: the name of the slot.
          initializer: a name, a function, or the initial value.
        """
        if slot_name not in self._slot_names:
            self._slot_names.append(slot_name)
        slots = self._slots.setdefault(_key(var), {})
        if slot_name in slots:
            return slots[slot_name]
        if isinstance(initializer, str) or callable(initializer):
            initializer = functools.partial(initializers.get(initializer), shape=var.shape, dtype=var.dtype.base_dtype)
        with colocate_with(var) if not here.eager else name_scope(None if not here.scope else here.scope):
            made = tf.compat.v2.Variable(
                initializer, name="%s/%s" % (var._shared_name, slot_name), dtype=var.dtype.base_dtype, trainable=False
            )
        track_variable(made)
        slots[slot_name] = made
        for position in self._waiting(slot_name, var):
            position.restore(made)
        self._weights.append(made)
        return made

    def get_slot(self, var, slot_name):
        """The slot of a variable."""
        return self._slots[_key(var)][slot_name]

    def get_slot_names(self):
        """The names of the slots."""
        return self._slot_names

    def _waiting(self, slot_name, var):
        """The positions in checkpoints that wait for a slot, the newest first."""
        found = self._deferred_slot_restorations.get(slot_name, {}).pop(_key(var), [])
        return sorted(found, key=lambda position: position.restore_uid, reverse=True)

    def _create_or_restore_slot_variable(self, slot_variable_position, slot_name, variable):
        """Restores a slot from a checkpoint, now or when it is made."""
        slot = self._slots.get(_key(variable), {}).get(slot_name)
        # Not where creators of variables are at work: they would take the slot for one of the variables that they are about.
        is_free = here.eager and not get_default_graph()._variable_creators
        if slot is None and is_free and slot_variable_position.is_simple_variable():
            slot = self.add_slot(variable, slot_name, initializer=slot_variable_position.initial_value(None))
        if slot is not None:
            slot_variable_position.restore(slot)
        else:
            waiting = self._deferred_slot_restorations.setdefault(slot_name, {})
            waiting.setdefault(_key(variable), []).append(slot_variable_position)

    def variables(self):
        """The variables of the optimizer: the counter of steps and the slots."""
        return self._weights

    weights = property(variables)

    def get_weights(self):
        """The values of its variables, a list of arrays."""
        return batch_get_value(self.weights)

    def set_weights(self, weights):
        """Gives its variables values; raises ValueError if number or shapes are not right."""
        params = self.weights
        if len(params) != len(weights):
            raise ValueError(
                "You called `set_weights(weights)` on optimizer %s with a  weight list of length %d, but the optimizer was "
                "expecting %d weights. Provided weights: %s..." % (self._name, len(weights), len(params), str(weights)[:50])
            )
        for p, w in zip(params, weights):
            if tuple(p.shape.as_list()) != tuple(w.shape):
                raise ValueError("Optimizer weight shape %s not compatible with provided weight shape %s"
                                 % (tuple(p.shape.as_list()), w.shape))  # fmt: skip
        batch_set_value(list(zip(params, weights)))

    # ------------------------------------------------------------------------------------------------------- configurations

    def get_config(self):
        """The arguments to make it again."""
        config = {"name": self._name}
        for key in ("clipnorm", "clipvalue"):
            if hasattr(self, key):
                config[key] = getattr(self, key)
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """An optimizer with a configuration."""
        config = dict(config)
        if "lr" in config:
            config["learning_rate"] = config.pop("lr")
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = tf.keras.optimizers.schedules.deserialize(config["learning_rate"], custom_objects)
        return cls(**config)

    def _serialize_hyperparameter(self, name):
        value = self._hyper[name]
        if isinstance(value, LearningRateSchedule):
            return tf.keras.optimizers.schedules.serialize(value)
        if callable(value):
            return value()
        return get_value(value) if isinstance(value, Tensor | Variable) else value


def _key(variable):
    """What a variable's slots are found by."""
    return variable._shared_name if getattr(variable, "_in_graph_mode", not here.eager) else variable._unique_id


def _with_gradients(pairs):
    """The pairs that have a gradient; raises ValueError if there are none."""
    found = [(g, v) for g, v in pairs if g is not None]
    if pairs and not found:
        raise ValueError("No gradients provided for any variable: %s." % ([v.name for _, v in pairs],))
    missing = [v.name for g, v in pairs if g is None]
    if missing:
        tf_logging.warning("Gradients do not exist for variables %s when minimizing the loss.", missing)
    return found
