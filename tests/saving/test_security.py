"""Bad input, row by row: what is known to be done to model files and downloads, and its tests.

Most of the tests lie where the thing does. Here are those that go through several rooms, above all
that the safe way is the default in every one that reads a file.
"""

import base64
import json
import marshal
import os
import re
import signal

import h5py
import numpy as np
import pytest

import tfkeras_compat as keras
import tfkeras_compat.tensorflow as legacy_tf
from tfkeras_compat import backend as K
from tfkeras_compat import (
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
)
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks import ModelCheckpoint, TerminateOnNaN
from tfkeras_compat.errors import (
    CompatError,
    ConfigError,
    FileFormatError,
    FullDiskError,
    GraphError,
    SessionError,
    ShapeError,
    UnsafeConfigError,
)
from tfkeras_compat.layers import Dense, Input, Lambda
from tfkeras_compat.models import (
    Model,
    Sequential,
    load_model,
    model_from_config,
    model_from_json,
    model_from_yaml,
)
from tfkeras_compat.serving.conversion.converted import convert

resource = pytest.importorskip("resource", reason="limits of files exist on Unix only")

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Attack or fault: files of tests, and some of the tests in each.
ROWS = {
    "Lambda with bytecode": {
        "saving/test_security.py": [
            "test_foreign_bytecode_is_refused_wherever_a_model_is_read",
            "test_bytecode_of_another_python_gives_a_clear_message",
            "test_foreign_bytecode_is_found_wherever_it_hides",
        ],
        "saving/test_model_file.py": ["test_a_lambda_of_another_process_is_refused_unless_trusted"],
        "state/test_bytecode.py": ["test_bytecode_of_another_process_is_refused_here"],
    },
    "config naming any module and function": {
        "saving/test_security.py": [
            "test_no_name_in_a_configuration_is_imported",
            "test_no_name_in_what_a_model_was_compiled_with_is_imported",
        ],
        "saving/test_config.py": ["test_names_in_arguments_are_never_imported_either"],
    },
    "YAML models": {
        "saving/test_config.py": ["test_yaml_that_asks_for_objects_is_refused_and_nothing_runs"],
    },
    "get_file with archives": {
        "utils/test_files.py": [
            "test_an_archive_that_leads_out_of_its_folder_writes_nothing",
            "test_so_does_a_zip_file",
            "test_a_link_in_a_zip_file_is_none_when_it_is_unpacked",
            "test_a_download_that_leads_out_of_its_folder_is_refused",
        ],
    },
    "pickled arrays and data sets": {
        "datasets/test_unpickling.py": ["test_nothing_that_a_file_names_is_run"],
        "datasets/test_npz.py": ["test_objects_that_are_code_are_refused_and_not_run"],
        "datasets/test_loaders.py": [
            "test_files_that_would_run_code_do_not",
            "test_what_is_fetched_with_another_hash_is_refused",
        ],
    },
    "HDF5 with absurd shapes and links": {
        "saving/test_hdf5.py": [
            "test_an_absurd_shape_is_refused_before_it_is_read",
            "test_a_small_file_can_not_declare_a_large_array_even_for_a_large_model",
            "test_a_link_to_another_file_is_not_followed",
            "test_a_link_to_another_place_is_not_followed",
            "test_values_stored_in_another_file_are_not_read",
            "test_a_virtual_dataset_is_not_read",
        ],
        "inspection/test_inspection.py": [
            "test_what_fills_the_memory_is_ended",
            "test_a_file_that_the_caller_opened_is_looked_through",
            "test_an_index_without_end_is_found_in_an_open_file",
            "test_a_file_is_looked_through_when_a_dictionary_or_a_matrix_opens_it",
        ],
        "saving/test_security.py": [
            "test_a_compressed_bomb_is_refused_before_it_is_unpacked",
            "test_an_attribute_of_absurd_size_is_refused",
            "test_an_attribute_that_claims_to_hold_objects_is_not_taken_for_any",
        ],
    },
    "truncated, empty and wrong files": {
        "saving/test_hdf5.py": [
            "test_a_file_of_another_format_is_told",
            "test_a_file_truncated_anywhere_is_told",
            "test_another_number_of_layers_is_told",
            "test_another_number_of_weights_is_told",
            "test_another_order_is_told",
            "test_another_shape_is_told_with_layer_expected_and_found",
            "test_a_wrong_shape_in_the_last_layer_leaves_the_first_unchanged",
            "test_a_missing_group_is_told",
            "test_a_missing_dataset_is_told",
        ],
        "saving/test_checkpoints.py": [
            "test_objects_that_do_not_fit_are_refused_and_change_nothing",
            "test_a_description_that_is_damaged_is_told",
        ],
        "saving/test_fuzz.py": [
            "test_damaged_files_of_models_are_loaded_or_refused",
            "test_damaged_files_of_weights_are_loaded_or_refused",
            "test_damaged_configurations_are_built_or_refused",
            "test_damaged_exports_are_loaded_or_refused",
        ],
        "inspection/test_inspection.py": ["test_a_file_that_hdf5_does_not_survive_is_refused"],
    },
    "crash or full disk while saving": {
        "saving/test_killed.py": ["test_a_save_that_is_killed_leaves_the_old_file_or_the_new_one"],
        "saving/test_security.py": ["test_a_full_disk_is_told_and_the_old_file_stays"],
    },
    "NaN, wrong feeds, two graphs": {
        "saving/test_security.py": [
            "test_a_loss_that_is_no_number_ends_the_training_if_asked_to",
            "test_wrong_feeds_are_named",
            "test_a_placeholder_that_is_not_fed_is_named",
            "test_a_variable_that_is_not_initialized_is_named",
        ],
        "engine/test_layer.py": ["test_tensors_of_two_graphs_are_an_error_that_names_the_layer"],
    },
    "threads, forks, many graphs": {
        "test_threads_and_memory.py": [
            "test_many_threads_predict_while_another_trains",
            "test_a_process_that_was_forked_after_the_first_prediction_says_so_and_does_not_hang",
            "test_graphs_with_models_and_sessions_leave_no_objects_and_no_memory_behind",
        ],
    },
    "SavedModels are programs": {
        "saving/test_graph_safety.py": [
            "test_operations_that_reach_out_of_the_graph_are_refused",
            "test_an_asset_outside_of_the_folder_is_refused",
        ],
        "saving/test_constants.py": ["test_such_a_constant_does_not_end_the_process"],
    },
}


@pytest.mark.parametrize("row", sorted(ROWS))
def test_every_row_has_its_tests(row):
    for file, names in ROWS[row].items():
        with open(os.path.join(TESTS, file), encoding="utf-8") as opened:
            there = re.findall(r"^def (test_\w+)", opened.read(), re.M)
        assert set(names) <= set(there), file


# ---- bytecode -----------------------------------------------------------------------------------


@pytest.fixture
def mark(tmp_path):
    """The path of a file that hostile code makes when it runs."""
    made = tmp_path / "made by hostile code"
    yield made
    assert not made.exists()


def foreign_code(mark):
    """The bytecode of a function, as another process writes it."""
    code = compile(
        "def hostile(x):\n    open(%r, 'w').close()\n    return x" % str(mark), "", "exec"
    )
    return base64.encodebytes(marshal.dumps(code.co_consts[0])).decode()


def lambda_entry(code, **others):
    config = {"name": "l", "function": [code, None, None], "function_type": "lambda"}
    config.update(batch_input_shape=[None, 3], **others)
    return {"class_name": "Lambda", "config": config}


def model_entry(layer):
    return {"class_name": "Sequential", "config": {"name": "m", "layers": [layer]}}


def hdf5_file(tmp_path, entry, training=None):
    path = str(tmp_path / "hostile.h5")
    Sequential([Dense(2, input_shape=(3,))]).save(path)
    with h5py.File(path, "a") as file:
        file.attrs["model_config"] = json.dumps(entry).encode()
        if training:
            file.attrs["training_config"] = json.dumps(training).encode()
    return path


def as_yaml(entry):
    return pytest.importorskip("yaml", reason="PyYAML is an extra").safe_dump(entry)


READERS = {
    "load_model": lambda entry, folder: load_model(hdf5_file(folder, entry)),
    "model_from_config": lambda entry, folder: model_from_config(entry),
    "model_from_json": lambda entry, folder: model_from_json(json.dumps(entry)),
    "model_from_yaml": lambda entry, folder: model_from_yaml(as_yaml(entry)),
    "from_config": lambda entry, folder: Sequential.from_config(entry["config"]),
    "layers.deserialize": lambda entry, folder: layers.deserialize(entry),
    "tf.keras": lambda entry, folder: legacy_tf.keras.models.load_model(hdf5_file(folder, entry)),
    "tf.keras from_json": lambda entry, folder: legacy_tf.keras.models.model_from_json(
        json.dumps(entry)
    ),
    "convert": lambda entry, folder: convert(hdf5_file(folder, entry), str(folder / "out.h5")),
    "estimator": lambda entry, folder: legacy_tf.keras.estimator.model_to_estimator(
        keras_model_path=hdf5_file(folder, entry)
    ),
    "get_config of a layer": lambda entry, folder: Lambda.from_config(
        entry["config"]["layers"][0]["config"]
    ),
}


@pytest.mark.parametrize("reader", sorted(READERS))
def test_foreign_bytecode_is_refused_wherever_a_model_is_read(reader, tmp_path, mark):
    entry = model_entry(lambda_entry(foreign_code(mark)))
    with pytest.raises(UnsafeConfigError, match="safe_mode=False.*--trust-files.*custom_objects"):
        READERS[reader](entry, tmp_path)
    assert not (tmp_path / "out.h5").exists()


@pytest.mark.parametrize("reader", ["load_model", "model_from_json", "model_from_yaml"])
def test_bytecode_of_another_python_gives_a_clear_message(reader, tmp_path, monkeypatch):
    entry = model_entry(lambda_entry(base64.encodebytes(b"\xe3\x02 bad marshal data").decode()))
    with pytest.raises(UnsafeConfigError, match="custom_objects"):
        READERS[reader](entry, tmp_path)
    monkeypatch.setattr(keras.state.bytecode, "_trusted_by_program", [True])
    with pytest.raises(ConfigError, match="another one.*custom_objects"):
        READERS[reader](entry, tmp_path)


@pytest.mark.parametrize("place", ["function", "output_shape", "mask"])
def test_foreign_bytecode_is_found_wherever_it_hides(place, mark):
    entry = lambda_entry(foreign_code(mark))
    if place != "function":
        harmless = Lambda(K.abs, name="l", input_shape=(3,)).get_config()
        code = [foreign_code(mark), None, None]
        entry = {"class_name": "Lambda", "config": dict(harmless, **{place: code})}
        entry["config"][place + "_type"] = "lambda"
    try:
        built = model_from_config(model_entry(entry))
    except CompatError:
        return
    built.predict(np.ones((1, 3)))  # the argument is not code to us: and must not have become it


@pytest.mark.parametrize("wrapper", ["TimeDistributed", "Bidirectional", "RNN", "Sequential"])
def test_foreign_bytecode_in_an_inner_layer_is_refused(wrapper, mark):
    inner = lambda_entry(foreign_code(mark))
    config = {"name": "w", "layer": inner, "cell": inner, "layers": [inner]}
    names = {"TimeDistributed": "layer", "Bidirectional": "layer", "RNN": "cell"}
    kept = {"name": "w", names.get(wrapper, "layers"): config[names.get(wrapper, "layers")]}
    with pytest.raises(UnsafeConfigError):
        model_from_config(model_entry({"class_name": wrapper, "config": kept}))


# ---- names --------------------------------------------------------------------------------------

HOSTILE = ["os.system", "posix.system", "subprocess.run", "builtins.eval", "numpy.load", "eval"]


def hostile_values(name, mark):
    command = {"command": "touch '%s'" % mark, "args": "touch '%s'" % mark}
    yield name
    yield {"class_name": name, "config": command}
    module, _, function = name.rpartition(".")
    yield {"class_name": function, "module": module, "config": command}
    yield {"class_name": "function", "config": function, "module": module, "registered_name": name}


ARGUMENTS = ["activation", "kernel_initializer", "kernel_regularizer", "kernel_constraint"]
ARGUMENTS += ["activity_regularizer", "bias_initializer"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_in_a_configuration_is_imported(name, mark):
    for value in hostile_values(name, mark):
        for argument in ARGUMENTS:
            dense = {"name": "d", "units": 2, "batch_input_shape": [None, 3], argument: value}
            with pytest.raises(ConfigError):
                model_from_config(model_entry({"class_name": "Dense", "config": dense}))
        for read in (layers, initializers, regularizers, constraints, optimizers, losses, metrics):
            with pytest.raises((ConfigError, TypeError)):
                read.deserialize(value)
        for wrapper, argument in (("TimeDistributed", "layer"), ("RNN", "cell")):
            config = {"name": "w", argument: value}
            with pytest.raises(ConfigError):
                model_from_config(model_entry({"class_name": wrapper, "config": config}))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_function_of_a_lambda_is_imported_by_name(name):
    module, _, function = name.rpartition(".")
    config = {"name": "l", "function": function, "function_type": "function", "module": module}
    config.update(batch_input_shape=[None, 3], arguments={})
    with pytest.raises(ConfigError):
        model_from_config(model_entry({"class_name": "Lambda", "config": config}))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("what", ["loss", "metrics", "optimizer_config"])
def test_no_name_in_what_a_model_was_compiled_with_is_imported(name, what, tmp_path, mark):
    entry = json.loads(Sequential([Dense(2, input_shape=(3,), name="d")]).to_json())
    for value in hostile_values(name, mark):
        training = {"loss": "mse", "metrics": [], "optimizer_config": {"class_name": "SGD"}}
        training["optimizer_config"]["config"] = {}
        training[what] = [value] if what == "metrics" else value
        K.clear_session()
        with pytest.raises(CompatError):
            load_model(hdf5_file(tmp_path, entry, training))


# ---- HDF5 ---------------------------------------------------------------------------------------


def model():
    return Sequential([Dense(4, input_shape=(3,), name="only")])


@pytest.fixture
def weights(tmp_path):
    path = str(tmp_path / "weights.h5")
    model().save_weights(path)
    return path


def test_a_compressed_bomb_is_refused_before_it_is_unpacked(weights):
    with h5py.File(weights, "a") as file:
        del file["only/only/kernel:0"]
        file.create_dataset(
            "only/only/kernel:0", shape=(3, 10**7), dtype="float32", compression=9, fillvalue=1.0
        )
    loaded = model()
    with pytest.raises(ShapeError, match="10000000"):
        loaded.load_weights(weights)


def test_an_attribute_of_absurd_size_is_refused(weights):
    with h5py.File(weights, "a") as file:
        file.attrs["layer_names"] = np.array([b"only"] * 4321)
    with open(weights, "rb") as file:
        content = file.read()
    length = (4321).to_bytes(8, "little")
    assert length in content
    with open(weights, "wb") as file:
        file.write(content.replace(length, (2**44).to_bytes(8, "little")))
    with pytest.raises(FileFormatError, match="weights.h5"):
        model().load_weights(weights)


def test_an_attribute_that_claims_to_hold_objects_is_not_taken_for_any(weights):
    kind = h5py.h5t.create(h5py.h5t.OPAQUE, 8)
    kind.set_tag(b"PYTHON:OBJECT")  # h5py's own mark for pointers to objects
    with h5py.File(weights, "a") as file:
        del file.attrs["layer_names"]
        space = h5py.h5s.create_simple((1,))
        attribute = h5py.h5a.create(file.id, b"layer_names", kind, space)
        attribute.write(np.array([0x4141414141414141], "u8").view("V8"), mtype=kind)
    with pytest.raises(FileFormatError, match="weights.h5"):
        model().load_weights(weights)


# ---- full disks ---------------------------------------------------------------------------------


@pytest.fixture
def full_disk():
    """Files can not be longer than 100 KB, while the test runs."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def by_checkpoint(model, path):
    model.compile("sgd", "mse")
    x, y = np.zeros((1, 100)), np.zeros((1, 400))
    model.fit(x, y, callbacks=[ModelCheckpoint(path)], verbose=0)


@pytest.mark.parametrize(
    "save",
    [Model.save, Model.save_weights, by_checkpoint, keras.serving.to_keras3],
    ids=["save", "save_weights", "ModelCheckpoint", "to_keras3"],
)
def test_a_full_disk_is_told_and_the_old_file_stays(save, tmp_path, full_disk):
    path = tmp_path / "model"
    path.write_text("the old file")
    large = Sequential([Dense(400, input_shape=(100,))])
    told = "(?s)model: the disk is full.*File too large"
    with pytest.raises(FullDiskError, match=told) as raised:
        save(large, str(path))
    assert isinstance(raised.value, OSError)
    assert path.read_text() == "the old file"
    assert os.listdir(str(tmp_path)) == ["model"]


# ---- feeds --------------------------------------------------------------------------------------

X, Y = np.ones((4, 3)), np.ones((4, 2))


def compiled(loss="mse"):
    x = Input(shape=(3,), name="x")
    built = Model(x, Dense(2, name="y")(x))
    built.compile("sgd", loss)
    return built


def test_a_loss_that_is_no_number_ends_the_training_if_asked_to(capsys):
    history = compiled().fit(X * np.nan, Y, epochs=5, verbose=0, callbacks=[TerminateOnNaN()])
    assert len(history.epoch) <= 1
    assert "Invalid loss, terminating training" in capsys.readouterr().out


@pytest.mark.parametrize(
    "feed, words",
    [
        (lambda: compiled().predict(np.array([["a", "b", "c"]])), '"x" has dtype'),
        (lambda: compiled().predict(np.ones((4, 5))), r"x to have shape \(3,\) .*\(5,\)"),
        (lambda: compiled().fit({"z": X}, Y), 'No data provided for "x"'),
        (lambda: compiled().fit(X[:0], Y[:0]), "no samples"),
        (lambda: compiled().evaluate(X[:0], Y[:0]), "no samples"),
        (lambda: compiled().train_on_batch(X[:0], Y[:0]), "no samples"),
        (lambda: K.function([K.placeholder((None, 1), name="a")], [])([[["b"]]]), "a:0 takes"),
        (lambda: K.function([K.placeholder((None, 1), name="a")], [])([[[1, 2]]]), "a:0 has shape"),
    ],
)
def test_wrong_feeds_are_named(feed, words):
    with pytest.raises(CompatError, match=words) as raised:
        feed()
    assert isinstance(raised.value, ValueError)


def test_a_placeholder_that_is_not_fed_is_named():
    missing = tf.placeholder(tf.float32, [], name="keep_prob")
    in_a_loss = compiled(lambda y_true, y_pred: K.mean(missing * K.abs(y_true - y_pred)))
    a = K.placeholder((None, 3), name="a")
    calls = [
        lambda: in_a_loss.train_on_batch(X, Y),
        lambda: K.function([a], [a * missing])([X]),
    ]
    for call in calls:
        with pytest.raises(GraphError, match="keep_prob .*given no value") as raised:
            call()
        assert isinstance(raised.value, tf.errors.InvalidArgumentError)


def test_a_variable_that_is_not_initialized_is_named():
    K.manual_variable_initialization(True)
    try:
        built = compiled()
        for call in (lambda: built.predict(X), built.get_weights):
            with pytest.raises(SessionError, match="Variable y/.* has no value") as raised:
                call()
            assert isinstance(raised.value, tf.errors.FailedPreconditionError)
    finally:
        K.manual_variable_initialization(False)
