"""Models and weights as files and text: HDF5, JSON, YAML."""

from tfkeras_compat.saving.config import model_from_config, model_from_json, model_from_yaml
from tfkeras_compat.saving.generations import preprocess_weights_for_loading
from tfkeras_compat.saving.hdf5 import (
    load_attributes_from_hdf5_group,
    load_weights_from_hdf5_group,
    load_weights_from_hdf5_group_by_name,
    save_attributes_to_hdf5_group,
    save_weights_to_hdf5_group,
)
from tfkeras_compat.saving.methods import pickle_model, unpickle_model
from tfkeras_compat.saving.model_file import load_model, save_model
from tfkeras_compat.saving.places import ask_to_proceed_with_overwrite
