"""Charts of the balance: shadow prices, treatments, swap sets, the friction table, the tornado."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from equipoise.balance.result_document import SwapSet, TreatmentCount
from equipoise.report.charts import theme
from equipoise.report.story import Story
from equipoise.texts.numbers import axis_format, count, in_unit, percent, signed, span
from equipoise.texts.saying import joined, say

_ROW = 30  # pixels per category


Tips = dict[str, str]  # what a hover says, by its label


@dataclass(frozen=True, slots=True)
class DrawnPrice:
    """What one per cent more room in a constraint would earn, in money."""

    label: str
    worth: float
    tips: Tips


@dataclass(frozen=True, slots=True)
class DrawnRange:
    """The gain at both ends of an input's range."""

    label: str
    gain_at_low: float
    gain_at_high: float
    tips: Tips


@dataclass(frozen=True, slots=True)
class ShownFriction:
    """What a check buys and costs, in money of `places` decimals whose lines add up to the net."""

    check: str
    bad_avoided: float
    bad_avoided_money: float
    bad_left: float
    bad_left_money: float
    good_lost: float
    good_lost_money: float
    cost: float
    net: float
    net_low: float
    net_high: float
    minutes: float
    places: int


def bars_height(categories: int, row: int = _ROW) -> int:
    return 78 + row * max(categories, 1)


def shadow_prices(story: Story, prices: Sequence[DrawnPrice]) -> dict[str, Any]:
    """What one per cent more room in each constraint would earn; `worth` is in money."""
    data = [
        {
            "name": theme.wrapped(price.label),
            "worth": price.worth,
            "text": story.money(price.worth),
            "tips": price.tips,
        }
        for price in prices
    ]
    base = alt.Chart(theme.source(data)).encode(
        y=theme.bare("name"),
        x=alt.X("worth:Q", axis=_money_axis(story, "")),
        tooltip=theme.tips(),
    )
    bar = base.mark_bar(color=theme.BLUE, height=16)
    right = theme.room(str(row["text"]) for row in data)
    return theme.finish(bar + _ends(base), bars_height(len(data)), right)


def treatments(rows: Sequence[TreatmentCount]) -> dict[str, Any]:
    """How many applicants get each treatment, today and recommended."""
    data = [
        {
            "name": theme.wrapped(row.name),
            "when": when,
            "n": people,
            "text": count(people),
            "tips": {
                "title": row.name,
                say("Today"): count(row.today),
                say("Recommended"): count(row.recommended),
                say("Change"): signed(count(row.recommended - row.today)),
            },
        }
        for row in rows
        for when, people in (("Today", row.today), ("Recommended", row.recommended))
    ]
    base = alt.Chart(theme.source(data)).encode(
        y=theme.bare("name"),
        yOffset=alt.YOffset("when:N", sort=["Today", "Recommended"]),
        x=alt.X("n:Q", axis=theme.people(say("applicants"))),
        tooltip=theme.tips(),
    )
    bar = base.mark_bar().encode(
        color=alt.Color(
            "when:N",
            legend=None,
            scale=alt.Scale(domain=["Today", "Recommended"], range=[theme.MUTED, theme.BLUE]),
        )
    )
    right = theme.room(str(row["text"]) for row in data)
    return theme.finish(bar + _ends(base), bars_height(len(rows), 42), right)


def swap_sets(rows: Sequence[SwapSet]) -> dict[str, Any]:
    """Who comes in (right) and who goes out (left), per segment of one field."""
    data = []
    for row in rows:
        tips = {
            "title": row.segment,
            say("In under both"): count(row.both_in),
            say("Swapped in"): count(row.swapped_in),
            say("Swapped out"): count(row.swapped_out),
            say("Out under both"): count(row.both_out),
            say("Net"): signed(count(row.swapped_in - row.swapped_out)),
        }
        for way, n in (("in", row.swapped_in), ("out", -row.swapped_out)):
            data.append(
                {
                    "name": theme.wrapped(row.segment),
                    "way": way,
                    "n": n,
                    "text": signed(count(n)) if n else "",
                    "tips": tips,
                }
            )
    base = alt.Chart(theme.source(data)).encode(
        y=theme.bare("name"),
        x=alt.X(
            "n:Q",
            axis=theme.people(say("applicants out · in")),
            scale=alt.Scale(padding=44, nice=False),
        ),
        tooltip=theme.tips(),
    )
    bar = base.mark_bar(height=16).encode(
        color=alt.Color(
            "way:N",
            legend=None,
            scale=alt.Scale(domain=["in", "out"], range=[theme.TEAL, theme.RUST]),
        )
    )
    zero = alt.Chart(theme.source([{"n": 0}])).mark_rule(color=theme.SOFT).encode(x="n:Q")
    return theme.finish(
        alt.layer(bar, zero, _ends(base), _starts(base)), bars_height(len(rows), 26)
    )


def friction_chart(story: Story, rows: Sequence[ShownFriction]) -> dict[str, Any]:
    """Per check: money saved on bad loans (right), lost with good customers (left), and the net."""
    sides, nets = [], []
    for row in rows:
        tips = {
            "title": row.check,
            say("Saved by stopping bad loans"): story.money(row.bad_avoided_money),
            say("Saved by bad payers who leave"): story.money(row.bad_left_money),
            say("Lost with good customers"): story.money(row.good_lost_money),
            say("Cost of the check"): story.money(row.cost),
            say("Net"): story.money(row.net),
            say("Net, range"): span(story.money(row.net_low), story.money(row.net_high)),
        }
        lost = -(row.good_lost_money + row.cost)
        stopped, left = row.bad_avoided_money, row.bad_left_money
        for side, start, end in (
            ("good", 0.0, lost), ("bad", 0.0, stopped), ("left", stopped, stopped + left),
        ):  # fmt: skip
            sides.append(
                {
                    "name": theme.wrapped(row.check),
                    "side": side,
                    "value": end,
                    "from": start,
                    "tips": tips,
                }
            )
        nets.append(
            {
                "name": theme.wrapped(row.check),
                "net": row.net,
                "low": row.net_low,
                "high": row.net_high,
                "tips": tips,
            }
        )
    y = theme.bare("name")
    x = alt.X("value:Q", axis=_money_axis(story, say("lost · saved")), scale=alt.Scale(padding=12))
    bar = (
        alt.Chart(theme.source(sides))
        .mark_bar(height=22, cornerRadiusEnd=0)
        .encode(
            y=y,
            x=x,
            x2="from:Q",
            tooltip=theme.tips(),
            color=alt.Color(
                "side:N",
                legend=None,
                scale=alt.Scale(
                    domain=["bad", "left", "good"], range=[theme.TEAL, theme.MUTED, theme.RUST]
                ),
            ),
        )
    )
    base = alt.Chart(theme.source(nets)).encode(y=y, tooltip=theme.tips())
    halo = base.mark_rule(strokeWidth=5, color=theme.PAPER, opacity=0.85).encode(
        x="low:Q", x2="high:Q"
    )
    whisker = base.mark_rule(strokeWidth=2, color=theme.INK).encode(x="low:Q", x2="high:Q")
    dot = base.mark_point(
        shape="diamond", filled=True, size=110, opacity=1, color=theme.INK, stroke=theme.PAPER
    ).encode(x="net:Q")
    zero = alt.Chart(theme.source([{"v": 0}])).mark_rule(color=theme.SOFT).encode(x="v:Q")
    return theme.finish(alt.layer(bar, zero, halo, whisker, dot), bars_height(len(rows), 40))


def tornado(
    story: Story, ranges: Sequence[DrawnRange], central: float, unit: str
) -> dict[str, Any]:
    """The gain at both ends of every range, widest first, on a scale of what moves.

    Zero is on the axis only where some end comes near it: elsewhere it would press the bars flat.
    """
    ends = [gain for each in ranges for gain in (each.gain_at_low, each.gain_at_high)]
    near_zero = reaches_zero([*ends, central])
    data = [
        {
            "name": theme.wrapped(each.label),
            "end": end,
            "gain": gain,
            "from": central,
            "tips": each.tips,
        }
        for each in ranges
        for end, gain in (("low", each.gain_at_low), ("high", each.gain_at_high))
    ]
    axis = theme.amounts(
        in_unit(say("gain"), unit) if unit else say("gain"), axis_format(unit, story.currency)
    )
    base = alt.Chart(theme.source(data))
    bar = base.mark_bar(height=16, cornerRadiusEnd=0).encode(
        y=theme.bare("name"),
        x=alt.X("gain:Q", axis=axis, scale=alt.Scale(padding=16, zero=near_zero)),
        x2="from:Q",
        tooltip=theme.tips(),
        color=alt.Color(
            "end:N",
            legend=None,
            scale=alt.Scale(domain=["low", "high"], range=[theme.GOLD, theme.VIOLET]),
        ),
    )
    rules = [{"v": 0, "c": theme.RUST}] if near_zero else []
    rules.append({"v": central, "c": theme.INK})
    rule = (
        alt.Chart(theme.source(rules))
        .mark_rule(strokeWidth=1.5)
        .encode(x="v:Q", color=alt.Color("c:N", scale=None))
    )
    return theme.finish(bar + rule, bars_height(len(ranges)))


def reaches_zero(ends: list[float]) -> bool:
    """Whether zero belongs on an axis of these values: they span it, or come near it."""
    low, high = min(ends), max(ends)
    return low <= 0 <= high or min(abs(low), abs(high)) <= high - low


def comparison(a: str, b: str, shares: tuple[float, float, float]) -> dict[str, Any]:
    """One bar: probability that either model is practically better, or that they are equal."""
    labels = (say("{a} better", a=a), say("practically equal"), say("{b} better", b=b))
    data = [
        {"who": who, "p": p, "tips": {"title": who, say("Probability"): percent(p)}}
        for who, p in zip(labels, shares, strict=True)
    ]
    chart = (
        alt.Chart(theme.source(data))
        .mark_bar(height=22, cornerRadiusEnd=0)
        .encode(
            x=alt.X("p:Q", stack="zero", axis=theme.amounts(say("probability"), "~%")),
            color=alt.Color(
                "who:N",
                legend=None,
                scale=alt.Scale(domain=list(labels), range=[theme.BLUE, theme.MUTED, theme.GOLD]),
            ),
            order=alt.Order("rank:Q"),
            tooltip=theme.tips(),
        )
    )
    for rank, row in enumerate(data):
        row["rank"] = rank
    return theme.finish(chart, 92)


def _money_axis(story: Story, title: str) -> alt.Axis:
    words = joined((part for part in (story.currency, title) if part), " ")
    return theme.amounts(words or None)


def _ends(base: alt.Chart) -> alt.Chart:
    """Figures beside the ends of bars that go to the right."""
    shown = base.mark_text(align="left", dx=5, fontSize=11).encode(text="text:N")
    return _where(shown, ">= 0")


def _starts(base: alt.Chart) -> alt.Chart:
    """Figures beside the ends of bars that go to the left."""
    shown = base.mark_text(align="right", dx=-5, fontSize=11).encode(text="text:N")
    return _where(shown, "< 0")


def _where(chart: alt.Chart, condition: str) -> alt.Chart:
    field = str(chart.encoding.x.shorthand).split(":")[0]
    kept: alt.Chart = chart.transform_filter(f"datum.{field} {condition}")
    return kept
