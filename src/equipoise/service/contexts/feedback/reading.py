"""What others may know of asks: the one that is open on a person's page, and by a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.feedback.events import FeedbackSaid
from equipoise.service.contexts.feedback.models import HIGHEST, Ask, Moment, Scale
from equipoise.service.contexts.feedback.tokens import ask_of
from equipoise.service.platform import clock
from equipoise.service.platform.api.paging import Order, Paging, Part, page_of, read_name
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = [
    "AskView",
    "Comment",
    "Moment",
    "Scale",
    "by_token",
    "comments",
    "of_draft",
    "open_ask",
    "said",
]
_NEWEST = Order("feedback", ("-id",), (read_name,))
_OPEN = timedelta(days=30)  # after it nobody remembers how it was


@dataclass(frozen=True, slots=True)
class AskView:
    """An ask as its person sees it: which scale is asked next, None once all are tapped."""

    id: str
    draft: str
    moment: Moment
    language: str
    said: bool
    dismissed: bool
    scale: Scale | None

    @property
    def scores(self) -> range:
        """What can be tapped."""
        return range(1, 1 + (HIGHEST[self.scale] if self.scale else 0))


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody added in words, None where they were erased, and what they tapped."""

    id: str
    draft: str
    moment: Moment
    step: str
    product: str
    channel: str
    language: str
    outcome: str
    asked_at: datetime
    satisfaction: int | None
    effort: int | None
    words: str | None


def comments(paging: Paging) -> Part[Ask]:
    """A page of those who added words, asked last first. Raises BadInput for a wrong cursor."""
    return page_of(Ask.objects.filter(said=True), _NEWEST, paging)


def of_draft(draft: str) -> list[Comment]:
    """All that a draft's applicant was asked, and said."""
    return said(list(Ask.objects.filter(draft=draft).order_by("pk")))


def said(rows: Sequence[Ask]) -> list[Comment]:
    """The rows with their words."""
    chains = {row.draft for row in rows}
    known = subjects.several(chains)
    words: dict[str, str | None] = {}
    for each in record.in_chains(list(chains), FeedbackSaid):
        try:
            opened = subjects.opened(known.get(each.entry.chain), each.event.words)
            words[each.event.ask] = str(opened["words"])
        except Unreadable:
            words[each.event.ask] = None
    return [_comment(row, words.get(row.id)) for row in rows]


def open_ask(draft: str) -> AskView | None:
    """What a person is asked on their page, the newest; None where it is nothing, or all is
    said."""
    since = clock.now() - _OPEN
    rows = Ask.objects.filter(draft=draft, dismissed=False, asked_at__gt=since)
    views = (_view(row) for row in rows.order_by("-pk"))
    return next((each for each in views if each.scale or not each.said), None)


def by_token(token: str) -> AskView | None:
    """The ask that a link in a message names; None where its time is over. Raises BadInput where
    the link is none of ours."""
    row = Ask.objects.filter(pk=ask_of(token), asked_at__gt=clock.now() - _OPEN).first()
    return None if row is None else _view(row)


def _view(row: Ask) -> AskView:
    scales = [Scale.EFFORT] if row.moment == Moment.DROP_OFF else [*Scale]
    following = next((each for each in scales if getattr(row, each) is None), None)
    return AskView(
        row.id,
        row.draft,
        Moment(row.moment),
        row.language,
        row.said,
        row.dismissed,
        following,
    )


def _comment(row: Ask, words: str | None) -> Comment:
    return Comment(
        row.id,
        row.draft,
        Moment(row.moment),
        row.step,
        row.product,
        row.channel,
        row.language,
        row.outcome,
        row.asked_at,
        row.satisfaction,
        row.effort,
        words,
    )
