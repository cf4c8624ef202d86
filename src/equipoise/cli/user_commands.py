"""What whoever owns the machine does about people: list them, give one their way in again."""

from __future__ import annotations

from typing import Annotated

import typer

from equipoise.cli.printing import document, line, table
from equipoise.cli.service_commands import Folder, Json

user = typer.Typer(help="The service's people, for whoever owns the machine.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name they log in with.")]


@user.command("list")
def list_(folder: Folder, json: Json = False) -> None:
    """List the people: what they may do, whether they are active, when they last logged in."""
    from equipoise.service.running.starting import open_service

    open_service(folder)
    from equipoise.service.accounts.recovery import list_people

    people = list_people()
    if json:
        document({"users": people})
        return
    rows = [
        [
            each["username"],
            each["role"] or "none",
            "yes" if each["active"] else "no",
            "yes" if each["second_factor"] else "no",
            (each["last_login"] or "never")[:16].replace("T", " "),
        ]
        for each in people
    ]
    table("", ("name", "role", "active", "second factor", "last log-in (UTC)"), rows)


@user.command("reset")
def reset(
    folder: Folder,
    name: Name,
    administrator: Annotated[
        bool, typer.Option(help="Make them administrator, where nobody active is one.")
    ] = False,
    json: Json = False,
) -> None:
    """Give someone a new password; their second factor and their sessions end. In the record.

    The only administrator is made active again where they were not.
    """
    from equipoise.service.running.starting import open_service

    open_service(folder)
    from equipoise.service.accounts.recovery import reset_person

    done = reset_person(name, administrator=administrator)
    if json:
        document(done.as_dict())
        return
    line(f"{done.username}: new password {done.password}, shown this once")
    line(f"  {done.second_factors} second factors removed, {done.sessions} sessions ended")
    if done.administrator:
        line("  made administrator, as there was none")
    if done.active:
        line("  made active again")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(user, name="user")
