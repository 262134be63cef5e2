"""The half of record_golden.py that runs on TensorFlow 1.15 (Python 3.7): golden_oracle.py IN.npz OUT.npz."""

import ast
import importlib
import json
import os
import re
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
# What TensorFlow says where it has no kernel (ParallelConcat needs a graph rewriter).
NO_KERNEL = re.compile(
    "Invalid type|Invalid argument type|Unsupported type|not supported|not yet support|only supports|parallel_stack|"
    "No OpKernel was registered|mixed precision is disallowed"
)
BFLOAT16 = tf.bfloat16.as_numpy_dtype


# The ops that raw_ops lacks: their functions, below `tensorflow`.
HIDDEN = {
    "GatherTree": "contrib.seq2seq.gather_tree",
    "ImageProjectiveTransformV2": "contrib.image.ops.gen_image_ops.image_projective_transform_v2",
    "KMC2ChainInitialization": "python.ops.gen_clustering_ops.kmc2_chain_initialization",
    "KmeansPlusPlusInitialization": "python.ops.gen_clustering_ops.kmeans_plus_plus_initialization",
    "NearestNeighbors": "python.ops.gen_clustering_ops.nearest_neighbors",
    "SparseFeatureCross": "contrib.layers.ops.gen_sparse_feature_cross_op.sparse_feature_cross",
    "SparseFeatureCrossV2": "contrib.layers.ops.gen_sparse_feature_cross_op.sparse_feature_cross_v2",
}


def raw_op(name):
    """The function of an op, which takes its arguments by name."""
    if name in HIDDEN:
        module, function = HIDDEN[name].rsplit(".", 1)
        return getattr(importlib.import_module("tensorflow." + module), function)
    return getattr(tf.raw_ops, name)


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


def run_update(op, args, attrs, count):
    """The values of an op's variables (its first `count` arguments) after it ran, as tensors."""
    values = [args.pop(n) for n in list(args)[:count]]
    if op.__name__.startswith("Resource") or op.__name__.endswith("VariableOp"):
        variables = [tf.contrib.eager.Variable(v) for v in values]
        op(**dict(zip(names_of(op), [v.handle for v in variables])), **args, **attrs)
        return [v.read_value() for v in variables]
    values = [v.numpy() for v in values]
    args = {n: v.numpy() if isinstance(v, tf.Tensor) else v for n, v in args.items()}
    with tf.Graph().as_default(), tf.Session() as session:
        variables = [tf.Variable(v, use_resource=False) for v in values]
        ran = op(**dict(zip(names_of(op), [v._ref() for v in variables])), **args, **attrs)
        session.run(tf.global_variables_initializer())
        session.run(ran)
        results = session.run(variables)
    return [tf.constant(r) for r in results]


def names_of(op):
    """The names of the parameters of a raw op, from its complaint about a positional argument."""
    try:
        op(None)
    except TypeError as e:
        return ast.literal_eval(re.search(r"\[.*\]", str(e)).group())


def main(source, target):
    arrays = np.load(source)
    calls = json.loads(arrays["calls"].tobytes().decode())
    index, blob = {}, bytearray()
    for call in calls:
        op = raw_op(call["op"])
        tf.set_random_seed(0)  # so that generators which kernels keep begin anew
        try:
            args = {n: decode(e, arrays) for n, e in call["args"].items()}
            attrs = {n: decode(e, arrays) for n, e in call["attrs"].items()}
            attrs = {n: tf.make_tensor_proto(v.numpy()) if isinstance(v, tf.Tensor) else v for n, v in attrs.items()}
            result = flat(run_update(op, args, attrs, call["changes"]) if call["changes"] else op(**args, **attrs))
        except (tf.errors.NotFoundError, tf.errors.UnimplementedError):
            index[call["id"]] = "unsupported"
            continue
        except (tf.errors.InvalidArgumentError, tf.errors.InternalError) as e:
            if not NO_KERNEL.search(str(e)):
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
