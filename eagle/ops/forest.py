"""The ops of `tf.contrib.tensor_forest`."""

import numpy as np

from ..core.errors import NotYetError, invalid
from ..core.op import State, op
from .forest_state import Stats, Tree, parameters


@op("DecisionTreeResourceHandleOp", host=True)
def _tree(xp, *, container="", shared_name="", state: State):
    name = shared_name or state.node_name
    return state.resource((container, "tree"), name, lambda: Tree(container, name))


@op("FertileStatsResourceHandleOp", host=True)
def _stats(xp, *, container="", shared_name="", state: State):
    name = shared_name or state.node_name
    return state.resource((container, "fertile_stats"), name, lambda: Stats(container, name))


@op("TreeIsInitializedOp", host=True)
def _tree_is_initialized(xp, tree_handle):
    return np.bool_(tree_handle.is_initialized)


@op("FertileStatsIsInitializedOp", host=True)
def _stats_is_initialized(xp, stats_handle):
    return np.bool_(stats_handle.is_initialized)


def _config(value, what):
    if np.ndim(value):
        raise invalid("%s config must be a scalar.", what)
    return value if isinstance(value, bytes) else np.asarray(value, object)[()]


@op("CreateTreeVariable", host=True)
def _create_tree(xp, tree_handle, tree_config, *, params):
    tree_handle.begin(_config(tree_config, "Tree"), parameters(params))
    return ()


@op("CreateFertileStatsVariable", host=True)
def _create_stats(xp, stats_handle, stats_config, *, params):
    stats_handle.begin(_config(stats_config, "Stats"), parameters(params))
    return ()


@op("TreeDeserialize", host=True)
def _load_tree(xp, tree_handle, tree_config, *, params):
    tree_handle.load(_config(tree_config, "Tree"), parameters(params))
    return ()


@op("FertileStatsDeserialize", host=True)
def _load_stats(xp, stats_handle, stats_config, *, params):
    stats_handle.load(_config(stats_config, "Stats"), parameters(params))
    return ()


@op("TreeSerialize", host=True)
def _tree_serialized(xp, tree_handle):
    with tree_handle.check().lock:
        return np.array(tree_handle.serialized(), object)


@op("FertileStatsSerialize", host=True)
def _stats_serialized(xp, stats_handle, *, params):
    parameters(params)
    with stats_handle.check().lock:
        return np.array(stats_handle.serialized(), object)


@op("TreeSize", host=True)
def _size(xp, tree_handle):
    return np.int32(len(tree_handle.check()))


@op("FeatureUsageCounts", host=True)
def _usage(xp, tree_handle, *, params):
    with tree_handle.check().lock:
        return tree_handle.usage(parameters(params).num_features)


def _dense(input_data, sparse_input_indices, input_spec):
    """The examples, if they are all dense numbers."""
    spec = input_spec if isinstance(input_spec, bytes) else input_spec.encode()
    if np.ndim(sparse_input_indices) == 2:
        raise NotYetError("tensor_forest: sparse features")
    if b"original_type: 1" in spec:
        raise NotYetError("tensor_forest: categorical features")
    return np.asarray(input_data)


@op("TraverseTreeV4", host=True)
def _traverse(xp, tree_handle, input_data, sparse_input_indices, sparse_input_values, sparse_input_shape, *, input_spec, params):
    data = _dense(input_data, sparse_input_indices, input_spec)
    with tree_handle.check().lock:
        return tree_handle.leaves_of(data, parameters(params))


@op("TreePredictionsV4", host=True)
def _predict(xp, tree_handle, input_data, sparse_input_indices, sparse_input_values, sparse_input_shape, *, input_spec, params):
    data, params = _dense(input_data, sparse_input_indices, input_spec), parameters(params)
    with tree_handle.check().lock:
        predictions = tree_handle.predictions(tree_handle.leaves_of(data, params), params)
        paths = [tree_handle.path(row, params) for row in data] if params.inference_tree_paths else []
    return predictions, np.array(paths, object)


def _targets(labels, weights, count, params):
    """Targets and weights of the examples, the targets of classes as indices."""
    shares = np.ones(count, np.float32)
    given = np.reshape(weights, -1)[:count]
    shares[: len(given)] = given
    if params.is_regression:
        return np.asarray(labels), shares
    classes = np.asarray(labels).reshape(count, -1)[:, 0].astype(np.int64)
    if ((classes < 0) | (classes >= params.num_outputs)).any():
        raise invalid("Labels must be from 0 to %d. Is params.num_classes set correctly?", params.num_outputs - 1)
    return classes, shares


@op("UpdateModelV4", host=True)
def _update(xp, tree_handle, leaf_ids, input_labels, input_weights, *, params):
    params = parameters(params)
    if params.is_regression:  # its leaves are made when a node is split, and stay
        return ()
    with tree_handle.check().lock:
        tree_handle.count(np.asarray(leaf_ids), *_targets(input_labels, input_weights, len(input_labels), params))
    return ()


@op("ProcessInputV4", host=True)
def _process(xp, tree_handle, stats_handle, input_data, sparse_input_indices, sparse_input_values, sparse_input_shape, input_labels,
             input_weights, leaf_ids, *, random_seed, input_spec, params):  # fmt: skip
    data, params = _dense(input_data, sparse_input_indices, input_spec), parameters(params)
    targets, shares = _targets(input_labels, input_weights, len(data), params)
    with stats_handle.check().lock, tree_handle.check().lock:
        return stats_handle.add(data, targets, shares, np.asarray(leaf_ids), random_seed)


@op("GrowTreeV4", host=True)
def _grow(xp, tree_handle, stats_handle, finished_nodes, *, params):
    most = parameters(params).max_nodes
    with stats_handle.check().lock, tree_handle.check().lock:
        for node in np.asarray(finished_nodes).tolist():
            if len(tree_handle) >= most:
                break
            stats_handle.grow(tree_handle, node)
    return ()


# ------------------------------------------------------------------------------------------------------------------- shapes


def _points(data):
    """The number of examples; unknown if there seem to be none, for then they are sparse."""
    return (data[0] or None) if data else None


for _op in (_tree, _stats):
    _op.shape(lambda: ())
for _op in (_tree_is_initialized, _tree_serialized, _size):
    _op.shape(lambda tree_handle: ())
for _op in (_stats_is_initialized, _stats_serialized):
    _op.shape(lambda stats_handle: ())
for _op in (_create_tree, _load_tree):
    _op.shape(lambda tree_handle, tree_config: [])
for _op in (_create_stats, _load_stats):
    _op.shape(lambda stats_handle, stats_config: [])
_usage.shape(lambda tree_handle: (None,))
_update.shape(lambda tree_handle, leaf_ids, input_labels, input_weights: [])
_grow.shape(lambda tree_handle, stats_handle, finished_nodes: [])


@_traverse.shape
def _(tree_handle, input_data, sparse_input_indices, sparse_input_values, sparse_input_shape):
    return (_points(input_data),)


@_predict.shape
def _(tree_handle, input_data, sparse_input_indices, sparse_input_values, sparse_input_shape):
    return [(_points(input_data), None), (None,)]


@_process.shape
def _(tree_handle, stats_handle, input_data, sparse_input_indices, sparse_input_values, sparse_input_shape, input_labels,
      input_weights, leaf_ids):  # fmt: skip
    return (None,)


for _op in (_usage, _load_stats, _stats_serialized, _grow, _load_tree, _predict, _tree_serialized, _size, _process):
    _op.not_differentiable()
