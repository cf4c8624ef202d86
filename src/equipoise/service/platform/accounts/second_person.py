"""How people came to their accounts and roles, read from the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from equipoise.service.platform.accounts.models import (
    Invitation,
    RoleRequest,
    RoleRequestState,
    User,
)
from equipoise.service.platform.accounts.origins import from_kept
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.standing import Origin, Standing, check_four_eyes

_PERSON = "user."


def standings(persons: Collection[str]) -> list[Standing]:
    """The standing of each of these persons (`user.7`), in order; what is no person is left out."""
    numbers = [int(each.removeprefix(_PERSON)) for each in persons if each.startswith(_PERSON)]
    users = User.objects.in_bulk(numbers)
    redeemed = {
        row.user_id: row
        for row in Invitation.objects.filter(user__in=numbers).exclude(redeemed_at=None)
    }
    given = RoleRequest.objects.filter(user__in=numbers, state=RoleRequestState.CONFIRMED)
    confirmed = {row.user_id: row for row in given.order_by("settled_at")}
    return [
        _standing(number, users.get(number), redeemed.get(number), confirmed.get(number))
        for number in numbers
    ]


def check_second_person(authors: Sequence[str], by: Principal) -> list[Standing]:
    """Whether `by` counts as a second person beside the authors; the standings of all of them.
    Raises TwoPeople where an account among them was never handed over."""
    standing = standings([*authors, by.person])
    check_four_eyes(standing[:-1], standing[-1])
    return standing


def _standing(
    number: int, user: User | None, redeemed: Invitation | None, confirmed: RoleRequest | None
) -> Standing:
    if user is None:
        return Standing(f"{_PERSON}{number}")
    invited = (redeemed.made_from, redeemed.redeemed_from) if redeemed else ({}, {})
    given = (confirmed.asked_from, confirmed.settled_from) if confirmed else ({}, {})
    return Standing(
        f"{_PERSON}{number}",
        user.invited_by,
        user.handed_over_at,
        user.role_asked_by,
        user.role_confirmed_by,
        from_kept(invited[0]),
        from_kept(invited[1]),
        from_kept(given[0]),
        from_kept(given[1]) if user.role_confirmed_by else Origin(),
        user.reset_at,
    )
