"""Section 4: what changes for whom."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Heading, Key, Pair, Section, Table, Text
from equipoise.report.charts.balance import swap_sets, treatments
from equipoise.report.story import Record, Story, complete, foremost, records
from equipoise.texts.numbers import count, fixed, shares, signed

TITLE = "What changes for whom"
CHARTED_FIELDS = 6
CHARTED_ROWS = 14
_CELLS = ("both_in", "swapped_in", "swapped_out", "both_out")


def changes(story: Story) -> Section:
    mix = complete(records(story.balance, "treatments"), "today", "recommended")
    swaps = complete(records(story.balance, "swap_sets"), "swapped_in", "swapped_out")
    if not mix and not swaps:
        why = "the balance holds neither swap sets nor treatments"
        return Section("changes", TITLE, "Who changes", absent=why)
    blocks: list[Block] = []
    if swaps:
        blocks += _swap_blocks(story, swaps)
    if mix:
        blocks += _mix_blocks(mix)
    return Section("changes", TITLE, "Who changes", blocks)


def _swap_blocks(story: Story, swaps: list[Record]) -> list[Block]:
    by_field: dict[str, list[Record]] = {}
    for row in swaps:
        field, segment = str(row.get("field", "")), str(row.get("segment", ""))
        by_field.setdefault(field, []).append({**row, "segment": story.value(field, segment)})
    first = next(iter(by_field.values()))
    came, left = sum(r["swapped_in"] for r in first), sum(r["swapped_out"] for r in first)
    blocks: list[Block] = [
        Heading("Swap sets: who is offered a loan under one policy and not under the other"),
        Text(
            f"{count(came)} applicants who are offered no loan today would be offered one, and "
            f"{count(left)} who are offered one today would not: {signed(count(came - left))} "
            "in all."
        ),
    ]
    if came or left:
        largest = sorted(by_field.items(), key=lambda item: -_moved(item[1]))[:CHARTED_FIELDS]
        figures = [_swap_figure(i, _field(story, n), rows) for i, (n, rows) in enumerate(largest)]
        blocks.append(Pair(figures))
    else:
        blocks.append(Text("Nobody is swapped, so there is nothing to draw."))
    return [*blocks, _swap_table(story, by_field)]


def _field(story: Story, name: str) -> str:
    return "probability of default" if name.lower() == "pd" else story.field(name)


def _moved(rows: list[Record]) -> float:
    """Field with the most one-sided segments first: there the change is least evenly spread."""
    return float(sum(abs(row["swapped_in"] - row["swapped_out"]) for row in rows))


def _swap_figure(index: int, name: str, rows: list[Record]) -> Figure:
    swapped = [row for row in rows if row["swapped_in"] or row["swapped_out"]]
    drawn = foremost(swapped, lambda r: r["swapped_in"] + r["swapped_out"], CHARTED_ROWS)
    spoken = "; ".join(
        f"{row['segment']} {count(row['swapped_in'])} in, {count(row['swapped_out'])} out"
        for row in drawn
    )
    return Figure(
        f"swap-{index}",
        swap_sets(drawn),
        f"Swap sets by {name}: {spoken}.",
        f"By {name}",
        _not_drawn(len(rows), len(swapped), len(drawn)),
        legend=_swap_keys(drawn),
    )


def _left_out(rows: int, drawn: int, what: str) -> str:
    return f"The {drawn} {what} with most people of {rows}; the table has all." * (drawn < rows)


def _not_drawn(rows: int, swapped: int, drawn: int) -> str:
    if drawn < swapped:
        return _left_out(swapped, drawn, "segments")
    still = rows - drawn
    others = "one other segment" if still == 1 else f"{count(still)} other segments"
    return f"In {others} nobody is swapped." if still else ""


def _swap_keys(rows: list[Record]) -> tuple[Key, ...]:
    keys = []
    if any(row["swapped_in"] for row in rows):
        keys.append(Key("teal", "offered only by the recommended policy"))
    if any(row["swapped_out"] for row in rows):
        keys.append(Key("rust", "offered only today"))
    return tuple(keys)


def _swap_table(story: Story, by_field: dict[str, list[Record]]) -> Table:
    labels = ("Offered under both", "Swapped in", "Swapped out", "Under neither", "All", "Net")
    columns = (Column("Field"), Column("Segment"), *(Column(text, numeric=True) for text in labels))
    rows = [
        [
            _field(story, field),
            row["segment"],
            *(count(row.get(k)) for k in ("both_in", "swapped_in", "swapped_out", "both_out")),
            count(sum(row.get(k) or 0 for k in _CELLS)),
            signed(count(row["swapped_in"] - row["swapped_out"])),
        ]
        for field, segments in by_field.items()
        for row in segments
    ]
    return Table("swaps", "Swap sets by segment, applicants", columns, rows, folded=True)


def _mix_blocks(mix: list[Record]) -> list[Block]:
    rows = [{**row, "name": str(row.get("label") or row.get("name", ""))} for row in mix]
    used = [row for row in rows if row["today"] or row["recommended"]]
    drawn = foremost(used, lambda r: max(r["today"], r["recommended"]), CHARTED_ROWS)
    spoken = "; ".join(
        f"{r['name']} {count(r['today'])} to {count(r['recommended'])}" for r in drawn
    )
    blocks: list[Block] = [Heading("Treatments: what each applicant is offered")]
    if any(" / " in row["name"] for row in rows):
        blocks.append(Text("A treatment is journey / price / amount, and a term where it varies."))
    if not drawn:
        return [*blocks, Text("Nobody is given any treatment."), _mix_table(rows)]
    figure = Figure(
        "mix",
        treatments(drawn),
        f"Applicants per treatment, today and recommended: {spoken}.",
        "Treatments, today and recommended",
        _unused(len(rows), len(used)) + _left_out(len(used), len(drawn), "treatments"),
        legend=(Key("muted", "today"), Key("blue", "recommended")),
    )
    return [*blocks, figure, _mix_table(rows)]


def _unused(rows: int, used: int) -> str:
    unused = rows - used
    return f"{count(unused)} of {count(rows)} treatments are given to nobody. " if unused else ""


def _mix_table(rows: list[Record]) -> Table:
    parts = [shares([row[key] for row in rows]) for key in ("today", "recommended")]
    cells = [
        [
            row["name"],
            count(row["today"]),
            fixed(parts[0][at], 1),
            count(row["recommended"]),
            fixed(parts[1][at], 1),
            signed(count(row["recommended"] - row["today"])),
        ]
        for at, row in enumerate(rows)
    ]
    totals = [sum(row[key] for row in rows) for key in ("today", "recommended")]
    cells.append(
        [
            "All",
            count(totals[0]),
            fixed(sum(parts[0]), 1),
            count(totals[1]),
            fixed(sum(parts[1]), 1),
            signed(count(totals[1] - totals[0])),
        ]
    )
    columns = (
        Column("Treatment"),
        Column("Today", numeric=True),
        Column("Today, %", numeric=True),
        Column("Recommended", numeric=True),
        Column("Recommended, %", numeric=True),
        Column("Change", numeric=True),
    )
    return Table("treatments", "Treatments, applicants", columns, cells, folded=True)
