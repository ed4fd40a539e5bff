"""Models on several GPUs. Here the GPUs are pretended: soft placement leaves all on the CPU."""

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import Add, Dense, Input
from tfkeras_compat.models import Model, Sequential, load_model
from tfkeras_compat.utils import multi_gpu_model, replicas

DEVICES = [
    "/job:localhost/replica:0/task:0/device:%s" % name for name in ("CPU:0", "GPU:0", "GPU:1")
]


@pytest.fixture(autouse=True)
def two_gpus(monkeypatch):
    monkeypatch.setattr(replicas, "_get_available_devices", lambda: DEVICES)


def two_outputs():
    a, b = Input((3,), name="a"), Input((2,), name="b")
    inner = Sequential([Dense(2, input_shape=(2,))], name="inner")
    return Model([a, b], [Add(name="sum")([inner(Dense(2)(a)), inner(b)]), inner(b)])


def values(*sizes):
    return [np.random.randn(5, size).astype("float32") for size in sizes]


def test_each_replica_computes_a_part_with_the_same_weights():
    model = two_outputs()
    parallel = multi_gpu_model(model, gpus=2)
    x = values(3, 2)
    for found, expected in zip(parallel.predict(x), model.predict(x)):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert parallel.output_names == ["sum", "inner"]
    devices = {op.device for op in K.get_session().graph.get_operations()}
    assert {"/device:GPU:0", "/device:GPU:1"} <= devices
    parallel.compile("sgd", "mse")
    before = model.get_weights()
    parallel.train_on_batch(x, values(2, 2))
    assert not np.array_equal(model.get_weights()[0], before[0])


def test_equal_names_of_outputs_are_numbered():
    one, other = Input((2,)), Input((2,))
    inner = Sequential([Dense(2, input_shape=(2,))], name="inner")
    pair = Model([one, other], [inner(one), inner(other)])
    assert multi_gpu_model(pair, [0, 1]).output_names == ["inner_1", "inner_2"]


def test_it_can_be_saved_itself(tmp_path):
    parallel = multi_gpu_model(two_outputs(), cpu_merge=False)  # all there are
    parallel.compile("sgd", "mse")
    x = values(3, 2)
    expected = parallel.predict(x)
    parallel.save(str(tmp_path / "parallel.h5"))
    K.clear_session()
    for found, one in zip(load_model(str(tmp_path / "parallel.h5")).predict(x), expected):
        np.testing.assert_allclose(found, one, rtol=1e-6)


def test_weights_can_be_made_anew_on_the_cpu():
    model = Sequential([Dense(2, input_shape=(3,))])
    parallel = multi_gpu_model(model, 2, cpu_relocation=True)
    assert not any(weight is own for weight in parallel.weights for own in model.weights)
    assert {weight.device for weight in parallel.weights} == {"/device:CPU:0"}


@pytest.mark.parametrize(
    "gpus, message",
    [
        (1, r"with `gpus` >= 2. Received: 1"),
        ([0], r"with `len\(gpus\)` >= 2. Received: \[0\]"),
        (3, r"expect the following .*/gpu:2.*only has: \['/cpu:0', '/gpu:0', '/gpu:1'\]"),
        ([0, 5], r"`gpus=\[0, 5\]`.*/gpu:5"),
    ],
)
def test_gpus_that_are_not_there_are_refused(gpus, message):
    with pytest.raises(ConfigError, match=message):
        multi_gpu_model(Sequential([Dense(2, input_shape=(3,))]), gpus)


def test_one_gpu_is_too_few_also_by_default(monkeypatch):
    monkeypatch.undo()
    with pytest.raises(ConfigError, match="`gpus` >= 2. Received: 0"):
        multi_gpu_model(Sequential([Dense(2, input_shape=(3,))]))
