"""A place of a balance as a page shows it: figures, who is affected, what is dear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.balance.result_document import BalanceResult, FrontierPoint
from equipoise.report.measures import describe
from equipoise.review.whom import Side, Whom, treatments_moved, what_changes
from equipoise.service.contexts.balances import reading
from equipoise.service.pages.analyst.levels import level_text
from equipoise.service.pages.analyst.places import TODAY, Chosen
from equipoise.service.pages.charts import Axis, Bar, Bars, Cell
from equipoise.texts.numbers import (
    FEW,
    count,
    in_unit,
    money,
    percent,
    points,
    precise,
    quantity,
    signed,
    span,
)
from equipoise.texts.saying import marked, retold, say
from equipoise.value.measures import NO_CURRENCY, RATES

_SHOWN = ("good_customers_served", "approvals", "booked", "exposure", "expected_loss_rate",
          "expected_loss", "profit", "average_price", "customer_surplus", "capital", "minutes",
          "questions", "underwriter_hours")  # fmt: skip
_MOVES = 6
PD = "pd"
_FIELDS = {PD: marked("Probability of default")}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure today and at the place, as text."""

    label: str
    today: str
    here: str
    change: str


@dataclass(frozen=True, slots=True)
class Group:
    """Who is affected of a level of a segment, as text; `few` people are counted alone."""

    level: str
    people: str
    few: bool
    came: str
    went: str
    gain: str
    lose: str
    good: str
    loss: str
    profit: str


@dataclass(frozen=True, slots=True)
class Price:
    """A limit at the place: what it is, what is used of it, and what more of it is worth."""

    row: str
    limit: str
    used: str
    reading: str


@dataclass(frozen=True, slots=True)
class Affected:
    """What changes for whom against today: everybody, and by the segment chosen."""

    whole: Group
    came: int
    went: int
    fields: tuple[tuple[str, str], ...]  # names, and what people call them
    field: str
    groups: tuple[Group, ...]
    figure: Bars
    moves: tuple[tuple[str, str, str], ...]


def figures(balance: BalanceResult, at: Chosen) -> list[Figure]:
    """The measures, today and here."""
    rows = []
    for name in _SHOWN:
        today, here = balance.champion.measures.get(name), at.at.measures.get(name)
        if today is None or here is None:
            continue
        unit = balance.measure_units.get(name, "")
        label = describe(name, unit).label
        is_rate = name in RATES
        change = (
            signed(points(here - today)) if is_rate else signed(_of(here - today, unit, balance))
        )
        rows.append(Figure(label, _of(today, unit, balance), _of(here, unit, balance), change))
    return rows


def mixture(at: Chosen) -> str:
    """Whose answers are given to which share, between two points; empty elsewhere."""
    if at.two is None:
        return ""
    return say(
        "A share of {share} gets the answer of point {b}, the others that of point {a}, by a lot "
        "that each keeps along the whole frontier. Figures are what is expected of it.",
        share=percent(at.two.share), a=at.two.left, b=at.two.left + 1,
    )  # fmt: skip


def certified(balance: BalanceResult, at: Chosen) -> str:
    """Between which bounds the best at that level lies; empty off the frontier."""
    if not isinstance(at.at, FrontierPoint):
        return ""
    low, high = precise(at.at.lower), precise(at.at.upper)
    return in_unit(span(low, high), balance.axes.y.unit)


def priced(run_id: int, balance: BalanceResult, at: Chosen) -> list[Price]:
    """What each limit costs there; between two points, at the nearer."""
    place = at.place if at.two is None else f"point {at.two.nearer}"
    return [_price(balance, each) for each in reading.prices(run_id, place)]


def affected(run_id: int, balance: BalanceResult, at: Chosen, by: str) -> Affected | None:
    """Who gains and who loses against today; None where it is no longer kept."""
    try:
        before, after = reading.side(run_id, TODAY), reading.side(run_id, at.place)
        return between(balance, before, after, by)
    except OSError:
        return None


def between(balance: BalanceResult, before: Side, after: Side, by: str) -> Affected:
    """Who gains and who loses between two policies. Raises OSError where one is gone, BadInput
    where they are of other applicants."""
    names = [each.field for each in after.placed.segments]
    field = by if by in names else (names[0] if names else "")
    whole, levels = what_changes(before, after, (field,))
    moves = treatments_moved(before, after, _MOVES)
    return Affected(
        whole=_group(balance, whole),
        came=whole.swapped_in,
        went=whole.swapped_out,
        fields=tuple((name, _called(name)) for name in names),
        field=field,
        groups=tuple(_group(balance, each) for each in levels),
        figure=_gains(balance, field, levels),
        moves=tuple((retold(each.before), retold(each.after), count(each.people))
                    for each in moves),
    )  # fmt: skip


def _called(field: str) -> str:
    return say(_FIELDS[field]) if field in _FIELDS else field.replace("_", " ")


def _gains(balance: BalanceResult, field: str, groups: Sequence[Whom]) -> Bars:
    """Gains and losses in money by level; of few people nothing is drawn."""
    rows = tuple(Bar(level_text(each.level) or say("Everybody"), _cells(each)) for each in groups)
    currency = "" if balance.currency in NO_CURRENCY else balance.currency
    return Bars(
        title=say("Who gains and who loses, by {field}", field=_called(field)),
        described=say("What the terms are worth to applicants beside today's, in money."),
        axis=Axis(say("Change in customer surplus"), "money", currency),
        names=(say("Gains"), say("Losses")),
        rows=rows,
    )


def _cells(group: Whom) -> tuple[Cell, Cell]:
    if group.people < FEW:
        few = Cell(None, text=say("too few"))
        return few, few
    return Cell(group.gained), Cell(-group.lost)


def _group(balance: BalanceResult, each: Whom) -> Group:
    few = each.people < FEW

    def told(name: str) -> str:
        return signed(_of(each.changes[name], _unit(balance, name), balance))

    return Group(
        level=level_text(each.level),
        people=count(each.people),
        few=few,
        came=count(each.swapped_in),
        went=count(each.swapped_out),
        gain=_people_and_money(balance, each.gain, each.gained),
        lose=_people_and_money(balance, each.lose, each.lost),
        good=told("good_customers_served"),
        loss=told("expected_loss"),
        profit=told("profit"),
    )


def _people_and_money(balance: BalanceResult, people: int, amount: float) -> str:
    return say("{n} by {money} in all", n=count(people), money=money(amount, _currency(balance)))


def _price(balance: BalanceResult, each: Mapping[str, Any]) -> Price:
    unit = str(each["unit"])
    return Price(
        row=retold(str(each["row"])),
        limit=_of(float(each["at_most"]), unit, balance),
        used=_of(float(each["used"]), unit, balance),
        reading=retold(str(each["reading"])),
    )


def _unit(balance: BalanceResult, name: str) -> str:
    return balance.measure_units.get(name, "")


def _of(value: float, unit: str, balance: BalanceResult) -> str:
    return quantity(value, unit, _currency(balance))


def _currency(balance: BalanceResult) -> str:
    return "" if balance.currency in NO_CURRENCY else balance.currency
