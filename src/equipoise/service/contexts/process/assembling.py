"""What was followed, as an event log: activities in time, who has the turn, and how a way ended.

What a person is asked next is known only from what others answered next: so a page opens for them
when the one before it was answered. Of whoever has the turn and does nothing for `SILENT` it is
said that they left, then; when they come back, that they had not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection

from equipoise.experience.document import (
    CalendarSection,
    EndActivities,
    LogSection,
    OfferActivities,
    WaitsFor,
)
from equipoise.experience.log import CaseLog, case_log
from equipoise.service.contexts.process.happening import (
    ACCEPTED_BY,
    BEGUN,
    CHECKS,
    COMPLETE,
    CONCERN,
    CONSENTS,
    DECLINED,
    LATER,
    LEFT_BY,
    MORE,
    OFFER,
    OFFERED,
    PAGE,
    PERSON,
    QUESTION,
    SCHEDULE,
    SENT,
    SIGN,
    SIGNED,
    SILENT,
    WITHDRAWN,
)

SILENCE = timedelta(days=7)
"""For how long somebody does nothing who has the turn, and has left."""
MOST = 100_000
"""Ways of a picture, the newest: what it takes to draw one stays bounded."""
SOURCE = "the record"
GROUPS = ("channel", "product", "version", "tier", "grade", "language", "region", "journey")
"""By what ways are told apart."""
_AT_ONCE = 50_000
_WAYS = (
    f"SELECT id, draft, application, {', '.join(GROUPS)}, "
    "CASE WHEN price_kept THEN 1 WHEN NOT price_kept THEN 0 END, "
    "CASE WHEN judged_after THEN 1 ELSE 0 END, began "
    "FROM process_way WHERE id > %s"
)
_HAPPENED = (
    "SELECT way, activity, lifecycle, at FROM process_happening WHERE way > %s ORDER BY way, id"
)
_MOMENT = pl.Datetime("us", "UTC")
_HAS_TURN = (BEGUN, CONSENTS, OFFERED, *(f"{each}:{SCHEDULE}" for each in (MORE, CHECKS, CONCERN,
             QUESTION, OFFER, SIGN)), OFFER)  # fmt: skip
_GIVES_TURN = (
    SENT, MORE, CHECKS, CONCERN, QUESTION, "paper", "review_asked", f"{PERSON}:{SCHEDULE}"
)  # fmt: skip


def ways() -> tuple[pl.DataFrame, int]:
    """The newest ways: case, by_page, known_as (its application, else its draft, else null),
    `GROUPS` (null where not known), price_kept, judged_after, began; after which number they come.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM process_way")
        after = max((cursor.fetchone()[0] or 0) - MOST, 0)
        cursor.execute(_WAYS, [after])
        schema = {
            "case": pl.Int64,
            **dict.fromkeys(("draft", "application", *GROUPS), pl.String),
            "price_kept": pl.Int64,
            "judged_after": pl.Int64,
            "began": pl.Int64,
        }
        frame = _read(cursor, schema)
    known = frame.with_columns(pl.col(GROUPS).replace("", None)).select(
        pl.col("case").cast(pl.String),
        pl.col("draft").is_not_null().alias("by_page"),
        pl.coalesce("application", "draft").alias("known_as"),
        *GROUPS,
        pl.col("price_kept", "judged_after").cast(pl.Boolean),
        began=pl.from_epoch("began", time_unit="us").cast(_MOMENT),
    )
    return known, after


def happened(after: int) -> pl.DataFrame:
    """What happened on the ways after a number: case, activity, lifecycle, time, resource."""
    schema = {"way": pl.Int64, "activity": pl.String, "lifecycle": pl.String, "at": pl.Int64}
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENED, [after])
        frame = _read(cursor, schema)
    return frame.select(
        pl.col("way").cast(pl.String).alias("case"),
        "activity",
        "lifecycle",
        time=pl.from_epoch("at", time_unit="us").cast(_MOMENT),
        resource=pl.lit(None, dtype=pl.String),
    )


def _read(cursor: Any, schema: dict[str, Any]) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=schema)]
    while rows := cursor.fetchmany(_AT_ONCE):
        parts.append(pl.DataFrame(rows, schema=schema, orient="row"))
    return pl.concat(parts)


def form_steps(events: pl.DataFrame) -> list[str]:
    """What is done until an application is sent, in the order in which most do it."""
    return (
        events.filter(_of_form())
        .unique(["case", "activity"], keep="first", maintain_order=True)
        .with_columns(place=pl.int_range(pl.len()).over("case"))
        .group_by("activity")
        .agg(pl.col("place").median())
        .sort(pl.col("activity") == SENT, "place", "activity")["activity"]
        .to_list()
    )


def _of_form() -> pl.Expr:
    return pl.col("activity").str.starts_with(PAGE) | pl.col("activity").is_in([CONSENTS, SENT])


def assembled(
    events: pl.DataFrame, cases: pl.DataFrame, calendar: CalendarSection, until: datetime
) -> tuple[CaseLog, list[str]]:
    """The log of the ways as of `until`, and its steps in order; see `ways` and `happened`."""
    order = form_steps(events)
    events = _first_answers(events)
    events = pl.concat([events, _asked_next(events, cases, order)])
    section = section_of(order, calendar)
    events = pl.concat([events, _silent(events, cases, section, until)])
    steps = [each for each in (*order, *LATER) if (events["activity"] == each).any()]
    return case_log(events, section, until), steps


def _first_answers(events: pl.DataFrame) -> pl.DataFrame:
    """A no after which there was another answer was not the end."""
    answer = pl.col("activity").is_in([OFFERED, SIGNED, MORE, CHECKS, PERSON])
    last = pl.col("time").filter(answer).max().over("case")
    overtaken = (pl.col("activity") == DECLINED) & (pl.col("time") < last).fill_null(value=False)
    return events.with_columns(
        activity=pl.when(overtaken).then(pl.lit("declined_first")).otherwise("activity")
    )


def _asked_next(events: pl.DataFrame, cases: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """When what comes next was asked: with the answer before it, or when it was begun."""
    form = events.filter(_of_form() | (pl.col("activity") == BEGUN)).sort(
        "case", "time", maintain_order=True
    )
    by_page = cases.filter("by_page")["case"]
    following = pl.col("activity").shift(-1).over("case")
    stopped = form.join(
        cases.select("case", "product"), on="case", how="left", maintain_order="left"
    ).with_columns(following=following)
    usual = _usual_next(stopped, order)
    return (
        stopped.filter((pl.col("activity") != SENT) & pl.col("case").is_in(by_page.implode()))
        .join(usual, on=["product", "activity"], how="left", maintain_order="left")
        .with_columns(following=pl.coalesce("following", "usually"))
        .filter(pl.col("following").is_not_null() & (pl.col("following") != BEGUN))
        .select(
            "case", pl.col("following").alias("activity"),
            pl.lit(SCHEDULE).alias("lifecycle"), "time", "resource",
        )
    )  # fmt: skip


def _usual_next(form: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """What most of a product's people do next: product, activity, usually."""
    place = {name: at for at, name in enumerate(order)}
    return (
        form.filter(pl.col("following").is_not_null())
        .group_by("product", "activity", "following")
        .len()
        .with_columns(
            place=pl.col("following").replace_strict(place, default=-1, return_dtype=pl.Int64)
        )
        .sort("product", "activity", "len", "place", descending=[False, False, True, True])
        .unique(["product", "activity"], keep="first", maintain_order=True)
        .select("product", "activity", usually="following")
    )


def _silent(
    events: pl.DataFrame, cases: pl.DataFrame, section: LogSection, until: datetime
) -> pl.DataFrame:
    """Who has the turn, has done nothing for long, and was not told the end."""
    customer = [each for each in section.waits_for.customer if not each.endswith(SCHEDULE)]
    asked = [each.rsplit(":", 1)[0] for each in section.waits_for.customer if ":" in each]
    ends = [*section.ends.accepted, *section.ends.declined, *section.ends.cancelled]
    theirs = (
        pl.when((pl.col("lifecycle") == SCHEDULE) & pl.col("activity").is_in(asked))
        .then(True)
        .when((pl.col("lifecycle") == COMPLETE) & pl.col("activity").is_in(customer))
        .then(True)
        .when(_named(section.waits_for.lender))
        .then(False)
    )
    by_page = cases.filter("by_page")["case"]
    return (
        events.filter(pl.col("case").is_in(by_page.implode()))
        .sort("case", "time", maintain_order=True)
        .with_columns(theirs=theirs.forward_fill().over("case"))
        .group_by("case", maintain_order=True)
        .agg(
            pl.col("time").last(), pl.col("theirs").last(),
            ended=pl.col("activity").is_in(ends).any(),
        )
        .filter(~pl.col("ended") & pl.col("theirs").fill_null(value=False))
        .with_columns(time=pl.col("time") + SILENCE)
        .filter(pl.col("time") <= until)
        .select(
            "case", pl.lit(SILENT).alias("activity"), pl.lit(COMPLETE).alias("lifecycle"),
            "time", pl.lit(None, dtype=pl.String).alias("resource"),
        )
    )  # fmt: skip


def _named(names: Iterable[str]) -> pl.Expr:
    full = pl.col("activity") + ":" + pl.col("lifecycle")
    return full.is_in([each if ":" in each else f"{each}:{COMPLETE}" for each in names])


def section_of(form: Collection[str], calendar: CalendarSection) -> LogSection:
    """What the activities mean: who has to act after each, and which of them end a way."""
    pages = [each for each in form if each != SENT]
    return LogSection(
        path=SOURCE,
        calendar=calendar,
        start=BEGUN,
        offer=OfferActivities(sent=OFFERED, accepted=SIGNED, cancelled=WITHDRAWN),
        ends=EndActivities(accepted=ACCEPTED_BY, declined=(DECLINED,), cancelled=LEFT_BY),
        waits_for=WaitsFor(
            customer=(*_HAS_TURN, *pages, *(f"{each}:{SCHEDULE}" for each in form)),
            lender=_GIVES_TURN,
        ),
        close_after_days=SILENCE.days,
    )


def moment(micros: int) -> datetime:
    """A moment of the record's."""
    return datetime.fromtimestamp(micros / 1e6, UTC)
