"""A book under scenarios: what each costs, quarter by quarter, what breaks, and by which link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import exp

from equipoise.report.blocks import (
    Block,
    Callout,
    Column,
    Fact,
    Facts,
    Figure,
    Key,
    Section,
    Table,
    Text,
)
from equipoise.report.charts.stress import COLOURS, Path, paths
from equipoise.report.sections.stress_texts import (
    SHARES,
    book_today,
    breaks_text,
    followed_text,
    limit_text,
    no_return_text,
    odds_text,
    share_of,
    step_texts,
    times,
    unmet_text,
    warning_texts,
    why_text,
)
from equipoise.review.stress.result_document import Quarter, ScenarioTold, StressResult
from equipoise.review.stress.reverse import Reverse
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import joined, say

_ALL = 20.0  # log-odds beyond which everybody goes who can


def answer(result: StressResult) -> Section:
    """Today, and every scenario beside the others."""
    currency = result.currency
    broken = [each for each in result.reverse if each.breaks_at is not None and each.breaks_at <= 1]
    blocks: list[Block] = [
        Callout("bad", say("A limit breaks:"), f"{limit_text(e, currency)} ({e.scenario})")
        for e in broken
    ]
    if result.reverse and not broken:
        blocks.append(Callout("good", say("Every limit holds in every scenario as written.")))
    today = [Fact(name, said) for name, said in book_today(result)]
    columns = tuple(
        Column(head, numeric=bool(at))
        for at, head in enumerate(
            [say("Scenario"), say("Quarters"), say("Loss"), say("Of the exposure"),
             say("Largest allowance"), say("Most capital"), say("Profit"),
             say("Least capital ratio")]
        )
    )  # fmt: skip
    rows = [_scenario_row(each, currency) for each in result.scenarios]
    rule = say(
        "Nothing new is lent to the book. A scenario's first quarter is the one after the book's "
        "last month; what its last quarter brings goes on. Roll rates follow it, so that in each "
        "quarter as many come to default as its odds say. Stages follow by the rules of the book."
    )
    unexpected = say(
        "Capital is asked for what is not expected: where most loans are to default it falls, as "
        "that is in losses and allowance then."
    )
    unmet = [unmet_text(each) for each in result.scenarios if each.unmet]
    blocks += [Callout("warn", *each) for each in (*warning_texts(result), *unmet)]
    blocks += [
        Facts(today),
        Table("stress-scenarios", say("The book under each scenario"), columns, rows),
        Text(joined((rule, unexpected)), small=True),
        Text(no_return_text(result), small=True),
        *(Text(each, small=True) for each in step_texts(result)),
    ]
    title = say("What each scenario costs")
    return Section("stress", title, title, blocks)


def _scenario_row(each: ScenarioTold, currency: str) -> list[str]:
    return [
        each.name,
        count(len(each.quarters)),
        money(each.loss, currency),
        percent(each.loss_rate),
        money(each.allowance, currency),
        money(each.capital, currency),
        money(each.profit, currency),
        percent(each.capital_ratio),
    ]


def quarters(result: StressResult) -> Section:
    """Losses, allowance, capital and income as lines, and every quarter as a table."""
    currency = result.currency

    def amount(value: float) -> str:
        return money(value, currency)

    blocks: list[Block] = [
        *_defaults(result),
        _lines(result, "loss", say("Losses so far"), _so_far, amount),
        *_lateness(result),
        _lines(result, "allowance", say("Allowance"), _values("allowance"), amount),
        _lines(result, "capital", say("Capital asked for"), _values("capital"), amount),
        _lines(result, "income", say("Earned in the quarter"), _values("income"), amount),
    ]
    blocks += [_quarters(each, at, currency) for at, each in enumerate(result.scenarios)]
    title = say("Quarter by quarter")
    return Section("quarters", title, title, blocks)


def _defaults(result: StressResult) -> list[Block]:
    """What comes to default, unless the test is of a version that did not tell."""
    if not all(quarter.defaulted is not None for e in result.scenarios for quarter in e.quarters):
        return []

    def rates(each: ScenarioTold) -> list[float]:
        return [rate or 0.0 for rate in each.default_rates(result.exposure)]

    title = say("Come to default in the quarter, of what was owed")
    return [_lines(result, "defaults", title, rates, percent, form="~%")]


def _lateness(result: StressResult) -> list[Block]:
    """What is late and what is in stage 2, unless the test is of a version that did not tell."""
    measured = all(quarter.late is not None for e in result.scenarios for quarter in e.quarters)
    if not measured:
        return []
    late, second = say("Late, of what is owed"), say("In stage 2, of what is owed")
    return [
        _lines(result, "late", late, _of_owed("late"), percent, form="~%"),
        _lines(result, "stage2", second, _of_owed("stage2"), percent, form="~%"),
    ]


def _so_far(each: ScenarioTold) -> list[float]:
    return list(accumulate(quarter.loss for quarter in each.quarters))


def _of_owed(name: str) -> Callable[[ScenarioTold], list[float]]:
    return lambda each: [
        share_of(getattr(quarter, name), quarter) or 0.0 for quarter in each.quarters
    ]


def _values(name: str) -> Callable[[ScenarioTold], list[float]]:
    return lambda each: [float(getattr(quarter, name)) for quarter in each.quarters]


def _lines(
    result: StressResult,
    key: str,
    title: str,
    values: Callable[[ScenarioTold], list[float]],
    amount: Callable[[float], str],
    *,
    form: str = "~s",
) -> Figure:
    drawn = [
        Path(
            each.name,
            [
                (quarter.quarter, value, amount(value))
                for quarter, value in zip(each.quarters, values(each), strict=True)
            ],
        )
        for each in result.scenarios
    ]
    summary = "; ".join(f"{each.scenario}: {each.points[-1][2]}" for each in drawn)
    spec = paths(drawn, title, form)
    return Figure(f"stress-{key}", spec, summary, title, legend=legend(result.scenarios))


def legend(scenarios: Sequence[ScenarioTold]) -> tuple[Key, ...]:
    """The scenarios' colours."""
    return tuple(Key(COLOURS[at % 5], each.name, "line") for at, each in enumerate(scenarios))


def quarter_heads() -> list[str]:
    """What the columns of a scenario's quarters are called."""
    return [say("Quarter"), say("Odds of default"), say("Getting later"),
             say("Default then"), say("Owed"),
             say("Come to default"), say("Late"), say("In stage 2"), say("Loss"), say("Allowance"),
             say("Whole lives"), say("Capital"), say("Earned"), say("Capital ratio")]  # fmt: skip


def _quarters(each: ScenarioTold, at: int, currency: str) -> Table:
    columns = tuple(Column(head, numeric=bool(place)) for place, head in enumerate(quarter_heads()))
    rows = [quarter_texts(quarter, currency) for quarter in each.quarters]
    return Table(f"quarters-{at}", each.name, columns, rows, folded=True)


def _odds(log_odds: float | None) -> str:
    if log_odds is None:
        return ABSENT
    return f"× {fixed(exp(log_odds), 2)}" if log_odds < _ALL else say("all who can")


def quarter_texts(each: Quarter, currency: str) -> list[str]:
    """A quarter's cells, beneath `quarter_heads`."""
    return [
        each.quarter,
        _odds(each.log_odds),
        _odds(each.shift),
        _odds(each.default_shift),
        money(each.exposure, currency),
        money(each.defaulted, currency),
        money(each.late, currency),
        money(each.stage2, currency),
        money(each.loss, currency),
        money(each.allowance, currency),
        money(each.lifetime, currency),
        money(each.capital, currency),
        money(each.income, currency),
        percent(each.capital_ratio),
    ]


def breaking(result: StressResult) -> list[Section]:
    """The mildest scenario that breaks each limit."""
    if not result.reverse:
        return []
    columns = (
        Column(say("Limit")),
        Column(say("Scenario")),
        Column(say("Still holds at"), True),
        Column(say("Breaks at"), True),
        Column(say("There it is"), True),
        Column(say("How sure"), wide=True),
    )
    rows = [
        [
            limit_text(each, result.currency),
            each.scenario,
            times(each.holds_at),
            breaks_text(each),
            _figure(each, each.figure_breaks, result.currency),
            say("only got worse at each of {n} scales looked at", n=count(len(each.tried)))
            if each.monotone
            else say("did not only get worse on the way: this is the first breach seen"),
        ]
        for each in result.reverse
    ]
    how = say(
        "Each scenario is stretched along its own path, away from the last quarter before it: 0 is "
        "the economy as it stands, 1 the scenario as written."
    )
    title = say("What would break a limit")
    table = Table("reverse", say("The mildest breach"), columns, rows)
    return [Section("reverse", title, title, [table, Text(how, small=True)])]


def _figure(each: Reverse, value: float | None, currency: str) -> str:
    return percent(value) if each.limit.split(" ")[0] in SHARES else money(value, currency)


def link(result: StressResult) -> Section:
    """How the book follows the economy, and how sure that is."""
    fit = result.link
    blocks: list[Block] = []
    if fit.kind != "satellite":
        blocks.append(Callout("warn", say("No model of default rates is used:"), why_text(fit.why)))
    blocks.append(Text(joined((followed_text(fit), odds_text(result)))))
    if fit.slopes:
        blocks += _model(result)
    title = say("How the book follows the economy")
    return Section("link", title, title, blocks)


def _model(result: StressResult) -> list[Block]:
    fit = result.link
    columns = (
        Column(say("Driver")),
        Column(say("Quarters earlier"), True),
        Column(say("Slope"), True),
    )
    rows = [
        [
            name,
            count(lag),
            say("held at 0 by its sign") if name in fit.held_at_zero else fixed(slope, 4),
        ]
        for name, lag, slope in zip(fit.drivers, fit.lags, fit.slopes, strict=True)
    ]
    errors = say(
        "Error in time {fitted}, out of time {error}; the mean of the past has {naive} out of time "
        "(root mean squares of rates).",
        fitted=percent(fit.fitted_error),
        error=percent(fit.error),
        naive=percent(fit.naive_error),
    )
    return [Table("link-model", say("The model"), columns, rows), Text(errors)]
