"""What a model can do by itself to be saved and loaded."""

import inspect
import io
import os
import sys
from typing import Any

from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import GraphError
from tfkeras_compat.saving import checkpoints, config, hdf5, model_file
from tfkeras_compat.saving.places import explained, reading, write_to


class SavingMethods(Network):
    """Mixin of ``Model``: weights and whole models in HDF5, configurations as text, pickling."""

    flattened_layers: Any

    def save(self, filepath, overwrite=True, include_optimizer=True):
        """Writes the whole model to an HDF5 file; see :func:`saving.model_file.save_model`."""
        model_file.save_model(self, filepath, overwrite, include_optimizer)

    def save_weights(self, filepath, overwrite=True):
        """Writes the weights to an HDF5 file: a path, a group, or an object that takes bytes.

        With ``overwrite=False`` asks on the terminal before a file is replaced. A file is replaced
        as a whole.
        Raises: GraphError for a model that has no weights yet.
        """
        self._check_weights_exist("save")
        write_to(
            filepath,
            lambda group: hdf5.save_weights_to_hdf5_group(group, self.flattened_layers),
            overwrite,
        )

    def load_weights(self, filepath, by_name=False, skip_mismatch=False, reshape=False):
        """Loads weights from an HDF5 file of weights or of a whole model, or from a checkpoint of
        TensorFlow, such as ``save_weights`` of tf.keras writes, by the names of the variables.

        Args:
            by_name: whether layers are found by their names; otherwise by their order, and all must
                fit.
            skip_mismatch: whether, by name, weights that do not fit are left as they are, with a
                warning.
            reshape: whether kernels of convolutions are reshaped if only their number of elements
                is right.
        Raises: MissingFileError, FileFormatError, ShapeError. Then no weight has changed.
        """
        if by_name:  # by order, there is more to say
            self._check_weights_exist("load")
        elif checkpoints.is_one(filepath) and not os.path.isfile(filepath):
            checkpoints.load_into(self, filepath)
            return
        with reading(filepath) as file:
            with explained(file):
                group = hdf5.weights_group(file)
            if by_name:
                hdf5.load_weights_from_hdf5_group_by_name(
                    group, self.flattened_layers, skip_mismatch=skip_mismatch, reshape=reshape
                )
            else:
                hdf5.load_weights_from_hdf5_group(group, self.flattened_layers, reshape=reshape)

    def _check_weights_exist(self, action):
        if self._is_graph_network or self.built or self.weights:
            return
        raise GraphError(
            "Unable to %s the weights of model %s: it has none yet. They are made when the model "
            "is first called on inputs, by the first data, or by model.build(input_shape)."
            % (action, self.name)
        )

    def _updated_config(self):
        """The configuration with class name and the version of the format."""
        entry, _, version = config.written_form(self)
        return dict(entry, keras_version=version, backend=config.BACKEND)

    def to_json(self, **kwargs):
        """The configuration as JSON text.

        Args: ``kwargs`` go to ``json.dumps``. See ``model_from_json``.
        """
        return config.as_json(self._updated_config(), **kwargs)

    def to_yaml(self, **kwargs):
        """The configuration as YAML text.

        Args: ``kwargs`` go to ``yaml.dump``. See ``model_from_yaml``.
        """
        return config.as_yaml(self._updated_config(), **kwargs)

    def __reduce__(self):
        """Pickles as the bytes of a model file.

        The classes and functions in it that are a user's own are found where pickle finds them;
        those that it can not find are looked for in ``CustomObjectScope`` when it is loaded.
        """
        own = {name: each for name, each in _own_objects(self).items() if _is_importable(each)}
        return unpickle_model, (pickle_model(self), type(self), own)

    def __deepcopy__(self, memo):
        """A model of its own, with the same weights and the same state of the optimizer."""
        return unpickle_model(pickle_model(self), type(self), _own_objects(self))


def pickle_model(model):
    """A model as bytes: those of the file that ``save`` writes."""
    stream = io.BytesIO()
    model_file.save_model(model, stream)
    return stream.getvalue()


def unpickle_model(state, cls=None, own_objects=None):
    """The model in what :func:`pickle_model` gave; compiled if it was.

    Args: ``cls`` is the class of the model, ``own_objects`` are names and the classes or functions
    they stand for.
    """
    known = dict(own_objects or {}, **({} if cls is None else {cls.__name__: cls}))
    with reading(io.BytesIO(state), is_trusted=True) as file:  # as much as any pickle
        is_compiled = any(name in file.attrs for name in model_file.TRAINING_ATTRIBUTES)
        return model_file.load_model(file, known, compile=is_compiled)


# ---- what is a user's own -----------------------------------------------------------------------


def _own_objects(model):
    """The classes and functions that a model's configuration names and that are not ours."""
    classes = config.classes_in(model)
    optimizer = type(getattr(model, "optimizer", None))
    named = dict(classes, **{optimizer.__name__: optimizer})
    named.update(_functions_of(model))
    return {name: each for name, each in named.items() if not _is_ours(each)}


def _functions_of(model):
    """By name: losses, metrics, and functions that layers keep as attributes."""
    compiled_with = [getattr(model, name, None) for name in ("loss", "metrics", "weighted_metrics")]
    kept = [each for layer in _layers_in(model) for each in vars(layer).values()]
    functions = [each for each in _flat(compiled_with) + kept if inspect.isfunction(each)]
    return {function.__name__: function for function in functions}


def _layers_in(layer):
    return [layer] + [inner for each in layer._sublayers() for inner in _layers_in(each)]


def _flat(value):
    if isinstance(value, dict):
        return _flat(list(value.values()))
    if isinstance(value, (list, tuple)):
        return [inner for each in value for inner in _flat(each)]
    return [value]


def _is_ours(each):
    return each.__module__.split(".")[0] in (__name__.split(".")[0], "builtins")


def _is_importable(each):
    found = sys.modules.get(each.__module__)
    for name in each.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is each
