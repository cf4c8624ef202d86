"""Section 6: how much of the gain rests on assumptions, and the optimiser's curse."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout, Column, Figure, Key, Section, Table
from equipoise.report.charts.balance import tornado
from equipoise.report.numbers import percent, plain, real
from equipoise.report.story import Record, Story, complete, record, records

TITLE = "How much rests on assumptions"
CHARTED_ROWS = 14


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
        blocks.append(_curse(curse))
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
    ordered = sorted(rows, key=lambda r: -abs(r["gain_at_high"] - r["gain_at_low"]))
    drawn = [_bar(story, row, unit) for row in ordered[:CHARTED_ROWS]]
    spoken = "; ".join(
        f"{row['label']} {plain(row['gain_at_low'])} to {plain(row['gain_at_high'])}"
        for row in drawn
    )
    figure = Figure(
        "tornado",
        tornado(story, drawn, real(gain.get("central")), unit),
        f"Gain at both ends of each range, widest first: {spoken}.",
        "The gain at both ends of every range",
        "The dark line is the central gain, the red line no gain at all. Each bar moves one "
        "quantity alone.",
        (
            Key("gold", "quantity at its low end"),
            Key("violet", "quantity at its high end"),
        ),
    )
    return [figure, _table(story, ordered, unit)]


def _bar(story: Story, row: Record, unit: str) -> Record:
    tips = {
        "title": str(row.get("quantity")),
        f"At {plain(row.get('low'))}": story.quantity(row["gain_at_low"], unit),
        f"At {plain(row.get('high'))}": story.quantity(row["gain_at_high"], unit),
        "This range is": str(row.get("provenance") or "–"),
        "Source": str(row.get("source") or "–"),
    }
    return {**row, "label": str(row.get("quantity")), "tips": tips}


def _table(story: Story, rows: list[Record], unit: str) -> Table:
    per = f", {unit}" if unit.startswith("per ") else ""
    columns = (
        Column("Quantity"),
        Column("Low", numeric=True),
        Column("High", numeric=True),
        Column(f"Gain at low{per}", numeric=True),
        Column(f"Gain at high{per}", numeric=True),
        Column("Range is"),
        Column("Source"),
    )
    cells = [
        [
            str(row.get("quantity")),
            plain(row.get("low")),
            plain(row.get("high")),
            *(
                story.quantity(row[f"gain_at_{end}"], "" if per else unit)
                for end in ("low", "high")
            ),
            str(row.get("provenance") or ""),
            str(row.get("source") or ""),
        ]
        for row in rows
    ]
    return Table("tornado-table", "Ranges and the gain at their ends", columns, cells)


def _curse(curse: Record) -> Callout:
    parts = []
    if real(curse.get("ratio")) is not None:
        parts.append(f"Out of fold, true loss was {plain(curse['ratio'])} times what was promised")
        if real(curse.get("upper")) is not None:
            parts[-1] += f" (at most {plain(curse['upper'])} with confidence)"
        parts[-1] += "."
    if real(curse.get("tightening")) is not None:
        parts.append(f"The loss budget was tightened by {percent(curse['tightening'])} for it.")
    if curse.get("note"):
        parts.append(str(curse["note"]))
    return Callout("plain", "The optimiser's curse.", " ".join(parts))
