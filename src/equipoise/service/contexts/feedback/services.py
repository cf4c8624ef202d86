"""What a person may do who is asked: tap a score, add words, or rather not say.

Each is one transaction, alone with the draft's chain, `by` whose hands it is done. Of what is
tapped twice the last one counts.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts.services import APPLICANT
from equipoise.service.contexts.feedback.events import (
    FeedbackDismissed,
    FeedbackEvent,
    FeedbackSaid,
    FeedbackScored,
)
from equipoise.service.contexts.feedback.models import HIGHEST, Ask, Scale
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = ["MOST_WORDS", "Scale", "dismiss", "say", "score"]
MOST_WORDS = 1000
"""Characters of what somebody adds."""


def score(ask: str, scale: Scale, given: int, by: str = APPLICANT) -> None:
    """Keep what was tapped. Raises DoesNotExist, BadInput for no score of the scale, Unreadable
    after an erasure."""
    if not 1 <= given <= HIGHEST[scale]:
        raise BadInput(f"a score is 1 to {HIGHEST[scale]}", field=scale)
    with transaction.atomic():
        row, _ = _held(ask)
        if getattr(row, scale) != given:
            _change(row, FeedbackScored, by, {scale.value: given}, scale=scale.value, score=given)


def say(ask: str, words: str, by: str = APPLICANT) -> None:
    """Keep words, sealed; said again the same changes nothing. Raises as above."""
    words = words.replace("\x00", "").replace("\r\n", "\n").strip()
    if not words or len(words) > MOST_WORDS:
        raise BadInput("no words, or too many", field="words", mend=f"write up to {MOST_WORDS}")
    with transaction.atomic():
        row, subject = _held(ask)
        said = (each.event for each in record.history(row.draft, FeedbackSaid))
        known = [each.words for each in said if each.ask == row.id]
        if known and subjects.opened(subject, known[-1])["words"] == words:
            return
        sealed = subjects.seal_for(subject, {"words": words}).body
        _change(row, FeedbackSaid, by, {"said": True}, words=sealed)


def dismiss(ask: str, by: str = APPLICANT) -> None:
    """They would rather not say, and are not asked about that again. Raises DoesNotExist,
    Unreadable."""
    with transaction.atomic():
        row, _ = _held(ask)
        if not row.dismissed:
            _change(row, FeedbackDismissed, by, {"dismissed": True})


def _held(ask: str) -> tuple[Ask, subjects.Subject]:
    """The ask, alone with its draft until the commit. Raises Unreadable after an erasure."""
    draft = Ask.objects.values_list("draft", flat=True).get(pk=ask)
    subject = subjects.held(draft)
    subjects.refuse_erased(draft)
    return Ask.objects.get(pk=ask), subject


def _change(
    row: Ask, kind: type[FeedbackEvent], by: str, columns: dict[str, Any], **fields: Any
) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=[*columns])
    event = kind(
        by=by,
        ask=row.id,
        moment=row.moment,
        step=row.step,
        at=clock.now().isoformat(),
        **fields,
    )
    record.append(record.event(row.draft, event, rows=(row,)))
