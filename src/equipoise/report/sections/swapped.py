"""Who is swapped between two strategies, how those repay, and in which segments."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Pair, Section, Table, Text
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.texts.numbers import POINTS, count, in_order, percent, points, real, signed, span
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


def swaps(compared: Record) -> Section:
    """Who is offered a loan by whom, and how those people repaid."""
    rows = [{**cell, "label": say(CELLS[cell["name"]])} for cell in compared["cells"]]
    spoken = joined((f"{row['label']} {count(row['people'])}" for row in rows), "; ")
    figure = Figure(
        "people",
        charts.people(rows, int(compared["applicants"])),
        say("Applicants by who offers them a loan: {spoken}.", spoken=spoken),
        say("Applicants, by who offers them a loan"),
        legend=tuple(
            Key(
                KEYS[row["name"]],
                say("{name}: {what}", name=row["label"], what=count(row["people"])),
            )
            for row in rows
        ),
    )
    blocks: list[Block] = [figure]
    pair = [figure for figure in (_bad_rates(rows), _losses(rows)) if figure]
    if pair:
        blocks.append(Pair(pair))
    blocks.append(_cells(rows))
    return Section(
        "swaps", say("Swap sets: who is swapped, and how they repay"), say("Swap sets"), blocks
    )


def segments(compared: Record) -> Section:
    """Where the share offered a loan moves."""
    title = say("For whom it changes")
    if not compared["segments"]:
        why = say("no field of the file splits the applicants into a few groups")
        return Section("segments", title, say("Segments"), absent=why)
    fields: dict[str, list[Record]] = {}
    for each in compared["segments"]:
        fields.setdefault(str(each["column"]), []).append(each)
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
        _segment_table(compared["segments"]),
    ]
    return Section("segments", title, say("Segments"), blocks)


def _bad_rates(rows: list[Record]) -> Figure | None:
    drawn = [
        {
            "name": row["label"],
            "value": row["bad_rate"],
            "low": row["low"],
            "high": row["high"],
            "tick": row["mean_pd"],
            "colour": theme.BLUE,
            "shape": "circle",
            "tips": {
                "title": row["label"],
                say("Known outcomes"): count(row["known"]),
                say("Bad"): count(row["bad"]),
                say("Bad rate"): percent(row["bad_rate"]),
                say("Interval"): span(percent(row["low"]), percent(row["high"])),
                say("Mean PD of all"): percent(row["mean_pd"]),
            },
        }
        for row in rows
        if row["bad_rate"] is not None
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


def _losses(rows: list[Record]) -> Figure | None:
    drawn = []
    for row in rows:
        for side, colour, shape in (("a", theme.GOLD, "diamond"), ("b", theme.BLUE, "circle")):
            rate = row.get(f"loss_{side}")
            if rate is None:
                continue
            who = say("{label}, under {upper}", label=row["label"], upper=side.upper())
            spread = span(percent(rate["low"]), percent(rate["high"]))
            drawn.append(
                {
                    "name": who,
                    "value": rate["value"],
                    "low": rate["low"],
                    "high": rate["high"],
                    "colour": colour,
                    "shape": shape,
                    "tips": {
                        "title": who,
                        say("Expected loss rate"): percent(rate["value"]),
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


def _cells(rows: list[Record]) -> Table:
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
            row["label"],
            count(row["people"]),
            percent(row["share"]),
            percent(row["mean_pd"]),
            count(row["known"]),
            percent(row["bad_rate"]),
            "–" if row["low"] is None else span(percent(row["low"]), percent(row["high"])),
            *(percent((row.get(key) or {}).get("value")) for key in ("loss_a", "loss_b")),
        ]
        for row in rows
    ]
    return Table("swaps-table", say("Swap sets"), columns, table)


def _spread(rows: list[Record]) -> float:
    moves = [real(each["offered"]["difference"]) or 0.0 for each in rows]
    return max(moves) - min(moves)


def _segment_figure(at: int, name: str, rows: list[Record]) -> Figure:
    sized = sorted(rows, key=lambda row: -sum(cell["people"] for cell in row["cells"]))
    kept = [row for row in rows if row in sized[:CHARTED_ROWS]]
    drawn = []
    for row in sorted(kept, key=lambda row: in_order(row["segment"])):
        change = row["offered"]
        clear = change["low"] > 0 or change["high"] < 0
        drawn.append(
            {
                "name": retold(row["segment"]),
                "value": change["difference"],
                "low": change["low"],
                "high": change["high"],
                "colour": theme.BLUE if clear else theme.MUTED,
                "shape": "circle" if clear else "diamond",
                "tips": {
                    "title": retold(row["segment"]),
                    say("Offered by A"): percent(change["a"]),
                    say("Offered by B"): percent(change["b"]),
                    say("B less A"): signed(points(change["difference"])),
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


def _segment_table(rows: list[Record]) -> Table:
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
        people = {cell["name"]: cell["people"] for cell in row["cells"]}
        change = row["offered"]
        table.append(
            [
                row["column"],
                retold(row["segment"]),
                count(sum(people.values())),
                count(people["in_out"]),
                count(people["out_in"]),
                percent(change["a"]),
                percent(change["b"]),
                signed(points(change["difference"])),
                _points_between(change),
            ]
        )
    return Table("segments-table", say("All segments"), columns, table, folded=True)


def _points_between(change: Record) -> str:
    """An interval of a difference of shares."""
    low, high = (signed(points(change[end])) for end in ("low", "high"))
    return span(low.removesuffix(say(POINTS, change="")), high)
