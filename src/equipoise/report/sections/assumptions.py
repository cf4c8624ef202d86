"""Section 6: how much of the gain rests on assumptions, and the optimiser's curse."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.balance.result_document import CurseOfChoice, Gain, TornadoBar
from equipoise.report.basis import label_of
from equipoise.report.blocks import Block, Callout, Column, Figure, Key, Section, Table, Text
from equipoise.report.charts.balance import DrawnRange, reaches_zero, tornado
from equipoise.report.story import Story
from equipoise.texts.numbers import aligned, count, in_unit, plain, span
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("How much rests on assumptions")
CHARTED_ROWS = 14
VISIBLE = 0.005  # of the widest bar: what is narrower cannot be seen beside it


def assumptions(story: Story) -> Section:
    rows, gain = story.balance.tornado, story.balance.gain
    blocks: list[Block] = [_survival(story, gain)]
    if rows:
        blocks += _tornado(story, rows, gain)
    blocks.append(_curse(story, story.balance.curse))
    return Section("assumptions", say(TITLE), say("Assumptions"), blocks)


def _survival(story: Story, gain: Gain) -> Callout:
    central = story.quantity(gain.central, gain.unit)
    left = story.quantity(gain.unfavourable, gain.unit)
    text = say(
        "Central gain {central}; with every assumption at its unfavourable end, {left}.",
        central=central,
        left=left,
    )
    if gain.survives:
        return Callout("good", say("The gain survives."), text)
    return Callout("bad", say("The gain does not survive."), text)


def _tornado(story: Story, rows: Sequence[TornadoBar], gain: Gain) -> list[Block]:
    ordered = sorted(rows, key=lambda row: -_width(row))
    widest = max(_width(row) for row in ordered)
    moving = [row for row in ordered if _width(row) > VISIBLE * widest]
    still = [
        label_of(row.label, row.quantity) for row in ordered if not _width(row) > VISIBLE * widest
    ]
    blocks: list[Block] = []
    if moving:
        blocks.append(_figure(story, moving[:CHARTED_ROWS], gain))
    if still:
        blocks.append(Text(_still(still, of=len(ordered))))
    return [*blocks, _table(story, ordered, gain.unit)]


def _width(row: TornadoBar) -> float:
    return abs(row.gain_at_high - row.gain_at_low)


def _still(names: list[str], of: int) -> str:
    listed = joined(names, "; ")
    return say(
        "{names} of {of} inputs leave the gain as it is, or nearly so, since the "
        "move is kept while they change; they move its profit and risk instead: "
        "{listed}.",
        names=count(len(names)),
        of=count(of),
        listed=listed,
    )


def _figure(story: Story, rows: Sequence[TornadoBar], gain: Gain) -> Figure:
    drawn = [_bar(story, row, gain.unit) for row in rows]
    ends = [end for row in drawn for end in (row.gain_at_low, row.gain_at_high)]
    zero = reaches_zero([*ends, gain.central])
    spoken = joined(
        (
            say(
                "{input} {low} to {high}",
                input=row.label,
                low=plain(row.gain_at_low),
                high=plain(row.gain_at_high),
            )
            for row in drawn
        ),
        "; ",
    )
    return Figure(
        "tornado",
        tornado(story, drawn, gain.central, gain.unit),
        say("Gain at both ends of each range, widest first: {spoken}.", spoken=spoken),
        say("The gain at both ends of every range that moves it"),
        say(
            "The dark line is the central gain, the red line no gain at all. Each bar moves one "
            "quantity alone."
            if zero
            else "The dark line is the central gain; the axis does not begin at zero. Each bar "
            "moves one quantity alone."
        ),
        (
            Key("gold", say("quantity at its low end")),
            Key("violet", say("quantity at its high end")),
        ),
    )


def _bar(story: Story, row: TornadoBar, unit: str) -> DrawnRange:
    label = label_of(row.label, row.quantity)
    tips = {
        "title": label,
        say("At {level}", level=plain(row.low)): story.quantity(row.gain_at_low, unit),
        say("At {level}", level=plain(row.high)): story.quantity(row.gain_at_high, unit),
        say("This range is"): say(row.provenance or "–"),
        say("Source"): row.source or "–",
    }
    return DrawnRange(label, row.gain_at_low, row.gain_at_high, tips)


def _table(story: Story, rows: Sequence[TornadoBar], unit: str) -> Table:
    heads = [say("Gain at low"), say("Gain at high")]
    if unit.startswith("per "):
        heads = [in_unit(head, unit) for head in heads]
    columns = (
        Column(say("Quantity")),
        Column(say("Range")),
        *(Column(head, numeric=True) for head in heads),
        Column(say("Range is")),
        Column(say("Source"), wide=True),
    )
    gains = aligned([gain for row in rows for gain in (row.gain_at_low, row.gain_at_high)], unit)
    cells = [
        [
            label_of(row.label, row.quantity),
            _range(story, row),
            gains[2 * at],
            gains[2 * at + 1],
            say(row.provenance),
            row.source,
        ]
        for at, row in enumerate(rows)
    ]
    return Table("tornado-table", say("Ranges and the gain at their ends"), columns, cells)


def _range(story: Story, row: TornadoBar) -> str:
    """A range in its unit, said once."""
    ends = span(*aligned([row.low, row.high]))
    return f"{ends} {story.in_units(row.unit)}".rstrip()


def _curse(story: Story, curse: CurseOfChoice) -> Callout:
    parts = []
    if curse.ratio is not None:
        parts.append(
            say(
                "Out of fold, losses came to {ratio} times those foretold."
                if curse.upper is None
                else "Out of fold, losses came to {ratio} times those foretold, at most {upper} "
                "times (one-sided, 95 %).",
                ratio=plain(curse.ratio),
                upper=plain(curse.upper),
            )
        )
    parts.append(
        say(
            "Today's {today} is divided by {factor}: held to {budget}."
            if curse.budget < curse.today
            else "Today's {today} is kept as the limit.",
            today=story.quantity(curse.today, story.x.unit),
            budget=story.quantity(curse.budget, story.x.unit),
            factor=f"{1 + curse.tightening:.3f}",
        )
    )
    if curse.ratio in (None, 1.0) and curse.note:
        parts.append(say("{sentence}.", sentence=first_up(curse.note)))
    return Callout("plain", say("The optimiser's curse."), joined(parts, " "))
