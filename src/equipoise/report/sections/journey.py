"""Section 8: what an applicant goes through."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.experience.journey_result import JourneyResult, JourneyStep
from equipoise.report.blocks import Block, Column, Figure, Key, Pair, Section, Table, Text
from equipoise.report.charts import journey as charts
from equipoise.report.story import Story, thinned
from equipoise.texts.numbers import percent, plain
from equipoise.texts.saying import joined, marked, say

TITLE = marked("The journey: where people wait, leave, accept")


def journey(story: Story) -> Section:
    result = story.fit.experience if story.fit is not None else None
    figures = [] if result is None else [*_steps(result), *_ends(result), *_acceptance(result)]
    if result is None or not figures:
        why = say("the fit holds no journey: no event log was given, so experience is assumed")
        return Section("journey", say(TITLE), say("Journey"), absent=why)
    blocks: list[Block] = [Pair(figures)]
    blocks += [Text(note) for note in result.notes]
    if result.steps:
        blocks.append(_table(result.steps))
    return Section("journey", say(TITLE), say("Journey"), blocks)


def _steps(result: JourneyResult) -> list[Figure]:
    figures = []
    timed = [s for s in result.steps if s.queue_hours is not None and s.work_hours is not None]
    if timed:
        spoken = joined(
            (
                say(
                    "{step} {waiting} h waiting, {working} h working",
                    step=r.name,
                    waiting=plain(r.queue_hours),
                    working=plain(r.work_hours),
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
    if leaving := [step for step in result.steps if step.drop_off is not None]:
        spoken = joined((f"{r.name} {percent(r.drop_off)}" for r in leaving), "; ")
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


def _ends(result: JourneyResult) -> list[Figure]:
    ends = result.competing
    if not ends or not ends.days:
        return []
    days = thinned(ends.days)
    curves = {
        "accepted": thinned(ends.accepted),
        "declined": thinned(ends.declined),
        "cancelled": thinned(ends.cancelled),
    }
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
                for name, colour in zip(curves, ("teal", "rust", "gold"), strict=True)
            ),
        )
    ]


def _acceptance(result: JourneyResult) -> list[Figure]:
    rows = sorted(result.acceptance, key=lambda row: row.days)
    if not rows:
        return []
    spoken = joined(
        (say("{days} days {rate}", days=plain(r.days), rate=percent(r.rate)) for r in rows),
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


def _table(steps: Sequence[JourneyStep]) -> Table:
    labels = (
        say("Waiting, h"),
        say("Working, h"),
        say("Waiting, business h"),
        say("Working, business h"),
        say("Rework"),
        say("Leave"),
    )
    rows = [
        [
            step.name,
            plain(step.queue_hours),
            plain(step.work_hours),
            plain(step.queue_business_hours),
            plain(step.work_business_hours),
            percent(step.rework),
            percent(step.drop_off),
        ]
        for step in steps
    ]
    columns = (
        Column(say("Step")),
        *(Column(text, True) for text in labels),
    )
    return Table("steps", say("Steps of the journey"), columns, rows, folded=True)
