"""What reviews end with: tables for a person, or one JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from equipoise.cli.printing import document, line, notes, table
from equipoise.report.measures import COMPARED
from equipoise.review.comparing.comparison import Cell, Comparison, StrategiesCompared
from equipoise.review.comparing.intervals import Change
from equipoise.value.measures import TABLE

CELLS = {
    "in_in": "both offer a loan",
    "in_out": "only A offers",
    "out_in": "only B offers",
    "out_out": "neither offers",
}
ANSWERS = {
    "pass": "✓ pass",
    "fail": "✗ fail",
    "not_enough_evidence": "? not enough evidence",
}
AUTHORITY = {
    "arrivals": ("cases", ",.0f"),
    "utilisation": ("people's time used", ".0%"),
    "queue_mean": ("queue, mean", ",.1f"),
    "queue_p90": ("queue, 90 %", ",.0f"),
    "business_mean": ("hours to yes, mean", ",.1f"),
    "business_p90": ("hours to yes, 90 %", ",.1f"),
    "same_day": ("decided the same day", ".0%"),
}
MOST_SEGMENTS = 30


def compared(compared: StrategiesCompared, page: Path | None, *, as_json: bool) -> None:
    """Who is swapped, what changes, for whom."""
    if as_json:
        document({**compared.as_dict(), "html": str(page) if page else None})
        return
    for side, each in (("A", compared.a), ("B", compared.b)):
        line(
            f"{side}: {each.name} v{each.version}, chosen by {each.choose}, "
            f"digest {each.digest[:12]}"
        )
    comparison = compared.comparison
    columns = ("", "people", "share", "bad rate of those known", "loss, A", "loss, B")
    table(f"{comparison.applicants:,} applicants", columns, [_cell(c) for c in comparison.cells])
    rows = [
        [_measure(name), *_change(name, comparison.changes[name])]
        for name in COMPARED
        if name in comparison.changes
    ]
    table("Measures", ("", "A", "B", "B less A", f"{comparison.confidence:.0%} interval"), rows)
    line("points: percentage points")
    if comparison.segments:
        table(
            "Segments",
            ("", "only A", "only B", "offered, B less A, points", "interval"),
            _parts(comparison),
        )
    if len(comparison.segments) > MOST_SEGMENTS:
        line(
            f"and {len(comparison.segments) - MOST_SEGMENTS} segments more, under --json and --html"
        )
    notes("To know", comparison.warnings)
    _page(page)


def audited(review: Mapping[str, Any], page: Path | None, *, as_json: bool) -> None:
    """One answer per measure, the findings behind what is not a pass, ways back, parity."""
    if as_json:
        document({**review, "html": str(page) if page else None})
        return
    own = review["strategy"]
    columns = sorted({f["column"] for f in review["findings"] if " & " not in f["column"]})
    pairs = len({f["column"] for f in review["findings"]}) - len(columns)
    rows = [[name, ANSWERS[given]] for name, given in review["answers"].items()]
    table(f"Fairness of {own['name']} v{own['version']}", ("", "answer"), rows)
    line(
        f"{review['applicants']:,} applicants by {', '.join(columns)}"
        + (f", and {pairs} pairs of these" if pairs > 1 else ", and both at once" if pairs else "")
    )
    open_ = [f for f in review["findings"] if f["answer"] == "fail"]
    if open_:
        scales = {m["name"]: m["scale"] for m in review["measures"]}
        table(
            "Outside the tolerance",
            ("measure", "group", "against", "gap", "interval"),
            [_finding(f, scales[f["measure"]]) for f in open_],
        )
    _ways_back(review["recourse"])
    _parity(review["parity"])
    notes("Left out", [f"{name}: {why}" for name, why in review["left_out"].items()])
    notes("To know", review["notes"])
    line(f"Answer: {ANSWERS[review['answer']]}")
    _page(page)


def simulated(result: Mapping[str, Any], *, as_json: bool) -> None:
    """Queues by level; before and after where something moves."""
    if as_json:
        document(dict(result))
        return
    rows = [
        [f"{row['level']}: {AUTHORITY[row['measure']][0]}", *_queue(row)]
        for row in result["rows"]
        if row["measure"] in AUTHORITY
    ]
    moved = result["change"] is not None
    columns = ("level", "today", *(("then", "then less today") if moved else ("interval",)))
    title = f"Then: {result['change']}" if moved else "Queues and time to yes, today"
    table(title, columns, rows)
    line(f"Business hours, from arrival to the last signature; {result['replications']} runs.")


def _queue(row: Mapping[str, Any]) -> list[str]:
    form = AUTHORITY[row["measure"]][1]

    def said(key: str, sign: str = "") -> str:
        return "–" if row[key] is None else f"{row[key]:{sign}{form}}"

    spread = f"{said('low')} to {said('high')}"
    if "before" not in row:
        return [said("mean"), spread]
    return [said("before"), said("after"), said("difference", "+")]


def _cell(cell: Cell) -> list[str]:
    known = cell.bad_rate is not None
    return [
        CELLS[cell.name],
        f"{cell.people:,}",
        f"{cell.share:.1%}",
        f"{cell.bad_rate:.1%} ({cell.low:.1%} to {cell.high:.1%})" if known else "–",
        *(f"{rate.value:.2%}" if rate else "–" for rate in (cell.loss_a, cell.loss_b)),
    ]


def _measure(name: str) -> str:
    """The measure's label; with its unit where a ratio would not say it."""
    row = TABLE[name]
    return f"{row.label}, {row.unit}" if name == "average_wait" else row.label


def _change(name: str, change: Change) -> list[str]:
    def said(value: float | None, sign: str = "") -> str:
        if value is None:
            return "–"
        if TABLE[name].unit == "share":
            return f"{value * 100:+.2f} points" if sign else f"{value:.2%}"
        digits = 0 if abs(value) >= 100 or value == 0 else 2
        return f"{value:{sign},.{digits}f}"

    spread = "–"
    if change.low is not None:
        spread = f"{said(change.low, '+')} to {said(change.high, '+')}"
    return [said(change.a), said(change.b), said(change.difference, "+"), spread]


def _parts(comparison: Comparison) -> list[list[str]]:
    rows = []
    for each in comparison.segments[:MOST_SEGMENTS]:
        counts = {cell.name: cell.people for cell in each.cells}
        change = each.offered
        rows.append(
            [
                f"{each.column}: {each.segment}",
                f"{counts['in_out']:,}",
                f"{counts['out_in']:,}",
                _in_points(change.difference),
                f"{_in_points(change.low)} to {_in_points(change.high)}",
            ]
        )
    return rows


def _in_points(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:+.1f}"


def _finding(finding: Mapping[str, Any], scale: str) -> list[str]:
    gap = finding[scale]
    return [
        finding["measure"],
        f"{finding['column']}: {finding['group']['group']}",
        finding["reference"]["group"],
        f"{gap['value']:.3g}" + (" times" if scale == "ratio" else ""),
        " to ".join("∞" if end is None else f"{end:.3g}" for end in (gap["low"], gap["high"])),
    ]


def _ways_back(recourse: Mapping[str, Any] | None) -> None:
    if recourse is None or not recourse["sampled"]:
        return
    rows = [
        [
            f"{each['column']}: {each['group']}",
            f"{each['people']:,}",
            f"{each['value']:.0%}",
            f"{each['low']:.0%} to {each['high']:.0%}",
        ]
        for each in recourse["segments"]
        if each["people"]
    ]
    share = recourse["no_way_back"]
    title = (
        f"No way back: {share['value']:.0%} ({share['low']:.0%} to {share['high']:.0%}) of "
        f"{recourse['sampled']:,} drawn from {recourse['turned_down']:,} turned down"
    )
    table(title, ("", "people", "no way back", "interval"), rows)


def _parity(parity: Mapping[str, Any] | None) -> None:
    if parity is None:
        return
    rows = [
        [
            f"{each['column']}: {each['group']}",
            f"{each['within']:.0%}",
            "cannot be held" if each["given_up"] is None else f"{each['given_up']:,.2f}",
            "–"
            if each["given_up"] is None
            else f"{each['given_up_low']:,.2f} to {each['given_up_high']:,.2f}",
        ]
        for each in parity["rows"]
    ]
    title = f"Price of parity: {parity['label'].lower()} given up"
    table(title, ("offers to", "within", "given up", "certified"), rows)


def _page(page: Path | None) -> None:
    if page is not None:
        line(str(page))
