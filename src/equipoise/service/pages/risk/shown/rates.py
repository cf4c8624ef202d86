"""Interest rate risk of a measured book, from the figures that `portfolio report --json` tells."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from equipoise.portfolio import GapRow, InterestMeasured
from equipoise.report.sections.book_rates import gap, income, shocks, worth
from equipoise.service.pages.risk.rows import table


def shown_rates(figures: Mapping[str, Any] | None, currency: str) -> Mapping[str, Any] | None:
    """Sentences and tables in the language spoken now; None where the book has no market rates."""
    if figures is None:
        return None
    rows = tuple(GapRow(**{**row, "until": row["until"] or inf}) for row in figures["gap"])
    interest = InterestMeasured(**{**figures, "gap": rows})
    blocks = (gap(interest, currency), shocks(interest, currency))
    return {
        "worth": worth(interest, currency),
        "income": income(interest, currency),
        "tables": [
            table(each.caption, [c.label for c in each.columns], each.rows) for each in blocks
        ],
    }
