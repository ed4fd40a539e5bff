import time

import numpy as np
import pytest

from tfkeras_compat import callbacks
from tfkeras_compat.callbacks import progress
from tfkeras_compat.errors import ConfigError


class Noted(callbacks.Callback):
    """Writes down what it is told under the older names."""

    def __init__(self):
        super().__init__()
        self.told = []

    def on_batch_begin(self, batch, logs=None):
        self.told.append(("begin", batch, logs))

    def on_batch_end(self, batch, logs=None):
        self.told.append(("end", batch, logs))

    def on_test_batch_end(self, batch, logs=None):
        self.told.append(("test", batch, logs))


def test_a_list_tells_all_its_callbacks():
    first, second = Noted(), Noted()
    both = callbacks.CallbackList([first])
    both.append(second)
    both.on_train_batch_begin(0)
    both.on_batch_end(0, {"loss": 1.0})
    both.on_test_batch_end(3, {})
    expected = [("begin", 0, {}), ("end", 0, {"loss": 1.0}), ("test", 3, {})]
    assert first.told == second.told == expected
    assert list(both) == [first, second]


def test_a_list_hands_model_and_parameters_on():
    callback = callbacks.Callback()
    both = callbacks.CallbackList([callback])
    both.set_model("the model")
    both.set_params({"epochs": 1})
    assert callback.model == both.model == "the model"
    assert callback.params == {"epochs": 1}


def test_a_list_has_no_other_moments():
    with pytest.raises(AttributeError, match="on_lunch"):
        callbacks.CallbackList().on_lunch()


def test_a_slow_callback_is_named_in_a_warning():
    class Slow(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            time.sleep(0.12)

    both = callbacks.CallbackList([Slow()])
    both.on_epoch_begin(0)
    both.on_train_batch_begin(0)
    with pytest.warns(RuntimeWarning, match="on_train_batch_end.*slow"):
        both.on_train_batch_end(0)


def test_the_logger_averages_over_samples():
    logger = callbacks.BaseLogger(stateful_metrics=["count"])
    logger.set_params({"metrics": ["loss", "count"]})
    logger.on_epoch_begin(0)
    logger.on_batch_end(0, {"size": 3, "loss": np.float32(1.0), "count": 3})
    logger.on_batch_end(1, {"size": 1, "loss": np.float32(5.0), "count": 4})
    logs = {"val_loss": 7.0}
    logger.on_epoch_end(0, logs)
    assert logs == {"val_loss": 7.0, "loss": 2.0, "count": 4}


def test_the_history_keeps_every_epoch():
    history = callbacks.History()
    history.on_train_begin()
    history.on_epoch_end(3, {"loss": 2.0})
    history.on_epoch_end(4, {"loss": 1.0})
    assert history.epoch == [3, 4] and history.history == {"loss": [2.0, 1.0]}


def test_functions_take_the_place_of_methods():
    told = []
    callback = callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: told.append(epoch), on_train_end=told.append
    )
    both = callbacks.CallbackList([callback])
    both.on_train_begin()
    both.on_epoch_end(2)
    both.on_train_end()
    assert told == [2, {}]


@pytest.mark.parametrize("loss, stops", [(1.0, False), (np.nan, True), (np.inf, True)])
def test_a_loss_that_is_no_number_stops_the_training(loss, stops):
    class Model:
        stop_training = False

    callback = callbacks.TerminateOnNaN()
    callback.set_model(Model())
    callback.on_batch_end(0, {"loss": loss})
    assert callback.model.stop_training == stops


def test_the_progress_logger_counts_samples_or_steps(capsys):
    for mode, count in (("samples", 6), ("steps", 2)):
        logger = callbacks.ProgbarLogger(mode)
        logger.set_params(
            {"verbose": 2, "epochs": 4, "samples": 6, "steps": 2, "metrics": ["loss", "val_loss"]}
        )
        logger.on_train_begin()
        logger.on_epoch_begin(1)
        for batch in range(2):
            logger.on_batch_begin(batch)
            logger.on_batch_end(batch, {"size": 3, "loss": batch})
        logger.on_epoch_end(1, {"loss": 0.5, "val_loss": 2.0})
        assert logger.seen == count
        expected = "Epoch 2/4\n - 0s - loss: 0.5000 - val_loss: 2.0000\n"
        assert capsys.readouterr().out == expected
    with pytest.raises((ConfigError, ValueError), match="count_mode"):
        callbacks.ProgbarLogger("bytes")


# ---- the bar ------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch):
    """The time, which passes only when it is set."""

    class Clock:
        now = 1000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_the_bar_looks_as_ever(clock, capsys):
    bar = progress.Progbar(target=20, width=10)
    clock.now += 2
    bar.update(5, [("loss", 1.0)])
    clock.now += 6
    bar.update(20, [("loss", 2.0)])
    assert capsys.readouterr().out == (
        "\n 5/20 [=>........] - ETA: 6s - loss: 1.0000"
        "\n20/20 [==========] - 8s 400ms/step - loss: 1.7500\n"
    )


@pytest.mark.parametrize(
    "seconds, shown",
    [(0.5, " - 0s 50us/step"), (50, " - 50s 5ms/step"), (20000, " - 20000s 2s/step")],
)
def test_the_pace_is_shown_in_a_fitting_unit(clock, capsys, seconds, shown):
    bar = progress.Progbar(target=10000)
    clock.now += seconds
    bar.update(10000)
    assert capsys.readouterr().out.endswith("]" + shown + "\n")


@pytest.mark.parametrize("left, shown", [(50, "50s"), (90, "1:30"), (7262, "2:01:02")])
def test_the_remaining_time_is_shown_in_hours_minutes_and_seconds(clock, capsys, left, shown):
    bar = progress.Progbar(target=2)
    clock.now += left
    bar.add(1)
    assert " - ETA: %s" % shown in capsys.readouterr().out


def test_updates_that_come_too_fast_are_not_printed(clock, capsys):
    bar = progress.Progbar(target=10, interval=1.0)
    bar.update(1)
    capsys.readouterr()
    clock.now += 0.5
    bar.update(2)
    assert capsys.readouterr().out == ""


def test_an_unknown_target_shows_the_count_alone(clock, capsys):
    clock.now += 3
    progress.Progbar(target=None).update(3)
    assert "      3/Unknown - 0s" in capsys.readouterr().out


def test_small_numbers_and_stateful_metrics_are_shown_as_they_are(clock, capsys):
    bar = progress.Progbar(target=2, verbose=2, stateful_metrics=["count"])
    bar.update(1, [("small", 0.0001), ("count", 3)])
    bar.update(2, [("small", 0.0001), ("count", 7)])
    assert capsys.readouterr().out == " - 0s - small: 1.0000e-04 - count: 7.0000\n"
