"""Weights in HDF5 files, in the original's layout.

A group for each layer, in the order of the attribute ``layer_names``; in it a dataset for each
weight, in the order of the attribute ``weight_names``. Attributes that are longer than HDF5 allows
are split and numbered. Loading checks all that a file declares against the model before it reads a
value, and reads all before it sets one.
"""

import collections
import warnings
from typing import Any, List, Set

import h5py
import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.errors import FileFormatError, ShapeError
from tfkeras_compat.saving.config import BACKEND, keras_version
from tfkeras_compat.saving.generations import preprocess_weights_for_loading
from tfkeras_compat.saving.places import check_opened, explained, file_name

_ATTRIBUTE_LIMIT = 64512  # bytes that fit into the header of an HDF5 object
_NUMERIC_KINDS = "biuf"

# Compression by deflate packs at most 1032 bytes into one; what declares more than that was made to
# fill the memory.
_MOST_BYTES_PER_FILE_BYTE = 1032

StoredLayer = collections.namedtuple("StoredLayer", "name datasets")


# ---- attributes ---------------------------------------------------------------------------------


def text(value):
    """A string from an attribute, which is bytes or str depending on who wrote and who reads it."""
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def save_attributes_to_hdf5_group(group, name, data):
    """Writes a list of strings as one attribute or, beyond 64 KB, as ``name0``, ``name1`` ...

    Raises: FileFormatError if one string alone is longer than an attribute may be.
    """
    encoded = [item if isinstance(item, bytes) else item.encode("utf-8") for item in data]
    too_long = [item for item in encoded if len(item) > _ATTRIBUTE_LIMIT]
    if too_long:
        raise FileFormatError(
            "Names of weights and layers in an HDF5 file have at most %d bytes, found %d: %s..."
            % (_ATTRIBUTE_LIMIT, len(too_long[0]), text(too_long[0][:60]))
        )
    array = np.asarray(encoded)
    parts = np.array_split(array, max(1, -(-array.nbytes // _ATTRIBUTE_LIMIT)))
    while parts[0].nbytes > _ATTRIBUTE_LIMIT:
        parts = np.array_split(array, len(parts) + 1)
    if len(parts) == 1:
        group.attrs[name] = array
        return
    for number, part in enumerate(parts):
        group.attrs["%s%d" % (name, number)] = part


def load_attributes_from_hdf5_group(group, name):
    """The list of strings written under ``name`` in one part or several; it may be empty."""
    if name in group.attrs:
        return [text(item) for item in attribute(group, name)]
    found = []
    number = 0
    while "%s%d" % (name, number) in group.attrs:
        found += [text(item) for item in attribute(group, "%s%d" % (name, number))]
        number += 1
    return found


def attribute(group, name, otherwise=None):
    """The value of an attribute, or ``otherwise`` if there is none.

    Raises: FileFormatError if it declares more than the file can hold.
    """
    if name not in group.attrs:
        return otherwise
    opened = h5py.h5a.open(group.id, name.encode("utf-8"))
    size = opened.get_space().get_simple_extent_npoints() * opened.get_type().get_size()
    if size > group.file.id.get_filesize():
        raise FileFormatError(
            "%s: the attribute %s declares %d bytes, for which the file is too small."
            % (file_name(group), name, size)
        )
    return group.attrs[name]


# ---- writing ------------------------------------------------------------------------------------


def save_weights_to_hdf5_group(f, layers):
    """Writes the weights of ``layers`` into an HDF5 file or group."""
    save_attributes_to_hdf5_group(f, "layer_names", [layer.name for layer in layers])
    f.attrs["backend"] = BACKEND.encode()
    f.attrs["keras_version"] = keras_version().encode()
    weights = [layer.weights for layer in layers]
    values = iter(K.batch_get_value([weight for own in weights for weight in own]))
    for layer, own in zip(layers, weights):
        save_arrays(f.require_group(layer.name), own, [next(values) for _ in own])


def save_arrays(group, variables, values):
    """Writes the values of variables into a group, in order and under the variables' names."""
    names = _unique_names(variables)
    save_attributes_to_hdf5_group(group, "weight_names", names)
    for name, value in zip(names, values):
        group.create_dataset(name, data=value)


def _unique_names(variables):
    names = []
    for variable in variables:
        name, number = variable.name, 1
        while name in names:
            name, number = "%s_%d" % (variable.name, number), number + 1
        names.append(name)
    return names


# ---- reading ------------------------------------------------------------------------------------


def has_child(group, name):
    """Whether a link ``name`` stands in ``group``, wherever it leads."""
    return group.id.links.exists(name.encode("utf-8"))


def child(group, name):
    """The group or dataset ``name`` inside ``group``.

    Raises: FileFormatError if there is none, or if a link to another place or file stands there.
    """
    _check_links(group, name, set())
    return group[name]


def _check_links(group, name, known):
    """Raises FileFormatError unless ``name`` leads to something in this file, without detours.

    Args: ``known`` is the set of beginnings of names that were checked before; it grows.
    """
    parts = name.split("/")
    for number in range(1, len(parts) + 1):
        path = "/".join(parts[:number])
        if path in known:
            continue
        # The links themselves are asked: `path in group` would already follow them.
        try:
            link = group.id.links.get_info(path.encode("utf-8"))
        except (KeyError, RuntimeError, ValueError) as error:
            raise FileFormatError("%s has no %s in it." % (file_name(group), name)) from error
        if link.type != h5py.h5l.TYPE_HARD:
            raise FileFormatError(
                "%s has a link to another place or file at %s, which is not followed."
                % (file_name(group), name)
            )
        known.add(path)


class StoredArray:
    """An array of numbers in a file, not read yet; its shape, number of elements and bytes.

    It goes without h5py's own class, whose overhead is half of the time to load many weights.
    """

    def __init__(self, opened):
        self._opened = opened
        self.shape = opened.shape
        self.dtype = opened.dtype
        self.size = opened.get_space().get_simple_extent_npoints()
        self.nbytes = self.size * self.dtype.itemsize

    @property
    def name(self):
        """The path in the file."""
        return text(h5py.h5i.get_name(self._opened))

    @property
    def file(self):
        """The file, as h5py knows it."""
        return h5py.Dataset(self._opened).file

    def is_elsewhere(self):
        """Whether the values lie in other files."""
        made = self._opened.get_create_plist()
        return made.get_layout() == h5py.h5d.VIRTUAL or made.get_external_count() > 0

    def values(self):
        """The array itself."""
        array = np.empty(self.shape, self.dtype)
        if self.size:
            self._opened.read(h5py.h5s.ALL, h5py.h5s.ALL, array)
        return array


def datasets(group):
    """The arrays of a group in the order of its ``weight_names``, not yet read.

    Raises: FileFormatError as :func:`child`, and if one is no array of numbers, or has its values
    in other files.
    """
    known: Set[str] = set()
    return [
        _dataset(group, name, known)
        for name in load_attributes_from_hdf5_group(group, "weight_names")
    ]


def _dataset(group, name, known):
    _check_links(group, name, known)
    opened = h5py.h5o.open(group.id, name.encode("utf-8"))
    found = StoredArray(opened) if isinstance(opened, h5py.h5d.DatasetID) else None
    if found is None or found.dtype.kind not in _NUMERIC_KINDS:
        raise FileFormatError(
            "%s: %s should be an array of numbers, found %r."
            % (file_name(group), name, group[name])
        )
    if found.is_elsewhere():
        raise FileFormatError(
            "%s: %s has its values in other files, which are not read." % (file_name(group), name)
        )
    return found


def read(found):
    """The arrays of what :func:`datasets` gave.

    Raises: FileFormatError if they declare far more than the file can hold.
    """
    most = _MOST_BYTES_PER_FILE_BYTE * found[0].file.id.get_filesize() if found else 0
    for one in found:
        if one.nbytes > most:
            raise FileFormatError(
                "%s: %s declares the shape %s, for which the file is too small."
                % (file_name(one), one.name, one.shape)
            )
    return [one.values() for one in found]


def weights_group(f):
    """The group with the weights in a file of weights or of a whole model.

    Raises: FileFormatError if there are none.
    """
    if _has_layers(f):
        return f
    if has_child(f, "model_weights"):
        return child(f, "model_weights")
    raise FileFormatError(
        "%s is an HDF5 file, but not one of weights: the attribute 'layer_names' is missing.%s"
        % (file_name(f), _hint(f))
    )


def _hint(f):
    """What to do with a file of Keras 3, whose `save_weights` has a layout of its own."""
    if not any(has_child(f, name) for name in ("layers", "_layer_checkpoint_dependencies")):
        return ""
    return (
        " It has the layout of Keras 3's save_weights: use model.save('model.h5') there, and "
        "load_weights('model.h5') here."
    )


def _has_layers(group):
    return "layer_names" in group.attrs or "layer_names0" in group.attrs


def _stored_layers(f):
    names = load_attributes_from_hdf5_group(f, "layer_names")
    return [StoredLayer(name, datasets(child(f, name))) for name in names]


def in_stored_order(f, layers):
    """``layers`` in the order in which the file names them, if it names all that have weights.

    For a model that was made from the file's own configuration; where Keras 1 stored layers in
    another order than today's model has them, names tell.
    """
    names = load_attributes_from_hdf5_group(f, "layer_names")
    places = {name: place for place, name in enumerate(names)}
    with_weights = [layer for layer in layers if layer.weights]
    if not all(layer.name in places for layer in with_weights):
        return layers
    return sorted(with_weights, key=lambda layer: places[layer.name])


class _Source:
    """The file that is loaded: how its arrays are to be understood, and its name for messages."""

    def __init__(self, f, reshape):
        self.name = file_name(f)
        self.reshape = reshape
        # Files before Keras 1.2 name neither version nor backend.
        self.version = text(attribute(f, "keras_version", "1"))
        backend = attribute(f, "backend")
        self.backend = None if backend is None else text(backend)

    def arrays_for(self, layer, stored):
        """The arrays of ``stored`` in the layout of ``layer``, as many as it has weights.

        Raises: ShapeError if their number is another, or if they are far too large to be meant for
            this layer.
        """
        weights = layer.weights
        room = sum(int(np.prod(K.int_shape(weight))) for weight in weights)
        # A CuDNN layer has two biases for one of ours; nothing else ever holds more values in
        # another layout.
        if sum(one.size for one in stored.datasets) > 2 * room:
            raise self.mismatch(layer, stored, [one.shape for one in stored.datasets])
        arrays = preprocess_weights_for_loading(
            layer, read(stored.datasets), self.version, self.backend, self.reshape
        )
        if len(arrays) != len(weights):
            raise self.mismatch(layer, stored, [array.shape for array in arrays])
        return arrays

    def mismatch(self, layer, stored, shapes):
        expected = [K.int_shape(weight) for weight in layer.weights]
        return ShapeError(
            "%s: layer %s (%s in the file) %s"
            % (self.name, layer.name, stored.name, _difference(layer, expected, shapes))
        )

    def wrong_shapes(self, layer, arrays):
        """Indices of the arrays whose shapes are not those of the layer's weights."""
        pairs = zip(layer.weights, arrays)
        return [
            index
            for index, (weight, array) in enumerate(pairs)
            if K.int_shape(weight) != array.shape
        ]


def _difference(layer, expected, shapes):
    found = [tuple(shape) for shape in shapes]
    if len(expected) == len(found):
        return "; ".join(
            "has shape %s for %s, but the saved one has shape %s" % (one, weight.name, other)
            for weight, one, other in zip(layer.weights, expected, found)
            if one != other
        )
    return "expects %d weights of shapes %s, but the saved file holds %d of shapes %s." % (
        len(expected),
        expected,
        len(found),
        found,
    )


def load_weights_from_hdf5_group(f, layers, reshape=False):
    """Loads weights into ``layers`` in the order of the file; layers without weights do not count.

    Args: ``reshape`` lets kernels of convolutions be reshaped if only their number of elements is
    right.
    Raises: ShapeError, FileFormatError. Then no weight of any layer has changed.
    """
    pairs: List[Any] = []
    check_opened(f)
    with explained(f):
        source = _Source(f, reshape)
        stored = [one for one in _stored_layers(f) if one.datasets]
        targets = [layer for layer in layers if layer.weights]
        if len(stored) != len(targets):
            raise ShapeError(_different_numbers(source, stored, layers, targets))
        for layer, one in zip(targets, stored):
            arrays = source.arrays_for(layer, one)
            if source.wrong_shapes(layer, arrays):
                raise source.mismatch(layer, one, [array.shape for array in arrays])
            pairs += zip(layer.weights, arrays)
    K.batch_set_value(pairs)


def _different_numbers(source, stored, layers, targets):
    message = (
        "Can not load weights of %d layers into a model of %d layers. %s holds those of %s, and "
        "the model's layers with weights are %s."
        % (
            len(stored),
            len(targets),
            source.name,
            ", ".join(one.name for one in stored) or "none",
            ", ".join(layer.name for layer in targets) or "none",
        )
    )
    unbuilt = [layer.name for layer in layers if not layer.built]
    if unbuilt:
        message += " Not built yet, and so without weights: %s. Call the model, or build it." % (
            ", ".join(unbuilt)
        )
    return message


def load_weights_from_hdf5_group_by_name(f, layers, skip_mismatch=False, reshape=False):
    """Loads weights into those of ``layers`` whose names are in the file.

    Args:
        skip_mismatch: whether weights that do not fit are left as they are, with a warning.
        reshape: lets kernels of convolutions be reshaped if only their number of elements is right.
    Raises: ShapeError, FileFormatError. Then no weight of any layer has changed.
    """
    pairs = []
    check_opened(f)
    with explained(f):
        source = _Source(f, reshape)
        for stored in _stored_layers(f):
            for layer in layers:
                if layer.name == stored.name:
                    pairs += _pairs_for(source, layer, stored, skip_mismatch)
    K.batch_set_value(pairs)


def _pairs_for(source, layer, stored, skip_mismatch):
    wrong = []
    try:
        arrays = source.arrays_for(layer, stored)
        wrong = source.wrong_shapes(layer, arrays)
        if wrong:
            raise source.mismatch(layer, stored, [array.shape for array in arrays])
    except ShapeError as error:
        if not skip_mismatch:
            raise
        warnings.warn("Skipping loading of weights due to mismatch (skip_mismatch): %s" % error)
        if not wrong:
            return []
    pairs = zip(layer.weights, arrays)
    return [pair for index, pair in enumerate(pairs) if index not in wrong]
