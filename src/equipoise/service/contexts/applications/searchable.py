"""What of an application a decision is found again by: the contract's searchable fields."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from equipoise.contract import Contract


def search_text(value: Any) -> str | None:
    """A value as it is searched for: letter case, width and white space do not matter. None where
    there is nothing to search for."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())
    return text or None


def search_texts(contract: Contract, application: Mapping[str, Any]) -> dict[str, str]:
    """By what an applicant is found again, besides the identifier: the searchable fields."""
    texts = {}
    for field in contract.searchable:
        value = application.get(field.name)
        text = None if value in field.missing_codes else search_text(value)
        if text is not None:
            texts[field.name] = text
    return texts
