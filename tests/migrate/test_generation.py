"""The generation that a program was written for."""

import ast

import pytest

from tfkeras_compat.migrate.generation import deciding, signs_of


def generation_of(sources):
    return deciding(sign for path, tree in sources for sign in signs_of(path, tree))


@pytest.mark.parametrize(
    "source, generation, spelling",
    [
        ("import keras", "2.2", "import keras"),
        ("from keras.layers import Dense, MaxoutDense", "1.2", "MaxoutDense"),
        ("import keras\nmodel.fit(x, y, nb_epoch=3)", "1.2", "nb_epoch"),
        ("from keras.layers import Dense\nDense(output_dim=3)", "1.2", "output_dim"),
        (
            "from keras.layers import Embedding\nEmbedding(9, output_dim=3)",
            "2.2",
            "import keras.layers",
        ),
        ("import keras\nlayer(nb_epoch=3)\ndf.merge(other)", "2.2", "import keras"),
        # One spelling that Keras 1 does not know outweighs all that Keras 2 still accepts.
        ("import keras\nm.fit(x, nb_epoch=3)\nkeras.layers.Conv2D(3, (2, 2))", "2.2", "Conv2D"),
        ("import keras.backend as K\nK.image_dim_ordering()", "1.2", "image_dim_ordering"),
        ("from keras.utils.visualize_util import plot", "1.2", "visualize_util"),
        ("import tensorflow as tf\ntf.keras.layers.Dense(3)", "tf.keras", "tf.keras.layers.Dense"),
        ("from tensorflow import keras", "tf.keras", "tensorflow.keras"),
        ("from tensorflow.contrib.keras import layers", "tf.keras", "tensorflow.contrib.keras"),
        ("import keras\nfrom tensorflow.python.keras import layers", "2.2", "import keras"),
    ],
)  # fmt: skip
def test_imports_and_spellings_tell_the_generation(source, generation, spelling):
    sign = generation_of([("script.py", ast.parse(source))])
    assert (sign.generation, sign.spelling) == (generation, spelling)


def test_a_program_without_keras_has_none_and_the_place_of_a_sign_is_told():
    assert generation_of([("a.py", ast.parse("import tensorflow as tf\nf(nb_epoch=3)"))]) is None
    modules = [("a.py", ast.parse("import keras")), ("b.py", ast.parse("\nm.fit(nb_epoch=3)"))]
    sign = generation_of(modules)
    assert (sign.path, sign.line) == ("b.py", 2)
