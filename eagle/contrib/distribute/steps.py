"""Steps of training as objects: `tf.contrib.distribute.StandardSingleLossStep` and its kin, and `Monitor`, which runs them."""

import collections

from ...core.context import here
from ...core.errors import NotYetError, OutOfRangeError
from ...core.export import export, public as tf
from ..eager.differentiation import implicit_gradients


@export("contrib.distribute.DistributeConfig")
class DistributeConfig(collections.namedtuple("DistributeConfig", ["train_distribute", "eval_distribute", "remote_cluster"])):
    """How an estimator's work is shared.

    Attributes:
      train_distribute, eval_distribute: the strategies of training and evaluation.
      remote_cluster: a cluster that does the work.
    """

    __slots__ = ()

    def __new__(cls, train_distribute=None, eval_distribute=None, remote_cluster=None):
        return super().__new__(cls, train_distribute, eval_distribute, remote_cluster)


@export("contrib.distribute.Step")
class Step:
    """What is called to do some steps of training; the base of such.

    Args:
      distribution: the strategy.
    """

    def __init__(self, distribution):
        self._distribution = distribution

    distribution = property(lambda self: self._distribution)

    def initialize(self):
        """The operations to run before the first call; eagerly none."""
        return []

    def __call__(self):
        """Does the steps, in graphs by an operation that is returned."""
        raise NotImplementedError("must be implemented in descendants")


@export("contrib.distribute.StandardInputStep")
class StandardInputStep(Step):
    """A `Step` with input.

    Args:
      dataset_fn: a function without arguments that gives a dataset.
      distribution: the strategy.
    """

    def __init__(self, dataset_fn, distribution):
        super().__init__(distribution)
        self._iterator = distribution.make_input_fn_iterator(lambda unused: dataset_fn())

    def initialize(self):
        return self._iterator.initialize()


@export("contrib.distribute.StandardSingleLossStep")
class StandardSingleLossStep(StandardInputStep):
    """A `Step` that trains with one loss.

    Args:
      dataset_fn: a function without arguments that gives a dataset.
      loss_fn: a function of a `MultiStepContext` and an element that gives the loss.
      optimizer: a `tf.train.Optimizer`.
      distribution: the strategy.
      iterations_per_step: how many elements a call takes.
    """

    def __init__(self, dataset_fn, loss_fn, optimizer, distribution, iterations_per_step=1):
        super().__init__(dataset_fn, distribution)
        self._loss_fn, self._optimizer, self._iterations_per_step = loss_fn, optimizer, iterations_per_step

    def __call__(self):
        with self._distribution.scope():
            gradients_of = implicit_gradients(self._loss_fn)

            def step(context, inputs):
                def gradients(*args):
                    return [(g, v) for g, v in gradients_of(*args) if g is not None]

                pairs = self._distribution.extended.call_for_each_replica(gradients, args=(context, inputs))
                return self._optimizer._distributed_apply(self._distribution, pairs)

            extended = self._distribution.extended
            return extended.experimental_run_steps_on_iterator(step, self._iterator, self._iterations_per_step).run_op


@export("contrib.distribute.Monitor")
class Monitor:
    """Runs steps until their input ends.

    Args:
      step_callable: a `Step`.
      session: in graphs the session.

    Raises:
      ValueError: the session is missing in graphs, or given eagerly.
    """

    def __init__(self, step_callable, session=None):
        if here.eager:
            if session is not None:
                raise ValueError("Should not provide a `session` in Eager mode.")
            self._run_step = step_callable
            return
        if session is None:
            raise ValueError("Should provide a `session` in Graph mode.")
        session.run(step_callable.initialize())
        self._run_step = session.make_callable(step_callable())
        session.run(tf.global_variables_initializer())

    def run_steps(self, num_steps=None):
        """Runs some steps, or all for which there is input."""
        step = 0
        while num_steps is None or step < num_steps:
            try:
                self._run_step()
            except OutOfRangeError:
                return
            step += 1


@export("contrib.distribute.run_standard_tensorflow_server")
def run_standard_tensorflow_server(session_config=None):
    """Would run a server of a cluster; raises NotYetError."""
    raise NotYetError("tf.contrib.distribute.run_standard_tensorflow_server: clusters of several processes")


@export("contrib.distribute.initialize_tpu_system")
def initialize_tpu_system(cluster_resolver=None):
    """Would start TPUs; raises NotYetError."""
    raise NotYetError("tf.contrib.distribute.initialize_tpu_system: TPUs")
