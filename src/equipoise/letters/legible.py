"""Text that the typefaces can show: what they lack is written by its sound or its number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput

FONTS = Path(__file__).parent / "fonts"
MAX_CHARACTERS = 20_000  # of a whole letter: some eight pages
_FILES = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "DroidSansFallbackFull.ttf")
# Selectors of a variant: the character itself is shown, as in a typeface without variants.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def lacking(package: str) -> BadInput:
    """The refusal where a package of the extra is not installed."""
    return BadInput(
        f"letters cannot be set here: there is no package '{package}'",
        mend="install equipoise with the extra 'letters'",
    )


class Reader:
    """Makes texts legible one by one, up to `most` characters; `missing` holds those that no
    typeface had."""

    def __init__(self, most: int = MAX_CHARACTERS) -> None:
        self.missing: dict[str, str] = {}
        self._read, self._most = 0, most

    def text(self, text: str) -> str:
        """The text in one line, composed, without what has no shape: control characters, marks of
        direction. A character that no typeface has is its sound or its number in brackets.

        Raises BadInput when the letter grows beyond what a letter is.
        """
        self._read += len(text) + 1
        if self._read > self._most:
            raise BadInput(
                f"the letter has more than {self._most:,} characters",
                mend="shorten its texts; long papers go beside a letter",
            )
        shaped = _SELECTORS.sub("", unicodedata.normalize("NFC", text))
        kept = "".join(map(_spaced, shaped))
        return "".join(map(self._shown, " ".join(kept.split())))

    def all_in(self, data: Any) -> Any:
        """Plain data with every text in it made legible."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, dict):
            return {key: self.all_in(value) for key, value in data.items()}
        return [self.all_in(each) for each in data]

    def _shown(self, character: str) -> str:
        if ord(character) in _covered():
            return character
        return self.missing.setdefault(character, f"[{_sound(character) or number(character)}]")


def number(character: str) -> str:
    """A character's number, as Unicode writes it: U+20BB7."""
    return f"U+{ord(character):04X}"


def _spaced(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cf":
        return ""
    return " " if kind in {"Cc", "Cs", "Zl", "Zp", "Zs"} else character


@cache
def _covered() -> frozenset[int]:
    """Numbers of the characters that the typefaces have; letters in the plain and the bold cut."""
    open_font = _font_reader()
    plain, bold, chinese = (_characters(open_font(FONTS / name, lazy=True)) for name in _FILES)
    return (plain & bold) | chinese


def _characters(font: Any) -> frozenset[int]:
    with font:
        return frozenset(font.getBestCmap())


def _font_reader() -> Callable[..., Any]:
    try:
        from fontTools.ttLib import TTFont
    except ModuleNotFoundError:
        raise lacking("fonttools") from None
    return TTFont  # type: ignore[no-any-return]


def _sound(character: str) -> str:
    """The commonest reading of a Chinese character, in pinyin; empty where it is not known."""
    try:
        from pypinyin import pinyin
    except ModuleNotFoundError:
        raise lacking("pypinyin") from None
    readings: Iterable[list[str]] = pinyin(character, errors="ignore")
    return next((each[0] for each in readings), "")
