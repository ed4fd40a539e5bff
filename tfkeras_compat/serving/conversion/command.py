"""The command ``convert``: its arguments, what it prints, its exit status."""

import sys

from tfkeras_compat.errors import CompatError
from tfkeras_compat.legacy.generations import GENERATIONS

_DIFFERENT, _UNUSABLE = 1, 2

TOLERANCE = 1e-5
_DATA_FORMATS = ("channels_first", "channels_last")


def add_arguments(parser):
    """Declares the arguments of the command."""
    parser.add_argument(
        "source",
        help="an HDF5 file of Keras 1, Keras 2 or tf.keras, whole or of weights; a checkpoint of "
        "tf.train.Saver or tf.keras; a folder that export_saved_model wrote",
    )
    parser.add_argument(
        "target",
        help="model.keras for Keras 3, model.h5 for HDF5 as Keras 2.2 writes it, model.pb for a "
        "frozen graph, model.tflite, or a folder (no ending) of SavedModels",
    )
    parser.add_argument(
        "--architecture",
        metavar="FILE",
        help="what model.to_json() or to_yaml() gave, where the source holds only weights",
    )
    parser.add_argument(
        "--generation",
        choices=sorted(GENERATIONS),
        help="whose names the variables of a checkpoint have (default: 2.2)",
    )
    parser.add_argument(
        "--theano-kernels",
        action="store_true",
        help="turn the kernels of convolutions: the weights are Theano's, and the file does not "
        "say so",
    )
    parser.add_argument(
        "--data-format",
        choices=_DATA_FORMATS,
        help="how the axes of images are ordered, where a file of Keras 1 does not say it; "
        "channels_first for Theano (default: as in keras.json, or channels_last)",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=TOLERANCE,
        help="how far outputs may differ, for outputs up to 1; relative above (%(default)s)",
    )
    parser.add_argument(
        "--no-verify",
        dest="verify",
        action="store_false",
        help="do not compare what source and target give for random input",
    )
    parser.add_argument(
        "--trust-files",
        action="store_true",
        help="run the code that the file holds (Lambda layers); only for files you trust",
    )


def main(options):
    """Runs the command; returns the exit status: 0, 1 if the target gives other numbers, or 2 if it
    could not be written."""
    from tfkeras_compat._tf import tf  # loaded when it is needed
    from tfkeras_compat.serving.conversion.converted import convert

    given = {name: value for name, value in vars(options).items() if name in _OPTIONS}
    try:
        conversion = convert(
            options.source, options.target, safe_mode=not options.trust_files, **given
        )
    except (CompatError, OSError, ValueError, tf.errors.OpError) as error:
        print("convert: %s" % " ".join(str(error).split()), file=sys.stderr)
        return _UNUSABLE
    print(conversion.told)
    print(conversion.verdict, file=sys.stdout if conversion.is_verified else sys.stderr)
    return _DIFFERENT if conversion.differs else 0


_OPTIONS = (
    "architecture",
    "generation",
    "theano_kernels",
    "data_format",
    "tolerance",
    "verify",
)
