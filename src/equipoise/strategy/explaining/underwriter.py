"""What the underwriter is told: where the case stands, what weighs, what it is worth."""

from __future__ import annotations

import re

from equipoise.strategy.content import Content
from equipoise.strategy.decision import ASK_FOR_MORE, Condition, Decision
from equipoise.texts.decisions import money, percent


def for_underwriter(decision: Decision, content: Content) -> list[str]:
    """Lines in the lender's own words, the answer first."""
    trace, currency = decision.trace, content.contract.currency
    lines = [f"{_outcome(decision)}, grade {decision.grade or 'none'}", *_checks(decision)]
    if decision.level:
        signs = "" if decision.signatures < 2 else f", {decision.signatures} signatures"
        lines.append(f"authority: {decision.level}{signs}")
    if trace.pd is not None:
        points = "" if trace.points is None else f", {trace.points:.0f} points"
        cutoff = percent(content.reference["cutoff"])
        lines.append(f"PD {percent(trace.pd)}{points}; reasons are against a PD of {cutoff}")
    if trace.doubt:
        code, _, field = trace.doubt.partition(" ")
        lines.append(f"cannot be relied on: {field} ({code})")
    if trace.fired:
        lines.append(_rule(decision, content))
    for reason in decision.reasons:
        weight = "" if reason.shortfall is None else f", {reason.shortfall:+.2f} log-odds"
        by = f" by {reason.feature}" if reason.feature else ""
        lines.append(f"reason {reason.code}{by}{weight}")
    offers = [
        f"{offer.treatment}: {money(offer.amount, currency)} over {offer.months:g} months at "
        f"{percent(offer.apr)}, {money(offer.instalment, currency)} a month"
        for offer in decision.offers
    ]
    return [*lines, *offers, *_worth(decision, currency), *_asking(decision, currency)]


def _outcome(decision: Decision) -> str:
    said = decision.outcome.replace("_", " ")
    conditional = decision.conditions and decision.outcome != ASK_FOR_MORE
    return f"{said} once the checks owed are passed" if conditional else said


def _checks(decision: Decision) -> list[str]:
    """Checks that are still owed, and those whose results are in."""
    owed = [_owed(each) for each in decision.conditions]
    known = [f"check {name}: {result}" for name, result in decision.trace.checks.items()]
    return [*owed, *known]


def _owed(condition: Condition) -> str:
    label = next(iter(condition.label.values()))
    need = next(iter(condition.need.values()), "")
    return f"owed: check {condition.name}, {label}" + (f" ({need})" if need else "")


def _rule(decision: Decision, content: Content) -> str:
    """The rule that decided: its condition, and the facts that it read."""
    trace = decision.trace
    rule = next(each for each in content.strategy.rules if each.name == trace.fired)
    known = {**trace.used, **trace.features, "pd": trace.pd, "points": trace.points}
    words = dict.fromkeys(re.findall(r"\w+", rule.when))
    facts = ", ".join(f"{name} is {_said(known[name])}" for name in words if name in known)
    return f"rule that decided: {rule.name}, {rule.when}" + (f" ({facts})" if facts else "")


def _said(value: object) -> str:
    if value is None:
        return "missing"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _worth(decision: Decision, currency: str) -> list[str]:
    trace = decision.trace
    if not trace.measures:
        return []
    measures = trace.measures
    lines = [
        f"expected: profit {money(measures['profit'], currency)}, loss "
        f"{money(measures['expected_loss'], currency)}, customer's gain "
        f"{money(measures['customer_surplus'], currency)}, {measures['minutes']:.0f} minutes asked"
    ]
    for name, price in trace.prices.items():
        if price:
            lines.append(f"limit '{name}' charges {price:+.6g}")
    if trace.runner_up is not None and trace.net is not None:
        behind = trace.net - (trace.runner_up_net or 0.0)
        lines.append(
            f"given by lot, to learn: {trace.runner_up} is worth {-behind:.6g} more"
            if trace.explored
            else f"next best: {trace.runner_up}, {behind:.6g} behind"
        )
    return lines


def _asking(decision: Decision, currency: str) -> list[str]:
    """What each further check would avoid and cost, where checks are asked for step by step."""
    asking = decision.trace.asking
    if asking is None:
        return []
    if "lacking" in asking:
        return [f"still to come: {', '.join(asking['lacking'])}, asked for by the next step"]
    lines = []
    for each in asking["considered"]:
        then = f" and then {', '.join(each['then'])}" if each["then"] else ""
        lines.append(
            f"check {each['check']}{then}: avoids {money(each['value'], currency)} at "
            f"{money(each['cost'], currency)} (good customers lost "
            f"{money(each['lost'], currency)}, fees and minutes {money(each['asking'], currency)})"
        )
    if decision.trace.next_check is not None:
        why = (
            "it is worth more than it costs"
            if asking["may_decide"]
            else "no journey open here does without"
        )
        lines.append(f"asks for {decision.trace.next_check}: {why}")
    elif lines:
        lines.append("asks for nothing more: no check is worth what it costs")
    return lines
