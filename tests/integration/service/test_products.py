"""A lender's products as people choose among them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from applying import PRODUCT, Applicant, publish_asking, sealed_asking
from django.conf import settings
from lender import publish, shop
from through_door import Client


@pytest.fixture(autouse=True)
def _database(sqlite_database: Any) -> None:
    """Every test has one."""


def published(name: str = "corner", **more: Any) -> str:
    return publish(raw=sealed_asking(name=name, product={**PRODUCT, **more}))


def text(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).content.decode().replace("\u202f", " ")


def test_a_person_reads_what_the_lender_calls_its_loan_and_what_it_is() -> None:
    published()
    page = text(Client(), "/apply/")
    for said in ("Corner loan", "A loan around the corner.", "EUR 500 to EUR 50,000",
                 "6 to 84 months", "9.00 % to 20.00 %", "A car, something else"):  # fmt: skip
        assert said in page, said
    assert "<h2>corner</h2>" not in page
    chinese = text(Client(), "/apply/", **{"accept-language": "zh-CN"})
    assert "街角贷款" in chinese
    assert "购车、其他用途" in chinese


def test_every_page_of_an_application_says_for_which_loan_it_is() -> None:
    published()
    person = Applicant().begin()
    page = person.get("q/amount").content.decode()
    assert " – Corner loan</title>" in page
    assert "Corner loan</span>" in page


def test_a_strategy_without_words_for_people_goes_by_its_own_name() -> None:
    publish_asking()
    page = text(Client(), "/apply/")
    assert "<h2>corner</h2>" in page
    assert "Price a year" not in page
    (row,) = shop().get("/v1/products").json()["products"]
    assert (row["label"], row["whom"], row["rates"]) == ("corner", "", None)


def test_a_program_reads_the_same() -> None:
    published()
    (row,) = shop().get("/v1/products?language=zh").json()["products"]
    assert row["name"] == "corner"
    assert row["label"] == "街角贷款"
    assert row["needs"] == ["car", "other"]
    assert row["amounts"] == {"least": 500.0, "most": 50_000.0}
    assert row["months"] == {"least": 6.0, "most": 84.0}
    assert row["rates"] == {"least": 0.09, "most": 0.2}
    assert row["asks_first"] == ["amount", "term", "income"]


def test_the_lenders_name_heads_every_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    published()
    file = tmp_path / "lender.yaml"
    file.write_text("name: {en: Old & Co, zh: 老字号}\naddress: {en: [1 Way]}\n", encoding="utf-8")
    there = replace(settings.CONFIGURATION, workspace=tmp_path)
    monkeypatch.setattr(settings, "CONFIGURATION", there)
    page = text(Client(), "/apply/")
    assert ">Old &amp; Co</a>" in page
    assert " – Old &amp; Co</title>" in page
    file.write_text("name: {en: Newer Name}\naddress: {en: [1 Way]}\n", encoding="utf-8")
    assert ">Newer Name</a>" in text(Client(), "/apply/")
    file.write_text("nam: {en: Wrong}\n", encoding="utf-8")  # the start refuses it, a page does not
    assert "Newer" not in text(Client(), "/apply/")
