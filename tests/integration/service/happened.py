"""Entries of a kind that means nothing, for tests of the record itself."""

from __future__ import annotations

from typing import Any

from equipoise.record.chain import canonical
from equipoise.service.platform.record.store import Append
from equipoise.service.platform.record.subjects import Sealed

KIND = "test.happened"


def happened(chain: str, *, begins: bool = False, **data: Any) -> Append:
    return Append(chain, KIND, canonical(data), begins)


def happened_to(sealed: Sealed, **data: Any) -> Append:
    """The same in an applicant's chain, with the key that it begins with."""
    key = sealed.key
    body = canonical(data)
    return Append(sealed.chain, KIND, body, key is not None, key, sealed.blind, sealed.found_by)
