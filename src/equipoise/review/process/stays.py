"""Who was at which step, from when to when, and whose turn it was: one row per person and step.

Who is at a step, and with which fate, is said by `experience.dropoff`; whose turn it is by
`experience.turns`; what is done again by `experience.steps`. Here they are put side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from equipoise.errors import BadInput, did_you_mean
from equipoise.experience.document import ExperienceDocument
from equipoise.experience.dropoff import at_steps
from equipoise.experience.log import CaseLog, in_days
from equipoise.experience.steps import paired
from equipoise.experience.turns import BEFORE_OFFER, CUSTOMER, LENDER, spells

OURS = (
    "step", "place", "begin", "finish", "fate", "days", "business_hours", "lender_days",
    "lender_days_before_offer", "customer_days", "turn", "times", "outcome", "by_clock",
)  # fmt: skip
SECONDS_AN_HOUR = 3600.0
_KEY = ["case", "step"]
_TURNS = ["lender_days", "lender_days_before_offer", "customer_days"]


def steps_of(log: CaseLog, document: ExperienceDocument) -> list[str]:
    """The steps of a map, in order: the document's where it names their activities.

    Else every activity of the log that neither begins nor ends a case nor tells an offer's fate,
    by its median place among a case's activities.
    """
    named = document.activities()
    if named:
        return list(dict.fromkeys(named))
    section = log.section
    offer = () if section.offer is None else [name for _, name in section.offer if name]
    ends = (*section.ends.accepted, *section.ends.declined, *section.ends.cancelled)
    known = {section.start, *offer, *ends}
    return (
        log.events.filter(~pl.col("activity").is_in(list(known)))
        .unique(["case", "activity"], keep="first", maintain_order=True)
        .with_columns(place=pl.int_range(pl.len()).over("case"))
        .group_by("activity")
        .agg(pl.col("place").median())
        .sort("place", "activity")["activity"]
        .to_list()
    )


def stays(log: CaseLog, steps: Sequence[str], cases: pl.DataFrame | None = None) -> pl.DataFrame:
    """One row per person and step: in the order of `steps`, then of cases.

    Columns: case; step; place (from 0); begin, finish (UTC); fate, as of `at_steps`: accepted
    where they went on, cancelled where they left there, declined or open; days and business_hours
    (open ones, of the log's calendar) between them; lender_days and customer_days, whose turn it
    was meanwhile, and how much of the lender's came before a first offer; turn, whose it was at
    the end; times, how often the step was done; outcome and by_clock of the case. The further
    columns of `cases` (one row per `case`) are joined on.

    Raises BadInput for no steps, one named twice or not of the log, and for cases named twice.
    """
    _require_steps(log, steps)
    there = pl.concat(
        each.with_columns(step=pl.lit(step), place=pl.lit(place, dtype=pl.Int32))
        for place, (step, each) in enumerate(at_steps(log, steps))
    ).sort("place", "case")
    calendar = log.section.calendar.calendar()
    begin, finish = (there[name].dt.epoch("us").to_numpy() for name in ("begin", "finish"))
    open_hours = calendar.business_seconds(begin, finish) / SECONDS_AN_HOUR
    rows = (
        there.with_columns(business_hours=pl.Series(open_hours, dtype=pl.Float64))
        .join(_turns(log, there), on=_KEY, how="left", maintain_order="left")
        .join(_times(log, steps), on=_KEY, how="left", maintain_order="left")
        .with_columns(pl.col(_TURNS).fill_null(0.0))
        .join(log.cases.select("case", "outcome", "by_clock"), on="case", how="left")
        .select("case", *OURS)
        .sort("place", "case")
    )
    return rows if cases is None else with_cases(rows, cases)


def with_cases(rows: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Rows of cases with the further columns of `cases`. Raises BadInput."""
    if "case" not in cases.columns:
        raise BadInput(
            "the cases have no column 'case'", field="case", mend="name the log's case id so"
        )
    if cases["case"].n_unique() < cases.height:
        twice = cases.filter(pl.col("case").is_duplicated())["case"][0]
        raise BadInput(
            f"case '{twice}' has more than one row", field="case", mend="keep one row per case"
        )
    further = [name for name in cases.columns if name not in rows.columns]
    return rows.join(cases.select("case", *further), on="case", how="left", maintain_order="left")


def _require_steps(log: CaseLog, steps: Sequence[str]) -> None:
    if not steps:
        raise BadInput("there is no step to map", field="steps", mend="name activities of the log")
    known = log.events["activity"].unique().drop_nulls().to_list()
    for step in steps:
        if step not in known:
            raise BadInput(
                f"activity '{step}' does not occur in the log",
                field="steps",
                mend=did_you_mean(step, known),
            )
        if list(steps).count(step) > 1:
            raise BadInput(
                f"the step '{step}' is named twice", field="steps", mend="name each step once"
            )


def _turns(log: CaseLog, there: pl.DataFrame) -> pl.DataFrame:
    """Days of each stay by whose turn it was, and whose it was when the stay ended."""
    waits = spells(log).select("case", "turn", "phase", since="begin", until="finish")
    shared = in_days(
        pl.min_horizontal("finish", "until") - pl.max_horizontal("begin", "since")
    ).clip(0.0)
    lenders = pl.col("turn") == LENDER
    early = lenders & (pl.col("phase") == BEFORE_OFFER)
    return (
        there.select(*_KEY, "begin", "finish")
        .join(waits, on="case")
        .filter(pl.col("since") <= pl.col("finish"))
        .with_columns(days=shared)
        .sort(*_KEY, "since", maintain_order=True)
        .group_by(_KEY, maintain_order=True)
        .agg(
            lender_days=pl.col("days").filter(lenders).sum(),
            lender_days_before_offer=pl.col("days").filter(early).sum(),
            customer_days=pl.col("days").filter(pl.col("turn") == CUSTOMER).sum(),
            turn=pl.col("turn").last(),
        )
    )


def _times(log: CaseLog, steps: Sequence[str]) -> pl.DataFrame:
    """How often each case did a step: its sessions of work, or completions where none is begun."""
    events = log.events.filter(pl.col("activity").is_in(list(steps)))
    begun = events.filter(pl.col("lifecycle") == "start")["activity"].unique().to_list()
    _, work = paired(events, log.section.calendar.calendar())
    done = events.filter((pl.col("lifecycle") == "complete") & ~pl.col("activity").is_in(begun))
    counted = pl.concat([work.select("case", "activity"), done.select("case", "activity")])
    return counted.group_by("case", step="activity").agg(times=pl.len())
