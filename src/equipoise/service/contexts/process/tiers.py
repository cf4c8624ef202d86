"""Which of the lender's tiers somebody is of, and whether an offer is within what it is promised.

The field that says it stands sealed: it is opened here, and of it the tier's name alone is kept.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.reading import opened_for_us

if TYPE_CHECKING:
    from equipoise.workspace.desks import TiersSection


class Tiers:
    """The tiers that desks.yaml declares; none where it cannot be read, as the picture says."""

    def digest(self) -> str:
        """By what else than words it is told who is of which tier, and whether a price is kept;
        empty where no tiers are declared."""
        if self._section is None:
            return ""
        apart = [(each.name, each.values, each.apr_at_most) for each in self._section.promised]
        rules = json.dumps([self._section.field, apart])
        return hashlib.sha256(rules.encode()).hexdigest()

    def of(self, event: DecisionMade) -> tuple[str, bool | None] | None:
        """The tier of whom it was decided about, empty where there is none; and whether every offer
        was within its price, None where none was made or none is promised. None where nobody can
        read any more what it was decided on, or no tiers are declared."""
        if self._section is None:
            return None
        try:
            facts = opened_for_us(event.facts)
        except Unreadable:
            return None
        tier = self._section.of(facts.get("application", {}).get(self._section.field))
        if tier is None:
            return "", None
        offers = facts.get("offers", [])
        if tier.apr_at_most is None or not offers:
            return tier.name, None
        return tier.name, all(each["apr"] <= tier.apr_at_most for each in offers)

    @cached_property
    def _section(self) -> TiersSection | None:
        from equipoise.workspace.desks import read_desks  # which no server loads

        try:
            return read_desks(settings.CONFIGURATION.workspace).tiers
        except EquipoiseError:
            return None
