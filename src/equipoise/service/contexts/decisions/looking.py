"""A person who reads what is personal over the API has looked, as on a page: it is told in the
record, in the reader's own chain, so that nothing waits for the application's.

Programs are none of it: what a key reads is limited by its scopes and counted by its rate, and a
program that decides reads each of its answers. A reader without the right to personal facts is told
none, and has not looked.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from equipoise.service.contexts.decisions.events import DecisionsRead, search_chain
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import may_read
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record


def tell_look(by: Principal, what: str, rows: Sequence[Decision]) -> None:
    """Have it told that `by` reads what is personal of these decisions: a person, who may."""
    if by.key:
        return
    seen = [row for row in rows if may_read(by, row)]
    if not seen:
        return
    event = DecisionsRead(
        by=by.id,
        what=what,
        decisions=[row.id for row in seen],
        subjects=sorted({row.application for row in seen}),
    )
    with transaction.atomic():
        record.append(record.event(search_chain(by.id), event))
