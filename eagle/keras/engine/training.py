"""`Model`: a network that can be trained."""

import inspect

from ...core import nest
from ...core.context import here
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.trackable import Trackable, no_automatic_dependency_tracking
from ...distribute.context import get_strategy
from ...platform import tf_logging
from ..backend.execution import function
from ..backend.settings import get_graph, is_eager_outside_functions, learning_phase, learning_phase_scope, symbolic_learning_phase
from ..backend.tensors import int_shape
from ..mixed_precision.loss_scale_optimizer import LossScaleOptimizer
from . import endpoints as ends, loops, standardizing
from .network import Network


@export("keras.models.Model", "keras.Model", "python.keras.engine.training.Model")
class Model(Network):
    """A model: layers between inputs and outputs, or a subclass with a method `call`.

    Args:
      inputs, outputs: structures of tensors; without these a subclass has a method `call`.
      name: its name.
      **kwargs: as of `Network`.
    """

    _run_eagerly = None
    _train_function = _test_function = _predict_function = None

    # ------------------------------------------------------------------------------------------------------------ compiling

    @no_automatic_dependency_tracking
    def compile(self, optimizer="rmsprop", loss=None, metrics=None, loss_weights=None, sample_weight_mode=None,
                weighted_metrics=None, target_tensors=None, distribute=None, **kwargs):  # fmt: skip
        """Says how to train.

        Args:
          optimizer: an optimizer or its name.
          loss: a loss, its name, or a list or dictionary of losses of the outputs.
          metrics: a list of metrics or names, a list of such lists, or a dictionary by outputs.
          loss_weights: a list or dictionary of numbers that the losses are multiplied with.
          sample_weight_mode: None, "temporal", or a list or dictionary of these.
          weighted_metrics: as `metrics`, with the weights of examples.
          target_tensors: tensors to use as targets in the place of what is fed.
          distribute: not supported.
          **kwargs: `run_eagerly`; in a graph what a session is run with.

        Raises:
          ValueError, TypeError: an argument is not as it must be.
        """
        if get_strategy().num_replicas_in_sync > 1:
            raise NotYetError("tf.keras.Model.compile: strategies of distribution with several replicas")
        self._run_eagerly = kwargs.pop("run_eagerly", None)
        kwargs.pop("experimental_run_tf_function", None)
        if isinstance(optimizer, list | tuple):
            self.optimizer = [tf.keras.optimizers.get(o) for o in optimizer]
        else:
            self.optimizer = self._with_loss_scale(tf.keras.optimizers.get(optimizer))
        if isinstance(self.optimizer, Trackable):
            self._track_trackable(self.optimizer, name="optimizer", overwrite=True)
        self.loss = loss or {}
        self.loss_weights, self.sample_weight_mode = loss_weights, sample_weight_mode
        self._compile_metrics, self._compile_weighted_metrics = metrics or [], weighted_metrics
        if self.run_eagerly and target_tensors is not None:
            raise ValueError("target_tensors argument is not supported when running a model eagerly.")
        self._training_endpoints, self._compile_metric_functions = [], []
        self._compiled_trainable_state = self._get_trainable_state()
        self._clear_losses()
        self._function_kwargs = kwargs
        self._train_function = self._test_function = self._predict_function = None
        self.total_loss = None
        if not self.built or not self.inputs or not self.outputs:
            return
        self._is_compiled = True
        self.loss_functions = ends.loss_functions(self.loss, self.output_names)
        targets = ends.target_tensors_of(target_tensors, self.outputs, self.output_names)
        for output, name, function_, target in zip(self.outputs, self.output_names, self.loss_functions, targets):
            endpoint = ends.Endpoint(output, name, function_)
            if not here.eager:
                endpoint.make_target(target)
            self._training_endpoints.append(endpoint)
        ends.set_loss_weights(self._training_endpoints, loss_weights)
        self._name_metrics(metrics, weighted_metrics)
        ends.set_weight_modes(self._training_endpoints, sample_weight_mode)
        if not here.eager:
            with get_graph().as_default():
                self._call_metrics(self.outputs, self._targets, ends.flat_masks(self.outputs))
                self._compile_weighted()
        self._collected_trainable_weights = self._unique(self.trainable_weights)

    def _with_loss_scale(self, optimizer):
        """An optimizer that multiplies the loss as the policy of the model says."""
        scale = self._dtype_policy.loss_scale
        if scale is None:
            return optimizer
        if not isinstance(optimizer, LossScaleOptimizer):
            return LossScaleOptimizer(optimizer, scale)
        if optimizer.loss_scale != scale:
            tf_logging.warning(
                "LossScale of LossScaleOptimizer passed to compile (%s) is not the same as the dtype policy's loss scale (%s). "
                "Because the dtype policy has a loss scale, you should pass an optimizer that is not wrapped with a "
                "LossScaleOptimizer,",
                optimizer.loss_scale, scale,
            )  # fmt: skip
        return optimizer

    def _name_metrics(self, metrics, weighted_metrics):
        shapes = [None if x is None or x.shape.ndims is None else x.shape.as_list() for x in self.outputs]
        given = (
            ends.per_output_metrics(metrics, self.output_names, shapes, self.loss_functions),
            ends.per_output_metrics(weighted_metrics, self.output_names, shapes, self.loss_functions, is_weighted=True),
        )
        for i, endpoint in enumerate(self._training_endpoints):
            if endpoint.is_skipped:
                continue
            for some in given:
                named = {}
                for name, metric in some[i].items():
                    metric._name = name = self._unique_metric_name(name, i)
                    named[name] = metric
                    self._compile_metric_functions.append(metric)
                some[i] = named
        self._per_output_metrics, self._per_output_weighted_metrics = given
        if len(self._training_endpoints) > 1:
            for endpoint in self._training_endpoints:
                if not endpoint.is_skipped:
                    endpoint.loss_metric = tf.keras.metrics.Mean(name=endpoint.loss_name)

    def _unique_metric_name(self, name, output_index):
        if len(self.output_names) > 1:
            name = "%s_%s" % (self.output_names[output_index], name)
        base, count = name, 1
        while name in self.metrics_names:
            name = "%s_%d" % (base, count)
            count += 1
        return name

    def _compile_from_data(self, inputs, target, x, y):
        """Compiles now that the inputs are known."""
        if target is not None:
            standardizing.check_input_types(target, allow_dict=False, field="target")
            inputs = inputs + (list(target) if isinstance(target, list | tuple) else [target])
        tensors = [v for v in inputs if standardizing.is_tensor(v)]
        if tensors and len(tensors) < len(inputs):
            raise ValueError(
                "Do not pass inputs that mix Numpy arrays and TensorFlow tensors. You passed: x=" + str(x) + "; y=" + str(y)
            )
        found = None
        if target is not None and not here.eager and not standardizing.is_dataset(x):
            found = [v for v in nest.flatten(target) if standardizing.is_symbolic_data(v)]
        self.compile(
            optimizer=self.optimizer,
            loss=self.loss,
            metrics=self._compile_metrics,
            weighted_metrics=self._compile_weighted_metrics,
            loss_weights=self.loss_weights,
            target_tensors=found or None,
            sample_weight_mode=self.sample_weight_mode,
            run_eagerly=self._run_eagerly,
            **self._function_kwargs,
        )

    @no_automatic_dependency_tracking
    def _compile_weighted(self):
        """Makes what depends on the weights of examples: weighted metrics and the loss."""
        for endpoint in self._training_endpoints:
            endpoint.make_sample_weight()
        masks = ends.flat_masks(self.outputs)
        with get_graph().as_default():
            self._call_metrics(self.outputs, self._targets, masks, self.sample_weights, weighted=True, unweighted=False)
            self.total_loss = self._total_loss(masks)

    def _total_loss(self, masks):
        total = None
        with name_scope("loss"):
            for endpoint, mask in zip(self._training_endpoints, masks):
                if endpoint.is_skipped:
                    continue
                with name_scope(endpoint.loss_name):
                    loss = endpoint.loss_of(endpoint.target, endpoint.output, endpoint.sample_weight, mask)
                if len(self.outputs) > 1:
                    endpoint.loss_metric(loss)
                total = endpoint.loss_weight * loss if total is None else total + endpoint.loss_weight * loss
            if total is None:
                if not self.losses:
                    raise ValueError("The model cannot be compiled because it has no loss to optimize.")
                total = 0.0
            own = self.get_losses_for(None) + self.get_losses_for(self.inputs)
            if own:
                total += tf.add_n(own)
        return total

    def _call_metrics(self, outputs, targets, masks, weights=None, weighted=False, unweighted=True):
        """Calls the metrics of outputs; the list of their results."""
        results = []
        with name_scope("metrics"):
            for i, endpoint in enumerate(self._training_endpoints):
                if endpoint.is_skipped:
                    continue
                if unweighted:
                    for name, metric in self._per_output_metrics[i].items():
                        with name_scope(name):
                            results.append(ends.call_metric(metric, targets[i], outputs[i], None, masks[i]))
                if weighted:
                    for name, metric in self._per_output_weighted_metrics[i].items():
                        with name_scope(name):
                            weight = weights[i] if weights else None
                            results.append(ends.call_metric(metric, targets[i], outputs[i], weight, masks[i]))
        return results

    @staticmethod
    def _unique(weights):
        return list({id(w): w for w in weights}.values())

    # ----------------------------------------------------------------------------------------------------------- properties

    @property
    def metrics(self):
        """The metrics: those of `compile`, its own, and those of its layers."""
        found = list(self._compile_metric_functions) if self._is_compiled else []
        found.extend(self._metrics)
        found.extend(_metrics_of_layers(self._sublayers()))
        return found

    @property
    def metrics_names(self):
        """The names of what `evaluate` gives."""
        names = ["loss"]
        if self._is_compiled:
            if len(self._training_endpoints) > 1:
                names.extend(e.loss_name for e in self._training_endpoints if not e.is_skipped)
            names.extend(m.name for m in self._compile_metric_functions)
        for layer in self.layers:
            names += [m.name for m in layer._metrics]
        return names + [m.name for m in self._metrics]

    @property
    def run_eagerly(self):
        """Whether the model runs operation by operation, without a graph."""
        if self._run_eagerly is True and not here.eager:
            raise ValueError("You can only set `run_eagerly=True` if eager execution is enabled.")
        if not self.dynamic:
            return bool(self._run_eagerly)
        message = ("Your model contains layers that can only be successfully run in eager execution (layers constructed with "
                   "`dynamic=True`). ")  # fmt: skip
        if not here.eager:
            raise ValueError(message + "You must enable eager execution with `tf.enable_eager_execution()`.")
        if self._run_eagerly is False:
            raise ValueError(message + "You cannot set `run_eagerly=False`.")
        return True

    @run_eagerly.setter
    def run_eagerly(self, value):
        self._run_eagerly = value

    @property
    def _targets(self):
        return [e.target for e in self._training_endpoints]

    @property
    def _fed(self):
        return [e for e in self._training_endpoints if not e.is_skipped and e.is_fed]

    @property
    def sample_weights(self):
        """The tensors of weights of the outputs, None for those without."""
        return [e.sample_weight for e in self._training_endpoints]

    @property
    def targets(self):
        """The tensors of targets that are fed."""
        return [e.target for e in self._fed]

    def _evaluated_metrics(self):
        metrics = [e.loss_metric for e in getattr(self, "_training_endpoints", ()) if e.loss_metric is not None]
        return metrics + self.metrics

    def reset_metrics(self):
        """Lets the metrics begin anew."""
        for metric in self._evaluated_metrics():
            metric.reset_states()

    def _assert_compile_was_called(self):
        if not self.optimizer:
            raise RuntimeError("You must compile your model before training/testing. Use `model.compile(optimizer, loss)`.")

    def _check_call_args(self, method):
        spec = inspect.getfullargspec(self.call)
        names = spec.args[: -len(spec.defaults)] if spec.defaults else list(spec.args)
        if "training" in names:
            names.remove("training")
        if len(names) > 2:
            raise ValueError(
                "Models passed to `" + method + "` can only have `training` and the first argument in `call` as positional "
                "arguments, found: " + str(names[2:]) + "."
            )

    # ------------------------------------------------------------------------------------------------------------- functions

    def _feeds(self, mode):
        found = list(self._feed_inputs)
        if mode != "predict":
            found += [e.target for e in self._fed] + [
                e.sample_weight for e in self._training_endpoints if e.sample_weight is not None
            ]
        return found

    def _make_function(self, mode):
        """The function of a graph that trains, tests or predicts with a batch."""
        if mode == "predict":
            if self._predict_function is None:
                with name_scope("predict"):
                    self._predict_function = function(self._feeds(mode), self.outputs, updates=self.state_updates,
                                                      name="predict_function", **getattr(self, "_function_kwargs", {}))  # fmt: skip
            return self._predict_function
        if any(e.has_stale_weights for e in self._fed):
            self._compile_weighted()
            self._train_function = self._test_function = None
        if mode == "test":
            if self._test_function is None:
                results = [self.total_loss] + [m._call_result for m in self._evaluated_metrics() if hasattr(m, "_call_result")]
                with name_scope("evaluation"):
                    self._test_function = function(self._feeds(mode), results, updates=self.state_updates, name="test_function",
                                                   **self._function_kwargs)  # fmt: skip
            return self._test_function
        self._check_trainable_weights()
        if self._train_function is None:
            state = self._get_trainable_state()
            self._set_trainable_state(self._compiled_trainable_state)
            feeds = self._feeds(mode)
            if not isinstance(symbolic_learning_phase(), int):
                feeds.append(symbolic_learning_phase())
            with get_graph().as_default(), name_scope("training"):
                updates = list(self._training_updates()) + self.get_updates_for(None) + self.get_updates_for(self.inputs)
                results = [self.total_loss] + [m._call_result for m in self._evaluated_metrics() if hasattr(m, "_call_result")]
                self._train_function = function(feeds, results, updates=updates, name="train_function", **self._function_kwargs)
            self._set_trainable_state(state)
        return self._train_function

    def _training_updates(self):
        """The operations of a step."""
        if isinstance(self.optimizer, list):
            raise ValueError("The `optimizer` in `compile` should be a single optimizer.")
        return self.optimizer.get_updates(params=self._collected_trainable_weights, loss=self.total_loss)

    @property
    def train_function(self):
        """The function that trains with a batch, or None."""
        return self._train_function

    @property
    def test_function(self):
        """The function that tests with a batch, or None."""
        return self._test_function

    @property
    def predict_function(self):
        """The function that predicts from a batch, or None."""
        return self._predict_function

    def _make_train_function(self):
        self._make_function("train")

    def _make_test_function(self):
        self._make_function("test")

    def _make_predict_function(self):
        self._make_function("predict")

    @no_automatic_dependency_tracking
    def _collect_trainable_weights(self):
        """Notes the variables that are trained, as `trainable` of the layers was when the model was compiled."""
        state = self._get_trainable_state()
        self._set_trainable_state(self._compiled_trainable_state)
        self._collected_trainable_weights = self._unique(self.trainable_weights)
        self._set_trainable_state(state)

    def _check_trainable_weights(self):
        if len(self._unique(self.trainable_weights)) != len(self._collected_trainable_weights):
            tf_logging.log_first_n(
                tf_logging.WARN,
                "Discrepancy between trainable weights and collected trainable weights, did you set `model.trainable`"
                " without calling `model.compile` after ?",
                1,
            )

    def _set_weight_modes(self, weights):
        has_some = bool(weights) and any(w is not None for w in weights)
        for endpoint in self._training_endpoints:
            endpoint.sample_weight_mode = (endpoint.sample_weight_mode or "samplewise") if has_some else None

    def _run_batch(self, mode, x, y=None, weights=None):
        """Trains, tests or predicts with a batch of lists of arrays; the list of results."""
        x = list(x.values()) if isinstance(x, dict) else x
        if here.eager:
            with learning_phase_scope(int(mode == "train")):
                return self._run_batch_eagerly(mode, x, y, weights)
        values = list(x)
        if mode != "predict":
            self._set_weight_modes(weights)
            values += list(y or []) + list(weights or [])
        function_ = self._make_function(mode)
        if mode == "train" and not isinstance(symbolic_learning_phase(), int):
            values += [True]
        return function_(values)

    def _eager_inputs(self, x):
        values = []
        for value, symbolic in zip(x, self.inputs or x):
            value = value if standardizing.is_tensor(value) else tf.convert_to_tensor(value)
            dtype = symbolic.dtype if self.inputs else value.dtype
            values.append(tf.cast(value, dtype) if value.dtype != dtype else value)
        if getattr(self, "_has_dict_input", False):
            return dict(zip(self.input_names, values))
        return values[0] if len(values) == 1 else values

    def _run_batch_eagerly(self, mode, x, y, weights):
        x = self._eager_inputs(x)
        kwargs = {"training": mode == "train"} if self._expects_training_arg else {}
        if mode == "predict":
            outputs = self(x, **kwargs)
            return [v.numpy() if hasattr(v, "numpy") else v for v in nest.flatten(outputs)]
        targets, sample_weights = self._by_endpoint(y), self._by_endpoint(weights)
        with tf.GradientTape() as tape:
            outputs = nest.flatten(self(x, **kwargs))
            masks = ends.flat_masks(outputs)
            targets = [None if t is None else tf.cast(t, o.dtype) for t, o in zip(targets, outputs)]
            sample_weights = [None if w is None else tf.cast(w, "float32") for w in sample_weights]
            total, results = 0.0, []
            with name_scope("loss"):
                for endpoint, target, output, weight, mask in zip(
                    self._training_endpoints, targets, outputs, sample_weights, masks
                ):
                    if endpoint.is_skipped:
                        continue
                    loss = endpoint.loss_of(target, output, weight, mask)
                    if endpoint.loss_metric is not None:
                        results.append(endpoint.loss_metric(loss))
                    total += endpoint.loss_weight * loss
                own = self.losses
                if own:
                    total += tf.add_n(own)
            is_scaled = isinstance(self.optimizer, LossScaleOptimizer)
            wanted = self.optimizer.get_scaled_loss(total) if is_scaled else total
        if mode == "train":
            self._apply_eagerly(tape, wanted)
        self._call_metrics(outputs, targets, masks, sample_weights, weighted=True)
        results += [m.result() for m in self.metrics]
        return [v.numpy() if hasattr(v, "numpy") else v for v in [total, *results]]

    def _apply_eagerly(self, tape, loss):
        if not self._collected_trainable_weights:  # the layers of a dynamic model have variables from its first batch on
            self._collect_trainable_weights()
        self._check_trainable_weights()
        variables = self._collected_trainable_weights
        if not variables:
            tf_logging.warning(
                "The list of trainable weights is empty. Make sure that you are not setting model.trainable to False "
                "before compiling the model."
            )
            return
        gradients = tape.gradient(loss, variables)
        if isinstance(self.optimizer, LossScaleOptimizer):
            gradients = self.optimizer.get_unscaled_gradients(gradients)
        self.optimizer.apply_gradients(zip(gradients, variables))

    def _by_endpoint(self, values):
        """Values of the outputs with targets, for all outputs."""
        values = iter(values or ())
        return [None if e.is_skipped else next(values, None) for e in self._training_endpoints]

    # ------------------------------------------------------------------------------------------------------------------ data

    def _standardize_user_data(self, x, y=None, sample_weight=None, class_weight=None, batch_size=None, check_steps=False,
                               steps_name="steps", steps=None, validation_split=0, shuffle=False,
                               extract_tensors_from_dataset=False):  # fmt: skip
        """Lists of arrays of inputs, targets and weights; the model is built and compiled if it is not yet."""
        is_dataset = standardizing.is_dataset(x) or hasattr(x, "get_next")
        if is_dataset:
            loops.check_dataset_arguments(x, y, sample_weight, validation_split)
            if extract_tensors_from_dataset or hasattr(x, "get_next"):
                x, y, sample_weight = standardizing.unpack_element(loops.iterator_of(x).get_next())
        if check_steps:
            standardizing.check_steps(x, steps, steps_name)
        inputs = []
        is_built_now = not self.inputs
        first_y = y
        if is_built_now:
            first_x = x
            if standardizing.is_dataset(x):
                first_x, first_y, _ = standardizing.unpack_element(loops.iterator_of(x).get_next())
            inputs = self._build_with_data(first_x, is_dataset)
        is_compiled_now = not self._is_compiled and bool(self.optimizer)
        if is_compiled_now:
            self._compile_from_data(list(inputs), first_y, x, y)
        symbolic = not here.eager and any(standardizing.is_symbolic_data(v) for v in inputs)
        if is_built_now and is_compiled_now and not is_dataset and symbolic:
            return [], [], None
        if standardizing.is_dataset(x):
            return x, [], None
        shapes = self._feed_input_shapes if self._is_graph_network else None
        x = standardizing.standardize(x, self._feed_input_names, shapes, check_batch_axis=False, prefix="input")
        x = [v.toarray() if hasattr(v, "toarray") and hasattr(s, "op") else v for v, s in zip(x, self._feed_inputs)]
        weights = None
        if y is None:
            y = []
        else:
            y, weights = self._standardize_targets(x, y, sample_weight, class_weight)
        if self.stateful and batch_size and not is_dataset and x and x[0].shape[0] % batch_size != 0:
            raise ValueError(
                "In a stateful network, you should only pass inputs with a number of samples that can be divided by the "
                "batch size. Found: " + str(x[0].shape[0]) + " samples"
            )
        return x, y, weights

    def _standardize_targets(self, x, y, sample_weight, class_weight):
        ends.set_weight_modes(self._training_endpoints, self.sample_weight_mode)
        fed = self._fed
        names = [e.name for e in fed]
        y = standardizing.standardize(y, names, None, check_batch_axis=False, prefix="target")
        weights = standardizing.standardize_weights_of("sample_weight", sample_weight, names)
        by_class = standardizing.standardize_weights_of("class_weight", class_weight, names)
        weights = [
            standardizing.standardize_weights(t, w, c, e.sample_weight_mode) for t, w, c, e in zip(y, weights, by_class, fed)
        ]
        standardizing.check_lengths(x, y, weights)
        if self._is_graph_network and not self.run_eagerly:
            standardizing.check_targets(y, [e.loss_fn for e in fed], [e.feed_shape for e in fed])
        if all(e.sample_weight_mode is None for e in fed) and all(w is None for w in weights):
            weights = None
        return y, weights

    def _build_with_data(self, inputs, is_dataset):
        """Calls a subclassed model with placeholders like data; the list of data."""
        standardizing.check_input_types(inputs)
        flat = [inputs[k] for k in sorted(inputs)] if isinstance(inputs, dict) else nest.flatten(inputs)
        if is_dataset:
            inputs = nest.map_structure(lambda t: tf.TensorSpec(t.shape, t.dtype), inputs)
        self._set_inputs(inputs)
        return flat

    def _set_inputs(self, inputs, outputs=None, training=None):
        """Makes inputs and outputs of a model that is not made of them, from data or tensors.

        Args:
          inputs: data or tensors.
          outputs: the outputs, if they are known.
          training: what to call it with.
        """
        inputs = self._set_input_attrs(inputs)
        if outputs is None:
            kwargs = {}
            if self._expects_training_arg:
                if training is None and not is_eager_outside_functions():
                    training = learning_phase()
                if training is not None:
                    kwargs["training"] = training
            try:
                outputs = self(inputs, **kwargs)
            except NotImplementedError:
                outputs = None
        self._set_output_attrs(outputs)

    @no_automatic_dependency_tracking
    def _set_input_attrs(self, inputs):
        if self.inputs:
            raise ValueError("Model inputs are already set.")
        if type(self).__name__ == "Sequential" and not self.built and isinstance(inputs, dict):
            if not getattr(self.layers[0], "_is_feature_layer", False):
                raise ValueError(
                    "Passing a dictionary input to a Sequential Model which doesn't have FeatureLayer as the first layer "
                    "is an error."
                )
            self._build_input_shape = (None,)
        elif type(self).__name__ == "Sequential" and not self.built:
            dims = inputs.as_list() if hasattr(inputs, "as_list") else inputs.shape
            self._build_input_shape = (None, *tuple(dims.as_list() if hasattr(dims, "as_list") else dims)[1:])
        found = ends.ModelInputs(inputs)
        self.inputs = found.symbolic()
        self.input_names = found.names
        self._has_dict_input = found.is_dict
        fed = [(n, v) for n, v in zip(found.names, found.values) if getattr(v, "op", None) is None or v.op.type == "Placeholder"]
        self._feed_input_names = [n for n, _ in fed]
        self._feed_inputs = [v for _, v in fed]
        self._feed_input_shapes = [int_shape(v) for _, v in fed]
        return found.structure()

    @no_automatic_dependency_tracking
    def _set_output_attrs(self, outputs):
        self.outputs = nest.flatten(outputs)
        self.output_names = ["output_%d" % (i + 1) for i in range(len(self.outputs))]
        self.built = True

    def _validate_or_infer_batch_size(self, batch_size, steps, x):
        if standardizing.is_dataset(x) or standardizing.is_generator_or_sequence(x):
            if batch_size is not None:
                raise ValueError(f"The `batch_size` argument must not be specified for the given input type. Received input: {x}, "
                                 f"batch_size: {batch_size}")  # fmt: skip
            return None
        layers = super().layers
        if layers:
            static = getattr(layers[0], "_batch_input_shape", None)
            if static and static[0] is not None:
                if batch_size is not None and batch_size != static[0]:
                    raise ValueError(
                        f"The `batch_size` argument value {batch_size} is incompatible with the specified batch size of your Input "
                        f"Layer: {static[0]}"
                    )
                if steps is None:
                    batch_size = static[0]
        return 32 if batch_size is None and steps is None else batch_size

    # --------------------------------------------------------------------------------------------------------------- training

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose=1, callbacks=None, validation_split=0.0, validation_data=None,
            shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
            validation_freq=1, max_queue_size=10, workers=1, use_multiprocessing=False, **kwargs):  # fmt: skip
        """Trains.

        Args:
          x, y: inputs and targets, arrays, tensors, or lists or dictionaries of these; `x` may be a data set or generator.
          batch_size: how many examples a batch has, by default 32.
          epochs: the epoch at which training ends.
          verbose: 0, 1 for bars of progress, or 2 for a line each epoch.
          callbacks: a list of `Callback`.
          validation_split: the fraction at the end of the data to validate with.
          validation_data: data to validate with.
          shuffle: whether the examples are shuffled; "batch" shuffles batches.
          class_weight: a dictionary of weights of classes.
          sample_weight: weights of the examples.
          initial_epoch: the first epoch.
          steps_per_epoch, validation_steps: how many batches an epoch and a validation have.
          validation_freq: after how many epochs to validate, or a list of epochs.
          max_queue_size, workers, use_multiprocessing: how generators run ahead; batches are the same.
          **kwargs: `nb_epoch`, the old name of `epochs`.

        Returns: a `History`.
        """
        if "nb_epoch" in kwargs:
            tf_logging.warning("The `nb_epoch` argument in `fit` has been renamed `epochs`.")
            epochs = kwargs.pop("nb_epoch")
        if kwargs:
            raise TypeError("Unrecognized keyword arguments: " + str(kwargs))
        self._assert_compile_was_called()
        self._check_call_args("fit")
        return loops.fit(
            self,
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
        )

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose=1,
        sample_weight=None,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """The loss and metrics for data: a number, or a list as `metrics_names` names it.  Arguments as of `fit`."""
        self._assert_compile_was_called()
        self._check_call_args("evaluate")
        return loops.evaluate(self, x, y, batch_size, verbose, sample_weight, steps, callbacks)

    def predict(
        self, x, batch_size=None, verbose=0, steps=None, callbacks=None, max_queue_size=10, workers=1, use_multiprocessing=False
    ):
        """The outputs for data: an array or a list of arrays.  Arguments as of `fit`."""
        self._check_call_args("predict")
        return loops.predict(self, x, batch_size, verbose, steps, callbacks)

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, reset_metrics=True):
        """Trains with one batch; the loss and metrics, as of `evaluate`.

        Args:
          x, y, sample_weight, class_weight: as of `fit`.
          reset_metrics: whether the metrics are those of this batch only.
        """
        self._assert_compile_was_called()
        self._check_call_args("train_on_batch")
        return self._on_batch("train", x, y, sample_weight, class_weight, reset_metrics)

    def test_on_batch(self, x, y=None, sample_weight=None, reset_metrics=True):
        """The loss and metrics of one batch.  Arguments as of `train_on_batch`."""
        self._assert_compile_was_called()
        self._check_call_args("test_on_batch")
        return self._on_batch("test", x, y, sample_weight, None, reset_metrics)

    def _on_batch(self, mode, x, y, sample_weight, class_weight, reset_metrics):
        x, y, weights = self._standardize_user_data(
            x, y, sample_weight=sample_weight, class_weight=class_weight, extract_tensors_from_dataset=True
        )
        results = self._run_batch(mode, x, y, weights)
        if reset_metrics:
            self.reset_metrics()
        return results[0] if len(results) == 1 else results

    def predict_on_batch(self, x):
        """The outputs for one batch."""
        self._check_call_args("predict_on_batch")
        x, _, _ = self._standardize_user_data(x, extract_tensors_from_dataset=True)
        results = self._run_batch("predict", x)
        return results[0] if len(results) == 1 else results

    def fit_generator(self, generator, steps_per_epoch=None, epochs=1, verbose=1, callbacks=None, validation_data=None,
                      validation_steps=None, validation_freq=1, class_weight=None, max_queue_size=10, workers=1,
                      use_multiprocessing=False, shuffle=True, initial_epoch=0):  # fmt: skip
        """Trains with what a generator or `Sequence` gives; arguments as of `fit`."""
        self._assert_compile_was_called()
        self._check_call_args("fit_generator")
        return loops.fit_generator(
            self, generator, epochs, verbose, callbacks, validation_data, shuffle, class_weight, initial_epoch, steps_per_epoch,
            validation_steps, validation_freq,
        )  # fmt: skip

    def evaluate_generator(self, generator, steps=None, callbacks=None, max_queue_size=10, workers=1, use_multiprocessing=False,
                           verbose=0):  # fmt: skip
        """The loss and metrics for what a generator or `Sequence` gives; arguments as of `evaluate`."""
        self._assert_compile_was_called()
        self._check_call_args("evaluate_generator")
        return loops.run_generator(self, "test", generator, steps, verbose, callbacks)

    def predict_generator(self, generator, steps=None, callbacks=None, max_queue_size=10, workers=1, use_multiprocessing=False,
                          verbose=0):  # fmt: skip
        """The outputs for what a generator or `Sequence` gives; arguments as of `predict`."""
        self._check_call_args("predict_generator")
        return loops.run_generator(self, "predict", generator, steps, verbose, callbacks)


def _metrics_of_layers(layers):
    found = []
    for layer in layers:
        if isinstance(layer, Model):
            found.extend(layer._metrics)
            found.extend(_metrics_of_layers(layer.layers))
        else:
            found.extend(layer.metrics)
    return found
