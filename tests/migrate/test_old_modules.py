"""Rule ``old modules``."""

import pytest


@pytest.mark.parametrize(
    "old, new",
    [
        (
            "from tfkeras_compat.layers.core import (Dense,  # core\n    Merge)\n",
            "from tfkeras_compat.layers import (Dense,  # core\n    Merge)\n",
        ),
        ("from tfkeras_compat.objectives import mse\n", "from tfkeras_compat.losses import mse\n"),
        (
            "from tfkeras_compat import objectives, layers\nobjectives.mse\n",
            "from tfkeras_compat import losses as objectives, layers\nobjectives.mse\n",
        ),
        (
            "from tfkeras_compat.engine import Model, Layer as L, merge\n",
            "from tfkeras_compat.models import Model\n"
            "from tfkeras_compat.layers import Layer as L, merge\n",
        ),
        (
            "import tfkeras_compat.objectives as o\n",
            "import tfkeras_compat.losses as o\n",
        ),
        (
            "import tfkeras_compat as k\nk.layers.core.Dense(3)\nk.objectives.mse\n",
            "import tfkeras_compat as k\nk.layers.Dense(3)\nk.losses.mse\n",
        ),
    ],
)
def test_names_are_imported_from_where_keras_2_has_them(old, new, check_transformed):
    check_transformed(old, new, "keras2")


@pytest.mark.parametrize(
    "source",
    [
        "from tfkeras_compat.layers import Dense\n",
        "from tfkeras_compat.layers.core import *\n",
        "from tfkeras_compat.engine.topology import _to_snake_case\n",
        "from .layers.core import Dense\nfrom layers.core import Dense\n",
        "from tfkeras_compat.utils import np_utils\nnp_utils.to_categorical\n",
        "k = f()\nk.layers.core.Dense(3)\n",
    ],
)
def test_others_stay(source, check_noop):
    check_noop(source, "keras2")
