"""Packs of rules as their page shows them: what each rule sets, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.jurisdiction import Dated
from equipoise.portfolio import ExposureLimit, Grading, Parameter, Weighting
from equipoise.report.sections.book_words import DIMENSIONS, GRADES
from equipoise.service.contexts.books.reading import PackShown, PacksOfBook
from equipoise.service.pages.risk.asked import fault_text
from equipoise.texts.dates import written_day
from equipoise.texts.numbers import percent, plain
from equipoise.texts.saying import joined, marked, say, spoken

PARAMETERS: Mapping[str, str] = {
    "stage2_days": marked("Stage 2: more days late than"),
    "stage3_days": marked("Stage 3: more days late than"),
    "stage2_pd_ratio": marked("Stage 2: PD so many times that at origination"),
    "stage2_pd_rise": marked("Stage 2: PD risen by at least"),
    "stage2_low_pd": marked("Stage 2: never while the PD is below"),
    "cure_months": marked("Stage 3: months without default before it is left"),
    "probation_months": marked("Stage 2: months of probation behind stage 3"),
    "capital_ratio": marked("Capital, of risk-weighted assets"),
    "pd_floor": marked("Least PD"),
    "lgd_floor": marked("Least LGD"),
    "loan_split_share": marked("Of a property's value, what secures a loan"),
    "restructured_months": marked("Months that a restructured loan is observed"),
    "shock_parallel": marked("Shock of interest rates: parallel"),
    "shock_short": marked("Shock of interest rates: short end"),
    "shock_long": marked("Shock of interest rates: long end"),
}
_COUNTED = frozenset(
    {
        "stage2_days", "stage3_days", "stage2_pd_ratio", "cure_months", "probation_months",
        "restructured_months",
    }
)  # fmt: skip
_BASES: Mapping[str, str] = {
    "net_capital": marked("net capital"),
    "tier1": marked("tier 1 capital"),
}
_VERIFIED: Mapping[str, str] = {
    "text": marked("the text was read"),
    "account": marked("by somebody's account"),
    "unseen": marked("not looked up"),
}


def rules_context(of: PacksOfBook) -> dict[str, Any]:
    """Everything that the page writes, in the language spoken now."""
    return {
        "on": written_day(of.on),
        "of": of,
        "fault": fault_text(of.fault),
        "packs": [_pack(each, of) for each in of.packs],
    }


def _pack(of: PackShown, among: PacksOfBook) -> dict[str, Any]:
    caution = {} if of.pack is None else of.pack.caution
    return {
        "of": of,
        "fault": fault_text(of.fault),
        "caution": caution.get(spoken()) or caution.get("en", ""),
        "next_on": "" if of.next_on is None else written_day(of.next_on),
        "begins": joined(of.begins, ", "),
        "ends": joined(of.ends, ", "),
        "rules": [_rule(each, of, among) for each in of.rules],
    }


def _rule(each: Dated, of: PackShown, among: PacksOfBook) -> dict[str, str]:
    if each.id in of.hold:
        state, look = say("in force"), "active"
    elif each.from_ > among.on:
        state, look = say("to come"), "waiting"
    else:
        state, look = say("over"), "off"
    return {
        "id": each.id,
        "says": _says(each),
        "since": each.from_.isoformat(),
        "until": "" if each.until is None else each.until.isoformat(),
        "state": state,
        "look": look,
        "source": each.source,
        "verified": say(_VERIFIED[each.verified]),
    }


def _says(each: Dated) -> str:
    if isinstance(each, Parameter):
        name = say(PARAMETERS[each.name])
        named = say("{name} ({of})", name=name, of=each.of) if each.of else name
        value = plain(each.value) if each.name in _COUNTED else percent(each.value)
        return say("{name}: {value}", name=named, value=value)
    if isinstance(each, Grading):
        grade = say(GRADES[each.at_least])
        return say("At least {grade} where {condition}", grade=grade, condition=each.when)
    if isinstance(each, ExposureLimit):
        return say(
            "One {who}: at most {share} of {base}, where {condition}",
            who=say(DIMENSIONS[each.of]),
            share=percent(each.at_most),
            base=say(_BASES[each.base]),
            condition=each.when,
        )
    return _weights(each) if isinstance(each, Weighting) else each.id


def _weights(each: Weighting) -> str:
    """A weight, or one for each band of loan to value."""
    if not each.ltv_up_to:
        return say(
            "Weight of {name}: {value}", name=each.asset_class, value=percent(each.weights[0])
        )
    bands = [
        say("to {edge} of the value {weight}", edge=percent(edge), weight=percent(weight))
        for edge, weight in zip(each.ltv_up_to, each.weights, strict=False)
    ]
    bands.append(say("above {weight}", weight=percent(each.weights[-1])))
    return say("Weight of {name}: {value}", name=each.asset_class, value=joined(bands, ", "))
