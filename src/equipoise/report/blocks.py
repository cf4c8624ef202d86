"""What a section of the report is made of. Sections choose blocks; templates draw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

Tone = Literal["good", "warn", "bad", "plain"]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a chart's legend: a swatch in a theme colour, its shape, its meaning."""

    colour: str
    text: str
    shape: Literal["box", "line", "dot", "diamond"] = "box"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: its Vega-Lite spec, what it says to those who cannot see it, its caption."""

    kind: ClassVar[str] = "figure"
    key: str
    spec: dict[str, Any]
    alt: str
    title: str
    caption: str = ""
    legend: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; numbers align to the right, a wide one holds sentences."""

    label: str
    numeric: bool = False
    wide: bool = False
    tagged: bool = False  # holds where a number comes from


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of ready text under a caption. A folded table opens on demand (and always in print)."""

    kind: ClassVar[str] = "table"
    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[list[str]]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; a small one explains words and rules."""

    kind: ClassVar[str] = "text"
    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Readings:
    """Sentences that put a chart's figures in plain words."""

    kind: ClassVar[str] = "readings"
    items: list[str]


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed sentence: a banner when bad, a quiet line when plain."""

    kind: ClassVar[str] = "callout"
    tone: Tone
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    note: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Facts:
    """A few figures in large type."""

    kind: ClassVar[str] = "facts"
    items: list[Fact]


@dataclass(frozen=True, slots=True)
class Pair:
    """Figures side by side where there is room."""

    kind: ClassVar[str] = "pair"
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that the answer rests on; `warn` where a reader should stop at it."""

    title: str
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer rests on, as a list of names and sentences."""

    kind: ClassVar[str] = "grounds"
    title: str
    items: list[Ground]


@dataclass(frozen=True, slots=True)
class Columns:
    """Two columns of blocks side by side where there is room."""

    kind: ClassVar[str] = "columns"
    left: list[Block]
    right: list[Block]


@dataclass(frozen=True, slots=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """One input of the provenance table."""

    cells: list[str]
    provenance: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The provenance table, which the reader can filter."""

    kind: ClassVar[str] = "sources"
    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[Source]
    counts: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Commands:
    kind: ClassVar[str] = "commands"
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer in one cell of a matrix: tone, the icon and the word that say it, a few figures."""

    tone: Tone
    icon: str
    word: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A matrix of answers; None where nothing could be asked."""

    kind: ClassVar[str] = "verdicts"
    key: str
    caption: str
    columns: tuple[str, ...]
    rows: list[tuple[str, list[Verdict | None]]]


Block = (
    Figure
    | Table
    | Text
    | Readings
    | Callout
    | Facts
    | Pair
    | Grounds
    | Columns
    | Heading
    | Sources
    | Commands
    | Verdicts
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. One with no blocks is left out, and `absent` says why."""

    key: str
    title: str
    short: str
    blocks: list[Block] = field(default_factory=list)
    absent: str = ""

    @property
    def figures(self) -> list[Figure]:
        drawn: list[Figure] = []
        for block in self.blocks:
            if isinstance(block, Figure):
                drawn.append(block)
            elif isinstance(block, Pair):
                drawn.extend(block.figures)
        return drawn
