"""What a person may do here, and which changes of it take two people: rules without a database.

Whoever could give a role alone could be author and approver in one: so a role by which one may
write, approve or publish strategies, decide on applicants, read their facts, or give roles and
keys, is asked for by one person and confirmed by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from equipoise.errors import GateRefused
from equipoise.service.platform.accounts.permissions import TABLE, Action, Reach, Role

OWNER = "system.owner"  # whoever owns the machine, by command
BOOTSTRAP = "system.bootstrap"  # the first start
PROVIDER = "system.oidc"  # an identity provider, which let the person in
USERNAME = r"^[A-Za-z0-9@.+_-]{1,80}$"
FIRST_PEOPLE = 2  # so many have to be there before roles can be confirmed among people
FIRST_ROLES = frozenset({Role.ANALYST, Role.APPROVER})
WEIGHTY = frozenset(
    {
        Action.WRITE_STRATEGY,
        Action.APPROVE_STRATEGY,
        Action.PUBLISH_STRATEGY,
        Action.DECIDE,
        Action.RECORD_CHECKS,
        Action.OVERRIDE,
        Action.READ_PERSONAL,
        Action.ERASE_PERSONAL,
        Action.READ_RESULTS,
        Action.MANAGE_USERS,
        Action.CONFIRM_ROLES,
        Action.MANAGE_KEYS,
    }
)


class TwoPeople(GateRefused):
    """What was asked takes two people, each with an account of their own."""


class RightsDict(TypedDict):
    """Rights as a row and an event hold them."""

    role: str
    branch: str
    region: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do: their role, which rows they see, and whether they may log in at
    all."""

    role: Role
    branch: str = ""
    region: str = ""
    is_active: bool = True

    def as_dict(self) -> RightsDict:
        """The rights as an event holds them."""
        return {
            "role": self.role.value,
            "branch": self.branch,
            "region": self.region,
            "is_active": self.is_active,
        }

    @property
    def mark(self) -> str:
        """What a page shows of them, as one text: of two who change them one sees that they did."""
        return f"{self.role.value}|{self.branch}|{self.region}|{self.is_active:d}"


def guarded(role: Role) -> bool:
    """Whether the role holds a right that one person alone never gives."""
    return any(role in TABLE[action] for action in WEIGHTY)


def widens(before: Rights, after: Rights) -> bool:
    """Whether the change gives something that takes two people. What only takes away does not."""
    if not after.is_active or not guarded(after.role):
        return False
    if after.role is not before.role or not before.is_active:
        return True
    moved = (before.branch, before.region) != (after.branch, after.region)
    return moved and _of_an_area(after.role)


def in_force_at_once(before: Rights, after: Rights, asked_by: str, redeemed: int) -> bool:
    """Whether nobody has to confirm the change.

    The owner of the machine gives the first author and the first approver their roles, as there
    are no two people yet: until that many (`redeemed`) have redeemed an invitation.
    """
    first = asked_by == OWNER and after.role in FIRST_ROLES and redeemed < FIRST_PEOPLE
    return first or not widens(before, after)


def check_confirmer(by: str, *, person: str, asked_by: str, handed_over: bool) -> None:
    """Whether `by` may confirm what `asked_by` asked for `person`. Raises TwoPeople."""
    if by == person:
        raise TwoPeople("nobody confirms their own role", mend="ask someone else to confirm it")
    if by == asked_by:
        raise TwoPeople(
            "whoever asks for a role does not confirm it",
            mend="ask another administrator, a risk officer or an approver to confirm it",
        )
    if not handed_over:
        raise TwoPeople(
            "the account that would confirm was never handed over: somebody else may know its "
            "password",
            mend="set a password of your own at /accounts/password/change/ first",
        )


def _of_an_area(role: Role) -> bool:
    return any(reaches.get(role) is Reach.AREA for reaches in TABLE.values())
