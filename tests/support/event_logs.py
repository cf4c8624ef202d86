"""Event logs at random, with all that a log must not have, and a document that measures them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from equipoise.errors import EquipoiseError
from equipoise.experience import ExperienceDocument, ExperienceFit

_BEGIN = datetime(2024, 3, 1, tzinfo=UTC)  # summer time begins in Amsterdam on the 31st
_WORK = ("check", "call")
_STAFF = ("ann", "bo", "cy", None)
_SCHEMA = {
    "case": pl.String,
    "activity": pl.String,
    "lifecycle": pl.String,
    "time": pl.Datetime("us", "UTC"),
    "resource": pl.String,
}


def measuring(**parts: Any) -> ExperienceDocument:
    """A document that measures all that a log can tell; `parts` of its log replace the usual."""
    log = {
        "path": "log.parquet",
        "calendar": {"time_zone": "Europe/Amsterdam", "holidays": ["2024-04-01"]},
        "start": "apply",
        "offer": {
            "sent": "offer", "returned": "sign", "accepted": "grant",
            "declined": "refuse", "cancelled": "cancel",
        },
        "ends": {"accepted": ["grant"], "declined": ["refuse"], "cancelled": ["cancel"]},
        "waits_for": {"customer": ["offer", "call:start"], "lender": ["apply", "sign"]},
        "calls": ["call"],
        "close_after_days": 20,
    }  # fmt: skip
    document = {
        "log": log | parts,
        "steps": [
            {"name": "apply", "minutes": 5, "drop_off": "measured", "activity": "apply"},
            {"name": "paper", "minutes": 5, "drop_off": "measured", "activity": "check"},
            {"name": "sign", "minutes": 5, "drop_off": "measured", "activity": "sign"},
        ],
        "waiting": {"hazard_per_day": "measured", "from_day": 0.5, "phase": "any"},
        "take_up": {
            "reference_apr": 0.12,
            "price": {"value": -30.0, "source": "a guess"},
            "intercept": "measured",
        },
    }
    return ExperienceDocument.model_validate(document)


def random_log(seed: int, cases: int) -> pl.DataFrame:
    """A log of events in no order, with ties, repeated and missing events, and cases cut short.

    Times are whole hours in one log of two, so that many are the same.
    """
    rng = np.random.default_rng(seed)
    coarse = bool(rng.random() < 0.5)
    rows = [row for case in range(cases) for row in _case(rng, f"c{case}", coarse)]
    rng.shuffle(rows)  # type: ignore[arg-type]  # a list of tuples is shuffled as it is
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _case(rng: np.random.Generator, name: str, coarse: bool) -> list[tuple[Any, ...]]:
    at = _BEGIN + timedelta(seconds=int(rng.integers(0, 30 * 86_400)))
    if coarse:
        at = at.replace(minute=0, second=0)
    rows: list[tuple[Any, ...]] = []

    def happens(activity: str, lifecycle: str, days: float = 2.0) -> None:
        nonlocal at
        wait = 0.0 if rng.random() < 0.15 else float(rng.exponential(days))
        step = timedelta(hours=round(wait * 24)) if coarse else timedelta(days=wait)
        at += step
        staff = _STAFF[rng.integers(len(_STAFF))]
        rows.append((name, activity, lifecycle, at, staff))

    happens("apply", "complete", 0.1)
    _works(rng, happens, "check")
    if rng.random() < 0.8:
        happens("offer", "complete", 3.0)
        while rng.random() < 0.3:
            _works(rng, happens, "call")
        if rng.random() < 0.7:
            happens("sign", "complete", 4.0)
            while rng.random() < 0.3:
                _works(rng, happens, "call")
    end = rng.choice(["grant", "refuse", "cancel", "cancel", ""])
    if end:
        happens(str(end), "complete", 5.0)
        while rng.random() < 0.2:  # tidied up after the end
            happens(str(rng.choice(["cancel", "check"])), "complete", 0.2)
    return rows


def _works(rng: np.random.Generator, happens: Any, activity: str) -> None:
    for lifecycle, often in (("schedule", 0.8), ("start", 0.9), ("complete", 0.9)):
        if rng.random() < often:
            happens(activity, lifecycle, 0.4)


def told(measure: Any) -> Any:
    """What a fit holds as plain data, or what it refuses with."""
    try:
        fit: ExperienceFit = measure()
    except EquipoiseError as error:
        return f"{error}"
    return fit.model_dump(mode="json")


def assert_measured_alike(one: Any, other: Any, place: str = "") -> None:
    """Counts and texts the same; numbers within what rounding of other sums makes of them.

    An interval's end comes of a variance, a difference of nearly equal sums.
    """
    assert type(one) is type(other), f"{place}: {one} and {other}"
    if isinstance(one, dict):
        assert list(one) == list(other), place
        for key in one:
            assert_measured_alike(one[key], other[key], f"{place}/{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_measured_alike(left, right, f"{place}/{at}")
    elif isinstance(one, float):
        within = 1e-9 if place.rsplit("/", 1)[-1] in ("low", "high") else 1e-12
        assert abs(one - other) <= within * max(1.0, abs(one)), f"{place}: {one} and {other}"
    else:
        assert one == other, f"{place}: {one} and {other}"
