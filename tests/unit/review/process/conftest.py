"""Small logs of three steps, and the synthetic lender with what is planted in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from equipoise.experience import ExperienceDocument

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
Event = tuple[str, str, float]
# two who come to no step, so that every log has each end that its document names
NOWHERE: tuple[Event, ...] = (
    ("y", "apply", 0.0), ("y", "refuse", 1.0), ("z", "apply", 0.0), ("z", "cancel", 1.0)
)  # fmt: skip


def _log(events: Sequence[Event]) -> pl.DataFrame:
    rows = [*events, *NOWHERE]
    return pl.DataFrame(
        {
            "case": [case for case, _, _ in rows],
            "activity": [activity for _, activity, _ in rows],
            "time": [MONDAY + timedelta(hours=hours) for _, _, hours in rows],
        },
        schema={"case": pl.String, "activity": pl.String, "time": pl.Datetime("us", "UTC")},
    ).with_columns(lifecycle=pl.lit("complete"), resource=pl.lit(None, dtype=pl.String))


@pytest.fixture(scope="session")
def log_of() -> Callable[[Sequence[Event]], pl.DataFrame]:
    """Makes a log of complete events from case, activity and hours after Monday 09:00.

    The cases of NOWHERE are in it too.
    """
    return _log


@pytest.fixture(scope="session")
def document() -> ExperienceDocument:
    """The activities apply, form, check; grant, refuse and cancel end a case."""
    return ExperienceDocument.model_validate(
        {
            "log": {
                "path": "small.csv",
                "start": "apply",
                "ends": {"accepted": ["grant"], "declined": ["refuse"], "cancelled": ["cancel"]},
                "waits_for": {"customer": ["apply"], "lender": ["form", "check"]},
            },
            "steps": [
                {"name": name, "minutes": 1, "activity": name, "drop_off": "measured"}
                for name in ("form", "check")
            ],
            "waiting": {"hazard_per_day": {"value": 0.1, "source": "assumed"}},
            "take_up": {"reference_apr": 0.12, "price": -30.0},
        }
    )
