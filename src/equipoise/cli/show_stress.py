"""What `stress` ends with: the scenarios beside each other, and which limits break."""

from __future__ import annotations

from pathlib import Path

from equipoise.cli import printing
from equipoise.review.stress.result_document import LinkTold, ScenarioTold, StressResult
from equipoise.workspace.stressing import StressReported


def drafted(path: Path | None, folder: Path, *, as_json: bool) -> None:
    """That stress.yaml was written, or stood there already."""
    if as_json:
        return
    if path is None:
        printing.line(f"{folder} has a stress.yaml already; it stays as it is.")
    else:
        printing.line(f"Made {path}: confirm its drivers and figures.")


def stressed(made: StressReported, *, as_json: bool) -> None:
    """All of it as JSON, or its main figures. Ends with 1 where a limit breaks before a
    scenario is as strong as it is written."""
    result = made.result
    if as_json:
        printing.document({**result.as_dict(), "page": str(made.page)})
    else:
        _summary(result)
        printing.line(f"The page: {made.page}")
    broken = [e for e in result.reverse if e.breaks_at is not None and e.breaks_at <= 1]
    if broken:
        limits = "; ".join(f"{each.limit} in '{each.scenario}'" for each in broken)
        printing.refuse(
            f"a scenario breaks what was set as a limit: {limits}",
            mend="see the page for the scale at which it breaks, and what each switch would do",
            as_json=as_json,
        )


def _summary(result: StressResult) -> None:
    owed = f"{result.exposure:,.0f} {result.currency}".rstrip()
    printing.line(f"{result.lender} at {result.as_of}: {result.loans:,} loans owe {owed}.")
    if result.refused_rows:
        printing.line(
            f"{result.refused_rows:,} rows of the tape were refused, and are in no figure: "
            "`equipoise portfolio check` tells why."
        )
    for scenario in filter(result.at_another_time, result.scenarios):
        printing.line(
            f"{scenario.name} begins in {scenario.quarters[0].quarter}, the book ends in "
            f"{result.as_of}: it is run on from there."
        )
    for scenario in result.scenarios:
        for quarter in scenario.unmet:
            printing.line(
                f"{scenario.name} asks for more defaults than loans are late for: in "
                f"{quarter.quarter} {quarter.met:.1%} of them come."
            )
    printing.line(_link(result.link))
    titles = ("scenario", "quarters", "loss", "of exposure", "allowance", "capital", "profit")
    rows = [_row(each) for each in result.scenarios]
    printing.table("The book under each scenario", titles, rows)
    if result.untold:
        printing.line(f"Of new business nothing: {result.untold}.")
    else:
        _served(result)
    for each in result.reverse:
        if each.breaks_at == 0:
            verdict = "is broken already, without the scenario"
        elif each.breaks_at is None:
            verdict = f"holds as far as {each.holds_at:g} times the scenario"
        else:
            verdict = f"breaks at {each.breaks_at:.3f} times the scenario"
        proof = "" if each.monotone else "; figures did not only get worse on the way: no proof"
        printing.line(f"{each.limit}, {each.scenario}: {verdict}{proof}.")


def _link(link: LinkTold) -> str:
    names = ", ".join(link.drivers)
    if link.kind == "satellite":
        return (
            f"The book follows {names} by a satellite of {link.rates}: error out of time "
            f"{link.error:.4f}, of the mean of its past {link.naive_error:.4f}."
        )
    return f"The book follows {names} by one factor, rho {link.rho:g} stated: {link.why}."


def _row(each: ScenarioTold) -> list[str]:
    return [
        each.name,
        str(len(each.quarters)),
        f"{each.loss:,.0f}",
        f"{each.loss_rate:.2%}",
        f"{each.allowance:,.0f}",
        f"{each.capital:,.0f}",
        f"{each.profit:,.0f}",
    ]


def _served(result: StressResult) -> None:
    titles = ("scenario", "offered", "turned away", "to a person", "dearer", "profit")
    rows = []
    if result.today is not None:
        rows.append(
            ["today", f"{result.today.offered:.1f}", "", "", "", _money(result.today.profit)]
        )
    for each in result.scenarios:
        there = each.access[each.worst]
        rows.append(
            [
                each.name,
                f"{there.offered:.1f}",
                f"{there.turned_away:.1f}",
                f"{there.to_a_person:.1f}",
                f"{there.dearer:.1f}",
                _money(there.profit),
            ]
        )
        rows += [
            [
                f"  with {action.switch}",
                f"{action.access.offered:.1f}",
                f"{action.access.turned_away:.1f}",
                f"{action.access.to_a_person:.1f}",
                f"{action.access.dearer:.1f}",
                _money(action.access.profit),
            ]
            for action in each.actions
        ]
    printing.table(f"New business in the worst quarter, of 100 by {result.strategy}", titles, rows)


def _money(value: float) -> str:
    return f"{value:,.0f}"
