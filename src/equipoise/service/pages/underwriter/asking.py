"""Asking a case's applicant for one thing more, as an underwriter types it and reads what came of
it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from equipoise.errors import BadInput
from equipoise.journey import NotRead, read_answer, written_answer
from equipoise.service.contexts.asks.reading import (
    AskAnswer,
    AskState,
    AskView,
    AskWords,
    What,
    answers_in,
    askable,
    currency_of,
    field_of,
    in_application,
    words_in,
)
from equipoise.service.contexts.cases.services import USUAL_DAYS, Asking
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH, marked, say, spoken

_MOST, _MOST_WORDS = 120, 600
_QUESTIONS: Mapping[str, str] = {
    "text": marked("a question, answered in words"),
    "number": marked("a question, answered with a number"),
    "yes_no": marked("a question, answered with yes or no"),
    "date": marked("a question, answered with a date"),
    "document": marked("a question, answered with a document"),
}
_STATES: Mapping[str, str] = {
    "open": marked("the applicant has yet to answer"),
    "due": marked("the applicant has yet to answer"),
    "answered": marked("answered"),
    "withdrawn": marked("taken back"),
    "decided": marked("decided without it"),
    "lapsed": marked("no answer by its day"),
    "met": marked("met"),
}


@dataclass(frozen=True, slots=True)
class TypedAsk:
    """What is asked, as it was typed: `subject` is a fact, a document or a kind of question."""

    subject: str = ""
    question_en: str = ""
    question_zh: str = ""
    why_en: str = ""
    why_zh: str = ""
    days: str = str(USUAL_DAYS)

    def asking(self) -> Asking:
        """The same for the desk. Raises BadInput by the box that cannot be read."""
        what, _, name = self.subject.partition(":")
        if what not in (What.FACT, What.DOCUMENT, What.QUESTION):
            raise BadInput("say what is asked for", field="subject")
        if not (self.days.isascii() and self.days.isdigit()):
            raise BadInput("days are whole", field="days")
        question = what == What.QUESTION
        return Asking(
            what,
            "" if question else name,
            name if question else "",
            {"en": self.question_en, "zh": self.question_zh},
            {"en": self.why_en, "zh": self.why_zh},
            int(self.days[:4]),
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: when, over which channel, how it reads, and how many documents came with it."""

    at: datetime
    channel: str
    said: str
    papers: Sequence[str]


@dataclass(frozen=True, slots=True)
class AskRow:
    """One ask: what was asked, why, by whom, by when, where it stands, and the answers; of what a
    yes `depends` on, that it is neither met nor waived."""

    id: str
    title: str
    question: str
    why: str
    by: str
    at: datetime
    due: date
    state: str
    waits: bool
    depends: bool
    answers: Sequence[Answered]


def typed_ask(sent: QueryDict) -> TypedAsk:
    """What was sent, bounded."""
    words = {
        name: sent.get(name, "").replace("\x00", "").strip()[:_MOST_WORDS]
        for name in ("question_en", "question_zh", "why_en", "why_zh")
    }
    return TypedAsk(
        subject=sent.get("subject", "")[:_MOST], days=sent.get("days", "")[:_MOST].strip(), **words
    )


def asking_of(decision: DecisionView, by: Principal) -> dict[str, Any]:
    """What the section of a case shows: what can be asked, what was, and the facts answered."""
    rows = _rows(decision, by)
    return {
        "asks": rows,
        "ask_waits": next((each for each in rows if each.waits), None),
        "askable": _choices(decision),
    }


def named_asks(decision: DecisionView) -> Mapping[str, str]:
    """What was asked, by the ask's id: for the documents that were brought in answer."""
    asks = in_application(decision.row.application)
    return {each.id: _title(decision, each) or say("A question in words") for each in asks}


def facts_answered(decision: DecisionView, by: Principal) -> list[tuple[str, str, date]]:
    """The facts that the applicant was asked for: what each is called, the newest answer, and its
    day."""
    facts = {e.id: e for e in in_application(decision.row.application) if e.what == What.FACT}
    newest = {each.ask: each for each in answers_in(decision.row.application, by)}
    return [
        (
            _title(decision, each),
            _written(decision, each, {}, newest[each.id]),
            newest[each.id].at.date(),
        )
        for each in facts.values()
        if each.id in newest
    ]


def _choices(decision: DecisionView) -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of the list: facts, documents, and kinds of question."""
    known = askable(decision)
    groups = [
        (say(title), [(f"{what}:{e.name}", _label(e.label)) for e in known if e.what == what])
        for what, title in (
            (What.FACT, marked("A fact")),
            (What.DOCUMENT, marked("A document")),
        )
    ]
    questions = [(f"question:{kind}", say(said)) for kind, said in _QUESTIONS.items()]
    return [each for each in (*groups, (say("A question in words"), questions)) if each[1]]


def _rows(decision: DecisionView, by: Principal) -> list[AskRow]:
    application = decision.row.application
    asks = in_application(application)
    words = words_in(application, by) if asks else {}
    answers: dict[str, list[AskAnswer]] = {}
    for each in answers_in(application, by) if asks else ():
        answers.setdefault(each.ask, []).append(each)
    return [
        _row(decision, each, words[each.id], answers.get(each.id, [])) for each in reversed(asks)
    ]


def _row(
    decision: DecisionView, ask: AskView, words: AskWords, answers: Sequence[AskAnswer]
) -> AskRow:
    return AskRow(
        ask.id,
        _title(decision, ask) or say(_QUESTIONS[ask.answer]),
        _label(words.question),
        _label(words.why),
        ask.asked_by,
        ask.asked_at,
        ask.due_on,
        say(_STATES[ask.outcome or ask.state.value]),
        ask.state == AskState.OPEN and ask.what != What.CHECK,
        ask.what == What.CHECK and ask.state != AskState.CLOSED,
        [
            Answered(
                each.at,
                said_word(each.channel),
                _written(decision, ask, words.question, each),
                each.papers,
            )
            for each in answers
        ],
    )


def _title(decision: DecisionView, ask: AskView) -> str:
    """What a fact or a document is called; nothing for a question in words."""
    if ask.what == What.QUESTION:
        return ""
    if ask.what == What.CHECK:
        return say("The yes waits for this:")
    labels = {(e.what, e.name): e.label for e in askable(decision)}
    return _label(labels.get((ask.what, ask.about), {"en": ask.about}))


def _label(texts: Mapping[str, str]) -> str:
    return text_in(texts, spoken()) or text_in(texts, ENGLISH) or next(iter(texts.values()), "")


def _written(
    decision: DecisionView, ask: AskView, question: Mapping[str, str], answer: AskAnswer
) -> str:
    """The answer as it was read; of a document nothing, as it stands among the documents."""
    if ask.answer == "document":
        return answer.raw.get("", "")
    field = field_of(decision, ask.what, ask.about, ask.answer, question)
    currency = currency_of(decision)
    try:
        read = read_answer(field, answer.raw, answer.language, currency)
    except NotRead:
        return str(answer.value)
    return written_answer(field, read, currency, spoken())
