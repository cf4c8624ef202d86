"""Deciding a source of any size into a folder of answers, whole partitions at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from equipoise.cluster.deciding import Way, decide_on
from equipoise.cluster.partitions import digest_of, fixed_splits, inputs_of
from equipoise.cluster.parts import Kind, Parts, about_of, refuse_others
from equipoise.cluster.places import Place, claimed
from equipoise.cluster.session import SHORT_METHODS, within
from equipoise.cluster.sources import applications_at
from equipoise.cluster.telling import told_plainly
from equipoise.cluster.tracing import traces_on
from equipoise.cluster.watching import job_watched
from equipoise.contract.days import today
from equipoise.errors import BadInput
from equipoise.progress import Progress
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.strategy.files.decisions import Tally, no_application

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_ROW_BITS = 33  # of Spark's own numbers of rows; the partition stands above them


def decide_into(
    session: SparkSession,
    strategy: Strategy | Path | str,
    source: str,
    output: str,
    *,
    at: date | None = None,
    identifier: str = "",
    traces: str | None = None,
    trace_share: float = 1.0,
    way: Way = "batches",
    progress: Progress | None = None,
) -> Tally:
    """Decide `source` into the folder `output`: a file of answers to a partition, and a manifest.

    `source` is a path or URL of files, or a table's name; `at`, `identifier` and `way` as in
    `decide_on`.
    The same source gives the same rows in the same parts; parts that stand there with their digest
    are not decided again, so that a job that was killed goes on where whole parts end. The day it
    is, for who has none of their own, is that of the first begin. `traces` is a folder that gets
    the whole decisions of a share of the applicants, as JSON lines. Raises BadInput where a folder
    holds something else or another job is at work in it, and for what `decide_on` refuses.
    """
    begun = perf_counter()
    loaded = strategy if isinstance(strategy, Strategy) else load_strategy(Path(strategy))
    if traces is not None and traces.rstrip("/") == output.rstrip("/"):
        raise BadInput(
            "answers and traces would stand in one folder", field="--traces", mend="name another"
        )
    with told_plainly("deciding"), fixed_splits(session), within(session, SHORT_METHODS):
        applications = applications_at(session, source)
        answers = Place(session, output)
        days = (at, _day_it_is(loaded, answers))
        # columns that do not fit are refused here, before anything is written
        decide_on(applications, loaded, identifier=identifier, way=way)
        title = "Deciding as a query" if way == "query" else "Deciding"

        def decided(some: DataFrame) -> DataFrame:
            made = decide_on(some, loaded, at=at, identifier=identifier, otherwise=days[1], way=way)
            return named_by_place(made)

        def traced(some: DataFrame) -> DataFrame:
            return traces_on(some, loaded, days, identifier, trace_share)

        about = {
            "strategy": loaded.digest,
            "source": source,
            "identifier": identifier,
            "at": None if at is None else at.isoformat(),
            "day": days[1].isoformat(),
        }
        folder = Written(session, source, applications, progress)
        tally = folder.write(answers, "parquet", decided, about, title)
        if traces is not None:
            more = {**about, "share": trace_share}
            to = Place(session, traces)
            tally.traces = folder.write(to, "jsonl", traced, more, "Tracing").rows
    tally.seconds = perf_counter() - begun
    return tally


def named_by_place(answers: DataFrame) -> DataFrame:
    """Answers in which one without an identifier names its part and its row in it."""
    from pyspark.sql import functions as fn

    place = fn.monotonically_increasing_id()
    row = fn.bitwise_not(fn.lit(-1 << _ROW_BITS).cast("long")).bitwiseAND(place) + 1
    part = fn.shiftright(place, _ROW_BITS)
    name = fn.concat(fn.lit("part "), part.cast("string"), fn.lit(" row "), row.cast("string"))
    return answers.withColumn("id", fn.coalesce("id", name))


@dataclass(frozen=True, slots=True)
class Written:
    """Folders that are made of one source, partition by partition."""

    session: SparkSession
    source: str
    applications: DataFrame
    progress: Progress | None

    def write(
        self,
        place: Place,
        kind: Kind,
        made: Callable[[DataFrame], DataFrame],
        about: Mapping[str, Any],
        title: str,
    ) -> Tally:
        """The folder's parts, each of what `made` makes of a partition; what they come to."""
        inputs = inputs_of(self.applications)
        whole = {**about, "inputs": digest_of(inputs)}
        refuse_others(place, whole)
        with claimed(place, "deciding"):
            parts = Parts.begun(self.session, place, kind, len(inputs), whole)
            missing = parts.missing
            if missing:
                with job_watched(self.session, self.progress, title):
                    parts.write(made(self._only(missing, len(inputs))))
            tally = _tally(parts)
            if kind == "parquet" and not tally.rows:
                parts.forget()
                raise no_application(self.source)
            parts.finish(dict(enumerate(inputs)))
        return tally

    def _only(self, missing: list[int], count: int) -> DataFrame:
        """The rows of some partitions; the others are read past."""
        if len(missing) == count:
            return self.applications
        from pyspark.sql import functions as fn

        return self.applications.where(fn.spark_partition_id().isin(missing))


def _day_it_is(strategy: Strategy, place: Place) -> date:
    """Today; for a job that goes on, the day on which it began."""
    day = (about_of(place) or {}).get("day")
    return today(strategy.content.contract) if day is None else date.fromisoformat(day)


def _tally(parts: Parts) -> Tally:
    outcomes: Counter[str] = Counter()
    for line in parts.lines.values():
        outcomes.update(line["outcomes"])
    return Tally(sum(outcomes.values()), outcomes)
