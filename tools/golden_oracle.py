"""The half of record_golden.py that runs on TensorFlow 1.15 (Python 3.7): golden_oracle.py IN.npz OUT.npz."""

import json
import os
import re
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
BFLOAT16 = tf.bfloat16.as_numpy_dtype


def decode(entry, arrays):
    if "list" in entry or "tuple" in entry:
        return [decode(e, arrays) for e in entry.get("list", entry.get("tuple"))]
    if "type" in entry:
        return tf.as_dtype(entry["type"])
    if "bytes" in entry:
        return entry["bytes"].encode("latin-1")
    if "strings" in entry:
        flat = np.empty(len(entry["strings"]), object)
        flat[:] = [s.encode("latin-1") for s in entry["strings"]]
        return tf.constant(flat.reshape(entry["shape"]), tf.string)
    if "key" not in entry:
        return entry["plain"]
    array = arrays[entry["key"]]
    if entry["dtype"] == "bfloat16":
        return tf.bitcast(tf.constant(array), tf.bfloat16)
    if entry["dtype"].startswith("q"):
        return tf.bitcast(tf.constant(array), tf.as_dtype(entry["dtype"]))
    return tf.constant(array)


def encode(tensor, blob):
    """A result as JSON; its bytes go to the end of the blob."""
    name, shape = tensor.dtype.name, tensor.shape.as_list()
    if tensor.dtype == tf.string:
        value = np.asarray(tensor.numpy(), object)
        return {"strings": [v.decode("latin-1") for v in value.ravel()], "shape": shape}
    if name == "bfloat16":
        tensor = tf.bitcast(tensor, tf.uint16)
    elif name.startswith("q"):
        tensor = tf.bitcast(
            tensor, {"qint8": tf.int8, "quint8": tf.uint8, "qint32": tf.int32, "qint16": tf.int16, "quint16": tf.uint16}[name]
        )
    data = tensor.numpy().tobytes()
    at = len(blob)
    blob.extend(data)
    return [name, shape, at]


def flat(result):
    if result is None:
        return []
    if isinstance(result, tf.Tensor):
        return [result]
    return [t for part in result for t in flat(part)]


def main(source, target):
    arrays = np.load(source)
    calls = json.loads(arrays["calls"].tobytes().decode())
    index, blob = {}, bytearray()
    for call in calls:
        op = getattr(tf.raw_ops, call["op"])
        tf.set_random_seed(0)  # so that generators which kernels keep begin anew
        try:
            args = {n: decode(e, arrays) for n, e in call["args"].items()}
            attrs = {n: decode(e, arrays) for n, e in call["attrs"].items()}
            attrs = {n: tf.make_tensor_proto(v.numpy()) if isinstance(v, tf.Tensor) else v for n, v in attrs.items()}
            result = flat(op(**args, **attrs))
        except (tf.errors.NotFoundError, tf.errors.UnimplementedError):
            index[call["id"]] = "unsupported"
            continue
        except (tf.errors.InvalidArgumentError, tf.errors.InternalError) as e:
            # ParallelConcat needs a graph rewriter.
            if not re.search("Invalid type|Invalid argument type|Unsupported type|not supported|parallel_stack", str(e)):
                sys.exit("%s: %s\n%s" % (call["id"], e, call))
            index[call["id"]] = "unsupported"
            continue
        except Exception as e:
            sys.exit("%s: %s: %s\n%s" % (call["id"], type(e).__name__, e, call))
        index[call["id"]] = [encode(t, blob) for t in result]
    np.savez_compressed(
        target, index=np.frombuffer(json.dumps(index).encode(), np.uint8), blob=np.frombuffer(bytes(blob), np.uint8)
    )


main(*sys.argv[1:])
