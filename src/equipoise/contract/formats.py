"""The formats that a field may name, and what each reads."""

from __future__ import annotations

from functools import lru_cache

from equipoise.contract.affixes import CORES, affixed_spelling
from equipoise.contract.durations import DURATIONS
from equipoise.contract.spelling import Spelling

NUMBER_EXAMPLES = (
    *CORES, "1,234.5%", "1.234,5%", "1,234.5K", "1,234.5万", "1,234.5lakh", "$1,234.5", "1.234,5 €",
    "1,234.5 km", "months", "years",
)  # fmt: skip
_KNOWN = (
    "a number's format is an example such as 1,234.5 or 1.234,5 or 1 234,5, with what stands "
    "around it as in '1.234,5 €', '1,234.5%', '1,234.5K' or '1,234.5 km'; or months; or years"
)


@lru_cache(maxsize=512)
def number_spelling(written: str) -> Spelling:
    """The spelling of a number's format. Raises ValueError where there is none of that name."""
    spelling = DURATIONS.get(written) or affixed_spelling(written)
    if spelling is None:
        raise ValueError(_KNOWN)
    return spelling
