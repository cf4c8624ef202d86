"""What two strategies do differently: measures, answers, prices and reasons."""

from __future__ import annotations

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
from equipoise.review.comparing.comparison import Comparison, StrategiesCompared
from equipoise.review.comparing.intervals import Change
from equipoise.texts.numbers import (
    POINTS,
    count,
    millions,
    percent,
    points,
    quantity,
    signed,
    span,
)
from equipoise.texts.saying import joined, say
from equipoise.value.measures import NO_CURRENCY

FIRST = ("good_customers_served", "expected_loss_rate", "profit", "average_price")


def answer(compared: StrategiesCompared) -> Section:
    """The main figures, B less A."""
    comparison = compared.comparison
    cells = {cell.name: cell for cell in comparison.cells}
    came, left = cells["out_in"].people, cells["in_out"].people
    text = say(
        "B offers a loan to {came} whom A does not, and none to {left} whom A "
        "does: {net} of {applicants} applicants. Whoever is referred to a "
        "person counts as not offered.",
        came=count(came),
        left=count(left),
        net=signed(count(came - left)),
        applicants=count(comparison.applicants),
    )
    facts = [_fact(name, compared) for name in FIRST if name in comparison.changes]
    blocks: list[Block] = [Text(text)]
    if facts:
        blocks.append(Facts(facts))
    blocks += [Callout("warn", say("To know:"), each) for each in comparison.warnings]
    return Section("answer", say("What B changes"), say("The answer"), blocks)


def shifts(compared: StrategiesCompared) -> Section:
    """Each measure under both, with the interval of the difference."""
    known = compared.comparison.changes
    changes = {name: known[name] for name in COMPARED if name in known}
    level = percent(compared.comparison.confidence)
    blocks: list[Block] = []
    drawn = [row for name, change in changes.items() if (row := _relative(name, change))]
    if drawn:
        spoken = joined((f"{row['name']} {row['text']}" for row in drawn), "; ")
        blocks.append(
            Figure(
                "shift-chart",
                charts.whiskers(
                    drawn, theme.amounts(say("B less A, as a share of A"), "~%"), rule=0.0
                ),
                say("Change of each measure from A to B: {spoken}.", spoken=spoken),
                say("What changes from A to B"),
                say(
                    "Lines are {level} intervals, paired by applicant: both strategies meet "
                    "the same people. Measures are expectations under the value model. Left is "
                    "less under B, right is more; which is better depends on the measure.",
                    level=level,
                ),
                (
                    Key("blue", say("clear of zero"), "dot"),
                    Key("muted", say("within noise"), "diamond"),
                ),
            )
        )
    rows = [
        [
            describe(name).label,
            *(_level(name, level_of, compared) for level_of in (change.a, change.b)),
            _difference(name, change.difference, compared),
            _range(name, change, compared),
        ]
        for name, change in changes.items()
    ]
    columns = (
        Column(say("Measure")),
        Column("A", True),
        Column("B", True),
        Column(say("B less A"), True),
        Column(say("{level} interval", level=level), True),
    )
    blocks.append(Table("shifts-table", say("Measures under both strategies"), columns, rows))
    return Section("shifts", say("Measures, with paired intervals"), say("Measures"), blocks)


def outcomes(comparison: Comparison) -> Section:
    """Outcome against outcome, prices of those both serve, and reasons."""
    blocks: list[Block] = []
    moves = comparison.transitions
    ends = sorted({name for row in moves.values() for name in row} | set(moves))
    table = [
        [say(one.replace("_", " ")), *(count(moves.get(one, {}).get(two, 0)) for two in ends)]
        for one in ends
    ]
    columns = (
        Column(say("A, down; B, across")),
        *(Column(say(e.replace("_", " ")), True) for e in ends),
    )
    blocks.append(Table("outcomes-table", say("Applicants by both answers"), columns, table))
    if prices := comparison.prices:
        mean = prices.mean
        blocks += [
            Heading(say("Prices of those to whom both offer a loan")),
            Text(
                say(
                    "Of {people} people, {cheaper} pay less under B and {dearer} more. The "
                    "mean APR goes from {a} to {b}; nine in ten changes lie between {low} and "
                    "{high}.",
                    people=count(prices.people),
                    cheaper=count(prices.cheaper),
                    dearer=count(prices.dearer),
                    a=percent(mean.a),
                    b=percent(mean.b),
                    low=signed(points(prices.p05)).removesuffix(say(POINTS, change="")),
                    high=signed(points(prices.p95)),
                )
            ),
        ]
    if reasons := comparison.reasons:
        listed = sorted(reasons.items(), key=lambda item: -max(item[1]["a"], item[1]["b"]))
        blocks.append(
            Table(
                "reasons-table",
                say("Reasons given, by code"),
                (
                    Column(say("Reason")),
                    Column("A", True),
                    Column("B", True),
                    Column(say("B less A"), True),
                ),
                [
                    [code, count(n["a"]), count(n["b"]), signed(count(n["b"] - n["a"]))]
                    for code, n in listed
                ],
                folded=True,
            )
        )
    return Section("outcomes", say("Answers, prices and reasons"), say("Answers"), blocks)


def _fact(name: str, compared: StrategiesCompared) -> Fact:
    change = compared.comparison.changes[name]
    return Fact(
        describe(name).label,
        _difference(name, change.difference, compared),
        say(
            "{levels}; interval {interval}",
            levels=span(*(_level(name, level, compared) for level in (change.a, change.b))),
            interval=_range(name, change, compared),
        ),
    )


def _level(name: str, value: float | None, compared: StrategiesCompared) -> str:
    """A measure in its unit; money from a million up in millions."""
    unit = describe(name).unit
    currency = "" if compared.currency in NO_CURRENCY else compared.currency
    if unit == "money":
        return millions(value, currency)
    return quantity(value, "" if unit in ("customers", "loans") else unit)


def _range(name: str, change: Change, compared: StrategiesCompared) -> str:
    if change.low is None:
        return "–"
    ends = [_difference(name, end, compared) for end in (change.low, change.high)]
    return span(ends[0].removesuffix(say(POINTS, change="")), ends[1])


def _difference(name: str, value: float | None, compared: StrategiesCompared) -> str:
    """A change of a measure; of a share, in percentage points."""
    if describe(name).unit == "share":
        return signed(points(value))
    return signed(_level(name, value, compared))


def _relative(name: str, change: Change) -> Record | None:
    """The change as a share of A's, for one picture of measures in many units."""
    if not change.a or change.difference is None:
        return None
    size = abs(change.a)
    low, high = (None if end is None else end / size for end in (change.low, change.high))
    clear = low is not None and high is not None and (low > 0 or high < 0)
    value = change.difference / size
    said = signed(percent(value))
    spread = "–" if low is None else span(signed(percent(low)), signed(percent(high)))
    label = describe(name).label
    return {
        "name": label,
        "value": value,
        "low": low,
        "high": high,
        "text": said,
        "colour": theme.BLUE if clear else theme.MUTED,
        "shape": "circle" if clear else "diamond",
        "tips": {"title": label, say("B less A, of A"): said, say("Interval"): spread},
    }
