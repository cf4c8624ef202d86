"""What happens to people, programs and keys, each in a chain of its own: `user.7`, `program.…`,
`key.…`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from equipoise.record.events import Signed, event


class RightsTold(Signed, frozen=True, kw_only=True):
    """An event that tells all rights a person has then; see `rights.Rights`."""

    role: str
    branch: str
    region: str
    is_active: bool


@event("user.made", 1)
class UserMade(RightsTold, frozen=True, kw_only=True):
    """An account whose password somebody else chose: the first start's alone."""


@event("user.let_in", 1)
class UserLetIn(RightsTold, frozen=True, kw_only=True):
    """Somebody came by the identity provider."""


@event("user.invited", 1)
class UserInvited(RightsTold, frozen=True, kw_only=True):
    """An account that waits for its person, and the invitation to it."""

    invitation: str
    expires: str


@event("user.invitation_renewed", 1)
class InvitationRenewed(Signed, frozen=True, kw_only=True):
    """A new invitation in place of the former."""

    invitation: str
    expires: str


@event("user.invitation_withdrawn", 1)
class InvitationWithdrawn(Signed, frozen=True, kw_only=True):
    """An invitation was ended."""


@event("user.redeemed", 1)
class UserRedeemed(Signed, frozen=True, kw_only=True):
    """The person took the account over; whether from where they were invited."""

    invitation: str
    invited_by: str
    same_browser: bool
    same_address: bool


@event("user.password_changed", 1)
class PasswordChanged(Signed, frozen=True, kw_only=True):
    """The person set a password of their own; `handed_over` where it was the first."""

    handed_over: bool = False


@event("user.factor_added", 1)
class FactorAdded(Signed, frozen=True, kw_only=True):
    """The person added a second factor."""

    type: str


@event("user.factor_removed", 1)
class FactorRemoved(Signed, frozen=True, kw_only=True):
    """The person removed a second factor."""

    type: str


@event("user.reset", 1)
class UserReset(Signed, frozen=True, kw_only=True):
    """Whoever owns the machine gave a new password; how many factors and sessions that ended."""

    second_factors: int
    sessions: int


@event("user.changed", 1)
class UserChanged(Signed, frozen=True, kw_only=True):
    """Rights were changed at once: those told."""

    role: str | None = None
    branch: str | None = None
    region: str | None = None
    is_active: bool | None = None


@event("user.role_asked", 1)
class RoleAsked(Signed, frozen=True, kw_only=True):
    """Rights were asked for, which another must confirm."""

    request: int
    asked: Mapping[str, Any]


@event("user.role_confirmed", 1)
class RoleConfirmed(RightsTold, frozen=True, kw_only=True):
    """What was asked for was given by a second person."""

    request: int
    asked_by: str
    same_browser: bool
    same_address: bool


@event("user.role_refused", 1)
class RoleRefused(Signed, frozen=True, kw_only=True):
    """What was asked for was not given."""

    request: int


@event("user.role_request_withdrawn", 1)
class RoleRequestWithdrawn(Signed, frozen=True, kw_only=True):
    """What was asked for was asked otherwise, or is there already."""

    request: int


@event("program.made", 1)
class ProgramMade(Signed, frozen=True, kw_only=True):
    """A program, what it may do, and who answers for it."""

    scopes: Sequence[str]
    test: bool
    owner: str


@event("program.owner_changed", 1)
class OwnerChanged(Signed, frozen=True, kw_only=True):
    """Another answers for the program."""

    owner: str
    former: str


@event("key.made", 1)
class KeyMade(Signed, frozen=True, kw_only=True):
    """A key of a program, and when it ends."""

    program: str
    expires: str


@event("key.renewed", 1)
class KeyRenewed(Signed, frozen=True, kw_only=True):
    """Another key takes this one's place, which ends then."""

    renewed_by: str
    ends: str


@event("key.revoked", 1)
class KeyRevoked(Signed, frozen=True, kw_only=True):
    """The key was withdrawn."""
