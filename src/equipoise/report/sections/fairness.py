"""What an audit found: one answer per measure and field, and the gaps behind them."""

from __future__ import annotations

import math
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
    Text,
    Tone,
    Verdict,
    Verdicts,
)
from equipoise.report.charts import intervals as charts
from equipoise.report.charts import theme
from equipoise.report.story import Record, foremost
from equipoise.texts.numbers import count, in_order, percent, plain, quantity, real, span
from equipoise.texts.saying import joined, marked, retold, say

WORDS: dict[str, tuple[Tone, str, str]] = {
    "pass": ("good", "✓", marked("pass")),
    "fail": ("bad", "✗", marked("fail")),
    "not_enough_evidence": ("warn", "?", marked("not enough evidence")),
}
MARKS = {
    "pass": (theme.TEAL, "circle"),
    "fail": (theme.RUST, "square"),
    "not_enough_evidence": (theme.GOLD, "diamond"),
}
SAID = {
    "pass": marked(
        "No group is treated differently beyond the tolerances, and the evidence suffices."
    ),
    "fail": marked("At least one group is treated differently beyond a tolerance."),
    "not_enough_evidence": marked(
        "No gap is shown to exceed a tolerance, but not every gap is shown to lie "
        "within: some groups are too small to tell."
    ),
}
TONES: dict[str, Tone] = {"pass": "good", "fail": "bad", "not_enough_evidence": "warn"}
PAIR = " & "
CHARTED_ROWS = 36
FARTHEST = 3.0  # tolerances; marks farther out stand at the chart's edge


def answer(audit: Record) -> Section:
    """One answer overall, counts, and the matrix of measures by fields."""
    given = list(audit["answers"].values())
    counts = {each: given.count(each) for each in WORDS}
    word = WORDS[audit["answer"]]
    title = say("{icon} {sentence}.", icon=word[1], sentence=say(word[2]).capitalize())
    blocks: list[Block] = [
        Callout(TONES[audit["answer"]], title, say(SAID[audit["answer"]])),
        Facts(_facts(audit, counts, len(given))),
    ]
    fields = list(dict.fromkeys(f["column"] for f in audit["findings"]))
    if fields:
        blocks.append(_matrix(audit, fields))
    return Section("answer", say("Are groups treated alike?"), say("The answer"), blocks)


def _facts(audit: Record, counts: dict[str, int], measures: int) -> list[Fact]:
    return [
        Fact(
            say("Measures that pass"),
            count(counts["pass"]),
            say("of {measures}", measures=measures),
            "good",
        ),
        Fact(
            say("Measures that fail"),
            count(counts["fail"]),
            say("a gap lies outside its tolerance"),
            "bad" if counts["fail"] else "plain",
        ),
        Fact(
            say("Not enough evidence"),
            count(counts["not_enough_evidence"]),
            say("an interval reaches over a tolerance, or a group is small"),
        ),
        Fact(
            say("Applicants"),
            count(audit["applicants"]),
            say("cells under {people} people get no verdict", people=audit["min_cell"]),
        ),
    ]


def gaps(audit: Record) -> Section:
    """Each group's gap to its reference, in tolerances, with the interval."""
    title = say("The gaps, with their intervals")
    findings = audit["findings"]
    if not findings:
        why = say("every field has one group alone, so there is nobody to compare with")
        return Section("gaps", title, say("Gaps"), absent=why)
    measures = {m["name"]: m for m in audit["measures"]}
    blocks: list[Block] = [
        Text(
            say(
                "Each mark is one group against its reference, as a multiple of the "
                "measure's own tolerance: between −1 and 1 lies what passes. A measure "
                "passes where the whole interval lies inside, and fails where all of it "
                "lies outside. Intervals hold for all groups of a field at once, at "
                "{confidence}.",
                confidence=percent(audit["confidence"]),
            )
        )
    ]
    fields = [name for name in dict.fromkeys(f["column"] for f in findings) if PAIR not in name]
    for at, name in enumerate(fields):
        if figure := _figure(at, name, [f for f in findings if f["column"] == name], measures):
            blocks.append(figure)
    blocks.append(_table(findings, measures))
    blocks.append(_levels(audit["segments"], measures))
    return Section("gaps", title, say("Gaps"), blocks)


def _matrix(audit: Record, fields: list[str]) -> Verdicts:
    rows = []
    for measure in audit["answers"]:
        cells = []
        for field in fields:
            mine = [
                f for f in audit["findings"] if f["measure"] == measure and f["column"] == field
            ]
            cells.append(_verdict([f["answer"] for f in mine]) if mine else None)
        rows.append((retold(measure), cells))
    names = tuple(_field(field) for field in fields)
    return Verdicts("verdicts", say("Answers by measure and field"), names, rows)


def _field(column: str) -> str:
    """A field's name, or those of two that make groups together."""
    return joined(column.split(PAIR), " and ")


def _verdict(answers: list[str]) -> Verdict:
    for each in ("fail", "not_enough_evidence", "pass"):
        if each in answers:
            tone, icon, word = WORDS[each]
            n, of = answers.count(each), len(answers)
            note = "" if n == of == 1 else say("{n} of {of} groups", n=n, of=of)
            return Verdict(tone, icon, say(word), note)
    raise ValueError("no answer was given")


def _figure(at: int, field: str, findings: list[Record], measures: Record) -> Figure | None:
    several = len({f["group"]["group"] for f in findings}) > 1
    drawn: list[Record] = []
    missing = 0
    order = list(measures)
    for each in sorted(
        findings, key=lambda f: (order.index(f["measure"]), in_order(f["group"]["group"]))
    ):
        measure = measures[each["measure"]]
        gap = each[measure["scale"]]
        value = _in_tolerances(gap["value"], measure)
        if value is None:
            missing += 1
            continue
        low = _in_tolerances(gap["low"], measure, -FARTHEST)
        high = _in_tolerances(gap["high"], measure, FARTHEST)
        colour, shape = MARKS[each["answer"]]
        name = retold(each["measure"])
        if several:
            name = say("{name}: {what}", name=name, what=retold(each["group"]["group"]))
        drawn.append(
            {
                "name": name,
                "value": value,
                "low": low,
                "high": high,
                "colour": colour,
                "shape": shape,
                "tips": {
                    "title": name,
                    say("Answer"): say(WORDS[each["answer"]][2]),
                    retold(each["group"]["group"]): _level(each["group"], measure),
                    retold(each["reference"]["group"]): _level(each["reference"], measure),
                    say("Gap"): _gap(gap["value"], measure),
                    say("Interval"): _interval(gap, measure),
                    say("Passes"): tolerance(measure),
                },
            }
        )
    if not drawn:
        return None
    every, drawn = len(drawn), foremost(drawn, _weight, CHARTED_ROWS)
    names = {f["reference"]["group"] for f in findings}
    groups = sorted({f["group"]["group"] for f in findings}, key=in_order)
    against = say(
        "{groups} against {names}",
        groups=joined(map(retold, groups), ", "),
        names=joined(map(retold, sorted(names)), ", "),
    )
    spoken = joined((f"{row['name']} {row['tips'][say('Answer')]}" for row in drawn), "; ")
    reach = max(abs(row[end]) for row in drawn for end in ("value", "low", "high"))
    edge = min(max(reach * 1.05, 1.25), FARTHEST)
    notes = (
        [say("{missing} gaps could not be estimated and stand in the table.", missing=missing)]
        if missing
        else []
    )
    if every > len(drawn):
        notes.append(
            say("The {gaps} gaps nearest to none are in the table alone.", gaps=every - len(drawn))
        )
    if reach > FARTHEST:
        notes.append(say("Marks and lines at the chart's edge reach farther."))
    return Figure(
        f"gaps-{at}",
        charts.whiskers(
            drawn,
            theme.amounts(say("gap, in tolerances"), "~g"),
            rule=0.0,
            band=(-1.0, 1.0),
            ends=(-edge, edge),
        ),
        say("Gaps by {field}: {spoken}.", field=field, spoken=spoken),
        say("By {field}: {against}", field=field, against=against),
        joined(notes, " "),
        _legend(),
    )


def _legend() -> tuple[Key, ...]:
    return (
        Key("teal", say("pass"), "dot"),
        Key("rust", say("fail"), "box"),
        Key("gold", say("not enough evidence"), "diamond"),
        Key("band", say("within the tolerance")),
    )


def _weight(row: Record) -> float:
    """Fails first, then what reaches farthest from no gap."""
    first = 1e6 if row["shape"] == MARKS["fail"][1] else 0.0
    return first + max(abs(float(row["low"])), abs(float(row["high"])))


def _in_tolerances(value: Any, measure: Record, otherwise: float | None = None) -> float | None:
    """A gap as a multiple of its tolerance; ratios on the log scale."""
    x = real(value)
    if x is None:
        return otherwise
    if measure["scale"] == "difference":
        return float(x / measure["within"])
    return math.log(x) / -math.log(measure["within"]) if x > 0 else -FARTHEST


def _gap(value: Any, measure: Record) -> str:
    if measure["scale"] == "ratio":
        return "∞" if real(value) is None else say("{value} times", value=plain(value))
    return _unit(value, measure)


def _interval(gap: Record, measure: Record) -> str:
    if real(gap["value"]) is None:
        return "–"
    return span(_gap(gap["low"], measure), _gap(gap["high"], measure))


def _level(side: Record, measure: Record) -> str:
    return _unit(side["value"], measure)


def _unit(value: Any, measure: Record) -> str:
    return quantity(value, str(measure["unit"]))


def tolerance(measure: Record) -> str:
    if measure["scale"] == "ratio":
        return say(
            "{low} to {high} times",
            low=plain(measure["within"]),
            high=plain(1 / measure["within"]),
        )
    return say("within {distance}", distance=_unit(measure["within"], measure))


def _table(findings: list[Record], measures: Record) -> Table:
    columns = (
        Column(say("Field")),
        Column(say("Measure")),
        Column(say("Group")),
        Column(say("Against")),
        Column(say("People"), True),
        Column(say("Group's"), True),
        Column(say("Reference's"), True),
        Column(say("Gap"), True),
        Column(say("Interval"), True),
        Column(say("Answer")),
        Column(say("Would settle")),
    )
    rows = []
    for each in findings:
        measure = measures[each["measure"]]
        gap = each[measure["scale"]]
        _, icon, word = WORDS[each["answer"]]
        needed = each["people_needed"]
        unsettled = say("{needed} people", needed=count(needed)) if needed else ""
        rows.append(
            [
                _field(each["column"]),
                retold(each["measure"]),
                retold(each["group"]["group"]),
                retold(each["reference"]["group"]),
                say(
                    "{group} and {reference}",
                    group=count(each["group"]["people"]),
                    reference=count(each["reference"]["people"]),
                ),
                _level(each["group"], measure),
                _level(each["reference"], measure),
                _gap(gap["value"], measure) if real(gap["value"]) is not None else "–",
                _interval(gap, measure),
                f"{icon} {say(word)}",
                joined((part for part in (unsettled, each["why"]) if part), "; "),
            ]
        )
    return Table("findings-table", say("All gaps"), columns, rows, folded=True)


def _levels(segments: list[Record], measures: Record) -> Table:
    columns = (
        Column(say("Field")),
        Column(say("Group")),
        Column(say("Measure")),
        Column(say("People"), True),
        Column(say("Level"), True),
        Column(say("Interval"), True),
    )
    rows = [
        [
            _field(each["column"]),
            retold(each["group"]),
            retold(each["measure"]),
            count(each["people"]),
            _level(each, measures[each["measure"]]),
            span(*(_unit(each[end], measures[each["measure"]]) for end in ("low", "high"))),
        ]
        for each in segments
        if each["people"]
    ]
    return Table("levels-table", say("The level of each group"), columns, rows, folded=True)
