"""What the commands of the watch end with: tables for a person, or one JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from equipoise.cli.printing import document, figure, line, notes, refuse, table
from equipoise.watch import (
    Backtested,
    BorrowersWatched,
    Candidate,
    Measured,
    Reading,
    Source,
    Watch,
    Worth,
    levels,
)

MOST_LISTED = 20
_ORDER = ("red", "amber", "insufficient", "green")


def drafted(path: Path, watch: Watch, *, as_json: bool) -> None:
    """Where it was written, and how much is watched."""
    if as_json:
        names = [each.indicator.name for each in watch.indicators]
        document({"watch": str(path), "indicators": names})
        return
    line(f"{path}: {len(watch.indicators)} indicators over {len(watch.document.tables)} tables")
    if watch.document.borrowers is None:
        line("No loan is watched one by one; the head of the file says what cannot be watched")
    line(f"Next: read it, and equipoise watch measure {path.parent}")


def checked(watch: Watch, sources: Mapping[str, Source], *, as_json: bool) -> None:
    """How much is watched, and what the budget of false alarms comes to."""
    allowed = levels(watch.document)
    if as_json:
        document(
            {
                "name": watch.document.name,
                "version": watch.document.version,
                "digest": watch.digest,
                "indicators": {
                    name: {"amber": each.amber, "red": each.red} for name, each in allowed.items()
                },
                "tables": {
                    name: {"periods": len(each.periods()), "digest": each.digest}
                    for name, each in sources.items()
                },
            }
        )
        return
    by_level = Counter(each.level for each in watch.document.indicators)
    said = ", ".join(f"{many} {level}" for level, many in by_level.items())
    line(f"{watch.document.name}: {len(watch.indicators)} indicators ({said})")
    for name, source in sources.items():
        periods = list(source.periods())
        span = f", {periods[0]} to {periods[-1]}" if periods else ""
        line(f"  {name}: {len(periods)} periods{span}")
    budget = watch.document.budget
    line(
        f"If nothing changes, at most {budget.false_reds:g} false red and "
        f"{budget.false_ambers:g} false amber a year, over all indicators together."
    )


def measured(watch: Watch, result: Measured, *, as_json: bool) -> None:
    """The last period's readings, worst first; all periods under --json.

    Ends with 1 where one of them raises an alarm.
    """
    last = result.at(result.periods[-1])
    alarms = [each for each in last if each.is_alarm]
    if as_json:
        document(
            {
                "watch": watch.document.name,
                "digest": watch.digest,
                "periods": [each.isoformat() for each in result.periods],
                "readings": [each.as_dict() for each in result.readings],
                "alarms": [each.indicator for each in alarms],
            }
        )
    else:
        _last(watch, last)
    if alarms:
        names = ", ".join(each.indicator for each in alarms)
        told_of = f"{len(alarms)} of {len(last)} indicators raise an alarm: {names}"
        refuse(told_of, mend=_look_first(alarms), as_json=as_json)


def _look_first(alarms: Sequence[Reading]) -> str:
    """Where to begin: the one that is least likely by chance."""
    first = min(alarms, key=lambda each: each.chance if each.chance is not None else 1.0)
    return f"look at {first.indicator} first, and at its rows, value and usual value above"


def _last(watch: Watch, last: Sequence[Reading]) -> None:
    ordered = sorted(last, key=lambda each: (_ORDER.index(each.verdict), each.chance or 1.0))
    columns = ("", "verdict", "value", "usual", "rows", "chance")
    rows = [
        [
            each.indicator,
            each.fault.replace("_", " ") or each.verdict,
            "–" if each.value is None else figure(each.value),
            "–" if each.baseline is None else figure(each.baseline),
            f"{each.n:,}",
            "–" if each.chance is None else f"{each.chance:.2g}",
        ]
        for each in ordered
    ]
    table(f"{watch.document.name}, {last[0].period}", columns, rows)
    notes(
        "Not to be believed",
        [f"{each.indicator}: {each.inhibited_by} is red" for each in last if each.inhibited_by],
    )


def backtested(result: Backtested, *, as_json: bool) -> None:
    """Customers' indicators with their worth and the threshold proposed, then those of the book."""
    if as_json:
        document(result.as_dict())
        return
    columns = ("", "at", "alerts", "of 1,000", "precision", "recall", "lead", "money")
    rows = [
        row
        for each in result.borrowers
        for row in (
            _worth(each.indicator, "as it is", each.worth),
            _proposed(each.indicator, each.proposed),
        )
        if row
    ]
    if rows:
        table("Warnings of single customers, before they are late", columns, rows)
    book = [
        [
            each.indicator,
            f"{one.chance:g}",
            str(one.alarms),
            f"{one.false_a_year:.2g}",
            f"{one.foretold} of {one.episodes}",
            "–" if one.lead is None else f"{one.lead:g}",
        ]
        for each in result.series
        for one in each.at
        if one.foretold or one.alarms
    ]
    if book:
        of_book = ("", "chance", "alarms", "false a year", "foretold", "periods ahead")
        table("Indicators of the book, before the outcome is red", of_book, book)


def _proposed(indicator: str, of: Candidate | None) -> list[str]:
    if of is None:
        return []
    return _worth(indicator, f"proposed {figure(of.threshold)}", of.worth)


def _worth(indicator: str, at: str, worth: Worth | None) -> list[str]:
    if worth is None:
        return []
    return [
        indicator,
        at,
        f"{worth.alerts:,}",
        f"{worth.per_thousand:.1f}",
        _percent(worth.precision),
        _percent(worth.recall),
        "–" if worth.lead is None else f"{worth.lead[1]:g}",
        figure(worth.gain),
    ]


def _percent(of: tuple[float, float, float]) -> str:
    share, low, high = (100 * each for each in of)
    return "–" if share != share else f"{share:.0f} % ({low:.0f} to {high:.0f})"  # noqa: PLR0124


def borrowers(watched: BorrowersWatched, *, as_json: bool) -> None:
    """The curve of lists of several lengths, and the head of this period's."""
    if as_json:
        document(watched.as_dict())
        return
    rows = []
    for point in watched.curve:
        plain = point.as_dict()
        caught = "–"
        if point.events:
            share, low, high = (
                100 * each for each in (point.found / point.events, plain["low"], plain["high"])
            )
            caught = f"{share:.0f} % ({low:.0f} to {high:.0f})"
        by_days = f"{100 * point.by_days / point.events:.0f} %" if point.events else "–"
        rows.append([f"{100 * point.share:g} %", caught, by_days, f"{point.events:,}"])
    columns = ("listed", "found two periods ahead", "by days late alone", "of")
    table(f"Coming arrears of 30 days found, since {watched.since}", columns, rows)
    line(
        f"In {watched.score.horizon} periods {100 * watched.expected:.2f} % were expected "
        f"to be late, {100 * watched.observed:.2f} % were."
    )
    listed = [
        [
            str(each.who),
            f"{100 * each.chance:.0f} %",
            f"{each.times:.1f}",
            ", ".join(each.reasons).replace("_", " "),
            each.action.replace("_", " "),
        ]
        for each in watched.listed[:MOST_LISTED]
    ]
    if listed:
        of_list = ("", "chance", "times its first", "because of", "proposed")
        table(f"Listed now: {len(watched.listed):,}", of_list, listed)
    if len(watched.listed) > MOST_LISTED:
        line(f"and {len(watched.listed) - MOST_LISTED:,} more (all of them under --json)")


def simulated(folder: Path, written: Sequence[Path], *, as_json: bool) -> None:
    """What was written."""
    if as_json:
        document({"folder": str(folder), "written": [str(path) for path in written]})
        return
    for path in written:
        line(f"{path}: {path.stat().st_size:,} bytes")
    line(f"Next: equipoise watch measure {folder}")
