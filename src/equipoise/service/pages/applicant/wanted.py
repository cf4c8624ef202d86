"""What documents are asked for by now."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.standing import standing


def wanted(draft: DraftView) -> Sequence[tuple[str, str]]:
    """The name of each check that waits for something, and its words; nothing before it was
    sent."""
    if draft.state != DraftState.SENT:
        return ()
    where = standing(draft)
    names = (str(each["name"]) for each in where.conditions)
    return [*zip(names, where.words["conditions"], strict=False)]
