"""Packs of rules on a page: dated, with their sources, as they hold on the book's day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from own_folder import own_folder
from people import logged_in, person
from test_book_pages import text, with_a_book

from equipoise.portfolio import PORTFOLIO_DRAFT
from equipoise.portfolio.rule_document import Name
from equipoise.service.contexts.books import reading
from equipoise.service.contexts.books.models import Measuring
from equipoise.service.contexts.books.running import measure
from equipoise.service.pages.risk.shown.rules import PARAMETERS
from equipoise.service.platform.accounts.permissions import Role

OURS = """\
pack: ours
caution: {en: Ours alone., zh: 仅供自用。}
parameters:
  - {id: ours.days, name: stage2_days, value: 15, from: 2020-01-01, until: 2023-09-30,
     source: our manual 3.1, verified: text}
  - {id: ours.days-new, name: stage2_days, value: 10, from: 2023-10-01,
     source: our manual 3.2, verified: text}
  - {id: ours.old, name: stage3_days, value: 60, from: 2020-01-01, until: 2021-12-31,
     source: our manual 2, verified: text}
"""


@pytest.fixture
def folder(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    there = with_a_book(tmp_path / "lender")
    draft = PORTFOLIO_DRAFT.replace("[IFRS, BASEL]", "[IFRS, BASEL, ours.yaml]")
    (there / "portfolio.yaml").write_text(draft, "utf-8")
    (there / "ours.yaml").write_text(OURS, "utf-8")
    with own_folder(there):
        yield there


def test_packs_hold_on_the_books_day_and_tell_what_changes_next(folder: Path) -> None:
    rita = logged_in(person(Role.RISK_OFFICER, "rita"))
    assert "no book was measured yet" in text(rita.get("/risk/rules/"))
    rita.post("/risk/portfolio/measure")
    measure.func(Measuring.objects.latest("pk").pk)
    of = reading.packs()
    assert of.on == date(2023, 6, 30), "the last day of the tape's last month"
    assert [each.name for each in of.packs if each.used] == ["IFRS", "BASEL", "ours.yaml"]
    assert {each.name for each in of.packs if not each.used} == {"CN", "EBA", "LEX"}
    ours = of.packs[2]
    assert ours.hold == {"ours.days"}
    assert (ours.next_on, ours.begins, ours.ends) == (
        date(2023, 10, 1), ("ours.days-new",), ("ours.days",)
    )  # fmt: skip
    china = next(each for each in of.packs if each.name == "CN")
    assert china.next_on == date(2023, 7, 1), "the grades of 2023"
    page = text(rita.get("/risk/rules/"))
    assert (
        "than: 15 ours.days our manual 3.1 (the text was read) in force 2020-01-01 2023-09-30"
        in page
    )
    assert "than: 10 ours.days-new our manual 3.2 (the text was read) to come 2023-10-01 –" in page
    assert "Stage 3: more days late than: 60 ours.old our manual 2 (the text was read) over" in page
    assert "Next change: 1 October 2023. Begins: ours.days-new. Ends: ours.days." in page
    assert "仅供自用。" in text(rita.get("/risk/rules/", headers={"accept-language": "zh"}))
    assert 'href="/risk/rules/"' in rita.get("/risk/portfolio/").content.decode()


def test_every_number_that_a_rule_may_set_has_a_name_in_words() -> None:
    assert set(PARAMETERS) == set(get_args(Name))


def test_a_pack_that_cannot_be_read_hides_no_other(folder: Path) -> None:
    auditor = logged_in(person(Role.AUDITOR))
    (folder / "ours.yaml").write_text(OURS.replace("value: 15", "value: many"), "utf-8")
    page = text(auditor.get("/risk/rules/"))
    assert "ours.yaml:4" in page
    assert "IFRS 9, paragraph 5.5.11" in page
    assert str(folder) not in page
    (folder / "portfolio.yaml").write_text("rules: 7\n", "utf-8")
    broken = text(auditor.get("/risk/rules/"))
    assert "portfolio.yaml:1" in broken
    assert "IFRS 9, paragraph 5.5.11" in broken
