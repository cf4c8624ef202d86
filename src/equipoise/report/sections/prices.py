"""Section 3: what each constraint costs, in money."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.balance.result_document import ShadowPrice
from equipoise.report.blocks import Block, Column, Figure, Readings, Section, Table, Text
from equipoise.report.charts.balance import DrawnPrice, shadow_prices
from equipoise.report.story import Story
from equipoise.texts.numbers import percent
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("What each constraint costs")


def prices(story: Story) -> Section:
    rows = story.balance.shadow_prices
    if not rows:
        why = say("the balance holds no shadow prices")
        return Section("prices", say(TITLE), say("Shadow prices"), absent=why)
    binding = [row for row in rows if row.price != 0]
    drawn = sorted(
        (_bar(story, row) for row in binding if _one_percent(row)),
        key=lambda bar: -abs(bar.worth),
    )
    blocks: list[Block] = [
        Text(
            say(
                "A constraint's shadow price is what a little more room in it would earn. "
                "A constraint that does not bind costs nothing."
            )
        )
    ]
    if drawn:
        spoken = joined((f"{bar.label} {story.money(bar.worth)}" for bar in drawn), "; ")
        blocks.append(
            Figure(
                "price-chart",
                shadow_prices(story, drawn),
                say("Worth of one per cent more room: {spoken}", spoken=spoken),
                say("What 1 % more room in each constraint would earn"),
                say(
                    "Shadow price times one per cent of the limit, so that constraints in "
                    "different units can be compared."
                ),
            )
        )
    readings = [_reading(story, row) for row in binding]
    if not drawn:
        blocks.append(
            Text(say("No limit binds, so none has a price and there is nothing to draw."))
        )
    if readings:
        blocks.append(Readings(readings))
    blocks.append(_table(story, rows))
    return Section("prices", say(TITLE), say("Shadow prices"), blocks)


def _one_percent(row: ShadowPrice) -> float:
    return abs(row.at_most or row.used) / 100


def _bar(story: Story, row: ShadowPrice) -> DrawnPrice:
    worth = row.price * _one_percent(row)
    tips = {
        "title": row.row,
        say("1 % more room earns"): story.money(worth),
        say("One unit more earns"): _price(story, row),
        say("Limit"): story.quantity(row.at_most, row.unit),
        say("Used"): story.quantity(row.used, row.unit),
    }
    return DrawnPrice(row.row, worth, tips)


def _price(story: Story, row: ShadowPrice) -> str:
    return story.money(row.price)


def _reading(story: Story, row: ShadowPrice) -> str:
    text = row.reading.strip() or _own_words(story, row)
    return say("{sentence}.", sentence=first_up(text.removesuffix(".").removesuffix("。")))


def _own_words(story: Story, row: ShadowPrice) -> str:
    name, unit = row.row, story.in_units(row.unit) or say("unit")
    if row.unit == "share":
        return say(
            "{row}: one percentage point more would earn {price}",
            row=name,
            price=story.money(row.price / 100),
        )
    return say(
        "{row}: one more {unit} would earn {price}", row=name, unit=unit, price=_price(story, row)
    )


def _table(story: Story, rows: Sequence[ShadowPrice]) -> Table:
    columns = (
        Column(say("Constraint")),
        Column(say("Limit"), numeric=True),
        Column(say("Used"), numeric=True),
        Column(say("Share used"), numeric=True),
        Column(say("Price per unit"), numeric=True),
        Column(say("Unit")),
    )
    cells = [
        [
            row.row,
            story.quantity(row.at_most, row.unit),
            story.quantity(row.used, row.unit),
            _used(row),
            _price(story, row) if row.price else say("not binding"),
            story.in_units(row.unit) or ("" if story.currency else story.units),
        ]
        for row in rows
    ]
    return Table(
        "prices-table", say("Constraints, how far they are used, their prices"), columns, cells
    )


def _used(row: ShadowPrice) -> str:
    return percent(row.used / row.at_most if row.at_most else None)
