"""Applications in flight: they go on with the strategy that began them, whatever is published."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from equipoise.service.accounts.permissions import Principal
from equipoise.service.decisions.models import Decision
from equipoise.service.ledger.subjects import keyring

WAITING = frozenset({"ask_for_more", "refer"})  # outcomes after which more is to come
LONGEST = timedelta(days=30)
_LAST = (
    "SELECT d.* FROM ledger_subjectindex i "
    "JOIN decisions_decision d ON d.subject = i.subject_id "
    "WHERE i.digest = %s AND i.field = %s AND d.begun_by = %s "
    "ORDER BY i.id DESC, d.id DESC LIMIT 1"
)


def last(field: str, value: str, by: Principal) -> Decision | None:
    """The caller's last decision on that application, while something is still to come."""
    digest = keyring().blind(field, value)
    found = next(iter(Decision.objects.raw(_LAST, [digest, field, by.id])), None)
    if found is None or found.outcome not in WAITING:
        return None
    return found if found.made_at > timezone.now() - LONGEST else None
