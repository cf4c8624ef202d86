"""Every table that leaves as a file, found by itself: nothing in it runs in a spreadsheet, it is
told before its first byte who takes it, its rows come one by one, and those without a right get
none."""

from __future__ import annotations

import csv
import hashlib
import inspect
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from crawling import ROLES, a_working_lender
from django.urls import get_resolver
from pyarrow import parquet
from test_page_matrix import PAGES

from equipoise.service.contexts.drafts.reading import with_drafts
from equipoise.service.contexts.process import reading as process
from equipoise.service.pages.frame import exporting
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.exports import reading as taken
from equipoise.service.platform.exports.services import Export
from equipoise.service.platform.exports.writing import WRITERS, Column, Format
from equipoise.service.platform.record.models import Event

# What spreadsheets take for a formula, by OWASP, each also behind a blank and as its wide form.
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "\n=1",
)
_RUNS = tuple("=+-@\t\r\n＝＋－＠")
_A_VALUE: dict[type, Any] = {
    int: 7,
    float: 0.5,
    bool: True,
    date: date(2026, 3, 2),
    datetime: datetime(2026, 3, 2, tzinfo=UTC),
}
MANY = 200_000
_ROOM = 48 << 20  # bytes of Python's objects while that many rows go by; all of them take thrice it


def exports() -> dict[str, str]:
    """The pages that hand out a file of rows: address of each, by name."""
    return dict(_found(get_resolver().url_patterns, "/"))


def _found(patterns: Any, before: str) -> Iterator[tuple[str, str]]:
    for each in patterns:
        path = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _found(each.url_patterns, path)
        elif each.callback.__module__.startswith("equipoise.service.pages"):
            view = inspect.unwrap(each.callback)
            names = getattr(getattr(view, "__code__", None), "co_names", ())
            if view.__globals__.get("exported") is exporting.exported and "exported" in names:
                yield each.name, path


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return exports()


def test_there_are_as_many_as_modules_that_hand_out_files_and_the_matrix_has_them(
    found: dict[str, str],
) -> None:
    importing = {
        path.stem
        for path in Path(exporting.__file__).parents[1].rglob("views/*.py")
        if "frame.exporting import" in path.read_text()
    }
    modules = {each for each in importing if each != "exporting"}
    assert len(found) >= len(modules) >= 6
    assert {f"POST {path}" for path in found.values()} <= PAGES.keys()


@pytest.fixture
def lender(sqlite_database: Any) -> Any:
    with a_working_lender() as people:
        yield people


# Rows of a run that takes a lender's fit, which nobody has here: their own tests take them.
_NO_RUN = {"int:run_id": "987654", "int:measuring": "987654"}


def _filled(path: str, chain: str) -> str:
    for part, given in {"slug:chain": chain, "str:name": "late", **_NO_RUN}.items():
        path = path.replace(f"<{part}>", given)
    return path


def _given(name: str) -> dict[str, str]:
    if name != "journey-lost-export":
        return {}
    picture = process.kept(process.RECORD)
    assert picture is not None
    assert picture.picture is not None
    return {"source": process.RECORD, "step": picture.picture.order[0]}


def test_each_is_told_before_its_first_byte_and_is_what_was_told(
    lender: Any, found: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, tuple[Export, Any, Any]] = {}
    make = exporting.make

    def watched(export: Export, rows: Any, kind: Format, by: Any) -> Any:
        made = make(export, rows, kind, by)
        seen[by.id] = (export, rows, taken.taken([by.id])[0])  # before anything is answered
        return made

    monkeypatch.setattr(exporting, "make", watched)
    chain = with_drafts([Event.objects.filter(kind="decision.made").values_list(
        "chain", flat=True).first() or ""])[0]  # fmt: skip
    officer = lender[Role.RISK_OFFICER].client
    for name, path in found.items():
        if any(f"<{each}>" in path for each in _NO_RUN):
            continue
        for kind in Format:
            answer = officer.post(_filled(path, chain), {**_given(name), "as": kind.value})
            assert answer.status_code == 200, name
            ((export, rows, result),) = seen.values()
            assert (result.what, result.format) == (export.what, kind.value), name
            content = answer.getvalue()
            assert hashlib.sha256(content).hexdigest() == result.sha256, name
            assert _rows(content, kind) == result.rows, name
            assert isinstance(rows, Iterator), f"{name} hands in all rows at once"
            seen.clear()


def _rows(content: bytes, kind: Format) -> int:
    if kind is Format.PARQUET:
        return int(parquet.read_table(io.BytesIO(content)).num_rows)
    return len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))) - 1


def test_whoever_has_no_right_to_take_files_gets_none_of_them(
    lender: Any, found: dict[str, str]
) -> None:
    for name, path in found.items():
        allowed = PAGES[f"POST {path}"]
        for role in ROLES:
            if role.value not in allowed:
                status = lender[role].client.post(_filled(path, "none"), _given(name)).status_code
                assert status == 403, (name, role)
    assert not Event.objects.filter(kind="export.made").exists()


@pytest.mark.parametrize("name", sorted(exports()))
def test_no_cell_of_any_runs_in_a_spreadsheet(name: str, tmp_path: Path) -> None:
    for columns in _columns_of(name):
        rows = [[text if each.kind is str else _A_VALUE[each.kind] for each in columns]
                for text in HOSTILE]  # fmt: skip
        WRITERS[Format.CSV](tmp_path / "x.csv", columns, rows)
        with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert len(cells) == len(columns) * (len(HOSTILE) + 1)
        assert [each for each in cells if each.lstrip(" ").startswith(_RUNS)] == []
        WRITERS[Format.PARQUET](tmp_path / "x.parquet", columns, rows)
        assert parquet.read_table(tmp_path / "x.parquet").num_rows == len(HOSTILE)


def _columns_of(name: str) -> list[tuple[Column, ...]]:
    """The columns that the page's module hands out."""
    view = next(each for each in _views() if each[0] == name)[1]
    listed = [each for each in vars(inspect.getmodule(view)).values()
              if isinstance(each, tuple) and each and isinstance(each[0], Column)]  # fmt: skip
    assert listed, name
    return listed


def _views() -> Iterator[tuple[str, Any]]:
    def walk(patterns: Any) -> Iterator[tuple[str, Any]]:
        for each in patterns:
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns)
            else:
                yield each.name, inspect.unwrap(each.callback)

    yield from walk(get_resolver().url_patterns)


@pytest.mark.parametrize("kind", Format)
def test_many_rows_go_by_in_bounded_memory(kind: Format, tmp_path: Path) -> None:
    columns = (Column("at", datetime), Column("who"), Column("what"), Column("n", int))
    at = datetime(2026, 3, 2, tzinfo=UTC)
    tracemalloc.start()
    try:
        rows = ((at, f"user.{n}", f"{n} " + "x" * 60, n) for n in range(MANY))
        WRITERS[kind](tmp_path / f"x.{kind}", columns, rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < _ROOM
    if kind is Format.PARQUET:
        assert parquet.read_metadata(tmp_path / f"x.{kind}").num_rows == MANY
