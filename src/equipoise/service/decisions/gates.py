"""The gate before a publication that makes the last decisions again by the version to come."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import EquipoiseError
from equipoise.service.decisions.deciding import decided
from equipoise.service.decisions.models import Decision
from equipoise.service.decisions.reading import Found, recorded
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
    rows = Decision.objects.filter(strategy=version.strategy).order_by("-pk")[:LAST]
    found = [recorded(row) for row in rows]
    if not found:
        return GateResult("last decisions", True, "no decision was made yet")
    strategy = _strategy(version)
    swaps: Counter[str] = Counter()
    told: list[dict[str, Any]] = []
    broken: list[dict[str, Any]] = []
    for each in found:
        _hold(each, strategy, swaps, told, broken)
    turned = sum(swaps.values())
    detail = {"decisions": len(found), "swaps": dict(swaps), "turned": told[:TOLD]}
    if broken:
        message = f"{len(broken)} of the last {len(found)} applications cannot be decided any more"
        return GateResult("last decisions", False, message, {**detail, "broken": broken[:TOLD]})
    message = f"{turned} of the last {len(found)} answers turn"
    return GateResult("last decisions", True, message, detail)


def _hold(
    found: Found,
    strategy: Strategy,
    swaps: Counter[str],
    told: list[dict[str, Any]],
    broken: list[dict[str, Any]],
) -> None:
    try:
        application = found.parts().sealed["application"]
    except Unreadable:
        return
    on = date.fromisoformat(found.plain["trace"]["decided_on"])
    try:
        now = decided(strategy, application, on).plain
    except EquipoiseError as error:
        # Its field, not its message: that may hold what the applicant gave.
        broken.append({"id": found.row.id, "error": type(error).__name__, "field": error.field})
        return
    if "failure" in now["trace"]:
        broken.append({"id": found.row.id, "error": now["trace"]["failure"], "field": None})
    elif now["outcome"] != found.plain["outcome"]:
        swaps[f"{found.plain['outcome']} -> {now['outcome']}"] += 1
        told.append({"id": found.row.id, "then": _why(found.plain), "now": _why(now)})


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
