"""Sections 9 and 10: where each number comes from, and how to make the report again."""

from __future__ import annotations

from collections import Counter

from equipoise.balance.result_document import InputSource
from equipoise.report.basis import KINDS, NOT_SAID, label_of
from equipoise.report.blocks import Block, Column, Commands, Section, Source, Sources, Table, Text
from equipoise.report.story import Story
from equipoise.texts.numbers import ABSENT, aligned, count, plain, span
from equipoise.texts.saying import marked, retold, say

PROVENANCE = marked("Where each number comes from")
REPRODUCE = marked("How to make this report again")


def provenance(story: Story) -> Section:
    rows = story.balance.provenance
    if not rows:
        why = say("the balance does not say where its inputs come from")
        return Section("provenance", say(PROVENANCE), say("Sources"), absent=why)
    counted = Counter(row.provenance or NOT_SAID for row in rows)
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


def _source(story: Story, row: InputSource) -> Source:
    kind = row.provenance or NOT_SAID
    low, high = row.low, row.high
    bounded = low is not None and high is not None
    # a value and its own range are read together: one format for the three
    shown = aligned([row.value, *((low, high) if bounded else ())], row.unit)
    cells = [
        label_of(row.label, row.input),
        _value(story, row, shown[0]),
        span(shown[1], shown[2]) if bounded else ABSENT,
        say(kind),
        row.source,
    ]
    return Source(cells, kind)


def _value(story: Story, row: InputSource, shown: str) -> str:
    value, unit = row.value, story.in_units(row.unit)
    if isinstance(value, str):
        return retold(value.replace("_", " "))
    if value is None:
        return ABSENT
    return shown if row.unit in {"", "share"} else f"{shown} {unit}"


def reproduce(story: Story) -> Section:
    blocks: list[Block] = []
    if story.commands:
        blocks += [Text(say("Run these in order.")), Commands(list(story.commands))]
    facts = [*_data(story), *_seeds(story), *_versions(story)]
    if facts:
        columns = (Column(say("What")), Column(say("Value")))
        blocks.append(Table("versions", say("Data, seeds and versions"), columns, facts))
    if not blocks:
        why = say("neither commands nor versions were given")
        return Section("reproduce", say(REPRODUCE), say("Reproduce"), absent=why)
    return Section("reproduce", say(REPRODUCE), say("Reproduce"), blocks)


def _data(story: Story) -> list[list[str]]:
    fit, balance = story.fit, story.balance
    facts = [
        (say("workspace"), balance.workspace),
        (say("applications valued"), count(balance.applicants)),
    ]
    if fit is not None:
        facts += [
            (say("applications read"), count(fit.rows)),
            (say("rows refused"), count(fit.refused)),
            (say("outcomes known"), count(fit.outcome.known)),
            (say("of them bad"), count(fit.outcome.bads)),
            (say("seconds to fit"), plain(fit.seconds)),
        ]
    facts.append((say("seconds to balance"), plain(balance.seconds)))
    return [[name, value] for name, value in facts if value and value != ABSENT]


def _seeds(story: Story) -> list[list[str]]:
    seeds = story.fit.seeds if story.fit is not None else {}
    return [[say("seed of {step}", step=step), str(seed)] for step, seed in seeds.items()]


def _versions(story: Story) -> list[list[str]]:
    of_fit = story.fit.versions if story.fit is not None else {}
    named = {**of_fit, **story.balance.versions}
    return [[say("version of {package}", package=name), v] for name, v in named.items()]
