"""What stands in words that an applicant reads: bounded, in at least one language, and without a
way to reach anybody. Who is to be reached how stands on the lender's own pages, where it is kept
right, and nobody is led to another number by a sentence that somebody typed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from equipoise.errors import BadInput
from equipoise.service.platform.api.short_text import is_plain
from equipoise.texts.saying import our_languages

MOST_WORDS = 500
"""Characters of a question, and of why it is asked, in one language."""
# An address with an at sign, a link, or seven digits and more of a number that can be called.
# Amounts and days have fewer in a row, or a sign of their own between.
_REACH = (
    re.compile(r"[^\s@]+@[^\s@]+"),
    re.compile(r"(?i)\b(?:https?://|www\.)\S+"),
    re.compile(r"(?:\+\s*|\b00)\d[\d\s()/.-]{6,}\d|\b\d(?:[\s()/-]{0,2}\d){8,}"),
)
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def checked(words: Mapping[str, str], field: str) -> dict[str, str]:
    """The words by language, those that say something. Raises BadInput by their box."""
    said = {}
    for language, text in words.items():
        kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
        if kept:
            _check(kept, language, f"{field}.{language}")
            said[language] = kept
    if not said:
        raise BadInput("the applicant reads this: write it", field=field, mend="in one language")
    return said


def _check(text: str, language: str, field: str) -> None:
    if language not in our_languages():
        raise BadInput(f"no page speaks '{language:.20}'", field=field, mend="use en or zh")
    if len(text) > MOST_WORDS:
        raise BadInput(
            f"these are {len(text)} characters", field=field, mend=f"write {MOST_WORDS} at most"
        )
    if not is_plain(text, lines=True):
        raise BadInput("characters in it cannot be seen", field=field, mend="type it anew")
    if any(each.search(_DAY.sub(" ", text)) for each in _REACH):
        raise BadInput(
            "there is an address, a link or a telephone number in it",
            field=field,
            mend="leave it out: how the lender is reached stands on the applicant's pages",
        )
