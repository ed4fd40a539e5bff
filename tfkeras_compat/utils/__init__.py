"""What programs import from ``keras.utils``."""

from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.callbacks.progress import Progbar
from tfkeras_compat.training.enqueue import (
    GeneratorEnqueuer,
    OrderedEnqueuer,
    Sequence,
    SequenceEnqueuer,
)
from tfkeras_compat.utils.arrays import normalize, to_categorical
from tfkeras_compat.utils.files import get_file
from tfkeras_compat.utils.matrices import HDF5Matrix
from tfkeras_compat.utils.plots import plot_filters, plot_history, plot_images

__getattr__, __dir__ = lazy_attributes(__name__)
