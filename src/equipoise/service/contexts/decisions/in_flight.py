"""Applications in flight: they go on with the strategy that began them, whatever is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.record.lookups import LookUp

WAITING = frozenset({"ask_for_more", "refer"})  # outcomes after which more is to come
LONGEST = timedelta(days=30)
# Written out, as every decision asks it: to build the statement takes longer than to run it.
# By an applicant, who has few chains: where || '' were not, a planner that knows nothing of the
# tables yet might go through all that the caller ever asked.
_LAST = LookUp(
    "SELECT d.id, d.waiting, d.made_at > {common} FROM record_chain c "
    "JOIN decisions_decision d ON d.application = c.chain "
    "WHERE c.blind = {0} AND d.begun_by || '' = {1} ORDER BY c.chain DESC, d.id DESC LIMIT 1",
    ("bytea", "text"),
)


def last(asked: Sequence[tuple[bytes, str]]) -> list[Decision | None]:
    """Of each applicant (their blind index) and caller the last decision, while something is still
    to come; None where there is none."""
    cutoff = connection.ops.adapt_datetimefield_value(timezone.now() - LONGEST)
    rows = _LAST.of(connection, asked, cutoff)
    going_on = {row[0] for row in rows if row is not None and row[1] and row[2]}
    known = Decision.objects.in_bulk(going_on) if going_on else {}
    return [None if row is None else known.get(row[0]) for row in rows]


def waits(made: Mapping[str, Any]) -> bool:
    """Whether more is to come after a decision (its open part): what it asks for, a person's
    answer, or the checks on which an offer waits."""
    return made["outcome"] in WAITING or bool(made["conditions"])
