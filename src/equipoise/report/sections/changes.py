"""Section 4: what changes for whom."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.balance.result_document import SwapSet, TreatmentCount
from equipoise.report.blocks import Block, Column, Figure, Heading, Key, Pair, Section, Table, Text
from equipoise.report.charts.balance import swap_sets, treatments
from equipoise.report.story import Story, foremost
from equipoise.texts.numbers import count, fixed, shares, signed
from equipoise.texts.saying import joined, marked, retold, say

TITLE = marked("What changes for whom")
CHARTED_FIELDS = 6
CHARTED_ROWS = 14


def changes(story: Story) -> Section:
    mix, swaps = story.balance.treatments, story.balance.swap_sets
    if not mix and not swaps:
        why = say("the balance holds neither swap sets nor treatments")
        return Section("changes", say(TITLE), say("Who changes"), absent=why)
    blocks: list[Block] = []
    if swaps:
        blocks += _swap_blocks(story, swaps)
    if mix:
        blocks += _mix_blocks(mix)
    return Section("changes", say(TITLE), say("Who changes"), blocks)


def _swap_blocks(story: Story, swaps: Sequence[SwapSet]) -> list[Block]:
    by_field: dict[str, list[SwapSet]] = {}
    for row in swaps:
        segment = story.value(row.field, row.segment)
        by_field.setdefault(row.field, []).append(row.model_copy(update={"segment": segment}))
    first = next(iter(by_field.values()))
    came, left = sum(r.swapped_in for r in first), sum(r.swapped_out for r in first)
    blocks: list[Block] = [
        Heading(say("Swap sets: who is offered a loan under one policy and not under the other")),
        Text(
            say(
                "{came} applicants who are offered no loan today would be offered one, and "
                "{left} who are offered one today would not: {net} in all.",
                came=count(came),
                left=count(left),
                net=signed(count(came - left)),
            )
        ),
    ]
    if came or left:
        largest = sorted(by_field.items(), key=lambda item: -_moved(item[1]))[:CHARTED_FIELDS]
        figures = [_swap_figure(i, _field(story, n), rows) for i, (n, rows) in enumerate(largest)]
        blocks.append(Pair(figures))
    else:
        blocks.append(Text(say("Nobody is swapped, so there is nothing to draw.")))
    return [*blocks, _swap_table(story, by_field)]


def _field(story: Story, name: str) -> str:
    return say("probability of default") if name.lower() == "pd" else story.field(name)


def _moved(rows: list[SwapSet]) -> float:
    """Field with the most one-sided segments first: there the change is least evenly spread."""
    return float(sum(abs(row.swapped_in - row.swapped_out) for row in rows))


def _swap_figure(index: int, name: str, rows: list[SwapSet]) -> Figure:
    swapped = [row for row in rows if row.swapped_in or row.swapped_out]
    drawn = foremost(swapped, lambda r: r.swapped_in + r.swapped_out, CHARTED_ROWS)
    spoken = joined(
        (
            say(
                "{segment} {came} in, {left} out",
                segment=row.segment,
                came=count(row.swapped_in),
                left=count(row.swapped_out),
            )
            for row in drawn
        ),
        "; ",
    )
    return Figure(
        f"swap-{index}",
        swap_sets(drawn),
        say("Swap sets by {name}: {spoken}.", name=name, spoken=spoken),
        say("By {name}", name=name),
        _not_drawn(len(rows), len(swapped), len(drawn)),
        legend=_swap_keys(drawn),
    )


def _not_drawn(rows: int, swapped: int, drawn: int) -> str:
    if drawn < swapped:
        return say(
            "The {drawn} segments with most people of {all}; the table has all.",
            drawn=drawn,
            all=swapped,
        )
    still = rows - drawn
    if still == 1:
        return say("In one other segment nobody is swapped.")
    others = count(still)
    return say("In {others} other segments nobody is swapped.", others=others) if still else ""


def _swap_keys(rows: list[SwapSet]) -> tuple[Key, ...]:
    keys = []
    if any(row.swapped_in for row in rows):
        keys.append(Key("teal", say("offered only by the recommended policy")))
    if any(row.swapped_out for row in rows):
        keys.append(Key("rust", say("offered only today")))
    return tuple(keys)


def _swap_table(story: Story, by_field: dict[str, list[SwapSet]]) -> Table:
    labels = (
        say("Offered under both"),
        say("Swapped in"),
        say("Swapped out"),
        say("Under neither"),
        say("All"),
        say("Net"),
    )
    columns = (
        Column(say("Field")),
        Column(say("Segment")),
        *(Column(text, numeric=True) for text in labels),
    )
    rows = [
        [
            _field(story, field),
            row.segment,
            *(count(people) for people in _people(row)),
            count(sum(_people(row))),
            signed(count(row.swapped_in - row.swapped_out)),
        ]
        for field, segments in by_field.items()
        for row in segments
    ]
    return Table("swaps", say("Swap sets by segment, applicants"), columns, rows, folded=True)


def _people(row: SwapSet) -> tuple[int, int, int, int]:
    return row.both_in, row.swapped_in, row.swapped_out, row.both_out


def _mix_blocks(mix: Sequence[TreatmentCount]) -> list[Block]:
    rows = [row.model_copy(update={"name": retold(row.label or row.name)}) for row in mix]
    used = [row for row in rows if row.today or row.recommended]
    drawn = foremost(used, lambda r: max(r.today, r.recommended), CHARTED_ROWS)
    spoken = joined(
        (
            say(
                "{name} {today} to {recommended}",
                name=r.name,
                today=count(r.today),
                recommended=count(r.recommended),
            )
            for r in drawn
        ),
        "; ",
    )
    blocks: list[Block] = [Heading(say("Treatments: what each applicant is offered"))]
    if any(" / " in row.name for row in rows):
        blocks.append(
            Text(say("A treatment is journey / price / amount, and a term where it varies."))
        )
    if not drawn:
        return [*blocks, Text(say("Nobody is given any treatment.")), _mix_table(rows)]
    figure = Figure(
        "mix",
        treatments(drawn),
        say("Applicants per treatment, today and recommended: {spoken}.", spoken=spoken),
        say("Treatments, today and recommended"),
        _treatments_left_out(len(rows), len(used), len(drawn)),
        legend=(Key("muted", say("today")), Key("blue", say("recommended"))),
    )
    return [*blocks, figure, _mix_table(rows)]


def _treatments_left_out(rows: int, used: int, drawn: int) -> str:
    text = ""
    if unused := rows - used:
        text = say(
            "{unused} of {all} treatments are given to nobody. ",
            unused=count(unused),
            all=count(rows),
        )
    if drawn < used:
        text += say(
            "The {drawn} treatments with most people of {all}; the table has all.",
            drawn=drawn,
            all=used,
        )
    return text


def _mix_table(rows: list[TreatmentCount]) -> Table:
    people = [row.today for row in rows], [row.recommended for row in rows]
    parts = [shares(each) for each in people]
    cells = [
        [
            row.name,
            count(row.today),
            fixed(parts[0][at], 1),
            count(row.recommended),
            fixed(parts[1][at], 1),
            signed(count(row.recommended - row.today)),
        ]
        for at, row in enumerate(rows)
    ]
    totals = [sum(each) for each in people]
    cells.append(
        [
            say("All"),
            count(totals[0]),
            fixed(sum(parts[0]), 1),
            count(totals[1]),
            fixed(sum(parts[1]), 1),
            signed(count(totals[1] - totals[0])),
        ]
    )
    columns = (
        Column(say("Treatment")),
        Column(say("Today"), numeric=True),
        Column(say("Today, %"), numeric=True),
        Column(say("Recommended"), numeric=True),
        Column(say("Recommended, %"), numeric=True),
        Column(say("Change"), numeric=True),
    )
    return Table("treatments", say("Treatments, applicants"), columns, cells, folded=True)
