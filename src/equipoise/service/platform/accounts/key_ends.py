"""When keys end: within the span that the operator allows, and said before it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from equipoise.errors import BadInput

WARNED = timedelta(days=30)  # before its end a key is warned of
HEADER = "Equipoise-Key-Ends"


def end_of(asked: datetime | None, now: datetime, most_days: int) -> datetime:
    """When a key made now ends: as asked, else after the longest span that is allowed. Raises
    BadInput where the moment is past, too far ahead, or names no time zone."""
    last = now + timedelta(days=most_days)
    if asked is None:
        return last
    if asked.utcoffset() is None:
        raise BadInput(
            "the end of a key names no time zone",
            field="expires_at",
            mend="write it as 2030-01-31T00:00:00Z",
        )
    if not now < asked <= last:
        raise BadInput(
            "a key cannot end in the past"
            if asked <= now
            else f"a key ends {most_days} days from now at the latest",
            field="expires_at",
            mend=f"give a moment after now and until {last:%Y-%m-%dT%H:%M:%SZ}, or leave it out",
        )
    return asked


def ends_soon(end: datetime, now: datetime) -> bool:
    """Whether a key is to be warned of."""
    return now < end <= now + WARNED


def warning_of(end: datetime, now: datetime) -> dict[str, str]:
    """The headers of an answer to who asks by a key of this end: HEADER with the end, where it
    comes soon, else none."""
    if not ends_soon(end, now):
        return {}
    return {HEADER: f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def as_moment(stored: datetime | str) -> datetime:
    """A moment as a plain statement reads it: SQLite gives text, in UTC."""
    if isinstance(stored, str):
        stored = datetime.fromisoformat(stored)
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)
