"""What is said of a field ends in the share of rows that supports it."""

from __future__ import annotations

import polars as pl
import pytest

from equipoise.contract.fielddraft import FieldDraft, percent


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1, "100%"),
        (0, "0%"),
        (0.9994, "over 99.9%"),
        (0.999, "99.9%"),
        (0.0004, "under 0.1%"),
        (0.25, "25.0%"),
    ],
)
def test_a_share_that_is_not_all_never_reads_as_all(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_the_review_line_and_the_note_end_in_the_share() -> None:
    drafted = FieldDraft("AGE", pl.Series([1]), {"name": "age", "column": "AGE", "type": "integer"})
    drafted.say("type", "the values read as integer", share=0.98)
    drafted.say("range", "seen 1 to 9", share=1.0, aloud=True)
    assert drafted.field().review == (
        "type: the values read as integer (98.0% of rows)",
        "range: seen 1 to 9 (100% of rows)",
    )
    assert drafted.notes == ["'AGE': seen 1 to 9 (100% of rows)"]
