"""New business under scenarios: who is still offered a loan, who waits, who pays more."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout, Column, Figure, Section, Table, Text
from equipoise.report.charts.stress import Path, paths
from equipoise.report.sections.stress_book import legend
from equipoise.review.stress.access import Access, Action
from equipoise.review.stress.result_document import StandingUnder, StressResult
from equipoise.review.stress.untold import NO_APPLICATIONS, NO_STRATEGY, NOT_FITTED, NOT_IN_FORCE
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import marked, say, spoken

UNTOLD = {
    NO_APPLICATIONS: marked("the folder has no applications: only the book is stressed"),
    NOT_FITTED: marked("the workspace is not fitted: only the book is stressed"),
    NO_STRATEGY: marked("the workspace has no strategy: only the book is stressed"),
    NOT_IN_FORCE: marked(
        "no strategy of these applications is in force: only the book is stressed"
    ),
}


def untold_text(why: str) -> str:
    """Why nothing is told of new business; empty where it is."""
    return say(UNTOLD[why]) if why in UNTOLD else why


def switch_text(action: Action) -> str:
    """What a switch does, and of which plan it is."""
    does = text_in(action.does, spoken()) or action.switch
    return say("{switch} ({plan})", switch=does, plan=action.plan)


def served(result: StressResult) -> list[Section]:
    """What the same strategy answers under each scenario, and what switches would do."""
    title = say("Who is still served")
    if result.today is None:
        why = untold_text(result.untold)
        return [Section("served", title, title, [Callout("warn", say("Not told:"), why)])]
    lead = say(
        "{strategy} answers the newest {people} applications at the chances of default of each "
        "quarter. Figures are per 100 of them.",
        strategy=result.strategy,
        people=count(result.people),
    )
    blocks: list[Block] = [Text(lead), _offered(result), _worst(result), _today_s_policy(result)]
    if any(each.actions for each in result.scenarios):
        blocks.append(_actions(result))
    return [Section("served", title, title, blocks)]


def _offered(result: StressResult) -> Figure:
    drawn = [
        Path(
            each.name,
            [
                (quarter.quarter, there.offered, fixed(there.offered, 1))
                for quarter, there in zip(each.quarters, each.access, strict=True)
            ],
        )
        for each in result.scenarios
    ]
    summary = "; ".join(f"{each.scenario}: {each.points[-1][2]}" for each in drawn)
    name = say("Offered a loan, of 100")
    return Figure("stress-offered", paths(drawn, name, "~g"), summary, name,
                  legend=legend(result.scenarios))  # fmt: skip


def _columns(first: str) -> tuple[Column, ...]:
    heads = [first, say("Offered"), say("Turned away"), say("To a person"), say("Slower"),
             say("Dearer"), say("Less money"), say("Mean APR"), say("Profit"),
             say("Expected loss")]  # fmt: skip
    return tuple(Column(head, numeric=bool(at)) for at, head in enumerate(heads))


def _row(name: str, there: Access, currency: str) -> list[str]:
    changes = (there.turned_away, there.to_a_person, there.slower, there.dearer, there.less)
    return [
        name,
        fixed(there.offered, 1),
        *(fixed(each, 1) for each in changes),
        percent(there.apr),
        money(there.profit, currency),
        money(there.expected_loss, currency),
    ]


def _worst(result: StressResult) -> Table:
    rows = [_row(say("Today"), result.today, result.people_currency)] if result.today else []
    rows += [
        _row(f"{each.name}, {each.quarters[each.worst].quarter}", each.access[each.worst],
             result.people_currency)
        for each in result.scenarios
    ]  # fmt: skip
    caption = say("In each scenario's worst quarter, beside today")
    return Table("stress-worst", caption, _columns(say("Scenario")), rows)


def _actions(result: StressResult) -> Table:
    rows = [
        _row(f"{each.name}: {switch_text(action)}", action.access, result.people_currency)
        for each in result.scenarios
        for action in each.actions
    ]
    caption = say("With each switch of the plans on, beside the strategy in that quarter")
    return Table("stress-actions", caption, _columns(say("Switch")), rows)


def _today_s_policy(result: StressResult) -> Table:
    """The balance: today's policy under stress, and the most that is reachable at its risk."""
    heads = [say("Scenario"), say("Risk"), say("Experience"), say("Goal today"),
             say("Goal reachable")]  # fmt: skip
    columns = tuple(Column(head, numeric=bool(at)) for at, head in enumerate(heads))
    lines = [(say("Today"), result.standing)]
    lines += [(each.name, each.standing) for each in result.scenarios]
    rows = [[name, *_standing(there)] for name, there in lines if there is not None]
    caption = say("Today's policy, and the most of the goal at its risk, per 100 applicants")
    return Table("stress-balance", caption, columns, rows)


def _standing(there: StandingUnder) -> list[str]:
    if there.impossible:
        return [say("no policy meets the limits"), ABSENT, ABSENT, ABSENT]
    figures = there.figures
    return [
        fixed(figures["risk"], 4),
        *(fixed(figures[each], 2) for each in ("experience", "goal_today", "goal_reachable")),
    ]
