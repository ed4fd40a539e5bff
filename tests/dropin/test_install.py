"""``install()`` and ``uninstall()``, each in a process of its own: they change what is imported."""

import os
import subprocess
import sys
import textwrap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

ADD_ON = """
    import importlib
    import keras
    import keras.backend as K
    import tensorflow as tf
    import tensorflow.contrib.learn
    from keras.engine.topology import Layer
    from keras.layers.core import Dense
    from tensorflow.contrib.keras import models
    from tensorflow.keras.layers import Dense as Dense2
    from tensorflow.python import keras as keras2
    from tensorflow.python.framework import ops
    from tensorflow.python.keras.layers import Dense as Dense3

    class Scale(Layer):
        def call(self, x):
            return x * tf.constant(2.0) + K.constant(1.0)

    assert Dense is Dense2 is Dense3 is importlib.import_module("keras.layers").Dense
    assert keras is keras2 is tf.keras and keras.__name__ == "tfkeras_compat"
    assert tf.__name__ == "tfkeras_compat.tensorflow"
    assert ops.__name__ == "tensorflow.python.framework.ops"
"""

SCRIPT = """
    import numpy, sys
    import tensorflow, keras, keras.layers
    import tensorflow.python as below
    theirs = dict(sys.modules)
    attribute, finders = below.keras, len(sys.meta_path)

    import tfkeras_compat
    tfkeras_compat.install()
    again = list(sys.meta_path)
    tfkeras_compat.install()
    assert sys.meta_path == again

    import keras_add_on
    from keras.models import Sequential
    model = Sequential([keras_add_on.Scale(input_shape=(2,))])
    print(model.predict(numpy.array([[1.0, 2.0]])).tolist())
    for name in ("keras.no_such_module", "keras.state", "tensorflow.contrib.boosted_trees"):
        try:
            __import__(name)
            print("found", name)
        except ImportError as error:
            assert name in str(error)
    if "keras.src" in theirs:
        from keras.src import layers  # a part of Keras 3 that its own code imports
        assert layers is theirs["keras.src.layers"]

    tfkeras_compat.uninstall()
    tfkeras_compat.uninstall()
    import keras.layers
    assert keras is theirs["keras"] and keras.layers is theirs["keras.layers"]
    assert below.keras is attribute and "tfkeras_compat" not in below.keras.__name__
    print([name for name in theirs if sys.modules.get(name) is not theirs[name]])
    print([name for name, module in sys.modules.items() if name.split(".")[0] in
           ("keras", "tensorflow") and "tfkeras_compat" in getattr(module, "__name__", "")])
"""


def test_an_add_on_of_keras_runs_after_install_and_uninstall_leaves_nothing_behind(tmp_path):
    (tmp_path / "keras_add_on.py").write_text(textwrap.dedent(ADD_ON))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SCRIPT)],
        capture_output=True,
        text=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join([ROOT, str(tmp_path)])),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["[[3.0, 5.0]]", "[]", "[]"]
