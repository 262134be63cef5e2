"""`tf.train.ClusterSpec` and `tf.train.Server`: which processes work together.  Eagle's servers are alone in their clusters."""

import socket
import threading

from .. import protos
from ..core.compat import as_bytes
from ..core.errors import InternalError, InvalidArgumentError, NotFoundError, NotYetError, UnknownError
from ..core.export import export
from ..run.servers import ServerResources, resources_of


@export("train.ClusterSpec", "compat.v2.train.ClusterSpec")
class ClusterSpec:
    """The processes ("tasks") that work together, by the names of their jobs.

    Args:
      cluster: a dictionary from the name of a job to the list of its tasks' addresses, or to a dictionary from numbers to
        addresses; a `ClusterDef`; or a `ClusterSpec`.

    Raises:
      TypeError: it is something else, or a name or an address is no text.
    """

    def __init__(self, cluster):
        if isinstance(cluster, dict):
            self._cluster_spec = {name: _numbered(name, tasks) for name, tasks in cluster.items()}
            self._cluster_def = self._make_cluster_def()
            return
        if isinstance(cluster, ClusterSpec):
            self._cluster_def = protos.ClusterDef()
            self._cluster_def.MergeFrom(cluster.as_cluster_def())
        elif isinstance(cluster, protos.ClusterDef):
            self._cluster_def = cluster
        else:
            raise TypeError("`cluster` must be a dictionary mapping one or more job names to lists of network addresses, or a "
                            "`ClusterDef` protocol buffer")  # fmt: skip
        self._cluster_spec = {job.name: dict(job.tasks) for job in self._cluster_def.job}

    def _make_cluster_def(self):
        made = protos.ClusterDef()
        for name, tasks in sorted(self._cluster_spec.items()):
            job = made.job.add(name=_as_text(name, "Job name %r must be bytes or unicode"))
            for i, address in sorted(tasks.items()):
                job.tasks[i] = _as_text(address, "Task address %r must be bytes or unicode")
        return made

    def __bool__(self):
        return bool(self._cluster_spec)

    def __eq__(self, other):
        return self._cluster_spec == (other._cluster_spec if isinstance(other, ClusterSpec) else other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __str__(self):
        return "ClusterSpec({%s})" % ", ".join("%r: %r" % item for item in sorted(self.as_dict().items()))

    def as_dict(self):
        """A dictionary from the name of a job to the list of its tasks' addresses; if numbers are missing, to a dictionary."""
        return {name: self._as_listed(name) for name in self.jobs}

    def _as_listed(self, name):
        tasks = self._cluster_spec[name]
        if tasks and max(tasks) + 1 == len(tasks):
            return self.job_tasks(name)
        return {i: tasks[i] for i in sorted(tasks)}

    def as_cluster_def(self):
        """The cluster as a `ClusterDef`."""
        return self._cluster_def

    @property
    def jobs(self):
        """The names of the jobs, a list."""
        return list(self._cluster_spec)

    def _job(self, job_name):
        if job_name not in self._cluster_spec:
            raise ValueError("No such job in cluster: %r" % job_name)
        return self._cluster_spec[job_name]

    def num_tasks(self, job_name):
        """How many tasks a job has; raises ValueError if there is no such job, as the other methods do."""
        return len(self._job(job_name))

    def task_indices(self, job_name):
        """The numbers of a job's tasks, sorted."""
        return sorted(self._job(job_name))

    def task_address(self, job_name, task_index):
        """The address of a task."""
        job = self._job(job_name)
        if task_index not in job:
            raise ValueError("No task with index %r in job %r" % (task_index, job_name))
        return job[task_index]

    def job_tasks(self, job_name):
        """The addresses of a job's tasks, a list; None where a number is missing."""
        job = self._job(job_name)
        return [job.get(i) for i in range(max(job) + 1)]


def _numbered(name, tasks):
    if isinstance(tasks, list | tuple):
        return dict(enumerate(tasks))
    if isinstance(tasks, dict):
        return dict(tasks)
    raise TypeError("The tasks for job %r must be a list or a dictionary from integers to strings." % name)


def _as_text(value, message):
    try:
        return as_bytes(value)
    except TypeError:
        raise TypeError(message % value) from None


def _make_server_def(server_or_cluster_def, job_name, task_index, protocol, config):
    """The `ServerDef` for what a `Server` is given."""
    made = protos.ServerDef()
    if isinstance(server_or_cluster_def, protos.ServerDef):
        made.MergeFrom(server_or_cluster_def)
        for field, value in (("job_name", job_name), ("task_index", task_index), ("protocol", protocol)):
            if value is not None:
                setattr(made, field, value)
    else:
        try:
            cluster = ClusterSpec(server_or_cluster_def)
        except TypeError:
            raise TypeError("Could not convert `server_or_cluster_def` to a `tf.train.ServerDef` or "
                            "`tf.train.ClusterSpec`.") from None  # fmt: skip
        if job_name is None:
            job_name = _only(cluster.jobs, "job_name")
        if task_index is None:
            task_index = _only(cluster.task_indices(job_name), "task_index")
        made.cluster.CopyFrom(cluster.as_cluster_def())
        made.job_name, made.task_index = job_name, task_index
        made.protocol = "grpc" if protocol is None else protocol
    if config is not None:
        made.default_session_config.MergeFrom(config)
    return made


def _only(values, argument):
    if len(values) != 1:
        raise ValueError("Must specify an explicit `%s`." % argument)
    return values[0]


@export("train.Server", "distribute.Server", "compat.v2.distribute.Server")
class Server:
    """A server in this process: all sessions with its `target` have the same variables, which outlive them.

    It has no connection to others: a cluster with several tasks is refused.

    Args:
      server_or_cluster_def: a `ServerDef`, or what `ClusterSpec` takes.
      job_name: the name of the server's job; by default the only one.
      task_index: its number there; by default the only one.
      protocol: "grpc".
      config: the `ConfigProto` of sessions that have none.
      start: whether to start it.

    Raises:
      TypeError: `server_or_cluster_def` has the wrong type.
      ValueError: the job or the number is not given although there are several.
      InternalError, InvalidArgumentError: the cluster has no such job or task.
      NotFoundError: the protocol is unknown.
      UnknownError: the port is taken.
    """

    def __init__(self, server_or_cluster_def, job_name=None, task_index=None, protocol=None, config=None, start=True):
        self._server_def = _make_server_def(server_or_cluster_def, job_name, task_index, protocol, config)
        if self._server_def.protocol != "grpc":
            raise NotFoundError(None, None, "No server factory registered for the given ServerDef: %s\nThe available server "
                                "factories are: [ GRPC_SERVER ]" % self._server_def)  # fmt: skip
        address = self._own_address()
        if sum(len(job.tasks) for job in self._server_def.cluster.job) > 1:
            raise NotYetError("tf.train.Server in a cluster of several tasks: Eagle runs in one process")
        self._socket = _bound(address)
        self._target = "grpc://localhost:%d" % self._socket.getsockname()[1]
        self._ended = threading.Event()
        if start:
            self.start()

    def _own_address(self):
        """The address of the server itself."""
        name, index = self._server_def.job_name, self._server_def.task_index
        for job in self._server_def.cluster.job:
            if job.name == name:
                if index not in job.tasks:
                    raise InvalidArgumentError(None, None, 'Task %d was not defined in job "%s"' % (index, name))
                return job.tasks[index]
        raise InternalError(None, None, 'Job "%s" was not defined in cluster' % name)

    def start(self):
        """Starts the server: from now on it has sessions."""
        if resources_of(self._target) is None:
            definition = self._server_def
            ServerResources(self._target, definition.default_session_config, (definition.job_name, definition.task_index))

    def join(self):
        """Waits until the server ends, which it never does."""
        self._ended.wait()

    @property
    def server_def(self):
        """The `ServerDef` that describes the server."""
        return self._server_def

    @property
    def target(self):
        """What to give to a session that is to be one of the server's."""
        return self._target

    @staticmethod
    def create_local_server(config=None, start=True):
        """A server alone, in a job called "local"."""
        return Server({"local": ["localhost:0"]}, protocol="grpc", config=config, start=start)


def _bound(address):
    """A socket that holds the port of an address, so that no other server gets it."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise InvalidArgumentError(None, None, 'Could not parse port for local server from "%s"' % address)
    made = socket.socket()
    try:
        made.bind(("", int(port)))
    except OSError as e:
        made.close()
        raise UnknownError(None, None, "Could not start gRPC server") from e
    return made
