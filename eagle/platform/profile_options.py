"""`tf.profiler.ProfileOptionBuilder`: what a profile is to show; profiles themselves are not there yet."""

import copy

from ..core.errors import NotYetError
from ..core.export import export

_DEFAULTS = {
    "max_depth": 100, "min_bytes": 0, "min_micros": 0, "min_params": 0, "min_float_ops": 0, "min_occurrence": 0,
    "order_by": "name", "account_type_regexes": [".*"], "start_name_regexes": [".*"], "trim_name_regexes": [],
    "show_name_regexes": [".*"], "hide_name_regexes": [], "account_displayed_op_only": False, "select": ["micros"], "step": -1,
    "output": "stdout",
}  # fmt: skip


def _setter(name, option, what):
    def method(self, value):
        self._options[option] = value
        return self

    method.__name__ = name
    method.__doc__ = "Sets %s; returns the builder." % what
    return method


@export("profiler.ProfileOptionBuilder")
class ProfileOptionBuilder:
    """Builds the options of profiles, a dict.

    Args:
      options: options to begin with; by default such that all times are shown.
    """

    def __init__(self, options=None):
        self._options = copy.deepcopy(_DEFAULTS if options is None else options)

    @staticmethod
    def trainable_variables_parameter():
        """Options to count the elements of trainable variables."""
        return dict(
            copy.deepcopy(_DEFAULTS), max_depth=10000, account_type_regexes=["_trainable_variables"], select=["params"],
            account_displayed_op_only=True)  # fmt: skip

    @staticmethod
    def float_operation():
        """Options to count arithmetic operations."""
        return dict(
            copy.deepcopy(_DEFAULTS), max_depth=10000, min_float_ops=1, order_by="float_ops", select=["float_ops"],
            account_displayed_op_only=True)  # fmt: skip

    @staticmethod
    def time_and_memory(min_micros=1, min_bytes=1, min_accelerator_micros=0, min_cpu_micros=0, min_peak_bytes=0,
                        min_residual_bytes=0, min_output_bytes=0):  # fmt: skip
        """Options to show times and memory, of operations with at least so many microseconds or bytes."""
        more = {
            "min_bytes": min_bytes, "min_peak_bytes": min_peak_bytes, "min_residual_bytes": min_residual_bytes,
            "min_output_bytes": min_output_bytes, "min_micros": min_micros, "min_accelerator_micros": min_accelerator_micros,
            "min_cpu_micros": min_cpu_micros,
        }  # fmt: skip
        return dict(
            {"max_depth": 10000, **more}, min_params=0, min_float_ops=0, min_occurrence=0, order_by="micros",
            **{k: copy.deepcopy(v) for k, v in _DEFAULTS.items() if k.endswith("_regexes")}, account_displayed_op_only=True,
            select=["micros", "bytes"], step=-1, output="stdout")  # fmt: skip

    def build(self):
        """The options, a dict of the caller's own."""
        return copy.deepcopy(self._options)

    with_max_depth = _setter("with_max_depth", "max_depth", "how deep the tree that is shown is at most")
    with_min_occurrence = _setter("with_min_occurrence", "min_occurrence", "how often what is shown must occur")
    with_min_parameters = _setter("with_min_parameters", "min_params", "how many elements variables must have")
    with_min_float_operations = _setter("with_min_float_operations", "min_float_ops", "how many operations must be done")
    with_step = _setter("with_step", "step", "which step is shown; -1 for the mean of all")
    order_by = _setter("order_by", "order_by", "by what is ordered")

    def with_min_memory(self, min_bytes=0, min_peak_bytes=0, min_residual_bytes=0, min_output_bytes=0):
        """Sets how many bytes must be taken, at once, kept, or put out; returns the builder."""
        self._options.update(min_bytes=min_bytes, min_peak_bytes=min_peak_bytes, min_residual_bytes=min_residual_bytes,
                             min_output_bytes=min_output_bytes)  # fmt: skip
        return self

    def with_min_execution_time(self, min_micros=0, min_accelerator_micros=0, min_cpu_micros=0):
        """Sets how many microseconds must be taken, of accelerators or of the CPU; returns the builder."""
        self._options.update(min_micros=min_micros, min_accelerator_micros=min_accelerator_micros, min_cpu_micros=min_cpu_micros)
        return self

    def with_accounted_types(self, account_type_regexes):
        """Sets the regular expressions of the types of operations that count; returns the builder."""
        self._options["account_type_regexes"] = list(account_type_regexes)
        return self

    def with_node_names(self, start_name_regexes=None, show_name_regexes=None, hide_name_regexes=None, trim_name_regexes=None):
        """Sets the regular expressions of names that the tree begins with, that are shown, hidden, cut off; returns the builder."""
        for name, given in (("start", start_name_regexes), ("show", show_name_regexes), ("hide", hide_name_regexes),
                            ("trim", trim_name_regexes)):  # fmt: skip
            if given is not None:
                self._options[name + "_name_regexes"] = list(given)
        return self

    def account_displayed_op_only(self, is_true):
        """Sets whether only what is shown counts; returns the builder."""
        self._options["account_displayed_op_only"] = is_true
        return self

    def select(self, attributes):
        """Sets what is shown, a list of names; returns the builder."""
        self._options["select"] = list(attributes)
        return self

    def _output(self, output):
        self._options["output"] = output
        return self

    def with_empty_output(self):
        """Lets nothing be written; returns the builder."""
        return self._output("none")

    def with_stdout_output(self):
        """Lets the profile be written to the standard output; returns the builder."""
        return self._output("stdout")

    def with_file_output(self, outfile):
        """Lets the profile be written into a file; returns the builder."""
        return self._output("file:outfile=%s" % outfile)

    def with_timeline_output(self, timeline_file):
        """Lets a timeline be written into a file; returns the builder."""
        return self._output("timeline:outfile=%s" % timeline_file)

    def with_pprof_output(self, pprof_file):
        """Lets a file for pprof be written; returns the builder."""
        return self._output("pprof:outfile=%s" % pprof_file)


def _not_yet(name):
    def refuse(*unused, **also_unused):
        raise NotYetError("tf.profiler.%s" % name)

    refuse.__name__ = name
    refuse.__doc__ = "Not there yet: raises NotYetError."
    return export("profiler." + name)(refuse)


profile, advise, write_op_log = (_not_yet(n) for n in ("profile", "advise", "write_op_log"))


@export("profiler.Profiler")
class Profiler:
    """Not there yet: raises NotYetError."""

    def __init__(self, graph=None, op_log=None):
        raise NotYetError("tf.profiler.Profiler")
