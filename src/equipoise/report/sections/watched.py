"""What a trial says of each challenger: the answer, its measures, and their intervals by day."""

from __future__ import annotations

from equipoise.report.blocks import (
    Block,
    Callout,
    Column,
    Fact,
    Facts,
    Figure,
    Key,
    Section,
    Table,
    Tone,
)
from equipoise.report.charts.sequences import sequence
from equipoise.review.trials.trial_result import MeasureResult, TrialResult
from equipoise.texts.numbers import count, percent, plain, signed, span
from equipoise.texts.saying import joined, marked, say

ANSWERS: dict[str, tuple[Tone, str, str]] = {
    "stop_for_harm": ("bad", marked("Stop:"), marked("it does harm.")),
    "ship": ("good", marked("Ship:"), marked("every guardrail holds and every goal is reached.")),
    "go_on": ("plain", marked("Go on:"), marked("the plan has not ended, and nothing says stop.")),
    "not_enough_evidence": (
        "warn",
        marked("Not enough evidence:"),
        marked("the plan has ended and a question is open. Going on may not close it."),
    ),
}
ANSWERED: dict[str, tuple[Tone, str]] = {
    "harm": ("bad", marked("✗ worse than tolerated")),
    "worse": ("bad", marked("✗ worse")),
    "safe": ("good", marked("✓ within what is tolerated")),
    "better": ("good", marked("✓ better")),
    "open": ("plain", marked("? open")),
    "too_few": ("plain", marked("? too few outcomes")),
}


def answer(trial: TrialResult) -> Section:
    """One answer per challenger, and whether the arms are what was declared."""
    blocks: list[Block] = []
    for each in trial.challengers:
        tone, title, text = ANSWERS[each.answer]
        blocks.append(
            Callout(
                tone,
                say("{challenger}. {answer}", challenger=each.challenger, answer=say(title)),
                say(text),
            )
        )
    arms = joined((f"{say(arm)} {count(n)}" for arm, n in sorted(trial.applicants.items())), ", ")
    ratio = trial.sample_ratio
    if ratio.broken:
        blocks.append(
            Callout(
                "bad",
                say("The arms are not filled by their shares."),
                say(
                    "Found: {arms}. Find out why before reading further: whoever is missing is "
                    "not missing by lot.",
                    arms=arms,
                ),
            )
        )
    elif ratio.evidence is None:
        blocks.append(
            Callout(
                "warn",
                say("Sizes of the arms were not checked:"),
                say("{sentence}.", sentence=arms),
            )
        )
    else:
        blocks.append(
            Callout(
                "plain",
                say("The arms are filled by their shares:"),
                say("{sentence}.", sentence=arms),
            )
        )
    return Section("answer", say("What the trial says"), say("The answer"), blocks)


def measures(trial: TrialResult, place: int) -> Section:
    """Every measure of the challenger at `place`; names of a lender's own make no keys."""
    watched = trial.challengers[place]
    name, level = watched.challenger, percent(trial.confidence)
    facts = [_fact(each) for each in watched.measures]
    blocks: list[Block] = [Facts(facts)]
    blocks += [
        _figure(f"trial-{place}-{at}", each, level)
        for at, each in enumerate(watched.measures)
        if each.days
    ]
    columns = (
        Column(say("Measure")),
        Column(say("Outcomes"), True),
        Column(say("Champion"), True),
        Column(name, True),
        Column(say("Difference"), True),
        Column(say("{level} interval", level=level), True),
        Column(say("Limit")),
        Column(say("Found")),
        Column(say("Since")),
    )
    rows = [_row(each) for each in watched.measures]
    blocks.append(
        Table(f"trial-{place}-table", say("{name} against the champion", name=name), columns, rows)
    )
    return Section(f"trial-{place}", say("{name}, day by day", name=name), name, blocks)


def _figure(key: str, each: MeasureResult, level: str) -> Figure:
    limit = 0.0
    if each.tolerated:
        limit = -each.tolerated if each.higher_is_better else each.tolerated
    better = say("Up is better.") if each.higher_is_better else say("Down is better.")
    legend = [
        Key("blue", say("difference"), "line"),
        Key("band", say("{level} interval, at every day", level=level)),
    ]
    if limit:
        legend.append(Key("rust", say("guardrail"), "line"))
    return Figure(
        key,
        sequence(each, limit),
        say(
            "Difference of {name} by day; on the last day {difference}, interval {interval}: "
            "{answer}.",
            name=each.name,
            difference=_signed(each.difference),
            interval=_range(each),
            answer=say(ANSWERED[each.found][1]),
        ),
        say("{name}: {what}", name=each.name, what=say(ANSWERED[each.found][1])[2:]),
        joined([better, say("The widest intervals, of the first days, are cut at the edge.")]),
        tuple(legend),
    )


def _fact(each: MeasureResult) -> Fact:
    tone, word = ANSWERED[each.found]
    value = "–" if each.difference is None else _signed(each.difference)
    return Fact(
        each.name,
        value,
        say("{answer}; interval {interval}", answer=say(word)[2:], interval=_range(each)),
        tone,
    )


def _row(each: MeasureResult) -> list[str]:
    return [
        each.name,
        count(each.challenger.outcomes),
        plain(each.champion.mean),
        plain(each.challenger.mean),
        _signed(each.difference),
        _range(each),
        _limit(each),
        say(ANSWERED[each.found][1]),
        each.since or "–",
    ]


def _limit(each: MeasureResult) -> str:
    if each.tolerated is None:
        return say("must rise") if each.higher_is_better else say("must fall")
    return say(
        "at least -{change}" if each.higher_is_better else "at most +{change}",
        change=plain(each.tolerated),
    )


def _range(each: MeasureResult) -> str:
    if each.low is None:
        return "–"
    return span(_signed(each.low), _signed(each.high))


def _signed(value: float | None) -> str:
    return "–" if value is None else signed(plain(value))
