"""Quarters as files write them: 2025 Q1, 1Q2025, 2025年第一季度, or the date of a day in them."""

from __future__ import annotations

import re

_MONTHS = 3
_NUMERALS = {name: at for at, name in enumerate("一二三四", start=1)}
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})\s*[-:/]?\s*Q(?P<quarter>[1-4])",
        r"Q(?P<quarter>[1-4])\s*[-:/]?\s*(?P<year>\d{4})",
        r"(?P<quarter>[1-4])Q\s*[-:/]?\s*(?P<year>\d{4})",
        r"(?P<year>\d{4})\s*年?\s*第?\s*(?P<quarter>[1-4一二三四])\s*季度?",
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>0?[1-9]|1[0-2])"
        r"((?P=mark)(0?[1-9]|[12]\d|3[01])([ T]00:00(:00(\.0+)?)?)?)?",
    )
)
HOW_TO_WRITE = "write 2025 Q1, or a day of the quarter as 2025-03-31"


def quarter_of(text: str) -> int | None:
    """The quarter that a text names, as quarters since the year 0; None where it names none.

    A date with the day or the month before the year is none: nobody can tell which is which.
    """
    for form in _FORMS:
        match = form.fullmatch(text.strip())
        if match:
            parts = match.groupdict()
            if parts.get("month"):
                return int(parts["year"]) * 4 + (int(parts["month"]) - 1) // _MONTHS
            named = parts["quarter"]
            return int(parts["year"]) * 4 + (_NUMERALS.get(named) or int(named)) - 1
    return None


def quarter_text(quarter: int) -> str:
    """Quarters since the year 0 as `2025 Q1`."""
    return f"{quarter // 4} Q{quarter % 4 + 1}"
