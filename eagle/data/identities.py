"""Datasets with the elements of others that say how these are to be run."""

from .buffering import Prefetch, Shuffle
from .dataset_op import dataset_op
from .flow import Repeat, Shard, Skip, Take
from .running import Alias


@dataset_op("ModelDataset", ignores=("algorithm", "cpu_budget"))
def _model(xp, input_dataset):
    return Alias(input_dataset)


@dataset_op("OptimizeDataset", ignores=("optimization_configs",))
def _optimize(xp, input_dataset, optimizations):
    names = {n.decode() for n in optimizations.ravel().tolist()}
    if "noop_elimination" in names:
        input_dataset = _without_noops(input_dataset)
    if "shuffle_and_repeat_fusion" in names:
        input_dataset = _fused(input_dataset)
    return Alias(input_dataset)


def _is_noop(dataset):
    """Whether a dataset has the elements of its input, all of them, in their order."""
    kind = type(dataset)
    if kind in (Repeat, Shard):
        return dataset.count == 1
    return kind is Take and dataset.count == -1 or kind is Skip and not dataset.count or kind is Prefetch and not dataset.limit


def _without_noops(dataset):
    """The dataset without transformations that change nothing, as TensorFlow makes it before it looks for more to do."""
    inputs = [_without_noops(d) for d in dataset.inputs]
    if _is_noop(dataset):
        return inputs[0]
    return dataset.made_of(inputs) if inputs else dataset


def _fused(dataset):
    """The dataset in which a shuffling and the repetition of it are one, as TensorFlow makes them: the order is another one."""
    inputs = [_fused(d) for d in dataset.inputs]
    if isinstance(dataset, Repeat) and (dataset.count > 0 or dataset.count == -1):
        shuffle = _behind(inputs[0])
        if isinstance(shuffle, Shuffle) and shuffle.again:
            return Shuffle(shuffle.input, shuffle.limit, shuffle.seeds, False, dataset.count)
    return dataset.made_of(inputs) if inputs else dataset


def _behind(dataset):
    while isinstance(dataset, Alias):
        dataset = dataset.input
    return dataset


@dataset_op("MaxIntraOpParallelismDataset", "ExperimentalMaxIntraOpParallelismDataset")
def _max_intra_op_parallelism(xp, input_dataset, max_intra_op_parallelism):
    return Alias(input_dataset)


@dataset_op("PrivateThreadPoolDataset", "ExperimentalPrivateThreadPoolDataset")
def _private_thread_pool(xp, input_dataset, num_threads):
    return Alias(input_dataset)


@dataset_op("NonSerializableDataset", "ExperimentalNonSerializableDataset")
def _non_serializable(xp, input_dataset):
    return Alias(input_dataset)
