"""Charts of model validation: ROC, calibration, stability, maturity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from equipoise.report.charts import theme
from equipoise.report.trust import miscalibration
from equipoise.risk.fit_result import GradeCalibration, MonthMaturity, MonthStability
from equipoise.texts.numbers import count, percent, plain, span
from equipoise.texts.saying import say


def roc(curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> dict[str, Any]:
    """True against false positive rate, one line per model."""
    rows = [
        {
            "model": name,
            "fpr": fpr,
            "tpr": tpr,
            "i": i,
            "tips": {
                "title": name,
                say("Good stopped"): percent(fpr),
                say("Bad stopped"): percent(tpr),
            },
        }
        for name, points in curves
        for i, (fpr, tpr) in enumerate(points)
    ]
    models = [name for name, _ in curves]
    diagonal = alt.Chart(theme.source([{"fpr": 0, "tpr": 0}, {"fpr": 1, "tpr": 1}])).mark_line(
        color=theme.MUTED, strokeDash=[4, 4], strokeWidth=1
    )
    x = alt.X("fpr:Q", axis=theme.amounts(say("good payers stopped"), "~%"))
    y = alt.Y("tpr:Q", axis=theme.amounts(say("bad payers stopped"), "~%"))
    palette = alt.Scale(domain=models, range=list(theme.SERIES[: max(len(models), 1)]))
    base = alt.Chart(theme.source(rows)).encode(
        x=x, y=y, color=alt.Color("model:N", legend=None, scale=palette), order="i:Q"
    )
    line = base.mark_line(strokeWidth=2)
    hover = base.mark_circle(size=80, opacity=0.001).encode(tooltip=theme.tips())
    return theme.finish(alt.layer(diagonal.encode(x=x, y=y), line, hover), 300)


def calibration(rows: Sequence[GradeCalibration], colour: str) -> dict[str, Any]:
    """Predicted (tick) against observed bad rate with its interval (dot and rule), per grade."""
    data = [
        {
            "grade": row.grade,
            "predicted": row.predicted,
            "observed": row.observed,
            "low": row.low,
            "high": row.high,
            "colour": theme.RUST if miscalibration(row) else colour,
            "tips": {
                "title": say("Grade {grade}", grade=row.grade),
                say("Loans"): count(row.n),
                say("PD foretold"): percent(row.predicted),
                say("Observed"): percent(row.observed),
                say("Interval"): span(percent(row.low), percent(row.high)),
                say("p-value"): plain(row.p_value),
                say("Verdict"): miscalibration(row) or say("holds"),
            },
        }
        for row in rows
    ]
    base = alt.Chart(theme.source(data)).encode(x=theme.names("grade"), tooltip=theme.tips())
    axis = theme.amounts(say("bad rate"), "~%")
    painted = alt.Color("colour:N", scale=None)
    whisker = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", axis=axis), y2="high:Q", color=painted
    )
    dot = base.mark_circle(size=80, opacity=1).encode(y="observed:Q", color=painted)
    tick = base.mark_tick(thickness=2.5, width=22, color=theme.INK).encode(y="predicted:Q")
    return theme.finish(alt.layer(whisker, tick, dot), 260)


def stability(rows: Sequence[MonthStability]) -> dict[str, Any]:
    """PSI per month as bars, with the bound that sampling alone explains."""
    data = [
        {
            "month": row.month,
            "psi": row.psi,
            "bound": row.bound,
            "alert": row.alert,
            "tips": {
                "title": row.month,
                "PSI": plain(row.psi),
                say("Bound"): plain(row.bound),
                say("Applications"): count(row.n),
                say("Verdict"): say("shift") if row.alert else say("within the bound"),
            },
        }
        for row in rows
    ]
    base = alt.Chart(theme.source(data)).encode(x=theme.names("month"), tooltip=theme.tips())
    bar = base.mark_bar(width=alt.RelativeBandSize(0.6)).encode(
        y=alt.Y("psi:Q", axis=theme.amounts("PSI", "")),
        color=alt.Color(
            "alert:N",
            legend=None,
            scale=alt.Scale(domain=[False, True], range=[theme.BLUE, theme.RUST]),
        ),
    )
    bound = (
        base.transform_filter("datum.bound !== null")
        .mark_tick(thickness=2.5, width=alt.RelativeBandSize(0.9), color=theme.INK)
        .encode(y="bound:Q")
    )
    return theme.finish(bar + bound, 220)


def maturity(rows: Sequence[MonthMaturity]) -> dict[str, Any]:
    """Bad rate by month of origination; months still too young are drawn hollow."""
    data = [
        {
            "month": row.month,
            "rate": row.bad_rate,
            "mature": row.mature,
            "tips": {
                "title": row.month,
                say("Bad rate so far"): percent(row.bad_rate),
                say("Loans"): count(row.n),
                say("Outcome"): say("mature") if row.mature else say("still young"),
            },
        }
        for row in rows
    ]
    base = alt.Chart(theme.source(data)).encode(
        x=theme.names("month"),
        y=alt.Y("rate:Q", axis=theme.amounts(say("bad rate so far"), "~%")),
        tooltip=theme.tips(),
    )
    bar = base.mark_bar(width=alt.RelativeBandSize(0.6), strokeWidth=1.5, stroke=theme.BLUE).encode(
        fill=alt.Fill(
            "mature:N",
            legend=None,
            scale=alt.Scale(domain=[True, False], range=[theme.BLUE, theme.PAPER]),
        )
    )
    return theme.finish(alt.layer(bar), 220)
