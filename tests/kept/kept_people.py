"""The people of the lender who is kept, and how they come in."""

from __future__ import annotations

from typing import Any

ADMINISTRATOR, ANALYST, APPROVER, AUDITOR = "admin", "anna", "paul", "ruth"
OFFICER, RISK_OFFICER = "uma", "rita"
_PASSWORD = "four plain words here"  # noqa: S105 - of every person here


def come() -> None:
    """All of them: the administrator of the first start takes the account over, the others are
    invited by the machine's owner and have their roles confirmed by the administrator."""
    from equipoise.service.platform.accounts.models import User
    from equipoise.service.platform.accounts.permissions import Role
    from equipoise.service.platform.accounts.services import hand_over

    administrator = User.objects.get(username=ADMINISTRATOR)
    administrator.set_password(_PASSWORD)
    administrator.save(update_fields=["password"])
    hand_over(administrator)
    _with_factor(administrator)
    for name, role in (
        (ANALYST, Role.ANALYST),
        (APPROVER, Role.APPROVER),
        (AUDITOR, Role.AUDITOR),
        (RISK_OFFICER, Role.RISK_OFFICER),
    ):
        _comes(name, role)
    _comes(OFFICER, Role.UNDERWRITER, branch="north")


def _comes(name: str, role: Any, **more: str) -> None:
    from equipoise.service.platform.accounts import inviting, roles
    from equipoise.service.platform.accounts.models import User
    from equipoise.service.platform.accounts.rights import OWNER, Rights
    from equipoise.service.platform.accounts.services import principal_of
    from equipoise.service.platform.accounts.standing import Origin

    invited = inviting.invite(name, Rights(role, **more), OWNER)
    person = inviting.redeem(invited.id, invited.code, _PASSWORD, Origin())
    administrator = principal_of(User.objects.get(username=ADMINISTRATOR))
    for request in roles.open_requests([person]).values():
        roles.confirm(request.pk, administrator)
    _with_factor(person)


def _with_factor(person: Any) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})


def browser(name: str) -> Any:
    """A browser in which that person is logged in."""
    from people import logged_in

    from equipoise.service.platform.accounts.models import User

    return logged_in(User.objects.get(username=name))
