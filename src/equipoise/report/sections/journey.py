"""Section 8: what an applicant goes through."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Pair, Section, Table, Text
from equipoise.report.charts import journey as charts
from equipoise.report.story import Record, Story, complete, record, records, thinned
from equipoise.texts.numbers import percent, plain, real

TITLE = "The journey: where people wait, leave, accept"


def journey(story: Story) -> Section:
    found = record(story.fit, "experience")
    figures = [*_steps(found), *_ends(found), *_acceptance(found)]
    if not figures:
        why = "the fit holds no journey: no event log was given, so experience is assumed"
        return Section("journey", TITLE, "Journey", absent=why)
    blocks: list[Block] = [Pair(figures)]
    notes = found.get("notes")
    blocks += [Text(str(note)) for note in (notes if isinstance(notes, list) else [])]
    if steps := records(found, "steps"):
        blocks.append(_table(steps))
    return Section("journey", TITLE, "Journey", blocks)


def _steps(found: Record) -> list[Figure]:
    figures = []
    steps = [{**row, "name": str(row.get("name", ""))} for row in records(found, "steps")]
    if timed := complete(steps, "queue_hours", "work_hours"):
        spoken = "; ".join(
            f"{r['name']} {plain(r['queue_hours'])} h waiting, {plain(r['work_hours'])} h working"
            for r in timed
        )
        figures.append(
            Figure(
                "step-times",
                charts.step_times(timed),
                f"Time per step: {spoken}.",
                "Waiting and working time per step",
                legend=(Key("gold", "waiting"), Key("blue", "working")),
            )
        )
    if leaving := complete(steps, "drop_off"):
        spoken = "; ".join(f"{r['name']} {percent(r['drop_off'])}" for r in leaving)
        figures.append(
            Figure(
                "drop-off",
                charts.drop_off(leaving),
                f"Share who leave per step: {spoken}.",
                "Share who leave at each step",
                legend=(Key("rust", "leave"), Key("ink", "interval", "line")),
            )
        )
    return figures


def _ends(found: Record) -> list[Figure]:
    competing = record(found, "competing")
    days = thinned(_numbers(competing.get("days")))
    curves = {name: thinned(_numbers(competing.get(name))) for name, _ in charts.ENDS}
    curves = {name: curve for name, curve in curves.items() if len(curve) == len(days)}
    if not days or not curves:
        return []
    last = ", ".join(f"{name} {percent(curve[-1])}" for name, curve in curves.items())
    return [
        Figure(
            "ends",
            charts.competing_ends(days, curves),
            f"Cumulative incidence by day {plain(days[-1])}: {last}.",
            "How applications end, by day",
            "Cumulative incidence with competing ends: the shares add up to those who have ended.",
            tuple(
                Key(colour, name, "line")
                for name, colour in zip(
                    ("accepted", "declined", "cancelled"), ("teal", "rust", "gold"), strict=True
                )
                if name in curves
            ),
        )
    ]


def _acceptance(found: Record) -> list[Figure]:
    rows = sorted(
        complete(records(found, "acceptance"), "days", "rate"), key=lambda row: float(row["days"])
    )
    if not rows:
        return []
    spoken = "; ".join(f"{plain(r['days'])} days {percent(r['rate'])}" for r in rows)
    return [
        Figure(
            "acceptance",
            charts.acceptance(rows),
            f"Share of offers accepted by days waited: {spoken}.",
            "Acceptance of offers by waiting",
            legend=(Key("blue", "accepted", "line"), Key("band", "interval")),
        )
    ]


def _numbers(values: object) -> list[float]:
    found = values if isinstance(values, list) else []
    numbers = [real(value) for value in found]
    return [] if None in numbers else [float(n) for n in numbers if n is not None]


def _table(steps: list[Record]) -> Table:
    labels = (
        "Waiting, h",
        "Working, h",
        "Waiting, business h",
        "Working, business h",
        "Rework",
        "Leave",
    )
    keys = ("queue_hours", "work_hours", "queue_business_hours", "work_business_hours")
    rows = [
        [
            str(row.get("name", "")),
            str(row.get("waits_for") or ""),
            *(plain(row.get(key)) for key in keys),
            percent(row.get("rework")),
            percent(row.get("drop_off")),
        ]
        for row in steps
    ]
    columns = (Column("Step"), Column("Waits for"), *(Column(text, True) for text in labels))
    return Table("steps", "Steps of the journey", columns, rows, folded=True)
