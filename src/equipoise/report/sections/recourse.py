"""Who has no way back once turned down."""

from __future__ import annotations

from equipoise.report.blocks import Block, Figure, Pair, Section, Text
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.texts.numbers import count, in_order, percent

TITLE = "Who has no way back"
LEAST_AXIS = 0.1


def ways_back(told: Record) -> Section:
    """Shares of those turned down for whom no change or other terms were found to turn it."""
    found = told.get("recourse")
    if not found:
        why = "ways back were not looked for"
        return Section("ways", TITLE, "Ways back", absent=why)
    if not found["sampled"]:
        return Section("ways", TITLE, "Ways back", absent="nobody was turned down")
    share = found["no_way_back"]
    blocks: list[Block] = [
        Text(
            f"{count(found['turned_down'])} applicants are declined or referred. Ways back were "
            f"looked for among {count(found['sampled'])} of them, drawn at random: "
            f"{percent(share['value'])} have none "
            f"({percent(share['low'])} to {percent(share['high'])}). A way back is a change of the "
            "applicant's own facts that the contract allows, or other terms, which the whole "
            "strategy answers better; a search may miss one."
        )
    ]
    fields: dict[str, list[Record]] = {}
    for each in found["segments"]:
        if each["people"]:
            fields.setdefault(str(each["column"]), []).append(each)
    if fields:
        blocks.append(
            Pair([_figure(at, name, rows) for at, (name, rows) in enumerate(fields.items())])
        )
    return Section("ways", TITLE, "Ways back", blocks)


def _figure(at: int, field: str, rows: list[Record]) -> Figure:
    drawn = [
        {
            "name": f"{row['group']} ({count(row['people'])})",
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "text": percent(row["value"]),
            "colour": theme.BLUE,
            "shape": "circle",
            "tips": {
                "title": row["group"],
                "Turned down, looked at": count(row["people"]),
                "No way back": percent(row["value"]),
                "Interval": f"{percent(row['low'])} to {percent(row['high'])}",
            },
        }
        for row in sorted(rows, key=lambda row: in_order(row["group"]))
    ]
    spoken = "; ".join(f"{row['name']} {row['text']}" for row in drawn)
    top = max(float(row["high"]) for row in rows)
    return Figure(
        f"ways-{at}",
        charts.whiskers(
            drawn,
            theme.amounts("share with no way back", "~%"),
            ends=(0.0, min(1.0, max(LEAST_AXIS, top * 1.1))),
        ),
        f"Share with no way back by {field}: {spoken}.",
        f"By {field} (how many were looked at)",
    )
