"""`tf.test.Benchmark`: timing in the manner of tests."""

import inspect
import numbers
import os
import re
import statistics
import sys
import time

from .. import protos
from ..core.export import export, public
from ..core.scopes import get_default_session
from ..platform import flags, gfile, tf_logging

_REPORT_PREFIX = "TEST_REPORT_FILE_PREFIX"

_classes = set()


@export("test.benchmark_config", "python.platform.benchmark.benchmark_config")
def benchmark_config():
    """A `ConfigProto` for timing: one in which no operation is left out for not being depended on."""
    config = protos.message("ConfigProto")()
    off = protos.message("RewriterConfig").OFF
    config.graph_options.rewrite_options.dependency_optimization = off
    return config


@export("python.platform.benchmark.Benchmark")
class Benchmark:
    """A class whose methods `benchmark...` are run by `tf.test.main` with `--benchmarks=REGEX`; derived classes are noted."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if not cls.is_abstract():
            _classes.add(cls)

    @classmethod
    def is_abstract(cls):
        """Whether the class is none that users derived."""
        return cls.__module__ == __name__

    def _get_name(self, overwrite_name=None):
        """The name under which a benchmark is reported: that of its class and, unless given, of its outermost method."""
        for frame in reversed(inspect.stack(0)):
            found = frame.frame.f_locals.get("self")
            if isinstance(found, Benchmark):
                return "%s.%s" % (type(found).__name__, overwrite_name or frame.function)
        raise ValueError("Unable to determine calling Benchmark class.")

    def report_benchmark(
        self, iters=None, cpu_time=None, wall_time=None, throughput=None, extras=None, name=None, metrics=None
    ):  # fmt: skip
        """Reports results: prints them, or writes them to a file if TEST_REPORT_FILE_PREFIX is set.

        Args:
          iters: the number of runs.
          cpu_time, wall_time: seconds of one run.
          throughput: megabytes a second.
          extras: a dictionary of further numbers and texts.
          name: the benchmark's name; by default its method's.
          metrics: a list of dictionaries with `name` and `value` and, if need be, `min_value` and `max_value`.

        Raises:
          TypeError: `extras` or `metrics` is of another type.
          IOError: the file exists.
        """
        given = dict(iters=iters, cpu_time=cpu_time, wall_time=wall_time, throughput=throughput)
        name = self._get_name(name)
        tf_logging.info("Benchmark [%s] %s, extras: %s, metrics: %s", name, given, extras, metrics)
        entries = protos.message("BenchmarkEntries")()
        entry = entries.entry.add(name=name, **{k: v for k, v in given.items() if v is not None})
        _add_extras(entry, extras)
        _add_metrics(entry, metrics)
        prefix = os.environ.get(_REPORT_PREFIX)
        if prefix is None:
            print(str(entries))
            return
        path = prefix + name.replace("/", "__")
        if gfile.exists(path):
            raise OSError("File already exists: %s" % path)
        with gfile.GFile(path, "wb") as out:
            out.write(entries.SerializeToString())


def _add_extras(entry, extras):
    if extras is not None and not isinstance(extras, dict):
        raise TypeError("extras must be a dict")
    for key, value in (extras or {}).items():
        if isinstance(value, numbers.Number):
            entry.extras[key].double_value = value
        else:
            entry.extras[key].string_value = str(value)


def _add_metrics(entry, metrics):
    if metrics is not None and not isinstance(metrics, list):
        raise TypeError("metrics must be a list")
    for metric in metrics or []:
        for needed in ("name", "value"):
            if needed not in metric:
                raise TypeError("metric must has a '%s' field" % needed)
        made = entry.metrics.add(name=metric["name"], value=metric["value"])
        for bound in ("min_value", "max_value"):
            if bound in metric:
                getattr(made, bound).value = metric[bound]


@export("test.Benchmark", "python.platform.benchmark.TensorFlowBenchmark", "python.platform.googletest.Benchmark")
class TensorFlowBenchmark(Benchmark):
    """A `Benchmark` that can time operations."""

    def run_op_benchmark(
        self, sess, op_or_tensor, feed_dict=None, burn_iters=2, min_iters=10, store_trace=False, store_memory_usage=True, name=None,
        extras=None, mbs=0,
    ):  # fmt: skip
        """Times the runs of an operation or tensor and reports the median.

        Args:
          sess: the session.
          op_or_tensor: what is run.
          feed_dict: values to feed.
          burn_iters: runs before those that are timed.
          min_iters: the runs that are timed.
          store_trace: whether one more run is traced, for the result.
          store_memory_usage: whether one more run finds out how much memory is used, for the report.
          name, extras: as of `report_benchmark`.
          mbs: the megabytes that a run moves.

        Returns:
          What was reported, as a dictionary; with `store_trace` `extras` has also a `full_trace_chrome_format`.
        """
        for _ in range(burn_iters):
            sess.run(op_or_tensor, feed_dict=feed_dict)
        times = []
        for _ in range(min_iters):
            start = time.time()
            sess.run(op_or_tensor, feed_dict=feed_dict)
            times.append(time.time() - start)
        extras = {} if extras is None else extras
        trace = {}
        if store_trace or store_memory_usage:
            timeline = _traced(sess, op_or_tensor, feed_dict)
            if store_trace:
                trace["full_trace_chrome_format"] = timeline.generate_chrome_trace_format()
            if store_memory_usage:
                for device, peak in timeline.analyze_step_stats(show_memory=True).allocator_maximums.items():
                    extras["allocator_maximum_num_bytes_%s" % device] = peak.num_bytes
        median = statistics.median(times) if times else -1
        found = dict(iters=min_iters, wall_time=median, extras=extras, name=name, throughput=mbs / median)
        self.report_benchmark(**found)
        found["extras"].update(trace)
        return found

    def evaluate(self, tensors):
        """The values of tensors by the default session."""
        return get_default_session().run(tensors)


def _traced(sess, op_or_tensor, feed_dict):
    options = protos.message("RunOptions")
    metadata = protos.message("RunMetadata")()
    sess.run(op_or_tensor, feed_dict=feed_dict, options=options(trace_level=options.FULL_TRACE), run_metadata=metadata)
    return getattr(public, "python.client.timeline.Timeline")(metadata.step_stats)


def run_if_asked(main, argv=None):
    """Runs benchmarks if the command line has `--benchmarks=REGEX`, else `main`; ends the process.

    Args:
      main: a function without arguments.
      argv: the command line; by default `sys.argv`, from which the argument is removed.
    """
    argv = sys.argv if argv is None else argv
    asked = [a for a in argv if a.startswith(("--benchmarks=", "-benchmarks="))]
    if not asked:
        return main()
    argv.remove(asked[0])
    pattern = asked[0].partition("=")[2]
    flags.run(main=lambda unused: run_matching(pattern), argv=argv)


def run_matching(pattern):
    """Runs the methods `benchmark...` whose names (`module.Class.method`) match; all for "all"."""
    for cls in sorted(_classes, key=lambda c: (c.__module__, c.__qualname__)):
        instance = None
        for attribute in dir(cls):
            full = "%s.%s.%s" % (cls.__module__, cls.__name__, attribute)
            if attribute.startswith("benchmark") and callable(getattr(cls, attribute)):
                if pattern == "all" or re.search(pattern, full):
                    instance = instance or cls()
                    getattr(instance, attribute)()
