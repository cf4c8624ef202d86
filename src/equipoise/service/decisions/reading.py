"""Reading decisions again: the answer, its explanation, a way back, the same decision once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from equipoise.errors import GateRefused
from equipoise.service.accounts.permissions import Principal, Reach
from equipoise.service.accounts.services import rows_for
from equipoise.service.decisions.loaded import loaded
from equipoise.service.decisions.models import Decision
from equipoise.service.decisions.recorded import Parts, format_of
from equipoise.service.ledger import services as ledger
from equipoise.service.ledger.chain import canonical
from equipoise.service.ledger.personal import Unreadable
from equipoise.service.ledger.subjects import open_sealed

if TYPE_CHECKING:
    from equipoise.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Found:
    """A recorded decision: where it is found, its open part, and its sealed facts as kept."""

    row: Decision
    plain: Mapping[str, Any]
    sealed: Mapping[str, Any]

    def answer(self) -> dict[str, Any]:
        """What the caller is told, the same at every reading."""
        row, plain = self.row, self.plain
        return {
            "id": row.id,
            "application": row.application,
            "outcome": plain["outcome"],
            "grade": plain["grade"],
            "reasons": [each["code"] for each in plain["reasons"]],
            "offers": plain["offers"],
            "journey": plain["journey"],
            "conditions": plain["conditions"],
            "authority": plain["authority"],
            "signatures": plain["signatures"],
            "next_check": plain["trace"].get("next_check"),
            "strategy": row.strategy,
            "digest": row.digest,
            "decided_on": plain["trace"]["decided_on"],
            "made_at": row.made_at.isoformat(timespec="microseconds"),
            "extra": self._extra(),
            "test": False,
        }

    def _extra(self) -> dict[str, Any] | None:
        """What stood beside the contract's fields; None once the applicant was erased."""
        names = self.plain["extra"]
        if not names:
            return {}
        try:
            application = open_sealed(self.sealed)["application"]
        except Unreadable:
            return None
        return {name: application.get(name) for name in names}

    def parts(self) -> Parts:
        """Both parts. Raises Unreadable where the applicant was erased."""
        return Parts(dict(self.plain), open_sealed(self.sealed))

    @property
    def failed(self) -> bool:
        """Whether no strategy decided this, because of a fault of ours."""
        return "failure" in self.plain["trace"]


def visible(decision: str, by: Principal, reach: Reach) -> Found:
    """The decision, if the caller may see it. Raises DoesNotExist: others' are not there."""
    return recorded(Decision.objects.filter(rows_for(by, reach)).get(pk=decision))


def read(decision: str) -> Found:
    """The decision, for the service itself."""
    return recorded(Decision.objects.get(pk=decision))


def recorded(row: Decision) -> Found:
    """What the ledger holds of a decision. Raises DoesNotExist where it does not."""
    for entry in ledger.history(row.application):
        data = entry.data
        if data.get("decision") == row.id and "made" in data:
            return Found(row, data["made"], data["facts"])
    raise Decision.DoesNotExist(row.id)


def explanation(found: Found, audience: str, language: str) -> dict[str, Any]:
    """The decision told to a customer, an underwriter or an auditor, from its own trace.

    Raises GateRefused where no strategy decided, BadInput for a language it does not speak.
    """
    from equipoise.strategy import explaining

    strategy = _decider(found)
    content = strategy.content
    decision = format_of(found.plain).whole(found.parts(), strategy)
    told: dict[str, Any] = {"id": found.row.id}
    if audience == "underwriter":
        return {**told, "lines": explaining.for_underwriter(decision, content)}
    if audience == "auditor":
        return {**told, "trace": explaining.for_auditor(decision, content).as_dict()}
    return {**told, **explaining.for_customer(decision, content, language)}


def recourse(found: Found, most: int) -> list[dict[str, Any]]:
    """What would turn the answer, easiest first; each way was decided by the strategy."""
    from equipoise.strategy.recourse import find_recourse

    strategy = _decider(found)
    application = found.parts().sealed["application"]
    on = date.fromisoformat(found.plain["trace"]["decided_on"])
    return [each.as_dict() for each in find_recourse(strategy, application, at=on, most=most)]


def replay(found: Found) -> dict[str, Any]:
    """Decide it again by the strategy, the facts and the day of then, and hold both together.

    Raises Unreadable where the applicant was erased, GateRefused where no strategy decided.
    """
    differences = differences_of(_decider(found), found, open_sealed(found.sealed))
    return {"id": found.row.id, "identical": not differences, "differences": differences}


def differences_of(
    strategy: Strategy, found: Found, facts: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Where the decision made again is not the one recorded; empty where it is, to the bit.

    `facts` is the opened sealed part.
    """
    from equipoise.service.decisions.deciding import decided

    on = date.fromisoformat(found.plain["trace"]["decided_on"])
    now = decided(strategy, facts["application"], on, format_of(found.plain))
    then = {**found.plain, "facts": facts}
    again = {**now.plain, "facts": now.sealed}
    return [] if canonical(then) == canonical(again) else _differences(then, again)


def _differences(then: Any, now: Any, path: str = "") -> list[dict[str, Any]]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        return [
            each
            for name in sorted({*then, *now})
            for each in _differences(
                then.get(name), now.get(name), f"{path}.{name}" if path else name
            )
        ]
    return [] if then == now else [{"at": path, "then": then, "now": now}]


def _decider(found: Found) -> Strategy:
    if found.failed:
        raise GateRefused(
            "no strategy made this decision: it went to a person because of a fault of ours",
            field="trace.failure",
        )
    return loaded(found.row.digest)
