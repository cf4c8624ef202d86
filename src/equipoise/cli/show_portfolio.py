"""What the commands about a book of loans end with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.cli import printing
from equipoise.portfolio import month_text
from equipoise.texts.numbers import percent

if TYPE_CHECKING:
    from equipoise.portfolio import TapeReading
    from equipoise.workspace.books import BookReported, RulesTried
    from equipoise.workspace.tapes import TapeMade


def drafted(made: TapeMade, folder: Path, *, as_json: bool) -> None:
    """The tape's document, and what has to be settled first."""
    if as_json:
        printing.document(
            {
                "tape": str(made.path),
                "delivery": made.delivery,
                "added": made.added,
                "further": list(made.further),
                "confirm": list(made.unsettled),
                "notes": list(made.notes),
            }
        )
        return
    verb = "Added to" if made.added else "Made"
    printing.line(f"{verb} {made.path}: {made.delivery}")
    if made.further:
        printing.line(f"Later deliveries: {len(made.further)}, the last {made.further[-1]}")
    printing.notes("Nothing is measured before this is confirmed", made.unsettled)
    printing.notes("Look at first", made.notes, 40)
    printing.line(f"Next: equipoise portfolio check {folder}")


def checked(reading: TapeReading, *, as_json: bool) -> None:
    """How a tape was read."""
    book = reading.book
    if as_json:
        printing.document(
            {
                "loans": book.loans.height,
                "loan_months": len(book),
                "from": month_text(book.first_month),
                "until": month_text(book.last_month),
                "currency": book.currency or None,
                "deliveries": [each.as_dict() for each in reading.deliveries],
                "told_again": reading.restated.told_again,
                "told_otherwise": reading.restated.changed,
                "faults": [each.as_dict() for each in reading.faults],
            }
        )
        return
    rows = [
        ["loans", f"{book.loans.height:,}"],
        ["loan-months", f"{len(book):,}"],
        ["months", f"{month_text(book.first_month)} to {month_text(book.last_month)}"],
        *(
            [f"loan-months kept of {each.file}", f"{each.kept:,}, of {each.rows:,} rows"]
            for each in reading.deliveries
        ),
        ["told again by a later delivery", f"{reading.restated.told_again:,}"],
        ["of them told otherwise", f"{reading.restated.changed:,}"],
    ]
    printing.pairs("The tape as it was read", rows)
    printing.notes("Refused", [str(e) for e in reading.faults if e.effect == "refused"], 40)
    printing.notes("Kept, and told", [str(e) for e in reading.faults if e.effect == "kept"], 40)


def reported(made: BookReported, *, as_json: bool) -> None:
    """A measured book: all of it as JSON, or its main figures and where the page is."""
    measured = made.measured
    if as_json:
        printing.document({**made.as_dict(), "page": str(made.page)})
        return
    summary = measured.summary
    rows = [
        ["open loans", f"{summary.open_loans:,}"],
        [f"exposure ({summary.currency or 'money'})", f"{summary.exposure:,.2f}"],
        ["more than 30 days late", percent(summary.late30_share)],
        ["more than 90 days late", percent(summary.late90_share)],
    ]
    if measured.losses is not None:
        rows.append(["allowance (IFRS 9)", f"{measured.losses.allowance:,.2f}"])
    if measured.capital is not None:
        rows.append(["risk-weighted assets (IRB)", f"{measured.capital.irb:,.2f}"])
    rows += [
        [f"limit {each.name} {each.of}".rstrip(), f"{each.use:.1%} used"]
        for each in measured.limits[:5]
    ]
    printing.pairs(f"The book at {summary.as_of}", rows)
    printing.line(f"Page: {made.page}")


def tables_written(written: Mapping[str, tuple[Path, int]], *, as_json: bool) -> None:
    """The tables that queries are asked of, and how."""
    if as_json:
        printing.document(
            {name: {"file": str(path), "rows": rows} for name, (path, rows) in written.items()}
        )
        return
    printing.pairs(
        "Tables of the book", [[name, f"{path}: {n:,} rows"] for name, (path, n) in written.items()]
    )
    path, _ = written["book"]
    printing.line(f"In DuckDB: CREATE VIEW book AS FROM '{path}'; then any query of the report")


def rules_tried(tried: RulesTried, *, as_json: bool) -> None:
    """A book by two sets of rules, and what moved between them."""
    if as_json:
        printing.document(tried.as_dict())
        return
    moved(tried.as_dict())


def moved(tried: Mapping[str, Any]) -> None:
    """The figures of a book by two sets of rules beside each other."""
    rows = [
        [
            f"{each['figure']} {each['of'] or ''}".rstrip(),
            *(_amount(each, each[name]) for name in ("before", "after", "change")),
        ]
        for each in tried["moved"]
    ]
    titles = ("figure", ", ".join(tried["before"]), ", ".join(tried["after"]), "change")
    printing.table(f"The book at {tried['as_of']}, by the rules of {tried['on']}", titles, rows)


def _amount(each: Mapping[str, Any], value: float | None) -> str:
    if value is None:
        return "not told"
    return f"{value:.1%}" if each["figure"].startswith("limit") else f"{value:,.2f}"
