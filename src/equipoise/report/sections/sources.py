"""Sections 9 and 10: where each number comes from, and how to make the report again."""

from __future__ import annotations

from collections import Counter

from equipoise.report.basis import label_of
from equipoise.report.blocks import Block, Column, Commands, Section, Source, Sources, Table, Text
from equipoise.report.story import Record, Story, record, records
from equipoise.texts.numbers import ABSENT, aligned, count, plain, real

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
        Column("Value"),
        Column("Range"),
        Column("Comes from"),
        Column("Source", wide=True),
    )
    blocks: list[Block] = [
        Text(
            "Measured: estimated from, or read in, the data named beside it. Assumed: declared, "
            "with a source. Simulated: from the synthetic lender."
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
    kind = str(row.get("provenance") or "not said")
    low, high = real(row.get("low")), real(row.get("high"))
    bounded = low is not None and high is not None
    # a value and its own range are read together: one format for the three
    shown = aligned([row.get("value"), *((low, high) if bounded else ())], str(row.get("unit")))
    cells = [
        label_of(row),
        _value(story, row, shown[0]),
        f"{shown[1]} to {shown[2]}" if bounded else ABSENT,
        kind,
        str(row.get("source") or ""),
    ]
    return Source(cells, kind)


def _value(story: Story, row: Record, shown: str) -> str:
    value, unit = row.get("value"), story.in_units(row.get("unit"))
    if isinstance(value, str):
        return value.replace("_", " ")
    if real(value) is None:
        return ABSENT
    return shown if unit in {"", "share"} else f"{shown} {unit}"


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
        ("applications valued", count(story.balance.get("applicants"))),
        ("applications read", count(story.fit.get("rows"))),
        ("rows refused", count(story.fit.get("refused"))),
        ("outcomes known", count(record(story.fit, "outcome").get("known"))),
        ("of them bad", count(record(story.fit, "outcome").get("bads"))),
        ("seconds to fit", plain(story.fit.get("seconds"))),
        ("seconds to balance", plain(story.balance.get("seconds"))),
    ]
    return [[name, value] for name, value in found if value and value != ABSENT]


def _named(story: Story, name: str, word: str) -> list[list[str]]:
    merged = {**record(story.fit, name), **record(story.balance, name)}
    return [[f"{word} of {key}", str(value)] for key, value in merged.items()]
