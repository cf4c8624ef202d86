"""What takes an application further. The steps themselves are other rooms' events, made from this
one: this room reads them without knowing which there are."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from equipoise.record.events import Signed


class ApplicationState(StrEnum):
    """Where an application stands."""

    OPEN = "open"  # more is to come: facts, results of checks, a person's answer
    DECIDED = "decided"


class Step(Signed, frozen=True, kw_only=True):
    """A step in an application's chain: by which `strategy` it is decided, how that was chosen
    (`way`), with which `propensity` and in which `trial`; the sealed `facts`, among them what the
    application holds by now; the area it lies in and the applicant's language."""

    strategy: str
    way: str
    propensity: float
    facts: Mapping[str, Any]
    made_at: str
    branch: str | None = None
    region: str | None = None
    language: str | None = None
    trial: int | None = None


class Answered(Signed, frozen=True, kw_only=True):
    """A person's answer where the `decision` waited for one: with it the application is decided."""

    decision: str
