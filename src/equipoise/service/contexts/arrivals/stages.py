"""In which stage a decision leaves an application that waits for its answer; how waits stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.strategy.decision import ASK_FOR_MORE, REFER

MORE, PERSON, REVIEW = "more", "person", "review"
ANSWERED, LEFT, WAITING = "answered", "left", "waiting"


def stage_after(made: Mapping[str, Any]) -> str:
    """The stage by the open part of a decision; empty where that is the answer."""
    if made["outcome"] == REFER:
        return PERSON
    return MORE if made["outcome"] == ASK_FOR_MORE or made["conditions"] else ""


def within(stage: str, strategy: str) -> str:
    """The stage for those whom one strategy decides, which is within the stage for all."""
    return f"{stage}/{strategy}"
