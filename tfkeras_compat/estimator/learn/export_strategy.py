"""``ExportStrategy``: what an Experiment does to export."""

import collections
import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.arguments import argument_names, call_declared
from tfkeras_compat.estimator.estimator import Estimator

_Fields = collections.namedtuple("_Fields", ["name", "export_fn", "strip_default_attrs"])


class ExportStrategy(_Fields):
    """A function that exports an Estimator, and the directory below ``export`` that it writes to.

    ``export_fn`` takes the Estimator and the path, and of ``checkpoint_path, eval_result,
    strip_default_attrs`` what it declares; it returns the path it wrote.
    """

    def __new__(cls, name, export_fn, strip_default_attrs=None):
        return super().__new__(cls, name, export_fn, strip_default_attrs)

    def export(self, estimator, export_path, checkpoint_path=None, eval_result=None):
        """Calls the function. Raises ConfigError if it takes a result but no checkpoint."""
        names = argument_names(self.export_fn)
        if "eval_result" in names and "checkpoint_path" not in names:
            raise ConfigError(
                "An export_fn accepting eval_result must also accept checkpoint_path."
            )
        return call_declared(
            self.export_fn,
            estimator,
            export_path,
            checkpoint_path=checkpoint_path,
            eval_result=eval_result,
            strip_default_attrs=self.strip_default_attrs,
        )


def make_export_strategy(
    serving_input_fn,
    default_output_alternative_key=None,
    assets_extra=None,
    as_text=False,
    exports_to_keep=5,
    strip_default_attrs=None,
):
    """The strategy ``Servo``: a SavedModel in a directory named by the time; of more than
    ``exports_to_keep`` the oldest are deleted (None keeps all)."""

    def export_fn(estimator, export_dir_base, checkpoint_path=None, strip_default_attrs=False):
        optional = {}
        if not isinstance(estimator, Estimator):
            optional["default_output_alternative_key"] = default_output_alternative_key
        elif default_output_alternative_key is not None:
            raise ConfigError(
                "default_output_alternative_key is not supported in core Estimator. Given: %s"
                % default_output_alternative_key
            )
        exported = estimator.export_savedmodel(
            export_dir_base,
            serving_input_fn,
            assets_extra=assets_extra,
            as_text=as_text,
            checkpoint_path=checkpoint_path,
            strip_default_attrs=bool(strip_default_attrs),
            **optional,
        )
        _delete_oldest(export_dir_base, exports_to_keep)
        return exported

    return ExportStrategy("Servo", export_fn, strip_default_attrs)


def _delete_oldest(directory, count):
    if count is None:
        return
    names = [name.rstrip("/") for name in tf.gfile.ListDirectory(directory)]
    exports = sorted((name for name in names if name.isdigit()), key=int)
    for name in exports[: max(0, len(exports) - count)]:
        tf.gfile.DeleteRecursively(os.path.join(directory, name))
