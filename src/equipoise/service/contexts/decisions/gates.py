"""The gate before a publication that makes the last decisions again by the version to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.authority import GateResult, Verdict
from equipoise.errors import EquipoiseError
from equipoise.record.personal import Erased, Unreadable
from equipoise.service.contexts.decisions.deciding import decided
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.reading_many import Several
from equipoise.service.contexts.registry.reading import Registered

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

GATE = "last decisions"
LAST = 500  # decisions made again
TOLD = 100  # differences told one by one
_NONE = GateResult(GATE, Verdict.NOTHING, "no decisions to compare: n=0", {"decisions": 0})


def last_decisions(version: Registered, *, strategy: str) -> GateResult:
    """Whether the version decides what the strategy of that name decided last, and every answer
    that turns.

    A turned answer is no fault: whoever publishes sees which they are, and why. An application
    that was decided and could not be any more is one, and so is one that cannot be read. Applicants
    who were erased do not count.
    """
    rows = list(Decision.objects.filter(strategy=strategy).order_by("-pk")[:LAST])
    if not rows:
        return _NONE
    several, again = Several(rows), _Again(_strategy(version))
    for row in rows:
        decision = several.decision(row)
        try:
            application = several.facts(decision)["application"]
        except Erased:
            continue
        except Unreadable:  # nobody knows how it would be decided
            again.cannot_read(decision)
            continue
        again.make(decision, application)
    return _result(again)


def _result(again: _Again) -> GateResult:
    made = again.made
    if again.unreadable:
        said = (
            f"{len(again.unreadable)} of the last decisions cannot be read, though nobody was "
            "erased: do the keys fit?"
        )
        return GateResult(GATE, Verdict.REFUSED, said, {"unreadable": again.unreadable[:TOLD]})
    if not made:
        return _NONE
    detail = {"decisions": made, "swaps": dict(again.swaps), "turned": again.turned[:TOLD]}
    if again.broken:
        detail["broken"] = again.broken[:TOLD]
        said = f"{len(again.broken)} of the last {made} applications cannot be decided any more"
        return GateResult(GATE, Verdict.REFUSED, said, detail)
    said = f"{again.swaps.total()} of the last {made} answers turn"
    return GateResult(GATE, Verdict.PASSED, said, detail)


@dataclass(slots=True)
class _Again:
    """Decisions made again by a strategy: those that turn, that cannot be made or read."""

    strategy: Strategy
    made: int = 0
    swaps: Counter[str] = field(default_factory=Counter)
    turned: list[dict[str, Any]] = field(default_factory=list)
    broken: list[dict[str, Any]] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def cannot_read(self, decision: DecisionView) -> None:
        self.unreadable.append(decision.row.id)

    def make(self, decision: DecisionView, application: Mapping[str, Any]) -> None:
        self.made += 1
        on = date.fromisoformat(decision.plain["trace"]["decided_on"])
        try:
            now = decided(self.strategy, application, on).plain
        except EquipoiseError as error:
            # Its field, where it is the contract's; its message may hold what the applicant gave.
            known = {each.name for each in self.strategy.content.contract.fields}
            field = error.field if error.field in known else None
            self._breaks(decision, type(error).__name__, field)
            return
        if "failure" in now["trace"]:
            self._breaks(decision, now["trace"]["failure"], None)
        elif now["outcome"] != decision.plain["outcome"]:
            self.swaps[f"{decision.plain['outcome']} -> {now['outcome']}"] += 1
            self.turned.append(
                {"id": decision.row.id, "then": _why(decision.plain), "now": _why(now)}
            )

    def _breaks(self, decision: DecisionView, error: str, field: str | None) -> None:
        self.broken.append({"id": decision.row.id, "error": error, "field": field})


def _why(plain: Any) -> dict[str, Any]:
    trace = plain["trace"]
    return {
        "outcome": plain["outcome"],
        "grade": plain["grade"],
        "reasons": [each["code"] for each in plain["reasons"]],
        "rule": trace.get("fired"),
        "treatment": trace.get("treatment"),
    }


def _strategy(version: Registered) -> Strategy:
    from equipoise.strategy import Strategy
    from equipoise.strategy.sealing import unsealed

    return Strategy(unsealed(version.content))
