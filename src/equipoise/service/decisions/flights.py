"""Applications in flight: they go on with the strategy that began them, whatever is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions.models import Decision
from equipoise.service.ledger.subjects import keyring

_WAITING = frozenset({"ask_for_more", "refer"})  # outcomes after which more is to come
LONGEST = timedelta(days=30)
# Written out, as every decision asks it: to build the statement takes longer than to run it.
_LAST = (
    "SELECT d.id, d.waiting, d.made_at > %s FROM ledger_subjectindex i "
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
    decision, waiting, recent = row
    return Decision.objects.get(pk=decision) if recent and waiting else None


def waits(made: Mapping[str, Any]) -> bool:
    """Whether more is to come after a decision (its open part): what it asks for, a person's
    answer, or the checks on which an offer waits."""
    return made["outcome"] in _WAITING or bool(made["conditions"])
