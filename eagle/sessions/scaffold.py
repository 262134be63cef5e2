"""`tf.train.Scaffold`: what a training needs around its graph; and the makers of sessions that use it."""

import abc

from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..lookup.initializing import tables_initializer
from ..ops.flow import group
from ..platform import tf_logging as logging
from ..saved.checkpoint import Checkpoint
from ..saved.object_graph import ObjectGraphView
from ..saved.saver import Saver, saver_or_default
from ..summary.graph_summaries import merge_all
from ..variables.listing import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from .resources import (
    initialize_resources,
    local_resources,
    report_uninitialized_resources,
    shared_resources,
)
from .session_manager import SessionManager


@export("train.Scaffold")
class Scaffold:
    """What a training needs around its graph; what is not given is taken from collections of the graph, or made by `finalize`.

    Args:
      init_op: the operation that initializes the variables.
      init_feed_dict: what to feed to it.
      init_fn: a function of the scaffold and a session that is called after it.
      ready_op: gives the names of the variables that are not initialized.
      ready_for_local_init_op: the same, of those that `local_init_op` needs.
      local_init_op: the operation that initializes local variables and tables.
      summary_op: gives all summaries.
      saver: the `Saver`, or a `tf.train.Checkpoint`.
      copy_from_scaffold: another scaffold, from which to take what is not given.

    Raises:
      TypeError: `copy_from_scaffold` is no `Scaffold`.
    """

    def __init__(self, init_op=None, init_feed_dict=None, init_fn=None, ready_op=None, ready_for_local_init_op=None,
                 local_init_op=None, summary_op=None, saver=None, copy_from_scaffold=None):  # fmt: skip
        other = copy_from_scaffold
        if other is not None and not isinstance(other, Scaffold):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")

        def given(value, name):
            return getattr(other, name) if value is None and other is not None else value

        self._user_init_fn = init_fn = given(init_fn, "_user_init_fn")
        self._init_fn = (lambda sess: init_fn(self, sess)) if init_fn else None
        self._init_op = given(init_op, "init_op")
        self._init_feed_dict = given(init_feed_dict, "init_feed_dict")
        self._ready_op = given(ready_op, "ready_op")
        self._ready_for_local_init_op = given(ready_for_local_init_op, "ready_for_local_init_op")
        self._local_init_op = given(local_init_op, "local_init_op")
        self._summary_op = given(summary_op, "summary_op")
        self._saver = given(saver, "saver")

    init_fn = property(lambda self: self._init_fn)
    init_op = property(lambda self: self._init_op)
    ready_op = property(lambda self: self._ready_op)
    ready_for_local_init_op = property(lambda self: self._ready_for_local_init_op)
    local_init_op = property(lambda self: self._local_init_op)
    summary_op = property(lambda self: self._summary_op)
    saver = property(lambda self: self._saver)
    init_feed_dict = property(lambda self: self._init_feed_dict)

    def finalize(self):
        """Makes what is not there, and finalizes the default graph; returns itself."""
        for name, make in (
            ("init_op", _initialize),
            ("ready_op", _report_uninitialized),
            ("ready_for_local_init_op", _report_uninitialized_shared),
            ("local_init_op", Scaffold.default_local_init_op),
            ("summary_op", merge_all),
        ):
            if getattr(self, name) is None:
                setattr(self, "_" + name, Scaffold.get_or_default(name, name, make))
        if self._saver is None:
            self._saver = saver_or_default()
        if isinstance(self._saver, Checkpoint):
            self._saver = Saver(var_list=ObjectGraphView(self._saver).frozen_saveable_objects(), sharded=True)
        else:
            self._saver.build()
        get_default_graph().finalize()
        logging.info("Graph was finalized.")
        return self

    @staticmethod
    def get_or_default(arg_name, collection_key, default_constructor):
        """The one thing in a collection of the default graph; if there is none, what a function makes, which is added.

        Raises:
          RuntimeError: there are several.
        """
        graph = get_default_graph()
        found = graph.get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError('More than one item in the collection "%s". Please indicate which one to use by passing it to the '
                               "tf.Scaffold constructor as:  tf.Scaffold(%s=item to use)", collection_key, arg_name)  # fmt: skip
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            graph.add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op():
        """The operation that initializes local variables, tables and local resources."""
        return group(local_variables_initializer(), tables_initializer(), initialize_resources(local_resources()))


def _initialize():
    return group(global_variables_initializer(), initialize_resources(shared_resources()))


def _report_uninitialized():
    return resolve("concat")([report_uninitialized_variables(), report_uninitialized_resources()], 0)


def _report_uninitialized_shared():
    variables = report_uninitialized_variables(global_variables())
    return resolve("concat")([variables, report_uninitialized_resources(shared_resources())], 0)


# ----------------------------------------------------------------------------------------------------------- making sessions


@export("train.SessionCreator")
class SessionCreator(abc.ABC):
    """Makes sessions; to be inherited from."""

    @abc.abstractmethod
    def create_session(self):
        """Makes a session."""
        raise NotImplementedError("create_session is not implemented for %s." % (self,))


class _CreatorWithScaffold(SessionCreator):
    """What both makers of sessions have in common."""

    def __init__(self, scaffold, master, config):
        self._scaffold = scaffold or Scaffold()
        self._session_manager = None
        self._master = master
        self._config = config

    def _get_session_manager(self):
        if self._session_manager is None:
            self._session_manager = SessionManager(
                local_init_op=self._scaffold.local_init_op, ready_op=self._scaffold.ready_op,
                ready_for_local_init_op=self._scaffold.ready_for_local_init_op, graph=get_default_graph())  # fmt: skip
        return self._session_manager


@export("train.ChiefSessionCreator")
class ChiefSessionCreator(_CreatorWithScaffold):
    """Makes sessions whose variables it initializes or restores.

    Args:
      scaffold: the `Scaffold`.
      master: the target of the session.
      config: its `ConfigProto`.
      checkpoint_dir: the folder of the checkpoints to restore from.
      checkpoint_filename_with_path: the name of the checkpoint, instead.
    """

    def __init__(self, scaffold=None, master="", config=None, checkpoint_dir=None, checkpoint_filename_with_path=None):
        super().__init__(scaffold, master, config)
        self._checkpoint_dir = checkpoint_dir
        self._checkpoint_filename_with_path = checkpoint_filename_with_path

    def create_session(self):
        self._scaffold.finalize()
        return self._get_session_manager().prepare_session(
            self._master, saver=self._scaffold.saver, checkpoint_dir=self._checkpoint_dir,
            checkpoint_filename_with_path=self._checkpoint_filename_with_path, config=self._config, init_op=self._scaffold.init_op,
            init_feed_dict=self._scaffold.init_feed_dict, init_fn=self._scaffold.init_fn)  # fmt: skip


@export("train.WorkerSessionCreator")
class WorkerSessionCreator(_CreatorWithScaffold):
    """Makes sessions whose variables another one initializes, for which it waits.

    Args:
      scaffold: the `Scaffold`.
      master: the target of the session.
      config: its `ConfigProto`.
      max_wait_secs: how many seconds to wait at most.
    """

    def __init__(self, scaffold=None, master="", config=None, max_wait_secs=30 * 60):
        super().__init__(scaffold, master, config)
        self._max_wait_secs = max_wait_secs

    def create_session(self):
        self._scaffold.finalize()
        return self._get_session_manager().wait_for_session(self._master, config=self._config, max_wait_secs=self._max_wait_secs)
