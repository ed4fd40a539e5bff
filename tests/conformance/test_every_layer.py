"""What holds for every layer, checked over all of them (``layer_entries``).

Each layer is built once, with small random weights, in a graph and a session of its own; the
checks share that. A check that can not apply to a layer is listed with the layer; what should hold
and does not is in ``KNOWN_GAPS``.
"""

import collections
import functools
import inspect
import json
import pickle

import comparison
import layer_cases
import layer_entries
import numpy as np
import observation
import original
import pytest
from layer_entries import ENTRIES

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.models import clone_model, load_model, model_from_json
from tfkeras_compat.state.registry import CustomObjectScope
from tfkeras_compat.state.structures import to_list

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.filterwarnings("ignore:The `.*` layer is deprecated"),
]

# (check, layer): why it fails. An entry that has begun to pass fails.
KNOWN_GAPS = {}

CHECKS = set()

DEVICE = "/device:CPU:0"

# How far numbers of another precision may be from those of float32: relative, absolute.
TOLERANCES = {"float16": (2e-2, 2e-2), "float64": (1e-5, 1e-5)}


def over_all(check, applies=lambda entry: True):
    """Decorator: runs a test for every layer that is not exempt from the check."""
    CHECKS.add(check)
    entries = [entry for entry in ENTRIES.values() if check not in entry.exempt and applies(entry)]
    return pytest.mark.parametrize("name", [_parameter(check, entry.name) for entry in entries])


def _parameter(check, name):
    reason = KNOWN_GAPS.get((check, name))
    return pytest.param(name, marks=pytest.mark.xfail(reason=reason, strict=True) if reason else ())


class Specimen:
    """A layer in a model with weights, and what the model gives in both phases."""

    def __init__(self, entry):
        self.built = observation.Built(keras, entry.case)
        self.built.initialize()
        self.graph, self.session = tf.get_default_graph(), self.built.session
        self.model, self.layer = self.built.model, self.built.layer
        self.arrays = layer_cases.arrays(entry.case)
        self.values = self.session.run(tf.global_variables())
        self.outputs, self.in_training = (
            self.session.run(self.built.outputs, self.built.feed(phase)) for phase in (0, 1)
        )

    def of(self, model):
        """What a model in the same graph gives for the same inputs."""
        return self.session.run(model.outputs, dict(zip(model.inputs, self.arrays)))


@functools.lru_cache(maxsize=None)
def _specimen(name):
    return Specimen(ENTRIES[name])


@pytest.fixture
def specimen(name):
    """The one of the layer called ``name``, with its graph and session as the default ones."""
    found = _specimen(name)
    with found.graph.as_default(), found.session.as_default():
        with CustomObjectScope(observation._known_functions()):
            yield found


def assert_same(found, expected, rtol=1e-5, atol=1e-5):
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol)


def rebuilt(name, make_input):
    """The layer made again in a new graph, on other inputs: they, and its outputs."""
    _specimen(name)  # which makes a new graph, too
    tf.reset_default_graph()
    with tf.device(DEVICE):
        inputs = [make_input(feed) for feed in ENTRIES[name].case.feeds]
        return inputs, to_list(ENTRIES[name].case.build(keras, *inputs), allow_tuple=True)


def run_rebuilt(name, inputs, outputs):
    """What that gives with the weights of the specimen."""
    K.batch_set_value(list(zip(tf.global_variables(), _specimen(name).values)))
    return K.get_session().run(outputs, dict(zip(inputs, _specimen(name).arrays)))


# ---- the list itself ----------------------------------------------------------------------------


def _of_list():
    return {
        getattr(keras.layers, public) for entry in ENTRIES.values() for public in entry.stands_for
    }


def _makes_layers(name):
    thing = getattr(keras.layers, name)
    if inspect.isclass(thing):
        return issubclass(thing, Layer)
    return inspect.isfunction(thing) and thing.__module__.startswith("tfkeras_compat.layers.")


def test_every_public_layer_is_in_the_list_by_one_of_its_names():
    public = [name for name in dir(keras.layers) if not name.startswith("_")]
    missing = [
        name
        for name in public
        if _makes_layers(name) and getattr(keras.layers, name) not in _of_list()
    ]
    assert len(public) > 120 and missing == []


def test_no_layer_is_in_the_list_twice():
    names = [name for entry in ENTRIES.values() for name in entry.stands_for]
    assert [name for name, times in collections.Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("name", ENTRIES)
def test_the_layer_is_in_the_model_that_stands_for_it(name):
    classes = {type(layer) for layer in _with_inner(_specimen(name).model)}
    for thing in (getattr(keras.layers, public) for public in ENTRIES[name].stands_for):
        assert inspect.isfunction(thing) or any(issubclass(each, thing) for each in classes)


def _with_inner(layer):
    yield layer
    for inner in layer._sublayers():
        yield from _with_inner(inner)


def test_every_exemption_and_every_gap_is_of_a_check_and_has_a_reason():
    exempt = [pair for entry in ENTRIES.values() for pair in entry.exempt.items()]
    gaps = [(check, reason) for (check, _), reason in KNOWN_GAPS.items()]
    assert all(check in CHECKS and reason for check, reason in exempt + gaps)
    assert {name for _, name in KNOWN_GAPS} <= set(ENTRIES)


# ---- copies -------------------------------------------------------------------------------------


@over_all("configuration")
def test_a_configuration_as_json_makes_a_layer_of_the_same_configuration(name, specimen):
    for layer in specimen.model.layers:
        config = json.loads(json.dumps(layer.get_config()))
        again = type(layer).from_config(config)
        assert _config(again) == _config(layer)


def _config(layer):
    return observation.without_code(
        {"class_name": type(layer).__name__, "config": layer.get_config()}
    )


def assert_copies(specimen, copy):
    copy.set_weights(specimen.model.get_weights())
    assert_same(specimen.of(copy), specimen.outputs)


@over_all("json")
def test_the_json_of_a_model_makes_a_model_that_computes_the_same(name, specimen):
    assert_copies(specimen, model_from_json(specimen.model.to_json()))


@over_all("clone")
def test_a_clone_with_the_same_weights_computes_the_same(name, specimen):
    clone = clone_model(specimen.model)
    assert not {id(weight) for weight in clone.weights} & {id(w) for w in specimen.model.weights}
    assert_copies(specimen, clone)


@over_all("pickle")
def test_a_pickled_model_computes_the_same(name, specimen):
    copy = pickle.loads(pickle.dumps(specimen.model))
    assert_same(specimen.of(copy), specimen.outputs)


@over_all("hdf5")
def test_a_model_from_an_hdf5_file_computes_the_same(name, specimen, tmp_path):
    specimen.model.save(str(tmp_path / "model.h5"))
    copy = load_model(str(tmp_path / "model.h5"), compile=False)
    assert_same(specimen.of(copy), specimen.outputs)


@over_all("saver")
def test_a_second_session_restored_by_a_saver_computes_the_same(name, specimen, tmp_path):
    saver = tf.train.Saver(tf.global_variables()[: len(specimen.values)], allow_empty=True)
    path = saver.save(specimen.session, str(tmp_path / "model"), write_meta_graph=False)
    with tf.Session() as second:
        if specimen.values:
            saver.restore(second, path)
        found = second.run(specimen.built.outputs, specimen.built.feed(0))
    assert_same(found, specimen.outputs, rtol=0, atol=0)


# ---- other inputs -------------------------------------------------------------------------------


def _has_a_data_format(entry):
    return any(
        inspect.isclass(thing) and "data_format" in inspect.signature(thing.__init__).parameters
        for thing in (getattr(keras.layers, name) for name in entry.stands_for)
    )


@over_all("data_format", _has_a_data_format)
def test_with_channels_first_it_gives_the_same_with_other_axes(name, specimen):
    x, y = specimen.model.inputs[0], specimen.outputs[0]
    other = dict(specimen.layer.get_config(), data_format="channels_first", name="other")
    layer = type(specimen.layer).from_config(other)
    front = 2 if "Conv" in name and "2D" in name and K.ndim(x) == 5 else 1
    outputs = layer(K.permute_dimensions(x, _moved(K.ndim(x), K.ndim(x) - 1, front)))
    layer.set_weights(specimen.layer.get_weights())
    if K.ndim(outputs) == y.ndim > 2:
        back = front - (K.ndim(x) - y.ndim)
        outputs = K.permute_dimensions(outputs, _moved(y.ndim, back, y.ndim - 1))
    assert_same(specimen.session.run([outputs], specimen.built.feed(0)), specimen.outputs)


def _moved(rank, source, target):
    """The order of axes after one of them is moved."""
    axes = [axis for axis in range(rank) if axis != source]
    axes.insert(target, source)
    return axes


@pytest.fixture
def floatx(request):
    before = K.floatx()
    K.set_floatx(request.param)
    yield request.param
    K.set_floatx(before)


@pytest.mark.parametrize("floatx", sorted(TOLERANCES), indirect=True)
@over_all("floatx")
def test_it_computes_in_the_float_type_that_is_set(name, floatx):
    def make_input(feed):
        dtype = floatx if feed.dtype == "float32" else feed.dtype
        return keras.layers.Input(batch_shape=(feed.batch_size,) + feed.shape, dtype=dtype)

    inputs, outputs = rebuilt(name, make_input)
    assert {K.dtype(y) for y in outputs} == {floatx}
    assert_same(run_rebuilt(name, inputs, outputs), _specimen(name).outputs, *TOLERANCES[floatx])


@over_all("batch")
def test_one_sample_gives_what_it_gives_among_others(name, specimen):
    feed = {x: array[:1] for x, array in zip(specimen.model.inputs, specimen.arrays)}
    found = specimen.session.run(specimen.built.outputs, feed)
    assert_same(found, [values[:1] for values in specimen.outputs])


@functools.lru_cache(maxsize=None)
def _on_raw_placeholders(name):
    """What the layer gives on placeholders that no layer made, and the operations off the device
    that it was built on."""
    inputs, outputs = rebuilt(
        name, lambda feed: tf.placeholder(feed.dtype, (feed.batch_size,) + feed.shape)
    )
    operations = tf.get_default_graph().get_operations()
    astray = [op.name for op in operations if op.device != DEVICE and not _is_elsewhere(op)]
    return run_rebuilt(name, inputs, outputs), astray


def _is_elsewhere(operation):
    # TensorFlow puts a read, and what hands it into a branch, where the variable is; the phase
    # belongs to the graph, not to a layer.
    sources = [operation.name] + [x.op.name for x in operation.inputs if operation.type == "Switch"]
    return any("ReadVariableOp" in name or "keras_learning_phase" in name for name in sources)


@over_all("raw_placeholder")
def test_on_raw_placeholders_it_gives_the_same(name):
    assert_same(_on_raw_placeholders(name)[0], _specimen(name).outputs)


@over_all("device")
def test_all_operations_are_on_the_device_of_the_scope(name):
    assert _on_raw_placeholders(name)[1] == []


# ---- numbers, phase, gradients, masks -----------------------------------------------------------


@over_all("golden")
def test_what_the_original_gives_is_recorded(name):
    assert comparison.recorded(ENTRIES[name].case, "outputs")


@over_all("phase")
def test_training_makes_a_difference_exactly_if_the_layer_says_so(name, specimen):
    differs = any(not np.array_equal(*pair) for pair in zip(specimen.outputs, specimen.in_training))
    assert differs == bool(specimen.model.uses_learning_phase)
    if "golden" not in ENTRIES[name].exempt:
        counts = comparison.recorded(ENTRIES[name].case, "counts")
        assert differs == counts["uses_learning_phase"]


@over_all("gradients")
def test_every_trainable_weight_gets_a_finite_gradient(name, specimen):
    loss = sum(K.sum(K.square(y)) for y in specimen.built.outputs)
    weights = specimen.model.trainable_weights
    gradients = K.gradients(loss, weights)
    assert all(gradient is not None for gradient in gradients)
    dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
    phase = int(specimen.built.uses_phase)
    for value, weight in zip(specimen.session.run(dense, specimen.built.feed(phase)), weights):
        assert np.isfinite(value).all() and value.shape == tuple(weight.shape.as_list())


@over_all("mask")
def test_a_mask_is_passed_on_used_up_or_refused_as_in_the_original(name):
    assert layer_entries.mask_outcome(keras, ENTRIES[name].case) == ENTRIES[name].mask


@pytest.mark.skipif(
    not original.is_installed_here(), reason="NOT COMPARED LIVE: no Keras 2.2.5 here"
)
def test_the_original_does_with_masks_what_the_list_says():
    import keras as theirs

    found = {}
    recorded = [entry for entry in ENTRIES.values() if "golden" not in entry.exempt]
    for entry in recorded:
        tf.reset_default_graph()
        found[entry.name] = layer_entries.mask_outcome(theirs, entry.case)
    assert found == {entry.name: entry.mask for entry in recorded}
