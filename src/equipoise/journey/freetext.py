"""Free text: names, addresses and whatever else people write in their own script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from equipoise.contract import Field
from equipoise.contract.grammar import BLANKS
from equipoise.journey.refusal import NotRead
from equipoise.texts.saying import say

LONGEST = 200  # characters of one answer
# Characters that order text from right to left by force: in a name they only deceive.
_DIRECTIONS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Private code points that old systems gave to characters of GBK, and what each is today.
# Source: GB 18030-2022, two-byte codes FE51 to FEA0.
_OF_OLD_SYSTEMS = str.maketrans({
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5,
    0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F,
    0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE863: 0x4DAE, 0xE864: 0x9FBB,
})  # fmt: skip
_BLANK = re.compile(r"\s+")


def box(raw: Mapping[str, str], field: str, part: str = "") -> str:
    """What one box holds, without control characters and the blanks around it.

    Raises NotRead beyond 200 characters.
    """
    text = "".join(filter(_is_written, _BLANK.sub(_blank, raw.get(part, "")))).strip(BLANKS)
    text = unicodedata.normalize("NFC", text)
    if len(text) > LONGEST:
        raise NotRead(
            say(
                "This is {n} characters long; please keep to {most} or fewer.",
                n=len(text),
                most=LONGEST,
            ),
            field=field,
            part=part,
        )
    return text


def read_text(field: Field, raw: Mapping[str, str]) -> str | None:
    """The text as it was typed, in Unicode's composed form (NFC); None where there is none."""
    return box(raw, field.name) or None


def comparable(text: str) -> str:
    """The text to compare by: two ways to write one name become the same.

    Width, case, blanks and private code points of old systems make no difference.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_OF_OLD_SYSTEMS)).casefold()
    return _BLANK.sub(" ", unicodedata.normalize("NFKC", plain)).strip(BLANKS)


def _blank(blanks: re.Match[str]) -> str:
    """Tabs and breaks of lines become a blank; blanks stay as they were typed."""
    breaks = any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in blanks[0])
    return " " if breaks else blanks[0]


def _is_written(character: str) -> bool:
    """Whether a character is text: no control, no half of one, no forced direction."""
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _DIRECTIONS
