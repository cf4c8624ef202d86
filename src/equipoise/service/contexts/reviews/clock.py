"""By which day a person answers: the law's last day, or the lender's own where that is sooner."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from equipoise.service.platform.law import Clock, sooner


def answered_by(asked: date) -> Clock:
    """For a review that was asked for on that day of the lender's."""
    return sooner("review_answer", settings.CONFIGURATION.review_days, asked)
