"""Results in words and figures: a table of skill, sentences about what to look at next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.journey import written_answer
from equipoise.review.fairness.intervals import Interval
from equipoise.review.practice import Deck, Leaning, Part, Skill, Sway
from equipoise.service.contexts.practice.reading import Practised
from equipoise.service.pages.underwriter.practising.cases import name_of, reason_named, rounded
from equipoise.texts.numbers import ABSENT, fixed, money, signed, span, three_decimals
from equipoise.texts.saying import marked, say, spoken

_USES = {
    "ignored": marked("“{fact}” moves the model and hardly moves you: look at it."),
    "too_little": marked("“{fact}” moves you by {share} of what it moves the model: give it more."),
    "too_much": marked("“{fact}” moves you by {share} of what it moves the model: give it less."),
}
_KINDS = {"near": marked("Near the cut"), "away": marked("Away from the cut")}
_BY = {"grade": marked("Grade {name}"), "reason": marked("Declined: {name}")}
_STANDINGS = {
    "too_few": marked("too few to say"),
    "behind": marked("the model is nearer"),
    "ahead": marked("you are nearer"),
    "open": marked("no difference to be told"),
}
_LEARNING = {
    "too_few": marked("Whether you get better can be said from 40 answers on."),
    "better": marked("You get better: {change} per {per} answers against the model."),
    "worse": marked("You get worse: {change} per {per} answers against the model."),
    "open": marked("No trend can be told yet: {change} per {per} answers against the model."),
}
_SWAY = marked(
    "“{fact}” at “{value}” moves you by {shift} log-odds where the model hardly reads it "
    "({n} cases): ask yourself why."
)
_BEHIND = marked("In {n} cases of the kind “{kind}” the model was nearer to what came.")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: what it is, which way is better, the person's value and the model's."""

    name: str
    hint: str
    person: str
    model: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of case: counts, and where the person stands in it."""

    name: str
    n: int
    bad: int
    right: str
    above: str
    standing: str


def skill_rows(person: Skill, model: Skill) -> list[Row]:
    """The measures, person and model side by side."""

    def parts(name: str, hint: str, part: str) -> Row:
        values = (getattr(each.parts, part) for each in (person, model))
        return Row(name, hint, *(three_decimals(value) for value in values))

    return [
        Row(say("Right answers"), say("more is better"), _share(person.right), _share(model.right)),
        Row(say("Telling bad from good (AUC)"), say("0.5 is chance, 1 is perfect"),
            _figure(person.auc), _figure(model.auc)),
        Row(say("Brier score"), say("0 is best"), _figure(person.brier), _figure(model.brier)),
        parts(say("of it, ill calibrated"), say("0 is best"), "reliability"),
        parts(say("of it, told apart"), say("more is better"), "resolution"),
        parts(say("of it, the cases themselves"), say("the same for both"), "uncertainty"),
        Row(say("Log score"), say("0 is best"), _figure(person.log), _figure(model.log)),
    ]  # fmt: skip


def money_rows(of: Practised) -> list[tuple[str, str]]:
    """What the answers were worth a case; empty where nothing says it."""
    worth, currency = of.results.money, of.deck.currency if of.deck else ""
    if worth is None:
        return []
    currency = "" if currency.lower() == "money" else currency  # a lender's of no country

    def said(value: Interval, plus: bool = True) -> str:
        if not value.known:
            return ABSENT
        texts = [money(round(each), currency) for each in (value.value, value.low, value.high)]
        texts = [signed(each) for each in texts] if plus else texts
        return f"{texts[0]} ({span(texts[1], texts[2])})"

    return [
        (say("Your answers, a case"), said(worth.person, plus=False)),
        (say("more than the model's"), said(worth.above_model)),
        (say("more than the strategy's, in the {n} cases it decided", n=worth.decided),
         said(worth.above_strategy)),
    ]  # fmt: skip


def kind_rows(of: Practised) -> list[KindRow]:
    """Each kind of case, in the order of the library."""
    return [
        KindRow(
            kind_named(part, of.deck),
            part.n,
            part.bad,
            _share(part.right) if part.standing != "too_few" else ABSENT,
            gap_text(part.above_model),
            say(_STANDINGS[part.standing]),
        )
        for part in of.results.parts
    ]


def kind_named(part: Part, deck: Deck | None) -> str:
    """What a kind of case is called."""
    if part.by == "near":
        return say(_KINDS[part.name])
    name = reason_named(part.name, deck) if part.by == "reason" else part.name
    return say(_BY[part.by], name=name)


def look_next(of: Practised) -> list[str]:
    """What to look at next: kinds in which the model is nearer, and facts."""
    return [*_kinds_behind(of), *_facts(of)]


def learning_said(of: Practised) -> str:
    """Whether the person gets better, with the interval."""
    learning = of.results.learning
    if not learning.change.known:
        return say(_LEARNING[learning.answer])
    return say(_LEARNING[learning.answer], change=gap_text(learning.change), per=learning.per)


def gap_text(value: Interval) -> str:
    """A difference of Brier scores with its interval."""
    if not value.known:
        return ABSENT
    texts = [signed(three_decimals(each)) for each in (value.value, value.low, value.high)]
    return f"{texts[0]} ({span(texts[1], texts[2])})"


def _kinds_behind(of: Practised) -> Iterator[str]:
    for part in of.results.parts:
        if part.standing == "behind":
            yield say(_BEHIND, n=part.n, kind=kind_named(part, of.deck))


def _facts(of: Practised) -> Iterator[str]:
    if of.lens is None or of.deck is None:
        return
    names = {field.name: name_of(field) for field in of.deck.fields}
    for leaning in of.lens.leanings:
        if leaning.use in _USES:
            yield say(_USES[leaning.use], fact=names[leaning.fact], share=_of_model(leaning))
    for sway in of.lens.sways:
        shift, value = signed(fixed(sway.shift, 1)), _value_named(sway, of.deck)
        yield say(_SWAY, fact=names[sway.fact], value=value, shift=shift, n=sway.n)


def _of_model(leaning: Leaning) -> str:
    return rounded(leaning.person.value / leaning.model) if leaning.model else ABSENT


def _value_named(sway: Sway, deck: Deck) -> str:
    """A value of a fact as people read it; a part of a range stands as it is."""
    field = next(each for each in deck.fields if each.name == sway.fact)
    if not sway.value:
        return say("missing")
    if sway.value == "*":
        return say("rare values")
    if sway.value in field.values:
        return written_answer(field, sway.value, deck.currency, spoken())
    low, mark, high = sway.value.partition("..")
    if not mark:
        return sway.value
    if not low:
        return say("below {value}", value=high)
    return say("from {value} on", value=low) if not high else span(low, high)


def _share(value: Interval) -> str:
    if not value.known:
        return ABSENT
    return f"{rounded(value.value)} ({span(rounded(value.low), rounded(value.high))})"


def _figure(value: Interval) -> str:
    if not value.known or not math.isfinite(value.low):
        return ABSENT
    return f"{three_decimals(value.value)} ({span(*map(three_decimals, (value.low, value.high)))})"
