"""Rule ``own modules``: what a module of the program hands on is imported from where it is."""

import os
import pathlib

import pytest
import warm_processes

from tfkeras_compat import _tf
from tfkeras_compat.__main__ import main
from tfkeras_compat.migrate import outcomes
from tfkeras_compat.migrate.handed_on import HandedOn
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.programs import programs_of

ROOT = os.path.dirname(os.path.dirname(_tf.__file__))
NAMES = {
    "K": "keras.backend",
    "C": "keras.layers.Conv2D",
    "tf": "tensorflow",
    "keras": "tensorflow.keras",
    "np": "numpy",
}
COMMON = HandedOn(NAMES, ("keras.layers",))
OWN = Program(own={"common": COMMON, ".common": COMMON, "nets.common": COMMON, ".": COMMON})
K = "from tfkeras_compat import backend as K\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("from common import f, K  # both\n", "from common import f  # both\n" + K),
        ("from common import K\n", "import common\n" + K),
        ("import common\nfrom common import K\n", "import common\n" + K),
        ("from nets.common import K\n", "import nets.common\n" + K),
        ("from .common import K\n", "from . import common\n" + K),
        ("from . import K\n", K),
        (
            "from common import tf as t, keras\n",
            "import common\nimport tfkeras_compat.tensorflow as t\n"
            "import tfkeras_compat as keras\n",
        ),
        (
            "from common import C as D, Dense\n",
            "import common\nfrom tfkeras_compat.layers import Conv2D as D\n"
            "from tfkeras_compat.layers import Dense\n",
        ),
        ("from common import *\nK.epsilon()\n", "from common import *\n" + K + "K.epsilon()\n"),
        (
            "from .common import *\nLSTM(f(3))\n",
            "from .common import *\nfrom tfkeras_compat.layers import LSTM\nLSTM(f(3))\n",
        ),
        (
            "import common as c\nc.K.epsilon(c.f)\n",
            "import common as c\n" + K + "K.epsilon(c.f)\n",
        ),
        (
            "def f(K):\n    from nets import common\n    return common.K.epsilon()\n",
            "def f(K):\n    from nets import common\n"
            "    from tfkeras_compat import backend as common_K\n    return common_K.epsilon()\n",
        ),
    ],
)
def test_names_of_libraries_are_imported_from_there(old, new, check_transformed):
    check_transformed(old, new, "keras2", OWN)


@pytest.mark.parametrize(
    "source",
    [
        "from common import f, np\nf(np.ones(3))\n",
        "from common import *\nf(np.ones(3))\n",
        "import common\ncommon.f(common.np)\ncommon.K = 3\n",
        "from common import K\ncommon = 3\n",  # the module could not be imported by its name
        "import common\nK = common_K = 3\ncommon.K.epsilon()\n",
        "from other import K\nK.epsilon()\n",
    ],
)
def test_others_stay(source, check_noop):
    check_noop(source, "keras2", OWN)


def test_a_module_by_itself_stays(check_noop):
    check_noop("from common import *\nfrom common import K\nK.epsilon()\n", "keras2")


def written(folder, sources):
    for name, source in sources.items():
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    return [str(folder.joinpath(*name.split("/"))) for name in sources]


def test_what_is_handed_on_is_followed_through_modules_stars_and_packages(tmp_path):
    paths = written(
        tmp_path,
        {
            "script.py": "from nets import *\n",
            "nets/__init__.py": "from .base import *\nfrom .base import _hidden\nimport json\n",
            "nets/base.py": "from .deep import E, Dense\nfrom keras import backend as K\n"
            "from keras.layers import *\nfrom .deep import other\nfrom keras import optimizers\n"
            "import keras as _hidden\n\n\ndef optimizers():\n    from keras import losses\n",
            "nets/deep.py": "from . import base\nfrom .base import *\n"
            "from keras.layers import Embedding as E, Dense\nother = 3\nDense = 4\n",
        },
    )
    own = programs_of(paths, outcomes.module_at)[paths[0]].own
    assert own == {
        "nets": HandedOn(
            {
                "E": "keras.layers.Embedding",
                "K": "keras.backend",
                "_hidden": "keras",
                "json": "json",
            },
            ("keras.layers",),
        )
    }


def test_a_list_of_names_says_what_a_star_brings_and_keeps_them(tmp_path):
    sources = {
        "script.py": "from middle import *\nConvolution2D(3, 3, 3)\nK.epsilon()\n",
        "middle.py": "from first import *\n",
        "first.py": "from keras.layers import Convolution2D\nfrom keras import backend as K\n"
        "__all__ = ['Convolution2D']\n",
    }
    paths = written(tmp_path, sources)
    assert main(["migrate", str(tmp_path), "--to", "keras2"]) == 0
    script, _, first = [pathlib.Path(path).read_text() for path in paths]
    assert script.endswith(
        "from middle import *\nfrom tfkeras_compat.layers import Conv2D\n"
        "Conv2D(3, (3, 3))\nK.epsilon()\n"
    )
    assert first.startswith("from tfkeras_compat.layers import Convolution2D\n")


PROGRAM = {
    "train.py": """from nets import blocks
from nets.common import *
import nets.common as common
from nets import model_of

x = Input(shape=(4, 4, 1))
y = blocks.block(x)
y = common.Convolution2D(1, 2, 2, border_mode="valid", init="one")(y)
y = Activation("relu")(y)
model = model_of(x, Flatten()(y))
model.compile(loss="mse", optimizer="sgd")
data = np.ones((2, 4, 4, 1))
target = np.zeros((2, 4))
model.fit(data, target, nb_epoch=1, verbose=0)
print(np.round(model.predict(data, verbose=0), 4).tolist())
""",
    "nets/__init__.py": "from .common import Model\n\n\n"
    "def model_of(x, y):\n    return Model(input=x, output=y)\n",
    "nets/common.py": "import numpy as np\nfrom keras.layers import *\n"
    "from keras.models import Model\nfrom keras.layers import Convolution2D\n",
    "nets/blocks.py": "from .common import Convolution2D as Conv\n\n\ndef block(x):\n"
    '    return Conv(2, 2, 2, border_mode="valid", init="one", subsample=(1, 1))(x)\n',
}


@pytest.mark.either_end
@pytest.mark.parametrize("step", ["keras2", "compat.v1", "keras3"])
def test_a_program_whose_modules_share_imports_goes_on_as_before(tmp_path, step):
    script = written(tmp_path, PROGRAM)[0]
    before = warm_processes.run(["-m", "tfkeras_compat", "run", script])
    assert before.returncode == 0, before.stderr
    assert main(["migrate", str(tmp_path), "--to", step]) == 0
    after = warm_processes.run([script], env=dict(os.environ, PYTHONPATH=ROOT))
    assert after.returncode == 0, after.stderr
    assert after.stdout == before.stdout
    assert main(["migrate", str(tmp_path), "--to", step, "--check"]) == 0
    text = "".join(path.read_text() for path in tmp_path.rglob("*.py"))
    for old in ("Convolution2D", "border_mode", "nb_epoch", "subsample"):
        assert old not in text
