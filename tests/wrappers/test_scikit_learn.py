"""Models as scikit-learn's estimators."""

import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential
from tfkeras_compat.wrappers.scikit_learn import KerasClassifier, KerasRegressor

RANDOM = np.random.RandomState(0)
X = RANDOM.randn(24, 3).astype("float32")
LABELS = np.array(["ant", "bee", "cow"])[X.argmax(axis=1)]


def three_classes(units=4, callbacks=()):
    model = Sequential([Dense(units, input_shape=(3,)), Dense(3, activation="softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model


def one_output(lr=0.1):
    model = Sequential([Dense(1, activation="sigmoid", input_shape=(3,))])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return model


def test_labels_of_any_kind_go_in_and_come_out():
    classifier = KerasClassifier(three_classes, units=5, epochs=1, verbose=0)
    history = classifier.fit(X, LABELS, sample_weight=np.ones(24))
    assert list(history.history) == ["loss", "acc"]
    assert classifier.model.layers[0].units == 5 and classifier.n_classes_ == 3
    assert set(classifier.predict(X)) <= {"ant", "bee", "cow"}
    np.testing.assert_allclose(classifier.predict_proba(X).sum(axis=1), np.ones(24), rtol=1e-5)
    right = np.mean(classifier.predict(X) == LABELS)
    np.testing.assert_allclose(classifier.score(X, LABELS, verbose=0), right, rtol=1e-6)


def test_a_model_of_one_output_has_two_columns_of_probabilities():
    classifier = KerasClassifier(one_output, verbose=0)
    classifier.fit(X, LABELS == "ant")
    assert classifier.predict_proba(X).shape == (24, 2)
    assert classifier.predict(X).dtype == bool and classifier.predict(X).shape == (24, 1)


def test_a_regressor_scores_minus_the_loss():
    regressor = KerasRegressor(one_output, lr=0.2, verbose=0)
    regressor.fit(X, np.linspace(0, 1, 24), epochs=1)
    assert regressor.predict(X[:1]).shape == (1,)
    expected = regressor.model.evaluate(X, np.linspace(0, 1, 24), verbose=0)[0]
    assert regressor.score(X, np.linspace(0, 1, 24)) == -expected


def test_what_a_method_is_given_counts_before_what_the_estimator_was_given():
    regressor = KerasRegressor(one_output, epochs=3, verbose=0)
    assert len(regressor.fit(X, X[:, 0], epochs=1).epoch) == 1
    assert len(regressor.fit(X, X[:, 0]).epoch) == 3


def test_an_object_or_the_estimator_itself_may_make_the_model():
    class Builder:
        def __call__(self, units=2):
            return three_classes(units)

    class Own(KerasClassifier):
        def __call__(self, units=2):
            return three_classes(units)

    for estimator in (KerasClassifier(Builder(), units=3), Own(units=3)):
        estimator.fit(X, LABELS, verbose=0)
        assert estimator.model.layers[0].units == 3


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: KerasClassifier(three_classes, unit=3), ConfigError, "unit is not a legal"),
        (lambda: KerasClassifier(three_classes).set_params(epoch=3), ConfigError, "epoch is not"),
        (lambda: KerasRegressor().fit(X, X), ConfigError, "KerasRegressor has no build_fn"),
        (lambda: KerasClassifier(three_classes).fit(X, 1), ShapeError, "Invalid shape for y"),
    ],
)
def test_mistakes_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_accuracy_has_to_be_among_the_metrics():
    def without_metrics():
        model = three_classes()
        model.compile("sgd", "categorical_crossentropy")
        return model

    classifier = KerasClassifier(without_metrics, verbose=0)
    classifier.fit(X, LABELS)
    with pytest.raises(ConfigError, match='pass `metrics=."accuracy".`'):
        classifier.score(X, LABELS)


def test_todays_scikit_learn_clones_and_searches():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    from sklearn.base import clone, is_classifier
    from sklearn.model_selection import GridSearchCV, cross_val_score

    classifier = KerasClassifier(three_classes, callbacks=[], epochs=1, verbose=0)
    cloned = clone(classifier)
    assert cloned.get_params() == classifier.get_params() and cloned is not classifier
    assert is_classifier(classifier)
    search = GridSearchCV(classifier, {"units": [2, 3]}, cv=2).fit(X, LABELS)
    assert search.best_params_["units"] in (2, 3)
    assert search.best_estimator_.model.layers[0].units == search.best_params_["units"]
    regressor = KerasRegressor(one_output, verbose=0)
    assert cross_val_score(regressor, X, X[:, 0] > 0, cv=2).shape == (2,)
