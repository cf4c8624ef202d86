"""Days as people read them, by language."""

from __future__ import annotations

from datetime import date, datetime

from equipoise.texts.saying import marked, say

_MONTHS = (
    marked("{day} January {year}"),
    marked("{day} February {year}"),
    marked("{day} March {year}"),
    marked("{day} April {year}"),
    marked("{day} May {year}"),
    marked("{day} June {year}"),
    marked("{day} July {year}"),
    marked("{day} August {year}"),
    marked("{day} September {year}"),
    marked("{day} October {year}"),
    marked("{day} November {year}"),
    marked("{day} December {year}"),
)


def written_day(day: date, language: str = "") -> str:
    """A day in the language, or in the one spoken now: `30 January 2026`, `2026年1月30日`."""
    return say(_MONTHS[day.month - 1], language, day=day.day, year=day.year)


def written_moment(moment: datetime, language: str = "") -> str:
    """A moment by its own clock, in the language: `30 January 2026, 14:05`. For a person it is
    turned to a clock of theirs first."""
    day = written_day(moment.date(), language)
    return say("{day}, {time}", language, day=day, time=f"{moment:%H:%M}")
