"""What becomes of a notice, in its application's chain. The letter stands sealed; by its digest
anybody who was given it can tell that it is that one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event


class NoticeEvent(Signed, frozen=True, kw_only=True):
    """Something about the notice of a decision."""

    notice: str
    decision: str


@event("notice.due", 1)
class NoticeDue(NoticeEvent, frozen=True, kw_only=True):
    """A letter of this kind is owed, by a day, by a rule of the law (null and empty: none sets
    one)."""

    letter: str
    due_on: str | None
    rule: str


@event("notice.lacking", 1)
class NoticeLacking(NoticeEvent, frozen=True, kw_only=True):
    """The letter cannot be made, for want of what is named."""

    lacks: str


@event("notice.made", 1)
class NoticeMade(NoticeEvent, frozen=True, kw_only=True):
    """The letter, in a language: `wording` is the version of our sentences, `law` and `contains`
    the pack and its notices that say what it contains, `digest` the SHA-256 of the PDF, which is
    sealed in `shown` as base64."""

    letter: str
    language: str
    wording: int
    law: str
    contains: Sequence[str]
    digest: str
    shown: Mapping[str, Any]


@event("notice.sent", 1)
class NoticeSent(NoticeEvent, frozen=True, kw_only=True):
    """The applicant was written to that the letter is there."""


@event("notice.opened", 1)
class NoticeOpened(NoticeEvent, frozen=True, kw_only=True):
    """The applicant took the letter for the first time, over a channel."""

    channel: str


@event("notice.gone", 1)
class NoticeGone(NoticeEvent, frozen=True, kw_only=True):
    """The applicant was erased before the letter was made: there is nobody to write to."""


@event("notice.dropped", 1)
class NoticeDropped(NoticeEvent, frozen=True, kw_only=True):
    """A letter that was not made is not owed any more: the offer was `taken` or `withdrawn` from,
    or the application was `decided_anew`."""

    why: str
