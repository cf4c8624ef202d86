"""Measures by counts and sums of points say what the measures of the whole frame say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pytest
from event_logs import assert_measured_alike, measuring, random_log, told
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.experience import ExperienceDocument, fit_experience
from equipoise.experience import points as pt
from equipoise.experience.cells import Cell, Resource, WholeLog
from equipoise.experience.competing import cumulative_incidence
from equipoise.experience.fit import fit_experience_on
from equipoise.experience.log import case_log, in_days
from equipoise.experience.logistic import LogitSums, _Sample
from equipoise.experience.segments import Stretch, one_after_another, stretch_of
from equipoise.experience.summed import SummedMeasures


@dataclass
class SumsHere:
    """Points of parts of a log, added up in memory."""

    log: WholeLog
    points: pl.DataFrame

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], list[Cell]]:
        collected: dict[tuple[str, str], list[Cell]] = {}
        by = ("table", "key", "cause", "bin")
        counted = self.points.group_by(by).agg(
            pl.len(), total=pl.col("value").sum(), most=pl.col("value").max()
        )
        for table, key, *numbers in counted.iter_rows():
            collected.setdefault((table, key), []).append(Cell(*numbers))
        return collected

    def cells(self, table: str) -> Mapping[str, Sequence[Cell]]:
        return {key: cells for (name, key), cells in self._cells.items() if name == table}

    def _values(self, table: str, key: str) -> pl.DataFrame:
        return self.points.filter((pl.col("table") == table) & (pl.col("key") == key))

    def spread(self, table: str, key: str) -> tuple[float, float]:
        values = self._values(table, key)["value"].to_numpy()
        return float(np.quantile(values, 0.5)), float(np.quantile(values, 0.9))

    def stretches(self, table: str, key: str) -> Mapping[int, Stretch]:
        rows = self._values(table, key).sort("value")
        day = ((pl.col("value") + pt.DAY - 1) // pt.DAY).clip(0, 121)
        left, days = rows.height, {}
        for (at,), part in rows.group_by(day, maintain_order=True):
            causes = range(1, pt.CURVES[table] + 1)
            times = part.group_by("value", maintain_order=True).agg(
                pl.len(), *((pl.col("cause") == k).sum().alias(f"e{k}") for k in causes)
            )
            ends = np.array([times[f"e{k}"].to_numpy() for k in causes])
            days[int(at)] = stretch_of(ends, times["len"].to_numpy(), left)  # type: ignore[call-overload]
            left -= part.height
        return days

    def resources(self) -> Sequence[Resource]:
        work = self.points.filter(pl.col("table") == pt.WORK_OF)
        served = self.points.filter(pl.col("table") == pt.SERVED).group_by("key").len("cases")
        rows = work.group_by("key").agg(
            steps=pl.col("who").n_unique(),
            sessions=pl.len(),
            spent=pl.col("value").sum(),
            median=pl.col("value").median(),
        )
        rows = rows.join(served, on="key").sort(["spent", "key"], descending=[True, False])
        order = ("key", "steps", "cases", "sessions", "spent", "median")
        return [Resource(*row) for row in rows.select(order).head(25).iter_rows()]

    def first_backward(self) -> tuple[str, str]:
        wrong = self.points.filter((pl.col("table") == pt.ONCE) & (pl.col("cause") == 1))
        case, activity = wrong.select("who", "key").sort("who", "key").row(0)
        return case, activity

    def squared_waits(self, causes: tuple[int, int]) -> float:
        return float((self._waits(causes)[0] ** 2).sum())

    def waits_to_offer(self, causes: tuple[int, int], scale: float) -> LogitSums:
        days, took = self._waits(causes)
        design = np.column_stack([np.ones(days.size), days / scale])
        return _Sample(design, took, np.zeros(days.size))

    def _waits(self, causes: tuple[int, int]) -> Any:
        rows = self._values(pt.OFFER_WAIT, "").filter(pl.col("cause").is_in(causes))
        days = rows["value"].to_numpy() / pt.DAY
        return days, (rows["cause"] == causes[0]).cast(pl.Float64).to_numpy()


def summed(document: ExperienceDocument, events: pl.DataFrame, parts: int) -> SummedMeasures:
    """The measures of a log whose cases lie in so many parts."""
    assert document.log is not None
    last = events["time"].max()
    points = [
        pt.points_of(case_log(part, document.log, last), document)
        for (_,), part in events.group_by(pl.col("case").hash(seed=1) % parts, maintain_order=True)
    ]
    done = events.filter(pl.col("lifecycle") == "complete").group_by("activity").len()
    us = events["time"].dt.epoch("us")
    log = WholeLog(events.height, int(us.min()), int(us.max()), dict(done.iter_rows()))  # type: ignore[arg-type]
    return SummedMeasures(document, document.log, SumsHere(log, pl.concat(points)))


def fitted_by_sums(document: ExperienceDocument, events: pl.DataFrame, parts: int) -> Any:
    return fit_experience_on(document, summed(document, events, parts))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), cases=st.integers(1, 120), parts=st.integers(1, 7))
def test_sums_of_points_measure_what_the_whole_log_measures(
    seed: int, cases: int, parts: int
) -> None:
    document, events = measuring(), random_log(seed, cases)
    whole = told(lambda: fit_experience(document, events))
    if "does not occur in the log" in str(whole):
        return  # the log is refused before anything is measured
    assert_measured_alike(told(lambda: fitted_by_sums(document, events, parts)), whole)


@pytest.mark.parametrize(
    "parts",
    [
        {"waits_for": {}},
        {"calls": []},
        {"close_after_days": None},
        {"close_after_days": 0.3},
        {"offer": {"sent": "offer", "accepted": "grant", "cancelled": "cancel"}},
        {"contacts": ["check", "call"]},
    ],
)
def test_whatever_the_document_names_sums_measure_the_same(parts: dict[str, Any]) -> None:
    document, events = measuring(**parts), random_log(3, 400)
    whole = told(lambda: fit_experience(document, events))
    assert_measured_alike(told(lambda: fitted_by_sums(document, events, 3)), whole)


def test_steps_that_end_before_they_start_are_told_alike() -> None:
    document, events = measuring(), random_log(5, 200)
    swapped = events.with_columns(
        pl.when(pl.col("activity") == "check")
        .then(pl.col("lifecycle").replace({"start": "complete", "complete": "start"}))
        .otherwise("lifecycle")
    )
    whole = told(lambda: fit_experience(document, swapped))
    assert "end before they start" in whole
    assert told(lambda: fitted_by_sums(document, swapped, 4)) == whole


def test_bpi_2012_by_sums_is_bpi_2012(
    bpi_document: ExperienceDocument, bpi_events: pl.DataFrame
) -> None:
    whole = told(lambda: fit_experience(bpi_document, bpi_events))
    assert_measured_alike(told(lambda: fitted_by_sums(bpi_document, bpi_events, 5)), whole)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), min_size=1), st.data())
def test_stretches_one_after_another_are_the_curve_of_the_whole(
    ends: list[tuple[int, int]], data: st.DataObject
) -> None:
    time, cause = (np.array(each) for each in zip(*sorted(ends), strict=True))
    cuts = sorted(data.draw(st.sets(st.integers(1, 30), max_size=4)))
    stretches = []
    for low, high in zip([0, *cuts], [*cuts, 31], strict=True):
        inside = (time >= low) & (time < high)
        times = np.unique(time[inside])
        met = np.array(
            [[((time == at) & (cause == k)).sum() for at in times] for k in (1, 2)]
        ).reshape(2, -1)
        gone = np.array([(time == at).sum() for at in times], dtype=np.int64)
        if times.size:
            stretches.append(stretch_of(met, gone, int((time >= low).sum())))
    whole = cumulative_incidence(time.astype(float), cause, 2)
    ours = one_after_another(stretches, 2)
    if whole.times.size:
        assert ours.incidence == pytest.approx(whole.incidence[:, -1], abs=1e-14)
        assert ours.variance == pytest.approx(whole.variance[:, -1], abs=1e-14)
        assert ours.survival == pytest.approx(whole.survival[-1], abs=1e-14)


def test_what_happens_at_one_instant_does_so_in_a_log_of_any_size() -> None:
    # one bit apart where a frame of one row divides: 90,000 seconds among them
    spans = pl.DataFrame({"span": [timedelta(seconds=30 * at) for at in range(1, 4000)]})
    many = spans.select(in_days(pl.col("span"))).to_series()
    alone = [spans[at].select(in_days(pl.col("span"))).item() for at in range(spans.height)]
    assert alone == many.to_list()
