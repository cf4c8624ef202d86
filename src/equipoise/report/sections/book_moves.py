"""How a book's loans age and move: vintages, roll rates, migration."""

from __future__ import annotations

from itertools import pairwise

from equipoise.portfolio import BookMeasured, Moves, VintageRow
from equipoise.report.blocks import Block, Column, Figure, Key, Section, Table, Text
from equipoise.report.charts.book import MOST_LINES, roll_lines, vintage_lines, way_to_default
from equipoise.report.sections.book_words import STATES
from equipoise.texts.numbers import ABSENT, count, percent, span
from equipoise.texts.saying import say

_MONTHS_SHOWN = (1, 3, 6, 9, 12, 18, 24, 36, 48, 60)
_COLOURS = ("blue", "gold", "teal", "violet")


def vintages(measured: BookMeasured) -> Section:
    """Cumulative bad rates of the youngest vintages; a censored cell is a point."""
    title = say("Vintages")
    rows = measured.vintages
    if not rows:
        absent = say("The tape tells of no loan when it was made.")
        return Section("vintages", title, title, [], absent)
    shown = rows[-MOST_LINES:]
    late = sum(row.entered_late for row in rows)
    blocks: list[Block] = [_vintage_table(rows)]
    if any(rate is not None for row in shown for rate in row.rate):
        blocks.insert(0, _vintage_figure(shown))
    if measured.summary.dated:
        blocks.append(
            Text(
                say(
                    "A loan counts from the month of its default, which the tape tells, so that "
                    "every vintage is known from its beginning to {month}.",
                    month=measured.summary.as_of,
                ),
                small=True,
            )
        )
    elif measured.summary.step_months > 1:
        blocks.append(
            Text(
                say(
                    "The tape tells a month in {n}: a loan counts from the first of these in which "
                    "it is bad.",
                    n=measured.summary.step_months,
                ),
                small=True,
            )
        )
    if late:
        blocks.append(
            Text(
                say(
                    "{n} loans count by the end of the tape alone: it begins after they were made, "
                    "and they may have been bad before.",
                    n=count(late),
                ),
                small=True,
            )
        )
    return Section("vintages", title, title, blocks)


def _vintage_figure(rows: tuple[VintageRow, ...]) -> Figure:
    return Figure(
        "vintages-chart",
        vintage_lines(rows),
        say("Bad rates by month on book of {n} vintages.", n=len(rows)),
        say("Bad by month on book"),
        say("Only cells in which every loan has been watched so long."),
        (Key("blue", say("younger vintages"), "line"), Key("band", say("older"), "line")),
    )


def _vintage_table(rows: tuple[VintageRow, ...]) -> Table:
    months = [each for each in _MONTHS_SHOWN if any(_known(row, each) for row in rows)]
    columns = (
        Column(say("Vintage")),
        Column(say("Loans"), True),
        *(Column(say("month {n}", n=month), True) for month in months),
        Column(say("By the end of the tape"), True),
    )
    cells = [
        [
            row.vintage,
            count(row.loans + row.entered_late),
            *(_rate(row.rate[month]) for month in months),
            percent(row.ever_bad / (row.loans + row.entered_late)),
        ]
        for row in rows
    ]
    caption = say("Bad so far; a point stands where the vintage is too young (censored)")
    return Table("vintages-table", caption, columns, cells, folded=len(rows) > MOST_LINES)


def _known(row: VintageRow, month: int) -> bool:
    return month < len(row.rate) and row.rate[month] is not None


def _rate(value: float | None) -> str:
    return "·" if value is None else percent(value)


def rolls(measured: BookMeasured) -> Section:
    """Net roll rates by month, and their means."""
    title = say("Roll rates")
    if not measured.rolls:
        return Section("rolls", title, title, [], say("The tape has one month only."))
    step = measured.summary.step_months
    names = [say(STATES[each]) for each in tuple(STATES)[:5]]
    steps = [say("{one} to {next}", one=one, next=later) for one, later in pairwise(names)]
    columns = (
        Column(say("From and to")),
        Column(say("Mean"), True),
        Column(say("Last month"), True),
    )
    last = measured.rolls[-1].rates
    cells = [
        [between, _share_text(measured.roll_mean[at]), _share_text(last[at])]
        for at, between in enumerate(steps)
    ]
    return Section(
        "rolls",
        title,
        title,
        [
            Figure(
                "rolls-chart",
                roll_lines(measured, steps),
                say("Roll rates by month from each bucket to the next."),
                say("Rolled on, month by month")
                if step == 1
                else say("Rolled on, by {n} months", n=step),
                say(
                    "What stands in a bucket over what stood in the one before it a month earlier; "
                    "of the last bucket, what is new to it."
                )
                if step == 1
                else say(
                    "What stands in a bucket over what stood in the one before it {n} months "
                    "earlier, as the tape has them; of the last bucket, what is new to it.",
                    n=step,
                ),
                tuple(
                    Key(colour, name, "line") for colour, name in zip(_COLOURS, steps, strict=True)
                ),
            ),
            Table("rolls-table", _rolls_title(step), columns, cells),
        ],
    )


def _rolls_title(step: int) -> str:
    return say("Roll rates") if step == 1 else say("Roll rates of {n} months", n=step)


def _share_text(value: float | None) -> str:
    return ABSENT if value is None else percent(value)


def migration(measured: BookMeasured) -> Section:
    """The matrix of a step of the tape with its intervals, and the way from current to default."""
    title = say("Migration")
    moves = measured.moves
    if moves is None:
        absent = say("No loan is seen in two periods in a row.")
        return Section("migration", title, title, [], absent)
    step = moves.step_months
    chart = Figure(
        "migration-chart",
        way_to_default(moves),
        say(
            "Of loans that begin without being late, {share} are in default after {n} months.",
            share=percent(moves.bad[-1]),
            n=len(moves.bad) * step,
        ),
        say("From not late to default"),
        say("Month by month (Aalen and Johansen), with the 95 % interval.")
        if step == 1
        else say("By steps of {n} months (Aalen and Johansen), with the 95 % interval.", n=step),
    )
    within = min(12 // step, len(moves.bad)) - 1
    sentence = say(
        "In default within {n} months: {share} by the moves seen ({interval}); a constant "
        "generator says {other} within a year.",
        n=(within + 1) * step,
        share=percent(moves.bad[within]),
        interval=span(percent(moves.bad_low[within]), percent(moves.bad_high[within])),
        other=percent(moves.pd_year_generator),
    )
    return Section("migration", title, title, [chart, Text(sentence), _matrix(moves)])


def _matrix(moves: Moves) -> Table:
    names = [say(STATES[each]) for each in moves.states]
    columns = (
        Column(say("From state")),
        Column(say("Seen"), True),
        *(Column(name, True) for name in names),
    )
    cells = []
    for at, name in enumerate(names):
        seen = sum(moves.counts[at])
        row = [_cell(moves, at, to) if seen else ABSENT for to in range(len(names))]
        cells.append([name, count(seen), *row])
    caption = (
        say("Moved within a month, by the last {n} months, with 95 % intervals", n=moves.months)
        if moves.step_months == 1
        else say(
            "Moved within {step} months, by the last {n} months, with 95 % intervals",
            step=moves.step_months,
            n=moves.months,
        )
    )
    return Table("migration-table", caption, columns, cells)


def _cell(moves: Moves, at: int, to: int) -> str:
    if not moves.counts[at][to]:
        return ABSENT
    interval = span(percent(moves.low[at][to]), percent(moves.high[at][to]))
    return f"{percent(moves.chance[at][to])} ({interval})"
