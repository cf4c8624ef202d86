"""How people came to their accounts and roles, and when their approval counts: rules without a
database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from equipoise.service.platform.accounts.rights import BOOTSTRAP, OWNER, PROVIDER, TwoPeople


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, as keyed digests: of the browser and of the network address.

    Empty where that is not known. Two people may share an address, seldom a browser.
    """

    browser: str = ""
    address: str = ""

    def same_browser(self, other: Origin) -> bool:
        """Whether both came from one browser, as far as that is known."""
        return bool(self.browser) and self.browser == other.browser

    def same_address(self, other: Origin) -> bool:
        """Whether both came from one network address, as far as that is known."""
        return bool(self.address) and self.address == other.address


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person came to their account and role.

    `handed_over_at` is when they set a password that nobody else chose; None: never, or not since
    the owner of the machine gave them another one at `reset_at`. `invited_from`
    and `redeemed_from` are where the invitation was made and redeemed, `asked_from` and
    `confirmed_from` where the role was asked for and confirmed.
    """

    person: str
    invited_by: str = ""
    handed_over_at: datetime | None = None
    role_asked_by: str = ""
    role_confirmed_by: str = ""
    invited_from: Origin = Origin()
    redeemed_from: Origin = Origin()
    asked_from: Origin = Origin()
    confirmed_from: Origin = Origin()
    reset_at: datetime | None = None

    @property
    def handed_over(self) -> bool:
        """Whether the account is the person's alone."""
        return self.handed_over_at is not None

    def notices(self) -> list[str]:
        """What whoever reviews should know of this account, in sentences."""
        notices = []
        if not self.handed_over:
            notices.append(f"{self.person} was never handed over: somebody else may hold it")
        if self.reset_at is not None:
            notices.append(
                f"{self.person} was given a new password by the owner of the machine on "
                f"{self.reset_at:%Y-%m-%d}"
            )
        if self.invited_by in _WAYS:
            notices.append(f"{self.person} {_WAYS[self.invited_by]}")
        if self.role_asked_by and not self.role_confirmed_by:
            giver = _GIVERS.get(self.role_asked_by, self.role_asked_by)
            notices.append(f"{self.person} has the role from {giver}, confirmed by nobody")
        notices += _coincidence(
            f"{self.person} redeemed the invitation",
            "whoever made it",
            self.redeemed_from,
            self.invited_from,
        )
        notices += _coincidence(
            f"the role of {self.person} was confirmed",
            "whoever asked for it",
            self.confirmed_from,
            self.asked_from,
        )
        return notices


_WAYS = {
    OWNER: "was invited by the owner of the machine, by command",
    BOOTSTRAP: "was made by the first start, which told the password to the owner of the machine",
    PROVIDER: "was let in by the identity provider",
}
_GIVERS = {OWNER: "the owner of the machine", BOOTSTRAP: "the first start"}


def review_notices(standings: Sequence[Standing]) -> list[str]:
    """What whoever reviews should know of these people, each and together, in sentences."""
    notices = [notice for each in standings for notice in each.notices()]
    for one, other in combinations(standings, 2):
        both = f"{one.person} and {other.person}"
        if one.invited_by and one.invited_by == other.invited_by and one.invited_by not in _WAYS:
            notices.append(f"{both} were invited by the same person, {one.invited_by}")
        if one.redeemed_from.same_browser(other.redeemed_from):
            notices.append(f"{both} redeemed their invitations in one browser")
        elif one.redeemed_from.same_address(other.redeemed_from):
            notices.append(f"{both} redeemed their invitations from one network address")
    return notices


def check_four_eyes(authors: Iterable[Standing], approver: Standing) -> None:
    """Whether the approver's word counts as a second person's. Raises TwoPeople where an account
    among them was never handed over to its person."""
    if not approver.handed_over:
        raise TwoPeople(
            f"{approver.person} was never handed over, so the approval would not be a second "
            "person's",
            mend="set a password of your own at /accounts/password/change/, then approve",
        )
    for author in authors:
        if not author.handed_over:
            raise TwoPeople(
                f"the author {author.person} was never handed over, so author and approver may be "
                "one person",
                mend="have the author redeem their invitation, or set a password of their own",
            )


def _coincidence(what: str, whose: str, one: Origin, other: Origin) -> list[str]:
    if one.same_browser(other):
        return [f"{what} in the browser of {whose}"]
    if one.same_address(other):
        return [f"{what} from the network address of {whose}"]
    return []
