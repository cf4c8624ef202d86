"""Files of a demonstration's watch, written into a lender's folder that has none of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import polars as pl

from equipoise.files import replacing, write_text
from equipoise.portfolio import PORTFOLIO
from equipoise.rehearsal.shown.borrowers import TABLE, simulated_borrowers, with_borrowers
from equipoise.rehearsal.shown.economy import ECONOMY, SCENARIOS, STRESS, write_economy
from equipoise.rehearsal.year.months import HISTORY, PLANS, TAPES, WATCH
from equipoise.simulation import Planted, simulate, watched_lender

FOLDER = "watched"  # of the tables: a lender's own `data` stays as it is
LOANS = 3_000  # applicants who stand behind the tape
_MONTHS = HISTORY + 3
_SHOCKED = HISTORY + 1  # the month in which the bureau begins to fail
_REGISTER = "register.yaml"
WRITTEN = (WATCH, PLANS, PORTFOLIO, STRESS, FOLDER, ECONOMY, SCENARIOS)
"""What is written into the folder, beside the tape."""
_OWNER, _DESK = re.compile(r"owner: (\w+)"), re.compile(r"DESK\.(\w+)")
_PEOPLE = re.compile(r"^people:\n(?:  - .*\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was written: the loan tape, and the newest month, YYYY-MM, in it."""

    tape: Path
    month: str


def write_shown(
    folder: Path, today: date, seed: int, people: Mapping[str, str], strategy: str
) -> Shown:
    """Write watch.yaml, plans.yaml, portfolio.yaml, their tables, an economy with scenarios, and a
    loan tape whose newest month is the last that was over `today`. `people` are the names of
    accounts by the desks that the documents name; the plans' switches are of the `strategy`.
    Nothing of a lender's is written over: raises FileExistsError."""
    for name in WRITTEN:
        if (folder / name).exists():
            raise FileExistsError(folder / name)
    last = _month_before(today)
    _write_tables(folder / FOLDER, last, seed)
    write_text(folder / WATCH, _watch(people, today))
    write_text(folder / PLANS, _ours(PLANS, people).replace("STRATEGY", strategy))
    write_text(folder / PORTFOLIO, _ours(PORTFOLIO, people))
    write_economy(folder, last, seed)
    return _write_tape(folder / TAPES, last, seed)


def _watch(people: Mapping[str, str], today: date) -> str:
    """watch.yaml of the watched lender, with these people and a register of its risks."""
    theirs = files("equipoise.simulation.watched").joinpath(WATCH).read_text(encoding="utf-8")
    owned = _OWNER.sub(lambda named: f"owner: {people[named[1]]}", with_borrowers(theirs))
    held = _PEOPLE.sub(_listed(people), owned).replace("data: data/", f"data: {FOLDER}/")
    return held + _ours(_REGISTER, people).replace("TODAY", today.isoformat())


def _listed(people: Mapping[str, str]) -> str:
    first, second = people["risk_officer"], people["model_owner"]
    rows = (
        f"  - {{id: {name}, department: {'risk' if name in (first, second) else 'operations'}, "
        f"deputy: {second if name == first else first}}}\n"
        for name in dict.fromkeys(people.values())
    )
    return "people:\n" + "".join(rows)


def _ours(name: str, people: Mapping[str, str]) -> str:
    """A document of this package, its desks as people."""
    text = files("equipoise.rehearsal.shown").joinpath(name).read_text(encoding="utf-8")
    return _DESK.sub(lambda named: people[named[1]], text)


def _write_tables(folder: Path, last: date, seed: int) -> None:
    folder.mkdir(parents=True)
    lender = watched_lender(seed, Planted(frozenset({"bureau_feed_down"}), _SHOCKED), _MONTHS)
    for name, frame in (*lender.tables.items(), (TABLE, simulated_borrowers(seed))):
        newest: date = frame["month"].max()  # type: ignore[assignment]
        moved = pl.col("month").dt.offset_by(f"{_months_between(newest, last)}mo")
        with replacing(folder / f"{name}.parquet") as temporary:
            frame.with_columns(moved).write_parquet(temporary)


def _write_tape(folder: Path, last: date, seed: int) -> Shown:
    tape = simulate(LOANS, seed=seed).tape()
    newest = _first_of(tape["month"].max())
    by = _months_between(newest, last)
    moved = [
        pl.col(name).str.to_date("%Y-%m").dt.offset_by(f"{by}mo").dt.strftime("%Y-%m")
        for name in ("month", "opened")
    ]
    month = f"{last:%Y-%m}"
    folder.mkdir(exist_ok=True)
    path = folder / f"{month}.parquet"
    with replacing(path) as temporary:
        tape.with_columns(moved).write_parquet(temporary)
    return Shown(path, month)


def _first_of(month: object) -> date:
    return date.fromisoformat(f"{month}-01")


def _month_before(day: date) -> date:
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def _months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month
