"""Experience from an event log that lies with the workers, by sums that they hand over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from equipoise.cluster.event_points import points_on
from equipoise.cluster.event_reading import events_of
from equipoise.cluster.event_sums import SparkSums, whole_log
from equipoise.cluster.telling import told_plainly
from equipoise.cluster.watching import job_watched
from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument, ExperienceFit
from equipoise.experience.fit import fit_experience_on
from equipoise.experience.log import Where
from equipoise.experience.summed import SummedMeasures
from equipoise.progress import Progress

if TYPE_CHECKING:
    import polars as pl
    from pyspark.sql import DataFrame


def experience_on(
    log: DataFrame,
    document: ExperienceDocument,
    frame: pl.DataFrame | None = None,
    progress: Progress | None = None,
    *,
    where: Where | None = None,
) -> ExperienceFit:
    """Resolve every quantity of experience.yaml and describe the event log, as `fit_experience`.

    `log` has a row for each event, with the columns that the document's `log.columns` names; rows
    of one instant count in the order in which the DataFrame gives them. `frame` holds the
    applications from which take-up and checks are measured. Workers read each case whole; the
    driver gets counts and sums. Raises as `fit_experience` does.
    """
    with measured(log, document, progress, where=where) as measures:
        return fit_experience_on(document, measures, frame, progress, where=where)


@contextmanager
def measured(
    log: DataFrame,
    document: ExperienceDocument,
    progress: Progress | None = None,
    *,
    where: Where | None = None,
) -> Iterator[SummedMeasures]:
    """The log's measures; its events and points lie on the workers' disks for as long."""
    from pyspark import StorageLevel

    section, session = document.log, log.sparkSession
    if section is None:
        raise BadInput("the document has no log", field="log", mend="add the section 'log'")
    with told_plainly("reading the event log"):
        events = events_of(log, section).persist(StorageLevel.DISK_ONLY)
    try:
        with (
            told_plainly("reading the event log"),
            job_watched(session, progress, "Reading the event log"),
        ):
            whole = whole_log(events, document, where)
        points = points_on(events, document, whole.last).persist(StorageLevel.DISK_ONLY)
        try:
            with (
                told_plainly("measuring the event log"),
                job_watched(session, progress, "Measuring the event log"),
            ):
                sums = SparkSums(whole, points)
                measures = SummedMeasures(document, section, sums)
            yield measures
        finally:
            points.unpersist()
    finally:
        events.unpersist()
