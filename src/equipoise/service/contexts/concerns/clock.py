"""By which day a person reads what an applicant answers."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings


def read_by(answered: date) -> date | None:
    """For an answer of that day of the lender's; None where the lender sets no days."""
    days = settings.CONFIGURATION.answer_days
    return None if days is None else answered + timedelta(days=days)
