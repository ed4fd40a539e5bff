"""Signatures of core layers: those of the Keras layers of the same name, with other defaults, and
those of the functions that make and apply a layer at once."""

import inspect

_Parameter = inspect.Parameter
REQUIRED = _Parameter.empty


def _of_init(cls):
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return [each for each in parameters if each.kind is _Parameter.POSITIONAL_OR_KEYWORD]


def like(
    cls, arguments_of=None, order=None, without=(), trailing=("trainable", "name"), **defaults
):
    """An ``__init__`` that calls ``cls.__init__``, with its arguments and then those that every
    core layer has.

    Args:
        arguments_of: a base class of ``cls`` that lists them.
        order: all names, where that is not it.
        without: names that core layers do not have.
        trailing: which of ``trainable=True`` and ``name=None`` may be given by position.
        defaults: where they differ; ``REQUIRED`` for none. Names that ``cls`` does not know become
            attributes.
    """
    listed = _of_init(arguments_of or cls)
    theirs = {each.name: each.default for each in listed if each.name not in without}
    every = dict(theirs, trainable=True, name=None)
    every.update(defaults)
    own = [name for name in defaults if name not in theirs]
    names = list(theirs) + own + list(trailing) if order is None else order.split()
    kind = _Parameter.POSITIONAL_OR_KEYWORD
    parameters = [_Parameter("self", kind)]
    parameters += [_Parameter(name, kind, default=every[name]) for name in names]
    parameters += [_Parameter("kwargs", _Parameter.VAR_KEYWORD)]
    signature = inspect.Signature(parameters)

    def __init__(self, *args, **kwargs):
        arguments = _bound(signature, (self,) + args, kwargs)
        del arguments["self"]
        arguments.update(arguments.pop("kwargs"))
        from_scope = {name for name in arguments if _is_left_to_scope(name, arguments[name])}
        kept = from_scope.union(own)
        cls.__init__(self, **{name: arguments[name] for name in arguments if name not in kept})
        for name in kept:
            setattr(self, name, arguments[name])

    vars(__init__)["__signature__"] = signature
    return __init__


def _bound(signature, args, kwargs):
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)


def _is_left_to_scope(name, value):
    # The variable scope has the initializer that a layer does not name.
    return name.endswith("_initializer") and value is None


def function_of(cls, order=None, defaults=None, **of_call):
    """The function that makes a layer of ``cls`` and applies it.

    Its arguments are ``inputs``, those of the layer's ``__init__`` (in another ``order``, if given
    as names, or with other ``defaults``), and those of ``call``, which are ``of_call`` with their
    defaults.
    """
    known = {each.name: each for each in _of_init(cls)}
    for name, value in (defaults or {}).items():
        known[name] = known[name].replace(default=value)
    added = dict(of_call, name=None, reuse=None)
    names = list(known) + ["reuse"] if order is None else order.split()
    kind = _Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        known[name] if name in known else _Parameter(name, kind, default=added[name])
        for name in names
    ]
    signature = inspect.Signature([_Parameter("inputs", kind)] + parameters)

    def function(*args, **kwargs):
        arguments = _bound(signature, args, kwargs)
        inputs = arguments.pop("inputs")
        calling = {name: arguments.pop(name) for name in of_call}
        if "reuse" in arguments:  # the scope of a layer with variables is sought by its name
            arguments.update(_reuse=arguments.pop("reuse"), _scope=arguments["name"])
        return cls(**arguments)(inputs, **calling)

    vars(function)["__signature__"] = signature
    return function
