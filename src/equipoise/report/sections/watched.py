"""What a trial says of each challenger: the answer, its measures, and their intervals by day."""

from __future__ import annotations

from typing import Any

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
from equipoise.report.story import Record
from equipoise.texts.numbers import count, percent, plain, signed

ANSWERS: dict[str, tuple[Tone, str, str]] = {
    "stop_for_harm": ("bad", "Stop:", "it does harm."),
    "ship": ("good", "Ship:", "every guardrail holds and every goal is reached."),
    "go_on": ("plain", "Go on:", "the plan has not ended, and nothing says stop."),
    "not_enough_evidence": (
        "warn",
        "Not enough evidence:",
        "the plan has ended and a question is open. Going on may not close it.",
    ),
}
FOUND: dict[str, tuple[Tone, str]] = {
    "harm": ("bad", "✗ worse than tolerated"),
    "worse": ("bad", "✗ worse"),
    "safe": ("good", "✓ within what is tolerated"),
    "better": ("good", "✓ better"),
    "open": ("plain", "? open"),
    "too_few": ("plain", "? too few outcomes"),
}


def answer(told: Record) -> Section:
    """One answer per challenger, and whether the arms are what was declared."""
    blocks: list[Block] = []
    for each in told["challengers"]:
        tone, title, text = ANSWERS[each["answer"]]
        blocks.append(Callout(tone, f"{each['challenger']}. {title}", text))
    arms = ", ".join(f"{arm} {count(n)}" for arm, n in sorted(told["applicants"].items()))
    ratio = told["sample_ratio"]
    if ratio["broken"]:
        blocks.append(
            Callout("bad", "The arms are not filled by their shares.", f"Found: {arms}. Find out "
                    "why before reading further: whoever is missing is not missing by lot.")
        )  # fmt: skip
    elif ratio["evidence"] is None:
        blocks.append(Callout("warn", "Sizes of the arms were not checked:", f"{arms}."))
    else:
        blocks.append(Callout("plain", "The arms are filled by their shares:", f"{arms}."))
    return Section("answer", "What the trial says", "The answer", blocks)


def measures(told: Record, place: int) -> Section:
    """Every measure of the challenger at `place`; names of a lender's own make no keys."""
    watched = told["challengers"][place]
    name, level = watched["challenger"], percent(told["confidence"])
    facts = [_fact(each) for each in watched["measures"]]
    blocks: list[Block] = [Facts(facts)]
    blocks += [
        _figure(f"trial-{place}-{at}", each, level)
        for at, each in enumerate(watched["measures"])
        if each["days"]
    ]
    columns = (Column("Measure"), Column("Outcomes", True), Column("Champion", True),
               Column(name, True), Column("Difference", True), Column(f"{level} interval", True),
               Column("Limit"), Column("Found"), Column("Since"))  # fmt: skip
    rows = [_row(each) for each in watched["measures"]]
    blocks.append(Table(f"trial-{place}-table", f"{name} against the champion", columns, rows))
    return Section(f"trial-{place}", f"{name}, day by day", name, blocks)


def _figure(key: str, each: Record, level: str) -> Figure:
    limit = 0.0
    if each["tolerated"]:
        limit = -each["tolerated"] if each["higher_is_better"] else each["tolerated"]
    better = "Up is better." if each["higher_is_better"] else "Down is better."
    legend = [Key("blue", "difference", "line"), Key("band", f"{level} interval, at every day")]
    if limit:
        legend.append(Key("rust", "guardrail", "line"))
    return Figure(
        key,
        sequence(each, limit),
        f"Difference of {each['name']} by day; on the last day {_signed(each['difference'])}, "
        f"interval {_range(each)}: {FOUND[each['found']][1]}.",
        f"{each['name']}: {FOUND[each['found']][1][2:]}",
        f"{better} The widest intervals, of the first days, are cut at the edge.",
        tuple(legend),
    )


def _fact(each: Record) -> Fact:
    tone, found = FOUND[each["found"]]
    value = "–" if each["difference"] is None else _signed(each["difference"])
    return Fact(each["name"], value, f"{found[2:]}; interval {_range(each)}", tone)


def _row(each: Record) -> list[str]:
    return [
        each["name"],
        count(each["challenger"]["outcomes"]),
        plain(each["champion"]["mean"]),
        plain(each["challenger"]["mean"]),
        _signed(each["difference"]),
        _range(each),
        _limit(each),
        FOUND[each["found"]][1],
        each["since"] or "–",
    ]


def _limit(each: Record) -> str:
    if each["tolerated"] is None:
        return "must rise" if each["higher_is_better"] else "must fall"
    side = "at least -" if each["higher_is_better"] else "at most +"
    return f"{side}{plain(each['tolerated'])}"


def _range(each: Record) -> str:
    if each["low"] is None:
        return "–"
    return f"{_signed(each['low'])} to {_signed(each['high'])}"


def _signed(value: Any) -> str:
    return "–" if value is None else signed(plain(value))
