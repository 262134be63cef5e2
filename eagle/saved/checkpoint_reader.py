"""`tf.train.NewCheckpointReader`: looks into a checkpoint of either format."""

from .. import protos
from ..core.errors import DataLossError, NotFoundError
from ..core.export import export
from ..core.shape import to_brackets
from ..core.trackable import OBJECT_GRAPH_PROTO_KEY
from ..platform import bundle_slices as slices
from ..platform.bundle_index import as_printed, has_bundle
from ..platform.bundle_reader import BundleReader
from ..platform.gfile import local_path
from .bundle_old import OldReader


def _key(name):
    """A name as bytes; names that are no text are spelled with surrogates."""
    return name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")


def _text(key):
    return key.decode("utf-8", "surrogateescape")


@export("python.pywrap_tensorflow.CheckpointReader")
class CheckpointReader:
    """Looks into a checkpoint.

    Args:
      filepattern: the checkpoint's name, or for an old one a pattern that its files match.

    Raises:
      NotFoundError: there is no such checkpoint.
      DataLossError: it is damaged.
    """

    def __init__(self, filepattern):
        name = local_path(filepattern)
        self._name = name
        self._is_new = has_bundle(name)
        self._reader = BundleReader(name) if self._is_new else OldReader(name)
        self._described = self._describe()

    def _describe(self):
        """name as bytes -> pair (type, shape) of all tensors; the parts of a tensor are left out."""
        if not self._is_new:
            return {n: self._reader.type_and_shape(n) for n in sorted(self._reader.tensors)}
        entries = self._reader.entries
        parts = {slices.encode_name(n, slices.from_proto(s)) for n, entry in entries.items() for s in entry.slices}
        return {n: self._reader.type_and_shape(n) for n in entries if n not in parts}

    def get_variable_to_shape_map(self):
        """name -> shape, as a list of ints, of all tensors."""
        return {_text(name): list(shape) for name, (_, shape) in self._described.items()}

    def get_variable_to_dtype_map(self):
        """name -> `DType` of all tensors."""
        return {_text(name): dtype for name, (dtype, _) in self._described.items()}

    def has_tensor(self, tensor_str):
        """Whether there is a tensor of a name."""
        return _key(tensor_str) in self._described

    def get_tensor(self, tensor_str):
        """A tensor as an array (`bytes` for a single string).

        Raises:
          NotFoundError: there is none of this name.
          DataLossError: it is damaged.
        """
        if not self._is_new and not self.has_tensor(tensor_str):
            raise NotFoundError(None, None, "%s not found in checkpoint file" % as_printed(_key(tensor_str)))
        value = self._reader.lookup(_key(tensor_str))
        return value if value.ndim else value[()]

    def object_graph(self):
        """The `TrackableObjectGraph` of the objects that were saved.

        Raises:
          NotFoundError: there is none: no objects were saved.
          DataLossError: it is damaged.
        """
        from google.protobuf.message import DecodeError

        text, why = self.get_tensor(OBJECT_GRAPH_PROTO_KEY), "it can't be parsed"
        try:
            graph = protos.TrackableObjectGraph.FromString(text)
            why = self._wrong_with(graph)
        except (DecodeError, TypeError):
            graph = None
        if why:
            raise DataLossError(None, None, "%s: the graph of objects is damaged: %s" % (self._name, why))
        return graph

    def _wrong_with(self, graph):
        """What in a graph of objects can't be; None if it is as it should be."""
        count = len(graph.nodes)
        if not count:
            return "there is no object"
        for i, node in enumerate(graph.nodes):
            others = [child.node_id for child in node.children]
            for slot in node.slot_variables:
                others += [slot.original_variable_node_id, slot.slot_variable_node_id]
            for n in others:
                if not 0 <= n < count:
                    return "object %d refers to object %d of %d" % (i, n, count)
        return None

    def debug_string(self):
        """All tensors with type and shape, as bytes, a line each."""
        lines = []
        for name, (dtype, shape) in self._described.items():
            kind, parts = _ENUM_NAMES.get(dtype.name, "DT_" + dtype.name.upper()), self._part_count(name)
            more = ", %d slices" % parts if parts > 1 else ""
            lines.append("%s (%s) %s%s\n" % (as_printed(name), kind, to_brackets(shape), more))
        return "".join(lines).encode()

    def _part_count(self, key):
        return len(self._reader.entries[key].slices if self._is_new else self._reader.tensors[key].parts)


_ENUM_NAMES = {"float32": "DT_FLOAT", "float64": "DT_DOUBLE", "float16": "DT_HALF"}


@export("train.NewCheckpointReader", "python.pywrap_tensorflow.NewCheckpointReader")
def NewCheckpointReader(filepattern):
    """A `CheckpointReader` for a checkpoint, given by its name."""
    return CheckpointReader(filepattern)
