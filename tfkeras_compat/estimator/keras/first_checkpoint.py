"""The checkpoint that an Estimator starts from: the weights of a Keras model, and the state of its
optimizer."""

import os

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.keras.clone import Judged, training_step
from tfkeras_compat.estimator.keras.saver import KerasSaver
from tfkeras_compat.estimator.warm_start import Renamed

_NAME = os.path.join("keras", "keras_model.ckpt")


def saved(blueprint, model_dir, checkpoint_format, seed=None, session_config=None):
    """Writes ``keras/keras_model.ckpt`` in the directory, also over an older one: the weights may
    have been set anew. Returns the settings that begin with all of it."""
    path = os.path.join(model_dir, _NAME)
    tf.gfile.MakeDirs(os.path.dirname(path))
    model = blueprint.model
    weights, averages, state = model.get_weights(), _averages_of(model), _state_of(model)
    with tf.Graph().as_default(), tf.Session(config=session_config).as_default() as session:
        tf.set_random_seed(seed)
        tf.train.create_global_step()
        K.set_learning_phase(1)
        clone, optimizer = _trained_clone(blueprint)
        clone.set_weights(weights)
        _set_averages(clone, averages)
        if len(state) == len(optimizer.weights):
            optimizer.set_weights(state)
        K.get_session()  # initializes what is left
        saver = KerasSaver(clone, optimizer, checkpoint_format)
        saver.initialize(session)
        saver.save(session, path)
    return _all_of(path, saver.keys)


def _state_of(model):
    with model.in_graph():
        return model.optimizer.get_weights()


def _averages_of(model):
    """What else belongs to the weights: by their index and its own name, the values behind moving
    averages, without which the first step would forget these."""
    with model.in_graph():
        found = _companions(model)
        return dict(zip(found, K.batch_get_value(list(found.values()))))


def _set_averages(clone, averages):
    own = _companions(clone)
    K.batch_set_value([(own[key], value) for key, value in averages.items() if key in own])


def _companions(model):
    """The variables named below a weight: ``<weight>/biased``."""
    index = {weight.op.name: number for number, weight in enumerate(model.weights)}
    places = [(each.op.name.rpartition("/"), each) for each in tf.global_variables()]
    return {(index[at], name): each for (at, _, name), each in places if at in index}


def _trained_clone(blueprint):
    inputs = [
        K.placeholder(K.int_shape(tensor), dtype=K.dtype(tensor))
        for tensor in blueprint.model.inputs
    ]
    clone = blueprint.built_on(inputs)
    optimizer = blueprint.new_optimizer()
    training_step(clone, Judged(clone, blueprint.model), optimizer)
    return clone, optimizer


def _all_of(path, keys):
    """Every variable of the checkpoint: moving statistics and slots as well, which are not
    trainable, but nothing that an input function may add."""
    names = {name: key for name, key in keys.items() if name != tf.GraphKeys.GLOBAL_STEP}
    return Renamed(path, var_name_to_prev_var_name=names)
