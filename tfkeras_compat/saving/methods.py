"""What a model can do by itself to be saved and loaded."""

import io
from typing import Any

from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import GraphError
from tfkeras_compat.saving import config, hdf5, model_file
from tfkeras_compat.saving.places import explained, reading, write_to
from tfkeras_compat.state.registry import serialize


class SavingMethods(Network):
    """Mixin of ``Model``: weights and whole models in HDF5, configurations as text, pickling."""

    layers: Any

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
            lambda group: hdf5.save_weights_to_hdf5_group(group, self.layers),
            overwrite,
        )

    def load_weights(self, filepath, by_name=False, skip_mismatch=False, reshape=False):
        """Loads weights from an HDF5 file of weights or of a whole model.

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
        with reading(filepath) as file:
            with explained(file):
                group = hdf5.weights_group(file)
            if by_name:
                hdf5.load_weights_from_hdf5_group_by_name(
                    group, self.layers, skip_mismatch=skip_mismatch, reshape=reshape
                )
            else:
                hdf5.load_weights_from_hdf5_group(group, self.layers, reshape=reshape)

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
        return dict(serialize(self), keras_version=config.KERAS_VERSION, backend=config.BACKEND)

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
        """Pickles, and copies deeply, as the bytes of a model file.

        The class is found where pickle finds classes.
        """
        return unpickle_model, (pickle_model(self), type(self))


def pickle_model(model):
    """A model as bytes: those of the file that ``save`` writes."""
    stream = io.BytesIO()
    model_file.save_model(model, stream)
    return stream.getvalue()


def unpickle_model(state, cls=None):
    """The model in what :func:`pickle_model` gave; compiled if it was."""
    known = {} if cls is None else {cls.__name__: cls}
    with reading(io.BytesIO(state)) as file:
        is_compiled = any(name in file.attrs for name in model_file.TRAINING_ATTRIBUTES)
        return model_file.load_model(file, known, compile=is_compiled)
