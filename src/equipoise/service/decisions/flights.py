"""Applications in flight: they go on with the strategy that began them, whatever is published."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions.models import Decision
from equipoise.service.ledger.subjects import keyring

WAITING = frozenset({"ask_for_more", "refer"})  # outcomes after which more is to come
LONGEST = timedelta(days=30)
# Written out, as every decision asks it: to build the statement takes longer than to run it.
_LAST = (
    "SELECT d.id, d.outcome, d.made_at > %s FROM ledger_subjectindex i "
    "JOIN decisions_decision d ON d.subject = i.subject_id "
    "WHERE i.digest = %s AND i.field = %s AND d.begun_by = %s "
    "ORDER BY i.id DESC, d.id DESC LIMIT 1"
)


def last(field: str, value: str, by: Principal) -> Decision | None:
    """The caller's last decision on that application, while something is still to come."""
    digest = keyring().blind(field, value)
    cutoff = connection.ops.adapt_datetimefield_value(timezone.now() - LONGEST)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [cutoff, digest, field, by.id])
        row = cursor.fetchone()
    if row is None:
        return None
    decision, outcome, recent = row
    waits = recent and outcome in WAITING
    return Decision.objects.get(pk=decision) if waits else None
