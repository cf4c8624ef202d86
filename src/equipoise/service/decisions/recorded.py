"""A decision as the ledger keeps it, in two parts, and made whole again.

What would tell who the applicant is stands in the sealed part: the facts given, what was derived
from them, and the terms asked for. The open part holds the answer and how it came about, and can
be read after the applicant was erased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import BadInput
from equipoise.strategy.decision import Condition, Decision, Offer, Reason, Trace
from equipoise.value.measures import MEASURES

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

FORMAT = 1
_SEALED = ("used", "features", "terms")


@dataclass(frozen=True, slots=True)
class Parts:
    """The open and the sealed part of one decision, both plain JSON."""

    plain: dict[str, Any]
    sealed: dict[str, Any]


def parts_of(decision: Decision, application: Mapping[str, Any]) -> Parts:
    """Split a decision. Of the facts used only those are kept beside the application that are
    not simply what the application says."""
    whole = {**decision.as_dict(), "format": FORMAT}
    trace = whole["trace"]
    sealed = {"id": whole.pop("id"), **{name: trace.pop(name) for name in _SEALED}}
    sealed["used"] = {
        name: value
        for name, value in sealed["used"].items()
        if name not in application or not _same(value, application[name])
    }
    return Parts(whole, {"application": dict(application), **sealed})


def decision_of(parts: Parts, strategy: Strategy) -> Decision:
    """The decision again, as the strategy that made it told it."""
    plain, sealed = parts.plain, parts.sealed
    given, changed = sealed["application"], sealed["used"]
    inputs = strategy.live.program.inputs
    kept = {**plain["trace"], "features": sealed["features"], "terms": sealed["terms"]}
    decided_on = kept.pop("decided_on")
    for name, order in _orders(strategy).items():
        kept[name] = {each: kept[name][each] for each in order if each in kept[name]}
    trace = Trace(
        **kept,
        used={name: changed.get(name, given.get(name)) for name in inputs},
        decided_on=date.fromisoformat(decided_on) if decided_on else None,
    )
    return Decision(
        id=sealed["id"],
        outcome=plain["outcome"],
        grade=plain["grade"],
        reasons=tuple(_reason(each) for each in plain["reasons"]),
        offers=tuple(Offer(**each) for each in plain["offers"]),
        journey=plain["journey"],
        conditions=tuple(Condition(**each) for each in plain["conditions"]),
        level=plain["authority"],
        signatures=plain["signatures"],
        digest=plain["digest"],
        trace=trace,
    )


@dataclass(frozen=True, slots=True)
class RecordFormat:
    """How a format splits a decision to be recorded, and makes it whole again.

    A recorded decision says its format, and is read and replayed by it: where the next change would
    record another text, it gets a format of its own beside this one.
    """

    split: Callable[[Decision, Mapping[str, Any]], Parts]
    whole: Callable[[Parts, Strategy], Decision]


FORMATS = {FORMAT: RecordFormat(parts_of, decision_of)}


def format_of(plain: Mapping[str, Any]) -> RecordFormat:
    """The format of a recorded decision. Raises BadInput for one that is not known here."""
    number = plain.get("format")
    if number not in FORMATS:
        raise BadInput(
            f"the decision was recorded in format {number!r:.20}, which this version does not read",
            field="format",
            mend="use the version of Equipoise that recorded it, or a later one",
        )
    return FORMATS[number]


def referred(why: str, digest: str, reason: str, application: Mapping[str, Any], on: date) -> Parts:
    """What is recorded where no strategy could decide: a person does, and `failure` says why."""
    plain = {
        "format": FORMAT,
        "extra": [],
        "outcome": "refer",
        "grade": None,
        "reasons": [{"code": reason, "concept": None, "feature": None, "shortfall": None}],
        "offers": [],
        "journey": None,
        "conditions": [],
        "authority": None,
        "signatures": 0,
        "digest": digest,
        "trace": {"failure": why, "decided_on": on.isoformat()},
    }
    return Parts(plain, {"application": dict(application)})


def _orders(strategy: Strategy) -> dict[str, list[str]]:
    """In which order a trace tells things: canonical JSON keeps names in that of the alphabet."""
    document = strategy.content.strategy
    return {
        "rules": [rule.name for rule in document.rules],
        "features": list(document.features),
        "terms": [name.removeprefix("its ") for name in strategy.live.program.figures],
        "measures": list(MEASURES),
    }


def _same(used: Any, given: Any) -> bool:
    return type(used) is type(given) and bool(used == given)


def _reason(kept: Mapping[str, Any]) -> Reason:
    return Reason(
        kept["code"], kept["concept"] or "", kept["feature"] or "", shortfall=kept["shortfall"]
    )
