import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import Dense, Input, Lambda, Masking


def value(tensor):
    return K.get_session().run(tensor)


def doubled(x):
    return 2.0 * x


def test_the_function_is_applied_with_its_arguments():
    layer = Lambda(lambda x, power, factor=1.0: factor * x**power, arguments={"power": 2})
    assert value(layer(K.constant([3.0]))).tolist() == [9.0]


def test_shapes_are_inferred_also_with_an_unknown_batch_size():
    x = K.placeholder((None, 3))
    assert K.int_shape(Lambda(lambda x: K.concatenate([x, x]))(x)) == (None, 6)
    assert Lambda(lambda x: x[:, :1]).compute_output_shape((None, 3)) == (None, 1)


@pytest.mark.parametrize(
    "given, expected",
    [
        ((7,), (None, 7)),
        ([7], (None, 7)),
        (lambda shape: (shape[0], 7), (None, 7)),
        (lambda shape: [shape[0], 7], (None, 7)),
    ],
)
def test_the_output_shape_may_be_given_as_a_tuple_or_a_function(given, expected):
    layer = Lambda(lambda x: K.placeholder((None, 7)), output_shape=given)
    assert K.int_shape(layer(K.placeholder((None, 3)))) == expected


def test_an_output_shape_of_another_kind_is_an_error():
    with pytest.raises(TypeError, match="`output_shape` must be a list, a tuple, or a function"):
        Lambda(doubled, output_shape=3)
    with pytest.raises(ValueError, match="lambda_2.*must return a tuple.*found 3"):
        Lambda(doubled, output_shape=lambda shape: 3)(K.placeholder((None, 3)))


def test_several_inputs_and_outputs():
    layer = Lambda(lambda pair: [pair[0] + pair[1], pair[0] - pair[1]])
    total, difference = layer([K.constant([5.0]), K.constant([3.0])])
    assert (value(total), value(difference)) == ([8.0], [2.0])
    assert layer.output_shape == [(1,), (1,)]


def test_a_mask_ends_here_unless_one_is_given():
    masked = Masking()(K.placeholder((None, 4, 2)))
    plain = Lambda(doubled)
    plain(masked)
    assert plain.output_mask is None
    layer = Lambda(doubled, mask=lambda inputs, mask: K.not_equal(inputs[:, :, 0], 0.0))
    layer(masked)
    assert K.int_shape(layer.output_mask) == (None, 4)


def test_a_function_that_takes_a_mask_gets_it():
    masking, seen = Masking(), []
    Lambda(lambda x, mask=None: seen.append(mask) or x)(masking(K.placeholder((None, 4, 2))))
    assert seen == [masking.output_mask]


def test_the_learning_phase_is_noted():
    layer = Lambda(lambda x: K.in_train_phase(x, 2.0 * x))
    assert layer(K.constant([1.0]))._uses_learning_phase and layer.uses_learning_phase


def test_a_lambda_survives_its_configuration_in_the_process_that_wrote_it():
    factor = 3.0
    x = Input((2,))
    layer = Lambda(lambda x, plus: factor * x + plus, arguments={"plus": 1.0})
    network = Network(x, layer(x))
    config = json.loads(json.dumps(network.get_config()))
    twin = Network.from_config(config)
    assert value(twin(K.constant([[1.0, 2.0]]))).tolist() == [[4.0, 7.0]]


def test_a_lambda_may_use_the_backend_and_numpy_by_their_usual_names():
    layer = Lambda(lambda x: K.sum(x) * np.float32(2.0))
    twin = Lambda.from_config(layer.get_config())
    assert value(twin(K.constant([1.0, 2.0]))) == 6.0


def test_array_arguments_are_read_back_from_a_file():
    config = Lambda(lambda x, table: x + table).get_config()
    config["arguments"] = {"table": {"type": "ndarray", "value": [1.0, 2.0]}}
    assert value(Lambda.from_config(config)(K.constant([0.0, 0.0]))).tolist() == [1.0, 2.0]


def test_a_function_by_name_is_found_among_the_custom_objects_only():
    config = dict(Lambda(doubled).get_config(), function="doubled", function_type="function")
    layer = Lambda.from_config(config, custom_objects={"doubled": doubled})
    assert value(layer(K.constant([2.0]))).tolist() == [4.0]
    with pytest.raises(ValueError, match="Unknown function in Lambda layer: doubled"):
        Lambda.from_config(config)


def test_a_layer_in_the_function_is_called_like_any_other():
    inner = Dense(2)
    y = Lambda(lambda x: inner(x))(K.placeholder((None, 3)))
    assert K.int_shape(y) == (None, 2) and len(inner.weights) == 2
