"""`tf.contrib.cluster_resolver.TPUClusterResolver`: where TPUs are; of use only to programs that name addresses."""

import os

from ...core.errors import NotYetError
from ...core.export import export
from ...distribute.cluster_resolvers import ClusterResolver
from ...distribute.server import ClusterSpec


@export("contrib.cluster_resolver.TPUClusterResolver", "distribute.cluster_resolver.TPUClusterResolver")
class TPUClusterResolver(ClusterResolver):
    """The address of a TPU.

    Args:
      tpu: its address, `"grpc://..."`, or a list of one; by default the environment's `TPU_NAME`.
      zone, project, credentials, service, discovery_url: options of Google's cloud, of no use here.
      job_name: the job of the TPU's tasks.
      coordinator_name, coordinator_address: the job and address of this process.

    Raises:
      ValueError: no address is given.
      NotImplementedError: several are given, or a name.
    """

    def __init__(self, tpu=None, zone=None, project=None, job_name="worker", coordinator_name=None, coordinator_address=None,
                 credentials="default", service=None, discovery_url=None):  # fmt: skip
        if isinstance(tpu, list):
            if not tpu:
                raise ValueError("At least one TPU must be specified.")
            if len(tpu) != 1:
                raise NotImplementedError("Using multiple TPUs in a single session is not yet implemented")
            tpu = tpu[0]
        if tpu is None:
            tpu = os.environ.get("KUBE_GOOGLE_CLOUD_TPU_ENDPOINTS", os.environ.get("TPU_NAME"))
        if tpu is None:
            raise ValueError("Please provide a TPU Name to connect to.")
        is_local = tpu in ("", "local") or tpu.startswith(("localhost:", "/bns", "uptc://"))
        if not is_local and not tpu.startswith("grpc://"):
            raise NotYetError("TPUClusterResolver: TPUs of Google's cloud by name")
        self._is_local, self._tpu = is_local, tpu.removeprefix("grpc://")
        self.task_type, self.task_id, self.rpc_layer = job_name, 0, None if is_local else "grpc"
        self._coordinator_name, self._coordinator_address = coordinator_name, coordinator_address

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The address of the session."""
        layer = rpc_layer or self.rpc_layer
        first = self._tpu.split(",")[0]
        return "%s://%s" % (layer, first) if layer and first else first

    def get_master(self):
        """The same as `master`."""
        return self.master()

    def cluster_spec(self):
        """The `ClusterSpec`; None for a TPU of this machine."""
        if self._is_local:
            return None
        jobs = {self.task_type: self._tpu.split(",")}
        if self._coordinator_address:
            jobs[self._coordinator_name] = [self._coordinator_address]
        return ClusterSpec(jobs)
