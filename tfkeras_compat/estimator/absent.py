"""Names of the originals that are not offered: calling one says what to use instead."""

from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy.estimator import ABSENT


def __getattr__(name):
    try:
        advice = ABSENT[name]
    except KeyError:
        raise AttributeError("module %r has no attribute %r" % (__name__, name)) from None
    return type(name, (), {"__init__": _refusal(name, advice), "__doc__": advice})


def _refusal(name, advice):
    def __init__(self, *arguments, **keywords):
        raise NotInLegacyError("%s is not offered here. %s" % (name, advice))

    return __init__
