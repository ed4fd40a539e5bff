"""Records the names of Keras 2.2.5 and their arguments: run with the interpreter that has it.

    PYTHON tests/legacy/record_names.py > tests/legacy/names_of_keras_2_2_5.txt

A line for each module, ``keras.losses: MAE MSE ...``, has its public names: those that it defines,
the classes that it has from other modules of Keras, and of a package all that it has from them. A
line for each function, class and method, ``keras.losses.kullback_leibler_divergence(y_true;
y_pred)``, has the arguments where it is defined. Backends of other libraries, which can not be
imported here, are left out.
"""

import importlib
import inspect
import pkgutil

import keras

_FOREIGN = ("keras_modules_injection", "f")
_OTHERS = ("theano_backend", "cntk_backend")
_PLAIN = (bool, int, float, str, tuple, list, dict)


def modules():
    yield "keras"
    for found in pkgutil.walk_packages(keras.__path__, "keras."):
        if not found.name.endswith(_OTHERS):
            yield found.name


def names_in(module):
    names = (name for name in vars(module) if name[0] != "_" and name not in _FOREIGN)
    return sorted(name for name in names if _counts(getattr(module, name), module))


def _counts(value, module):
    home = getattr(value, "__module__", None)
    if home is None:
        return isinstance(value, _PLAIN)
    from_keras = home.split(".")[0] in ("keras", "keras_preprocessing", "keras_applications")
    is_package = hasattr(module, "__path__")
    return home == module.__name__ or (from_keras and (inspect.isclass(value) or is_package))


def arguments_in(module, names):
    for name in names:
        value = getattr(module, name)
        is_home = getattr(value, "__module__", None) == module.__name__
        if is_home and inspect.isclass(value):
            for method, function in sorted(vars(value).items()):
                function = getattr(function, "__func__", function)
                if inspect.isfunction(function) and (method == "__init__" or method[0] != "_"):
                    yield "%s.%s" % (name, method), function
        elif is_home and inspect.isfunction(value):
            yield name, value


def written(function):
    return "(%s)" % "; ".join(_argument(one) for one in _signature(function))


def _signature(function):
    return inspect.signature(function).parameters.values()


def _argument(parameter):
    if parameter.kind is parameter.VAR_POSITIONAL:
        return "*" + parameter.name
    if parameter.kind is parameter.VAR_KEYWORD:
        return "**" + parameter.name
    if parameter.default is parameter.empty:
        return parameter.name
    default = parameter.default
    return "%s=%s" % (parameter.name, getattr(default, "__name__", None) or repr(default))


if __name__ == "__main__":
    for path in modules():
        found = importlib.import_module(path)
        print("%s: %s" % (path, " ".join(names_in(found))))
        for name, function in arguments_in(found, names_in(found)):
            print("%s.%s%s" % (path, name, written(function)))
