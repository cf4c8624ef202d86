"""Event logs: one shape from every format, and a named line for whatever is malformed."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from equipoise.contract import read_event_log
from equipoise.errors import BadInput

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <float key="mean" value="2.5"><float key="112" value="0.7"/></float>
"""
TRACE = """  <trace>
    <string key="concept:name" value="{case}"/>
    <int key="amount" value="5000"/>
    <date key="registered" value="2024-01-01T00:00:00+01:00"/>
    <event>
      <string key="concept:name" value="assess"/>
      <string key="lifecycle:transition" value="START"/>
      <string key="org:resource" value="ann"/>
      <date key="time:timestamp" value="2024-01-02T09:00:00.250+01:00"/>
    </event>
    <event>
      <string key="concept:name" value="submit"/>
      <date key="time:timestamp" value="2024-01-01T00:00:00Z"/>
    </event>
  </trace>
"""
LOG = HEAD + TRACE.format(case="b") + TRACE.format(case="a") + "</log>\n"


def _file(folder: Path, content: str | bytes, name: str = "log.xes") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_events_come_by_case_and_time_in_utc_with_complete_as_the_default(tmp_path: Path) -> None:
    log = read_event_log(_file(tmp_path, LOG))
    first = datetime(2024, 1, 1, tzinfo=UTC)
    second = datetime(2024, 1, 2, 8, 0, 0, 250_000, tzinfo=UTC)
    assert log.events.rows() == [
        (case, activity, lifecycle, time, resource)
        for case in ("b", "a")
        for activity, lifecycle, time, resource in (
            ("submit", "complete", first, None),
            ("assess", "start", second, "ann"),
        )
    ]
    assert log.events.schema["time"] == pl.Datetime("us", "UTC")


def test_case_attributes_have_the_types_the_log_declares(tmp_path: Path) -> None:
    log = read_event_log(_file(tmp_path, LOG))
    registered = datetime(2024, 1, 1, tzinfo=UTC) - timedelta(hours=1)
    assert log.cases.rows() == [("b", 5000, registered), ("a", 5000, registered)]
    assert log.cases.columns == ["case", "amount", "registered"]


def test_gzip_is_recognised_by_its_content(tmp_path: Path) -> None:
    plain = read_event_log(_file(tmp_path, LOG))
    packed = _file(tmp_path, gzip.compress(LOG.encode()), "log.xes.gz")
    assert read_event_log(packed).events.equals(plain.events)


def _refusal(path: Path, **names: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_event_log(path, **names)  # type: ignore[arg-type]
    assert str(path) in str(caught.value)
    assert caught.value.mend
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("</trace>\n</log>", "</log>", 33, "not well-formed"),
        ("</trace>\n</log>", "", 34, "not well-formed"),
        ('value="assess"/>', 'value="assess">', 13, "not well-formed"),
        ('key="time:timestamp"', 'key="when"', 8, "no 'time:timestamp'"),
        ('<string key="concept:name" value="assess"/>', "", 8, "no 'concept:name'"),
        ('<string key="concept:name" value="b"/>', "", 4, "a trace has no 'concept:name'"),
        ("  <trace>", "  <event/>\n  <trace>", 4, "outside any trace"),
    ],
)
def test_malformed_xes_is_named_by_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in LOG
    refusal = _refusal(_file(tmp_path, LOG.replace(old, new)))
    assert said in str(refusal)
    assert refusal.where is not None
    assert refusal.where.line == line


def test_a_packed_log_cut_short_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress((HEAD + TRACE.format(case="c") * 5000 + "</log>").encode())
    assert "cut short" in str(_refusal(_file(tmp_path, packed[:-500], "log.xes.gz")))


def test_entities_that_expand_without_bound_are_refused(tmp_path: Path) -> None:
    laughs = "".join(
        f'<!ENTITY l{i} "{"&l" + str(i - 1) + ";" if i else "ha"}{"&l0;" * 9 if i else ""}">'
        for i in range(9)
    )
    document = LOG.replace("<log ", f"<!DOCTYPE log [{laughs}]>\n<log ", 1)
    assert "document type" in str(_refusal(_file(tmp_path, document)))


def test_no_file_outside_the_log_is_read(tmp_path: Path) -> None:
    secret = _file(tmp_path, "secret", "secret.txt")
    document = LOG.replace("<log ", f'<!DOCTYPE log [<!ENTITY x SYSTEM "{secret}">]>\n<log ', 1)
    document = document.replace("<int ", "<string>&x;</string><int ", 1)
    assert "document type" in str(_refusal(_file(tmp_path, document)))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_gives_the_same_frames_as_xes(tmp_path: Path, kind: str) -> None:
    table = pl.DataFrame(
        {
            "case:concept:name": ["b", "b", "a", "a"],
            "concept:name": ["assess", "submit"] * 2,
            "lifecycle:transition": ["START", None] * 2,
            "org:resource": ["ann", None] * 2,
            "time:timestamp": ["2024-01-02T09:00:00.250+01:00", "2024-01-01T00:00:00Z"] * 2,
            "case:amount": [5000] * 4,
            "note": ["x", "y", "z", "z"],
        }
    )
    path = tmp_path / f"log.{kind}"
    table.write_csv(path) if kind == "csv" else table.write_parquet(path)
    log = read_event_log(path)
    assert log.events.equals(read_event_log(_file(tmp_path, LOG)).events)
    assert log.cases.columns == ["case", "amount"]
    assert log.cases["case"].to_list() == ["b", "a"]


def test_columns_may_be_named_and_what_is_taken_for_granted_is_noted(tmp_path: Path) -> None:
    text = (
        "who,what,when,state\n"
        "1,submit,2024-01-01 10:00:00,complete\n"
        "1,wait,2024-01-02 10:00,suspend\n"
    )
    path = _file(tmp_path, text, "log.csv")
    log = read_event_log(path, case="who", activity="what", time="when", lifecycle="state")
    assert log.events["lifecycle"].to_list() == ["complete", "suspend"]
    assert any("taken as UTC" in note for note in log.notes)
    assert any("'suspend'" in note for note in log.notes)
    assert "no column looks like the case" in str(_refusal(path))
    refusal = _refusal(path, activity="whatt")
    assert "did you mean 'what'" in str(refusal)
    assert refusal.where.line == 1


def test_typed_times_become_utc_whatever_zone_they_were_kept_in(tmp_path: Path) -> None:
    times = pl.Series("time", [datetime(2024, 7, 1, 12)])
    table = pl.DataFrame({"case": ["1"], "activity": ["a"]})
    for column, hour, notes in (
        (times.dt.replace_time_zone("Europe/Amsterdam"), 10, 0),
        (times, 12, 1),
        (times.dt.date(), 0, 1),
    ):
        path = tmp_path / "log.parquet"
        table.with_columns(column).write_parquet(path)
        log = read_event_log(path)
        assert log.events["time"].to_list() == [datetime(2024, 7, 1, hour, tzinfo=UTC)]
        assert len(log.notes) == notes


def test_an_event_without_a_readable_time_is_named_by_its_row(tmp_path: Path) -> None:
    path = _file(tmp_path, "case,activity,time\n1,a,2024-01-01T10:00:00Z\n1,b,soon\n", "log.csv")
    refusal = _refusal(path)
    assert "'soon' is no time" in str(refusal)
    assert refusal.where is not None
    assert refusal.where.row == 2
    path = _file(tmp_path, "case,activity,time\n1,,2024-01-01T10:00:00Z\n", "log.csv")
    assert "row 1  the event has no activity" in str(_refusal(path))


def test_a_missing_log_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    _file(tmp_path, LOG)
    assert "did you mean 'log.xes'" in str(_refusal(tmp_path / "log.xe"))


def test_bpi_2012_reads_whole_and_equals_its_parquet_copy(shared_data: Path) -> None:
    folder = shared_data / "bpi2012"
    log = read_event_log(folder / "BPI_Challenge_2012.xes.gz")
    copy = read_event_log(folder / "BPI_Challenge_2012.events.parquet")
    assert log.events.shape == (262_200, 5)
    assert log.events.equals(copy.events)
    assert set(log.events["lifecycle"]) == {"schedule", "start", "complete"}
    assert log.notes == ()
    cases = pl.read_parquet(folder / "BPI_Challenge_2012.cases.parquet")
    assert log.cases.height == 13_087
    assert log.cases["case"].equals(cases["concept:name"])
    assert log.cases["AMOUNT_REQ"].equals(cases["AMOUNT_REQ"])
    # published: 2,246 cases were approved
    assert log.events.filter(pl.col("activity") == "A_APPROVED")["case"].n_unique() == 2_246
