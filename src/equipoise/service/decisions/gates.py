"""The gate before a publication that makes the last decisions again by the version to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import EquipoiseError
from equipoise.service.decisions.deciding import decided
from equipoise.service.decisions.models import Decision
from equipoise.service.decisions.reading import Found
from equipoise.service.decisions.several import Several
from equipoise.service.ledger.personal import Unreadable
from equipoise.service.registry.gates import GateResult
from equipoise.service.registry.models import Version

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

LAST = 500  # decisions made again
TOLD = 100  # differences told one by one


def last_decisions(version: Version) -> GateResult:
    """Whether the version decides what the strategy decided last, and every answer that turns.

    A turned answer is no fault: whoever publishes sees which they are, and why. An application
    that was decided and could not be any more is one.
    """
    rows = list(Decision.objects.filter(strategy=version.strategy).order_by("-pk")[:LAST])
    if not rows:
        return GateResult("last decisions", True, "no decision was made yet")
    several, again = Several(rows), _Again(_strategy(version))
    for row in rows:
        found = several.found(row)
        try:
            application = several.facts(found)["application"]
        except Unreadable:
            continue
        again.make(found, application)
    detail = {"decisions": len(rows), "swaps": dict(again.swaps), "turned": again.told[:TOLD]}
    if again.broken:
        message = (
            f"{len(again.broken)} of the last {len(rows)} applications cannot be decided any more"
        )
        detail["broken"] = again.broken[:TOLD]
        return GateResult("last decisions", False, message, detail)
    message = f"{again.swaps.total()} of the last {len(rows)} answers turn"
    return GateResult("last decisions", True, message, detail)


@dataclass(slots=True)
class _Again:
    """Decisions made again by a strategy: those that turn, and those that cannot be made."""

    strategy: Strategy
    swaps: Counter[str] = field(default_factory=Counter)
    told: list[dict[str, Any]] = field(default_factory=list)
    broken: list[dict[str, Any]] = field(default_factory=list)

    def make(self, found: Found, application: Mapping[str, Any]) -> None:
        on = date.fromisoformat(found.plain["trace"]["decided_on"])
        try:
            now = decided(self.strategy, application, on).plain
        except EquipoiseError as error:
            # Its field, not its message: that may hold what the applicant gave.
            self._breaks(found, type(error).__name__, error.field)
            return
        if "failure" in now["trace"]:
            self._breaks(found, now["trace"]["failure"], None)
        elif now["outcome"] != found.plain["outcome"]:
            self.swaps[f"{found.plain['outcome']} -> {now['outcome']}"] += 1
            self.told.append({"id": found.row.id, "then": _why(found.plain), "now": _why(now)})

    def _breaks(self, found: Found, error: str, field: str | None) -> None:
        self.broken.append({"id": found.row.id, "error": error, "field": field})


def _why(plain: Any) -> dict[str, Any]:
    trace = plain["trace"]
    return {
        "outcome": plain["outcome"],
        "grade": plain["grade"],
        "reasons": [each["code"] for each in plain["reasons"]],
        "rule": trace.get("fired"),
        "treatment": trace.get("treatment"),
    }


def _strategy(version: Version) -> Strategy:
    from equipoise.strategy import Strategy
    from equipoise.strategy.sealing import unsealed

    return Strategy(unsealed(bytes(version.content)))
