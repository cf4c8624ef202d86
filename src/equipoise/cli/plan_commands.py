"""The commands of emergency plans: check them, and prepare a drill."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.printing import document, line, notes, table

if TYPE_CHECKING:
    from equipoise.watch.plans import Plan
    from equipoise.workspace.plan_drills import Sheet

plan = typer.Typer(help="Emergency plans: plans.yaml of a folder.", no_args_is_help=True)


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder with plans.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@plan.command()
def check(folder: Folder, json: Json = False) -> None:
    """Check plans.yaml, against watch.yaml and the fitted strategy where there are; every fault by
    its line."""
    from equipoise.workspace.plan_drills import checked_plans

    checked = checked_plans(folder)
    plans = checked.document.plans
    if json:
        document({"plans": [_counted(each) for each in plans], "notes": list(checked.notes)})
        return
    titles = ["plan", "steps", "switches", "drilled, days"]
    rows = [["never" if told is None else f"{told}" for told in _counted(e).values()]
            for e in plans]  # fmt: skip
    table("The plans as they were read", titles, rows)
    notes("Look at", checked.notes)


def _counted(each: Plan) -> dict[str, object]:
    return {
        "plan": each.name,
        "steps": len(each.steps),
        "switches": len(each.switches),
        "drilled_every_days": each.drill.every_days if each.drill else None,
    }


@plan.command()
def drill(
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="PLAN", help="The plan to be drilled.")],
    begins: Annotated[
        datetime | None,
        typer.Option("--begins", help="When it begins, UTC where no zone is written."),
    ] = None,
    json: Json = False,
) -> None:
    """Check plans.yaml, and print the sheet of a drill: steps, clocks, calls, readings."""
    from equipoise.workspace.plan_drills import drill_sheet

    start = begins or datetime.now(UTC).replace(second=0, microsecond=0)
    in_utc = start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)
    sheet = drill_sheet(folder, name, in_utc)
    if json:
        document(_as_dict(sheet))
    else:
        _show(sheet)


def _show(sheet: Sheet) -> None:
    line(f"{sheet.plan.name}: drill from {_time(sheet.begins)} to {_time(sheet.ends)} UTC")
    rows = [
        [
            each.step.name,
            each.step.role,
            _time(each.begins),
            _time(each.due),
            each.step.switch or "",
            ", ".join(f"{person} +{minutes:g}" for person, minutes in each.called),
        ]
        for each in sheet.lines
    ]
    table("", ["step", "role", "begins", "due", "switch", "called, minutes"], rows)
    for moment, indicator, value in sheet.injected:
        line(f"inject {indicator} = {value:g} at {_time(moment)}")
    line("Nothing in force changes in a drill.")


def _as_dict(sheet: Sheet) -> dict[str, object]:
    return {
        "plan": sheet.plan.name,
        "begins": sheet.begins.isoformat(),
        "ends": sheet.ends.isoformat(),
        "steps": [
            {
                "step": each.step.name,
                "role": each.step.role,
                "begins": each.begins.isoformat(),
                "due": each.due.isoformat(),
                "switch": each.step.switch,
                "calls": [{"person": p, "after_minutes": m} for p, m in each.called],
            }
            for each in sheet.lines
        ],
        "injected": [
            {"at": moment.isoformat(), "indicator": indicator, "value": value}
            for moment, indicator, value in sheet.injected
        ],
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(plan, name="plan")
