"""What two strategies do differently: measures, answers, prices and reasons."""

from __future__ import annotations

from typing import Any

from equipoise.report.blocks import (
    Block,
    Callout,
    Column,
    Fact,
    Facts,
    Figure,
    Heading,
    Key,
    Section,
    Table,
    Text,
)
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.report.measures import COMPARED, describe
from equipoise.report.story import Record
from equipoise.texts.numbers import (
    THIN,
    count,
    money,
    percent,
    plain,
    points,
    quantity,
    real,
    signed,
)
from equipoise.value.measures import NO_CURRENCY

MILLION = 1e6
POINTS = " percentage points"
FIRST = ("good_customers_served", "expected_loss_rate", "profit", "average_price")


def answer(told: Record) -> Section:
    """The main figures, B less A."""
    cells = {cell["name"]: cell for cell in told["cells"]}
    came, left = cells["out_in"]["people"], cells["in_out"]["people"]
    text = (
        f"B offers a loan to {count(came)} whom A does not, and none to {count(left)} whom A "
        f"does: {signed(count(came - left))} of {count(told['applicants'])} applicants. "
        "Whoever is referred to a person counts as not offered."
    )
    facts = [_fact(name, told) for name in FIRST if name in told["changes"]]
    blocks: list[Block] = [Text(text)]
    if facts:
        blocks.append(Facts(facts))
    blocks += [Callout("warn", "To know:", str(each)) for each in told["warnings"]]
    return Section("answer", "What B changes", "The answer", blocks)


def shifts(told: Record) -> Section:
    """Each measure under both, with the interval of the difference."""
    changes = {name: told["changes"][name] for name in COMPARED if name in told["changes"]}
    level = percent(told["confidence"])
    blocks: list[Block] = []
    drawn = [row for name, change in changes.items() if (row := _relative(name, change))]
    if drawn:
        spoken = "; ".join(f"{row['name']} {row['text']}" for row in drawn)
        blocks.append(
            Figure(
                "shift-chart",
                charts.whiskers(drawn, theme.amounts("B less A, as a share of A", "~%"), rule=0.0),
                f"Change of each measure from A to B: {spoken}.",
                "What changes from A to B",
                f"Lines are {level} intervals, paired by applicant: both strategies meet the same "
                "people. Measures are expectations under the value model. Left is less under B, "
                "right is more; which is better depends on the measure.",
                (Key("blue", "clear of zero", "dot"), Key("muted", "within noise", "diamond")),
            )
        )
    rows = [
        [
            describe(name).label,
            *(_said(name, change[key], told) for key in ("a", "b")),
            _difference(name, change["difference"], told),
            _range(name, change, told),
        ]
        for name, change in changes.items()
    ]
    columns = (Column("Measure"), Column("A", True), Column("B", True),
               Column("B less A", True), Column(f"{level} interval", True))  # fmt: skip
    blocks.append(Table("shifts-table", "Measures under both strategies", columns, rows))
    return Section("shifts", "Measures, with paired intervals", "Measures", blocks)


def outcomes(told: Record) -> Section:
    """Outcome against outcome, prices of those both serve, and reasons."""
    blocks: list[Block] = []
    moves = told["transitions"]
    ends = sorted({name for row in moves.values() for name in row} | set(moves))
    table = [
        [one.replace("_", " "), *(count(moves.get(one, {}).get(two, 0)) for two in ends)]
        for one in ends
    ]
    columns = (Column("A, down; B, across"), *(Column(e.replace("_", " "), True) for e in ends))
    blocks.append(Table("outcomes-table", "Applicants by both answers", columns, table))
    if prices := told.get("prices"):
        mean = prices["mean"]
        blocks += [
            Heading("Prices of those to whom both offer a loan"),
            Text(
                f"Of {count(prices['people'])} people, {count(prices['cheaper'])} pay less under B "
                f"and {count(prices['dearer'])} more. The mean APR goes from {percent(mean['a'])} "
                f"to {percent(mean['b'])}; nine in ten changes lie between "
                f"{signed(points(prices['p05'])).removesuffix(POINTS)} and "
                f"{signed(points(prices['p95']))}."
            ),
        ]
    if reasons := told.get("reasons"):
        listed = sorted(reasons.items(), key=lambda item: -max(item[1]["a"], item[1]["b"]))
        blocks.append(
            Table(
                "reasons-table",
                "Reasons given, by code",
                (Column("Reason"), Column("A", True), Column("B", True), Column("B less A", True)),
                [
                    [code, count(n["a"]), count(n["b"]), signed(count(n["b"] - n["a"]))]
                    for code, n in listed
                ],
                folded=True,
            )
        )
    return Section("outcomes", "Answers, prices and reasons", "Answers", blocks)


def _fact(name: str, told: Record) -> Fact:
    change = told["changes"][name]
    return Fact(
        describe(name).label,
        _difference(name, change["difference"], told),
        f"{_said(name, change['a'], told)} to {_said(name, change['b'], told)}; "
        f"interval {_range(name, change, told)}",
    )


def _said(name: str, value: Any, told: Record) -> str:
    """A measure in its unit; money from a million up in millions."""
    unit = describe(name).unit
    currency = str(told.get("currency") or "")
    if currency in NO_CURRENCY:
        currency = ""
    if unit == "money":
        if abs(real(value) or 0.0) >= MILLION:
            return f"{currency}{THIN}{plain(value / MILLION)} million".strip(THIN)
        return money(value, currency)
    return quantity(value, "" if unit in ("customers", "loans") else unit)


def _range(name: str, change: Record, told: Record) -> str:
    if change["low"] is None:
        return "–"
    ends = [_difference(name, change[end], told) for end in ("low", "high")]
    return f"{ends[0].removesuffix(POINTS)} to {ends[1]}"


def _difference(name: str, value: Any, told: Record) -> str:
    """A change of a measure; of a share, in percentage points."""
    if describe(name).unit == "share":
        return signed(points(value))
    return signed(_said(name, value, told))


def _relative(name: str, change: Record) -> Record | None:
    """The change as a share of A's, for one picture of measures in many units."""
    a = real(change["a"])
    if not a or real(change["difference"]) is None:
        return None
    size = abs(a)
    low, high = (None if change[e] is None else change[e] / size for e in ("low", "high"))
    clear = low is not None and high is not None and (low > 0 or high < 0)
    value = change["difference"] / size
    said = signed(percent(value))
    spread = "–" if low is None else f"{signed(percent(low))} to {signed(percent(high))}"
    label = describe(name).label
    return {
        "name": label,
        "value": value,
        "low": low,
        "high": high,
        "text": said,
        "colour": theme.BLUE if clear else theme.MUTED,
        "shape": "circle" if clear else "diamond",
        "tips": {"title": label, "B less A, of A": said, "Interval": spread},
    }
