"""A person's decision beside the strategy's, and the reason where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from equipoise.authority.deciding import AuthorityExceeded
from equipoise.authority.document import AuthoritySection
from equipoise.authority.people import Officer
from equipoise.errors import BadInput, did_you_mean

Answer = Literal["approve", "decline"]
AGREED = ""


@dataclass(frozen=True, slots=True)
class Override:
    """One person's decision and the strategy's for the same application.

    `reason` is empty where they agree. `expected_bad` is the strategy's PD, against which the
    loans that were granted are measured later.
    """

    application_id: str
    officer_id: str
    level: str
    machine: Answer
    person: Answer
    reason: str
    expected_bad: float
    on: date

    @property
    def agrees(self) -> bool:
        """Whether the person decided as the strategy did."""
        return self.machine == self.person


def record_override(
    section: AuthoritySection,
    officer: Officer,
    *,
    application_id: str,
    machine: Answer,
    person: Answer,
    expected_bad: float,
    on: date,
    reason: str = AGREED,
) -> Override:
    """Record a person's decision beside the strategy's.

    Where they differ, a declared reason and the level named under `overrides` are needed: raises
    BadInput without the reason, AuthorityExceeded without the level.
    """
    if not 0 <= expected_bad <= 1:
        raise BadInput(f"expected_bad is a share from 0 to 1, got {expected_bad}", field="pd")
    if machine != person:
        _refuse_unfounded(section, officer, reason)
    elif reason:
        raise BadInput("a reason is given, and both decide the same", mend="leave it out")
    return Override(
        application_id, officer.id, officer.level, machine, person, reason, expected_bad, on
    )


def _refuse_unfounded(section: AuthoritySection, officer: Officer, reason: str) -> None:
    rules = section.overrides
    if rules is None:
        raise AuthorityExceeded(
            "this strategy allows no decision against it",
            mend="declare `overrides` with a level and reasons under `authority`",
        )
    if reason not in rules.reasons:
        what = f"'{reason}' is not a declared reason" if reason else "an override needs a reason"
        raise BadInput(what, field="reason", mend=did_you_mean(reason, rules.reasons))
    if section.rank(officer.level) < section.rank(rules.level):
        raise AuthorityExceeded(
            f"an override needs level '{rules.level}'; '{officer.id}' has '{officer.level}'",
            field="officer_id",
            mend=f"ask somebody of level '{rules.level}' or above",
        )
