"""Whether models last: scores and features over time, bad rates by month of origination."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.report.blocks import Block, Column, Figure, Heading, Key, Pair, Table, Text
from equipoise.report.charts import models as charts
from equipoise.report.story import Story
from equipoise.report.trust import STABILITY_RULE, is_shift, shift_bound
from equipoise.risk.fit_result import FeatureStability, FittedModel, Maturity, MonthStability
from equipoise.texts.numbers import percent, three_decimals
from equipoise.texts.saying import first_up, joined, say


def stability(story: Story, fitted: Sequence[FittedModel]) -> list[Block]:
    figures, tables = [], []
    for index, model in enumerate(fitted):
        if model.psi:
            figures.append(_months(index, model.name, model.psi))
        if model.csi:
            tables.append(_csi(story, index, model.name, model.csi))
    if not figures and not tables:
        return []
    drawn: list[Block] = [Pair(figures)] if figures else []
    undated = say("No month is known, so stability is of the test rows against the training rows.")
    rule = say(STABILITY_RULE) if figures else joined([undated, say(STABILITY_RULE)])
    return [Heading(say("Stability over time")), Text(rule), *drawn, *tables]


def _months(index: int, name: str, months: Sequence[MonthStability]) -> Figure:
    shifted = [month.month for month in months if is_shift(month.psi, month.bound)]
    finding = (
        say("shift in {shifted}", shifted=joined(shifted, ", "))
        if shifted
        else say("no month beyond its bound")
    )
    judged = [_judged(month) for month in months]
    return Figure(
        f"psi-{index}",
        charts.stability(judged),
        say("PSI of {name} per month: {said}.", name=name, said=finding),
        say("Stability per month: {name}", name=name),
        say("{sentence}.", sentence=first_up(finding)),
        (
            Key("blue", say("within the bound")),
            *((Key("rust", say("shift")),) if shifted else ()),
            Key("ink", say("bound"), "line"),
        ),
    )


def _judged(month: MonthStability) -> MonthStability:
    """The month under the page's rule and its bound."""
    alert = is_shift(month.psi, month.bound)
    return month.model_copy(update={"alert": alert, "bound": shift_bound(month.bound)})


def _csi(story: Story, index: int, name: str, rows: Sequence[FeatureStability]) -> Table:
    ordered = sorted(rows, key=lambda r: -r.csi)
    cells = [
        [
            story.field(r.feature),
            three_decimals(r.csi),
            three_decimals(shift_bound(r.bound)),
            say("shift") if is_shift(r.csi, r.bound) else say("no shift"),
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


def maturity(matured: Maturity) -> list[Block]:
    rows = matured.by_month
    if not rows:
        return []
    spoken = joined((f"{row.month} {percent(row.bad_rate)}" for row in rows), "; ")
    return [
        Figure(
            "maturity",
            charts.maturity(rows),
            say("Bad rate by month of origination: {spoken}.", spoken=spoken),
            say("Bad rate by month of origination"),
            matured.note,
            (Key("blue", say("mature")), Key("hollow", say("still young"))),
        )
    ]
