"""The loops that train, evaluate and predict."""

import collections.abc

import numpy as np

from ...core import errors, nest
from ...core.context import here
from ...core.export import export, public as tf
from ...platform import tf_logging
from .. import callbacks as callbacks_module
from ..backend.settings import get_session
from ..utils.progress import make_batches
from . import standardizing
from .composites import examples, joined


def iterator_of(data):
    """A started iterator of a data set; an iterator as it is."""
    if hasattr(data, "get_next"):
        return data
    if here.eager:
        return tf.compat.v1.data.make_one_shot_iterator(data)
    iterator = tf.compat.v1.data.make_initializable_iterator(data)
    get_session().run(iterator.initializer)
    return iterator


def check_dataset_arguments(x, y, sample_weight, validation_split):
    """Checks what goes with a data set; raises ValueError."""
    if y is not None:
        raise ValueError(
            "You passed a dataset or dataset iterator (%s) as input `x` to your model. In that case, you should not "
            "specify a target "
            "(`y`) argument, since the dataset or dataset iterator generates both input data and target data. Received: %s" % (x, y)
        )
    if sample_weight is not None:
        raise ValueError(
            "`sample_weight` argument is not supported when input `x` is a dataset or a dataset iterator. Instead, youcan provide "
            "sample_weight as the third element  of yourdataset, i.e. (inputs, targets, sample_weight). Received: x=%s, "
            "sample_weight=%s" % (x, sample_weight)
        )
    if validation_split is not None and validation_split != 0.0:
        raise ValueError(
            "`validation_split` argument is not supported when input `x` is a dataset or a dataset iterator. Received: "
            "x=%s, validation_split=%f" % (x, validation_split)
        )


# ------------------------------------------------------------------------------------------------------------------- sources


class ArrayBatches:
    """Batches of arrays.

    Args:
      x, y, weights: lists of arrays.
      batch_size: how many examples a batch has.
      shuffle: whether to shuffle examples, or "batch".
    """

    uses_steps = False
    is_dataset = is_generator = False

    def __init__(self, x, y, weights, batch_size, shuffle=False):
        arrays = [list(x.values()) if isinstance(x, dict) else list(x), list(y or []), list(weights or [])]
        self.arrays = [[v.numpy() if hasattr(v, "numpy") else v for v in some] for some in arrays]
        first = next((v for some in self.arrays for v in some if v is not None), None)
        self.samples = int(first.shape[0]) if first is not None else 0
        self.batch_size, self.shuffle = batch_size, shuffle
        self.steps = None

    def epoch(self):
        """The batches of an epoch: pairs of a size and lists of inputs, targets and weights."""
        order = np.arange(self.samples)
        if self.shuffle == "batch":
            order = _shuffled_batches(order, self.batch_size)
        elif self.shuffle:
            np.random.shuffle(order)
        batches = make_batches(self.samples, self.batch_size)
        for start, end in batches:
            if len(batches) == 1:
                yield end - start, self.arrays
            else:
                try:
                    yield end - start, [examples(some, order[start:end]) for some in self.arrays]
                except TypeError:
                    raise TypeError('TypeError while preparing batch. If using HDF5 input data, pass shuffle="batch".') from None


def _shuffled_batches(order, batch_size):
    count = len(order) // batch_size
    last, order = order[count * batch_size :], order[: count * batch_size].reshape((count, batch_size))
    np.random.shuffle(order)
    return np.append(order.flatten(), last)


class StepBatches:
    """Batches that come one after the other: of a data set, a generator or tensors.

    Args:
      model: the model.
      data: a data set, iterator, generator, `Sequence`, or lists of tensors.
      steps: how many batches an epoch has, or None for all.
      mode: "train", "test" or "predict".
      class_weight: weights of classes.
      shuffle: whether a `Sequence` is shuffled.
      restarts: whether an epoch begins a data set anew; otherwise it goes on where the one before stopped.
    """

    uses_steps = True
    samples = None

    def __init__(self, model, data, steps, mode, class_weight=None, shuffle=False, restarts=False):
        self.model, self.data, self.steps, self.mode, self.class_weight = model, data, steps, mode, class_weight
        self.is_dataset = standardizing.is_dataset(data)
        self.is_generator = standardizing.is_generator_or_sequence(data)
        self.samples = steps
        self.shuffle = shuffle
        self.restarts = restarts and self.is_dataset
        self.last_size = None
        self._running = self._iterator = None
        if self.is_generator and steps is None:
            if not isinstance(data, tf.keras.utils.Sequence):
                name = "steps_per_epoch" if mode == "train" else "steps"
                raise ValueError(f"Please specify the number of steps via the `{name}` argument.")
            self.steps = self.samples = len(data)

    def _elements(self):
        """What the data give, without end for those that have none."""
        if isinstance(self.data, list | tuple):  # tensors of a graph
            x, y, weights = self.data
            while True:
                yield x, y, weights
        elif self.is_dataset or hasattr(self.data, "get_next"):
            if here.eager:
                iterator = iterator_of(self.data)
                while True:
                    try:
                        yield standardizing.unpack_element(iterator.get_next())
                    except errors.OutOfRangeError:
                        return
            x, y, weights = self._symbolic_element()
            while True:
                yield x, y, weights
        elif self.is_generator:
            source = tf.keras.utils.Sequence.forever(self.data, self.shuffle) if hasattr(self.data, "__getitem__") else self.data
            for element in source:
                if not isinstance(element, tuple):
                    element = (element,)
                if len(element) not in (1, 2, 3):
                    raise ValueError(
                        "Output of generator should be a tuple of 1 or 2 or 3 elements: (input,) or (input, target) or "
                        f"(input, target, sample_weights). Received {element}"
                    )
                yield (*element, None, None)[:3]

    def _symbolic_element(self):
        """The next element as tensors of a graph, the same ones when the data begin anew."""
        if self._iterator is None:
            self._iterator = iterator_of(self.data)
            self._element = standardizing.unpack_element(self._iterator.get_next())
        elif self.is_dataset:
            get_session().run(self._iterator.initializer)
        return self._element

    def epoch(self):
        """The batches of an epoch."""
        if self._running is None or self.restarts:
            self._running = self._elements()
        count = 0
        while self.steps is None or count < self.steps:
            try:
                element = next(self._running)
            except StopIteration:
                self._running = None
                return
            x, y, weights = element
            if self.mode == "predict":
                y = weights = None
            if isinstance(self.data, list | tuple):
                batch = element
            else:
                batch = self.model._standardize_user_data(
                    x, y, sample_weight=weights, class_weight=self.class_weight, extract_tensors_from_dataset=True
                )
            sizes = [v.shape[0] for v in nest.flatten(batch[0]) if hasattr(v, "shape") and not standardizing.is_symbolic_data(v)]
            self.last_size = int(sizes[0]) if sizes else None
            yield self.last_size if self.is_generator and sizes else 1, batch
            count += 1


# -------------------------------------------------------------------------------------------------------------------- results


class MetricResults:
    """Results of batches: the mean loss, and the metrics, that keep their own means."""

    def __init__(self, source):
        self.source, self.results, self.count = source, None, 0

    def add(self, outputs, size):
        """Adds those of a batch."""
        weight = 1 if self.source.uses_steps else size
        if self.results is None:
            self.results = [0.0] * len(outputs)
        self.results[0] += np.float64(outputs[0]) * weight  # float64 in TensorFlow too, so that a sum over many loses nothing
        self.results[1:] = outputs[1:]
        self.count += weight

    def final(self):
        """The list of results."""
        results = list(self.results or [0.0])
        results[0] /= max(self.count, 1)
        return results


class OutputResults:
    """Outputs of batches, put together."""

    def __init__(self, source):
        self.parts = None

    def add(self, outputs, size):
        """Adds those of a batch."""
        if self.parts is None:
            self.parts = [[] for _ in outputs]
        for part, output in zip(self.parts, outputs):
            part.append(output)

    def final(self):
        """The list of outputs."""
        return [joined(p) for p in self.parts or []]


# ----------------------------------------------------------------------------------------------------------------------- loop


def _loop(model, mode, source, epochs=1, initial_epoch=0, verbose=1, callbacks=None, validate=None, validation_freq=1,
          batch_size=None, steps_name="steps"):  # fmt: skip
    """Runs batches; the results, or when it trains the history."""
    callbacks = callbacks_module.configure_callbacks(
        callbacks, model, do_validation=validate is not None, batch_size=batch_size, epochs=epochs, steps_per_epoch=source.steps,
        samples=source.samples, verbose=0, mode=mode,
    )  # fmt: skip
    bar = callbacks_module.ProgbarLogger("steps" if source.uses_steps else "samples", stateful_metrics=model.metrics_names[1:])
    bar.params = callbacks.params
    bar.params["verbose"] = verbose
    callbacks.model.stop_training = False
    callbacks._call_begin_hook(mode)
    bar.on_train_begin()
    results = []
    for epoch in range(initial_epoch, epochs):
        if callbacks.model.stop_training:
            break
        model.reset_metrics()
        logs = {}
        if mode == "train":
            callbacks.on_epoch_begin(epoch, logs)
        bar.on_epoch_begin(epoch, logs)
        found = (OutputResults if mode == "predict" else MetricResults)(source)
        _run_epoch(model, mode, source, callbacks, bar, found, epochs, steps_name)
        results = found.final()
        logs = callbacks_module.make_logs(model, logs, results, mode)
        if validate is not None and _is_validated(validation_freq, epoch) and not callbacks.model.stop_training:
            logs = callbacks_module.make_logs(model, logs, nest.flatten(validate(callbacks)), mode, prefix="val_")
        if mode == "train":
            callbacks.on_epoch_end(epoch, logs)
        bar.on_epoch_end(epoch, logs)
    callbacks._call_end_hook(mode)
    if mode == "train":
        return model.history
    return results[0] if len(results) == 1 else results


def _run_epoch(model, mode, source, callbacks, bar, found, epochs, steps_name):
    step = 0
    batches = source.epoch()
    while True:
        try:
            size, batch = next(batches)
        except StopIteration:
            break
        logs = {"batch": step, "size": size}
        callbacks._call_batch_hook(mode, "begin", step, logs)
        bar.on_batch_begin(step, logs)
        try:
            outputs = model._run_batch(mode, *batch)
        except errors.OutOfRangeError:
            source._running = None
            break
        found.add(outputs, size)
        logs = callbacks_module.make_logs(model, logs, outputs, mode)
        callbacks._call_batch_hook(mode, "end", step, logs)
        bar.on_batch_end(step, logs)
        step += 1
        if callbacks.model.stop_training:
            return
    if not source.uses_steps or step == source.steps:
        return
    if source.steps is None:  # now it is known how many there are
        if step and mode == "train":
            bar.params["steps"] = step
            bar.progbar.target = step
        return
    callbacks.model.stop_training = True
    tf_logging.warning(
        "Your dataset %sran out of data; interrupting training. Make sure that your %s can generate at least `%s * epochs` batches "
        "(in this case, %d batches). You may need to use the repeat() function when building your dataset.",
        "" if source.is_dataset else "iterator ", "dataset" if source.is_dataset else "iterator", steps_name, source.steps * epochs,
    )  # fmt: skip


def _is_validated(frequency, epoch):
    epoch += 1
    if isinstance(frequency, int):
        if frequency < 1:
            raise ValueError("`validation_freq` can not be less than 1.")
        return epoch % frequency == 0
    if not isinstance(frequency, collections.abc.Container):
        raise ValueError("`validation_freq` must be an Integer or `collections_abc.Container` (e.g. list, tuple, etc.)")
    return epoch in frequency


def _source(model, x, y, weights, batch_size, steps, mode, shuffle=False, class_weight=None, steps_name="steps"):
    """The batches of data, of any kind that `fit` takes."""
    if standardizing.is_generator_or_sequence(x):
        if y is not None:
            raise ValueError(
                "`y` argument is not supported when data isa generator or Sequence instance. Instead pass targets as the "
                "second element of the generator."
            )
        if weights is not None:
            raise ValueError("`sample_weight` argument is not supported when data isa generator or Sequence instance. Instead pass "
                             "sample weights as the third element of the generator.")  # fmt: skip
        return StepBatches(model, x, steps, mode, class_weight, shuffle)
    is_dataset = standardizing.is_dataset(x)
    if is_dataset:
        check_dataset_arguments(x, y, weights, None)
        model._standardize_user_data(x)
        restarts = steps is None or mode != "train"
        return StepBatches(model, x, _cardinality(x, steps, steps_name), mode, class_weight, restarts=restarts)
    if hasattr(x, "get_next"):
        if here.eager:
            raise ValueError(
                "For performance reasons Keras `fit`, `evaluate` and`predict` accept tf.data `Datasets` as input but not iterators "
                "that have been manually generated from Datasets by users. Please directly pass in the original `Dataset` object "
                "instead of passing in `iter(dataset)`."
            )
        if steps is None:
            raise ValueError(
                "When using a Dataset iterator as input to a model, you should specify the `%s` argument." % steps_name
            )
    x, y, weights = model._standardize_user_data(
        x, y, sample_weight=weights, class_weight=class_weight, batch_size=batch_size, check_steps=True, steps_name=steps_name,
        steps=steps, shuffle=shuffle,
    )  # fmt: skip
    if steps is not None and batch_size is not None:
        raise ValueError("If " + steps_name + " is set, the `batch_size` must be None.")
    if steps is not None:
        return StepBatches(model, (x, y, weights), steps, mode)
    return ArrayBatches(x, y, weights, batch_size, shuffle)


def _cardinality(data, steps, steps_name):
    if steps is not None:
        return steps
    size = tf.data.experimental.cardinality(data)
    size = int(size.numpy() if here.eager else get_session().run(size))
    if size == -1:
        raise ValueError("When passing an infinitely repeating dataset, you must specify the `%s` argument." % steps_name)
    return size if size >= 0 else None


def _unpack_validation(data):
    if standardizing.is_dataset(data) or standardizing.is_generator_or_sequence(data) or hasattr(data, "get_next"):
        return data, None, None
    if len(data) not in (2, 3):
        raise ValueError(
            "When passing a `validation_data` argument, it must contain either 2 items (x_val, y_val), or 3 items (x_val, "
            "y_val, val_sample_weights), or alternatively it could be a dataset or a dataset or a dataset iterator. However "
            "we received `validation_data=%s`" % (data,)
        )
    return (*data, None)[:3]


def _say_samples(source, validation):
    if source.is_generator:
        return
    unit = "steps" if source.is_dataset else "samples"
    message = f"Train on {source.steps if source.uses_steps else source.samples} {unit}"
    if validation is not None and (validation.samples or validation.steps):
        message += f", validate on {validation.steps if validation.uses_steps else validation.samples} {unit}"
    print(message)


def fit(
    model,
    x,
    y,
    batch_size,
    epochs,
    verbose,
    callbacks,
    validation_split,
    validation_data,
    shuffle,
    class_weight,
    sample_weight,
    initial_epoch,
    steps_per_epoch,
    validation_steps,
    validation_freq,
):
    """Trains; arguments as of `Model.fit`."""
    batch_size = model._validate_or_infer_batch_size(batch_size, steps_per_epoch, x)
    if validation_split and standardizing.is_dataset(x):
        check_dataset_arguments(x, y, sample_weight, validation_split)
    if validation_split and standardizing.is_generator_or_sequence(x):
        raise ValueError("If your data is in the form of a Python generator, you cannot use `validation_split`.")
    source = _source(model, x, y, sample_weight, batch_size, steps_per_epoch, "train", shuffle, class_weight, "steps_per_epoch")
    validation = None
    if validation_data is not None and not (isinstance(validation_data, list) and not validation_data):
        vx, vy, vw = _unpack_validation(validation_data)
        is_steps = standardizing.is_dataset(vx) or standardizing.is_generator_or_sequence(vx)
        if standardizing.is_generator_or_sequence(vx) and not hasattr(vx, "__getitem__") and not validation_steps:
            raise ValueError("Please specify the `validation_steps` argument.")
        size = None if is_steps or validation_steps is not None else batch_size or 32
        validation = _source(model, vx, vy, vw, size, validation_steps, "test", steps_name="validation_steps")
    elif validation_split and 0.0 < validation_split < 1.0:
        if standardizing.has_tensors(x) and not here.eager:
            raise ValueError("If your data is in the form of symbolic tensors, you cannot use `validation_split`.")
        at = int(source.samples * (1.0 - validation_split))
        arrays = source.arrays
        source = ArrayBatches(*[[a[:at] if a is not None else a for a in some] for some in arrays], batch_size, shuffle)
        validation = ArrayBatches(*[[a[at:] if a is not None else a for a in some] for some in arrays], batch_size)
    elif validation_steps:
        raise ValueError("`validation_steps` should not be specified if `validation_data` is None.")
    if verbose:
        _say_samples(source, validation)
    validate = None
    if validation is not None:

        def validate(callbacks):
            if source.is_generator and not validation.uses_steps:
                validation.batch_size = source.last_size or validation.batch_size
            return _loop(
                model, "test", validation, verbose=0, callbacks=callbacks, batch_size=batch_size, steps_name="validation_steps"
            )

    return _loop(model, "train", source, epochs, initial_epoch, verbose, callbacks, validate, validation_freq, batch_size,
                 steps_name="steps_per_epoch")  # fmt: skip


def fit_generator(
    model,
    generator,
    epochs,
    verbose,
    callbacks,
    validation_data,
    shuffle,
    class_weight,
    initial_epoch,
    steps,
    validation_steps,
    validation_freq,
):
    """Trains with what a generator gives; arguments as of `Model.fit_generator`."""
    source = StepBatches(model, generator, steps, "train", class_weight, shuffle)
    validate = None
    if validation_data is not None:
        x, y, weights = _unpack_validation(validation_data)
        is_steps = standardizing.is_dataset(x) or standardizing.is_generator_or_sequence(x)
        if standardizing.is_generator_or_sequence(x) and not hasattr(x, "__getitem__") and not validation_steps:
            raise ValueError("Please specify the `validation_steps` argument.")

        def validate(callbacks):
            size, count = (None, validation_steps) if is_steps else (source.last_size or 32, None)
            found = _source(model, x, y, weights, size, count, "test", steps_name="validation_steps")
            return _loop(model, "test", found, verbose=0, callbacks=callbacks, steps_name="validation_steps")

    return _loop(model, "train", source, epochs, initial_epoch, verbose, callbacks, validate, validation_freq,
                 steps_name="steps_per_epoch")  # fmt: skip


def run_generator(model, mode, generator, steps, verbose, callbacks):
    """Evaluates or predicts with what a generator gives."""
    return _loop(model, mode, StepBatches(model, generator, steps, mode), verbose=verbose, callbacks=callbacks)


def evaluate(model, x, y, batch_size, verbose, sample_weight, steps, callbacks):
    """Evaluates; arguments as of `Model.evaluate`."""
    batch_size = model._validate_or_infer_batch_size(batch_size, steps, x)
    source = _source(model, x, y, sample_weight, batch_size, steps, "test")
    return _loop(model, "test", source, verbose=verbose, callbacks=callbacks, batch_size=batch_size)


def predict(model, x, batch_size, verbose, steps, callbacks):
    """Predicts; arguments as of `Model.predict`."""
    batch_size = model._validate_or_infer_batch_size(batch_size, steps, x)
    source = _source(model, x, None, None, batch_size, steps, "predict")
    return _loop(model, "predict", source, verbose=verbose, callbacks=callbacks, batch_size=batch_size)


export("python.keras.engine.training_utils.batch_shuffle")(_shuffled_batches)
