"""How long a rule gives: a number of days, weeks or months, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from equipoise.texts.saying import marked, say

Unit = Literal["day", "business day", "week", "month", ""]
Open = Literal["", "promptly", "lender", "none"]

_WORDS: Mapping[str, Open] = {"promptly": "promptly", "lender": "lender", "none": "none"}
_COUNTED = re.compile(r"(\d{1,4}) (day|business day|week|month)s?")
_ONE = {
    "day": marked("1 calendar day"),
    "business day": marked("1 business day"),
    "week": marked("1 week"),
    "month": marked("1 month"),
}
_MANY = {
    "day": marked("{n} calendar days"),
    "business day": marked("{n} business days"),
    "week": marked("{n} weeks"),
    "month": marked("{n} months"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """`length` units, or `open`: `promptly`, set by the `lender`, or `none` of the kind at all."""

    length: int = 0
    unit: Unit = ""
    open: Open = ""

    @classmethod
    def read(cls, text: str) -> Term:
        """From `30 days`, `3 business days`, `8 weeks`, `25 months`, `promptly`, `lender`, `none`.

        Raises ValueError for anything else.
        """
        if text in _WORDS:
            return cls(open=_WORDS[text])
        match = _COUNTED.fullmatch(text)
        if match is None or int(match[1]) == 0:
            raise ValueError(
                "is no length of time; write '30 days', '3 business days', '8 weeks', "
                "'25 months', 'promptly', 'lender' or 'none'"
            )
        return cls(int(match[1]), match[2])  # type: ignore[arg-type]  # one of the pattern's

    def words(self) -> str:
        """The length in the language spoken now; empty where there is none."""
        if self.open:
            return ""
        return say(_ONE[self.unit]) if self.length == 1 else say(_MANY[self.unit], n=self.length)

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls.read, core_schema.str_schema())
