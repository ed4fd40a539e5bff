"""The saver of an Estimator made of a Keras model: checkpoints that tf.keras 1.15 reads, too."""

from typing import Any, Dict

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError
from tfkeras_compat.estimator import sessions
from tfkeras_compat.estimator.keras import checkpoint_keys

# By the value of `checkpoint_format`: what is written. All of them are read.
LAYOUTS = {"saver": checkpoint_keys.by_name, "checkpoint": checkpoint_keys.by_place}

# The variables behind a moving average that tf.keras does not have. After this many steps the
# average is the moving statistic itself, and a further step changes it as there.
_BIASED, _STEPS = "/biased", "/local_step"
_MANY = 2.0**23


class KerasSaver(sessions.Saver):
    """Writes the variables of the graph under the names that tf.keras gives them.

    Reads them under these, under the places in the model, or under their own names. What tf.keras
    does not save gets its initial value, the number of steps that of the Estimator.
    """

    def __init__(self, clone, optimizer, checkpoint_format, **options):
        self._clone = clone
        self._optimizer = optimizer
        self._layout = LAYOUTS[checkpoint_format]
        self._variables: Dict[str, Any] = {}
        self._constants = self._new_constants(checkpoint_format) if optimizer else {}
        super().__init__(defer_build=True, **options)

    def _new_constants(self, checkpoint_format):
        """What only tf.keras reads, by key: variables that each session sets anew."""
        values = checkpoint_keys.constants(self._optimizer, checkpoint_format)
        if checkpoint_format == "checkpoint":
            values.update([checkpoint_keys.object_graph(self._clone, self._optimizer)])
        with tf.name_scope("keys_of_checkpoints"):
            return {key: _constant(value) for key, value in values.items()}

    def build(self):
        """Makes the operations, for the variables that there are now."""
        self._variables = {each.op.name: each for each in tf.global_variables()}
        self.keys = self._layout(self._clone, self._optimizer)
        saveable = {key: self._variables[name] for name, key in self.keys.items()}
        more = {each.name: each for each in tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS)}
        _tf.set_saved_variables(self, dict(saveable, **more, **self._constants))
        super().build()

    def save(self, sess, save_path, *arguments, **options):
        self._build_once()
        return super().save(sess, save_path, *arguments, **options)

    def restore(self, sess, save_path):
        """Raises FileFormatError for a checkpoint of another model."""
        self._build_once()
        saved = dict(tf.train.list_variables(save_path))
        if saved.keys() >= set(self.keys.values()):
            super().restore(sess, save_path)
        else:
            self._restore_translated(sess, save_path, saved)

    def _restore_translated(self, sess, save_path, saved):
        tf.logging.info("Restoring parameters from %s", save_path)
        reader = tf.train.NewCheckpointReader(save_path)
        for name, value in self._values(reader, self._found(saved, save_path)).items():
            op, feed = _tf.initializer_and_feed(self._variables[name])
            sess.run(op, None if value is None else {feed: value})
        self.initialize(sess)

    def initialize(self, sess):
        """Sets what only tf.keras reads, as the local initializer does in an Estimator."""
        sess.run([each.initializer for each in self._constants.values()])

    def _build_once(self):
        if not self._variables:  # an export restores without a Scaffold
            self.build()

    def _found(self, saved, path):
        """The key in the checkpoint by the name of each variable that it has."""
        layouts = list(LAYOUTS.values()) + [checkpoint_keys.own, checkpoint_keys.by_order(saved)]
        weights = {each.op.name: each.get_shape().as_list() for each in self._clone.weights}
        for layout in layouts:
            keys = layout(self._clone, self._optimizer)
            if all(saved.get(keys[name]) == shape for name, shape in weights.items()):
                return {name: key for name, key in keys.items() if key in saved}
        raise FileFormatError(
            "The checkpoint %s is that of another model. Expected: %s. Found: %s. Give another "
            "model_dir, or the model that was trained there."
            % (path, sorted(weights.items()), sorted(saved.items()))
        )

    def _values(self, reader, keys):
        """The value of each variable, None for its initial one."""
        values = {name: reader.get_tensor(key) for name, key in keys.items()}
        for step in sessions.STEP_KEYS:
            if reader.has_tensor(step):
                values.setdefault(tf.GraphKeys.GLOBAL_STEP, reader.get_tensor(step))
        for name in set(self._variables) - set(values):
            values[name] = self._instead(name, values)
        return values

    def _instead(self, name, values):
        if name.endswith("/iterations"):
            return values.get(tf.GraphKeys.GLOBAL_STEP)
        if name.endswith(_STEPS):
            return _MANY
        return values.get(name[: -len(_BIASED)]) if name.endswith(_BIASED) else None


def _constant(value):
    local = [tf.GraphKeys.LOCAL_VARIABLES]
    return tf.Variable(value, trainable=False, collections=local, use_resource=False)
