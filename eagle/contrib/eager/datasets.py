"""`tfe.Iterator`: going through a dataset eagerly."""

from ...core.context import here
from ...core.export import export
from ...core.graph import get_default_graph
from ...data.dataset import DatasetV2
from ...data.iterator import IteratorV2


@export("contrib.eager.Iterator", "contrib.eager.python.datasets.Iterator")
class Iterator(IteratorV2):
    """Goes through the elements of a dataset: `for x in tfe.Iterator(dataset)`, or `next()`.

    Args:
      dataset: a `tf.data.Dataset`.

    Raises:
      RuntimeError: eager execution is off, and the iterator is made outside of functions.
      TypeError: it is no dataset.
    """

    def __init__(self, dataset):
        if not here.eager and not get_default_graph().building_function:
            raise RuntimeError(
                "%s objects can only be used when eager execution is enabled, use tf.data.Dataset.make_initializable_iterator or "
                "tf.data.Dataset.make_one_shot_iterator for graph construction" % type(self)
            )
        if not isinstance(dataset, DatasetV2):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        super().__init__(dataset)
