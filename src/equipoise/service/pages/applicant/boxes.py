"""The boxes of a question: what each is called, what stands in it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from equipoise.journey import NotRead, Page
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Box:
    """One box; `wrong` where it is the one that cannot be read."""

    name: str
    label: str
    text: str
    size: int
    wrong: bool
    mode: str = "text"  # the keyboard that a telephone offers


def raw_of(request: HttpRequest, page: Page) -> dict[str, str]:
    """What stands in the page's boxes as they are sent."""
    return {part: request.POST.get(_name(part), "") for part in page.boxes}


def boxes_of(page: Page, raw: Mapping[str, str], fault: NotRead | None) -> list[Box]:
    """The boxes of a page, as they are shown."""
    at = None if fault is None else fault.part
    return [
        Box(
            _name(part),
            _label(part),
            raw.get(part, ""),
            _size(part),
            wrong=at is not None and at in ("", part),
            mode=_mode(page, part),
        )
        for part in page.boxes
    ]


def _name(part: str) -> str:
    return f"answer-{part}" if part else "answer"


def _label(part: str) -> str:
    labels = {"day": say("Day"), "month": say("Month"), "year": say("Year")}
    return labels.get(part, "")


def _size(part: str) -> int:
    return {"day": 2, "month": 4, "year": 4}.get(part, 0)


def _mode(page: Page, part: str) -> str:
    if page.kind == "amount":
        return "decimal"
    return "numeric" if page.kind == "whole" or part in ("day", "year") else "text"
