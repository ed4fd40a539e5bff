"""Rule ``nb_epoch``."""

import pytest

KERAS = "import tfkeras_compat as keras\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("model.fit(x, y, nb_epoch=3)", "model.fit(x, y, epochs=3)"),
        (
            "f().fit(x, nb_epoch=3,  # three\n  verbose=0)",
            "f().fit(x, epochs=3,  # three\n  verbose=0)",
        ),
        (
            "m.fit_generator(g, 9, nb_worker=2, pickle_safe=True, max_q_size=3)",
            "m.fit_generator(g, 9, workers=2, use_multiprocessing=True, max_queue_size=3)",
        ),
        (
            "keras.wrappers.scikit_learn.KerasClassifier(f, nb_epoch=3)",
            "keras.wrappers.scikit_learn.KerasClassifier(f, epochs=3)",
        ),
    ],
)
def test_arguments_of_training_have_their_names_of_keras_2(old, new, check_transformed):
    check_transformed(KERAS + old + "\n", KERAS + new + "\n", "keras2")


@pytest.mark.parametrize(
    "source",
    [
        "model.fit(x, y, nb_epoch=3)\n",
        KERAS + "model.train(x, y, nb_epoch=3)\n",
        KERAS + "model.fit(x, nb_epoch=3, epochs=3)\n",
        KERAS + "class A:\n    def fit(self, nb_epoch): pass\nA().fit(nb_epoch=3)\n",
    ],
)
def test_methods_of_others_stay(source, check_noop):
    check_noop(source, "keras2")
