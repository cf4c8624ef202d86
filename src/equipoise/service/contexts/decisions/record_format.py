"""A decision as the record keeps it, in two parts, and made whole again.

The open part holds what the lender did and why, in the strategy's own words: a few out of closed
lists, the same for many applicants. It can be read without any right to personal facts, and after
the applicant was erased. All else is sealed: the facts given, what was derived or measured from
them, the terms asked for and offered, and every figure. What a strategy learns to tell tomorrow
is sealed unless it is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import BadInput
from equipoise.strategy.decision import Condition, Decision, Offer, Reason, Trace
from equipoise.value.measures import MEASURES

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

FORMAT = 1
_OPEN = (
    "outcome",  # the lender's answer: one of five
    "grade",  # one of the strategy's few bands
    "journey",  # which of the lender's processes is gone through
    "conditions",  # checks that the lender still wants, in its own words
    "authority",  # who must sign
    "signatures",
    "digest",
)
_OPEN_REASON = ("code", "concept", "feature")  # which ground, never by how much
_OPEN_TRACE = (
    "decided_on",
    "doubt",  # the code and the field, never the value
    "model",
    "model_digest",
    "fired",  # the rule that decided; how the others came out would tell facts
    "way",
    "treatment",  # one of the strategy's list, by which trials learn
    "next_check",
    "propensity",
    "explored",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The open and the sealed part of one decision, both plain JSON."""

    plain: dict[str, Any]
    sealed: dict[str, Any]


def parts_of(decision: Decision, application: Mapping[str, Any]) -> Parts:
    """Split a decision. Of the facts used only those are kept beside the application that are
    not simply what the application says."""
    whole = decision.as_dict()
    trace, reasons = whole.pop("trace"), whole.pop("reasons")
    plain = {name: whole.pop(name) for name in _OPEN}
    plain |= {"format": FORMAT, "offers": len(decision.offers), "extra": 0}
    plain["reasons"] = [{name: each[name] for name in _OPEN_REASON} for each in reasons]
    plain["trace"] = {name: trace.pop(name) for name in _OPEN_TRACE}
    if "lacking" in (trace["asking"] or {}):  # names of questions; what else it may be are figures
        plain["trace"]["asking"] = trace.pop("asking")
    trace["used"] = {
        name: value
        for name, value in trace["used"].items()
        if name not in application or not _same(value, application[name])
    }
    shortfalls = [each["shortfall"] for each in reasons]
    sealed = {**whole, "shortfalls": shortfalls, "trace": trace, "extra": []}
    return Parts(plain, {"application": dict(application), **sealed})


def with_extras(parts: Parts, names: Collection[str]) -> Parts:
    """With what stood beside the contract's fields: how many in the open part, which ones sealed,
    as whoever sent them chose their names."""
    return Parts({**parts.plain, "extra": len(names)}, {**parts.sealed, "extra": [*names]})


def decision_of(parts: Parts, strategy: Strategy) -> Decision:
    """The decision again, as the strategy that made it told it."""
    plain, sealed = parts.plain, parts.sealed
    given, changed = sealed["application"], sealed["trace"]["used"]
    inputs = strategy.compiled.program.inputs
    kept = {**plain["trace"], **sealed["trace"]}
    kept["used"] = {name: changed.get(name, given.get(name)) for name in inputs}
    for name, order in _orders(strategy).items():
        kept[name] = {each: kept[name][each] for each in order if each in kept[name]}
    reasons = zip(plain["reasons"], sealed["shortfalls"], strict=True)
    return _decision(plain, kept, tuple(_reason(*each) for each in reasons), sealed)


def open_decision_of(plain: Mapping[str, Any]) -> Decision:
    """The decision as far as its open part tells it: no facts, no figures, no terms."""
    unknown = dict.fromkeys(("points", "pd", "tier"))
    nothing: dict[str, Any] = {name: {} for name in ("used", "features", "rules", "terms")}
    reasons = tuple(_reason(each, None) for each in plain["reasons"])
    sealed = {"id": None, "offers": ()}
    return _decision(plain, {**plain["trace"], **nothing, **unknown}, reasons, sealed)


def _decision(
    plain: Mapping[str, Any],
    trace: Mapping[str, Any],
    reasons: tuple[Reason, ...],
    sealed: Mapping[str, Any],
) -> Decision:
    day = trace["decided_on"]
    whole = {**trace, "decided_on": date.fromisoformat(day) if day else None}
    return Decision(
        id=sealed["id"],
        outcome=plain["outcome"],
        grade=plain["grade"],
        reasons=reasons,
        offers=tuple(Offer(**each) for each in sealed["offers"]),
        journey=plain["journey"],
        conditions=tuple(Condition(**each) for each in plain["conditions"]),
        level=plain["authority"],
        signatures=plain["signatures"],
        digest=plain["digest"],
        trace=Trace(**whole),
    )


@dataclass(frozen=True, slots=True)
class RecordFormat:
    """How a format splits a decision to be recorded, and makes it again: whole, or as far as its
    open part tells.

    A recorded decision says its format, and is read and replayed by it: where the next change would
    record another text, it gets a format of its own beside this one.
    """

    split: Callable[[Decision, Mapping[str, Any]], Parts]
    whole: Callable[[Parts, Strategy], Decision]
    open: Callable[[Mapping[str, Any]], Decision]


FORMATS = {FORMAT: RecordFormat(parts_of, decision_of, open_decision_of)}


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
        "offers": 0,
        "extra": 0,
        "outcome": "refer",
        "grade": None,
        "reasons": [{"code": reason, "concept": None, "feature": None}],
        "journey": None,
        "conditions": [],
        "authority": None,
        "signatures": 0,
        "digest": digest,
        "trace": {"failure": why, "decided_on": on.isoformat()},
    }
    return Parts(plain, {"application": dict(application), "offers": [], "extra": []})


def _orders(strategy: Strategy) -> dict[str, list[str]]:
    """In which order a trace tells things: canonical JSON keeps names in that of the alphabet."""
    document = strategy.content.strategy
    return {
        "rules": [rule.name for rule in document.rules],
        "features": list(document.features),
        "terms": [name.removeprefix("its ") for name in strategy.compiled.program.figures],
        "measures": list(MEASURES),
    }


def _same(used: Any, given: Any) -> bool:
    return type(used) is type(given) and bool(used == given)


def _reason(kept: Mapping[str, Any], shortfall: float | None) -> Reason:
    return Reason(kept["code"], kept["concept"] or "", kept["feature"] or "", shortfall=shortfall)
