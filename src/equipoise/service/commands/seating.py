"""People of the lender's at their desk, for services in which nobody is real: with accounts and
second factors as people have them, and authority that two people gave."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from equipoise.rehearsal import Colleague
from equipoise.service.commands.two_people import APPROVER, invite, named
from equipoise.service.platform.accounts.permissions import Role

BRANCH = "main"
"""Of who decides: what comes in by the pages lies in the area of whoever has one."""
_SEATED = ("uma", "udo")  # two of them, as large cases want two signatures


def seated() -> list[Colleague]:
    """Two underwriters, who may decide otherwise where a strategy in force lets people."""
    found = []
    for name in _SEATED:
        password = secrets.token_urlsafe(12)
        invite(name, Role.UNDERWRITER, password, BRANCH)
        found.append(Colleague(name, password, with_app(name), authorised(name)))
    return found


def with_app(name: str) -> str:
    """Give somebody an authenticator app; what it is given."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret: str = generate_totp_secret()
    TOTP.activate(named(name), secret)
    return secret


def authorised(name: str) -> str:
    """Have somebody given the highest authority that the strategies in force know; the reason for
    which they may decide otherwise, empty where none is declared."""
    from equipoise.service.commands.first_start import ADMIN
    from equipoise.service.contexts.cases import services as cases
    from equipoise.service.platform.accounts.services import principal_of

    level, reasons = _declared()
    if not level or not reasons:
        return ""
    wanted = cases.Authority(level)
    asked = cases.ask_for_authority(f"user.{named(name).pk}", wanted, principal_of(named(ADMIN)))
    cases.confirm_authority(asked.pk, principal_of(named(APPROVER)))
    return reasons[0]


def _declared() -> tuple[str, Sequence[str]]:
    """The highest level, and the reasons to decide otherwise, of a strategy that has any."""
    from equipoise.service.contexts.registry.reading import in_force, loaded

    for digest in in_force().values():
        section = loaded(digest).content.strategy.authority
        if section is not None and section.overrides is not None:
            return section.highest, sorted(section.overrides.reasons)
    return "", ()
