"""Invitations: how a person comes to an account that is theirs alone.

Whoever invites gives a name and asks for a role, and gets a link and a code to hand on, this once.
The person redeems it with a password of their own choosing. Until then the account can do nothing;
afterwards nobody can invite anew to it. Each step is an event in the person's chain.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from equipoise.errors import BadInput, GateRefused
from equipoise.record.events import Event
from equipoise.service.platform.accounts import roles
from equipoise.service.platform.accounts.events import (
    InvitationRenewed,
    InvitationWithdrawn,
    UserInvited,
    UserRedeemed,
)
from equipoise.service.platform.accounts.models import Invitation, User
from equipoise.service.platform.accounts.origins import as_kept, from_kept
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import Rights
from equipoise.service.platform.accounts.standing import Origin
from equipoise.service.platform.record import services as record

_CODE = 20  # bytes of chance: too many to guess, whoever tries
_GROUPS = 8  # characters to a group, as a person reads them


class NotOpen(GateRefused):
    """The invitation cannot be redeemed: which of the reasons holds is not told to whoever asks."""

    def __init__(self) -> None:
        super().__init__(
            "this invitation cannot be redeemed: it is not known, or has ended, or the code is "
            "not right",
            field="code",
            mend="copy the code anew, or ask whoever invited you for a new invitation",
        )


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation just made; `code` is shown this once and kept nowhere."""

    user: User
    row: Invitation
    code: str

    @property
    def id(self) -> str:
        """By which it is found; it may be shown."""
        key: str = self.row.pk
        return key

    @property
    def expires_at(self) -> datetime:
        """Until when it can be redeemed."""
        moment: datetime = self.row.expires_at
        return moment

    @property
    def path(self) -> str:
        """Where the person redeems it, from the service's own address on."""
        return f"/invitation/{self.id}/"


def invite(username: str, wanted: Rights, by: str, origin: Origin = Origin()) -> Invited:  # noqa: B008
    """An account for a person who is to take it over, with an invitation.

    Rights that take two people are asked for, and wait until another confirms them. Raises BadInput
    where the name is taken, also by someone who has gone: a name means one person for good.
    """
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise BadInput(
                "there is a person of that name, or was one",
                field="username",
                mend="take another name: a name means one person for good",
            )
        user = User(username=username, invited_by=by, role=Role.NONE.value)
        user.set_unusable_password()
        user.save()
        made = _new(user, by, origin)
        invited = UserInvited(
            **user.rights.as_dict(),
            invitation=made.id,
            expires=made.expires_at.isoformat(),
            by=by,
        )
        _tell(user, invited, made.row, begins=True)
        roles.ask(user, wanted, by, origin)
    return made


def renew(user_id: int, by: str, origin: Origin = Origin()) -> Invited:  # noqa: B008
    """A new code in place of the former. Raises GateRefused where the person has the account."""
    with transaction.atomic():
        user = _awaiting(user_id)
        ended = _end_open(user)
        made = _new(user, by, origin)
        expires = made.expires_at.isoformat()
        renewed = InvitationRenewed(invitation=made.id, expires=expires, by=by)
        _tell(user, renewed, *ended, made.row)
    return made


def withdraw(user_id: int, by: str) -> User:
    """End a person's invitation. Raises GateRefused where the person has the account."""
    with transaction.atomic():
        user = _awaiting(user_id)
        if ended := _end_open(user):
            _tell(user, InvitationWithdrawn(by=by), *ended)
    return user


def open_invitations() -> QuerySet[Invitation]:
    """Those that can be redeemed now."""
    return Invitation.objects.select_related("user").filter(
        withdrawn_at=None,
        redeemed_at=None,
        expires_at__gt=timezone.now(),
        user__is_active=True,
        user__handed_over_at=None,
    )


def open_invitation(invitation_id: str) -> Invitation | None:
    """The invitation, where it can be redeemed now."""
    return open_invitations().filter(pk=invitation_id).first()


def redeem(invitation_id: str, code: str, password: str, origin: Origin) -> User:
    """Take the account over, with a password of one's own. Raises NotOpen where the invitation or
    its code is not in force, BadInput where the password is too weak."""
    with transaction.atomic():
        invitation = _with_code(invitation_id, code)
        user = User.objects.select_for_update().get(pk=invitation.user_id)
        _check_password(password, user)
        user.set_password(password)
        user.handed_over_at = now = timezone.now()
        user.save(update_fields=["password", "handed_over_at"])
        # Of two at once, one takes it: the other finds it taken.
        rows = Invitation.objects.filter(pk=invitation.pk, redeemed_at=None, withdrawn_at=None)
        if not rows.update(redeemed_at=now, redeemed_from=as_kept(origin)):
            raise NotOpen
        made_from = from_kept(invitation.made_from)
        redeemed = UserRedeemed(
            invitation=invitation.pk,
            invited_by=invitation.made_by,
            same_browser=origin.same_browser(made_from),
            same_address=origin.same_address(made_from),
            by=f"user.{user.pk}",
        )
        invitation.refresh_from_db()
        _tell(user, redeemed, invitation)
    return user


def _with_code(invitation_id: str, code: str) -> Invitation:
    invitation = open_invitation(invitation_id)
    given = _digest(invitation_id, code)
    if invitation is None or not hmac.compare_digest(bytes(invitation.digest), given):
        raise NotOpen
    return invitation


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput(
            "the password is too weak", field="password", mend=" ".join(error.messages)
        ) from None


def _new(user: User, by: str, origin: Origin) -> Invited:
    code = secrets.token_hex(_CODE)
    now = timezone.now()
    row = Invitation.objects.create(
        id=secrets.token_hex(12),
        user=user,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=settings.CONFIGURATION.invitation_days),
        made_from=as_kept(origin),
        digest=b"",
    )
    row.digest = _digest(row.pk, code)
    row.save(update_fields=["digest"])
    shown = "-".join(code[at : at + _GROUPS] for at in range(0, len(code), _GROUPS))
    return Invited(user, row, shown)


def _digest(invitation_id: str, code: str) -> bytes:
    plain = "".join(code.split()).replace("-", "").lower()
    return hashlib.sha256(f"{invitation_id}:{plain}".encode(errors="replace")).digest()


def _awaiting(user_id: int) -> User:
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.awaits_redemption:
        raise GateRefused(
            "the person has taken the account over, and nobody else can give a way into it",
            mend="whoever owns the machine can reset a lost password: equipoise user reset",
        )
    return user


def _end_open(user: User) -> list[Invitation]:
    ended = list(Invitation.objects.filter(user=user, redeemed_at=None, withdrawn_at=None))
    for each in ended:
        each.withdrawn_at = timezone.now()
        each.save(update_fields=["withdrawn_at"])
    return ended


def _tell(user: User, event: Event, *invitations: Invitation, begins: bool = False) -> None:
    rows = (user, *invitations)
    record.append(record.event(f"user.{user.pk}", event, begins=begins, rows=rows))
