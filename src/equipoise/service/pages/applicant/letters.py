"""What whoever applies takes home: the letters that we wrote, and a copy of what they signed."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.contract import time_zone
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices import services
from equipoise.service.contexts.notices.reading import (
    NoticeView,
    agreement_copy,
    can_copy,
    letters_of,
)
from equipoise.service.contexts.notices.reading import letter as letter_of
from equipoise.service.pages.applicant.history import applications_of
from equipoise.service.pages.applicant.standing import standing
from equipoise.texts.dates import written_day


def letters(draft: DraftView) -> Sequence[NoticeView]:
    """Every letter that was made about the application, the newest first."""
    return letters_of(applications_of(draft)) if draft.state == DraftState.SENT else ()


def dated(draft: DraftView) -> list[tuple[NoticeView, str]]:
    """The same, each with the day on which it was made, by the lender's clock, in words."""
    zone = time_zone(draft.product.contract.time_zone)
    return [
        (each, written_day(each.made_at.astimezone(zone).date()) if each.made_at else "")
        for each in letters(draft)
    ]


def letter(draft: DraftView, named: str = "", *, taken: bool = True) -> bytes | None:
    """The letter of that name as PDF, the one about the last decision where none is named; None
    where there is none. That it was `taken` is noted once. Raises Unreadable after an erasure."""
    if named:
        notice = next((each for each in letters(draft) if each.id == named), None)
    else:
        notice = standing(draft).notice if draft.state == DraftState.SENT else None
    if notice is None or not notice.made:
        return None
    pdf = letter_of(notice.id, FOR_APPLICANTS)
    if taken:
        services.opened(notice.id, draft.channel)
    return pdf


def signed_copy(draft: DraftView) -> bytes | None:
    """A copy of the agreement that was signed as PDF; None where nothing was, or none can be made
    here. Raises Unreadable after an erasure."""
    where = standing(draft) if draft.state == DraftState.SENT else None
    if where is None or where.agreement is None or not where.signed or not can_copy():
        return None
    return agreement_copy(where.agreement, where.decision.row.digest, draft.reference)
