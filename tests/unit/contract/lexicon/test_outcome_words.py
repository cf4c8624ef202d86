"""What words for an outcome mean, with their negations, in the languages lenders write."""

from __future__ import annotations

import pytest

from equipoise.contract.lexicon.outcomes import meaning_of, polarity

WORDS = {
    "bad": "Chargedoff|CHGOFF|Charged Off|charge-off|write-off|Written-Off|Default|Defaulted|"
    "in collections|Collection|moroso|Impago|ausgefallen|Défaut|违约|逾期|坏账|不良|просрочка|"
    "Inadimplente|not paid|Not Repaid|unpaid|nonpaid|never repaid|non-performing|bankrupt|"
    "insolvent|NPA|dlq|Late (31-120 days)|90+ days past due|macet|gecikmiş|延滞|연체|kredi batık|"
    "nicht zurückgezahlt|impayé|sofferenza|потеря не погашен|wanbetaler|vencido|castigado|"
    "Does not meet the credit policy. Status:Charged Off|次级|可疑",
    "good": "Fully Paid|P I F|PAID IN FULL|repaid|Completed|closed|no default|non-default|"
    "nondefault|not in default|never delinquent|未逾期|没有违约|已结清|结清|完済|pagado|quitado|"
    "remboursé|getilgt|zurückgezahlt|погашен|kein Ausfall|sin impago|não inadimplente|lunas|"
    "Does not meet the credit policy. Status:Fully Paid|ödendi|완납|延滞なし|default-free|"
    "adimplente",
    "open": "Issued|In Grace Period|Late (16-30 days)|active|running|laufend|vigente|en cours|"
    "还款中|未结清|未到期|open|in force|действующий|berjalan",
    "either": "Current|performing|正常|on time",
    "declined": "Rejected|declined|withdrawn|cancelled|拒绝|abgelehnt|отказ",
    "unknown": "unknown|other|indeterminate|未知",
    "": "settled|blue|A|1|7|restructured|transferred|paid late|36 months|30-59 days past due|x",
}
NAMES = {
    "bad": "not_repaid_in_full not.fully.paid default_payment_next_month bad bad_flag isFraud "
    "SeriousDlqin2yrs loan_default charged_off_flag is_default NPL delinquent denied not_paid "
    "是否违约 是否逾期 defaulted fpd_default dlq_90 non_performing no_pagado moroso",
    "good": "repaid fully_paid no_default non_default approved paid_off good_flag performing "
    "creditability Kredit default_free 是否结清 not_delinquent nondefault loan_paid_back",
    "": "y TARGET class label status loan_status outcome good_bad flag risk 好坏 credit_risk",
}


def _cells(table: dict[str, str], by: str | None) -> list[tuple[str, str]]:
    return [(text, kind) for kind, texts in table.items() for text in texts.split(by)]


@pytest.mark.parametrize(("value", "meaning"), _cells(WORDS, "|"))
def test_a_value_means_what_its_words_say(value: str, meaning: str) -> None:
    assert meaning_of(value) == meaning


@pytest.mark.parametrize(("header", "meaning"), _cells(NAMES, None))
def test_a_name_says_whether_yes_is_bad(header: str, meaning: str) -> None:
    assert polarity(header) == meaning
