"""What a program of Python 2 finds when it runs here: its syntax, built-in names and modules.

``migrate.python_2`` converts the spelling, with the library fissix; the rules of the step
``python-2`` change imports, divisions and codecs; ``names`` are its built-in names; ``modules`` its
standard library.

Text: what Python 2 held as bytes is a ``str`` here, decoded as UTF-8, and bytes that are no UTF-8
survive reading and writing.
"""
