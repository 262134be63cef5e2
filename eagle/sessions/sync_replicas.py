"""`tf.train.SyncReplicasOptimizer`: several replicas train together, with the mean of their gradients."""

from ..core import dtypes
from ..core.export import export, resolve
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import colocate_with, control_dependencies, device, name_scope
from ..core.tensor import Tensor
from ..ops.accumulators import ConditionalAccumulator, SparseConditionalAccumulator
from ..ops.flow import group, no_op
from ..ops.queues import FIFOQueue
from ..platform import tf_logging as logging
from ..training.optimizer import Optimizer
from ..training.queue_runner import QueueRunner
from ..variables.assigning import assign
from ..variables.base import VariableV1
from ..variables.listing import global_variables, report_uninitialized_variables
from .session_manager import ready
from .session_run_hook import SessionRunHook


@export("train.SyncReplicasOptimizer")
class SyncReplicasOptimizer(Optimizer):
    """Lets several replicas train together: their gradients are gathered, and the means of them applied.

    Each replica adds its gradients to accumulators, which drop those of past steps, and then waits for a token.  A thread of the
    chief applies the means when there are enough gradients, counts the global step, and hands out tokens.  The session needs the
    hook that `make_session_run_hook` makes.

    Args:
      opt: the optimizer that changes the variables.
      replicas_to_aggregate: of how many gradients to take the mean.
      total_num_replicas: how many replicas there are; by default as many.
      variable_averages: an `ExponentialMovingAverage` to apply after each step, or None.
      variables_to_average: the variables that it is applied to.
      use_locking: has no meaning here.
      name: the name scope.
    """

    def __init__(self, opt, replicas_to_aggregate, total_num_replicas=None, variable_averages=None, variables_to_average=None,
                 use_locking=False, name="sync_replicas"):  # fmt: skip
        if total_num_replicas is None:
            total_num_replicas = replicas_to_aggregate
        super().__init__(use_locking, name)
        logging.info("SyncReplicasV2: replicas_to_aggregate=%s; total_num_replicas=%s", replicas_to_aggregate, total_num_replicas)
        self._opt = opt
        self._replicas_to_aggregate = replicas_to_aggregate
        self._total_num_replicas = total_num_replicas
        self._tokens_per_step = max(total_num_replicas, replicas_to_aggregate)
        self._variable_averages = variable_averages
        self._variables_to_average = variables_to_average
        self._gradients_applied = False
        self._global_step = None
        self._sync_token_queue = None
        self._chief_queue_runner = None
        self._accumulator_list = []  # pairs (accumulator, device)

    def compute_gradients(self, *args, **kwargs):
        """As that of the optimizer."""
        return self._opt.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """Adds gradients to those of the other replicas.

        Args:
          grads_and_vars: (gradient, variable) pairs.
          global_step: the global step, which tells gradients of past steps.
          name: has no meaning here, as in TensorFlow.

        Returns:
          The operation for each replica to run.

        Raises:
          ValueError: there are no variables, no global step, or a gradient is something else.
        """
        if not grads_and_vars:
            raise ValueError("Must supply at least one variable")
        if global_step is None:
            raise ValueError("Global step is required to check staleness")
        self._global_step = global_step
        with colocate_with(no_op()):
            self._local_step = VariableV1(initial_value=0, trainable=False, collections=["local_variables"],
                                          dtype=global_step.dtype.base_dtype, name="sync_rep_local_step")  # fmt: skip
        self.local_step_init_op = assign(self._local_step, global_step)
        self.ready_for_local_init_op = report_uninitialized_variables(global_variables())
        with name_scope(None, self._name):
            gathered = [self._gather(g, v) for g, v in grads_and_vars]
            with device(global_step.device), name_scope(""):
                means = [(mean, v) for (_, mean), (_, v) in zip(gathered, grads_and_vars)]
                update = self._opt.apply_gradients(means, global_step)
            train_op = self._synchronize([added for added, _ in gathered if added is not None], update)
            init = [self.local_step_init_op]
            for accumulator, place in self._accumulator_list:
                with device(place):
                    init.append(accumulator.set_global_step(global_step, name="SetGlobalStep"))
            self.chief_init_op = group(*init)
            self._gradients_applied = True
            return train_op

    def _gather(self, gradient, variable):
        """The operation that adds a gradient to the others, and the mean of all; None and None without a gradient."""
        if gradient is None:
            return None, None
        with device(variable.device):
            name = variable.name + "/grad_accum"
            if isinstance(gradient, Tensor):
                accumulator = ConditionalAccumulator(gradient.dtype, shape=variable.get_shape(), shared_name=name)
                added = accumulator.apply_grad(gradient, local_step=self._local_step)
                mean = accumulator.take_grad(self._replicas_to_aggregate)
            elif isinstance(gradient, IndexedSlices):
                accumulator = SparseConditionalAccumulator(gradient.dtype, shape=(), shared_name=name)
                added = accumulator.apply_indexed_slices_grad(gradient, local_step=self._local_step)
                mean = accumulator.take_indexed_slices_grad(self._replicas_to_aggregate)
            else:
                raise ValueError("Unknown grad type!")
        self._accumulator_list.append((accumulator, variable.device))
        return added, mean

    def _synchronize(self, added, update):
        """The operation that lets a replica wait for a token after its gradients were added; makes what hands out tokens."""
        step = self._global_step
        with device(step.device), name_scope(""):
            tokens = FIFOQueue(-1, step.dtype.base_dtype, shapes=(), name="sync_token_q", shared_name="sync_token_q")
            self._sync_token_queue = tokens
            dummy = FIFOQueue(1, dtypes.int32, shapes=(), name="dummy_queue", shared_name="dummy_queue")
        with device(step.device), name_scope(""):
            with control_dependencies(added):
                token = tokens.dequeue()
            train_op = assign(self._local_step, token)
            with control_dependencies([update]):
                handed_out = tokens.enqueue_many((resolve("fill")([self._tokens_per_step], step),))
            if self._variable_averages is not None:
                with control_dependencies([handed_out]), name_scope(""):
                    handed_out = self._variable_averages.apply(self._variables_to_average)
            self._chief_queue_runner = QueueRunner(dummy, [handed_out])
        return train_op

    def get_chief_queue_runner(self):
        """The `QueueRunner` of the chief, which applies the means; raises ValueError before `apply_gradients`."""
        if not self._gradients_applied:
            raise ValueError("Should be called after apply_gradients().")
        return self._chief_queue_runner

    def get_slot(self, *args, **kwargs):
        """As that of the optimizer."""
        return self._opt.get_slot(*args, **kwargs)

    def variables(self):
        """As that of the optimizer."""
        return self._opt.variables()

    def get_slot_names(self, *args, **kwargs):
        """As that of the optimizer."""
        return self._opt.get_slot_names(*args, **kwargs)

    def get_init_tokens_op(self, num_tokens=-1):
        """The operation that hands out the first tokens.

        Args:
          num_tokens: how many; by default as many as gradients are gathered.

        Raises:
          ValueError: they are too few, or it is called before `apply_gradients`.
        """
        if not self._gradients_applied:
            raise ValueError("get_init_tokens_op() should be called after apply_gradients().")
        needed = self._replicas_to_aggregate - self._total_num_replicas
        if num_tokens == -1:
            num_tokens = self._replicas_to_aggregate
        elif num_tokens < needed:
            raise ValueError("Too few tokens to finish the first step: %d (given) vs %d (needed)" % (num_tokens, needed))
        if num_tokens <= 0:
            return no_op(name="no_init_tokens")
        with device(self._global_step.device), name_scope(""):
            return self._sync_token_queue.enqueue_many((resolve("fill")([num_tokens], self._global_step),))

    def make_session_run_hook(self, is_chief, num_tokens=-1):
        """The hook for a session.

        Args:
          is_chief: whether the replica is the chief.
          num_tokens: as of `get_init_tokens_op`.
        """
        return SyncReplicasOptimizerHook(self, is_chief, num_tokens)


@export("python.training.sync_replicas_optimizer._SyncReplicasOptimizerHook")
class SyncReplicasOptimizerHook(SessionRunHook):
    """Initializes what a `SyncReplicasOptimizer` needs, and starts the thread of the chief."""

    def __init__(self, sync_optimizer, is_chief, num_tokens):
        self._sync_optimizer = sync_optimizer
        self._is_chief = is_chief
        self._num_tokens = num_tokens

    def begin(self):
        optimizer = self._sync_optimizer
        if not optimizer._gradients_applied:
            raise ValueError("SyncReplicasOptimizer.apply_gradient should be called before using the hook.")
        self._ready_for_local_init_op = optimizer.ready_for_local_init_op
        self._local_init_op = optimizer.chief_init_op if self._is_chief else optimizer.local_step_init_op
        self._q_runner = optimizer.get_chief_queue_runner() if self._is_chief else None
        self._init_tokens_op = optimizer.get_init_tokens_op(self._num_tokens) if self._is_chief else None

    def after_create_session(self, session, coord):
        is_ready, why = ready(self._ready_for_local_init_op, session, "Model is not ready for SyncReplicasOptimizer local init.")
        if not is_ready:
            raise RuntimeError("Init operations did not make model ready for SyncReplicasOptimizer local_init. Init op: %s, "
                               "error: %s" % (self._local_init_op.name, why))  # fmt: skip
        session.run(self._local_init_op)
        if self._init_tokens_op is not None:
            session.run(self._init_tokens_op)
        if self._q_runner is not None:
            self._q_runner.create_threads(session, coord=coord, daemon=True, start=True)
