"""TensorFlow's protocol buffer messages (`GraphDef`, `ConfigProto`, `Event`, ...) as real protobuf classes.

`schema.txt` lists messages, fields and numbers as TensorFlow 1.15 defines them (tools/record_proto_schema.py wrote it).  They
are built on first use: `protos.message("GraphDef")`, or `protos.GraphDef`.  The descriptors live in a pool of their own, so
another library that carries TensorFlow's messages does no harm.
"""

import os
import re
import threading

_FIELD = re.compile(r"(\w+)=(\d+)([*?!:])(@?)([\w.]+)(?:\|(\w+))?(?:\[(\w+)\])?")

_lock = threading.RLock()
_files = {}  # file name -> [package, imports, lines]
_homes = {}  # top-level message or enum name -> the first file that has it
_classes = {}  # name, or (file name, name) -> class
_pool = None


def _read_schema():
    with open(os.path.join(os.path.dirname(__file__), "schema.txt"), encoding="ascii") as f:
        for line in f:
            kind, _, rest = line.partition(" ")
            head, _, tail = rest.partition(" :")
            if kind == "file":
                name, package, _ = head.split()
                entry = _files[name] = (package, tail.split(), [])
                continue
            entry[2].append((kind, head, tail.split()))
            if "." not in head:
                _homes.setdefault(head, name)


def _ready():
    """Loads the schema and the pool once."""
    global _pool
    with _lock:
        if _pool is None:
            from google.protobuf import descriptor_pool

            _read_schema()
            _pool = descriptor_pool.DescriptorPool()
        return _pool


def _load_file(name):
    """Adds a .proto file, and first those that it imports, to the pool."""
    pool = _ready()
    try:
        return pool.FindFileByName(name)
    except KeyError:
        pass
    if name not in _files:  # one of protobuf's own well-known types
        from google.protobuf import any_pb2, wrappers_pb2

        known = {m.DESCRIPTOR.name: m.DESCRIPTOR for m in (any_pb2, wrappers_pb2)}
        pool.AddSerializedFile(known[name].serialized_pb)
        return pool.FindFileByName(name)
    package, imports, lines = _files[name]
    for other in imports:
        _load_file(other)
    pool.AddSerializedFile(_file_descriptor(name, package, imports, lines).SerializeToString())
    return pool.FindFileByName(name)


def _file_descriptor(name, package, imports, lines):
    from google.protobuf import descriptor_pb2

    file = descriptor_pb2.FileDescriptorProto(name=name, package=package, syntax="proto3", dependency=imports)
    made = {}
    for kind, full_name, parts in lines:
        scope, _, short = full_name.rpartition(".")
        holder = made[scope] if scope else file
        if kind in ("enum", "aliased"):
            enum = holder.enum_type.add(name=short)
            enum.options.allow_alias = kind == "aliased"
            for part in parts:
                value, _, number = part.partition("=")
                enum.value.add(name=value, number=int(number))
            continue
        message = made[full_name] = (holder.nested_type if scope else holder.message_type).add(name=short)
        message.options.map_entry = kind == "map"
        for part in parts:
            _add_field(message, part)
    return file


def _add_field(message, text):
    name, number, label, is_enum, kind, oneof, packed = _FIELD.fullmatch(text).groups()
    field = message.field.add(name=name, number=int(number))
    field.label = field.LABEL_REPEATED if label == "*" else field.LABEL_OPTIONAL
    if kind[0] == ".":
        field.type = field.TYPE_ENUM if is_enum else field.TYPE_MESSAGE
        field.type_name = kind
    else:
        field.type = getattr(field, "TYPE_" + kind.upper())
    if oneof:
        names = [o.name for o in message.oneof_decl]
        if oneof not in names:
            message.oneof_decl.add(name=oneof)
            names.append(oneof)
        field.oneof_index = names.index(oneof)
    if packed:
        field.options.packed = packed == "packed"


def message(name):
    """The class of the top-level message `name`, such as `"GraphDef"`; raises AttributeError if TensorFlow has none."""
    found = _classes.get(name)
    if found is None:
        with _lock:
            _ready()
            if name not in _homes:
                raise AttributeError("TensorFlow has no protocol buffer %r" % name)
            found = _classes[name] = _in_file(_homes[name], name)
    return found


def _in_file(file_name, name):
    """The class of a top-level message of a file, or an enumeration."""
    found = _classes.get((file_name, name))
    if found is None:
        file = _load_file(file_name)
        if name in file.enum_types_by_name:
            from google.protobuf.internal import enum_type_wrapper

            found = enum_type_wrapper.EnumTypeWrapper(file.enum_types_by_name[name])
        else:
            from google.protobuf import message_factory

            found = message_factory.GetMessageClass(file.message_types_by_name[name])
        _classes[file_name, name] = found
    return found


def module_contents(file_name):
    """What the Python module that TensorFlow generates from a .proto file holds, by name.

    That is messages, enumerations and their values, and the descriptors of all of these.
    """
    with _lock:
        _ready()
        found = {"DESCRIPTOR": _load_file(file_name)}
        for kind, head, parts in _files[file_name][2]:
            if "." in head:
                continue
            made = found[head] = _in_file(file_name, head)
            found["_" + head.upper()] = made.DESCRIPTOR
            if kind in ("enum", "aliased"):
                found.update((value, int(number)) for value, _, number in (p.partition("=") for p in parts))
        return found


def file_names():
    """The .proto files in the schema."""
    _ready()
    return list(_files)


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    return message(name)
