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
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.accounts.recovery import list_people

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


@user.command("invite")
def invite(
    folder: Folder,
    name: Name,
    role: Annotated[str, typer.Option(help="The role they are to have, such as analyst.")] = "",
    json: Json = False,
) -> None:
    """Invite someone, or anew who has not redeemed: a link and a code for them. In the record.

    Until two people have redeemed an invitation, analyst and approver have their role at once, and
    every approval says so; afterwards a person confirms each role that takes two people.
    """
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.accounts.owner_invites import invite_by_owner

    made = invite_by_owner(name, role)
    if json:
        document(made.as_dict())
        return
    line(f"{made.username}: code {made.code}, shown this once")
    where = made.link if "://" in made.link else f"{made.link} of the service's address"
    line(f"  they redeem it at {where}, until {made.expires_at:%Y-%m-%d %H:%M} UTC")
    if made.role_asked:
        line(f"  the role {made.role_asked} waits until an administrator, a risk officer or an")
        line("  approver confirms it")
    elif made.role:
        line(f"  their role is {made.role}: every approval of theirs says that you gave it alone")


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
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.accounts.recovery import reset_person

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
