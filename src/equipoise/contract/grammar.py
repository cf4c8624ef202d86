"""What text means: the words and spellings that every reader of facts goes by.

Python, polars and SQL read by these constants alone, so that a fact is one thing wherever it
stands. Numbers are plain ASCII: no thousands, no currency, unless the field's `format` says so
(`spelling`).
"""

from __future__ import annotations

# Unicode's White_Space, the separators that Python strips, and marks without width that come with
# what people copy: zero width space, word joiner, byte order mark.
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
TRUE_WORDS = ("true", "t", "yes", "y", "1", "1.0")
FALSE_WORDS = ("false", "f", "no", "n", "0", "0.0")
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NO_NUMBER = r"[+-]?(?:[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)"
# A number is usable up to this magnitude (docs/adr/0002); beyond it, it is no number to decide by.
LARGEST = 1e22
EXACT_IN_FLOAT = 2**53
