"""The rules there are, in the order in which they are applied."""

from typing import List

from tfkeras_compat.aliases import translated
from tfkeras_compat.legacy import python_2
from tfkeras_compat.legacy.modules import ROOTS
from tfkeras_compat.migrate.atrous_convolution import AtrousConvolution
from tfkeras_compat.migrate.generation_line import GenerationLine
from tfkeras_compat.migrate.image_dim_ordering import ImageDimOrdering
from tfkeras_compat.migrate.import_tensorflow import ImportTensorFlow
from tfkeras_compat.migrate.imports import Imports
from tfkeras_compat.migrate.imports_by_name import ImportsByName
from tfkeras_compat.migrate.input_length import InputLength
from tfkeras_compat.migrate.leave_for_keras_3 import LeaveForKeras3
from tfkeras_compat.migrate.merge import MergeClass, MergeFunction
from tfkeras_compat.migrate.nb_epoch import NbEpoch
from tfkeras_compat.migrate.nb_row import NbRow
from tfkeras_compat.migrate.old_arguments import OldArguments
from tfkeras_compat.migrate.old_modules import OldModules
from tfkeras_compat.migrate.old_names import OldNames
from tfkeras_compat.migrate.own_modules import OwnModules
from tfkeras_compat.migrate.python_2_division import Division, DivisionInPlace
from tfkeras_compat.migrate.python_2_modules import ModulesOfPython2
from tfkeras_compat.migrate.python_2_names import NamesOfPython2
from tfkeras_compat.migrate.python_2_strings import Codecs, CodecsInText
from tfkeras_compat.migrate.python_2_syntax import SyntaxOfPython2
from tfkeras_compat.migrate.rule import DROP_IN, FROM_PYTHON_2, PYTHON_2, STEPS, Rule
from tfkeras_compat.migrate.samples_per_epoch import SamplesPerEpoch
from tfkeras_compat.migrate.tensorflow_arguments import TensorFlow0Arguments
from tfkeras_compat.migrate.tensorflow_names import TensorFlow0
from tfkeras_compat.migrate.time_distributed_dense import TimeDistributedDense
from tfkeras_compat.migrate.whole_division import WholeDivision

_IMPORTS = Imports(
    "imports",
    DROP_IN,
    translated,
    ROOTS.__contains__,
    "keras and tensorflow are imported from tfkeras_compat",
)

RULES: List[Rule] = [
    _IMPORTS,
    ImportsByName(),
    GenerationLine(),
    Imports(
        "imports of Python 2",
        PYTHON_2,
        python_2.translated,
        python_2.translated,
        "modules that Python 3 has renamed are found under their old names",
    ),
    Division(),
    DivisionInPlace(),
    Codecs(),
    SyntaxOfPython2(),
    ModulesOfPython2(),
    WholeDivision(),
    CodecsInText(),
    NamesOfPython2(),
    OwnModules(_IMPORTS),
    NbRow(),
    InputLength(),
    OldArguments(),
    NbEpoch(),
    SamplesPerEpoch(),
    MergeFunction(),
    MergeClass(),
    TimeDistributedDense(),
    AtrousConvolution(),
    ImageDimOrdering(),
    OldNames(),
    OldModules(),
    TensorFlow0Arguments(),
    TensorFlow0(),
    ImportTensorFlow(),
    LeaveForKeras3(),
]


def rules_of(*steps: str) -> List[Rule]:
    """The rules that belong to one of ``steps``.

    >>> [rule.name for rule in rules_of("drop-in")]
    ['imports', 'imports by name', 'generation']
    """
    return [rule for rule in RULES if set(steps) & set(rule.steps)]


def rules_up_to(step: str) -> List[Rule]:
    """The rules of a step and of those before it; from ``keras2`` on with those of Python 2.

    >>> len(rules_up_to("drop-in")) < len(rules_up_to("keras2")) < len(rules_up_to("compat.v1"))
    True
    """
    steps = STEPS[: STEPS.index(step) + 1]
    return rules_of(*steps, *([FROM_PYTHON_2] if len(steps) > 1 else []))
