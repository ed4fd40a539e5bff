"""``tensorflow.examples``: the modules of it that other programs imported."""
