"""The progress bar, in the original's format: programs read its lines."""

import collections
import sys
import time

import numpy as np


class Progbar:
    """A bar of steps done, with the time they took and the mean of the given values.

    Args:
        target: the number of steps, or ``None`` if it is unknown.
        width: of the bar, in characters.
        verbose: 0 prints nothing, 1 a bar, 2 one line at the end.
        interval: seconds that pass at least between two prints.
        stateful_metrics: names of values that are shown as they are, and not as their mean.
    """

    def __init__(self, target, width=30, verbose=1, interval=0.05, stateful_metrics=None):
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.stateful_metrics = set(stateful_metrics or ())
        self._sums = collections.OrderedDict()
        self._seen_so_far = 0
        self._start = time.time()
        self._last_print = 0.0
        self._printed_width = 0

    def update(self, current, values=None):
        """Takes notice that ``current`` steps are done; ``values`` are pairs, for the last ones."""
        self._add_up(current - self._seen_so_far, values or ())
        self._seen_so_far = current
        is_last = self.target is not None and current >= self.target
        now = time.time()
        if self.verbose == 1 and (is_last or now - self._last_print >= self.interval):
            self._print_bar(current, now, is_last)
            self._last_print = now
        elif self.verbose == 2 and (is_last or self.target is None):
            self._write(" - %.0fs%s\n" % (now - self._start, self._means()))

    def add(self, n, values=None):
        """Takes notice of ``n`` more steps."""
        self.update(self._seen_so_far + n, values)

    def _add_up(self, steps, values):
        for name, value in values:
            if name in self.stateful_metrics:
                self._sums[name] = (value, 1)
            else:
                total, count = self._sums.get(name, (0.0, 0))
                self._sums[name] = (total + value * np.float64(steps), count + steps)

    def _print_bar(self, current, now, is_last):
        line = self._bar(current) + self._timing(current, now, is_last) + self._means()
        padding = " " * (self._printed_width - len(line))
        start = "\b" * self._printed_width + "\r" if _can_overwrite() else "\n"
        self._write(start + line + padding + ("\n" if is_last else ""))
        self._printed_width = len(line)

    def _bar(self, current):
        if self.target is None:
            return "%7d/Unknown" % current
        digits = int(np.floor(np.log10(self.target))) + 1
        done = int(self.width * float(current) / self.target)
        head = ">" if current < self.target else "="
        filled = "=" * (done - 1) + head if done > 0 else ""
        count = "%*d/%d [" % (digits, current, self.target)
        return count + filled + "." * (self.width - done) + "]"

    def _timing(self, current, now, is_last):
        per_step = (now - self._start) / current if current else 0
        if self.target is not None and not is_last:
            return " - ETA: " + _clock(per_step * (self.target - current))
        units = ((1, "s"), (1e-3, "ms"), (1e-6, "us"))
        unit, name = next((each for each in units if per_step >= each[0]), units[-1])
        return " - %.0fs %.0f%s/step" % (now - self._start, per_step / unit, name)

    def _means(self):
        means = [
            (name, np.mean(total / max(1, count))) for name, (total, count) in self._sums.items()
        ]
        return "".join(
            " - %s: %s" % (name, ("%.4f" if abs(mean) > 1e-3 else "%.4e") % mean)
            for name, mean in means
        )

    @staticmethod
    def _write(text):
        sys.stdout.write(text)
        sys.stdout.flush()


def _can_overwrite():
    return (hasattr(sys.stdout, "isatty") and sys.stdout.isatty()) or "ipykernel" in sys.modules


def _clock(seconds):
    if seconds > 3600:
        return "%d:%02d:%02d" % (seconds // 3600, seconds % 3600 // 60, seconds % 60)
    if seconds > 60:
        return "%d:%02d" % (seconds // 60, seconds % 60)
    return "%ds" % seconds
