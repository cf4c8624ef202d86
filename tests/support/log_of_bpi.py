"""The public log BPI Challenge 2012, and what its activities mean."""

from __future__ import annotations

from pathlib import Path

import polars as pl

BPI_2012 = {
    "log": {
        "path": "bpi2012/BPI_Challenge_2012.xes.gz",
        "calendar": {
            "time_zone": "Europe/Amsterdam",
            "hours": {
                "monday": "09:00-21:00",
                "tuesday": "09:00-21:00",
                "wednesday": "09:00-21:00",
                "thursday": "09:00-21:00",
                "friday": "09:00-21:00",
                "saturday": "10:00-17:00",
            },
            "holidays": ["2011-12-26", "2012-01-01"],
        },
        "start": "A_SUBMITTED",
        "offer": {
            "sent": "O_SENT",
            "returned": "O_SENT_BACK",
            "accepted": "O_ACCEPTED",
            "declined": "O_DECLINED",
            "cancelled": "O_CANCELLED",
        },
        "ends": {
            "accepted": ["A_REGISTERED", "A_APPROVED", "A_ACTIVATED"],
            "declined": ["A_DECLINED"],
            "cancelled": ["A_CANCELLED"],
        },
        "waits_for": {
            "customer": ["O_SENT", "W_Completeren aanvraag", "W_Nabellen incomplete dossiers"],
            "lender": [
                "A_SUBMITTED",
                "A_PREACCEPTED",
                "O_SENT_BACK",
                "W_Valideren aanvraag:schedule",
            ],
        },
        "calls": ["W_Nabellen incomplete dossiers"],
        "close_after_days": 28,
    },
    "steps": [
        {"name": "apply", "minutes": 5, "questions": 12, "activity": "A_SUBMITTED",
         "drop_off": {"value": 0.17, "low": 0.05, "high": 0.25, "source": "survey"}},
        {"name": "complete", "minutes": 10, "questions": 8, "activity": "A_PREACCEPTED",
         "drop_off": "measured"},
        {"name": "answer offer", "minutes": 10, "questions": 2, "activity": "O_SENT",
         "drop_off": "measured"},
        {"name": "validation", "minutes": 5, "questions": 4, "activity": "O_SENT_BACK",
         "drop_off": "measured"},
    ],
    "waiting": {
        "hazard_per_day": "measured", "from_day": 1, "acceptance_per_day": "measured",
    },
    "take_up": {"reference_apr": 0.12, "price": -31.7, "intercept": "measured"},
}  # fmt: skip


def bpi_events(shared_data: Path) -> pl.DataFrame:
    """Its events as `read_event_log` gives them."""
    table = pl.read_parquet(shared_data / "bpi2012" / "BPI_Challenge_2012.events.parquet")
    return table.sort("case", "seq").select(
        "case",
        activity="concept:name",
        lifecycle=pl.col("lifecycle:transition").str.to_lowercase(),
        time=pl.col("time:timestamp").str.to_datetime(time_unit="us", time_zone="UTC"),
        resource="org:resource",
    )
