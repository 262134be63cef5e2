"""Per-op times as a Chrome trace: `tensorflow.python.client.timeline`."""

import collections
import json

from ..core.export import export

StepStatsAnalysis = export("python.client.timeline.StepStatsAnalysis")(
    collections.namedtuple("StepStatsAnalysis", "chrome_trace allocator_maximums")
)


@export("python.client.timeline.AllocationMaximum")
class AllocationMaximum(collections.namedtuple("AllocationMaximum", ("timestamp", "num_bytes", "tensors"))):
    """The most memory that the tensors of one allocator took: when, how many bytes, and which tensors."""


@export("python.client.timeline.Timeline")
class Timeline:
    """The times of a run's operations as a trace for `chrome://tracing`.

    Args:
      step_stats: a `StepStats`, of a `RunMetadata`.
      graph: the graph; its types of operations are shown where labels lack them.
    """

    def __init__(self, step_stats, graph=None):
        self._step_stats = step_stats
        self._graph = graph

    def analyze_step_stats(self, show_dataflow=True, show_memory=True):
        """The trace and, for each allocator, when it had given most.

        Args:
          show_dataflow: whether arrows lead from operations to those that use their outputs.
          show_memory: whether memory in use is shown, and tensors from their making to their last use.

        Returns:
          A `StepStatsAnalysis`, whose `chrome_trace` has the trace.
        """
        trace = _Trace()
        maximums = {}
        allocators = trace.process("Allocators") if show_memory else None
        runs = []
        for device in self._step_stats.dev_stats:
            pid = trace.process(device.device + " Compute")
            lanes = _Lanes()
            for stats in device.node_stats:
                run = _Run(stats, pid, lanes, self._graph)
                trace.add_run(run)
                runs.append(run)
        if show_dataflow:
            _add_flows(trace, runs)
        if show_memory:
            maximums = _add_memory(trace, runs, allocators)
        return StepStatsAnalysis(trace, maximums)

    def generate_chrome_trace_format(self, show_dataflow=True, show_memory=False):
        """The trace as text in JSON; arguments as of `analyze_step_stats`."""
        return self.analyze_step_stats(show_dataflow, show_memory).chrome_trace.format_to_string(pretty=True)


class _Lanes:
    """Rows of a process in which operations that run at the same time stand below each other."""

    def __init__(self):
        self._ends = []

    def place(self, start, end):
        for lane, free_from in enumerate(self._ends):
            if free_from <= start:
                self._ends[lane] = end
                return lane
        self._ends.append(end)
        return len(self._ends) - 1


class _Run:
    """One run of an operation."""

    def __init__(self, stats, pid, lanes, graph):
        self.stats, self.pid = stats, pid
        self.name = stats.node_name
        self.start, self.end = stats.all_start_micros, stats.all_start_micros + stats.all_end_rel_micros
        self.lane = lanes.place(self.start, self.end)
        label, _, rest = stats.timeline_label.partition(" = ")
        self.type, self.inputs = "unknown", []
        if rest.endswith(")"):
            self.type, _, inputs = rest[:-1].partition("(")
            self.inputs = [i for i in inputs.split(", ") if i and not i.startswith("^")]
        elif graph is not None:
            try:
                self.type = graph.get_operation_by_name(self.name).type
            except KeyError:
                self.type = "unknown"


class _Trace:
    """The events of a trace."""

    def __init__(self):
        self._metadata, self._events, self._count = [], [], 0

    def process(self, name):
        """A new process of this name; its number."""
        self._metadata.append({"name": "process_name", "ph": "M", "pid": self._count, "args": {"name": name}})
        self._count += 1
        return self._count - 1

    def event(self, kind, category, name, pid, lane, time, **more):
        self._events.append({"ph": kind, "cat": category, "name": name, "pid": pid, "tid": lane, "ts": time, **more})

    def add_run(self, run):
        args = {"name": run.name, "op": run.type, **{"input%d" % i: name for i, name in enumerate(run.inputs)}}
        self.event("X", "Op", run.type, run.pid, run.lane, run.start, dur=run.end - run.start, args=args)

    def format_to_string(self, pretty=False):
        """The trace in JSON."""
        return json.dumps(
            {"traceEvents": self._metadata + self._events}, **({"indent": 4} if pretty else {"separators": (",", ":")})
        )


def _add_flows(trace, runs):
    """Arrows from operations to those that use what they gave, where these stand in other rows."""
    latest, number = {}, 0
    for run in runs:
        for name in run.inputs:
            source = latest.get(name.partition(":")[0])
            if source is not None and (source.pid, source.lane) != (run.pid, run.lane):
                trace.event("s", "DataFlow", source.name, source.pid, source.lane, source.end, id=number)
                trace.event("t", "DataFlow", source.name, run.pid, run.lane, run.start, id=number)
                number += 1
        latest[run.name] = run


def _add_memory(trace, runs, allocators):
    """How much memory the tensors in use take over time, by allocator; the maxima."""
    last_use = {}
    for run in runs:
        last_use[run.name] = run.end
        for name in run.inputs:
            last_use[name.partition(":")[0]] = run.end
    changes = collections.defaultdict(list)
    for run in runs:
        for output in run.stats.output:
            description = output.tensor_description.allocation_description
            allocator = description.allocator_name or "unknown"
            changes[allocator].append((run.start, description.requested_bytes, run.name))
            changes[allocator].append((last_use[run.name], -description.requested_bytes, run.name))
    maximums = {}
    for allocator, found in changes.items():
        total, live = 0, set()
        for time, size, name in sorted(found, key=lambda change: change[:2]):
            total += size
            (live.add if size >= 0 else live.discard)(name)
            trace.event("C", "Memory", allocator, allocators, 0, time, args={allocator: total})
            if allocator not in maximums or total > maximums[allocator].num_bytes:
                maximums[allocator] = AllocationMaximum(time, total, set(live))
    return maximums
