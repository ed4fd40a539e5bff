"""What Python 2 had under other names. Pure data."""

from typing import Dict, Optional

# Module -> the modules of Python 3 whose names it offers together.
MODULES = {
    "BaseHTTPServer": ["http.server"],
    "ConfigParser": ["configparser"],
    "Cookie": ["http.cookies"],
    "HTMLParser": ["html.parser", "html.entities"],
    "Queue": ["queue"],
    "SimpleHTTPServer": ["http.server"],
    "SocketServer": ["socketserver"],
    "StringIO": ["io"],
    "Tkinter": ["tkinter"],
    "__builtin__": ["tfkeras_compat.dropin.python_2.names"],
    "cPickle": ["pickle", "tfkeras_compat.dropin.python_2.pickles"],
    "cStringIO": ["io"],
    "commands": ["subprocess"],
    "cookielib": ["http.cookiejar"],
    "copy_reg": ["copyreg"],
    "exceptions": ["builtins"],
    "httplib": ["http.client"],
    "itertools": ["itertools", "tfkeras_compat.dropin.python_2.iterators"],
    "pickle": ["pickle", "tfkeras_compat.dropin.python_2.pickles"],
    "string": ["string", "tfkeras_compat.dropin.python_2.letters"],
    "thread": ["_thread"],
    "tkFileDialog": ["tkinter.filedialog"],
    "tkMessageBox": ["tkinter.messagebox"],
    "urllib": ["urllib.parse", "urllib.request", "urllib.error"],
    "urllib2": ["urllib.parse", "urllib.request", "urllib.error"],
    "urlparse": ["urllib.parse"],
    "xmlrpclib": ["xmlrpc.client"],
}

# Those that Python 3 has too: importing one is no sign of Python 2.
ALSO_IN_3 = ("itertools", "pickle", "string", "urllib")

# Names and methods that only programs of Python 2 use.
NAMES = [
    "basestring",
    "cmp",
    "execfile",
    "long",
    "raw_input",
    "reduce",
    "reload",
    "unichr",
    "unicode",
    "xrange",
]
METHODS = ["has_key", "iteritems", "iterkeys", "itervalues"]
# Libraries whose objects have such methods under Python 3, too.
METHODS_ELSEWHERE = ("pandas", "six", "future")

# What the library that converts syntax is to change: spellings only. Names, modules and division
# are ours, so that they keep the meaning that they had.
FIXERS = [
    "apply",
    "dict",
    "except",
    "exec",
    "getcwdu",
    "has_key",
    "import",
    "methodattrs",
    "funcattrs",
    "metaclass",
    "ne",
    "next",
    "nonzero",
    "numliterals",
    "paren",
    "print",
    "raise",
    "renames",
    "repr",
    "standarderror",
    "sys_exc",
    "throw",
    "tuple_params",
    "types",
    "unicode",
    "xreadlines",
]

# What it changes besides in a text that is to be Python 3: names that have another spelling only.
FIXERS_OF_TEXT = [
    "basestring",
    "imports",
    "input",
    "intern",
    "itertools",
    "itertools_imports",
    "long",
    "map",
    "raw_input",
    "reduce",
    "reload",
    "urllib",
    "xrange",
    "zip",
]

# What means something else in Python 3, and is imported from `tfkeras_compat.python_2` by a text
# that is to be Python 3: name -> where it is defined.
_NAMES = "dropin.python_2.names:"
MEANINGS: Dict[str, str] = {
    "apply": _NAMES + "apply",
    "cmp": _NAMES + "cmp",
    "decoded": "dropin.python_2.strings:decoded",
    "divided": "dropin.python_2.division:divided",
    "divided_in_place": "dropin.python_2.division:divided_in_place",
    "encoded": "dropin.python_2.strings:encoded",
    "exec": _NAMES + "exec_",
    "execfile": _NAMES + "execfile",
    "filter": _NAMES + "filter",
    "map": _NAMES + "map",
    "open": "dropin.python_2.strings:opened",
    "round": _NAMES + "round",
    "sorted": _NAMES + "sorted",
    # These are converted where they are called; else they are given on as they are.
    **{name: _NAMES + name for name in NAMES},
}
MEANING_MODULES: Dict[str, str] = {
    "python_2.pickle": "dropin.python_2.modules.cPickle",
    "python_2.string": "dropin.python_2.modules.string",
}

# Of the module `string`, what Python 3 has too.
STRING_OF_PYTHON_3 = frozenset(
    ("Formatter", "Template", "ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords")
    + ("digits", "hexdigits", "octdigits", "printable", "punctuation", "whitespace")
)

# Built-in functions that give whole numbers, and functions that never do.
WHOLE = ("int", "len", "ord")
FLOATS = frozenset(
    ["float", "round", "random.random", "random.uniform", "random.gauss", "time.time"]
    + ["math." + name for name in ("cos", "exp", "log", "log10", "sin", "sqrt", "tan", "tanh")]
    + ["numpy." + name for name in ("cos", "exp", "linspace", "log", "log10", "log2", "mean")]
    + ["numpy." + name for name in ("sin", "sqrt", "std", "tan", "tanh", "var")]
    + ["numpy.random." + name for name in ("normal", "rand", "randn", "random", "uniform")]
    + ["numpy.linalg.norm", "numpy.float32", "numpy.float64"]
)


def kept_module(path: str) -> Optional[str]:
    """Where a module is that means something else in Python 3; ``None`` for all others.

    >>> kept_module("pickle"), kept_module("json")
    ('tfkeras_compat.python_2.pickle', None)
    """
    kept = "python_2." + path
    return "tfkeras_compat." + kept if kept in MEANING_MODULES else None


_PLACE = "tfkeras_compat.dropin.python_2.modules."


def translated(path: str) -> Optional[str]:
    """Where a module of Python 2 is to be found here; ``None`` if it has kept its name.

    >>> translated("cPickle"), translated("os.path"), translated("urllib.request")
    ('tfkeras_compat.dropin.python_2.modules.cPickle', None, None)
    """
    return _PLACE + path if path in MODULES else None
