"""Whether models last: scores and features over time, bad rates by month of origination."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Heading, Key, Pair, Table, Text
from equipoise.report.charts import models as charts
from equipoise.report.story import Record, Story, complete, record, records
from equipoise.report.trust import STABILITY_RULE, is_shift, shift_bound
from equipoise.texts.numbers import percent, three_decimals
from equipoise.texts.saying import first_up, joined, say


def stability(story: Story, fitted: list[Record]) -> list[Block]:
    figures, tables = [], []
    for index, model in enumerate(fitted):
        rows = complete(records(model, "psi"), "psi")
        if rows:
            figures.append(_months(index, model["name"], rows))
        if features := complete(records(model, "csi"), "csi"):
            tables.append(_csi(story, index, model["name"], features))
    if not figures and not tables:
        return []
    drawn: list[Block] = [Pair(figures)] if figures else []
    undated = say("No month is known, so stability is of the test rows against the training rows.")
    rule = say(STABILITY_RULE) if figures else joined([undated, say(STABILITY_RULE)])
    return [Heading(say("Stability over time")), Text(rule), *drawn, *tables]


def _months(index: int, name: str, rows: list[Record]) -> Figure:
    shifted = [str(row.get("month")) for row in rows if is_shift(row, "psi")]
    said = (
        say("shift in {shifted}", shifted=joined(shifted, ", "))
        if shifted
        else say("no month beyond its bound")
    )
    judged = [{**row, "alert": is_shift(row, "psi"), "bound": shift_bound(row)} for row in rows]
    return Figure(
        f"psi-{index}",
        charts.stability(judged),
        say("PSI of {name} per month: {said}.", name=name, said=said),
        say("Stability per month: {name}", name=name),
        say("{sentence}.", sentence=first_up(said)),
        (
            Key("blue", say("within the bound")),
            *((Key("rust", say("shift")),) if shifted else ()),
            Key("ink", say("bound"), "line"),
        ),
    )


def _csi(story: Story, index: int, name: str, rows: list[Record]) -> Table:
    ordered = sorted(rows, key=lambda r: -float(r["csi"]))
    cells = [
        [
            story.field(str(r.get("feature"))),
            three_decimals(r["csi"]),
            three_decimals(shift_bound(r)),
            say("shift") if is_shift(r, "csi") else say("no shift"),
        ]
        for r in ordered
    ]
    columns = (
        Column(say("Feature")),
        Column("CSI", True),
        Column(say("Bound"), True),
        Column(say("Verdict")),
    )
    return Table(
        f"csi-{index}", say("Stability per feature: {name}", name=name), columns, cells, folded=True
    )


def maturity(story: Story) -> list[Block]:
    matured = record(story.fit, "maturity")
    rows = complete(records(matured, "by_month"), "bad_rate")
    if not rows:
        return []
    note = str(matured.get("note") or say("Months still young had less time to go bad."))
    spoken = joined((f"{r.get('month')} {percent(r['bad_rate'])}" for r in rows), "; ")
    return [
        Figure(
            "maturity",
            charts.maturity(rows),
            say("Bad rate by month of origination: {spoken}.", spoken=spoken),
            say("Bad rate by month of origination"),
            note,
            (Key("blue", say("mature")), Key("hollow", say("still young"))),
        )
    ]
