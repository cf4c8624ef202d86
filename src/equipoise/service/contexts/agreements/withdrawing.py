"""Until when a person may withdraw from what they signed."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from equipoise.service.platform.law import last_day


def withdraw_until(signed_on: date) -> date | None:
    """The last day in time, by the law that the service heeds; where that names no days, by the
    lender's own. None where there are none."""
    legal = last_day("withdrawal", signed_on)
    own = settings.CONFIGURATION.withdrawal_days
    day = None if own is None else signed_on + timedelta(days=own)
    days = [each for each in (day, legal.day if legal else None) if each is not None]
    return max(days, default=None)  # a lender may give more than the law does, never less
