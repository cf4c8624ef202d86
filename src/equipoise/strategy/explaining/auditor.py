"""What the auditor is told: every step of the decision as a tree, nothing left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from equipoise.strategy.content import Content
from equipoise.strategy.decision import Decision


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the decision, with what it rests on below it."""

    said: str
    below: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"step": self.said, "below": [each.as_dict() for each in self.below]}

    def lines(self, depth: int = 0) -> list[str]:
        """The tree as indented lines."""
        return [
            "  " * depth + self.said,
            *(line for each in self.below for line in each.lines(depth + 1)),
        ]


def for_auditor(decision: Decision, content: Content) -> Step:
    """The whole trace as a tree."""
    trace, document = decision.trace, content.strategy
    conditions = {rule.name: rule.when for rule in document.rules}
    rules = tuple(
        Step(f"{name}: {_truth(held)}  [{conditions[name]}]") for name, held in trace.rules.items()
    )
    steps = [
        Step(f"strategy {document.name} v{document.version}, {decision.digest}"),
        Step(f"decided on {trace.decided_on}", ()),
        Step("facts used", tuple(_given(trace.used))),
        Step(f"doubt: {trace.doubt or 'none'}"),
        Step("features", tuple(_given(trace.features))),
        Step(
            f"model {trace.model}, {trace.model_digest}",
            (Step(f"points {_said(trace.points)}"), Step(f"PD {_said(trace.pd)}")),
        ),
        Step(f"grade {_said(decision.grade)}"),
        Step(f"rules: {trace.fired or 'none'} decided", rules),
        Step(f"tier {_said(trace.tier)}"),
        Step("applicant's figures", tuple(_given(trace.terms))),
        Step(
            f"chosen by {trace.way}: {_said(trace.treatment)}",
            (
                Step(f"net of prices {_said(trace.net)}"),
                Step(f"next best {_said(trace.runner_up)}, net {_said(trace.runner_up_net)}"),
                Step(f"served with chance {trace.propensity!r}, explored: {trace.explored}"),
                Step("measures", tuple(_given(trace.measures))),
                Step("charged by limits", tuple(_given(trace.prices))),
            ),
        ),
        Step("checks", tuple(_given(trace.checks))),
        *_asking(decision),
        Step(f"next check {_said(trace.next_check)}"),
        Step(
            f"conditions: {len(decision.conditions) or 'none'} owed",
            tuple(Step(str(each.as_dict())) for each in decision.conditions),
        ),
        Step(f"authority {_said(decision.level)}, {decision.signatures} signatures"),
        Step("reasons", tuple(Step(str(each.as_dict())) for each in decision.reasons)),
        Step("offers", tuple(Step(str(each.as_dict())) for each in decision.offers)),
    ]
    owed = ", ".join(each.name for each in decision.conditions)
    outcome = f"{decision.outcome}, owed: {owed}" if owed else decision.outcome
    return Step(f"application {_said(decision.id)}: {outcome}", tuple(steps))


def _asking(decision: Decision) -> list[Step]:
    """What a strategy that asks step by step weighed before it asked or decided."""
    asking = decision.trace.asking
    if asking is None:
        return []
    if "lacking" in asking:
        return [Step("facts still to come", tuple(Step(name) for name in asking["lacking"]))]
    considered = tuple(
        Step(
            f"{each['check']}: worth {each['value']}, costs {each['cost']}, net {each['net']}",
            (
                Step(f"then {', '.join(each['then']) or 'nothing more'}"),
                Step(f"of the cost: fees and minutes {each['asking']}"),
                Step(f"of the cost: good customers lost {each['lost']}"),
            ),
        )
        for each in asking["considered"]
    )
    may = "an offer may be made now" if asking["may_decide"] else "a check is needed first"
    passed = ", ".join(asking["passed"]) or "none"
    return [
        Step(
            f"asking step by step: {may}",
            (
                Step(f"passed: {passed}"),
                Step(f"deciding now is worth {asking['now']}"),
                *considered,
            ),
        )
    ]


def _given(values: Any) -> list[Step]:
    return [Step(f"{name} = {_said(value)}") for name, value in values.items()]


def _said(value: object) -> str:
    return "none" if value is None else str(value)


def _truth(held: bool | None) -> str:
    return "unknown" if held is None else "holds" if held else "does not hold"
