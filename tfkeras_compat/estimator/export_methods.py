"""The exporting methods of an Estimator."""

import os
import time
from typing import Any

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import export_outputs, signatures
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.training_step import with_updates

# In this order; the first one that is exported writes the variables, which has the most of them.
_TAGS = {ModeKeys.TRAIN: "train", ModeKeys.EVAL: "eval", ModeKeys.PREDICT: "serve"}
_TRAIN_OP_COLLECTION = "saved_model_train_op"  # where TensorFlow's own readers look for it


class ExportMethods:
    """Mixed into ``Estimator``."""

    # What the Estimator has
    config: Any
    latest_checkpoint: Any
    _model_dir: Any
    _session_config: Any
    _warm_start_settings: Any
    _new_graph: Any
    _create_and_assert_global_step: Any
    _call_model_fn: Any

    def export_saved_model(
        self,
        export_dir_base,
        serving_input_receiver_fn,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        experimental_mode=ModeKeys.PREDICT,
    ):
        """Writes a SavedModel into a new directory ``<export_dir_base>/<seconds since 1970>``;
        returns its path, as bytes.

        The graph is what the model function builds for the features of
        ``serving_input_receiver_fn()``, with the weights of ``checkpoint_path`` or the last
        checkpoint; each of its ``export_outputs`` gives a signature. ``assets_extra`` maps names in
        the directory ``assets.extra`` to files that are copied there. The directory appears when
        all is written. Raises ConfigError if there is no receiver, no checkpoint, or a variable is
        not in it.
        """
        if not serving_input_receiver_fn:
            raise ConfigError("An input_receiver_fn must be defined.")
        return self._export_all_saved_models(
            export_dir_base,
            {experimental_mode: serving_input_receiver_fn},
            assets_extra=assets_extra,
            as_text=as_text,
            checkpoint_path=checkpoint_path,
        )

    def export_savedmodel(
        self,
        export_dir_base,
        serving_input_receiver_fn,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        strip_default_attrs=False,
    ):
        """As :meth:`export_saved_model`, by the older name; keeps attributes that have default
        values, unless told otherwise."""
        if not serving_input_receiver_fn:
            raise ConfigError("An input_receiver_fn must be defined.")
        return self._export_all_saved_models(
            export_dir_base,
            {ModeKeys.PREDICT: serving_input_receiver_fn},
            assets_extra=assets_extra,
            as_text=as_text,
            checkpoint_path=checkpoint_path,
            strip_default_attrs=strip_default_attrs,
        )

    def experimental_export_all_saved_models(
        self,
        export_dir_base,
        input_receiver_fn_map,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
    ):
        """As :meth:`export_saved_model`, for the modes of ``input_receiver_fn_map`` in one
        SavedModel: graphs with the tags ``train``, ``eval`` and ``serve`` share its variables.

        Those of training and evaluation have one signature, with loss, predictions and metrics.
        """
        return self._export_all_saved_models(
            export_dir_base,
            input_receiver_fn_map,
            assets_extra=assets_extra,
            as_text=as_text,
            checkpoint_path=checkpoint_path,
        )

    def _export_all_saved_models(
        self,
        export_dir_base,
        input_receiver_fn_map,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        strip_default_attrs=True,
    ):
        modes = [mode for mode in _TAGS if input_receiver_fn_map.get(mode)]
        if not modes:
            raise ConfigError(
                "No valid modes for exporting found. Got %s; one of %s is needed."
                % (sorted(input_receiver_fn_map), sorted(_TAGS))
            )
        checkpoint_path = checkpoint_path or self._checkpoint_to_export()
        folder = _Folder(os.fsdecode(export_dir_base))
        with folder:
            builder = tf.saved_model.Builder(folder.temporary)
            for mode in modes:
                self._add_meta_graph(
                    builder,
                    mode,
                    input_receiver_fn_map[mode],
                    checkpoint_path,
                    save_variables=mode == modes[0],
                    strip_default_attrs=strip_default_attrs,
                )
            builder.save(as_text)
            _copy_assets(assets_extra or {}, folder.temporary)
        return os.fsencode(folder.final)

    def _checkpoint_to_export(self):
        found = self.latest_checkpoint()
        if found:
            return found
        if not self._warm_start_settings:
            raise ConfigError(
                "Couldn't find trained model at %s. Train first, or give the directory that holds "
                "its checkpoints." % self._model_dir
            )
        found = self._warm_start_settings.ckpt_to_initialize_from
        return tf.train.latest_checkpoint(found) if tf.gfile.IsDirectory(found) else found

    def _add_meta_graph(
        self, builder, mode, receiver_fn, checkpoint_path, save_variables, strip_default_attrs
    ):
        with self._new_graph(mode) as graph:
            self._create_and_assert_global_step(graph)
            receiver = receiver_fn()
            labels = getattr(receiver, "labels", None)
            spec = self._call_model_fn(receiver.features, labels, mode, self.config)
            described = {
                "tags": [_TAGS[mode]],
                "signature_def_map": signatures.of(receiver, export_outputs.of_spec(spec), mode),
                "assets_collection": tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
                "main_op": spec.scaffold.local_init_op or tf.train.Scaffold.default_local_init_op(),
                "saver": spec.scaffold.saver or tf.train.Saver(sharded=True),
                "strip_default_attrs": strip_default_attrs,
            }
            if mode == ModeKeys.TRAIN:
                tf.add_to_collection(_TRAIN_OP_COLLECTION, with_updates(spec.train_op))
            with tf.Session(config=self._session_config) as session:
                _restore(session, described["saver"], checkpoint_path, mode)
                if save_variables:
                    builder.add_meta_graph_and_variables(session, **described)
                else:
                    builder.add_meta_graph(**described)


def _restore(session, saver, checkpoint_path, mode):
    try:
        saver.restore(session, checkpoint_path)
    except tf.errors.NotFoundError as error:
        raise ConfigError(
            "Could not load all requested variables from checkpoint. Please make sure your "
            "model_fn does not expect variables that were not saved in the checkpoint.\n\n"
            "Encountered error with mode `%s` while restoring checkpoint from: `%s`:\n\n%s"
            % (mode, checkpoint_path, error)
        ) from error


class _Folder:
    """A context in which a directory is written under a temporary name, which servers do not look
    at; it gets its final one at the end, or is removed after an error."""

    def __init__(self, base):
        version = int(time.time())
        while _is_taken(base, version):  # of several in one second, each gets a name of its own
            version += 1
        self.final, self.temporary = _paths(base, version)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            tf.gfile.Rename(self.temporary, self.final)
        elif tf.gfile.Exists(self.temporary):
            tf.gfile.DeleteRecursively(self.temporary)


def _paths(base, version):
    return os.path.join(base, str(version)), os.path.join(base, "temp-%d" % version)


def _is_taken(base, version):
    return any(tf.gfile.Exists(path) for path in _paths(base, version))


def _copy_assets(assets, directory):
    for name, source in assets.items():
        copy = os.path.join(directory, "assets.extra", os.fsdecode(name))
        tf.gfile.MakeDirs(os.path.dirname(copy))
        tf.gfile.Copy(source, copy)
