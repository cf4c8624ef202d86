"""What others may do with screenings: answer a round. `asked` and `chased` are for the job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.screenings.events import (
    ScreeningAnswered,
    ScreeningAsked,
    ScreeningChased,
    ScreeningEvent,
)
from equipoise.service.contexts.screenings.models import Screening
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.overtaking import check_seen
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.rows import row_states
from equipoise.service.platform.reminding import Reminder, remind
from equipoise.watch import Duty, Round

__all__ = ["MOST", "answer", "ask", "chase"]
SYSTEM = "system.screenings"
MOST = 1000
"""Letters of an answer to one question."""


def answer(screening: str, answers: Sequence[str], residual: int | None, by: Principal) -> None:
    """Answer every question of a round, and say which grade (1 to 5) is left of its risk, where it
    is about one. Raises DoesNotExist, Overtaken where somebody answered it, BadInput."""
    with transaction.atomic():
        row = Screening.objects.select_for_update().get(pk=screening)
        check_seen(row.pk, ScreeningEvent, int(row.answered_at is not None), 0)
        given = [each.replace("\x00", "").strip() for each in answers]
        if len(given) != len(row.asks) or not all(0 < len(each) <= MOST for each in given):
            raise BadInput(
                "every question needs an answer", field="answers", mend=f"1 to {MOST} letters each"
            )
        if (residual is None) == bool(row.risk) or not (residual is None or 1 <= residual <= 5):
            raise BadInput(
                "what is left of the risk is a grade from 1 to 5", field="residual", mend="grade it"
            )
        row.answered_by, row.answered_at, row.residual = by.person, clock.now(), residual
        row.save(update_fields=["answered_by", "answered_at", "residual"])
        words = subjects.seal_for(subjects.held(row.pk), {"answers": given}).body
        event = ScreeningAnswered(
            by=by.id, key=by.key or None, duty=row.duty, residual=residual, words=words
        )
        record.append(record.event(row.pk, event, rows=(row,)))


def ask(duty: Duty, round_: Round) -> bool:
    """Put the questions of a round to the duty's owner, once; whether that was now."""
    chain = subjects.new_id("screening")
    with transaction.atomic():
        row, made = Screening.objects.get_or_create(
            duty=duty.name,
            begins=round_.begins,
            defaults={
                "id": chain,
                "owner": duty.owner,
                "due": round_.due,
                "asks": list(duty.asks),
                "risk": duty.risk or "",
            },
        )
        if not made:
            return False
        sealed = subjects.seal_new(chain, {})
        asked = ScreeningAsked(
            by=SYSTEM,
            duty=row.duty,
            owner=row.owner,
            begins=row.begins.isoformat(),
            due=row.due.isoformat(),
            asks=tuple(row.asks),
            risk=row.risk,
            tables=row_states([row], []),
        )
        record.append(sealed.event(asked))
        _remind(row, "duty_asked")
    return True


def chase(screening: str, now: datetime) -> bool:
    """Tell the owner of a round that it is late, once; whether that was now."""
    with transaction.atomic():
        row = Screening.objects.select_for_update().get(pk=screening)
        if row.answered_at or row.chased_at or row.due >= now.date():
            return False
        row.chased_at = now
        row.save(update_fields=["chased_at"])
        message = _remind(row, "duty_late")
        event = ScreeningChased(by=SYSTEM, duty=row.duty, message=message)
        record.append(record.event(row.pk, event, rows=(row,)))
    return True


def _remind(row: Screening, text: str) -> str:
    due = datetime.combine(row.due, time.max, UTC)
    return remind(row.pk, Reminder(text, row.owner, " / ".join(row.asks)[:500], row.duty, due))
