"""Who is swapped between two strategies, how those repay, and in which segments."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.report.blocks import Block, Column, Figure, Key, Pair, Section, Table, Text
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.review.comparing.comparison import Cell, Comparison, SegmentChange
from equipoise.review.comparing.intervals import Change
from equipoise.texts.numbers import POINTS, count, in_order, percent, points, signed, span
from equipoise.texts.saying import joined, marked, retold, say

CELLS = {
    "in_in": marked("both offer a loan"),
    "in_out": marked("only A offers"),
    "out_in": marked("only B offers"),
    "out_out": marked("neither offers"),
}
KEYS = {"in_in": "muted", "in_out": "rust", "out_in": "teal", "out_out": "band"}
CHARTED_FIELDS = 6
CHARTED_ROWS = 12


def swaps(comparison: Comparison) -> Section:
    """Who is offered a loan by whom, and how those people repaid."""
    cells = comparison.cells
    spoken = joined((f"{_label(cell)} {count(cell.people)}" for cell in cells), "; ")
    figure = Figure(
        "people",
        charts.people([(_label(cell), cell) for cell in cells], comparison.applicants),
        say("Applicants by who offers them a loan: {spoken}.", spoken=spoken),
        say("Applicants, by who offers them a loan"),
        legend=tuple(
            Key(
                KEYS[cell.name],
                say("{name}: {what}", name=_label(cell), what=count(cell.people)),
            )
            for cell in cells
        ),
    )
    blocks: list[Block] = [figure]
    pair = [figure for figure in (_bad_rates(cells), _losses(cells)) if figure]
    if pair:
        blocks.append(Pair(pair))
    blocks.append(_cells(cells))
    return Section(
        "swaps", say("Swap sets: who is swapped, and how they repay"), say("Swap sets"), blocks
    )


def _label(cell: Cell) -> str:
    return say(CELLS[cell.name])


def segments(comparison: Comparison) -> Section:
    """Where the share offered a loan moves."""
    title = say("For whom it changes")
    if not comparison.segments:
        why = say("no field of the file splits the applicants into a few groups")
        return Section("segments", title, say("Segments"), absent=why)
    fields: dict[str, list[SegmentChange]] = {}
    for each in comparison.segments:
        fields.setdefault(each.column, []).append(each)
    foremost = sorted(fields, key=lambda name: -_spread(fields[name]))[:CHARTED_FIELDS]
    kept = [name for name in fields if name in foremost]
    blocks: list[Block] = [
        Text(
            say(
                "By how much the share offered a loan moves from A to B in each segment. "
                "An interval clear of zero is a change that chance does not explain."
            )
        ),
        Pair([_segment_figure(at, name, fields[name]) for at, name in enumerate(kept)]),
        _segment_table(comparison.segments),
    ]
    return Section("segments", title, say("Segments"), blocks)


def _bad_rates(cells: Sequence[Cell]) -> Figure | None:
    drawn = [
        {
            "name": _label(cell),
            "value": cell.bad_rate,
            "low": cell.low,
            "high": cell.high,
            "tick": cell.mean_pd,
            "colour": theme.BLUE,
            "shape": "circle",
            "tips": {
                "title": _label(cell),
                say("Known outcomes"): count(cell.known),
                say("Bad"): count(cell.bad),
                say("Bad rate"): percent(cell.bad_rate),
                say("Interval"): span(percent(cell.low), percent(cell.high)),
                say("Mean PD of all"): percent(cell.mean_pd),
            },
        }
        for cell in cells
        if cell.bad_rate is not None
    ]
    if not drawn:
        return None
    spoken = joined((f"{row['name']} {percent(row['value'])}" for row in drawn), "; ")
    return Figure(
        "bad-rates",
        charts.whiskers(drawn, theme.amounts(say("bad rate"), "~%")),
        say("Bad rate of those whose outcome is known: {spoken}.", spoken=spoken),
        say("How those whose outcome is known repaid"),
        say(
            "Under the terms they had then. PDs are on the level that the model was "
            "calibrated to, which may differ from the rate in this file."
        ),
        (
            Key("blue", say("bad rate and interval"), "dot"),
            Key("ink", say("mean PD of all"), "line"),
        ),
    )


def _losses(cells: Sequence[Cell]) -> Figure | None:
    drawn = []
    for cell in cells:
        for side, rate, colour, shape in (
            ("A", cell.loss_a, theme.GOLD, "diamond"),
            ("B", cell.loss_b, theme.BLUE, "circle"),
        ):
            if rate is None:
                continue
            who = say("{label}, under {upper}", label=_label(cell), upper=side)
            spread = span(percent(rate.low), percent(rate.high))
            drawn.append(
                {
                    "name": who,
                    "value": rate.value,
                    "low": rate.low,
                    "high": rate.high,
                    "colour": colour,
                    "shape": shape,
                    "tips": {
                        "title": who,
                        say("Expected loss rate"): percent(rate.value),
                        say("Interval"): spread,
                    },
                }
            )
    if not drawn:
        return None
    spoken = joined((f"{row['name']} {percent(row['value'])}" for row in drawn), "; ")
    return Figure(
        "losses",
        charts.whiskers(drawn, theme.amounts(say("expected loss per amount lent"), "~%")),
        say("Expected loss rate: {spoken}.", spoken=spoken),
        say("What is expected to be lost on them"),
        legend=(Key("gold", say("under A"), "diamond"), Key("blue", say("under B"), "dot")),
    )


def _cells(cells: Sequence[Cell]) -> Table:
    columns = (
        Column(say("Who")),
        Column(say("Applicants"), True),
        Column(say("Share"), True),
        Column(say("Mean PD"), True),
        Column(say("Outcome known"), True),
        Column(say("Bad rate"), True),
        Column(say("Interval"), True),
        Column(say("Loss rate, A"), True),
        Column(say("Loss rate, B"), True),
    )
    table = [
        [
            _label(cell),
            count(cell.people),
            percent(cell.share),
            percent(cell.mean_pd),
            count(cell.known),
            percent(cell.bad_rate),
            "–" if cell.low is None else span(percent(cell.low), percent(cell.high)),
            *(percent(rate.value if rate else None) for rate in (cell.loss_a, cell.loss_b)),
        ]
        for cell in cells
    ]
    return Table("swaps-table", say("Swap sets"), columns, table)


def _spread(rows: Sequence[SegmentChange]) -> float:
    moves = [each.offered.difference or 0.0 for each in rows]
    return max(moves) - min(moves)


def _segment_figure(at: int, name: str, rows: Sequence[SegmentChange]) -> Figure:
    sized = sorted(rows, key=lambda row: -sum(cell.people for cell in row.cells))
    kept = [row for row in rows if row in sized[:CHARTED_ROWS]]
    drawn = []
    for row in sorted(kept, key=lambda row: in_order(row.segment)):
        change = row.offered
        low, high = change.low, change.high
        clear = low is not None and high is not None and (low > 0 or high < 0)
        drawn.append(
            {
                "name": retold(row.segment),
                "value": change.difference,
                "low": change.low,
                "high": change.high,
                "colour": theme.BLUE if clear else theme.MUTED,
                "shape": "circle" if clear else "diamond",
                "tips": {
                    "title": retold(row.segment),
                    say("Offered by A"): percent(change.a),
                    say("Offered by B"): percent(change.b),
                    say("B less A"): signed(points(change.difference)),
                    say("Interval"): _points_between(change),
                },
            }
        )
    spoken = joined((f"{row['name']} {signed(points(row['value']))}" for row in drawn), "; ")
    left = len(rows) - len(kept)
    return Figure(
        f"segment-{at}",
        charts.whiskers(drawn, theme.amounts(say("share offered, B less A"), "~%"), rule=0.0),
        say("Change of the share offered a loan by {name}: {spoken}.", name=name, spoken=spoken),
        say("By {name}", name=name),
        say("The {left} smallest segments are in the table alone.", left=left) if left > 0 else "",
    )


def _segment_table(rows: Sequence[SegmentChange]) -> Table:
    columns = (
        Column(say("Field")),
        Column(say("Segment")),
        Column(say("Applicants"), True),
        Column(say("Only A"), True),
        Column(say("Only B"), True),
        Column(say("Offered, A"), True),
        Column(say("Offered, B"), True),
        Column(say("B less A"), True),
        Column(say("Interval"), True),
    )
    table = []
    for row in rows:
        people = {cell.name: cell.people for cell in row.cells}
        change = row.offered
        table.append(
            [
                row.column,
                retold(row.segment),
                count(sum(people.values())),
                count(people["in_out"]),
                count(people["out_in"]),
                percent(change.a),
                percent(change.b),
                signed(points(change.difference)),
                _points_between(change),
            ]
        )
    return Table("segments-table", say("All segments"), columns, table, folded=True)


def _points_between(change: Change) -> str:
    """An interval of a difference of shares."""
    low, high = (signed(points(end)) for end in (change.low, change.high))
    return span(low.removesuffix(say(POINTS, change="")), high)
