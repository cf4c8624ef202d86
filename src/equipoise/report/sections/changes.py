"""Section 4: what changes for whom."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Heading, Key, Pair, Section, Table, Text
from equipoise.report.charts.balance import swap_sets, treatments
from equipoise.report.numbers import count, percent, signed
from equipoise.report.story import Record, Story, complete, foremost, records

TITLE = "What changes for whom"
CHARTED_FIELDS = 6
CHARTED_ROWS = 14


def changes(story: Story) -> Section:
    mix = complete(records(story.balance, "treatments"), "today", "recommended")
    swaps = complete(records(story.balance, "swap_sets"), "swapped_in", "swapped_out")
    if not mix and not swaps:
        why = "the balance holds neither swap sets nor treatments"
        return Section("changes", TITLE, "Who changes", absent=why)
    blocks: list[Block] = []
    if swaps:
        blocks += _swap_blocks(swaps)
    if mix:
        blocks += _mix_blocks(mix)
    return Section("changes", TITLE, "Who changes", blocks)


def _swap_blocks(swaps: list[Record]) -> list[Block]:
    by_field: dict[str, list[Record]] = {}
    for row in swaps:
        by_field.setdefault(str(row.get("field", "")), []).append(
            {**row, "segment": str(row.get("segment", ""))}
        )
    largest = sorted(by_field.items(), key=lambda item: -_moved(item[1]))[:CHARTED_FIELDS]
    first = largest[0][1]
    came, left = sum(r["swapped_in"] for r in first), sum(r["swapped_out"] for r in first)
    figures = [_swap_figure(i, name, rows) for i, (name, rows) in enumerate(largest)]
    return [
        Heading("Swap sets: who is in under one policy and out under the other"),
        Text(
            f"{count(came)} applicants who are declined today would be served, and "
            f"{count(left)} who are served today would not: {signed(count(came - left))} in all."
        ),
        Pair(figures),
        _swap_table(swaps),
    ]


def _moved(rows: list[Record]) -> float:
    """Field with the most one-sided segments first: there the change is least evenly spread."""
    return float(sum(abs(row["swapped_in"] - row["swapped_out"]) for row in rows))


def _swap_figure(index: int, name: str, rows: list[Record]) -> Figure:
    drawn = foremost(rows, lambda r: r["swapped_in"] + r["swapped_out"], CHARTED_ROWS)
    spoken = "; ".join(
        f"{row['segment']} {count(row['swapped_in'])} in, {count(row['swapped_out'])} out"
        for row in drawn
    )
    return Figure(
        f"swap-{index}",
        swap_sets(drawn),
        f"Swap sets by {name}: {spoken}.",
        f"By {name}",
        _left_out(len(rows), len(drawn), "segments"),
        legend=(Key("teal", "swapped in"), Key("rust", "swapped out")),
    )


def _left_out(rows: int, drawn: int, what: str) -> str:
    return f"The {drawn} {what} with most people of {rows}; the table has all." * (drawn < rows)


def _swap_table(swaps: list[Record]) -> Table:
    labels = ("In under both", "Swapped in", "Swapped out", "Out under both", "Net")
    columns = (Column("Field"), Column("Segment"), *(Column(text, numeric=True) for text in labels))
    rows = [
        [
            str(row.get("field", "")),
            str(row.get("segment", "")),
            *(count(row.get(k)) for k in ("both_in", "swapped_in", "swapped_out", "both_out")),
            signed(count(row["swapped_in"] - row["swapped_out"])),
        ]
        for row in swaps
    ]
    return Table("swaps", "Swap sets by segment, applicants", columns, rows, folded=True)


def _mix_blocks(mix: list[Record]) -> list[Block]:
    rows = [{**row, "name": str(row.get("name", ""))} for row in mix]
    before, after = (sum(row[key] for row in rows) or 1 for key in ("today", "recommended"))
    drawn = foremost(rows, lambda r: max(r["today"], r["recommended"]), CHARTED_ROWS)
    spoken = "; ".join(
        f"{r['name']} {count(r['today'])} to {count(r['recommended'])}" for r in drawn
    )
    table = Table(
        "treatments",
        "Treatments, applicants",
        (
            Column("Treatment"),
            Column("Today", numeric=True),
            Column("Share", numeric=True),
            Column("Recommended", numeric=True),
            Column("Share", numeric=True),
            Column("Change", numeric=True),
        ),
        [
            [
                row["name"],
                count(row["today"]),
                percent(row["today"] / before),
                count(row["recommended"]),
                percent(row["recommended"] / after),
                signed(count(row["recommended"] - row["today"])),
            ]
            for row in rows
        ],
        folded=True,
    )
    figure = Figure(
        "mix",
        treatments(drawn),
        f"Applicants per treatment, today and recommended: {spoken}.",
        "Treatments, today and recommended",
        _left_out(len(rows), len(drawn), "treatments"),
        legend=(Key("muted", "today"), Key("blue", "recommended")),
    )
    return [figure, table]
