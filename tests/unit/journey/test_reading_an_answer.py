"""Choices, yes and no, names and dates as people give them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import Field
from equipoise.errors import BadInput
from equipoise.journey import NotRead, comparable, read_answer

HOME = Field(
    name="home",
    type="string",
    values=("rent", "own"),
    value_label={"rent": {"en": "I rent", "zh": "租房"}, "own": {"en": "My own", "zh": "自有"}},
    missing="refuse",
)
NAME = Field(name="full_name", type="string", missing="refuse")
BORN = Field(name="born", type="date", range=(date(1920, 1, 1), date(2008, 11, 28)))


def refusal(field: Field, raw: dict[str, str], language: str = "en") -> NotRead:
    with pytest.raises(NotRead) as refused:
        read_answer(field, raw, language)
    assert isinstance(refused.value, BadInput)
    return refused.value


@pytest.mark.parametrize("text", ["rent", "Rent", " I rent ", "i RENT", "租房", "ＲＥＮＴ"])
def test_a_choice_is_its_code_or_its_label_in_either_language(text: str) -> None:
    assert read_answer(HOME, {"": text}, "zh") == "rent"


def test_a_choice_that_is_not_there_is_refused() -> None:
    assert refusal(HOME, {"": "castle"}).message == "Please choose one of the answers shown."
    assert refusal(HOME, {"": "castle"}, "zh").message == "请从所列选项中选择一项。"
    assert refusal(HOME, {"": ""}).message == "Please choose one of the answers."


def test_a_label_that_two_values_share_decides_for_neither() -> None:
    label = {"a": {"en": "Other"}, "b": {"en": "other"}}
    field = Field(name="x", type="string", values=("a", "b"), value_label=label)
    refusal(field, {"": "Other"})
    assert read_answer(field, {"": "b"}, "en") == "b"


def test_numbers_to_choose_from_may_be_written_as_numbers_are() -> None:
    terms = Field(name="term", type="integer", unit="months", values=(12, 24))
    assert read_answer(terms, {"": "12"}, "en") == 12
    assert read_answer(terms, {"": "2 years"}, "en") == 24
    refusal(terms, {"": "36"})


@pytest.mark.parametrize(
    ("text", "answer"),
    [("yes", True), ("Yes", True), ("是", True), ("no", False), ("NO", False), ("否", False),
     ("", None)],
)  # fmt: skip
def test_yes_and_no_are_read_in_either_language(text: str, answer: bool | None) -> None:
    field = Field(name="student", type="boolean")
    assert read_answer(field, {"": text}, "en") is answer
    assert read_answer(field, {"": text}, "zh") is answer


def test_what_is_neither_yes_nor_no_is_asked_again() -> None:
    field = Field(name="student", type="boolean")
    assert refusal(field, {"": "maybe"}).message == "Please choose yes or no."


@pytest.mark.parametrize(
    "name",
    ["欧阳䶮喆", "买买提·艾力", "O'Brien-Núñez", "Ó", "李", "𠮷田", "Nguyễn Thị Ánh", "x" * 200,
     "نور", "Ng  Wai", "-", "🙂"],
)  # fmt: skip
def test_a_name_of_any_script_is_kept_as_typed(name: str) -> None:
    assert read_answer(NAME, {"": name}, "en") == name


def test_a_name_of_more_than_200_characters_is_refused_with_its_length() -> None:
    assert "201" in refusal(NAME, {"": "x" * 201}).message
    assert "200" in refusal(NAME, {"": "x" * 201}, "zh").message


def test_control_characters_are_taken_out_and_accents_composed() -> None:
    assert read_answer(NAME, {"": "Jose\u0301\x00 \u202eMari\u0301a\r\n"}, "en") == "José María"
    assert read_answer(NAME, {"": "1 High St\nLondon"}, "en") == "1 High St London"
    assert read_answer(NAME, {"": "Ng\u2028Wai"}, "en") == "Ng Wai"


@given(st.text(max_size=60))
def test_any_text_is_kept_or_empty(text: str) -> None:
    try:
        kept = read_answer(NAME, {"": text}, "en")
    except NotRead:
        return
    assert isinstance(kept, str)
    assert kept == unicodedata.normalize("NFC", kept)
    assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in kept)
    assert read_answer(NAME, {"": kept}, "en") == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ｓｍｉｔｈ", "SMITH"), ("José", "Jose\u0301"), ("\ue863", "䶮"), ("\ue854", "\u9fba"),
     ("straße", "STRASSE"), ("Ng\u00a0 Wai", "ng wai")],
)  # fmt: skip
def test_two_ways_to_write_a_name_compare_as_one(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


def test_other_names_do_not_compare_as_one() -> None:
    assert len({comparable(each) for each in ("李", "李明", "Núñez", "Nunez", "买买提·艾力")}) == 5


@given(st.text(max_size=40))
def test_comparing_twice_changes_nothing(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("5", "3", "1987"), ("05", "03", "1987"), ("5", "March", "1987"), ("5", "mar.", "1987"),
     ("５", "３", "１９８７"), ("5日", "3月", "1987年"), ("五", "三", "一九八七"),
     ("五号", "三月", "1987"), ("5th", "3", "1987")],
)  # fmt: skip
def test_a_date_is_read_from_three_boxes(day: str, month: str, year: str) -> None:
    raw = {"day": day, "month": month, "year": year}
    assert read_answer(BORN, raw, "en") == date(1987, 3, 5)


@pytest.mark.parametrize(("text", "day"), [("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31)])
def test_tens_in_chinese_are_read(text: str, day: int) -> None:
    raw = {"day": text, "month": "12", "year": "1999"}
    assert read_answer(BORN, raw, "zh") == date(1999, 12, day)


@pytest.mark.parametrize(
    ("day", "month", "year", "part", "said"),
    [
        ("31", "2", "1988", "day", "That month has 29 days, so there is no day 31 in it."),
        ("32", "1", "1988", "day", "The day is a number from 1 to 31."),
        ("0", "1", "1988", "day", "The day is a number from 1 to 31."),
        ("3", "13", "1988", "month", "The month is a number from 1 to 12, or its name."),
        ("3", "Floréal", "1988", "month", "The month is a number from 1 to 12, or its name."),
        ("3", "3", "87", "year", "Please give the year in full, such as 1987."),
        ("3", "3", "198", "year", "Please give the year in full, such as 1987."),
        ("3", "3", "19870", "year", "Please give the year in full, such as 1987."),
        ("3", "", "1987", "month", "Please give the month as well."),
        ("", "3", "1987", "day", "Please give the day as well."),
        ("3", "3", "", "year", "Please give the year as well."),
    ],
)
def test_a_date_that_is_none_names_the_box(
    day: str, month: str, year: str, part: str, said: str
) -> None:
    raw = {"day": day, "month": month, "year": year}
    refused = refusal(BORN, raw)
    assert (refused.part, refused.message) == (part, said)
    assert refusal(BORN, raw, "zh").part == part


def test_a_date_outside_the_range_is_told_the_days() -> None:
    refused = refusal(BORN, {"day": "29", "month": "11", "year": "2008"})
    assert refused.message == "Please give a date from 1 January 1920 to 28 November 2008."
    assert refused.part == ""
    late = refusal(BORN, {"day": "29", "month": "11", "year": "2008"}, "zh")
    assert late.message == "请填写1920年1月1日至2008年11月28日之间的日期。"


@given(st.dates(date(1920, 1, 1), date(2008, 11, 28)))
def test_every_day_reads_back_as_itself(day: date) -> None:
    raw = {"day": str(day.day), "month": day.strftime("%B"), "year": str(day.year)}
    assert read_answer(BORN, raw, "en") == day
    assert read_answer(BORN, raw | {"month": str(day.month)}, "zh") == day


@pytest.mark.parametrize("kind", ["number", "integer", "string", "boolean", "date"])
def test_an_empty_answer_is_none_where_it_may_be_missing(kind: str) -> None:
    empty = {"": " \u3000", "day": "", "month": " ", "year": ""}
    allowed = Field.model_validate({"name": "x", "type": kind})
    assert read_answer(allowed, empty, "en") is None
    assert read_answer(allowed, {}, "en") is None
    needed = Field.model_validate({"name": "x", "type": kind, "missing": "refuse"})
    assert refusal(needed, empty).message
    assert refusal(needed, {}, "zh").message != refusal(needed, {}).message


def test_a_code_for_missing_is_no_answer() -> None:
    field = Field(name="x", type="integer", missing_codes=(-9,), missing="refuse")
    refusal(field, {"": "-9"})
    text = Field(name="x", type="string", missing_codes=("unknown",))
    assert read_answer(text, {"": "unknown"}, "en") is None
