"""By which day a complaint is answered: the law's last day, or the lender's own where sooner."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from equipoise.jurisdiction import Kind
from equipoise.service.contexts.complaints.models import Matter
from equipoise.service.platform.law import Clock, last_day, sooner

_KINDS: dict[Matter, Kind] = {
    Matter.COMPLAINT: "complaint_answer",
    Matter.CORRECTION: "correction_answer",
}


def answered_by(matter: Matter, received: date) -> Clock:
    """For one that was received on that day of the lender's."""
    return sooner(_KINDS[matter], settings.CONFIGURATION.complaint_days, received)


def counted(matter: Matter, received: date, rule: str) -> str:
    """How the day was counted, in the language spoken now; empty where it is not that law's rule
    that sets it."""
    law = last_day(_KINDS[matter], received) if rule else None
    return law.how if law is not None and law.rule.id == rule else ""
