"""By which day a person answers: the law's last day, or the lender's own where that is sooner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from equipoise.service.platform.law import last_day


@dataclass(frozen=True, slots=True)
class Clock:
    """The last day, None where nobody sets one; `rule` is the law's that does, else empty."""

    day: date | None
    rule: str


def answered_by(asked: date) -> Clock:
    """For a review that was asked for on that day of the lender's."""
    law, days = last_day("review_answer", asked), settings.CONFIGURATION.review_days
    own = None if days is None else asked + timedelta(days=days)
    if law is None or law.day is None or (own is not None and own < law.day):
        return Clock(own, "")
    return Clock(law.day, law.rule.id)
