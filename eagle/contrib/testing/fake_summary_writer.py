"""`tf.contrib.testing.FakeSummaryWriter`: for tests of programs that write summaries."""

from ... import protos
from ...core.export import export
from ...summary import writer


@export("contrib.testing.FakeSummaryWriter", "contrib.testing.python.framework.fake_summary_writer.FakeSummaryWriter")
class FakeSummaryWriter:
    """Keeps what a `FileWriter` would write.

    Attributes:
      summaries: step -> list of `Summary`.
    """

    _replaced_summary_writer = None

    @classmethod
    def install(cls):
        """Lets hooks and supervisors use such writers; raises ValueError if they do already."""
        if cls._replaced_summary_writer:
            raise ValueError("FakeSummaryWriter already installed.")
        cls._replaced_summary_writer = writer.FileWriter
        writer.FileWriter = FakeSummaryWriter

    @classmethod
    def uninstall(cls):
        """Takes that back; raises ValueError if they don't."""
        if not cls._replaced_summary_writer:
            raise ValueError("FakeSummaryWriter not installed.")
        writer.FileWriter = cls._replaced_summary_writer
        cls._replaced_summary_writer = None

    def __init__(self, logdir, graph=None):
        self._logdir = logdir
        self._graph = graph
        self._summaries = {}
        self._added_graphs = []
        self._added_meta_graphs = []
        self._added_session_logs = []
        self._added_run_metadata = {}

    @property
    def summaries(self):
        return self._summaries

    def assert_summaries(self, test_case, expected_logdir=None, expected_graph=None, expected_summaries=None,
                         expected_added_graphs=None, expected_added_meta_graphs=None, expected_session_logs=None):  # fmt: skip
        """Checks what was written.

        Args:
          test_case: the test, a `unittest.TestCase`.
          expected_logdir, expected_graph: what the writer was made with.
          expected_summaries: step -> tag -> number.
          expected_added_graphs, expected_added_meta_graphs, expected_session_logs: lists of what was added.
        """
        if expected_logdir is not None:
            test_case.assertEqual(expected_logdir, self._logdir)
        if expected_graph is not None:
            test_case.assertIs(expected_graph, self._graph)
        for step, expected in (expected_summaries or {}).items():
            test_case.assertIn(step, self._summaries, "Missing step %s from %s." % (step, self._summaries.keys()))
            values = [v for summary in self._summaries[step] for v in summary.value]
            # How often the rate of steps is written depends on the time.
            test_case.assertEqual(expected, {v.tag: v.simple_value for v in values if v.tag != "global_step/sec"})
        for wanted, added in (
            (expected_added_graphs, self._added_graphs),
            (expected_added_meta_graphs, self._added_meta_graphs),
            (expected_session_logs, self._added_session_logs),
        ):
            if wanted is not None:
                test_case.assertEqual(wanted, added)

    def add_summary(self, summ, current_global_step):
        """Keeps a `Summary`, or the bytes of one."""
        if isinstance(summ, bytes):
            summ = protos.Summary.FromString(summ)
        self._summaries.setdefault(current_global_step, []).append(summ)

    def add_graph(self, graph, global_step=None, graph_def=None):
        """Keeps a graph."""
        _check_step(global_step)
        if graph_def is not None:
            raise ValueError("Unexpected graph_def %s." % graph_def)
        self._added_graphs.append(graph)

    def add_meta_graph(self, meta_graph_def, global_step=None):
        """Keeps a `MetaGraphDef`."""
        _check_step(global_step)
        self._added_meta_graphs.append(meta_graph_def)

    def add_session_log(self, session_log, global_step=None):
        """Keeps a `SessionLog`."""
        self._added_session_logs.append(session_log)

    def add_run_metadata(self, run_metadata, tag, global_step=None):
        """Keeps a `RunMetadata`."""
        _check_step(global_step)
        self._added_run_metadata[tag] = run_metadata

    def flush(self):
        """Does nothing: there is no file."""

    def reopen(self):
        """Does nothing: there is no file."""

    def close(self):
        """Does nothing: there is no file."""


def _check_step(step):
    if step is not None and step < 0:
        raise ValueError("Invalid global_step %s." % step)
