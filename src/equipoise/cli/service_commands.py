"""The commands of the service: serve, work, replay, verify the record, back up, restore."""

from __future__ import annotations

import json as json_text
import sys
from dataclasses import replace
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.cli.printing import document, line
from equipoise.cli.watching import watching

if TYPE_CHECKING:
    from equipoise.service.commands.first_start import Prepared
    from equipoise.service.commands.listening import Address

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup's file.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
_AS_TOLD = "people, keys, strategies and decisions stand in their tables as the record tells them"
record = typer.Typer(help="The service's append-only record.")


def serve(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")
    ] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    worker: Annotated[
        bool, typer.Option(help="Run a worker for background work beside it.")
    ] = True,
    json: Annotated[bool, typer.Option("--json", help="One JSON line once it answers.")] = False,
) -> None:
    """Serve decisions: SQLite in the workspace, or DATABASE_URL. Stops on SIGTERM or Ctrl-C.

    A first start makes an administrator, an API key, and puts the workspace's sealed strategy in
    force, recorded as approved by nobody; every later version needs an author and an approver.
    """
    from equipoise.service.commands.starting import make_ready

    make_ready(folder, workers)
    from equipoise.service.commands.serving import serve as run

    run(folder, host, port, workers, _announce_json if json else _announce, worker=worker)


def worker(
    folder: Folder,
    beside: Annotated[int, typer.Option(hidden=True, help="The process it ends with.")] = 0,
) -> None:
    """Do the background work: batches, deliveries, checkpoints, expiry. Stops on SIGTERM or Ctrl-C.

    `serve` runs one itself; any number may run, on any machine that reaches the same database and
    the same folder. What a killed worker had in hand, another takes up.
    """
    from equipoise.service.commands.starting import make_ready

    make_ready(folder)
    from equipoise.service.commands.working import work

    work(beside)


def replay(
    folder: Folder,
    everything: Annotated[bool, typer.Option("--all", help="Every decision there is.")] = False,
    json: Json = False,
) -> None:
    """Make past decisions again; exit 1 where one comes out different."""
    from equipoise.errors import BadInput

    if not everything:
        raise BadInput("say what to replay", field="--all", mend="add --all")
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.contexts.batches import reading as batches
    from equipoise.service.contexts.decisions.services import replay_all

    with watching(quiet=json) as steps:
        replayed = replay_all(steps)
        files = batches.replay(steps)
    replayed = replace(
        replayed,
        differences=replayed.differences + files.differences,
        versions=replayed.versions | files.versions,
        first=[*replayed.first, *files.first],
    )
    of_files = {"batches": files.batches, "batch_rows": files.rows, "files_removed": files.removed}
    if json:
        document({**replayed.as_dict(), **of_files})
    else:
        line(f"{replayed.replayed} decisions of {len(replayed.versions)} versions made again")
        line(f"{files.batches} batches of {files.rows} rows, {files.removed} without their files")
        line(f"{replayed.differences} came out different, {replayed.lost} stand in no record")
        line(f"{replayed.erased} were erased, {replayed.failed} were referred by a fault of ours")
        if replayed.unreadable:
            line(
                f"{replayed.unreadable} cannot be read, though nobody was erased: do the keys fit?"
            )
        for each in replayed.first:
            line(f"  {each['id']}: {', '.join(d['at'] for d in each['differences'][:5])}")
    if not replayed.same:
        raise typer.Exit(1)


@record.command("verify")
def verify_(
    folder: Folder,
    witness: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Checkpoints kept elsewhere, besides the service's own."),
    ] = None,
    json: Json = False,
) -> None:
    """Read the whole record: every hash, against the service's own witness and those given, the
    rows that it tells of, and the batches' files; what is bad is named, and exit 1."""
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.contexts.batches.reading import wrong_file
    from equipoise.service.platform.record.proving import verify_record, verify_rows

    processes = cpu_count() or 1
    with watching(quiet=json) as steps:
        verdict = verify_record(witness or (), processes=processes, progress=steps)
        rows = verify_rows(processes=processes, progress=steps)
        if (file := wrong_file()) is not None:
            verdict = replace(verdict, faults=(*verdict.faults, file))
    valid = verdict.valid and not rows.differences
    verdict = replace(verdict, notes=(*verdict.notes, *rows.notes))
    if json:
        wrong = [each.as_dict() for each in rows.differences]
        document({**verdict.as_dict(), "valid": valid, "rows": wrong})
    else:
        line(f"{verdict.events} events, {verdict.checkpoints} checkpoints")
        if verdict.unsigned:
            line(f"entries after {verdict.signed} are not signed yet: {verdict.unsigned}")
        line("all as it was written" if verdict.valid else "not as it was written:")
        for fault in verdict.faults:
            line(f"  {_bad(fault)}")
        count = len(rows.differences)
        line(f"{count} rows are not as the record tells:" if count else _AS_TOLD)
        for row in rows.differences:
            line(f"  {row}")
        for note in verdict.notes:
            line(f"note: {note}")
    if not valid:
        raise typer.Exit(1)


@record.command("begin-witness")
def begin_witness_(
    folder: Folder,
    reason: Annotated[str, typer.Option(help="Why; it stands in the record.")],
    witness: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Copies of the lost one, which the record must match."),
    ] = None,
    json: Json = False,
) -> None:
    """Begin the witness anew where its file is lost, once the record holds otherwise.

    For whoever owns the machine. From then on `record verify` says at which entry it begins.
    """
    from equipoise.service.commands.starting import open_service

    open_service(folder)
    from equipoise.service.platform.record.begin_witness import begin_witness

    with watching(quiet=json) as steps:
        begun = begin_witness(reason, witness or (), progress=steps)
    if json:
        document(begun.as_dict())
    else:
        line(str(begun))


def backup(folder: Folder, file: File, json: Json = False) -> None:
    """Write the service's database and keys to one file, while it runs."""
    from equipoise.service.commands.backup import back_up

    made = back_up(folder, file)
    if json:
        document(made.as_dict())
    else:
        line(f"{file}: {', '.join(made.files)}; it holds keys, so keep it closed")
        for name, variable in made.elsewhere.items():
            line(f"  not in it: {name}, given by {variable}; nothing can be read without it")


def restore(folder: Folder, file: File, json: Json = False) -> None:
    """Put a backup back into a folder that holds no service."""
    from equipoise.service.commands.backup import lacking
    from equipoise.service.commands.backup import restore as put_back

    made = put_back(folder, file)
    variables = lacking(folder)
    if json:
        document({**made.as_dict(), "lacking": variables})
    else:
        line(f"{folder}: {', '.join(made.files)}")
        for variable in variables:
            line(f"  before it starts, give {variable}: the backup does not hold it")
        line("check it with `equipoise record verify` and `equipoise replay --all`")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(record, name="record")
    for command in (serve, worker, replay, backup, restore):
        app.command()(command)


def _announce_json(address: Address, prepared: Prepared) -> None:
    answer: dict[str, Any] = {"url": address.url, "openapi": f"{address.url}/v1/openapi.json"}
    if prepared.first:
        first = prepared.first
        answer["admin"] = {"username": first.username, "password": first.password}
        answer["api_key"] = first.api_key
    answer |= {"published": prepared.strategy, "missing": prepared.missing}
    sys.stdout.write(json_text.dumps(answer) + "\n")
    sys.stdout.flush()


def _announce(address: Address, prepared: Prepared) -> None:
    if prepared.first:
        line("First start. Shown at each start until the administrator has logged in:")
        line(f"  administrator {prepared.first.username}, password {prepared.first.password}")
        line(f"  API key {prepared.first.api_key}")
    if prepared.strategy:
        line(f"In force from the workspace: {prepared.strategy}")
        line("  approved by nobody, as there are no two people yet, and recorded so;")
        line("  every later version needs an author and an approver")
    if prepared.missing:
        line(f"No strategy is in force: {prepared.missing}")
    line(f"Serving at {address.url} (description: {address.url}/v1/openapi.json)")
    sys.stdout.flush()


def _bad(bad: Any) -> str:
    at = [f"{name} {getattr(bad, name)}" for name in ("chain", "index", "sequence", "checkpoint")
          if getattr(bad, name) not in (None, "")]  # fmt: skip
    return ": ".join([*([", ".join(at)] if at else []), bad.what])
