"""Who answers for a program: a person, or everyone of a role. It passes on without a new key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction

from equipoise.errors import BadInput, did_you_mean
from equipoise.service.platform.accounts.events import OwnerChanged
from equipoise.service.platform.accounts.models import Program, User
from equipoise.service.platform.accounts.permissions import TABLE, Action, Principal, Role
from equipoise.service.platform.accounts.rights import TwoPeople
from equipoise.service.platform.record import services as record

_PERSON = re.compile(r"user\.([1-9][0-9]{0,17})")
_TEAM = "role."
TEAMS = tuple(role for role in Role if role not in (Role.NONE, Role.API_CLIENT))


def persons_of(owner: str) -> list[str]:
    """The person that an owner names; nobody where it is a role."""
    return [owner] if _PERSON.fullmatch(owner) else []


def check_owner(owner: str, scopes: Sequence[str], *, test: bool) -> None:
    """Whether that can own a program of these scopes. Raises BadInput.

    A program that writes strategies is an author's: a person owns it who may write them.
    """
    person = _person(owner)
    if person is None and owner.removeprefix(_TEAM) not in TEAMS:
        raise BadInput(
            "this can own no program",
            field="owner",
            mend="name a person who is here, such as user.7, or a role, such as "
            f"role.administrator: {did_you_mean(owner, [f'{_TEAM}{each}' for each in TEAMS])}",
        )
    if Action.WRITE_STRATEGY.value in scopes and not test and not _writes(person):
        raise BadInput(
            "a program that writes strategies is owned by an author",
            field="owner",
            mend="name a person with the role of analyst who has taken over their account, or "
            f"leave out the scope {Action.WRITE_STRATEGY.value}",
        )


def transfer(program_id: str, owner: str, by: Principal) -> Program:
    """Have another own the program. Raises BadInput where that cannot be."""
    with transaction.atomic():
        program = Program.objects.select_for_update().get(pk=program_id)
        check_owner(owner, program.scopes, test=program.test)
        if owner != program.owner:
            former, program.owner = program.owner, owner
            program.owners = sorted({*program.owners, *persons_of(owner)})
            program.save(update_fields=["owner", "owners"])
            event = OwnerChanged(owner=owner, former=former, by=by.id, key=by.key or None)
            record.append(record.event(f"program.{program.pk}", event, rows=(program,)))
    return program


def authors_by(by: Principal) -> list[str]:
    """All persons whose work a strategy is that `by` sends: of a program whoever made the key, and
    whoever owns the program or ever did. Raises TwoPeople where no author owns the program now."""
    if not by.key:
        return [by.person]
    program = Program.objects.get(pk=by.id.removeprefix("program."))
    if not _writes(_person(program.owner)):
        raise TwoPeople(
            f"the program's owner, {program.owner}, is no author any more",
            field="owner",
            mend="have an administrator name an author: POST /v1/programs/{id}/owner",
        )
    return sorted({by.person, *program.owners})


def is_here(owner: str) -> bool:
    """Whether somebody answers for what that owns."""
    if owner.startswith(_TEAM):
        return User.objects.filter(role=owner.removeprefix(_TEAM), is_active=True).exists()
    return _person(owner) is not None


def _person(owner: str) -> User | None:
    match = _PERSON.fullmatch(owner)
    return User.objects.filter(pk=int(match[1]), is_active=True).first() if match else None


def _writes(person: User | None) -> bool:
    return (
        person is not None
        and person.handed_over_at is not None
        and Role(person.role) in TABLE[Action.WRITE_STRATEGY]
    )
