"""Models of Keras with the methods that scikit-learn asks for."""

import copy
import types

import numpy as np

from ..core.export import export
from . import losses
from .engine.sequential import Sequential
from .layers.recurrent import has_argument
from .losses import LossFunctionWrapper
from .utils.sequences import to_categorical


def _is_categorical(loss):
    if isinstance(loss, losses.CategoricalCrossentropy):
        return True
    function = loss.fn if isinstance(loss, LossFunctionWrapper) else loss
    return function is losses.categorical_crossentropy or function == "categorical_crossentropy"


class BaseWrapper:
    """The base.

    Args:
      build_fn: a function, or an object that can be called, that makes a compiled model; or None for the method `__call__`.
      **sk_params: arguments for it, and for the methods `fit`, `predict`, `predict_classes` and `evaluate` of the model.

    Raises:
      ValueError: none of these takes such an argument.
    """

    def __init__(self, build_fn=None, **sk_params):
        self.build_fn = build_fn
        self.sk_params = sk_params
        self.check_params(sk_params)

    def _builder(self):
        """What makes the model, and what tells its arguments."""
        if self.build_fn is None:
            return self.__call__, self.__call__
        is_function = isinstance(self.build_fn, types.FunctionType | types.MethodType)
        return self.build_fn, self.build_fn if is_function else self.build_fn.__call__

    def check_params(self, params):
        """Raises ValueError if nothing takes one of the arguments."""
        functions = [Sequential.fit, Sequential.predict, Sequential.predict_classes, Sequential.evaluate, self._builder()[1]]
        for name in params:
            if name != "nb_epoch" and not any(has_argument(f, name) for f in functions):
                raise ValueError(f"{name} is not a legal parameter")

    def get_params(self, **params):
        """The arguments it was made with; what it is called with changes nothing."""
        return {**copy.deepcopy(self.sk_params), "build_fn": self.build_fn}

    def set_params(self, **params):
        """Sets arguments; the object itself is returned."""
        self.check_params(params)
        self.sk_params.update(params)
        return self

    def fit(self, x, y, **kwargs):
        """Makes a model and trains it; what `fit` of the model gives."""
        build, signature = self._builder()
        self.model = build(**self.filter_sk_params(signature))
        if _is_categorical(self.model.loss) and len(y.shape) != 2:
            y = to_categorical(y)
        return self.model.fit(x, y, **{**copy.deepcopy(self.filter_sk_params(Sequential.fit)), **kwargs})

    def filter_sk_params(self, fn, override=None):
        """Those of the arguments that a function takes, and others."""
        return {**{k: v for k, v in self.sk_params.items() if has_argument(fn, k)}, **(override or {})}


@export("keras.wrappers.scikit_learn.KerasClassifier")
class KerasClassifier(BaseWrapper):
    """A model that tells classes; the arguments are those of `BaseWrapper`."""

    def fit(self, x, y, **kwargs):
        """Makes a model and trains it with classes, or with classes in one-hot coding; raises ValueError for other shapes."""
        y = np.array(y)
        if y.ndim == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        elif y.ndim == 1 or y.ndim == 2 and y.shape[1] == 1:
            self.classes_ = np.unique(y)
            y = np.searchsorted(self.classes_, y)
        else:
            raise ValueError("Invalid shape for y: " + str(y.shape))
        self.n_classes_ = len(self.classes_)
        return super().fit(x, y, **kwargs)

    def predict(self, x, **kwargs):
        """The classes of data."""
        return self.classes_[self.model.predict_classes(x, **self.filter_sk_params(Sequential.predict_classes, kwargs))]

    def predict_proba(self, x, **kwargs):
        """The probabilities of classes, of two where the model tells only one."""
        found = self.model.predict_proba(x, **self.filter_sk_params(Sequential.predict_proba, kwargs))
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found

    def score(self, x, y, **kwargs):
        """The accuracy on data; raises ValueError unless the model was compiled with it."""
        y = np.searchsorted(self.classes_, y)
        loss = getattr(self.model.loss, "__name__", self.model.loss)
        if loss == "categorical_crossentropy" and len(y.shape) != 2:
            y = to_categorical(y)
        found = self.model.evaluate(x, y, **self.filter_sk_params(Sequential.evaluate, kwargs))
        for name, value in zip(self.model.metrics_names, found if isinstance(found, list) else [found]):
            if name in ("accuracy", "acc"):
                return value
        raise ValueError(
            'The model is not configured to compute accuracy. You should pass `metrics=["accuracy"]` to the `model.compile()` '
            "method."
        )


@export("keras.wrappers.scikit_learn.KerasRegressor")
class KerasRegressor(BaseWrapper):
    """A model that tells numbers; the arguments are those of `BaseWrapper`."""

    def predict(self, x, **kwargs):
        """The numbers for data."""
        return np.squeeze(self.model.predict(x, **self.filter_sk_params(Sequential.predict, kwargs)))

    def score(self, x, y, **kwargs):
        """The loss on data, negative so that more is better."""
        loss = self.model.evaluate(x, y, **self.filter_sk_params(Sequential.evaluate, kwargs))
        return -loss[0] if isinstance(loss, list) else -loss
