from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument
from equipoise.experience.calendar import BusinessCalendar
from equipoise.experience.log import prepare
from equipoise.experience.steps import bottleneck, resource_table, sessions, step_table

LogOf = Callable[..., pl.DataFrame]
DocumentOf = Callable[..., ExperienceDocument]
ENDS = [("1", name, "complete", 900, None) for name in ("apply", "grant", "cancel")] + [
    ("9", name, "complete", 900, None) for name in ("offer", "sign", "refuse")
]


def found_in(log_of: LogOf, document_of: DocumentOf, rows: list[object]):
    log = prepare(document_of(), log_of([*rows, *ENDS]))
    return sessions(log, BusinessCalendar())


def test_queue_runs_from_schedule_to_start_and_work_from_start_to_complete(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    # Monday 09:00 is hour 0: queue overnight to Tuesday 10:00, work for half an hour
    rows = [
        ("1", "check", "schedule", 7, "A"),
        ("1", "check", "start", 25, "B"),
        ("1", "check", "complete", 25.5, "B"),
    ]
    deliveries = found_in(log_of, document_of, rows)
    assert deliveries.queue.select("seconds", "business_seconds").row(0) == (18 * 3600, 2 * 3600)
    assert deliveries.work.select("seconds", "business_seconds").row(0) == (1800, 1800)
    assert deliveries.work["resource"].to_list() == ["B"]


def test_sessions_are_paired_in_time_and_breaks_between_them_are_neither(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    hours = {"schedule": [0], "start": [1, 3, 7], "complete": [2, 4, 5]}
    rows = [("1", "check", kind, t, None) for kind, times in hours.items() for t in times]
    deliveries = found_in(log_of, document_of, rows)
    assert deliveries.queue["seconds"].to_list() == [3600]
    assert deliveries.work["seconds"].to_list() == [3600, 3600]
    assert deliveries.unmatched == 1  # the complete at 5 has no start of its own
    row = step_table(deliveries).filter(pl.col("activity") == "check").row(0, named=True)
    assert (row["sessions"], row["repeats"], row["repeated"]) == (2, 1.0, 1.0)


def test_cases_and_steps_do_not_mix(log_of: LogOf, document_of: DocumentOf) -> None:
    rows = [
        ("1", "check", "start", 0, None),
        ("2", "check", "complete", 1, None),
        ("1", "call", "complete", 2, None),
    ]
    assert found_in(log_of, document_of, rows).work.height == 0


def test_medians_and_percentiles_are_those_of_numpy(log_of: LogOf, document_of: DocumentOf) -> None:
    waits = np.random.default_rng(1).exponential(5, 300)
    rows = [(str(i), "check", "schedule", 0, None) for i in range(300)]
    rows += [(str(i), "check", "start", float(w), None) for i, w in enumerate(waits)]
    row = step_table(found_in(log_of, document_of, rows)).row(0, named=True)
    minutes = 60 * waits
    assert row["queue_median"] == pytest.approx(np.median(minutes), abs=1e-4)
    assert row["queue_p90"] == pytest.approx(np.quantile(minutes, 0.9), abs=1e-4)
    assert row["queue_mean"] == pytest.approx(minutes.mean(), abs=1e-4)


@pytest.mark.parametrize("slow", ["register", "check", "approve"])
def test_the_planted_bottleneck_is_recovered(
    log_of: LogOf, document_of: DocumentOf, slow: str
) -> None:
    rng = np.random.default_rng(7)
    rows: list[object] = []
    for case in range(200):
        clock = 0.0
        for step in ("register", "check", "approve"):
            rows.append((str(case), step, "schedule", clock, None))
            clock += rng.exponential(12.0 if step == slow else 2.0)
            rows.append((str(case), step, "start", clock, "R"))
            clock += rng.exponential(1.0)
            rows.append((str(case), step, "complete", clock, "R"))
    deliveries = found_in(log_of, document_of, rows)
    name, share = bottleneck(deliveries) or ("", 0.0)
    assert name == slow
    assert share == pytest.approx(12 / 16, abs=0.05)
    assert step_table(deliveries)["activity"][0] == slow


def test_resources_are_credited_with_the_work_they_completed(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    rows = [
        ("1", "check", "start", 0, "A"), ("1", "check", "complete", 3, "B"),
        ("2", "check", "start", 0, "A"), ("2", "check", "complete", 1, "A"),
        ("2", "call", "start", 2, None), ("2", "call", "complete", 9, None),
    ]  # fmt: skip
    table = resource_table(found_in(log_of, document_of, rows))
    assert table.select("resource", "work_hours", "sessions").rows() == [("B", 3, 1), ("A", 1, 1)]


def test_a_log_whose_steps_end_before_they_start_is_refused(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    rows = [("1", "check", "start", 5, None), ("1", "check", "complete", 4, None)]
    with pytest.raises(BadInput, match="1 of 1 steps end before they start; the first is 'check'"):
        found_in(log_of, document_of, rows)


def test_a_log_without_queues_has_no_bottleneck(log_of: LogOf, document_of: DocumentOf) -> None:
    deliveries = found_in(log_of, document_of, [])
    assert bottleneck(deliveries) is None
    assert step_table(deliveries).height == 0


def test_bpi_2012_waits_longest_for_calls_about_offers(
    bpi_document: ExperienceDocument, bpi_events: pl.DataFrame
) -> None:
    log = prepare(bpi_document, bpi_events)
    tables = sessions(log, log.section.calendar.calendar())
    assert tables.negative == 0
    table = {row["activity"]: row for row in step_table(tables).to_dicts()}
    assert table["W_Nabellen offertes"]["sessions"] == 22_405
    # validation queues for a day on the median, half of that in opening hours
    assert table["W_Valideren aanvraag"]["queue_median"] == pytest.approx(1547.5, abs=0.1)
    assert table["W_Valideren aanvraag"]["queue_business_median"] < 800
    assert (bottleneck(tables) or ("",))[0] == "W_Nabellen offertes"
