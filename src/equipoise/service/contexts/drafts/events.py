"""What happens to a draft, in its chain: which page was answered, never what was typed there."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.record.events import Signed, event


class DraftEvent(Signed, frozen=True, kw_only=True):
    """Something done on a draft of this product, over a `channel`, at a moment."""

    product: str
    channel: str
    at: str


@event("draft.begun", 1)
class DraftBegun(DraftEvent, frozen=True, kw_only=True):
    """Somebody began an application, in a language."""

    language: str


@event("draft.opened", 1)
class DraftOpened(DraftEvent, frozen=True, kw_only=True):
    """It was opened in another browser."""


@event("draft.help_began", 1)
class DraftHelpBegan(DraftEvent, frozen=True, kw_only=True):
    """Somebody of the lender's helps its applicant, who is present, and sees the same pages."""


@event("draft.help_ended", 1)
class DraftHelpEnded(DraftEvent, frozen=True, kw_only=True):
    """That `helper` helps no more: `over`, ended by them or the applicant, or `idle`."""

    helper: str
    why: str


@event("draft.answered", 1)
class DraftAnswered(DraftEvent, frozen=True, kw_only=True):
    """A page was answered, and the answer could be read."""

    page: str


@event("draft.consented", 1)
class DraftConsented(DraftEvent, frozen=True, kw_only=True):
    """The person agreed that facts are used for a purpose, having read `text`, that version."""

    purpose: str
    text: int


@event("draft.withdrew", 1)
class DraftWithdrew(DraftEvent, frozen=True, kw_only=True):
    """The person took back what they agreed to."""

    purpose: str


@event("draft.moved", 1)
class DraftMoved(DraftEvent, frozen=True, kw_only=True):
    """It goes on as an application for another product, `product`."""

    before: str


@event("draft.sent", 1)
class DraftSent(DraftEvent, frozen=True, kw_only=True):
    """It was sent: the application that it is from now on, and its first decision."""

    application: str
    decision: str


@event("draft.went_on", 1)
class DraftWentOn(DraftEvent, frozen=True, kw_only=True):
    """What the decision `before` asked for was sent too, and the application decided again."""

    application: str
    decision: str
    before: str


@event("draft.took", 1)
class DraftTook(DraftEvent, frozen=True, kw_only=True):
    """Its applicant took other terms, in place of what was decided `before`: it stands for that
    decision of that application from now on. `fields` are those that changed."""

    application: str
    decision: str
    before: str
    fields: Sequence[str]


@event("draft.erasure_asked", 1)
class DraftErasureAsked(DraftEvent, frozen=True, kw_only=True):
    """The person asked that all that is held about them is erased; somebody has to see to it."""


@event("draft.ended", 1)
class DraftEnded(DraftEvent, frozen=True, kw_only=True):
    """What was typed is gone: `deleted` by the person, or `expired`."""

    why: str
