"""The service's own keys, for whoever owns the machine: which fit, a newer one, another one."""

from __future__ import annotations

from typing import Annotated

import typer

from equipoise.cli.printing import document, line, table
from equipoise.cli.service_commands import Folder, Json

keys = typer.Typer(help="The service's own keys, for whoever owns the machine.")


@keys.command("list")
def list_(folder: Folder, json: Json = False) -> None:
    """List the keys that the database needs, and which of them are here; exit 1 where one lacks."""
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.custody.fitting import list_keys

    listed = list_keys()
    if json:
        document({"keys": [each.as_dict() for each in listed]})
    else:
        rows = [[each.name, each.state, each.fingerprint[:16], each.source] for each in listed]
        table("", ("key", "state", "fingerprint", "where"), rows)
    if not all(each.fits for each in listed):
        raise typer.Exit(1)


@keys.command("add")
def add(folder: Folder, json: Json = False) -> None:
    """Make a newer master key beside those there are; it wraps what is new from the next start."""
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.custody.exchanging import add_master_key

    version = add_master_key()
    if json:
        document({"added": f"master key {version}"})
    else:
        line(f"master key {version} is made; start every server and worker again")


@keys.command("replace")
def replace(
    folder: Folder,
    key: Annotated[str, typer.Argument(metavar="KEY", help="signing-key or secret-key.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the record.")],
    json: Json = False,
) -> None:
    """Have another key in place of one that is lost or known to others. Stop the service before.

    What the former signing key signed stays proved. Another secret key ends every session.
    """
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.custody.exchanging import replace as exchange

    done = exchange(key, reason)
    if json:
        document(done.as_dict())
    else:
        where = f"given by {done.variable}" if done.variable else f"in service/{key}"
        line(f"{done.key}: {done.former} is replaced by {done.fingerprint}, {where}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(keys, name="keys")
