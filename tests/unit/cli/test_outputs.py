"""Where a command may write: refused before any work, with what, where and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from corner_lender import application, strategy
from tests.unit.cli.workspaces import Cli, Ran

from equipoise.errors import BadInput
from equipoise.outputs import output_fits
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files import decisions

DAY = ("--at", "2026-03-02")


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "sealed.json"
    strategy().sealed.write(path)
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.jsonl"
    path.write_text(json.dumps(application(), default=str) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """No application may be decided, and no file of applications read."""

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("it was decided")

    for name in ("decide", "decide_frame", "decide_records"):
        monkeypatch.setattr(Strategy, name, never)
    monkeypatch.setattr(decisions, "pieces", never)
    monkeypatch.setattr("equipoise.strategy.files.tables.whole", never)


# the command in words, an ending that it does not know, and one that it does
COMMANDS = {
    "decide": ("decide SEALED PEOPLE --output TO", ".xlsx", ".parquet"),
    "traces": ("decide SEALED PEOPLE --traces TO", ".csv", ".jsonl"),
    "compare": ("compare SEALED SEALED PEOPLE --html TO", ".pdf", ".html"),
    "audit": ("audit SEALED PEOPLE --html TO", ".md", ".html"),
    "assign": (
        "challenge assign PEOPLE --experiment x --share new=0.1 --output TO", ".txt", ".csv"
    ),
    "monitor": ("challenge monitor PEOPLE --planned 100 --no-more bad=0.1 --html TO", "", ".html"),
}  # fmt: skip
Told = Callable[[Path, Path], Ran]


@pytest.fixture(params=COMMANDS.values(), ids=COMMANDS)
def endings(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    """A command and its two endings."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def told(cli: Cli, sealed: Path, endings: tuple[str, str, str]) -> Told:
    """Runs the command on people and an output."""

    def run(people: Path, to: Path) -> Ran:
        places = {"SEALED": sealed, "PEOPLE": people, "TO": to}
        return cli(*(places.get(word, word) for word in endings[0].split()))

    return run


@pytest.mark.usefixtures("undecided")
def test_an_unknown_ending_is_refused_and_the_known_are_named(
    told: Told, people: Path, tmp_path: Path, endings: tuple[str, str, str]
) -> None:
    to = tmp_path / f"out{endings[1]}"
    ran = told(people, to)
    assert ran.code == 2
    assert str(to) in ran.err
    assert endings[2] in ran.err
    assert not to.exists()


@pytest.mark.usefixtures("undecided")
def test_a_folder_that_is_not_there_is_refused(
    told: Told, people: Path, tmp_path: Path, endings: tuple[str, str, str]
) -> None:
    to = tmp_path / "nowhere" / f"out{endings[2]}"
    ran = told(people, to)
    assert ran.code == 2
    assert "no such folder" in ran.err
    assert not to.parent.exists()


@pytest.mark.usefixtures("undecided")
def test_what_is_read_is_not_written_over(
    told: Told, people: Path, tmp_path: Path, endings: tuple[str, str, str]
) -> None:
    read = tmp_path / f"same{endings[2]}"
    read.write_bytes(people.read_bytes())
    (tmp_path / "other").mkdir()
    ran = told(read, tmp_path / "other" / ".." / read.name)
    assert ran.code == 2
    assert "besides" in ran.err
    assert read.read_bytes() == people.read_bytes()


@pytest.mark.usefixtures("undecided")
def test_a_folder_is_no_file(
    told: Told, people: Path, tmp_path: Path, endings: tuple[str, str, str]
) -> None:
    to = tmp_path / f"folder{endings[2]}"
    to.mkdir()
    ran = told(people, to)
    assert ran.code == 2
    assert "folder" in ran.err


@pytest.mark.usefixtures("undecided")
def test_answers_and_traces_are_two_files(
    cli: Cli, sealed: Path, people: Path, tmp_path: Path
) -> None:
    both = tmp_path / "both.jsonl"
    ran = cli("decide", sealed, people, "--output", both, "--traces", both, *DAY)
    assert ran.code == 2
    assert "besides" in ran.err


@pytest.mark.usefixtures("undecided")
def test_the_sealed_strategy_is_not_written_over(cli: Cli, sealed: Path, people: Path) -> None:
    before = sealed.read_bytes()
    ran = cli("decide", sealed, people, "--output", sealed, *DAY)
    assert ran.code == 2
    assert sealed.read_bytes() == before


@pytest.mark.parametrize("ending", [".jsonl", ".NDJSON", ".json", ".csv", ".parquet"])
def test_a_known_ending_is_written(
    cli: Cli, sealed: Path, people: Path, tmp_path: Path, ending: str
) -> None:
    to = tmp_path / f"answers{ending}"
    ran = cli("decide", sealed, people, "--output", to, *DAY)
    assert ran.code == 0, ran.err
    assert to.stat().st_size


def test_a_link_to_the_input_is_the_input(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(BadInput, match="besides"):
        output_fits(tmp_path / "b.csv", "--output", beside=[tmp_path / "a.csv"])


def test_a_device_is_no_file() -> None:
    with pytest.raises(BadInput, match="plain file"):
        output_fits("/dev/null", "--output")


def test_standard_input_is_no_file_to_be_beside(tmp_path: Path) -> None:
    output_fits(tmp_path / "a.csv", "--output", endings=[".csv"], beside=["-", None])
