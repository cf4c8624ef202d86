"""A decision's trace as a page shows it: sections in the order in which it came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.service.contexts.decisions.reading import Kept, Traced
from equipoise.service.pages.frame.words import said_word
from equipoise.strategy import Content
from equipoise.strategy.decision import Decision
from equipoise.strategy.explaining.customer import reason_text
from equipoise.texts.decisions import money, percent
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import precise, quantity
from equipoise.texts.saying import joined, retold, say, spoken
from equipoise.value.measures import TABLE

_TRUTH = {True: "holds", False: "does_not_hold", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Line:
    """Something of a trace: its name, what it was, and what stands beside it."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; `long` ones are folded away at first."""

    title: str
    lines: Sequence[Line]
    long: bool = False


def sections_of(traced: Traced) -> list[Section]:
    """The trace, as far as the reader may know it; nothing where no strategy decided."""
    decision, content = traced.decision, traced.content
    if decision is None or content is None:
        return []
    whole = traced.kept is Kept.WHOLE
    parts = [*_answer(decision, content), *_way(decision, content, whole=whole)]
    parts += _weighed(decision, content) if whole else ()
    return [each for each in parts if each.lines]


def _answer(decision: Decision, content: Content) -> Iterator[Section]:
    language = spoken()
    yield Section(
        say("Reasons, the heaviest first"),
        [
            Line(each.code, reason_text(each, content, language), _weight(each.shortfall))
            for each in decision.reasons
        ],
    )
    currency = content.contract.currency
    yield Section(
        say("Terms offered"),
        [
            Line(
                each.treatment,
                say(
                    "{amount} over {months} months at {apr} a year, {instalment} a month",
                    amount=money(each.amount, currency),
                    months=f"{each.months:g}",
                    apr=percent(each.apr),
                    instalment=money(each.instalment, currency),
                ),
            )
            for each in decision.offers
        ],
    )
    yield Section(
        say("Checks still owed"),
        [Line(each.name, text_in(each.label, language)) for each in decision.conditions],
    )


def _way(decision: Decision, content: Content, *, whole: bool) -> Iterator[Section]:
    trace, document = decision.trace, content.strategy
    if whole:
        yield Section(say("Facts used"), list(_facts(trace.used, content)))
        yield Section(say("Derived from them"), list(_given(trace.features)))
    lines = [
        Line(say("Could not be relied on"), said_word(trace.doubt or "none")),
        Line(say("Model"), trace.model, trace.model_digest[:12]),
    ]
    if whole:
        lines += [
            Line(say("Points"), precise(trace.points)),
            Line(say("Chance of default"), said_share(trace.pd)),
        ]
    yield Section(say("Risk"), [*lines, Line(say("Grade"), decision.grade or say("none"))])
    conditions = {rule.name: rule.when for rule in document.rules}
    held = trace.rules if whole else {}
    rules = [Line(n, said_word(_TRUTH[h]), conditions.get(n, "")) for n, h in held.items()]
    fired = trace.fired or "none"
    decided = Line(say("Rule that decided"), said_word(fired), conditions.get(fired, ""))
    yield Section(say("Rules"), [decided, *rules])
    yield Section(say("Choice"), list(_choice(decision)))


def _choice(decision: Decision) -> Iterator[Line]:
    trace = decision.trace
    yield Line(say("Chosen by"), trace.way)
    yield Line(say("Treatment"), trace.treatment or say("none"))
    yield Line(say("Journey"), decision.journey or say("none"))
    yield Line(say("Served with chance"), percent(trace.propensity))
    if trace.explored:
        yield Line(say("Given by lot, to learn"), trace.runner_up or say("none"))
    yield Line(say("Next check"), trace.next_check or say("none"))
    level = decision.level or say("none")
    several = decision.signatures > 1
    signatures = say("{count} signatures", count=decision.signatures) if several else ""
    yield Line(say("Authority"), level, signatures)


def _weighed(decision: Decision, content: Content) -> Iterator[Section]:
    trace, currency = decision.trace, content.contract.currency
    worth = [
        Line(retold(TABLE[name].label), quantity(value, TABLE[name].unit, currency))
        for name, value in trace.measures.items()
        if name in TABLE
    ]
    if trace.net is not None:
        worth.append(Line(say("Net of prices"), money(trace.net, currency)))
    if trace.runner_up is not None:
        net = money(trace.runner_up_net or 0.0, currency)
        worth.append(Line(say("Next best"), trace.runner_up, net))
    yield Section(say("What it was expected to be worth"), worth)
    yield Section(
        say("Charged by limits"), [Line(n, precise(price)) for n, price in trace.prices.items()]
    )
    yield Section(say("The applicant's own figures"), list(_given(trace.terms)))
    yield Section(say("Checks known"), [Line(n, said) for n, said in trace.checks.items()])
    yield Section(say("What further checks were worth"), list(_asking(trace.asking, currency)))


def _asking(asking: Mapping[str, Any] | None, currency: str) -> Iterator[Line]:
    if asking is None:
        return
    if "lacking" in asking:
        yield Line(say("Facts still to come"), joined(asking["lacking"], ", "))
        return
    for each in asking["considered"]:
        yield Line(
            each["check"],
            say(
                "avoids {value} at {cost}",
                value=money(each["value"], currency),
                cost=money(each["cost"], currency),
            ),
        )


def _facts(used: Mapping[str, Any], content: Content) -> Iterator[Line]:
    labels = {field.name: text_in(field.label, spoken()) for field in content.contract.fields}
    for name, value in used.items():
        yield Line(labels.get(name) or name, _said(value), name if labels.get(name) else "")


def _given(values: Mapping[str, Any]) -> Iterator[Line]:
    return (Line(name, _said(value)) for name, value in values.items())


def _said(value: object) -> str:
    if value is None:
        return say("missing")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def said_share(value: float | None) -> str:
    """A chance as per cent; none where there is none."""
    return say("none") if value is None else percent(value)


def _weight(shortfall: float | None) -> str:
    return "" if shortfall is None else say("{weight} log-odds", weight=f"{shortfall:+.2f}")
