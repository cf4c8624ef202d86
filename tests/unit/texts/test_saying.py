"""One function says every sentence, in the language that is asked for or spoken."""

from __future__ import annotations

import contextvars

import pytest

from equipoise.errors import BadInput
from equipoise.texts.decisions import phrase
from equipoise.texts.numbers import points_span, quantity
from equipoise.texts.saying import joined, named, retold, say, speaking, spoken


def test_a_sentence_is_said_in_the_language_spoken() -> None:
    assert say("By {name}", name="age") == "By age"
    with speaking("zh-CN"):
        assert spoken() == "zh"
        assert say("By {name}", name="年龄") == "按年龄"
        with speaking("en"):
            assert say("The answer") == "The answer"
        assert say("The answer") == "结论"
    assert spoken() == "en"


def test_a_language_asked_for_wins_over_the_one_spoken() -> None:
    with speaking("zh"):
        assert phrase("nothing_more", "en") == "We need nothing more from you to decide."
    assert phrase("asked_only", "zh_Hans", minutes=5) == "目前无需其他材料，大约需要 5 分钟。"


def test_what_no_catalogue_has_is_said_in_english() -> None:
    assert say("A sentence of nobody's, {n}", "zh", n=3) == "A sentence of nobody's, 3"
    assert phrase("refer", "fr").startswith("A person at our company")


def test_one_speaker_does_not_change_what_another_speaks() -> None:
    with speaking("zh"):
        assert contextvars.Context().run(spoken) == "en"


def test_a_language_without_words_is_refused_with_those_that_have() -> None:
    assert named("zh-Hans-CN") == "zh"
    with pytest.raises(BadInput, match="no words in the language 'fr'") as refused:
        named("fr")
    assert refused.value.mend == "say en or zh"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Expected loss rate", "预期损失率"),
        ("Home visit: share who leave", "Home visit：离开占比"),
        ("past offers, 42707 offers", "历史方案，42707 份方案"),
        ("event log a.csv, waiting for the lender before an offer, 705 left in 23245 days of "
         "waiting", "事件日志 a.csv，方案给出前等待贷款机构，23245 个等待日内 705 人离开"),
        ("2.0% to 3.7%", "2.0% 至 3.7%"),
        ("Debts to income", "Debts to income"),  # a lender's own, and no range
        ("logged results of 'refer'", "“refer”的核查结果记录"),  # a name stays a name
        ("a lender's own words", "a lender's own words"),
    ],
)  # fmt: skip
def test_a_result_is_retold_and_a_lenders_own_words_stay(english: str, chinese: str) -> None:
    assert retold(english) == english
    with speaking("zh"):
        assert retold(english) == chinese


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0231, "share", "2.31%"),
        (1_240_000, "CNY", "CNY\u202f1,240,000"),
        (12_345_678, "CNY", "CNY\u202f1,235万"),
        (123_456_789, "CNY", "CNY\u202f1.23亿"),
        (2382.4, "customers", "2,382 人"),
        (38.42, "per 100 applicants", "38.4（每 100 名申请人）"),
        (-3.5, "hours", "−3.5 小时"),
        (None, "CNY", "–"),
    ],
)
def test_numbers_as_a_chinese_bank_writes_them(value: object, unit: str, text: str) -> None:
    with speaking("zh"):
        assert quantity(value, unit, "CNY") == text


def test_parts_are_joined_as_the_language_does() -> None:
    assert joined(["One.", "Two."]) == "One. Two."
    assert points_span(-0.002, 0.0072) == "−0.20 to +0.72 percentage points"
    with speaking("zh"):
        assert joined(["一。", "二。"]) == "一。二。"
        assert joined(["甲", "乙"], ", ") == "甲、乙"
        assert points_span(-0.002, 0.0072) == "−0.20 至 +0.72 个百分点"
