"""Whole decisions as JSON lines, of a share of the applicants chosen by a hash of their id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from equipoise.strategy.engine import Strategy


def chosen(keys: Iterable[str], share: float) -> list[int]:
    """Whose decisions are traced: places among `keys`, the same wherever they are looked at."""
    return [at for at, key in enumerate(keys) if _falls(key, share)]


def trace_line(
    strategy: Strategy, key: str, application: Mapping[str, Any], at: date | None
) -> str:
    """The whole decision of an application that `key` names, on one line."""
    traced = {**strategy.decide(application, at=at).as_dict(), "id": key}
    return json.dumps(traced, ensure_ascii=False, default=str)


def _falls(key: str, share: float) -> bool:
    head = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(head, "big") < share * 2.0**64
