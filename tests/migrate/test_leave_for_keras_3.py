"""Rule ``keras3``: what leaves, what does not, and that what leaves gives the same numbers."""

import os

import pytest
import warm_processes

from tfkeras_compat import _tf
from tfkeras_compat.legacy import keras_3
from tfkeras_compat.migrate import journey
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.rules import rules_up_to

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STEP = "keras3"
MODELS = "from tfkeras_compat.models import Sequential\n"


@pytest.mark.parametrize(
    "old, new",
    [
        (
            "import tfkeras_compat as keras, json\nkeras.layers.Dense(3)  # dense\n",
            "import keras, json\nkeras.layers.Dense(3)  # dense\n",
        ),
        (
            "from tfkeras_compat import layers as l\nimport tfkeras_compat.datasets.mnist as m\n"
            "l.LeakyReLU(alpha=0.2), m.load_data()\n",
            "from keras import layers as l\nimport keras.datasets.mnist as m\n"
            "l.LeakyReLU(negative_slope=0.2), m.load_data()\n",
        ),
        (
            "from tfkeras_compat.optimizers import SGD\nmodel.compile(SGD(lr=0.1), 'mse')\n"
            "model.fit(x, verbose=0)\n",
            "from keras.optimizers import SGD\nmodel.compile(SGD(learning_rate=0.1), 'mse')\n"
            "model.fit(x, verbose=0)\n",
        ),
    ],
)
def test_a_program_all_of_which_keras_3_has_leaves(old, new, check_transformed):
    check_transformed(old, new, STEP)


@pytest.mark.parametrize(
    "line, mark",
    [
        ("K.learning_phase()", "K.learning_phase: " + keras_3.REASONS["backend.learning_phase"]),
        ("K.sum(x)", "K.sum: " + keras_3.REASONS["backend"]),
        ("layer.updates", "updates: " + keras_3.ATTRIBUTES["updates"]),
        ("model.fit(x, y)", "fit: " + keras_3.VERBOSE),
        ("model.compile('rmsprop')", "rmsprop: " + keras_3.COMPILE["rmsprop"]),
        ("L.Dense(3, weights=w)", "weights: " + keras_3.HINDERING_ARGUMENTS["weights"]),
        ("L.LSTM(3)", "L.LSTM: " + keras_3.REASONS["layers.LSTM"]),
        ("f(L)", "L: " + keras_3.REASONS[""]),
        ("tf.layers.dense(x)", "tf.layers.dense: " + keras_3.REASONS["tensorflow.layers"]),
    ],
)
def test_what_can_not_leave_is_marked_once_with_the_reason(line, mark, check_transformed):
    head = (
        "import tfkeras_compat.tensorflow as tf\nfrom tfkeras_compat import backend as K\n"
        "from tfkeras_compat import layers as L\n"
    )
    source = head + "if x:\n    %s  # here\n    %s\n" % (line, line)
    marked = source.replace("    " + line, "    # keras3: %s\n    %s" % (mark, line), 1)
    check_transformed(source, marked, STEP)


@pytest.mark.parametrize(
    "source, program",
    [
        (MODELS + "Sequential()\n", Program(generation="1.2")),
        ("import tensorflow.compat.v1 as tf\ntf.layers, x.updates\n", Program()),
        ("import numpy\nmodel.fit(x)\n", Program()),
    ],
)
def test_a_program_of_another_generation_and_one_without_keras_stays(source, program, check_noop):
    check_noop(source, STEP, program)


LEAVING = """
import numpy as np
import keras
from keras.layers import Convolution2D, Dense, Flatten, Input, LeakyReLU, merge
from keras.models import Model
from keras.optimizers import Adam
from keras.preprocessing.sequence import pad_sequences

x = Input(shape=(4, 4, 1))
features = Convolution2D(2, (3, 3), border_mode="same", activation="tanh")(x)
flat = Flatten()(features)
both = merge([LeakyReLU(alpha=0.2)(flat), flat], mode="concat")
model = Model(inputs=x, outputs=keras.layers.Dense(1, init="uniform")(both))
model.compile(Adam(lr=0.01), "mse")
model.set_weights([np.linspace(-.5, .5, w.size).reshape(w.shape) for w in model.get_weights()])
data = np.linspace(-1, 1, 64).reshape(4, 4, 4, 1)
history = model.fit(data, data[:, 0, 0], batch_size=4, epochs=3, verbose=0)
print(["%.3f" % loss for loss in history.history["loss"]])
print(["%.3f" % each for each in model.predict(data, verbose=0).ravel()])
print(pad_sequences([[1], [2, 3]], maxlen=3).tolist())
"""


def test_a_program_that_left_prints_the_same_with_keras_3(tmp_path):
    if _tf.VERSION < (2, 0):
        pytest.skip("there is no Keras 3 for TensorFlow 1.15")
    rules = rules_up_to(STEP)
    text = journey.migrated(LEAVING, rules)
    assert "tfkeras_compat" not in text and journey.migrated(text, rules) == text
    (tmp_path / "old.py").write_text(LEAVING)
    (tmp_path / "left.py").write_text(text)
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=ROOT)
    printed = [
        warm_processes.run(arguments, env=environment, cwd=str(tmp_path), timeout=120)
        for arguments in (["-m", "tfkeras_compat", "run", "old.py"], ["left.py"])
    ]
    assert printed[0].stdout == printed[1].stdout != "", [each.stderr for each in printed]
