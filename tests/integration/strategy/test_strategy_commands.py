"""Sealing, deciding, explaining and taking from the frontier, as a person runs them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands_here import document, equipoise
from dying import killed

from equipoise.strategy.engine import load_strategy
from equipoise.workspace.folder import Workspace


def in_a_process(*arguments: object, given: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, `given` standing on its standard input."""
    words = [sys.executable, "-m", "equipoise", *map(str, arguments)]
    return subprocess.run(words, check=False, capture_output=True, text=True, input=given)


@pytest.fixture(scope="session")
def sealed(fitted: Workspace) -> Path:
    return Path(document(equipoise("strategy", "seal", fitted.folder, "--json"))["path"])


@pytest.fixture(scope="session")
def people(fitted: Workspace, tmp_path_factory: pytest.TempPathFactory, sealed: Path) -> Path:
    """A Parquet file of applications."""
    folder = tmp_path_factory.mktemp("people")
    path = folder / "people.parquet"
    applications(fitted).head(500).write_parquet(path)
    return path


def applications(workspace: Workspace) -> pl.DataFrame:
    contract = workspace.contract().value
    wanted = {f.name for f in contract.fields if f.use in ("feature", "identifier", "date")}
    frame = pl.read_parquet(contract.data_path(workspace.folder))
    return frame.select(name for name in frame.columns if name in wanted)


def as_json_lines(frame: pl.DataFrame) -> str:
    return "".join(json.dumps(row, default=str) + "\n" for row in frame.iter_rows(named=True))


def test_a_drafted_strategy_is_sound_and_seals_to_the_same_digest_again(
    fitted: Workspace, sealed: Path
) -> None:
    assert document(equipoise("strategy", "check", fitted.folder, "--json"))["faults"] == []
    again = document(equipoise("strategy", "seal", fitted.folder, "--json"))
    assert again["digest"] == load_strategy(sealed).digest
    assert Path(again["path"]) == sealed


def test_every_format_gives_the_same_answers(sealed: Path, people: Path, tmp_path: Path) -> None:
    frame = pl.read_parquet(people)
    csv, lines = tmp_path / "people.csv", tmp_path / "people.jsonl"
    frame.write_csv(csv)
    lines.write_text(as_json_lines(frame), encoding="utf-8")
    outputs = []
    for source in (people, csv, lines):
        output = tmp_path / f"out-{source.suffix[1:]}.parquet"
        printed = document(equipoise("decide", sealed, source, "--output", output, "--json"))
        assert printed["rows"] == frame.height
        outputs.append(pl.read_parquet(output))
    assert outputs[0].equals(outputs[1])
    assert outputs[0].equals(outputs[2])
    assert set(outputs[0].columns) >= {
        "id", "outcome", "grade", "reasons", "offers", "journey", "digest",
    }  # fmt: skip


def test_decisions_stream_from_standard_input_to_standard_output(
    sealed: Path, people: Path
) -> None:
    frame = pl.read_parquet(people).head(3)
    ran = in_a_process("decide", sealed, "-", given=as_json_lines(frame))
    assert ran.returncode == 0, ran.stderr
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [each["id"] for each in rows] == frame["application_id"].to_list()
    assert all(each["digest"] == load_strategy(sealed).digest for each in rows)


def test_a_csv_output_can_be_read_back(sealed: Path, people: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    assert equipoise("decide", sealed, people, "--output", output).returncode == 0
    result = pl.read_csv(output)
    assert result.height == 500
    assert isinstance(json.loads(result["offers"][0]), list)


def test_traces_are_written_for_the_share_asked(sealed: Path, people: Path, tmp_path: Path) -> None:
    traces = tmp_path / "traces.jsonl"
    run = ("decide", sealed, people, "--output", tmp_path / "o.parquet", "--traces", traces)
    printed = document(equipoise(*run, "--trace-share", 0.2, "--json"))
    lines = traces.read_text(encoding="utf-8").splitlines()
    assert len(lines) == printed["traces"]
    assert 60 <= len(lines) <= 140
    assert all(json.loads(line)["trace"]["used"] for line in lines)


def test_an_explanation_speaks_to_all_three(sealed: Path, people: Path) -> None:
    key = pl.read_parquet(people)["application_id"][7]
    printed = document(equipoise("explain", sealed, people, "--id", key, "--json"))
    assert set(printed["explanation"]) == {"customer", "underwriter", "auditor"}
    assert set(printed["explanation"]["customer"]) == {"en", "zh"}
    shown = equipoise("explain", sealed, people, "--id", key, "--lang", "zh")
    assert shown.returncode == 0
    assert "zh" in shown.stdout


def test_the_strategy_as_sql_runs_in_duckdb(sealed: Path, people: Path) -> None:
    import duckdb

    query = equipoise("sql", sealed, "--dialect", "duckdb").stdout
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW applications AS SELECT * FROM '{people}'")
    result = dict(
        connection.execute(f"SELECT outcome, count(*) FROM ({query}) GROUP BY 1").fetchall()
    )
    decided = load_strategy(sealed).decide_frame(pl.read_parquet(people))["outcome"]
    assert result == dict(decided.value_counts().iter_rows())


def test_the_strategy_as_sql_runs_in_sqlite(sealed: Path, people: Path) -> None:
    frame = pl.read_parquet(people)
    query = equipoise("sql", sealed, "--dialect", "sqlite").stdout
    decided = load_strategy(sealed).decide_frame(frame).select("id", "outcome", "pd", "points")
    assert in_sqlite(f"SELECT id, outcome, pd, points FROM ({query})", frame) == decided.rows()


def in_sqlite(query: str, frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    """A query's rows over the frame as a table of SQLite's; days are ISO text there."""
    connection = sqlite3.connect(":memory:")
    listed = ", ".join(
        f'"{name}" {SQLITE.get(type(k), "TEXT")}' for name, k in frame.schema.items()
    )
    connection.execute(f"CREATE TABLE applications ({listed})")
    marks = ", ".join("?" * frame.width)
    rows = frame.with_columns(pl.col(pl.Date).cast(pl.String)).rows()
    connection.executemany(f"INSERT INTO applications VALUES ({marks})", rows)
    return connection.execute(query).fetchall()


SQLITE = {pl.Float64: "REAL", pl.Int64: "INTEGER", pl.Boolean: "BOOLEAN"}


@pytest.mark.parametrize("rules", [None, pytest.param(6, marks=pytest.mark.slow)])
def test_a_point_of_the_frontier_becomes_a_strategy_that_keeps_its_promise(
    lender: Workspace, rules: int | None
) -> None:
    table = ("--as-table", "--max-rules", rules) if rules else ()
    printed = document(equipoise("strategy", "from-frontier", lender.folder, *table, "--json"))
    assert printed["given_up"] < 0.01
    promised = printed["table"] if rules else printed["balance"]
    if rules:
        assert printed["table"]["rules"] <= rules
        assert printed["table"]["violation"] <= 1e-9
        assert 0 <= printed["given_up_by_table"] < 0.5
    strategy = load_strategy(
        Path(document(equipoise("strategy", "seal", lender.folder, "--json"))["path"])
    )
    assert strategy.content.strategy.choose == ("table" if rules else "balance")
    frame = lender.applications(lender.contract().value).frame
    known = {f.name for f in strategy.content.contract.fields}
    valued = strategy.value_frame(frame.select(n for n in frame.columns if n in known))
    reached = valued["good_customers_served"].sum()
    assert reached == pytest.approx(promised["good_customers_served"], rel=1e-6)


def test_a_point_that_does_not_exist_is_refused(lender: Workspace) -> None:
    ran = equipoise("strategy", "from-frontier", lender.folder, "--point", "moon")
    assert ran.returncode == 2
    assert "same_risk" in ran.stderr


def test_a_tampered_seal_is_refused(sealed: Path, people: Path, tmp_path: Path) -> None:
    raw = sealed.read_bytes()
    at = raw.index(b'"multiplier"') if b'"multiplier"' in raw else raw.index(b"0.60")
    other = tmp_path / "tampered.json"
    other.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    ran = equipoise("decide", other, people, "--output", tmp_path / "o.parquet")
    assert ran.returncode == 2
    assert "seal is broken" in ran.stderr
    assert not (tmp_path / "o.parquet").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop("monthly_income"), "monthly_income"),
        (lambda f: f.with_columns(shoe_size=pl.lit(44)), "shoe_size"),
        (lambda f: f.with_columns(monthly_income=pl.lit("plenty")), "monthly_income"),
        (lambda f: f.with_columns(term_asked=f["term_asked"] + 0.5), "term_asked"),
        (lambda f: f.head(0), "no application"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_and_nothing_is_written(
    sealed: Path, people: Path, tmp_path: Path, change: Any, said: str
) -> None:
    source, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
    change(pl.read_parquet(people)).write_parquet(source)
    ran = equipoise("decide", sealed, source, "--output", output)
    assert ran.returncode == 2, ran.stdout
    assert said in ran.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_a_line_of_the_wrong_shape_is_named(sealed: Path, people: Path, tmp_path: Path) -> None:
    rows = as_json_lines(pl.read_parquet(people).head(3)).splitlines()
    source = tmp_path / "in.jsonl"
    for broken, said in (("{not json", "not JSON"), ('{"dti": "x"}', "dti"), ("[1]", "object")):
        source.write_text("\n".join([rows[0], broken, rows[2]]), encoding="utf-8")
        ran = equipoise("decide", sealed, source, "--output", tmp_path / "out.jsonl")
        assert ran.returncode == 2
        assert "in.jsonl:2" in ran.stderr
        assert said in ran.stderr
        assert not (tmp_path / "out.jsonl").exists()


def test_a_file_cut_in_the_middle_is_refused(sealed: Path, people: Path, tmp_path: Path) -> None:
    whole = people.read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole[: len(whole) // 2])
    ran = equipoise("decide", sealed, cut, "--output", tmp_path / "out.parquet")
    assert ran.returncode == 2
    assert "cut" in ran.stderr
    csv = tmp_path / "cut.csv"
    pl.read_parquet(people).write_csv(csv)
    csv.write_bytes(csv.read_bytes()[:-25])
    ran = equipoise("decide", sealed, csv, "--output", tmp_path / "out.parquet")
    assert ran.returncode == 2
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize(
    "at", [pytest.param("tempfile.mkstemp", marks=pytest.mark.slow), "os.rename"]
)
def test_a_batch_that_was_killed_leaves_nothing_and_can_be_run_again(
    sealed: Path, people: Path, tmp_path: Path, at: str
) -> None:
    """As the file of answers is begun, and when all of it is written and it would take its name."""
    output = tmp_path / "out.parquet"
    killed("decide", sealed, people, "--output", output, at=at, of=output.name)
    assert not output.exists()
    printed = document(equipoise("decide", sealed, people, "--output", output, "--json"))
    assert printed["rows"] == 500
    assert pl.read_parquet(output)["id"].n_unique() == 500
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]
