"""A conversion: the source is loaded, written as the target, and both are asked the same."""

import os

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.serving.conversion import targets, verification
from tfkeras_compat.serving.conversion.sources import model_in


def convert(
    source,
    target,
    architecture=None,
    generation=None,
    theano_kernels=False,
    data_format=None,
    tolerance=1e-5,
    verify=True,
    safe_mode=True,
):
    """Writes the model in the file ``source`` as ``target``; returns a :class:`Conversion`.

    Args:
        source: a whole model in an HDF5 file, or in a SavedModel of ours; with ``architecture``
            also weights alone, in an HDF5 file or a checkpoint of ``tf.train.Saver``.
        target: the ending says the format: ``.keras``, ``.h5``, ``.hdf5``, ``.pb``, ``.tflite``; a
            folder, without an ending, gets a version of a SavedModel.
        architecture: the path of a JSON or YAML file, as ``model.to_json()`` gives it.
        generation: whose names the variables of a checkpoint have; ``"2.2"`` if not given.
        theano_kernels: whether kernels of convolutions are turned, which a file of Theano's needs
            if it does not say whose it is.
        data_format: how the axes of images are ordered, ``"channels_first"`` as Theano has them or
            ``"channels_last"``, for layers of Keras 1 of which the file does not say it; if not
            given, as everywhere in this process.
        tolerance: how far outputs may differ, for outputs up to 1; relative above.
        verify: whether the target is loaded again and compared with the source.
        safe_mode: whether code in the file is refused.
    Raises: ConfigError for an unknown ending, for options that do not fit together, and for what
    the target can not hold; FileFormatError for a model that can not be computed; what
    :func:`load_model` raises.

    >>> import os, tempfile
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> from tfkeras_compat.serving import convert
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "model.h5")
    ...     Sequential([Dense(2, input_shape=(3,), name="scores")]).save(path)
    ...     convert(path, os.path.join(folder, "frozen.pb")).differs
    False
    """
    _tf.use_graph_mode()
    format_ = targets.format_of(target)
    with tf.Graph().as_default(), tf.Session():
        found = model_in(
            source,
            architecture,
            generation,
            theano_kernels,
            data_format,
            safe_mode,
            format_.is_compiled,
        )
        if os.path.realpath(target) == os.path.realpath(source):
            raise ConfigError("%s is the source: give the target another name." % target)
        expected = (found.outputs or verification.expected(found.model)) if verify else None
        path, told = format_.write(found.model, target)
        conversion = Conversion(path, found.notes + told)
        if not verify:
            return conversion._unverified("you said so")
        try:
            conversion.differences = verification.differences(
                found.model,
                expected,
                lambda arrays: format_.outputs(path, found.model, arrays, safe_mode),
                tolerance,
            )
        except verification.NoVerifier as reason:
            return conversion._unverified(str(reason))
        except verification.Unreadable as reason:
            return conversion._unreadable(str(reason))
    return conversion


class Conversion:
    """What became of a conversion: where the target is, what there is to tell, and by how much its
    outputs differ."""

    def __init__(self, path, notes):
        self.path, self.notes = path, notes
        self.differences = {}  # of each output, by name: (absolute, allowed)
        self._reason = None
        self._failure = None

    def _unverified(self, reason):
        self._reason = reason
        return self

    def _unreadable(self, failure):
        self._failure = failure
        return self

    @property
    def is_verified(self):
        """Whether the target was loaded again, and gave the same."""
        return self._reason is None and not self.differs

    @property
    def differs(self):
        """Whether the target is known to be wrong."""
        return self._failure is not None or bool(self._wrong())

    def _wrong(self):
        return [name for name, (found, most) in self.differences.items() if not found <= most]

    @property
    def told(self):
        """What there is to tell of the target, as text."""
        return "\n".join(self.notes + ["%s written" % self.path])

    @property
    def verdict(self):
        """Whether the target gives the same, as a sentence."""
        if self._reason is not None:
            return "NOT VERIFIED, %s: nobody knows yet whether %s gives the same numbers." % (
                self._reason,
                self.path,
            )
        if self._failure is not None:
            return "NOT THE SAME: %s can not be loaded again: %s" % (self.path, self._failure)
        if self.differs:
            found = ["%s by %.2g" % (name, self.differences[name][0]) for name in self._wrong()]
            return (
                "NOT THE SAME: %s gives other numbers than the source, at output %s; do not use it."
                % (
                    self.path,
                    ", ".join(found),
                )
            )
        most = max(found for found, _ in self.differences.values())
        return "verified: the greatest difference of %d outputs is %.2g" % (
            len(self.differences),
            most,
        )
