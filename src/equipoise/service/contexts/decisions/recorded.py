"""A decision as the record holds it, and as far as a reader may know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from equipoise.record.personal import Erased
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import Withheld, opened_for
from equipoise.service.contexts.decisions.record_format import Parts
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A recorded decision: its row, its open part, its sealed part as kept; and, where
    it was opened for a reader or was made just now, what stands in that."""

    row: Decision
    plain: Mapping[str, Any]
    sealed: Mapping[str, Any]
    facts: Mapping[str, Any] | None = None

    def answer(self) -> dict[str, Any]:
        """What is told of it, the same at every reading; `offers` and `extra`, where there are
        any, only if it was opened, else None."""
        row, plain = self.row, self.plain
        return {
            "id": row.id,
            "application": row.application,
            "outcome": plain["outcome"],
            "grade": plain["grade"],
            "reasons": [each["code"] for each in plain["reasons"]],
            "offers": self._offers(),
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

    def _offers(self) -> list[dict[str, Any]] | None:
        """The terms offered; that there are none stands open."""
        if self.facts is None:
            return None if self.plain["offers"] else []
        offers: list[dict[str, Any]] = self.facts["offers"]
        return offers

    def _extra(self) -> dict[str, Any] | None:
        """What stood beside the contract's fields."""
        if self.facts is None:
            return None if self.plain["extra"] else {}
        application = self.facts["application"]
        return {name: application.get(name) for name in self.facts["extra"]}

    def seen_by(self, by: Principal) -> DecisionView:
        """The decision as far as the reader may know it. Raises Unreadable where its facts cannot
        be read though nobody was erased."""
        try:
            return replace(self, facts=opened_for(by, self.row, self.sealed))
        except (Withheld, Erased):
            return self

    def parts_for(self, by: Principal) -> Parts:
        """Both parts. Raises Withheld where the reader may not read what is sealed, Unreadable
        where the applicant was erased."""
        return Parts(dict(self.plain), opened_for(by, self.row, self.sealed))

    @property
    def failed(self) -> bool:
        """Whether no strategy decided this, because of a fault of ours."""
        return "failure" in self.plain["trace"]


def recorded(row: Decision) -> DecisionView:
    """What the record holds of a decision. Raises DoesNotExist where it does not."""
    for each in record.history(row.application, DecisionMade):
        if each.event.decision == row.id:
            return DecisionView(row, each.event.made, each.event.facts)
    raise Decision.DoesNotExist(row.id)
