import pickle

import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, GraphError, ShapeError
from tfkeras_compat.optimizers import clip_norm

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


@pytest.mark.parametrize("constraint", [None, lambda x: x])
def test_updates_are_run_grouped_and_depended_upon_as_operations(constraint):
    optimizer = optimizers.SGD(lr=0.5)
    w = K.variable([2.0], constraint=constraint)
    updates = optimizer.get_updates(K.sum(w), [w])
    K.get_session().run(updates)
    K.get_session().run(tf.group(*updates))
    with tf.control_dependencies(updates):
        read = w.read_value()
    assert K.eval(read).tolist() == [0.5]
    assert K.get_value(optimizer.iterations) == 3


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


# ---- operations that change the parameter in place ----------------------------------------------

IN_PLACE = {
    "sgd": ("ResourceApplyKerasMomentum", 1),
    "nesterov": ("ResourceApplyKerasMomentum", 1),
    "decay": ("ResourceApplyKerasMomentum", 1),
    "rmsprop": ("ResourceApplyAdagradV2", 2),
    "adagrad": ("ResourceApplyAdagradV2", 1),
    "adadelta": ("ResourceApplyAdadelta", 1),
    "adam": ("ResourceApplyAdam", 1),
    "amsgrad": ("ResourceApplyAdamWithAmsgrad", 1),
    "adamax": ("ResourceApplyAdaMax", 1),
}


def run_steps(optimizer, w, count):
    step = K.function([], [], optimizer.get_updates(K.sum(K.square(w - TARGET) * 3), [w]))
    for _ in range(count):
        step([])
    return [K.get_value(w)] + optimizer.get_weights()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", sorted(IN_PLACE))
def test_one_operation_does_what_the_formula_says_in_parameter_and_slots(name, dtype):
    backup = K.floatx()
    K.set_floatx(dtype)
    try:
        make, _ = CASES[name]
        fused = run_steps(_with_epsilon(make(), dtype), K.variable(START), 6)
        # A constraint has to see the new value before it is written.
        composed = K.variable(START, constraint=lambda x: x)
        composed = run_steps(_with_epsilon(make(), dtype), composed, 6)
    finally:
        K.set_floatx(backup)
    operation, count = IN_PLACE[name]
    used = [op.type for op in tf.get_default_graph().get_operations()]
    assert used.count(operation) == 1
    tolerance = {"float16": 1e-2, "float32": 2e-6, "float64": 1e-13}[dtype]
    assert len(fused) == len(composed)
    for ours, reference in zip(fused, composed):
        np.testing.assert_allclose(ours, reference, rtol=tolerance, atol=tolerance)


def _with_epsilon(optimizer, dtype):
    if dtype == "float16" and hasattr(optimizer, "epsilon"):
        optimizer.epsilon = 1e-3  # the default is nothing in half precision
    return optimizer


def test_a_subclass_with_a_step_of_its_own_is_taken_at_its_word():
    class Halving(optimizers.SGD):
        def step(self, param, gradient, slots, now):
            return [None], 0.5 * param

    assert steps(Halving(), 2)[-1].tolist() == (START / 4).tolist()


def test_reference_variables_are_trained_too():
    w = tf.Variable(START.astype("float32"), use_resource=False)
    run = K.function([], [], optimizers.Adam(0.1, beta_2=0.9).get_updates(K.sum(w * w), [w]))
    run([])
    np.testing.assert_allclose(K.get_value(w), START - 0.1 * np.sign(START), atol=1e-5)


def test_what_the_loss_reads_is_read_before_the_step():
    # No gradient depends on the value of w, so nothing else keeps the two apart.
    w = K.variable(np.zeros(100000))
    loss = K.sum(w)
    step = K.function([], [loss], optimizers.SGD(lr=1.0).get_updates(loss, [w]))
    assert [step([])[0] for _ in range(20)] == [-100000.0 * n for n in range(20)]


def test_the_momentum_can_be_set_between_steps():
    optimizer = optimizers.SGD(lr=1.0)
    w = K.variable([0.0])
    step = K.function([], [], optimizer.get_updates(K.sum(w), [w]))
    step([])
    K.set_value(optimizer.momentum, 0.5)
    step([])
    assert K.get_value(w).tolist() == [-2.5]
    assert optimizer.get_weights()[1].tolist() == [-1.5]


def test_settings_may_be_numbers_and_tensors():
    optimizer = optimizers.Adam(beta_2=0.9)
    optimizer.lr = 0.1
    optimizer.beta_1 = K.constant(0.8) + 0.1
    reference = steps(optimizers.Adam(0.1, beta_2=0.9))
    np.testing.assert_allclose(steps(optimizer), reference, atol=1e-6)


# ---- optimizers of users ------------------------------------------------------------------------


class OfKeras1(optimizers.Optimizer):
    """As the documentation of Keras 1 showed it."""

    def __init__(self, lr=0.5, **kwargs):
        super().__init__(**kwargs)
        self.__dict__.update(locals())
        self.iterations = K.variable(0)
        self.lr = K.variable(lr)

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        self.updates = []
        self.updates.append(K.update_add(self.iterations, 1))
        self.weights = [self.iterations]
        for p, g in zip(params, grads):
            new_p = p - self.lr * g
            if p in constraints:
                new_p = constraints[p](new_p)
            self.updates.append((p, new_p))
        return self.updates

    def get_config(self):
        config = {"lr": float(K.get_value(self.lr))}
        base_config = super().get_config()
        return dict(list(base_config.items()) + list(config.items()))


class OfKeras2(optimizers.Optimizer):
    """Momentum, with everything under a scope."""

    def __init__(self, lr=0.25, **kwargs):
        super().__init__(**kwargs)
        with K.name_scope(self.__class__.__name__):
            self.iterations = K.variable(0, dtype="int64", name="iterations")
            self.lr = K.variable(lr, name="lr")

    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)
        self.updates = [K.update_add(self.iterations, 1)]
        moments = [K.zeros(K.int_shape(p), dtype=K.dtype(p)) for p in params]
        self.weights = [self.iterations] + moments
        for p, g, m in zip(params, grads, moments):
            v = 0.5 * m - self.lr * g
            self.updates.append(K.update(m, v))
            new_p = p + v
            if getattr(p, "constraint", None) is not None:
                new_p = p.constraint(new_p)
            self.updates.append(K.update(p, new_p))
        return self.updates

    def get_config(self):
        return dict(super().get_config(), lr=float(K.get_value(self.lr)))


class EverySecondStep(optimizers.Optimizer):
    """The gradients of two steps added up for an optimizer that is wrapped: a common recipe."""

    def __init__(self, optimizer, **kwargs):
        super().__init__(**kwargs)
        self.optimizer = optimizer
        with K.name_scope(self.__class__.__name__):
            self.iterations = K.variable(0, dtype="int64", name="iterations")
        self.is_due = K.equal(self.iterations % 2, 1)
        self.lr = optimizer.lr
        optimizer.lr = K.switch(self.is_due, optimizer.lr, 0.0)
        optimizer.get_gradients = lambda loss, params: self.totals

    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)
        sums = [K.zeros(K.int_shape(p), dtype=K.dtype(p)) for p in params]
        self.totals = [total + g for total, g in zip(sums, grads)]
        with tf.control_dependencies(self.totals):
            kept = [total * K.switch(self.is_due, 0.0, 1.0) for total in self.totals]
            updates = [K.update(each, new) for each, new in zip(sums, kept)]
        updates += self.optimizer.get_updates(loss, params)[1:]
        with tf.control_dependencies(updates):
            self.updates = [K.update_add(self.iterations, 1)]
        self.weights = [self.iterations] + sums + self.optimizer.weights
        return self.updates


def test_an_optimizer_of_the_time_of_keras_1_is_called_either_way():
    w = K.variable([1.0, 2.0])
    optimizer = OfKeras1()
    positional = optimizer.get_updates([w], {w: lambda x: K.maximum(x, 0.75)}, K.sum(w))
    K.function([], [], positional)([])
    assert K.get_value(w).tolist() == [0.75, 1.5]
    K.function([], [], optimizer.get_updates(params=[w], constraints={}, loss=K.sum(w)))([])
    assert K.get_value(w).tolist() == [0.25, 1.0]
    assert optimizer.get_weights() == [2.0]


def test_an_optimizer_of_the_time_of_keras_1_trains_a_model():
    layer = keras.layers.Dense(1, input_shape=(2,), kernel_constraint="non_neg")
    model = keras.models.Sequential([layer])
    model.compile(OfKeras1(), "mse")
    model.train_on_batch(np.ones((4, 2)), np.full((4, 1), -9.0))
    assert layer.get_weights()[0].tolist() == [[0], [0]]


def test_an_optimizer_of_the_time_of_keras_2_is_called_either_way():
    w = K.variable([1.0])
    for updates in (
        OfKeras2().get_updates([w], {}, K.sum(w)),
        OfKeras2().get_updates(K.sum(w), [w]),
    ):
        K.function([], [], updates)([])
    assert K.get_value(w).tolist() == [0.5]


def test_an_optimizer_of_the_time_of_keras_2_trains_a_model_and_is_saved_with_it():
    model = keras.models.Sequential([keras.layers.Dense(1, input_shape=(2,))])
    model.compile(OfKeras2(clipvalue=10.0), "mse")
    x, y = np.ones((4, 2)), np.zeros((4, 1))
    losses = [model.train_on_batch(x, y) for _ in range(3)]
    assert losses[0] > losses[-1]
    with keras.utils.CustomObjectScope({"OfKeras2": OfKeras2}):
        copy = pickle.loads(pickle.dumps(model))
    assert K.get_value(copy.optimizer.iterations) == 3
    assert copy.train_on_batch(x, y) == model.train_on_batch(x, y)


def test_an_optimizer_may_wrap_one_of_ours():
    w = K.variable([0.0])
    optimizer = EverySecondStep(optimizers.SGD(lr=1.0))
    loss = K.sum(w)
    step = K.function([], [loss], optimizer.get_updates(loss, [w]))
    assert [step([])[0] for _ in range(5)] == [0, 0, -2, -2, -4]


def test_an_optimizer_of_a_user_comes_from_custom_objects():
    class Plain(optimizers.Optimizer):
        def get_updates(self, loss, params):
            gradients = self.get_gradients(loss, params)
            self.updates = [K.update_sub(p, g) for p, g in zip(params, gradients)]
            return self.updates

    made = optimizers.deserialize({"class_name": "Plain", "config": {}}, {"Plain": Plain})
    assert isinstance(made, Plain)
    np.testing.assert_allclose(steps(made, 1)[0], START - gradient_at(START))


@pytest.mark.parametrize("identifier", ["descent", 3, None, {"class_name": "SGD"}])
def test_what_is_no_optimizer_is_refused(identifier):
    with pytest.raises(ConfigError):
        optimizers.get(identifier)


def test_unknown_arguments_are_refused():
    with pytest.raises(TypeError, match="rate"):
        optimizers.SGD(rate=0.1)


def test_a_gradient_is_scaled_down_to_a_norm():
    g = K.constant([3.0, 4.0])
    assert K.eval(clip_norm(g, 1, K.constant(5.0))).tolist() == pytest.approx([0.6, 0.8])
    assert K.eval(clip_norm(g, 6, K.constant(5.0))).tolist() == [3, 4]
    assert clip_norm(g, 0, K.constant(5.0)) is g
