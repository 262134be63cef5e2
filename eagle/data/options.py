"""`tf.data.Options` and the groups of options in it."""

import enum

from ..core.export import export


class AutotuneAlgorithm(enum.Enum):
    """How TensorFlow tunes; Eagle's own choices depend on the number of processors alone."""

    HILL_CLIMB = 0
    GRADIENT_DESCENT = 1


class OptionsBase:
    """A set of typed options; one that is not set has its default value."""

    def __init__(self):
        object.__setattr__(self, "_options", {})

    def __eq__(self, other):
        if not isinstance(other, self.__class__):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in set(self._options) | set(other._options))

    def __ne__(self, other):
        return not self == other if isinstance(other, self.__class__) else NotImplemented

    __hash__ = None

    def __setattr__(self, name, value):
        if not hasattr(self, name):
            raise AttributeError("Cannot set the property %s on %s." % (name, type(self).__name__))
        object.__setattr__(self, name, value)


def create_option(name, ty, docstring, default_factory=lambda: None):
    """A property that is an option.

    Args:
      name: its name.
      ty: the type (or types) that its values have.
      docstring: what it means.
      default_factory: makes the value that it has if it is not set.
    """

    def get(option):
        if name not in option._options:
            option._options[name] = default_factory()
        return option._options[name]

    def set(option, value):
        if not isinstance(value, ty):
            raise TypeError('Property "%s" must be of type %s, got: %r (type: %r)' % (name, ty, value, type(value)))
        option._options[name] = value

    return property(get, set, None, docstring)


def merge_options(*options_list):
    """The options that some sets have together.

    Raises:
      TypeError: they are of different types, or no options.
      ValueError: there are none, or two sets differ in an option that both set.
    """
    if not options_list:
        raise ValueError("At least one options should be provided")
    kind = type(options_list[0])
    for options in options_list:
        if not isinstance(options, kind):
            raise TypeError("Incompatible options type: %r vs %r" % (type(options), kind))
    if not isinstance(options_list[0], OptionsBase):
        raise TypeError("The inputs should inherit from `OptionsBase`")
    defaults, merged = kind(), kind()
    for options in options_list:
        for name in options._options:
            have, given, default = getattr(merged, name), getattr(options, name), getattr(defaults, name)
            if given == default:
                continue
            if have == default:
                setattr(merged, name, given)
            elif isinstance(have, OptionsBase):
                setattr(merged, name, merge_options(have, given))
            elif have != given:
                raise ValueError("Cannot merge incompatible values (%r and %r) of option: %s" % (have, given, name))
    return merged


export("python.data.util.options.OptionsBase")(OptionsBase)
export("python.data.util.options.create_option")(create_option)
export("python.data.util.options.merge_options")(merge_options)


@export("data.experimental.MapVectorizationOptions")
class MapVectorizationOptions(OptionsBase):
    """Whether maps are turned into maps of batches; Eagle leaves them as they are."""

    enabled = create_option("enabled", bool, "Whether to vectorize map transformations. If None, defaults to False.")
    use_choose_fastest = create_option(
        "use_choose_fastest", bool, "Whether to choose the fastest of both forms at run time. If None, defaults to False."
    )

    def _static_optimizations(self):
        return ["map_vectorization"] if self.enabled else []

    def _static_optimization_configs(self):
        return ["map_vectorization:use_choose_fastest:%s" % ("true" if self.use_choose_fastest else "false")]


_REWRITES = (
    "filter_fusion", "filter_with_random_uniform_fusion", "hoist_random_uniform", "map_and_batch_fusion", "map_and_filter_fusion",
    "map_fusion", "map_parallelization", "noop_elimination", "parallel_batch", "shuffle_and_repeat_fusion",
)  # fmt: skip
_DEFAULT_REWRITES = ("map_and_batch_fusion", "noop_elimination", "shuffle_and_repeat_fusion")


@export("data.experimental.OptimizationOptions")
class OptimizationOptions(OptionsBase):
    """Which rewrites of pipelines are allowed."""

    apply_default_optimizations = create_option(
        "apply_default_optimizations", bool, "Whether to apply the default rewrites. If None, defaults to True."
    )
    autotune = create_option("autotune", bool, "Whether numbers of parallel calls are tuned. If None, defaults to True.")
    autotune_algorithm = create_option("autotune_algorithm", int | AutotuneAlgorithm, "How they are tuned.")
    autotune_buffers = create_option("autotune_buffers", bool, "Whether sizes of buffers are tuned. If None, defaults to False.")
    autotune_cpu_budget = create_option("autotune_cpu_budget", int, "For how many processors they are tuned.")
    map_vectorization = create_option(
        "map_vectorization", MapVectorizationOptions, "The `MapVectorizationOptions`.", MapVectorizationOptions
    )
    for _name in _REWRITES:
        locals()[_name] = create_option(_name, bool, "Whether to apply the rewrite `%s`." % _name)
    del _name

    def _static_optimizations(self):
        found = set()
        for name in _REWRITES:
            if getattr(self, name):
                found.add(name)
        if self.apply_default_optimizations is not False:
            found.update(n for n in _DEFAULT_REWRITES if getattr(self, n) is not False)
        if self.map_vectorization:
            found.update(self.map_vectorization._static_optimizations())
        return sorted(found)

    def _static_optimization_configs(self):
        return self.map_vectorization._static_optimization_configs() if self.map_vectorization is not None else []


@export("data.experimental.DistributeOptions")
class DistributeOptions(OptionsBase):
    """How datasets are spread over machines, of which Eagle has one."""

    auto_shard = create_option("auto_shard", bool, "Whether the dataset is sharded. If None, defaults to True.")
    _make_stateless = create_option("_make_stateless", bool, "Whether stateful transformations are rewritten as stateless ones.")
    num_devices = create_option("num_devices", int, "The number of devices attached to this pipeline.")


@export("data.experimental.StatsOptions")
class StatsOptions(OptionsBase):
    """Which statistics are collected, and where."""

    aggregator = create_option("aggregator", object, "The `StatsAggregator`.")
    prefix = create_option("prefix", str, "What the names of statistics begin with.", lambda: "")
    counter_prefix = create_option("counter_prefix", str, "What the names of counters begin with.", lambda: "")
    latency_all_edges = create_option("latency_all_edges", bool, "Whether latencies of all transformations are collected.")


@export("data.experimental.ThreadingOptions")
class ThreadingOptions(OptionsBase):
    """How many threads serve a dataset; in Eagle all datasets share as many as there are processors."""

    max_intra_op_parallelism = create_option("max_intra_op_parallelism", int, "The most threads of an operation.")
    private_threadpool_size = create_option("private_threadpool_size", int, "The number of threads of a pool of the dataset's own.")


@export("data.Options")
class Options(OptionsBase):
    """Options of a dataset, set by `Dataset.with_options`."""

    experimental_deterministic = create_option(
        "experimental_deterministic", bool, "Whether elements come in a fixed order (in Eagle they always do). If None, True."
    )
    experimental_distribute = create_option(
        "experimental_distribute", DistributeOptions, "The `DistributeOptions`.", DistributeOptions
    )
    experimental_optimization = create_option(
        "experimental_optimization", OptimizationOptions, "The `OptimizationOptions`.", OptimizationOptions
    )
    experimental_slack = create_option("experimental_slack", bool, "Whether the last prefetch pauses at the start of a step.")
    experimental_stateful_whitelist = create_option(
        "experimental_stateful_whitelist", list, "Operations that may be stateful although the dataset is serialized."
    )
    experimental_stats = create_option("experimental_stats", StatsOptions, "The `StatsOptions`.", StatsOptions)
    experimental_threading = create_option("experimental_threading", ThreadingOptions, "The `ThreadingOptions`.", ThreadingOptions)

    def _static_optimizations(self):
        found = list(self.experimental_optimization._static_optimizations())
        if self.experimental_deterministic is False:
            found.append("make_sloppy")
        if self.experimental_stats and self.experimental_stats.latency_all_edges:
            found.append("latency_all_edges")
        if self.experimental_slack:
            found.append("slack")
        if self.experimental_distribute and self.experimental_distribute._make_stateless:
            found.append("make_stateless")
        return found

    def _static_optimization_configs(self):
        found = list(self.experimental_optimization._static_optimization_configs())
        if self.experimental_slack:
            found.append("slack:slack_period:%d" % (self.experimental_distribute.num_devices or 1))
        return found

    def merge(self, options):
        """The options of both sets.

        Raises:
          ValueError: the sets differ in an option that both set.
        """
        return merge_options(self, options)
