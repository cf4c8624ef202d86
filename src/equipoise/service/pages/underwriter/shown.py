"""What stands on the page of a case: openly what the strategy says, who may decide it and what
happened; and what is personal, once the reader has opened it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from equipoise.contract import Contract
from equipoise.record.events import NotAnEvent, Recorded, read_event
from equipoise.service.contexts.agreements.events import AgreementEvent
from equipoise.service.contexts.applications.reading import ApplicationSummary
from equipoise.service.contexts.asks.events import AskEvent
from equipoise.service.contexts.asks.reading import in_application
from equipoise.service.contexts.cases import reading as cases
from equipoise.service.contexts.cases.events import CaseDecided, CaseEvent, OverrideEvent
from equipoise.service.contexts.cases.notebook import notes_at
from equipoise.service.contexts.cases.reading import Deciding, Said
from equipoise.service.contexts.complaints.reading import of_draft as complaints_of
from equipoise.service.contexts.concerns.events import ConcernAnswered
from equipoise.service.contexts.concerns.reading import answers_in, of_decision
from equipoise.service.contexts.conversations.reading import turns
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.reading import DecisionView, traced
from equipoise.service.contexts.drafts.reading import draft_of, with_drafts
from equipoise.service.contexts.papers.events import PaperBrought
from equipoise.service.contexts.papers.reading import PaperView
from equipoise.service.contexts.papers.reading import of_application as papers_of
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.pages.auditor.sentences import sentence_of
from equipoise.service.pages.auditor.trace import sections_of
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.underwriter.asking import facts_answered, named_asks
from equipoise.service.pages.underwriter.contact import messages_to, visits_to
from equipoise.service.pages.underwriter.evidence import facts_of, shown_by
from equipoise.service.pages.underwriter.figures import offer_said, span_of
from equipoise.service.pages.underwriter.refusals import refusal
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.record import services as record
from equipoise.strategy import Content
from equipoise.strategy.decision import Reason
from equipoise.strategy.explaining.customer import reason_text
from equipoise.texts.languages import text_in
from equipoise.texts.saying import marked, say, spoken

_HISTORY = 60
CHANGES = (
    DecisionMade, OutcomeRecorded, OverrideEvent, CaseEvent, CaseDecided, AgreementEvent,
    PaperBrought, ConcernAnswered, AskEvent,
)  # fmt: skip
"""What is another case than the one that was read."""
_SOURCES: Mapping[str, str] = {
    "applicant": marked("the applicant"),
    "bureau": marked("a credit bureau"),
    "bank": marked("our own books"),
    "derived": marked("worked out"),
    "unknown": marked("not said"),
}
_SENSITIVITY: Mapping[str, str] = {
    "public": marked("public"),
    "personal": marked("personal: those who decide in the area"),
    "sensitive": marked("sensitive: those who decide in the area"),
}
_BECAME: Mapping[str, str] = {
    "open": marked("nothing known yet"),
    "accepted": marked("offer taken"),
    "booked": marked("paid out"),
    "withdrawn": marked("withdrawn by the applicant"),
    "lapsed": marked("offer not taken in time"),
    "repaid": marked("paid back"),
    "defaulted": marked("in default"),
    "complained": marked("complained about"),
}
_DID: Mapping[str, str] = {
    "case.passed": marked("passed it on, and would answer"),
    "case.signed": marked("signed"),
    "case.returned": marked("gave it back"),
    "reversal.signed": marked("signed, in place of what was answered"),
    "reversal.dropped": marked("kept what was answered"),
    "case.decided": marked("signed, and it holds"),
    "override.signed": marked("signed"),
    "override.made": marked("signed, and it holds"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """An application, its last decision, and who reads it."""

    application: ApplicationSummary
    decision: DecisionView
    by: Principal
    over: Reach

    @property
    def content(self) -> Content | None:
        """The strategy's; None where none decided."""
        return None if self.decision.failed else loaded(self.decision.row.digest).content

    @property
    def contract(self) -> Contract:
        return loaded(self.application.digest).content.contract


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: what it is called, what it is, where it came from, its age, who may see it, and the
    documents that show it."""

    name: str
    said: str
    source: str
    age: str
    seen_by: str
    papers: Sequence[PaperView] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened."""

    at: datetime
    said: str
    by: str


def told_of(case: Case) -> dict[str, Any]:
    """What stands there openly."""
    decision, plain = case.decision, case.decision.plain
    content = case.content
    reasons = [
        (each["code"], _reason(each, content), each.get("feature") or each.get("concept") or "")
        for each in plain["reasons"]
    ]
    by = cases.by_person(decision.row.id)
    lines = _history(case.application.id)
    work = cases.work_of(case.application.id, case.by, case.over)
    people = {each.by for each in lines} | {work.claimed_by if work else ""}
    return {
        "application": case.application,
        "decision": decision.row,
        "outcome": said_word(decision.row.outcome),
        "grade": plain["grade"],
        "journey": plain["journey"],
        "reasons": reasons,
        "authority": plain["authority"],
        "signatures": plain["signatures"],
        "owed": [text_in(each["label"], spoken()) or each["name"] for each in plain["conditions"]],
        "decided": None if by is None else (said_word(by.answer), by),
        "work": work,
        "concerns": _concerns(decision, content),
        "history": lines,
        "seen": last_change(case.application.id),
        "names": names_of(people | set(by.officers if by else ())),
    }


def personal_of(case: Case) -> dict[str, Any]:
    """What is personal, and how it may be decided. Raises Withheld, and Unreadable after an
    erasure."""
    decision, by, contract = case.decision, case.by, case.contract
    deciding = cases.deciding(decision, by)
    said = cases.said_about(case.application.id, decision.row.id, decision.row, by)
    draft = draft_of(case.application.id)
    notes = notes_at(decision, by)
    people = {each.by for each in said} | {each.by for each in notes} | {*deciding.able}
    people |= {each.asked_by for each in in_application(case.application.id)}
    seen, papers = decision.seen_by(by), papers_of(case.application, by)
    beside = shown_by(papers, contract, decision.plain["reasons"])
    visits = visits_to(draft, contract) if draft else ()
    people |= {each.helper for each in visits}
    return {
        "deciding": deciding,
        "mine": deciding.refused is None,
        "unable": refusal(deciding.refused) if deciding.refused else "",
        "spans": span_of(deciding.limits, contract.currency) if deciding.limits else {},
        "facts": [*_asked(decision, by), *_facts(seen, contract, beside)],
        "anew": _anew(decision, by),
        "sections": sections_of(traced(decision, by)),
        "said": [_did(each, case, deciding) for each in said],
        "papers": [(each, _labels(each, contract, decision)) for each in papers],
        "brought_for": named_asks(decision),
        "sent": messages_to(with_drafts([case.application.id])),
        "visits": visits,
        "answers": answers_in(case.application.id, by),
        "turns": turns(draft) if draft else (),
        "complaints": complaints_of(draft) if draft else (),
        "notes": notes,
        "tells": _tells(deciding, case),
        "people": names_of(people),
    }


def became(outcome: str) -> str:
    """What came of a case, in words."""
    return say(_BECAME[outcome])


def last_change(application: str) -> int:
    """The place in the record of the last thing that makes it another case."""
    return max((each.sequence for each in _changes(application)), default=0)


def changes_since(application: str, seen: int) -> list[str]:
    """What happened after that, in words."""
    return [sentence_of(each.event) for each in _changes(application) if each.sequence > seen]


def names_of(people: Iterable[str]) -> dict[str, str]:
    """What people log in as, by their names in the record."""
    asked = [each for each in people if each.startswith("user.")]
    return dict(accounts.usernames(asked)) if asked else {}


def _changes(application: str) -> list[Recorded[Any]]:
    return list(record.in_chains(with_drafts([application]), *CHANGES))


def _reason(reason: Mapping[str, Any], content: Content | None) -> str:
    if content is None:
        return ""
    named = Reason(reason["code"], reason.get("concept") or "", reason.get("feature") or "")
    return reason_text(named, content, spoken())


def _concerns(decision: DecisionView, content: Content | None) -> list[tuple[str, str, str]]:
    """What is unclear: in words, whose turn it is, and what a person came to."""
    states = {
        "open": say("the applicant has yet to answer"),
        "answered": say("answered, to be read"),
        "closed": say("closed"),
    }
    return [
        (_reason({"code": each.code}, content) or each.code, states[each.state.value], each.outcome)
        for each in of_decision(decision.row.id)
    ]


def _labels(paper: PaperView, contract: Contract, decision: DecisionView) -> list[str]:
    """What the facts are called that a paper shows."""
    names = facts_of(paper.about, contract, decision.plain["reasons"])
    return [text_in(contract.field(each).label, spoken()) or each for each in names]


def _facts(
    decision: DecisionView, contract: Contract, beside: Mapping[str, Sequence[PaperView]]
) -> list[Fact]:
    """Those given, but for what is only held to be audited by."""
    given = {} if decision.facts is None else decision.facts["application"]
    fields = [
        each
        for each in contract.fields
        if each.use not in ("audit", "target") and each.sensitivity != "protected"
    ]
    return [
        Fact(
            text_in(each.label, spoken()) or each.name,
            _value(given[each.name]),
            say(_SOURCES[each.source]),
            _age(given.get(each.as_of), decision.row.decided_on),
            say(_SENSITIVITY[each.sensitivity]),
            beside.get(each.name, ()),
        )
        for each in fields
        if each.name in given
    ]


def _asked(decision: DecisionView, by: Principal) -> list[Fact]:
    """Those that the applicant was asked for since."""
    return [
        Fact(
            name, said, say("the applicant, asked"), day.isoformat(), say(_SENSITIVITY["personal"])
        )
        for name, said, day in facts_answered(decision, by)
    ]


def _anew(decision: DecisionView, by: Principal) -> tuple[str, str] | None:
    """What the strategy says with them, and the grade; None where there are none."""
    said = cases.with_answers(decision, by)
    return None if said is None else (said_word(said.outcome), said.grade or "")


def _value(value: object) -> str:
    if value is None:
        return say("missing")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return f"{value:,.10g}" if isinstance(value, float | int) else str(value)


def _age(as_of: object, on: date) -> str:
    try:
        days = (on - date.fromisoformat(str(as_of))).days
    except ValueError:
        return ""
    return say("{n} days old", n=days)


def _did(said: Said, case: Case, deciding: Deciding) -> dict[str, Any]:
    currency = case.contract.currency
    labels = deciding.owed
    return {
        "by": said.by,
        "at": said.at,
        "did": say(_DID[said.what]),
        "answer": said_word(said.answer) if said.answer else "",
        "reasons": [_reason({"code": each}, case.content) for each in said.reasons],
        "offer": offer_said(said.offer, currency) if said.offer else "",
        "waived": [
            (text_in(labels.get(name, {}), spoken()) or name, why)
            for name, why in said.waived.items()
        ],
        "words": said.words,
    }


def _tells(deciding: Deciding, case: Case) -> Sequence[tuple[str, str]]:
    """The reasons that an applicant can be told, with their words."""
    return [(code, _reason({"code": code}, case.content)) for code in deciding.reasons]


def _history(application: str) -> list[Line]:
    entries = [each for chain in with_drafts([application]) for each in record.entries(chain)]
    newest = sorted(entries, key=lambda each: (each.at, each.index))[-_HISTORY:]
    lines = []
    for entry in reversed(newest):
        try:
            event = read_event(entry.kind, entry.body)
        except NotAnEvent:  # of another version
            continue
        at = datetime.fromtimestamp(entry.at / 1e6, UTC)
        lines.append(Line(at, sentence_of(event), getattr(event, "by", "")))
    return lines
