"""Reason codes that every strategy has, and the words for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from equipoise.texts.languages import text_in

NOT_A_NUMBER = "NOT_A_NUMBER"
MISSING_FACT = "MISSING_FACT"
OUTSIDE_RANGE = "OUTSIDE_RANGE"
UNSEEN_VALUE = "UNSEEN_VALUE"
STALE_FACT = "STALE_FACT"
FUTURE_DATE = "FUTURE_DATE"
NO_SCORE = "NO_SCORE"
NO_TERMS = "NO_TERMS"
NOT_ELIGIBLE = "NOT_ELIGIBLE"
NO_OFFER = "NO_OFFER"
TO_A_PERSON = "TO_A_PERSON"
ABOVE_AUTHORITY = "ABOVE_AUTHORITY"
CHECK_STOPPED = "CHECK_STOPPED"

TEXTS: Mapping[str, Mapping[str, str]] = {
    NOT_A_NUMBER: {
        "en": "A figure in your application could not be read, so a person will look at it.",
        "zh": "您的申请中有一项数字无法读取，将由专员为您查看。",
    },
    MISSING_FACT: {
        "en": "Something we need to know is missing, so a person will look at your application.",
        "zh": "缺少一项必要信息，将由专员查看您的申请。",
    },
    OUTSIDE_RANGE: {
        "en": "A figure is outside what we usually see, so a person will look at it.",
        "zh": "有一项数字超出通常范围，将由专员查看。",
    },
    UNSEEN_VALUE: {
        "en": "An answer is new to us, so a person will look at your application.",
        "zh": "有一项回答我们此前没有见过，将由专员查看您的申请。",
    },
    STALE_FACT: {
        "en": "A fact about you is too old to decide by; it has to be fetched again.",
        "zh": "有一项信息已过期，需要重新获取。",
    },
    FUTURE_DATE: {
        "en": "A date in your application is still to come, so a person will look at it.",
        "zh": "您的申请中有一个日期尚未到来，将由专员查看。",
    },
    NO_SCORE: {
        "en": "We could not assess your application automatically, so a person will do it.",
        "zh": "系统无法自动评估您的申请，将由专员处理。",
    },
    NO_TERMS: {
        "en": "The amount, the term or the income could not be worked with; a person will look.",
        "zh": "金额、期限或收入无法用于计算，将由专员查看。",
    },
    NOT_ELIGIBLE: {
        "en": "None of our offers fits what was asked for; a person will look for another way.",
        "zh": "目前没有适合您申请的方案，将由专员另寻办法。",
    },
    NO_OFFER: {
        "en": "On the facts given, none of our offers would cover what it costs to lend.",
        "zh": "根据现有信息，没有一个方案能够覆盖放款成本。",
    },
    TO_A_PERSON: {
        "en": "Your application is close to the line, so a person decides it.",
        "zh": "您的申请接近审批界限，由专员作出决定。",
    },
    ABOVE_AUTHORITY: {
        "en": "A loan of this size is decided by a person.",
        "zh": "该金额的贷款须由专员审批。",
    },
    CHECK_STOPPED: {
        "en": "A check of what was handed in did not come out as needed.",
        "zh": "提交材料的核查未获通过。",
    },
}


def concept_code(concept: str) -> str:
    """The reason code of a concept: `debts and income` is DEBTS_AND_INCOME."""
    code = re.sub(r"[^A-Za-z0-9]+", "_", concept).strip("_").upper()
    return code if code[:1].isalpha() else f"FACT_{code}"


def words(
    code: str, language: str, texts: Mapping[str, Mapping[str, str]], fallback: str = ""
) -> str:
    """What the customer reads for a code: the strategy's own text, else ours, else `fallback`."""
    for source in (texts, TEXTS):
        found = text_in(source.get(code, {}), language)
        if found:
            return found
    return fallback or code


def without_text(
    codes: Iterable[str], languages: Iterable[str], texts: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    """(code, language) pairs for which no text is written."""
    return [
        (code, language)
        for code in dict.fromkeys(codes)
        for language in languages
        if not any(text_in(source.get(code, {}), language) for source in (texts, TEXTS))
    ]
