"""Sections 9 and 10: where each number comes from, and how to make the report again."""

from __future__ import annotations

from collections import Counter

from equipoise.report.basis import KINDS, NOT_SAID, label_of
from equipoise.report.blocks import Block, Column, Commands, Section, Source, Sources, Table, Text
from equipoise.report.story import Record, Story, record, records
from equipoise.texts.numbers import ABSENT, aligned, count, plain, real, span
from equipoise.texts.saying import marked, retold, say

PROVENANCE = marked("Where each number comes from")
REPRODUCE = marked("How to make this report again")


def provenance(story: Story) -> Section:
    rows = records(story.balance, "provenance")
    if not rows:
        why = say("the balance does not say where its inputs come from")
        return Section("provenance", say(PROVENANCE), say("Sources"), absent=why)
    counted = Counter(str(row.get("provenance") or NOT_SAID) for row in rows)
    kinds = [*(k for k in KINDS if k in counted), *(k for k in counted if k not in KINDS)]
    columns = (
        Column(say("Input")),
        Column(say("Value")),
        Column(say("Range")),
        Column(say("Comes from"), tagged=True),
        Column(say("Source"), wide=True),
    )
    blocks: list[Block] = [
        Text(
            say(
                "Measured: estimated from, or read in, the data named beside it. Assumed: "
                "declared, with a source. Simulated: from the synthetic lender."
            )
        ),
        Sources(
            "provenance",
            say("Inputs and their sources"),
            columns,
            [_source(story, row) for row in rows],
            [(kind, counted[kind]) for kind in kinds],
        ),
    ]
    return Section("provenance", say(PROVENANCE), say("Sources"), blocks)


def _source(story: Story, row: Record) -> Source:
    kind = str(row.get("provenance") or NOT_SAID)
    low, high = real(row.get("low")), real(row.get("high"))
    bounded = low is not None and high is not None
    # a value and its own range are read together: one format for the three
    shown = aligned([row.get("value"), *((low, high) if bounded else ())], str(row.get("unit")))
    cells = [
        label_of(row),
        _value(story, row, shown[0]),
        span(shown[1], shown[2]) if bounded else ABSENT,
        say(kind),
        str(row.get("source") or ""),
    ]
    return Source(cells, kind)


def _value(story: Story, row: Record, shown: str) -> str:
    value, unit = row.get("value"), story.in_units(row.get("unit"))
    if isinstance(value, str):
        return retold(value.replace("_", " "))
    if real(value) is None:
        return ABSENT
    return shown if row.get("unit") in {None, "", "share"} else f"{shown} {unit}"


def reproduce(story: Story) -> Section:
    blocks: list[Block] = []
    if story.commands:
        blocks += [Text(say("Run these in order.")), Commands(story.commands)]
    facts = [*_data(story), *_seeds(story), *_versions(story)]
    if facts:
        columns = (Column(say("What")), Column(say("Value")))
        blocks.append(Table("versions", say("Data, seeds and versions"), columns, facts))
    if not blocks:
        why = say("neither commands nor versions were given")
        return Section("reproduce", say(REPRODUCE), say("Reproduce"), absent=why)
    return Section("reproduce", say(REPRODUCE), say("Reproduce"), blocks)


def _data(story: Story) -> list[list[str]]:
    facts = [
        (say("workspace"), str(story.balance.get("workspace") or story.fit.get("workspace") or "")),
        (say("applications valued"), count(story.balance.get("applicants"))),
        (say("applications read"), count(story.fit.get("rows"))),
        (say("rows refused"), count(story.fit.get("refused"))),
        (say("outcomes known"), count(record(story.fit, "outcome").get("known"))),
        (say("of them bad"), count(record(story.fit, "outcome").get("bads"))),
        (say("seconds to fit"), plain(story.fit.get("seconds"))),
        (say("seconds to balance"), plain(story.balance.get("seconds"))),
    ]
    return [[name, value] for name, value in facts if value and value != ABSENT]


def _seeds(story: Story) -> list[list[str]]:
    seeds = {**record(story.fit, "seeds"), **record(story.balance, "seeds")}
    return [[say("seed of {step}", step=step), str(seed)] for step, seed in seeds.items()]


def _versions(story: Story) -> list[list[str]]:
    named = {**record(story.fit, "versions"), **record(story.balance, "versions")}
    return [[say("version of {package}", package=name), str(v)] for name, v in named.items()]
