"""The page of a book of loans: whole, offline, true to its figures, in both languages."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import get_args

import altair as alt
import pytest
from loan_tapes import known_tape, read_known

from equipoise.documents import parse_document
from equipoise.portfolio import (
    GRADE_FACTS,
    GRADES,
    PORTFOLIO_DRAFT,
    REASONS,
    STATES,
    BookMeasured,
    PortfolioDocument,
    book_rules,
    measure_book,
)
from equipoise.portfolio.document import Dimension
from equipoise.portfolio.tape.faults import Kind as FAULT_KINDS  # noqa: N814
from equipoise.report import render_book
from equipoise.report.sections import book_words

COMMANDS = ["equipoise portfolio report harbour"]
OVERLAYS = """\
  overlays:
    - {id: F1, factor: 1.5, owner: R, reason: X, from: 2023-01-01, until: 2023-12-31}
limits:
  - {name: L1, by: region, at_most: 0.4}
rates:
  source: S
  curve: [{years: 1, rate: 0.03}]
  liabilities: [{name: D, amount: 1000000, rate: 0.01, reprices_months: 1}]
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> BookMeasured:
    folder = tmp_path_factory.mktemp("book")
    tape = known_tape(3000, 18, seed=3)
    gap = tape.with_row_index().filter(~((tape["loan"] == tape["loan"][0]) &
                                         (tape["month"] == "2021-02"))).drop("index")  # fmt: skip
    reading = read_known(folder, gap)
    document = parse_document(PORTFOLIO_DRAFT + OVERLAYS, PortfolioDocument, Path("p.yaml")).value
    rules = book_rules(["IFRS", "BASEL", "CN"], on=date(2023, 8, 31))
    return measure_book(reading, document, rules)


@pytest.fixture(scope="module")
def english(measured: BookMeasured) -> str:
    return render_book(measured, "harbour", COMMANDS)


@pytest.fixture(scope="module")
def chinese(measured: BookMeasured) -> str:
    return render_book(measured, "harbour", COMMANDS, "zh")


def _words(html: str) -> str:
    html = html.replace("\u202f", "")
    bare = re.sub(r"<(script|style|code)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def test_it_fetches_nothing_and_no_place_is_named_twice(english: str) -> None:
    assert "default-src 'none'" in english
    bare = re.sub(r"<script\b.*?</script>", " ", english, flags=re.DOTALL)
    ids = re.findall(r'\sid="([^"]+)"', bare)
    assert sorted(ids) == sorted(set(ids))


def test_every_chart_is_sound_and_has_a_place(english: str) -> None:
    found = re.search(r'id="specs">(.*?)</script>', english, re.DOTALL)
    assert found is not None
    specs = json.loads(found[1])
    assert set(specs) == {"vintages-chart", "rolls-chart", "migration-chart", "limits-chart"}
    for key, spec in specs.items():
        assert f'id="{key}"' in english
        alt.Chart.from_dict({**spec, "width": 300}, validate=True)


def test_it_says_the_figures_that_were_measured(english: str, measured: BookMeasured) -> None:
    words = _words(english)
    assert "harbour: the book at 2022-06" in words
    assert f"{measured.summary.open_loans} open loans" in words
    for row in measured.losses.stages:  # type: ignore[union-attr]
        assert str(row.loans) in words
    assert "Limits broken: L1: north" in words
    assert "months missing inside a loan" in words
    assert "F1 R X 2023-12-31" in words
    assert "censored" in words


def test_every_section_has_its_place_in_the_page(english: str) -> None:
    for key in ("answer", "vintages", "rolls", "migration", "losses", "capital", "grades",
                "concentration", "limits", "rates", "data"):  # fmt: skip
        assert f'href="#{key}"' in english


def test_no_english_sentence_is_left_in_chinese(chinese: str) -> None:
    words = _words(chinese)
    left = re.findall(r"\b[A-Za-z]+ [A-Za-z]+ [a-z]+\b", words)
    assert left == []
    assert "预期信用损失" in words
    assert "五级分类" in words


def test_a_book_without_balances_or_moves_says_what_it_lacks(measured: BookMeasured) -> None:
    from dataclasses import replace

    bare = replace(measured, moves=None, losses=None, capital=None, grades=None, vintages=(),
                   rolls=(), concentration=(), limits=(), interest=None)  # fmt: skip
    words = _words(render_book(bare, "harbour", COMMANDS))
    assert "Losses need balances" in words
    assert "The tape has one month only." in words


def test_every_closed_word_of_a_book_has_one_to_read() -> None:
    assert tuple(book_words.STATES) == STATES
    assert set(book_words.REASONS) == set(REASONS)
    assert tuple(book_words.GRADES) == GRADES
    assert set(book_words.FACTS) == set(GRADE_FACTS)
    assert set(book_words.FAULTS) == set(get_args(FAULT_KINDS))
    assert set(book_words.DIMENSIONS) == set(get_args(Dimension))
