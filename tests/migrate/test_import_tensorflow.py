"""Rule ``import tensorflow``."""

import pytest

OURS = "import tfkeras_compat.tensorflow as tf\n"
PLAIN = "import tensorflow.compat.v1 as tf\n"
SWITCH = "tf.disable_v2_behavior()\n"
TFC = "import tfkeras_compat.tensorflow as tfc\n"


@pytest.mark.parametrize(
    "old, new",
    [
        (OURS + "tf.constant(1)\n", PLAIN + SWITCH + "tf.constant(1)\n"),
        (
            OURS + "tf.nn.relu(tf.layers.dense(x, 2))  # tf.layers\n",
            PLAIN + TFC + SWITCH + "tf.nn.relu(tfc.layers.dense(x, 2))  # tf.layers\n",
        ),
        (
            OURS + "c = tf.nn.rnn_cell.GRUCell(2), tf.contrib.rnn, tf.keras, tf.Graph()\n",
            PLAIN + TFC + SWITCH
            + "c = tfc.nn.rnn_cell.GRUCell(2), tfc.contrib.rnn, tfc.keras, tf.Graph()\n",
        ),
        # A class of ours knows every kind of variable; to make one is TensorFlow's.
        (
            OURS + "isinstance(x, tf.Variable) or tf.Variable(1)\n",
            PLAIN + TFC + SWITCH + "isinstance(x, tfc.Variable) or tf.Variable(1)\n",
        ),
        (
            "import numpy as np, tfkeras_compat.tensorflow as tf  # both\ntf.abs(1)\n",
            "import tensorflow.compat.v1 as tf, numpy as np  # both\n" + SWITCH + "tf.abs(1)\n",
        ),
        (
            OURS + "tfc = tf.layers, tf.abs\n",
            PLAIN + TFC.replace("tfc", "tf_compat") + SWITCH + "tfc = tf_compat.layers, tf.abs\n",
        ),
        (
            OURS + "tf.disable_v2_behavior()\n",
            PLAIN + "tf.disable_v2_behavior()\n",
        ),
        (
            "def f():\n    import tfkeras_compat.tensorflow as tf\n    return tf.abs\n",
            "def f():\n    " + PLAIN + "    " + SWITCH + "    return tf.abs\n",
        ),
        (
            "from tfkeras_compat.tensorflow import layers, abs, Variable\n",
            "from tfkeras_compat.tensorflow import layers, Variable\n"
            "from tensorflow.compat.v1 import abs, disable_v2_behavior\ndisable_v2_behavior()\n",
        ),
        (
            OURS + "from tfkeras_compat.tensorflow.train import Saver\ntf.abs\n",
            PLAIN + SWITCH + "from tensorflow.compat.v1.train import Saver\ntf.abs\n",
        ),
    ],
)  # fmt: skip
def test_names_are_those_of_compat_v1_and_ours_for_the_others(old, new, check_transformed):
    check_transformed(old, new, "compat.v1")


@pytest.mark.parametrize(
    "source",
    [
        OURS + "tf.layers.dense(x, 2)\n",
        OURS + "getattr(tf, name)(tf.abs(x))\n",
        OURS + "tf = f(tf.abs)\n",
        "from tfkeras_compat.tensorflow import *\n",
        "from tfkeras_compat.tensorflow.contrib import slim\n",
        "from tfkeras_compat.tensorflow.python.framework import graph_util\n",
    ],
)
def test_where_a_name_may_be_anything_or_all_is_ours_it_stays(source, check_noop):
    check_noop(source, "compat.v1")
