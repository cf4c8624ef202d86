"""Answers as they stand on the page where a person checks them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import Field
from equipoise.journey import NotRead, read_answer, written_answer
from equipoise.journey.quantities import figure

HOME = Field(
    name="home",
    type="string",
    values=("rent", "own"),
    value_label={"rent": {"en": "I rent", "zh": "租房"}},
)


@pytest.mark.parametrize(
    ("field", "answer", "english", "chinese"),
    [
        ({"type": "number", "unit": "USD"}, 12_000.0, "USD 12,000", "USD 12,000"),
        ({"type": "number", "unit": "USD"}, 12_000.5, "USD 12,000.50", "USD 12,000.50"),
        ({"type": "number", "unit": "money"}, 1234567.89, "EUR 1,234,567.89", "EUR 1,234,567.89"),
        ({"type": "number", "unit": "money a month"}, 3200.0, "EUR 3,200 a month",
         "每月 EUR 3,200"),
        ({"type": "number", "unit": "BHD"}, 1.125, "BHD 1.125", "BHD 1.125"),
        ({"type": "number", "unit": "share of income"}, 0.355, "35.5 %", "35.5%"),
        ({"type": "number", "unit": "%"}, 7.25, "7.25 %", "7.25%"),
        ({"type": "number"}, 0.1, "0.1", "0.1"),
        ({"type": "integer", "unit": "months"}, 24, "24 months", "24 个月"),
        ({"type": "boolean"}, True, "Yes", "是"),
        ({"type": "boolean"}, False, "No", "否"),
        ({"type": "date"}, date(1987, 3, 5), "5 March 1987", "1987年3月5日"),
        ({"type": "string"}, "欧阳䶮喆", "欧阳䶮喆", "欧阳䶮喆"),
        ({"type": "string"}, None, "Not given", "未填写"),
    ],
)  # fmt: skip
def test_an_answer_is_written_back_as_each_language_writes_it(
    field: dict[str, object], answer: object, english: str, chinese: str
) -> None:
    made = Field.model_validate({"name": "x", **field})
    for language, wanted in (("en", english), ("zh", chinese)):
        said = written_answer(made, answer, "EUR", language)  # type: ignore[arg-type]
        assert said.replace("\u202f", " ") == wanted


def test_a_choice_is_written_back_by_its_label() -> None:
    assert written_answer(HOME, "rent", "", "zh") == "租房"
    assert written_answer(HOME, "own", "", "zh") == "Own"


def test_the_synthetic_lender_s_money_has_no_name() -> None:
    income = Field(name="income", type="number", unit="money a month")
    assert written_answer(income, 100.0, "money", "en") == "100 a month"


@given(st.decimals(0, 9_999_999, places=2), st.sampled_from(["en", "zh"]))
def test_no_digit_is_rounded_away(value: object, language: str) -> None:
    field = Field(name="amount", type="number", unit="USD")
    number = float(value)  # type: ignore[arg-type]
    assert read_answer(field, {"": written_answer(field, number, "", language)}, language) == number


def test_large_amounts_are_written_in_full() -> None:
    assert figure(123_456_789, "USD").replace("\u202f", " ") == "USD 123,456,789"


SLIP = Field.model_validate({"name": "slip", "type": "file", "source": "applicant"})


@pytest.mark.parametrize(
    ("size", "english", "chinese"),
    [
        (0, "slip.pdf (1 kB)", "slip.pdf（1 kB）"),
        (340_400, "slip.pdf (340 kB)", "slip.pdf（340 kB）"),
        (1_250_000, "slip.pdf (1.2 MB)", "slip.pdf（1.2 MB）"),
        (24_000_000, "slip.pdf (24.0 MB)", "slip.pdf（24.0 MB）"),
    ],
)
def test_a_document_is_told_by_its_name_and_size(size: int, english: str, chinese: str) -> None:
    raw = {"paper": "paper-1", "name": "slip.pdf", "size": str(size)}
    assert read_answer(SLIP, raw, "en") is True
    assert written_answer(SLIP, True, "EUR", "en", raw) == english
    assert written_answer(SLIP, True, "EUR", "zh", raw) == chinese


def test_a_document_that_is_not_there_is_said_not_to_be() -> None:
    assert read_answer(SLIP, {}, "en") is False
    assert written_answer(SLIP, False, "EUR", "en", {}) == "Not given"
    assert written_answer(SLIP, True, "EUR", "en") == "Yes"  # by whoever knows no more than that
    needed = SLIP.model_copy(update={"missing": "refuse"})
    with pytest.raises(NotRead, match="choose a file"):
        read_answer(needed, {}, "en")
    with pytest.raises(NotRead, match="harmful content"):
        read_answer(needed, {"paper": "paper-1", "held": "yes"}, "en")
