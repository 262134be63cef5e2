"""`tf.train.Checkpoint`: saves objects with what they depend on, and restores them."""

import os
import weakref

from ..core.compat import as_text
from ..core.context import here
from ..core.convert import constant
from ..core.dispatch import registry
from ..core.dtypes import as_dtype, int64, string
from ..core.errors import NotFoundError
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.identity import WeakIdentityDict
from ..core.scopes import colocate_with, control_dependencies, device, init_scope
from ..core.tensor import Tensor
from ..core.trackable import OBJECT_GRAPH_PROTO_KEY, Trackable
from ..platform import gfile
from ..variables.base import VariableV1
from ..variables.scope import variable_store
from ..variables.structures import NoDependency, is_function
from ..variables.tracking import AutoTrackable, NoRestoreSaveable
from .checkpoint_reader import CheckpointReader
from .checkpoint_state import write_state
from .device_saver import MultiDeviceSaver
from .object_graph import ObjectGraphView
from .object_restore import CheckpointPosition, CheckpointRestoreCoordinator, NameBasedRestoreCoordinator
from .object_status import CheckpointLoadStatus, InitializationOnlyStatus, NameBasedSaverStatus, get_session


def _in_function():
    return get_default_graph().building_function


@export("python.training.tracking.util.TrackableSaver", "contrib.eager.CheckpointableSaver")
class TrackableSaver:
    """Saves an object with all that it depends on, and restores it.

    Args:
      graph_view: an `ObjectGraphView` of the object.
    """

    # In a graph all is built at the first call, and again only if the graph of objects has changed.

    def __init__(self, graph_view):
        self._graph_view = graph_view
        self._object_graph_feed_tensor = None
        self._file_prefix_feed_tensor = None
        self._file_prefix_placeholder = None
        self._last_save_object_graph = None
        self._cached_save_operation = None
        self._restore_op_cache = {}

    def save(self, file_prefix, checkpoint_number=None, session=None):
        """Saves.

        Args:
          file_prefix: what the names of the files begin with; folders are made.
          checkpoint_number: an int to put behind that.
          session: in a graph, the session whose variables are saved; by default the default session.

        Returns:
          The name of the checkpoint: in a graph as bytes, eagerly and in a function as a tensor.
        """
        if checkpoint_number:
            file_prefix = "%s-%d" % (file_prefix, checkpoint_number)
        gfile.makedirs(os.path.dirname(file_prefix) or ".")
        if here.eager or _in_function():
            with device("/cpu:0"):
                name = constant(file_prefix, dtype=string)
            return self._save_operation(name, None)[0]
        if self._object_graph_feed_tensor is None:
            with device("/cpu:0"):
                self._object_graph_feed_tensor = constant("", dtype=string)
                self._file_prefix_feed_tensor = constant("", dtype=string)
        operation, feeds = self._save_operation(self._file_prefix_feed_tensor, self._object_graph_feed_tensor)
        session = session or get_session()
        return session.run(operation, feed_dict={self._file_prefix_feed_tensor: file_prefix, **feeds})

    def _save_operation(self, name, object_graph_tensor):
        """Saves; in a graph the tensor whose value saves when it is fetched, and what to feed for it."""
        saveables, graph, feeds = self._graph_view.serialize_object_graph()
        feeds = feeds or {}
        if object_graph_tensor is None:
            with device("/cpu:0"):
                object_graph_tensor = constant(graph.SerializeToString(), dtype=string)
        else:
            feeds[object_graph_tensor] = graph.SerializeToString()
        saveables.append(NoRestoreSaveable(object_graph_tensor, OBJECT_GRAPH_PROTO_KEY))
        if here.eager or _in_function() or self._last_save_object_graph != graph:
            saved = MultiDeviceSaver(saveables).save(name)
            with device("/cpu:0"), control_dependencies([] if here.eager else [saved]):
                self._cached_save_operation = registry["Identity"](name)
            self._last_save_object_graph = graph
        return self._cached_save_operation, feeds

    def restore(self, save_path):
        """Restores, what is not there yet when it comes.

        Args:
          save_path: the name of a checkpoint, of `save` or of a `Saver`; None if there is none.

        Returns:
          A `CheckpointLoadStatus`; without a checkpoint an `InitializationOnlyStatus`, for one of a `Saver` a
          `NameBasedSaverStatus`.
        """
        if save_path is None:
            return InitializationOnlyStatus(self._graph_view)
        reader = CheckpointReader(save_path)
        try:
            graph = reader.object_graph()
        except NotFoundError:
            return self._restore_by_names(save_path, reader)
        if here.eager:
            with device("/cpu:0"):
                name, feeds = constant(save_path), None
        else:
            if self._file_prefix_placeholder is None:
                with device("/cpu:0"):
                    self._file_prefix_placeholder = constant("model")
            name = self._file_prefix_placeholder
            feeds = {name: save_path}
        checkpoint = CheckpointRestoreCoordinator(graph, save_path, name, self._restore_op_cache, self._graph_view)
        CheckpointPosition(checkpoint, 0).restore(self._graph_view.root)
        return CheckpointLoadStatus(checkpoint, feed_dict=feeds, graph_view=self._graph_view)

    def _restore_by_names(self, save_path, reader):
        checkpoint = NameBasedRestoreCoordinator(save_path, reader.get_variable_to_dtype_map() if here.eager else None)
        for thing in self._graph_view.list_objects() if here.eager else ():
            thing._maybe_initialize_trackable()
            thing._name_based_attribute_restore(checkpoint)
        return NameBasedSaverStatus(checkpoint, graph_view=self._graph_view)


@export("python.training.tracking.util.saver_with_op_caching")
def saver_with_op_caching(obj):
    """A `TrackableSaver` for an object, which it does not keep alive."""
    return TrackableSaver(ObjectGraphView(weakref.ref(obj), saveables_cache=None if here.eager else WeakIdentityDict()))


@export("python.training.tracking.util.frozen_saver")
def frozen_saver(root_trackable):
    """A `MultiDeviceSaver` for what an object depends on now; what it will depend on later is not saved."""
    return MultiDeviceSaver(ObjectGraphView(root_trackable).frozen_saveable_objects())


@export("contrib.checkpoint.object_metadata", "python.training.tracking.util.object_metadata")
def object_metadata(save_path):
    """The graph of objects in a checkpoint, as a `TrackableObjectGraph`.

    Args:
      save_path: the checkpoint's name.

    Raises:
      ValueError: it is a checkpoint of a `Saver`, without such a graph.
    """
    try:
        return CheckpointReader(save_path).object_graph()
    except NotFoundError:
        raise ValueError(
            'The specified checkpoint "%s" does not appear to be object-based (it is missing the key "%s"). Likely it was created '
            "with a name-based saver and does not contain an object dependency graph." % (save_path, OBJECT_GRAPH_PROTO_KEY)
        ) from None


# ---------------------------------------------------------------------------------------------------------------- variables


@export("python.training.tracking.util.add_variable")
def add_variable(trackable, name, shape=None, dtype="float32", initializer=None, trainable=True):
    """Adds a resource variable to an object, independent of variable scopes.

    Args:
      trackable: the object, which then depends on it.
      name: its name.
      shape, dtype: of the variable.
      initializer: a function or class as for `tf.get_variable`, or the initial value (then without a shape).
      trainable: whether optimizers train it by default.
    """
    return trackable._add_variable_with_custom_getter(
        name=name, shape=shape, dtype=as_dtype(dtype), initializer=initializer, getter=default_getter, trainable=trainable
    )


@export("python.training.tracking.util._default_getter")
def default_getter(name, shape, dtype, initializer=None, partition_info=None, **kwargs):
    """A new resource variable, made from what `tf.get_variable` takes."""
    dtype = as_dtype(dtype)
    with init_scope():
        is_value = initializer is not None and not callable(initializer)
        if initializer is None:
            initializer, is_value = variable_store()._get_default_initializer(name=name, shape=shape, dtype=dtype)
        if is_value and shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        if isinstance(initializer, type):
            initializer = initializer(dtype=dtype)
        more = {} if partition_info is None else {"partition_info": partition_info}
        value = initializer if is_value else lambda: initializer(shape, dtype=dtype, **more)
        return VariableV1(initial_value=value, name=name, dtype=dtype.base_dtype, use_resource=True, **kwargs)


# --------------------------------------------------------------------------------------------------------------- checkpoints


class _Checkpoint(AutoTrackable):
    """What both versions of `tf.train.Checkpoint` have in common."""

    def __init__(self, **kwargs):
        super().__init__()
        for name, value in sorted(kwargs.items()):
            if not isinstance(value, Trackable) and not is_function(value):
                raise ValueError("`Checkpoint` was expecting a trackable object (an object derived from `TrackableBase`), got %s. "
                                 "If you believe this object should be trackable (i.e. it is part of the TensorFlow Python API and "
                                 "manages state), please open an issue." % (value,))  # fmt: skip
            setattr(self, name, value)
        self._save_counter = None  # made when it is needed: its value may come from a checkpoint
        self._save_assign_op = None
        self._saver = saver_with_op_caching(self)

    @property
    def save_counter(self):
        """An int64 variable that counts the calls of `save`."""
        self._maybe_create_save_counter()
        return self._save_counter

    def _maybe_create_save_counter(self):
        if self._save_counter is None:
            with device("/cpu:0"):
                made = add_variable(self, name="save_counter", initializer=0, dtype=int64, trainable=False)
                self._save_counter = NoDependency(made)

    def _write(self, file_prefix, session):
        output = self._saver.save(file_prefix=file_prefix, session=session)
        if isinstance(output, Tensor):
            return as_text(output.numpy()) if here.eager else output
        return as_text(output)

    def _save(self, file_prefix, session):
        if not here.eager:
            if _in_function():
                raise NotImplementedError(
                    "Calling tf.train.Checkpoint.save() from a function is not supported, as save() modifies saving metadata in "
                    "ways not supported by TensorFlow Operations. Consider using tf.train.Checkpoint.write(), a lower-level API "
                    "which does not update metadata. tf.train.latest_checkpoint and related APIs will not see this checkpoint."
                )
            session = session or get_session()
            if self._save_counter is None:
                session.run(self.save_counter.initializer)
        path = self._write("%s-%d" % (file_prefix, self._count(session)), session)
        write_state(os.path.dirname(file_prefix), path, [path], save_relative_paths=True)
        return path

    def _count(self, session):
        """Counts a call of `save`."""
        if here.eager:
            return self.save_counter.assign_add(1, read_value=True).numpy()
        if self._save_assign_op is None:
            with colocate_with(self.save_counter):
                self._save_assign_op = NoDependency(self.save_counter.assign_add(1, read_value=True))
        return session.run(self._save_assign_op)

    def restore(self, save_path):
        """Restores the objects: at once, or when they come; in a graph when the operations of the status are run.

        Args:
          save_path: the name of a checkpoint, of `save` or of a `tf.train.Saver` (then variables are found by their names); None if
            there is none.

        Returns:
          A status, with which to check what was restored (`assert_consumed`, `assert_existing_objects_matched`,
          `assert_nontrivial_match`), to do without warnings (`expect_partial`), and in a graph to run what restores
          (`run_restore_ops`, `initialize_or_restore`).
        """
        status = self._saver.restore(save_path=save_path)
        self._maybe_create_save_counter()  # now that its value may come from the checkpoint
        return status


@export("train.Checkpoint", "contrib.eager.Checkpoint", "python.training.tracking.util.CheckpointV1")
class Checkpoint(_Checkpoint):
    """Saves objects - variables, layers, models, optimizers - with all that they depend on, and restores them.

    Args:
      **kwargs: the objects by the names that they get; they become attributes.

    Raises:
      ValueError: something can't be saved.
    """

    def write(self, file_prefix, session=None):
        """Saves under a name, without counting or noting it as the newest checkpoint.

        Args:
          file_prefix: the name.
          session: in a graph, the session whose variables are saved; by default the default session.

        Returns:
          The name.
        """
        return self._write(file_prefix, session)

    def save(self, file_prefix, session=None):
        """Saves under a name with a number, which `tf.train.latest_checkpoint` finds.

        Args:
          file_prefix: what the name begins with.
          session: in a graph, the session whose variables are saved; by default the default session.

        Returns:
          The name.

        Raises:
          NotImplementedError: it is called in a function.
        """
        return self._save(file_prefix, session)


@export("compat.v2.train.Checkpoint")
class CheckpointV2(_Checkpoint):
    """As `tf.train.Checkpoint`; in a graph the default session is used."""

    def write(self, file_prefix):
        """Saves under a name, without counting or noting it as the newest checkpoint; returns the name."""
        return self._write(file_prefix, None)

    def save(self, file_prefix):
        """Saves under a name with a number, which `tf.train.latest_checkpoint` finds; returns the name."""
        return self._save(file_prefix, None)
