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
from equipoise.texts.numbers import count, in_order, percent, plain, quantity, real

WORDS: dict[str, tuple[Tone, str, str]] = {
    "pass": ("good", "✓", "pass"),
    "fail": ("bad", "✗", "fail"),
    "not_enough_evidence": ("warn", "?", "not enough evidence"),
}
MARKS = {
    "pass": (theme.TEAL, "circle"),
    "fail": (theme.RUST, "square"),
    "not_enough_evidence": (theme.GOLD, "diamond"),
}
LEGEND = (
    Key("teal", "pass", "dot"),
    Key("rust", "fail", "box"),
    Key("gold", "not enough evidence", "diamond"),
    Key("band", "within the tolerance"),
)
SAID = {
    "pass": "No group is treated differently beyond the tolerances, and the evidence suffices.",
    "fail": "At least one group is treated differently beyond a tolerance.",
    "not_enough_evidence": "No gap is shown to exceed a tolerance, but not every gap is shown to "
    "lie within: some groups are too small to tell.",
}
TONES: dict[str, Tone] = {"pass": "good", "fail": "bad", "not_enough_evidence": "warn"}
PAIR = " & "
CHARTED_ROWS = 36
FARTHEST = 3.0  # tolerances; marks farther out stand at the chart's edge


def answer(told: Record) -> Section:
    """One answer overall, counts, and the matrix of measures by fields."""
    given = list(told["answers"].values())
    counts = {each: given.count(each) for each in WORDS}
    word = WORDS[told["answer"]]
    facts = [
        Fact("Measures that pass", count(counts["pass"]), f"of {len(given)}", "good"),
        Fact("Measures that fail", count(counts["fail"]), "a gap lies outside its tolerance",
             "bad" if counts["fail"] else "plain"),
        Fact("Not enough evidence", count(counts["not_enough_evidence"]),
             "an interval reaches over a tolerance, or a group is small"),
        Fact("Applicants", count(told["applicants"]), f"cells under {told['min_cell']} people "
             "get no verdict"),
    ]  # fmt: skip
    blocks: list[Block] = [
        Callout(TONES[told["answer"]], f"{word[1]} {word[2].capitalize()}.", SAID[told["answer"]]),
        Facts(facts),
    ]
    fields = list(dict.fromkeys(f["column"] for f in told["findings"]))
    if fields:
        blocks.append(_matrix(told, fields))
    return Section("answer", "Are groups treated alike?", "The answer", blocks)


def gaps(told: Record) -> Section:
    """Each group's gap to its reference, in tolerances, with the interval."""
    title = "The gaps, with their intervals"
    found = told["findings"]
    if not found:
        why = "every field has one group alone, so there is nobody to compare with"
        return Section("gaps", title, "Gaps", absent=why)
    measures = {m["name"]: m for m in told["measures"]}
    blocks: list[Block] = [
        Text(
            "Each mark is one group against its reference, as a multiple of the measure's own "
            "tolerance: between −1 and 1 lies what passes. A measure passes where the whole "
            "interval lies inside, and fails where all of it lies outside. Intervals hold for all "
            f"groups of a field at once, at {percent(told['confidence'])}."
        )
    ]
    fields = [name for name in dict.fromkeys(f["column"] for f in found) if PAIR not in name]
    for at, name in enumerate(fields):
        if figure := _figure(at, name, [f for f in found if f["column"] == name], measures):
            blocks.append(figure)
    blocks.append(_table(found, measures))
    blocks.append(_levels(told["segments"], measures))
    return Section("gaps", title, "Gaps", blocks)


def limits(told: Record) -> Section:
    """What was measured and how, what was left out, and what the figures cannot say."""
    rows = [
        [
            m["name"],
            _among(m["among"]) + (", of like risk" if m["given_risk"] else ""),
            _tolerance(m),
            m["source"],
        ]
        for m in told["measures"]
    ]
    columns = (Column("Measure"), Column("Among"), Column("Passes"), Column("Tolerance from"))
    blocks: list[Block] = [Table("measures-table", "What was measured", columns, rows)]
    cut = [f"{name} at {', '.join(plain(e) for e in edges)}" for name, edges in _bands(told)]
    if cut:
        blocks.append(Text(f"Numbers are cut into bands: {'; '.join(cut)}."))
    if told["left_out"]:
        said = "; ".join(f"{name}: {why}" for name, why in told["left_out"].items())
        blocks.append(Callout("warn", "Left out.", said))
    blocks += [Text(str(note)) for note in told["notes"]]
    blocks.append(Text("Nothing in this audit changes a decision."))
    return Section("limits", "What was measured, and what it cannot say", "Limits", blocks)


def _matrix(told: Record, fields: list[str]) -> Verdicts:
    rows = []
    for measure in told["answers"]:
        cells = []
        for field in fields:
            mine = [f for f in told["findings"] if f["measure"] == measure and f["column"] == field]
            cells.append(_verdict([f["answer"] for f in mine]) if mine else None)
        rows.append((measure, cells))
    names = tuple(field.replace(PAIR, " and ") for field in fields)
    return Verdicts("verdicts", "Answers by measure and field", names, rows)


def _verdict(answers: list[str]) -> Verdict:
    for each in ("fail", "not_enough_evidence", "pass"):
        if each in answers:
            tone, icon, word = WORDS[each]
            n, of = answers.count(each), len(answers)
            note = "" if n == of == 1 else f"{n} of {of} groups"
            return Verdict(tone, icon, word, note)
    raise ValueError("no answer was given")


def _figure(at: int, field: str, found: list[Record], measures: Record) -> Figure | None:
    several = len({f["group"]["group"] for f in found}) > 1
    drawn: list[Record] = []
    missing = 0
    order = list(measures)
    for each in sorted(
        found, key=lambda f: (order.index(f["measure"]), in_order(f["group"]["group"]))
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
        name = f"{each['measure']}: {each['group']['group']}" if several else each["measure"]
        drawn.append(
            {
                "name": name, "value": value, "low": low, "high": high,
                "colour": colour, "shape": shape,
                "tips": {
                    "title": name,
                    "Answer": WORDS[each["answer"]][2],
                    each["group"]["group"]: _level(each["group"], measure),
                    each["reference"]["group"]: _level(each["reference"], measure),
                    "Gap": _gap(gap["value"], measure),
                    "Interval": _interval(gap, measure),
                    "Passes": _tolerance(measure),
                },
            }
        )  # fmt: skip
    if not drawn:
        return None
    every, drawn = len(drawn), foremost(drawn, _weight, CHARTED_ROWS)
    names = {f["reference"]["group"] for f in found}
    groups = sorted({f["group"]["group"] for f in found}, key=in_order)
    against = f"{', '.join(groups)} against {', '.join(sorted(names))}"
    spoken = "; ".join(f"{row['name']} {row['tips']['Answer']}" for row in drawn)
    reach = max(abs(row[end]) for row in drawn for end in ("value", "low", "high"))
    edge = min(max(reach * 1.05, 1.25), FARTHEST)
    notes = [f"{missing} gaps could not be estimated and stand in the table."] if missing else []
    if every > len(drawn):
        notes.append(f"The {every - len(drawn)} gaps nearest to none are in the table alone.")
    if reach > FARTHEST:
        notes.append("Marks and lines at the chart's edge reach farther.")
    return Figure(
        f"gaps-{at}",
        charts.whiskers(
            drawn,
            theme.amounts("gap, in tolerances", "~g"),
            rule=0.0,
            band=(-1.0, 1.0),
            ends=(-edge, edge),
        ),
        f"Gaps by {field}: {spoken}.",
        f"By {field}: {against}",
        " ".join(notes),
        LEGEND,
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
        return "∞" if real(value) is None else f"{plain(value)} times"
    return _unit(value, measure)


def _interval(gap: Record, measure: Record) -> str:
    if real(gap["value"]) is None:
        return "–"
    return f"{_gap(gap['low'], measure)} to {_gap(gap['high'], measure)}"


def _level(side: Record, measure: Record) -> str:
    return _unit(side["value"], measure)


def _unit(value: Any, measure: Record) -> str:
    return quantity(value, str(measure["unit"]))


def _tolerance(measure: Record) -> str:
    if measure["scale"] == "ratio":
        return f"{plain(measure['within'])} to {plain(1 / measure['within'])} times"
    return f"within {_unit(measure['within'], measure)}"


def _table(found: list[Record], measures: Record) -> Table:
    columns = (
        Column("Field"), Column("Measure"), Column("Group"), Column("Against"),
        Column("People", True), Column("Group's", True), Column("Reference's", True),
        Column("Gap", True), Column("Interval", True), Column("Answer"), Column("Would settle"),
    )  # fmt: skip
    rows = []
    for each in found:
        measure = measures[each["measure"]]
        gap = each[measure["scale"]]
        _, icon, word = WORDS[each["answer"]]
        needed = each["people_needed"]
        unsettled = f"{count(needed)} people" if needed else ""
        rows.append(
            [
                each["column"].replace(PAIR, " and "), each["measure"], each["group"]["group"],
                each["reference"]["group"],
                f"{count(each['group']['people'])} and {count(each['reference']['people'])}",
                _level(each["group"], measure), _level(each["reference"], measure),
                _gap(gap["value"], measure) if real(gap["value"]) is not None else "–",
                _interval(gap, measure), f"{icon} {word}",
                "; ".join(part for part in (unsettled, each["why"]) if part),
            ]
        )  # fmt: skip
    return Table("findings-table", "All gaps", columns, rows, folded=True)


def _levels(segments: list[Record], measures: Record) -> Table:
    columns = (Column("Field"), Column("Group"), Column("Measure"), Column("People", True),
               Column("Level", True), Column("Interval", True))  # fmt: skip
    rows = [
        [
            each["column"].replace(PAIR, " and "),
            each["group"],
            each["measure"],
            count(each["people"]),
            _level(each, measures[each["measure"]]),
            " to ".join(_unit(each[end], measures[each["measure"]]) for end in ("low", "high")),
        ]
        for each in segments
        if each["people"]
    ]
    return Table("levels-table", "The level of each group", columns, rows, folded=True)


def _among(who: str) -> str:
    return {
        "approved": "those offered a loan",
        "not_approved": "those not offered one",
        "repaid": "those seen to repay",
        "observed": "those whose outcome is known",
    }.get(who, who)


def _bands(told: Record) -> list[tuple[str, list[float]]]:
    return list((told.get("bands") or {}).items())
