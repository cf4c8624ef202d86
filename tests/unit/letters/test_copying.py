"""Copies of what was signed: every payment of the longest loans, on pages that are whole."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from equipoise.errors import BadInput
from equipoise.letters import Copy, Party, copy_of
from equipoise.letters.copying import MOST_PAYMENTS
from equipoise.value.schedule import Payment, major, paid_in_all, schedule

DIGEST = f"SHA-256 {'ab' * 32}"


def copy(payments: tuple[Payment, ...], language: str = "en") -> Copy:
    rows = tuple(
        (
            str(p.number),
            *(f"EUR {major(n):,.2f}" for n in (p.paid, p.interest, p.principal, p.left)),
        )
        for p in payments
    )
    return Copy(
        language=language,
        lender=Party("Balance Bank", ("100 Balance Street",)),
        name="Ana Bo",
        on=date(2026, 1, 30),
        reference="APP-1",
        paragraphs=("You borrow EUR 250,000.",),
        payments=rows,  # type: ignore[arg-type]  # of five
        digest=DIGEST,
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("payments", [480, 2080], ids=["monthly", "weekly"])
def test_every_payment_of_forty_years_stands_in_the_copy(payments: int, language: str) -> None:
    made = schedule(250_000.0, 0.0451, payments)
    reader = PdfReader(io.BytesIO(copy_of(copy(made, language)).pdf))
    pages = [page.extract_text() for page in reader.pages]
    text = re.sub(r"\s+", " ", " ".join(pages))
    numbers = re.findall(r"(?<![\d.,])(\d+) EUR [\d,]+\.\d\d", text)
    assert [int(each) for each in numbers if int(each) <= payments][:3] == [1, 2, 3]
    paid = re.findall(r"(?<![\d.,])(\d+) EUR ([\d,]+\.\d\d)(?: EUR [\d,]+\.\d\d){2}", text)
    read = {int(number): round(100 * float(units.replace(",", ""))) for number, units in paid}
    assert sorted(read) == list(range(1, payments + 1))
    assert sum(read.values()) == paid_in_all(made)


def test_every_page_of_a_long_copy_has_the_heads_of_its_columns() -> None:
    reader = PdfReader(io.BytesIO(copy_of(copy(schedule(250_000.0, 0.0451, 480))).pdf))
    tabled = [page.extract_text() for page in reader.pages if " EUR " in page.extract_text()]
    assert len(tabled) > 5
    assert all("Still owed" in each for each in tabled[1:] if re.search(r"^\d+\b", each, re.M))


def test_more_payments_than_any_loan_has_are_refused() -> None:
    some = schedule(1000.0, 0.05, 12)
    with pytest.raises(BadInput, match="payments at most"):
        copy_of(copy(some * (MOST_PAYMENTS // 12 + 1)))


def test_texts_that_are_no_letter_are_refused_however_long_the_loan() -> None:
    from dataclasses import replace

    long = replace(copy(schedule(1000.0, 0.05, 12)), paragraphs=("x " * 20_000,))
    with pytest.raises(BadInput, match="characters"):
        copy_of(long)
