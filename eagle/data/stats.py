"""Statistics of datasets, which Eagle does not collect."""

from ..core.errors import NotYetError
from ..core.export import export


def _refusing(name, *exported):
    def refuse(*args, **kwargs):
        raise NotYetError("%s: Eagle does not collect statistics of datasets" % name)

    refuse.__name__ = refuse.__qualname__ = name.rpartition(".")[2]
    refuse.__doc__ = "Would collect statistics; Eagle raises NotYetError."
    return export(*exported)(refuse)


StatsAggregator = _refusing(
    "tf.data.experimental.StatsAggregator", "data.experimental.StatsAggregator", "contrib.data.StatsAggregator",
    "compat.v2.data.experimental.StatsAggregator",
)  # fmt: skip
bytes_produced_stats = _refusing("tf.data.experimental.bytes_produced_stats", "data.experimental.bytes_produced_stats")
latency_stats = _refusing("tf.data.experimental.latency_stats", "data.experimental.latency_stats", "contrib.data.latency_stats")
set_stats_aggregator = _refusing("tf.contrib.data.set_stats_aggregator", "contrib.data.set_stats_aggregator")
