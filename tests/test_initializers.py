import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import initializers
from tfkeras_compat._tf import tf
from tfkeras_compat.state.registry import CustomObjectScope

CLASSES = {
    "zero": initializers.Zeros,
    "zeros": initializers.Zeros,
    "one": initializers.Ones,
    "ones": initializers.Ones,
    "constant": initializers.Constant,
    "uniform": initializers.RandomUniform,
    "random_uniform": initializers.RandomUniform,
    "normal": initializers.RandomNormal,
    "random_normal": initializers.RandomNormal,
    "truncated_normal": initializers.TruncatedNormal,
    "identity": initializers.Identity,
    "orthogonal": initializers.Orthogonal,
}

SCALINGS = {
    "lecun_uniform": (1.0, "fan_in", "uniform"),
    "lecun_normal": (1.0, "fan_in", "normal"),
    "glorot_uniform": (1.0, "fan_avg", "uniform"),
    "glorot_normal": (1.0, "fan_avg", "normal"),
    "he_uniform": (2.0, "fan_in", "uniform"),
    "he_normal": (2.0, "fan_in", "normal"),
}

CONFIGURED = [
    initializers.Zeros(),
    initializers.Ones(),
    initializers.Constant(3),
    initializers.RandomNormal(1.0, 2.0, seed=3),
    initializers.RandomUniform(1.0, 2.0, seed=3),
    initializers.TruncatedNormal(1.0, 2.0, seed=3),
    initializers.VarianceScaling(3.0, "fan_out", "uniform", seed=3),
    initializers.Orthogonal(2.0, seed=3),
    initializers.Identity(2.0),
]

RANDOM = ["RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Orthogonal"]


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_short_name_is_the_class_and_resolves_to_an_instance(name):
    assert getattr(initializers, name) is CLASSES[name]
    assert type(initializers.get(name)) is CLASSES[name]
    assert type(initializers.get(CLASSES[name].__name__)) is CLASSES[name]


@pytest.mark.parametrize("name", sorted(SCALINGS))
def test_a_named_scaling_has_the_arguments_of_its_paper(name):
    scale, mode, distribution = SCALINGS[name]
    for made in (initializers.get(name), getattr(initializers, name)()):
        assert made.get_config() == {
            "scale": scale, "mode": mode, "distribution": distribution, "seed": None
        }  # fmt: skip
    assert getattr(initializers, name)(seed=5).seed == 5


@pytest.mark.parametrize("made", CONFIGURED, ids=lambda made: type(made).__name__)
def test_a_configuration_makes_an_equal_initializer(made):
    config = initializers.serialize(made)
    assert config["class_name"] == type(made).__name__
    for again in (initializers.deserialize(config), initializers.get(config)):
        assert type(again) is type(made)
        assert again.get_config() == made.get_config()


def test_a_callable_is_taken_as_it_is():
    function = lambda shape, dtype=None: K.ones(shape)  # noqa: E731
    assert initializers.get(function) is function


@pytest.mark.parametrize("identifier", ["no_such", {"class_name": "NoSuch", "config": {}}, 5, None])
def test_anything_else_is_a_value_error_that_names_it(identifier):
    expected = "NoSuch" if isinstance(identifier, dict) else str(identifier)
    with pytest.raises(ValueError, match=expected):
        initializers.get(identifier)


def test_custom_names_resolve_inside_their_scope():
    class Halves(initializers.Constant):
        pass

    with CustomObjectScope({"Halves": Halves}):
        assert initializers.get({"class_name": "Halves", "config": {"value": 0.5}}).value == 0.5
    with pytest.raises(ValueError, match="Halves"):
        initializers.get("Halves")
    made = initializers.deserialize(initializers.serialize(Halves(1)), {"Halves": Halves})
    assert type(made) is Halves


def test_the_dtype_in_configurations_of_tf_keras_is_ignored_and_kept():
    config = {"seed": 4, "dtype": "float32", "distribution": "truncated_normal"}
    assert initializers.VarianceScaling.from_config(config).seed == 4
    assert config["dtype"] == "float32"


def test_the_distribution_words_of_tf_keras_are_known():
    shape, deviation = (200, 300), np.sqrt(1.0 / 200)
    cut = K.eval(initializers.VarianceScaling(distribution="truncated_normal", seed=1)(shape))
    uncut = K.eval(initializers.VarianceScaling(distribution="untruncated_normal", seed=1)(shape))
    assert abs(cut).max() < 2.3 * deviation < 3 * deviation < abs(uncut).max()
    np.testing.assert_allclose([cut.std(), uncut.std()], deviation, rtol=0.02)


@pytest.mark.parametrize("arguments", [{"scale": 0}, {"mode": "fan"}, {"distribution": "cauchy"}])
def test_variance_scaling_refuses_unknown_arguments_and_names_them(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        initializers.VarianceScaling(**arguments)


def test_variance_scaling_takes_words_in_any_case():
    made = initializers.VarianceScaling(mode="FAN_OUT", distribution="Uniform")
    assert (made.mode, made.distribution) == ("fan_out", "uniform")


@pytest.mark.parametrize(
    "shape, data_format, fans",
    [
        ((3, 4), "channels_last", (3, 4)),
        ((5, 3, 4), "channels_last", (15, 20)),
        ((5, 6, 3, 4), "channels_last", (90, 120)),
        ((4, 3, 5, 6), "channels_first", (90, 120)),
        ((2, 5, 6, 3, 4), "channels_last", (180, 240)),
        ((9,), "channels_last", (3, 3)),
    ],
)
def test_the_fans_of_a_kernel_count_its_window(shape, data_format, fans):
    assert initializers._compute_fans(shape, data_format) == fans


def test_fans_of_an_unknown_data_format_are_an_error():
    with pytest.raises(ValueError, match="sideways"):
        initializers._compute_fans((3, 3, 3, 3), "sideways")


def test_a_constant_array_is_taken_as_it_is():
    values = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(K.eval(initializers.Constant(values)((2, 3))), values)


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_gives_the_same_numbers_in_every_graph(name):
    values = []
    for seed in (1, 1, 2):
        with tf.Graph().as_default(), tf.Session():
            weight = K.variable(getattr(initializers, name)(seed=seed)((3, 4)))
            values.append(K.get_value(weight))
    assert np.array_equal(values[0], values[1])
    assert not np.allclose(values[0], values[2])


@pytest.mark.parametrize("name", RANDOM)
def test_without_a_seed_numpy_decides(name):
    initializer = getattr(initializers, name)()
    values = []
    for seed in (7, 7, 8):
        np.random.seed(seed)
        with tf.Graph().as_default(), tf.Session():
            values.append(K.get_value(K.variable(initializer((3, 4)))))
    assert np.array_equal(values[0], values[1])
    assert not np.allclose(values[0], values[2])


@pytest.mark.parametrize("shape", [(4, 4), (7, 3), (3, 7), (3, 3, 2, 4)])
def test_orthogonal_has_orthogonal_columns_or_rows_of_length_gain(shape):
    q = initializers.Orthogonal(gain=2.0)(shape).reshape(-1, shape[-1])
    q = q if q.shape[0] >= q.shape[1] else q.T
    np.testing.assert_allclose(q.T.dot(q), 4 * np.eye(q.shape[1]), atol=1e-12)


@pytest.mark.parametrize("name, shape", [("Orthogonal", (4,)), ("Identity", (2, 2, 2))])
def test_matrix_initializers_refuse_other_shapes(name, shape):
    with pytest.raises(ValueError, match=name):
        getattr(initializers, name)()(shape)


def test_identity_adds_no_variable_to_the_graph():
    initializers.Identity()((3, 3))
    assert tf.global_variables() == []


def test_the_base_class_asks_for_a_call():
    with pytest.raises(NotImplementedError, match="Initializer"):
        initializers.Initializer()((2, 2))


@pytest.mark.parametrize("made", CONFIGURED, ids=lambda made: type(made).__name__)
def test_an_initializer_serves_tensorflow_code(made):
    weight = tf.Variable(made((3, 4), dtype=tf.float32), dtype=tf.float32)
    with tf.Session() as session:
        session.run(weight.initializer)
        assert session.run(weight.read_value()).shape == (3, 4)
