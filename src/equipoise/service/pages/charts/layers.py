"""Where the process map's activities and edges stand when it is drawn, from top to bottom.

Layered drawing: edges that run against the stream are turned round (the lightest ones), every
activity stands below all that lead to it, and within a layer where fewest edges cross. Source:
Sugiyama, Tagawa, Toda, IEEE Trans. SMC 11 (1981) 109-125; crossings by Eades and Wormald's medians.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

MOST_EDGES = 36
CHARACTER, LEAST_WIDTH, HEIGHT, PADDING = 7.0, 72.0, 40.0, 24.0
GAP_ACROSS, GAP_DOWN, MARGIN = 28.0, 56.0, 20.0
SWEEPS = 8
WEIGHTS = 5  # strengths of a line
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Follows:
    """An edge of the map: how often `target` came right after `source`, in how many cases, and the
    median days between; None where few."""

    source: str
    target: str
    times: int
    cases: int
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """An activity in its place: its middle, its size."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """An edge in its place: `path` as SVG's `d`, `label` where its count stands. `weight` is 1 to
    WEIGHTS by how often; `back` says that it runs against the stream."""

    follows: Follows
    path: str
    label: Point
    weight: int
    back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map in its place, and how many of its rarest edges were left out."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int


def laid_out(
    edges: Sequence[Follows], labels: Mapping[str, str] | None = None, most: int = MOST_EDGES
) -> Drawing:
    """Draw the `most` most frequent edges, and of every activity its most frequent way in and out.

    `labels` are what is written in the boxes, by activity; their length makes a box's width. The
    same edges give the same drawing. Loops of an activity with itself are not drawn.
    """
    proper = [each for each in edges if each.source != each.target]
    kept = _kept(proper, most)
    if not kept:
        return Drawing(2 * MARGIN, 2 * MARGIN, (), (), len(proper))
    forward = _acyclic(kept)
    layer = _layers(forward)
    chains = [_chain(each, each in forward, layer) for each in kept]
    order = _ordered(chains, layer)
    widths = {name: _width((labels or {}).get(name, name)) for name in layer}
    place, width = _places(order, widths)
    boxes = tuple(
        Box(name, *place[name], widths[name], HEIGHT)
        for name in sorted(layer, key=place.__getitem__)
    )
    lines = _lines(kept, chains, forward, place)
    down = max(y for _, y in place.values()) + HEIGHT / 2 + MARGIN
    return Drawing(width, down, boxes, lines, len(proper) - len(kept))


def _kept(edges: Sequence[Follows], most: int) -> list[Follows]:
    ranked = sorted(edges, key=lambda each: (-each.times, each.source, each.target))
    wanted = set(ranked[:most])
    for way in ("source", "target"):
        seen: set[str] = set()
        for each in ranked:
            if getattr(each, way) not in seen:
                seen.add(getattr(each, way))
                wanted.add(each)
    return [each for each in ranked if each in wanted]


def _acyclic(edges: Iterable[Follows]) -> set[Follows]:
    """The edges that run with the stream: the most frequent first, each unless it closes a ring."""
    after: defaultdict[str, set[str]] = defaultdict(set)
    forward: set[Follows] = set()
    for each in edges:
        if not _reaches(after, each.target, each.source):
            after[each.source].add(each.target)
            forward.add(each)
    return forward


def _reaches(after: Mapping[str, set[str]], begin: str, end: str) -> bool:
    waiting, seen = [begin], {begin}
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        new = after.get(name, set()) - seen
        seen |= new
        waiting += new
    return False


def _layers(forward: Iterable[Follows]) -> dict[str, int]:
    """How far down each activity stands: below all that lead to it (longest paths)."""
    before: defaultdict[str, set[str]] = defaultdict(set)
    names: dict[str, None] = {}
    for each in sorted(forward, key=lambda one: (-one.times, one.source, one.target)):
        before[each.target].add(each.source)
        names |= {each.source: None, each.target: None}
    layer: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in layer:
            layer[name] = 1 + max((depth(each) for each in sorted(before[name])), default=-1)
        return layer[name]

    for name in names:
        depth(name)
    return layer


def _chain(each: Follows, forward: bool, layer: Mapping[str, int]) -> list[str]:
    """The edge from top to bottom, with a place of its own in every layer that it passes."""
    top, bottom = (each.source, each.target) if forward else (each.target, each.source)
    between = range(layer[top] + 1, layer[bottom])
    return [top, *(f"{each.source}\n{each.target}\n{at}" for at in between), bottom]


def _ordered(chains: Sequence[Sequence[str]], layer: Mapping[str, int]) -> list[list[str]]:
    """The places of each layer from left to right, by medians of their neighbours."""
    rows: list[list[str]] = [[] for _ in range(max(layer.values()) + 1)]
    up: defaultdict[str, list[str]] = defaultdict(list)
    down: defaultdict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for at, name in enumerate(chain):
            row = rows[layer[chain[0]] + at]
            if name not in row:
                row.append(name)
        for one, other in itertools.pairwise(chain):
            down[one].append(other)
            up[other].append(one)
    best, fewest = [list(row) for row in rows], _crossings(rows, down)
    for sweep in range(SWEEPS):
        towards, range_ = (up, rows[1:]) if sweep % 2 == 0 else (down, rows[-2::-1])
        for row in range_:
            place = {name: at for each in rows for at, name in enumerate(each)}
            middle = {
                name: median([place[each] for each in towards[name]] or [place[name]])
                for name in row
            }
            row.sort(key=lambda name, middle=middle: middle[name])  # type: ignore[misc]
        crossings = _crossings(rows, down)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _crossings(rows: Sequence[Sequence[str]], down: Mapping[str, Sequence[str]]) -> int:
    place = {name: at for row in rows for at, name in enumerate(row)}
    total = 0
    for row in rows:
        ends = [(place[name], place[each]) for name in row for each in down.get(name, ())]
        total += sum(
            (one[0] - other[0]) * (one[1] - other[1]) < 0
            for at, one in enumerate(ends)
            for other in ends[at + 1 :]
        )
    return total


def _width(label: str) -> float:
    wide = sum(2 if ord(each) > 0x2E7F else 1 for each in label)  # Chinese fills two places
    return max(LEAST_WIDTH, wide * CHARACTER + PADDING)


def _places(
    rows: Sequence[Sequence[str]], widths: Mapping[str, float]
) -> tuple[dict[str, Point], float]:
    spans = [sum(widths.get(n, 0.0) for n in row) + GAP_ACROSS * (len(row) - 1) for row in rows]
    whole = max(spans)
    place: dict[str, Point] = {}
    for at, (row, span) in enumerate(zip(rows, spans, strict=True)):
        x, y = MARGIN + (whole - span) / 2, MARGIN + HEIGHT / 2 + at * (HEIGHT + GAP_DOWN)
        for name in row:
            wide = widths.get(name, 0.0)
            place[name] = (round(x + wide / 2, 1), round(y, 1))
            x += wide + GAP_ACROSS
    return place, round(whole + 2 * MARGIN, 1)


def _lines(
    kept: Sequence[Follows],
    chains: Sequence[Sequence[str]],
    forward: set[Follows],
    place: Mapping[str, Point],
) -> tuple[Line, ...]:
    most = max(each.times for each in kept)
    made = []
    for each, chain in zip(kept, chains, strict=True):
        back = each not in forward
        points = [place[name] for name in chain]
        (x0, y0), (x1, y1) = points[0], points[-1]
        points = [(x0, y0 + HEIGHT / 2), *points[1:-1], (x1, y1 - HEIGHT / 2)]
        middle = _middle(points)
        weight = 1 + round((WEIGHTS - 1) * (each.times / most) ** 0.5)
        made.append(Line(each, _path(points[::-1] if back else points), middle, weight, back))
    return tuple(made)


def _middle(points: Sequence[Point]) -> Point:
    (x0, y0), (x1, y1) = points[(len(points) - 1) // 2], points[(len(points) - 1) // 2 + 1]
    return round((x0 + x1) / 2, 1), round((y0 + y1) / 2, 1)


def _path(points: Sequence[Point]) -> str:
    """A smooth line through the points, upright at each."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        half = (y0 + y1) / 2
        parts.append(f"C{x0:g} {half:g} {x1:g} {half:g} {x1:g} {y1:g}")
    return "".join(parts)
