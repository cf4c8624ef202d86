"""What a look at overrides found, as data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from equipoise.review.overrides.sides import CONCLUSIVE, Approved, Declined, Next

By = Literal["all", "reason", "person", "level"]
Direction = Literal["approve", "decline"]


@dataclass(frozen=True, slots=True)
class Group:
    """Overrides of one reason, person or level, in both directions, which are never one figure.

    `decisions` counts also those that agree with the strategy, where a person or level has them.
    `people` are those who overrode: figures of one person alone are that person's, by any name.
    """

    by: By
    name: str
    decisions: int
    overrides: int
    approved: Approved
    declined: Declined
    people: frozenset[str]

    def only_of(self, seen: Collection[str]) -> Group:
        """Counts alone where all of it is one person's whom `seen` does not hold."""
        if len(self.people) != 1 or self.people <= set(seen):
            return self
        return replace(self, approved=self.approved.counts(), declined=self.declined.counts())

    @property
    def agreement(self) -> float:
        """Share of decisions that are the strategy's."""
        return 1 - self.overrides / self.decisions if self.decisions else 1.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "by": self.by,
            "name": self.name,
            "decisions": self.decisions,
            "overrides": self.overrides,
            "people": len(self.people),
            "agreement": self.agreement,
            "approved": self.approved.as_dict(),
            "declined": self.declined.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that can be said of a reason or a person in one direction, and what to do."""

    by: By
    name: str
    direction: Direction
    answer: str
    side: Approved | Declined
    next: Next

    def as_dict(self) -> dict[str, Any]:
        figures = self.side.as_dict()
        return {
            "by": self.by,
            "name": self.name,
            "direction": self.direction,
            "answer": self.answer,
            "basis": figures["basis"],
            "next": self.next.as_dict(),
            "figures": figures,
        }


@dataclass(frozen=True, slots=True)
class OverrideReview:
    """All groups with what may be said of each. It changes no decision.

    `people` says how many people overrode; `withheld` of how many no figure is shown to whoever
    looks. `confidence` is that of each interval one by one; of the findings of one kind of group a
    share of at most `false_share` is false on average.
    """

    until: date
    horizon: int
    confidence: float
    false_share: float
    least: int
    worse: float
    people: int
    withheld: int
    groups: tuple[Group, ...]
    notes: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of reasons and of people, those that lose most first."""
        findings = [
            Finding(group.by, group.name, direction, side.answer, side, side.next)
            for group in self.groups
            if group.by in {"reason", "person"}
            for direction, side in _sides(group)
            if side.answer in CONCLUSIVE and side.next is not None
        ]
        return tuple(sorted(findings, key=_money))

    def seen_by(self, people: Collection[str]) -> OverrideReview:
        """The same for whoever may see these people's figures and no other person's.

        Where one of the others alone uses a reason or has a level, its counts are left.
        """
        shown = tuple(
            each.only_of(people)
            for each in self.groups
            if each.by != "person" or each.name in people
        )
        named = sum(1 for group in shown if group.by == "person")
        return replace(self, groups=shown, withheld=self.people - named)

    def as_dict(self) -> dict[str, Any]:
        return {
            "until": self.until.isoformat(),
            "horizon": self.horizon,
            "confidence": self.confidence,
            "false_share": self.false_share,
            "least": self.least,
            "worse": self.worse,
            "people": self.people,
            "withheld": self.withheld,
            "findings": [each.as_dict() for each in self.findings],
            "groups": [each.as_dict() for each in self.groups],
            "notes": list(self.notes),
        }


def _sides(group: Group) -> tuple[tuple[Direction, Approved | Declined], ...]:
    return ("approve", group.approved), ("decline", group.declined)


def _money(finding: Finding) -> float:
    side = finding.side
    money = side.money if isinstance(side, Approved) else side.if_worse
    return money.value if money is not None else 0.0
