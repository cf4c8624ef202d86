"""The demonstration's borrowers month by month, and what watch.yaml says of them."""

from __future__ import annotations

import re
from importlib.resources import files

import polars as pl

from equipoise.simulation import borrower_parameters, borrowers

TABLE = "borrowers"
_COUNT = 4_000
_TABLES = re.compile(r"^tables:\n((?:  .*\n)+)", re.MULTILINE)
_WATCHED = re.compile(r"^borrowers:\n(?:  .*\n)+", re.MULTILINE)


def simulated_borrowers(seed: int) -> pl.DataFrame:
    """What is seen of borrowers of whom some lose their work: one row per borrower and month."""
    few = borrower_parameters().model_copy(update={"borrowers": _COUNT})
    return borrowers(seed, few).table


def with_borrowers(watch: str) -> str:
    """watch.yaml with their table among its tables, and who of them is watched, as the watched
    borrowers of the simulation have it."""
    ours = files("equipoise.simulation.watched").joinpath("borrowers_watch.yaml")
    theirs = ours.read_text(encoding="utf-8")
    table, watched = _TABLES.search(theirs), _WATCHED.search(theirs)
    if table is None or watched is None:
        raise ValueError("borrowers_watch.yaml has no table or watches nobody")
    return watch.replace("tables:\n", f"tables:\n{table[1]}", 1) + watched[0]
