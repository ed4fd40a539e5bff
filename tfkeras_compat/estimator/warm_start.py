"""Starting from the values of another training: which checkpoint, which variables."""

import collections
import os
import re

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.structures import unique

VocabInfo = tf.train.VocabInfo

_Fields = collections.namedtuple(
    "_Fields",
    [
        "ckpt_to_initialize_from",
        "vars_to_warm_start",
        "var_name_to_vocab_info",
        "var_name_to_prev_var_name",
    ],
)


class WarmStartSettings(_Fields):
    """What ``tf.train.warm_start`` is given before the first training.

    ``vars_to_warm_start``: a regular expression for trainable variables, a list of regular
    expressions for all variables (also moving statistics and slots), a list of variables, or None
    for just those with a vocabulary. Raises ConfigError without a checkpoint.

    >>> WarmStartSettings("/tmp/model").vars_to_warm_start
    '.*'
    """

    def __new__(
        cls,
        ckpt_to_initialize_from,
        vars_to_warm_start=".*",
        var_name_to_vocab_info=None,
        var_name_to_prev_var_name=None,
    ):
        if not ckpt_to_initialize_from:
            raise ConfigError(
                "ckpt_to_initialize_from must be set in WarmStartSettings: a directory with "
                "checkpoints, or the path of one."
            )
        return super().__new__(
            cls,
            ckpt_to_initialize_from,
            vars_to_warm_start,
            var_name_to_vocab_info or {},
            var_name_to_prev_var_name or {},
        )


# What layers that normalize call the variables that no gradient trains.
_STATISTICS = re.compile(
    r"(^|/)(moving_(mean|variance|stddev)|running_(mean|std)|renorm_(mean|stddev))(_weight)?$"
)


class WholeModel(WarmStartSettings):
    """The trainable variables and the statistics of normalizations.

    The original leaves the statistics out, and predicts with those of an untrained layer.
    """

    def in_this_graph(self):
        """With its variables; statistics that the checkpoint does not have stay new."""
        saved = {name for name, _ in tf.train.list_variables(self.ckpt_to_initialize_from)}
        statistics = [
            each
            for each in tf.global_variables()
            if _STATISTICS.search(each.op.name) and each.op.name in saved
        ]
        return self._replace(vars_to_warm_start=unique(tf.trainable_variables() + statistics))


class Renamed(WarmStartSettings):
    """The variables that have a name in ``var_name_to_prev_var_name``, as far as a graph has
    them."""

    def in_this_graph(self):
        names = self.var_name_to_prev_var_name
        wanted = [each for each in tf.global_variables() if each.op.name in names]
        return self._replace(
            vars_to_warm_start=wanted,
            var_name_to_prev_var_name={each.op.name: names[each.op.name] for each in wanted},
        )


def settings_of(warm_start_from):
    """The settings that the argument ``warm_start_from`` of an Estimator stands for, or None.

    A path is that of a checkpoint, of a directory of checkpoints, or of a SavedModel; it stands for
    the :class:`WholeModel`. Raises ConfigError for anything else.
    """
    if warm_start_from is None or isinstance(warm_start_from, WarmStartSettings):
        return warm_start_from
    if not isinstance(warm_start_from, (str, bytes)) and not hasattr(warm_start_from, "__fspath__"):
        raise ConfigError(
            "warm_start_from must be a string or a WarmStartSettings, instead got %s"
            % type(warm_start_from)
        )
    path = os.fsdecode(warm_start_from)
    return WholeModel(_variables_of_saved_model(path) or path)


def _variables_of_saved_model(path):
    variables = os.path.join(path, "variables", "variables")
    if not tf.gfile.Exists(variables + ".index"):
        return None
    tf.logging.info("Warm-starting from a SavedModel")
    return variables


def warm_start(settings):
    """Lets the initializers of the current graph's variables read the checkpoint."""
    tf.logging.info("Warm-starting with WarmStartSettings: %s" % (settings,))
    if isinstance(settings, (WholeModel, Renamed)):
        settings = settings.in_this_graph()
    tf.train.warm_start(*settings)
