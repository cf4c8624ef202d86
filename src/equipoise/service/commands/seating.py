"""People of the lender's at their desk, for services in which nobody is real: with accounts and
second factors as people have them, and authority that two people gave."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from equipoise.authority import AuthoritySection
from equipoise.rehearsal import Colleague
from equipoise.service.commands.two_people import APPROVER, invite, named
from equipoise.service.platform.accounts.permissions import Role

BRANCH = "main"
"""Of who decides: what comes in by the pages lies in the area of whoever has one."""
_SEATED = ("uma", "udo")  # two of them, as large cases want two signatures


def seated() -> list[Colleague]:
    """Two underwriters, who may decide otherwise where a strategy in force lets people."""
    colleagues = []
    for name in _SEATED:
        password = secrets.token_urlsafe(12)
        invite(name, Role.UNDERWRITER, password, BRANCH)
        colleagues.append(Colleague(name, password, with_app(name), authorised(name)))
    return colleagues


def with_app(name: str) -> str:
    """Give somebody an authenticator app; what it is given."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret: str = generate_totp_secret()
    TOTP.activate(named(name), secret)
    return secret


def crew_of(staff: Mapping[str, int]) -> dict[str, list[Colleague]]:
    """So many underwriters at each level, with that authority over all strategies that know it."""
    crew: dict[str, list[Colleague]] = {}
    for level, count in staff.items():
        for number in range(count):
            name, password = f"{level}-{number + 1}".lower(), secrets.token_urlsafe(12)
            invite(name, Role.UNDERWRITER, password, BRANCH)
            reasons = authorised(name, level)
            crew.setdefault(level, []).append(Colleague(name, password, with_app(name), reasons))
    return crew


def authorised(name: str, wanted: str = "") -> dict[str, str]:
    """Have somebody given the level, else the highest that all strategies in force know by which
    people may decide otherwise; the reasons for which they do, by strategy."""
    from equipoise.service.commands.first_start import ADMIN
    from equipoise.service.contexts.officers import services as officers
    from equipoise.service.platform.accounts.services import principal_of

    sections = _declared()
    if not sections and not wanted:
        return {}
    level = wanted or _known_to_all(list(sections.values()))
    authority = officers.Authority(level)
    by = principal_of(named(ADMIN))
    asked = officers.ask_for_authority(f"user.{named(name).pk}", authority, by)
    officers.confirm_authority(asked.pk, principal_of(named(APPROVER)))
    return {
        strategy: min(section.overrides.reasons)
        for strategy, section in sections.items()
        if section.overrides and _reaches(section, level)
    }


def _declared() -> Mapping[str, AuthoritySection]:
    """Who may decide what, by each strategy in force that lets people decide otherwise."""
    from equipoise.service.contexts.registry.reading import in_force, loaded

    sections = {}
    for strategy, digest in sorted(in_force().items()):
        section = loaded(digest).content.strategy.authority
        if section is not None and section.overrides is not None:
            sections[strategy] = section
    return sections


def _known_to_all(sections: Sequence[AuthoritySection]) -> str:
    """The highest level of the first that the others have too, its highest where there is none."""
    first = sections[0]
    names = [{level.name for level in section.levels} for section in sections]
    shared = [level.name for level in first.levels if all(level.name in each for each in names)]
    return shared[-1] if shared else first.highest


def _reaches(section: AuthoritySection, level: str) -> bool:
    """Whether who has the level may decide otherwise there."""
    known = level in {each.name for each in section.levels}
    least = section.overrides.level if section.overrides else ""
    return known and section.rank(level) >= section.rank(least)
