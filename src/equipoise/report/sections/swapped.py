"""Who is swapped between two strategies, how those repay, and in which segments."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Pair, Section, Table, Text
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.texts.numbers import count, in_order, percent, points, real, signed

CELLS = {
    "in_in": "both offer a loan",
    "in_out": "only A offers",
    "out_in": "only B offers",
    "out_out": "neither offers",
}
KEYS = {"in_in": "muted", "in_out": "rust", "out_in": "teal", "out_out": "band"}
CHARTED_FIELDS = 6
CHARTED_ROWS = 12


def swaps(told: Record) -> Section:
    """Who is offered a loan by whom, and how those people repaid."""
    rows = [{**cell, "label": CELLS[cell["name"]]} for cell in told["cells"]]
    spoken = "; ".join(f"{row['label']} {count(row['people'])}" for row in rows)
    figure = Figure(
        "people",
        charts.people(rows, int(told["applicants"])),
        f"Applicants by who offers them a loan: {spoken}.",
        "Applicants, by who offers them a loan",
        legend=tuple(Key(KEYS[row["name"]], f"{row['label']}: {count(row['people'])}")
                     for row in rows),
    )  # fmt: skip
    blocks: list[Block] = [figure]
    pair = [found for found in (_bad_rates(rows), _losses(rows)) if found]
    if pair:
        blocks.append(Pair(pair))
    blocks.append(_cells(rows))
    return Section("swaps", "Swap sets: who is swapped, and how they repay", "Swap sets", blocks)


def segments(told: Record) -> Section:
    """Where the share offered a loan moves."""
    title = "For whom it changes"
    if not told["segments"]:
        why = "no field of the file splits the applicants into a few groups"
        return Section("segments", title, "Segments", absent=why)
    fields: dict[str, list[Record]] = {}
    for each in told["segments"]:
        fields.setdefault(str(each["column"]), []).append(each)
    foremost = sorted(fields, key=lambda name: -_spread(fields[name]))[:CHARTED_FIELDS]
    kept = [name for name in fields if name in foremost]
    blocks: list[Block] = [
        Text(
            "By how much the share offered a loan moves from A to B in each segment. "
            "An interval clear of zero is a change that chance does not explain."
        ),
        Pair([_segment_figure(at, name, fields[name]) for at, name in enumerate(kept)]),
        _segment_table(told["segments"]),
    ]
    return Section("segments", title, "Segments", blocks)


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
                "Known outcomes": count(row["known"]),
                "Bad": count(row["bad"]),
                "Bad rate": percent(row["bad_rate"]),
                "Interval": f"{percent(row['low'])} to {percent(row['high'])}",
                "Mean PD of all": percent(row["mean_pd"]),
            },
        }
        for row in rows
        if row["bad_rate"] is not None
    ]
    if not drawn:
        return None
    spoken = "; ".join(f"{row['name']} {percent(row['value'])}" for row in drawn)
    return Figure(
        "bad-rates",
        charts.whiskers(drawn, theme.amounts("bad rate", "~%")),
        f"Bad rate of those whose outcome is known: {spoken}.",
        "How those whose outcome is known repaid",
        "Under the terms they had then. PDs are on the level that the model was calibrated to, "
        "which may differ from the rate in this file.",
        (Key("blue", "bad rate and interval", "dot"), Key("ink", "mean PD of all", "line")),
    )


def _losses(rows: list[Record]) -> Figure | None:
    drawn = []
    for row in rows:
        for side, colour, shape in (("a", theme.GOLD, "diamond"), ("b", theme.BLUE, "circle")):
            rate = row.get(f"loss_{side}")
            if rate is None:
                continue
            who = f"{row['label']}, under {side.upper()}"
            spread = f"{percent(rate['low'])} to {percent(rate['high'])}"
            drawn.append(
                {
                    "name": who, "value": rate["value"], "low": rate["low"], "high": rate["high"],
                    "colour": colour, "shape": shape,
                    "tips": {"title": who, "Expected loss rate": percent(rate["value"]),
                             "Interval": spread},
                }
            )  # fmt: skip
    if not drawn:
        return None
    spoken = "; ".join(f"{row['name']} {percent(row['value'])}" for row in drawn)
    return Figure(
        "losses",
        charts.whiskers(drawn, theme.amounts("expected loss per amount lent", "~%")),
        f"Expected loss rate: {spoken}.",
        "What is expected to be lost on them",
        legend=(Key("gold", "under A", "diamond"), Key("blue", "under B", "dot")),
    )


def _cells(rows: list[Record]) -> Table:
    columns = (
        Column("Who"), Column("Applicants", True), Column("Share", True),
        Column("Mean PD", True), Column("Outcome known", True), Column("Bad rate", True),
        Column("Interval", True), Column("Loss rate, A", True), Column("Loss rate, B", True),
    )  # fmt: skip
    table = [
        [
            row["label"],
            count(row["people"]),
            percent(row["share"]),
            percent(row["mean_pd"]),
            count(row["known"]),
            percent(row["bad_rate"]),
            "–" if row["low"] is None else f"{percent(row['low'])} to {percent(row['high'])}",
            *(percent((row.get(key) or {}).get("value")) for key in ("loss_a", "loss_b")),
        ]
        for row in rows
    ]
    return Table("swaps-table", "Swap sets", columns, table)


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
                "name": row["segment"],
                "value": change["difference"],
                "low": change["low"],
                "high": change["high"],
                "colour": theme.BLUE if clear else theme.MUTED,
                "shape": "circle" if clear else "diamond",
                "tips": {
                    "title": row["segment"],
                    "Offered by A": percent(change["a"]),
                    "Offered by B": percent(change["b"]),
                    "B less A": signed(points(change["difference"])),
                    "Interval": _points_between(change),
                },
            }
        )
    spoken = "; ".join(f"{row['name']} {signed(points(row['value']))}" for row in drawn)
    left = len(rows) - len(kept)
    return Figure(
        f"segment-{at}",
        charts.whiskers(drawn, theme.amounts("share offered, B less A", "~%"), rule=0.0),
        f"Change of the share offered a loan by {name}: {spoken}.",
        f"By {name}",
        f"The {left} smallest segments are in the table alone." if left > 0 else "",
    )


def _segment_table(rows: list[Record]) -> Table:
    columns = (
        Column("Field"), Column("Segment"), Column("Applicants", True), Column("Only A", True),
        Column("Only B", True), Column("Offered, A", True), Column("Offered, B", True),
        Column("B less A", True), Column("Interval", True),
    )  # fmt: skip
    table = []
    for row in rows:
        people = {cell["name"]: cell["people"] for cell in row["cells"]}
        change = row["offered"]
        table.append(
            [
                row["column"], row["segment"], count(sum(people.values())),
                count(people["in_out"]), count(people["out_in"]),
                percent(change["a"]), percent(change["b"]), signed(points(change["difference"])),
                _points_between(change),
            ]
        )  # fmt: skip
    return Table("segments-table", "All segments", columns, table, folded=True)


def _points_between(change: Record) -> str:
    """An interval of a difference of shares."""
    low, high = (signed(points(change[end])) for end in ("low", "high"))
    return f"{low.removesuffix(' percentage points')} to {high}"
