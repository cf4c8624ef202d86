"""What is paid month by month, against an annuity reckoned apart and a table worked by hand."""

from __future__ import annotations

import pytest

from equipoise.value.schedule import major, minor, paid_in_all, schedule


def level(amount: float, apr: float, months: int) -> float:
    """The textbook's formula."""
    rate = apr / 12
    return amount * rate / (1 - (1 + rate) ** -months) if rate else amount / months


def test_a_loan_of_three_months_as_reckoned_by_hand() -> None:
    # 1,000.00 at 12 % a year: 1 % a month, level payment 340.0221 -> 340.02
    rows = [
        (each.paid, each.interest, each.principal, each.left) for each in schedule(1000, 0.12, 3)
    ]
    assert rows == [
        (34002, 1000, 33002, 66998),
        (34002, 670, 33332, 33666),
        (34003, 337, 33666, 0),
    ]


@pytest.mark.parametrize("apr", [0.0, 0.0499, 0.09, 0.205, 0.36])
@pytest.mark.parametrize("months", [1, 6, 36, 84])
def test_payments_are_the_annuitys_and_add_up(apr: float, months: int) -> None:
    payments = schedule(8123.45, apr, months)
    assert [each.number for each in payments] == [*range(1, months + 1)]
    assert sum(each.principal for each in payments) == minor(8123.45)
    assert payments[-1].left == 0
    assert all(each.paid == each.interest + each.principal for each in payments)
    expected = level(8123.45, apr, months)
    assert all(abs(major(each.paid) - expected) <= 0.005 + 1e-9 for each in payments[:-1])
    # what a month is off by, a cent at most, bears interest until the last payment takes it all
    rate = apr / 12
    grown = ((1 + rate) ** months - 1) / rate if rate else months
    assert abs(major(payments[-1].paid) - expected) <= 0.01 * grown + 0.01


def test_a_loan_of_no_months_is_refused() -> None:
    with pytest.raises(ValueError, match="one month"):
        schedule(1000, 0.1, 0)


@pytest.mark.parametrize(
    ("amount", "units"), [(0.005, 1), (1.005, 101), (2.675, 268), (8000, 800000)]
)
def test_half_a_cent_is_rounded_up_as_it_is_written(amount: float, units: int) -> None:
    assert minor(amount) == units


def test_yen_are_paid_in_whole_yen_and_add_up() -> None:
    # 100,000 at 12 % a year over three months: level payment 34,002.21 -> 34,002
    rows = [(each.paid, each.interest, each.left) for each in schedule(100_000, 0.12, 3, places=0)]
    assert rows == [(34002, 1000, 66998), (34002, 670, 33666), (34003, 337, 0)]
    assert (minor(199.66, 0), major(200, 0), minor(1.2345, 3)) == (200, 200.0, 1235)


def test_what_is_paid_in_all_is_the_sum_of_the_payments_and_not_the_instalment_times_months() -> (
    None
):
    """1,000 over 3 months without interest: 333.33 twice and 333.34."""
    payments = schedule(1000.0, 0.0, 3)
    assert [each.paid for each in payments] == [33_333, 33_333, 33_334]
    assert paid_in_all(payments) == 100_000 != 3 * payments[0].paid
