"""What an applicant is asked besides, while a person decides: as they read it, and what they
answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from equipoise.journey import NotRead, Page, page_of, read_answer, written_answer
from equipoise.service.contexts.asks.reading import (
    AskAnswer,
    AskState,
    AskView,
    AskWords,
    What,
    answers_in,
    currency_of,
    field_of,
    in_application,
    words_in,
)
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.papers.reading import of_draft
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.applicant.unclear import Said
from equipoise.service.pages.frame.language import NAMES, TAGS
from equipoise.strategy.decision import REFER
from equipoise.texts.languages import text_in
from equipoise.texts.saying import say, spoken


@dataclass(frozen=True, slots=True)
class Worded:
    """Words that somebody of the lender's wrote: in the language spoken now, or else in another,
    which `tongue` names as HTML does, and `name` as people do; both empty where it is the same."""

    text: str
    tongue: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class OneMore:
    """One thing: its `page`, the `question` in words (empty where the page's own say it), `why` it
    is asked, by when it is answered, and what was answered. `state` is whose turn it is, `outcome`
    how it ended; `can_answer`: also once more. A `condition` is what a person's yes waits for."""

    id: str
    page: Page
    question: Worded
    why: Worded
    due: date
    state: str
    outcome: str
    can_answer: bool
    said: Sequence[Said]
    condition: bool = False


def asked_besides(where: Standing) -> list[OneMore]:
    """What stands on the page of where it stands: what is open or was answered, and the last of
    what ended otherwise."""
    asks = in_application(where.draft.application)
    if not asks:
        return []
    words, said = words_in(where.draft.application, FOR_APPLICANTS), said_by_ask(where)
    last = asks[-1].id
    return [
        _one_more(where, each, words[each.id], said.get(each.id, ()))
        for each in asks
        if each.state != AskState.CLOSED or each.id == last
    ]


def said_by_ask(where: Standing) -> Mapping[str, Sequence[Said]]:
    """What was answered, by the ask that it answers."""
    application = where.draft.application
    answers = answers_in(application, FOR_APPLICANTS)
    if not answers:
        return {}
    asks = {each.id: each for each in in_application(application)}
    words = words_in(application, FOR_APPLICANTS)
    names = {each.id: each.name for each in of_draft(where.draft.id)}
    said: dict[str, list[Said]] = {}
    for each in answers:
        papers = [names[paper] for paper in each.papers if paper in names]
        text = _written(where, asks[each.ask], words[each.ask], each)
        said.setdefault(each.ask, []).append(Said(each.at.date(), text, papers))
    return said


def said_besides(where: Standing) -> list[Said]:
    """All that was answered so far, each with what it answers."""
    application, said = where.draft.application, said_by_ask(where)
    words = words_in(application, FOR_APPLICANTS) if said else {}
    return [
        Said(one.day, f"{_title(where, each, words[each.id])}\n{one.words}".strip(), one.papers)
        for each in in_application(application)
        for one in said.get(each.id, ())
    ]


def asks_held(where: Standing) -> list[dict[str, Any]]:
    """All that was asked, in the words that were written, with what was answered: to be taken
    away."""
    application, said = where.draft.application, said_by_ask(where)
    asks = in_application(application)
    words = words_in(application, FOR_APPLICANTS) if asks else {}
    return [
        {
            "about": each.about,
            "question": dict(words[each.id].question),
            "why": dict(words[each.id].why),
            "asked_at": each.asked_at,
            "due_on": each.due_on,
            "state": each.state.value,
            "outcome": each.outcome,
            "said": [asdict(one) for one in said.get(each.id, ())],
        }
        for each in asks
    ]


def field_for(where: Standing, ask: AskView, words: AskWords) -> Page:
    """The page on which it is answered, in the language spoken now."""
    return page_of(field_of(where.decision, ask.what, ask.about, ask.answer, words.question))


def _one_more(where: Standing, ask: AskView, words: AskWords, said: Sequence[Said]) -> OneMore:
    page = field_for(where, ask, words)
    waits = ask.is_open
    condition = ask.what == What.CHECK
    undecided = where.outcome == REFER and not where.by_person
    again = ask.state == AskState.ANSWERED and (condition or undecided)
    return OneMore(
        ask.id,
        page,
        _worded(words.question),
        _worded(words.why),
        ask.due_on,
        ask.state.value,
        ask.outcome,
        waits or again,
        said,
        condition,
    )


def _title(where: Standing, ask: AskView, words: AskWords) -> str:
    return _worded(words.question).text or field_for(where, ask, words).question


def _worded(texts: Mapping[str, str]) -> Worded:
    """The words in the language spoken now, else in another that they are there in."""
    text = text_in(texts, spoken())
    if text or not texts:
        return Worded(text)
    language, other = next(iter(texts.items()))
    return Worded(other, TAGS.get(language, language), NAMES.get(language, language))


def _written(where: Standing, ask: AskView, words: AskWords, answer: AskAnswer) -> str:
    """The answer as it is written back; of a document nothing but the file's name."""
    page = field_for(where, ask, words)
    if page.kind == "file":
        return answer.raw.get("", "")
    currency = currency_of(where.decision)
    try:
        read = read_answer(page.field, answer.raw, answer.language, currency)
    except NotRead:
        return say("We cannot read this any more.")
    return written_answer(page.field, read, currency, spoken())
