"""What the trees of a random forest keep: nodes, and the statistics of the leaves that may still be split."""

import functools
import threading

import numpy as np

from .. import protos
from ..core.dtypes import RESOURCE, Handle
from ..core.errors import FailedPreconditionError, NotYetError, invalid
from .philox import Stream, Words

_LESS_OR_EQUAL, _LESS = 0, 1
_DENSE, _SPARSE, _REGRESSION = 0, 1, 2  # kinds of leaves
_LEAF = -1


@functools.lru_cache(maxsize=256)
def parameters(text):
    """The `TensorForestParams` of an attribute.

    Raises:
      NotYetError: they ask for a strategy that Eagle does not have.
    """
    params = protos.TensorForestParams.FromString(text if isinstance(text, bytes) else text.encode())
    for wrong, what in (
        (
            params.leaf_type not in (_DENSE, _SPARSE, _REGRESSION) or params.stats_type > 2,
            "leaves and statistics that become dense",
        ),
        (params.collection_type, "candidates from graphs"),
        (params.pruning_type.type, "pruning of candidates"),
        (params.finish_type.type, "splitting early"),
        (params.initialize_average_splits, "initialize_average_splits"),
        (params.checkpoint_stats, "checkpoint_stats"),
        (params.inequality_test_type > _LESS, "this type of inequality"),
    ):
        if wrong:
            raise NotYetError("tensor_forest: " + what)
    return params


def at_depth(param, depth):
    """A parameter that may depend on the depth of the node."""
    kind = param.WhichOneof("ParamType")
    p = kind and getattr(param, kind)
    if kind == "constant_value":
        return p
    if kind == "linear":
        return min(max(depth * p.slope + p.y_intercept, p.min_val), p.max_val)
    if kind == "exponential":
        return p.bias + p.multiplier * p.base ** (p.depth_multiplier * depth)
    if kind == "threshold":
        return p.on_value if depth >= p.threshold else p.off_value
    raise invalid("unknown parameter type")


def _goes_left(values, thresholds, params):
    return values <= thresholds if params.inequality_test_type == _LESS_OR_EQUAL else values < thresholds


class _Made(Handle):
    """A resource that is there before it has been made.

    Attributes:
      is_initialized: whether it has been.
    """

    dtype = RESOURCE
    what = ""

    def __init__(self, container, name):
        self.place = container, name
        self.is_initialized = False
        self.lock = threading.RLock()

    def check(self):
        """The resource itself, if it has been made."""
        if not self.is_initialized:
            container, name = self.place
            raise FailedPreconditionError(
                None, None, "Resource %s/%s of %s does not exist." % (container or "localhost", name, self.what)
            )
        return self

    def begin(self, config, params):
        """Makes it, if it has not been made."""
        with self.lock:
            if not self.is_initialized:
                self.load(config, params)


class Tree(_Made):
    """A decision tree.

    A node with a feature sends those examples to its left child whose feature is at most (or below) its threshold; one without
    is a leaf.
    """

    what = "a decision tree"

    def load(self, config, params):
        """Takes the nodes of a serialized `decision_trees.Model`, or one leaf if it has none."""
        with self.lock:
            model = _parsed(_MODEL, config, "tree  config").decision_tree
            self._leaf_type, self._test = params.leaf_type, params.inequality_test_type
            self.features, self.thresholds, self.children, self.leaves = [], [], [], []
            if not model.nodes:
                self._add(np.zeros(params.num_outputs, np.float32))
            for node in model.nodes:
                self._add_proto(node, params)
            self.is_initialized = True
            self._pack()

    def _add(self, leaf, feature=_LEAF, threshold=0.0, children=(0, 0)):
        self.features.append(feature)
        self.thresholds.append(threshold)
        self.children.append(children)
        self.leaves.append(leaf)

    def _pack(self):
        """The nodes as arrays, by which examples walk."""
        packed = np.array(self.features), np.array(self.thresholds, np.float32), np.array(self.children)
        self._features, self._thresholds, self._children = packed

    def __len__(self):
        return len(self.features)

    def split(self, node, feature, threshold, left, right):
        """Makes a leaf a node with two leaves; their numbers."""
        children = len(self), len(self) + 1
        self._add(left)
        self._add(right)
        self.features[node], self.thresholds[node], self.children[node], self.leaves[node] = feature, threshold, children, None
        self._pack()
        return children

    def leaves_of(self, data, params):
        """The number of the leaf of each example."""
        nodes = np.zeros(len(data), np.int32)
        rows = np.arange(len(data))
        while True:
            rows = rows[self._features[nodes[rows]] != _LEAF]
            if not rows.size:
                return nodes
            at = nodes[rows]
            left = _goes_left(data[rows, self._features[at]], self._thresholds[at], params)
            nodes[rows] = self._children[at, np.where(left, 0, 1)]

    def count(self, nodes, labels, weights):
        """Adds examples to the class counts of leaves."""
        for node, label, weight in zip(nodes.tolist(), labels.tolist(), weights.tolist()):
            self.leaves[node][label] += np.float32(weight)

    def predictions(self, nodes, params):
        """What the leaves say: probabilities of classes, or means."""
        out = np.stack([self.leaves[n] for n in nodes.tolist()]) if len(nodes) else np.zeros((0, params.num_outputs), np.float32)
        if params.is_regression:
            return out
        sums = out.sum(axis=1, keepdims=True, dtype=np.float32)
        return out / np.where(sums > 0, sums, np.float32(1))

    def usage(self, count):
        """How many nodes split by each of the features."""
        used = self._features[self._features != _LEAF]
        return np.bincount(used, minlength=count)[:count].astype(np.int32)

    # ------------------------------------------------------------------------------------------------ as protocol buffers

    def _add_proto(self, node, params):
        binary = node.binary_node
        if node.HasField("leaf"):
            self._add(_leaf_values(node.leaf, params))
        elif binary.HasField("inequality_left_child_test") and binary.inequality_left_child_test.HasField("feature_id"):
            test = binary.inequality_left_child_test
            if test.type != params.inequality_test_type:
                raise NotYetError("tensor_forest: trees with several types of inequalities")
            children = binary.left_child_id.value, binary.right_child_id.value
            self._add(None, int(test.feature_id.id.value), test.threshold.float_value, children)
        else:
            raise NotYetError("tensor_forest: nodes that are no inequalities of one feature")

    def _fill(self, i, node):
        node.node_id.value = i
        if self.features[i] == _LEAF:
            self._fill_leaf(node.leaf, self.leaves[i])
            return
        node.binary_node.left_child_id.value, node.binary_node.right_child_id.value = self.children[i]
        test = node.binary_node.inequality_left_child_test
        test.feature_id.id.value = str(self.features[i])
        test.type = self._test
        test.threshold.float_value = self.thresholds[i]

    def _fill_leaf(self, leaf, values):
        if self._leaf_type == _SPARSE:
            leaf.sparse_vector.SetInParent()
            for i in np.flatnonzero(values).tolist():
                leaf.sparse_vector.sparse_value[i].float_value = values[i]
        else:
            for value in values.tolist():
                leaf.vector.value.add().float_value = value

    def serialized(self):
        """The tree as a serialized `decision_trees.Model`."""
        model = _message(*_MODEL)()
        for i in range(len(self)):
            self._fill(i, model.decision_tree.nodes.add())
        return model.SerializeToString()

    def path(self, row, params):
        """The nodes that an example visits, as a serialized `TreePath`."""
        path, node = protos.TreePath(), 0
        while True:
            self._fill(node, path.nodes_visited.add())
            if self.features[node] == _LEAF:
                return path.SerializeToString()
            left = _goes_left(row[self.features[node]], np.float32(self.thresholds[node]), params)
            node = self.children[node][0 if left else 1]


_MODEL = "tensorflow/contrib/decision_trees/proto/generic_tree_model.proto", "Model"
_STATS = "tensorflow/contrib/tensor_forest/proto/fertile_stats.proto", "FertileStats"


def _message(file, name):
    return protos.module_contents(file)[name]


def _parsed(kind, text, what):
    made = _message(*kind)()
    try:
        made.ParseFromString(text)
    except Exception:  # protobuf's DecodeError, whose home is loaded late
        raise invalid("Unable to parse %s.", what) from None
    return made


def _leaf_values(leaf, params):
    values = np.zeros(params.num_outputs, np.float32)
    for i, value in enumerate(leaf.vector.value):
        values[i] = value.float_value
    for i, value in leaf.sparse_vector.sparse_value.items():
        values[i] = value.float_value
    return values


class Stats(_Made):
    """The statistics of leaves that may be split.

    Each such leaf has a slot with candidates, drawn from its first examples, and sums over its later ones: for a class its
    weight, for a regression the number, the outputs and their squares.  `left` has those sums for what each candidate would send
    to the left, `total` all.
    """

    what = "statistics of a tree"
    _SLOTS = 16

    def load(self, config, params):
        """Takes the leaves of a serialized `FertileStats` with empty statistics, or only the root."""
        with self.lock:
            stats = _parsed(_STATS, config, "stats config")
            self._params = params
            self._width = 1 + 2 * params.num_outputs if params.is_regression else params.num_outputs
            self._slots, self._free, self._depths = {}, [], {}
            self._features, self._thresholds = np.zeros((0, 1), np.int64), np.zeros((0, 1), np.float32)
            self._left, self._total = np.zeros((0, 1, self._width), np.float32), np.zeros((0, self._width), np.float32)
            self._weight, self._known = np.zeros(0, np.float32), np.zeros(0, np.int64)
            for node, depth in [(s.node_id, s.depth) for s in stats.node_to_slot] or [(0, 0)]:
                self._allocate(node, depth)
            self.is_initialized = True

    def serialized(self):
        stats = _message(*_STATS)()
        for node, depth in self._depths.items():
            stats.node_to_slot.add(node_id=node, depth=depth)
        return stats.SerializeToString()

    # -------------------------------------------------------------------------------------------------------------- slots

    def _allocate(self, node, depth):
        wanted = max(int(at_depth(self._params.num_splits_to_consider, depth)), 1)
        if not self._free or wanted > self._features.shape[1]:
            self._enlarge(wanted)
        slot = self._slots[node] = self._free.pop()
        self._depths[node] = depth
        self._thresholds[slot] = np.nan  # no example goes to the left of a candidate that is not there
        for array in (self._features, self._left, self._total, self._weight, self._known):
            array[slot] = 0

    def _enlarge(self, candidates):
        count, old = self._features.shape
        slots = count if self._free else max(2 * count, self._SLOTS)
        candidates = max(candidates, old)
        self._free.extend(range(count, slots))

        def larger(array, shape):
            made = np.zeros(shape, array.dtype)
            made[tuple(slice(n) for n in array.shape)] = array
            return made

        self._features = larger(self._features, (slots, candidates))
        thresholds = np.full((slots, candidates), np.nan, np.float32)
        thresholds[:count, :old] = self._thresholds
        self._thresholds = thresholds
        self._left = larger(self._left, (slots, candidates, self._width))
        self._total, self._weight = larger(self._total, (slots, self._width)), larger(self._weight, slots)
        self._known = larger(self._known, slots)

    def _clear(self, node):
        self._free.append(self._slots.pop(node))
        return self._depths.pop(node)

    def _is_begun(self, node):
        slot = self._slots[node]
        return self._weight[slot] > 0 or self._known[slot] == int(at_depth(self._params.num_splits_to_consider, self._depths[node]))

    # ----------------------------------------------------------------------------------------------------------- examples

    def add(self, data, targets, weights, nodes, seed):
        """Adds examples, whose first ones become candidates; the leaves that can be split now."""
        rows = self._begin(data, nodes, seed)
        slot_of = {node: self._slots[node] for node in np.unique(nodes).tolist()}
        slots = np.array([slot_of[node] for node in nodes[rows].tolist()], np.int64)
        left = _goes_left(data[rows[:, None], self._features[slots]], self._thresholds[slots], self._params)
        place, candidate = np.nonzero(left)
        if self._params.is_regression:
            outputs = targets.reshape(len(targets), -1)[rows]
            terms = np.concatenate([np.ones((len(rows), 1), np.float32), outputs, outputs * outputs], axis=1)
            np.add.at(self._left, (slots[place], candidate), terms[place])
            np.add.at(self._total, slots, terms)
            np.add.at(self._weight, slots, np.float32(1))
        else:
            labels, shares = targets[rows], weights[rows]
            np.add.at(self._left, (slots[place], candidate, labels[place]), shares[place])
            np.add.at(self._total, (slots, labels), shares)
            np.add.at(self._weight, slots, shares)
        return np.array([node for node, slot in slot_of.items() if self._is_finished(node, slot)], np.int32)

    def _begin(self, data, nodes, seed):
        """Makes candidates from the first examples of leaves that lack some; the numbers of the other examples."""
        waiting = {node for node in np.unique(nodes).tolist() if not self._is_begun(node)}
        if not waiting:
            return np.arange(len(nodes))
        words = Words(Stream((seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF), (0, 0, 0, 0)) if seed else _random_stream())
        collated = self._params.collate_examples
        rest, begun_now = [], set()
        # Gathered by leaf, the others of a batch that begins a leaf are not looked at.
        for row in np.argsort(nodes, kind="stable").tolist() if collated else range(len(nodes)):
            node = int(nodes[row])
            if node not in waiting:
                if node not in begun_now:
                    rest.append(row)
                continue
            feature, slot = words.below(data.shape[1]), self._slots[node]
            k = self._known[slot]
            self._features[slot, k], self._thresholds[slot, k] = feature, data[row, feature]
            self._known[slot] += 1
            if self._is_begun(node):
                waiting.discard(node)
                if collated:
                    begun_now.add(node)
        return np.array(sorted(rest), np.int64)

    def _is_finished(self, node, slot):
        enough = self._weight[slot] >= int(at_depth(self._params.split_after_samples, self._depths[node]))
        return enough and (self._params.is_regression or np.count_nonzero(self._total[slot]) > 1)

    # ------------------------------------------------------------------------------------------------------------- splits

    def grow(self, tree, node):
        """Splits a leaf by its best candidate; begins anew with others if none tells its examples apart."""
        slot = self._slots[node]
        scores, values = (self._variances if self._params.is_regression else self._impurities)(slot)
        best = int(np.argmin(scores))
        found = bool(scores[best] < np.finfo(np.float32).max)
        if found:
            feature, threshold = int(self._features[slot, best]), float(self._thresholds[slot, best])
            children = tree.split(node, feature, threshold, *values(best))
        depth = self._clear(node)
        for child in children if found else ():
            self._allocate(child, depth + 1)
        if not found:
            self._allocate(node, depth)

    def _impurities(self, slot):
        """The smoothed Gini impurities of candidates, weighted by what goes to each side; and the counts of a candidate."""
        left = self._left[slot]
        right = self._total[slot] - left
        classes = np.float32(self._params.num_outputs)
        score, useful = np.float32(0), True
        for side in (left, right):
            total, square = side.sum(axis=1), (side * side).sum(axis=1)
            smoothed = classes + total
            score = score + total * (np.float32(1) - (square + 2 * total + classes) / (smoothed * smoothed))
            useful = useful & (total > 0)
        return np.where(useful, score, np.float32(np.inf)), lambda best: (left[best].copy(), right[best].copy())

    def _variances(self, slot):
        """The variances of the outputs on both sides of candidates; and the means of a candidate."""
        left = self._left[slot]
        right = self._total[slot] - left
        outputs = self._params.num_outputs
        score, useful, means = np.float32(0), True, []
        with np.errstate(divide="ignore", invalid="ignore"):
            for side in (left, right):
                mean, square = side[:, 1 : 1 + outputs] / side[:, :1], side[:, 1 + outputs :] / side[:, :1]
                score = score + (square - mean * mean).sum(axis=1)
                useful = useful & (side[:, 0] > 0)
                means.append(mean)
        return np.where(useful, score, np.float32(np.inf)), lambda best: tuple(m[best].copy() for m in means)


def _random_stream():
    words = np.random.SeedSequence().generate_state(2).tolist()
    return Stream(tuple(words), (0, 0, 0, 0))
