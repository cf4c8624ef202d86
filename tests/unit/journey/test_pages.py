"""What a person is asked: one page a field, in their language, with an honest reason."""

from __future__ import annotations

from importlib.resources import files

import pytest

from equipoise.contract import Contract, Field, read_contract
from equipoise.errors import BadInput
from equipoise.journey import pages_of, unasked
from equipoise.texts.saying import speaking


def contract_of(*fields: Field) -> Contract:
    bad = Field(name="bad", type="boolean", use="target")
    return Contract.model_validate(
        {
            "name": "loan",
            "languages": ["en", "zh"],
            "target": {"field": "bad", "event": True},
            "fields": [bad, *fields],
        }
    )


@pytest.fixture(scope="module")
def demo() -> Contract:
    return read_contract(files("equipoise.examples") / "demo" / "contract.yaml").value  # type: ignore[arg-type]


def test_the_demo_asks_only_what_the_applicant_answers_in_the_contract_s_order(
    demo: Contract,
) -> None:
    pages = pages_of(demo)
    asked = [field.name for field in demo.fields if field.source == "applicant"]
    assert [page.field.name for page in pages] == asked
    assert "dti" not in asked
    assert len({page.slug for page in pages}) == len(pages)
    assert all(page.question and page.why for page in pages)


def test_a_page_is_in_the_language_asked_for(demo: Contract) -> None:
    (english,) = pages_of(demo, ["monthly_income"], "en")
    (chinese,) = pages_of(demo, ["monthly_income"], "zh-CN")
    assert (english.slug, english.kind) == ("monthly-income", "amount")
    assert english.question == "Your monthly income after tax"
    assert english.help == "What arrives on your account in a usual month."
    assert english.why == "What it is used for: what you can afford."
    assert (chinese.question, chinese.help) == ("税后月收入", "通常每月到账的金额。")
    with speaking("zh"):
        assert pages_of(demo, ["monthly_income"]) == (chinese,)


def test_a_purpose_in_another_language_gives_way_to_a_sentence_that_is_true() -> None:
    field = Field(name="debts", type="number", source="applicant", purpose="what you can afford")
    (page,) = pages_of(contract_of(field), language="zh")
    assert page.why == "这是我们作出决定所依据的信息之一。"
    own = Field(name="debts", type="number", source="applicant", purpose="评估您的还款能力。")
    assert pages_of(contract_of(own), language="zh")[0].why == "用途：评估您的还款能力。"
    assert pages_of(contract_of(own))[0].why == "It is one of the facts that we decide by."


def test_what_is_asked_for_audits_alone_is_said_to_play_no_part(demo: Contract) -> None:
    (page,) = pages_of(demo, ["sex"])
    assert page.why.endswith("It plays no part in the decision.")
    (page,) = pages_of(demo, ["sex"], "zh")
    assert page.why == "仅用于检查我们是否一视同仁。它不影响审批结果。"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({"type": "number"}, "amount"),
        ({"type": "integer"}, "whole"),
        ({"type": "integer", "values": [12, 24]}, "choice"),
        ({"type": "string", "values": ["a"]}, "choice"),
        ({"type": "string"}, "text"),
        ({"type": "boolean"}, "yes_no"),
        ({"type": "date"}, "date"),
    ],
)
def test_the_kind_of_a_page_follows_the_field(field: dict[str, object], kind: str) -> None:
    made = Field.model_validate({"name": "x", "source": "applicant", **field})
    assert pages_of(contract_of(made))[0].kind == kind


def test_choices_carry_codes_and_labels_by_language() -> None:
    home = Field(
        name="home",
        type="string",
        source="applicant",
        values=("rent", "own_home"),
        value_label={"rent": {"en": "I rent", "zh": "租房"}},
    )
    term = Field(name="term", type="integer", source="applicant", unit="months", values=(12, 24))
    student = Field(name="student", type="boolean", source="applicant")
    contract = contract_of(home, term, student)
    assert [page.choices for page in pages_of(contract)] == [
        (("rent", "I rent"), ("own_home", "Own home")),
        (("12", "12 months"), ("24", "24 months")),
        (("yes", "Yes"), ("no", "No")),
    ]
    assert pages_of(contract, ["home"], "zh")[0].choices[0] == ("rent", "租房")
    assert pages_of(contract, ["student"], "zh")[0].choices == (("yes", "是"), ("no", "否"))


def test_choices_of_money_are_in_the_contract_s_currency() -> None:
    amount = Field(name="a", type="integer", source="applicant", unit="money", values=(500,))
    contract = contract_of(amount).model_copy(update={"currency": "CNY"})
    assert pages_of(contract)[0].choices == (("500", "CNY\u202f500"),)


def test_a_date_has_three_boxes_in_the_order_of_the_language() -> None:
    contract = contract_of(Field(name="since", type="date", source="applicant"))
    assert pages_of(contract)[0].boxes == ("day", "month", "year")
    assert pages_of(contract, language="zh")[0].boxes == ("year", "month", "day")


def test_a_label_that_lacks_falls_back_to_english_and_then_to_the_name() -> None:
    labelled = Field(name="a_b", type="number", source="applicant", label={"en": "Rent you pay"})
    bare = Field(name="rent_paid", type="number", source="applicant")
    pages = pages_of(contract_of(labelled, bare), language="zh")
    assert [page.question for page in pages] == ["Rent you pay", "Rent paid"]


@pytest.mark.parametrize(
    ("name", "kind", "token"),
    [
        ("birth_date", "date", "bday"),
        ("full_name", "string", "name"),
        ("email", "string", "email"),
        ("mobile_phone", "string", "tel"),
        ("partner_name", "string", "off"),
        ("employer_phone", "string", "off"),
        ("monthly_income", "number", "off"),
        ("name", "number", "off"),
    ],
)
def test_a_browser_fills_in_only_what_is_the_person_s_own(name: str, kind: str, token: str) -> None:
    field = Field.model_validate({"name": name, "type": kind, "source": "applicant"})
    assert pages_of(contract_of(field))[0].autocomplete == token


def test_what_was_not_asked_is_the_rest(demo: Contract) -> None:
    asked = ["monthly_income", "age"]
    rest = unasked(demo, asked, "zh")
    every = pages_of(demo, language="zh")
    assert [page for page in every if page.field.name not in asked] == list(rest)
    assert unasked(demo, [page.field.name for page in every]) == ()


def test_a_name_that_is_no_field_is_named(demo: Contract) -> None:
    with pytest.raises(BadInput, match="monthly_incom"):
        pages_of(demo, ["monthly_incom"])
