"""What a template draws: places in units of the drawing, texts and names of classes."""

from __future__ import annotations

from dataclasses import dataclass, field

from equipoise.texts.lettering import width_of

SIZE = 12.0  # of letters, in units of the drawing; `.chart text` of service.css says the same
LINE = 16.0  # from one line of letters to the next
_WIDEST = 1.12  # DejaVu Sans against Helvetica
LETTERS = SIZE * _WIDEST  # what to break lines by
SWATCH = 26.0  # room before a name of the legend


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    look: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Letters whose baseline begins (or ends, by `anchor`) at a place."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area, as the `d` of a path."""

    d: str
    look: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A marker with what is said of it."""

    x: float
    y: float
    d: str
    look: str
    tip: str


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar with what is said of it."""

    x: float
    y: float
    width: float
    height: float
    look: str
    tip: str = ""


@dataclass(slots=True)
class Drawing:
    """One picture of a figure, drawn in this order."""

    title: str
    described: str
    width: float
    height: float
    under: list[Stroke] = field(default_factory=list)
    areas: list[Path] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


# Told apart by shape as well as by colour, in the order of series.
SHAPES = ("circle", "square", "diamond", "triangle", "cross")


def room_of(text: str, *, bold: bool = False) -> float:
    """How wide a text is in the widest of the fonts that systems put in place of their own."""
    return width_of(text, SIZE, bold=bold) * _WIDEST


def shape(name: str, x: float, y: float, size: float) -> str:
    """The path of a marker about (x, y), `size` from its middle to its side."""
    r = round(size, 1)
    if name == "circle":
        return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    if name == "square":
        return f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z"
    if name == "diamond":
        r = round(size * 1.3, 1)
        return f"M{x:.1f} {y - r:.1f}l{r} {r}l{-r} {r}l{-r} {-r}z"
    if name == "triangle":
        wide, high = round(size * 1.2, 1), round(size * 2.1, 1)
        return f"M{x:.1f} {y - wide:.1f}l{wide} {high}h{-2 * wide}z"
    third, arm = round(size * 0.4, 1), round(r - round(size * 0.4, 1), 1)
    return (
        f"M{x - third:.1f} {y - r:.1f}h{2 * third}v{arm}h{arm}v{2 * third}"
        f"h{-arm}v{arm}h{-2 * third}v{-arm}h{-arm}v{-2 * third}h{arm}z"
    )


def legend(drawing: Drawing, names: list[tuple[str, str, str]], left: float, top: float) -> float:
    """Write a legend of (name, look, kind) in as many rows as it takes; how far down it goes.

    `kind` is `line`, `bar` or the name of a marker's shape.
    """
    x, y = left, top + SIZE
    for name, look, kind in names:
        wide = SWATCH + room_of(name) + 14
        if x > left and x + wide > drawing.width:
            x, y = left, y + LINE + 2
        _swatch(drawing, x, y - SIZE / 2 + 2, look, kind)
        drawing.texts.append(Text(x + SWATCH, y, name, look="named"))
        x += wide
    return y + 8 if names else top


def _swatch(drawing: Drawing, x: float, y: float, look: str, kind: str) -> None:
    if kind == "bar":
        drawing.rects.append(Rect(x, y - 5, 18, 10, look))
        return
    if look.startswith("series"):
        drawing.strokes.append(Stroke(x, y, x + 20, y, look))
    if kind != "line":
        drawing.dots.append(Dot(x + 10, y, shape(kind, x + 10, y, 4), look, ""))
