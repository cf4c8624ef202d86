"""Section 8: what an applicant goes through."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Pair, Section, Table, Text
from equipoise.report.charts import journey as charts
from equipoise.report.story import Record, Story, complete, record, records, thinned
from equipoise.texts.numbers import percent, plain, real
from equipoise.texts.saying import joined, marked, say

TITLE = marked("The journey: where people wait, leave, accept")


def journey(story: Story) -> Section:
    experience = record(story.fit, "experience")
    figures = [*_steps(experience), *_ends(experience), *_acceptance(experience)]
    if not figures:
        why = say("the fit holds no journey: no event log was given, so experience is assumed")
        return Section("journey", say(TITLE), say("Journey"), absent=why)
    blocks: list[Block] = [Pair(figures)]
    notes = experience.get("notes")
    blocks += [Text(str(note)) for note in (notes if isinstance(notes, list) else [])]
    if steps := records(experience, "steps"):
        blocks.append(_table(steps))
    return Section("journey", say(TITLE), say("Journey"), blocks)


def _steps(experience: Record) -> list[Figure]:
    figures = []
    steps = [{**row, "name": str(row.get("name", ""))} for row in records(experience, "steps")]
    if timed := complete(steps, "queue_hours", "work_hours"):
        spoken = joined(
            (
                say(
                    "{step} {waiting} h waiting, {working} h working",
                    step=r["name"],
                    waiting=plain(r["queue_hours"]),
                    working=plain(r["work_hours"]),
                )
                for r in timed
            ),
            "; ",
        )
        figures.append(
            Figure(
                "step-times",
                charts.step_times(timed),
                say("Time per step: {spoken}.", spoken=spoken),
                say("Waiting and working time per step"),
                legend=(Key("gold", say("waiting")), Key("blue", say("working"))),
            )
        )
    if leaving := complete(steps, "drop_off"):
        spoken = joined((f"{r['name']} {percent(r['drop_off'])}" for r in leaving), "; ")
        figures.append(
            Figure(
                "drop-off",
                charts.drop_off(leaving),
                say("Share who leave per step: {spoken}.", spoken=spoken),
                say("Share who leave at each step"),
                legend=(Key("rust", say("leave")), Key("ink", say("interval"), "line")),
            )
        )
    return figures


def _ends(experience: Record) -> list[Figure]:
    competing = record(experience, "competing")
    days = thinned(_numbers(competing.get("days")))
    curves = {name: thinned(_numbers(competing.get(name))) for name, _ in charts.ENDS}
    curves = {name: curve for name, curve in curves.items() if len(curve) == len(days)}
    if not days or not curves:
        return []
    last = joined((f"{say(name)} {percent(curve[-1])}" for name, curve in curves.items()), ", ")
    return [
        Figure(
            "ends",
            charts.competing_ends(days, curves),
            say("Cumulative incidence by day {days}: {last}.", days=plain(days[-1]), last=last),
            say("How applications end, by day"),
            say(
                "Cumulative incidence with competing ends: the shares add up to those who "
                "have ended."
            ),
            tuple(
                Key(colour, say(name), "line")
                for name, colour in zip(
                    ("accepted", "declined", "cancelled"), ("teal", "rust", "gold"), strict=True
                )
                if name in curves
            ),
        )
    ]


def _acceptance(experience: Record) -> list[Figure]:
    rows = sorted(
        complete(records(experience, "acceptance"), "days", "rate"),
        key=lambda row: float(row["days"]),
    )
    if not rows:
        return []
    spoken = joined(
        (say("{days} days {rate}", days=plain(r["days"]), rate=percent(r["rate"])) for r in rows),
        "; ",
    )
    return [
        Figure(
            "acceptance",
            charts.acceptance(rows),
            say("Share of offers accepted by days waited: {spoken}.", spoken=spoken),
            say("Acceptance of offers by waiting"),
            legend=(Key("blue", say("accepted"), "line"), Key("band", say("interval"))),
        )
    ]


def _numbers(values: object) -> list[float]:
    numbers = [real(value) for value in values] if isinstance(values, list) else []
    return [] if None in numbers else [float(n) for n in numbers if n is not None]


def _table(steps: list[Record]) -> Table:
    labels = (
        say("Waiting, h"),
        say("Working, h"),
        say("Waiting, business h"),
        say("Working, business h"),
        say("Rework"),
        say("Leave"),
    )
    keys = ("queue_hours", "work_hours", "queue_business_hours", "work_business_hours")
    rows = [
        [
            str(row.get("name", "")),
            say(str(row.get("waits_for") or "")),
            *(plain(row.get(key)) for key in keys),
            percent(row.get("rework")),
            percent(row.get("drop_off")),
        ]
        for row in steps
    ]
    columns = (
        Column(say("Step")),
        Column(say("Waits for")),
        *(Column(text, True) for text in labels),
    )
    return Table("steps", say("Steps of the journey"), columns, rows, folded=True)
