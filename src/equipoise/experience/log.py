"""An event log made ready: checked against the document, one row per case with its end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from equipoise.errors import BadInput, EquipoiseError, Faults, Span, did_you_mean
from equipoise.experience.document import ExperienceDocument, LogSection

ACCEPTED, DECLINED, CANCELLED, OPEN = "accepted", "declined", "cancelled", "open"
COLUMNS = {"case", "activity", "lifecycle", "time", "resource"}
LIFECYCLE = ("schedule", "start", "complete")
SECONDS_A_DAY = 86_400.0
_A_MICROSECOND = 1 / (SECONDS_A_DAY * 1e6)  # in days
MOMENT = pl.Datetime("us", "UTC")

Where = Callable[..., Span]


def in_days(duration: pl.Expr) -> pl.Expr:
    """A duration in days, to the same bits in a frame of any height.

    Multiplied, as polars divides by the divisor's reciprocal but in a frame of one row: what
    happened at one instant would then lie apart.
    """
    return duration.dt.total_microseconds() * _A_MICROSECOND


@dataclass(frozen=True, slots=True)
class CaseLog:
    """An event log that can be measured.

    `events` in the order of time within each case, with `row`, its place in the log. `cases`:
    case, start, end, outcome (accepted, declined, cancelled or open), `stop`, the end or, for
    open cases, the last instant of the log, and `by_clock`: the lender closed a silent case
    because `close_after_days` had passed since its start or its last offer.
    """

    events: pl.DataFrame
    cases: pl.DataFrame
    section: LogSection

    def complete(self, *activities: str) -> pl.DataFrame:
        """The complete events of these activities."""
        return self.events.filter(
            (pl.col("lifecycle") == "complete") & pl.col("activity").is_in(activities)
        )


def prepare(
    document: ExperienceDocument, events: pl.DataFrame, where: Where | None = None
) -> CaseLog:
    """Check the log against the document and find the end of each case.

    `events` has case, activity, lifecycle ('schedule', 'start' or 'complete'), time (UTC) and
    resource. Raises BadInput for an empty log, missing columns and a log without complete
    events, and Faults naming every activity of the document that the log does not have.
    """
    section = document.log
    if section is None:
        raise BadInput("the document has no log", field="log", mend="add the section 'log'")
    place = place_of(section, where)
    _require_usable(events, place)
    refuse_unknown(document, events["activity"].drop_nulls().unique().to_list(), where)
    return case_log(events, section, events["time"].max())


def case_log(events: pl.DataFrame, section: LogSection, until: Any) -> CaseLog:
    """Events that were checked, which are all there are of their cases, in order, and each end.

    `until` is the last instant of the whole log, of which these may be a part.
    """
    ordered = (
        events.with_row_index("row")
        .sort("case", "time", "row")
        .select("row", "case", "activity", "lifecycle", "time", "resource")
    )
    return CaseLog(ordered, _cases(ordered, section, until), section)


def place_of(section: LogSection, where: Where | None) -> Span:
    """What a fault of the whole log names."""
    return where("log", "path") if where else Span(section.path)


def _require_usable(events: pl.DataFrame, place: Span) -> None:
    missing = sorted(COLUMNS - set(events.columns))
    if missing:
        raise BadInput(
            f"the event log has no column '{missing[0]}'",
            where=place,
            field=missing[0],
            mend="map it under log.columns",
        )
    require_events(events.height, place)
    if events["time"].null_count() or events["case"].null_count():
        lacking = events["time"].is_null() | events["case"].is_null()
        row = int(lacking.arg_max() or 0) + 1
        raise BadInput(
            "an event has no case or no time",
            where=Span(place.file, row=row),
            mend="every event needs both",
        )
    require_complete(events["lifecycle"].drop_nulls().unique().to_list(), place)


def require_events(events: int, place: Span) -> None:
    """Raises BadInput for a log without events."""
    if events == 0:
        raise BadInput("the event log is empty", where=place, mend="give a log with events")


def require_complete(lifecycles: Collection[str], place: Span) -> None:
    """Raises BadInput for a log without complete events, by the lifecycles that occur in it."""
    if "complete" not in lifecycles:
        seen = ", ".join(sorted(lifecycles)[:5])
        raise BadInput(
            f"the event log has no complete events; its lifecycle values are: {seen or 'none'}",
            where=place,
            field="lifecycle",
            mend="map the lifecycle column, or leave it out so that every event is complete",
        )


def refuse_unknown(
    document: ExperienceDocument, activities: Collection[str], where: Where | None
) -> None:
    """Raises Faults naming every activity of the document that is none of the log's."""
    faults = list(_unknown_activities(document, set(activities), where))
    if faults:
        raise Faults(faults)


def _unknown_activities(
    document: ExperienceDocument, known: set[str], where: Where | None
) -> Iterator[EquipoiseError]:
    for keys, name in _named_activities(document):
        bare = name.rsplit(":", 1)[0] if name.rsplit(":", 1)[-1] in LIFECYCLE else name
        if bare not in known:
            yield BadInput(
                f"activity '{bare}' does not occur in the log",
                where=where(*keys) if where else None,
                field=".".join(str(key) for key in keys),
                mend=did_you_mean(bare, known),
            )


def _named_activities(
    document: ExperienceDocument,
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if document.log is not None:
        yield from _named_in_log(document.log)
    for index, step in enumerate(document.steps):
        if step.activity is not None:
            yield ("steps", index, "activity"), step.activity


def _named_in_log(log: LogSection) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("log", "start"), log.start
    for key, name in log.offer or ():
        if name is not None:
            yield ("log", "offer", key), name
    for part, section in (("ends", log.ends), ("waits_for", log.waits_for)):
        for key, names in section:
            yield from ((("log", part, key, index), name) for index, name in enumerate(names))
    for part, plain in (("contacts", log.contacts), ("calls", log.calls)):
        yield from ((("log", part, index), name) for index, name in enumerate(plain))


def _cases(events: pl.DataFrame, section: LogSection, until: Any) -> pl.DataFrame:
    """One row per case. The first end counts: what follows it is the lender's tidying up."""
    ends = section.ends
    outcome = (
        pl.when(pl.col("activity").is_in(ends.accepted))
        .then(pl.lit(ACCEPTED))
        .when(pl.col("activity").is_in(ends.declined))
        .then(pl.lit(DECLINED))
        .when(pl.col("activity").is_in(ends.cancelled))
        .then(pl.lit(CANCELLED))
    )
    complete = pl.col("lifecycle") == "complete"
    first_end = (
        events.filter(complete)
        .with_columns(outcome=outcome)
        .filter(pl.col("outcome").is_not_null())
        .group_by("case", maintain_order=True)
        .agg(end=pl.col("time").first(), outcome=pl.col("outcome").first())
    )
    is_start = complete & (pl.col("activity") == section.start)
    sent = section.offer.sent if section.offer else section.start
    is_sent = complete & (pl.col("activity") == sent)
    return (
        events.group_by("case", maintain_order=True)
        .agg(
            start=pl.coalesce(pl.col("time").filter(is_start).first(), pl.col("time").first()),
            sent=pl.col("time").filter(is_sent).last(),
        )
        .join(first_end, on="case", how="left", maintain_order="left")
        .with_columns(
            outcome=pl.col("outcome").fill_null(OPEN),
            stop=pl.col("end").fill_null(pl.lit(until)),
        )
        .with_columns(by_clock=_closed_by_clock(section))
        .drop("sent")
    )


def _closed_by_clock(section: LogSection) -> pl.Expr:
    if section.close_after_days is None:
        return pl.lit(value=False)
    silent = pl.col("stop") - pl.max_horizontal("start", "sent")
    patience = pl.duration(milliseconds=round(section.close_after_days * 86_400_000))
    return (pl.col("outcome") == CANCELLED) & (silent >= patience)
