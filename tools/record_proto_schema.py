"""Writes eagle/protos/schema.txt: the protocol buffer messages of TensorFlow 1.15 in a compact form.

Run by hand with the interpreter of a TensorFlow 1.15 installation:

    python3.7 tools/record_proto_schema.py > eagle/protos/schema.txt

The form, which eagle/protos/__init__.py reads back:

    file tensorflow/core/framework/types.proto tensorflow proto3 : imported.proto other.proto
    enum DataType : DT_INVALID=0 DT_FLOAT=1 ...
    message TensorShapeProto : dim=2*.tensorflow.TensorShapeProto.Dim unknown_rank=3:bool ...

Nested types have dotted names.  A field is NAME=NUMBER, then `*` (repeated), `?` (proto2 optional), `!` (proto2 required)
or `:` (singular) and the type, then `|oneof` or `=default` or `[packed=...]` where there is one; map entries are marked `map`.
"""

import importlib
import pkgutil

import tensorflow.contrib.tensorboard.plugins.projector  # projector_config_pb2
import tensorflow.core
import tensorflow.python.training  # checkpoint_state_pb2, saver_pb2 and others load with it
from google.protobuf import descriptor as d

TYPES = {getattr(d.FieldDescriptor, n): n[5:].lower() for n in dir(d.FieldDescriptor) if n.startswith("TYPE_")}
# Read last: a message is found by its short name in the first file that has one.
LAST = ("tpu", "profiler", "boosted_trees", "transport", "remote_fused")
LEFT_OUT = ("kafka", "bigtable", "tensor_forest", "eager_service", "worker", "master", "eval", "dataset_stats")
OUTSIDE_CORE = (
    "tensorflow.python.training.checkpoint_state_pb2",
    "tensorflow.contrib.tensorboard.plugins.projector.projector_config_pb2",
    "tensorflow.contrib.training.python.training.hparam_pb2",
    "tensorflow.contrib.session_bundle.manifest_pb2",
    "tensorflow.python.framework.cpp_shape_inference_pb2",
)
FORESTS = tuple("tensorflow.contrib.tensor_forest.proto.%s_pb2" % n for n in ("tensor_forest_params", "fertile_stats"))


def files():
    names = [i.name for i in pkgutil.walk_packages(tensorflow.core.__path__, "tensorflow.core.") if i.name.endswith("_pb2")]
    names = [n for n in names if not any(w in n for w in LEFT_OUT)]
    late = [n for n in names if any(w in n for w in LAST)]
    found = {}
    for name in [n for n in names if n not in late] + list(OUTSIDE_CORE) + late + list(FORESTS):
        try:
            add(importlib.import_module(name).DESCRIPTOR, found)
        except ImportError:
            pass
    return found.values()


def add(file, found):
    for dependency in file.dependencies:
        add(dependency, found)
    if not file.name.startswith("google/"):
        found.setdefault(file.name, file)


def default(f):
    v = f.default_value
    if f.enum_type:
        return f.enum_type.values_by_number[v].name
    return {True: "true", False: "false"}[v] if isinstance(v, bool) else str(v)


def field(f, proto3):
    mark = "*" if f.label == f.LABEL_REPEATED else ":" if proto3 else "!" if f.label == f.LABEL_REQUIRED else "?"
    kind = "." + f.message_type.full_name if f.message_type else "." + f.enum_type.full_name if f.enum_type else TYPES[f.type]
    text = "%s=%d%s%s" % (f.name, f.number, mark, ("@" if f.enum_type else "") + kind)
    if f.containing_oneof:
        text += "|" + f.containing_oneof.name
    if f.has_default_value and not proto3:
        text += "=" + default(f)
    if f.GetOptions().HasField("packed"):
        text += "[%s]" % ("packed" if f.GetOptions().packed else "unpacked")
    return text


def message(m, prefix, proto3):
    name = prefix + m.name
    kind = "map" if m.GetOptions().map_entry else "message"
    print(("%s %s : %s" % (kind, name, " ".join(field(f, proto3) for f in m.fields))).rstrip())
    for e in m.enum_types:
        enum(e, name + ".")
    for n in m.nested_types:
        message(n, name + ".", proto3)


def enum(e, prefix):
    alias = "aliased" if e.GetOptions().allow_alias else "enum"
    print("%s %s%s : %s" % (alias, prefix, e.name, " ".join("%s=%d" % (v.name, v.number) for v in e.values)))


def main():
    for file in files():
        imports = " ".join(i.name for i in file.dependencies)
        print(("file %s %s %s : %s" % (file.name, file.package or "-", file.syntax, imports)).rstrip())
        for e in file.enum_types_by_name.values():
            enum(e, "")
        for m in file.message_types_by_name.values():
            message(m, "", file.syntax == "proto3")


main()
