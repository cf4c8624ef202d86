"""When to try again: three times as long after each failure, up to half a day, for three days."""

from __future__ import annotations

from datetime import timedelta

MOST_TRIES = 15
_FIRST, _FACTOR, _LONGEST = 5.0, 3.0, 12 * 3600.0  # seconds
_REST_LONGEST = 300.0
LONGEST_WAIT = timedelta(seconds=2 * _LONGEST)  # more than any wait with its jitter
LONGEST_REST = timedelta(seconds=2 * _REST_LONGEST)
JITTER = 0.2  # each wait is up to this share shorter or longer, so that not all come back at once


def wait(tries: int) -> float | None:
    """Seconds until the next try of a message after `tries` failures; None: it is given up."""
    if tries >= MOST_TRIES:
        return None
    return min(_LONGEST, _FIRST * _FACTOR ** (tries - 1))


def rest(failures: int) -> float:
    """Seconds for which an address that failed `failures` times in a row is left alone, whatever
    waits for it: it is likely down, and not only for one message."""
    return min(_REST_LONGEST, 2.0 ** min(failures - 1, 10))


def jittered(seconds: float, chance: float) -> float:
    """`seconds`, shortened or lengthened by `chance`, a number from 0 to 1."""
    return seconds * (1 - JITTER + 2 * JITTER * chance)


def table() -> str:
    """The waits as a Markdown table, for the how-to."""
    lines = ["| after failure | wait | since the first try |", "|---|---|---|"]
    since = 0.0
    for tries in range(1, MOST_TRIES):
        seconds = wait(tries) or 0.0
        since += seconds
        lines.append(f"| {tries} | {_span_text(seconds)} | {_span_text(since)} |")
    lines.append(f"| {MOST_TRIES} | given up: `dead` | |")
    return "\n".join(lines) + "\n"


def _span_text(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
