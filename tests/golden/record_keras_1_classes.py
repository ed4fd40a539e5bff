"""The layers of Keras 1.2.2: their classes and the arguments of each, in order, with defaults; and
what its metrics, regularizers and constraints give.

Run it in an environment with Keras 1.2.2 (``oracles/make_oracles.sh k122`` makes one):

    ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_keras_1_classes.py

It writes ``keras_1_classes.json``: class -> pairs of an argument and its default. What a class
takes by name only, and hands on to its base, comes last. And ``keras_1_functions.json``.
"""

import importlib
import inspect
import json
import os
import pkgutil
import sys

# Only subclasses make something of them.
BASES = ("ConvRecurrent2D", "Layer", "Recurrent", "Wrapper")
HERE = os.path.dirname(os.path.abspath(__file__))


def classes(keras):
    """The public layers, without the bases that only subclasses make something of."""
    modules = [
        importlib.import_module("keras.layers." + each.name)
        for each in pkgutil.iter_modules(keras.layers.__path__)
    ]
    found = {
        each
        for module in modules + [keras.layers]
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, keras.engine.topology.Layer)
    }
    return {
        each.__name__: arguments(each)
        for each in found
        if not each.__name__.startswith("_") and each.__name__ not in BASES
    }


def arguments(cls):
    """Pairs of an argument and its default, also of those that go to a base by name."""
    pairs = {}
    for base in cls.__mro__:
        if "__init__" not in vars(base) or base is object:
            continue
        parameters = list(inspect.signature(base.__init__).parameters.values())[1:]
        for one in parameters:
            if one.kind is one.POSITIONAL_OR_KEYWORD:
                default = None if one.default is one.empty else one.default
                pairs.setdefault(one.name, [one.name, default])
    return list(pairs.values())


if __name__ == "__main__":
    import keras

    sys.path.insert(0, HERE)
    functions = importlib.import_module("keras_1_function_cases").observe(keras)
    for name, value in {"classes": classes(keras), "functions": functions}.items():
        with open(os.path.join(HERE, "keras_1_%s.json" % name), "w") as file:
            json.dump(value, file, sort_keys=True)
            file.write("\n")
