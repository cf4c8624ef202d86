"""Section 3: what each constraint costs, in money."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Readings, Section, Table, Text
from equipoise.report.charts.balance import shadow_prices
from equipoise.report.story import Record, Story, complete, records
from equipoise.texts.numbers import percent, real

TITLE = "What each constraint costs"


def prices(story: Story) -> Section:
    rows = complete(records(story.balance, "shadow_prices"), "price")
    if not rows:
        why = "the balance holds no shadow prices"
        return Section("prices", TITLE, "Shadow prices", absent=why)
    binding = [row for row in rows if row["price"] != 0]
    drawn = sorted(
        (_bar(story, row) for row in binding if _one_percent(row)),
        key=lambda row: -abs(row["worth"]),
    )
    blocks: list[Block] = [
        Text(
            "A constraint's shadow price is what a little more room in it would earn. "
            "A constraint that does not bind costs nothing."
        )
    ]
    if drawn:
        blocks.append(
            Figure(
                "price-chart",
                shadow_prices(story, drawn),
                "Worth of one per cent more room: "
                + "; ".join(f"{row['label']} {story.money(row['worth'])}" for row in drawn),
                "What 1 % more room in each constraint would earn",
                "Shadow price times one per cent of the limit, so that constraints in different "
                "units can be compared.",
            )
        )
    readings = [_reading(story, row) for row in binding]
    if not drawn:
        blocks.append(Text("No limit binds, so none has a price and there is nothing to draw."))
    if readings:
        blocks.append(Readings(readings))
    blocks.append(_table(story, rows))
    return Section("prices", TITLE, "Shadow prices", blocks)


def _one_percent(row: Record) -> float:
    limit = real(row.get("at_most")) or real(row.get("used")) or 0.0
    return abs(limit) / 100


def _bar(story: Story, row: Record) -> Record:
    worth = row["price"] * _one_percent(row)
    tips = {
        "title": str(row.get("row")),
        "1 % more room earns": story.money(worth),
        "One unit more earns": _price(story, row),
        "Limit": story.quantity(row.get("at_most"), row.get("unit")),
        "Used": story.quantity(row.get("used"), row.get("unit")),
    }
    return {"label": str(row.get("row")), "worth": worth, "tips": tips}


def _price(story: Story, row: Record) -> str:
    return story.money(row["price"])


def _reading(story: Story, row: Record) -> str:
    text = str(row.get("reading") or "").strip() or _own_words(story, row)
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _own_words(story: Story, row: Record) -> str:
    name, unit = row.get("row"), story.in_units(row.get("unit")) or "unit"
    if unit == "share":
        return f"{name}: one percentage point more would earn {story.money(row['price'] / 100)}"
    return f"{name}: one more {unit} would earn {_price(story, row)}"


def _table(story: Story, rows: list[Record]) -> Table:
    columns = (
        Column("Constraint"),
        Column("Limit", numeric=True),
        Column("Used", numeric=True),
        Column("Share used", numeric=True),
        Column("Price per unit", numeric=True),
        Column("Unit"),
    )
    cells = [
        [
            str(row.get("row")),
            story.quantity(row.get("at_most"), row.get("unit")),
            story.quantity(row.get("used"), row.get("unit")),
            _used(row),
            _price(story, row) if row["price"] else "not binding",
            story.in_units(row.get("unit")) or ("" if story.currency else story.units),
        ]
        for row in rows
    ]
    return Table("prices-table", "Constraints, how far they are used, their prices", columns, cells)


def _used(row: Record) -> str:
    used, limit = real(row.get("used")), real(row.get("at_most"))
    return percent(used / limit) if used is not None and limit else percent(None)
