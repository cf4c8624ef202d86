"""A moment on a page is shown in UTC, with the exact one beside it for programs."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.template import engines

_AT = datetime(2026, 3, 1, 0, 30, 59, 999_000, timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("minute", "2026-02-28 16:30"),
        ("second", "2026-02-28 16:30:59"),
        ("clock", "16:30:59"),
        ("day", "2026-02-28"),
    ],
)
def test_a_moment_is_told_in_utc(name: str, words: str) -> None:
    assert _drawn(name, _AT) == f'<time datetime="2026-02-28T16:30:59+00:00">{words}</time>'


@pytest.mark.parametrize("name", ["minute", "second", "clock", "day"])
def test_of_no_moment_nothing_is_told(name: str) -> None:
    assert _drawn(name, None) == ""


def test_midnight_is_told_whole() -> None:
    assert ">2026-03-01 00:00</time>" in _drawn("minute", datetime(2026, 3, 1, tzinfo=UTC))


def _drawn(name: str, moment: datetime | None) -> str:
    return (
        engines["django"]
        .from_string("{% load moments %}{{ at|" + name + " }}")
        .render({"at": moment})
    )
