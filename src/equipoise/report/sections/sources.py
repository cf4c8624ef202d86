"""Sections 9 and 10: where each number comes from, and how to make the report again."""

from __future__ import annotations

from collections import Counter

from equipoise.report.blocks import Block, Column, Commands, Section, Source, Sources, Table, Text
from equipoise.report.numbers import ABSENT, count, plain, real
from equipoise.report.story import Record, Story, record, records

PROVENANCE = "Where each number comes from"
REPRODUCE = "How to make this report again"
_ORDER = ("measured", "assumed", "simulated")


def provenance(story: Story) -> Section:
    rows = records(story.balance, "provenance")
    if not rows:
        why = "the balance does not say where its inputs come from"
        return Section("provenance", PROVENANCE, "Sources", absent=why)
    counted = Counter(str(row.get("provenance") or "not said") for row in rows)
    kinds = [*(k for k in _ORDER if k in counted), *(k for k in counted if k not in _ORDER)]
    columns = (
        Column("Input"),
        Column("Value", numeric=True),
        Column("Low", numeric=True),
        Column("High", numeric=True),
        Column("Comes from"),
        Column("Source"),
    )
    blocks: list[Block] = [
        Text(
            "Measured: estimated from the data named beside it. Assumed: declared, with a source. "
            "Simulated: from the synthetic lender."
        ),
        Sources(
            "provenance",
            "Inputs and their sources",
            columns,
            [_source(story, row) for row in rows],
            [(kind, counted[kind]) for kind in kinds],
        ),
    ]
    return Section("provenance", PROVENANCE, "Sources", blocks)


def _source(story: Story, row: Record) -> Source:
    kind, unit = str(row.get("provenance") or "not said"), row.get("unit")
    cells = [
        str(row.get("input", "")),
        _value(story, row.get("value"), unit),
        *(_value(story, row.get(end), _short(unit)) for end in ("low", "high")),
        kind,
        str(row.get("source") or ""),
    ]
    return Source(cells, kind)


def _value(story: Story, value: object, unit: object) -> str:
    if isinstance(value, str):
        return value
    return ABSENT if real(value) is None else story.quantity(value, unit)


def _short(unit: object) -> object:
    """A unit in words is said once, beside the value."""
    return "" if " " in str(unit or "") else unit


def reproduce(story: Story) -> Section:
    blocks: list[Block] = []
    if story.commands:
        blocks += [Text("Run these in order."), Commands(story.commands)]
    facts = [*_data(story), *_named(story, "seeds", "seed"), *_named(story, "versions", "version")]
    if facts:
        columns = (Column("What"), Column("Value"))
        blocks.append(Table("versions", "Data, seeds and versions", columns, facts))
    if not blocks:
        why = "neither commands nor versions were given"
        return Section("reproduce", REPRODUCE, "Reproduce", absent=why)
    return Section("reproduce", REPRODUCE, "Reproduce", blocks)


def _data(story: Story) -> list[list[str]]:
    found = [
        ("workspace", str(story.balance.get("workspace") or story.fit.get("workspace") or "")),
        ("applicants valued", count(story.balance.get("applicants"))),
        ("rows fitted", count(story.fit.get("rows"))),
        ("rows refused", count(story.fit.get("refused"))),
        ("seconds to fit", plain(story.fit.get("seconds"))),
        ("seconds to balance", plain(story.balance.get("seconds"))),
    ]
    return [[name, value] for name, value in found if value and value != ABSENT]


def _named(story: Story, name: str, word: str) -> list[list[str]]:
    merged = {**record(story.fit, name), **record(story.balance, name)}
    return [[f"{word} of {key}", str(value)] for key, value in merged.items()]
