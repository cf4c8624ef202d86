"""What a book loses and ties up: allowances, capital, grades."""

from __future__ import annotations

from equipoise.portfolio import BookMeasured, LossesMeasured
from equipoise.report.blocks import Block, Callout, Column, Section, Table, Text
from equipoise.report.sections.book_words import FACTS, GRADES, REASONS, STATES
from equipoise.texts.numbers import count, money, percent
from equipoise.texts.saying import joined, say


def losses(measured: BookMeasured) -> Section:
    """Allowances by stage and scenario, the overlays, and the whole life beside them."""
    title = say("Expected credit losses")
    short = say("Allowances")
    result, currency = measured.losses, measured.summary.currency
    if result is None:
        absent = say(
            "Losses need balances, loans that are seen in two periods in a row, and rules of "
            "stages that hold on the day."
        )
        return Section("losses", title, short, [], absent)
    blocks: list[Block] = [_stages(result, currency), _scenarios(result, currency)]
    if result.overlays:
        blocks.append(_overlays(result, currency))
    blocks.append(
        Text(
            say(
                "The whole life of every loan counts {amount} (CECL, ASC 326), discounted as above "
                "and without overlays.",
                amount=money(result.lifetime, currency),
            )
        )
    )
    if result.unseen_buckets:
        names = joined((say(STATES[each]) for each in result.unseen_buckets), ", ")
        blocks.insert(
            0,
            Callout(
                "warn",
                say("Not measured:"),
                say("no move was seen from {names}, so loans there count as staying.", names=names),
            ),
        )
    return Section("losses", title, short, blocks)


def _stages(result: LossesMeasured, currency: str) -> Table:
    columns = (
        Column(say("Stage")),
        Column(say("Loans"), True),
        Column(say("Exposure"), True),
        Column(say("Allowance"), True),
        Column(say("Covered"), True),
        Column(say("Why"), wide=True),
    )
    rows = [
        [
            str(row.stage),
            count(row.loans),
            money(row.exposure, currency),
            money(row.allowance, currency),
            percent(row.allowance / row.exposure) if row.exposure else "–",
            joined((f"{say(REASONS[why])} {count(n)}" for why, n in row.reasons.items()), ", "),
        ]
        for row in result.stages
    ]
    rows.append(
        [
            say("All"),
            count(sum(row.loans for row in result.stages)),
            money(sum(row.exposure for row in result.stages), currency),
            money(result.allowance, currency),
            "",
            "",
        ]
    )
    return Table("losses-stages", say("Allowance by stage (IFRS 9)"), columns, rows)


def _scenarios(result: LossesMeasured, currency: str) -> Table:
    columns = (Column(say("Scenario")), Column(say("Allowance"), True))
    rows = [[name, money(amount, currency)] for name, amount in result.scenarios.items()]
    return Table("losses-scenarios", say("Without overlays, if only this came"), columns, rows)


def _overlays(result: LossesMeasured, currency: str) -> Table:
    columns = (
        Column(say("Overlay")),
        Column(say("Owner")),
        Column(say("Reason"), wide=True),
        Column(say("Expires")),
        Column(say("Adds"), True),
    )
    rows = [
        [
            each.id,
            each.owner,
            each.reason,
            each.until,
            money(each.added, currency) if each.applied else say("not in force"),
        ]
        for each in result.overlays
    ]
    return Table("losses-overlays", say("Overlays, with owner and expiry"), columns, rows)


def capital(measured: BookMeasured) -> Section:
    """Risk-weighted assets by both approaches, and what they ask for."""
    title = say("Capital")
    result, currency = measured.capital, measured.summary.currency
    if result is None:
        absent = say(
            "Capital needs the chances of default that losses need, and risk weights that hold on "
            "the day."
        )
        return Section("capital", title, title, [], absent)
    columns = (
        Column(say("Approach")),
        Column(say("Risk-weighted assets"), True),
        Column(say("Of the exposure"), True),
        Column(say("Capital at {share}", share=percent(result.ratio)), True),
    )
    exposure = measured.summary.exposure
    rows = [
        [
            name,
            money(assets, currency),
            percent(assets / exposure) if exposure else "–",
            money(assets * result.ratio, currency),
        ]
        for name, assets in (
            (say("internal ratings (CRE31)"), result.irb),
            (say("standardised (CRE20)"), result.standardised),
        )
    ]
    sentence = say(
        "Expected loss by internal ratings: {loss}. Few names ask for {more} more (granularity "
        "adjustment).",
        loss=money(result.irb_expected_loss, currency),
        more=money(result.granularity, currency),
    )
    table = Table("capital-table", say("Capital"), columns, rows)
    return Section("capital", title, title, [table, Text(sentence)])


def grades(measured: BookMeasured) -> Section:
    """The five grades, where a pack has rules of grades."""
    title = say("Five grades")
    result, currency = measured.grades, measured.summary.currency
    if result is None:
        absent = say("No pack of portfolio.yaml has rules of grades; name CN under rules.")
        if measured.losses is None:
            absent = say("Grades need balances, and loans that are seen in two periods in a row.")
        return Section("grades", title, say("Grades"), [], absent)
    columns = (Column(say("Grade")), Column(say("Loans"), True), Column(say("Exposure"), True))
    rows = [
        [say(GRADES[row.grade]), count(row.loans), money(row.exposure, currency)]
        for row in result.rows
    ]
    blocks: list[Block] = [Table("grades-table", title, columns, rows)]
    if result.not_told:
        names = joined((say(FACTS[each]) for each in result.not_told), ", ")
        blocks.append(
            Text(
                say("Rules also ask for what this tape does not tell: {names}.", names=names),
                small=True,
            )
        )
    return Section("grades", title, say("Grades"), blocks)
