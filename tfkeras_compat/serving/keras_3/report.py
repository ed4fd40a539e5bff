"""What became of each layer on its way to Keras 3."""

import collections

# `became` is None where a layer can not be converted; then `note` says why.
Entry = collections.namedtuple("Entry", "layer kind became note")


class Report:
    """The entries, one for each layer, those in wrappers and nested models included; and what
    became of how the model was compiled, ``""`` if it was not."""

    def __init__(self):
        self.entries = []
        self.compiled = ""

    def add(self, layer, became, note=""):
        """Notes what a layer became."""
        self.entries.append(Entry(layer.name, type(layer).__name__, became, note))

    @property
    def left_behind(self):
        """The entries of layers that can not be converted."""
        return [entry for entry in self.entries if entry.became is None]

    def __str__(self):
        lines = [_line(entry) for entry in self.entries]
        return "\n".join(lines + ([self.compiled] if self.compiled else []))


def _line(entry):
    became = entry.became or "CAN NOT BE CONVERTED"
    note = ": " + entry.note if entry.note else ""
    return "%s (%s) -> %s%s" % (entry.layer, entry.kind, became, note)
