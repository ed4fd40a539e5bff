"""The tables of ``legacy/`` and their readers can not drift apart.

For every entry of every table: the run time understands it, the rules of ``migrate`` rewrite it
where there is something to rewrite, and a guide lists it. A table that is not known here fails.
"""

import ast
import functools
import glob
import importlib
import inspect
import operator
import os
import pkgutil
import re
import warnings

import pytest

import tfkeras_compat as keras
import tfkeras_compat.tensorflow as tf
from tfkeras_compat import estimator, legacy
from tfkeras_compat.dropin import rewrite
from tfkeras_compat.engine.keras_1 import in_keras_2_words
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy import estimator as of_estimator
from tfkeras_compat.legacy import evidence, generations, keras_1, keras_3, keywords, modules, places
from tfkeras_compat.legacy import python_2 as of_python_2
from tfkeras_compat.legacy import tensorflow as of_tensorflow
from tfkeras_compat.legacy import to_keras_3 as of_files
from tfkeras_compat.migrate.generation import deciding, signs_of
from tfkeras_compat.migrate.journey import migrated
from tfkeras_compat.migrate.python_2 import is_python_2
from tfkeras_compat.migrate.rules import rules_up_to
from tfkeras_compat.state import generation
from tfkeras_compat.tensorflow import offered
from tfkeras_compat.training.arguments import accepts_keras_1_names

FOLDER = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "migration_guides"
)
OURS = ("python_2", "serving")  # rooms that no original had
OUR_NAMES = ("estimator", "generation", "install", "serving", "uninstall")

# Tables that are parts of others, or that only tell readers how to read others.
PARTS = {
    **dict.fromkeys(("contrib.NAMES", "estimator.NAMES", "tensorflow.NAMES"), modules.NAMES),
    **dict.fromkeys(("contrib.ROOTS", "tensorflow.ROOTS"), modules.ROOTS),
    **{
        "estimator.ABSENT_" + name: of_estimator.ABSENT
        for name in ("CONTRIB", "GRAPH_ACTIONS", "IO", "LEARN")
    },
    "keywords.COUNTED_DIFFERENTLY": keywords.GENERATOR_METHODS,
    "keywords.ONLY_LISTED_VALUES": keywords.VALUES,
    "python_2.ALSO_IN_3": of_python_2.MODULES,
    "python_2.MEANING_MODULES": modules.ALIASES,
    "python_2.MEANINGS": modules.NAMES["python_2"],
}
FOR_READERS = {
    "generations.DEFAULT": "a key of GENERATIONS",
    "generations.GATES_IN_KERAS_1": "part of the trait layouts",
    **dict.fromkeys(
        ["keras_1." + name for name in vars(keras_1) if name.isupper() and name[0] != "_"],
        "compared with the recorded Keras 1.2.2 by tests/golden/test_keras_1.py",
    ),
    **dict.fromkeys(
        ["to_keras_3." + name for name in vars(of_files) if name.isupper() and name[0] != "_"],
        "what files of Keras 3 say, which it reads in tests/serving/test_keras_3.py",
    ),
    "keras_3.VERBOSE": "the reason for all of PRINTING",
    "offered.MARKS": "how the record of all names is read",
    "generations.KERNEL_AXES_IN_KERAS_1": "part of the trait layouts",
    "places.CLASSES": "whose table of arguments a class of RENAMED has",
    "places.OLD_MODULES": "where rules look for what is public elsewhere",
    "places.PUBLIC": "what a star import is known to bring",
    "places.TENSORFLOW": "roots of modules.ROOTS, for rules",
    "python_2.METHODS_ELSEWHERE": "libraries whose methods are no sign of Python 2",
    "python_2.STRING_OF_PYTHON_3": "what stays in the module string",
    **dict.fromkeys(("python_2.FLOATS", "python_2.WHOLE"), "what a division may be of"),
    "tensorflow.OURS": "what does not stay in tensorflow.compat.v1",
}


def listed():
    """All words in the generated tables of the guides."""
    found = set()
    for path in glob.glob(os.path.join(FOLDER, "*.md")):
        with open(path, encoding="utf-8") as file:
            tables = re.findall("<!-- generated: .*?<!-- end -->", file.read(), re.S)
        found.update(re.findall(r"[\w.]+", " ".join(tables)))
    return found


LISTED = listed()


def resolved(target):
    path, _, name = target.partition(":")
    module = importlib.import_module(keras.__name__ + "." + path)
    return operator.attrgetter(name)(module) if name else module


def rewritten(source, step="drop-in"):
    return migrated(source, rules_up_to(step))


def run(source, python_2=False):
    """What a statement binds to the name ``found``; ``None`` if there is nothing to import."""
    scope = {}
    try:
        exec(rewrite.compiled(source, "entry", python_2), scope)
    except ImportError:
        return None
    return scope["found"]


def of_imports(entries):
    """What is wrong with imports: ``(source, expected object, words of the guide)`` of each."""
    entries = list(entries)
    whole = "".join(source for source, _, _ in entries)
    lines = rewritten(whole).splitlines()
    assert len(lines) == len(entries)
    for (source, expected, words), line in zip(entries, lines):
        if re.match(r"(import|from) (?!tfkeras_compat\b)", line):
            yield "no rule rewrites %r" % source
        if not is_same(run(source), expected):
            yield "the run time does not understand %r" % source
        yield from not_listed(words)


def is_same(found, expected):
    # A class that is absent is made when it is asked for.
    return found is expected or found.__doc__ == expected.__doc__ in of_estimator.ABSENT.values()


def not_listed(words):
    return ["no guide lists %r" % word for word in words if word not in LISTED]


def root_of(path):
    if path.partition(".")[0] in OURS:
        return "tfkeras_compat." + path
    if path.partition(".")[0] == "estimator":
        return "tensorflow." + path
    return path if path.partition(".")[0] == "tensorflow" else ("keras." + path).rstrip(".")


def of_roots():
    return of_imports(
        ("import %s as found\n" % old, importlib.import_module(new), [old, new])
        for old, new in sorted(modules.ROOTS.items())
    )


def of_aliases():
    return of_imports(
        (
            "import %s as found\n" % root_of(old),
            resolved(new),
            [root_of(old)] if root_of(old).startswith("keras.") else [old.partition(".")[2]],
        )
        for old, new in sorted(modules.ALIASES.items())
    )


def of_names():
    return of_imports(
        ("from %s import %s as found\n" % (root_of(path), name), resolved(target), [name])
        for path, names in sorted(modules.NAMES.items())
        for name, target in sorted(names.items())
        if path or name not in OUR_NAMES
    )


def of_modules_of_python_2():
    for old, new in sorted(of_python_2.MODULES.items()):
        source = "import %s as found\n" % old
        if run(source, python_2=True) is not resolved("dropin.python_2.modules." + old):
            yield "the run time does not understand %r" % source
        if old not in of_python_2.ALSO_IN_3 and not is_python_2(source, "entry"):
            yield "%r is no sign of Python 2" % source
        public = [name for name in new if not name.startswith("tfkeras_compat")]
        yield from not_listed([old] + public)


def of_signs_of_python_2():
    for source in of_python_2.NAMES + ["x.%s()" % each for each in of_python_2.METHODS]:
        if not is_python_2(source, "entry"):
            yield "%r is no sign of Python 2" % source
    yield from not_listed(of_python_2.NAMES + of_python_2.METHODS)


def of_fixers():
    pytest.importorskip("fissix")
    for name in of_python_2.FIXERS + of_python_2.FIXERS_OF_TEXT:
        importlib.import_module("fissix.fixes.fix_" + name)
        yield from not_listed([name])


# ---- arguments ----------------------------------------------------------------------------------

_VALUES = {new: next(iter(values)) for new, values in keywords.VALUES.items()}


def call_of(name, arguments):
    """Source that calls a class with arguments, of which it needs no others to be rewritten."""
    place, called = ("models", "Model") if name == "Network" else ("layers", name)
    given = ", ".join("%s=%r" % pair for pair in sorted(arguments.items()))
    return "from keras.%s import %s\n%s(%s)\n" % (place, called, called, given)


def class_of(name):
    return Network if name == "Network" else getattr(keras.layers, name)


def understood(name, arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return in_keras_2_words(class_of(name), arguments)


def keywords_of(source):
    call = ast.parse(source).body[-1].value
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords}


def of_keywords():
    for name, table in sorted(keywords.KEYWORDS.items()):
        for old, new in sorted(table.items()):
            new = new if isinstance(new, tuple) else (new,)
            yield from of_arguments(name, {old: _VALUES.get(new[0], "same")}, new)
            yield from not_listed([name, old] + list(new))


def of_arguments(name, given, new):
    """Whether the run time and the rules give the same new arguments for a call."""
    at_run_time = understood(name, dict(given))
    if sorted(at_run_time) != sorted(new):
        yield "%s(%s): the run time gives %s" % (name, given, at_run_time)
    in_text = keywords_of(rewritten(call_of(name, given), "keras2"))
    if in_text != at_run_time:
        yield "%s(%s): the run time gives %s, the rules %s" % (name, given, at_run_time, in_text)


def of_values():
    for new, values in sorted(keywords.VALUES.items()):
        users = [
            (name, old)
            for name, table in sorted(keywords.KEYWORDS.items())
            for old in table
            if table[old] == new
        ]
        for old_value, new_value in sorted(values.items()):
            for name, old in users:
                if understood(name, {old: old_value}) != {new: new_value}:
                    yield "%s(%s=%r): the run time" % (name, old, old_value)
                yield from of_arguments(name, {old: old_value}, [new])
            yield from not_listed([new, old_value, str(new_value)])


def of_ignored():
    for name, table in sorted(keywords.IGNORED.items()):
        for old, values in sorted(table.items()):
            yield from of_arguments(name, {old: (values or (0.5,))[0]}, [])
            yield from not_listed([name, old])


def of_steps():
    for name in keywords.OF_STEPS:
        yield from of_arguments(name, {"input_dim": 5, "input_length": 3}, ["input_shape"])
        yield from not_listed([name])


def of_generators():
    @accepts_keras_1_names
    def fit_generator(self, generator=None, **given):
        return given

    for old, new in sorted(keywords.GENERATOR_METHODS.items()):
        with pytest.warns(UserWarning):
            if list(fit_generator(None, None, **{old: 1})) != [new]:
                yield "the run time does not understand %s" % old
        method = "evaluate_generator" if old == "val_samples" else "fit_generator"
        source = "import keras\nmodel = keras.models.Model()\nmodel.%s(g, %s=1)\n" % (method, old)
        if rewritten(source, "keras2") == rewritten(source):
            yield "no rule rewrites or marks %s" % old
        yield from not_listed([old, new])


def of_positions():
    for name, arguments in sorted(keywords.POSITIONAL.items()):
        parameters = list(inspect.signature(class_of(name).__init__).parameters)[1:]
        if tuple(parameters[: len(arguments)]) != arguments:
            yield "%s takes %s" % (name, parameters)
        yield from not_listed((name,) + arguments)


def of_renamed():
    for old, new in sorted(places.RENAMED.items()):
        module, _, name = old.rpartition(".")
        source = "from keras.%s import %s as found\n" % (module, name)
        if run(source) is None:
            yield "the run time does not understand %r" % source
        expected = "import %s as found" % new.rpartition(".")[2]
        if expected not in rewritten(source, "keras2"):
            yield "no rule rewrites %r" % source
        yield from not_listed([old, new])


def of_old_modules():
    for old, new in sorted(places.MODULES.items()):
        there = importlib.import_module("tfkeras_compat." + old)
        here = importlib.import_module("tfkeras_compat." + new)
        name = next(each for each in vars(there) if each[0].isupper() and hasattr(here, each))
        source = "from keras.%s import %s as found\n" % (old, name)
        if run(source) is not getattr(here, name):
            yield "the run time does not understand %r" % source
        if "from tfkeras_compat.%s import" % new not in rewritten(source, "keras2"):
            yield "no rule rewrites %r" % source
        yield from not_listed(["keras." + old, "keras." + new])


def of_sizes():
    for name, sizes in sorted(places.SIZES.items()):
        arguments = dict(zip(sizes, (3, 5, 7)))
        call = call_of(name, dict(arguments, nb_filter=2))
        found = keywords_of(rewritten(call, "keras2"))
        with pytest.warns(UserWarning):
            layer = class_of(name)(nb_filter=2, **arguments)
        if found.get("kernel_size") != layer.kernel_size:
            sizes_of_both = name, layer.kernel_size, found.get("kernel_size")
            yield "%s: the run time gives %s, the rules %s" % sizes_of_both
        yield from not_listed((name,) + sizes)


def of_merging():
    for mode, (function, kind, arguments) in sorted(places.MERGING.items()):
        source = "from keras.layers import merge\nmerge([a, b], mode=%r)\n" % mode
        if "%s([a, b]" % function not in rewritten(source, "keras2"):
            yield "no rule rewrites %r" % source
        if not hasattr(keras.layers, kind) or not hasattr(keras.layers, function):
            yield "the run time has no %s or %s" % (kind, function)
        yield from not_listed([mode, function, kind] + list(arguments))


def of_functions_of_keras():
    for path, arguments in sorted(places.ARGUMENTS.items()):
        module, _, name = path.rpartition(".")
        for old, new in sorted(arguments.items()):
            value = _VALUES.get(new, 5)
            source = "from keras.%s import %s\n%s(%s=%r)\n" % (module, name, name, old, value)
            if list(keywords_of(rewritten(source, "keras2"))) != [new]:
                yield "no rule rewrites %r" % source
            function = operator.attrgetter(path)(keras)
            if new not in inspect.signature(function).parameters:
                yield "the run time has no %s of %s" % (new, path)
            yield from not_listed([path, old, new])


def of_renamed_in_tensorflow():
    for old, new in sorted(of_tensorflow.RENAMED.items()):
        operator.attrgetter(old)(tf)
        operator.attrgetter(new)(tf)
        source = "import tensorflow as tf\ntf.%s\n" % old
        if not rewritten(source, "compat.v1").endswith("tf.%s\n" % new):
            yield "no rule rewrites %r" % source
        yield from not_listed(["tf." + old, "tf." + new])


def of_functions_of_tensorflow():
    for name, arguments in sorted(of_tensorflow.ARGUMENTS.items()):
        operator.attrgetter(name)(tf)
        for old, new in sorted(arguments.items()):
            source = "import tensorflow as tf\ntf.%s(x=0, %s=1)\n" % (name, old)
            if "%s=1" % new not in rewritten(source, "compat.v1"):
                yield "no rule rewrites %r" % source
            yield from not_listed(["tf." + name, old, new])


def of_orders():
    for name, order in sorted(of_tensorflow.ORDERS.items()):
        source = "import tensorflow as tf\ntf.%s(0, %s)\n" % (
            name,
            ", ".join("ab"[: len(order) - 1]),
        )
        if rewritten(source, "compat.v1").endswith(source.splitlines()[1] + "\n"):
            yield "no rule rewrites %r" % source
        yield from not_listed(["tf." + name] + list(order))


def of_advice():
    for symbol, how in sorted(of_tensorflow.ADVICE.items()):
        if not offered.absence(symbol + ".anything").endswith(how):
            yield "the run time gives no advice on %s" % symbol
        yield from not_listed([symbol])


def of_advice_for_estimators():
    for name, how in sorted(of_estimator.ABSENT.items()):
        with pytest.raises(NotInLegacyError, match=re.escape(how)):
            getattr(importlib.import_module(estimator.__name__ + ".absent"), name)()
        yield from not_listed([name])


def of_generations():
    try:
        for name, traits in generations.GENERATIONS.items():
            keras.generation(name)
            wrong = [trait for trait in traits if generation.trait(trait) != traits[trait]]
            yield from ("the run time has another %s in %s" % (trait, name) for trait in wrong)
            yield from not_listed([name])
    finally:
        keras.generation("2.2")


def of_signs(sources):
    for name, source, word in sources:
        sign = deciding(signs_of("entry", ast.parse(source)))
        if sign is None or sign.generation != name:
            yield "%r tells %s" % (source, sign)
        yield from not_listed([word])


def of_calls():
    return of_signs(
        (name, "import keras\n%s(%s=1)\n" % (called, argument), argument)
        for name, calls in evidence.CALLS.items()
        for called, arguments in sorted(calls.items())
        for argument in sorted(arguments)
    )


def of_single_words(table, source):
    return of_signs(
        (name, source % word, word)
        for name, words in getattr(evidence, table).items()
        for word in sorted(words)
    )


def of_tf_keras():
    return of_signs(("tf.keras", "import %s as k\n" % root, root) for root in evidence.TF_KERAS)


# ---- onward to Keras 3 --------------------------------------------------------------------------

_HEAD = "import tfkeras_compat as keras\nimport tfkeras_compat.tensorflow as tf\n"


def of_the_same():
    for path in sorted(keras_3.SAME):
        operator.attrgetter(path)(keras)
        module, _, name = path.rpartition(".")
        if rewritten("from keras.%s import %s\n" % (module, name), "keras3") != (
            "from keras.%s import %s\n" % (module, name)
        ):
            yield "%s does not leave" % path
        yield from not_listed(["keras." + module, name])


def of_arguments_in_keras_3():
    for path, arguments in sorted(keras_3.ARGUMENTS.items()):
        taken = inspect.signature(operator.attrgetter(path)(keras).__init__).parameters
        for old, new in sorted(arguments.items()):
            if old not in taken:
                yield "the run time has no %s of %s" % (old, path)
            source = "import keras\nkeras.%s(%s=1)\n" % (path, old)
            if "%s=1" % new not in rewritten(source, "keras3"):
                yield "no rule rewrites %r" % source
            yield from not_listed([path, old, new])


def of_marks(lines):
    """``(line, reason, words)``: whether a comment with the reason is put before the line."""
    for line, reason, words in lines:
        if "# keras3: " not in rewritten(_HEAD + line + "\n", "keras3"):
            yield "no rule marks %r" % line
        elif reason not in rewritten(_HEAD + line + "\n", "keras3"):
            yield "%r is marked otherwise" % line
        yield from not_listed(words)


# Table of words that can not leave -> a program with one of them.
_STAYS = {
    "ATTRIBUTES": "keras.layers.Dense(3)\nmodel.{0}",
    "COMPILE": "keras.layers.Dense(3)\nmodel.compile({0!r}, metrics=[{0!r}])",
    "HINDERING_ARGUMENTS": "keras.layers.Dense(3, {0}=1)",
    "PRINTING": "keras.layers.Dense(3)\nmodel.{0}(x)",
}


def of_what_stays(table):
    words = getattr(keras_3, table)
    reasons = words if isinstance(words, dict) else dict.fromkeys(words, keras_3.VERBOSE)
    dot = "." if table in ("ATTRIBUTES", "PRINTING") else ""
    lines = sorted(reasons.items())
    return of_marks((_STAYS[table].format(word), why, [dot + word]) for word, why in lines)


def of_reasons():
    for path, why in sorted(keras_3.REASONS.items()):
        public = path.replace("state.generation.", "")
        used = {"": "nowhere", "tensorflow": "tensorflow.Session"}.get(public, public)
        if path:
            operator.attrgetter(public)(keras)
        root = "tf" if used.startswith("tensorflow.") else "keras"
        line = "%s.%s" % (root, used.replace("tensorflow.", "", 1))
        yield from of_marks([(line, why, ["keras." + public if public else "keras"])])


# What is wrong in an entry today -> why. An entry that is right again has to leave the list.
KNOWN_GAPS = {}

READERS = {
    "evidence.ATTRIBUTES": lambda: of_single_words("ATTRIBUTES", "import keras\nK.%s\n"),
    "evidence.CALLS": of_calls,
    "evidence.NAMES": lambda: of_single_words("NAMES", "from keras.layers import %s\n"),
    "evidence.TF_KERAS": of_tf_keras,
    "estimator.ABSENT": of_advice_for_estimators,
    "generations.GENERATIONS": of_generations,
    "keras_3.ARGUMENTS": of_arguments_in_keras_3,
    "keras_3.REASONS": of_reasons,
    "keras_3.SAME": of_the_same,
    **{"keras_3." + table: functools.partial(of_what_stays, table) for table in _STAYS},
    "keywords.GENERATOR_METHODS": of_generators,
    "keywords.IGNORED": of_ignored,
    "keywords.KEYWORDS": of_keywords,
    "keywords.OF_STEPS": of_steps,
    "keywords.POSITIONAL": of_positions,
    "keywords.VALUES": of_values,
    "modules.ALIASES": of_aliases,
    "modules.NAMES": of_names,
    "modules.ROOTS": of_roots,
    "places.ARGUMENTS": of_functions_of_keras,
    "places.MERGING": of_merging,
    "places.MODULES": of_old_modules,
    "places.RENAMED": of_renamed,
    "places.SIZES": of_sizes,
    "python_2.FIXERS": of_fixers,
    "python_2.FIXERS_OF_TEXT": of_fixers,
    "python_2.METHODS": of_signs_of_python_2,
    "python_2.MODULES": of_modules_of_python_2,
    "python_2.NAMES": of_signs_of_python_2,
    "tensorflow.ADVICE": of_advice,
    "tensorflow.ARGUMENTS": of_functions_of_tensorflow,
    "tensorflow.ORDERS": of_orders,
    "tensorflow.RENAMED": of_renamed_in_tensorflow,
}


def tables():
    """``module.TABLE`` -> value, for all that ``legacy/`` defines."""
    found = {}
    for module in pkgutil.iter_modules(legacy.__path__):
        tree = ast.parse(
            inspect.getsource(importlib.import_module("%s.%s" % (legacy.__name__, module.name)))
        )
        for node in tree.body:
            targets = getattr(node, "targets", [getattr(node, "target", None)])
            names = [each.id for each in targets if isinstance(each, ast.Name)]
            found.update(
                ("%s.%s" % (module.name, name), module.name)
                for name in names
                if name.isupper() and name[0] != "_"
            )
    return found


def value_of(table):
    module, _, name = table.partition(".")
    return getattr(importlib.import_module("%s.%s" % (legacy.__name__, module)), name)


def test_every_table_has_its_readers():
    assert sorted(tables()) == sorted([*READERS, *PARTS, *FOR_READERS])


@pytest.mark.parametrize("table", sorted(PARTS))
def test_a_part_is_part_of_the_whole(table):
    assert set(value_of(table)) <= set(PARTS[table])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("table", sorted(READERS))
def test_run_time_rules_and_guides_agree_on_every_entry(table):
    pytest.importorskip("asttokens")
    found = list(READERS[table]())
    assert [each for each in found if each not in KNOWN_GAPS] == []


def test_known_gaps_are_gaps_still():
    pytest.importorskip("asttokens")
    found = {each for reader in READERS.values() for each in reader()}
    assert set(KNOWN_GAPS) - found == set()
