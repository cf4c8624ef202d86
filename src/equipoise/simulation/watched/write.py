"""A watched lender in a folder: its tables, what watches them, and what was planted."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from equipoise.errors import BadInput
from equipoise.files import replacing, write_text
from equipoise.simulation.watched.borrowers import borrower_parameters, borrowers
from equipoise.simulation.watched.lender import watched_lender
from equipoise.simulation.watched.planted import Planted
from equipoise.simulation.watched.tables import first_day

TRUTH = "truth.json"
WATCH = "watch.yaml"


def write_borrowers(folder: Path, seed: int) -> list[Path]:
    """Write months of borrowers of whom some lose their work, watch.yaml and truth.json.

    Raises BadInput where a watch stands there already.
    """
    _refuse_taken(folder)
    path = folder / "data" / "borrowers.parquet"
    with replacing(path) as temporary:
        borrowers(seed).table.write_parquet(temporary)
    ours = files("equipoise.simulation.watched").joinpath("borrowers_watch.yaml")
    truth = borrower_parameters().truth.model_dump(mode="json")
    write_text(folder / TRUTH, json.dumps({"simulated": True, "seed": seed, **truth}) + "\n")
    write_text(folder / WATCH, ours.read_text(encoding="utf-8"))
    return [path, folder / TRUTH, folder / WATCH]


def _refuse_taken(folder: Path) -> None:
    if (folder / WATCH).exists():
        raise BadInput(
            f"there is a {WATCH} in {folder}", field="folder", mend="name another folder"
        )


def write_watched(folder: Path, seed: int, planted: Planted, months: int) -> list[Path]:
    """Write the tables, watch.yaml and truth.json; what was written.

    Raises BadInput where a watch stands there already, or a shock begins after the last month.
    """
    _refuse_taken(folder)
    if planted.shocks and not 0 <= planted.onset < months:
        raise BadInput(
            f"there is no month {planted.onset} to begin with",
            field="--onset",
            mend=f"give 0 to {months - 1}",
        )
    lender = watched_lender(seed, planted, months)
    written = []
    for name, frame in lender.tables.items():
        path = folder / "data" / f"{name}.parquet"
        with replacing(path) as temporary:
            frame.write_parquet(temporary)
        written.append(path)
    ours = files("equipoise.simulation.watched").joinpath(WATCH)
    truth = {
        "simulated": True,
        "seed": seed,
        "months": months,
        "shocks": sorted(planted.shocks),
        "onset": first_day(planted.onset).isoformat() if planted.shocks else None,
    }
    write_text(folder / TRUTH, json.dumps(truth, indent=2) + "\n")
    write_text(folder / WATCH, ours.read_text(encoding="utf-8"))
    return [*written, folder / TRUTH, folder / WATCH]
