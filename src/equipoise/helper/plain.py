"""A message as it is compared: one way to write what may be written in several."""

from __future__ import annotations

import re
import unicodedata

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def plain(text: str) -> str:
    """NFKC, lower case, straight quotes, one space, none between Chinese characters; without
    control and invisible characters."""
    folded = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold()
    seen = "".join(
        each for each in folded if each.isspace() or unicodedata.category(each) not in _HIDDEN
    )
    return _BETWEEN_HAN.sub("", " ".join(seen.split()))


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return re.search(f"[{_HAN}]", text) is not None


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter or a digit of any script."""
    return any(each.isalnum() for each in text)
