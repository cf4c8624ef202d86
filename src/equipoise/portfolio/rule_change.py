"""A book under two sets of rules: what a change of provisioning, classification or limits moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.portfolio.measured import BookMeasured


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure by each of two sets of rules; None where one of them does not tell it. Money is in
    the book's currency, limits are told as shares of themselves that are used."""

    figure: str
    of: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """After less before, where both are told."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def moved_by(before: BookMeasured, after: BookMeasured) -> tuple[Moved, ...]:
    """Every figure that rules decide, by both: allowances, exposure by stage and by grade,
    risk-weighted assets and the capital they ask for, and the use of limits."""
    one, two = dict(_figures(before)), dict(_figures(after))
    names = dict.fromkeys([*one, *two])
    return tuple(Moved(*name, one.get(name), two.get(name)) for name in names)


def _figures(book: BookMeasured) -> Iterator[tuple[tuple[str, str], float]]:
    if book.losses is not None:
        yield ("allowance", ""), book.losses.allowance
        for stage in book.losses.stages:
            yield ("exposure in stage", str(stage.stage)), stage.exposure
    if book.capital is not None:
        yield ("risk-weighted assets", "IRB"), book.capital.irb
        yield ("risk-weighted assets", "standardised"), book.capital.standardised
        yield ("capital asked for", "IRB"), book.capital.irb * book.capital.ratio
        asked = book.capital.standardised * book.capital.ratio
        yield ("capital asked for", "standardised"), asked
    if book.grades is not None:
        for row in book.grades.rows:
            yield ("exposure in grade", row.grade), row.exposure
    for limit in book.limits:
        yield (f"limit used: {limit.name}", limit.of), limit.use
