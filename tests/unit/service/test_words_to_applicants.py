"""What an applicant may read of what somebody typed: words, and no way to reach anybody."""

from __future__ import annotations

import pytest

from equipoise.errors import BadInput
from equipoise.service.contexts.asks.wording import MOST_WORDS, checked

FINE = [
    "Since when do you work there?",
    "You said 1,250,000 in all: 24 months of 3 100.50, and 12 of 0.",
    "The contract is of 2024-03-31, the payslips of 01.04.2024 to 31/12/2025.",
    "您从 2024 年 3 月 1 日起的收入为 12,500 元吗？",
    "Which of both lines:\nthe first, or the second?",
]
REFUSED = [
    "Write to ada@example.com",
    "请发邮件至 办公室@例子.公司",
    "See https://example.com/form",
    "See www.example.com",
    "Call +44 20 7946 0000",
    "Call 0044 20 7946 0000",
    "请致电 13800138000",
    "Call (020) 7946-0000",
    "Call 020 7946 0000.",
]


@pytest.mark.parametrize("text", FINE)
def test_sums_and_days_are_said_as_they_are(text: str) -> None:
    assert checked({"en": f"  {text} ", "zh": ""}, "why") == {"en": text}


@pytest.mark.parametrize("text", REFUSED)
def test_no_address_link_or_number_is_let_through(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked({"zh": text}, "why")
    assert refused.value.field == "why.zh"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({}, "why"),
        ({"en": " \n"}, "why"),
        ({"fr": "Pourquoi ?"}, "why.fr"),
        ({"en": "x" * (MOST_WORDS + 1)}, "why.en"),
        ({"en": "yes\u202eon"}, "why.en"),
    ],
)
def test_words_are_bounded_and_seen_as_they_are(words: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(words, "why")
    assert refused.value.field == field
