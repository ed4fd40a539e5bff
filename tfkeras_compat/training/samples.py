"""Generator methods as Keras 1 called them: they count samples, and no batches."""

import inspect
import itertools
import warnings

from tfkeras_compat.legacy.keywords import GENERATOR_METHODS

# What yields the batches -> how many are to be taken of it, in Keras 2's words.
_COUNTS = (
    ("generator", "steps_per_epoch"),
    ("generator", "steps"),
    ("validation_data", "validation_steps"),
)


def in_batches(method, args, kwargs):
    """The arguments of ``fit_generator`` and its like by name, with numbers of samples as numbers
    of batches.

    The first batch tells how many samples one has; it is not lost. What is given as
    ``steps_per_epoch=``, in a word that only Keras 2 has, counts batches already.
    """
    renamed = {GENERATOR_METHODS.get(name, name): value for name, value in kwargs.items()}
    bound = dict(inspect.signature(method).bind_partial(None, *args, **renamed).arguments)
    for source, count in _COUNTS:
        if count in bound and count not in kwargs and hasattr(bound.get(source), "__next__"):
            counted = _counted if count != "steps_per_epoch" else _counted_with_warning
            bound[source], bound[count] = counted(bound[source], bound[count])
    return {name: value for name, value in bound.items() if name != "self"}


def _counted(source, samples):
    size = getattr(source, "batch_size", None)
    if size is None:
        first = next(source)
        size = _samples_in(first)
        source = _put_back(first, source)
    return source, -(-samples // size)


def _counted_with_warning(source, samples):
    source, steps = _counted(source, samples)
    return _watched(source, samples, steps), steps


def _watched(source, samples, steps):
    """The batches; warns of an epoch that has more samples than were asked for, as Keras 1 did."""
    for epoch in iter(lambda: itertools.islice(source, steps), None):
        taken = 0
        for number, batch in enumerate(epoch, 1):
            taken += _samples_in(batch)
            if number == steps and taken > samples:
                warnings.warn(
                    "An epoch has %d samples, and `samples_per_epoch` is %d. That may affect what "
                    "is learnt: let batches add up to it." % (taken, samples)
                )
            yield batch
        if not taken:
            return


def _samples_in(batch):
    inputs = batch[0] if isinstance(batch, tuple) else batch
    if isinstance(inputs, dict):
        inputs = list(inputs.values())
    return len(inputs[0] if isinstance(inputs, list) else inputs)


def _put_back(first, source):
    yield first
    yield from source
