"""A lender's months as tables that can be watched, with what was planted in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from equipoise.simulation.watched.applicants import Applicants, make_applicants, regions_of
from equipoise.simulation.watched.book import Book, live
from equipoise.simulation.watched.economy import Calendar, make_calendar
from equipoise.simulation.watched.parameters import WatchedParameters, read_watched
from equipoise.simulation.watched.planted import NOTHING, Planted
from equipoise.simulation.watched.tables import applications, feeds, loans, macro

MONTHS = 48


@dataclass(frozen=True)
class WatchedLender:
    """The tables by name, and the truth behind them."""

    tables: Mapping[str, pl.DataFrame]
    applicants: Applicants
    book: Book
    calendar: Calendar
    planted: Planted


def watched_lender(
    seed: int,
    planted: Planted = NOTHING,
    months: int = MONTHS,
    parameters: WatchedParameters | None = None,
) -> WatchedLender:
    """One lender over so many months. The same seed gives the same people and the same months
    whatever is planted, up to what the shock does."""
    of = parameters or read_watched()
    regions = regions_of()
    calendar = make_calendar(of, regions, months, planted, seed)
    made = make_applicants(of, calendar, planted, seed)
    book = live(of, calendar, made, planted, seed)
    tables = {
        "applications": applications(made),
        "loans": loans(book, made),
        "macro": macro(calendar, regions),
        "feeds": feeds(of, calendar, planted, seed),
    }
    return WatchedLender(tables, made, book, calendar, planted)
