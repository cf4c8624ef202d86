"""Event logs of any of four file formats as the same two frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from equipoise.contract.counts import commonest_first
from equipoise.contract.facts.column import as_plain, spelled
from equipoise.contract.reading.tables import read_frame
from equipoise.contract.times import read_times
from equipoise.contract.xes import case_frame, is_xes, read_xes
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.progress import Progress

LIFECYCLES = ("schedule", "start", "complete")
_USUAL = {
    "case": ("case", "case:concept:name", "case_id", "caseid", "case id", "application_id"),
    "activity": ("activity", "concept:name", "event", "task", "activity_name", "activity name"),
    "time": ("time", "time:timestamp", "timestamp", "complete timestamp", "datetime", "date"),
    "lifecycle": ("lifecycle", "lifecycle:transition", "transition"),
    "resource": ("resource", "org:resource", "user"),
}
_OPTIONAL = ("lifecycle", "resource")


@dataclass(frozen=True, slots=True)
class EventLog:
    """What happened to whom, when, and by whom.

    `events`: case, activity, lifecycle (schedule, start or complete; others as the log has them),
    time (UTC, microseconds), resource; cases in order of first appearance, by time within a case,
    ties in the order written. `cases`: one row per case with its attributes. `notes` says what was
    taken for granted.
    """

    events: pl.DataFrame
    cases: pl.DataFrame
    notes: tuple[str, ...] = ()


def read_event_log(
    path: Path,
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    lifecycle: str | None = None,
    resource: str | None = None,
    progress: Progress | None = None,
) -> EventLog:
    """Read XES, XES.gz, Parquet or CSV; the names say which columns of a table hold what.

    Names left out are looked for under their usual spellings. Raises BadInput naming file and
    line or row.
    """
    path = Path(path)
    if not path.is_file():
        read_frame(path)  # says what is wrong, and which name comes near
    if is_xes(path):
        log = read_xes(path, progress)
        columns = {name: getattr(log, name) for name in _USUAL}
        events = pl.DataFrame(columns, schema=dict.fromkeys(_USUAL, pl.String))
        return _finish(events, case_frame(log), path)
    given = {
        "case": case,
        "activity": activity,
        "time": time,
        "lifecycle": lifecycle,
        "resource": resource,
    }
    table = read_frame(path)
    sources = event_columns(table.columns, given, Span(str(path), 1))
    events = _as_text(table, sources)
    rest = table.drop(sources.values())
    return _finish(events, _case_attributes(events["case"], rest), path)


def checked_part(
    table: pl.DataFrame, sources: Mapping[str, str], place: Callable[[int], Span]
) -> pl.DataFrame:
    """Some rows of a table as events in their order, with the columns of `EventLog.events`.

    `sources` is as `event_columns` gives it, `place` says where a row (from 0) stands. Raises
    BadInput for an event without case, activity or time.
    """
    return _checked(_as_text(table, sources), place)[0]


def _as_text(table: pl.DataFrame, sources: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            table[source].alias(name)
            if name == "time"
            else spelled(as_plain(table[source])).alias(name)
            for name, source in sources.items()
        ]
    )


def event_columns(
    headers: Sequence[str], given: Mapping[str, str | None], where: Span
) -> dict[str, str]:
    """Which header holds what of an event; a header taken for one thing serves no other.

    `given` are the names that were stated, None where they are to be found. Raises BadInput.
    """
    chosen: dict[str, str] = {}
    by_lower = {header.lower(): header for header in reversed(headers)}
    for name, asked in given.items():
        if asked is not None:
            if asked not in headers:
                raise BadInput(
                    f"there is no column '{asked}'",
                    where=where,
                    field=asked,
                    mend=did_you_mean(asked, headers),
                )
            chosen[name] = asked
    for name, spellings in _USUAL.items():
        usual = (by_lower.get(spelling) for spelling in spellings)
        free = [header for header in usual if header and header not in chosen.values()]
        if name not in chosen and free:
            chosen[name] = free[0]
        if name not in chosen and name not in _OPTIONAL:
            raise BadInput(
                f"no column looks like the {name} of an event",
                where=where,
                field=name,
                mend=f"name it, as in {name}='...'; columns: {', '.join(headers[:12])}",
            )
    return chosen


def _case_attributes(case: pl.Series, rest: pl.DataFrame) -> pl.DataFrame:
    """One row per case with every further column that does not vary within a case."""
    plain = [name for name in rest.columns if not rest[name].dtype.is_nested()]
    bare = {name: name.removeprefix("case:") for name in plain}
    columns = [rest[header].alias(short) for short, header in _inverted(bare).items()]
    table = pl.DataFrame([case, *(column for column in columns if column.name != "case")])
    names = table.columns[1:]
    varying = table.group_by("case").agg(pl.col(names).n_unique()).select(pl.col(names).max())
    steady = [name for name in names if varying[name][0] == 1]
    return table.select("case", *steady).unique("case", keep="first", maintain_order=True)


def _inverted(bare: dict[str, str]) -> dict[str, str]:
    """Header by short name; `case:x` wins over an event's own `x`."""
    headers: dict[str, str] = {}
    for header, short in bare.items():
        if short not in headers or header != short:
            headers[short] = header
    return headers


def _finish(events: pl.DataFrame, cases: pl.DataFrame, path: Path) -> EventLog:
    events, notes = _checked(events, lambda row: Span(str(path), row=row + 1))
    first = events.select("case").unique(maintain_order=True).with_row_index("order")
    events = (
        events.join(first, on="case", how="left", maintain_order="left")
        .sort("order", "time", maintain_order=True)
        .select("case", "activity", "lifecycle", "time", "resource")
    )
    return EventLog(events, cases, (*notes, *_other_lifecycles(events["lifecycle"])))


def _checked(events: pl.DataFrame, place: Callable[[int], Span]) -> tuple[pl.DataFrame, list[str]]:
    for name in _OPTIONAL:
        if name not in events.columns:
            events = events.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    for name in ("case", "activity"):
        _require(events[name].is_not_null(), f"the event has no {name}", name, place)
    time, notes = _times(events["time"], place)
    lifecycle = pl.col("lifecycle").str.to_lowercase().fill_null("complete")
    known = events.with_columns(time, lifecycle)
    return known.select("case", "activity", "lifecycle", "time", "resource"), notes


def _require(good: pl.Series, message: str, field: str, place: Callable[[int], Span]) -> None:
    bad = (~good).arg_max()
    if not good.all() and bad is not None:
        raise BadInput(
            message,
            where=place(bad),
            field=field,
            mend="fill it in, or take the event out",
        )


def _times(raw: pl.Series, place: Callable[[int], Span]) -> tuple[pl.Series, list[str]]:
    time, notes = read_times(raw)
    unread = time.is_null().arg_max()
    if time.null_count() and unread is not None:
        shown = "nothing" if raw[unread] is None else f"'{raw[unread]}'"
        raise BadInput(
            f"{shown} is no time",
            where=place(unread),
            field="time",
            mend="write times as 2024-06-30T13:45:00+02:00",
        )
    return time.alias("time"), notes


def _other_lifecycles(lifecycle: pl.Series) -> Iterable[str]:
    other = lifecycle.filter(~lifecycle.is_in(LIFECYCLES))
    for name, count in commonest_first(other).rows():
        yield f"{count:,} events are of lifecycle '{name}', which is kept as it is"
