"""What an erasure will do, told before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from equipoise.service.contexts.decisions.reading import number_on
from equipoise.service.contexts.drafts.reading import with_drafts
from equipoise.service.contexts.erasing import database
from equipoise.service.contexts.erasing.batches import Holding, fitting, holding
from equipoise.service.contexts.erasing.people import Person
from equipoise.service.platform.backups import known_backups
from equipoise.service.platform.record import subjects

AT_ONCE = 100e6  # bytes of batches' files that are read while somebody waits


@dataclass(frozen=True, slots=True)
class Plan:
    """Whose keys go, how many decisions were made on them, which batches' files go with them.

    `unread` are batches too large to be looked through while somebody waits. `others` are
    applications that share one of the values by which these are found, and do not go: another
    person of the household, or the same one under another identifier.
    """

    applications: Sequence[str]
    decisions: int
    batches: Sequence[Holding]
    unread: int
    others: int
    backups: Sequence[str]
    remarks: Sequence[str]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.applications and not self.batches and not self.unread

    def as_dict(self) -> dict[str, Any]:
        return {
            "applications": [*self.applications],
            "decisions": self.decisions,
            "batches": [{"id": each.batch, "undecided": each.open} for each in self.batches],
            "unread": self.unread,
            "others": self.others,
            "backups": [*self.backups],
            "remarks": [*self.remarks],
        }


def preview(person: Person) -> Plan:
    """See `plan_for`, as far as somebody who waits can be told."""
    return plan_for(person, AT_ONCE)


def plan_for(person: Person, most: float = inf) -> Plan:
    """Look for the person everywhere, in batches' files as far as they have `most` bytes in all;
    nothing is changed."""
    chains = with_drafts(subjects.found_by(person.digests()))
    near, unread = fitting(most)
    return Plan(
        applications=chains,
        decisions=number_on(chains),
        batches=list(holding(person, near)),
        unread=unread,
        others=len(subjects.sharing(chains)),
        backups=known_backups(),
        remarks=database.remarks(),
    )
