"""What Python 2's ``itertools`` had besides Python 3's."""

from itertools import filterfalse as ifilterfalse
from itertools import zip_longest as izip_longest

__all__ = ["ifilter", "ifilterfalse", "imap", "izip", "izip_longest"]

ifilter, imap, izip = filter, map, zip
