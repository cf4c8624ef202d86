"""What others may know of notices: the one of a decision, its letter, and those within a reader's
reach."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from equipoise.errors import GateRefused
from equipoise.letters import title_of
from equipoise.service.contexts.decisions.reading import opened_for
from equipoise.service.contexts.notices.copies import agreement_copy, can_copy
from equipoise.service.contexts.notices.events import NoticeMade
from equipoise.service.contexts.notices.lender import FILE, lender, lender_name
from equipoise.service.contexts.notices.models import Notice, NoticeState
from equipoise.service.contexts.notices.owing import LAPSED
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for
from equipoise.service.platform.api.paging import Order, Paging, Part, page_of, read_name
from equipoise.service.platform.law import pack_on
from equipoise.service.platform.record import services as record
from equipoise.texts.saying import ENGLISH

__all__ = [
    "FILE",
    "NoticeState",
    "NoticeView",
    "agreement_copy",
    "can_copy",
    "counts",
    "late",
    "lender",
    "lender_name",
    "letter",
    "letters_of",
    "listed",
    "notice_of",
    "unfilled",
    "visible",
]
_NEWEST = Order("notices", ("-id",), (read_name,))
_OPEN = (NoticeState.DUE, NoticeState.LACKING)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as it stands; `digest` is empty until its letter is made."""

    id: str
    decision: str
    application: str
    letter: str
    state: NoticeState
    lacks: str
    due_on: date | None
    made_at: datetime | None
    opened_at: datetime | None
    digest: str

    @property
    def made(self) -> bool:
        """Whether there is a letter."""
        return bool(self.digest)

    @property
    def title(self) -> str:
        """What its letter is called, in the language spoken now."""
        return title_of(self.letter)


def notice_of(decision: str) -> NoticeView | None:
    """The notice about a decision that its applicant is told of: the last letter that was made,
    else one that is due, if any is."""
    rows = Notice.objects.filter(decision=decision).exclude(state=NoticeState.DROPPED)
    letters = rows.exclude(letter=LAPSED, digest="").order_by("id")
    row = letters.exclude(digest="").last() or letters.last()
    return None if row is None else shown(row)


def letters_of(applications: Sequence[str]) -> list[NoticeView]:
    """Every letter that was made about these applications, the newest first."""
    rows = Notice.objects.filter(application__in=applications).exclude(digest="")
    return [shown(each) for each in rows.order_by("-made_at", "-id")]


def listed(by: Principal, over: Reach, state: str, paging: Paging) -> Part[Notice]:
    """A page of those within reach, the newest first; in one state, or in any where that is
    empty. Raises BadInput for a wrong cursor."""
    rows = Notice.objects.filter(rows_for(by, over))
    return page_of(rows.filter(state=state) if state else rows, _NEWEST, paging)


def visible(notice: str, by: Principal, over: Reach) -> NoticeView:
    """The notice, if the caller may see it. Raises DoesNotExist: others' are not there."""
    return shown(Notice.objects.filter(rows_for(by, over)).get(pk=notice))


def letter(notice: str, by: Principal) -> bytes:
    """The letter as it was made, as PDF. Raises GateRefused where there is none yet, Withheld where
    the reader may not read personal facts there, Unreadable after an erasure."""
    row = Notice.objects.get(pk=notice)
    if not row.digest:
        raise GateRefused(
            "the letter is not made yet", mend="read what the notice lacks, or wait for the job"
        )
    made = record.history(row.application, NoticeMade)
    sealed = next(each.event.shown for each in made if each.event.notice == notice)
    return base64.b64decode(opened_for(by, row, sealed)["pdf"])


def counts() -> dict[str, int]:
    """How many notices stand in each state."""
    rows = Notice.objects.values_list("state").annotate(Count("pk")).order_by()
    by_state = dict(rows)
    return {state: by_state.get(state, 0) for state in NoticeState.values}


def late() -> int:
    """How many are not made though their last day is over, by the day in UTC."""
    today = clock.now().date()
    return Notice.objects.filter(Q(state__in=_OPEN), due_on__lt=today).count()


def unfilled() -> list[str]:
    """What letters would lack today that the law asks for, in words for whoever runs the service;
    empty where there is no law, or nothing is missing. Raises BadInput or Faults for a wrong
    file."""
    law, writes = pack_on(clock.now().date()), lender()
    if law is None or not law.notices:
        return []
    if writes is None:
        return [f"there is no {FILE}, and letters have to name the lender"]
    given = writes.values(ENGLISH)
    every = [content for each in law.notices for content in each.contains]
    places = sorted({place for content in every for place in content.places()} - given.keys())
    lacking = [f"{FILE} gives no '{place}' under `places`" for place in places]
    if writes.scores is None and any(content.item == "score" for content in every):
        lacking.append(f"{FILE} does not say under `scores` which facts are an agency's score")
    return lacking


def shown(row: Notice) -> NoticeView:
    """The row as others see it."""
    return NoticeView(
        row.id,
        row.decision,
        row.application,
        row.letter,
        NoticeState(row.state),
        row.lacks,
        row.due_on,
        row.made_at,
        row.opened_at,
        row.digest,
    )
