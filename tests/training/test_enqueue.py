import multiprocessing
import random
import threading
import time

import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.training.enqueue import is_generator_or_sequence, is_sequence
from tfkeras_compat.utils import GeneratorEnqueuer, OrderedEnqueuer, Sequence

KINDS = pytest.mark.parametrize("use_multiprocessing", [False, True], ids=["threads", "processes"])


class Numbers(Sequence):
    """Batches 0, 1, 2 ...; the first takes longest. Each epoch multiplies them by ten."""

    def __init__(self, count=6, wrong=None):
        self.count = count
        self.wrong = wrong
        self.factor = 1

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index == self.wrong:
            raise IndexError("no batch %d" % index)
        time.sleep(0.05 if index == 0 else 0)
        return index * self.factor

    def on_epoch_end(self):
        self.factor *= 10


class Locked:
    """An iterator that several threads may call."""

    def __init__(self, iterator):
        self.iterator = iterator
        self.lock = threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            return next(self.iterator)


def slow(count):
    for number in range(count):
        time.sleep(0.05)
        yield number


def failing(count):
    yield from range(count)
    raise KeyError("lost")


def taken(enqueuer, count, workers=3):
    enqueuer.start(workers, 4)
    batches = enqueuer.get()
    try:
        return [next(batches) for _ in range(count)]
    finally:
        enqueuer.stop()


@KINDS
def test_batches_of_a_sequence_come_in_order_and_each_epoch_sees_what_the_last_changed(
    use_multiprocessing,
):
    numbers = taken(OrderedEnqueuer(Numbers(), use_multiprocessing), 14)
    assert numbers == [0, 1, 2, 3, 4, 5, 0, 10, 20, 30, 40, 50, 0, 100]


def test_shuffled_epochs_have_each_batch_once_in_an_order_drawn_from_random():
    random.seed(3)
    expected = list(range(6))
    random.shuffle(expected)
    random.seed(3)
    assert taken(OrderedEnqueuer(Numbers(), shuffle=True), 6) == expected != list(range(6))


@KINDS
def test_an_error_of_a_sequence_reaches_the_caller_after_the_batches_before_it(
    use_multiprocessing,
):
    enqueuer = OrderedEnqueuer(Numbers(wrong=2), use_multiprocessing)
    enqueuer.start(3, 4)
    batches = enqueuer.get()
    assert [next(batches), next(batches)] == [0, 1]
    with pytest.raises(IndexError, match="no batch 2"):
        next(batches)
    assert not enqueuer.is_running()


def test_an_error_at_the_end_of_an_epoch_reaches_the_caller():
    class Ending(Numbers):
        def on_epoch_end(self):
            raise KeyError("end")

    with pytest.raises(KeyError, match="end"):
        taken(OrderedEnqueuer(Ending()), 7)


def test_a_sequence_without_batches_is_refused():
    with pytest.raises(ConfigError, match="length is 0"):
        taken(OrderedEnqueuer(Numbers(0)), 1)


@KINDS
def test_an_error_of_a_generator_reaches_the_caller(use_multiprocessing):
    with pytest.raises(KeyError, match="lost"):
        taken(GeneratorEnqueuer(failing(2), use_multiprocessing), 3, workers=1)


def test_a_generator_that_ends_gives_all_its_batches_with_several_threads():
    for count in (0, 1, 5, 30):
        enqueuer = GeneratorEnqueuer(Locked(iter(range(count))))
        enqueuer.start(3, 2)
        assert sorted(enqueuer.get()) == list(range(count))
        assert not enqueuer.is_running()


def test_processes_run_copies_of_a_generator():
    enqueuer = GeneratorEnqueuer(slow(3), use_multiprocessing=True)
    enqueuer.start(2, 10)
    assert set(enqueuer.get()) == {0, 1, 2}


def test_a_generator_that_can_not_be_called_from_several_threads_is_reported():
    with pytest.raises(RuntimeError, match="NOT thread-safe"):
        taken(GeneratorEnqueuer(slow(10)), 8)


def test_batches_that_are_none_are_left_out():
    assert taken(GeneratorEnqueuer(iter([1, None, 2])), 2, workers=1) == [1, 2]


def test_no_more_batches_are_made_than_the_queue_holds_and_the_workers_have_in_hand():
    made = []
    enqueuer = GeneratorEnqueuer(made.append(n) or n for n in range(100))
    enqueuer.start(1, 3)
    time.sleep(0.3)
    assert 3 <= len(made) <= 3 + 1
    enqueuer.stop()


@KINDS
def test_no_thread_or_process_is_left_after_stop(use_multiprocessing):
    before = set(threading.enumerate())
    sources = [
        OrderedEnqueuer(Numbers(50), use_multiprocessing),
        GeneratorEnqueuer(iter(range(50)), use_multiprocessing),
    ]
    for enqueuer in sources:
        taken(enqueuer, 2, workers=2)
        enqueuer.stop()  # again, to no effect
    assert not set(threading.enumerate()) - before
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("size", [1, 2])
def test_a_queue_that_is_full_does_not_delay_stop(size):
    enqueuer = OrderedEnqueuer(Numbers(50))
    enqueuer.start(1, size)
    time.sleep(0.2)
    before = time.time()
    enqueuer.stop()
    assert time.time() - before < 2 and not enqueuer.run_thread.is_alive()


def test_stop_does_not_wait_for_a_generator_that_is_stuck():
    release = threading.Event()
    enqueuer = GeneratorEnqueuer(iter(release.wait, None))
    enqueuer.start(1, 2)
    before = time.time()
    enqueuer.stop(timeout=0.2)
    assert time.time() - before < 2
    release.set()


def test_a_caller_that_waits_for_a_batch_is_released_by_stop():
    release = threading.Event()
    enqueuer = GeneratorEnqueuer(release.wait() for _ in range(1))
    enqueuer.start(1, 2)
    threading.Timer(0.2, enqueuer.stop, [0.1]).start()
    threading.Timer(0.5, release.set).start()
    assert [each for each in enqueuer.get() if each is not True] == []


def test_a_process_that_died_costs_a_warning_and_no_batch(monkeypatch):
    monkeypatch.setattr("tfkeras_compat.training.enqueue._BATCH_SECONDS", 0.2)

    class Stuck(Numbers):
        def __getitem__(self, index):
            if index == 1 and multiprocessing.current_process().daemon:
                time.sleep(30)
            return index

    with pytest.warns(UserWarning, match="input 1 could not be retrieved"):
        assert taken(OrderedEnqueuer(Stuck(4), True), 8, workers=2) == [0, 1, 2, 3] * 2


def test_a_generator_that_can_not_be_sent_to_processes_is_reported():
    method = multiprocessing.get_start_method()
    multiprocessing.set_start_method("spawn", force=True)
    try:
        with pytest.raises(ConfigError, match="use_multiprocessing=False"):
            taken(GeneratorEnqueuer(slow(3), use_multiprocessing=True), 1, workers=1)
    finally:
        multiprocessing.set_start_method(method, force=True)


def test_processes_are_seeded_differently():
    def draws():
        while True:
            time.sleep(0.05)
            yield np.random.randint(2**30)

    enqueuer = GeneratorEnqueuer(draws(), use_multiprocessing=True, random_seed=1)
    numbers = taken(enqueuer, 6, workers=2)
    assert len(set(numbers)) == 6


def test_wait_time_is_accepted_with_a_warning():
    with pytest.warns(DeprecationWarning, match="wait_time"):
        GeneratorEnqueuer(iter([1]), wait_time=0.05)


def test_what_has_the_methods_of_a_sequence_is_one():
    class Foreign:
        __len__ = __getitem__ = __iter__ = on_epoch_end = Numbers.__len__

    assert is_sequence(Numbers()) and is_sequence(Foreign())
    assert not any(map(is_sequence, ([1], np.ones(2), (1, 2), {}, None, iter([1]))))
    assert is_generator_or_sequence(slow(1)) and not is_generator_or_sequence(iter([1]))
