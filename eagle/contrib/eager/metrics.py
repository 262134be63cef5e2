"""`tfe.metrics`: metrics as objects, in both modes."""

import functools
import re

from ...core.context import eager_mode, here
from ...core.dtypes import float64
from ...core.export import export, public as tf
from ...core.graph import get_default_graph
from ...core.trackable import Trackable
from ...functions.defun import defun
from ...variables.scope import get_variable, variable_scope


def _public(cls):
    return export("contrib.eager.metrics." + cls.__name__, "contrib.eager.python.metrics." + cls.__name__)(cls)


@_public
class Metric(Trackable):
    """Something that is computed over several calls, each with a part of the data.

    A derived class makes its variables in `build` (with `add_variable`), changes them in `call` and computes from them in `result`.

    Args:
      name: its name; by default that of the class, with a number if need be.
      use_global_variables: whether its variables are among the global ones of a graph instead of the local ones.
    """

    def __init__(self, name=None, use_global_variables=False):
        self._built = False
        self._vars, self._initial_values = [], {}
        self._use_global_variables = use_global_variables
        name = name or type(self).__name__
        scope_name = re.sub("[^A-Za-z0-9.]", "_", name)
        with variable_scope(scope_name, use_resource=True, reuse=False) as scope:
            self._name = name + scope.name[scope.name.rfind(scope_name) + len(scope_name) :]
            self._scope = scope
        self._is_eager = here.eager
        self._graph = None if here.eager else get_default_graph()
        self.build = self._noting(self.build)
        if not here.eager:
            self.call = defun(self.call)

    def __call__(self, *args, **kwargs):
        """Takes a part of the data into account, at once, or in a graph when what this returns is run; calls `call`."""
        if not self._built:
            with variable_scope(self._scope), eager_mode() if self._is_eager else self._graph.as_default():
                self.build(*args, **kwargs)
        return self.call(*args, **kwargs)

    def _noting(self, build):
        """`build`, but it is noted that it was called, by whomever."""

        @functools.wraps(build)
        def wrapper(*args, **kwargs):
            build(*args, **kwargs)
            self._built = True

        return wrapper

    name = property(lambda self: self._name, doc="Its name.")
    variables = property(lambda self: self._vars, doc="Its variables.")

    def init_variables(self):
        """Makes it begin anew: eagerly at once, in a graph when the operation that this returns is run."""
        if not here.eager:
            return tf.group([v.initializer for v in self._vars])
        for v in self._vars:
            v.assign(self._initial_values[id(v)])
        return None

    def build(self, *args, **kwargs):
        """Makes the variables; it gets what the first call gets."""
        raise NotImplementedError("Metrics must define a build() member function")

    def call(self, *args, **kwargs):
        """Takes a part of the data into account."""
        raise NotImplementedError("Metrics must define a call() member function")

    def result(self):
        """What the data have given so far."""
        raise NotImplementedError("Metrics must define a result() member function")

    def value(self):
        """In a graph what `result` gives, eagerly the function `result`."""
        return self.result if here.eager else self.result()

    def aggregate(self, metrics):
        """Adds what other metrics of the same kind have counted.

        Raises:
          TypeError: one is of another kind.
          ValueError: its variables are others.
        """
        for m in metrics:
            if type(m) is not type(self):
                raise TypeError("All metrics must be the same type, '%s' != '%s'." % (type(self), type(m)))
        for i, v in enumerate(self._vars):
            if any(m._vars[i].name != v.name for m in metrics):
                raise ValueError("All metrics must have variables in the same order.")
            v.assign_add(tf.add_n([m._vars[i] for m in metrics]))

    def add_variable(self, name, shape=None, dtype=None, initializer=None):
        """Makes a variable, inside of `build`.

        Raises:
          RuntimeError: it is called elsewhere.
        """
        if self._built:
            raise RuntimeError("Can't call add_variable() except in build().")
        kind = "variables" if self._use_global_variables else "local_variables"
        made = self._add_variable_with_custom_getter(
            name=name, shape=shape, dtype=dtype, initializer=initializer, trainable=False,
            collections=None if here.eager else [kind, "metric_variables"], use_resource=True, getter=get_variable, overwrite=True,
        )  # fmt: skip
        self._vars.append(made)
        if here.eager:
            self._initial_values[id(made)] = made.value()
        return made


@_public
class Mean(Metric):
    """The mean of values, weighted if weights are given.

    Args:
      name, use_global_variables: as of `Metric`.
      dtype: the type in which it is computed.
    """

    def __init__(self, name=None, dtype=float64, use_global_variables=False):
        super().__init__(name=name, use_global_variables=use_global_variables)
        self.dtype = dtype

    def build(self, *args, **kwargs):
        self.numer = self.add_variable("numer", (), self.dtype, tf.zeros_initializer)
        self.denom = self.add_variable("denom", (), self.dtype, tf.zeros_initializer)

    def call(self, values, weights=None):
        """Adds values.

        Args:
          values: a tensor.
          weights: None, or their weights.

        Returns:
          The arguments: without weights the sum of the values.
        """
        if weights is None:
            self.denom.assign_add(tf.cast(tf.identity(tf.size(values)), self.dtype))
            values = tf.reduce_sum(values)
            self.numer.assign_add(tf.cast(values, self.dtype))
            return values
        weights = tf.cast(weights, self.dtype)
        self.denom.assign_add(tf.reduce_sum(weights))
        values = tf.cast(values, self.dtype) * weights
        self.numer.assign_add(tf.reduce_sum(values))
        return values, weights

    def result(self, write_summary=True):
        """The mean.

        Args:
          write_summary: a bool, or a boolean tensor: whether it is written as a summary, too, if there is a default writer.
        """
        mean = self.numer / self.denom

        def written():
            tf.contrib.summary.scalar(name=self.name, tensor=mean)
            return mean

        tf.contrib.framework.smart_cond(tf.convert_to_tensor(write_summary), written, lambda: mean, name="")
        return mean


class _Matches(Mean):
    """A mean of how often predictions are right."""

    def __init__(self, name=None, dtype=float64):
        super().__init__(name=name, dtype=dtype)

    def _check(self, labels, predictions, message="Shapes of labels and predictions are unequal"):
        tf.assert_equal(tf.shape(labels), tf.shape(predictions), message=message)

    def _add(self, matches, *arguments):
        weights = arguments[-1]
        Mean.call(self, tf.cast(matches, self.dtype), weights=weights)
        return arguments[:-1] if weights is None else arguments


@_public
class Accuracy(_Matches):
    """How often predictions are the labels.

    Args:
      name, dtype: as of `Mean`.
    """

    def call(self, labels, predictions, weights=None):
        """Adds predictions.

        Args:
          labels, predictions: tensors of the same shape and type.
          weights: None, or their weights.

        Returns:
          The arguments.
        """
        self._check(labels, predictions)
        return self._add(tf.equal(labels, predictions), labels, predictions, weights)


@_public
class CategoricalAccuracy(_Matches):
    """How often the class with the greatest score is the right one.

    Args:
      name, dtype: as of `Mean`.
    """

    def call(self, labels, predictions, weights=None):
        """Adds predictions.

        Args:
          labels: ones for the right classes, zeros for the others.
          predictions: scores, of the same shape.
          weights: None, or weights.

        Returns:
          The classes by labels and by predictions, and the weights if there are any.
        """
        self._check(labels, predictions)
        labels, predictions = tf.argmax(labels, axis=-1), tf.argmax(predictions, axis=-1)
        return self._add(tf.equal(labels, predictions), labels, predictions, weights)


@_public
class BinaryAccuracy(_Matches):
    """How often scores are on the right side of a threshold.

    Args:
      threshold: greater scores mean 1, others 0.
      name, dtype: as of `Mean`.
    """

    def __init__(self, threshold, name=None, dtype=float64):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold

    def call(self, labels, predictions, weights=None):
        """Adds predictions.

        Args:
          labels: zeros and ones.
          predictions: scores, of the same shape.
          weights: None, or weights.

        Returns:
          Labels and predictions as bools, and the weights if there are any.
        """
        self._check(labels, predictions)
        predictions = tf.convert_to_tensor(predictions) > self.threshold
        labels = tf.cast(labels, tf.bool)
        return self._add(tf.equal(labels, predictions), labels, predictions, weights)


@_public
class SparseAccuracy(_Matches):
    """How often the class with the greatest score is the label.

    Args:
      name, dtype: as of `Mean`.
    """

    def call(self, labels, predictions, weights=None):
        """Adds predictions.

        Args:
          labels: the numbers of the right classes.
          predictions: scores, with one more dimension.
          weights: None, or weights.

        Returns:
          The classes by labels and by predictions, and the weights if there are any.
        """
        tf.assert_equal(tf.shape(labels), tf.shape(predictions)[0], message="First axis of labels and predictions is unequal")
        predictions, labels = tf.argmax(predictions, axis=-1), tf.cast(labels, tf.int64)
        return self._add(tf.equal(labels, predictions), labels, predictions, weights)
