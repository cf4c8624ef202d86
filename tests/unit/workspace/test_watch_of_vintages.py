"""A tape of one row for each loan is watched by its vintages, and told what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.errors import BadInput
from equipoise.watch import parse_watch
from equipoise.workspace.tapes import draft_portfolio
from equipoise.workspace.watches import draft_watch_in, measure_watch, watch_of

HEAD = "loan_id,loan_amount,balance,issue_date,region"
VINTAGES, LOANS = 12, 60  # from 2023-01 to 2023-12, and of each


def _of_a_vintage(month: int) -> list[str]:
    """Every tenth loan is in default after four months, and every tenth and first after seven."""
    after = {0: month + 4, 1: month + 7}
    return [
        f"{month:02d}{at:03d},{1000 + at},{500 + at},2023-{month:02d}-09,{'NS'[at % 2]},"
        + (f"2023-{after[at % 10]:02d}-20" if after.get(at % 10, 99) <= VINTAGES else "")
        for at in range(LOANS)
    ]


def _drafted(folder: Path, *, dated: bool) -> list[str]:
    rows = [row for month in range(1, VINTAGES + 1) for row in _of_a_vintage(month)]
    if dated:
        lines = [f"{HEAD},default_date", *rows, "99999,5,5,,N,"]
    else:
        lines = [
            f"{HEAD},dpd",
            *(f"{row.rsplit(',', 1)[0]},{at % 3}" for at, row in enumerate(rows)),
        ]
    (folder / "loans.csv").write_text("\n".join(lines), "utf-8")
    draft_portfolio(folder, folder / "loans.csv", parts={}, as_of="2023-12", currency="EUR")
    draft_watch_in(folder)
    return [each.name for each in watch_of(folder).document.indicators]


def test_of_dated_defaults_each_vintage_counts_when_it_comes_to_an_age(tmp_path):
    """A tenth of each vintage is in default within four months, the other later: a vintage of March
    is held against others in July. The loan that nobody tells the month of is in no vintage."""
    names = _drafted(tmp_path, dated=True)
    assert {"vintages_rows", "amount_of_a_loan", "mix_of_region", "default_within_4"} <= {*names}
    _, measured = measure_watch(tmp_path)
    read = [each for each in measured.of("default_within_4") if each.n]
    assert [each.period.month for each in read] == [*range(5, VINTAGES + 1)]
    assert {(each.value, each.n) for each in read} == {(0.1, LOANS)}
    assert "after_6 has 6, after_12 has 0" in (tmp_path / "watch.yaml").read_text("utf-8")


def test_without_days_of_default_what_was_lent_is_watched_and_the_rest_is_told(tmp_path):
    names = _drafted(tmp_path, dated=False)
    assert not any(name.startswith("default") for name in names)
    assert "amount_of_a_loan" in names
    text = (tmp_path / "watch.yaml").read_text("utf-8")
    head = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    assert "cannot be watched: how loans roll" in head
    assert parse_watch(text, tmp_path / "watch.yaml").document.borrowers is None


def test_a_tape_that_does_not_tell_when_loans_were_made_says_what_is_missing(tmp_path):
    (tmp_path / "loans.csv").write_text("loan_id,balance,dpd\n1,5,0\n2,5,31\n", "utf-8")
    draft_portfolio(tmp_path, tmp_path / "loans.csv", parts={}, as_of="2023-12", currency="EUR")
    with pytest.raises(BadInput, match="the tape has one month, and does not tell when loans were"):
        draft_watch_in(tmp_path)
