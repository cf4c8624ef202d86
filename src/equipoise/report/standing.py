"""The page of a lender's standing: where it is, what moved it, risk and experience together."""

from __future__ import annotations

from collections.abc import Sequence

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
)
from equipoise.report.charts.standing import falls, together, waterfall
from equipoise.report.frame import assemble
from equipoise.report.standing_words import (
    NAMES,
    SHOWN,
    UNTOLD,
    change_text,
    figure_text,
    named,
    written,
)
from equipoise.review.continuous.result_document import DISTANCE, EXPERIENCE, RISK, StandingResult
from equipoise.texts.numbers import count, fixed, percent, points, signed
from equipoise.texts.saying import ENGLISH, say, speaking
from equipoise.value.measures import RATES


def render_standing(
    result: StandingResult, commands: Sequence[str], language: str = ENGLISH
) -> str:
    """Where a lender stands as one HTML document that opens offline, in the language."""
    with speaking(language):
        title = say(
            "Today's policy reaches {share} of what is possible at its risk",
            share=percent(1 - result.distance),
        )
        about = say(
            "Equipoise · standing · {workspace} · {on}",
            workspace=result.workspace,
            on=_time(result.on),
        )
        again = Section(
            "again",
            say("How to make this page again"),
            say("Again"),
            [Commands(list(commands))],
        )
        return assemble(title, about, [_place(result), *_moved(result), again])


def _place(result: StandingResult) -> Section:
    blocks: list[Block] = []
    if result.keep_within is not None:
        accepted = say("{share} is accepted.", share=percent(result.keep_within))
        blocks.append(
            Callout("bad", say("Further from the frontier than is accepted."), accepted)
            if result.is_beyond
            else Callout("good", say("As near to the frontier as is asked for."), accepted)
        )
    facts = [Fact(named(result, each), written(result, each)) for each in SHOWN]
    blocks.append(Facts(facts))
    measured = say(
        "Measured on {sample} of {applicants} applicants; sums are per 100 of them.",
        sample=count(result.sample),
        applicants=count(result.applicants),
    )
    blocks.append(Text(measured, small=True))
    if result.draft:
        drafted = say(
            "A draft strategy at today's risk lies in {file}; "
            "it reaches {goal} per 100 applicants.",
            file=result.draft,
            goal=fixed(result.draft_reaches or 0.0, 2),
        )
        blocks.append(Text(drafted))
    return Section("answer", say("Where we stand"), say("Where we stand"), blocks)


def _moved(result: StandingResult) -> list[Section]:
    title = say("What moved since {since}", since=_time(result.since))
    if result.untold:
        callout = Callout("warn", say("Not told by what:"), say(UNTOLD[result.untold]))
        return [Section("moved", title, say("Moved"), [callout])]
    if not result.before:
        return []
    if not result.factors:
        quiet = Callout("good", say("Nothing that the balance rests on has changed."))
        return [Section("moved", title, say("Moved"), [quiet])]
    blocks: list[Block] = [_waterfall(result), _together(result), _table(result)]
    return [Section("moved", title, say("Moved"), blocks)]


def _waterfall(result: StandingResult) -> Figure:
    parts = result.parts[DISTANCE]
    said = {
        "before": percent(result.before[DISTANCE]),
        "now": percent(result.distance),
        **{name: signed(points(part)) for name, part in parts.items()},
    }
    names = {name: say(NAMES[name]) for name in said}
    bars = falls(result.before[DISTANCE], parts, result.distance, said)
    return Figure(
        "waterfall",
        waterfall(bars, names, "~%"),
        "; ".join(f"{names[each.name]} {each.text}" for each in bars),
        say("The distance from the frontier, by what moved it"),
        say("Parts add up: each is the mean over every order in which the changes could come."),
    )


def _together(result: StandingResult) -> Figure:
    risk, experience = result.before[RISK], result.before[EXPERIENCE]
    stops = [(say(NAMES["before"]), risk, experience)]
    for name in result.factors:
        part_risk, part_experience = (result.parts[each][name] for each in (RISK, EXPERIENCE))
        risk, experience = risk + part_risk, experience + part_experience
        if part_risk or part_experience:
            stops.append((say(NAMES[name]), risk, experience))
    form = "~%" if result.risk_measure in RATES else ""
    axes = (named(result, RISK), named(result, EXPERIENCE), form)
    summary = "; ".join(
        f"{name}: {figure_text(result, RISK, x)}, {figure_text(result, EXPERIENCE, y)}"
        for name, x, y in stops
    )
    return Figure(
        "together", together(stops, axes), summary, say("Risk and experience, moved together")
    )


def _table(result: StandingResult) -> Table:
    heads = [say("Figure"), say(NAMES["before"]), *(say(NAMES[each]) for each in result.factors)]
    heads.append(say(NAMES["now"]))
    columns = tuple(Column(head, numeric=bool(at)) for at, head in enumerate(heads))
    rows = [
        [
            named(result, each),
            figure_text(result, each, result.before[each]),
            *(change_text(result, each, result.parts[each][name]) for name in result.factors),
            written(result, each),
        ]
        for each in SHOWN
    ]
    return Table("parts", say("Every figure, by what moved it"), columns, rows)


def _time(name: str) -> str:
    """2026-11-30T093012Z as people read it, to the minute."""
    return f"{name[:10]} {name[11:13]}:{name[13:15]} UTC" if name else ""
