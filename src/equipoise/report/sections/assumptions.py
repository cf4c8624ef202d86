"""Section 6: how much of the gain rests on assumptions, and the optimiser's curse."""

from __future__ import annotations

from equipoise.report.basis import label_of
from equipoise.report.blocks import Block, Callout, Column, Figure, Key, Section, Table, Text
from equipoise.report.charts.balance import reaches_zero, tornado
from equipoise.report.story import Record, Story, complete, record, records
from equipoise.texts.numbers import aligned, count, percent, plain, real

TITLE = "How much rests on assumptions"
CHARTED_ROWS = 14
VISIBLE = 0.005  # of the widest bar: what is narrower cannot be seen beside it


def assumptions(story: Story) -> Section:
    rows = complete(records(story.balance, "tornado"), "gain_at_low", "gain_at_high")
    gain, curse = record(story.balance, "gain"), record(story.balance, "curse")
    if not rows and not gain and not curse:
        why = "the balance was not re-valued over any assumed range"
        return Section("assumptions", TITLE, "Assumptions", absent=why)
    blocks: list[Block] = []
    if gain:
        blocks.append(_survival(story, gain))
    if rows:
        blocks += _tornado(story, rows, gain)
    if curse:
        blocks.append(_curse(story, curse))
    return Section("assumptions", TITLE, "Assumptions", blocks)


def _survival(story: Story, gain: Record) -> Callout:
    unit = gain.get("unit")
    central = story.quantity(gain.get("central"), unit)
    left = story.quantity(gain.get("unfavourable"), unit)
    text = f"Central gain {central}; with every assumption at its unfavourable end, {left}."
    if gain.get("survives") is None:
        return Callout("plain", "The gain.", text)
    if gain["survives"]:
        return Callout("good", "The gain survives.", text)
    return Callout("bad", "The gain does not survive.", text)


def _tornado(story: Story, rows: list[Record], gain: Record) -> list[Block]:
    unit = str(gain.get("unit") or "")
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
    listed = "; ".join(names)
    return (
        f"{count(len(names))} of {count(of)} inputs leave the gain as it is, or nearly so, since "
        f"the move is kept while they change; they move its profit and risk instead: {listed}."
    )


def _figure(story: Story, rows: list[Record], gain: Record, unit: str) -> Figure:
    drawn = [_bar(story, row, unit) for row in rows]
    central = real(gain.get("central"))
    ends = [float(row[f"gain_at_{end}"]) for row in drawn for end in ("low", "high")]
    zero = reaches_zero(ends if central is None else [*ends, central])
    spoken = "; ".join(
        f"{row['label']} {plain(row['gain_at_low'])} to {plain(row['gain_at_high'])}"
        for row in drawn
    )
    return Figure(
        "tornado",
        tornado(story, drawn, central, unit),
        f"Gain at both ends of each range, widest first: {spoken}.",
        "The gain at both ends of every range that moves it",
        "The dark line is the central gain"
        + (", the red line no gain at all" if zero else "; the axis does not begin at zero")
        + ". Each bar moves one quantity alone.",
        (
            Key("gold", "quantity at its low end"),
            Key("violet", "quantity at its high end"),
        ),
    )


def _bar(story: Story, row: Record, unit: str) -> Record:
    tips = {
        "title": label_of(row),
        f"At {plain(row.get('low'))}": story.quantity(row["gain_at_low"], unit),
        f"At {plain(row.get('high'))}": story.quantity(row["gain_at_high"], unit),
        "This range is": str(row.get("provenance") or "–"),
        "Source": str(row.get("source") or "–"),
    }
    return {**row, "label": label_of(row), "tips": tips}


def _table(story: Story, rows: list[Record], unit: str) -> Table:
    per = f", {unit}" if unit.startswith("per ") else ""
    columns = (
        Column("Quantity"),
        Column("Range"),
        Column(f"Gain at low{per}", numeric=True),
        Column(f"Gain at high{per}", numeric=True),
        Column("Range is"),
        Column("Source", wide=True),
    )
    gains = aligned([row[f"gain_at_{end}"] for row in rows for end in ("low", "high")], unit)
    cells = [
        [
            label_of(row),
            span(story, row),
            gains[2 * at],
            gains[2 * at + 1],
            str(row.get("provenance") or ""),
            str(row.get("source") or ""),
        ]
        for at, row in enumerate(rows)
    ]
    return Table("tornado-table", "Ranges and the gain at their ends", columns, cells)


def span(story: Story, row: Record) -> str:
    """A range in its unit, said once."""
    ends = aligned([row.get("low"), row.get("high")])
    return f"{ends[0]} to {ends[1]} {story.in_units(row.get('unit'))}".rstrip()


def _curse(story: Story, curse: Record) -> Callout:
    parts = []
    if real(curse.get("ratio")) is not None:
        parts.append(f"Out of fold, losses came to {plain(curse['ratio'])} times those foretold")
        if real(curse.get("upper")) is not None:
            parts[-1] += f", at most {plain(curse['upper'])} times (one-sided, 95 %)"
        parts[-1] += "."
    tightening, today, budget = (real(curse.get(k)) for k in ("tightening", "today", "budget"))
    if today is not None and budget is not None:
        levels = [story.quantity(level, story.x.unit) for level in (today, budget)]
        cut = f"divided by {1 + (tightening or 0.0):.3f}: held to {levels[1]}"
        parts.append(f"Today's {levels[0]} is {cut if budget < today else 'kept as the limit'}.")
    elif tightening is not None:
        parts.append(f"The loss budget was tightened by {percent(tightening)} for it.")
    if real(curse.get("ratio")) in (None, 1.0) and curse.get("note"):
        parts.append(f"{str(curse['note'])[:1].upper()}{str(curse['note'])[1:]}.")
    return Callout("plain", "The optimiser's curse.", " ".join(parts))
