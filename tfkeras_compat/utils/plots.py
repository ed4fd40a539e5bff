"""Pictures of a training and of what a network sees, drawn by matplotlib.

They are figures of their own: no window is opened, and what a program draws with ``pyplot`` is left
alone. A notebook shows the figure that a cell ends with.
"""

import math

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, MissingDependencyError, ShapeError

_VALIDATION = "val_"
_PANEL = (4.8, 3.6)  # inches
_TILE = 1.1


def plot_history(history, metrics=None, to_file=None):
    """The course of a training: one panel for each quantity, with its validation beside it.

    Args:
        history: what ``fit`` returned, its ``history``, or any dictionary of lists.
        metrics: the quantities that are shown, such as ``["loss", "acc"]``; all by default.
        to_file: the name of a picture to write, such as ``"training.png"``.
    Returns a matplotlib figure.

    Raises: MissingDependencyError without matplotlib; ConfigError for an empty history, or a
        quantity that it does not have.
    """
    values = getattr(history, "history", history)
    names = _quantities(values) if metrics is None else list(metrics)
    missing = [name for name in names if name not in values]
    if missing or not names:
        raise ConfigError(
            "The history has no %s to show; it has %s."
            % (", ".join(missing) or "quantity", ", ".join(sorted(values)) or "none")
        )
    figure = _figure(_PANEL[0] * len(names), _PANEL[1])
    for number, name in enumerate(names, start=1):
        _draw_course(figure.add_subplot(1, len(names), number), name, history, values)
    return _finished(figure, to_file)


def plot_images(images, to_file=None, columns=None, names=None):
    """Images in rows, such as pictures above their reconstructions.

    Shapes: ``(n, rows, columns)`` or ``(n, rows, columns, channels)`` with 1 or 3 channels; with
    ``channels_first`` as default layout, the channels after n. A list of such arrays gives each a
    row of its own. Each array is drawn from its least value to its greatest.

    Args:
        to_file: the name of a picture to write.
        columns: how many images a row has; by default all of an array in a list, and else a square.
        names: of the arrays in a list, written beside their rows.
    Returns a matplotlib figure.

    Raises: MissingDependencyError without matplotlib; ShapeError for other shapes.
    """
    is_list = isinstance(images, (list, tuple))
    arrays = [_drawable(array) for array in (images if is_list else [images])]
    widest = max(len(array) for array in arrays)
    columns = columns or (widest if is_list else math.ceil(math.sqrt(widest)))
    rows = [
        (array[start : start + columns], None if start else number)
        for number, array in enumerate(arrays)
        for start in range(0, len(array), columns)
    ]
    figure = _figure(_TILE * columns + 0.4, _TILE * len(rows))
    for row, (array, number) in enumerate(rows):
        for column, image in enumerate(array):
            axes = figure.add_subplot(len(rows), columns, row * columns + column + 1)
            axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            axes.set_xticks([])
            axes.set_yticks([])
            if names and number is not None and not column:
                axes.set_ylabel(names[number])
    return _finished(figure, to_file)


def plot_filters(layer, to_file=None, columns=None):
    """The kernel of a convolution of images as images, one for each of its filters.

    Three input channels are shown as colours, others as their mean. Each filter is drawn from its
    least weight, black, to its greatest.

    Raises: MissingDependencyError without matplotlib; ShapeError for a layer without such a kernel.
    """
    kernel = next((K.get_value(weight) for weight in layer.weights if K.ndim(weight) == 4), None)
    if kernel is None:
        raise ShapeError(
            "Layer %s has no kernel of shape (rows, columns, in, out) whose filters could be shown."
            % layer.name
        )
    filters = kernel.transpose(3, 0, 1, 2)
    if filters.shape[-1] != 3:
        filters = filters.mean(axis=-1, keepdims=True)
    scaled = np.stack([_scaled(each) for each in filters])
    if K.image_data_format() == "channels_first":
        scaled = scaled.transpose(0, 3, 1, 2)
    return plot_images(scaled, to_file, columns)


# ---- histories ----------------------------------------------------------------------------------


def _quantities(values):
    return [
        name
        for name in values
        if not (name.startswith(_VALIDATION) and name[len(_VALIDATION) :] in values)
    ]


def _draw_course(axes, name, history, values):
    for label, key in (("training", name), ("validation", _VALIDATION + name)):
        if key in values:
            axes.plot(_epochs(history, len(values[key])), values[key], marker=".", label=label)
    axes.set_title(name)
    axes.set_xlabel("epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)
    axes.legend()


def _epochs(history, number):
    """Counted from 1 on, as the progress bar does; ``initial_epoch`` counts."""
    known = getattr(history, "epoch", None)
    if known and len(known) == number:
        return [epoch + 1 for epoch in known]
    return range(1, number + 1)


# ---- images -------------------------------------------------------------------------------------


def _drawable(images):
    """Images ``(n, rows, columns)`` or ``(n, rows, columns, 3)`` from 0 to 1."""
    images = np.asarray(images)
    if images.ndim == 4 and K.image_data_format() == "channels_first":
        images = images.transpose(0, 2, 3, 1)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if not images.size or not (images.ndim == 3 or images.shape[3:] == (3,)):
        raise ShapeError(
            "Images to show need the shape (n, rows, columns), or with 1 or 3 channels after that; "
            "found %s." % (images.shape,)
        )
    return _scaled(images)


def _scaled(values):
    low, high = float(values.min()), float(values.max())
    return (values - low) / ((high - low) or 1.0)


# ---- matplotlib ---------------------------------------------------------------------------------


def _figure(width, height):
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError(
            "Pictures are drawn by matplotlib, which is missing. Install it, or the extra that "
            "brings it: pip install 'tfkeras_compat[plot]'."
        ) from error
    return Figure(figsize=(width, height))


def _finished(figure, to_file):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)  # whatever backend the program has chosen
    figure.tight_layout()
    if to_file is not None:
        figure.savefig(to_file)
    return figure
