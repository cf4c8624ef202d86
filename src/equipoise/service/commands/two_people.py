"""Several strategies put in force as two people do it, for services in which nobody is real."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from equipoise.service.platform.accounts.permissions import Role

AUTHOR, APPROVER = "ana", "priya"
_REASON = "for a service in which nobody is real"


def newest_of_each(files: Sequence[Path]) -> dict[str, Path]:
    """Of sealed files, the newest last, the newest of each strategy by its name. Raises BadInput
    for a file that is none."""
    from equipoise.strategy.sealing import unsealed

    return {unsealed(each.read_bytes()).content.strategy.name: each for each in files}


def publish_all(files: Sequence[Path]) -> None:
    """Put each in force: written by the author, approved and published by the approver. Raises
    NotPassed where a gate refuses one."""
    from equipoise.service.contexts.registry import services as registry
    from equipoise.service.platform.accounts.services import principal_of

    author, approver = principal_of(named(AUTHOR)), principal_of(named(APPROVER))
    for file in files:
        made = registry.add_draft(file.read_bytes(), author)
        registry.check(made.pk, author)
        registry.submit(made.pk, author)
        registry.approve(made.pk, approver, _REASON)
        registry.publish(made.pk, approver, _REASON)


def invite(name: str, role: Role, password: str, branch: str = "") -> None:
    """Have somebody invited and redeem it; a role that takes two people, the approver confirms."""
    from equipoise.service.platform.accounts import inviting, roles
    from equipoise.service.platform.accounts.rights import OWNER, Rights
    from equipoise.service.platform.accounts.services import principal_of
    from equipoise.service.platform.accounts.standing import Origin

    made = inviting.invite(name, Rights(role, branch=branch), OWNER)
    user = inviting.redeem(made.id, made.code, password, Origin())
    for request in roles.open_requests([user]).values():
        roles.confirm(request.pk, principal_of(named(APPROVER)))


def named(name: str) -> Any:
    """The person who logs in by that name."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=name)
