"""What is shown: frozen figures that pages make and the tag draws. They hold values, no places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from equipoise.service.pages.charts.axes import Axis, Value
from equipoise.texts.numbers import ABSENT, FEW, count, span
from equipoise.texts.numbers import percent as share_text
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a figure as text: a head, and rows of as many cells."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value at one place, with its interval where it has one; None breaks the line."""

    x: Value
    y: float | None
    low: float | None = None
    high: float | None = None
    tip: str = ""  # said of the point besides its two values


@dataclass(frozen=True, slots=True)
class Series:
    """Readings that belong together, in the order of x.

    `look` says whether they are joined, shown as points with their intervals, or both; a joined
    series shows its intervals as a band.
    """

    name: str
    readings: tuple[Reading, ...]
    look: Literal["line", "points", "both"] = "line"


@dataclass(frozen=True, slots=True)
class Mark:
    """A named place of its own, such as today's, with its interval of y where it has one."""

    name: str
    x: Value
    y: float
    low: float | None = None
    high: float | None = None
    tip: str = ""
    strong: bool = False  # the one that the page speaks of


@dataclass(frozen=True, slots=True)
class Rule:
    """A named line across the figure at a value of `along`."""

    name: str
    at: Value
    along: Literal["x", "y"] = "y"


@dataclass(frozen=True, slots=True)
class Lines:
    """Series over two axes, with named marks and rules."""

    title: str
    described: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def table(self) -> Table:
        """Each reading and mark in a row of its own."""
        named = [(s.name, r.x, r.y, r.low, r.high) for s in self.series for r in s.readings]
        named += [(mark.name, mark.x, mark.y, mark.low, mark.high) for mark in self.marks]
        named += [(r.name, r.at, None, None, None) for r in self.rules if r.along == "x"]
        rows = [(name, self.x.write(x), _said(self.y, y), _between(self.y, low, high))
                for name, x, y, low, high in named]  # fmt: skip
        level = [(r.name, ABSENT, self.y.write(r.at), "") for r in self.rules if r.along == "y"]
        head = (say("Name"), self.x.label, self.y.label, say("Interval"))
        return _without_empty(Table(self.title, head, (*rows, *level)))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row, absent as None, with its interval where it has one.

    `text` is written in place of the value, such as `40 % (80/200)`.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of bars: what it is called, and a cell for each name of the figure."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars from zero, one row to a thing; `names` tells cells apart, up to three."""

    title: str
    described: str
    axis: Axis
    names: tuple[str, ...]
    rows: tuple[Bar, ...]
    rules: tuple[Rule, ...] = ()  # of the axis, `along` x

    @property
    def table(self) -> Table:
        """A row to a thing, a column to a name, and its interval beside it."""
        head = [say("Name")]
        for name in self.names:
            head += [name or self.axis.label, say("Interval")]
        rows = []
        for bar in self.rows:
            cells = [(c.text or _said(self.axis, c.value), _between(self.axis, c.low, c.high))
                     for c in bar.cells]  # fmt: skip
            rows.append((bar.name, *(text for pair in cells for text in pair)))
        blank = ("",) * (len(head) - 2)
        rows += [(rule.name, self.axis.write(rule.at), *blank) for rule in self.rules]
        return _without_empty(Table(self.title, tuple(head), tuple(rows)))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a funnel: how many came to it. `note` is said beside it."""

    name: str
    came: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """A funnel: of those who came to the first step, how many came to each."""

    title: str
    described: str
    steps: tuple[Step, ...]

    @property
    def table(self) -> Table:
        """How many came to each step, of the first and of the one before."""
        first = self.steps[0].came if self.steps else 0
        befores = (None, *(step.came for step in self.steps[:-1]))
        rows = tuple(
            (step.name, count(step.came), of(step.came, first),
             "" if before is None else of(step.came, before), step.note)
            for step, before in zip(self.steps, befores, strict=False)
        )  # fmt: skip
        head = (say("Step"), say("Came"), say("Of the first step"), say("Of the step before"),
                say("Note"))  # fmt: skip
        return _without_empty(Table(self.title, head, rows))


@dataclass(frozen=True, slots=True)
class Fall:
    """A bar of a waterfall: a level where it is `whole`, else what is added to the one before.
    `text` is how it is written."""

    name: str
    value: float
    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Falls:
    """A waterfall: levels, and between them what leads from one to the next. `worse` says whether
    more of it is."""

    title: str
    described: str
    axis: Axis
    rows: tuple[Fall, ...]
    worse: bool = False

    @property
    def table(self) -> Table:
        """Each bar in a row of its own."""
        rows = tuple((each.name, each.text) for each in self.rows)
        return Table(self.title, (say("Name"), self.axis.label), rows)


Figure = Lines | Bars | Steps | Falls


def of(part: int, whole: int) -> str:
    """A share with its counts, `40 % (80/200)`; of fewer than ten, the counts alone."""
    counts = f"{count(part)}/{count(whole)}"
    return counts if whole < FEW else f"{share_text(part / whole)} ({counts})"


def _said(axis: Axis, value: Value | None) -> str:
    return ABSENT if value is None else axis.write(value)


def _between(axis: Axis, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else span(axis.write(low), axis.write(high))


def _without_empty(table: Table) -> Table:
    """The table without columns that are empty in every row."""
    columns: Iterable[tuple[str, ...]] = zip(*table.rows, strict=True)
    kept = [at for at, column in enumerate(columns) if any(column)]
    if not table.rows:
        return table
    head = tuple(table.head[at] for at in kept)
    return Table(table.caption, head, tuple(tuple(row[at] for at in kept) for row in table.rows))
