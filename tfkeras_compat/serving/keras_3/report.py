"""What became of each layer on its way to Keras 3."""

import collections

# `became` is None where a layer can not be converted; then `note` says why.
Entry = collections.namedtuple("Entry", "layer kind became note")


class Report:
    """The entries, one for each layer, those in wrappers and nested models included."""

    def __init__(self):
        self.entries = []

    def add(self, layer, became, note=""):
        """Notes what a layer became."""
        self.entries.append(Entry(layer.name, type(layer).__name__, became, note))

    @property
    def left_behind(self):
        """The entries of layers that can not be converted."""
        return [entry for entry in self.entries if entry.became is None]

    def __str__(self):
        return "\n".join(_line(entry) for entry in self.entries)


def _line(entry):
    became = entry.became or "CAN NOT BE CONVERTED"
    note = ": " + entry.note if entry.note else ""
    return "%s (%s) -> %s%s" % (entry.layer, entry.kind, became, note)
