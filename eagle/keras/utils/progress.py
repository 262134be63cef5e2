"""Bars of progress, batches of arrays."""

import os
import sys
import time

import numpy as np

from ...core.export import export


@export("keras.utils.Progbar")
class Progbar:
    """A bar of progress.

    Args:
      target: how many steps there are, or None.
      width: the width of the bar.
      verbose: 1 for a bar, 2 for a line at the end.
      interval: the least time between updates in seconds.
      stateful_metrics: names of values that are not averaged.
      unit_name: what a step is called.
    """

    def __init__(self, target, width=30, verbose=1, interval=0.05, stateful_metrics=None, unit_name="step"):
        self.target, self.width, self.verbose, self.interval, self.unit_name = target, width, verbose, interval, unit_name
        self.stateful_metrics = set(stateful_metrics or ())
        is_terminal = hasattr(sys.stdout, "isatty") and sys.stdout.isatty()
        self._dynamic_display = is_terminal or "posix" in sys.modules or "PYCHARM_HOSTED" in os.environ
        self._total_width = self._seen_so_far = self._last_update = 0
        self._values, self._values_order = {}, []
        self._start = time.time()

    def update(self, current, values=None):
        """Shows a step.

        Args:
          current: its number.
          values: pairs of names and values to show.
        """
        steps = current - self._seen_so_far
        for name, value in values or ():
            if name not in self._values_order:
                self._values_order.append(name)
            if name in self.stateful_metrics:
                self._values[name] = [value, 1]
            else:
                total = self._values.setdefault(name, [0, 0])
                self._values[name] = [total[0] + value * np.float64(steps), total[1] + steps]
        self._seen_so_far = current
        now = time.time()
        is_last = self.target is not None and current >= self.target
        if self.verbose == 1:
            if now - self._last_update < self.interval and self.target is not None and not is_last:
                return
            self._show(current, now, is_last)
        elif self.verbose == 2 and is_last:
            digits = int(np.log10(self.target)) + 1
            count = ("%" + str(digits) + "d/%d") % (current, self.target)
            sys.stdout.write(count + " - %.0fs" % (now - self._start) + self._value_texts(abs_=False) + "\n")
            sys.stdout.flush()
        self._last_update = now

    def _value_texts(self, abs_=True):
        text = ""
        for name in self._values_order:
            mean = np.mean(self._values[name][0] / max(1, self._values[name][1]))
            text += " - %s:" % name + (" %.4f" if (abs(mean) if abs_ else mean) > 1e-3 else " %.4e") % mean
        return text

    def _show(self, current, now, is_last):
        previous = self._total_width
        sys.stdout.write("\b" * previous + "\r" if self._dynamic_display else "\n")
        if self.target is not None:
            digits = int(np.log10(self.target)) + 1 if self.target else 1
            bar = ("%" + str(digits) + "d/%d [") % (current, self.target)
            done = int(self.width * (float(current) / self.target if self.target else 1))
            if done > 0:
                bar += "=" * (done - 1) + (">" if current < self.target else "=")
            bar += "." * (self.width - done) + "]"
        else:
            bar = "%7d/Unknown" % current
        self._total_width = len(bar)
        sys.stdout.write(bar)
        each = (now - self._start) / current if current else 0
        if self.target is not None and not is_last:
            left = each * (self.target - current)
            if left > 3600:
                info = " - ETA: %d:%02d:%02d" % (left // 3600, (left % 3600) // 60, left % 60)
            else:
                info = " - ETA: " + ("%d:%02d" % (left // 60, left % 60) if left > 60 else "%ds" % left)
        else:
            scale, unit = (1, "s") if each >= 1 or each == 0 else (1e3, "ms") if each >= 1e-3 else (1e6, "us")
            info = " - %.0fs" % (now - self._start) + " %.0f%s/%s" % (each * scale, unit, self.unit_name)
        info += self._value_texts()
        self._total_width += len(info)
        if previous > self._total_width:
            info += " " * (previous - self._total_width)
        sys.stdout.write(info + ("\n" if is_last else ""))
        sys.stdout.flush()

    def add(self, n, values=None):
        """Shows that `n` more steps are done."""
        self.update(self._seen_so_far + n, values)


export("python.keras.utils.generic_utils.Progbar")(Progbar)


def make_batches(size, batch_size):
    """The starts and ends of batches of `size` examples, a list of pairs."""
    return [(i, min(size, i + batch_size)) for i in range(0, size, batch_size)]


export("python.keras.utils.generic_utils.make_batches")(make_batches)


def slice_arrays(arrays, start=None, stop=None):
    """Parts of arrays.

    Args:
      arrays: an array, None, or a list of these.
      start: the first index, or the indices to take.
      stop: the index behind the last one.
    """
    if arrays is None:
        return [None]
    if isinstance(start, list) and stop is not None:
        raise ValueError("The stop argument has to be None if the value of start is a list.")
    if hasattr(start, "__len__"):
        start = start.tolist() if hasattr(start, "shape") else start

        def part(x):
            return x[start]
    else:

        def part(x):
            return x[start:stop]

    if isinstance(arrays, list):
        return [None if x is None else part(x) if hasattr(x, "__getitem__") else x for x in arrays]
    return part(arrays) if hasattr(arrays, "__getitem__") else [None]


export("python.keras.utils.generic_utils.slice_arrays")(slice_arrays)
