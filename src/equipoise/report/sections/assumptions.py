"""Section 6: how much of the gain rests on assumptions, and the optimiser's curse."""

from __future__ import annotations

from equipoise.report.basis import label_of
from equipoise.report.blocks import Block, Callout, Column, Figure, Key, Section, Table, Text
from equipoise.report.charts.balance import reaches_zero, tornado
from equipoise.report.story import Gain, Record, Story, complete, record, records
from equipoise.texts.numbers import aligned, count, in_unit, percent, plain, real, span
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("How much rests on assumptions")
CHARTED_ROWS = 14
VISIBLE = 0.005  # of the widest bar: what is narrower cannot be seen beside it


def assumptions(story: Story) -> Section:
    rows = complete(records(story.balance, "tornado"), "gain_at_low", "gain_at_high")
    gain, curse = story.gain, record(story.balance, "curse")
    if not rows and not gain and not curse:
        why = say("the balance was not re-valued over any assumed range")
        return Section("assumptions", say(TITLE), say("Assumptions"), absent=why)
    blocks: list[Block] = []
    if gain:
        blocks.append(_survival(story, gain))
    if rows:
        blocks += _tornado(story, rows, gain)
    if curse:
        blocks.append(_curse(story, curse))
    return Section("assumptions", say(TITLE), say("Assumptions"), blocks)


def _survival(story: Story, gain: Gain) -> Callout:
    central = story.quantity(gain.central, gain.unit)
    left = story.quantity(gain.unfavourable, gain.unit)
    text = say(
        "Central gain {central}; with every assumption at its unfavourable end, {left}.",
        central=central,
        left=left,
    )
    if gain.survives is None:
        return Callout("plain", say("The gain."), text)
    if gain.survives:
        return Callout("good", say("The gain survives."), text)
    return Callout("bad", say("The gain does not survive."), text)


def _tornado(story: Story, rows: list[Record], gain: Gain | None) -> list[Block]:
    unit = gain.unit if gain else ""
    ordered = sorted(rows, key=lambda row: -_width(row))
    widest = max(_width(row) for row in ordered)
    moving = [row for row in ordered if _width(row) > VISIBLE * widest]
    still = [label_of(row) for row in ordered if not _width(row) > VISIBLE * widest]
    blocks: list[Block] = []
    if moving:
        blocks.append(_figure(story, moving[:CHARTED_ROWS], gain, unit))
    if still:
        blocks.append(Text(_still(still, of=len(ordered))))
    return [*blocks, _table(story, ordered, unit)]


def _width(row: Record) -> float:
    return abs(float(row["gain_at_high"]) - float(row["gain_at_low"]))


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


def _figure(story: Story, rows: list[Record], gain: Gain | None, unit: str) -> Figure:
    drawn = [_bar(story, row, unit) for row in rows]
    central = gain.central if gain else None
    ends = [float(row[f"gain_at_{end}"]) for row in drawn for end in ("low", "high")]
    zero = reaches_zero(ends if central is None else [*ends, central])
    spoken = joined(
        (
            say(
                "{input} {low} to {high}",
                input=row["label"],
                low=plain(row["gain_at_low"]),
                high=plain(row["gain_at_high"]),
            )
            for row in drawn
        ),
        "; ",
    )
    return Figure(
        "tornado",
        tornado(story, drawn, central, unit),
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


def _bar(story: Story, row: Record, unit: str) -> Record:
    tips = {
        "title": label_of(row),
        say("At {level}", level=plain(row.get("low"))): story.quantity(row["gain_at_low"], unit),
        say("At {level}", level=plain(row.get("high"))): story.quantity(row["gain_at_high"], unit),
        say("This range is"): say(str(row.get("provenance") or "–")),
        say("Source"): str(row.get("source") or "–"),
    }
    return {**row, "label": label_of(row), "tips": tips}


def _table(story: Story, rows: list[Record], unit: str) -> Table:
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
    gains = aligned([row[f"gain_at_{end}"] for row in rows for end in ("low", "high")], unit)
    cells = [
        [
            label_of(row),
            _range(story, row),
            gains[2 * at],
            gains[2 * at + 1],
            say(str(row.get("provenance") or "")),
            str(row.get("source") or ""),
        ]
        for at, row in enumerate(rows)
    ]
    return Table("tornado-table", say("Ranges and the gain at their ends"), columns, cells)


def _range(story: Story, row: Record) -> str:
    """A range in its unit, said once."""
    ends = span(*aligned([row.get("low"), row.get("high")]))
    return f"{ends} {story.in_units(row.get('unit'))}".rstrip()


def _curse(story: Story, curse: Record) -> Callout:
    parts = []
    if real(curse.get("ratio")) is not None:
        parts.append(
            say(
                "Out of fold, losses came to {ratio} times those foretold."
                if real(curse.get("upper")) is None
                else "Out of fold, losses came to {ratio} times those foretold, at most {upper} "
                "times (one-sided, 95 %).",
                ratio=plain(curse["ratio"]),
                upper=plain(curse.get("upper")),
            )
        )
    tightening, today, budget = (real(curse.get(k)) for k in ("tightening", "today", "budget"))
    if today is not None and budget is not None:
        parts.append(
            say(
                "Today's {today} is divided by {factor}: held to {budget}."
                if budget < today
                else "Today's {today} is kept as the limit.",
                today=story.quantity(today, story.x.unit),
                budget=story.quantity(budget, story.x.unit),
                factor=f"{1 + (tightening or 0.0):.3f}",
            )
        )
    elif tightening is not None:
        parts.append(
            say(
                "The loss budget was tightened by {tightening} for it.",
                tightening=percent(tightening),
            )
        )
    if real(curse.get("ratio")) in (None, 1.0) and curse.get("note"):
        parts.append(say("{sentence}.", sentence=first_up(str(curse["note"]))))
    return Callout("plain", say("The optimiser's curse."), joined(parts, " "))
