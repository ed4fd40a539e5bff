"""Rule ``syntax of Python 2``: a text of Python 2 becomes one of Python 3.

The library fissix does it, before the other rules see the text (``journey``): syntax, and those
names and modules that are only spelled otherwise. What means something else in Python 3 is left to
the other rules of this step.
"""

from tfkeras_compat.migrate.rule import FROM_PYTHON_2, Rule


class SyntaxOfPython2(Rule):
    """Stands for the conversion in lists of rules: without it, Python 2 is left as it is."""

    name = "syntax of Python 2"
    steps = (FROM_PYTHON_2,)
    note = "print, except, backticks, xrange, iteritems, unicode, urllib, by the library fissix"
