"""Section 2: where the lender stands, what is reachable, and the certificate."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout, Column, Figure, Key, Section, Table, Text
from equipoise.report.charts import theme
from equipoise.report.charts.frontier import frontier_chart, places
from equipoise.report.story import Record, Story, complete, record, records
from equipoise.texts.numbers import MINUS, aligned, count, in_unit, percent, plain, precise, real
from equipoise.texts.saying import joined, marked, say

TITLE = marked("Where we stand, and what is reachable")
HEIGHT = 420
_COUNTED = frozenset({"applicants", "loans", "customers", "questions", "minutes", "hours"})


def frontier(story: Story) -> Section:
    points = complete(records(story.balance, "frontier"), "x", "y")
    if not points and not places(story):
        why = say("the balance holds no frontier point and no place of today's policy")
        return Section("frontier", say(TITLE), say("Frontier"), absent=why)
    blocks: list[Block] = [_figure(story, points)]
    if len(points) == 1:
        blocks.append(Text(say("The frontier has one point, so there is no band between points.")))
    if certificate := _certificate(story):
        blocks.append(certificate)
    blocks.append(_places_table(story))
    if points:
        blocks.append(_points_table(story, points))
    return Section("frontier", say(TITLE), say("Frontier"), blocks)


def _figure(story: Story, points: list[Record]) -> Figure:
    x, y = story.x, story.y
    spoken = [
        say(
            "{place}: {x} {x_level}, {y} {y_level}",
            place=say(place["name"]),
            x=x.label.lower(),
            x_level=story.quantity(place["x"], x.unit),
            y=y.label.lower(),
            y_level=story.quantity(place["y"], y.unit),
        )
        for place in places(story)
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


def _certificate(story: Story) -> Callout | None:
    """The move's own certificate, and the frontier's widest gap apart from it."""
    own, whole = story.certificate, record(story.balance, "certificate")
    gap, violation = own.gap, own.violation
    if gap is None and violation is None:
        return None
    parts = [say("Of the recommended move, given the model:")]
    if gap is not None:
        parts.append(
            say(
                "duality gap {gap}: no policy under these constraints can beat it by more "
                "than that.",
                gap=_in_words(gap),
            )
        )
    if violation is not None:
        parts.append(
            say("Largest violation 0: every constraint holds.")
            if violation <= 0
            else say(
                "Largest violation {violation} of a limit: every constraint holds to rounding."
                if violation <= 1e-9
                else "Largest violation {violation} of a limit: see the limits.",
                violation=_share(violation),
            )
        )
    value, bound = real(whole.get("value")), real(whole.get("bound"))
    if value is not None and bound is not None:
        parts.append(
            say(
                "Value reached {value}, upper bound {bound}.",
                value=precise(value),
                bound=precise(bound),
            )
        )
    widest = real(whole.get("frontier_gap"))
    if widest is not None:
        parts.append(
            say(
                "Along the frontier the widest gap of a point is {widest}; each point's "
                "own stands in the table.",
                widest=_in_words(widest),
            )
        )
    return Callout("plain", say("Certificate."), joined(parts, " "))


def _places_table(story: Story) -> Table:
    here = places(story)
    measures = [story.measure(name) for name in story.measures if name != story.x.name]
    rows = [
        _row(story, axis.label, axis.unit, [place[key] for place in here])
        for key, axis in (("x", story.x), ("y", story.y))
    ]
    rows += [
        _row(story, m.label, m.unit, [record(p, "measures").get(m.name) for p in here])
        for m in measures
    ]
    rows += [
        [label, *(_share(place.get(key)) for place in here)]
        for key, label in (("gap", say("Duality gap")), ("violation", say("Largest violation")))
        if any(real(place.get(key)) is not None for place in here)
    ]
    columns = (
        Column(say("Measure")),
        *(Column(say(place["name"]), numeric=True) for place in here),
    )
    return Table("places", say("Today's policy and both recommended moves"), columns, rows)


def _row(story: Story, label: str, unit: str, values: list[object]) -> list[str]:
    """A measure's row, its unit said once; per cent stays with the figures."""
    if unit in {"", "share"}:
        return [label, *aligned(values, unit)]
    if unit in {"money", story.currency}:
        return [story.head(label), *_whole(values)]
    if unit in _COUNTED:
        title = label if unit in label.lower() else in_unit(label, unit)
        return [title, *_whole(values)]
    return [in_unit(label, unit), *aligned(values)]


def _whole(values: list[object]) -> list[str]:
    return [count(value) for value in values]


def _points_table(story: Story, points: list[Record]) -> Table:
    x, y = story.x, story.y
    ordered = sorted(points, key=lambda point: float(point["x"]))
    columns = [aligned([p["x"] for p in ordered], x.unit, digits=4)]
    # bounds differ in digits that a column of three would hide
    columns += [[precise(p.get(key)) for p in ordered] for key in ("y", "lower", "upper")]
    columns += [[_share(p.get(key)) for p in ordered] for key in ("gap", "violation")]
    labels = [
        x.label,
        y.title,
        say("Lower bound"),
        say("Upper bound"),
        say("Duality gap"),
        say("Violation"),
    ]
    if any(point.get("finished") is False for point in ordered):
        labels.append(say("Search"))
        columns.append([say("ended early") if p.get("finished") is False else "" for p in ordered])
    heads = tuple(Column(label, numeric=True) for label in labels)
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    return Table("points", say("Frontier points with their certificates"), heads, rows, folded=True)


def _in_words(gap: float) -> str:
    return percent(gap) if gap == 0 or gap >= 1e-6 else _share(gap)


def _share(value: object) -> str:
    """A relative gap or violation, in one format however small."""
    x = real(value)
    return plain(None) if x is None else "0" if x == 0 else f"{x:.1e}".replace("-", MINUS)
