"""Section 2: where the lender stands, what is reachable, and the certificate."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.balance.result_document import FrontierPoint, Move
from equipoise.report.blocks import Block, Callout, Column, Figure, Key, Section, Table, Text
from equipoise.report.charts import theme
from equipoise.report.charts.frontier import frontier_chart, places
from equipoise.report.story import Story
from equipoise.texts.numbers import MINUS, aligned, count, in_unit, percent, plain, precise
from equipoise.texts.saying import joined, marked, say

TITLE = marked("Where we stand, and what is reachable")
HEIGHT = 420
_COUNTED = frozenset({"applicants", "loans", "customers", "questions", "minutes", "hours"})


def frontier(story: Story) -> Section:
    points = story.balance.frontier
    blocks: list[Block] = [_figure(story, points)]
    if len(points) == 1:
        blocks.append(Text(say("The frontier has one point, so there is no band between points.")))
    blocks += [_certificate(story), _places_table(story)]
    if points:
        blocks.append(_points_table(story, points))
    return Section("frontier", say(TITLE), say("Frontier"), blocks)


def _figure(story: Story, points: Sequence[FrontierPoint]) -> Figure:
    x, y = story.x, story.y
    spoken = [
        say(
            "{place}: {x} {x_level}, {y} {y_level}",
            place=say(name),
            x=x.label.lower(),
            x_level=story.quantity(place.x, x.unit),
            y=y.label.lower(),
            y_level=story.quantity(place.y, y.unit),
        )
        for name, place in places(story).items()
    ]
    return Figure(
        key="frontier-chart",
        spec=theme.finish(frontier_chart(story), HEIGHT),
        alt=say(
            "Frontier of {y} against {x} with {points} points. {places}.",
            y=y.label.lower(),
            x=x.label.lower(),
            points=len(points),
            places=joined(spoken, "; "),
        ),
        title=say("{y} against {x}", y=y.label, x=x.label.lower()),
        caption=say(
            "The band holds every policy that could be best: below it a better policy "
            "is known, above it none can exist. Hover a point for its measures."
        ),
        legend=(
            Key("band", say("certified band")),
            Key("blue", say("frontier point"), "dot"),
            Key("rust", say("today"), "diamond"),
            Key("blue", say("recommended: same risk"), "dot"),
            Key("teal", say("recommended: same experience"), "dot"),
        ),
    )


def _certificate(story: Story) -> Callout:
    """The move's own certificate, and the frontier's widest gap apart from it."""
    violation, whole = story.chosen.violation, story.balance.certificate
    parts = [
        say("Of the recommended move, given the model:"),
        say(
            "duality gap {gap}: no policy under these constraints can beat it by more than that.",
            gap=_in_words(story.chosen.gap),
        ),
        say("Largest violation 0: every constraint holds.")
        if violation <= 0
        else say(
            "Largest violation {violation} of a limit: every constraint holds to rounding."
            if violation <= 1e-9
            else "Largest violation {violation} of a limit: see the limits.",
            violation=_share(violation),
        ),
        say(
            "Value reached {value}, upper bound {bound}.",
            value=precise(whole.value),
            bound=precise(whole.bound),
        ),
        say(
            "Along the frontier the widest gap of a point is {widest}; each point's "
            "own stands in the table.",
            widest=_in_words(whole.frontier_gap),
        ),
    ]
    return Callout("plain", say("Certificate."), joined(parts, " "))


def _places_table(story: Story) -> Table:
    here = places(story).values()
    measures = [story.measure(name) for name in story.measures if name != story.x.name]
    rows = [
        _row(story, story.x.label, story.x.unit, [place.x for place in here]),
        _row(story, story.y.label, story.y.unit, [place.y for place in here]),
        *(_row(story, m.label, m.unit, [story.level(m.name, p) for p in here]) for m in measures),
    ]
    moves = [place if isinstance(place, Move) else None for place in here]
    rows += [
        [say("Duality gap"), *(_share(move.gap if move else None) for move in moves)],
        [say("Largest violation"), *(_share(move.violation if move else None) for move in moves)],
    ]
    columns = (
        Column(say("Measure")),
        *(Column(say(name), numeric=True) for name in places(story)),
    )
    return Table("places", say("Today's policy and both recommended moves"), columns, rows)


def _row(story: Story, label: str, unit: str, values: Sequence[float | None]) -> list[str]:
    """A measure's row, its unit said once; per cent stays with the figures."""
    if unit in {"", "share"}:
        return [label, *aligned(values, unit)]
    if unit in {"money", story.currency}:
        return [story.head(label), *_whole(values)]
    if unit in _COUNTED:
        title = label if unit in label.lower() else in_unit(label, unit)
        return [title, *_whole(values)]
    return [in_unit(label, unit), *aligned(values)]


def _whole(values: Sequence[float | None]) -> list[str]:
    return [count(value) for value in values]


def _points_table(story: Story, points: Sequence[FrontierPoint]) -> Table:
    x, y = story.x, story.y
    ordered = sorted(points, key=lambda point: point.x)
    columns = [
        aligned([point.x for point in ordered], x.unit, digits=4),
        # bounds differ in digits that a column of three would hide
        [precise(point.y) for point in ordered],
        [precise(point.lower) for point in ordered],
        [precise(point.upper) for point in ordered],
        [_share(point.gap) for point in ordered],
        [_share(point.violation) for point in ordered],
    ]
    labels = [
        x.label,
        y.title,
        say("Lower bound"),
        say("Upper bound"),
        say("Duality gap"),
        say("Violation"),
    ]
    if not all(point.finished for point in ordered):
        labels.append(say("Search"))
        columns.append(["" if point.finished else say("ended early") for point in ordered])
    heads = tuple(Column(label, numeric=True) for label in labels)
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return Table("points", say("Frontier points with their certificates"), heads, rows, folded=True)


def _in_words(gap: float) -> str:
    return percent(gap) if gap == 0 or gap >= 1e-6 else _share(gap)


def _share(value: float | None) -> str:
    """A relative gap or violation, in one format however small."""
    if value is None:
        return plain(None)
    return "0" if value == 0 else f"{value:.1e}".replace("-", MINUS)
