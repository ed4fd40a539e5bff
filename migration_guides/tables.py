"""Writes the tables of the guides from the tables that the package itself reads.

    python migration_guides/tables.py            # rewrites what has changed
    python migration_guides/tables.py --check    # writes nothing; exit status 1 if one is stale

A table stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; ``SECTIONS`` says what
NAME is. No TensorFlow is needed.
"""

import argparse
import glob
import os
import re
import sys
import textwrap

import tfkeras_compat
from tfkeras_compat.legacy import (
    contrib,
    estimator,
    evidence,
    generations,
    keras_3,
    keywords,
    modules,
    places,
    python_2,
    tensorflow,
    to_keras_3,
)
from tfkeras_compat.migrate.rules import RULES

FOLDER = os.path.dirname(os.path.abspath(__file__))
_SECTION = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end -->)", re.S)
_WIDTH = 100

# The rooms of the tree that Keras did not have.
OURS = ("python_2", "serving")
# Names at the root that it did not have.
OUR_NAMES = ("generation", "install", "uninstall", "serving", "estimator")


# ---- how a table looks --------------------------------------------------------------------------


def table(header, rows):
    """A table whose columns are as wide in the file as they are on a page."""
    lines = [[_cell(each) for each in row] for row in [header] + list(rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(header))]
    widths[-1] = 3  # what follows it need not be in line
    lines.insert(1, ["-" * width for width in widths])
    padded = [" | ".join(text.ljust(size) for text, size in zip(line, widths)) for line in lines]
    return "".join("| %s |\n" % line for line in padded)


def _cell(value):
    return str(value).replace("|", "\\|")


def code(value):
    """A word of a program."""
    return "`%s`" % value


def words(blocks):
    """Titles with lists of words under them, as plain text."""
    parts = []
    for title, names in blocks:
        parts.append(title + "\n")
        parts += [line + "\n" for line in _wrapped(names)]
    return "```text\n%s```\n" % "".join(parts)


def _wrapped(names):
    return textwrap.wrap(
        "  ".join(names),
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


# ---- arguments ----------------------------------------------------------------------------------


def of_keywords():
    rows = [
        (name, code(old), ", ".join(code(each) for each in _listed(new)))
        for name, old_to_new in sorted(keywords.KEYWORDS.items())
        for old, new in sorted(old_to_new.items())
    ]
    return table(("class", "Keras 1", "Keras 2"), rows)


def _listed(value):
    return value if isinstance(value, tuple) else (value,)


def of_values():
    rows = [
        (code(name), code(repr(old)), code(repr(new)))
        for name, values in sorted(keywords.VALUES.items())
        for old, new in sorted(values.items())
    ]
    return table(("argument", "value in Keras 1", "value in Keras 2"), rows)


def of_ignored():
    rows = [
        (name, code(old), ", ".join(code(repr(each)) for each in values) or "any")
        for name, table_of_class in sorted(keywords.IGNORED.items())
        for old, values in sorted(table_of_class.items())
    ]
    return table(("class", "argument", "values that are taken and ignored"), rows)


def of_generators():
    rows = [
        (code(old), code(new), "batches" if old in keywords.COUNTED_DIFFERENTLY else "")
        for old, new in sorted(keywords.GENERATOR_METHODS.items())
    ]
    return table(("Keras 1", "Keras 2", "counts"), rows)


def of_positions():
    rows = [(name, ", ".join(map(code, names))) for name, names in _sorted(keywords.POSITIONAL)]
    return table(("class", "arguments that Keras 2 took without their names"), rows)


def of_steps():
    return words([("input_dim, input_length", sorted(keywords.OF_STEPS))])


def _sorted(mapping):
    return sorted(mapping.items())


# ---- from Keras 1 to Keras 2 --------------------------------------------------------------------


def of_renamed():
    rows = [(code(old), code(new)) for old, new in _sorted(places.RENAMED)]
    return table(("Keras 1", "Keras 2"), rows)


def of_sizes():
    rows = [
        (name, ", ".join(map(code, sizes)), code("kernel_size"))
        for name, sizes in _sorted(places.SIZES)
    ]
    return table(("class", "Keras 1", "Keras 2, as a tuple"), rows)


def of_merging():
    rows = [
        (code(mode), code(function), code(kind), ", ".join(_renamings(arguments)))
        for mode, (function, kind, arguments) in _sorted(places.MERGING)
    ]
    return table(("mode of `merge` and `Merge`", "function", "class", "argument"), rows)


def _renamings(arguments):
    return ["%s becomes %s" % (code(old), code(new)) for old, new in _sorted(arguments)]


def of_functions():
    rows = [
        (code(name), code(old), code(new))
        for name, arguments in _sorted(places.ARGUMENTS)
        for old, new in _sorted(arguments)
    ]
    return table(("function", "Keras 1", "Keras 2"), rows)


def of_renamed_in_tensorflow():
    rows = [(code("tf." + old), code("tf." + new)) for old, new in _sorted(tensorflow.RENAMED)]
    return table(("old name", "in TensorFlow 1.15"), rows)


def of_arguments_of_tensorflow():
    rows = [
        (code("tf." + name), code(old), code(new))
        for name, arguments in _sorted(tensorflow.ARGUMENTS)
        for old, new in _sorted(arguments)
    ]
    return table(("function", "old argument", "in TensorFlow 1.15"), rows)


def of_orders():
    rows = [
        (code("tf." + name), code("(%s)" % ", ".join(order)))
        for name, order in _sorted(tensorflow.ORDERS)
    ]
    return table(("function", "order of its arguments in TensorFlow 0.x"), rows)


def of_places():
    rows = [(code("keras." + old), code("keras." + new)) for old, new in _sorted(places.MODULES)]
    return table(("module in Keras 1", "in Keras 2"), rows)


# ---- names and places ---------------------------------------------------------------------------


def of_moved_modules():
    rows = [
        (code("keras." + old), code(tfkeras_compat.__name__ + "." + new))
        for old, new in _sorted(modules.ALIASES)
        if old.partition(".")[0] not in OURS
    ]
    return table(("module there", "module here"), rows)


def _is_of_tensorflow(path):
    return path.partition(".")[0] == "tensorflow"


def _is_of_estimators(path):
    return path.partition(".")[0] == "estimator" or path.startswith(
        ("tensorflow.contrib.learn", "tensorflow.contrib.estimator", "tensorflow.training")
    )


def _blocks(belongs, prefix=""):
    return words(
        (prefix + path if path else prefix.rstrip("."), _offered(path))
        for path in sorted(modules.NAMES)
        if belongs(path) and _offered(path)
    )


def _offered(path):
    hidden = OUR_NAMES if path == "" else ()
    return [
        _with_place(name, target)
        for name, target in _sorted(modules.NAMES[path])
        if name not in hidden
    ]


def _with_place(name, target):
    """``name``, or ``name=other`` for what has another name where it is defined."""
    last = re.split("[.:]", target)[-1]
    return name if name == last else "%s=%s" % (name, last)


def of_names_of_keras():
    return _blocks(
        lambda path: (
            not _is_of_tensorflow(path) and not _is_of_estimators(path) and path not in OURS
        ),
        "keras.",
    )


def of_names_of_ours():
    here = tfkeras_compat.__name__
    root = [_with_place(name, modules.NAMES[""][name]) for name in sorted(OUR_NAMES)]
    below = [(here + "." + path, _offered(path) + _modules_below(path)) for path in OURS]
    return words([(here, root)] + below)


def _modules_below(path):
    below = [old[len(path) + 1 :] for old in modules.ALIASES if old.startswith(path + ".")]
    return sorted(_with_place(name, modules.ALIASES[path + "." + name]) for name in below)


def of_names_of_tensorflow():
    return _blocks(
        lambda path: (
            _is_of_tensorflow(path)
            and not _is_of_estimators(path)
            and not path.startswith("tensorflow.contrib.")
        )
    )


def of_names_of_contrib():
    return _blocks(
        lambda path: path.startswith("tensorflow.contrib.") and not _is_of_estimators(path)
    )


def of_names_of_estimators():
    return words(
        ("tensorflow." + path if not _is_of_tensorflow(path) else path, _offered(path))
        for path in sorted(modules.NAMES)
        if _is_of_estimators(path)
    )


def _roots(belongs):
    rows = [(code(old), code(new)) for old, new in _sorted(modules.ROOTS) if belongs(old)]
    return table(("imported there", "imported here"), rows)


def _is_of_learning(old):
    return old.startswith(("tensorflow.contrib.learn.", "tensorflow.python.estimator")) or (
        old in ("tensorflow.estimator", "tensorflow.inputs")
    )


def _is_root(old):
    return old not in contrib.ROOTS and old not in tensorflow.ROOTS


def of_roots():
    return _roots(_is_root)


def of_roots_of_estimators():
    return _roots(_is_of_learning)


def of_roots_of_contrib():
    return _roots(lambda old: not _is_root(old) and not _is_of_learning(old))


def _advice(symbols):
    return table(
        ("what is not here", "what to use"), [(code(name), how) for name, how in _sorted(symbols)]
    )


def of_advice():
    return _advice(tensorflow.ADVICE)


def of_advice_for_estimators():
    return _advice(estimator.ABSENT)


# ---- Python 2 -----------------------------------------------------------------------------------


def of_python_2_modules():
    rows = [
        (code(old), ", ".join(map(code, _public(new)))) for old, new in _sorted(python_2.MODULES)
    ]
    return table(("Python 2", "Python 3"), rows)


def _public(names):
    """The modules of Python 3 alone; what else a module of Python 2 had is ours to add."""
    return [name for name in names if not name.startswith(tfkeras_compat.__name__)] or ["builtins"]


def of_python_2_names():
    return words(
        [
            ("names", python_2.NAMES),
            ("methods", python_2.METHODS),
            ("methods that these libraries have under Python 3, too", python_2.METHODS_ELSEWHERE),
            ("modules that Python 3 has, too", python_2.ALSO_IN_3),
            ("spellings, as the library fissix calls them", python_2.FIXERS),
            ("spellings that only `migrate` changes", python_2.FIXERS_OF_TEXT),
            ("names of the module string in Python 3", sorted(python_2.STRING_OF_PYTHON_3)),
            ("functions that give whole numbers", python_2.WHOLE),
            ("functions that never do", sorted(python_2.FLOATS)),
        ]
    )


# ---- generations --------------------------------------------------------------------------------


def _flat(value, path=()):
    """``(path, value)`` of every entry in nested dictionaries."""
    if not isinstance(value, dict):
        return [(".".join(path), value)]
    return [each for key, below in _sorted(value) for each in _flat(below, path + (str(key),))]


def _difference(name):
    """What a generation has otherwise than the default one."""
    usual = dict(_flat(generations.GENERATIONS[generations.DEFAULT]))
    rows = [
        (code(path), code(_said(usual[path])) if path in usual else "", code(_said(value)))
        for path, value in _flat(generations.GENERATIONS[name])
        if path not in usual or usual[path] != value
    ]
    return table(("trait", generations.DEFAULT, name), rows)


def _said(value):
    return value if isinstance(value, str) else repr(value)


def of_generations():
    rows = [(code(name), traits["title"]) for name, traits in _sorted(generations.GENERATIONS)]
    return table(("generation", "whose names, layouts and defaults"), rows)


def of_keras_1():
    return _difference("1.2")


def of_tf_keras():
    return _difference("tf.keras")


def of_signs():
    blocks = [("tf.keras: imports", evidence.TF_KERAS)]
    for title, by_generation in (("names", evidence.NAMES), ("attributes", evidence.ATTRIBUTES)):
        blocks += [
            ("%s: %s" % (each, title), sorted(by_generation[each])) for each in ("1.2", "2.2")
        ]
    for each, calls in _sorted(evidence.CALLS):
        blocks += [
            ("%s: arguments of %s" % (each, called), sorted(arguments))
            for called, arguments in _sorted(calls)
            if arguments
        ]
    return words(blocks)


# ---- onward -------------------------------------------------------------------------------------


def of_keras_3():
    rows = [
        (name, to_keras_3.CLASSES.get(name, name), _notes(name, dropped))
        for name, dropped in to_keras_3.DROPPED.items()
    ]
    rows += [(name, "-", why) for name, why in to_keras_3.ABSENT.items()]
    return table(("layer", "in Keras 3", "what changes"), sorted(rows))


def _notes(name, dropped):
    renamed = _renamings(to_keras_3.RENAMED.get(name, {}))
    dropped = ["%s is dropped" % code(each) for each in dropped]
    added = [code("%s=%r" % pair) for pair in _sorted(to_keras_3.ADDED.get(name, {}))]
    return "; ".join(renamed + dropped + added)


def of_the_same():
    by_module = {}
    for path in sorted(keras_3.SAME):
        module, _, name = path.rpartition(".")
        by_module.setdefault("keras." + module, []).append(name)
    return words(_sorted(by_module))


def of_arguments_in_keras_3():
    rows = [
        (code(path), code(old), code(new))
        for path, arguments in _sorted(keras_3.ARGUMENTS)
        for old, new in _sorted(arguments)
    ]
    return table(("class", "argument here", "in Keras 3"), rows)


def of_what_stays():
    rows = [(code("keras." + path if path else "keras"), why) for path, why in _reasons()]
    rows += [(code("." + name), why) for name, why in _sorted(keras_3.ATTRIBUTES)]
    rows += [(code(name + "="), why) for name, why in _sorted(keras_3.HINDERING_ARGUMENTS)]
    rows += [(code("compile: " + name), why) for name, why in _sorted(keras_3.COMPILE)]
    rows += [(code(".%s without verbose=0" % name), keras_3.VERBOSE) for name in keras_3.PRINTING]
    return table(("what", "why it can not leave as it is"), rows)


def _reasons():
    return [(path.replace("state.generation.", ""), why) for path, why in _sorted(keras_3.REASONS)]


# ---- rules --------------------------------------------------------------------------------------


def of_rules():
    rows = [(code(rule.name), ", ".join(map(code, rule.steps)), rule.note) for rule in RULES]
    return table(("rule", "steps", "what it does"), rows)


SECTIONS = {
    "keywords": of_keywords,
    "values": of_values,
    "ignored arguments": of_ignored,
    "arguments of generators": of_generators,
    "arguments by position": of_positions,
    "layers of steps": of_steps,
    "renamed": of_renamed,
    "sizes of kernels": of_sizes,
    "merging": of_merging,
    "arguments of functions": of_functions,
    "places": of_places,
    "renamed in tensorflow": of_renamed_in_tensorflow,
    "arguments of tensorflow": of_arguments_of_tensorflow,
    "orders of arguments": of_orders,
    "moved modules": of_moved_modules,
    "names of keras": of_names_of_keras,
    "names of ours": of_names_of_ours,
    "names of tensorflow": of_names_of_tensorflow,
    "names of contrib": of_names_of_contrib,
    "names of estimators": of_names_of_estimators,
    "roots": of_roots,
    "roots of contrib": of_roots_of_contrib,
    "roots of estimators": of_roots_of_estimators,
    "advice": of_advice,
    "advice for estimators": of_advice_for_estimators,
    "modules of Python 2": of_python_2_modules,
    "names of Python 2": of_python_2_names,
    "generations": of_generations,
    "generation 1.2": of_keras_1,
    "generation tf.keras": of_tf_keras,
    "signs": of_signs,
    "keras 3": of_keras_3,
    "the same in keras 3": of_the_same,
    "arguments in keras 3": of_arguments_in_keras_3,
    "what stays": of_what_stays,
    "rules": of_rules,
}


def rewritten(text):
    """A guide with its tables made anew. Raises: KeyError for an unknown section."""
    return _SECTION.sub(
        lambda match: match.group(1) + "\n" + SECTIONS[match.group(2)]() + "\n" + match.group(3),
        text,
    )


def main(arguments=None):
    """Rewrites the guides, or says which are stale; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if one is stale")
    parser.add_argument("--folder", default=FOLDER, help="where the guides are")
    options = parser.parse_args(arguments)
    stale = [
        path
        for path in sorted(glob.glob(os.path.join(options.folder, "*.md")))
        if _renew(path, options.check)
    ]
    for path in stale:
        print("%s: %s" % (path, "is stale" if options.check else "rewritten"))
    return 1 if stale and options.check else 0


def _renew(path, is_check):
    """Whether a guide was stale; it no longer is, unless this is only a check."""
    with open(path, encoding="utf-8") as file:
        old = file.read()
    new = rewritten(old)
    if new != old and not is_check:
        with open(path, "w", encoding="utf-8") as file:
            file.write(new)
    return new != old


if __name__ == "__main__":
    sys.exit(main())
