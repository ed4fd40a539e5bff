"""What Python 2 had under other names. Pure data."""

from typing import Optional

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

_PLACE = "tfkeras_compat.dropin.python_2.modules."


def translated(path: str) -> Optional[str]:
    """Where a module of Python 2 is to be found here; ``None`` if it has kept its name.

    >>> translated("cPickle"), translated("os.path"), translated("urllib.request")
    ('tfkeras_compat.dropin.python_2.modules.cPickle', None, None)
    """
    return _PLACE + path if path in MODULES else None
