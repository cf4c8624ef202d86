"""What a customer reads is in their language, checks and what they need with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from corner_lender import application
from step_lender import step_strategy

from equipoise.contract.fields import Change, Field
from equipoise.errors import BadInput
from equipoise.strategy.decision import Decision
from equipoise.strategy.engine import Strategy
from equipoise.strategy.explaining import for_customer, label_of, need_of
from equipoise.strategy.recourse.moves import Move
from equipoise.strategy.recourse.way import changed
from equipoise.strategy.sealing import canonical, seal
from equipoise.texts.languages import look_up, text_in
from equipoise.texts.wording import Wording

RISKY: dict[str, Any] = {"score": 650.0}
WORDING = {
    "income": Wording(
        label={"en": "a proof of your income", "zh": "收入证明"},
        need={"en": "a payslip not older than three months", "zh": "最近三个月内的工资单"},
    ),
    "form": Wording(label={"en": "the application form", "zh": "申请表"}),
}


# RFC 4647, section 3.4: the range of its own example, then what people send
@pytest.mark.parametrize(
    ("wanted", "known", "found"),
    [
        ("zh-Hant-CN-x-private1-private2", ["zh", "zh-Hant"], "zh-Hant"),
        (
            "zh-Hant-CN-x-private1-private2",
            ["zh-Hant-CN-x-private1", "zh"],
            "zh-Hant-CN-x-private1",
        ),
        ("zh-Hant-CN-x-private1", ["zh-Hant-CN-x", "zh"], "zh"),
        ("zh-CN", ["en", "zh"], "zh"),
        ("zh-Hans", ["en", "zh"], "zh"),
        ("zh_CN", ["en", "zh"], "zh"),
        ("ZH-hans-cn", ["en", "zh"], "zh"),
        ("en-GB", ["en", "zh"], "en"),
        ("zh-cn", ["zh-CN", "zh"], "zh-CN"),
        ("zh", ["zh-CN"], None),
        ("fr-CA", ["en", "zh"], None),
        ("zhx", ["zh"], None),
        ("z", ["zh"], None),
        ("", ["en"], None),
        ("*", ["en"], None),
        ("en;q=0.9", ["en"], None),
        ("ｚｈ", ["zh"], None),
    ],
)
def test_a_tag_is_cut_from_its_end_until_one_is_known(
    wanted: str, known: list[str], found: str | None
) -> None:
    assert look_up(wanted, known) == found


def test_a_text_of_blanks_is_none() -> None:
    assert text_in({"zh": "  "}, "zh-CN") == ""


@pytest.fixture(scope="module")
def labelled() -> Strategy:
    return _strategy(WORDING)


def _strategy(wording: dict[str, Wording]) -> Strategy:
    plain = step_strategy(choose="balance", languages=("en", "zh"))
    return Strategy(seal(plain.content.model_copy(update={"wording": wording})))


def _asked(strategy: Strategy) -> Decision:
    decision = strategy.decide({**application(**RISKY), "checks": {}})
    assert decision.trace.next_check == "income"
    return decision


@pytest.mark.parametrize("language", ["zh", "zh-CN", "zh_Hans"])
def test_a_check_is_told_by_its_label_with_what_it_needs(labelled: Strategy, language: str) -> None:
    words = for_customer(_asked(labelled), labelled.content, language)
    assert words["language"] == "zh"
    assert words["headline"] == "作出决定前还需要一项：收入证明。"
    assert "收入证明：最近三个月内的工资单" in words["text"]


def test_in_english_too(labelled: Strategy) -> None:
    words = for_customer(_asked(labelled), labelled.content, "en-GB")
    assert words["headline"] == "We need one more thing before we decide: a proof of your income."
    assert "payslip not older than three months" in words["text"]


def test_a_step_that_asks_for_the_rest_is_told_by_its_label(labelled: Strategy) -> None:
    given = {name: value for name, value in application().items() if name != "income"}
    decision = labelled.decide(given)
    assert decision.trace.next_check == "form"
    assert "申请表" in for_customer(decision, labelled.content, "zh")["headline"]


def test_without_labels_nothing_english_is_told_in_chinese() -> None:
    bare = _strategy({})
    for given in (
        {**application(**RISKY), "checks": {}},
        {name: value for name, value in application().items() if name != "income"},
    ):
        decision = bare.decide(given)
        assert decision.trace.next_check
        headline = for_customer(decision, bare.content, "zh")["headline"]
        assert not re.search("[A-Za-z]", headline), headline
    assert label_of(bare.content, "proof_of_income", "en") == "proof of income"
    assert need_of(bare.content, "proof_of_income", "zh") == ""


def test_a_language_that_the_strategy_does_not_speak_is_refused(labelled: Strategy) -> None:
    with pytest.raises(BadInput, match="fr") as refused:
        for_customer(_asked(labelled), labelled.content, "fr-CA")
    assert "en" in refused.value.mend
    assert "zh" in refused.value.mend


def test_no_language_is_the_strategy_s_first(labelled: Strategy) -> None:
    assert for_customer(_asked(labelled), labelled.content)["language"] == "en"


def test_labels_are_sealed_with_the_strategy(labelled: Strategy) -> None:
    altered = {**WORDING, "income": Wording(label={"en": "an essay", "zh": "文章"})}
    assert seal(labelled.content.model_copy(update={"wording": altered})).digest != labelled.digest
    assert "最近三个月内的工资单" in canonical(labelled.content.plain())


def test_a_way_back_names_a_value_by_its_label_and_never_in_english_in_chinese() -> None:
    field = Field(
        name="home",
        type="string",
        values=("rent_paid", "own"),
        label={"en": "Home", "zh": "住房"},
        value_label={"own": {"en": "your own", "zh": "自有"}},
        change=Change(to=("own",)),
    )
    move = Move(field, term=False, start="rent_paid", reach=1, whole=1.0, other="own")
    said = changed(move, 1, ("en", "zh")).said
    assert said == {
        "en": "Home: your own instead of rent paid",
        "zh": "住房：由 其他选项 改为 自有",
    }
