"""What whoever applies takes home: the letter about the answer, and a copy of what they signed."""

from __future__ import annotations

from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices import services
from equipoise.service.contexts.notices.reading import agreement_copy, can_copy
from equipoise.service.contexts.notices.reading import letter as letter_of
from equipoise.service.pages.applicant.standing import standing


def letter(draft: DraftView, *, taken: bool = True) -> bytes | None:
    """The letter about the last decision as PDF, None where none is made; that it was `taken` is
    noted once. Raises Unreadable after an erasure."""
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
    return agreement_copy(where.agreement, where.found.row.digest, draft.reference)
