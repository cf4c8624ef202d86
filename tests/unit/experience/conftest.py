"""Small event logs with planted truth, and the public log BPI Challenge 2012."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from log_of_bpi import BPI_2012
from log_of_bpi import bpi_events as read_bpi_events

from equipoise.experience import ExperienceDocument

MONDAY = datetime(2024, 1, 1, 9, tzinfo=UTC)
Row = tuple[str, str, str, float, str | None]


def _log_of(rows: list[Row]) -> pl.DataFrame:
    """Events from (case, activity, lifecycle, hours after Monday 09:00, resource)."""
    return pl.DataFrame(
        {
            "case": [row[0] for row in rows],
            "activity": [row[1] for row in rows],
            "lifecycle": [row[2] for row in rows],
            "time": [MONDAY + timedelta(hours=row[3]) for row in rows],
            "resource": [row[4] for row in rows],
        },
        schema={
            "case": pl.String,
            "activity": pl.String,
            "lifecycle": pl.String,
            "time": pl.Datetime("us", "UTC"),
            "resource": pl.String,
        },
    )


def _document_of(**parts: object) -> ExperienceDocument:
    """A document whose log has the activities apply, offer, sign, grant, refuse and cancel."""
    log = {
        "path": "small.csv",
        "start": "apply",
        "offer": {
            "sent": "offer", "returned": "sign", "accepted": "grant",
            "declined": "refuse", "cancelled": "cancel",
        },
        "ends": {"accepted": ["grant"], "declined": ["refuse"], "cancelled": ["cancel"]},
        "waits_for": {"customer": ["offer"], "lender": ["apply", "sign"]},
    }  # fmt: skip
    take_up = {"reference_apr": 0.12, "price": -30.0}
    return ExperienceDocument.model_validate({"log": log, "take_up": take_up} | parts)


@pytest.fixture(scope="session")
def log_of() -> Callable[[list[Row]], pl.DataFrame]:
    """Makes an event log from short rows."""
    return _log_of


@pytest.fixture(scope="session")
def document_of() -> Callable[..., ExperienceDocument]:
    """Makes a document; parts given replace its parts."""
    return _document_of


@pytest.fixture(scope="session")
def bpi_document() -> ExperienceDocument:
    """What the activities of BPI Challenge 2012 mean."""
    return ExperienceDocument.model_validate(BPI_2012)


@pytest.fixture(scope="session")
def bpi_events(shared_data: Path) -> pl.DataFrame:
    """The events of BPI Challenge 2012 as read_event_log gives them."""
    return read_bpi_events(shared_data)
