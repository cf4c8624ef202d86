"""What a page is asked for, read from its address or its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from equipoise.service.platform.accounts import reading as accounts

_LONGEST = 120


def text_in(given: Mapping[str, str], name: str) -> str:
    """What stands there, without blanks around it; empty where nothing that fits does."""
    text = given.get(name, "").strip()
    return text if len(text) <= _LONGEST and "\x00" not in text else ""


def day_in(given: Mapping[str, str], name: str) -> date | None:
    """The day that stands there; None where none does."""
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError:
        return None


def named(people: Collection[str]) -> dict[str, str]:
    """What people log in as, by their names in the record; whoever is none keeps that name."""
    known = accounts.usernames([each for each in people if each.startswith("user.")])
    return {each: known.get(each, each) for each in people}
