"""`equipoise erase`: a person erased by whoever owns the machine; and again after a restore."""

from __future__ import annotations

import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.cli.printing import document, line
from equipoise.cli.service_commands import Folder, Json

if TYPE_CHECKING:
    from equipoise.service.contexts.erasing.reading import Person, Progress

_PATIENCE = 60.0  # seconds in which others may end what holds the database's log


class Ground(StrEnum):
    """On which ground; a list, as it stays in the record."""

    REQUEST = "request"
    OBJECTION = "objection"
    CONSENT = "consent_withdrawn"
    RETENTION = "retention_over"
    UNLAWFUL = "unlawful"


def erase(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    identifier: Annotated[
        str, typer.Option("--id", metavar="ID", help="The contract's identifier; - asks for it.")
    ] = "",
    facts: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="FIELD=VALUE", help="A searchable field; - asks for it."),
    ] = None,
    reason: Annotated[Ground, typer.Option(help="On which ground.")] = Ground.REQUEST,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Else it is only told.")] = False,
    register: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Erase again whom a restore brought back."),
    ] = None,
    json: Json = False,
) -> None:
    """Erase a person: keys, index, batches' files, the database's log; proved by looking. Without
    --yes it is only told what would be done. Exit 1 while something of it is still there.
    """
    from equipoise.service.commands.starting import open_service

    if register is None:
        person = _wanted(identifier, facts or ())
        open_service(folder)
        _erase(_person(person), reason, yes, json)
        return
    open_service(folder)
    from equipoise.service.contexts.erasing.services import erase_again

    done = erase_again(register)
    if json:
        document(done)
    else:
        line(f"{done['named']} applications in the register, {done['erased']} were back and erased")


def _wanted(identifier: str, facts: Any) -> tuple[str | None, dict[str, str]]:
    from equipoise.errors import BadInput

    known = {}
    for each in facts:
        name, mark, value = each.partition("=")
        if not mark:
            raise BadInput("this is no FIELD=VALUE", field="--fact", mend="write phone=0205550100")
        known[name] = _typed(name) if value == "-" else value
    return _typed("identifier") if identifier == "-" else identifier or None, known


def _typed(name: str) -> str:
    """Asked for, so that it stands neither in the shell's history nor in a list of processes."""
    return str(typer.prompt(name, hide_input=True, err=True))


def _person(wanted: tuple[str | None, dict[str, str]]) -> Person:
    from equipoise.service.contexts.erasing.reading import person_of

    return person_of(*wanted)


def _erase(person: Person, reason: Ground, yes: bool, json: bool) -> None:
    from equipoise.service.contexts.erasing import reading, services

    if not yes:
        plan = reading.plan_for(person).as_dict()
        document(plan) if json else _tell_plan(plan)
        return
    begun = services.begin(person, services.Reason(reason.value), {"by": "system.owner"})
    end = time.monotonic() + _PATIENCE
    while (now := services.go_on(begun.id)).waits:
        if time.monotonic() > end:
            break
        time.sleep(1)
    document(_plain(now)) if json else _tell_done(now)
    if now.waits:
        raise typer.Exit(1)


def _plain(now: Progress) -> dict[str, Any]:
    """With moments as text."""
    answer = asdict(now)
    moments = {name: answer[name].isoformat() for name in ("made_at", "done_at") if answer[name]}
    return {**answer, **moments}


def _tell_plan(plan: dict[str, Any]) -> None:
    line(f"{len(plan['applications'])} applications, {plan['decisions']} decisions made on them:")
    line("  the keys to their facts and what they are found by would go, for good")
    for each in plan["batches"]:
        waits = ", once it is decided" if each["undecided"] else ""
        line(f"{each['id']}: its files hold the person, and would go whole{waits}")
    if plan["others"]:
        line(f"{plan['others']} more applications share a value with these and would stay:")
        line("  the same person under another identifier? then name that one too")
    for each in plan["backups"]:
        line(f"backup {each} holds the keys: delete it when you can do without")
    for each in plan["remarks"]:
        line(f"note: {each}")
    line("nothing is done yet; add --yes to do it")


def _tell_done(done: Progress) -> None:
    line(f"{done.id}: {len(done.applications)} applications, {done.decisions} decisions")
    for each in done.batches:
        line(f"{each}: files removed")
    if done.waits:
        for each in done.waits:
            line(f"not done yet: {each}")
        line("a worker goes on with it")
        return
    line(f"done: nothing of it stands in {done.files} files of {done.bytes:,} bytes")
    for each in done.remarks:
        line(f"note: {each}")
