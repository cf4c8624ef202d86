"""Who has no way back once turned down."""

from __future__ import annotations

from equipoise.report.blocks import Block, Figure, Pair, Section, Text
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.report.story import Record
from equipoise.texts.numbers import count, in_order, percent, span
from equipoise.texts.saying import joined, marked, retold, say

TITLE = marked("Who has no way back")
LEAST_AXIS = 0.1


def ways_back(audit: Record) -> Section:
    """Shares of those turned down for whom no change or other terms were found to turn it."""
    recourse = audit.get("recourse")
    if not recourse:
        why = say("ways back were not looked for")
        return Section("ways", say(TITLE), say("Ways back"), absent=why)
    if not recourse["sampled"]:
        return Section("ways", say(TITLE), say("Ways back"), absent=say("nobody was turned down"))
    share = recourse["no_way_back"]
    blocks: list[Block] = [
        Text(
            say(
                "{turned_down} applicants are declined or referred. Ways back were looked "
                "for among {sampled} of them, drawn at random: {value} have none ({low} to "
                "{high}). A way back is a change of the applicant's own facts that the "
                "contract allows, or other terms, which the whole strategy answers better; "
                "a search may miss one.",
                turned_down=count(recourse["turned_down"]),
                sampled=count(recourse["sampled"]),
                value=percent(share["value"]),
                low=percent(share["low"]),
                high=percent(share["high"]),
            )
        )
    ]
    fields: dict[str, list[Record]] = {}
    for each in recourse["segments"]:
        if each["people"]:
            fields.setdefault(str(each["column"]), []).append(each)
    if fields:
        blocks.append(
            Pair([_figure(at, name, rows) for at, (name, rows) in enumerate(fields.items())])
        )
    return Section("ways", say(TITLE), say("Ways back"), blocks)


def _figure(at: int, field: str, rows: list[Record]) -> Figure:
    drawn = [
        {
            "name": say("{name} ({what})", name=retold(row["group"]), what=count(row["people"])),
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "text": percent(row["value"]),
            "colour": theme.BLUE,
            "shape": "circle",
            "tips": {
                "title": retold(row["group"]),
                say("Turned down, looked at"): count(row["people"]),
                say("No way back"): percent(row["value"]),
                say("Interval"): span(percent(row["low"]), percent(row["high"])),
            },
        }
        for row in sorted(rows, key=lambda row: in_order(row["group"]))
    ]
    spoken = joined((f"{row['name']} {row['text']}" for row in drawn), "; ")
    top = max(float(row["high"]) for row in rows)
    return Figure(
        f"ways-{at}",
        charts.whiskers(
            drawn,
            theme.amounts(say("share with no way back"), "~%"),
            ends=(0.0, min(1.0, max(LEAST_AXIS, top * 1.1))),
        ),
        say("Share with no way back by {field}: {spoken}.", field=field, spoken=spoken),
        say("By {field} (how many were looked at)", field=field),
    )
