"""Trained models for servers and other programs: SavedModel, frozen graphs, TensorFlow Lite, Keras
3. The names are in the table ``legacy/modules.py``: the command line asks for them before it loads
TensorFlow."""

from tfkeras_compat.aliases import lazy_attributes

__getattr__, __dir__ = lazy_attributes(__name__)
