"""Earlier contact with an applicant on every channel: what was sent to them, and how they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from equipoise.contract import Contract
from equipoise.service.contexts.drafts.reading import Visit, visits_of
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts.permissions import APPLICANT
from equipoise.service.platform.messages.reading import about
from equipoise.texts.languages import text_in
from equipoise.texts.messages import message_text
from equipoise.texts.saying import marked, say, spoken

_CAME_TO: Mapping[str, str] = {
    "sent": marked("sent it"),
    "went_on": marked("sent what was asked for"),
    "took": marked("took other terms"),
    "ended": marked("ended it"),
    "": marked("left it there"),
}


@dataclass(frozen=True, slots=True)
class SentLine:
    """A message to the applicant: when, what, over what, and where it stands by now."""

    at: datetime
    what: str
    channel: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit: when, over what, in whose hands (empty: the applicant's own), how many pages were
    answered and which last, and what it came to."""

    at: datetime
    minutes: int
    channel: str
    helper: str
    pages: int
    last: str
    came_to: str


def messages_to(chains: Sequence[str]) -> list[SentLine]:
    """What was sent in these chains, the newest first: what it was about, and never its words."""
    return [
        SentLine(
            each.made_at,
            message_text(each.text, spoken()).subject,
            said_word(each.channel),
            said_word(each.state),
            each.problem,
        )
        for each in about(chains)
    ]


def visits_to(draft: str, contract: Contract) -> list[VisitLine]:
    """How the applicant, or somebody with them, came to the pages, the newest first."""
    labels = {each.name: text_in(each.label, spoken()) or each.name for each in contract.fields}
    return [_line(each, labels) for each in reversed(visits_of(draft))]


def _line(visit: Visit, labels: Mapping[str, str]) -> VisitLine:
    last = visit.pages[-1] if visit.pages else ""
    return VisitLine(
        visit.began_at,
        round((visit.ended_at - visit.began_at).total_seconds() / 60),
        said_word(visit.channel),
        "" if visit.by == APPLICANT else visit.by,
        len(visit.pages),
        labels.get(last, last),
        say(_CAME_TO[visit.came_to]),
    )
