"""Where a book gathers, how far limits are used, and what the figures rest on."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.portfolio import BookMeasured, LimitUse
from equipoise.report.blocks import (
    Block,
    Callout,
    Column,
    Commands,
    Fact,
    Facts,
    Figure,
    Section,
    Table,
    Text,
    Tone,
)
from equipoise.report.charts.book import limit_bars
from equipoise.report.sections.book_words import DIMENSIONS, EFFECTS, FAULTS, STATES
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import joined, say, spoken

_MOST_BARS = 12
_LARGEST_SHOWN = 3


def answer(measured: BookMeasured) -> Section:
    """The book in a few figures, and what a reader should stop at."""
    summary, currency = measured.summary, measured.summary.currency
    of = say("of the exposure") if summary.has_balance else say("of open loans")
    open_ = say("{n} open loans", n=count(summary.open_loans))
    whole = money(summary.exposure, currency) if summary.has_balance else say("not told")
    facts = [
        Fact(say("Exposure"), whole, open_),
        Fact(say("More than 30 days late"), percent(summary.late30_share), of,
             _tone(summary.late30_share, 0.05)),
        Fact(say("More than 90 days late"), percent(summary.late90_share), of,
             _tone(summary.late90_share, 0.03)),
    ]  # fmt: skip
    if measured.losses is not None:
        share = measured.losses.allowance / summary.exposure if summary.exposure else 0.0
        facts.append(
            Fact(
                say("Allowance"),
                money(measured.losses.allowance, currency),
                say("{share} of the exposure", share=percent(share)),
            )
        )
    blocks: list[Block] = [Facts(facts), *_warnings(measured), _states(measured)]
    return Section("answer", say("The book"), say("The book"), blocks)


def _states(measured: BookMeasured) -> Table:
    columns = (Column(say("State")), Column(say("Loans"), True), Column(say("Exposure"), True))
    balanced, currency = measured.summary.has_balance, measured.summary.currency
    rows = [
        [say(STATES[each.state]), count(each.loans),
         money(each.exposure, currency) if balanced else ABSENT]
        for each in measured.buckets
    ]  # fmt: skip
    return Table("answer-states", say("By days past due"), columns, rows)


def _tone(share: float | None, high: float) -> Tone:
    return "warn" if share is not None and share > high else "plain"


def _warnings(measured: BookMeasured) -> list[Block]:
    blocks: list[Block] = []
    broken = [each for each in measured.limits if each.broken]
    if broken:
        names = joined((limit_name(each) for each in broken[:5]), "; ")
        blocks.append(Callout("bad", say("Limits broken:"), say("{names}.", names=names)))
    refused = sum(
        int(str(each["count"])) for each in measured.faults if each["effect"] == "refused"
    )
    if refused:
        blocks.append(
            Callout(
                "warn",
                say("Data faults:"),
                say("{n} rows of the tape were refused, and are in no figure.", n=count(refused)),
            )
        )
    blocks += [
        Callout("plain", say("To confirm:"), each.get(spoken(), each["en"]))
        for each in measured.cautions
    ]
    return blocks


def limit_name(each: LimitUse) -> str:
    """A limit with whom it is about."""
    return f"{each.name}: {each.of}" if each.of else each.name


def concentration(measured: BookMeasured) -> Section:
    """How the exposure gathers, dimension by dimension."""
    title = say("Concentration")
    if not measured.concentration:
        absent = say("The tape tells of no customer, segment or vintage.")
        return Section("concentration", title, title, [], absent)
    currency = measured.summary.currency
    columns = (
        Column(say("Dimension")),
        Column(say("Names"), True),
        Column(say("HHI"), True),
        Column(say("As many equal names"), True),
        Column(say("Gini"), True),
        Column(say("Ten largest"), True),
        Column(say("The largest"), wide=True),
    )
    rows = [
        [
            say(DIMENSIONS[row.by]),
            count(row.names),
            fixed(row.hhi, 4),
            fixed(row.effective_number, 1),
            fixed(row.gini, 3),
            percent(row.top10),
            joined(
                (f"{name or ABSENT} {money(owed, currency)}"
                 for name, owed in row.largest[:_LARGEST_SHOWN]), "; ",
            ),
        ]
        for row in measured.concentration
    ]  # fmt: skip
    table = Table("concentration-table", title, columns, rows)
    return Section("concentration", title, title, [table])


def limits(measured: BookMeasured) -> Section:
    """Use of limits now and where it is going, with the shadow price of those that have one."""
    title = say("Use of limits")
    used: Sequence[LimitUse] = measured.limits
    if not used:
        absent = say("portfolio.yaml has no limits, and no own funds to hold the law's against.")
        return Section("limits", title, title, [], absent)
    currency = measured.summary.currency
    columns = (
        Column(say("Limit")),
        Column(say("Exposure"), True),
        Column(say("Limit"), True),
        Column(say("Used"), True),
        Column(say("In 3 months"), True),
        Column(say("In 6"), True),
        Column(say("In 12"), True),
        Column(say("Shadow price"), True),
    )
    rows = [
        [
            limit_name(each),
            money(each.exposure, currency),
            money(each.limit, currency),
            percent(each.use),
            *(percent(ahead) for ahead in each.forecast),
            ABSENT if each.shadow_price is None else fixed(each.shadow_price, 4),
        ]
        for each in used
    ]
    shown = used[:_MOST_BARS]
    chart = Figure(
        "limits-chart",
        limit_bars(shown, [limit_name(each) for each in shown]),
        say("Use of {n} limits; the most used one stands at {use}.", n=len(shown),
            use=percent(shown[0].use)),
        say("Used of each limit"),
        say("Forecasts go on as the last six months went."),
    )  # fmt: skip
    return Section("limits", title, title, [chart, Table("limits-table", title, columns, rows)])


def data(measured: BookMeasured, commands: Sequence[str]) -> Section:
    """What the figures rest on: deliveries, faults of the data; and how to make them again."""
    columns = (
        Column(say("Delivery")),
        Column(say("Rows"), True),
        Column(say("Rows kept"), True),
        Column("SHA-256", wide=True),
    )
    files = [
        [str(e["file"]), count(e["rows"]), count(e["kept"]), str(e["sha256"])]
        for e in measured.deliveries
    ]
    blocks: list[Block] = [Table("data-files", say("Deliveries read"), columns, files)]
    if measured.faults:
        heads = (
            Column(say("Fault of the data")),
            Column(say("File")),
            Column(say("Rows"), True),
            Column(say("First rows")),
            Column(say("What was done")),
        )
        rows = [
            [
                say(FAULTS[str(each["kind"])]),
                str(each["file"]),
                count(each["count"]),
                joined((str(row) for row in _rows(each["rows"])), ", "),
                say(EFFECTS[str(each["effect"])]),
            ]
            for each in measured.faults
        ]
        blocks.append(Table("data-faults", say("Faults of the data; none of them is risk"), heads,
                            rows))  # fmt: skip
    queries = say(
        "The query of each number stands below “queries” in build/portfolio.json; `portfolio "
        "rows` writes the tables that it is asked of."
    )
    blocks += [Text(queries), Commands(list(commands))]
    return Section("data", say("What this rests on"), say("Data"), blocks)


def _rows(rows: object) -> Sequence[object]:
    return rows if isinstance(rows, list | tuple) else ()
