"""From each number of the book's page to its query and its rows, in one click."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from loan_tapes import known_tape
from own_folder import own_folder
from people import logged_in, person
from test_book_pages import text, with_a_book

from equipoise.portfolio import KINDS, PORTFOLIO_DRAFT
from equipoise.service.contexts.books.events import BookRowsSeen
from equipoise.service.contexts.books.models import Measuring
from equipoise.service.contexts.books.running import measure
from equipoise.service.contexts.books.tasks import drop_outdated_rows
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.looks.tasks import file_looks
from equipoise.service.platform.record import services as record

PORTFOLIO = f"""\
{PORTFOLIO_DRAFT.replace("[IFRS, BASEL]", "[IFRS, BASEL, CN]")}
rules_on: 2023-07-31
limits: [{{name: "a & b", by: region, at_most: 0.4, constraint: share of a}}]
rates:
  curve: [{{years: 1, rate: 0.03}}]
  source: stated
  liabilities: [{{name: deposits, amount: 54321, rate: 0.01, reprices_months: 3}}]
"""
BALANCE = {
    "shadow_prices": [
        {"row": "share of a", "at_most": 0.4, "used": 0.4, "price": 17.25, "unit": "CNY",
         "reading": "one more"},
        {"row": "loss", "at_most": 1.0, "used": 0.5, "price": 0.0, "unit": "CNY", "reading": ""},
    ]
}  # fmt: skip
LINK = re.compile(r'href="(/risk/portfolio/\d+/[^"]*)"[^>]*>([^<]*)<')
CELLS = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)


@contextmanager
def a_measured_book(there: Path) -> Iterator[int]:
    """A measuring of a book with grades and limits."""
    with_a_book(there)
    (there / "portfolio.yaml").write_text(PORTFOLIO, "utf-8")
    (there / "build").mkdir()
    (there / "build" / "balance.json").write_text(json.dumps(BALANCE), "utf-8")
    tape = known_tape(300, 30)
    pl.concat([tape, tape.tail(2)]).write_parquet(there / "known.parquet")  # told twice
    with own_folder(there):
        logged_in(person(Role.RISK_OFFICER, "ruth")).post("/risk/portfolio/measure")
        row = Measuring.objects.latest("pk")
        measure.func(row.pk)
        yield row.pk


@pytest.fixture
def measuring(sqlite_database: Any, tmp_path: Path) -> Iterator[int]:
    with a_measured_book(tmp_path / "lender") as measured:
        yield measured


def links(answer: Any) -> list[tuple[str, str]]:
    return [(unescape(to), unescape(said)) for to, said in LINK.findall(answer.content.decode())]


def figures(answer: Any) -> list[list[str]]:
    """The rows of the first table: name, as it was measured, as the query gives it now."""
    table = answer.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    return [[unescape(each) for each in CELLS.findall(row)] for row in table.split("</tr>")[:-1]]


def test_each_number_of_the_book_leads_to_the_query_that_gives_it(measuring: int) -> None:
    rita = logged_in(person(Role.RISK_OFFICER, "rita"))
    page = rita.get("/risk/portfolio/")
    led = links(page)
    assert {to.split("/")[4].split("?")[0] for to, _ in led} == set(KINDS)
    # one of each kind and, of matrices, the last: every cell is read by the library's own tests
    chosen = {to.split("?")[0]: (to, said) for to, said in led}
    for to, said in [*chosen.values(), next(e for e in led if e[1] not in ("0.0 %", "0.00%"))]:
        answer = rita.get(to)
        told = figures(answer)
        # a name may stand before its money
        assert any(said.endswith(each[1]) for each in told), (to, said, told)
        assert all(was == now for _, was, now in told), (to, told)
        assert "SELECT" in text(answer)
    overview = rita.get("/risk/")
    (to, used), *_ = links(overview)
    assert figures(rita.get(to))[2][1] == used


def test_rows_come_in_parts_and_who_opened_them_is_told(measuring: int) -> None:
    rita, auditor = (logged_in(person(role, role.value)) for role in (
        Role.RISK_OFFICER, Role.AUDITOR))  # fmt: skip
    first = rita.get(f"/risk/portfolio/{measuring}/open")
    assert "page 1 of 5." in text(first)
    second = rita.get(f"/risk/portfolio/{measuring}/open?page=2")
    assert "Earlier ones" in text(second) and "Further rows" in text(second)
    assert (
        set(re.findall(r"L\d{6}", text(first))) & set(re.findall(r"L\d{6}", text(second))) == set()
    )
    assert "There are none." in text(rita.get(f"/risk/portfolio/{measuring}/open?page=99999999999"))
    customers = rita.get(f"/risk/portfolio/{measuring}/concentration?of=customer")
    assert not re.search(r">C\d+<|L\d{6}", customers.content.decode())
    seen = [each.event for each in record.history(f"book.{measuring}", BookRowsSeen)]
    assert [(each.number, each.page) for each in seen] == [("open", 1), ("open", 2)]
    file_looks.func()
    looks = text(auditor.get("/audit/looks/"))
    assert "Rows that name loans were opened: open, part 2." in looks


def test_what_is_no_number_of_it_is_not_there(measuring: int) -> None:
    rita = logged_in(person(Role.RISK_OFFICER, "rita"))
    for wrong in ("no", "stage", "stage?of=4", "stage?of=1%3B", "vintage?of=2021-01&at=999",
                  "limit?of=a&at=north", "concentration?of=loan"):  # fmt: skip
        assert rita.get(f"/risk/portfolio/{measuring}/{wrong}").status_code == 404, wrong
    assert rita.get(f"/risk/portfolio/{measuring + 1}/open").status_code == 404


def test_rows_of_a_later_measuring_say_so(measuring: int) -> None:
    rita = logged_in(person(Role.RISK_OFFICER, "rita"))
    later = "The book was measured again since"
    assert later not in text(rita.get(f"/risk/portfolio/{measuring}/open"))
    rita.post("/risk/portfolio/measure")
    newest = Measuring.objects.latest("pk")
    measure.func(newest.pk)
    assert later in text(rita.get(f"/risk/portfolio/{measuring}/open"))
    assert later not in text(rita.get(f"/risk/portfolio/{newest.pk}/open"))


def test_a_further_delivery_leaves_the_rows_that_were_measured(
    measuring: int, tmp_path: Path
) -> None:
    rita = logged_in(person(Role.RISK_OFFICER, "rita"))
    there = tmp_path / "lender"
    shutil.copy(there / "known.parquet", there / "again.parquet")
    tape = (there / "tape.yaml").read_text("utf-8")
    (there / "tape.yaml").write_text(tape.replace("{}}", "{}, again.parquet: {}}"), "utf-8")
    os.utime(there / "known.parquet", ns=(1, 1))  # copied elsewhere and back: the same content
    answer = rita.get(f"/risk/portfolio/{measuring}/open")
    assert "page 1 of 5." in text(answer)
    assert all(was == now for _, was, now in figures(answer))


def test_rows_go_with_their_tape_when_nobody_looks(measuring: int, tmp_path: Path) -> None:
    there = tmp_path / "lender"
    assert drop_outdated_rows.func() == 0
    (there / "known.parquet").unlink()
    assert drop_outdated_rows.func() == 5
    assert list((there / "service" / "book").iterdir()) == []


@pytest.mark.parametrize("then", ["another", "gone"])
def test_no_row_is_kept_longer_than_the_tape_that_it_was_read_from(
    measuring: int, tmp_path: Path, then: str
) -> None:
    rita = logged_in(person(Role.RISK_OFFICER, "rita"))
    there = tmp_path / "lender"
    kept = there / "service" / "book"
    assert {each.name for each in kept.iterdir()} == {
        f"{each}.parquet" for each in ("book", "terms", "rates", "prices", "faults")
    }
    (there / "known.parquet").unlink()
    if then == "another":
        known_tape(300, 30, seed=2).write_parquet(there / "known.parquet")
    answer = rita.get(f"/risk/portfolio/{measuring}/open")
    assert "No rows are kept" in text(answer)
    assert "SELECT" in text(answer)
    assert not re.search(r"L\d{6}", text(answer))
    assert list(kept.iterdir()) == []
