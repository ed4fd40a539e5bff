import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, GraphError, ShapeError

START = np.array([[1.0, -2.0], [0.5, 0.0]])
TARGET = np.array([[0.0, 1.0], [0.5, -1.0]])
EPSILON = 1e-7


def gradient_at(w):
    return 2 * (w - TARGET)


def steps(optimizer, count=5, params=None):
    """The values of one parameter on its way to TARGET, step by step."""
    w = K.variable(START, name="w")
    updates = optimizer.get_updates(K.sum(K.square(w - TARGET)), [w])
    step = K.function([], [], updates)
    values = []
    for _ in range(count):
        step([])
        values.append(K.get_value(w))
    return values


# Each formula written out for one parameter: what the papers say, with Keras's fuzz factors.


def sgd(w, g, t, state, lr=0.1, momentum=0.9):
    state["v"] = momentum * state.get("v", 0) - lr * g
    return w + state["v"]


def nesterov(w, g, t, state, lr=0.1, momentum=0.9):
    state["v"] = momentum * state.get("v", 0) - lr * g
    return w + momentum * state["v"] - lr * g


def decayed(w, g, t, state):
    return w - 0.1 / (1 + 0.5 * (t - 1)) * g


def rmsprop(w, g, t, state):
    state["a"] = 0.9 * state.get("a", 0) + 0.1 * g**2
    return w - 0.1 * g / (np.sqrt(state["a"]) + EPSILON)


def adagrad(w, g, t, state):
    state["a"] = state.get("a", 0) + g**2
    return w - 0.1 * g / (np.sqrt(state["a"]) + EPSILON)


def adadelta(w, g, t, state):
    state["a"] = 0.95 * state.get("a", 0) + 0.05 * g**2
    change = g * np.sqrt(state.get("d", 0) + EPSILON) / np.sqrt(state["a"] + EPSILON)
    state["d"] = 0.95 * state.get("d", 0) + 0.05 * change**2
    return w - change


def adam(w, g, t, state, amsgrad=False):
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["v"] = 0.9 * state.get("v", 0) + 0.1 * g**2
    state["largest"] = np.maximum(state.get("largest", 0), state["v"])
    size = state["largest"] if amsgrad else state["v"]
    rate = 0.1 * np.sqrt(1 - 0.9**t) / (1 - 0.9**t)
    return w - rate * state["m"] / (np.sqrt(size) + EPSILON)


def amsgrad(w, g, t, state):
    return adam(w, g, t, state, amsgrad=True)


def adamax(w, g, t, state):
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["u"] = np.maximum(0.999 * state.get("u", 0), np.abs(g))
    return w - 0.1 / (1 - 0.9**t) * state["m"] / (state["u"] + EPSILON)


def nadam(w, g, t, state):
    now, ahead = [0.9 * (1 - 0.5 * 0.96 ** (each * 0.004)) for each in (t, t + 1)]
    state["product"] = state.get("product", 1) * now
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["v"] = 0.999 * state.get("v", 0) + 0.001 * g**2
    mean = (1 - now) * g / (1 - state["product"])
    mean = mean + ahead * state["m"] / (1 - state["product"] * ahead)
    return w - 0.1 * mean / (np.sqrt(state["v"] / (1 - 0.999**t)) + EPSILON)


CASES = {
    "sgd": (lambda: optimizers.SGD(0.1, momentum=0.9), sgd),
    "nesterov": (lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True), nesterov),
    "decay": (lambda: optimizers.SGD(0.1, decay=0.5), decayed),
    "rmsprop": (lambda: optimizers.RMSprop(0.1), rmsprop),
    "adagrad": (lambda: optimizers.Adagrad(0.1), adagrad),
    "adadelta": (lambda: optimizers.Adadelta(), adadelta),
    "adam": (lambda: optimizers.Adam(0.1, beta_2=0.9), adam),
    "amsgrad": (lambda: optimizers.Adam(0.1, beta_2=0.9, amsgrad=True), amsgrad),
    "adamax": (lambda: optimizers.Adamax(0.1), adamax),
    "nadam": (lambda: optimizers.Nadam(0.1), nadam),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_five_steps_are_those_of_the_formula(name):
    make, formula = CASES[name]
    w, state = START, {}
    for t, found in enumerate(steps(make()), start=1):
        w = formula(w, gradient_at(w), t, state)
        np.testing.assert_allclose(found, w, atol=2e-5)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_variables_are_named_and_ordered_as_in_the_original(name):
    optimizer = optimizers.get(name)
    w, b = K.variable(START, name="w"), K.variable([1.0], name="b")
    with K.name_scope("training"), K.name_scope(type(optimizer).__name__):
        optimizer.get_updates(K.sum(w) * K.sum(b), [w, b])
    made = {
        "sgd": ["iterations", "lr", "momentum", "decay"],
        "adam": ["iterations", "lr", "beta_1", "beta_2", "decay"],
    }[name]
    scope = type(optimizer).__name__
    slots = ["training/%s/Variable:0" % scope] + [
        "training/%s/Variable_%d:0" % (scope, n) for n in range(1, {"sgd": 2, "adam": 6}[name])
    ]
    expected = ["%s/%s:0" % (scope, each) for each in made] + ["w:0", "b:0"] + slots
    assert [variable.name for variable in tf.global_variables()] == expected
    assert [weight.name for weight in optimizer.weights] == expected[:1] + slots


def test_nothing_of_an_optimizer_is_trainable():
    for name in ("sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam"):
        steps(optimizers.get(name), count=0)
    assert {variable.op.name.split("_")[0] for variable in tf.trainable_variables()} == {"w"}


def test_the_rate_can_be_set_between_steps():
    optimizer = optimizers.SGD(lr=0.1)
    w = K.variable([1.0])
    step = K.function([], [], optimizer.get_updates(K.sum(w), [w]))
    step([])
    K.set_value(optimizer.lr, 0.5)
    step([])
    np.testing.assert_allclose(K.get_value(w), [0.4], rtol=1e-6)
    assert optimizer.get_config()["lr"] == 0.5


def test_updates_are_pairs_and_operations():
    optimizer = optimizers.SGD(lr=0.5)
    w = K.variable([1.0])
    pairs = {old.name: new for old, new in optimizer.get_updates(K.sum(w), [w])}
    assert K.eval(pairs[w.name]).tolist() == [0.5]
    K.get_session().run(optimizer.updates)
    assert K.get_value(w).tolist() == [0.5]
    assert K.get_value(optimizer.iterations) == 1


def test_keras_1_gave_parameters_constraints_and_loss():
    w = K.variable([1.0])
    updates = optimizers.SGD(lr=0.5).get_updates([w], {}, K.sum(w))
    K.function([], [], updates)([])
    assert K.get_value(w).tolist() == [0.5]


def test_a_constraint_holds_after_each_step():
    w = K.variable([0.2, 1.0], constraint=lambda x: K.maximum(x, 0.0))
    K.function([], [], optimizers.SGD(lr=0.5).get_updates(K.sum(w), [w]))([])
    assert K.get_value(w).tolist() == [0.0, 0.5]


def test_clipnorm_scales_all_gradients_by_their_common_norm():
    a, b = K.variable([0.0]), K.variable([0.0])
    loss = 3 * K.sum(a) + 4 * K.sum(b)
    gradients = optimizers.SGD(clipnorm=1.0).get_gradients(loss, [a, b])
    np.testing.assert_allclose(np.ravel([K.eval(g) for g in gradients]), [0.6, 0.8], rtol=1e-6)
    gradients = optimizers.SGD(clipnorm=6.0).get_gradients(loss, [a, b])
    assert [K.eval(g).item() for g in gradients] == [3, 4]


def test_clipvalue_cuts_each_element():
    w = K.variable([0.0, 0.0])
    (gradient,) = optimizers.SGD(clipvalue=0.5).get_gradients(K.sum(w * [0.1, -3]), [w])
    np.testing.assert_allclose(K.eval(gradient), [0.1, -0.5])


def test_rows_that_are_looked_up_twice_move_twice_as_far():
    table = K.variable(np.zeros((3, 2)))
    loss = K.sum(K.gather(table, K.constant([0, 2, 2], dtype="int32")))
    K.function([], [], optimizers.SGD(lr=1.0, clipnorm=100.0).get_updates(loss, [table]))([])
    assert K.get_value(table).tolist() == [[-1, -1], [0, 0], [-2, -2]]


def test_a_parameter_without_gradient_is_named():
    w = K.variable([1.0], name="aside")
    with pytest.raises(GraphError, match="`None` for gradient.*aside"):
        optimizers.SGD().get_updates(K.sum(K.variable([2.0])), [w])


def test_the_state_goes_from_one_optimizer_to_another():
    first = optimizers.Adam(0.1)
    whole = steps(first, 4)
    state = first.get_weights()
    assert [array.shape for array in state] == [(), (2, 2), (2, 2), (1,)]
    second = optimizers.Adam(0.1)
    w = K.variable(whole[-1])
    step = K.function([], [], second.get_updates(K.sum(K.square(w - TARGET)), [w]))
    second.set_weights(state)
    step([])
    reference = steps(optimizers.Adam(0.1), 5)[-1]
    np.testing.assert_allclose(K.get_value(w), reference, atol=1e-6)


def test_a_state_that_does_not_fit_is_refused():
    optimizer = optimizers.SGD()
    steps(optimizer, 0)
    with pytest.raises(ShapeError, match="list"):
        optimizer.set_weights([np.array(0)])
    with pytest.raises(ShapeError, match="shape"):
        optimizer.set_weights([np.array(0), np.zeros(3)])


@pytest.mark.parametrize(
    "optimizer_class, arguments",
    [
        ("SGD", {"lr": 0.25, "momentum": 0.5, "decay": 0.125, "nesterov": True}),
        ("RMSprop", {"lr": 0.25, "rho": 0.5, "epsilon": 1e-4, "decay": 0.0}),
        ("Adagrad", {"lr": 0.25, "epsilon": 1e-4, "decay": 0.0}),
        ("Adadelta", {"lr": 0.25, "rho": 0.5, "epsilon": 1e-4, "decay": 0.5}),
        ("Adam", {"lr": 0.25, "beta_1": 0.5, "beta_2": 0.75, "decay": 0.0, "amsgrad": True}),
        ("Adamax", {"lr": 0.25, "beta_1": 0.5, "beta_2": 0.75, "decay": 0.0}),
        ("Nadam", {"lr": 0.25, "beta_1": 0.5, "beta_2": 0.75, "schedule_decay": 0.1}),
    ],
)
def test_a_configuration_makes_an_optimizer_like_the_first(optimizer_class, arguments):
    optimizer = getattr(optimizers, optimizer_class)(clipnorm=1.0, **arguments)
    config = optimizers.serialize(optimizer)
    assert {name: config["config"][name] for name in arguments} == arguments
    assert config["config"]["clipnorm"] == 1.0 and "clipvalue" not in config["config"]
    config["class_name"] = config["class_name"].upper()
    copy = optimizers.deserialize(config)
    assert type(copy) is type(optimizer)
    assert copy.get_config() == optimizer.get_config()


def test_an_optimizer_of_a_user_comes_from_custom_objects():
    class Plain(optimizers.Optimizer):
        def get_updates(self, loss, params):
            gradients = self.get_gradients(loss, params)
            self.updates = [K.update_sub(p, g) for p, g in zip(params, gradients)]
            return self.updates

    made = optimizers.deserialize({"class_name": "Plain", "config": {}}, {"Plain": Plain})
    assert isinstance(made, Plain)
    np.testing.assert_allclose(steps(made, 1)[0], START - gradient_at(START))


def test_a_tensorflow_optimizer_is_wrapped_and_counts_its_steps():
    wrapped = optimizers.get(tf.train.MomentumOptimizer(0.1, 0.9))
    found = steps(wrapped, 3)
    w, state = START, {}
    for _ in range(3):
        w = sgd(w, gradient_at(w), None, state)
    np.testing.assert_allclose(found[-1], w, atol=1e-5)
    assert K.get_value(wrapped.iterations) == 3
    with pytest.raises(NotImplementedError):
        wrapped.get_config()
    with pytest.raises(NotImplementedError):
        wrapped.weights  # noqa: B018


@pytest.mark.parametrize("identifier", ["descent", 3, None, {"class_name": "SGD"}])
def test_what_is_no_optimizer_is_refused(identifier):
    with pytest.raises(ConfigError):
        optimizers.get(identifier)


def test_unknown_arguments_are_refused():
    with pytest.raises(TypeError, match="rate"):
        optimizers.SGD(rate=0.1)
