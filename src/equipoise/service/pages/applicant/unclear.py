"""What is unclear in an application, as its applicant reads it, and how they settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from equipoise.service.contexts.concerns.reading import (
    Answer,
    ConcernState,
    ConcernView,
    answers_in,
    answers_to,
)
from equipoise.service.contexts.decisions.reading import how_to_settle
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.papers.reading import of_draft
from equipoise.service.pages.applicant.standing import Standing
from equipoise.texts.saying import marked, say, spoken

_HOW = marked("Tell us in your own words how it is, or bring a document that shows it.")


@dataclass(frozen=True, slots=True)
class Unclear:
    """One thing: what it is and how it is settled, in the language spoken now; `state` is whose
    turn it is, `outcome` what a person came to, and `due` the day by which one reads the answer."""

    id: str
    what: str
    how: str
    state: str
    outcome: str
    due: date | None

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be said to it."""
        return self.state == ConcernState.CLOSED


@dataclass(frozen=True, slots=True)
class Said:
    """What the person answered: in words, and the names of what they brought with it."""

    day: date
    words: str
    papers: Sequence[str]


def unclear(where: Standing) -> list[Unclear]:
    """Everything, in the order of the decision's reasons."""
    reasons = _reasons(where) if where.unclear else {}
    return [_read(where, each, reasons) for each in where.unclear]


def concern_of(where: Standing, concern: str) -> Unclear | None:
    """One of them, also after a person decided: then it is closed, whether or not the desk has come
    to write that down; None where the decision has no such."""
    row = next((each for each in where.concerns if each.id == concern), None)
    if row is None:
        return None
    one = _read(where, row, _reasons(where))
    return one if where.ruled is None else replace(one, state=ConcernState.CLOSED.value)


def said_to(where: Standing, concern: str) -> list[Said]:
    """What the person answered to one so far."""
    return _all_said(where.draft.id, answers_to(concern, FOR_APPLICANTS))


def said_in(draft: DraftView) -> list[Said]:
    """All that the person answered in their application so far."""
    return _all_said(draft.id, answers_in(draft.application, FOR_APPLICANTS))


def _all_said(draft: str, answers: Sequence[Answer]) -> list[Said]:
    names = {each.id: each.name for each in of_draft(draft)} if answers else {}
    return [_said(each, names) for each in answers]


def _said(answer: Answer, names: Mapping[str, str]) -> Said:
    papers = [names[each] for each in answer.papers if each in names]
    return Said(answer.at.date(), answer.words, papers)


def _read(where: Standing, concern: ConcernView, reasons: Mapping[str, str]) -> Unclear:
    return Unclear(
        concern.id,
        reasons.get(concern.code, concern.code),
        how_to_settle(where.decision, concern.code, spoken()) or say(_HOW),
        concern.state.value,
        concern.outcome,
        concern.due_on,
    )


def _reasons(where: Standing) -> Mapping[str, str]:
    """The decision's reasons in words, by their codes."""
    codes = (str(each["code"]) for each in where.decision.plain["reasons"])
    return dict(zip(codes, where.words_of_strategy["reasons"], strict=False))
