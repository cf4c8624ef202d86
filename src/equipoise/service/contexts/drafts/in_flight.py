"""Other applications of the same person: those sent by who is reached at the same place."""

from __future__ import annotations

from datetime import datetime, timedelta

from equipoise.service.contexts.cases.reading import declined_by_person
from equipoise.service.contexts.decisions.reading import declined
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.platform.record import subjects

LONGEST = timedelta(days=30)


def in_flight(draft: str, now: datetime) -> int:
    """How many other drafts were sent, or are being sent, in the days before `now` with one of this
    draft's contact points, and are not declined. A household that shares an address counts as one
    person: what a strategy makes of it is to ask, not to decline."""
    others = Draft.objects.filter(pk__in=subjects.sharing([draft]))
    sending = others.filter(state=DraftState.SENDING).count()
    sent = others.filter(state=DraftState.SENT, sent_at__gt=now - LONGEST)
    decisions = set(sent.values_list("decision", flat=True))
    return sending + len(decisions - declined(decisions) - declined_by_person(decisions))
