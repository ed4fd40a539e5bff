"""Libraries that know nothing of us use Keras 3 and TensorFlow 2 beside a program in graph mode."""

import importlib
import inspect
import sys
import textwrap
import threading

import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.dropin.folder import FolderFinder
from tfkeras_compat.dropin.other_libraries import OtherLibraries

pytestmark = [
    pytest.mark.skipif(_tf.VERSION < (2, 0), reason="there is no Keras 3 for TensorFlow 1.15"),
    pytest.mark.filterwarnings("ignore"),
]
LIBRARY = {
    "__init__": "from a_library.interface import *\n",
    "core": """
        import keras
        import numpy as np
        import tensorflow as tf

        X = np.ones((4, 2), "float32")
        AT_IMPORT = tf.constant([1, 2]) + 1

        class Scaled(keras.layers.Layer):
            def build(self, input_shape):
                self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones")

            def call(self, inputs, training=False):
                return self.scale * inputs

            @property
            def mode(self): return tf.executing_eagerly()

            @staticmethod
            def of_class(): return tf.executing_eagerly()

        def doubled_if_positive(x):
            if tf.reduce_sum(x) > 0:
                return x * 2
            return x

        @tf.function
        def stepped(x):
            return doubled_if_positive(x) + 1

        def built():
            inputs = keras.Input((2,))
            hidden = keras.layers.BatchNormalization()(Scaled()(inputs))
            return keras.Model(inputs, keras.layers.Dense(1)(hidden))

        def by_tape():
            x = tf.Variable(3.0)
            with tf.GradientTape() as tape:
                y = x * x
            return float(tape.gradient(y, x))

        def read_by_dataset():
            rows = tf.data.Dataset.from_tensor_slices(np.arange(4)).map(lambda x: x + 1).batch(2)
            return [batch.numpy().tolist() for batch in rows]

        def of_shapes_and_equality():
            x = tf.constant([[1, 2]])
            return type(x.shape[1]), (x == tf.constant([[1, 3]])).numpy().tolist()

        def called(function, *given): return function(*given), tf.executing_eagerly()

        def called_with_a_tensor(function): return function(AT_IMPORT)

        def called_in_a_trace(function):
            return tf.function(lambda: tf.constant(function()))().numpy()

        def used(model): return model.fit(X, X[:, :1], verbose=0).epoch, tf.executing_eagerly()

        def mode_and(x): return tf.executing_eagerly(), x

        def modes():
            yield tf.executing_eagerly()
        """,
    "interface": """
        import threading
        import concurrent.futures
        from a_library.core import *
        from a_library.core import stepped as _stepped

        def learned(x, y):
            model = built()
            model.compile("adam", "mse", metrics=["mae"])
            history = model.fit(x, y, epochs=2, validation_split=0.5, verbose=0).history
            return model, len(history["val_mae"])

        def compiled(): return _stepped(AT_IMPORT).numpy().tolist()

        def in_threads():
            found = []
            thread = threading.Thread(target=lambda: found.append(by_tape()))
            thread.start()
            thread.join()
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                return found + [pool.submit(lambda: AT_IMPORT.numpy().sum() + by_tape()).result()]
        """,
    "plain": "import tensorflow as tf\ndef mode(): return tf.executing_eagerly()\n",
}
PROGRAM = """
    import tensorflow as tf
    from keras.layers import Dense
    from keras.models import Sequential

    def mode(*given): return tf.executing_eagerly()

    def is_traced(): return tf.get_default_graph().building_function

    def in_a_library(library): return library.by_tape(), mode()

    def learned(x):
        model = Sequential([Dense(1, input_dim=2)])
        model.compile("sgd", "mse")
        model.fit(x, x[:, :1], verbose=0)
        return model.output.graph is tf.get_default_graph(), model.output.shape[1].value, mode()
    """
X = np.linspace(-1, 1, 8).reshape(4, 2).astype("float32")


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Imports a library as a program does; options are those of ``OtherLibraries``."""
    installed = []
    (tmp_path / "a_library").mkdir()
    for name, source in LIBRARY.items():
        (tmp_path / "a_library" / (name + ".py")).write_text(textwrap.dedent(source))
    monkeypatch.syspath_prepend(str(tmp_path))

    def imported(**options):
        finder = OtherLibraries(**options)
        finder.install()
        installed.append(finder)
        import a_library.plain

        return a_library

    yield imported
    for finder in installed:
        finder.uninstall()
    for name in [name for name in sys.modules if name.startswith("a_library")]:
        del sys.modules[name]


def test_a_model_of_keras_3_is_built_trained_and_used_and_the_programs_graph_is_left_alone(
    library, tmp_path
):
    a_library = library()
    placeholder = tf.placeholder(tf.float32, [None, 2], name="mine")
    before = len(placeholder.graph.get_operations())
    with tf.name_scope("scope"), tf.device("/cpu:0"), tf.Session() as session:
        model, epochs = a_library.learned(X, X[:, :1])
        predicted = model.predict(X, verbose=0)  # by the program itself
        model.save(str(tmp_path / "model.keras"))
        assert len(placeholder.graph.get_operations()) == before
        assert (epochs, predicted.shape, len(model.get_weights())) == (2, (4, 1), 7)
        np.testing.assert_allclose(np.array(model(X)), predicted, rtol=1e-5)
        assert not tf.executing_eagerly() and tf.get_default_session() is session
        doubled = placeholder * 2
        assert session.run(doubled, {placeholder: X}).tolist() == (2 * X).tolist()
    assert placeholder.shape[1].value == 2 and placeholder == placeholder


def test_plain_tensorflow_2_works_in_it_and_in_its_threads(library):
    a_library = library()
    assert a_library.AT_IMPORT.numpy().tolist() == [2, 3]
    assert a_library.by_tape() == 6.0 and a_library.compiled() == [5, 7]
    assert a_library.read_by_dataset() == [[1, 2], [3, 4]]
    assert a_library.of_shapes_and_equality() == (int, [[True, False]])
    assert a_library.in_threads() == [6.0, 11.0]
    found = []
    thread = threading.Thread(target=lambda: found.append((a_library.by_tape(), _is_eager())))
    thread.start()
    thread.join()
    assert found == [(6.0, False)]  # a thread of the program


def _is_eager():
    return tf.executing_eagerly()


def test_our_models_work_between_its_calls(library):
    a_library = library()
    model = keras.models.Sequential([keras.layers.Dense(1, input_dim=2)])
    model.compile("sgd", "mse")
    before = model.predict(X)
    theirs, _ = a_library.learned(X, X[:, :1])
    np.testing.assert_array_equal(model.predict(X), before)
    model.fit(X, theirs.predict(X, verbose=0), verbose=0)
    assert a_library.Scaled().mode and a_library.Scaled.of_class()


def test_a_call_with_a_tensor_of_the_programs_graph_belongs_there(library):
    a_library = library()
    placeholder = tf.placeholder(tf.float32, [])
    assert a_library.mode_and(placeholder) == (False, placeholder)
    assert a_library.mode_and(1.0) == (True, 1.0)
    assert list(a_library.modes()) == [False]  # a generator runs between calls


@pytest.fixture
def program(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a_program.py").write_text(textwrap.dedent(PROGRAM))
    finder = FolderFinder(str(folder))
    finder.install()
    yield importlib.import_module("a_program")
    finder.uninstall()
    del sys.modules["a_program"]


def test_a_function_of_the_program_is_called_back_in_its_own_mode(library, program):
    a_library = library()
    assert a_library.called(program.mode) == (False, True)
    assert a_library.called(program.learned, X) == ((True, 1, False), True)
    assert a_library.called(program.in_a_library, a_library) == ((6.0, False), True)
    assert a_library.called(program.mode.__get__(3)) == (False, True)  # a method


def test_a_function_that_is_part_of_what_a_library_computes_stays_in_the_librarys_mode(
    library, program
):
    a_library = library()
    assert a_library.called_with_a_tensor(program.mode)
    assert a_library.called_in_a_trace(program.is_traced)
    assert a_library.called(a_library.modes)[1] and a_library.called(_is_eager) == (True, True)


def test_a_library_can_use_a_model_of_the_program(library):
    model = keras.models.Sequential([keras.layers.Dense(1, input_dim=2)])
    model.compile("sgd", "mse")
    assert library().used(model) == ([0], True)


def test_what_shows_no_use_of_keras_3_is_left_alone_but_for_packages_that_are_named(library):
    assert not library().plain.mode()


def test_a_named_package_is_eager_without_a_sign(library):
    assert library(eager=["a_library"]).plain.mode()


def test_packages_can_be_left_out(library):
    a_library = library(no_eager=["a_library", "keras"])
    assert a_library.mode_and(0) == (False, 0) and isinstance(a_library.AT_IMPORT.op.name, str)


def test_who_reads_signatures_finds_those_of_functions_and_of_what_layers_are_asked(library):
    a_library = library()
    assert inspect.getfullargspec(a_library.mode_and).args == ["x"]
    assert inspect.getfullargspec(a_library.Scaled.call).args == ["self", "inputs", "training"]


def test_all_is_taken_back(library):
    start = threading.Thread.start
    library()
    theirs = sys.modules["keras"]
    fit, a_library = theirs.Model.fit, sys.modules["a_library.core"]
    (finder,) = [each for each in sys.meta_path if isinstance(each, OtherLibraries)]
    finder.uninstall()
    assert a_library.mode_and(0) == (False, 0) and threading.Thread.start is start
    assert theirs.Model.fit is fit.__wrapped__ and sys.modules["a_library.core"] is a_library
    finder.install()
