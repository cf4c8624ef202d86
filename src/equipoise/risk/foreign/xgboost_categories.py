"""The categories' names that XGBoost has stored beside its trees since 3.1 (section `cats`)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from equipoise.errors import BadInput


def stored_categories(section: Mapping[str, Any] | None, features: int) -> dict[int, list[Any]]:
    """Names by the place of their feature, in the order of their codes; {} where none are."""
    if not section or not section.get("enc"):
        return {}
    encoded = section["enc"]
    if len(encoded) != features:
        raise BadInput(f"the XGBoost model stores categories of {len(encoded)} features")
    named = {place: _values(each) for place, each in enumerate(encoded)}
    return {place: values for place, values in named.items() if values}


def _values(encoded: Mapping[str, Any]) -> list[Any]:
    """Numbers as they are; texts are cut out of one run of UTF-8 bytes, which JSON has signed."""
    values = encoded.get("values") or []
    if "offsets" not in encoded:
        return list(values)
    offsets = encoded["offsets"]
    raw = bytes(int(each) & 0xFF for each in values)
    if not raw.isascii():  # counted in characters but cut in bytes, seen up to 3.2
        raise BadInput(
            "XGBoost does not store categories beyond ASCII whole: their ends are cut off in the "
            f"file ({raw[:60].decode('utf-8', 'replace')}...)",
            mend="train on category names in ASCII, or on codes from 0",
        )
    if offsets and (offsets[-1] != len(raw) or list(offsets) != sorted(offsets)):
        raise BadInput("the XGBoost model's stored categories are cut off")
    return [raw[start:end].decode("ascii") for start, end in pairwise(offsets)]
