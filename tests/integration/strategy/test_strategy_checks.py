"""What a strategy is held against before it can be sealed: each fault with its line and mend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from equipoise.errors import EquipoiseError, Faults
from equipoise.strategy.checks.labels import label_faults
from equipoise.strategy.document import AskingSection
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import check_workspace_strategy, read_strategy

Edit = Callable[..., Workspace]
DEBTS = "{name: debts_too_high, when: dti > 0.60, outcome: decline, reason: DEBTS_TOO_HIGH}"


def faults_of(workspace: Workspace) -> list[EquipoiseError]:
    try:
        return list(check_workspace_strategy(workspace).faults)
    except Faults as found:
        return list(found.faults)
    except EquipoiseError as found:
        return [found]


def test_the_example_is_sound(lender: Workspace) -> None:
    result = check_workspace_strategy(lender)
    assert result.faults == ()
    assert result.summary()["rules"] == 3


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (", zh: 收入证明}", "}", "checks.income_proof.label.zh"),
        (
            "    label: {en: your bank statements, zh: 银行流水}\n",
            "",
            "checks.bank_statements.label.en",
        ),
        (", zh: 有效期内的护照或身份证}", "}", "checks.identity_check.need.zh"),
        (
            "label: {en: the application form, zh: 申请表}\n",
            "\n",
            "steps.application_form.label.zh",
        ),
    ],
)
def test_a_label_that_lacks_in_a_language_of_the_strategy_is_a_fault(
    lender: Workspace, old: str, new: str, field: str
) -> None:
    loaded, path = read_strategy(lender), lender.folder / "experience.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    asking = loaded.value.model_copy(update={"asking": AskingSection(way="step_by_step")})
    faults = label_faults(
        replace(loaded, value=asking),
        lender.contract().value,
        lender.treatments().value,
        lender.experience(),
    )
    (fault, *_) = [each for each in faults if each.field == field]
    assert "experience.yaml" in str(fault.where)
    assert fault.mend


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dti > 0.60", "dti > 'much'", "'much' is text"),
        ("dti > 0.60", "dtii > 0.60", "dtii"),
        ("dti > 0.60", "dti + 1", "must be a boolean"),
        ("dti > 0.60", "amount_to_yearly_income / 0 > 1", "division by zero"),
        ("dti > 0.60", "bureau_score < 100", "never"),
        ("dti > 0.60", "monthly_income > -5", "always"),
        ("dti > 0.60", "sex = 'female'", "protected"),
        ("dti > 0.60", "default_12m", "default_12m"),
        ("thin: bureau_score IS NULL", "thin: age < 30", "protected"),
        ("model: scorecard", "model: crystal_ball", "crystal_ball"),
        ("contract: {name: demo, version: 1}", "contract: {name: demo, version: 2}", "demo v2"),
        ("contract: {name: demo, version: 1}", "contract: {name: other, version: 1}", "other"),
        ("reason: DEBTS_TOO_HIGH}", "reason: UNTOLD}", "UNTOLD"),
        ("languages: [en, zh]", "languages: [en, zh, fr]", "told to change"),
        ("name: {en: Personal loan, zh: 个人贷款}", "name: {en: A loan}", "no name in 'zh'"),
        ("needs: [debts, car,", "needs: [debts, debts, car,", "stands there twice"),
        ("needs: [debts, car,", "needs: [car,", "not among `needs`"),
        ("rates: [0.065, 0.235]", "rates: [0.065, 0.205]", "prices from 6.50% to 23.50%"),
        ("rates: [0.065, 0.235]", "rates: [0.235, 0.065]", "above the second"),
        ("field: purpose\n", "field: purpos\n", "'purpos' is no field that applicants answer"),
        ("health: medical\n", "health: medicine\n", "'medicine' is no value of 'purpose'"),
        ("asks_first: [amount_asked", "asks_first: [sex", "protected"),
        (
            "asks_first: [amount_asked",
            "asks_first: [bureau_score",
            "no number or choice",
        ),
        ("{dti: debt_payments /", "{dti: bureau_score /", "bureau_score"),
        ("works_out: {dti:", "works_out: {booked:", "no field that decides"),
        ("languages: [en, zh]", "languages: [en, zh, fr]", "CHECK_STOPPED"),
        ("    zh: 您其他债务的还款已超过收入的 60%。\n", "", "zh"),
        ("journeys: [fast, standard]}", "journeys: [fast, teleport]}", "teleport"),
        ("person: [review]", "person: [oracle]", "oracle"),
        (
            "give: standard_today_full}\n    - {below: 0.16",
            "give: gold}\n    - {below: 0.16",
            "gold",
        ),
        ("below: 0.10, give", "below: 0.03, give", "below"),
        ("{tier: high, give: decline}", "{tier: high, when: pd > 0.3, give: decline}", "hole"),
        ("- {tier: high, when: pd < 0.14", "- {tier: ocean, when: pd < 0.14", "ocean"),
        ("    - {level: credit_committee, joint: 2}\n", "", "authority"),
        ("level: underwriter}", "level: butler}", "butler"),
        (
            "choose: cutoff",
            "choose: cutoff\nexplore: {experiment: ties, share: 0.1, within: 20}",
            "no near ties",
        ),
    ],
)
def test_a_fault_is_named_with_line_and_mend(edited: Edit, old: str, new: str, said: str) -> None:
    faults = faults_of(edited((old, new)))
    about = [each for each in faults if said in f"{each.message} {each.field}"]
    assert about, [str(each) for each in faults]
    assert all(each.mend for each in about)
    assert all("strategy.yaml" in str(each) for each in about)


def test_the_line_of_a_fault_is_that_of_the_rule(edited: Edit) -> None:
    workspace = edited(("dti > 0.60", "bureau_score < 100"))
    text = (workspace.folder / "strategy.yaml").read_text(encoding="utf-8")
    line = 1 + text[: text.index("bureau_score < 100")].count("\n")
    (fault,) = faults_of(workspace)
    assert fault.where is not None
    assert fault.where.line == line


def test_a_rule_behind_a_wider_one_is_shadowed(edited: Edit) -> None:
    second = "{name: worse, when: dti > 0.70, outcome: decline, reason: DEBTS_TOO_HIGH}"
    (fault,) = faults_of(edited((DEBTS, f"{DEBTS}\n  - {second}")))
    assert "debts_too_high" in fault.message
    assert "worse" in fault.message


def test_a_chain_of_features_cannot_hide_a_protected_field(edited: Edit) -> None:
    chain = "years: age + 0\n  older: years > 60\n  thin: bureau_score IS NULL AND older"
    faults = faults_of(edited(("thin: bureau_score IS NULL", chain)))
    assert any("'age'" in each.message and "protected" in each.message for each in faults)


def test_a_treatment_for_nobody_is_named(lender: Workspace) -> None:
    path = lender.folder / "treatments.yaml"
    text = path.read_text(encoding="utf-8")
    old = "- {name: part, share: 0.7}"
    assert old in text
    path.write_text(text.replace(old, '- {name: part, share: 0.7, eligible: "amount_asked < 0"}'))
    faults = faults_of(lender)
    assert any("eligible" in each.message for each in faults)


def test_rules_are_counted_on_the_data(edited: Edit) -> None:
    workspace = edited(("dti > 0.60", "dti > 2.9"))
    notes = check_workspace_strategy(workspace).notes
    assert any("debts_too_high" in note and "none" in note for note in notes)


def test_every_fault_is_told_at_once(edited: Edit) -> None:
    faults = faults_of(
        edited(("dti > 0.60", "dtii > 0.60"), ("model: scorecard", "model: crystal_ball"))
    )
    assert len(faults) >= 2


def test_what_is_no_strategy_is_refused_with_the_line(edited: Edit) -> None:
    workspace = edited(("outcome: decline, reason", "outcome: banish, reason"))
    with pytest.raises(EquipoiseError) as refused:
        read_strategy(workspace)
    assert "banish" in str(refused.value)
    assert "strategy.yaml:" in str(refused.value)
