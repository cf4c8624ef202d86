"""What a process map ends with: tables for a person, or one JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from equipoise.cli.printing import document, line, notes, table
from equipoise.review.process.funnel import Spread, StepRow
from equipoise.review.process.moves import Move, Verdict
from equipoise.review.process.process_map import ProcessMap
from equipoise.review.process.share import Share
from equipoise.review.process.versions import VersionRow

MOST_EDGES, MOST_MOVES, MOST_PEOPLE = 20, 15, 50
KINDS = {"take_away": "take it away", "make_fast": "as fast as its fastest tenth"}
VERDICTS: Mapping[Verdict, str] = {
    "changes_nothing": "no",
    "not_known": "not known",
    "changes_decisions": "yes",
}
STEPS = (
    "step", "came", "went on", "left", "declined", "open", "95 % of those left", "done again",
    "turn", "days p50", "p90", "open hours p50", "p90",
)  # fmt: skip


def mapped(result: ProcessMap, lost: pl.DataFrame | None, *, as_json: bool) -> None:
    """The funnel, what is worth changing, the edges; versions and people lost where asked for."""
    if as_json:
        answer = result.as_dict()
        if lost is not None:
            answer["lost"] = [_plain(row) for row in lost.to_dicts()]
        document(answer)
        return
    for by in dict.fromkeys(row.by for row in result.steps):
        rows = [row for row in result.steps if row.by == by]
        table(_title(result, by), STEPS, [_step(row) for row in rows])
        _moves([move for move in result.moves if move.by == by])
    _edges(result.edges.filter(pl.col("by").is_null()))
    if result.versions:
        columns = ("", "before", "after", "after less before", "interval", "found", "since")
        table("Before and after", columns, [_version(row) for row in result.versions])
    _offers(result)
    if lost is not None:
        _people(lost, result.time_zone)
    notes("Read with it", result.notes)


def _title(result: ProcessMap, by: str | None) -> str:
    return f"{result.counts['cases']:,} cases" if by is None else f"By {by}"


def _step(row: StepRow) -> list[str]:
    left = row.dropping_off
    return [
        row.step if row.group is None else f"{row.step} ({row.group})",
        f"{row.came:,}",
        said(row.going_on),
        said(left),
        f"{row.declined:,}",
        f"{row.open:,}",
        "–"
        if left.low is None or left.high is None
        else f"{left.low * 100:.0f} to {left.high * 100:.0f} %",
        said(row.rework),
        row.turn or "–",
        *_spread(row.calendar),
        *_spread(row.business),
    ]


def said(share: Share) -> str:
    """As a person reads it: 40 % (80/200), counts alone of few."""
    counts = f"{share.k:,}/{share.n:,}"
    return counts if share.value is None else f"{share.value * 100:.0f} % ({counts})"


def _spread(spread: Spread) -> list[str]:
    return ["–" if each is None else f"{each:,.2f}" for each in (spread.p50, spread.p90)]


def _moves(ranked: Sequence[Move]) -> None:
    gaining = [each for each in ranked if each.gain is not None]
    rows = [
        [
            each.step if each.group is None else f"{each.step} ({each.group})",
            KINDS[each.kind],
            VERDICTS[each.verdict],
            f"{each.gain:,.1f}",
            "–"
            if each.low is None or each.high is None
            else f"{each.low:,.1f} to {each.high:,.1f}",
            f"{each.per_thousand:,.1f}",
        ]
        for each in gaining[:MOST_MOVES]
    ]
    columns = ("step", "if we", "changes decisions", "completions", "interval", "of 1,000")
    if rows:
        table("What a change would gain, in expected completions", columns, rows)
    if len(gaining) > MOST_MOVES:
        line(f"and {len(gaining) - MOST_MOVES} more (all of them under --json)")


def _edges(edges: pl.DataFrame) -> None:
    rows = [
        [
            f"{row['activity']} > {row['followed_by']}",
            f"{row['times']:,}",
            f"{row['cases']:,}",
            "–" if row["days_p50"] is None else f"{row['days_p50']:,.2f}",
        ]
        for row in edges.head(MOST_EDGES).to_dicts()
    ]
    table("What follows what", ("", "times", "cases", "days p50"), rows)


def _version(row: VersionRow) -> list[str]:
    bounds = "–" if row.low is None or row.high is None else f"{row.low:+.1%} to {row.high:+.1%}"
    return [
        row.measure if row.higher_is_better else f"left at {row.measure}",
        said(row.before),
        said(row.after),
        "–" if row.difference is None else f"{row.difference:+.1%}",
        bounds,
        row.found.replace("_", " "),
        "–" if row.since is None else row.since.isoformat(),
    ]


def _offers(result: ProcessMap) -> None:
    bands = [
        [
            f"up to {each.upto:,.0f}" if each.upto < float("inf") else f"over {each.over:,.0f}",
            said(each.accepted),
        ]
        for each in result.first_offers
    ]
    if bands:
        table("Accepted, by minutes to the first offer", ("minutes", "of resolved"), bands)
    calls = [
        [
            each["activity"],
            f"{each['plain_called']:.1%}",
            "–" if each["plain_uncalled"] is None else f"{each['plain_uncalled']:.1%}",
            f"{each['accepted_ratio']['value']:.2f}",
            f"{each['accepted_ratio']['low']:.2f} to {each['accepted_ratio']['high']:.2f}",
        ]
        for each in result.calls
    ]
    if calls:
        columns = ("", "accepted, called", "not called", "at equal waiting, times", "interval")
        table("Calls: the first two columns are a trap, see below", columns, calls)


def _people(lost: pl.DataFrame, zone: str) -> None:
    shown = lost.head(MOST_PEOPLE).with_columns(pl.col("finish").dt.convert_time_zone(zone))
    rows = [
        [
            str(row["case"]),
            row["finish"].date().isoformat(),
            f"{row['days']:,.1f}",
            row["turn"] or "–",
            "yes" if row["by_clock"] else "no",
        ]
        for row in shown.to_dicts()
    ]
    columns = ("case", "left", "after days", "turn", "closed by the clock")
    table(f"{lost.height:,} people lost, latest first", columns, rows)
    if lost.height > MOST_PEOPLE:
        line(f"and {lost.height - MOST_PEOPLE} more (all of them under --json)")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
        for name, value in row.items()
    }
