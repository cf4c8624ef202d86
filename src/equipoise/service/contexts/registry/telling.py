"""What the record is told of a strategy's versions, each strategy in a chain of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import TypedDict

from django.db import models

from equipoise.service.contexts.registry.events import VersionEvent
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record


def chain_of(strategy: str) -> str:
    """The record chain of a strategy."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", strategy)[:60]
    if plain != strategy:
        plain += "." + hashlib.sha256(strategy.encode()).hexdigest()[:8]
    return f"strategy.{plain}"


class SignedVersion(TypedDict):
    """What every event about a version says; see `events.VersionEvent`."""

    number: int
    digest: str
    by: str
    key: str | None
    person: str


def signed(version: Version, by: Principal) -> SignedVersion:
    """Which version it was, and who did it."""
    return {
        "number": version.number,
        "digest": version.digest,
        "by": by.id,
        "key": by.key or None,
        "person": by.person,
    }


def tell(
    version: Version,
    event: VersionEvent,
    *,
    rows: Iterable[models.Model] = (),
    gone: Iterable[models.Model] = (),
) -> None:
    """An event in the strategy's chain, which tells the version's row and those named."""
    chain = chain_of(version.strategy)
    record.append(record.event(chain, event, rows=(version, *rows), gone=gone))
