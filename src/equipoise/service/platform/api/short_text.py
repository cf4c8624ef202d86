"""Short texts that people enter and others read: names, places, reasons. One rule for all of them.

A name is what a person recognises something by. So it holds nothing that cannot be seen, nothing
that makes a reader see another order of characters, and nothing that moves a terminal's cursor.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, TypeAdapter, ValidationError

from equipoise.errors import BadInput

# Control characters; soft hyphen; grapheme joiner; Arabic, Hangul, Khmer and Mongolian characters
# without a shape; zero-width and bidirectional ones; blanks that look like none or like another;
# line and paragraph ends; the blank of Braille; variation selectors; surrogates; private use;
# annotations; tags.
_HIDDEN = (
    "\\x00-\\x1f\\x7f-\\xa0\\xad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff"
    "\\uffa0\\ufff0-\\uffff\\ue000-\\uf8ff"
)
PATTERN = f"^[^{_HIDDEN}]*$"
LINES = PATTERN.replace("\\x00-\\x1f", "\\x00-\\x09\\x0b-\\x1f")  # may have several lines
_FAR = re.compile("[\U0001d173-\U0001d17a\U000e0000-\U0010ffff]")  # the same, beyond 16 bits
_PLAIN, _PLAIN_LINES = re.compile(PATTERN), re.compile(LINES)
_WRONG = "holds characters that cannot be seen, or that change the order in which it is read"


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Whether every character of the text is seen as what it is."""
    pattern = _PLAIN_LINES if lines else _PLAIN
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return pattern.fullmatch(text) is not None and _FAR.search(text) is None


def check_plain(text: str, field: str) -> str:
    """The text in its composed form, without blanks around it. Raises BadInput, naming the field,
    where a character of it cannot be seen."""
    text = unicodedata.normalize("NFC", text.strip(" "))
    if not is_plain(text):
        raise BadInput(f"it {_WRONG}", field=field, mend="type it anew, in plain characters")
    return text


def check_reason(text: str) -> str:
    """Why somebody does something, as `Reason` reads it. Raises BadInput."""
    try:
        return _REASON.validate_python(text)
    except ValidationError:
        raise BadInput(
            "this is no reason",
            field="reason",
            mend="write 3 to 2000 characters, all of which can be seen",
        ) from None


def _composed(text: str) -> str:
    if not is_plain(text, lines=True):
        raise ValueError(f"this {_WRONG}")
    return unicodedata.normalize("NFC", text)


_RULE = AfterValidator(_composed)
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=PATTERN),
    _RULE,
]
OptionalName = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=80, pattern=PATTERN), _RULE
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PATTERN),
    _RULE,
]
"""What something is called that has no name: a title, a task, a date of a calendar."""
Account = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=LINES),
    _RULE,
]
"""What happened, in somebody's words."""
Deed = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=LINES),
    _RULE,
]
"""What is done about something, or why, in a few words."""
Place = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=60, pattern=PATTERN), _RULE
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=2000, pattern=LINES),
    _RULE,
]
_REASON: TypeAdapter[str] = TypeAdapter(Reason)
