"""What applicants are told beside the words of a decision: on which facts it was made, and other
ways to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.contract import Field
from equipoise.journey import written_answer
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.strategy.decision import REFER
from equipoise.texts.codes import (
    FUTURE_DATE,
    MISSING_FACT,
    NO_TERMS,
    OUTSIDE_RANGE,
    UNSEEN_VALUE,
    without_text,
    words,
)
from equipoise.texts.languages import text_in

_OTHER_WAYS = "OTHER_WAYS"
_SETTLE = "SETTLE_"  # before the code of a reason: how an applicant settles it
# Of the reasons that every strategy has, those that an applicant can say something to.
_OURS = frozenset({MISSING_FACT, OUTSIDE_RANGE, UNSEEN_VALUE, FUTURE_DATE, NO_TERMS})


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that the strategy read: its field, what it is called, what it was, and where it came
    from, in the contract's word for it."""

    name: str
    label: str
    said: str
    source: str


def facts_used(decision: DecisionView, by: Principal, language: str) -> list[Used]:
    """In the contract's order. Raises Withheld where the reader may not read them, Unreadable where
    they are gone."""
    strategy = loaded(decision.row.digest)
    contract, read = strategy.content.contract, strategy.compiled.program.inputs
    facts = strategy.compiled.intake.read(decision.parts_for(by).sealed["application"]).facts
    return [
        Used(
            field.name,
            _label(field, language),
            written_answer(field, facts.get(field.name), contract.currency, language),
            field.source,
        )
        for field in contract.fields
        if field.name in read
    ]


def other_ways(decision: DecisionView, language: str) -> list[str]:
    """Other ways to go, as the lender writes them: the lines of its strategy's text `OTHER_WAYS`;
    none where it has no such text."""
    texts = loaded(decision.row.digest).content.strategy.texts.get(_OTHER_WAYS, {})
    return [line.strip() for line in text_in(texts, language).splitlines() if line.strip()]


def asked_back(decision: DecisionView) -> list[str]:
    """The codes of a referral's reasons that say what is unclear, and that its applicant can say
    something to: those of the strategy's rules, and of facts that are missing or unusual."""
    if decision.plain["outcome"] != REFER or decision.failed:
        return []
    rules = loaded(decision.row.digest).content.strategy.rules
    unclear = _OURS | {each.reason for each in rules if each.outcome == REFER}
    codes = (str(each["code"]) for each in decision.plain["reasons"])
    return [code for code in dict.fromkeys(codes) if code in unclear]


def how_to_settle(decision: DecisionView, code: str, language: str) -> str:
    """How an applicant settles what is unclear, as the lender writes it: its strategy's text
    `SETTLE_` and the reason's code; empty where it has no such text."""
    texts = loaded(decision.row.digest).content.strategy.texts
    return text_in(texts.get(f"{_SETTLE}{code}", {}), language)


def told_reasons(decision: DecisionView, codes: Iterable[str], language: str) -> tuple[str, ...]:
    """Reasons that a person gave, in the words that the strategy has for them in that language; one
    for which there are none is left out, as what is noted for colleagues is not written for the
    applicant."""
    texts = loaded(decision.row.digest).content.strategy.texts
    named = list(codes)
    silent = {code for code, _ in without_text(named, [language], texts)}
    return tuple(words(code, language, texts) for code in named if code not in silent)


def _label(field: Field, language: str) -> str:
    return text_in(field.label, language) or field.name.replace("_", " ")
