"""What the desks are measured on: a lender whose service holds very many applications, of which
thousands wait for a person, with all that its worker would have made of them by then.

What was made can be kept in a folder (`DESKS_FOLDER`) and measured again: to store a million takes
most of the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from benchmarks.service_grounds import copied, new_postgresql
from benchmarks.service_growth import fill
from benchmarks.service_load import Served, load, served
from benchmarks.strategies import prepare

BRANCH = "main"  # of the underwriter
_DATABASE, _FOLDER = "DESKS_DATABASE", "DESKS_FOLDER"
_MADE = "desks.json"  # in a folder that is kept: what it holds
_TRIED = 400  # applicants of the past, until one is left to a person


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder to serve and its database (empty: SQLite), how many applications are stored and how
    many wait, and the sessions of the lender's people by their roles."""

    folder: Path
    database: str
    stored: int
    waiting: int
    seats: Mapping[str, str]


@contextmanager
def ground(stored: int, waiting: int, history: int) -> Iterator[Ground]:
    """One that holds so many, made now or kept from before; `history` applicants fit its models."""
    with _place() as place, _database(place) as database:
        known = place / _MADE
        if not known.exists():
            folder = _filled(place, database, stored, waiting, history)
            known.write_text(
                json.dumps({"folder": str(folder), "stored": stored, "waiting": waiting}),
                encoding="utf-8",
            )
        document: dict[str, Any] = json.loads(known.read_text(encoding="utf-8"))
        folder = Path(document["folder"])
        # logged in anew each time: a session of the last time may have ended
        seats = _run("benchmarks.desk_seats", folder, database)
        yield Ground(folder, database, document["stored"], document["waiting"], seats)


def where(database: str) -> str:
    """What a table calls the database."""
    return "PostgreSQL" if database else "SQLite"


def _filled(place: Path, database: str, stored: int, waiting: int, history: int) -> Path:
    lender = prepare(place / "lender", history)
    folder = copied(lender.workspace.folder, "served")
    _say("a lender is made; its service begins")
    with served(folder, database) as first:
        _refer(first, lender.applications)
        load(first, 4, 0.5)  # what is copied for most: the last of all
    _run("benchmarks.desk_caught_up", folder, database, "begin")
    _say(f"{stored:,} applications are stored")
    seconds = fill(folder, database, stored)
    _say(f"that took {seconds:,.0f} s; their ways are followed")
    _run("benchmarks.desk_caught_up", folder, database, "past")
    _say(f"{waiting:,} more wait for a person")
    fill(folder, database, waiting, "refer", BRANCH)
    _run("benchmarks.desk_caught_up", folder, database, "waiting")
    return folder


def _refer(server: Served, applications: pl.DataFrame) -> None:
    """Decide applicants of the past until one is left to a person."""
    asked = server.example["application"]
    for row in applications.head(_TRIED).iter_rows(named=True):
        facts = {name: row.get(name, given) for name, given in asked.items()}
        if (
            _decided(server, {**facts, "application_id": f"past-{row['application_id']}"})
            == "refer"
        ):
            return
    raise RuntimeError(f"of {_TRIED} applicants the strategy leaves none to a person")


def _decided(server: Served, facts: dict[str, Any]) -> str:
    asked = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.url}/v1/decisions",
        json.dumps({"application": facts}, default=str).encode(),
        {
            "Host": "localhost",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {server.key}",
            "Idempotency-Key": facts["application_id"],
        },
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - as above
        outcome: str = json.load(answer)["outcome"]
    return outcome


def _run(program: str, folder: Path, database: str, *more: str) -> Any:
    """What a program says last, on that service, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", program, str(folder), *more],
        env={**os.environ, "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _place() -> Iterator[Path]:
    kept = os.environ.get(_FOLDER)
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with TemporaryDirectory(prefix="desks-") as made:
        yield Path(made)


@contextmanager
def _database(place: Path) -> Iterator[str]:
    """SQLite, or a PostgreSQL of the ground's own."""
    if os.environ.get(_DATABASE) != "postgresql":
        yield ""
        return
    with new_postgresql(place / "postgresql") as (url, _):
        yield url


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
