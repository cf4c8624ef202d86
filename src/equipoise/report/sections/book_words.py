"""The words of a book's states, stages, reasons, grades and dimensions."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.texts.saying import marked

STATES: Mapping[str, str] = {
    "current": marked("not late"),
    "1-30": marked("1 to 30 days"),
    "31-60": marked("31 to 60 days"),
    "61-90": marked("61 to 90 days"),
    "91+": marked("more than 90 days"),
    "written_off": marked("written off"),
    "repaid": marked("repaid"),
}
REASONS: Mapping[str, str] = {
    "performing": marked("performing"),
    "past_due": marked("past due"),
    "pd_rose": marked("chance of default rose"),
    "forborne": marked("forborne"),
    "default": marked("in default"),
    "curing": marked("curing"),
    "probation": marked("on probation"),
}
GRADES: Mapping[str, str] = {
    "pass": marked("pass (normal)"),
    "special_mention": marked("special mention"),
    "substandard": marked("substandard"),
    "doubtful": marked("doubtful"),
    "loss": marked("loss"),
}
FACTS: Mapping[str, str] = {
    "days_past_due": marked("days past due"),
    "credit_impaired": marked("impairment"),
    "loss_share": marked("expected loss"),
    "debtor_bad_share": marked("the debtor's other bad debts here"),
    "debtor_overdue_elsewhere": marked("debts overdue at other lenders"),
    "restructured": marked("restructuring"),
    "evades_debt": marked("evasion of debt"),
    "bankrupt": marked("bankruptcy"),
    "retail": marked("whether it is a retail loan"),
}
DIMENSIONS: Mapping[str, str] = {
    "customer": marked("customer"),
    "group": marked("connected group"),
    "industry": marked("industry"),
    "region": marked("region"),
    "product": marked("product"),
    "channel": marked("channel"),
    "grade": marked("grade"),
    "vintage": marked("vintage"),
}
FAULTS: Mapping[str, str] = {
    "no_loan": marked("rows without a loan's number"),
    "no_month": marked("rows without a month"),
    "unreadable": marked("cells that cannot be read"),
    "unknown_status": marked("status words that are not explained"),
    "second_currency": marked("rows in another currency"),
    "told_twice": marked("loan-months told twice in one file"),
    "told_anew": marked("loan-months told by several versions"),
    "renumbered": marked("loans that go on under another number"),
    "not_renumbered": marked("loans that name a former number and are others"),
    "month_missing": marked("months missing inside a loan's history"),
    "came_back": marked("loans that come back after their end"),
    "negative_balance": marked("balances below zero"),
    "finer_than_the_currency": marked("amounts finer than the currency"),
    "beyond_bounds": marked("numbers too large to be meant"),
    "several_days": marked("several days of one month"),
    "month_absent": marked("months that no loan has"),
    "by_period": marked("tapes of a month in several only"),
    "default_not_dated": marked("loans in default of which no day is told"),
    "default_before_made": marked("loans in default before they were made"),
    "numbers_alike": marked("loans whose numbers differ by zeros before them alone"),
    "lateness_not_told": marked("rows that do not tell how late the loan is"),
}
EFFECTS: Mapping[str, str] = {"refused": marked("left out"), "kept": marked("counted")}
